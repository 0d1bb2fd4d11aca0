package report

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/fixtures"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A places locator knows the ranges of some paths; others fall back to their
// nearest ancestor.
type places struct {
	whole document.Range
	value map[string]document.Range
	keys  map[string]document.Range
}

func (p places) Locate(path document.Path) (document.Range, bool) {
	for n := len(path); n > 0; n-- {
		if r, ok := p.value[path[:n].String()]; ok {
			return r, n == len(path)
		}
	}
	return p.whole, len(path) == 0
}

func (p places) LocateKey(path document.Path) (document.Range, bool) {
	if r, ok := p.keys[path.String()]; ok {
		return r, true
	}
	return p.Locate(path)
}

// locate makes a locator from pieces of text: path -> "key text|value text",
// of which the key may be empty. after is the text the search starts behind.
func locate(t *testing.T, src *document.Source, after string, pieces [][2]string) places {
	t.Helper()
	text := string(src.Content)
	begin := strings.Index(text, after)
	if begin < 0 {
		t.Fatalf("no %q", after)
	}
	p := places{value: map[string]document.Range{}, keys: map[string]document.Range{}}
	for _, piece := range pieces {
		path := piece[0]
		key, value, _ := strings.Cut(piece[1], "→")
		at := strings.Index(text[begin:], key+value)
		if at < 0 {
			t.Fatalf("%s: no %q", path, key+value)
		}
		at += begin
		p.keys[path] = src.Range(at, at+len(strings.TrimRight(key, `: "`)))
		p.value[path] = src.Range(at+len(key), at+len(key)+len(value))
	}
	end := len(text)
	if n := strings.Index(text[begin:], "\n---"); n >= 0 {
		end = begin + n
	}
	p.whole = src.Range(begin, end)
	return p
}

func parse(t *testing.T, path string) document.Path {
	t.Helper()
	p, err := document.ParsePath(path)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func source(t *testing.T, name string) *document.Source {
	t.Helper()
	content, err := os.ReadFile(fixtures.Path(t, "report", "input", name))
	if err != nil {
		t.Fatal(err)
	}
	return &document.Source{Name: "deploy/" + name, Content: content}
}

const containerPath = "spec.template.spec.containers[0]"

// fixed is the result every format renders.
func fixed(t *testing.T) *finding.Result {
	t.Helper()
	web, plan := source(t, "web.yaml"), source(t, "plan.json")
	secret := &document.Document{
		ID: "deploy/web.yaml#v1/Secret/shop/db", Format: "kubernetes", Kind: "v1/Secret", Type: "secret",
		Name: "db", Namespace: "shop", Address: "shop/Secret/db",
		Raw: map[string]any{"stringData": map[string]any{
			"password": "correct-horse-battery", "note": "first secret line\nsecond secret line\n",
		}},
		Sensitive: []document.Path{{"stringData"}},
	}
	secret.SetLocator(locate(t, web, "apiVersion: v1", [][2]string{
		{"stringData", "stringData:\n  →password: \"correct-horse-battery\"\n  note: |\n    first secret line\n    second secret line"},
		{"stringData.password", `password: →"correct-horse-battery"`},
		{"stringData.note", "note: →|\n    first secret line\n    second secret line"},
		{"metadata", "metadata:\n  →name: db\n  namespace: shop"},
	}))
	deployment := &document.Document{
		ID: "deploy/web.yaml#apps/v1/Deployment/shop/web", Format: "kubernetes", Kind: "apps/v1/Deployment",
		Type: "workload", Name: "web", Namespace: "shop", Address: "shop/Deployment/web",
		Raw: map[string]any{"spec": map[string]any{"template": map[string]any{"spec": map[string]any{
			"containers": []any{map[string]any{
				"name": "web", "env": []any{
					map[string]any{"name": "DB_PASSWORD", "value": "correct-horse-battery"},
					map[string]any{"name": "API_TOKEN", "value": "tok-5f1e9c0d7a"},
				},
			}},
		}}}},
	}
	deployment.SetLocator(locate(t, web, "apiVersion: apps", [][2]string{
		{containerPath + ".securityContext.privileged", "privileged: →true"},
		{containerPath + ".image", "image: →registry.example/größe/日本語/web:1.27"},
		{containerPath + ".env[1].value", "value: →tok-5f1e9c0d7a"},
		{containerPath, "name: web\n        image: registry.example/größe/日本語/web:1.27 # keep\n        env:\n→"},
	}))
	cluster := &document.Document{
		ID: "deploy/plan.json#aws_eks_cluster.this", Format: "terraform-plan", Kind: "aws_eks_cluster",
		Type: "eks_cluster", Name: "shop", Address: "aws_eks_cluster.this", Action: document.Update,
		Raw: map[string]any{"name": "shop", "token": "new-plan-token", "vpc_config": []any{map[string]any{
			"endpoint_public_access": true, "public_access_cidrs": []any{"0.0.0.0/0"},
		}}},
		RawStates: document.States{"vpc_config[0].subnet_ids": {Kind: document.Unknown, Reason: document.AfterApply}},
		Sensitive: []document.Path{{"token"}},
	}
	cluster.SetLocator(locate(t, plan, `"after":{`, [][2]string{
		{"token", `"token":→"new-plan-token"`},
		{"vpc_config[0].endpoint_public_access", `"endpoint_public_access":→true`},
		{"vpc_config[0]", `"vpc_config":[→{"endpoint_public_access":true,"public_access_cidrs":["0.0.0.0/0"]}`},
	}))
	r := &finding.Result{
		Documents: []*document.Document{secret, deployment, cluster},
		Files:     finding.Files{Read: 2, NotRecognised: 1, Failed: 1},
		Judged:    map[string]int{"PLM-POD-003": 1, "PLM-SECRET-002": 2, "PLM-CLUSTER-001": 1, "PLM-IMG-001": 1},
		Diagnostics: []document.Diagnostic{
			{Range: web.Range(0, 15), Level: document.Warning, Message: "the suppression of PLM-POD-009 matches no finding; remove it"},
			{Range: (&document.Source{Name: "deploy/broken.yaml", Content: []byte("a: [\n")}).Range(3, 4), Level: document.Error, Message: "the list is not closed"},
		},
		RuleErrors: []finding.RuleError{{Rule: "ACME-001", Document: secret.ID, Message: "object keys must be unique"}},
		PassedOver: []finding.PassedOver{{File: "deploy/notes.txt", Reason: "no format claims it"}},
	}
	addFindings(t, r, secret, deployment, cluster)
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Document != nil && f.Path != nil {
			f.Path, f.Range, f.Exact = f.Document.Place(f.Path)
		}
		f.Severity = f.Rule.Severity
		if !slices.Contains(r.Rules, f.Rule) {
			r.Rules = append(r.Rules, f.Rule)
		}
	}
	slices.SortFunc(r.Rules, func(a, b *finding.Rule) int { return strings.Compare(a.ID, b.ID) })
	r.Sort()
	for i := range r.Findings {
		r.Findings[i].Fingerprint = r.Findings[i].Print(0)
	}
	return r
}

