package cfn_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

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
		{"output", "      P: 1\nOutputs:\n  O: {Value: !Ref Nobody}\n", `45:14: error: Ref: "Nobody" is neither a parameter nor a resource of the template`},
		{"condition nobody uses", "      P: 1\nRules: {}\nOutputs:\n  O: {Condition: Nope, Value: 1}\n", `46:18: error: condition "Nope" is not defined`},
		{"no object", "      P: 1\n  Odd: 3\n", `44:3: error: resource "Odd" must be an object with a Type; it is not read`},
		{"no properties", "      P: 1\n  Odd: {Type: 'Custom::X', Properties: 7}\n", `44:28: error: the Properties of resource "Odd" must be an object; they are not read`},
		{"own name", "      P: !Ref Loop\n  Loop: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Ref Loop}}\n", `44:3: error: resource "Loop" refers to itself`},
		{
			"names in a ring", "      P: 1\n  A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${B}x'}}\n  B: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${A}x'}}\n",
			`45:3: error: resource "B" refers to itself`,
		},
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

func TestLocate_PointsWhereAnAuthorWouldLook(t *testing.T) {
	t.Parallel()
	docs := clean(t, `Parameters:
  P: {Type: String, Default: d}
Resources:
  Full:
    Type: AWS::EKS::Cluster
    Properties:
      Name: plain
      "Quoted": 'single'
      ByRef: !Ref P
      Branch: !If [C, {Inner: here}, {}]
      List: [a, !Ref P]
  Bare:
    Type: AWS::S3::Bucket
Conditions: {C: !Equals [a, a]}
`, nil)
	full, bare := docs[0], docs[1]
	for _, c := range []struct {
		doc        *document.Document
		path, want string
		key        string
		exact      bool
	}{
		{full, "Name", "plain", "Name", true},
		{full, "Quoted", "'single'", `"Quoted"`, true},
		{full, "ByRef", "!Ref P", "ByRef", true},
		{full, "Branch", "!If [C, {Inner: here}, {}]", "Branch", true},
		{full, "Branch.Inner", "here", "Inner", true},
		{full, "List[1]", "!Ref P", "!Ref P", true},
	} {
		path, err := document.ParsePath(c.path)
		if err != nil {
			t.Fatal(err)
		}
		at, exact := c.doc.Locate(path)
		key, _ := c.doc.LocateKey(path)
		if at.Text() != c.want || key.Text() != c.key || exact != c.exact {
			t.Errorf("%s lies at %q (%v) with key %q", c.path, at.Text(), exact, key.Text())
		}
	}
	lines := func(d *document.Document, path document.Path) string {
		at, exact := d.Locate(path)
		key, _ := d.LocateKey(path)
		return fmt.Sprint(at.Start.Line, "-", at.End.Line, " ", exact, " key ", key.Start.Line)
	}
	for _, c := range []struct{ got, want string }{
		{lines(full, nil), "4-11 true key 4"},
		{lines(full, document.Path{"Missing"}), "6-11 false key 6"},
		{lines(full, document.Path{"Branch", "Missing"}), "10-10 false key 10"},
		{lines(bare, nil), "12-13 true key 12"},
		{lines(bare, document.Path{"Missing"}), "12-12 false key 12"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}
