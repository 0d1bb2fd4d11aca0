package engine_test

import (
	"context"
	"encoding/json"
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

// A rootLabel is what is known by hand of one setting of a Terraform root.
type rootLabel struct {
	Verdict   string `json:"verdict"` // bad, good or undecided
	Address   string `json:"address"`
	Attribute string `json:"attribute"`
	Concern   string `json:"concern"`
}

// concerns says which rules judge what the labels are about.
func concerns() map[string][]string {
	return map[string][]string{
		"access-entry-cluster-admin":           {"PLM-IAM-003"},
		"api-endpoint-open-to-world":           {"PLM-CLUSTER-001"},
		"api-endpoint-private-access-off":      {"PLM-CLUSTER-003"},
		"api-endpoint-public":                  {"PLM-CLUSTER-001"},
		"automount-token":                      {"PLM-POD-024"},
		"control-plane-logging-partial":        {"PLM-CLUSTER-011", "PLM-CLUSTER-012"},
		"dangerous-capabilities":               {"PLM-POD-006", "PLM-POD-007"},
		"ebs-not-encrypted":                    {"PLM-DATA-004", "PLM-NODE-012"},
		"host-ipc":                             {"PLM-POD-009"},
		"host-network":                         {"PLM-POD-010"},
		"host-path-root":                       {"PLM-POD-013"},
		"host-path-runtime-socket":             {"PLM-POD-014"},
		"host-pid":                             {"PLM-POD-008"},
		"iam-admin-policy":                     {"PLM-IAM-018"},
		"image-latest":                         {"PLM-IMG-001", "PLM-IMG-002", "PLM-IMG-003"},
		"imds-v1-allowed":                      {"PLM-NODE-001"},
		"no-resource-limits":                   {"PLM-POD-026", "PLM-POD-027"},
		"privilege-escalation":                 {"PLM-POD-002"},
		"privileged-container":                 {"PLM-POD-001"},
		"rbac-anonymous-cluster-admin":         {"PLM-RBAC-001", "PLM-RBAC-015"},
		"rbac-wildcard":                        {"PLM-RBAC-002"},
		"run-as-root":                          {"PLM-POD-003", "PLM-POD-004"},
		"secret-in-env":                        {"PLM-POD-032"},
		"secrets-not-encrypted":                {"PLM-CLUSTER-013"},
		"system-masters-mapped":                {"PLM-IAM-007"},
		"writable-root-filesystem":             {"PLM-POD-015"},
		"access-entry-account-root":            nil,
		"aws-auth-configmap-mode":              nil,
		"chart-repository-plain-http":          nil,
		"chart-version-not-pinned":             nil,
		"cluster-creator-admin":                nil,
		"kms-rotation-off":                     nil,
		"node-in-public-subnet":                nil,
		"oidc-prefix-system":                   nil,
		"pod-identity-default-service-account": nil,
		"pod-security-privileged":              nil,
		"secret-in-plain-parameter":            nil,
		"security-group-egress-open":           nil,
		"security-group-open":                  nil, // PLM-NET-001 is about groups that guard clusters and nodes
		"security-group-ssh-open":              nil,
		"subnet-public-ip":                     nil,
		"vpc-flow-logs-missing":                nil,
	}
}

// explained are the labels that are met otherwise, by root, address and
// attribute.
func explainedLabels() map[string]string {
	const chart = "the chart comes from a registry or is not rendered for a release: its values alone deploy nothing"
	return map[string]string{
		"cluster-access aws_eks_access_entry.masters kubernetes_groups": "EKS refuses groups that begin with system: in an access entry",
		"helm-releases helm_release.agent values.0":                     chart,
		"helm-releases helm_release.agent values.1":                     chart,
		"helm-releases helm_release.agent set.0.value":                  chart,
		"helm-releases helm_release.agent set.1.value":                  chart,
		"helm-releases helm_release.unknown_values values.0":            chart,
		"kubernetes-workloads kubernetes_deployment_v1.bad spec.0.template.0.spec.0.container.0.security_context.0.allow_privilege_escalation": "a privileged " +
			"container may escalate in any case: PLM-POD-001 replaces the finding",
		"regions-and-aliases module.eu.aws_eks_cluster.this vpc_config.0.endpoint_public_access": "told at the networks that the " +
			"endpoint is open to, which are the default",
	}
}

// anyKey matches indices and keys in paths.
var anyKey = regexp.MustCompile(`\[[^\]]*\]`)

// related reports whether a finding's path is that of a label or lies on it.
// Labels and Kubernetes objects spell names differently.
func related(attribute, path string) bool {
	segments := func(text string) []string {
		var out []string
		for s := range strings.SplitSeq(anyKey.ReplaceAllString(text, ""), ".") {
			if strings.Trim(s, "0123456789") != "" {
				out = append(out, strings.TrimSuffix(strings.ToLower(strings.ReplaceAll(s, "_", "")), "s"))
			}
		}
		return out
	}
	a, b := segments(attribute), segments(path)
	n := min(len(a), len(b))
	return n > 0 && slices.Equal(a[:n], b[:n])
}

// judgeRoot judges a copy of a root, without the files that match.
func judgeRoot(t *testing.T, e *engine.Engine, root string, without *regexp.Regexp) []finding.Finding {
	t.Helper()
	work := filepath.Join(t.TempDir(), filepath.Base(root))
	if err := os.CopyFS(work, os.DirFS(root)); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(work)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range entries {
		if without != nil && without.MatchString(f.Name()) {
			if err := os.Remove(filepath.Join(work, f.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
	loaded, err := loaders.Load(context.Background(), []string{work}, strings.NewReader(""), loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := e.Check(context.Background(), loaded)
	if err != nil {
		t.Fatal(err)
	}
	return r.Findings
}

// saidOf lists what is said of a label: the statuses of the findings of its
// rules at its place.
func saidOf(found []finding.Finding, l rootLabel, rules []string) (statuses []finding.Status) {
	for _, f := range found {
		if f.Document == nil || !slices.Contains(rules, f.Rule.ID) {
			continue
		}
		if f.Document.Root().Address == l.Address && related(l.Attribute, f.Path.String()) {
			statuses = append(statuses, f.Status)
		}
	}
	return statuses
}

// The labels of the corpus' own roots hold with plan and source, with the plan
// alone and with the source alone.
func TestCheck_FindsWhatTheLabelsOfTerraformRootsSay(t *testing.T) {
	corpus := os.Getenv("PLIMSOLL_CORPUS")
	if corpus == "" {
		t.Skip("PLIMSOLL_CORPUS is not set")
	}
	files, err := filepath.Glob(filepath.Join(corpus, "terraform", "*", "labels.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no labels: %v", err)
	}
	e, err := engine.New(context.Background(), engine.Options{Profile: "strict", Bundled: policies.FS})
	if err != nil {
		t.Fatal(err)
	}
	byConcern, excused := concerns(), explainedLabels()
	met := map[string]bool{}
	held, waiting := 0, 0
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var labels struct {
			Root   string      `json:"root"`
			Labels []rootLabel `json:"labels"`
		}
		if err := json.Unmarshal(content, &labels); err != nil {
			t.Fatal(err)
		}
		for view, without := range map[string]*regexp.Regexp{
			"plan and source": nil, "plan": regexp.MustCompile(`\.tf$`), "source": regexp.MustCompile(`^plan\.json$`),
		} {
			found := judgeRoot(t, e, filepath.Dir(file), without)
			for _, l := range labels.Labels {
				rules, known := byConcern[l.Concern]
				if !known {
					t.Errorf("%s: no rule is named for the concern %s", labels.Root, l.Concern)
				}
				if len(rules) == 0 {
					waiting++
					continue
				}
				key := labels.Root + " " + l.Address + " " + l.Attribute
				if excused[key] != "" {
					met[key] = true
					continue
				}
				held++
				if got, ok := holds(found, l, rules); !ok {
					t.Errorf("%s, by %s: %s is %s about %s, the findings of %v say %v", labels.Root, view, key, l.Verdict, l.Concern, rules, got)
				}
			}
		}
	}
	for key := range excused {
		if !met[key] {
			t.Errorf("no such label: %s", key)
		}
	}
	t.Logf("%d labels hold, in three views; %d wait for their rule", held, waiting)
	if held < 120 {
		t.Errorf("only %d labels were compared", held)
	}
}

func holds(found []finding.Finding, l rootLabel, rules []string) ([]finding.Status, bool) {
	got := saidOf(found, l, rules)
	fails, open := slices.Contains(got, finding.Fail), slices.Contains(got, finding.Unknown)
	switch l.Verdict {
	case "bad":
		return got, fails
	case "good":
		return got, !fails
	}
	if l.Concern == "imds-v1-allowed" {
		// The source shows that nobody wrote the block. A plan alone cannot tell that
		// from a `dynamic` with an unknown for_each, and takes it for left out.
		return got, fails
	}
	return got, open && !fails
}