func addFindings(t *testing.T, r *finding.Result, secret, deployment, cluster *document.Document) {
	t.Helper()
	privileged := &finding.Rule{
		ID: "PLM-POD-003", Slug: "pod/privileged", Title: "Container runs privileged", Severity: finding.Critical, Category: "privilege",
		Description: "A privileged container is root on its node.",
		Remediation: "Remove privileged: true, and add the single capabilities the program needs under securityContext.capabilities.add.",
		References:  []finding.Reference{{Description: "Pod Security Standards", URL: "https://kubernetes.io/docs/concepts/security/pod-security-standards/"}},
		Controls:    map[string][]string{"cis-eks": {"4.2.1"}}, Scope: finding.Resource, Since: "0.1.0",
	}
	plain := &finding.Rule{
		ID: "PLM-SECRET-002", Slug: "secret/env_value", Title: "Credential is written into an environment variable", Severity: finding.High,
		Category: "secrets", Remediation: "Read the value from a Secret with valueFrom.", Secret: true, Scope: finding.Resource, Since: "0.1.0",
	}
	limits := &finding.Rule{
		ID: "PLM-RES-001", Slug: "resources/limits", Title: "Container has no memory limit", Severity: finding.Medium,
		Remediation: "Set resources.limits.memory.", Scope: finding.Resource, Since: "0.1.0",
	}
	image := &finding.Rule{ID: "PLM-IMG-001", Slug: "image/digest", Title: "Image is not pinned", Severity: finding.Low, Scope: finding.Resource, Since: "0.1.0"}
	endpoint := &finding.Rule{
		ID: "PLM-CLUSTER-001", Slug: "cluster/public_endpoint", Title: "EKS API endpoint is open to the internet",
		Severity: finding.High, Remediation: "Turn the public endpoint off.", Scope: finding.Resource, Since: "0.1.0",
	}
	subnets := &finding.Rule{ID: "PLM-CLUSTER-009", Slug: "cluster/subnets", Title: "Cluster uses public subnets", Severity: finding.Medium, Scope: finding.Stack, Since: "0.1.0"}
	gap := &finding.Rule{
		ID: "PLM-LOG-007", Slug: "logging/guardduty", Title: "No threat detection was found", Severity: finding.Medium, Advisory: true,
		Remediation: "Add a GuardDuty detector with EKS protection, or list the control under external_controls.", Scope: finding.Stack, Since: "0.1.0",
	}
	related := finding.Related{Document: secret, Path: document.Path{"stringData"}, Message: `the Secret with "correct-horse-battery" is mounted here`}
	related.Path, related.Range, _ = secret.Place(related.Path)
	r.Findings = []finding.Finding{
		{
			Rule: privileged, Status: finding.Fail, Document: deployment, Path: parse(t, containerPath+".securityContext.privileged"),
			Message: `container "web" sets privileged: true`, Related: []finding.Related{related},
		},
		{
			Rule: plain, Status: finding.Fail, Document: deployment, Path: parse(t, containerPath+".env[1].value"),
			Message: `variable "API_TOKEN" holds tok-5f1e9c0d7a`,
		},
		{
			Rule: limits, Status: finding.Fail, Document: deployment, Path: parse(t, containerPath+".resources.limits.memory"),
			Message: `container "web" may use all memory of its node`,
		},
		{
			Rule: image, Status: finding.Suppressed, Document: deployment, Path: parse(t, containerPath+".image"),
			Message: `image "registry.example/größe/日本語/web:1.27" has no digest`, Reason: "built here (comment, deploy/web.yaml:24)", SuppressedBy: "comment",
		},
		{Rule: limits, Status: finding.Baseline, Document: secret, Path: parse(t, "stringData"), Message: "known for long", Reason: "listed in the baseline"},
		{
			Rule: endpoint, Status: finding.Fail, Document: cluster, Path: parse(t, "vpc_config[0].endpoint_public_access"),
			Message: `cluster "shop" accepts API connections from 0.0.0.0/0`,
		},
		{
			Rule: subnets, Status: finding.Unknown, Document: cluster, Path: parse(t, "vpc_config[0].subnet_ids"),
			Message: "aws_eks_cluster.this cannot be judged: vpc_config[0].subnet_ids is known only after apply", Reason: "known only after apply",
		},
		{Rule: gap, Status: finding.Fail, Message: "nothing that was read sets up a GuardDuty detector"},
		{Rule: privileged, Status: finding.Pass, Document: secret, Path: document.Path{}},
	}
}

