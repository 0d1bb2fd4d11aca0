package cfn_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/cfn"
)

// load reads a template given as text, with files beside it.
func load(t *testing.T, text string, parameters map[string]string, files map[string]string) cfn.Result {
	t.Helper()
	read := func(name string) ([]byte, error) {
		if content, ok := files[name]; ok {
			return []byte(content), nil
		}
		return nil, fs.ErrNotExist
	}
	return cfn.Load(&document.Source{Name: "stack/main.yaml", Content: []byte(text)}, cfn.Options{Parameters: parameters, ReadFile: read})
}

// clean is load for a template without any mistake.
func clean(t *testing.T, text string, parameters map[string]string) []*document.Document {
	t.Helper()
	r := load(t, text, parameters, nil)
	for _, d := range r.Diagnostics {
		t.Errorf("%s", show(d))
	}
	return r.Documents
}

func show(d document.Diagnostic) string {
	return fmt.Sprintf("%s:%d:%d: %s: %s", d.Range.File(), d.Range.Start.Line, d.Range.Start.Column, d.Level, d.Message)
}

func byName(t *testing.T, docs []*document.Document, name string) *document.Document {
	t.Helper()
	for _, d := range docs {
		if d.Name == name {
			return d
		}
	}
	t.Fatalf("no document %q", name)
	return nil
}

const header = `
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Env: {Type: String, Default: prod}
  Open: {Type: String}
  Count: {Type: Number, Default: 3}
  Quoted: {Type: Number, Default: "1.30"}
  Names: {Type: CommaDelimitedList, Default: "a, b,c"}
  Ports: {Type: List<Number>, Default: "80,443"}
  Nets: {Type: "List<AWS::EC2::Subnet::Id>"}
  One: {Type: String, AllowedValues: [only]}
  Two: {Type: String, AllowedValues: [x, y]}
  Secret: {Type: String, NoEcho: true, Default: hunter2}
  Image: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /aws/service/eks/ami}
  Flag: {Type: String, Default: true}
Mappings:
  Regions:
    eu-west-1: {ami: ami-1, same: yes-it-is, list: [p, q]}
    us-east-1: {ami: ami-2, same: yes-it-is, list: [p, r]}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsOpen: !Equals [!Ref Open, "yes"]
  NotX: !Not [!Equals [!Ref Two, z]]
  Both: !And [!Condition IsProd, !Condition IsOpen]
  Either: !Or [!Condition IsProd, !Condition IsOpen]
Resources:
  Named:
    Type: AWS::EKS::Cluster
    Properties: {Name: harbor}
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.1.0.0/16}
  NamedRole:
    Type: AWS::IAM::Role
    Properties: {RoleName: app, Path: /team/}
  Bare:
    Type: AWS::IAM::Role
  Group:
    Type: AWS::EC2::SecurityGroup
  Queue:
    Type: Custom::Thing
    Properties:
`

type unknownValue struct {
	Reason, Template string
}

// value is what a document says of one property: the value, an unknownValue, or
// nil when it is not there.
func value(d *document.Document, path string) any {
	if s, ok := d.RawStates[path]; ok && s.Kind == document.Unknown {
		return unknownValue{s.Reason, s.Template}
	}
	p, err := document.ParsePath(path)
	if err != nil {
		return err
	}
	v, ok := document.At(d.Raw, p)
	if !ok {
		return nil
	}
	return v
}

