package engine_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/fixtures"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A setting is one way to write a cluster: the canonical attributes that make
// it, and the rules that fail on it and nothing else.
type setting struct {
	attr  map[string]any
	rules []string
}

// settings are the folders below fixtures/parity/settings. Each says the same
// in every language; all but "defaults" differ from "hardened" in one thing.
var settings = map[string]setting{
	"api-logs-only":       {map[string]any{"logging.types": []any{"api"}}, []string{"PLM-CLUSTER-011", "PLM-CLUSTER-012"}},
	"audit-logs-only":     {map[string]any{"logging.types": []any{"audit", "authenticator"}}, []string{"PLM-CLUSTER-012"}},
	"config-map-access":   {map[string]any{"access.authentication_mode": "CONFIG_MAP"}, nil},
	"defaults":            {map[string]any{"endpoint.public_access": true, "endpoint.public_cidrs": []any{"0.0.0.0/0"}}, []string{"PLM-CLUSTER-001", "PLM-CLUSTER-003", "PLM-CLUSTER-011", "PLM-CLUSTER-012", "PLM-CLUSTER-013"}},
	"extended-support":    {map[string]any{"version": "1.32"}, []string{"PLM-CLUSTER-007"}},
	"hardened":            {map[string]any{"version": "1.35", "access.authentication_mode": "API", "exposure": "private"}, nil},
	"no-logs":             {map[string]any{"logging.types": []any{}}, []string{"PLM-CLUSTER-011", "PLM-CLUSTER-012"}},
	"public-only":         {map[string]any{"endpoint.private_access": false, "exposure": "public_restricted"}, []string{"PLM-CLUSTER-003"}},
	"public-open":         {map[string]any{"exposure": "public_open"}, []string{"PLM-CLUSTER-001"}},
	"public-restricted":   {map[string]any{"endpoint.public_cidrs": []any{"203.0.113.0/24"}, "exposure": "public_restricted"}, nil},
	"secrets-unencrypted": {map[string]any{"encryption.secrets_cmk": false}, []string{"PLM-CLUSTER-013"}},
	"unsupported-version": {map[string]any{"version": "1.29"}, []string{"PLM-CLUSTER-006"}},
}

// languages are the ways to write a setting: a file in its folder, and the
// format that must read it.
var languages = []struct{ name, file, format string }{
	{"Terraform plan", "terraform/plan.json", "terraform-plan"},
	{"HCL", "terraform/main.tf", "terraform"},
	{"CloudFormation", "cloudformation/template.yaml", "cloudformation"},
	{"CDK custom resource", "cdk-custom-resource/Harbour.template.json", "cloudformation"},
	{"CDK native", "cdk-native/Harbour.template.json", "cloudformation"},
	{"eksctl", "eksctl/cluster.yaml", "eksctl"},
}

func TestCheck_TheSameSettingsGiveTheSameRulesInEveryLanguage(t *testing.T) {
	entries, err := os.ReadDir(fixtures.Path(t, "parity", "settings"))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(settings) || len(settings) < 12 {
		t.Errorf("%d settings in the table and %d folders; want the same 12 or more", len(settings), len(entries))
	}
	for name, want := range settings {
		for _, language := range languages {
			t.Run(name+"/"+language.name, func(t *testing.T) {
				dir := alone(t, fixtures.Path(t, "parity", "settings", name, language.file))
				r := check(t, engine.Options{}, dir)
				if len(r.Diagnostics) != 0 {
					t.Errorf("diagnostics: %v", r.Diagnostics)
				}
				if diff := cmp.Diff(want.rules, violations(r)); diff != "" {
					t.Errorf("rules (-want +got): %s", diff)
				}
				cluster := onlyCluster(t, r, language.format)
				for path, value := range want.attr {
					if diff := cmp.Diff(value, attribute(t, cluster, path)); diff != "" {
						t.Errorf("%s (-want +got): %s", path, diff)
					}
				}
			})
		}
	}
}

// alone copies a file into a folder of its own, where no other language says
// the same beside it.
func alone(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, filepath.Base(name)), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// violations lists the rules that fail or are undecided ("… unknown"), without
// the gaps, which every input as small as these has.
func violations(r *finding.Result) []string {
	var out []string
	for _, f := range r.Findings {
		switch {
		case f.Rule.Advisory:
		case f.Status == finding.Fail:
			out = append(out, f.Rule.ID)
		default:
			out = append(out, f.Rule.ID+" "+string(f.Status))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func onlyCluster(t *testing.T, r *finding.Result, format string) *document.Document {
	t.Helper()
	var found []*document.Document
	for _, d := range r.Documents {
		if d.Type == "eks_cluster" {
			found = append(found, d)
		}
	}
	if len(found) != 1 || found[0].Format != format {
		t.Fatalf("%d clusters: %v", len(found), found)
	}
	return found[0]
}

func attribute(t *testing.T, d *document.Document, path string) any {
	t.Helper()
	p, err := document.ParsePath(path)
	if err != nil {
		t.Fatal(err)
	}
	v, _ := document.At(d.Attr, p)
	if list, ok := v.([]any); ok { // sets have no order
		list = slices.Clone(list)
		slices.SortFunc(list, func(a, b any) int {
			x, _ := a.(string)
			y, _ := b.(string)
			return strings.Compare(x, y)
		})
		return list
	}
	return v
}
