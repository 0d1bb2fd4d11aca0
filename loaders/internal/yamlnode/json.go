package yamlnode

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// readJSON reads the JSON values in content[at:end] (RFC 8259); start is where
// the document's text begins. Several values in a row are as many documents,
// as kubectl reads them.
func readJSON(a *arena, content []byte, start, at, end int) ([]Doc, *problem) {
	s := scanner{arena: a, b: content[:end], at: at, base: at}
	// One copy of the text, of which every decoded string without escapes is a
	// part: one allocation in place of one for each string.
	if s.valid = utf8.Valid(content[at:end]); s.valid {
		s.text = string(content[at:end])
	}
	var docs []Doc
	for s.space(); s.at < end; s.space() {
		if len(docs) > 0 && s.b[s.at] != '{' {
			s.fail(s.at, "unexpected text after the end of the value")
			return docs, s.bad
		}
		s.count = 0
		root := s.value(0)
		if s.bad != nil {
			return docs, s.bad
		}
		root.count = s.count
		docs = append(docs, Doc{Root: root, Start: start, End: s.at})
		start = s.at
	}
	if len(docs) > 0 {
		docs[len(docs)-1].End = end
	}
	return docs, nil
}

// A scanner reads JSON.
type scanner struct {
	*arena
	b     []byte
	at    int
	text  string // b from base on, if valid
	base  int
	valid bool // the text is UTF-8
	bad   *problem
	stack []*Node
	count int32
}

// fail notes the first problem.
func (s *scanner) fail(offset int, format string, args ...any) {
	if s.bad == nil {
		s.bad = &problem{offset, "invalid JSON: " + fmt.Sprintf(format, args...)}
	}
}

func (s *scanner) space() {
	for s.at < len(s.b) {
		switch s.b[s.at] {
		case ' ', '\n', '\t', '\r':
			s.at++
		default:
			return
		}
	}
}

func (s *scanner) value(depth int) *Node {
	n := s.node()
	s.count++
	n.Start, n.Body = s.at, s.at
	if depth > maxDepth {
		s.fail(s.at, "values nest deeper than %d levels", maxDepth)
		return n
	}
	if s.at == len(s.b) {
		s.fail(s.at, "the text ends where a value is expected")
		return n
	}
	switch s.b[s.at] {
	case '{':
		s.object(n, depth)
	case '[':
		s.array(n, depth)
	case '"':
		n.Style = DoubleQuoted
		n.Text = s.str()
	default:
		s.word(n)
	}
	n.End = s.at
	return n
}

func (s *scanner) object(n *Node, depth int) {
	n.Kind = Mapping
	base := len(s.stack)
	s.at++
	for s.space(); s.bad == nil; s.space() {
		if s.at < len(s.b) && s.b[s.at] == '}' && len(s.stack) == base {
			break
		}
		if s.at >= len(s.b) || s.b[s.at] != '"' {
			s.unexpected(n, "object", "a key in double quotes")
			return
		}
		key := s.node()
		key.Start, key.Body, key.Style = s.at, s.at, DoubleQuoted
		key.Text = s.str()
		key.End = s.at
		if s.space(); s.bad == nil && (s.at >= len(s.b) || s.b[s.at] != ':') {
			s.unexpected(n, "object", `":" after the key`)
		}
		if s.bad != nil {
			return
		}
		s.at++
		s.space()
		s.stack = append(s.stack, key, s.value(depth+1))
		if !s.more(n, "object", '}') {
			break
		}
	}
	if s.bad != nil {
		return
	}
	s.at++
	pairs := s.stack[base:]
	n.Keys, n.Values = s.nodesOf(len(pairs)/2), s.nodesOf(len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		n.Keys, n.Values = append(n.Keys, pairs[i]), append(n.Values, pairs[i+1])
	}
	s.stack = s.stack[:base]
}

func (s *scanner) array(n *Node, depth int) {
	n.Kind = Sequence
	base := len(s.stack)
	s.at++
	for s.space(); s.bad == nil; s.space() {
		if s.at < len(s.b) && s.b[s.at] == ']' && len(s.stack) == base {
			break
		}
		s.stack = append(s.stack, s.value(depth+1))
		if !s.more(n, "array", ']') {
			break
		}
	}
	if s.bad != nil {
		return
	}
	s.at++
	n.Items = append(s.nodesOf(len(s.stack)-base), s.stack[base:]...)
	s.stack = s.stack[:base]
}

