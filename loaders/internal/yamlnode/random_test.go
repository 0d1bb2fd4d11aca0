package yamlnode

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A writer writes random YAML: every style the grammar has, in places where
// they are allowed.
type writer struct {
	t       *rapid.T
	anchors []string
}

func (w *writer) pick(label string, from ...string) string {
	return rapid.SampledFrom(from).Draw(w.t, label)
}

func (w *writer) plain() string {
	return w.pick("plain", "a", "yes", "No", "y", "on", "~", "null", "0", "017", "0o17", "0x1F", "1_000", "1.30",
		"2012-10-17", "0123456789012", "123456789012345678901234567890", "18446744073709551615", "-1", "+5", ".5",
		"1e3", "12e4567", "a b  c", "a#b", "http://x/y:z", "é ü", "日本", "a'b", `a"b`, "x-{y}", "<<", "=", "-x", ":x", "1:30", "true")
}

func (w *writer) scalar(indent string, flow bool) string {
	switch rapid.IntRange(0, 9).Draw(w.t, "scalar") {
	case 0:
		return "'" + w.pick("single", "", "it''s", "yes", "a\n"+indent+"  b", "é: ''", "a\n\n"+indent+"  b ") + "'"
	case 1:
		return `"` + w.pick("double", "", `a\nb`, `\"q\"`, `\u00e9\t`, "yes", `a\
`+indent+`  b`, "a\n"+indent+" \n"+indent+"  b", "日本 \\\\", `\x41\e`) + `"`
	case 2:
		if !flow {
			return w.block(indent)
		}
	case 3:
		if !flow {
			return w.pick("multi", "a\n"+indent+"  b c\n\n"+indent+"  d", "é\n"+indent+"   ü")
		}
	case 4:
		return w.pick("tag", "!!str ", "!Ref ", "! ", "!<tag:yaml.org,2002:str> ") + w.pick("tagged", "123", "'x'", `"y"`, "yes")
	}
	if s := w.plain(); !flow || !strings.ContainsAny(s, "{}") {
		return s
	}
	return "b"
}

func (w *writer) block(indent string) string {
	head := w.pick("head", "|", ">", "|-", "|+", ">-", ">+", "| # comment", ">  ")
	in := indent + "  "
	body := w.pick("body", "a\nb", "a\n\n\nb", "a\n  b\nc", "# no comment\na", "é: ü\nb\n", "\na\n\n", "- x\n- y", "a\n ", "{{ .x }}")
	var b strings.Builder
	b.WriteString(head)
	for line := range strings.SplitSeq(body, "\n") {
		b.WriteString("\n")
		if line != "" {
			b.WriteString(in + line)
		}
	}
	return b.String()
}

func (w *writer) flow(depth int) string {
	switch rapid.IntRange(0, 3).Draw(w.t, "flow") {
	case 0:
		if depth > 0 {
			return "[" + w.pick("space", "", " ", "\n      ", " # c\n      ") + w.flow(depth-1) + ", " + w.flow(depth-1) + w.pick("end", "", ",", " ") + "]"
		}
	case 1:
		if depth > 0 {
			return "{k: " + w.flow(depth-1) + w.pick("entry", "", ", l", ", 'm': ", `, "n": 1`) + "}"
		}
	case 2:
		if depth > 0 {
			return "[p: " + w.flow(depth-1) + "]"
		}
	}
	return w.scalar("      ", true)
}

func (w *writer) anchor() string {
	if rapid.IntRange(0, 5).Draw(w.t, "anchored") > 0 {
		return ""
	}
	name := fmt.Sprintf("n%d", len(w.anchors))
	w.anchors = append(w.anchors, name)
	return "&" + name + " "
}

// value writes a value behind "key:" or "-", its line break included.
func (w *writer) value(depth int, indent string) string {
	comment := w.pick("comment", "", "", "", " # note", "  # é")
	kind := rapid.IntRange(0, 7).Draw(w.t, "kind")
	switch {
	case kind == 0 && depth > 0:
		known := len(w.anchors)
		return " " + w.anchor() + comment[:0] + "\n" + w.entries(depth-1, indent+"  ", known)
	case kind == 1 && depth > 0:
		return " " + w.anchor() + "\n" + w.items(depth-1, indent+w.pick("in", "", "  "))
	case kind == 2:
		return " " + w.anchor() + w.flow(2) + comment + "\n"
	case kind == 3 && len(w.anchors) > 0:
		return " *" + rapid.SampledFrom(w.anchors).Draw(w.t, "alias") + comment + "\n"
	case kind == 4:
		return comment + "\n"
	}
	s := w.scalar(indent, false)
	if strings.ContainsAny(s, "|>") || strings.Contains(s, "\n") {
		comment = ""
	}
	return " " + w.anchor() + s + comment + "\n"
}

