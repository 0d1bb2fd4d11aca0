package report

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/plimsoll-dev/plimsoll/engine/internal/term"
	"github.com/plimsoll-dev/plimsoll/engine/redact"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// How many lines of an excerpt stand before and after the marked one.
const linesBefore, linesAfter = 2, 1

// An excerpt is the piece of a source around a range, ready to print.
type excerpt struct {
	lines []excerptLine
	// gutter is the width of the line numbers.
	gutter int
}

type excerptLine struct {
	number int
	text   string
	// from and to are the columns of the mark, from 0; equal where there is none.
	from, to int
}

// A line is one line of a source, without its break. It is never copied whole:
// a plan of 20 MB may be a single line.
type line struct {
	src    *document.Source
	number int
	start  int
	text   []byte
}

func lineOf(src *document.Source, n int) line {
	start, end := src.Offset(n, 1), src.Offset(n+1, 1)
	return line{src: src, number: n, start: start, text: bytes.TrimRight(src.Content[start:end], "\r\n")}
}

func (l line) isBlank() bool { return len(bytes.TrimSpace(l.text)) == 0 }

// cut takes the lines around a range. Key is the range of the value's key,
// where a line that is too long begins. Alone leaves out all that is not the
// key or the value.
func cut(m *redact.Masker, r, key document.Range, columns int, alone bool) excerpt {
	src, marked := r.Source, r.Start.Line
	first, last := marked, marked
	if !alone {
		first, last = max(1, first-linesBefore), min(src.Lines(), last+linesAfter)
	}
	// Blank lines at the edges show nothing.
	for first < marked && lineOf(src, first).isBlank() {
		first++
	}
	for last > marked && lineOf(src, last).isBlank() {
		last--
	}
	e := excerpt{gutter: len(strconv.Itoa(last))}
	columns = max(columns-e.gutter-6, 20)
	for n := first; n <= last; n++ {
		if n == marked {
			e.lines = append(e.lines, mark(m, r, key, columns, alone))
			continue
		}
		l := lineOf(src, n)
		end := l.fitting(0, columns)
		text, _ := layOut(m, l, 0, end)
		e.lines = append(e.lines, excerptLine{number: n, text: text + l.dots(end)})
	}
	return e
}

// mark lays out the line a range starts on and says where the mark goes.
func mark(m *redact.Masker, r, key document.Range, columns int, alone bool) excerptLine {
	l := lineOf(r.Source, r.Start.Line)
	from := min(r.Start.Offset-l.start, len(l.text))
	to := min(r.End.Offset-l.start, len(l.text))
	to = from + len(bytes.TrimRight(l.text[from:max(from, to)], " \t"))
	begin, end := 0, l.fitting(0, columns)
	if alone || end < to && l.fitting(0, columns/2) < from {
		// A line too long to show, such as a plan's only one, begins at the key and
		// ends with the value: what the neighbors hold is not this finding's matter.
		begin = from
		if k := key.Start.Offset - l.start; key.File() == r.File() && k >= 0 && k < from && from-k < columns/2 {
			begin = k
		}
		if len(bytes.TrimSpace(l.text[:begin])) == 0 {
			begin = 0
		}
		end = min(l.fitting(begin, columns), max(to, from+1), len(l.text))
	}
	text, column := layOut(m, l, begin, end)
	out := excerptLine{number: l.number, text: text + l.dots(end)}
	last := len(column) - 1
	out.from, out.to = column[min(from-begin, last)], column[min(to-begin, last)]
	out.to = max(out.to, out.from+1) // an empty value still has a place
	if begin > 0 {
		out.text = "…" + out.text
		out.from++
		out.to++
	}
	return out
}

func (l line) dots(end int) string {
	if end < len(l.text) {
		return "…"
	}
	return ""
}

// fitting returns the end of the part from begin on that takes at most columns,
// without cutting a character.
func (l line) fitting(begin, columns int) int {
	used := 0
	for i := begin; i < len(l.text); {
		r, size := utf8.DecodeRune(l.text[i:])
		if used += term.RuneWidth(r); used > columns {
			return i
		}
		i += size
	}
	return len(l.text)
}

// layOut renders the part of a line between two byte offsets, with secrets
// hidden and control characters made visible. Column says where every byte of
// the part, and its end, has come to stand.
func layOut(m *redact.Masker, l line, begin, end int) (text string, column []int) {
	part := l.text[begin:end]
	spans := hiddenIn(m, l, begin, end)
	var b strings.Builder
	column = make([]int, len(part)+1)
	at, k, written := 0, 0, -1
	for i := 0; i < len(part); {
		r, size := utf8.DecodeRune(part[i:])
		for k < len(spans) && spans[k].End <= i {
			k++
		}
		start := at
		switch isHidden := k < len(spans) && spans[k].Start < i+size; {
		case isHidden && written != k:
			written = k
			b.WriteString(redact.Hidden)
			at += term.Width(redact.Hidden)
		case isHidden: // the stand-in covers it
		case r == '\t':
			b.WriteString(strings.Repeat(" ", term.RuneWidth(r)))
			at += term.RuneWidth(r)
		default:
			clean := term.CleanRune(r)
			b.WriteRune(clean)
			at += term.RuneWidth(clean)
		}
		for j := range size {
			column[i+j] = start
		}
		i += size
	}
	column[len(part)] = at
	return b.String(), column
}

// hiddenIn returns the spans of a part of a line that must not be shown, counted
// from the part's start.
func hiddenIn(m *redact.Masker, l line, begin, end int) []redact.Span {
	margin := m.Margin(l.src.Name)
	before, after := min(begin, margin), min(len(l.text)-end, margin)
	around := string(l.text[begin-before : end+after])
	part := string(l.text[begin:end])
	var out []redact.Span
	for _, s := range m.Spans(l.src.Name, around, l.start+begin-before) {
		a, b := max(s.Start-before, 0), min(s.End-before, len(part))
		if a >= b {
			continue
		}
		if a, b = trim(part, a, b); a < b {
			out = append(out, redact.Span{Start: a, End: b})
		}
	}
	return out
}

// trim leaves out of the hidden part of a line what is no secret and helps to
// read it: white space, quotes and the header of a block scalar.
func trim(text string, a, b int) (start, end int) {
	s := text[a:b]
	a += len(s) - len(strings.TrimLeft(s, " \t"))
	b = a + len(strings.TrimRight(text[a:b], " \t\r\n"))
	s = text[a:b]
	if s != "" && (s[0] == '|' || s[0] == '>') && strings.Trim(s, "|>+-0123456789") == "" {
		return a, a
	}
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[0] == s[len(s)-1] {
		return a + 1, b - 1
	}
	return a, b
}
