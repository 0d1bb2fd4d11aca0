package cfn_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/cfn"
)

func TestReadParameters_KnowsEveryForm(t *testing.T) {
	t.Parallel()
	want := map[string]string{"Env": "prod", "Nets": "a,b", "Size": "3"}
	for name, text := range map[string]string{
		"CLI": `[{"ParameterKey": "Env", "ParameterValue": "prod"}, {"ParameterKey": "Nets", "ParameterValue": "a,b"},
			{"ParameterKey": "Size", "ParameterValue": "3", "UsePreviousValue": false}, {"ParameterKey": "Kept", "UsePreviousValue": true}]`,
		"deploy":       `["Env=prod", "Nets=a,b", "Size=3"]`,
		"CodePipeline": `{"Parameters": {"Env": "prod", "Nets": ["a", "b"], "Size": 3}, "Tags": {"Env": "x"}, "StackPolicy": {"Statement": []}}`,
		"plain":        `{"Env": "prod", "Nets": "a,b", "Size": "3"}`,
		"YAML":         "Env: prod\nNets:\n- a\n- b\nSize: 3\n",
		"CLI input":    `{"StackName": "x", "Parameters": [{"ParameterKey": "Env", "ParameterValue": "prod"}, {"ParameterKey": "Nets", "ParameterValue": "a,b"}, {"ParameterKey": "Size", "ParameterValue": "3"}]}`,
	} {
		got, err := cfn.ReadParameters(&document.Source{Name: "p.json", Content: []byte(text)})
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestReadParameters_SaysWhereTheMistakeIs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                  "p.json: the file is empty",
		"3":                                 "p.json:1:1: want a list or an object of parameters",
		`[{"ParameterValue": "x"}]`:         "p.json:1:2: want an object with ParameterKey and ParameterValue",
		"[\n  {\"ParameterKey\": \"A\"}\n]": `p.json:2:3: parameter "A" has no ParameterValue`,
		`["Env"]`:                           `p.json:1:2: want "Name=Value"`,
		`{"A": {"B": 1}}`:                   `p.json:1:7: parameter "A" is an object; a parameter is a text or a list of texts`,
		`{"A": [[1]]}`:                      `p.json:1:8: parameter "A" is a list of something else than texts`,
	} {
		if _, err := cfn.ReadParameters(&document.Source{Name: "p.json", Content: []byte(text)}); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
	if _, err := cfn.ReadParameters(&document.Source{Name: "p.json", Content: []byte(`{"A": "b"`)}); err == nil {
		t.Error("a broken file is an error")
	}
}

func TestCompanion_NamesWhatHoldsNoResources(t *testing.T) {
	t.Parallel()
	const (
		policy    = "CloudFormation stack policy: it guards a deployed stack against updates and holds no resources"
		parameter = "CloudFormation parameters: give them to the templates with --cfn-parameters "
		part      = "part of a CDK cloud assembly that holds no resources"
	)
	for _, c := range []struct{ name, text, want string }{
		{"p.json", `{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": ["Update:Modify", "Update:Delete"], "Resource": "*"}]}`, policy},
		{"p.yaml", "Statement:\n- {Effect: Deny, NotAction: 'Update:Replace', Resource: '*'}\n", policy},
		{"iam.json", `{"Statement": [{"Effect": "Allow", "Action": "s3:Update:x", "Resource": "*"}]}`, ""},
		{"a/p.json", `[{"ParameterKey": "A", "ParameterValue": "b"}]`, parameter + "a/p.json"},
		{"p.json", `{"Parameters": {"A": "b"}, "Tags": {}}`, parameter + "p.json"},
		{"openapi.json", `{"Parameters": {"A": "b"}, "paths": {}}`, ""},
		{"cdk.out/tree.json", `{"tree": {"constructInfo": {}}}`, part},
		{"cdk.out/S.assets.json", `{"files": {}, "dockerImages": {}}`, part},
		{"cdk.out/cdk.out", `{"version": "48"}`, part},
		{"broken.json", `{"Statement": "Update:`, ""},
		{"text.md", "Parameters and more", ""},
	} {
		if got := cfn.Companion(c.name, []byte(c.text)); got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.name, c.text, got, c.want)
		}
	}
}
