package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/internal/term"
	"github.com/plimsoll-dev/plimsoll/engine/redact"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

var _ = register("text", writeText)

// A texter writes a result for people. Columns in file:line:column count bytes
// from 1, as compilers and editors do; those of the excerpts are the screen's.
type texter struct {
	w     io.Writer
	err   error
	r     *finding.Result
	o     Options
	p     term.Palette
	m     *redact.Masker
	t     tally
	width int
}

func writeText(w io.Writer, r *finding.Result, o Options) error {
	t := &texter{w: w, r: r, o: o, p: term.NewPalette(o.Color), m: redact.New(r), t: count(r), width: o.Width}
	if t.width <= 0 {
		t.width = term.PlainWidth
	}
	t.failures()
	if !o.Quiet {
		t.unknowns()
		t.gaps()
		t.settled()
	}
	t.problems()
	if !o.Quiet {
		t.passedOver()
		t.summary()
	}
	return t.err
}

// line writes one line; the first error ends all writing.
func (t *texter) line(parts ...string) {
	if t.err == nil {
		_, t.err = io.WriteString(t.w, strings.TrimRight(strings.Join(parts, ""), " ")+"\n")
	}
}

// wrapped writes a text behind a label; further lines are indented as much.
func (t *texter) wrapped(indent, label, text string, paint func(string) string) {
	first := indent + paint(label)
	rest := indent
	if label != "" {
		first += "  "
		rest += strings.Repeat(" ", term.Width(label)+2)
	}
	for i, l := range term.Wrap(term.Clean(text), max(t.width-term.Width(rest), 30)) {
		if i > 0 {
			first = rest
		}
		t.line(first, l)
	}
}

func (t *texter) heading(title, note string) {
	if note != "" {
		note = t.p.Dim("  " + note)
	}
	t.line(t.p.Bold(title), note)
	t.line()
}

// failures writes what is wrong, by file.
func (t *texter) failures() {
	file, first := "", true
	for i := range t.r.Findings {
		f := &t.r.Findings[i]
		if f.Status != finding.Fail || isGap(f) {
			continue
		}
		if name := f.Range.Outermost().File(); name != file || first {
			file, first = name, false
			if name == "" {
				name = "(no file)"
			}
			t.line(t.p.File(term.Clean(name)))
			t.line()
		}
		t.failure(f)
	}
}

// failure writes one finding: what, where, what was seen, how to mend it.
func (t *texter) failure(f *finding.Finding) {
	t.line("  ", t.severity(f.Severity), "  ", t.p.Bold(term.Clean(f.Rule.Title)), "  ", t.p.Dim(f.Rule.ID))
	t.wrapped("  ", "", t.m.Message(f, f.Message), t.p.Bold)
	t.place(f)
	if path := construct(f.Document); path != "" {
		t.wrapped("  ", "construct", path, t.p.Dim)
	}
	if age := age(f); age != "" {
		t.line("  ", t.p.Dim(age))
	}
	t.excerpt(f)
	for i := range f.Related {
		rel := &f.Related[i]
		text := t.m.Message(f, rel.Message)
		who := ""
		if rel.Document != nil && !strings.Contains(text, rel.Document.Address) {
			who = t.m.Name(rel.Document.Address)
		}
		t.wrapped("  ", "see", strings.Join(nonEmpty(Location(rel.Range), strings.Join(nonEmpty(who, text), ": ")), "  "), t.p.Dim)
	}
	if fix := remedy(f); fix != "" {
		t.wrapped("  ", "fix", fix, t.p.Green)
	}
	t.line()
}

// age says whether a change brings a finding about, "" where none was judged.
func age(f *finding.Finding) string {
	switch {
	case f.Introduced == nil:
		return ""
	case *f.Introduced:
		return "introduced by this change"
	}
	return "was there before"
}