// The wanted values are worked out by hand from the Template Reference.
func TestLoad_EvaluatesEveryFunction(t *testing.T) {
	t.Parallel()
	param := func(hole string) unknownValue { return unknownValue{document.ParameterWithoutValue, hole} }
	ref := func(hole string) unknownValue { return unknownValue{document.RuntimeRef, hole} }
	undecided := unknownValue{Reason: document.UndecidedCondition}
	for _, c := range []struct {
		expr string
		want any
	}{
		{`!Ref Env`, "prod"},
		{`!Ref Open`, param("${Open}")},
		{`!Ref Count`, int64(3)},
		{`!Ref Quoted`, "1.30"},
		{`!Ref Names`, []any{"a", "b", "c"}},
		{`!Ref Ports`, []any{int64(80), int64(443)}},
		{`!Ref Nets`, unknownValue{document.ParameterWithoutValue, ""}},
		{`!Ref One`, "only"},
		{`!Ref Flag`, "true"},
		{`!Ref Image`, unknownValue{document.DynamicReference, "${resolve:ssm:/aws/service/eks/ami}"}},
		{`!Ref AWS::Region`, param("${AWS::Region}")},
		{`!Ref AWS::NotificationARNs`, unknownValue{document.ParameterWithoutValue, ""}},
		{`!Ref AWS::NoValue`, nil},
		{`!Ref Named`, "harbor"},
		{`!Ref Bare`, ref("${Bare}")},
		{`!Ref NamedRole`, "app"},
		{`!GetAtt Bare.Arn`, ref("${Bare.Arn}")},
		{`!GetAtt [Bare, Arn]`, ref("${Bare.Arn}")},
		{`!GetAtt Vpc.CidrBlock`, "10.1.0.0/16"},
		{`!GetAtt NamedRole.Arn`, param("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/team/app")},
		{`!GetAtt Named.Arn`, param("arn:${AWS::Partition}:eks:${AWS::Region}:${AWS::AccountId}:cluster/harbor")},
		{`!GetAtt Named.Endpoint`, ref("${Named.Endpoint}")},
		{`!Sub "${Env}-x"`, "prod-x"},
		{`!Sub "a${!Env}b"`, "a${Env}b"},
		{`!Sub "${!Env}-${Open}"`, param("${!Env}-${Open}")},
		{`!Sub ["${A}-${Env}-${Bare.Arn}", {A: !Ref Count}]`, ref("3-prod-${Bare.Arn}")},
		{`!Sub "${Named}"`, "harbor"},
		{`!Join ["-", [a, 1, true, !Ref Env]]`, "a-1-true-prod"},
		{`!Join ["", ["arn:", !Ref "AWS::Partition", ":iam::aws:policy/P"]]`, param("arn:${AWS::Partition}:iam::aws:policy/P")},
		{`!Join [",", !Ref Names]`, "a,b,c"},
		{`!Join [",", [a, !Ref AWS::NoValue, b]]`, "a,b"},
		{`!Select [1, !Ref Names]`, "b"},
		{`!Select ["1", [x, !Ref Open]]`, param("${Open}")},
		{`!Split [",", "a,b,,c"]`, []any{"a", "b", "", "c"}},
		{`!Select [5, !Split [":", !GetAtt NamedRole.Arn]]`, "role/team/app"},
		{`!Select [1, !Split ["/", !GetAtt NamedRole.Arn]]`, "team"},
		{`!If [IsProd, yes1, no1]`, "yes1"},
		{`!If [IsOpen, same, same]`, "same"},
		{`!If [IsOpen, 1, 2]`, undecided},
		{`!If [IsOpen, 1, !Ref AWS::NoValue]`, undecided},
		{`!If [NotX, 1, 2]`, int64(1)},
		{`!If [Both, 1, 2]`, undecided},
		{`!If [Either, 1, 2]`, int64(1)},
		{`!If [IsOpen, !If [Both, in, out], in]`, "in"},
		{`!FindInMap [Regions, eu-west-1, ami]`, "ami-1"},
		{`!FindInMap [Regions, !Ref AWS::Region, same]`, "yes-it-is"},
		{`!FindInMap [Regions, !Ref AWS::Region, ami]`, unknownValue{Reason: document.ParameterWithoutValue}},
		{`!FindInMap [Regions, mars, ami, {DefaultValue: none}]`, "none"},
		{`!FindInMap [Nowhere, mars, ami, {DefaultValue: !Ref Env}]`, "prod"},
		{`!Base64 hello`, "aGVsbG8="},
		{`{"Fn::Base64": !Sub "run ${Open}"}`, param("${Fn::Base64}run ${Open}")},
		{`!Cidr ["192.168.0.0/24", 6, 5]`, []any{
			"192.168.0.0/27", "192.168.0.32/27", "192.168.0.64/27", "192.168.0.96/27", "192.168.0.128/27", "192.168.0.160/27",
		}},
		{`!Select [1, !Cidr [!GetAtt Vpc.CidrBlock, 2, 8]]`, "10.1.1.0/24"},
		{`!Cidr ["2001:db8::/56", 2, 64]`, []any{"2001:db8::/64", "2001:db8:0:1::/64"}},
		{`!GetAZs ""`, unknownValue{document.RuntimeRef, ""}},
		{`!ImportValue net-VpcId`, unknownValue{document.ImportValue, "${Fn::ImportValue.net-VpcId}"}},
		{`{"Fn::Length": !Ref Names}`, int64(3)},
		{`{"Fn::Length": [1, !Ref Open]}`, int64(2)},
		{`{"Fn::ToJsonString": {b: [1, "x\"y", true, null], a: !Ref Env}}`, `{"b":[1,"x\"y",true,null],"a":"prod"}`},
		{`{"Fn::ToJsonString": {a: !Sub "\"${Open}\""}}`, param(`{"a":"\"${Open}\""}`)},
		{`"{{resolve:secretsmanager:db:SecretString:password}}"`, unknownValue{
			document.DynamicReference, "${resolve:secretsmanager:db:SecretString:password}",
		}},
		{`!Sub "postgres://{{resolve:ssm:/db/user:1}}@${Env}"`, unknownValue{
			document.DynamicReference, "postgres://${resolve:ssm:/db/user:1}@prod",
		}},
		{`!Join ["", ["{{resolve:secretsmanager:", !Ref Bare, ":SecretString:p}}"]]`, unknownValue{
			document.DynamicReference, "${resolve:secretsmanager:Bare:SecretString:p}",
		}},
		{`"{{resolve:unfinished"`, "{{resolve:unfinished"},
		{`!Sub "${Secret}"`, "hunter2"},
		{`!Sub "${Secret}@${Open}"`, unknownValue{document.SensitiveValue, "${Secret}@${Open}"}},
		{`2012-10-17`, "2012-10-17"},
		{`012345678901`, "012345678901"},
		{`yes`, true},
		{`1.30`, 1.3},
		{`{"Fn::Transform": {Name: Mine, Parameters: {}}}`, unknownValue{document.Macro, ""}},
	} {
		docs := clean(t, header+"      P: "+c.expr+"\n", nil)
		if diff := cmp.Diff(c.want, value(byName(t, docs, "Queue"), "P")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.expr, diff)
		}
	}
}