func render(t *testing.T, name string, r *finding.Result, o Options) []byte {
	t.Helper()
	o.Version = "1.2.3"
	var b bytes.Buffer
	if err := Write(&b, name, r, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWrite_RendersTheFixedResult(t *testing.T) {
	for _, c := range []struct {
		golden, format string
		options        Options
	}{
		{"want.txt", "text", Options{Width: 80}},
		{"want-verbose.txt", "text", Options{Width: 120, Verbose: true}},
		{"want-quiet.txt", "text", Options{Width: 80, Quiet: true}},
		{"want-color.txt", "text", Options{Width: 80, Color: true}},
		{"want.json", "json", Options{}},
		{"want.sarif", "sarif", Options{}},
	} {
		t.Run(c.golden, func(t *testing.T) {
			fixtures.Golden(t, fixtures.Path(t, "report", c.golden), render(t, c.format, fixed(t), c.options))
		})
	}
}

func TestRemedy_LeavesOutOtherLanguages(t *testing.T) {
	rule := &finding.Rule{Remediation: "Encrypt it.\nTerraform: a = 1.\nCloudFormation: A: 1. eksctl: b: 1.\nKarpenter: c: 1."}
	for format, want := range map[string]string{
		"terraform-plan": "Encrypt it.\nTerraform: a = 1.",
		"cloudformation": "Encrypt it.\nCloudFormation: A: 1. eksctl: b: 1.",
		"eksctl":         "Encrypt it.\nCloudFormation: A: 1. eksctl: b: 1.",
		"kubernetes":     "Encrypt it.\nKarpenter: c: 1.",
	} {
		if got := remedy(&finding.Finding{Rule: rule, Document: &document.Document{Format: format}}); got != want {
			t.Errorf("%s: %q, want %q", format, got, want)
		}
	}
	if got := remedy(&finding.Finding{Rule: rule}); got != rule.Remediation {
		t.Errorf("without a document: %q", got)
	}
}

func TestRemedy_LeavesOutTheExamplesOfOtherLanguages(t *testing.T) {
	rule := &finding.Rule{Remediation: "Encrypt it.\nKubernetes: a: 1\nTerraform:\n  a {\n    b = 1\n  }\nCloudFormation:\n  A:\n    B: 1"}
	for format, want := range map[string]string{
		"terraform-plan": "Encrypt it.\nTerraform:\n  a {\n    b = 1\n  }",
		"cloudformation": "Encrypt it.\nCloudFormation:\n  A:\n    B: 1",
		"kubernetes":     "Encrypt it.\nKubernetes: a: 1",
	} {
		if got := remedy(&finding.Finding{Rule: rule, Document: &document.Document{Format: format}}); got != want {
			t.Errorf("%s: %q, want %q", format, got, want)
		}
	}
}

func TestWrite_UnknownFormatNamesTheFormats(t *testing.T) {
	err := Write(&bytes.Buffer{}, "xml", &finding.Result{}, Options{})
	if err == nil || !strings.Contains(err.Error(), "json") || !strings.Contains(err.Error(), `"xml"`) {
		t.Errorf("error: %v", err)
	}
}
