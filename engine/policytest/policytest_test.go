package policytest_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/engine/policylint"
	"github.com/plimsoll-dev/plimsoll/engine/policytest"
	"github.com/plimsoll-dev/plimsoll/policies"
)

const (
	rule = `# METADATA
# title: Pod has no team
# description: Nobody answers for it.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
# custom:
#   id: ACME-001
#   severity: low
#   category: ownership
#   since: 0.1.0
#   remediation: Add the label.
#   on: [workload]
#   needs: [labels]
package acme.rules.pod.team

import data.plimsoll.lib.result

deny contains result.at("labels.team", "the pod has no team") if not input.attr.labels.team
`
	unit = `package acme.rules.pod.team_test

import data.acme.rules.pod.team

test_without_team_fails if {
	count(team.deny) == 1 with input as {"attr": {"labels": {}}}
}

test_with_team_passes if {
	count(team.deny) == 0 with input as {"attr": {"labels": {"team": "a"}}}
}
`
	pod  = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels: {app: web} # want ACME-001\nspec:\n  containers: [{name: c, image: a/b:1}]\n"
	good = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels: {team: a}\nspec:\n  containers: [{name: c, image: a/b:1}]\n"
)

// folder writes a rule folder, with what changes says in place of its files; an
// empty text leaves a file out.
func folder(t *testing.T, changes map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{"rule.rego": rule, "rule_test.rego": unit, "cases/fail.yaml": pod, "cases/pass.yaml": good}
	maps.Copy(files, changes)
	for name, text := range files {
		if text == "" {
			continue
		}
		path := filepath.Join(dir, "pod", "team", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func problems(t *testing.T, o policytest.Options) []string {
	t.Helper()
	o.Bundled = policies.FS
	report, err := policytest.Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range report.Rules {
		out = append(out, r.Problems...)
	}
	return out
}

func TestRun_AcceptsARuleOfOnesOwn(t *testing.T) {
	if got := problems(t, policytest.Options{Dir: folder(t, nil)}); len(got) > 0 {
		t.Errorf("problems: %v", got)
	}
}

func TestRun_SaysWhatIsWrong(t *testing.T) {
	jsonPod := `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "w", "labels": {}}, "spec": {"containers": []}}`
	for name, tc := range map[string]struct {
		changes map[string]string
		want    string
	}{
		"finding that is not wanted": {map[string]string{"cases/pass.yaml": strings.Replace(good, "team: a", "x: a", 1)}, "pass.yaml:5: fail was found and is not wanted"},
		"finding that is missing":    {map[string]string{"cases/fail.yaml": strings.Replace(pod, "app: web", "team: a", 1)}, "fail.yaml:5: fail is wanted and was not found"},
		"fail case without wants":    {map[string]string{"cases/fail.yaml": good}, "a fail case wants at least one finding"},
		"case of nothing":            {map[string]string{"cases/pass.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"}, "judged nothing here"},
		"no pass case":               {map[string]string{"cases/pass.yaml": ""}, "no pass case"},
		"odd name":                   {map[string]string{"cases/good.yaml": good}, "begins with fail, pass or unknown"},
		"no unit tests":              {map[string]string{"rule_test.rego": ""}, "no rule_test.rego"},
		"failing unit test":          {map[string]string{"rule_test.rego": strings.Replace(unit, "== 1", "== 2", 1)}, "test_without_team_fails failed"},
		"unreached line":             {map[string]string{"rule.rego": rule + "\ndeny contains result.at(\"x\", \"never\") if {\n\tinput.attr.labels.never\n}\n"}, "no unit test reaches this line"},
		"sidecar":                    {map[string]string{"cases/fail_json.json": jsonPod, "cases/fail_json.json.want": "2: ACME-001\n"}, "fail_json.json:1: fail was found"},
		"broken rule":                {map[string]string{"rule.rego": rule + "\ndeny contains {\n"}, "rule.rego"},
	} {
		t.Run(name, func(t *testing.T) {
			got := problems(t, policytest.Options{Dir: folder(t, tc.changes)})
			if !strings.Contains(strings.Join(got, "\n"), tc.want) {
				t.Errorf("got %q, want %q among them", got, tc.want)
			}
		})
	}
}

func TestRun_CasesMayHaveParameters(t *testing.T) {
	changes := map[string]string{
		"rule.rego": strings.Replace(strings.Replace(rule, "#   needs: [labels]\n", `#   needs: [labels]
#   parameters:
#     - name: label
#       type: string
#       default: team
#       description: The label that must be there.
`, 1), "if not input.attr.labels.team", "if not input.attr.labels[data.plimsoll.params.pod.team.label]", 1),
		"cases/fail_owner.yaml":            strings.Replace(pod, "app: web", "team: web", 1),
		"cases/fail_owner.yaml.parameters": "label: owner\n",
	}
	if got := problems(t, policytest.Options{Dir: folder(t, changes)}); len(got) > 0 {
		t.Errorf("problems: %v", got)
	}
	changes["cases/fail_owner.yaml.parameters"] = "- label\n"
	_, err := policytest.Run(context.Background(), policytest.Options{Dir: folder(t, changes), Bundled: policies.FS})
	if err == nil || !strings.Contains(err.Error(), "want an object of parameters") {
		t.Errorf("got %v", err)
	}
}

func TestRun_UpdateWritesSidecars(t *testing.T) {
	dir := folder(t, map[string]string{
		"cases/fail_json.json": `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "w", "labels": {"a": "b"}}, "spec": {"containers": []}}`,
	})
	if got := problems(t, policytest.Options{Dir: dir, Update: true}); len(got) > 0 {
		t.Errorf("problems: %v", got)
	}
	text, err := os.ReadFile(filepath.Join(dir, "pod", "team", "cases", "fail_json.json.want"))
	if err != nil || string(text) != "1: ACME-001\n" {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestLint_NamesWhatARuleLacks(t *testing.T) {
	for name, tc := range map[string]struct{ from, to, want string }{
		"nothing":         {"", "", ""},
		"long title":      {"Pod has no team", strings.Repeat("word ", 14), "title has"},
		"no remediation":  {"#   remediation: Add the label.\n", "", "custom.remediation is missing"},
		"no page":         {"# related_resources:\n#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/\n", "", "related_resources is empty"},
		"folder":          {"package acme.rules.pod.team", "package acme.rules.pod.owner", "does not end like its folder"},
		"public name":     {"deny contains", "helper := 1\n\ndeny contains", "helper is public"},
		"undeclared path": {"needs: [labels]", "needs: [kind]", "input.attr.labels.team is declared neither"},
		"form":            {"deny contains", "deny  contains", "opa fmt"},
		"network":         {"if not input.attr.labels.team", "if http.send({\"url\": input.attr.labels.team}).status", "http.send"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, map[string]string{"rule.rego": strings.Replace(rule, tc.from, tc.to, 1)})
			list, err := policylint.Run(context.Background(), dir, policies.FS)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range list {
				got = append(got, p.String())
			}
			if tc.want == "" && len(got) > 0 || !strings.Contains(strings.Join(got, "\n"), tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestRun_TestsAPartOfALibrary(t *testing.T) {
	report, err := policytest.Run(context.Background(), policytest.Options{Dir: "../../policies/rules/pod/privileged", Bundled: policies.FS})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Rules) != 1 || report.Rules[0].Rule.ID != "PLM-POD-001" || report.Failed() != 0 || report.Rules[0].Cases == 0 {
		t.Errorf("got %+v", report.Rules)
	}
}
