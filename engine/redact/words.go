package redact

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// literals are texts to look for, by their first bytes: there may be thousands.
type literals struct {
	buckets map[[minLiteral]byte]*bucket
	longest int
}

// A bucket holds the literals with the same first bytes, which all secrets of
// one kind may have.
type bucket struct {
	lengths []int
	texts   map[string]bool
}

func (l *literals) add(text string) {
	if l.buckets == nil {
		l.buckets = map[[minLiteral]byte]*bucket{}
	}
	key := [minLiteral]byte([]byte(text))
	b := l.buckets[key]
	if b == nil {
		b = &bucket{texts: map[string]bool{}}
		l.buckets[key] = b
	}
	b.texts[text] = true
	if !slices.Contains(b.lengths, len(text)) {
		b.lengths = append(b.lengths, len(text))
	}
	l.longest = max(l.longest, len(text))
}

// find returns where literals are in a text.
func (l *literals) find(text string) []Span {
	var out []Span
	for i := 0; l != nil && i+minLiteral <= len(text); i++ {
		b := l.buckets[[minLiteral]byte([]byte(text[i:i+minLiteral]))]
		if b == nil {
			continue
		}
		for _, n := range b.lengths {
			if i+n <= len(text) && b.texts[text[i:i+n]] {
				out = append(out, Span{i, i + n})
			}
		}
	}
	return out
}

// isStrong reports whether a text is a secret wherever it stands. A password
// that is a plain word ("postgres") would hide the names of things elsewhere.
func isStrong(text string) bool {
	if len(text) < 6 {
		return false
	}
	for i := range len(text) {
		if c := text[i]; (c < 'a' || c > 'z') && c != '-' && c != '_' && c != '.' {
			return true
		}
	}
	return false
}

// scrub hides words, the longest of which come first.
func scrub(text string, words []string) string {
	for _, w := range words {
		text = replace(text, w, Hidden)
	}
	return text
}

func replace(text, w, by string) string {
	switch {
	case !strings.Contains(text, w):
		return text
	case len(w) >= 4:
		return strings.ReplaceAll(text, w, by)
	}
	return replaceWord(text, w, by)
}

// replaceWord hides a short secret only where it stands alone, lest it be cut
// out of other words.
func replaceWord(text, w, by string) string {
	var b strings.Builder
	for {
		i := strings.Index(text, w)
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(w):])
		b.WriteString(text[:i])
		if isWord(before) || isWord(after) {
			b.WriteString(w)
		} else {
			b.WriteString(by)
		}
		text = text[i+len(w):]
	}
}

func isWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// texts collects the spellings of the scalars in a value that are worth
// looking for: a secret of one or two characters is none, and true and false
// are everywhere. Names beside a secret (env entries) are not secret.
func texts(v document.Value, out []string, skipNames bool) []string {
	switch v := v.(type) {
	case string:
		for line := range strings.SplitSeq(v, "\n") {
			out = long(out, strings.TrimSpace(line))
		}
		if plain, err := base64.StdEncoding.DecodeString(v); err == nil && len(plain) >= minLiteral && isPrintable(plain) {
			out = texts(string(plain), out, skipNames)
		}
		if quoted := strconv.Quote(v); len(quoted) != len(v)+2 {
			out = long(out, quoted[1:len(quoted)-1])
		}
	case int64:
		out = long(out, strconv.FormatInt(v, 10))
	case float64:
		out = long(out, strconv.FormatFloat(v, 'g', -1, 64))
	case []any:
		for _, e := range v {
			out = texts(e, out, skipNames)
		}
	case map[string]any:
		for k, e := range v {
			if k != "name" || !skipNames {
				out = texts(e, out, skipNames)
			}
		}
	}
	return out
}

// isPrintable reports whether decoded bytes are a text.
func isPrintable(b []byte) bool {
	return utf8.Valid(b) && !bytes.ContainsFunc(b, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) })
}

func long(out []string, s string) []string {
	if len(s) < 3 {
		return out
	}
	return append(out, s)
}

// leaves returns the ranges of all scalars below a path; ok is false when one
// of them has no range of its own.
func leaves(d *document.Document, p document.Path, v document.Value, out []document.Range) (ranges []document.Range, ok bool) {
	switch v := v.(type) {
	case []any:
		for i, e := range v {
			if out, ok = leaves(d, p.Append(i), e, out); !ok {
				return nil, false
			}
		}
		return out, true
	case map[string]any:
		for k, e := range v {
			if out, ok = leaves(d, p.Append(k), e, out); !ok {
				return nil, false
			}
		}
		return out, true
	}
	r, exact := d.Locate(p)
	if r = r.Outermost(); !exact || r.IsZero() {
		return nil, false
	}
	return append(out, r), true
}

func merge(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}
