package cfn

import (
	"bytes"
	"regexp"
	"strings"
)

// A Guess says how much the beginning of a text looks like a template.
type Guess int

// The guesses.
const (
	// NoTemplate: something else.
	NoTemplate Guess = iota
	// MaybeTemplate: the sections seen so far are those of a template, but no
	// resource is among them.
	MaybeTemplate
	// IsTemplate: the format version is there, or a resource type.
	IsTemplate
)

const versionKey = "AWSTemplateFormatVersion"

// isSection reports whether a key is a top-level key of a template, beside the
// version.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
func isSection(key string) bool {
	switch key {
	case "Parameters", "Mappings", "Conditions", "Resources", "Outputs", "Rules", "Hooks", "Transform", "Description", "Metadata", "Globals":
		return true
	default:
		return false
	}
}

// isForeign reports whether a top-level key is one that no template has and
// other formats need.
func isForeign(key string) bool {
	switch key {
	case "apiVersion", "kind", "planned_values", "resource_changes", "format_version", "terraform_version", "swagger", "openapi":
		return true
	default:
		return false
	}
}

// Detect looks at the first bytes of a text. complete says that they are all
// of it.
func Detect(head []byte, complete bool) Guess {
	if !promising(head) {
		return NoTemplate
	}
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	text := bytes.TrimLeft(head, " \t\r\n")
	var d detector
	if len(text) > 0 && text[0] == '{' {
		d.json(text)
	} else {
		d.yaml(head)
	}
	switch {
	case d.foreign:
		return NoTemplate
	case d.version, d.typed:
		return IsTemplate
	case d.sections > 1 && !complete && !d.others:
		return MaybeTemplate // the resources come later
	default:
		return NoTemplate
	}
}

// promising looks for words without which a text is no template. It keeps the
// thousands of manifests in a repository cheap.
func promising(head []byte) bool {
	for _, word := range [...]string{"Resources", versionKey, "Parameters", "Mappings", "Transform"} {
		if bytes.Contains(head, []byte(word)) {
			return true
		}
	}
	return false
}

type detector struct {
	// version, typed and foreign: the key, a resource type or a key of another
	// format was seen; others: keys that are no sections.
	version, typed, foreign, others bool
	sections                        int
}

func (d *detector) topKey(key string) {
	switch {
	case key == versionKey:
		d.version = true
	case isForeign(key):
		d.foreign = true
	case isSection(key):
		d.sections++
	default:
		d.others = true
	}
}

// isType reports whether a text is the name of a resource type.
func isType(s string) bool {
	if strings.HasPrefix(s, "!Rain::") {
		return true
	}
	vendor, rest, found := strings.Cut(s, "::")
	if !found || vendor == "" || rest == "" {
		return false
	}
	for i := range len(vendor) {
		if c := vendor[i]; !wordClass(c) || c == '-' {
			return false
		}
	}
	return true
}

// json walks a text in JSON, or in YAML that looks like it, and stops where
// there is nothing more to learn.
func (d *detector) json(text []byte) {
	var w jsonWalk
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			end := stringEnd(text, i)
			if end < 0 {
				return
			}
			d.word(&w, string(text[i+1:end]))
			i = end
		case ':':
			if w.depth == 1 {
				d.topKey(w.last)
			}
			w.set(w.last)
		case ',':
			w.set("")
		case '{', '[':
			w.depth++
			w.set("")
		case '}', ']':
			if w.depth--; w.depth <= 0 {
				return
			}
		case ' ', '\t', '\r', '\n', '\'':
		default: // YAML needs no quotes
			end := wordEnd(text, i)
			d.word(&w, strings.TrimRight(string(text[i:end]), " '"))
			i = end - 1
		}
	}
}

func (d *detector) word(w *jsonWalk, s string) {
	w.last = s
	if w.depth == 3 && w.path[1] == "Resources" && w.path[3] == "Type" && isType(s) {
		d.typed = true
	}
}

// wordEnd returns where a word without quotes ends, that starts at i.
func wordEnd(text []byte, i int) int {
	for end := i + 1; end < len(text); end++ {
		switch text[end] {
		case ',', '{', '}', '[', ']', '\n':
			return end
		case ':':
			if end+1 == len(text) || text[end+1] == ' ' || text[end+1] == '\n' {
				return end
			}
		}
	}
	return len(text)
}

// A jsonWalk is a place in a JSON text.
type jsonWalk struct {
	path  [4]string // the keys that lead to the current value, by depth
	depth int
	last  string // the latest string, a key when a colon follows
}

func (w *jsonWalk) set(key string) {
	if w.depth > 0 && w.depth < len(w.path) {
		w.path[w.depth] = key
	}
}

// stringEnd returns where the string that opens at i is closed.
func stringEnd(text []byte, i int) int {
	for i++; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		case '\n':
			return -1
		}
	}
	return -1
}

// yaml goes over the lines: keys at the margin are those of the document, and a
// Type two levels below Resources is that of a resource.
func (d *detector) yaml(head []byte) {
	w := yamlWalk{
		key:    regexp.MustCompile(`^( *)(?:"([^"]+)"|'([^']+)'|([^\s#'"\[\]{},&*!|>%@-][^\s:#]*(?:::[^\s:#]+)*)) *:(?:\s+(.*))?$`),
		inline: regexp.MustCompile(`[{,]\s*["']?Type["']?\s*:\s*["']?([^\s"',}]+)`),
		margin: -1,
	}
	for line := range bytes.Lines(head) {
		text := strings.TrimRight(string(line), " \t\r\n")
		if strings.HasPrefix(text, "---") || strings.HasPrefix(text, "...") {
			if w.margin >= 0 {
				return // only the first document counts
			}
			continue
		}
		if m := w.key.FindStringSubmatch(text); m != nil {
			d.line(&w, len(m[1]), m[2]+m[3]+m[4], m[5])
		}
	}
}

// A yamlWalk is a place in a YAML text.
type yamlWalk struct {
	key, inline *regexp.Regexp
	margin      int    // of the document; -1 before its first key
	inner       int    // of the keys in the section; 0 before the first
	section     string // the latest key at the margin
}

// line takes in a line with a key, and the rest of it.
func (d *detector) line(w *yamlWalk, indent int, name, rest string) {
	if w.margin < 0 {
		w.margin = indent
	}
	if indent <= w.margin {
		w.section, w.inner = name, 0
		d.topKey(name)
	}
	if w.section != "Resources" {
		return
	}
	if m := w.inline.FindStringSubmatch(rest); len(m) == 2 && isType(m[1]) {
		d.typed = true
	}
	switch {
	case indent <= w.margin:
	case w.inner == 0:
		w.inner = indent
	case indent > w.inner && name == "Type":
		value, _, _ := strings.Cut(rest, " #")
		d.typed = d.typed || isType(strings.Trim(strings.TrimSpace(value), `"'`))
	}
}
