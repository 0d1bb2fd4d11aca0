package engine_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/fixtures"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// check judges paths with the bundled library.
func check(t *testing.T, o engine.Options, paths ...string) *finding.Result {
	t.Helper()
	loaded, err := loaders.Load(context.Background(), paths, strings.NewReader(""), loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o.Bundled = policies.FS
	e, err := engine.New(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	result, err := e.Check(context.Background(), loaded)
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range result.RuleErrors {
		t.Errorf("rule %s broke: %s", broken.Rule, broken.Message)
	}
	return result
}

// verdicts lists "<rule> <status>", each once.
func verdicts(r *finding.Result) []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, f.Rule.ID+" "+string(f.Status))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestCheck_TheSameClusterInTwoLanguagesGivesTheSameRules(t *testing.T) {
	strict := engine.Options{Profile: "strict"}
	plan := verdicts(check(t, strict, fixtures.Path(t, "parity", "terraform")))
	template := verdicts(check(t, strict, fixtures.Path(t, "parity", "cloudformation")))
	if diff := cmp.Diff(plan, template); diff != "" {
		t.Errorf("plan (-) and template (+) differ: %s", diff)
	}
	for _, want := range []string{
		"PLM-CLUSTER-001 fail", "PLM-CLUSTER-003 fail", "PLM-CLUSTER-007 fail", "PLM-CLUSTER-011 fail", "PLM-CLUSTER-012 fail",
		"PLM-CLUSTER-013 fail", "PLM-NODE-001 fail", "PLM-NODE-002 fail", "PLM-NODE-003 fail", "PLM-NODE-005 fail",
		"PLM-NODE-012 fail", "PLM-IAM-003 fail", "PLM-IAM-022 fail", "PLM-NET-001 fail", "PLM-NET-015 fail",
		"PLM-DATA-004 fail", "PLM-MON-007 fail",
	} {
		if !slices.Contains(plan, want) {
			t.Errorf("the plan lacks %s", want)
		}
	}
}
