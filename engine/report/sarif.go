package report

import (
	"cmp"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

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

// A sarifWriter turns a result into a SARIF 2.1.0 log.
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
	driver := sarifDriver{Name: Name, Version: cmp.Or(o.Version, "unknown"), InformationURI: homepage, Rules: []*sarifDescriptor{}}
	for _, rule := range s.rules() {
		s.index[rule.ID] = len(driver.Rules)
		driver.Rules = append(driver.Rules, sarifRule(rule))
	}
	run := sarifRun{
		Tool: sarifTool{driver}, Invocations: []sarifInvocation{s.invocation()}, ColumnKind: "utf16CodeUnits",
		// 3.14.14: the base is named but not resolved, so that the log is the same on
		// every machine; consumers put the root of their checkout there.
		Bases:   map[string]sarifArtifact{sourceRoot: {Description: &sarifText{Text: "the working directory of the run"}}},
		Results: make([]*sarifResult, 0, len(r.Findings)),
	}
	for i := range r.Findings {
		run.Results = append(run.Results, s.result(&r.Findings[i]))
	}
	return encode(w, sarifLog{Schema: sarifSchema, Version: sarifVersion, Runs: []sarifRun{run}})
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

func sarifRule(r *finding.Rule) *sarifDescriptor {
	plain, markdown := help(r)
	d := &sarifDescriptor{
		ID: r.ID, Name: r.Slug,
		ShortDescription: sarifText{Text: cmp.Or(r.Title, r.ID)},
		FullDescription:  sarifText{Text: cmp.Or(r.Description, r.Title, r.ID)},
		Help:             sarifText{Text: plain, Markdown: markdown},
		Configuration:    sarifLevelOnly{sarifLevel(r.Severity)},
	}
	if len(r.References) > 0 {
		d.HelpURI = r.References[0].URL
	}
	tags := []string{"security"}
	if r.Category != "" && r.Category != "security" {
		tags = append(tags, r.Category)
	}
	// GitHub sorts security results by this number and these tags
	// (docs.github.com, "SARIF support for code scanning").
	d.Properties = map[string]any{"security-severity": securitySeverity(r.Severity), "tags": tags}
	if len(r.Controls) > 0 {
		d.Properties["controls"] = r.Controls
	}
	if r.Advisory {
		d.Properties["advisory"] = true
	}
	return d
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

func (s *sarifWriter) result(f *finding.Finding) *sarifResult {
	out := &sarifResult{
		RuleID: f.Rule.ID, RuleIndex: s.index[f.Rule.ID], Kind: "fail", Level: sarifLevel(f.Severity),
		Message:      sarifText{Text: cmp.Or(s.m.Message(f, f.Message), f.Rule.Title, f.Rule.ID)},
		Fingerprints: map[string]string{fingerprintKey: f.Fingerprint},
		Properties:   map[string]any{"status": f.Status, "severity": f.Severity},
	}
	reason := s.m.Message(f, f.Reason)
	switch f.Status {
	case finding.Fail:
	case finding.Unknown:
		// 3.27.9: "open" is for too little information to decide; 3.27.10: any kind
		// but "fail" has the level "none".
		out.Kind, out.Level = "open", "none"
	case finding.Pass:
		out.Kind, out.Level = "pass", "none"
	case finding.Suppressed:
		kind := "inSource"
		if by := suppressedBy(f); by == "config" || by == "rule" {
			kind = "external"
		}
		out.Suppressions = []sarifSuppression{{Kind: kind, Status: "accepted", Justification: reason}}
	case finding.Baseline:
		out.BaselineState = "unchanged"
	}
	if s.against && f.Status == finding.Fail {
		out.BaselineState = "new"
	}
	if l := s.place(f.Document, f.Range); l != nil {
		out.Locations = []*sarifLocation{l}
	}
	s.related(out, f)
	for _, p := range []struct{ key, value string }{{"path", f.Path.String()}, {"reason", reason}, {"resource", s.m.Name(resourceID(f.Document))}} {
		if p.value != "" {
			out.Properties[p.key] = p.value
		}
	}
	if f.Introduced != nil {
		out.Properties["introduced"] = *f.Introduced
	}
	return out
}

func resourceID(d *document.Document) string {
	if d == nil {
		return ""
	}
	return d.ID
}

// related adds the other places, once each: 3.27.22 wants them to be unique.
func (s *sarifWriter) related(out *sarifResult, f *finding.Finding) {
	seen := map[string]bool{}
	for i := range f.Related {
		rel := &f.Related[i]
		text := s.m.Message(f, rel.Message)
		key := Location(rel.Range) + "\x00" + resourceID(rel.Document) + "\x00" + text
		if seen[key] {
			continue
		}
		seen[key] = true
		l := s.place(rel.Document, rel.Range)
		if l == nil {
			continue
		}
		if text != "" {
			l.Message = &sarifText{Text: text}
		}
		id := len(out.Related)
		l.ID = &id
		out.Related = append(out.Related, l)
	}
}

// place is where a finding is, nil if that is nowhere at all. A gap has no
// place of its own; it is shown at the first file, because GitHub refuses
// results without one.
func (s *sarifWriter) place(d *document.Document, r document.Range) *sarifLocation {
	l := &sarifLocation{}
	switch r = r.Outermost(); {
	case !r.IsZero():
		l.Physical = s.physical(r)
	case d == nil && len(s.r.Documents) > 0:
		first, _ := s.r.Documents[0].Locate(nil)
		if first = first.Outermost(); first.IsZero() {
			return nil
		}
		l.Physical = &sarifPhysical{Artifact: artifact(first.File())}
	case d == nil:
		return nil
	}
	if d != nil {
		l.Logical = append(l.Logical, sarifLogical{s.m.Name(cmp.Or(d.Name, d.Address)), s.m.Name(cmp.Or(d.Address, d.ID)), "resource"})
		if full := construct(d); full != "" {
			l.Logical = append(l.Logical, sarifLogical{full[strings.LastIndexByte(full, '/')+1:], full, "construct"})
		}
	}
	return l
}

func (s *sarifWriter) physical(r document.Range) *sarifPhysical {
	p := &sarifPhysical{Artifact: artifact(r.File())}
	if r.Start.Line > 0 { // a file that cannot be read has no lines
		p.Region = &sarifRegion{
			StartLine: r.Start.Line, StartColumn: s.columns.column(r.Source, r.Start),
			EndLine: r.End.Line, EndColumn: s.columns.column(r.Source, r.End),
		}
	}
	return p
}

// artifact names a file by a URI reference, relative to the source root where
// it can be.
func artifact(file string) sarifArtifact {
	switch {
	case file == "-":
		return sarifArtifact{URI: "stdin"}
	case path.IsAbs(file):
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: file}).String()}
	}
	return sarifArtifact{URI: (&url.URL{Path: file}).String(), URIBaseID: sourceRoot}
}

// invocation carries what was wrong with the input and with rules.
func (s *sarifWriter) invocation() sarifInvocation {
	inv := sarifInvocation{Successful: len(s.r.RuleErrors) == 0 && s.r.Files.Failed == 0}
	for _, d := range s.r.Diagnostics {
		inv.Successful = inv.Successful && d.Level != document.Error
		n := sarifNotification{Level: string(d.Level), Message: sarifText{Text: s.m.Note(d.Range, d.Message)}}
		if at := d.Range.Outermost(); !at.IsZero() {
			n.Locations = []*sarifLocation{{Physical: s.physical(at)}}
		}
		inv.Notifications = append(inv.Notifications, n)
	}
	for _, e := range s.r.RuleErrors {
		n := sarifNotification{Level: "error", Message: sarifText{Text: ruleErrorText(s.m, e)}}
		if i, ok := s.index[e.Rule]; ok {
			n.Rule = &sarifRuleDescriptor{e.Rule, i}
		}
		inv.Notifications = append(inv.Notifications, n)
	}
	return inv
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
