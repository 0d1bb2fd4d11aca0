package term

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestWidth_CountsColumnsNotBytes(t *testing.T) {
	for s, want := range map[string]int{
		"":           0,
		"abc":        3,
		"größe":      5,
		"e\u0301":    1, // a combining accent
		"日本":         4,
		"🚀":          2,
		"a\tb":       6,
		"\u200bzwsp": 4,
	} {
		if got := Width(s); got != want {
			t.Errorf("Width(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestClean_ShowsControlCharacters(t *testing.T) {
	got := Clean("a\x1b[31mred\x07\x7f\u009b1m \u202egnp.exe\tb\nc")
	want := "a␛[31mred␇␡\ufffd1m \ufffdgnp.exe\tb\nc"
	if got != want {
		t.Errorf("Clean = %q, want %q", got, want)
	}
}

func TestClean_NothingUnsafeIsLeft(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		out := Clean(rapid.String().Draw(t, "text"))
		if strings.ContainsFunc(out, unsafeRune) {
			t.Fatalf("unsafe character left in %q", out)
		}
	})
}

func TestWrap_BreaksAtSpacesAndKeepsLongWords(t *testing.T) {
	got := Wrap("one two three\narn:aws:iam::123456789012:role/x end", 9)
	want := []string{"one two", "three", "arn:aws:iam::123456789012:role/x", "end"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWrap_KeepsExamplesAsTheyAre(t *testing.T) {
	got := Wrap("one two three:\n  a: 1\n    b: {c: 2, d: 3}\nfour", 9)
	want := []string{"one two", "three:", "  a: 1", "    b: {c: 2, d: 3}", "four"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWrap_LosesNoWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-zé日]{1,12}`), 1, 20).Draw(t, "words")
		columns := rapid.IntRange(1, 60).Draw(t, "columns")
		lines := Wrap(strings.Join(words, " "), columns)
		if diff := cmp.Diff(words, strings.Fields(strings.Join(lines, " "))); diff != "" {
			t.Fatal(diff)
		}
		for _, line := range lines {
			if Width(line) > columns && strings.Contains(line, " ") {
				t.Fatalf("line %q is wider than %d", line, columns)
			}
		}
	})
}

func TestDetect_NoTerminalMeansNoColorAndAFixedWidth(t *testing.T) {
	got := Detect(&bytes.Buffer{}, func(string) string { return "" })
	if want := (Terminal{Width: PlainWidth}); got != want {
		t.Errorf("Detect = %+v, want %+v", got, want)
	}
}

func TestPalette_PaintsOnlyWhenOn(t *testing.T) {
	if got := NewPalette(false).Red("x"); got != "x" {
		t.Errorf("off: %q", got)
	}
	if got := NewPalette(true).Red("x"); !strings.HasPrefix(got, "\x1b[") || !strings.Contains(got, "x") {
		t.Errorf("on: %q", got)
	}
}