func TestLoad_ParametersGoBeforeDefaults(t *testing.T) {
	t.Parallel()
	docs := clean(t, header+"      P: [!Ref Open, !Ref Count, !Ref Names, !Sub '${AWS::Region}.${AWS::URLSuffix}']\n      Q: !If [IsProd, 1, 2]\n",
		map[string]string{"Open": "yes", "Count": "07", "Names": "z", "AWS::Region": "cn-north-1", "Env": "dev", "Nobody": "x"})
	d := byName(t, docs, "Queue")
	want := map[string]any{"P": []any{"yes", "07", []any{"z"}, "cn-north-1.amazonaws.com.cn"}, "Q": int64(2)}
	if diff := cmp.Diff(want, d.Raw); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLoad_UndecidedBranchesMeetWhereTheyAgree(t *testing.T) {
	t.Parallel()
	docs := clean(t, header+`      P: !If
        - IsOpen
        - {Same: 1, Differs: 2, Only: 3, Deep: {A: x, B: y}, L: [h, 1, 2, t]}
        - {Same: 1, Differs: 9, Deep: {A: x, B: z}, L: [h, t]}
      Q:
        - a
        - !If [IsOpen, b, !Ref "AWS::NoValue"]
        - c
      R: !Join ["-", [!If [IsOpen, b, !Ref "AWS::NoValue"], x, !If [IsOpen, b, !Ref "AWS::NoValue"]]]
      S: !Select [1, [a, !If [IsOpen, b, !Ref "AWS::NoValue"], c]]
      T: !Select [0, [a, !If [IsOpen, b, !Ref "AWS::NoValue"], c]]
`, nil)
	d := byName(t, docs, "Queue")
	want := map[string]any{
		"P": map[string]any{"Same": int64(1), "Deep": map[string]any{"A": "x"}, "L": []any{"h", nil, nil, "t"}},
		"Q": []any{"a", nil, "c"},
		"T": "a",
	}
	if diff := cmp.Diff(want, d.Raw); diff != "" {
		t.Errorf("Raw (-want +got):\n%s", diff)
	}
	kinds := map[string]string{}
	for path, s := range d.RawStates {
		kinds[path] = string(s.Kind) + " " + s.Reason
	}
	undecided := "unknown " + document.UndecidedCondition
	partial := "partial " + document.UndecidedCondition
	wantStates := map[string]string{
		"P.Differs": undecided, "P.Only": undecided, "P.Deep.B": undecided, "P.L": partial, "P.L[1]": undecided, "P.L[2]": undecided,
		"Q": partial, "Q[1]": undecided, "R": undecided, "S": undecided,
	}
	if diff := cmp.Diff(wantStates, kinds); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	if got := d.RawStates["R"].Template; !strings.Contains(got, "}x${") {
		t.Errorf("R has template %q; the x between the holes is known", got)
	}
}

func TestLoad_ConditionsDecideWhatExists(t *testing.T) {
	t.Parallel()
	docs := clean(t, strings.Replace(header, "Conditions:\n", "Conditions:\n  Off: !Not [!Condition IsProd]\n", 1)+`      P: 1
  Gone:
    Type: Custom::Thing
    Condition: Off
  Perhaps:
    Type: Custom::Thing
    Condition: Both
    DeletionPolicy: Retain
    DependsOn: [Bare, Vpc]
    Properties:
      P: !If [IsOpen, in, out]
`, nil)
	for _, d := range docs {
		if d.Name == "Gone" {
			t.Error("a resource whose condition is false is still there")
		}
	}
	d := byName(t, docs, "Perhaps")
	if !d.Conditional || byName(t, docs, "Bare").Conditional {
		t.Error("Perhaps must be conditional, and Bare not")
	}
	if got := value(d, "P"); got != "in" {
		t.Errorf("where the resource exists its condition holds, so P is in; got %v", got)
	}
	want := map[string]string{"cfn:condition": "Both", "cfn:deletion_policy": "Retain", "cfn:depends_on": "Bare,Vpc"}
	if diff := cmp.Diff(want, d.Metadata); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
}

func TestLoad_RefsAreEdges(t *testing.T) {
	t.Parallel()
	docs := clean(t, header+`      A: !Ref Named
      B: [x, !GetAtt Bare.Arn]
      C: !Sub "${Bare}/${Group.GroupId}"
      D: !If [IsOpen, !Ref Bare, !Ref Group]
      E: !ImportValue other
`, nil)
	d := byName(t, docs, "Queue")
	var got []string
	for _, r := range d.Refs {
		got = append(got, fmt.Sprint(r.Path, " ", r.To, " ", r.Attribute, " ", r.Via))
	}
	want := []string{
		"A cfn:stack/main.yaml#Named  reference",
		"B[1] cfn:stack/main.yaml#Bare Arn reference",
		"C cfn:stack/main.yaml#Bare  reference",
		"C cfn:stack/main.yaml#Group GroupId reference",
		"D cfn:stack/main.yaml#Bare  reference",
		"D cfn:stack/main.yaml#Group  reference",
		"E cfn-export:other  reference",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"cfn:stack/main.yaml#Bare", "cfn:stack/main.yaml#Group"}, d.RawStates["C"].Refs); diff != "" {
		t.Errorf("refs of the unknown C (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"cfn:stack/main.yaml#Named"}, byName(t, docs, "Named").Tokens); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
}

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

func TestLoad_SecretsAreMarked(t *testing.T) {
	t.Parallel()
	docs := clean(t, header+`      A: !Ref Secret
      B: {C: [!Join ["", [x, !Ref Secret]]], D: !Base64 {Ref: Secret}}
      E: !Sub "${Secret} at ${Open}"
      F: !Select [0, !Split ["t", !Ref Secret]]
  Store:
    Type: AWS::SSM::Parameter
    Properties: {Type: SecureString, Value: plain}
`, nil)
	var got []string
	for _, p := range byName(t, docs, "Queue").Sensitive {
		got = append(got, p.String())
	}
	if diff := cmp.Diff([]string{"A", "B.C[0]", "B.D", "F"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := byName(t, docs, "Store").Sensitive; len(got) != 1 || got[0].String() != "Value" {
		t.Errorf("SecureString: %v", got)
	}
	for _, d := range docs {
		for path, s := range d.RawStates {
			if strings.Contains(s.Template, "hunter2") {
				t.Errorf("%s shows the secret: %s", path, s.Template)
			}
		}
	}
}

func TestLoad_LoopsAreUnrolled(t *testing.T) {
	t.Parallel()
	docs := clean(t, `
Transform: AWS::LanguageExtensions
Parameters:
  Zones: {Type: CommaDelimitedList, Default: "a-1,b-2"}
  Open: {Type: CommaDelimitedList}
Conditions:
  Fn::ForEach::Cs: [Z, [x, y], {"Is${Z}": !Equals [!Ref Z, x]}]
Resources:
  Fn::ForEach::Buckets:
    - Zone
    - !Ref Zones
    - Fn::ForEach::Kinds:
        - Kind
        - [Log, Data]
        - "Bucket&{Zone}${Kind}":
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !Sub "${Zone}-${Kind}"
              Fn::ForEach::Tags: [T, [p, q], {"${T}Key": "in ${Zone} &{Zone}"}]
  Fn::ForEach::Later:
    - Name
    - !Ref Open
    - "Open${Name}":
        Type: AWS::S3::Bucket
        Properties: {BucketName: !Ref Name, Tier: low}
  Only:
    Type: Custom::Thing
    Properties:
      P: !If [Isx, !GetAtt "Bucketa1Log.Arn", 2]
      Q: !If [Isy, 1, 2]
      Fn::ForEach::Open: [T, !Ref Open, {"${T}": 1}]
`, nil)
	var names []string
	for _, d := range docs {
		names = append(names, d.Name)
	}
	want := []string{"Bucketa1Log", "Bucketa1Data", "Bucketb2Log", "Bucketb2Data", "Open${Name}", "Only"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	bucket := map[string]any{"BucketName": "b-2-Log", "pKey": "in b-2 b2", "qKey": "in b-2 b2"}
	if diff := cmp.Diff(bucket, docs[2].Raw); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !docs[4].Conditional || docs[4].Raw["Tier"] != "low" || docs[4].RawStates["BucketName"].Template != "${Name}" {
		t.Errorf("the body of an undecided loop: %v %v", docs[4].Raw, docs[4].RawStates)
	}
	only := docs[5]
	if got := value(only, "P"); got != (unknownValue{document.ParameterWithoutValue, "arn:${AWS::Partition}:s3:::a-1-Log"}) {
		t.Errorf("P is %v", got)
	}
	if only.Raw["Q"] != int64(2) || only.RawStates[""].Kind != document.Partial {
		t.Errorf("Q is %v, the properties are %v", only.Raw["Q"], only.RawStates[""])
	}
}

func TestLoad_MistakesAreReportedWhereTheyAre(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"unknown function", "      P: !Subb x\n", "43:10: error: Fn::Subb is not a function of CloudFormation"},
		{"unknown long function", "      P:\n        Fn::Nope: 1\n", "44:9: error: Fn::Nope is not a function of CloudFormation"},
		{"unresolved name", "      P: [!Ref Nobody]\n", `43:11: error: Ref: "Nobody" is neither a parameter nor a resource of the template`},
		{"unresolved in Sub", "      P: !Sub 'a-${Nobody.Arn}'\n", `43:10: error: Fn::GetAtt: "Nobody" is neither a parameter nor a resource of the template`},
		{"undefined condition", "      P: !If [Nope, 1, 2]\n", `43:15: error: condition "Nope" is not defined`},
		{"argument shape", "      P: !Join [',']\n", "43:10: error: Fn::Join needs a separator and a list"},
		{"list in text", "      P: !Sub '${Names}'\n", "43:10: error: Fn::Sub: a variable is a list or an object, and cannot stand in a text"},
		{"index", "      P: !Select [7, !Ref Names]\n", "43:10: error: Fn::Select: the list has no element 7, it has 3"},
		{"mapping", "      P: !FindInMap [Nowhere, a, b]\n", `43:10: error: Fn::FindInMap: there is no mapping "Nowhere"`},
		{"mapping key", "      P: !FindInMap [Regions, mars, ami]\n", "43:10: error: Fn::FindInMap: mapping Regions has no value for the keys mars and ami"},
		{"mapping key by default", "      P: !FindInMap [Regions, !Ref Env, ami]\n", "43:10: warning: Fn::FindInMap: mapping Regions has no value for the keys prod and ami"},
		{"block too small", "      P: !Cidr [10.0.0.0/24, 300, 4]\n", "43:10: error: Fn::Cidr: 10.0.0.0/24 does not hold 300 blocks of 4 subnet bits"},
		{"function among keys", "      P: {a: 1, 'Fn::If': [IsProd, 1, 2]}\n", "43:17: error: Fn::If stands beside other keys; a function must be the only key of its object"},
		{"repeated key", "      P: {a: 1, a: 2}\n", `43:17: warning: key "a" is written twice in one object; the last one counts`},
		{"empty hole", "      P: !Sub 'x${}y'\n", "43:10: error: Fn::Sub: ${} names nothing; write ${!} for the text itself"},
		{"no type", "      P: 1\n  Odd:\n    Properties: {}\n", `44:3: error: resource "Odd" has no Type; it is not read`},
		{"no object", "      P: 1\n  Odd: 3\n", `44:3: error: resource "Odd" must be an object with a Type; it is not read`},
		{"no properties", "      P: 1\n  Odd: {Type: 'Custom::X', Properties: 7}\n", `44:28: error: the Properties of resource "Odd" must be an object; they are not read`},
		{"own name", "      P: !Ref Loop\n  Loop: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Ref Loop}}\n", `44:3: error: resource "Loop" refers to itself`},
		{"names in a ring", "      P: 1\n  A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${B}x'}}\n  B: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${A}x'}}\n",
			`45:3: error: resource "B" refers to itself`},
	} {
		r := load(t, header+c.text, nil, nil)
		var got []string
		for _, d := range r.Diagnostics {
			got = append(got, strings.TrimPrefix(show(d), "stack/main.yaml:"))
		}
		if len(got) == 0 || got[0] != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		if byName(t, r.Documents, "Bare") == nil {
			t.Errorf("%s: the rest is not read", c.name)
		}
	}
}

func TestLoad_ConditionsInARingEnd(t *testing.T) {
	t.Parallel()
	r := load(t, `
Conditions:
  A: !Not [!Condition B]
  B: !And [!Condition A, !Equals [a, a]]
Resources:
  X: {Type: "Custom::X", Condition: A, Properties: {P: !If [B, 1, 2]}}
`, nil, nil)
	if len(r.Diagnostics) != 1 || !strings.Contains(show(r.Diagnostics[0]), `:3:3: error: condition "A" depends on itself`) {
		t.Errorf("got %v", r.Diagnostics)
	}
	if len(r.Documents) != 1 || !r.Documents[0].Conditional {
		t.Errorf("the resource may exist: %v", r.Documents)
	}
}

func TestLoad_AliasBombsEnd(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("Metadata:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&b, "  a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	b.WriteString("Resources:\n  X: {Type: 'Custom::X', Properties: {P: *a11}}\n  Y: {Type: 'Custom::X', Properties: {P: 1}}\n")
	r := load(t, b.String(), nil, nil)
	if len(r.Documents) != 2 || len(r.Diagnostics) == 0 {
		t.Fatalf("got %d documents and %v", len(r.Documents), r.Diagnostics)
	}
	for _, d := range r.Diagnostics {
		if d.Level != document.Error {
			t.Errorf("%s", show(d))
		}
	}
}

func TestLoad_MergeKeysAndAliasesAreFollowed(t *testing.T) {
	t.Parallel()
	docs := clean(t, `
Metadata:
  base: &base {A: 1, B: !Ref AWS::Region, C: {D: 2}}
Resources:
  X:
    Type: Custom::X
    Properties:
      <<: *base
      A: 9
      E: *base
`, nil)
	want := map[string]any{"A": int64(9), "C": map[string]any{"D": int64(2)}, "E": map[string]any{"A": int64(1), "C": map[string]any{"D": int64(2)}}}
	if diff := cmp.Diff(want, docs[0].Raw); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
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
		"stack/props.yaml":           "Included: [1, !Ref X]\n",
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

func TestLoad_OtherTextsAreNotMine(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"apiVersion: v1\nkind: Pod\n", "[1, 2]", "text", "{}"} {
		if r := load(t, text, nil, nil); r.NotMine == "" || len(r.Documents) != 0 {
			t.Errorf("%q: got %+v", text, r)
		}
	}
	if r := load(t, "Resources:\n  X: [unfinished\n", nil, nil); len(r.Diagnostics) == 0 || r.NotMine != "" {
		t.Errorf("a broken text is a diagnostic: %+v", r)
	}
}

// corpus returns the templates of the corpus.
func corpus(t *testing.T, folders ...string) []string {
	t.Helper()
	root := os.Getenv("PLIMSOLL_CORPUS")
	if root == "" {
		t.Skip("PLIMSOLL_CORPUS does not name a folder of real inputs")
	}
	var out []string
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			switch filepath.Ext(path) {
			case ".json", ".yaml", ".yml", ".template":
				if !entry.IsDir() {
					out = append(out, path)
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if len(out) == 0 {
		t.Fatalf("no files in %v", folders)
	}
	return out
}

func read(t *testing.T, name string) *document.Source {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return &document.Source{Name: filepath.ToSlash(name), Content: content}
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
