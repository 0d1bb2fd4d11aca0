package report

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// hidden stands for a secret. Its length is fixed, so that it does not tell how
// long the secret is.
const hidden = "••••••"

// minLiteral is the length, in bytes, from which a secret is also looked for
// outside its own range (a repeated password, a last-applied annotation).
const minLiteral = 8

// A masker knows what must not be printed: the values at the documents'
// sensitive paths and those that secret rules point at.
type masker struct {
	files    map[string][]span               // by file; sorted and merged before use
	literals map[string]*literals            // by folder
	words    map[*document.Document][]string // by document, for messages
	seen     map[*document.Document]bool
}

// literals are texts to look for, by their first bytes: there may be thousands.
type literals struct {
	buckets map[[minLiteral]byte]*bucket
	longest int
}

// A bucket holds the literals with the same first bytes, which all secrets of
// one kind may have.
type bucket struct {
	lengths []int
	texts   map[string]bool
}

func (l *literals) add(text string) {
	if l.buckets == nil {
		l.buckets = map[[minLiteral]byte]*bucket{}
	}
	key := [minLiteral]byte([]byte(text))
	b := l.buckets[key]
	if b == nil {
		b = &bucket{texts: map[string]bool{}}
		l.buckets[key] = b
	}
	b.texts[text] = true
	if !slices.Contains(b.lengths, len(text)) {
		b.lengths = append(b.lengths, len(text))
	}
	l.longest = max(l.longest, len(text))
}

// find returns where literals are in a text.
func (l *literals) find(text string) []span {
	var out []span
	for i := 0; l != nil && i+minLiteral <= len(text); i++ {
		b := l.buckets[[minLiteral]byte([]byte(text[i:i+minLiteral]))]
		if b == nil {
			continue
		}
		for _, n := range b.lengths {
			if i+n <= len(text) && b.texts[text[i:i+n]] {
				out = append(out, span{i, i + n})
			}
		}
	}
	return out
}

// A span is a part of a file, in byte offsets.
type span struct{ start, end int }

func newMasker(r *finding.Result) *masker {
	m := &masker{
		files:    map[string][]span{},
		literals: map[string]*literals{},
		words:    map[*document.Document][]string{},
		seen:     map[*document.Document]bool{},
	}
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
		slices.SortFunc(words, func(a, b string) int {
			return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
		})
		m.words[d] = slices.Compact(words)
	}
	return m
}

func (m *masker) addDocument(d *document.Document) {
	for ; d != nil && !m.seen[d]; d = d.Parent {
		m.seen[d] = true
		for _, p := range d.Sensitive {
			m.addValue(d, p)
		}
	}
}

