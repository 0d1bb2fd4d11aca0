// Package redact knows what reports must not print: whatever writes texts about
// the input, for people or programs, asks it first.
package redact

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// Hidden stands for a secret in texts. Its length is fixed, so that it does not
// tell how long the secret is.
const Hidden = "••••••"

// minLiteral is the length, in bytes, from which a secret is also looked for
// outside its own range (a repeated password, a last-applied annotation).
const minLiteral = 8

// A Masker knows what must not be printed: the values at the documents'
// sensitive paths, those that secret rules point at, and those that stand under
// a name, or have a form, that says secret.
type Masker struct {
	files      map[string][]Span               // by file; sorted and merged before use
	folders    map[string]*literals            // by folder
	everywhere *literals                       // what no other text is by chance
	words      map[*document.Document][]string // by document, for messages
	seen       map[*document.Document]bool

	byFile   func() map[string][]string // words by file, for diagnostics
	lexicon  func() *lexicon
	forms    func() *regexp.Regexp
	settings func() []*regexp.Regexp
}

// A Span is a part of a text, in byte offsets; End is exclusive.
type Span struct{ Start, End int }

// New collects what is secret in a result.
func New(r *finding.Result) *Masker {
	m := &Masker{
		files:      map[string][]Span{},
		folders:    map[string]*literals{},
		everywhere: &literals{},
		words:      map[*document.Document][]string{},
		seen:       map[*document.Document]bool{},
		lexicon:    sync.OnceValue(newLexicon),
		forms:      sync.OnceValue(forms),
		settings: sync.OnceValue(func() []*regexp.Regexp {
			return []*regexp.Regexp{regexp.MustCompile(setting), regexp.MustCompile(flag)}
		}),
	}
	m.byFile = sync.OnceValue(m.wordsByFile)
	for _, d := range r.Documents {
		m.addDocument(d)
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		m.addDocument(f.Document)
		for j := range f.Related {
			m.addDocument(f.Related[j].Document)
		}
		if f.Rule.Secret && f.Status != finding.Pass && f.Document != nil {
			m.addFinding(f)
		}
	}
	for file, spans := range m.files {
		m.files[file] = merge(spans)
	}
	for d, words := range m.words {
		m.words[d] = longestFirst(words)
	}
	return m
}

func longestFirst(words []string) []string {
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	return slices.Compact(words)
}

// wordsByFile is for texts that are about a file and no document.
func (m *Masker) wordsByFile() map[string][]string {
	out := map[string][]string{}
	for d, words := range m.words {
		r, _ := d.Locate(nil)
		name := r.Outermost().File()
		out[name] = append(out[name], words...)
	}
	for name, words := range out {
		out[name] = longestFirst(words)
	}
	return out
}

func (m *Masker) addDocument(d *document.Document) {
	for ; d != nil && !m.seen[d]; d = d.Parent {
		m.seen[d] = true
		for _, p := range d.Sensitive {
			m.addValue(d, p)
		}
		if d.Base == nil { // what is a part of its parent's text is found there
			m.addNamed(d)
		}
	}
}

// addNamed hides what stands under the name of a secret.
func (m *Masker) addNamed(d *document.Document) {
	w := walker{words: m.lexicon, found: func(p document.Path, secret string, whole bool) {
		words := texts(secret, nil, false)
		r, exact := d.Locate(p)
		if r = r.Outermost(); exact && whole {
			m.addRange(r)
		} else {
			m.addOccurrences(r, words)
		}
		if isStrong(secret) {
			m.words[d] = append(m.words[d], words...)
			m.addLiterals(r, words)
		}
	}}
	w.walk(d.Raw)
}

