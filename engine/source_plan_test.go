package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// onlyOneKnows lists the findings that plan and source do not share, as
// "<folder> <side> <finding>", with the reason.
func onlyOneKnows() map[string]string {
	const (
		holes  = "a text with an unknown part is null in the plan; the source knows that it ends in a wildcard"
		preset = "the provider writes its own default, a mounted token, into the plan; in the source nobody writes it"
		keys   = "a map with an unknown value is unknown in the plan; the source knows which keys it has"
	)
	unbound := "iam/irsa_unbound/cases/unknown_plan "
	return map[string]string{
		unbound + "source PLM-IAM-013 fail aws_iam_role.web assume_role_policy.Statement[] at main.tf:11": holes,
		"pod/default_service_account/cases/unknown_plan plan PLM-POD-024 fail kubernetes_deployment_v1.web " +
			"spec.template.spec.automountServiceAccountToken at main.tf:18": preset,
		"adm/broad_exemption/cases/unknown_plan source PLM-ADM-001 fail kubernetes_namespace_v1.shop " +
			`metadata.labels["pod-security.kubernetes.io/enforce"] at main.tf:9`: keys,
		"pod/memory_limit/cases/unknown_plan source PLM-RELI-007 fail kubernetes_deployment_v1.web metadata.namespace at main.tf:8": keys,
	}
}

var anyIndex = regexp.MustCompile(`\[\d+\]`)

// spoken writes the findings of one folder so that those of its plan and its
// source are the same: without the folder, and without indices in paths,
// because plans sort sets.
func spoken(r *finding.Result, dir string) []string {
	var out []string
	for _, f := range r.Findings {
		address := ""
		if f.Document != nil {
			address = f.Document.Root().Address
		}
		line := fmt.Sprintf("%s %s %s %s", f.Rule.ID, f.Status, address, anyIndex.ReplaceAllString(f.Path.String(), "[]"))
		file, err := filepath.Abs(f.Range.File())
		if err != nil {
			file = f.Range.File()
		}
		if rel, err := filepath.Rel(dir, file); err == nil && strings.Contains(filepath.Base(f.Range.File()), ".tf") {
			line += fmt.Sprintf(" at %s:%d", filepath.ToSlash(rel), f.Range.Start.Line)
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sourceAndPlan judges a folder with its plan, and a copy of it without.
func sourceAndPlan(t *testing.T, e *engine.Engine, dir string) (source, plan []string) {
	t.Helper()
	work := t.TempDir()
	withPlan, without := filepath.Join(work, "plan"), filepath.Join(work, "source")
	for _, to := range []string{withPlan, without} {
		if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(without, "plan.json")); err != nil {
		t.Fatal(err)
	}
	judge := func(folder string) []string {
		loaded, err := loaders.Load(context.Background(), []string{folder}, strings.NewReader(""), loaders.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range loaded.Diagnostics {
			if d.Level == "error" {
				t.Errorf("%s: %s", d.Range.File(), d.Message)
			}
		}
		r, err := e.Check(context.Background(), loaded)
		if err != nil {
			t.Fatal(err)
		}
		return spoken(r, folder)
	}
	return judge(without), judge(withPlan)
}

func TestCheck_SourceAndPlanGiveTheSameFindings(t *testing.T) {
	e, err := engine.New(context.Background(), engine.Options{Profile: "strict", Bundled: policies.FS})
	if err != nil {
		t.Fatal(err)
	}
	roots, err := filepath.Glob("../policies/rules/*/*/cases/*_plan/main.tf")
	if err != nil || len(roots) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	if corpus := os.Getenv("PLIMSOLL_CORPUS"); corpus != "" {
		own, err := filepath.Glob(filepath.Join(corpus, "terraform", "*", "main.tf"))
		if err != nil {
			t.Fatal(err)
		}
		roots = append(roots, own...)
	} else {
		t.Log("PLIMSOLL_CORPUS is not set: its Terraform roots are not compared")
	}
	explained := onlyOneKnows()
	met := map[string]bool{}
	for _, root := range roots {
		folder := filepath.Dir(root)
		if _, err := os.Stat(filepath.Join(folder, "plan.json")); err != nil {
			continue
		}
		name := strings.TrimPrefix(filepath.ToSlash(folder), "../policies/rules/")
		if i := strings.Index(name, "/terraform/"); i >= 0 {
			name = name[i+1:]
		}
		source, plan := sourceAndPlan(t, e, folder)
		check := func(side string, have, other []string) {
			for _, f := range have {
				if slices.Contains(other, f) {
					continue
				}
				key := name + " " + side + " " + f
				met[key] = true
				if strings.Contains(f, " unknown ") && !strings.HasPrefix(name, "terraform/") {
					// What is unknown, and how much of it, differs by nature: a plan
					// knows what data sources say, a source the parts of a text.
					t.Logf("only the %s has it: %s", side, key)
					continue
				}
				if explained[key] == "" {
					t.Errorf("only the %s has it: %s", side, key)
				}
			}
		}
		check("source", source, plan)
		check("plan", plan, source)
	}
	for key := range explained {
		if !met[key] && (os.Getenv("PLIMSOLL_CORPUS") != "" || !strings.HasPrefix(key, "terraform/")) {
			t.Errorf("both have it now, take it off the list: %s", key)
		}
	}
}
