package cfn_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestLoad_ExportsAreTokens(t *testing.T) {
	t.Parallel()
	docs := clean(t, header+`      P: 1
Outputs:
  Sg: {Value: !GetAtt Group.GroupId, Export: {Name: net-sg}}
  Env: {Value: !Ref Env, Export: {Name: env}}
  Unsure: {Value: !Ref Bare, Export: {Name: !Sub "${AWS::StackName}-role"}}
`, nil)
	if diff := cmp.Diff([]string{"cfn:stack/main.yaml#Group", "cfn-export:net-sg"}, byName(t, docs, "Group").Tokens); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := byName(t, docs, "Bare").Tokens; len(got) != 1 {
		t.Errorf("an export without a known name has no token, got %v", got)
	}
}

func TestLoad_MacrosMakeEverythingPartial(t *testing.T) {
	t.Parallel()
	r := load(t, `
Transform: [AWS::Serverless-2016-10-31, Ours]
Resources:
  F: {Type: "AWS::Serverless::Function", Properties: {Timeout: 3, Role: !GetAtt FRole.Arn}}
`, nil, nil)
	if len(r.Diagnostics) != 1 || r.Diagnostics[0].Level != document.Warning {
		t.Errorf("one warning about the macro, got %v", r.Diagnostics)
	}
	d := r.Documents[0]
	if s := d.RawStates[""]; s.Kind != document.Partial || s.Reason != document.Macro || d.Raw["Timeout"] != int64(3) {
		t.Errorf("got %v %v", d.Raw, d.RawStates)
	}
	r = load(t, `
Transform: AWS::Serverless-2016-10-31
Resources:
  F: {Type: "AWS::Serverless::Function", Properties: {Role: !GetAtt FRole.Arn}}
`, nil, nil)
	if len(r.Diagnostics) != 0 || len(r.Documents[0].RawStates) != 1 {
		t.Errorf("SAM names are known to exist: %v %v", r.Diagnostics, r.Documents[0].RawStates)
	}
}

func TestLoad_IncludesComeFromBesideTheTemplate(t *testing.T) {
	t.Parallel()
	r := load(t, `
Transform: {Name: "AWS::Include", Parameters: {Location: common/mappings.yaml}}
Resources:
  X:
    Type: Custom::X
    Properties:
      Own: !FindInMap [M, a, b]
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: ./props.yaml}}
      Far: {"Fn::Transform": {Name: AWS::Include, Parameters: {Location: "s3://bucket/x.yaml"}}}
      Lost: {"Fn::Transform": {Name: AWS::Include, Parameters: {Location: missing.yaml}}}
`, nil, map[string]string{
		"stack/common/mappings.yaml": "Mappings:\n  M: {a: {b: mapped}}\n",
		"stack/props.yaml":           "Included: [1, !Ref AWS::StackId]\n",
	})
	d := r.Documents[0]
	if diff := cmp.Diff(map[string]any{"Own": "mapped", "Included": []any{int64(1), nil}}, d.Raw); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"stack/common/mappings.yaml", "stack/props.yaml"}, r.Claimed); diff != "" {
		t.Errorf("claimed (-want +got):\n%s", diff)
	}
	if d.RawStates["Far"].Reason != document.Macro || d.RawStates["Lost"].Reason != document.Macro {
		t.Errorf("got %v", d.RawStates)
	}
	at, _ := d.Locate(document.Path{"Included", 0})
	if at.File() != "stack/main.yaml" || at.Start.Line != 8 {
		t.Errorf("what is included lies at the function that includes it, got %s:%d", at.File(), at.Start.Line)
	}
	if len(r.Diagnostics) != 1 || !strings.Contains(show(r.Diagnostics[0]), "missing.yaml cannot be read") {
		t.Errorf("got %v", r.Diagnostics)
	}
}

