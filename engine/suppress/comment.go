package suppress

import (
	"bytes"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

const marker = "plimsoll:ignore"

// A directive is one suppressing comment.
type directive struct {
	at    document.Range
	rules []string
	// reason is "" when the comment gives none.
	reason string
	// malformed says what is wrong with the comment's form.
	malformed string
	line      int
	// below is the line a comment on a line of its own stands above, 0 for none.
	below int
}

// comments reads the suppressing comments of every text behind the result.
//
// A comment covers findings on its line; one on a line of its own covers those
// on the line below (or below further comments), and all of a document or
// resource that begins there.
func (a *applier) comments() {
	blocks := map[place][]*document.Document{}
	for _, d := range a.roots() {
		for _, p := range begins(d) {
			blocks[p] = append(blocks[p], d)
		}
	}
	for _, src := range a.sources() {
		for _, d := range directives(src) {
			a.addDirective(d, blocks[place{src.Name, d.below}])
		}
	}
}

func (a *applier) addDirective(d directive, blocks []*document.Document) {
	form := "; write # " + marker + " RULE -- reason"
	switch {
	case d.malformed != "":
		a.warn(d.at, d.malformed+form)
		return
	case len(d.rules) == 0:
		a.warn(d.at, "the suppression names no rule"+form)
		return
	case d.reason == "":
		a.warn(d.at, "the suppression has no reason and is not in force"+form)
		return
	}
	for _, name := range d.rules {
		rule := a.rule(name, d.at)
		if rule == nil {
			continue
		}
		a.found = append(a.found, &suppression{
			rule: rule, by: Comment, reason: d.reason, at: d.at,
			idle: "remove it, or move it to the finding's line, the line above, or above the whole document",
			covers: func(f *finding.Finding) bool {
				for _, p := range lines(f) {
					if p.file == d.at.File() && (p.line == d.line || p.line == d.below) {
						return true
					}
				}
				return slices.ContainsFunc(blocks, func(b *document.Document) bool { return within(b)(f) })
			},
		})
	}
}

// A place is a line of a file.
type place struct {
	file string
	line int
}

// lines returns where a finding is: the line of the value and that of its key,
// which differ for lists and mappings.
func lines(f *finding.Finding) []place {
	at := f.Range.Outermost()
	if at.IsZero() {
		return nil
	}
	out := []place{{at.File(), at.Start.Line}}
	if f.Exact && f.Document != nil {
		if key, exact := f.Document.Root().LocateKey(f.Path); exact && !key.IsZero() {
			key = key.Outermost()
			out = append(out, place{key.File(), key.Start.Line})
		}
	}
	return out
}

// begins returns the lines a document begins on: those of its value and of its
// key, which differ where the value is on lines of its own.
func begins(d *document.Document) []place {
	var out []place
	add := func(r document.Range) {
		if r = r.Outermost(); !r.IsZero() {
			out = append(out, place{r.File(), r.Start.Line})
		}
	}
	whole, _ := d.Locate(nil)
	add(whole)
	if key, exact := d.LocateKey(nil); exact {
		add(key)
	}
	return slices.Compact(out)
}

// sources returns the texts behind documents and findings, in order.
func (a *applier) sources() []*document.Source {
	var out []*document.Source
	seen := map[string]bool{}
	add := func(r document.Range) {
		if r = r.Outermost(); !r.IsZero() && !seen[r.File()] {
			seen[r.File()] = true
			out = append(out, r.Source)
		}
	}
	for _, d := range a.roots() {
		r, _ := d.Locate(nil)
		add(r)
	}
	for i := range a.result.Findings {
		add(a.result.Findings[i].Range)
	}
	slices.SortFunc(out, func(x, y *document.Source) int { return strings.Compare(x.Name, y.Name) })
	return out
}

// directives finds the suppressing comments of a text.
func directives(src *document.Source) []directive {
	var out []directive
	for at := 0; ; {
		i := bytes.Index(src.Content[at:], []byte(marker))
		if i < 0 {
			return out
		}
		at += i
		p := src.Position(at)
		line := src.Line(p.Line)
		at += len(marker)
		before := line[:p.Column-1]
		opener, ok := opens(before)
		if !ok {
			continue
		}
		d := parseDirective(line[p.Column-1+len(marker):])
		d.line = p.Line
		d.at = src.Range(p.Offset, p.Offset+len(strings.TrimRight(line[p.Column-1:], " \t")))
		if strings.TrimSpace(before[:opener]) == "" {
			d.below = below(src, p.Line)
		}
		out = append(out, d)
	}
}

// opens reports whether text ends in the opening of a comment, and where that
// starts: #, //, /* or a template's {{/*.
func opens(text string) (start int, ok bool) {
	s := strings.TrimRight(text, " \t")
	body := strings.TrimRight(s, "#/*")
	switch mark := s[len(body):]; {
	case strings.HasPrefix(mark, "#"), strings.HasPrefix(mark, "//"), strings.HasPrefix(mark, "/*"):
	case strings.HasPrefix(mark, "*") && strings.TrimSpace(body) == "": // inside a block comment
	default:
		return 0, false
	}
	if open := strings.TrimRight(strings.TrimSuffix(strings.TrimRight(body, " "), "-"), " "); strings.HasSuffix(open, "{{") {
		return len(open) - 2, true
	}
	// YAML wants white space before #, and http://… is no comment either.
	if body != "" && !strings.HasSuffix(body, " ") && !strings.HasSuffix(body, "\t") {
		return 0, false
	}
	return len(body), true
}

// parseDirective reads what follows the marker: rules, -- and a reason.
func parseDirective(text string) directive {
	var d directive
	if text != "" && !strings.ContainsAny(text[:1], " \t:") {
		word, _, _ := strings.Cut(text, " ")
		d.malformed = "there is no directive " + marker + word
		return d
	}
	text = trimClosing(strings.TrimPrefix(text, ":"))
	names := text
	// Word processors and chat programs turn two hyphens into a dash.
	for _, dash := range []string{"--", "—", "–"} {
		if before, after, ok := strings.Cut(" "+text+" ", " "+dash+" "); ok {
			names, d.reason = before, strings.TrimSpace(after)
			break
		}
	}
	d.rules = strings.FieldsFunc(names, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	return d
}

// trimClosing removes the end of a block comment, in a template's braces or not.
func trimClosing(text string) string {
	text = strings.TrimSpace(text)
	if t, ok := strings.CutSuffix(text, "}}"); ok {
		text = strings.TrimRight(t, "- ")
	}
	return strings.TrimSpace(strings.TrimSuffix(text, "*/"))
}

// below returns the first line after n that is neither a comment nor the start
// of a YAML document, 0 when a blank line or the end comes before.
func below(src *document.Source, n int) int {
	for n++; n <= src.Lines(); n++ {
		line := strings.TrimSpace(src.Line(n))
		switch {
		case line == "":
			return 0
		case line == "---", strings.HasPrefix(line, "--- #"):
		case strings.HasPrefix(line, "#"), strings.HasPrefix(line, "//"), strings.HasPrefix(line, "/*"), strings.HasPrefix(line, "*"):
		case strings.HasPrefix(line, "{{/*"), strings.HasPrefix(line, "{{- /*"):
		default:
			return n
		}
	}
	return 0
}
