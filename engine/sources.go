package engine

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
)

// A RuleSource tells where a rule comes from, for tools that test and document
// rules.
type RuleSource struct {
	Rule *finding.Rule
	// File is the rule's file in the file system it was read from.
	File string
	// InDir says that the rule is from the folder under test: one of PolicyDirs,
	// or the bundled library when there are none.
	InDir bool

	rule *policy.Rule
}

// Sources lists every rule with its file.
func (e *Engine) Sources() []RuleSource {
	rules := e.library.Rules()
	out := make([]RuleSource, 0, len(rules))
	for _, r := range rules {
		out = append(out, RuleSource{
			Rule: r.Rule, File: r.File(), rule: r,
			InDir: r.Bundled() == (len(e.options.PolicyDirs) == 0),
		})
	}
	return out
}

// Suite returns the modules and data that a rule's unit tests need.
func (e *Engine) Suite(r RuleSource) (*policy.Suite, error) {
	return e.library.Suite(r.rule, e.options.AsOf)
}

// Helpers lists the bundled library's helper modules, lib/<topic>.rego; none
// when the folder under test is on top of it.
func (e *Engine) Helpers() ([]string, error) {
	if len(e.options.PolicyDirs) > 0 {
		return nil, nil
	}
	return e.library.Helpers()
}

// HelperSuite returns the modules and data that a helper's unit tests need.
func (e *Engine) HelperSuite(name string) (*policy.Suite, error) {
	return e.library.HelperSuite(name, e.options.AsOf)
}

// CheckTypes lists what some rules ask of documents that documents do not have.
func (e *Engine) CheckTypes(rules []RuleSource) []policy.Mistake {
	list := make([]*policy.Rule, 0, len(rules))
	for _, r := range rules {
		list = append(list, r.rule)
	}
	return e.library.CheckTypes(list)
}

// Broken lists the rules that could not be read.
func (e *Engine) Broken() []finding.RuleError { return slices.Clone(e.broken) }
