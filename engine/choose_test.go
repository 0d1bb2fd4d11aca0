package engine_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/policies"
)

func selected(t *testing.T, o engine.Options) []string {
	t.Helper()
	o.Bundled = policies.FS
	e, err := engine.New(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range e.Selected() {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestNew_ProfilesSelectBySeverityAndControl(t *testing.T) {
	strict := selected(t, engine.Options{Profile: "strict"})
	byDefault := selected(t, engine.Options{})
	baseline := selected(t, engine.Options{Profile: "baseline"})
	if len(strict) < len(byDefault) || len(byDefault) <= len(baseline) || len(baseline) == 0 {
		t.Errorf("strict %d, default %d, baseline %d", len(strict), len(byDefault), len(baseline))
	}
	pss := selected(t, engine.Options{Profile: "pss-baseline"})
	if !slices.Contains(pss, "PLM-POD-001") || slices.Contains(pss, "PLM-CLUSTER-001") {
		t.Errorf("pss-baseline holds %v", pss)
	}
}

func TestNew_NamedRulesRunWhateverTheProfileSays(t *testing.T) {
	got := selected(t, engine.Options{Profile: "baseline", Rules: []string{"plm-cluster-012", "cluster/public_endpoint"}, SkipRules: []string{"PLM-CLUSTER-001"}})
	if !slices.Equal(got, []string{"PLM-CLUSTER-012"}) {
		t.Errorf("got %v", got)
	}
}

func TestNew_PatternsNameRulesByIDAndFolder(t *testing.T) {
	pods := selected(t, engine.Options{Rules: []string{"pod/*"}})
	if byID := selected(t, engine.Options{Rules: []string{"plm-pod-*"}}); len(pods) < 10 || !slices.Equal(pods, byID) {
		t.Errorf("pod/* is %v, plm-pod-* is %v", pods, byID)
	}
	rest := selected(t, engine.Options{Rules: []string{"pod/*"}, SkipRules: []string{"PLM-POD-00[1-9]"}})
	if len(rest) != len(pods)-9 && (len(rest) >= len(pods) || slices.Contains(rest, "PLM-POD-001")) {
		t.Errorf("%d of %d are left", len(rest), len(pods))
	}
}

func TestNew_WrongNamesAreUsageErrorsThatSayWhatNext(t *testing.T) {
	for name, tc := range map[string]struct {
		options engine.Options
		want    string
	}{
		"rule":      {engine.Options{Rules: []string{"PLM-CLUSTER-0O1"}}, "did you mean PLM-CLUSTER-001"},
		"profile":   {engine.Options{Profile: "lax"}, "profiles are"},
		"parameter": {engine.Options{Parameters: map[string]map[string]any{"PLM-NONE-001": {}}}, "there is no rule"},
		"severity":  {engine.Options{Severities: map[string]string{"PLM-CLUSTER-001": "dire"}}, "none of critical"},
		"evidence":  {engine.Options{Evidence: "some"}, "none of advisory"},
		"pattern":   {engine.Options{SkipRules: []string{"pods/*"}}, `matches "pods/*"`},
		"bracket":   {engine.Options{Rules: []string{"pod/[a"}}, "no pattern"},
		"for one":   {engine.Options{Severities: map[string]string{"pod/*": "low"}}, "single rules"},
		"external":  {engine.Options{ExternalControls: []string{"PLM-NONE-001"}}, "there is no rule"},
		"folder":    {engine.Options{PolicyDirs: []string{"testdata/none"}}, "no such folder"},
	} {
		t.Run(name, func(t *testing.T) {
			tc.options.Bundled = policies.FS
			_, err := engine.New(context.Background(), tc.options)
			var usage *engine.UsageError
			if !errors.As(err, &usage) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestNew_SeverityOverridesLeaveTheLibraryAlone(t *testing.T) {
	o := engine.Options{Bundled: policies.FS, Severities: map[string]string{"PLM-CLUSTER-001": "low"}}
	e, err := engine.New(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	find := func(rules []*finding.Rule) finding.Severity {
		i := slices.IndexFunc(rules, func(r *finding.Rule) bool { return r.ID == "PLM-CLUSTER-001" })
		return rules[i].Severity
	}
	if find(e.Selected()) != finding.Low || find(e.Rules()) != finding.High {
		t.Errorf("selected %v, library %v", find(e.Selected()), find(e.Rules()))
	}
}
