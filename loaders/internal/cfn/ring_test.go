package cfn_test

import (
	"strings"
	"testing"
)

func TestLoad_CirclesOfResourcesAreReported(t *testing.T) {
	t.Parallel()
	const none = ""
	for _, c := range []struct{ name, resources, want string }{
		{"no circle", "  A: {Type: 'Custom::X', DependsOn: B, Properties: {P: !Ref B}}\n  B: {Type: 'Custom::X'}\n", none},
		{"itself", "  A: {Type: 'Custom::X', Properties: {P: !Ref A}}\n", `5:3: error: resource "A" depends on itself`},
		{
			"two groups", "  A: {Type: 'AWS::EC2::SecurityGroup', Properties: {P: !Ref B}}\n  B: {Type: 'AWS::EC2::SecurityGroup', Properties: {P: [!GetAtt A.GroupId]}}\n",
			"5:3: error: resources depend on each other in a circle: A -> B -> A",
		},
		{
			"through DependsOn", "  A: {Type: 'Custom::X', DependsOn: [C]}\n  B: {Type: 'Custom::X', Properties: {P: !Sub 'x${A}'}}\n  C: {Type: 'Custom::X', Properties: {P: !Join ['', [!GetAtt B.Arn]]}}\n",
			"5:3: error: resources depend on each other in a circle: A -> C -> B -> A",
		},
		{
			"outside first", "  A: {Type: 'Custom::X', DependsOn: B}\n  B: {Type: 'Custom::X', DependsOn: C}\n  C: {Type: 'Custom::X', DependsOn: B}\n",
			"6:3: error: resources depend on each other in a circle: B -> C -> B",
		},
		{"undecided property", "  A: {Type: 'Custom::X', Properties: {P: !If [Perhaps, !Ref B, 1]}}\n  B: {Type: 'Custom::X', Properties: {P: !If [Perhaps, 1, !Ref A]}}\n", none},
		{"undecided resource", "  A: {Type: 'Custom::X', Condition: Perhaps, Properties: {P: !Ref B}}\n  B: {Type: 'Custom::X', Properties: {P: !Ref A}}\n", none},
		{"no such resource", "  A:\n    Type: Custom::X\n    DependsOn: [Nobody]\n", `7:16: error: DependsOn: "Nobody" is not a resource of the template`},
	} {
		r := load(t, "Parameters: {Open: {Type: String}}\nConditions:\n  Perhaps: !Equals [!Ref Open, x]\nResources:\n"+c.resources, nil, nil)
		got := none
		for _, d := range r.Diagnostics {
			got += strings.TrimPrefix(show(d), "stack/main.yaml:")
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestLoad_AcceptedFindingsAreKept(t *testing.T) {
	t.Parallel()
	docs := clean(t, `
Resources:
  A:
    Type: Custom::X
    Metadata: {plimsoll: {ignore: [{rule: a/b, reason: !Sub "for ${AWS::NoValue}now"}]}}
  B: {Type: "Custom::X", Metadata: {plimsoll: {}}}
  C: {Type: "Custom::X", Metadata: {plimsoll: {ignore: all}}}
`, nil)
	for name, want := range map[string]string{"A": `[{"reason":"for now","rule":"a/b"}]`, "B": "", "C": `"all"`} {
		if got := byName(t, docs, name).Metadata["plimsoll:ignore"]; got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
