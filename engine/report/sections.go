package report

import (
	"fmt"
	"strings"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/internal/term"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// shownPlaces is how many places of one rule a compact section lists.
const shownPlaces = 3

// A group is the findings of one rule in a compact section.
type group struct {
	rule     *finding.Rule
	severity finding.Severity
	findings []*finding.Finding
}

// groups collects the findings that keep accepts by rule, in order of first
// appearance.
func (t *texter) groups(keep func(*finding.Finding) bool) []group {
	var out []group
	index := map[string]int{}
	for i := range t.r.Findings {
		f := &t.r.Findings[i]
		if !keep(f) {
			continue
		}
		n, ok := index[f.Rule.ID]
		if !ok {
			n = len(out)
			index[f.Rule.ID] = n
			out = append(out, group{rule: f.Rule, severity: f.Severity})
		}
		out[n].findings = append(out[n].findings, f)
		out[n].severity = max(out[n].severity, f.Severity)
	}
	return out
}

// compact writes groups: a line for the rule and some places below it.
func (t *texter) compact(groups []group, tell func(*finding.Finding) string) {
	for _, g := range groups {
		label := t.severity(g.severity)
		if g.findings[0].Status == finding.Pass {
			label = t.p.Green("passed")
		}
		t.line("  ", label, "  ", term.Clean(g.rule.Title), "  ", t.p.Dim(g.rule.ID))
		for i, f := range g.findings {
			if i == shownPlaces && len(g.findings) > shownPlaces+1 && !t.o.Verbose {
				t.line("    ", t.p.Dim(fmt.Sprintf("and %d more places (--verbose lists them)", len(g.findings)-i)))
				break
			}
			text, what := tell(f), t.m.Name(subject(f))
			if age := age(f); age != "" {
				text += " (" + age + ")"
			}
			if strings.Contains(text, what) {
				what = ""
			}
			t.entry(Location(f.Range), strings.Join(nonEmpty(what, text), ": "))
		}
	}
}

// entry writes one place of a compact section, on one line if it fits.
func (t *texter) entry(where, text string) {
	if where != "" && 4+term.Width(where)+2+term.Width(text) > t.width {
		t.line("    ", t.p.Cyan(term.Clean(where)))
		t.wrapped("      ", "", text, t.p.Cyan)
		return
	}
	t.wrapped("    ", term.Clean(where), text, t.p.Cyan)
}

func nonEmpty(parts ...string) []string {
	out := parts[:0]
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

func subject(f *finding.Finding) string {
	if f.Document == nil {
		return ""
	}
	return f.Document.Address
}

// unknowns writes what could not be decided, and what would decide it.
func (t *texter) unknowns() {
	groups := t.groups(func(f *finding.Finding) bool { return f.Status == finding.Unknown })
	if len(groups) == 0 {
		return
	}
	t.heading(fmt.Sprintf("Undecided (%d)", t.t.status[finding.Unknown]),
		"these rest on values that are not known before deployment")
	reasons := map[string]bool{}
	t.compact(groups, func(f *finding.Finding) string {
		if reason := reasonOf(f); reason != "" {
			reasons[reason] = true
		}
		text := f.Message
		if f.Reason != "" && !strings.Contains(text, f.Reason) {
			text = strings.Join(nonEmpty(text, "("+f.Reason+")"), " ")
		}
		return t.m.Message(f, text)
	})
	t.line()
	for _, h := range hints() {
		if reasons[h.reason] {
			t.wrapped("  ", "fix", h.text, t.p.Green)
		}
	}
	t.line()
}

// A hint says what would turn an unknown into a known value.
type hint struct{ reason, text string }

func hints() []hint {
	return []hint{
		{document.AfterApply, "What the provider sets while it applies is not in a plan: write the value where you can."},
		{document.ParameterWithoutValue, "Give template parameters a value with --parameter NAME=VALUE; give variables one in the plan."},
		{document.RuntimeRef, "What exists only after deployment cannot be checked before: write the value, or check what it refers to as well."},
		{document.DataSource, "Data sources are read while planning: check a plan made with access to the account."},
		{document.ImportValue, "Another stack exports the value: pass it as a parameter to decide it here."},
		{document.DynamicReference, "Values from parameter and secret stores are fetched at deployment and stay undecided."},
		{document.UnevaluatedExpression, "Check a plan (terraform show -json) or the processed template, where expressions have values."},
		{document.ModuleNotAvailable, "Run terraform init first, so that modules are there, or check a plan."},
		{document.LocalOpaque, "Check with the .tf files beside the plan (--terraform-root): the plan alone does not show local values."},
		{document.Macro, "Check the processed template (aws cloudformation get-template --template-stage Processed)."},
		{document.SensitiveValue, "The plan withholds sensitive values; what rests on them stays undecided."},
		{document.AmbiguousDefault, "Write the value: its default depends on what is not in the input."},
		{document.Malformed, "Correct what the errors below name, and check again."},
		{document.UndecidedCondition, "Give the parameters of the condition a value with --parameter NAME=VALUE."},
	}
}

// reasonOf returns the reason constant of the unknown value a finding rests on.
func reasonOf(f *finding.Finding) string {
	d := f.Document
	if d == nil {
		return ""
	}
	local := f.Path
	for p := d; p.Parent != nil && p.Base != nil; p = p.Parent {
		local = local[min(len(p.Base), len(local)):]
	}
	for n := len(local); n > 0; n-- {
		if s, ok := d.RawStates[local[:n].String()]; ok {
			return s.Reason
		}
	}
	for _, name := range d.States.Paths(document.Unknown, document.Partial) {
		if p, err := document.ParsePath(name); err == nil && local.HasPrefix(d.RawPath(p)) {
			return d.States[name].Reason
		}
	}
	return ""
}

// gaps writes what is absent from everything that was read.
func (t *texter) gaps() {
	groups := t.groups(isGap)
	if len(groups) == 0 {
		return
	}
	t.heading(fmt.Sprintf("Gaps (%d)", t.t.gaps), "nothing that was read provides these; they do not fail the check")
	for _, g := range groups {
		t.compact([]group{g}, func(f *finding.Finding) string { return t.m.Message(f, f.Message) })
		if g.rule.Remediation != "" {
			t.wrapped("    ", "fix", g.rule.Remediation, t.p.Green)
		}
	}
	t.line()
}

// settled lists findings that somebody has accepted, and passes where they
// were asked for.
func (t *texter) settled() {
	sections := []struct {
		status finding.Status
		title  string
		shown  bool
	}{
		{finding.Suppressed, "Suppressed", t.o.Verbose},
		{finding.Baseline, "In the baseline", t.o.Verbose},
		{finding.Pass, "Passed", true},
	}
	for _, s := range sections {
		groups := t.groups(func(f *finding.Finding) bool { return f.Status == s.status })
		if !s.shown || len(groups) == 0 {
			continue
		}
		t.heading(fmt.Sprintf("%s (%d)", s.title, t.t.status[s.status]), "")
		t.compact(groups, func(f *finding.Finding) string {
			if f.Status == finding.Pass {
				return ""
			}
			return t.m.Message(f, strings.Join(nonEmpty(f.Message, f.Reason), ": "))
		})
		t.line()
	}
}

// problems writes what was wrong with the input and which rules broke.
func (t *texter) problems() {
	printed := false
	for _, d := range t.r.Diagnostics {
		if t.o.Quiet && d.Level != document.Error {
			continue
		}
		t.wrapped("", string(d.Level), strings.Join(nonEmpty(Location(d.Range), t.m.Note(d.Range, d.Message)), ": "), t.level(d.Level))
		printed = true
	}
	for _, text := range RuleErrors(t.m, t.r) {
		t.wrapped("", "error", text, t.p.Red)
		printed = true
	}
	if printed {
		t.line()
	}
}

func (t *texter) level(l document.Level) func(string) string {
	switch l {
	case document.Error:
		return t.p.Red
	case document.Warning:
		return t.p.Yellow
	case document.Note:
	}
	return t.p.Dim
}

// passedOver lists the files no format claims.
func (t *texter) passedOver() {
	if !t.o.Verbose || len(t.r.PassedOver) == 0 {
		return
	}
	t.heading(fmt.Sprintf("Not recognized (%d)", len(t.r.PassedOver)), "")
	for _, p := range t.r.PassedOver {
		t.line("  ", term.Clean(p.File), "  ", t.p.Dim(term.Clean(p.Reason)))
	}
	t.line()
}

// summary closes the report.
func (t *texter) summary() {
	failed := t.t.status[finding.Fail]
	head := t.p.Green("No failures")
	if t.t.judged == 0 {
		head = t.p.Yellow("Nothing was checked")
	}
	if failed > 0 {
		var by []string
		for _, s := range falling() {
			if n := t.t.severity[s]; n > 0 {
				by = append(by, fmt.Sprintf("%d %s", n, s))
			}
		}
		head = t.p.Red(plural(failed, "failure")) + ": " + strings.Join(by, ", ")
	}
	parts := []string{head}
	for _, c := range []struct {
		n    int
		what string
	}{
		{t.t.status[finding.Unknown], "undecided"},
		{t.t.gaps, "advisory"},
		{t.t.status[finding.Suppressed], "suppressed"},
		{t.t.status[finding.Baseline], "in the baseline"},
	} {
		if c.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	t.line(strings.Join(parts, "; "))
	t.ages()
	t.coverage()
}

// ages counts the failures that a change introduces, where one was judged.
func (t *texter) ages() {
	introduced, old := 0, 0
	for i := range t.r.Findings {
		switch f := &t.r.Findings[i]; {
		case f.Introduced == nil || f.Status != finding.Fail || isGap(f):
		case *f.Introduced:
			introduced++
		default:
			old++
		}
	}
	if introduced+old > 0 {
		t.line(fmt.Sprintf("Of the failures this change introduces %d; %d %s there before", introduced, old, wasWere(old)))
	}
}

func wasWere(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// coverage says what was looked at, so that silence is not mistaken for health.
func (t *texter) coverage() {
	f := t.r.Files
	text := fmt.Sprintf("%s in %s, %s", plural(len(t.r.Documents), "document"), plural(f.Read, "file"), plural(len(t.r.Rules), "rule"))
	if idle := len(t.r.Rules) - t.t.judged; idle > 0 {
		text += fmt.Sprintf(" (%d had nothing to judge)", idle)
	}
	if f.NotRecognised > 0 {
		text += fmt.Sprintf("; %s not recognized", plural(f.NotRecognised, "file"))
		if !t.o.Verbose {
			text += " (--verbose lists them)"
		}
	}
	t.line(t.p.Dim(text))
	if f.Failed > 0 {
		t.line(t.p.Red(plural(f.Failed, "file") + " could not be read"))
	}
	if len(t.r.RuleErrors) > 0 {
		t.line(t.p.Red(plural(len(t.r.RuleErrors), "rule error")))
	}
	switch {
	case t.t.judged > 0 || f.Failed > 0:
	case len(t.r.Documents) == 0:
		t.line(t.p.Yellow("The given paths hold nothing that Plimsoll knows"))
	case len(t.r.Rules) == 0:
		t.line(t.p.Yellow("No rule was selected"))
	default:
		t.line(t.p.Yellow("No selected rule judges what was read"))
	}
}

func plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