// addValue hides the scalars below a sensitive path, or all of it where they
// cannot be told apart in the text.
func (m *masker) addValue(d *document.Document, p document.Path) {
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

func (m *masker) addFinding(f *finding.Finding) {
	m.addRange(f.Range.Outermost())
	root := f.Document.Root()
	value, _ := document.At(root.Raw, f.Path)
	words := texts(value, nil, true)
	m.words[f.Document] = append(m.words[f.Document], words...)
	m.addLiterals(f.Range.Outermost(), words)
}

func (m *masker) addRange(r document.Range) {
	if !r.IsZero() {
		m.files[r.File()] = append(m.files[r.File()], span{r.Start.Offset, r.End.Offset})
	}
}

func (m *masker) addOccurrences(r document.Range, words []string) {
	text := r.Text()
	for _, w := range words {
		for at := 0; len(w) >= 4; {
			i := strings.Index(text[at:], w)
			if i < 0 {
				break
			}
			start := r.Start.Offset + at + i
			m.files[r.File()] = append(m.files[r.File()], span{start, start + len(w)})
			at += i + len(w)
		}
	}
}

func (m *masker) addLiterals(r document.Range, words []string) {
	folder := path.Dir(r.File())
	for _, w := range words {
		if len(w) < minLiteral {
			continue
		}
		if m.literals[folder] == nil {
			m.literals[folder] = &literals{}
		}
		m.literals[folder].add(w)
	}
}

// in returns the parts of the text at [start, start+len(text)) of a file that
// must not be printed, counted from the text's start, sorted and merged.
func (m *masker) in(file, text string, start int) []span {
	var out []span
	spans := m.files[file]
	first, _ := slices.BinarySearchFunc(spans, start, func(s span, at int) int { return cmp.Compare(s.end, at) })
	for _, s := range spans[first:] {
		if s.start >= start+len(text) {
			break
		}
		out = append(out, span{max(s.start-start, 0), min(s.end-start, len(text))})
	}
	return merge(append(out, m.literals[path.Dir(file)].find(text)...))
}

// margin returns how many bytes around a part of a file to search, so that no
// literal is cut in two at its edges.
func (m *masker) margin(file string) int {
	if l := m.literals[path.Dir(file)]; l != nil {
		return l.longest
	}
	return 0
}

// trim leaves out of the hidden part of a line what is no secret and helps to
// read it: white space, quotes and the header of a block scalar.
func trim(text string, a, b int) (start, end int) {
	s := text[a:b]
	a += len(s) - len(strings.TrimLeft(s, " \t"))
	b = a + len(strings.TrimRight(text[a:b], " \t\r\n"))
	s = text[a:b]
	if s != "" && (s[0] == '|' || s[0] == '>') && strings.Trim(s, "|>+-0123456789") == "" {
		return a, a
	}
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[0] == s[len(s)-1] {
		return a + 1, b - 1
	}
	return a, b
}

// message hides a finding's secrets in a text about it.
func (m *masker) message(f *finding.Finding, text string) string {
	for d := f.Document; d != nil; d = d.Parent {
		text = scrub(text, m.words[d])
	}
	for i := range f.Related {
		if d := f.Related[i].Document; d != nil {
			text = scrub(text, m.words[d])
		}
	}
	return text
}

func scrub(text string, words []string) string {
	for _, w := range words {
		switch {
		case !strings.Contains(text, w):
		case len(w) >= 4:
			text = strings.ReplaceAll(text, w, hidden)
		default:
			text = scrubWord(text, w)
		}
	}
	return text
}

// scrubWord hides a short secret only where it stands alone, lest it be cut
// out of other words.
func scrubWord(text, w string) string {
	var b strings.Builder
	for {
		i := strings.Index(text, w)
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(w):])
		b.WriteString(text[:i])
		if isWord(before) || isWord(after) {
			b.WriteString(w)
		} else {
			b.WriteString(hidden)
		}
		text = text[i+len(w):]
	}
}

func isWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// texts collects the spellings of the scalars in a value that are worth
// looking for: a secret of one or two characters is none, and true and false
// are everywhere. Names beside a secret (env entries) are not secret.
func texts(v document.Value, out []string, skipNames bool) []string {
	switch v := v.(type) {
	case string:
		for line := range strings.SplitSeq(v, "\n") {
			out = long(out, strings.TrimSpace(line))
		}
		if quoted := strconv.Quote(v); len(quoted) != len(v)+2 {
			out = long(out, quoted[1:len(quoted)-1])
		}
	case int64:
		out = long(out, strconv.FormatInt(v, 10))
	case float64:
		out = long(out, strconv.FormatFloat(v, 'g', -1, 64))
	case []any:
		for _, e := range v {
			out = texts(e, out, skipNames)
		}
	case map[string]any:
		for k, e := range v {
			if k != "name" || !skipNames {
				out = texts(e, out, skipNames)
			}
		}
	}
	return out
}

func long(out []string, s string) []string {
	if len(s) < 3 {
		return out
	}
	return append(out, s)
}

// leaves returns the ranges of all scalars below a path; ok is false when one
// of them has no range of its own.
func leaves(d *document.Document, p document.Path, v document.Value, out []document.Range) (ranges []document.Range, ok bool) {
	switch v := v.(type) {
	case []any:
		for i, e := range v {
			if out, ok = leaves(d, p.Append(i), e, out); !ok {
				return nil, false
			}
		}
		return out, true
	case map[string]any:
		for k, e := range v {
			if out, ok = leaves(d, p.Append(k), e, out); !ok {
				return nil, false
			}
		}
		return out, true
	}
	r, exact := d.Locate(p)
	if r = r.Outermost(); !exact || r.IsZero() {
		return nil, false
	}
	return append(out, r), true
}

func merge(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
	})
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.start <= out[n-1].end {
			out[n-1].end = max(out[n-1].end, s.end)
			continue
		}
		out = append(out, s)
	}
	return out
}
