package yamlnode

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func parse(t *testing.T, name, text string) (*document.Source, []Doc, []string) {
	t.Helper()
	src := &document.Source{Name: name, Content: []byte(text)}
	docs, diags := Parse(src)
	return src, docs, written(diags)
}

// written gives diagnostics as line:column level: message.
func written(diags []document.Diagnostic) []string {
	var out []string
	for _, d := range diags {
		out = append(out, fmt.Sprintf("%d:%d %s: %s", d.Range.Start.Line, d.Range.Start.Column, d.Level, d.Message))
	}
	return out
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func values(t *testing.T, src *document.Source, docs []Doc) []any {
	t.Helper()
	var out []any
	for _, d := range docs {
		v, _, diags := Kubernetes.Value(d.Root, src)
		if len(diags) > 0 {
			t.Errorf("value: %v", written(diags))
		}
		out = append(out, v)
	}
	return out
}

func TestParse_BrokenDocumentLeavesItsNeighbors(t *testing.T) {
	for _, c := range []struct {
		text   string
		values []any
		diags  []string
	}{
		{"a\n---\nb: c: d\n---\ne\n", []any{"a", "e"}, []string{`3:5 error: invalid YAML: ":" is not allowed here: put quotes around a value that contains ": ", or correct the indentation`}},
		{"a\n---\n\"open\n---\ne\n", []any{"a", "e"}, []string{"3:1 error: invalid YAML: the quoted text that begins here is not closed"}},
		{"a\n---\n[1, 2\n---\n{b: }\n---\n{\"c\" 1}\n---\nd\n", []any{"a", map[string]any{"b": nil}, "d"}, []string{
			`3:1 error: invalid YAML: this list is not closed: expected "," or "]" behind its elements`,
			"7:6 error: invalid JSON: unexpected '1' in an object: expected \":\" after the key",
		}},
		{"a: *x\n---\nx: &x 1\n---\ny: *x\n", []any{map[string]any{"x": int64(1)}}, []string{
			"1:4 error: invalid YAML: the alias *x refers to an anchor that is not defined before it",
			"5:4 error: invalid YAML: the alias *x refers to an anchor that is not defined before it",
		}},
	} {
		src, docs, diags := parse(t, "a.yaml", c.text)
		equal(t, "values", values(t, src, docs), c.values)
		equal(t, "diagnostics", diags, c.diags)
	}
}

func TestParse_Streams(t *testing.T) {
	for text, want := range map[string][]any{
		"":                                    nil,
		"\n# only a comment\n":                nil,
		"---\n":                               {nil},
		"---\n# a\n---\n# b\nx\n...\n":        {nil, "x"},
		"a\n...\n# c\n---\nb\n":               {"a", "b"},
		"%YAML 1.1\n# c\n---\na\n":            {"a"},
		"# c\n%TAG ! tag:x,2000:\n---\na\n":   {"a"},
		"--- a\n--- # comment\nb\n---\tc\n":   {"a", "b", "c"},
		"--- |\n  ---\n  a\n---\nb":           {"---\na\n", "b"},
		"a: |\n---\nb: 1\n":                   {map[string]any{"a": ""}, map[string]any{"b": int64(1)}},
		"\ufeffa\n\ufeff---\nb\n":             {"a", "b"},
		"a\r\n---\r\nb\r\n":                   {"a", "b"},
		"---foo\n":                            {"---foo"},
		"{\"a\": 1}\n{\"b\": [true, null]}\n": {map[string]any{"a": int64(1)}, map[string]any{"b": []any{true, nil}}},
		"{\"a\": 1}\n---\nb\n---\n[\"c\"]\n":  {map[string]any{"a": int64(1)}, "b", []any{"c"}},
		"--- {\"a\": 1}\n":                    {map[string]any{"a": int64(1)}},
		"{a: b}\n":                            {map[string]any{"a": "b"}},
		"{\"a\": 1,} # comma\n":               {map[string]any{"a": int64(1)}},
		"~\n":                                 {nil},
	} {
		src, docs, diags := parse(t, "a.yaml", text)
		equal(t, fmt.Sprintf("values of %q", text), values(t, src, docs), want)
		equal(t, fmt.Sprintf("diagnostics of %q", text), diags, nil)
		var each []any
		Each(src, func(docs []Doc, _ []document.Diagnostic) { each = append(each, values(t, src, docs)...) })
		equal(t, fmt.Sprintf("one by one: %q", text), each, want)
		for i, d := range docs {
			if d.Start > d.End || i > 0 && d.Start != docs[i-1].End && !strings.HasPrefix(text[docs[i-1].End:], "# c") && !strings.Contains(text, "\ufeff") {
				t.Errorf("%q: document %d is %d-%d", text, i, d.Start, d.End)
			}
		}
	}
}

func TestParse_MistakesHaveAPlaceAndAReason(t *testing.T) {
	const (
		key     = "expected a key here: this line may be indented differently from those it belongs to, or a value before it lacks quotes"
		dash    = `expected "- " here: this line may be indented differently from those it belongs to, or a value before it lacks quotes`
		colon   = `":" is not allowed here: put quotes around a value that contains ": ", or correct the indentation`
		after   = `expected ":" after this key`
		quote   = "the quoted text that begins here is not closed"
		list    = `this list is not closed: expected "," or "]" behind its elements`
		mapping = `this mapping is not closed: expected "," or "}" behind its entries`
	)
	long := strings.Repeat("k: v\n", 3000)
	for _, c := range []struct{ text, want string }{
		{"a: b\n  c: d\n", "2:4 " + colon},
		{"a: b: c\n", "1:5 " + colon},
		{"x: 1\nfoo:\n  - a\n  b: c\nz: 1\n", "4:3 " + dash},
		{"- a\nb: 1\nz: 1\n", "2:1 " + dash},
		{"x: 1\nfoo:\n  bar: 1\n baz: 2\nz: 1\n", "4:2 " + key},
		{"x: \"a\" b\nz: 1\n", "1:1 " + key},
		{"a:\n  - b: 1\n   c: 2\nd: 1\n", "3:4 " + dash},
		{long + "é: 1\n x: 2\n" + long, "3002:3 " + colon},
		{long + "é:\n  x: 1\n y: 2\n" + long, "3003:2 " + key},
		{"x: 1\nfoo:\n\tbar: 1\nz: 1\n", "3:1 a tab cannot indent YAML: use spaces"},
		{"x: 1\nfoo: \"abc\nz: 1\n", "2:6 " + quote},
		{"foo: 'abc\nz: 1\n", "1:6 " + quote},
		{"x: 1\nfoo: [a, b\nz: 1\n", "2:6 " + list},
		{"a: [1, 2\nb: 3\n", "1:4 " + list},
		{"x: 1\nfoo: {a: b\nz: 1\n", "2:6 " + mapping},
		{"x: 1\nfoo: *bar\n", "2:6 the alias *bar refers to an anchor that is not defined before it"},
		{"x: 1\nfoo: @bar\nz: 1\n", "2:6 '@' cannot start a value: put quotes around the value"},
		{"foo: `bar`\n", "1:6 '`' cannot start a value: put quotes around the value"},
		{"a: %foo\n", "1:4 '%' cannot start a value: put quotes around the value"},
		{"x: 1\nfoo: \"a\\qb\"\n", `2:8 this escape does not exist: write "\\" for a backslash, or use single quotes`},
		{"x: 1\nfoo\nz: 1\n", "2:1 " + after},
		{"a: - b\nd: 1\n", `1:4 "- " is not allowed here: a list starts on a line of its own`},
		{"a: ]\n", "1:1 expected a value here"},
		{"a: [\n  b,\n\n", "2:4 the text ends inside a list or mapping that is not closed"},
		{"a: 1\nb: \x01\n", "2:4 the character U+0001 is not allowed in YAML: write it as an escape in double quotes"},
		{"é: 1\nb: é\xff\n", "2:6 this is not UTF-8 text: save the file in UTF-8"},
	} {
		_, docs, diags := parse(t, "a.yaml", c.text)
		place, message, _ := strings.Cut(c.want, " ")
		equal(t, fmt.Sprintf("%.60q", c.text), diags, []string{place + " error: invalid YAML: " + message})
		if len(docs) > 0 {
			t.Errorf("%.60q: %d documents", c.text, len(docs))
		}
	}
}

func TestParse_JSONMistakesHaveAPlaceAndAReason(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"{\"a\": 1\n", "2:1 the text ends inside the object that starts on line 1"},
		{"[\n[1, 2\n", "3:1 the text ends inside the array that starts on line 2"},
		{"{\"a\" 1}", "1:6 unexpected '1' in an object: expected \":\" after the key"},
		{"{\"a\": 1 \"b\": 2}", "1:9 unexpected '\"' in an object: expected \",\" or \"}\""},
		{"{\"a\": tru}", "1:7 \"tru\" is not a value"},
		{"{\"a\": 01}", "1:7 \"01\" is not a value"},
		{"{\"a\": }", "1:7 unexpected '}' where a value is expected"},
		{"{\"a\": \"x\ny\"}", "1:9 a string cannot hold the character '\\n' unescaped"},
		{"{\"a\": \"\\x41\"}", `1:8 unknown escape "\\x" in a string`},
		{"{\"a\": \"\\u00g1\"}", "1:8 unfinished escape in a string"},
		{"{\"a\": \"open}", "1:7 the string is not closed"},
		{"{\"a\": 1} x", "1:10 unexpected text after the end of the value"},
		{"{\"é\": 1, é: 2}", "1:11 unexpected 'é' in an object: expected a key in double quotes"},
		{"{\"a\": ", "1:7 the text ends where a value is expected"},
		{strings.Repeat("[", 2000) + strings.Repeat("]", 2000), "1:1002 values nest deeper than 1000 levels"},
	} {
		src := &document.Source{Name: "a.json", Content: []byte(c.text)}
		a := &arena{}
		_, bad := readJSON(a, src.Content, 0, 0, len(src.Content))
		place, message, _ := strings.Cut(c.want, " ")
		equal(t, fmt.Sprintf("%.60q", c.text), written(bad.diagnostics(src)), []string{place + " error: invalid JSON: " + message})
	}
}

