package yamlnode

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestScalar_FollowsTheDialect(t *testing.T) {
	type want struct{ core, kubernetes, cloudFormation any }
	for text, w := range map[string]want{
		"yes":                  {"yes", true, true},
		"Off":                  {"Off", false, false},
		"y":                    {"y", true, "y"},
		"N":                    {"N", false, "N"},
		"true":                 {true, true, true},
		"tRue":                 {"tRue", "tRue", "tRue"},
		"~":                    {nil, nil, nil},
		"Null":                 {nil, nil, nil},
		"2012-10-17":           {"2012-10-17", "2012-10-17", "2012-10-17"},
		"2012-10-17T00:00:00Z": {"2012-10-17T00:00:00Z", "2012-10-17T00:00:00Z", "2012-10-17T00:00:00Z"},
		"0123":                 {int64(83), int64(83), "0123"},
		"012345678901":         {12345678901.0, 12345678901.0, "012345678901"}, // no octal, so a float to go-yaml
		"123456789012":         {int64(123456789012), int64(123456789012), int64(123456789012)},
		"0x1F":                 {int64(31), int64(31), "0x1F"},
		"0o17":                 {int64(15), int64(15), "0o17"},
		"0b11":                 {int64(3), int64(3), "0b11"},
		"1_000":                {int64(1000), int64(1000), "1_000"},
		"22:22":                {"22:22", "22:22", "22:22"},
		"1.30":                 {1.3, 1.3, 1.3},
		"1e3":                  {1000.0, 1000.0, "1e3"},
		"1.5e3":                {1500.0, 1500.0, 1500.0},
		".5":                   {0.5, 0.5, 0.5},
		"+12":                  {int64(12), int64(12), int64(12)},
		"-0":                   {int64(0), int64(0), int64(0)},
		"+-1":                  {"+-1", "+-1", "+-1"},
		"18446744073709551615": {18446744073709551615.0, 18446744073709551615.0, "18446744073709551615"},
		"1.2.3":                {"1.2.3", "1.2.3", "1.2.3"},
		"<<":                   {"<<", "<<", "<<"},
		"":                     {nil, nil, nil},
	} {
		for d, want := range map[Dialect]any{Core: w.core, Kubernetes: w.kubernetes, CloudFormation: w.cloudFormation} {
			got, err := d.Scalar(&Node{Plain: true, Text: text})
			if err != nil || !cmp.Equal(got, want) {
				t.Errorf("dialect %d: %q is %v (%T), %v; want %v (%T)", d, text, got, got, err, want, want)
			}
			got, err = d.Scalar(&Node{Style: DoubleQuoted, Text: text})
			if err != nil || got != text {
				t.Errorf("dialect %d: quoted %q is %v, %v", d, text, got, err)
			}
		}
	}
}

func TestScalar_TagsDecide(t *testing.T) {
	for _, c := range []struct {
		tag, text string
		want      any
		fails     bool
	}{
		{"!!str", "12", "12", false},
		{"!!int", "12", int64(12), false},
		{"!!float", "12", 12.0, false},
		{"!!bool", "yes", true, false},
		{"!!null", "", nil, false},
		{"!!binary", "aGk=", "hi", false},
		{"!!timestamp", "2001-01-01", "2001-01-01", false},
		{"!Ref", "12", "12", false},
		{"!", "12", "12", false},
		{"!!int", "x", nil, true},
		{"!!bool", "1", nil, true},
		{"!!null", "x", nil, true},
		{"!!float", "x", nil, true},
		{"!!binary", "*", nil, true},
		{"!!timestamp", "x", nil, true},
		{"!!int", "1.5", nil, true},
		{"!!int", "18446744073709551615", 18446744073709551615.0, false},
	} {
		got, err := Kubernetes.Scalar(&Node{Plain: true, Tag: c.tag, Text: c.text})
		if (err != nil) != c.fails || !cmp.Equal(got, c.want) {
			t.Errorf("%s %q is %v, %v", c.tag, c.text, got, err)
		}
	}
}

func value(t *testing.T, d Dialect, text string) (any, *document.Tree, []string) {
	t.Helper()
	src, docs, diags := parse(t, "a.yaml", text)
	if len(docs) != 1 {
		t.Fatalf("%d documents, %v", len(docs), diags)
	}
	v, tree, more := d.Value(docs[0].Root, src)
	return v, tree, append(diags, written(more)...)
}

func TestValue_MergeKeysFollowTheDialect(t *testing.T) {
	const text = "base: &b {x: 1, y: 1}\nother: &o {x: 2, z: 2}\nfirst: {<<: *b, x: 9}\nlast: {x: 9, <<: *b}\nlist: {<<: [*b, *o]}\ninline: {<<: {q: 1}}\n"
	want := map[string]any{
		"base": map[string]any{"x": int64(1), "t": int64(1)}, "other": map[string]any{"x": int64(2), "z": int64(2)},
		"first": map[string]any{"x": int64(9), "t": int64(1)}, "last": map[string]any{"x": int64(9), "t": int64(1)},
		"list": map[string]any{"x": int64(1), "t": int64(1), "z": int64(2)}, "inline": map[string]any{"q": int64(1)},
	}
	plain := strings.ReplaceAll(text, "y:", "t:")
	for d, last := range map[Dialect]int64{Core: 9, CloudFormation: 9, Kubernetes: 1} {
		want["last"].(map[string]any)["x"] = last
		got, tree, diags := value(t, d, plain)
		equal(t, fmt.Sprintf("dialect %d", d), got, any(want))
		equal(t, "diagnostics", diags, nil)
		at, exact := tree.Locate(document.Path{"last", "x"})
		if inner := at.Text(); !exact || inner != fmt.Sprint(last) {
			t.Errorf("dialect %d: last.x is at %q", d, inner)
		}
		at, _ = tree.Locate(document.Path{"list", "z"})
		equal(t, "place of list.z", at.Start.Line, 2)
	}
}

