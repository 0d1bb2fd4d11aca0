// Package report writes the result of a run in the formats people and other
// programs read. No format ever prints a value the input marks as sensitive.
package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/internal/term"
)

// Options are the settings of all formats; each uses those it has a use for.
type Options struct {
	// Version is the program's version, as the reports name it.
	Version string
	// Color and Width (in columns; 0 means 100) shape texts for people.
	Color bool
	Width int
	// Verbose adds suppressed findings, files that were passed over and complete
	// lists; Quiet leaves only failures and errors.
	Verbose, Quiet bool
}

// A format is one way to write a result.
type format struct {
	name  string
	write func(w io.Writer, r *finding.Result, o Options) error
}

var registry []format //nolint:gochecknoglobals // filled by register at init only

func register(name string, write func(io.Writer, *finding.Result, Options) error) format { //nolint:unparam // var _ = register(…) wants a value
	if slices.ContainsFunc(registry, func(f format) bool { return f.name == name }) {
		panic(fmt.Sprintf("report: format %q registered twice", name)) //nolint:forbidigo // a mistake in the program itself
	}
	f := format{name: name, write: write}
	registry = append(registry, f)
	return f
}

// Formats lists the names of the formats, sorted.
func Formats() []string {
	names := make([]string, 0, len(registry))
	for _, f := range registry {
		names = append(names, f.name)
	}
	slices.Sort(names)
	return names
}

// Write writes a result, whose findings must be sorted, in the named format.
func Write(w io.Writer, name string, r *finding.Result, o Options) error {
	i := slices.IndexFunc(registry, func(f format) bool { return f.name == name })
	if i < 0 {
		return fmt.Errorf("unknown output format %q; there are %s", name, strings.Join(Formats(), ", "))
	}
	b := bufio.NewWriterSize(w, 64<<10)
	if err := registry[i].write(b, r, o); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// Screen says whether a writer shows colors and how wide it is.
func Screen(w io.Writer, env func(string) string) term.Terminal { return term.Detect(w, env) }
