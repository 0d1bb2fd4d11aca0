package walk

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A rule is one line of an ignore file (gitignore(5)).
type rule struct {
	negated  bool
	dirOnly  bool
	anchored bool // compared with the path from the file's folder, not the name
	match    func(string) bool
}

// ruleset holds the rules of one folder, the later the stronger.
type ruleset struct {
	dir   string // real path of the folder, with slashes
	rules []rule
}

// ignoreFiles are read in this order, so that the second can take back what
// the first leaves out.
var ignoreFiles = [...]string{".gitignore", ".plimsollignore"} //nolint:gochecknoglobals // a constant

// readRules reads the ignore files of a folder; nil if there are none.
func readRules(dir string) *ruleset {
	var rs *ruleset
	for _, name := range ignoreFiles {
		rs = rs.add(dir, filepath.Join(dir, name))
	}
	return rs
}

// add appends the rules in one file. A file that cannot be read has none: git
// does the same, and the files it would leave out are then read.
func (rs *ruleset) add(dir, file string) *ruleset {
	text, err := os.ReadFile(file) //nolint:gosec // reading ignore files is the purpose
	if err != nil {
		return rs
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	for line := range bytes.Lines(text) {
		if r, ok := parseRule(strings.TrimRight(string(line), "\r\n")); ok {
			if rs == nil {
				rs = &ruleset{dir: filepath.ToSlash(dir)}
			}
			rs.rules = append(rs.rules, r)
		}
	}
	return rs
}

// parseRule reads one line; false if it holds no rule.
func parseRule(line string) (rule, bool) {
	var r rule
	if strings.HasPrefix(line, "#") {
		return r, false
	}
	if rest, ok := strings.CutPrefix(line, "!"); ok {
		r.negated, line = true, rest
	}
	line = trimSpaces(line)
	if rest, ok := strings.CutSuffix(line, "/"); ok {
		r.dirOnly, line = true, rest
	}
	if line == "" {
		return r, false
	}
	r.anchored = strings.Contains(line, "/")
	r.match = matcher(strings.TrimPrefix(line, "/"), r.anchored)
	return r, r.match != nil
}

// trimSpaces takes off trailing spaces that no backslash protects.
func trimSpaces(s string) string {
	for strings.HasSuffix(s, " ") {
		slashes := len(s) - 1 - len(strings.TrimRight(s[:len(s)-1], `\`))
		if slashes%2 == 1 {
			break
		}
		s = s[:len(s)-1]
	}
	return s
}

// matcher returns a function that compares with a pattern; nil for a pattern
// that matches nothing.
func matcher(pattern string, anchored bool) func(string) bool {
	if !strings.ContainsAny(pattern, `*?[\`) {
		return func(s string) bool { return s == pattern }
	}
	if rest, ok := strings.CutPrefix(pattern, "*"); ok && !anchored && !strings.ContainsAny(rest, `*?[\`) {
		return func(s string) bool { return strings.HasSuffix(s, rest) }
	}
	expr, ok := translate(pattern)
	if !ok {
		return nil
	}
	re, err := regexp.Compile("^(?s:" + expr + ")$")
	if err != nil {
		return nil
	}
	return func(s string) bool { return re.MatchString(byByte(s)) }
}

// byByte turns every byte of a name into a character: to git, "?" is one byte.
func byByte(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			out := make([]rune, len(s))
			for i := range len(s) {
				out[i] = rune(s[i])
			}
			return string(out)
		}
	}
	return s
}

// translate turns a pattern into a regular expression, as git's wildmatch with
// WM_PATHNAME reads it: only "**" between slashes crosses folders. Git compares
// the part before the first special character by itself, so that "**" right
// behind it counts as the beginning.
func translate(p string) (expr string, ok bool) {
	var b strings.Builder
	start := strings.IndexAny(p, `*?[\`)
	for i := 0; i < len(p); {
		switch p[i] {
		case '*':
			n := len(p[i:]) - len(strings.TrimLeft(p[i:], "*"))
			alone := n > 1 && (i == start || p[i-1] == '/')
			switch {
			case alone && i+n == len(p):
				b.WriteString(".*")
			case alone && p[i+n] == '/':
				b.WriteString("(?:.*/)?")
				n++
			default:
				b.WriteString("[^/]*")
			}
			i += n
		case '?':
			b.WriteString("[^/]")
			i++
		case '[':
			class, n := bracket(p[i:])
			if n == 0 {
				return "", false
			}
			b.WriteString(class)
			i += n
		case '\\':
			if i+1 == len(p) {
				return "", false
			}
			b.WriteString(regexp.QuoteMeta(string(rune(p[i+1]))))
			i += 2
		default:
			b.WriteString(regexp.QuoteMeta(string(rune(p[i]))))
			i++
		}
	}
	return b.String(), true
}

// bracket translates the [...] at the start of p; n is 0 if it is not closed.
func bracket(p string) (class string, n int) {
	i := 1
	var b strings.Builder
	b.WriteByte('[')
	if i < len(p) && (p[i] == '!' || p[i] == '^') {
		b.WriteString("^/")
		i++
	}
	for first := i; i < len(p); {
		if p[i] == ']' && i > first {
			b.WriteByte(']')
			return b.String(), i + 1
		}
		i += element(&b, p[i:], i == first)
	}
	return "", 0
}

// element translates the class, escape or character at the start of p, inside
// brackets, and returns its length.
func element(b *strings.Builder, p string, first bool) int {
	if end := strings.Index(p, ":]"); end > 0 && strings.HasPrefix(p, "[:") {
		b.WriteString(p[:end+2])
		return end + 2
	}
	n := 1
	if p[0] == '\\' && len(p) > 1 {
		n = 2
	}
	c := p[n-1]
	inRange := c == '-' && n == 1 && !first && len(p) > 1 && p[1] != ']'
	if !inRange && strings.IndexByte(`\[]^-&~`, c) >= 0 {
		b.WriteByte('\\')
	}
	b.WriteRune(rune(c))
	return n
}

// ignored reports whether the rules leave out the entry with a real path: the
// last rule that matches decides, those of the innermost folder first.
func ignored(sets []*ruleset, target string, isDir bool) bool {
	for _, rs := range slices.Backward(sets) {
		if rs == nil {
			continue
		}
		rel := strings.TrimPrefix(strings.TrimPrefix(target, rs.dir), "/")
		for j := len(rs.rules) - 1; j >= 0; j-- {
			r := &rs.rules[j]
			if r.dirOnly && !isDir {
				continue
			}
			subject := rel
			if !r.anchored {
				subject = path.Base(rel)
			}
			if r.match(subject) {
				return !r.negated
			}
		}
	}
	return false
}