// remedy returns the rule's remediation without the lines that are for other
// languages than the finding's ("CloudFormation: Encrypted: true"), and without
// what is indented below them.
func remedy(f *finding.Finding) string {
	if f.Document == nil {
		return f.Rule.Remediation
	}
	var own string
	switch format := f.Document.Format; {
	case strings.HasPrefix(format, "terraform"):
		own = "Terraform:"
	case format == "cloudformation":
		own = "CloudFormation:"
	case format == "eksctl":
		own = "eksctl:"
	default:
		own = "Kubernetes:"
	}
	var lines []string
	others := false
	for line := range strings.SplitSeq(f.Rule.Remediation, "\n") {
		if !strings.HasPrefix(line, " ") {
			others = isForOthers(line, own)
		}
		if !others {
			lines = append(lines, line)
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// isForOthers reports whether a line begins with the name of a language and
// does not speak of our own. Karpenter's objects are Kubernetes objects.
func isForOthers(line, own string) bool {
	if strings.Contains(line, own) {
		return false
	}
	others := []string{"Terraform:", "CloudFormation:", "eksctl:"}
	if own != "Kubernetes:" {
		others = append(others, "Kubernetes:", "Karpenter:", "Helm:")
	}
	return slices.ContainsFunc(others, func(o string) bool { return strings.HasPrefix(line, o) })
}

// place writes where a finding is: a location to click on, the resource and
// the path of the value.
func (t *texter) place(f *finding.Finding) {
	var what []string
	if f.Document != nil && f.Document.Address != "" {
		what = append(what, f.Document.Address)
	}
	if p := f.Path.String(); p != "" {
		if !f.Exact {
			p += " (not written)"
		}
		what = append(what, p)
	}
	where := Location(f.Range)
	if where == "" && len(what) == 0 {
		return
	}
	rest := term.Clean(redact.Shorten(t.m.Name(strings.Join(what, "  "))))
	if where == "" {
		t.line("  ", t.p.Dim(rest))
		return
	}
	where = term.Clean(where)
	if 2+term.Width(where)+2+term.Width(rest) <= t.width {
		t.line("  ", t.p.Cyan(where), "  ", t.p.Dim(rest))
		return
	}
	t.line("  ", t.p.Cyan(where))
	t.line("  ", t.p.Dim(rest))
}

// excerpt writes the lines around a finding and marks its place.
func (t *texter) excerpt(f *finding.Finding) {
	r := f.Range.Outermost()
	if r.IsZero() || len(r.Source.Content) == 0 {
		return
	}
	var key document.Range
	alone := false
	if d := f.Document; d != nil {
		if f.Exact {
			key, _ = d.Root().LocateKey(named(f.Path))
			key = key.Outermost()
		}
		// The lines around a value of a plan are other values of the plan, not
		// what an author wrote; earlier secrets can be among them.
		alone = d.Format == "terraform-plan" && strings.HasSuffix(r.File(), ".json")
	}
	e := cut(t.m, r, key, t.width, alone)
	bar := t.p.Gutter("│")
	for _, l := range e.lines {
		t.line("  ", t.p.Gutter(fmt.Sprintf("%*d", e.gutter, l.number)), " ", bar, " ", l.text)
		if l.to > l.from {
			mark := t.p.Red(strings.Repeat("^", l.to-l.from))
			t.line("  ", strings.Repeat(" ", e.gutter), " ", bar, " ", strings.Repeat(" ", l.from), mark)
		}
	}
}

// named cuts the indices off the end of a path: elements of lists have no key.
func named(p document.Path) document.Path {
	for len(p) > 0 {
		if _, ok := p[len(p)-1].(string); ok {
			break
		}
		p = p[:len(p)-1]
	}
	return p
}

func (t *texter) severity(s finding.Severity) string {
	name := s.String()
	switch s {
	case finding.Critical:
		return t.p.Critical(name)
	case finding.High:
		return t.p.Red(name)
	case finding.Medium:
		return t.p.Yellow(name)
	case finding.Low:
		return t.p.Cyan(name)
	case finding.Info:
	}
	return t.p.Dim(name)
}

// Location writes a range's start as file:line:column, "" for nowhere.
func Location(r document.Range) string {
	r = r.Outermost()
	if r.IsZero() {
		return ""
	}
	if r.Start.Line == 0 { // a file of which nothing could be read
		return r.File()
	}
	return fmt.Sprintf("%s:%d:%d", r.File(), r.Start.Line, r.Start.Column)
}
