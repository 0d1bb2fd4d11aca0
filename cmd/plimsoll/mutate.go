package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/plimsoll-dev/plimsoll/engine/policytest"
)

// policyMutate lists the changes of rules that their tests do not notice. It
// fails when too few are noticed.
func policyMutate(c *cli.Context, options policytest.Options) error {
	r, err := policytest.Mutate(c.Context, options)
	if err != nil {
		return coded(exitRule, err)
	}
	for _, rule := range slices.Concat(r.Rules, r.Helpers) {
		if c.Bool("quiet") && len(rule.Survivors) == 0 && rule.Problem == "" {
			continue
		}
		if rule.Problem != "" {
			_, _ = fmt.Fprintf(c.App.Writer, "%s  %s: not tried: %s\n", rule.Rule.ID, rule.Rule.Slug, rule.Problem)
			continue
		}
		if _, err := fmt.Fprintf(c.App.Writer, "%s  %s: %s, %d noticed by unit tests, %d by cases, %d by nothing\n", rule.Rule.ID, rule.Rule.Slug,
			plural(rule.Mutants, "mutant"), rule.ByUnit, rule.ByCase, len(rule.Survivors)); err != nil {
			return coded(exitUsage, err)
		}
		for _, m := range rule.Survivors {
			if _, err := fmt.Fprintf(c.App.Writer, "      %s\n", m); err != nil {
				return coded(exitUsage, err)
			}
		}
	}
	shared := r.Shared()
	if len(r.Rules) > 0 {
		printKilled(c.App.Writer, "rule", r)
	}
	if len(r.Helpers) > 0 {
		printKilled(c.App.Writer, "helper", shared)
	}
	if len(r.Rules) == 0 {
		r = shared
	}
	if r.Untried()+shared.Untried() > 0 || r.Killed() < c.Float64("killed") {
		return &exitError{code: exitFindings}
	}
	return nil
}

func printKilled(w io.Writer, what string, r *policytest.MutationReport) {
	_, _ = fmt.Fprintf(w, "%s, %s, %s, %.1f %% noticed\n",
		plural(len(r.Rules), what), plural(r.Mutants(), "mutant"), plural(r.Survivors(), "survivor"), r.Killed())
}
