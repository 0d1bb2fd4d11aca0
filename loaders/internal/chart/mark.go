package chart

import (
	"strings"
	"unicode/utf8"
)

// A mark is written as markOpen, one or more numbers of sites, each as digits
// and markNext, and markClose. The runes are noncharacters in all but name:
// private use, plane 15. None of the functions that a mark may pass through
// (canPass) changes or breaks them.
const (
	markOpen  = '\U000F0000'
	markClose = '\U000F0001'
	markNext  = '\U000F0002'
	markDigit = '\U000F0100'
	markBase  = 64
)

func isMark(r rune) bool { return r >= markOpen && r < markDigit+markBase }

// hasMarks reports whether a text has runes of the kind marks are made of: all
// begin with the same two bytes.
func hasMarks(text string) bool { return strings.Contains(text, "\xf3\xb0") }

// appendNumber writes the number of a site.
func appendNumber(b *strings.Builder, site int) {
	var digits [12]rune
	n := len(digits)
	for more := true; more; more = site > 0 {
		n--
		digits[n] = markDigit + rune(site%markBase) //nolint:gosec // below 64
		site /= markBase
	}
	for _, r := range digits[n:] {
		b.WriteRune(r)
	}
	b.WriteRune(markNext)
}

// mark returns the mark of one site.
func mark(site int) string {
	var b strings.Builder
	b.WriteRune(markOpen)
	appendNumber(&b, site)
	b.WriteRune(markClose)
	return b.String()
}

// wrap adds a site to every mark in text as the outermost, and gives a mark to
// the first character of every line that has none.
func wrap(site int, text string) string {
	if strings.TrimSpace(text) == "" {
		return text
	}
	own := mark(site)
	var b strings.Builder
	b.Grow(len(text) + len(own)*(1+strings.Count(text, "\n")))
	bare := true // the line has no mark yet
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == markOpen:
			b.WriteRune(markOpen)
			appendNumber(&b, site)
			bare = false
			i += n
			continue
		case r == '\n':
			bare = true
		case bare && r != ' ' && r != '\t' && r != '\r':
			b.WriteString(own)
			bare = false
		}
		b.WriteString(text[i : i+n])
		i += n
	}
	return b.String()
}

// strip takes the marks out of a text.
func strip(text string) string {
	if !hasMarks(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if isMark(r) {
			return -1
		}
		return r
	}, text)
}

// A segment is a part of a rendered text, up to the next one, that the same
// sites have written: the template that was rendered first, what it included
// last.
type segment struct {
	start int // in the text without marks
	sites []int
}

// segments takes a marked text apart.
func segments(text string) (plain string, out []segment) {
	var b strings.Builder
	b.Grow(len(text))
	number := 0
	var sites []int
	for i := 0; i < len(text); {
		if text[i] != 0xf3 {
			n := strings.IndexByte(text[i:], 0xf3)
			if n < 0 {
				n = len(text) - i
			}
			b.WriteString(text[i : i+n])
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == markOpen:
			sites = make([]int, 0, 1)
		case r == markNext:
			sites = append(sites, number)
			number = 0
		case r == markClose:
			out = appendSegment(out, segment{b.Len(), sites})
		case r >= markDigit && r < markDigit+markBase:
			number = number*markBase + int(r-markDigit)
		default:
			b.WriteString(text[i : i+n])
		}
		i += n
	}
	return b.String(), out
}

// appendSegment drops what wrote nothing.
func appendSegment(out []segment, s segment) []segment {
	if n := len(out); n > 0 && out[n-1].start == s.start {
		out = out[:n-1]
	}
	return append(out, s)
}
