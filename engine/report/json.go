package report

import (
	"encoding/json"
	"io"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/redact"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

var _ = register("json", writeJSON)

// Name is the program's name in reports.
const Name = "plimsoll"

// schemaVersion changes when a field of the JSON report changes its meaning or
// goes away; new fields do not change it.
const schemaVersion = "1"

// The types below are the JSON report; the order of fields is the order of keys.
type (
	jsonReport struct {
		SchemaVersion string           `json:"schema_version"`
		Tool          jsonTool         `json:"tool"`
		Summary       jsonSummary      `json:"summary"`
		Findings      []jsonFinding    `json:"findings"`
		Diagnostics   []jsonDiagnostic `json:"diagnostics"`
		RuleErrors    []jsonRuleError  `json:"rule_errors"`
		Documents     int              `json:"documents"`
		Files         jsonFiles        `json:"files"`
		PassedOver    []jsonPassedOver `json:"passed_over,omitempty"`
	}
	jsonTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	jsonSummary struct {
		// Fail leaves out advisory findings, which are counted apart.
		Fail       int            `json:"fail"`
		BySeverity map[string]int `json:"by_severity"`
		Advisory   int            `json:"advisory"`
		Unknown    int            `json:"unknown"`
		Suppressed int            `json:"suppressed"`
		Baseline   int            `json:"baseline"`
		Pass       *int           `json:"pass,omitempty"`
		Rules      jsonRules      `json:"rules"`
	}
	jsonRules struct {
		Selected      int `json:"selected"`
		Judged        int `json:"judged"`
		NotApplicable int `json:"not_applicable"`
	}
	jsonFinding struct {
		Rule         string           `json:"rule"`
		Slug         string           `json:"slug"`
		Title        string           `json:"title"`
		Severity     finding.Severity `json:"severity"`
		Status       finding.Status   `json:"status"`
		Advisory     bool             `json:"advisory,omitempty"`
		Message      string           `json:"message"`
		Reason       string           `json:"reason,omitempty"`
		SuppressedBy string           `json:"suppressed_by,omitempty"`
		// Introduced is there where a plan's change was judged (--changed).
		Introduced  *bool               `json:"introduced,omitempty"`
		Resource    *jsonResource       `json:"resource"`
		Path        string              `json:"path"`
		Location    *jsonLocation       `json:"location"`
		Related     []jsonRelated       `json:"related"`
		Remediation string              `json:"remediation"`
		References  []finding.Reference `json:"references"`
		Fingerprint string              `json:"fingerprint"`
	}
	jsonResource struct {
		ID        string `json:"id"`
		Type      string `json:"type"`
		Kind      string `json:"kind"`
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
		Address   string `json:"address"`
		Format    string `json:"format"`
		// Action is what the plan does with it: "create", "update", "replace",
		// "delete", "no-op", "read"; not there for inputs that are no plan.
		Action string `json:"action,omitempty"`
		// Construct is the path of the CDK construct behind the resource.
		Construct string `json:"construct,omitempty"`
	}
	// jsonLocation is a part of a file. Lines and columns count from 1, columns
	// in bytes; the end is exclusive. Exact is false when the value is not
	// written and the place is where it would belong.
	jsonLocation struct {
		File      string `json:"file"`
		Line      int    `json:"line"`
		Column    int    `json:"column"`
		EndLine   int    `json:"end_line"`
		EndColumn int    `json:"end_column"`
		Exact     *bool  `json:"exact,omitempty"`
	}
	jsonRelated struct {
		Message  string        `json:"message"`
		Resource *jsonResource `json:"resource"`
		Path     string        `json:"path"`
		Location *jsonLocation `json:"location"`
	}
	jsonDiagnostic struct {
		File     string         `json:"file"`
		Line     int            `json:"line,omitempty"` // none for a file that cannot be read
		Column   int            `json:"column,omitempty"`
		Severity document.Level `json:"severity"`
		Message  string         `json:"message"`
	}
	jsonRuleError struct {
		Rule     string `json:"rule"`
		Document string `json:"document,omitempty"`
		Message  string `json:"message"`
	}
	jsonFiles struct {
		Read          int `json:"read"`
		NotRecognised int `json:"not_recognised"`
		Failed        int `json:"failed"`
	}
	jsonPassedOver struct {
		File   string `json:"file"`
		Reason string `json:"reason"`
	}
)

func writeJSON(w io.Writer, r *finding.Result, o Options) error {
	m := redact.New(r)
	out := jsonReport{
		SchemaVersion: schemaVersion,
		Tool:          jsonTool{Name, o.Version},
		Summary:       jsonSummaryOf(r),
		Findings:      make([]jsonFinding, 0, len(r.Findings)),
		Diagnostics:   make([]jsonDiagnostic, 0, len(r.Diagnostics)),
		RuleErrors:    make([]jsonRuleError, 0, len(r.RuleErrors)),
		Documents:     len(r.Documents),
		Files:         jsonFiles(r.Files),
	}
	for i := range r.Findings {
		out.Findings = append(out.Findings, jsonFindingOf(m, &r.Findings[i]))
	}
	for _, d := range r.Diagnostics {
		at := d.Range.Outermost()
		out.Diagnostics = append(out.Diagnostics, jsonDiagnostic{
			File: at.File(), Line: at.Start.Line, Column: at.Start.Column, Severity: d.Level, Message: m.Note(at, d.Message),
		})
	}
	for _, e := range r.RuleErrors {
		out.RuleErrors = append(out.RuleErrors, jsonRuleError{e.Rule, m.Name(e.Document), m.Note(document.Range{}, e.Message)})
	}
	if o.Verbose {
		for _, p := range r.PassedOver {
			out.PassedOver = append(out.PassedOver, jsonPassedOver(p))
		}
	}
	return encode(w, out)
}

// suppressedBy tells what accepted a finding; a rule can do so itself for cases
// it knows.
func suppressedBy(f *finding.Finding) string {
	if f.Status == finding.Suppressed && f.SuppressedBy == "" {
		return "rule"
	}
	return f.SuppressedBy
}

// encode writes indented JSON that keeps <, > and & as they are.
func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func jsonSummaryOf(r *finding.Result) jsonSummary {
	t := count(r)
	s := jsonSummary{
		Fail: t.status[finding.Fail], BySeverity: map[string]int{}, Advisory: t.gaps,
		Unknown: t.status[finding.Unknown], Suppressed: t.status[finding.Suppressed], Baseline: t.status[finding.Baseline],
		Rules: jsonRules{Selected: len(r.Rules), Judged: t.judged, NotApplicable: len(r.Rules) - t.judged},
	}
	if n := t.status[finding.Pass]; n > 0 {
		s.Pass = &n
	}
	for _, severity := range falling() {
		s.BySeverity[severity.String()] = t.severity[severity]
	}
	return s
}

func jsonFindingOf(m *redact.Masker, f *finding.Finding) jsonFinding {
	out := jsonFinding{
		Rule: f.Rule.ID, Slug: f.Rule.Slug, Title: f.Rule.Title,
		Severity: f.Severity, Status: f.Status, Advisory: f.Rule.Advisory,
		Message: m.Message(f, f.Message), Reason: m.Message(f, f.Reason), SuppressedBy: suppressedBy(f), Introduced: f.Introduced,
		Resource: jsonResourceOf(m, f.Document), Path: f.Path.String(), Location: jsonLocationOf(f.Range),
		Related:     make([]jsonRelated, 0, len(f.Related)),
		Remediation: f.Rule.Remediation, References: f.Rule.References, Fingerprint: f.Fingerprint,
	}
	if out.Location != nil {
		out.Location.Exact = &f.Exact
	}
	if out.References == nil {
		out.References = []finding.Reference{}
	}
	for _, r := range f.Related {
		out.Related = append(out.Related, jsonRelated{
			Message: m.Message(f, r.Message), Resource: jsonResourceOf(m, r.Document),
			Path: r.Path.String(), Location: jsonLocationOf(r.Range),
		})
	}
	return out
}

func jsonResourceOf(m *redact.Masker, d *document.Document) *jsonResource {
	if d == nil {
		return nil
	}
	return &jsonResource{
		ID: m.Name(d.ID), Type: d.Type, Kind: d.Kind, Name: m.Name(d.Name),
		Namespace: d.Namespace, Address: m.Name(d.Address), Format: d.Format, Action: action(d), Construct: construct(d),
	}
}

func jsonLocationOf(r document.Range) *jsonLocation {
	r = r.Outermost()
	if r.IsZero() {
		return nil
	}
	return &jsonLocation{
		File: r.File(), Line: r.Start.Line, Column: r.Start.Column,
		EndLine: r.End.Line, EndColumn: r.End.Column,
	}
}

func action(d *document.Document) string {
	if d.Action == document.Present {
		return ""
	}
	return string(d.Action)
}

// construct returns the path of the CDK construct that made a document, "" if
// none did.
func construct(d *document.Document) string {
	if d == nil {
		return ""
	}
	return d.Metadata["aws:cdk:path"]
}
