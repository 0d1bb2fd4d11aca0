package yamlnode

import (
	"bytes"
	"unicode/utf8"
)

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// breakLen returns the length of the YAML line break at the start of b, 0 if
// there is none. The node library counts lines by YAML 1.1 (section 5.4):
// besides LF, CR LF and CR also NEL, LS and PS.
func breakLen(b []byte) int {
	if len(b) == 0 {
		return 0
	}
	switch b[0] {
	case '\n':
		return 1
	case '\r':
		if len(b) > 1 && b[1] == '\n' {
			return 2
		}
		return 1
	case 0xC2:
		if len(b) > 1 && b[1] == 0x85 {
			return 2
		}
	case 0xE2:
		if len(b) > 2 && b[1] == 0x80 && (b[2] == 0xA8 || b[2] == 0xA9) {
			return 3
		}
	}
	return 0
}

// lineEnd returns the offset of the next line feed, or the end.
func lineEnd(b []byte, at int) int {
	if n := bytes.IndexByte(b[at:], '\n'); n >= 0 {
		return at + n
	}
	return len(b)
}

func trimBlank(b []byte) []byte { return bytes.Trim(b, " \t\r\n\ufeff") }

// skipSpace moves over blanks and line breaks, and over comments that stand at
// the start of a line or behind a blank.
func skipSpace(b []byte, at int) int {
	for at < len(b) {
		switch {
		case isBlank(b[at]):
			at++
		case breakLen(b[at:]) > 0:
			at += breakLen(b[at:])
		case b[at] == '#' && (at == 0 || isBlank(b[at-1]) || endsInBreak(b[:at])):
			for at < len(b) && breakLen(b[at:]) == 0 {
				at++
			}
		default:
			return at
		}
	}
	return at
}

func endsInBreak(b []byte) bool {
	n := len(b)
	return n > 0 && (b[n-1] == '\n' || b[n-1] == '\r' ||
		n > 1 && breakLen(b[n-2:]) == 2 || n > 2 && breakLen(b[n-3:]) == 3)
}

// lines translates the node library's lines and columns (in characters) to
// byte offsets.
type lines struct {
	text   []byte
	base   int // offset of text in the source
	starts []int32
	ascii  bool
	// The last answer: nodes come in source order, so that a long line with
	// other characters than ASCII is walked once and not once per node.
	line, column, offset int
}

func newLines(text []byte, base int) *lines {
	l := &lines{text: text, base: base, ascii: true}
	l.starts = make([]int32, 1, 16+bytes.Count(text, []byte{'\n'}))
	plain := bytes.IndexByte(text, '\r') < 0
	for _, c := range text {
		if c >= utf8.RuneSelf {
			l.ascii, plain = false, false
			break
		}
	}
	for at := 0; at < len(text); {
		if plain {
			n := bytes.IndexByte(text[at:], '\n')
			if n < 0 {
				break
			}
			at += n + 1
			l.starts = append(l.starts, int32(at)) //nolint:gosec // a source is below 2 GiB
			continue
		}
		n := breakLen(text[at:])
		at += max(n, 1)
		if n > 0 {
			l.starts = append(l.starts, int32(at)) //nolint:gosec // as above
		}
	}
	return l
}

// at returns the offset in the source of a line and a column, both from 1.
func (l *lines) at(line, column int) int {
	if line < 1 || line > len(l.starts) {
		return l.base + len(l.text)
	}
	start := int(l.starts[line-1])
	if l.ascii {
		return l.base + min(start+column-1, len(l.text))
	}
	from := 1
	if line == l.line && column >= l.column {
		start, from = l.offset, l.column
	}
	for ; from < column && start < len(l.text); from++ {
		_, n := utf8.DecodeRune(l.text[start:])
		start += n
	}
	l.line, l.column, l.offset = line, from, start
	return l.base + start
}

// indentOf returns how many characters stand before offset on its line.
func indentOf(content []byte, offset int) int {
	start := offset
	for start > 0 && !endsInBreak(content[:start]) {
		start--
	}
	return utf8.RuneCount(content[start:offset])
}