// addValue hides the scalars below a sensitive path, or all of it where they
// cannot be told apart in the text.
func (m *Masker) addValue(d *document.Document, p document.Path) {
	value, found := document.At(d.Raw, p)
	whole, exact := d.Locate(p)
	whole = whole.Outermost()
	words := texts(value, nil, false)
	m.words[d] = append(m.words[d], words...)
	m.addLiterals(whole, words)
	switch {
	case exact && found:
		ranges, ok := leaves(d, p, value, nil)
		if !ok {
			ranges = []document.Range{whole}
		}
		for _, r := range ranges {
			m.addRange(r)
		}
	case exact:
		m.addRange(whole)
	default:
		// The range is an ancestor's: hide what is the secret in it, not all of it.
		m.addOccurrences(whole, words)
	}
}

func (m *Masker) addFinding(f *finding.Finding) {
	m.addRange(f.Range.Outermost())
	root := f.Document.Root()
	value, _ := document.At(root.Raw, f.Path)
	words := texts(value, nil, true)
	m.words[f.Document] = append(m.words[f.Document], words...)
	m.addLiterals(f.Range.Outermost(), words)
}

func (m *Masker) addRange(r document.Range) {
	if !r.IsZero() {
		m.files[r.File()] = append(m.files[r.File()], Span{r.Start.Offset, r.End.Offset})
	}
}

func (m *Masker) addOccurrences(r document.Range, words []string) {
	text := r.Text()
	for _, w := range words {
		for at := 0; len(w) >= 4; {
			i := strings.Index(text[at:], w)
			if i < 0 {
				break
			}
			start := r.Start.Offset + at + i
			m.files[r.File()] = append(m.files[r.File()], Span{start, start + len(w)})
			at += i + len(w)
		}
	}
}

func (m *Masker) addLiterals(r document.Range, words []string) {
	folder := path.Dir(r.File())
	for _, w := range words {
		switch {
		case len(w) < minLiteral:
		case isStrong(w):
			m.everywhere.add(w)
		default:
			if m.folders[folder] == nil {
				m.folders[folder] = &literals{}
			}
			m.folders[folder].add(w)
		}
	}
}

// Spans returns the parts of the text at [start, start+len(text)) of a file that
// must not be printed, counted from the text's start, sorted and merged.
func (m *Masker) Spans(file, text string, start int) []Span {
	var out []Span
	spans := m.files[file]
	first, _ := slices.BinarySearchFunc(spans, start, func(s Span, at int) int { return cmp.Compare(s.End, at) })
	for _, s := range spans[first:] {
		if s.Start >= start+len(text) {
			break
		}
		out = append(out, Span{max(s.Start-start, 0), min(s.End-start, len(text))})
	}
	out = append(out, m.folders[path.Dir(file)].find(text)...)
	out = append(out, m.everywhere.find(text)...)
	return merge(append(out, m.spansIn(text, false)...))
}

// minMargin is how far from a place something may begin that says secret.
const minMargin = 512

// Margin returns how many bytes around a part of a file to hand to Spans, so
// that nothing is cut in two at its edges.
func (m *Masker) Margin(file string) int {
	n := max(minMargin, m.everywhere.longest)
	if l := m.folders[path.Dir(file)]; l != nil {
		n = max(n, l.longest)
	}
	return n
}

// Message hides a finding's secrets in a text about it, and shortens what is too
// long to read.
func (m *Masker) Message(f *finding.Finding, text string) string {
	for d := f.Document; d != nil; d = d.Parent {
		text = scrub(text, m.words[d])
	}
	for i := range f.Related {
		if d := f.Related[i].Document; d != nil {
			text = scrub(text, m.words[d])
		}
	}
	return Shorten(m.prose(text))
}

// Note hides secrets in a text about a place that belongs to no finding: a
// diagnostic, the error of a rule. The zero Range is any place.
func (m *Masker) Note(at document.Range, text string) string {
	if at = at.Outermost(); !at.IsZero() {
		text = scrub(text, m.byFile()[at.File()])
	}
	return Shorten(m.prose(text))
}

// Name hides secrets in the name of a thing, which is not shortened: programs
// compare it.
func (m *Masker) Name(text string) string { return cover(text, merge(m.everywhere.find(text)), Hidden) }

func (m *Masker) prose(text string) string {
	return cover(text, merge(append(m.everywhere.find(text), m.spansIn(text, true)...)), Hidden)
}
