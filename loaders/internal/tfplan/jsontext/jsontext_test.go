package jsontext_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan/jsontext"
)

func all(s string) jsontext.Span { return jsontext.Span{Start: 0, End: len(s)} }

// oracle decodes with the standard library and brings numbers to our kinds.
func oracle(t interface{ Fatalf(string, ...any) }, text string) any {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("oracle: %v", err)
	}
	return kinds(v)
}

func kinds(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = kinds(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = kinds(v[k])
		}
	}
	return v
}

func value() *rapid.Generator[any] {
	leaf := rapid.OneOf(
		rapid.Just[any](nil), rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Map(rapid.String(), func(s string) any { return s }),
		rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		rapid.Map(rapid.Float64Range(-1e300, 1e300), func(f float64) any { return f }),
	)
	var node func(depth int) *rapid.Generator[any]
	node = func(depth int) *rapid.Generator[any] {
		if depth == 0 {
			return leaf
		}
		below := node(depth - 1)
		return rapid.OneOf(leaf,
			rapid.Map(rapid.SliceOfN(below, 0, 4), func(l []any) any { return l }),
			rapid.Map(rapid.MapOfN(rapid.String(), below, 0, 4), func(m map[string]any) any { return m }))
	}
	return node(3)
}

func TestDecode_AgreesWithTheStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		indent := rapid.SampledFrom([]string{"", " ", "\t"}).Draw(t, "indent")
		text, err := json.MarshalIndent(value().Draw(t, "value"), "", indent)
		if err != nil {
			t.Fatal(err)
		}
		got, err := jsontext.Decode(text, all(string(text)), nil)
		if err != nil {
			t.Fatalf("decode %s: %v", text, err)
		}
		if diff := cmp.Diff(oracle(t, string(text)), got); diff != "" {
			t.Fatalf("%s\n%s", text, diff)
		}
		if end, err := jsontext.Skip(text, 0); err != nil || end != len(text) {
			t.Fatalf("skip %s: end %d of %d, %v", text, end, len(text), err)
		}
	})
}

func TestDecode_Numbers(t *testing.T) {
	for text, want := range map[string]any{
		"0": int64(0), "-7": int64(-7), "9223372036854775807": int64(math.MaxInt64),
		"9223372036854775808": 9223372036854775808.0, "1.0": 1.0, "1e2": 100.0,
	} {
		got, err := jsontext.Decode([]byte(text), all(text), nil)
		if err != nil || got != want {
			t.Errorf("%s = %v (%T), %v; want %v (%T)", text, got, got, err, want, want)
		}
	}
}

func TestDecode_RefusesWhatIsNotJSON(t *testing.T) {
	for text, offset := range map[string]int{
		``: 0, `{`: 1, `[1`: 2, `[1,]`: 3, `{"a"}`: 4, `{"a":1,}`: 7, `{a:1}`: 1, `nul`: 0, `01`: 0, `+1`: 0,
		`0x10`: 0, `NaN`: 0, `"a`: 0, `"\q"`: 0, "\"a\nb\"": 2, `[1 2]`: 3, `1 2`: 2, `{"a":1}x`: 7,
		strings.Repeat("[", 5000): jsontext.MaxDepth + 1, `1e999`: 0,
	} {
		got, err := jsontext.Decode([]byte(text), all(text), nil)
		var se *jsontext.SyntaxError
		if !errors.As(err, &se) {
			t.Errorf("%.20q decodes to %v, want a syntax error", text, got)
			continue
		}
		if se.Offset != offset {
			t.Errorf("%.20q: error at %d (%v), want %d", text, se.Offset, err, offset)
		}
	}
}

func TestMembers_DeliversWhatStandsBeforeACut(t *testing.T) {
	text := `{"a": 1, "b": {"c": [1, 2], "d": [3, `
	var names []string
	var last jsontext.Member
	err := jsontext.Members([]byte(text), all(text), func(m jsontext.Member) {
		names = append(names, m.Name)
		last = m
	})
	if err == nil {
		t.Error("a cut-off object is no error")
	}
	if diff := cmp.Diff([]string{"a", "b"}, names); diff != "" {
		t.Error(diff)
	}
	if got := string(last.Value.Of([]byte(text))); !strings.HasPrefix(got, `{"c"`) {
		t.Errorf("the cut-off member is %q", got)
	}
	var elements []string
	list := `[{"x":1}, "two", {"y`
	if err := jsontext.Elements([]byte(list), all(list), func(s jsontext.Span) {
		elements = append(elements, string(s.Of([]byte(list))))
	}); err == nil {
		t.Error("a cut-off array is no error")
	}
	if diff := cmp.Diff([]string{`{"x":1}`, `"two"`}, elements); diff != "" {
		t.Error(diff)
	}
}

func TestField_TakesTheLastOfARepeatedKey(t *testing.T) {
	text := `{"a": 1, "\u0061": 2}`
	if got := string(jsontext.Field([]byte(text), all(text), "a").Of([]byte(text))); got != "2" {
		t.Errorf("a = %s, want 2", got)
	}
	if !jsontext.Field([]byte(text), all(text), "b").IsZero() {
		t.Error("a missing key has a value")
	}
}

func TestStrings_ReadsEscapesAndSkipsOthers(t *testing.T) {
	text := `["a", 1, "b\"\\", null, "\ud83d\ude00"]`
	if diff := cmp.Diff([]string{"a", `b"\`, "😀"}, jsontext.Strings([]byte(text), all(text))); diff != "" {
		t.Error(diff)
	}
}

// Every value found through the tree decodes to the value at its path.
func TestTree_RangesHoldTheirValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, err := json.MarshalIndent(value().Draw(t, "value"), "", " ")
		if err != nil {
			t.Fatal(err)
		}
		src := &document.Source{Name: "x.json", Content: text}
		root := oracle(t, string(text))
		tree := jsontext.Tree(src, all(string(text)))
		tree.Walk(func(path document.Path, r document.Range) {
			want, ok := document.At(root, path)
			if !ok {
				t.Fatalf("%s is not in %s", path, text)
			}
			got, err := jsontext.Decode(text, jsontext.Span{Start: r.Start.Offset, End: r.End.Offset}, nil)
			if err != nil {
				t.Fatalf("%s at %v: %v", path, r.Start, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s: %s", path, diff)
			}
		})
	})
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5,"x\u00e9",null,true]}`, `[`, `{"a":`, `"\`, `{"a":1,"a":2}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := jsontext.Decode([]byte(text), all(text), nil)
		if (err == nil) != json.Valid([]byte(text)) {
			var v any
			if std := json.Unmarshal([]byte(text), &v); (std == nil) != (err == nil) && !strings.Contains(text, "e") && !strings.Contains(text, "E") {
				t.Fatalf("%q: we say %v, the standard library %v", text, err, std)
			}
			return
		}
		if err == nil {
			if diff := cmp.Diff(oracle(t, text), got); diff != "" {
				t.Fatalf("%q: %s", text, diff)
			}
		}
	})
}
