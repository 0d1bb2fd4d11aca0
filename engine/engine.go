// Package engine is Plimsoll's public door: it chooses rules, judges loaded
// documents with them and returns what was found.
package engine

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/engine/eval"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// DataDate is the date of the bundled facts, and the default of Options.AsOf.
const DataDate = "2026-11-22"

// Options say which rules a run uses and how.
type Options struct {
	// Bundled is the library's file system (policies.FS).
	Bundled fs.FS
	// PolicyDirs are folders with rules of the user's own.
	PolicyDirs []string
	// PolicyFS are further such folders, given as file systems.
	PolicyFS []policy.Dir
	// Rules, when not empty, are the only rules to run, by ID, slug or a pattern of
	// these ("pod/*"), whatever the profile says. SkipRules are left out in any
	// case.
	Rules, SkipRules []string
	// Profile selects rules: "default", "strict", "baseline", "cis-eks",
	// "pss-baseline", "pss-restricted", "nsa", "aws-fsbp"; "" is "default".
	Profile string
	// Parameters are values by rule ID or slug and parameter name.
	Parameters map[string]map[string]any
	// Severities override rules' severities, by ID or slug.
	Severities map[string]string
	// Evidence says what to do with gap rules: "advisory" (the default: report
	// them without failing), "required" or "off".
	Evidence string
	// ExternalControls are controls provided elsewhere: gap rules with one of
	// these IDs, slugs or categories are not run.
	ExternalControls []string
	// SystemWorkloads are add-ons of the user's own that need what others may
	// not have, and changes to the library's list of them.
	SystemWorkloads []SystemWorkload
	// AsOf is the date (YYYY-MM-DD) that version and end-of-life tables are read
	// at; "" is DataDate.
	AsOf string
	// KubeVersion is the Kubernetes version that pods are for, such as "1.34": it
	// decides which version of the Pod Security Standards holds. "" and "latest"
	// are the newest.
	KubeVersion string
	// Stacks say which inputs make up one environment; what is in none of them
	// makes up one more.
	Stacks []Stack
	// Jobs bounds the goroutines; 0 means one per core.
	Jobs int
	// IncludePassed asks for a finding per rule and subject that passed.
	IncludePassed bool
	// Changed judges only what plans create or change, and tells what the change
	// introduces from what was there before. Findings about other resources are
	// kept if the change introduces them.
	Changed bool
}

// A UsageError is a mistake in Options; its text says what and what next.
type UsageError struct {
	Problem string
	// Value is the name or value in the options that is wrong, "" where there is
	// none to point at.
	Value string
}

// Error implements error.
func (e *UsageError) Error() string { return e.Problem }

// An Engine holds a rule library and a choice from it. It may be used for any
// number of checks, one at a time.
type Engine struct {
	options  Options
	library  *policy.Library
	selected []*policy.Rule
	broken   []finding.RuleError
}

// New reads the rules and makes the choice. Nothing is compiled yet. Its errors
// are *UsageError unless the library itself cannot be read.
func New(_ context.Context, o Options) (*Engine, error) {
	dirs := make([]policy.Dir, 0, len(o.PolicyDirs)+len(o.PolicyFS))
	for _, name := range o.PolicyDirs {
		if st, err := os.Stat(name); err != nil || !st.IsDir() {
			return nil, &UsageError{Problem: fmt.Sprintf("--policy %s: no such folder", name)}
		}
		dirs = append(dirs, policy.Dir{Name: name, FS: os.DirFS(name)})
	}
	dirs = append(dirs, o.PolicyFS...)
	if o.AsOf == "" {
		o.AsOf = DataDate
	}
	if !kubeVersion.MatchString(o.KubeVersion) {
		return nil, &UsageError{Problem: fmt.Sprintf("Kubernetes version %q is not of the form 1.34", o.KubeVersion)}
	}
	library, broken, err := policy.Load(o.Bundled, dirs)
	if err != nil {
		return nil, err
	}
	for _, w := range o.SystemWorkloads {
		if problem := w.problem(metadata(library.Rules())); problem != "" {
			return nil, &UsageError{Problem: problem}
		}
	}
	e := &Engine{options: o, library: library, broken: broken}
	if e.selected, err = choose(library.Rules(), o); err != nil {
		return nil, err
	}
	return e, nil
}

// Rules returns every rule of the library, sorted by ID, chosen or not.
func (e *Engine) Rules() []*finding.Rule { return metadata(e.library.Rules()) }