// more steps over the comma between two elements; at the closing bracket it
// says false.
func (s *scanner) more(n *Node, what string, closing byte) bool {
	if s.bad != nil {
		return false
	}
	s.space()
	switch {
	case s.at < len(s.b) && s.b[s.at] == closing:
		return false
	case s.at < len(s.b) && s.b[s.at] == ',':
		comma := s.at
		s.at++
		if s.space(); s.at < len(s.b) && s.b[s.at] == closing {
			s.fail(comma, "a comma before %q is not allowed", string(closing))
			return false
		}
		return true
	}
	s.unexpected(n, what, fmt.Sprintf(`"," or %q`, string(closing)))
	return false
}

func (s *scanner) unexpected(n *Node, what, want string) {
	if s.at >= len(s.b) {
		line := 1 + bytes.Count(s.b[:n.Start], []byte{'\n'})
		s.fail(len(s.b), "the text ends inside the %s that starts on line %d", what, line)
		return
	}
	r, _ := utf8.DecodeRune(s.b[s.at:])
	s.fail(s.at, "unexpected %q in an %s: expected %s", r, what, want)
}

// str reads the string at s.at.
func (s *scanner) str() string {
	from := s.at + 1
	for k := from; k < len(s.b); {
		n := bytes.IndexByte(s.b[k:], '"')
		if n < 0 {
			break
		}
		if esc := bytes.IndexByte(s.b[k:k+n], '\\'); esc >= 0 {
			k += esc + 2
			continue
		}
		k += n
		s.at = k + 1
		return s.decode(from, k)
	}
	s.fail(from-1, "the string is not closed")
	s.at = len(s.b)
	return ""
}

// decode returns the text of the string content b[from:to].
func (s *scanner) decode(from, to int) string {
	raw := s.b[from:to]
	simple := true
	for i, c := range raw {
		if c == '\\' {
			simple = false
		} else if c < ' ' {
			s.fail(from+i, "a string cannot hold the character %q unescaped", rune(c))
			return ""
		}
	}
	if simple {
		return s.slice(from, to)
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			k := bytes.IndexByte(raw[i:], '\\')
			if k < 0 {
				k = len(raw) - i
			}
			out = append(out, raw[i:i+k]...)
			i += k
			continue
		}
		if i+1 < len(raw) && strings.IndexByte(`"\/bfnrtu`, raw[i+1]) < 0 {
			s.fail(from+i, "unknown escape %q in a string", raw[i:i+2])
			return ""
		}
		text, n := unescape(raw[i:], true)
		if n == 0 {
			s.fail(from+i, "unfinished escape in a string")
			return ""
		}
		out = append(out, text...)
		i += n
	}
	return strings.ToValidUTF8(string(out), "\ufffd")
}

func (s *scanner) slice(from, to int) string {
	if s.valid {
		return s.text[from-s.base : to-s.base]
	}
	return strings.ToValidUTF8(string(s.b[from:to]), "\ufffd")
}

// word reads a number, true, false or null.
func (s *scanner) word(n *Node) {
	from := s.at
	for s.at < len(s.b) && isWordByte(s.b[s.at]) {
		s.at++
	}
	word := s.b[from:s.at]
	n.Plain = true
	n.Text = s.slice(from, s.at)
	switch {
	case string(word) == "true" || string(word) == "false" || string(word) == "null" || isNumber(word):
	case len(word) == 0:
		r, _ := utf8.DecodeRune(s.b[from:])
		s.fail(from, "unexpected %q where a value is expected", r)
	default:
		s.fail(from, "%q is not a value", shorten(string(word)))
	}
}

func isWordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' ||
		c == '-' || c == '+' || c == '.' || c == '_'
}

// isNumber reports whether b is a number of RFC 8259 section 6.
func isNumber(b []byte) bool {
	b = bytes.TrimPrefix(b, []byte{'-'})
	whole := digits(b)
	if whole == 0 || whole > 1 && b[0] == '0' {
		return false
	}
	b = b[whole:]
	if len(b) > 0 && b[0] == '.' {
		n := digits(b[1:])
		if n == 0 {
			return false
		}
		b = b[1+n:]
	}
	if len(b) > 0 && (b[0] == 'e' || b[0] == 'E') {
		b = b[1:]
		if len(b) > 0 && (b[0] == '+' || b[0] == '-') {
			b = b[1:]
		}
		return len(b) > 0 && digits(b) == len(b)
	}
	return len(b) == 0
}

func digits(b []byte) int {
	n := 0
	for n < len(b) && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	return n
}

// shorten cuts a text that is quoted in a message.
func shorten(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:37], "") + "..."
	}
	return s
}
