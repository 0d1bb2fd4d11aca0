// Package jsontext reads JSON (RFC 8259) out of a byte slice by offset: it
// splits objects and arrays without decoding them, decodes single values, and
// builds span trees. Terraform plans of tens of megabytes are read through it
// piece by piece.
package jsontext

import (
	"bytes"
	"fmt"
)

// MaxDepth bounds how deeply decoded values may be nested, so that hostile
// input cannot exhaust the stack.
const MaxDepth = 1000

// A Span is a half-open byte range of a text; the zero Span means "not there".
type Span struct{ Start, End int }

// IsZero reports whether the span is empty.
func (s Span) IsZero() bool { return s.End <= s.Start }

// Of returns the span's bytes of data, nil for the zero Span.
func (s Span) Of(data []byte) []byte {
	if s.IsZero() {
		return nil
	}
	return data[s.Start:s.End]
}

// A SyntaxError says where a text stops being JSON.
type SyntaxError struct {
	// Offset is where the problem shows, in bytes from the start of the text.
	Offset int
	// Problem is a short clause: "string is not closed".
	Problem string
}

// Error implements error.
func (e *SyntaxError) Error() string { return fmt.Sprintf("%s at byte %d", e.Problem, e.Offset) }

func syntax(offset int, problem string) error { return &SyntaxError{Offset: offset, Problem: problem} }

// Space returns the offset of the first byte at or after i that is not JSON
// white space.
func Space(data []byte, i int) int {
	for i < len(data) {
		switch data[i] {
		case ' ', '\t', '\n', '\r':
			i++
		default:
			return i
		}
	}
	return i
}

// Skip returns the end of the value that starts at or after i. It tracks
// brackets and strings only, which is what makes it fast; Decode is strict.
func Skip(data []byte, i int) (int, error) {
	i = Space(data, i)
	if i >= len(data) {
		return i, syntax(i, "the text ends where a value should be")
	}
	switch data[i] {
	case '"':
		return skipString(data, i)
	case '{', '[':
		return skipNested(data, i)
	}
	end := i
	for end < len(data) && !delimiter(data[end]) {
		end++
	}
	if end == i {
		return i, syntax(i, "a value should be here")
	}
	return end, nil
}

func delimiter(c byte) bool {
	switch c {
	case ' ', '\t', '\n', '\r', ',', ':', ']', '}', '[', '{', '"':
		return true
	}
	return false
}

func skipString(data []byte, i int) (int, error) {
	start := i
	for i++; ; {
		n := bytes.IndexByte(data[i:], '"')
		if n < 0 {
			return len(data), syntax(start, "string is not closed")
		}
		i += n
		slashes := 0
		for j := i - 1; j > start && data[j] == '\\'; j-- {
			slashes++
		}
		i++
		if slashes%2 == 0 {
			return i, nil
		}
	}
}

func skipNested(data []byte, i int) (int, error) {
	start, depth := i, 0
	for i < len(data) {
		switch data[i] {
		case '"':
			end, err := skipString(data, i)
			if err != nil {
				return end, err
			}
			i = end
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
			if depth == 0 {
				return i + 1, nil
			}
		}
		i++
	}
	return i, syntax(start, "object or array is not closed")
}

// Object reads the object that starts at or after i in one pass: f gets every
// key, in the order of the text, with the offset of its value, and returns the
// value's end. An error ends the reading.
func Object(data []byte, i int, f func(key Span, value int) (end int, err error)) (end int, err error) {
	i = Space(data, i)
	if i >= len(data) || data[i] != '{' {
		return i, syntax(i, "an object should be here")
	}
	i = Space(data, i+1)
	if i < len(data) && data[i] == '}' {
		return i + 1, nil
	}
	for more := true; more; {
		if i >= len(data) || data[i] != '"' {
			return i, syntax(i, "a key in quotes should be here")
		}
		keyEnd, err := skipString(data, i)
		if err != nil {
			return keyEnd, err
		}
		value := Space(data, keyEnd)
		if value >= len(data) || data[value] != ':' {
			return value, syntax(value, "a colon should be here")
		}
		if end, err = f(Span{i, keyEnd}, Space(data, value+1)); err != nil {
			return end, err
		}
		if more, i, err = next(data, end, '}'); err != nil {
			return i, err
		}
	}
	return i, nil
}

// Array is Object for the elements of an array.
func Array(data []byte, i int, f func(element int) (end int, err error)) (end int, err error) {
	i = Space(data, i)
	if i >= len(data) || data[i] != '[' {
		return i, syntax(i, "an array should be here")
	}
	i = Space(data, i+1)
	if i < len(data) && data[i] == ']' {
		return i + 1, nil
	}
	for more := true; more; {
		if end, err = f(i); err != nil {
			return end, err
		}
		if more, i, err = next(data, end, ']'); err != nil {
			return i, err
		}
	}
	return i, nil
}

// next reads what stands after a member or element: a comma or the bracket.
func next(data []byte, i int, closing byte) (more bool, end int, err error) {
	i = Space(data, i)
	switch {
	case i >= len(data):
		return false, i, syntax(i, "object or array is not closed")
	case data[i] == closing:
		return false, i + 1, nil
	case data[i] == ',':
		return true, Space(data, i+1), nil
	}
	return false, i, syntax(i, "a comma should be here")
}

// A Member is one key and value of an object.
type Member struct {
	// Name is the decoded key; Key its span with quotes.
	Name string
	Key  Span
	// Value is the span of the value.
	Value Span
}

// Members calls f for every member of the object at s. The members before a
// syntax error are delivered; a value that is not closed is delivered with the
// rest of the text, so that a cut-off text can be read up to the cut.
func Members(data []byte, s Span, f func(Member)) error {
	if s.IsZero() {
		return syntax(s.Start, "an object should be here")
	}
	data = data[:s.End]
	_, err := Object(data, s.Start, func(key Span, value int) (int, error) {
		name, err := Unquote(key.Of(data), key.Start)
		if err != nil {
			return key.End, err
		}
		end, err := Skip(data, value)
		if err == nil || end > value {
			f(Member{Name: name, Key: key, Value: Span{value, end}})
		}
		return end, err
	})
	return err
}

// Elements calls f for every element of the array at s. Complete elements
// before a syntax error are delivered.
func Elements(data []byte, s Span, f func(Span)) error {
	if s.IsZero() {
		return syntax(s.Start, "an array should be here")
	}
	data = data[:s.End]
	_, err := Array(data, s.Start, func(element int) (int, error) {
		end, err := Skip(data, element)
		if err == nil {
			f(Span{element, end})
		}
		return end, err
	})
	return err
}

// Field returns the span of the value under name in the object at s, the last
// one if the key repeats; zero if s is no object or lacks the key.
func Field(data []byte, s Span, name string) Span {
	var found Span
	if s.IsZero() || data[s.Start] != '{' {
		return found
	}
	data = data[:s.End]
	// A syntax error ends the search; what was found before it stands.
	_, _ = Object(data, s.Start, func(key Span, value int) (int, error) {
		end, err := Skip(data, value)
		if err == nil && isKey(data, key, name) {
			found = Span{value, end}
		}
		return end, err
	})
	return found
}

// isKey compares a key in quotes with a name; only escapes need decoding.
func isKey(data []byte, key Span, name string) bool {
	inner := data[key.Start+1 : key.End-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return string(inner) == name
	}
	text, err := Unquote(key.Of(data), key.Start)
	return err == nil && text == name
}
