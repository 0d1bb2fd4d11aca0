package cfn_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestLoad_GlobalsArePartOfSAMResources(t *testing.T) {
	t.Parallel()
	docs := clean(t, `
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.13
    Timeout: 30
    Environment: {Variables: {TABLE: orders, STAGE: dev}}
    VpcConfig: {SecurityGroupIds: [sg-1], SubnetIds: [subnet-1]}
    Role: !GetAtt Role.Arn
  Api: {TracingEnabled: true}
Resources:
  Own:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 3
      Environment: {Variables: {STAGE: prod}}
      VpcConfig: {SecurityGroupIds: [sg-2]}
  Bare: {Type: "AWS::Serverless::Function"}
  Other: {Type: "AWS::Lambda::Function", Properties: {Timeout: 1}}
  Role: {Type: "AWS::IAM::Role"}
`, nil)
	own := byName(t, docs, "Own")
	want := map[string]any{
		"Runtime": "python3.13", "Timeout": int64(3),
		"Environment": map[string]any{"Variables": map[string]any{"TABLE": "orders", "STAGE": "prod"}},
		"VpcConfig":   map[string]any{"SecurityGroupIds": []any{"sg-1", "sg-2"}, "SubnetIds": []any{"subnet-1"}},
	}
	if diff := cmp.Diff(want, own.Raw); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if own.RawStates["Role"].Template != "${Role.Arn}" || len(own.Refs) != 1 {
		t.Errorf("a global reference counts: %v %v", own.RawStates, own.Refs)
	}
	if at, exact := own.Locate(document.Path{"Runtime"}); !exact || at.Text() != "python3.13" || at.Start.Line != 5 {
		t.Errorf("a global value lies in Globals, got %v", at)
	}
	if bare := byName(t, docs, "Bare"); bare.Raw["Timeout"] != int64(30) {
		t.Errorf("got %v", bare.Raw)
	}
	if diff := cmp.Diff(map[string]any{"Timeout": int64(1)}, byName(t, docs, "Other").Raw); diff != "" {
		t.Errorf("only SAM's own types have globals (-want +got):\n%s", diff)
	}
}

func TestLoad_SAMApplicationsAreNestedStacks(t *testing.T) {
	t.Parallel()
	r := load(t, `
Transform: AWS::Serverless-2016-10-31
Resources:
  App: {Type: "AWS::Serverless::Application", Properties: {Location: ./app/template.yaml, Parameters: {Size: big}}}
  User: {Type: "Custom::X", Properties: {Q: !GetAtt App.Outputs.Name}}
`, nil, map[string]string{"stack/app/template.yaml": `
Parameters: {Size: {Type: String}}
Resources: {Q: {Type: "AWS::SQS::Queue", Properties: {QueueName: !Ref Size}}}
Outputs: {Name: {Value: !GetAtt Q.QueueName}}
`})
	if len(r.Diagnostics) != 0 || byName(t, r.Documents, "Q").Raw["QueueName"] != "big" || byName(t, r.Documents, "User").Raw["Q"] != "big" {
		t.Errorf("%v %v", r.Diagnostics, r.Documents)
	}
}