// Selected returns the chosen rules, sorted by ID.
func (e *Engine) Selected() []*finding.Rule { return metadata(e.selected) }

func metadata(rules []*policy.Rule) []*finding.Rule {
	out := make([]*finding.Rule, len(rules))
	for i, r := range rules {
		out[i] = r.Rule
	}
	return out
}

// Check judges what was loaded. Findings are sorted and carry fingerprints.
func (e *Engine) Check(ctx context.Context, in loaders.Result) (*finding.Result, error) {
	if e.options.Changed && in.Before == nil {
		return nil, &UsageError{Problem: "--changed judges what a Terraform plan changes, and there is no plan in the input: " +
			"write one with terraform show -json tfplan > plan.json"}
	}
	result := &finding.Result{
		Rules: e.Selected(), Judged: map[string]int{}, Documents: in.Documents, Diagnostics: in.Diagnostics,
		RuleErrors: slices.Clone(e.broken),
		Files:      finding.Files{Read: in.Read, NotRecognised: in.NotRecognised, Failed: in.Failed},
	}
	for _, p := range in.PassedOver {
		result.PassedOver = append(result.PassedOver, finding.PassedOver{File: p.File, Reason: p.Reason})
	}
	program, broken, err := e.library.Compile(needed(e.selected, in.Documents))
	if err != nil {
		return nil, err
	}
	result.RuleErrors = append(result.RuleErrors, broken...)
	data, err := e.library.Data(program, e.options.Parameters, e.options.AsOf)
	if err != nil {
		return nil, &UsageError{Problem: err.Error()}
	}
	e.options.tell(data)
	evaluator, err := eval.New(program, eval.Options{Data: data, Jobs: e.options.Jobs, IncludePassed: e.options.IncludePassed})
	if err != nil {
		return nil, err
	}
	j := judgment{evaluator: evaluator, stack: hasStackRules(program), stacks: e.options.Stacks}
	subjects := in.Documents
	var c *comparison
	if e.options.Changed {
		c = compare(in)
		subjects = c.subjects
	}
	outcome, err := j.judge(ctx, in.Documents, subjects)
	if err != nil {
		return nil, err
	}
	result.Findings = judgedOnce(withoutRepeats(e.finish(outcome.Findings)))
	result.Judged = outcome.Judged
	result.RuleErrors = append(result.RuleErrors, outcome.Errors...)
	slices.SortStableFunc(result.RuleErrors, func(a, b finding.RuleError) int {
		return strings.Compare(a.Rule+a.Document+a.Message, b.Rule+b.Document+b.Message)
	})
	result.Sort()
	if c != nil {
		if err := e.age(ctx, j, c, result); err != nil {
			return nil, err
		}
	}
	trace(result.Findings)
	fingerprint(result.Findings)
	return result, nil
}

// A judgment runs the compiled rules.
type judgment struct {
	evaluator *eval.Evaluator
	stack     bool // there are stack rules
	stacks    []Stack
}

// judge applies the resource rules to subjects, and the stack rules to docs.
func (j judgment) judge(ctx context.Context, docs, subjects []*document.Document) (eval.Outcome, error) {
	outcome, err := j.evaluator.Documents(ctx, subjects)
	if err != nil || !j.stack {
		return outcome, err
	}
	more, err := stacks(ctx, j.evaluator, docs, j.stacks)
	if err != nil {
		return outcome, err
	}
	outcome.Findings = append(outcome.Findings, more.Findings...)
	outcome.Errors = append(outcome.Errors, more.Errors...)
	for id, n := range more.Judged {
		outcome.Judged[id] += n
	}
	return outcome, nil
}

// needed drops the rules that no document's type can concern: compiling a rule
// costs more than judging most documents.
func needed(rules []*policy.Rule, docs []*document.Document) []*policy.Rule {
	type what struct{ typ, kind string }
	present := map[what]bool{}
	for _, d := range docs {
		present[what{d.Type, d.Kind}] = true
	}
	kinds := slices.Collect(maps.Keys(present))
	return slices.DeleteFunc(slices.Clone(rules), func(r *policy.Rule) bool {
		return !slices.ContainsFunc(kinds, func(w what) bool { return r.Judges(w.typ, w.kind) })
	})
}

func hasStackRules(p *policy.Program) bool {
	return slices.ContainsFunc(p.Units, func(u *policy.Unit) bool {
		return slices.ContainsFunc(u.Rules, func(r *policy.Rule) bool { return r.Scope == finding.Stack })
	})
}
