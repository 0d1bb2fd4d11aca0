// Package finding holds what a run says: rules, findings and their statuses,
// ordering and fingerprints.
package finding

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A Status is the verdict behind one finding.
type Status string

// The statuses, as the JSON output spells them. Passes are listed only when
// asked for.
const (
	Fail       Status = "fail"
	Unknown    Status = "unknown"
	Pass       Status = "pass"
	Suppressed Status = "suppressed"
	Baseline   Status = "baseline"
)

// A Severity says how bad a failed rule is.
type Severity int

// The severities, in rising order.
const (
	Info Severity = iota + 1
	Low
	Medium
	High
	Critical
)

//nolint:gochecknoglobals // a table that is read only
var severityNames = [...]string{Info: "info", Low: "low", Medium: "medium", High: "high", Critical: "critical"}

// String returns the severity's name in lower case.
func (s Severity) String() string {
	if s < Info || s > Critical {
		return "none"
	}
	return severityNames[s]
}

// MarshalText implements encoding.TextMarshaler.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Severity) UnmarshalText(text []byte) error {
	v, ok := ParseSeverity(string(text))
	if !ok {
		return fmt.Errorf("severity %q is none of critical, high, medium, low, info", text)
	}
	*s = v
	return nil
}

// ParseSeverity reads a severity's name.
func ParseSeverity(name string) (Severity, bool) {
	i := slices.Index(severityNames[:], name)
	if i < int(Info) {
		return 0, false
	}
	return Severity(i), true
}

// A Scope says what a rule is judged on.
type Scope string

// The scopes: one document, or all documents and their links at once.
const (
	Resource Scope = "resource"
	Stack    Scope = "stack"
)

// A Rule is one rule's metadata; all of it comes from its METADATA block.
type Rule struct {
	ID          string              `json:"id"`
	Slug        string              `json:"slug"` // "cluster/public_endpoint"
	Package     string              `json:"package"`
	Title       string              `json:"title"`
	Description string              `json:"description"`
	Remediation string              `json:"remediation"`
	Severity    Severity            `json:"severity"`
	Category    string              `json:"category"`
	Scope       Scope               `json:"scope"`
	Profiles    []string            `json:"profiles,omitempty"`
	References  []Reference         `json:"references,omitempty"`
	Controls    map[string][]string `json:"controls,omitempty"`
	Aliases     []string            `json:"aliases,omitempty"`
	// On lists the canonical types or raw kinds the rule judges; for a stack
	// rule, those without which it has nothing to judge.
	On []string `json:"on"`
	// Formats are the source letters of the catalogue the rule has cases for:
	// K (Kubernetes), T (Terraform), C (CloudFormation), E (eksctl).
	Formats []string `json:"formats,omitempty"`
	// Needs are paths without which no verdict stands; Reads are paths that can
	// turn a pass into unknown.
	Needs []string `json:"needs,omitempty"`
	Reads []string `json:"reads,omitempty"`
	// Advisory marks a gap rule: something is absent from what was read.
	Advisory bool `json:"advisory,omitempty"`
	// Secret rules point at values that must never be printed.
	Secret bool `json:"secret,omitempty"`
	// Supersedes lists rule IDs whose findings on the same subject this rule's
	// finding replaces ("one cause, one finding").
	Supersedes []string     `json:"supersedes,omitempty"`
	Parameters []Parameter  `json:"parameters,omitempty"`
	Since      string       `json:"since"`
	Deprecated *Deprecation `json:"deprecated,omitempty"`
}

// A Reference is a page that explains a rule's reason.
type Reference struct {
	Description string `json:"description,omitempty"`
	URL         string `json:"url"`
}

// A Parameter is a value users may set for a rule.
type Parameter struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Default     any    `json:"default"`
	Description string `json:"description"`
}

// A Deprecation says since when a rule is on its way out and what replaces it.
type Deprecation struct {
	Since string `json:"since"`
	Use   string `json:"use,omitempty"`
}

// Related is another place that matters to a finding.
type Related struct {
	Document *document.Document
	Path     document.Path
	Range    document.Range
	Message  string
}

// A Finding is one verdict of one rule about one place.
type Finding struct {
	Rule *Rule
	// Severity is the rule's, unless the rule raised or lowered it here or the
	// configuration overrides it.
	Severity Severity
	Status   Status
	// Document is the subject; nil only for a gap with no subject at all.
	Document *document.Document
	// Path is the raw path from the root of the source's document.
	Path document.Path
	// Range is the value at Path, or the nearest written ancestor with
	// Exact=false.
	Range       document.Range
	Exact       bool
	Message     string
	Related     []Related
	Fingerprint string
	// Reason tells why an unknown is unknown, or who suppressed a finding and
	// why.
	Reason string
	// SuppressedBy tells what suppressed a finding: "comment", "annotation",
	// "metadata" or "config"; "" when the rule itself did so, and for other
	// statuses.
	SuppressedBy string
	// Introduced tells, where a change was judged, whether it brings the finding
	// about (true) or the finding was there before; nil where nobody asked.
	Introduced *bool
}

// A RuleError is a rule that broke; the run went on without it.
type RuleError struct {
	Rule     string
	Document string
	Message  string
}

// Files counts what became of the files a run was given.
type Files struct{ Read, NotRecognised, Failed int }

// A Result is everything a run found out.
type Result struct {
	Findings    []Finding
	Rules       []*Rule        // the rules that were selected, sorted by ID
	Judged      map[string]int // rule ID -> subjects judged; 0 means "not applicable"
	Documents   []*document.Document
	Diagnostics []document.Diagnostic
	RuleErrors  []RuleError
	Files       Files
	// Passed over files, with the reason, for --verbose.
	PassedOver []PassedOver
}

// PassedOver is a file that no format claims.
type PassedOver struct{ File, Reason string }

// Sort puts findings in the order of the contract: file, line, column, rule,
// path, message. Diagnostics that say the same of the same place are said once.
func (r *Result) Sort() {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(
			strings.Compare(a.Range.File(), b.Range.File()),
			cmp.Compare(a.Range.Start.Line, b.Range.Start.Line),
			cmp.Compare(a.Range.Start.Column, b.Range.Start.Column),
			strings.Compare(a.Rule.ID, b.Rule.ID),
			strings.Compare(a.Path.String(), b.Path.String()),
			strings.Compare(a.Message, b.Message),
			strings.Compare(a.Fingerprint, b.Fingerprint),
		)
	})
	slices.SortStableFunc(r.Diagnostics, func(a, b document.Diagnostic) int {
		return cmp.Or(
			strings.Compare(a.Range.File(), b.Range.File()),
			cmp.Compare(a.Range.Start.Line, b.Range.Start.Line),
			cmp.Compare(a.Range.Start.Column, b.Range.Start.Column),
			strings.Compare(a.Message, b.Message),
		)
	})
	r.Diagnostics = slices.CompactFunc(r.Diagnostics, func(a, b document.Diagnostic) bool {
		return a.Range.File() == b.Range.File() && a.Range.Start == b.Range.Start && a.Message == b.Message
	})
}

var indices = regexp.MustCompile(`\[\d+\]`)

// Print computes the finding's fingerprint: rule, document identity and path
// without indices, so that it survives moved lines and inserted siblings.
// n tells apart several findings that agree in all of these.
func (f *Finding) Print(n int) string {
	h := sha256.New()
	id := ""
	if f.Document != nil {
		id = f.Document.ID
	}
	for _, part := range []string{f.Rule.ID, id, indices.ReplaceAllString(f.Path.String(), "")} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	if n > 0 {
		h.Write([]byte{byte(n), byte(n >> 8)})
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}
