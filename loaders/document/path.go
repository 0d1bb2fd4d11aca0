package document

import (
	"fmt"
	"strconv"
	"strings"
)

// A Path leads from the root of a value to a part of it: string keys and int
// indices. Written out, keys are joined with dots and indices stand in
// brackets; a key with other characters than letters, digits, "_" and "-" is
// written ["a.b/c"]. The index -1 is the wildcard [*], used in declarations.
type Path []any

// Wildcard is the index that stands for every element, written [*].
const Wildcard = -1

// String writes the path out.
func (p Path) String() string {
	var b strings.Builder
	for i, e := range p {
		switch e := e.(type) {
		case int:
			if e == Wildcard {
				b.WriteString("[*]")
				continue
			}
			b.WriteByte('[')
			b.WriteString(strconv.Itoa(e))
			b.WriteByte(']')
		case string:
			if !plainKey(e) {
				b.WriteByte('[')
				b.WriteString(strconv.Quote(e))
				b.WriteByte(']')
				continue
			}
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(e)
		}
	}
	return b.String()
}

func plainKey(s string) bool {
	if s == "" {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-' && c != ':' && c != '$' {
			return false
		}
	}
	return true
}

// Append returns a new path with elements added; p is not changed.
func (p Path) Append(elements ...any) Path {
	out := make(Path, 0, len(p)+len(elements))
	return append(append(out, p...), elements...)
}

// HasPrefix reports whether p begins with prefix; a wildcard in prefix matches
// any index.
func (p Path) HasPrefix(prefix Path) bool {
	if len(prefix) > len(p) {
		return false
	}
	for i, e := range prefix {
		if e == p[i] {
			continue
		}
		if w, ok := e.(int); ok && w == Wildcard {
			if _, isIndex := p[i].(int); isIndex {
				continue
			}
		}
		return false
	}
	return true
}

// ParsePath reads a written-out path.
func ParsePath(s string) (Path, error) {
	var p Path
	for i := 0; i < len(s); {
		switch s[i] {
		case '.':
			if i == 0 || i == len(s)-1 {
				return nil, fmt.Errorf("path %q: dot at the end", s)
			}
			i++
		case '[':
			elem, n, err := parseBracket(s[i:])
			if err != nil {
				return nil, fmt.Errorf("path %q: %w", s, err)
			}
			p = append(p, elem)
			i += n
		default:
			n := strings.IndexAny(s[i:], ".[")
			if n < 0 {
				n = len(s) - i
			}
			p = append(p, s[i:i+n])
			i += n
		}
	}
	return p, nil
}

// parseBracket reads one [index], [*] or ["key"] at the start of s.
func parseBracket(s string) (elem any, n int, err error) {
	if strings.HasPrefix(s, "[*]") {
		return Wildcard, 3, nil
	}
	if strings.HasPrefix(s, `["`) {
		quoted, err := strconv.QuotedPrefix(s[1:])
		if err != nil || !strings.HasPrefix(s[1+len(quoted):], "]") {
			return nil, 0, fmt.Errorf("unfinished key at %q", s)
		}
		key, err := strconv.Unquote(quoted)
		return key, len(quoted) + 2, err
	}
	end := strings.IndexByte(s, ']')
	if end < 0 {
		return nil, 0, fmt.Errorf("unfinished index at %q", s)
	}
	i, err := strconv.Atoi(s[1:end])
	if err != nil || i < 0 {
		return nil, 0, fmt.Errorf("index %q is not a number", s[1:end])
	}
	return i, end + 1, nil
}

// At returns the value at path inside v.
func At(v Value, path Path) (Value, bool) {
	for _, e := range path {
		switch e := e.(type) {
		case string:
			m, ok := v.(map[string]any)
			if !ok {
				return nil, false
			}
			if v, ok = m[e]; !ok {
				return nil, false
			}
		case int:
			l, ok := v.([]any)
			if !ok || e < 0 || e >= len(l) {
				return nil, false
			}
			v = l[e]
		}
	}
	return v, true
}
