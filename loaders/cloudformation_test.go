package loaders_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/fixtures"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// addresses are the IDs of what was loaded, in order, without lifted documents.
func addresses(r loaders.Result) []string {
	var out []string
	for _, d := range r.Documents {
		if d.Parent == nil {
			out = append(out, d.ID)
		}
	}
	return out
}

func TestCloudFormation_NestedTemplatesAnswerOnce(t *testing.T) {
	r := load(t, fixtures.Path(t, "load", "cloudformation", "nested"), loaders.Options{}, ".")
	want := []string{"cluster.yaml#Inner", "main.yaml#Subnet", "main.yaml#Cluster", "main.yaml#Nodes"}
	got := addresses(r)
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	for _, d := range r.Documents {
		if d.Parent != nil || d.Name != "Inner" {
			continue
		}
		// The stack gives "false"; the template's own default is "true".
		v, _ := document.At(d.Raw, document.Path{"ResourcesVpcConfig", "EndpointPublicAccess"})
		if v != "false" {
			t.Errorf("EndpointPublicAccess is %v", v)
		}
	}
}

func TestCloudFormation_ParametersDecideWhatExists(t *testing.T) {
	dir := fixtures.Path(t, "load", "cloudformation", "conditions")
	for env, want := range map[string][]string{
		"dev":  {"template.yaml#Always"},
		"prod": {"template.yaml#Perhaps", "template.yaml#Always"},
		"test": {"template.yaml#Never", "template.yaml#Always"},
	} {
		r := load(t, dir, loaders.Options{Parameters: map[string]string{"Env": env}}, "template.yaml")
		if diff := cmp.Diff(want, addresses(r)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", env, diff)
		}
		for _, d := range r.Documents {
			if d.Conditional {
				t.Errorf("%s: with every parameter given, %s is still conditional", env, d.ID)
			}
		}
	}
}

func TestCloudFormation_StandardInputReadsNoOtherFiles(t *testing.T) {
	text := `Resources:
  S: {Type: "AWS::CloudFormation::Stack", Properties: {TemplateURL: ./nested.yaml}}
  B: {Type: "AWS::S3::Bucket", Properties: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: x.yaml}}}}
`
	r, err := loaders.Load(context.Background(), []string{"-"}, strings.NewReader(text), loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Documents) != 2 {
		t.Errorf("%d documents", len(r.Documents))
	}
	if len(r.Diagnostics) != 1 || r.Diagnostics[0].Level != document.Note || !strings.Contains(r.Diagnostics[0].Message, `the template of stack "S" is not among the files`) {
		t.Errorf("one note on what is not read, got %v", r.Diagnostics)
	}
}