func TestValue_RepeatedKeysAreReportedOnce(t *testing.T) {
	v, tree, diags := value(t, Kubernetes, "a: &x\n  k: 1\n  k: 2\n  y: 3\n  true: 4\nb: *x\nc: {<<: *x}\na2: 1\na2: 2\na2: 3\n")
	entries := map[string]any{"k": int64(2), "true": int64(4)}
	equal(t, "value", v, any(map[string]any{"a": entries, "b": entries, "c": entries, "a2": int64(3)}))
	equal(t, "diagnostics", diags, []string{
		`3:3 warning: key "k" is repeated: the value on line 3 replaces the one on line 2`,
		`5:3 warning: key "true" is repeated: the value on line 5 replaces the one on line 4`,
		`9:1 warning: key "a2" is repeated: the value on line 9 replaces the one on line 8`,
		`10:1 warning: key "a2" is repeated: the value on line 10 replaces the one on line 9`,
	})
	at, _ := tree.Locate(document.Path{"a", "k"})
	equal(t, "place of the last", at.Start.Line, 3)
	_, _, diags = value(t, Core, "{\"a\": 1,\n\"a\": 2}")
	equal(t, "in JSON", diags, []string{`2:1 warning: key "a" is repeated: the value on line 2 replaces the one on line 1`})
}

func TestValue_RefusesWhatItsReaderRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"a: .inf\n":              "1:4 error: .inf is a number that JSON does not have: put quotes around it if a string is meant",
		"a: [.NaN]\n":            "1:5 error: .NaN is a number that JSON does not have: put quotes around it if a string is meant",
		"{{ .Values.x }}\n":      "1:2 error: a mapping key must be a scalar: put quotes around it if it begins with { or [",
		"? [a]\n: b\n":           "1:3 error: a mapping key must be a scalar: put quotes around it if it begins with { or [",
		"~: b\n":                 `1:1 error: "~" cannot be a mapping key: put quotes around it`,
		"a: &a [*a]\n":           `1:8 error: the value of anchor "a" contains itself`,
		"a: &a {<<: *a}\n":       `1:12 error: the value of anchor "a" contains itself`,
		"a: {<<: 1}\n":           "1:9 error: a merge key (<<) takes a mapping or a list of mappings",
		"a: {<<: [1]}\n":         "1:10 error: a merge key (<<) takes a mapping or a list of mappings",
		"a: !!int x\n":           `1:4 error: "x" is no !!int`,
		"18446744073709551615: ": `1:1 error: "18446744073709551615" cannot be a mapping key: put quotes around it`,
	} {
		v, tree, diags := value(t, Kubernetes, text)
		equal(t, fmt.Sprintf("%q", text), diags, []string{want})
		if v != nil || tree != nil {
			t.Errorf("%q has the value %v", text, v)
		}
	}
}

// bomb spells 9^levels values.
func bomb(levels int) string {
	var b strings.Builder
	b.WriteString("l0: &l0 [x]\n")
	for i := 1; i <= levels; i++ {
		fmt.Fprintf(&b, "l%d: &l%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*l%d,", i-1), 9), ","))
	}
	return b.String()
}

func TestValue_AliasBombsAreRefused(t *testing.T) {
	merges := strings.NewReplacer("[x]", "{}", "[", "{<<: [", "]", "]}").Replace(bomb(30))
	for name, text := range map[string]string{"lists": bomb(30), "merges": merges} {
		_, tree, diags := value(t, Kubernetes, text)
		if tree != nil || len(diags) != 1 || !strings.Contains(diags[0], "aliases expand to far more values") {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

func TestValue_ManyHonestAliasesAreExpanded(t *testing.T) {
	text := "a: &a {k: v}\nb: [" + strings.Repeat("*a, ", 20_000) + "]\n"
	v, tree, diags := value(t, Kubernetes, text)
	equal(t, "diagnostics", diags, nil)
	list := v.(map[string]any)["b"].([]any)
	list[0].(map[string]any)["k"] = "changed"
	if len(list) != 20_000 || list[1].(map[string]any)["k"] != "v" {
		t.Error("aliases share one value")
	}
	at, exact := tree.Locate(document.Path{"b", 7, "k"})
	equal(t, "place", fmt.Sprintf("%d %s %v", at.Start.Line, at.Text(), exact), "1 v true")
}

func TestValue_AbsentRootIsNil(t *testing.T) {
	v, tree, diags := Kubernetes.Value(nil, source(""))
	if v != nil || tree == nil || diags != nil {
		t.Errorf("%v, %v, %v", v, tree, diags)
	}
}
