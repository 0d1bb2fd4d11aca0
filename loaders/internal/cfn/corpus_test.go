package cfn_test

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/cfn"
)

// templates are the folders of the corpus that hold nothing but templates.
var templates = []string{"cdk", "cfn", "checkov/cloudformation", "trivy-checks/cloudformation"}

// mistaken says how many mistakes of its own a template of the corpus has.
func mistaken(name string) int {
	if strings.HasSuffix(name, "example_IAMStarActionPolicyDocument/cfn_bad_iam_pass.yaml") {
		return 1 // a condition that is not defined
	}
	return 0
}

func TestCorpus_TemplatesLoadWithoutErrors(t *testing.T) {
	t.Parallel()
	resources := 0
	for _, name := range corpus(t, templates...) {
		src := read(t, name)
		if got := cfn.Detect(src.Content[:min(len(src.Content), 64<<10)], len(src.Content) < 64<<10); got != cfn.IsTemplate {
			t.Errorf("%s: detected as %v", name, got)
		}
		r := cfn.Load(src, cfn.Options{})
		errs := 0
		for _, d := range r.Diagnostics {
			if d.Level != document.Error {
				continue
			}
			if errs++; errs > mistaken(name) {
				t.Error(show(d))
			}
		}
		if errs < mistaken(name) {
			t.Errorf("%s: the mistake in it is not found", name)
		}
		if len(r.Documents) == 0 && r.NotMine == "" {
			t.Errorf("%s: no resources", name)
		}
		resources += len(r.Documents)
	}
	if resources < 1000 {
		t.Errorf("only %d resources in the corpus", resources)
	}
}

// Where a scalar is written plainly, its range is its text; elsewhere there is
// a quote, a block or the function that made the value.
func TestCorpus_RangesHoldTheirValues(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	for _, name := range corpus(t, templates...) {
		for _, d := range cfn.Load(read(t, name), cfn.Options{}).Documents {
			whole, exact := d.Locate(nil)
			if !exact || !strings.HasPrefix(strings.TrimLeft(whole.Text(), `"'`), d.Name) {
				t.Errorf("%s: the resource lies at %q", d.ID, whole.Text())
			}
			leaves(d.Raw, nil, func(path document.Path, v any) {
				at, exact := d.Locate(path)
				if !exact || at.Start.Offset < whole.Start.Offset || at.End.Offset > whole.End.Offset {
					t.Errorf("%s %s: lies at %v, the resource at %v", d.ID, path, at, whole)
					return
				}
				how := spelling(at.Text(), v, scalar(t, v))
				if counts[how]++; how == "" {
					t.Errorf("%s %s: %v at %q", d.ID, path, v, at.Text())
				}
				key, _ := d.LocateKey(path)
				if name, ok := path[len(path)-1].(string); ok && how != "made" && strings.Trim(key.Text(), `"'`) != name {
					t.Errorf("%s %s: the key is at %q", d.ID, path, key.Text())
				}
			})
		}
	}
	if counts["plain"] < 1000 || counts["quoted"] < 1000 || counts["made"] < 100 {
		t.Errorf("%v: the corpus shows too little", counts)
	}
}

// spelling says how a value is written, "" if it is not.
func spelling(text string, v any, want string) string {
	switch {
	case text == "" && v == nil, text == want, strings.Contains(text, "\n") && strings.Join(strings.Fields(text), " ") == want:
		return "plain"
	case text == "":
		return ""
	case strings.ContainsAny(text[:1], `"'|>`):
		return "quoted"
	case strings.ContainsAny(text[:1], "!{"), strings.HasPrefix(text, "Fn::"), strings.HasPrefix(text, "Ref"):
		return "made"
	case equalsPlain(text, v):
		return "plain"
	default:
		return ""
	}
}

func scalar(t *testing.T, v any) string {
	t.Helper()
	if s, ok := v.(string); ok {
		return s
	}
	return marshal(t, v)
}

// equalsPlain accepts the other spellings of plain scalars.
func equalsPlain(text string, v any) bool {
	switch v := v.(type) {
	case bool:
		yes := strings.EqualFold(text, "true") || strings.EqualFold(text, "yes") || strings.EqualFold(text, "on")
		return v == yes
	case float64, int64:
		return strings.ContainsAny(text[:1], "0123456789+-.")
	default:
		return false
	}
}

