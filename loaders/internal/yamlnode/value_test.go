package yamlnode

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/plimsoll-dev/plimsoll/fixtures"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func source(text string) *document.Source {
	return &document.Source{Name: "test.yaml", Content: []byte(text)}
}

// asJSON brings a value and the oracle's answer into one form: numbers as
// JSON reads them.
func asJSON(t rapid.TB, v any) any {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("value is not JSON: %v", err)
	}
	return fromJSON(t, b)
}

func fromJSON(t rapid.TB, b []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// checkOracle compares every document of a text with what kubectl reads.
func checkOracle(t rapid.TB, name string, content []byte) (documents int) {
	t.Helper()
	src := &document.Source{Name: name, Content: content}
	docs, _ := Parse(src)
	for _, doc := range docs {
		value, tree, diags := Kubernetes.Value(doc.Root, src)
		if doc.Root == nil {
			continue
		}
		oracle, err := sigsyaml.YAMLToJSON(content[doc.Start:doc.End])
		if err != nil {
			if tree != nil && !onlyJSON(content[doc.Start:doc.End]) {
				t.Errorf("%s at %d: oracle refuses (%v), we read %v", name, doc.Start, err, value)
			}
			continue
		}
		if tree == nil {
			t.Errorf("%s at %d: we refuse %v, the oracle reads it", name, doc.Start, diags)
			continue
		}
		documents++
		if diff := cmp.Diff(fromJSON(t, oracle), asJSON(t, value)); diff != "" {
			t.Errorf("%s at %d: (-oracle +ours)\n%s", name, doc.Start, diff)
		}
		checkRanges(t, src, doc)
	}
	return documents
}

// onlyJSON says that text is JSON beyond YAML, such as surrogate pairs, which
// kubectl reads with its JSON decoder.
func onlyJSON(text []byte) bool { return json.Valid(bytes.TrimSpace(text)) }

// checkRanges holds every scalar to its range: the text there, read alone, is
// the scalar; and the decoded text maps back onto it.
func checkRanges(t rapid.TB, src *document.Source, doc Doc) {
	t.Helper()
	each(doc.Root, func(n *Node) {
		if n.Start < doc.Start || n.End > doc.End || n.Start > n.End || n.Body < n.Start || n.Body > n.End {
			t.Fatalf("%s: %q has range %d-%d (body %d) outside of %d-%d", src.Name, n.Text, n.Start, n.End, n.Body, doc.Start, doc.End)
		}
		if n.Alias != nil {
			if got := string(src.Content[n.Start:n.End]); got != "*"+n.Alias.Anchor {
				t.Errorf("%s: alias range holds %q", src.Name, got)
			}
			return
		}
		if n.Kind == Scalar {
			checkScalar(t, src, n)
			return
		}
		for _, c := range children(n) {
			if c.Start < n.Body || c.End > n.End {
				t.Errorf("%s: child %d-%d outside of parent %d-%d: %q", src.Name, c.Start, c.End, n.Start, n.End, src.Content[n.Start:n.End])
			}
		}
	})
}

func children(n *Node) []*Node {
	var out []*Node
	for i := range n.Keys {
		out = append(out, n.Keys[i], n.Values[i])
	}
	return append(out, n.Items...)
}

func each(n *Node, f func(*Node)) {
	if n == nil {
		return
	}
	f(n)
	for _, c := range children(n) {
		each(c, f)
	}
}

func checkScalar(t rapid.TB, src *document.Source, n *Node) {
	t.Helper()
	text := string(src.Content[n.Start:n.End])
	switch {
	case n.Plain:
		// A plain scalar may read as something else where it stands alone ("a:"
		// as a key, "- x" behind a "?"); its words are what must be there.
		if got := strings.Fields(string(src.Content[n.Body:n.End])); !slices.Equal(got, strings.Fields(n.Text)) {
			t.Errorf("%s: plain %q at %d has the text %q", src.Name, n.Text, n.Start, text)
		}
	case utf8.ValidString(text): // JSON may hold other bytes, for which U+FFFD stands
		got := alone(t, n, text, n.End < len(src.Content))
		if got.Text != n.Text || got.Kind != Scalar || got.Plain || got.Tag != n.Tag && !strings.HasPrefix(n.Tag, "tag:") {
			t.Errorf("%s: %q (%s) at %d has the text %q, which reads %q (%s)", src.Name, n.Text, n.Tag, n.Start, text, got.Text, got.Tag)
		}
	}
	checkOffsets(t, src, n)
}

// alone reads the text of a quoted scalar or block by itself.
func alone(t rapid.TB, n *Node, text string, more bool) *Node {
	t.Helper()
	switch {
	case n.Style == DoubleQuoted && n.Tag == "":
		text = "[" + text + "]" // JSON allows characters that YAML does not
	case n.Style >= Literal && more:
		text += "\n"
		fallthrough
	case n.Style >= Literal:
		// An explicit indentation counts from the parent's.
		text = strings.Repeat(" ", max(int(n.indent), 0)) + "- " + text
		if n.indent < 0 {
			text = text[2:]
		}
	}
	docs, diags := Parse(source(text))
	if len(docs) != 1 || len(diags) > 0 {
		t.Fatalf("%q at its range %q: %v", n.Text, text, diags)
	}
	got := docs[0].Root
	if got.Kind == Sequence && len(got.Items) == 1 {
		got = got.Items[0]
	}
	return got
}

// checkOffsets holds every byte of the decoded text to the place it is from.
func checkOffsets(t rapid.TB, src *document.Source, n *Node) {
	t.Helper()
	at := MapOffset(src, n)
	if at == nil {
		if !utf8.Valid(src.Content[n.Start:n.End]) {
			return
		}
		t.Errorf("%s: no offsets for %q written %q", src.Name, n.Text, src.Content[n.Start:n.End])
		return
	}
	last := n.Body
	for i := range len(n.Text) {
		o := at(i)
		if o < last || o > n.End || o == n.End && strings.Trim(n.Text[i:], "\n") != "" {
			t.Fatalf("%s: offset %d of %q maps to %d, outside of %d-%d", src.Name, i, n.Text, o, last, n.End)
		}
		if o < n.End && o > last && src.Content[o] != n.Text[i] && !startsEscape(src.Content[o:]) {
			t.Fatalf("%s: byte %d of %q maps to %q", src.Name, i, n.Text, src.Content[o:n.End])
		}
		last = o
	}
	if end := at(len(n.Text)); end < last || end > n.End {
		t.Errorf("%s: the end of %q maps to %d, outside of %d-%d", src.Name, n.Text, end, last, n.End)
	}
}

// startsEscape reports whether text may stand for other characters: an escape,
// a doubled quote or a fold.
func startsEscape(b []byte) bool {
	return b[0] == '\\' || b[0] == '\'' || isBlank(b[0]) || breakLen(b) > 0
}

// checkFolder compares all texts below a folder.
func checkFolder(t *testing.T, root string) (documents int) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		switch filepath.Ext(path) {
		case ".yaml", ".yml", ".json", ".template":
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if bytes.HasPrefix(content, []byte("\xff\xfe")) {
				return nil // UTF-16 is decoded before it comes here
			}
			documents += checkOracle(t, path, content)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return documents
}

func TestKubernetesValue_AgreesWithSigsYAMLOnFixtures(t *testing.T) {
	if n := checkFolder(t, fixtures.Path(t)); n < 20 {
		t.Errorf("only %d documents compared", n)
	}
}

func TestKubernetesValue_AgreesWithSigsYAMLOnCorpus(t *testing.T) {
	root := os.Getenv("PLIMSOLL_CORPUS")
	if root == "" {
		t.Skip("PLIMSOLL_CORPUS is not set: no real inputs to compare on")
	}
	if n := checkFolder(t, root); n < 1000 {
		t.Errorf("only %d documents compared", n)
	}
}
