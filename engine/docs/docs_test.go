package docs_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/engine/docs"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/policytest"
	"github.com/plimsoll-dev/plimsoll/fixtures"
)

func site(t *testing.T, rules ...docs.Rule) map[string]string {
	t.Helper()
	list, err := docs.Site(rules)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range list {
		out[f.Name] = string(f.Text)
	}
	return out
}

func rule() docs.Rule {
	return docs.Rule{
		Rule: &finding.Rule{
			ID: "ACME-001", Slug: "pod/team", Title: `Pod has no "team" <label>`, Severity: finding.High, Category: "ownership",
			Since: "0.1.0", Scope: finding.Stack, Formats: []string{"K", "T"}, On: []string{"workload", "v1/Pod"}, Needs: []string{"labels"},
			Description: "Nobody answers for it.\n\nSuch pods stay forever.", Remediation: "Add the label:\n  labels: {team: a}",
			Parameters: []finding.Parameter{{Name: "label", Type: "string", Default: "team", Description: "The label's key."}},
			Controls:   map[string][]string{"nsa": {"pods"}, "cis-eks": {"5.1.1", "5.1.2"}},
			Aliases:    []string{"KSV-1"}, References: []finding.Reference{{URL: "https://example.com/why"}},
			Advisory: true, Supersedes: []string{"ACME-002"}, Profiles: []string{"strict"}, Deprecated: &finding.Deprecation{Since: "0.2.0", Use: "ACME-002"},
		},
		Examples: []policytest.Example{
			{Format: "K", Fail: true, File: "fail.yaml", Lines: []policytest.ExampleLine{{Text: "kind: Pod"}, {Text: "labels: {a: <b>}", Wanted: true}}},
			{Format: "K", File: "pass.yaml", Lines: []policytest.ExampleLine{{Text: "kind: Pod"}}},
		},
	}
}

func TestSite_WritesAllThatMetadataSays(t *testing.T) {
	fixtures.Golden(t, filepath.Join("testdata", "ACME-001.html"), []byte(site(t, rule())["ACME-001.html"]))
}

func TestSite_LeavesOutWhatARuleDoesNotHave(t *testing.T) {
	plain := docs.Rule{Rule: &finding.Rule{ID: "ACME-002", Slug: "pod/other", Title: "Other", Severity: finding.Low, Remediation: "Do it."}}
	got := site(t, plain)["ACME-002.html"]
	for _, heading := range []string{"Examples", "Parameters", "<h2>Controls", "elsewhere", "References", "Deprecated", "Advisory", "Off by default", "<pre>Do it."} {
		if strings.Contains(got, heading) {
			t.Errorf("page has %q", heading)
		}
	}
}

func TestSite_IndexesLeadToEveryRule(t *testing.T) {
	other := docs.Rule{Rule: &finding.Rule{ID: "ACME-002", Slug: "node/other", Title: "Other", Severity: finding.Low, Formats: []string{"E"}, Controls: map[string][]string{"mine": {"a"}}}}
	got := site(t, other, rule())
	for file, headings := range map[string][]string{
		"index.html":    {"node", "pod"},
		"severity.html": {"high", "low"},
		"formats.html":  {"Kubernetes", "Terraform", "eksctl"},
		"controls.html": {"CIS Amazon EKS Benchmark 5.1.1", "CIS Amazon EKS Benchmark 5.1.2", "NSA/CISA Kubernetes Hardening Guide pods", "mine a"},
	} {
		var at []int
		for _, h := range headings {
			at = append(at, strings.Index(got[file], ">"+h+"</h2>"))
		}
		if slices.Contains(at, -1) || !slices.IsSorted(at) {
			t.Errorf("%s: headings %q at %v", file, headings, at)
		}
		for _, id := range []string{"ACME-001", "ACME-002"} {
			if !strings.Contains(got[file], `<a href="`+id+`.html">`) {
				t.Errorf("%s does not lead to %s", file, id)
			}
		}
	}
}