func TestCorpus_OtherFormatsAreNotDetected(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, name := range corpus(t, "manifests", "helm", "eksctl", "karpenter", "capi", "ack", "crossplane", "tfplans", "terraform", "kubescape", "psa") {
		content := read(t, name).Content
		seen++
		if got := cfn.Detect(content[:min(len(content), 64<<10)], len(content) < 64<<10); got != cfn.NoTemplate {
			t.Errorf("%s: detected as %v", name, got)
		}
	}
	if seen < 100 {
		t.Errorf("only %d files", seen)
	}
}

// The trust conditions of roles for service accounts are made by a custom
// resource; without them every such role would look open.
func TestCorpus_CDKConditionsAreRead(t *testing.T) {
	t.Parallel()
	found := 0
	for _, name := range corpus(t, "cdk") {
		for _, d := range cfn.Load(read(t, name), cfn.Options{}).Documents {
			if d.Kind != "AWS::IAM::Role" || !strings.Contains(marshal(t, d.Raw), "AssumeRoleWithWebIdentity") {
				continue
			}
			found++
			v, ok := document.At(d.Raw, document.Path{"AssumeRolePolicyDocument", "Statement", 0, "Condition", "StringEquals"})
			keys, isObject := v.(map[string]any)
			if !ok || !isObject || len(keys) != 2 {
				t.Errorf("%s: StringEquals is %v", d.ID, v)
			}
			for key, value := range keys {
				if !strings.HasPrefix(key, "${") || !strings.HasSuffix(key, ":sub") && !strings.HasSuffix(key, ":aud") || value == "" {
					t.Errorf("%s: key %q with %v", d.ID, key, value)
				}
			}
		}
	}
	if found == 0 {
		t.Error("no role for a service account")
	}
}

func TestCorpus_CDKPlumbingIsMarked(t *testing.T) {
	t.Parallel()
	plumbing := regexp.MustCompile(`ProviderNestedStack|CustomResourceProvider|KubectlReadyBarrier|KubectlHandlerRole|CreationRole`)
	own := regexp.MustCompile(`^(AWS::(EKS|EC2|KMS)::|Custom::)`)
	for _, name := range corpus(t, "cdk") {
		nested := strings.Contains(filepath.Base(name), ".nested.")
		for _, d := range cfn.Load(read(t, name), cfn.Options{}).Documents {
			marked := d.Metadata["origin"] == "cdk_framework"
			switch {
			case !marked && (nested || plumbing.MatchString(d.Name)):
				t.Errorf("%s is the CDK's", d.ID)
			case marked && !nested && own.MatchString(d.Kind):
				t.Errorf("%s is the user's own", d.ID)
			}
		}
	}
}

// Every truncation is a broken text; none may end the run or point outside it.
func TestCorpus_TruncatedTemplatesStillLoad(t *testing.T) {
	t.Parallel()
	for _, name := range corpus(t, "cfn/eks", "checkov/cloudformation") {
		content := read(t, name).Content
		for _, cut := range []int{len(content) / 7, len(content) / 3, len(content) / 2, len(content) - len(content)/9} {
			src := &document.Source{Name: "cut", Content: content[:cut]}
			for _, d := range cfn.Load(src, cfn.Options{}).Diagnostics {
				if d.Range.End.Offset > cut || d.Range.IsZero() {
					t.Errorf("%s cut at %d: %s", name, cut, show(d))
				}
			}
		}
	}
}

func TestCorpus_LoadingTwiceGivesTheSame(t *testing.T) {
	t.Parallel()
	for _, name := range corpus(t, "cdk", "cfn/eks") {
		src := read(t, name)
		a, b := cfn.Load(src, cfn.Options{}), cfn.Load(&document.Source{Name: src.Name, Content: bytes.Clone(src.Content)}, cfn.Options{})
		for i := range a.Documents {
			if diff := cmp.Diff(a.Documents[i].RawStates, b.Documents[i].RawStates); diff != "" {
				t.Errorf("%s: %s", a.Documents[i].ID, diff)
			}
			if diff := cmp.Diff(a.Documents[i].Refs, b.Documents[i].Refs); diff != "" {
				t.Errorf("%s: %s", a.Documents[i].ID, diff)
			}
		}
	}
}
