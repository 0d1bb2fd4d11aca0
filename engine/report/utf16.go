package report

import (
	"unicode/utf16"
	"unicode/utf8"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// utf16Columns turns byte columns into columns of UTF-16 code units, as SARIF
// counts them. It remembers, per source, the last place it was asked for:
// results come in order, and a line may be millions of bytes long.
type utf16Columns map[*document.Source]*utf16Cursor

type utf16Cursor struct {
	isASCII bool
	line    int
	offset  int // bytes from the start of the source
	units   int // code units between the start of the line and offset
}

func (u utf16Columns) column(src *document.Source, p document.Position) int {
	c := u[src]
	if c == nil {
		c = &utf16Cursor{isASCII: isASCII(src.Content)}
		u[src] = c
	}
	if c.isASCII {
		return p.Column
	}
	if start := p.Offset - (p.Column - 1); c.line != p.Line || c.offset > p.Offset {
		c.line, c.offset, c.units = p.Line, start, 0
	}
	for c.offset < p.Offset {
		r, size := utf8.DecodeRune(src.Content[c.offset:])
		c.offset += size
		c.units += max(utf16.RuneLen(r), 1)
	}
	return c.units + 1
}

func isASCII(text []byte) bool {
	for _, b := range text {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
