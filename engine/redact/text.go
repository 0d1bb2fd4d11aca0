package redact

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/plimsoll-dev/plimsoll/policies"
)

// pemMark is in the first and the last line of every private key (RFC 7468).
const pemMark = "PRIVATE KEY-----"

// setting is a name with a value behind it, in whatever language: YAML, JSON
// (also inside another text), HCL, INI, environment files, scripts, queries.
// flag is an argument with its value.
const (
	setting = `(?i)([A-Za-z0-9_./-]*(?:pass|pwd|secret|token|key|cred|auth)[A-Za-z0-9_.-]*)(?:\\?["'])?[ \t]*(?::|=>?)[ \t]*(?:\\"((?:[^"\\]|\\[^"])*)\\"|"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"',;#&|]{3,}))`
	flag    = `(?i)(?:^|[\s"'\[,])--?([A-Za-z0-9_.-]*(?:pass|pwd|secret|token|key|cred)[A-Za-z0-9_.-]*)(?:["'],|["']?)\s+["']?([^\s"',\]-][^\s"',\]]{2,})`
)

// forms matches the texts that give a credential away by their form. It is the
// rules' own data (policies/data/secret_patterns.json), which a test reads.
func forms() *regexp.Regexp {
	content, err := policies.FS.ReadFile("data/secret_patterns.json")
	if err != nil {
		return nil // the file is part of the program
	}
	var data struct {
		Any string `json:"any"`
	}
	if json.Unmarshal(content, &data) != nil {
		return nil
	}
	re, err := regexp.Compile(data.Any)
	if err != nil {
		return nil
	}
	return re
}

// spansIn returns the parts of a text that show a secret by their form or by
// the name before them.
func (m *Masker) spansIn(text string, prose bool) []Span {
	if len(text) < 8 {
		return nil
	}
	var out []Span
	out = append(out, keysIn(text)...)
	if forms := m.forms(); forms != nil && len(text) >= 10 {
		for _, at := range forms.FindAllStringSubmatchIndex(text, -1) {
			out = append(out, innermost(at))
		}
	}
	if !mayNameSecret(text) {
		return out
	}
	words := m.lexicon()
	for _, re := range m.settings() {
		for _, at := range re.FindAllStringSubmatchIndex(text, -1) {
			name, value := text[at[2]:at[3]], innermost(append([]int{at[0], at[1]}, at[4:]...))
			if words.names(name) && words.isSecret(name, text[value.Start:value.End], prose) {
				out = append(out, value)
			}
		}
	}
	return out
}

// innermost is the last group of a match that has something in it, or all of
// the match.
func innermost(at []int) Span {
	for i := len(at) - 2; i >= 2; i -= 2 {
		if at[i] >= 0 && at[i+1] > at[i] {
			return Span{at[i], at[i+1]}
		}
	}
	return Span{at[0], at[1]}
}

// keysIn returns where private keys are: from the first line to the last, or to
// the end of the text.
func keysIn(text string) []Span {
	var out []Span
	for at := 0; ; {
		i := strings.Index(text[at:], pemMark)
		if i < 0 {
			return out
		}
		start, end := at+i, len(text)
		if begin := strings.LastIndex(text[at:start], "-----BEGIN"); begin >= 0 {
			start = at + begin
		}
		last := at + i + len(pemMark)
		if n := strings.Index(text[last:], pemMark); n >= 0 {
			end = last + n + len(pemMark)
		}
		out = append(out, Span{start, end})
		at = end
	}
}

// cover replaces spans, which are sorted and do not overlap.
func cover(text string, spans []Span, by string) string {
	if len(spans) == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	for _, s := range spans {
		b.WriteString(text[at:s.Start])
		b.WriteString(by)
		at = s.End
	}
	b.WriteString(text[at:])
	return b.String()
}

// The longest word and the longest text that reports print, in bytes. An ARN
// or an image with a digest is shorter.
const maxWord, maxText = 240, 1200

// Shorten cuts the middle out of words, and of a text, that are too long to
// print.
func Shorten(text string) string {
	if len(text) <= maxWord {
		return text
	}
	var b strings.Builder
	for at := 0; at < len(text); {
		n := strings.IndexAny(text[at:], " \n\t")
		if n < 0 {
			n = len(text) - at
		}
		b.WriteString(middle(text[at:at+n], maxWord))
		if at += n; at < len(text) {
			b.WriteByte(text[at])
			at++
		}
	}
	return middle(b.String(), maxText)
}

// middle keeps the first two thirds of what there is room for, and the last.
func middle(s string, room int) string {
	if len(s) <= room {
		return s
	}
	head, tail := room*2/3, len(s)-room/3
	for head > 0 && !utf8.RuneStart(s[head]) {
		head--
	}
	for tail < len(s) && !utf8.RuneStart(s[tail]) {
		tail++
	}
	return s[:head] + "…" + s[tail:]
}
