package loaders

import (
	"bytes"
	"path"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfeval"
)

// A glance is what the beginning of a text says about Kubernetes objects in it.
type glance struct {
	objects Confidence
	helm    bool // a comment names a chart template
	eksctl  bool // the first object is eksctl's
}

// A looker collects what look finds.
type looker struct {
	glance
	version, kind bool // the keys were seen
}

func (l *looker) key(name, value string) {
	switch name {
	case "apiVersion":
		l.eksctl = l.eksctl || !l.version && isEksctl(value)
		l.version = true
	case "kind":
		l.kind = true
	}
}

func (l *looker) answer() glance {
	switch {
	case l.version && l.kind:
		l.objects = Yes
	case l.version || l.kind:
		l.objects = Maybe
	}
	return l.glance
}

// look reads lines, not YAML: keys at the margin are those of the documents.
func look(name string, head []byte) glance {
	if tfeval.IsConfiguration(path.Base(name)) {
		return glance{} // manifests in its texts are brought out of the resources they stand in
	}
	if text := bytes.TrimLeft(head, " \t\r\n"); len(text) > 0 && text[0] == '{' {
		return lookJSON(text)
	}
	l := looker{}
	first := true
	for line := range bytes.Lines(head) {
		line = bytes.TrimRight(line, " \t\r\n")
		if comment, ok := bytes.CutPrefix(line, []byte("# Source: ")); ok {
			l.helm = l.helm || isChartPath(string(comment))
		}
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		key, value := marginKey(line)
		if first && !promises(name) && key != "apiVersion" && key != "kind" && string(line) != "---" {
			return glance{} // prose, or source code with a manifest in it
		}
		first = false
		l.key(key, value)
	}
	return l.answer()
}

// marginKey reads "key: value" at the start of a line, quotes taken off.
func marginKey(line []byte) (key, value string) {
	k, v, found := bytes.Cut(line, []byte(":"))
	if !found || len(k) == 0 || len(v) > 0 && v[0] != ' ' && v[0] != '\t' {
		return "", ""
	}
	return unquote(string(k)), unquote(string(v))
}

func unquote(s string) string {
	if i := strings.Index(s, " #"); i >= 0 {
		s = s[:i]
	}
	return strings.Trim(strings.TrimSpace(s), `"'`)
}

// lookJSON finds the keys of the outermost object.
func lookJSON(text []byte) glance {
	l := looker{}
	depth, last := 0, ""
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
			last = ""
		case '}', ']':
			depth--
			last = ""
		case ',':
			last = ""
		case '"':
			end := closingQuote(text, i)
			if end < 0 {
				return l.answer()
			}
			word := string(text[i+1 : end])
			if depth == 1 && last != "" {
				l.key(last, word)
			}
			last = word
			i = end
		}
	}
	return l.answer()
}

// closingQuote returns where the string that opens at i ends, -1: not here.
func closingQuote(text []byte, i int) int {
	for i++; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}
