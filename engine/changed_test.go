package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// checkChanged judges what the plans among paths change.
func checkChanged(t *testing.T, paths ...string) *finding.Result {
	t.Helper()
	e, err := engine.New(context.Background(), engine.Options{Profile: "strict", Changed: true, IncludePassed: true, Bundled: policies.FS})
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := loaders.Load(context.Background(), paths, strings.NewReader(""), loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := e.Check(context.Background(), loaded)
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range r.RuleErrors {
		t.Errorf("rule error: %+v", broken)
	}
	return r
}

// aged writes the failures of a few rules with what is said of their age.
func aged(t *testing.T, r *finding.Result, rules ...string) []string {
	t.Helper()
	var out []string
	for _, f := range r.Findings {
		if (f.Introduced == nil) != (f.Status == finding.Pass) {
			t.Errorf("%s %s about %s: introduced is %v", f.Rule.ID, f.Status, f.Document.ID, f.Introduced)
			continue
		}
		if f.Status != finding.Fail || !slices.Contains(rules, f.Rule.ID) {
			continue
		}
		age := "old"
		if *f.Introduced {
			age = "new"
		}
		out = append(out, fmt.Sprintf("%s %s %s %s", age, f.Rule.ID, f.Document.Address, f.Path))
	}
	slices.Sort(out)
	return out
}

// The plan is a real one: main.tf against the state of an earlier version of it.
// A cluster and a security group are updated, a volume is replaced, another one
// made, a third one and the account's encryption default are deleted, and a
// role in use gets a policy.
func TestCheck_ChangedTellsWhatTheChangeIntroduces(t *testing.T) {
	r := checkChanged(t, "testdata/changed")
	want := []string{
		"new PLM-CLUSTER-011 aws_eks_cluster.main enabled_cluster_log_types",
		"new PLM-DATA-004 aws_ebs_volume.fresh encrypted",
		"new PLM-IAM-022 aws_iam_role_policy_attachment.admin policy_arn",
		// The set is sorted: the rule that was there has moved from 0 to 1.
		"new PLM-NET-001 aws_security_group.nodes ingress[0].cidr_blocks[0]",
		// Nothing changes in the template, but the account's default is gone.
		"new PLM-NODE-012 aws_launch_template.same block_device_mappings[0].ebs[0].encrypted",
		"old PLM-CLUSTER-001 aws_eks_cluster.main vpc_config[0].public_access_cidrs[0]",
		"old PLM-DATA-004 aws_ebs_volume.moved encrypted",
		"old PLM-NET-001 aws_security_group.nodes ingress[1].cidr_blocks[0]",
	}
	got := aged(t, r, "PLM-CLUSTER-001", "PLM-CLUSTER-011", "PLM-DATA-004", "PLM-IAM-022", "PLM-NET-001", "PLM-NODE-001", "PLM-NODE-012")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, f := range r.Findings {
		switch f.Document.Action {
		case "create", "update", "replace":
		default:
			if f.Introduced == nil || !*f.Introduced {
				t.Errorf("%s about %s, which does not change and was so before", f.Rule.ID, f.Document.ID)
			}
		}
	}
}

// The same plan with the elements of the set the other way round.
func TestCheck_ChangedKnowsAnElementThatHasMoved(t *testing.T) {
	content, err := os.ReadFile("testdata/changed/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	var plan map[string]any
	if err := json.Unmarshal(content, &plan); err != nil {
		t.Fatal(err)
	}
	for _, c := range plan["resource_changes"].([]any) {
		if c := c.(map[string]any); c["address"] == "aws_security_group.nodes" {
			slices.Reverse(c["change"].(map[string]any)["after"].(map[string]any)["ingress"].([]any))
		}
	}
	if content, err = json.Marshal(plan); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"new PLM-NET-001 aws_security_group.nodes ingress[1].cidr_blocks[0]",
		"old PLM-NET-001 aws_security_group.nodes ingress[0].cidr_blocks[0]",
	}
	if diff := cmp.Diff(want, aged(t, checkChanged(t, name), "PLM-NET-001")); diff != "" {
		t.Error(diff)
	}
}

// What is not changed still decides what is said of the rest: the role whose
// policy is new is known to be that of nodes.
func TestCheck_ChangedLeavesOtherFilesAsContext(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "infra"), os.DirFS("testdata/changed")); err != nil {
		t.Fatal(err)
	}
	pod := "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: c, image: a, securityContext: {privileged: true}}\n"
	if err := os.WriteFile(filepath.Join(dir, "pod.yaml"), []byte(pod), 0o600); err != nil {
		t.Fatal(err)
	}
	alone, both := checkChanged(t, filepath.Join(dir, "infra")), checkChanged(t, dir)
	rules := make([]string, 0, len(alone.Rules))
	for _, rule := range alone.Rules {
		if !rule.Advisory { // a pod makes other gaps
			rules = append(rules, rule.ID)
		}
	}
	if diff := cmp.Diff(aged(t, alone, rules...), aged(t, both, rules...)); diff != "" {
		t.Error(diff)
	}
}

func TestCheck_ChangedOfANewRootIsAllOfIt(t *testing.T) {
	plan := "../policies/rules/cluster/public_endpoint/cases/fail.plan.json"
	everything := map[bool][]string{}
	for _, changed := range []bool{false, true} {
		e, err := engine.New(context.Background(), engine.Options{Changed: changed, Bundled: policies.FS})
		if err != nil {
			t.Fatal(err)
		}
		loaded, err := loaders.Load(context.Background(), []string{plan}, strings.NewReader(""), loaders.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := e.Check(context.Background(), loaded)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Findings {
			everything[changed] = append(everything[changed], f.Rule.ID+" "+f.Path.String())
			if changed && (f.Introduced == nil || !*f.Introduced) {
				t.Errorf("%s about %s is not introduced by the plan that makes it", f.Rule.ID, f.Document.ID)
			}
		}
	}
	if diff := cmp.Diff(everything[false], everything[true]); diff != "" || len(everything[true]) == 0 {
		t.Errorf("%d findings: %s", len(everything[true]), diff)
	}
}

func TestCheck_ChangedNeedsAPlan(t *testing.T) {
	e, err := engine.New(context.Background(), engine.Options{Changed: true, Bundled: policies.FS})
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Check(context.Background(), loaders.Result{})
	var usage *engine.UsageError
	if !errors.As(err, &usage) || !strings.Contains(usage.Problem, "there is no plan in the input") {
		t.Errorf("without a plan: %v", err)
	}
}
