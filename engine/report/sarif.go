package report

import (
	"cmp"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/redact"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

var _ = register("sarif", writeSARIF)

const (
	// homepage is where the tool is described.
	homepage = "https://github.com/plimsoll-dev/plimsoll"
	// sourceRoot is the base of relative file names: the working directory, which
	// GitHub and others take for the root of the repository.
	sourceRoot = "%SRCROOT%"
	// fingerprintKey names our fingerprints' algorithm and its version.
	fingerprintKey = "plimsoll/v1"
)

// A sarifWriter turns a result into a SARIF 2.1.0 log
// (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; section
// numbers below are of that document).
type sarifWriter struct {
	r       *finding.Result
	m       *redact.Masker
	index   map[string]int // of rules, by ID
	columns utf16Columns
	// against is set when the run was compared with a baseline.
	against bool
}

func writeSARIF(w io.Writer, r *finding.Result, o Options) error {
	s := &sarifWriter{r: r, m: redact.New(r), index: map[string]int{}, columns: utf16Columns{}}
	s.against = slices.ContainsFunc(r.Findings, func(f finding.Finding) bool { return f.Status == finding.Baseline })
	driver := sarif.NewToolComponent().WithName(Name).WithInformationURI(homepage).WithVersion(cmp.Or(o.Version, "unknown"))
	for _, rule := range s.rules() {
		s.index[rule.ID] = len(driver.Rules)
		driver.AddRule(sarifRule(rule))
	}
	run := sarif.NewRun().WithTool(sarif.NewTool().WithDriver(driver)).WithColumnKind("utf16CodeUnits")
	run.AddInvocation(s.invocation())
	for i := range r.Findings {
		run.AddResult(s.result(&r.Findings[i]))
	}
	return encode(w, sarif.NewReport().AddRun(run))
}

// rules lists the selected rules and any other that has a finding.
func (s *sarifWriter) rules() []*finding.Rule {
	rules := slices.Clone(s.r.Rules)
	known := map[string]bool{}
	for _, r := range rules {
		known[r.ID] = true
	}
	for i := range s.r.Findings {
		if r := s.r.Findings[i].Rule; !known[r.ID] {
			known[r.ID] = true
			rules = append(rules, r)
		}
	}
	slices.SortFunc(rules, func(a, b *finding.Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules
}

func sarifRule(r *finding.Rule) *sarif.ReportingDescriptor {
	plain, markdown := help(r)
	d := sarif.NewReportingDescriptor().WithID(r.ID).WithName(r.Slug).
		WithShortDescription(sarif.NewMultiformatMessageString().WithText(cmp.Or(r.Title, r.ID))).
		WithFullDescription(sarif.NewMultiformatMessageString().WithText(cmp.Or(r.Description, r.Title, r.ID))).
		WithHelp(sarif.NewMultiformatMessageString().WithText(plain).WithMarkdown(markdown)).
		WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(sarifLevel(r.Severity)))
	if len(r.References) > 0 && r.References[0].URL != "" {
		d.WithHelpURI(r.References[0].URL)
	}
	bag := sarif.NewPropertyBag()
	// GitHub sorts security results by this number and these tags
	// (docs.github.com, "SARIF support for code scanning").
	bag.Add("security-severity", securitySeverity(r.Severity))
	bag.Tags = append(bag.Tags, "security")
	if r.Category != "" && r.Category != "security" {
		bag.Tags = append(bag.Tags, r.Category)
	}
	if len(r.Controls) > 0 {
		bag.Add("controls", r.Controls)
	}
	if r.Advisory {
		bag.Add("advisory", true)
	}
	return d.WithProperties(bag)
}

// help writes what a rule is about, plainly and in Markdown.
func help(r *finding.Rule) (plain, markdown string) {
	parts := nonEmpty(r.Description, r.Remediation)
	if len(parts) == 0 {
		parts = []string{cmp.Or(r.Title, r.ID)}
	}
	plain = strings.Join(parts, "\n\n")
	var b strings.Builder
	b.WriteString("**" + r.ID + "** " + r.Title + "\n\n" + r.Description)
	if r.Remediation != "" {
		b.WriteString("\n\n**Fix:** " + r.Remediation)
	}
	for i, ref := range r.References {
		if i == 0 {
			b.WriteString("\n")
		}
		b.WriteString("\n- [" + cmp.Or(ref.Description, ref.URL) + "](" + ref.URL + ")")
	}
	return plain, strings.TrimSpace(b.String())
}

func (s *sarifWriter) result(f *finding.Finding) *sarif.Result {
	text := cmp.Or(s.m.Message(f, f.Message), f.Rule.Title, f.Rule.ID)
	out := sarif.NewResult().WithRuleID(f.Rule.ID).WithRuleIndex(s.index[f.Rule.ID]).
		WithMessage(sarif.NewMessage().WithText(text)).
		WithKind("fail").WithLevel(sarifLevel(f.Severity))
	out.PartialFingerprints = map[string]string{fingerprintKey: f.Fingerprint}
	reason := s.m.Message(f, f.Reason)
	switch f.Status {
	case finding.Fail:
	case finding.Unknown:
		// 3.27.9: "open" is for too little information to decide; 3.27.10: any kind
		// but "fail" has the level "none".
		out.WithKind("open").WithLevel("none")
	case finding.Pass:
		out.WithKind("pass").WithLevel("none")
	case finding.Suppressed:
		kind := "inSource"
		if by := suppressedBy(f); by == "config" || by == "rule" {
			kind = "external"
		}
		out.AddSuppression(sarif.NewSuppression().WithKind(kind).WithStatus("accepted").WithJustification(reason))
	case finding.Baseline:
		out.WithBaselineState("unchanged")
	}
	if s.against && f.Status == finding.Fail {
		out.WithBaselineState("new")
	}
	if l := s.place(f.Document, f.Range); l != nil {
		out.AddLocation(l)
	}
	s.related(out, f)
	bag := sarif.NewPropertyBag()
	bag.Add("status", string(f.Status)).Add("severity", f.Severity.String())
	for _, p := range []struct{ key, value string }{{"path", f.Path.String()}, {"reason", reason}, {"resource", s.m.Name(resourceID(f.Document))}} {
		if p.value != "" {
			bag.Add(p.key, p.value)
		}
	}
	if f.Introduced != nil {
		bag.Add("introduced", *f.Introduced)
	}
	return out.WithProperties(bag)
}

func resourceID(d *document.Document) string {
	if d == nil {
		return ""
	}
	return d.ID
}

// related adds the other places, once each: 3.27.22 wants them to be unique.
func (s *sarifWriter) related(out *sarif.Result, f *finding.Finding) {
	seen := map[string]bool{}
	for i := range f.Related {
		rel := &f.Related[i]
		text := s.m.Message(f, rel.Message)
		key := location(rel.Range) + "\x00" + resourceID(rel.Document) + "\x00" + text
		if seen[key] {
			continue
		}
		seen[key] = true
		l := s.place(rel.Document, rel.Range)
		if l == nil {
			continue
		}
		if text != "" {
			l.WithMessage(sarif.NewMessage().WithText(text))
		}
		out.AddRelatedLocation(l.WithID(len(out.RelatedLocations)))
	}
}

// place is where a finding is, nil if that is nowhere at all. A gap has no
// place of its own; it is shown at the first file, because GitHub refuses
// results without one.
func (s *sarifWriter) place(d *document.Document, r document.Range) *sarif.Location {
	l := sarif.NewLocation()
	switch r = r.Outermost(); {
	case !r.IsZero():
		l.WithPhysicalLocation(s.physical(r))
	case d == nil && len(s.r.Documents) > 0:
		first, _ := s.r.Documents[0].Locate(nil)
		if first = first.Outermost(); first.IsZero() {
			return nil
		}
		l.WithPhysicalLocation(sarif.NewPhysicalLocation().WithArtifactLocation(artifact(first.File())))
	case d == nil:
		return nil
	}
	if d != nil {
		l.AddLogicalLocation(sarif.NewLogicalLocation().
			WithName(s.m.Name(cmp.Or(d.Name, d.Address))).WithFullyQualifiedName(s.m.Name(cmp.Or(d.Address, d.ID))).WithKind("resource"))
		if path := construct(d); path != "" {
			l.AddLogicalLocation(sarif.NewLogicalLocation().
				WithName(path[strings.LastIndexByte(path, '/')+1:]).WithFullyQualifiedName(path).WithKind("construct"))
		}
	}
	return l
}

func (s *sarifWriter) physical(r document.Range) *sarif.PhysicalLocation {
	region := sarif.NewRegion().
		WithStartLine(r.Start.Line).WithStartColumn(s.columns.column(r.Source, r.Start)).
		WithEndLine(r.End.Line).WithEndColumn(s.columns.column(r.Source, r.End))
	return sarif.NewPhysicalLocation().WithArtifactLocation(artifact(r.File())).WithRegion(region)
}

// artifact names a file by a URI reference, relative to the source root where
// it can be.
func artifact(file string) *sarif.ArtifactLocation {
	a := sarif.NewArtifactLocation()
	switch {
	case file == "-":
		return a.WithURI("stdin")
	case path.IsAbs(file):
		return a.WithURI((&url.URL{Scheme: "file", Path: file}).String())
	}
	return a.WithURI((&url.URL{Path: file}).String()).WithURIBaseID(sourceRoot)
}

// invocation carries what was wrong with the input and with rules.
func (s *sarifWriter) invocation() *sarif.Invocation {
	inv := sarif.NewInvocation()
	complete := len(s.r.RuleErrors) == 0 && s.r.Files.Failed == 0
	for _, d := range s.r.Diagnostics {
		complete = complete && d.Level != document.Error
		n := sarif.NewNotification().WithLevel(string(d.Level)).WithMessage(sarif.NewMessage().WithText(s.m.Note(d.Range, d.Message)))
		if at := d.Range.Outermost(); !at.IsZero() {
			n.AddLocation(sarif.NewLocation().WithPhysicalLocation(s.physical(at)))
		}
		inv.AddToolExecutionNotification(n)
	}
	for _, e := range s.r.RuleErrors {
		text := "rule " + e.Rule + " broke"
		if e.Document != "" {
			text += " on " + s.m.Name(e.Document)
		}
		n := sarif.NewNotification().WithLevel("error").WithMessage(sarif.NewMessage().WithText(text + ": " + s.m.Note(document.Range{}, e.Message)))
		if i, ok := s.index[e.Rule]; ok {
			n.WithAssociatedRule(sarif.NewReportingDescriptorReference().WithID(e.Rule).WithIndex(i))
		}
		inv.AddToolExecutionNotification(n)
	}
	return inv.WithExecutionSuccessful(complete)
}

func sarifLevel(s finding.Severity) string {
	switch s {
	case finding.Critical, finding.High:
		return "error"
	case finding.Medium:
		return "warning"
	case finding.Low, finding.Info:
	}
	return "note"
}

// securitySeverity is a score in the middle of the band that GitHub shows under
// the same name: critical above 9, high from 7, medium from 4, low below.
func securitySeverity(s finding.Severity) string {
	switch s {
	case finding.Critical:
		return "9.5"
	case finding.High:
		return "8.0"
	case finding.Medium:
		return "5.5"
	case finding.Low:
		return "3.0"
	case finding.Info:
	}
	return "1.0"
}
