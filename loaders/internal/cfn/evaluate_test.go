package cfn_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

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
		{`{"Fn::GetStackOutput": net.VpcId}`, unknownValue{document.ImportValue, "${Fn::GetStackOutput.net.VpcId}"}},
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

func TestLoad_SecretsAreMarked(t *testing.T) {
	t.Parallel()
	docs := clean(t, header+`      A: !Ref Secret
      B: {C: [!Join ["", [x, !Ref Secret]]], D: !Base64 {Ref: Secret}}
      E: !Sub "${Secret} at ${Open}"
      F: !Select [0, !Split ["t", !Ref Secret]]
      G: !Sub "{{resolve:ssm:${Secret}}}"
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
			if strings.Contains(s.Template, "hunter2") || strings.Contains(fmt.Sprint(d.Refs), "hunter2") {
				t.Errorf("%s shows the secret: %s", path, s.Template)
			}
		}
	}
}

// Every function of CloudFormation has a value worked out by hand, in the table
// above or among the loops of structure_test.go.
func TestLoad_NoFunctionIsWithoutAValueWorkedOutByHand(t *testing.T) {
	t.Parallel()
	var tests strings.Builder
	for _, name := range []string{"evaluate_test.go", "structure_test.go"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		before, _, _ := strings.Cut(string(text), "func TestLoad_NoFunctionIsWithout")
		tests.WriteString(before)
	}
	for _, name := range []string{
		"And", "Base64", "Cidr", "Condition", "Equals", "FindInMap", "ForEach", "GetAtt", "GetAZs", "GetStackOutput", "If", "ImportValue",
		"Join", "Length", "Not", "Or", "Ref", "Select", "Split", "Sub", "ToJsonString", "Transform",
	} {
		if !strings.Contains(tests.String(), "!"+name+" ") && !strings.Contains(tests.String(), `"Fn::`+name+`"`) && !strings.Contains(tests.String(), "Fn::"+name+"::") {
			t.Errorf("no test evaluates %s", name)
		}
	}
	for _, name := range []string{"Contains", "EachMemberEquals", "EachMemberIn", "RefAll", "ValueOf", "ValueOfAll"} {
		r := load(t, header+"      P: {Fn::"+name+": [[a], a]}\n", nil, nil)
		if len(r.Diagnostics) != 1 || !strings.HasSuffix(show(r.Diagnostics[0]), "Fn::"+name+" may be used in Rules only") {
			t.Errorf("%s: %v", name, r.Diagnostics)
		}
	}
}
