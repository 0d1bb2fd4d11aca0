package document

import (
	"bytes"
	"sort"
	"sync"
	"unicode/utf8"
)

// A Source is one text as it was read. Name is relative to the working
// directory, with slashes; "-" is standard input.
type Source struct {
	Name    string
	Content []byte
	// Outer is set for a text that lies inside another one (a manifest in a
	// plan, YAML in a ConfigMap); nil for a file.
	Outer *Outer

	once  sync.Once
	lines []int // offset of the first byte of every line
}

// Outer says where an embedded text lies.
type Outer struct {
	// Range is the scalar that holds the text.
	Range Range
	// Map translates an offset in the embedded text to one in Range.Source; nil
	// when the encoding does not let that be said, so that Range is all there is.
	Map func(offset int) int
}

// A Position is a place in a Source. Line and Column count from 1, Column in
// bytes; Offset counts from 0.
type Position struct{ Line, Column, Offset int }

// A Range is a part of a Source; End is exclusive. The zero Range is "nowhere".
type Range struct {
	Source     *Source
	Start, End Position
}

// IsZero reports whether r is nowhere.
func (r Range) IsZero() bool { return r.Source == nil }

// File returns the name of the range's source, "" for the zero Range.
func (r Range) File() string {
	if r.Source == nil {
		return ""
	}
	return r.Source.Name
}

// Text returns the source text of the range.
func (r Range) Text() string {
	if r.Source == nil {
		return ""
	}
	return string(r.Source.Content[r.Start.Offset:r.End.Offset])
}

// Outermost translates a range in an embedded text to the file that holds it.
func (r Range) Outermost() Range {
	for r.Source != nil && r.Source.Outer != nil {
		o := r.Source.Outer
		if o.Map == nil {
			r = o.Range
			continue
		}
		r = o.Range.Source.Range(o.Map(r.Start.Offset), o.Map(r.End.Offset))
	}
	return r
}

func (s *Source) index() []int {
	s.once.Do(func() {
		s.lines = append(s.lines, 0)
		// A text of the old Mac kind has carriage returns only.
		ends := byte('\n')
		if bytes.IndexByte(s.Content, '\n') < 0 {
			ends = '\r'
		}
		for i := 0; ; {
			n := bytes.IndexByte(s.Content[i:], ends)
			if n < 0 {
				break
			}
			i += n + 1
			s.lines = append(s.lines, i)
		}
	})
	return s.lines
}

// Position returns the line and column of a byte offset.
func (s *Source) Position(offset int) Position {
	offset = min(max(offset, 0), len(s.Content))
	lines := s.index()
	i := sort.SearchInts(lines, offset+1) - 1
	return Position{Line: i + 1, Column: offset - lines[i] + 1, Offset: offset}
}

// Offset returns the byte offset of a line and a column counted in bytes.
func (s *Source) Offset(line, column int) int {
	lines := s.index()
	if line < 1 {
		return 0
	}
	if line > len(lines) {
		return len(s.Content)
	}
	return min(lines[line-1]+column-1, len(s.Content))
}

// OffsetRunes is Offset with the column counted in runes, as YAML parsers do.
func (s *Source) OffsetRunes(line, column int) int {
	at := s.Offset(line, 1)
	for ; column > 1 && at < len(s.Content); column-- {
		_, n := utf8.DecodeRune(s.Content[at:])
		at += n
	}
	return at
}

// Range returns the range between two byte offsets.
func (s *Source) Range(start, end int) Range {
	return Range{Source: s, Start: s.Position(start), End: s.Position(max(start, end))}
}

// Lines returns how many lines the source has.
func (s *Source) Lines() int { return len(s.index()) }

// Line returns the text of line n (from 1) without its line break.
func (s *Source) Line(n int) string {
	lines := s.index()
	if n < 1 || n > len(lines) {
		return ""
	}
	end := len(s.Content)
	if n < len(lines) {
		end = lines[n] - 1
	}
	return string(bytes.TrimSuffix(s.Content[lines[n-1]:end], []byte("\r")))
}
