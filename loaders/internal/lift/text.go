package lift

import (
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// A Text is one YAML or JSON document of a text that lies inside a document.
type Text struct {
	// Value is what the text says; unknown leaves are absent, nil in lists.
	Value any
	// States and Refs say what is not known of Value; paths start at Value.
	States document.States
	Refs   []document.Ref
	// Locator leads into the file that holds the text; never nil.
	Locator document.Locator
}

// Read parses the text at a path of d: a string in Raw, or a text with holes in
// RawStates. ok is false when there is no text to parse. A known text that
// cannot be parsed gives an Error, one with holes a Warning: what stands in the
// holes may make it valid.
func Read(d *document.Document, path document.Path) (texts []Text, diagnostics []document.Diagnostic, ok bool) {
	value, _ := document.At(d.Raw, path)
	if text, isText := value.(string); isText {
		texts, diagnostics = readKnown(d, path, text)
		return texts, diagnostics, true
	}
	state := d.RawStates[path.String()]
	if value == nil && state.Kind == document.Unknown && state.Template != "" {
		texts, diagnostics = readTemplate(d, path, state)
		return texts, diagnostics, true
	}
	return nil, nil, false
}

func readKnown(d *document.Document, path document.Path, text string) ([]Text, []document.Diagnostic) {
	src := &document.Source{Name: d.ID + "#" + path.String(), Content: []byte(text)}
	var out []Text
	docs, problems := yamlnode.Parse(src)
	for _, doc := range docs {
		if doc.Root == nil {
			continue
		}
		value, tree, more := yamlnode.Kubernetes.Value(doc.Root, src)
		problems = append(problems, more...)
		if tree != nil {
			out = append(out, Text{Value: value, Locator: &textLocator{carrier: d, path: path, src: src, tree: tree}})
		}
	}
	if len(problems) == 0 {
		return out, nil
	}
	src.Outer, _ = outer(d, path, text)
	for i, p := range problems {
		if src.Outer == nil {
			problems[i].Range = document.Range{}
		}
		problems[i].Range = problems[i].Range.Outermost()
		problems[i].Message = fmt.Sprintf("%s: line %d of the text: %s", subject(d, path), p.Range.Start.Line, p.Message)
	}
	return out, problems
}

// outer says where a text inside a document lies; nil if nobody knows. mapped
// is false when only the scalar as a whole can be named.
func outer(d *document.Document, path document.Path, text string) (o *document.Outer, mapped bool) {
	r, _ := d.Locate(path)
	if r.IsZero() {
		return nil, false
	}
	o = &document.Outer{Range: r, Map: offsetMap(r, text)}
	return o, o.Map != nil
}

// A textLocator leads from a text to the file around it. The way is worked out
// when a finding first asks for it.
type textLocator struct {
	carrier *document.Document
	path    document.Path
	src     *document.Source
	tree    *document.Tree
	once    sync.Once
	mapped  bool
	// holed: the text has holes; where it is not mapped, keys are the carrier's.
	holed bool
}

func (t *textLocator) prepare() bool {
	t.once.Do(func() {
		if t.src.Outer == nil {
			t.src.Outer, t.mapped = outer(t.carrier, t.path, string(t.src.Content))
		} else {
			t.mapped = t.src.Outer.Map != nil
		}
	})
	return t.src.Outer != nil
}

// Locate implements document.Locator.
func (t *textLocator) Locate(path document.Path) (document.Range, bool) {
	if !t.prepare() {
		return document.Range{}, false
	}
	r, exact := t.tree.Locate(path)
	return r, exact && t.mapped
}

// LocateKey implements document.Locator.
func (t *textLocator) LocateKey(path document.Path) (document.Range, bool) {
	if !t.prepare() {
		return document.Range{}, false
	}
	if t.holed && !t.mapped {
		r, _ := t.carrier.LocateKey(t.path)
		return r, false
	}
	r, exact := t.tree.LocateKey(path)
	return r, exact && t.mapped
}

// offsetMap returns how offsets in a decoded text become offsets in the source
// of the scalar at r; nil when the two do not match, for example because r is
// the function that made the text.
func offsetMap(r document.Range, text string) func(int) int {
	written := r.Text()
	start := r.Start.Offset
	switch {
	case written == text:
		return func(offset int) int { return start + offset }
	case strings.HasPrefix(written, `"`), strings.HasPrefix(written, "'"):
		// In brackets, so that a JSON string is read by the rules of JSON.
		src := &document.Source{Content: []byte("[" + written + "]")}
		docs, _ := yamlnode.Parse(src)
		if len(docs) != 1 || docs[0].Root == nil || len(docs[0].Root.Items) != 1 || docs[0].Root.Items[0].Text != text {
			return nil
		}
		inner := yamlnode.MapOffset(src, docs[0].Root.Items[0])
		if inner == nil {
			return nil
		}
		return func(offset int) int { return start + inner(offset) - 1 }
	}
	for _, skip := range []int{1, 0} {
		if m := lineMap(written, text, skip); m != nil {
			return func(offset int) int { return start + m(offset) }
		}
	}
	return pieceMap(r, text)
}

// lineMap matches a text with lines that are written as they are, but indented
// (a literal block scalar, a heredoc), after skip lines of header.
func lineMap(written, text string, skip int) func(int) int {
	type line struct{ inner, outer int }
	var lines []line
	at := 0
	next := func() (start int, content string, ok bool) {
		if at > len(written) {
			return 0, "", false
		}
		start = at
		n := strings.IndexByte(written[at:], '\n')
		if n < 0 {
			n = len(written) - at
		}
		at += n + 1
		return start, strings.TrimSuffix(written[start:start+n], "\r"), true
	}
	for range skip {
		if _, _, ok := next(); !ok {
			return nil
		}
	}
	indent, inner := -1, 0
	for wanted := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		start, content, ok := next()
		if !ok {
			return nil
		}
		bare := strings.TrimSuffix(wanted, "\r")
		if bare != "" && indent < 0 {
			indent = len(content) - len(bare)
		}
		switch {
		case bare == "" && strings.TrimSpace(content) == "":
			lines = append(lines, line{inner, start})
		case indent >= 0 && len(content) == indent+len(bare) && content[indent:] == bare && strings.TrimSpace(content[:indent]) == "":
			lines = append(lines, line{inner, start + indent})
		default:
			return nil
		}
		inner += len(wanted) + 1
	}
	limit := len(written)
	return func(offset int) int {
		i := max(sort.Search(len(lines), func(i int) bool { return lines[i].inner > offset })-1, 0)
		return min(lines[i].outer+max(offset-lines[i].inner, 0), limit)
	}
}