func (w *writer) entries(depth int, indent string, known int) string {
	var b strings.Builder
	for i := range rapid.IntRange(1, 4).Draw(w.t, "entries") {
		if rapid.IntRange(0, 6).Draw(w.t, "lead") == 0 {
			b.WriteString(w.pick("between", "\n", indent+"# comment\n", "# comment at the left\n"))
		}
		key := w.pick("key", "a", "b", "yes", "y", "3", "1.5", `"q"`, "'s'", "é", "x y", "c", "d", "e")
		if i > 0 && known > 0 && rapid.IntRange(0, 5).Draw(w.t, "merge") == 0 {
			b.WriteString(indent + "<<: *" + rapid.SampledFrom(w.anchors[:known]).Draw(w.t, "merged") + "\n")
			continue
		}
		if rapid.IntRange(0, 12).Draw(w.t, "explicit") == 0 {
			b.WriteString(indent + "? " + key + "\n" + indent + ":" + w.value(depth, indent))
			continue
		}
		b.WriteString(indent + key + w.pick("colon", ":", ":", ":", " :") + w.value(depth, indent))
	}
	return b.String()
}

func (w *writer) items(depth int, indent string) string {
	var b strings.Builder
	for range rapid.IntRange(1, 3).Draw(w.t, "items") {
		if depth > 0 && rapid.IntRange(0, 2).Draw(w.t, "inline") == 0 {
			// A mapping that begins on the line of its dash.
			m := w.entries(depth-1, indent+"  ", 0)
			if strings.HasPrefix(m, indent+"  ") && !strings.HasPrefix(strings.TrimLeft(m, " "), "#") {
				b.WriteString(indent + "- " + m[len(indent)+2:])
				continue
			}
		}
		b.WriteString(indent + "-" + w.value(depth, indent))
	}
	return b.String()
}

func randomYAML(t *rapid.T) string {
	var b strings.Builder
	for i := range rapid.IntRange(1, 3).Draw(t, "documents") {
		w := &writer{t: t}
		if i > 0 {
			b.WriteString(w.pick("marker", "---\n", "--- # next\n", "---\n# Source: x\n", "...\n---\n"))
		}
		if rapid.Bool().Draw(t, "list") {
			b.WriteString(w.items(3, ""))
		} else {
			b.WriteString(w.entries(3, "", 0))
		}
	}
	text := b.String()
	switch rapid.IntRange(0, 5).Draw(t, "breaks") {
	case 0:
		text = strings.ReplaceAll(text, "\n", "\r\n")
	case 1:
		text = strings.TrimRight(text, "\n")
	}
	return text
}

func TestKubernetesValue_AgreesWithSigsYAMLOnRandomText(t *testing.T) {
	read := 0
	rapid.Check(t, func(rt *rapid.T) {
		text := randomYAML(rt)
		rt.Logf("text:\n%s", text)
		read += checkOracle(rt, "random.yaml", []byte(text))
	})
	t.Logf("%d read", read)
	if read < 50 {
		t.Errorf("only %d random documents could be read", read)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"a: b\n---\nc: [d, {e: f}]\n", "{\"a\": [1, \"\\u00e9\", null]}", "a: &x |+2\n    b\n\nc: *x\n",
		"? a\n: - b\n- c\n", "a: \"b\\\n  c\"\r\nd: 'e\n\n  f'\n", "x: !!str\ny: &a\nz: !t {a: 1}\n", "%YAML 1.1\n---\na: y\n...\n",
		"é: \u2028b\u0085c: d\n", "a: >-\n\n  b\n   c\n\n  d\n#x\n", "<<: {a: 1}\nb: {<<: [{c: 1}]}\n", "{{ .Values.x }}\n", "[a: b, ? c]\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		src := &document.Source{Name: "fuzz.yaml", Content: content}
		docs, diags := Parse(src)
		for _, d := range diags {
			if d.Message == "" || d.Range.Start.Offset > len(content) {
				t.Errorf("diagnostic %v", d)
			}
		}
		for _, doc := range docs {
			checkRanges(t, src, doc)
			for _, dialect := range []Dialect{Core, Kubernetes, CloudFormation} {
				dialect.Value(doc.Root, src)
			}
		}
	})
}