func TestParse_JSONThatIsOnlyYAMLIsReadWithAWarning(t *testing.T) {
	src, docs, diags := parse(t, "a.json", "{\"a\": 1,\n}\n")
	equal(t, "values", values(t, src, docs), []any{map[string]any{"a": int64(1)}})
	equal(t, "diagnostics", diags, []string{`1:8 warning: invalid JSON: a comma before "}" is not allowed (read as YAML)`})
}

func TestParse_JSONStrings(t *testing.T) {
	src, docs, diags := parse(t, "a.json", `{"k\u00e9y": "\ud83d\ude00 \ud83d \"\\\/\b\f\n\r\t é", "n": [-0, 1.50, 1E2, 9223372036854775807, 9223372036854775808]}`)
	equal(t, "diagnostics", diags, nil)
	equal(t, "values", values(t, src, docs), []any{map[string]any{
		"kéy": "😀 \ufffd \"\\/\b\f\n\r\t é",
		"n":   []any{int64(0), 1.5, 100.0, int64(9223372036854775807), 9223372036854775808.0},
	}})
	checkRanges(t, src, docs[0])
}

func TestParse_DeepNestingIsAnError(t *testing.T) {
	flow := strings.Repeat("[", 3000) + "a" + strings.Repeat("]", 3000)
	var blocks strings.Builder
	for i := range 1500 {
		blocks.WriteString(strings.Repeat(" ", i) + "k:\n")
	}
	for _, text := range []string{"x: " + flow + "\n---\nok\n", blocks.String() + "---\nok\n"} {
		src, docs, diags := parse(t, "a.yaml", text)
		equal(t, "values", values(t, src, docs), []any{"ok"})
		if len(diags) != 1 || !strings.Contains(diags[0], "values nest deeper than 1000 levels") {
			t.Errorf("diagnostics: %.200q", diags)
		}
	}
}

