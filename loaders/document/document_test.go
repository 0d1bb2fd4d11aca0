package document_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestPath_ParseInvertsString(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want document.Path
		for range rapid.IntRange(1, 6).Draw(t, "length") {
			if rapid.Bool().Draw(t, "index") {
				want = append(want, rapid.IntRange(-1, 12).Draw(t, "i"))
			} else {
				want = append(want, rapid.String().Draw(t, "key"))
			}
		}
		got, err := document.ParsePath(want.String())
		if err != nil {
			t.Fatalf("%s: %v", want, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s: %s", want, diff)
		}
	})
}

func TestPath_KeysWithOtherCharactersAreQuoted(t *testing.T) {
	p := document.Path{"metadata", "annotations", "eks.amazonaws.com/role-arn", 2, "x"}
	if got, want := p.String(), `metadata.annotations["eks.amazonaws.com/role-arn"][2].x`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestParsePath_RefusesBrokenPaths(t *testing.T) {
	for _, bad := range []string{"a.", ".a", "a[", "a[x]", `a["b`, "a[-2]"} {
		if p, err := document.ParsePath(bad); err == nil {
			t.Errorf("%s was read as %v", bad, p)
		}
	}
}

func TestPath_WildcardInAPrefixMatchesAnyIndex(t *testing.T) {
	p := document.Path{"containers", 3, "image"}
	for prefix, want := range map[string]bool{"containers[*]": true, "containers[3].image": true, "containers[2]": false, "containers[*].name": false} {
		q, err := document.ParsePath(prefix)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.HasPrefix(q); got != want {
			t.Errorf("%s: got %v", prefix, got)
		}
	}
}

func TestSource_PositionInvertsOffset(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &document.Source{Content: []byte(rapid.StringOf(rapid.SampledFrom([]rune("ab\n\r é"))).Draw(t, "text"))}
		at := rapid.IntRange(0, len(s.Content)).Draw(t, "offset")
		p := s.Position(at)
		if got := s.Offset(p.Line, p.Column); got != at {
			t.Fatalf("offset %d is %+v, which is offset %d", at, p, got)
		}
	})
}

// twoLevels is `{a: {b: 1}, c: [x, y]}` with the offsets of that text.
func twoLevels() *document.Tree {
	src := &document.Source{Name: "f", Content: []byte("{a: {b: 1}, c: [x, y]}")}
	tree := document.NewTree(src)
	root := tree.Add(-1, "", -1, -1, 0, 22)
	a := tree.Add(root, "a", 1, 2, 4, 10)
	tree.Add(a, "b", 5, 6, 8, 9)
	c := tree.Add(root, "c", 12, 13, 15, 21)
	tree.Add(c, "", -1, -1, 16, 17)
	tree.Add(c, "", -1, -1, 19, 20)
	tree.AddAlias(root, "d", 12, 13, a)
	return tree
}

func TestTree_LocatesValuesKeysAndAncestors(t *testing.T) {
	tests := []struct {
		path  document.Path
		text  string
		exact bool
	}{
		{document.Path{"a", "b"}, "1", true},
		{document.Path{"c", 1}, "y", true},
		{document.Path{"c", 7}, "[x, y]", false},
		{document.Path{"a", "missing", "deeper"}, "{b: 1}", false},
		{document.Path{"d", "b"}, "1", true},
		{document.Path{"c", "key"}, "[x, y]", false},
		{document.Path{"a", 0}, "{b: 1}", false},
	}
	tree := twoLevels()
	for _, tc := range tests {
		r, exact := tree.Locate(tc.path)
		if r.Text() != tc.text || exact != tc.exact {
			t.Errorf("%s: got %q, %v", tc.path, r.Text(), exact)
		}
	}
	if r, _ := tree.LocateKey(document.Path{"a", "b"}); r.Text() != "b" {
		t.Errorf("key: got %q", r.Text())
	}
	sub, ok := tree.Sub(document.Path{"a"})
	if r, exact := sub.Locate(document.Path{"b"}); !ok || !exact || r.Text() != "1" {
		t.Errorf("sub: got %q", r.Text())
	}
}

func TestTree_WalkVisitsEveryValueAtItsPath(t *testing.T) {
	var got []string
	twoLevels().Walk(func(p document.Path, r document.Range) { got = append(got, p.String()+"="+r.Text()) })
	want := "={a: {b: 1}, c: [x, y]} a={b: 1} a.b=1 c=[x, y] c[0]=x c[1]=y d={b: 1} d.b=1"
	if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
		t.Error(diff)
	}
}

func TestRange_OutermostMapsEmbeddedTextToItsFile(t *testing.T) {
	outer := &document.Source{Name: "outer", Content: []byte("data: |\n  a: 1\n  b: 2\n")}
	at := outer.Range(6, 22)
	inner := &document.Source{Content: []byte("a: 1\nb: 2\n"), Outer: &document.Outer{
		Range: at, Map: func(offset int) int { return 8 + offset + 2*(1+strings.Count("a: 1\nb: 2\n"[:offset], "\n")) },
	}}
	r := inner.Range(8, 9).Outermost()
	if r.Source != outer || r.Text() != "2" || r.Start.Line != 3 || r.Start.Column != 6 {
		t.Errorf("got %s:%d:%d %q", r.File(), r.Start.Line, r.Start.Column, r.Text())
	}
	opaque := &document.Source{Content: inner.Content, Outer: &document.Outer{Range: at}}
	if r := opaque.Range(8, 9).Outermost(); r != at {
		t.Errorf("without a map, the whole scalar is the place: got %+v", r)
	}
}

func TestDocument_PlaceTranslatesCanonicalPathsAndCountsFromTheRoot(t *testing.T) {
	root := &document.Document{ID: "root"}
	root.SetLocator(twoLevels())
	child := &document.Document{
		ID: "child", Parent: root, Base: document.Path{"a"},
		Written: map[string]document.Path{"size": {"b"}},
	}
	child.SetLocator(document.Prefixed{Locator: root.Locator(), Base: child.Base})
	path, r, exact := child.Place(document.Path{"size"})
	if path.String() != "a.b" || r.Text() != "1" || !exact || child.Root() != root {
		t.Errorf("got %s %q %v", path, r.Text(), exact)
	}
}

func TestSource_CarriageReturnsEndLinesWhereNothingElseDoes(t *testing.T) {
	old := &document.Source{Content: []byte("a: 1\rb: 2\r")}
	if p := old.Position(5); p.Line != 2 || p.Column != 1 || old.Line(2) != "b: 2" {
		t.Errorf("%+v, line 2 is %q", p, old.Line(2))
	}
	mixed := &document.Source{Content: []byte("a: \"x\ry\"\nb: 2\n")}
	if p := mixed.Position(10); p.Line != 2 {
		t.Errorf("%+v", p)
	}
}
