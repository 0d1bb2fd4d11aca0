package tfplan

import (
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A step is one module call on the way to a resource: module.name or
// module.name["key"]. The key is kept as Terraform writes it, with brackets;
// "" means that the call has neither count nor for_each.
type step struct{ name, key string }

// tokens splits an address or a reference into names and bracketed keys, never
// at dots inside keys: module.a["x.y"].b -> module, a, ["x.y"], b.
func tokens(s string) []string {
	var out []string
	for s != "" {
		n := 0
		if s[0] == '[' {
			n = bracketEnd(s)
		} else if n = strings.IndexAny(s, ".["); n < 0 {
			n = len(s)
		}
		if n > 0 {
			out = append(out, s[:n])
		}
		s = strings.TrimPrefix(s[n:], ".")
	}
	return out
}

// bracketEnd returns the length of the [key] that s starts with, or of all of s
// if it is not closed.
func bracketEnd(s string) int {
	quoted := false
	for i := 1; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ']' && !quoted:
			return i + 1
		}
	}
	return len(s)
}

// isKey reports whether a token is a bracketed key.
func isKey(token string) bool { return strings.HasPrefix(token, "[") }

// keyOf takes the key at the front of list, "" if there is none.
func keyOf(list []string) (key string, rest []string) {
	if len(list) > 0 && isKey(list[0]) {
		return list[0], list[1:]
	}
	return "", list
}

// modulePath reads a module address: module.a["k"].module.b.
func modulePath(address string) []step {
	var out []step
	list := tokens(address)
	for len(list) >= 2 && list[0] == "module" {
		s := step{name: list[1]}
		s.key, list = keyOf(list[2:])
		out = append(out, s)
	}
	return out
}

// configPath is the path without instance keys, as configuration has it.
func configPath(module []step) string {
	names := make([]string, len(module))
	for i, s := range module {
		names[i] = s.name
	}
	return strings.Join(names, ".")
}

// instancePath writes a module path back as an address.
func instancePath(module []step) string {
	var b strings.Builder
	for i, s := range module {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString("module." + s.name + s.key)
	}
	return b.String()
}

// keyText writes the index of a resource change the way addresses do.
func keyText(index any) string {
	switch index := index.(type) {
	case int64:
		return "[" + strconv.FormatInt(index, 10) + "]"
	case string:
		return "[" + strconv.Quote(index) + "]"
	}
	return ""
}

// attributePath turns the tokens after a resource into a raw path.
func attributePath(list []string) document.Path {
	path := make(document.Path, 0, len(list))
	for _, t := range list {
		if !isKey(t) {
			path = append(path, t)
			continue
		}
		inner := strings.TrimSuffix(t[1:], "]")
		if i, err := strconv.Atoi(inner); err == nil {
			path = append(path, i)
			continue
		}
		if s, err := strconv.Unquote(inner); err == nil {
			path = append(path, s)
			continue
		}
		return path
	}
	return path
}
