package cfn_test

import (
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/cfn"
)

func TestDetect_TellsTemplatesFromEverythingElse(t *testing.T) {
	t.Parallel()
	filler := strings.Repeat("  P: {Type: String, Description: x}\n", 2000)
	for _, c := range []struct {
		name, text string
		partOnly   bool
		want       cfn.Guess
	}{
		{"version", "AWSTemplateFormatVersion: 2010-09-09\n", false, cfn.IsTemplate},
		{"quoted version", "# a comment\n---\n\"AWSTemplateFormatVersion\": '2010-09-09'\n", false, cfn.IsTemplate},
		{"resources", "Resources:\n  A:\n    Type: AWS::S3::Bucket\n", false, cfn.IsTemplate},
		{"resources, type last", "Resources:\n  A:\n    Properties:\n      X: 1\n    Type: 'AWS::S3::Bucket' # a bucket\n", false, cfn.IsTemplate},
		{"custom resource", "Resources:\n  A:\n    Type: Custom::X\n", false, cfn.IsTemplate},
		{"third party", "Resources:\n  A:\n    Type: AWSQS::Kubernetes::Resource\n", false, cfn.IsTemplate},
		{"indented document", "  Resources:\n    A:\n      Type: AWS::S3::Bucket\n", false, cfn.IsTemplate},
		{"byte order mark", "\ufeffAWSTemplateFormatVersion: 2010-09-09\n", false, cfn.IsTemplate},
		{"windows lines", "AWSTemplateFormatVersion: 2010-09-09\r\nResources:\r\n", false, cfn.IsTemplate},
		{"resource on one line", "Resources:\n  A: {Properties: {}, Type: 'AWS::S3::Bucket'}\n", false, cfn.IsTemplate},
		{"resources on one line", "Resources: {A: {Type: AWS::S3::Bucket}}\n", false, cfn.IsTemplate},
		{"all on one line", "{Resources: {A: {Type: AWS::S3::Bucket, Properties: {B: 1}}}}", false, cfn.IsTemplate},
		{"all on one line, quoted", "{Resources: {A: {Type: 'AWS::S3::Bucket'}}}", false, cfn.IsTemplate},
		{"pod on one line", "{apiVersion: v1, kind: Pod, Resources: {A: {Type: AWS::S3::Bucket}}}", false, cfn.NoTemplate},
		{"JSON", `{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}`, false, cfn.IsTemplate},
		{"JSON version last", `{"Description": "a \"b\": {", "AWSTemplateFormatVersion": "2010-09-09"}`, false, cfn.IsTemplate},
		{"JSON, properties first", `{"Resources": {"A": {"Properties": {"B": [1, {"C": 2}]}, "Type": "Custom::X"}}}`, false, cfn.IsTemplate},
		{"parameters first, cut", "Parameters:\n" + filler + "Mappings:\n  A: {}\n", true, cfn.MaybeTemplate},
		{"JSON cut", `{"Parameters": {}, "Mappings": {"A": {`, true, cfn.MaybeTemplate},

		{"parameters only", "Parameters:\n" + filler, false, cfn.NoTemplate},
		{"pod", "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n", false, cfn.NoTemplate},
		{"template in a config map", "apiVersion: v1\nkind: ConfigMap\ndata:\n  t.yaml: |\n    AWSTemplateFormatVersion: 2010-09-09\n    Resources:\n      A:\n        Type: AWS::S3::Bucket\n", false, cfn.NoTemplate},
		{"object with a key of ours", "apiVersion: x/v1\nkind: X\nResources:\n  A:\n    Type: AWS::S3::Bucket\n", false, cfn.NoTemplate},
		{"plan", `{"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}}`, false, cfn.NoTemplate},
		{"serverless framework", "service: x\nresources:\n  Resources:\n    A:\n      Type: AWS::S3::Bucket\n", false, cfn.NoTemplate},
		{"policy", `{"Version": "2012-10-17", "Statement": []}`, false, cfn.NoTemplate},
		{"resources of something else", "Resources:\n  A:\n    Type: bucket\n", false, cfn.NoTemplate},
		{"type elsewhere", "Resources: {}\nOther:\n  A:\n    Type: AWS::S3::Bucket\n", false, cfn.NoTemplate},
		{"terraform", "resource \"aws_eks_cluster\" \"a\" {\n  name = \"x\"\n}\n", false, cfn.NoTemplate},
		{"second document", "a: 1\n---\nAWSTemplateFormatVersion: 2010-09-09\n", false, cfn.NoTemplate},
		{"chart template", "{{- if .Values.x }}\nkind: Pod\n{{- end }}\n", false, cfn.NoTemplate},
		{"nothing", "", false, cfn.NoTemplate},
		{"unfinished", `{"Resources": {"A`, false, cfn.NoTemplate},
	} {
		if got := cfn.Detect([]byte(c.text), !c.partOnly); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// A head of any length must not end the run.
func TestDetect_HeadsOfAnyLength(t *testing.T) {
	t.Parallel()
	text := "AWSTemplateFormatVersion: 2010-09-09\nResources:\n  A:\n    Type: AWS::S3::Bucket\n"
	for n := range len(text) {
		want := cfn.NoTemplate
		if n > len("AWSTemplateFormatVersion:") {
			want = cfn.IsTemplate
		}
		if got := cfn.Detect([]byte(text[:n]), false); got < want {
			t.Errorf("the first %d bytes: got %v", n, got)
		}
	}
}

// FuzzLoad holds what every text must hold: no panic, places inside the text,
// and nothing that is both known and unknown.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(header + "      P: !Sub '${Open}-${!x}'\n"))
	f.Add([]byte(`{"Resources": {"A": {"Type": "Custom::X", "Properties": {"P": {"Fn::Join": ["", [{"Ref": "A"}, "{{resolve:ssm:x}}"]]}}}}}`))
	f.Add([]byte("Resources:\n  Fn::ForEach::A:\n    - B\n    - [x, !Ref AWS::Region]\n    - 'R${B}': {Type: 'A::B', Properties: {P: !Ref B}}\n"))
	f.Add([]byte("Resources: {A: {Type: 'Custom::AWSCDKCfnJson', Properties: {Value: !Sub '{\"${A}\": [${AWS::Region}]}'}}, B: {Type: 'A::B', Properties: !GetAtt A.Value}}\n"))
	f.Add([]byte("Resources: {A: {Type: 'A::B', Properties: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: x}}, a: &a [*a]}}}"))
	f.Fuzz(func(t *testing.T, content []byte) {
		read := func(string) ([]byte, error) { return content, nil }
		cfn.Detect(content, true)
		r := cfn.Load(&document.Source{Name: "t", Content: content}, cfn.Options{ReadFile: read})
		for _, d := range r.Documents {
			for text, state := range d.RawStates {
				path, err := document.ParsePath(text)
				if err != nil {
					t.Fatalf("state at %q: %v", text, err)
				}
				if v, ok := document.At(d.Raw, path); ok && v != nil && state.Kind == document.Unknown && len(path) > 0 {
					t.Fatalf("%s is %v and unknown", text, v)
				}
				if at, _ := d.Locate(path); at.IsZero() || at.End.Offset > len(content) || at.Start.Offset > at.End.Offset {
					t.Fatalf("%s lies at %v", text, at)
				}
			}
		}
		for _, d := range r.Diagnostics {
			if d.Message == "" || d.Range.IsZero() {
				t.Fatalf("diagnostic %+v", d)
			}
		}
	})
}