func TestParse_UTF16IsRefused(t *testing.T) {
	_, docs, diags := parse(t, "a.yaml", "\xff\xfea\x00:\x00 \x00b\x00")
	equal(t, "diagnostics", diags, []string{"1:1 error: this is UTF-16 text: save the file in UTF-8"})
	equal(t, "documents", len(docs), 0)
}

func TestDoc_CommentsAreThoseBeforeTheRoot(t *testing.T) {
	src, docs, _ := parse(t, "a.yaml", "---\n# Source: a/templates/b.yaml\n\n  #two\n---  # three\n#\nkind: x # four\n# five\n---\n# six\n")
	var got [][]string
	for _, d := range docs {
		got = append(got, d.Comments(src))
	}
	equal(t, "comments", got, [][]string{{"Source: a/templates/b.yaml", "two"}, {""}, {"six"}})
}

func TestNode_TagsAnchorsAndPlaces(t *testing.T) {
	text := "a: &x !Ref Name\nb: !Sub\n  - ${y}\n  - {y: *x}\nc: ! 12\nd: !<tag:yaml.org,2002:str> 1\ne: &z\nf: !GetAtt [p, q]\ng: !Base64 |-\n    é\n\n    x\n"
	src, docs, diags := parse(t, "a.yaml", text)
	equal(t, "diagnostics", diags, nil)
	var got []string
	for i, k := range docs[0].Root.Keys {
		v := docs[0].Root.Values[i]
		got = append(got, fmt.Sprintf("%s tag=%q anchor=%q %q body=%q", k.Text, v.Tag, v.Anchor, v.Range(src).Text(), src.Content[v.Body:v.End]))
	}
	equal(t, "nodes", got, []string{
		`a tag="!Ref" anchor="x" "!Ref Name" body="Name"`,
		`b tag="!Sub" anchor="" "!Sub\n  - ${y}\n  - {y: *x}" body="- ${y}\n  - {y: *x}"`,
		`c tag="!" anchor="" "! 12" body="12"`,
		`d tag="!!str" anchor="" "!<tag:yaml.org,2002:str> 1" body="1"`,
		`e tag="" anchor="z" "" body=""`,
		`f tag="!GetAtt" anchor="" "!GetAtt [p, q]" body="[p, q]"`,
		`g tag="!Base64" anchor="" "!Base64 |-\n    é\n\n    x" body="|-\n    é\n\n    x"`,
	})
	_, alias := docs[0].Root.Values[1].Items[1].Get("y")
	if alias.Target() != docs[0].Root.Values[0] || alias.Range(src).Text() != "*x" {
		t.Errorf("alias %q of %q", alias.Range(src).Text(), alias.Target().Text)
	}
}

