package policytest_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/engine/policytest"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// twoConditions is a rule of which the tests of the folder prove only a part.
const twoConditions = `
deny contains result.at("labels.tier", "the tier is odd") if {
	tier := input.attr.labels.tier
	is_string(tier)
	not tier in {"web", "data"}
	count(tier) > 3
}
`

func mutate(t *testing.T, o policytest.Options) *policytest.MutationReport {
	t.Helper()
	o.Bundled = policies.FS
	report, err := policytest.Mutate(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// changes lists survivors as line: change, or why the rule was not tried.
func changes(dir string, r *policytest.MutationReport) []string {
	var out []string
	for _, rule := range r.Rules {
		if rule.Problem != "" {
			out = append(out, rule.Problem)
		}
		for _, m := range rule.Survivors {
			out = append(out, strings.TrimPrefix(m.String(), loaders.Name(dir)+"/pod/team/rule.rego:"))
		}
	}
	return out
}

func TestMutate_FindsNothingWhereTestsProveARule(t *testing.T) {
	dir := folder(t, nil)
	report := mutate(t, policytest.Options{Dir: dir})
	if got := changes(dir, report); len(got) > 0 {
		t.Errorf("survivors: %q", got)
	}
	if report.Mutants() != 3 || report.Killed() != 100 || report.Rules[0].ByUnit != 3 {
		t.Errorf("got %+v, want 3 mutants: dropped, without not, switched off", report.Rules[0])
	}
}

func TestMutate_CountsWhatOnlyCasesNotice(t *testing.T) {
	dir := folder(t, map[string]string{"rule_test.rego": strings.ReplaceAll(unit, "count(team.deny) ==", "count(team.deny) >= 0; 0 <=")})
	report := mutate(t, policytest.Options{Dir: dir})
	if r := report.Rules[0]; r.ByUnit != 0 || r.ByCase != 3 || len(r.Survivors) != 0 {
		t.Errorf("got %+v, want all 3 mutants noticed by cases", r)
	}
}

func TestMutate_NamesWhatNoTestNotices(t *testing.T) {
	tests := unit + `
test_short_tier_passes if {
	count(team.deny) == 0 with input as {"attr": {"labels": {"team": "a", "tier": "x"}}}
}

test_odd_tier_fails if {
	count(team.deny) == 1 with input as {"attr": {"labels": {"team": "a", "tier": "front"}}}
}

test_data_passes if {
	count(team.deny) == 0 with input as {"attr": {"labels": {"team": "a", "tier": "data"}}}
}
`
	dir := folder(t, map[string]string{"rule.rego": rule + twoConditions, "rule_test.rego": tests})
	want := []string{
		"22:2: dropped `is_string(tier)`",
		"23:15: left \"web\" out",
		"24:2: > became >= in `count(tier) > 3`",
		"24:16: 3 became 4",
	}
	report := mutate(t, policytest.Options{Dir: dir})
	if diff := cmp.Diff(want, changes(dir, report)); diff != "" {
		t.Errorf("survivors (-want +got):\n%s", diff)
	}
	if report.Survivors() != len(want) {
		t.Errorf("%d survivors counted, want %d", report.Survivors(), len(want))
	}
}

func TestMutate_DoesNotTryARuleWhoseTestsFail(t *testing.T) {
	dir := folder(t, map[string]string{"cases/pass.yaml": strings.Replace(good, "team: a", "x: a", 1)})
	report := mutate(t, policytest.Options{Dir: dir})
	if got := changes(dir, report); report.Untried() != 1 || len(got) != 1 || !strings.Contains(got[0], "its own tests do not pass") {
		t.Errorf("got %q", got)
	}
}

func TestMutate_RefusesAFolderWithoutRules(t *testing.T) {
	if _, err := policytest.Mutate(context.Background(), policytest.Options{Dir: t.TempDir(), Bundled: policies.FS}); err == nil {
		t.Error("no error")
	}
}

// The whole library is held to the same by make mutants; the environment
// variable asks for it here.
func TestMutate_TheLibrarysTestsNoticeChanges(t *testing.T) {
	o := policytest.Options{Dir: "../../policies", Rules: []string{"cluster/public_endpoint", "net/unenforced_policies", "img/mutable_tag"}}
	if os.Getenv("PLIMSOLL_MUTANTS") == "all" {
		o.Rules = nil
	}
	report := mutate(t, o)
	if got := changes(o.Dir, report); report.Killed() < 95 || report.Untried() > 0 {
		t.Errorf("%.1f %% of %d mutants noticed; survivors:\n%s", report.Killed(), report.Mutants(), strings.Join(got, "\n"))
	}
}

func TestMutate_ChangesTheHelpersOfALibrary(t *testing.T) {
	report := mutate(t, policytest.Options{Dir: "../../policies", Rules: []string{"lib/templates", "adm/weak_sidecar"}})
	if len(report.Rules) != 1 || len(report.Helpers) != 1 {
		t.Fatalf("%d rules and %d helpers, want one of each", len(report.Rules), len(report.Helpers))
	}
	h := report.Helpers[0]
	if h.Rule.ID != "lib/templates" || h.Problem != "" || h.ByUnit == 0 || h.Mutants != h.ByUnit+h.ByCase+len(h.Survivors) {
		t.Errorf("got %+v", h)
	}
	if got := report.Shared().Killed(); got < 90 {
		t.Errorf("%.1f %% noticed", got)
	}
	if report.Mutants() != report.Rules[0].Mutants {
		t.Error("the helpers' mutants count as those of rules")
	}
}