func TestLoad_IncludesInARingEnd(t *testing.T) {
	t.Parallel()
	again := "A: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: b.yaml}}}\n"
	r := load(t, "Resources:\n  X: {Type: 'Custom::X', Properties: {P: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: a.yaml}}}}}\n", nil,
		map[string]string{"stack/a.yaml": again + "B: 1\n", "stack/b.yaml": strings.ReplaceAll(again, "b.yaml", "a.yaml")})
	if len(r.Diagnostics) != 1 || !strings.HasSuffix(show(r.Diagnostics[0]), "stack/a.yaml includes itself") {
		t.Errorf("got %v", r.Diagnostics)
	}
	if got := value(r.Documents[0], "P.B"); got != int64(1) {
		t.Errorf("the rest is read: %v", r.Documents[0].Raw)
	}
}

func TestLoad_NestedStacksGetTheirParameters(t *testing.T) {
	t.Parallel()
	child := `
Parameters:
  Public: {Type: String, Default: "true"}
  Subnets: {Type: CommaDelimitedList}
  Size: {Type: Number, Default: 1}
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      Name: inner
      Size: !Ref Size
      ResourcesVpcConfig: {EndpointPublicAccess: !Ref Public, SubnetIds: !Ref Subnets}
Outputs:
  Name: {Value: !Ref Cluster}
  Arn: {Value: !GetAtt Cluster.Arn}
`
	r := load(t, `
Resources:
  Net: {Type: "AWS::EC2::Subnet", Properties: {}}
  Net2: {Type: "AWS::EC2::Subnet", Properties: {}}
  Stack:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./child.yaml
      Parameters: {Public: "false", Subnets: !Join [",", [!Ref Net, !Ref Net2]]}
  Again:
    Type: AWS::CloudFormation::Stack
    Metadata: {"aws:asset:path": child.yaml, "aws:asset:property": TemplateURL}
    Properties: {TemplateURL: "https://x", Parameters: {Subnets: "a,b"}}
  User:
    Type: Custom::X
    Properties: {N: !GetAtt Stack.Outputs.Name, A: !GetAtt Stack.Outputs.Arn}
`, nil, map[string]string{"stack/child.yaml": child})
	for _, d := range r.Diagnostics {
		t.Errorf("%s", show(d))
	}
	user := byName(t, r.Documents, "User")
	if user.Raw["N"] != "inner" || user.RawStates["A"].Template != "arn:${AWS::Partition}:eks:${AWS::Region}:${AWS::AccountId}:cluster/inner" {
		t.Errorf("outputs: %v %v", user.Raw, user.RawStates)
	}
	if len(user.Refs) != 4 || user.Refs[0].To != "cfn:stack/child.yaml#Cluster" || user.Refs[1].To != "cfn:stack/main.yaml#Stack" {
		t.Errorf("refs: %v", user.Refs)
	}
	inner, second := r.Documents[5], r.Documents[6]
	if inner.ID != "stack/child.yaml#Cluster" || second.ID != "stack/child.yaml@Again#Cluster" || second.Scope != "cfn:stack/child.yaml@Again" {
		t.Fatalf("got %s, %s in %s", inner.ID, second.ID, second.Scope)
	}
	want := map[string]any{"Name": "inner", "Size": int64(1), "ResourcesVpcConfig": map[string]any{"EndpointPublicAccess": "false", "SubnetIds": []any{nil, nil}}}
	if diff := cmp.Diff(want, inner.Raw); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := inner.RawStates["ResourcesVpcConfig.SubnetIds[1]"].Refs; len(got) == 0 || got[len(got)-1] != "cfn:stack/main.yaml#Net2" {
		t.Errorf("the subnets are the parent's: %v", got)
	}
	if got := value(second, "ResourcesVpcConfig.SubnetIds"); !cmp.Equal(got, []any{"a", "b"}) {
		t.Errorf("got %v", got)
	}
	if !cmp.Equal(r.Claimed, []string{"stack/child.yaml"}) {
		t.Errorf("claimed %v", r.Claimed)
	}
}

func TestLoad_NestedStacksInARingEnd(t *testing.T) {
	t.Parallel()
	stack := func(url string) string {
		return "Resources:\n  S: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: " + url + "}}\n"
	}
	r := load(t, stack("a.yaml"), nil, map[string]string{"stack/a.yaml": stack("main.yaml"), "stack/main.yaml": stack("a.yaml")})
	if len(r.Documents) != 2 {
		t.Errorf("got %d documents", len(r.Documents))
	}
}
