package policytest

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
)

// helpersIn lists the helpers of the library under test that were asked for, by
// "lib/<topic>"; all of them when nothing was asked for.
func helpersIn(e *engine.Engine, chosen []string) ([]string, error) {
	names, err := e.Helpers()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(names, func(name string) bool {
		return len(chosen) > 0 && !slices.Contains(chosen, helperID(name))
	}), nil
}

func helperID(file string) string { return strings.TrimSuffix(file, path.Ext(file)) }

// helperRule stands for a helper in reports about rules.
func helperRule(file string) *finding.Rule {
	return &finding.Rule{ID: helperID(file), Slug: file}
}

// helperReports runs the unit tests of helpers that have some. Those of the
// rules cover the others.
func helperReports(ctx context.Context, e *engine.Engine, chosen []string) ([]RuleReport, error) {
	names, err := helpersIn(e, chosen)
	if err != nil {
		return nil, err
	}
	var out []RuleReport
	for _, name := range names {
		suite, err := e.HelperSuite(name)
		if err != nil {
			return nil, fmt.Errorf("test %s: %w", name, err)
		}
		if !suite.HasTests {
			continue
		}
		report := RuleReport{Rule: helperRule(name)}
		runUnits(ctx, &report, suite)
		out = append(out, report)
	}
	return out, nil
}

// witnesses is how many rules' cases are judged for a helper's mutant. A helper
// that many rules share would take minutes for each mutant that nothing notices.
const witnesses = 3

// A helperTrial runs the mutants of one helper module. They are noticed by its
// own unit tests, by those of any rule that imports it, directly or not, or by
// the cases of the first few of these rules.
type helperTrial struct {
	all     *engine.Engine
	options engine.Options
	file    string
	root    string
	out     *RuleMutants

	suites []*policy.Suite
	trials []*trial
}

func (h *helperTrial) run(ctx context.Context, sources []engine.RuleSource) error {
	h.out.Rule = helperRule(h.file)
	own, err := h.all.HelperSuite(h.file)
	if err != nil {
		return err
	}
	h.suites = []*policy.Suite{own}
	for _, source := range sources {
		if err := h.add(ctx, source, sources); err != nil {
			return err
		}
	}
	file := filepath.Join(h.root, filepath.FromSlash(h.file))
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if _, by, err := h.judge(ctx, Mutant{text: string(text)}); err != nil {
		return err
	} else if by != nobody {
		h.out.Problem = "its own tests or those of a rule do not pass; run plimsoll policy test first"
		return nil
	}
	for _, m := range mutants(own.Modules[h.file], file, string(text)) {
		valid, by, err := h.judge(ctx, m)
		if err != nil {
			return err
		}
		if valid {
			h.out.count(m, by)
		}
	}
	return nil
}

// add notes what a rule has to say about mutants, if it imports the helper.
func (h *helperTrial) add(ctx context.Context, source engine.RuleSource, sources []engine.RuleSource) error {
	suite, err := h.all.Suite(source)
	if err != nil || suite.Modules[h.file] == nil {
		return err
	}
	if suite.HasTests {
		h.suites = append(h.suites, suite)
	}
	if len(h.trials) == witnesses {
		return nil
	}
	t := &trial{all: h.all, source: source, options: h.options, root: h.root, out: &RuleMutants{}}
	t.overlay(h.file, sources)
	h.trials = append(h.trials, t)
	return t.load(ctx)
}

// judge runs suite after suite, then cases, until one notices the mutant.
func (h *helperTrial) judge(ctx context.Context, m Mutant) (valid bool, by witness, err error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	valid, by, err = h.ask(limited, m)
	switch {
	case ctx.Err() != nil:
		return false, nobody, context.Cause(ctx)
	case limited.Err() != nil:
		return true, unit, nil
	}
	return valid, by, err
}

func (h *helperTrial) ask(ctx context.Context, m Mutant) (valid bool, by witness, err error) {
	for _, suite := range h.suites {
		valid, noticed, err := unitsOf(ctx, suite, h.file, m)
		if err != nil || !valid {
			return false, nobody, err
		}
		if noticed {
			return true, unit, nil
		}
	}
	for _, t := range h.trials {
		if noticed, err := t.judgeCases(ctx, m); err != nil || noticed {
			return true, byCase, err
		}
	}
	return true, nobody, nil
}