func TestMapOffset_LeadsFromDecodedTextToTheSource(t *testing.T) {
	for _, c := range []struct{ text, inner, at string }{
		{"k: |\n  a: 1\n  b: two\n", "two", "two"},
		{"k: >\n  a\n  b c\n\n  d\n", "d", "d\n"},
		{"k: |2\n    a\n   b\n", "b", "b\n"},
		{"k: \"{\\\"a\\\": \\\"\\u00e9\\\", \\\"b\\\": 1}\"", "b", "b\\\": 1}\""},
		{`{"k": "{\"a\": \"\ud83d\ude00\", \"b\": 1}"}`, "b", `b\": 1}"}`},
		{"k: 'it''s\n  folded here'", "folded", "folded"},
		{"k: plain\n  over lines\n", "lines", "lines"},
	} {
		src, docs, _ := parse(t, "a.yaml", c.text)
		_, n := docs[0].Root.Get("k")
		f := MapOffset(src, n)
		if f == nil {
			t.Errorf("%q: no offsets", c.text)
			continue
		}
		at := f(strings.LastIndex(n.Text, c.inner))
		if !strings.HasPrefix(c.text[at:], c.at) {
			t.Errorf("%q: %q is found at %q", c.text, c.inner, c.text[at:])
		}
	}
	src, docs, _ := parse(t, "a.yaml", "k: [a]\n")
	if _, n := docs[0].Root.Get("k"); MapOffset(src, n) != nil {
		t.Error("a list has offsets")
	}
}
