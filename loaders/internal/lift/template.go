package lift

import (
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// readTemplate parses a text with holes: "${Name}" is a hole, "${!" stands for
// "${" itself. Holes become placeholders, the text is parsed, and scalars with
// placeholders become unknown: wholly, or as texts with holes of their own.
func readTemplate(d *document.Document, path document.Path, state document.State) ([]Text, []document.Diagnostic) {
	h := punch(state.Template)
	h.state = state
	src := &document.Source{Name: d.ID + "#" + path.String(), Content: []byte(h.text)}
	docs, problems := yamlnode.Parse(src)
	var out []Text
	for _, doc := range docs {
		if doc.Root == nil {
			continue
		}
		value, tree, more := yamlnode.Kubernetes.Value(doc.Root, src)
		problems = append(problems, more...)
		if tree == nil {
			continue
		}
		f := filler{holes: h, text: Text{States: document.States{}, Locator: &textLocator{carrier: d, path: path, src: src, tree: tree, holed: true}}}
		f.text.Value, _ = f.fill(value, document.Path{})
		out = append(out, f.text)
	}
	at, _ := d.Locate(path)
	for i, p := range problems {
		problems[i].Range = at
		if p.Level == document.Error {
			problems[i].Level = document.Warning
			problems[i].Message = "this text has parts that are not known before deployment and cannot be parsed around them; what it holds was not judged: " + p.Message
		}
		problems[i].Message = subject(d, path) + ": " + problems[i].Message
	}
	return out, problems
}

// holes are the unknown parts of a text, by number.
type holes struct {
	text       string // with placeholders: open, number, shut
	open, shut rune
	names      []string
	state      document.State // of the text as a whole
}

// The private use characters that placeholders are made of: valid in YAML and
// JSON, in quotes and without.
const firstMark, lastMark = '\uE000', '\uF8FE'

// punch replaces holes by placeholders.
func punch(template string) holes {
	h := holes{open: firstMark, shut: firstMark + 1}
	for strings.ContainsRune(template, h.open) || strings.ContainsRune(template, h.shut) {
		if h.open += 2; h.open >= lastMark {
			break // a text with thousands of private characters: never seen
		}
		h.shut = h.open + 1
	}
	var b strings.Builder
	for rest := template; ; {
		before, after, found := strings.Cut(rest, "${")
		b.WriteString(before)
		if !found {
			break
		}
		if literal, ok := strings.CutPrefix(after, "!"); ok {
			b.WriteString("${")
			rest = literal
			continue
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed {
			b.WriteString("${" + after)
			break
		}
		b.WriteRune(h.open)
		b.WriteString(strconv.Itoa(len(h.names)))
		b.WriteRune(h.shut)
		h.names = append(h.names, name)
		rest = tail
	}
	h.text = b.String()
	return h
}

// A filler turns placeholders in a parsed value back into what they stand for.
type filler struct {
	holes
	text Text
}

// fill returns the value without placeholders; unknown means that nothing of a
// scalar is left.
func (f *filler) fill(value any, at document.Path) (out any, unknown bool) {
	switch v := value.(type) {
	case string:
		template, used, whole := f.restore(v)
		if used == nil {
			return v, false
		}
		f.note(at, template, used, whole)
		return nil, true
	case []any:
		for i := range v {
			v[i], _ = f.fill(v[i], at.Append(i))
		}
	case map[string]any:
		return f.object(v, at), false
	}
	return value, false
}

func (f *filler) object(in map[string]any, at document.Path) map[string]any {
	out := make(map[string]any, len(in))
	for key, value := range in {
		if template, used, _ := f.restore(key); used != nil {
			key = template
		}
		if v, unknown := f.fill(value, at.Append(key)); !unknown {
			out[key] = v
		}
	}
	return out
}

// restore writes a text with placeholders as a template, and says which holes
// it has; nil if none. whole means that it is nothing but one hole.
func (f *filler) restore(s string) (template string, used []int, whole bool) {
	if !strings.ContainsRune(s, f.open) {
		return s, nil, false
	}
	var b strings.Builder
	for rest := s; ; {
		before, after, found := strings.Cut(rest, string(f.open))
		b.WriteString(strings.ReplaceAll(before, "${", "${!"))
		if !found {
			break
		}
		digits, tail, _ := strings.Cut(after, string(f.shut))
		if n, err := strconv.Atoi(digits); err == nil && n < len(f.names) {
			b.WriteString("${" + f.names[n] + "}")
			used = append(used, n)
		}
		rest = tail
	}
	template = b.String()
	whole = len(used) == 1 && template == "${"+f.names[used[0]]+"}"
	return template, used, whole
}

// note records an unknown scalar and the documents it depends on.
func (f *filler) note(at document.Path, template string, used []int, whole bool) {
	state := document.State{Kind: document.Unknown, Reason: f.state.Reason}
	if !whole {
		state.Template = template
	}
	for _, n := range used {
		token, attribute := f.target(f.names[n])
		if token == "" || slices.Contains(state.Refs, token) {
			continue
		}
		state.Refs = append(state.Refs, token)
		f.text.Refs = append(f.text.Refs, document.Ref{Path: at, To: token, Attribute: attribute, Via: "reference"})
	}
	f.text.States[at.String()] = state
}

// target finds the token that a hole's name stands for: the longest of the
// text's own whose address begins the name.
func (f *filler) target(name string) (token, attribute string) {
	best := -1
	for _, t := range f.state.Refs {
		_, address, _ := strings.Cut(t, "#")
		rest, ok := strings.CutPrefix(name, address)
		if !ok || address == "" || len(address) <= best || rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		best, token, attribute = len(address), t, strings.TrimPrefix(rest, ".")
	}
	if best < 0 && len(f.names) == 1 && len(f.state.Refs) == 1 {
		token = f.state.Refs[0]
	}
	return token, attribute
}
