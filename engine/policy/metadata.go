package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// custom is the closed schema of METADATA's custom field.
type custom struct {
	ID          string               `json:"id"`
	Severity    string               `json:"severity"`
	Category    string               `json:"category"`
	Since       string               `json:"since"`
	Remediation string               `json:"remediation"`
	On          []string             `json:"on"`
	Scope       finding.Scope        `json:"scope"`
	Needs       []string             `json:"needs"`
	Reads       []string             `json:"reads"`
	Formats     []string             `json:"formats"`
	Profiles    []string             `json:"profiles"`
	Controls    map[string][]string  `json:"controls"`
	Aliases     []string             `json:"aliases"`
	Advisory    bool                 `json:"advisory"`
	Secret      bool                 `json:"secret"`
	Supersedes  []string             `json:"supersedes"`
	Parameters  []finding.Parameter  `json:"parameters"`
	Deprecated  *finding.Deprecation `json:"deprecated"`
}

var idPattern = regexp.MustCompile(`^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$`)

// describe turns the package's METADATA into a rule. It returns nil when the
// module has none with a custom.id: such a module is a helper.
func describe(module *ast.Module) (*finding.Rule, error) {
	var a *ast.Annotations
	for _, candidate := range module.Annotations {
		if candidate.Scope == "package" {
			a = candidate
		}
	}
	if a == nil || a.Custom["id"] == nil {
		return nil, nil //nolint:nilnil // no rule is a valid answer
	}
	text, err := json.Marshal(a.Custom)
	if err != nil {
		return nil, fmt.Errorf("read METADATA: %w", err)
	}
	var c custom
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		return nil, fmt.Errorf("METADATA custom: %w", err)
	}
	r := &finding.Rule{
		ID: c.ID, Package: strings.TrimPrefix(module.Package.Path.String(), "data."),
		Title: a.Title, Description: a.Description, Remediation: strings.TrimSpace(c.Remediation),
		Category: c.Category, Scope: c.Scope, Profiles: c.Profiles, Controls: c.Controls,
		Aliases: c.Aliases, On: c.On, Formats: c.Formats, Needs: c.Needs, Reads: c.Reads,
		Advisory: c.Advisory, Secret: c.Secret, Supersedes: c.Supersedes,
		Parameters: c.Parameters, Since: c.Since, Deprecated: c.Deprecated,
	}
	r.Slug = slug(r.Package)
	if r.Scope == "" {
		r.Scope = finding.Resource
	}
	for _, ref := range a.RelatedResources {
		r.References = append(r.References, finding.Reference{Description: ref.Description, URL: ref.Ref.String()})
	}
	return r, validate(r, c.Severity)
}

func validate(r *finding.Rule, severity string) error {
	var errs []error
	var ok bool
	if r.Severity, ok = finding.ParseSeverity(severity); !ok {
		errs = append(errs, fmt.Errorf("severity %q is none of critical, high, medium, low, info", severity))
	}
	if !idPattern.MatchString(r.ID) {
		errs = append(errs, fmt.Errorf("id %q is not of the form PLM-POD-001", r.ID))
	}
	if r.Title == "" {
		errs = append(errs, errors.New("title is missing"))
	}
	if len(r.On) == 0 {
		errs = append(errs, errors.New("custom.on is missing: name the canonical types or kinds the rule judges"))
	}
	if r.Scope != finding.Resource && r.Scope != finding.Stack {
		errs = append(errs, fmt.Errorf("scope %q is neither resource nor stack", r.Scope))
	}
	for _, p := range slices.Concat(r.Needs, r.Reads) {
		if _, err := document.ParsePath(p); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// slug is the short name of a rule's package: what follows "rules", or all of
// it, with slashes.
func slug(pkg string) string {
	parts := strings.Split(pkg, ".")
	if i := slices.Index(parts, "rules"); i >= 0 && i+1 < len(parts) {
		parts = parts[i+1:]
	}
	return strings.Join(parts, "/")
}
