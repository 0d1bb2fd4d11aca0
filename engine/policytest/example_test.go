package policytest_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/engine/policytest"
)

func TestExamples_ChoosesOneOfEachKindALanguage(t *testing.T) {
	cfn := "Resources:\n  A:\n    Type: AWS::EKS::Cluster # want ACME-001\n"
	dir := folder(t, map[string]string{
		"cases/fail_other.yaml":         pod,
		"cases/fail.cfn.yaml":           cfn,
		"cases/unknown.yaml":            pod,
		"cases/fail.plan.json":          "{\n}\n",
		"cases/fail.plan.json.want":     "2: ACME-001\n",
		"cases/fail_plan/main.tf":       "resource \"a\" \"b\" {} # want ACME-001\n",
		"cases/fail_plan/plan.json":     "{}\n",
		"cases/fail_stack/cluster.yaml": "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig # want ACME-001\n",
		"cases/fail_stack/notes.yaml":   "a: b\n",
		"cases/pass_long.cfn.yaml":      "Resources:\n" + strings.Repeat("# x\n", 200),
	})
	list, err := policytest.Examples(filepath.Join(dir, "pod", "team"), "ACME-001")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range list {
		verdict := "pass"
		if e.Fail {
			verdict = "fail"
		}
		got = append(got, e.Format+" "+verdict+" "+e.File)
	}
	want := []string{
		"K fail fail.yaml", "K pass pass.yaml", "T fail fail_plan/main.tf", "C fail fail.cfn.yaml", "E fail fail_stack/cluster.yaml",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("examples (-want +got):\n%s", diff)
	}
	if line := list[0].Lines[4]; line.Text != "  labels: {app: web}" || !line.Wanted || list[0].Lines[0].Wanted {
		t.Errorf("line 5 is %+v, want the text without its comment, marked", line)
	}
}

func TestExamples_AreNoneWithoutCases(t *testing.T) {
	if list, err := policytest.Examples(t.TempDir(), "ACME-001"); err != nil || len(list) > 0 {
		t.Errorf("got %v, %v", list, err)
	}
}
