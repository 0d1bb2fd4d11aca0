// Package loaders finds files, decides what each of them is and turns them into
// documents. It never needs a flag: detection is by content.
package loaders

import (
	"context"
	"fmt"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// Confidence says how sure a format is that a text is its own.
type Confidence int

// The degrees. The highest wins; two formats must never both say Yes.
const (
	No Confidence = iota
	Maybe
	Yes
)

// A Format knows one kind of input.
type Format struct {
	// Name is what Document.Format says.
	Name string
	// Detect is cheap and never fails: it sees the name and the first 64 KiB.
	Detect func(name string, head []byte) Confidence
	// Load turns one text into documents. A problem in the user's input is a
	// diagnostic; an error stops the run.
	Load func(ctx context.Context, in Input) (Output, error)
}

// An Input is one text that a format has claimed.
type Input struct {
	Source *document.Source
	// FS reads further files by a name relative to the working directory, for
	// formats whose texts point at others; nil for standard input.
	ReadFile func(name string) ([]byte, error)
	// ReadDir lists the names of a directory's entries, under the same rules.
	ReadDir func(name string) ([]string, error)
	// ReadRaw is ReadFile for files that need not be text.
	ReadRaw func(name string) ([]byte, error)
	// KubeVersion, where not nil, is Options.KubeVersion or else that of the
	// clusters in the input, which is known once Later is called.
	KubeVersion func() string
	Options     Options
}

// Output is what one Load found.
type Output struct {
	Documents []*document.Document
	// Claimed lists other files this load has consumed.
	Claimed     []string
	Diagnostics []document.Diagnostic
	// Before, when not nil, returns a document that the input changes as it was
	// before, nil if it did not exist.
	Before func(d *document.Document) (*document.Document, error)
	// Later, when not nil, does the costly part of the work once it is known that
	// no other file claims this one; what it returns replaces this Output.
	Later func() Output
	// NotMine, when not empty, says why the text turned out not to be the
	// format's after all (YAML that is no Kubernetes object): the file is counted
	// as not recognised.
	NotMine string
}

// registry holds the formats; the only package-level state in the program.
var registry []Format //nolint:gochecknoglobals // filled by register at init only

func register(f Format) Format { //nolint:unparam // var _ = register(...) is how formats are listed without an init
	for _, other := range registry {
		if other.Name == f.Name {
			//nolint:forbidigo // a mistake in this package, which its first test meets
			panic(fmt.Sprintf("loaders: format %q registered twice", f.Name))
		}
	}
	registry = append(registry, f)
	return f
}

// Formats lists the registered formats in the order of their files' names.
func Formats() []Format { return registry }
