package cfn

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// classes are what holes can be filled with, as in pseudo parameters.
type class struct {
	is    func(c byte) bool
	chars string
}

func classes() []class {
	return []class{
		{wordClass, "ab-"},
		{digitClass, "01"},
		{domainClass, "a.b"},
		{idClass, "a:/b"},
		{issuerClass, "a/."},
		{nil, "a:,/ "},
	}
}

// genParts draws a text with holes, and one way to fill them.
func genParts(t *rapid.T) (parts []part, filled []string) {
	for range rapid.IntRange(1, 6).Draw(t, "parts") {
		if rapid.Bool().Draw(t, "hole") {
			c := rapid.SampledFrom(classes()).Draw(t, "class")
			fill := rapid.StringOfN(rapid.SampledFrom([]rune(c.chars)), 1, 4, -1).Draw(t, "fill")
			parts = append(parts, part{hole: &hole{name: "h", reason: document.RuntimeRef, class: c.is}})
			filled = append(filled, fill)
			continue
		}
		parts = append(parts, part{text: rapid.StringOfN(rapid.SampledFrom([]rune("ab:/,0.")), 0, 4, -1).Draw(t, "text")})
	}
	return compact(parts), filled
}

func fill(parts []part, filled *[]string) string {
	var b strings.Builder
	for _, p := range parts {
		if p.hole == nil {
			b.WriteString(p.text)
			continue
		}
		b.WriteString((*filled)[0])
		*filled = (*filled)[1:]
	}
	return b.String()
}

// Whatever the holes turn out to be, a text that can be split now is split the
// same way then.
func TestSplitText_HoldsForEveryFilling(t *testing.T) {
	t.Parallel()
	split, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		parts, filled := genParts(t)
		delimiter := rapid.StringOfN(rapid.SampledFrom([]rune("ab:/,0.")), 1, 3, -1).Draw(t, "delimiter")
		pieces, ok := splitText(parts, delimiter)
		if !ok {
			refused++
			return
		}
		split++
		all := slices.Clone(filled)
		want := strings.Split(fill(parts, &all), delimiter)
		got := make([]string, len(pieces))
		for i, p := range pieces {
			got[i] = fill(p, &filled)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q at %q: got %q, want %q", template(parts), delimiter, got, want)
		}
	})
	if split == 0 || refused == 0 {
		t.Errorf("%d texts were split and %d refused: the test shows nothing", split, refused)
	}
}

func TestCouldBe_HoldsForEveryFilling(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		parts, filled := genParts(t)
		all := slices.Clone(filled)
		if s := fill(parts, &all); !couldBe(parts, s) {
			t.Fatalf("%q can be %q", template(parts), s)
		}
	})
	for _, c := range []struct {
		parts []part
		s     string
		want  bool
	}{
		{[]part{{hole: &hole{class: digitClass}}}, "12a", false},
		{[]part{{hole: &hole{class: digitClass}}}, "", false},
		{[]part{{hole: &hole{allowed: []string{"x", "y"}}}}, "z", false},
		{[]part{{hole: &hole{allowed: []string{"x", "y"}}}}, "y", true},
		{[]part{{text: "a"}, {hole: &hole{}}}, "b", false},
		{[]part{{hole: &hole{}}, {text: "mid"}, {hole: &hole{}}}, "no", false},
		{[]part{{hole: &hole{}}, {text: "z"}}, "za", false},
	} {
		if got := couldBe(c.parts, c.s); got != c.want {
			t.Errorf("couldBe(%q, %q) = %v", template(c.parts), c.s, got)
		}
	}
}

func TestTemplate_HolesNeverLeaveTheirBraces(t *testing.T) {
	t.Parallel()
	got := template([]part{{text: "a${b"}, {hole: &hole{name: holeName("x}\"\\\n${y}")}}, {text: "$"}, {hole: &hole{name: "z"}}})
	if want := "a${!b${xy}$${z}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestMerge_NeverCountsAnElementTwice(t *testing.T) {
	t.Parallel()
	texts := func(s string) *value {
		out := listValue(nil, span{})
		for _, c := range s {
			out.items = append(out.items, scalarValue(string(c), span{}))
		}
		return out
	}
	for _, c := range []struct{ a, b, want string }{
		{"xx", "x", "x?"}, {"x", "xxx", "x??"}, {"axb", "ab", "a?b"}, {"", "a", "?"}, {"ab", "ba", "??"}, {"aba", "a", "a??"},
	} {
		var got strings.Builder
		for _, v := range merge("f", document.UndecidedCondition, texts(c.a), texts(c.b), span{}).items {
			if s, ok := v.isText(); ok {
				got.WriteString(s)
			} else {
				got.WriteString("?")
			}
		}
		if got.String() != c.want {
			t.Errorf("%q or %q: got %q, want %q", c.a, c.b, got.String(), c.want)
		}
	}
}

func TestEqual_DecidesOnlyWhatIsCertain(t *testing.T) {
	t.Parallel()
	text := func(s string) *value { return scalarValue(s, span{}) }
	open := func(name string) *value {
		return holeValue(&hole{name: name, reason: document.RuntimeRef}, textShape, span{})
	}
	optional := *textValue([]part{{text: "a"}, {hole: &hole{name: "h"}}}, span{})
	optional.optional = true
	for _, c := range []struct {
		name string
		a, b *value
		want tri
	}{
		{"numbers as texts", scalarValue(int64(1), span{}), text("1"), yes},
		{"booleans as texts", scalarValue(true, span{}), text("true"), yes},
		{"a name with itself", open("x"), open("x"), yes},
		{"two names", open("x"), open("y"), maybe},
		{"failures", failed(span{}), failed(span{}), maybe},
		{"a prefix that differs", textValue([]part{{text: "a"}, {hole: &hole{name: "h"}}}, span{}), text("b"), no},
		{"a prefix that fits", textValue([]part{{text: "a"}, {hole: &hole{name: "h"}}}, span{}), text("ab"), maybe},
		{"what may not be there", &optional, text("b"), maybe},
		{"lists", listValue([]*value{text("a"), open("x")}, span{}), listValue([]*value{text("b"), open("x")}, span{}), no},
		{"lists with holes", listValue([]*value{text("a"), open("x")}, span{}), listValue([]*value{text("a"), open("y")}, span{}), maybe},
		{"text and list", text("a"), listValue(nil, span{}), no},
	} {
		if got := equal(c.a, c.b); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
		if got := equal(c.b, c.a); got != c.want {
			t.Errorf("%s, turned around: got %v, want %v", c.name, got, c.want)
		}
	}
}
