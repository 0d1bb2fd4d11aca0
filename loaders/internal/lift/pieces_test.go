package lift

import (
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/cfn"
)

// Texts that functions make are located by the literals they are made of.
func TestRead_LeadsIntoTheLiteralsOfFunctions(t *testing.T) {
	const head = `Parameters: {Known: {Type: String, Default: shop}, Open: {Type: String}}
Resources:
  Role: {Type: AWS::IAM::Role}
  M:
    Type: Custom::AWSCDK-EKS-KubernetesResource
    Properties:
`
	for _, c := range []struct{ name, text, path, want string }{
		{
			"Join in JSON", `      {"Manifest": {"Fn::Join": ["", ["[{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"", {"Ref": "Role"}, "\"},\"spec\":{\"hostPID\":true}}]"]]}}` + "\n",
			"[0].spec.hostPID", "true",
		},
		{"behind a known value", `      Manifest: !Join ["", ['[{"kind":"Pod","apiVersion":"v1","metadata":{"namespace":"', !Ref Known, '","name":"p"},"spec":{"hostPID":true}}]']]` + "\n", "[0].spec.hostPID", "true"},
		{"all known", `      Manifest: !Join ["", ['[{"kind":"Pod","apiVersion":"v1",', '"spec":{"hostPID":true}}]']]` + "\n", "[0].spec.hostPID", "true"},
		{"Sub", `      Manifest: !Sub '[{"kind":"Pod","apiVersion":"v1","metadata":{"name":"${Open}"},"spec":{"hostPID":true}}]'` + "\n", "[0].spec.hostPID", "true"},
		{"Sub in a block", "      Manifest: !Sub |\n        kind: Pod\n        apiVersion: v1\n        metadata: {name: '${Open}-x'}\n        spec:\n          hostPID: yes # really\n", "spec.hostPID", "yes"},
		{"block of Join", "      Manifest:\n        Fn::Join:\n          - ''\n          - - '{kind: Pod, apiVersion: v1, metadata: {name: '\n            - !Ref Open\n            - '}, spec: {hostPID: true}}'\n", "spec.hostPID", "true"},
	} {
		src := &document.Source{Name: "t.yaml", Content: []byte(head + c.text)}
		r := cfn.Load(src, cfn.Options{})
		if len(r.Documents) != 2 || len(r.Diagnostics) > 0 {
			t.Fatalf("%s: %d documents, %v", c.name, len(r.Documents), r.Diagnostics)
		}
		texts, diags, ok := Read(r.Documents[1], document.Path{"Manifest"})
		if !ok || len(texts) != 1 || len(diags) > 0 {
			t.Fatalf("%s: %v, %v", c.name, texts, diags)
		}
		path, err := document.ParsePath(c.path)
		if err != nil {
			t.Fatal(err)
		}
		at, exact := texts[0].Locator.Locate(path)
		at = at.Outermost()
		if want := strings.LastIndex(string(src.Content), c.want); at.Text() != c.want || at.Start.Offset != want || !exact {
			t.Errorf("%s: %s lies at %q, %d, %v; want %d", c.name, c.path, at.Text(), at.Start.Offset, exact, want)
		}
	}
}

func TestRead_TextsFromElsewhereLieAtTheirFunction(t *testing.T) {
	src := &document.Source{Name: "t.yaml", Content: []byte(`Parameters: {Text: {Type: String, Default: "{kind: Pod, apiVersion: v1, spec: {hostPID: true}}"}}
Resources:
  M:
    Type: Custom::AWSCDK-EKS-KubernetesResource
    Properties: {Manifest: !Join ["", [!Ref Text, "# x"]]}
`)}
	texts, _, _ := Read(cfn.Load(src, cfn.Options{}).Documents[0], document.Path{"Manifest"})
	at, exact := texts[0].Locator.Locate(document.Path{"spec", "hostPID"})
	if exact || !strings.HasPrefix(at.Outermost().Text(), "!Join") {
		t.Errorf("at %q, %v", at.Outermost().Text(), exact)
	}
}
