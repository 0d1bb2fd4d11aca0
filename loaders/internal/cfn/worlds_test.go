package cfn_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// worldsOf lists the sets of conditional documents that exist together.
func worldsOf(docs []*document.Document) []string {
	var out []string
	for _, d := range docs {
		if !d.Conditional || d.Presence == nil {
			continue
		}
		if out == nil {
			out = make([]string, len(d.Presence.In))
		}
		for i, in := range d.Presence.In {
			if in {
				out[i] += d.Name
			}
		}
	}
	slices.Sort(out)
	return out
}

func TestLoad_WorldsAreThoseThatConditionsAllow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, parameters, conditions, rest string
		want                               []string
	}{
		{"independent", "P: {Type: String}, Q: {Type: String}", "A: !Equals [!Ref P, a], B: !Equals [!Ref Q, b]", "", []string{"", "A", "AB", "B"}},
		{"not the other", "P: {Type: String}", "A: !Equals [!Ref P, a], B: !Not [!Condition A]", "", []string{"A", "B"}},
		{"other values", "P: {Type: String}", "A: !Equals [!Ref P, a], B: !Equals [b, !Ref P]", "", []string{"", "A", "B"}},
		{"all allowed", "P: {Type: String, AllowedValues: [a, b]}", "A: !Equals [!Ref P, a], B: !Equals [!Ref P, b]", "", []string{"A", "B"}},
		{"stronger", "P: {Type: String}, Q: {Type: String}", "A: !Equals [!Ref P, a], B: !And [!Condition A, !Equals [!Ref Q, b]]", "", []string{"", "A", "AB"}},
		{"equal expressions", "P: {Type: String}, Q: {Type: String}", "A: !Equals [!Ref P, !Ref Q], B: !Equals [!Ref Q, !Ref P]", "", []string{"", "AB"}},
		{"region", "P: {Type: String}", "A: !Equals [!Ref AWS::Region, us-east-1], B: !Equals [!Ref AWS::Region, eu-west-1]", "", []string{"", "A", "B"}},
		{
			"a rule", "P: {Type: String}", "A: !Equals [!Ref P, a], B: !Equals [!Ref P, b]",
			"Rules: {R: {Assertions: [{Assert: {'Fn::Contains': [[a, b], !Ref P]}}]}}\n",
			[]string{"A", "B"},
		},
		{
			"a rule with a condition", "P: {Type: String}, Q: {Type: String}", "A: !Equals [!Ref P, a], B: !Equals [!Ref Q, b]",
			"Rules: {R: {RuleCondition: !Equals [!Ref P, a], Assertions: [{Assert: !Not [!Equals [!Ref Q, b]]}]}}\n",
			[]string{"", "A", "B"},
		},
		{
			"a rule nobody can keep", "P: {Type: String}", "A: !Equals [!Ref P, a], B: !Equals [!Ref P, b]",
			"Rules: {R: {Assertions: [{Assert: {'Fn::Contains': [[], !Ref P]}}]}}\n",
			[]string{"", "A", "B"},
		},
	} {
		docs := clean(t, "Parameters: {"+c.parameters+"}\nConditions: {"+c.conditions+"}\n"+c.rest+
			"Resources:\n  A: {Type: 'Custom::X', Condition: A}\n  B: {Type: 'Custom::X', Condition: B}\n", nil)
		if diff := cmp.Diff(c.want, worldsOf(docs)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestLoad_ConditionsAreDecidedByWhatFollows(t *testing.T) {
	t.Parallel()
	docs := clean(t, `
Parameters: {P: {Type: String}, Q: {Type: String, AllowedValues: [a, b]}, R: {Type: String}}
Rules: {Small: {Assertions: [{Assert: {"Fn::Contains": [[s, m], !Ref R]}}]}}
Conditions:
  A: !Equals [!Ref P, a]
  B: !Equals [!Ref P, b]
  Never: !And [!Condition A, !Condition B]
  Always: !Or [!Condition A, !Not [!Condition A]]
  Large: !Equals [!Ref R, l]
  QA: !Equals [!Ref Q, a]
  QB: !Equals [!Ref Q, b]
Resources:
  InA: {Type: "Custom::X", Condition: A, Properties: {B: !If [B, 1, 2]}}
  Gone: {Type: "Custom::X", Condition: Never}
  There: {Type: "Custom::X", Condition: Always}
  TooLarge: {Type: "Custom::X", Condition: Large}
  X: {Type: "Custom::X", Properties: {Q: !If [QA, 1, !If [QB, 2, 3]]}}
`, nil)
	var names []string
	for _, d := range docs {
		names = append(names, d.Name)
	}
	if diff := cmp.Diff([]string{"InA", "There", "X"}, names); diff != "" {
		t.Fatalf("what exists (-want +got):\n%s", diff)
	}
	if docs[0].Raw["B"] != int64(2) || docs[1].Conditional {
		t.Errorf("InA has %v; There is conditional: %v", docs[0].Raw, docs[1].Conditional)
	}
	// Whoever is not QA is QB, so that 3 is never a value.
	if s := docs[2].RawStates["Q"]; s.Kind != document.Unknown {
		t.Errorf("Q is %v", docs[2].Raw)
	}
}

func TestLoad_NestedStacksShareTheWorldsOfTheirParents(t *testing.T) {
	t.Parallel()
	r := load(t, `
Parameters: {P: {Type: String}}
Conditions: {A: !Equals [!Ref P, a]}
Resources:
  Stack: {Type: "AWS::CloudFormation::Stack", Condition: A, Properties: {TemplateURL: child.yaml, Parameters: {Mode: !Ref P}}}
  B: {Type: "AWS::CloudFormation::Stack", Properties: {TemplateURL: other.yaml, Parameters: {Mode: !Ref P}}}
`, nil, map[string]string{
		"stack/child.yaml": "Resources:\n  In: {Type: 'Custom::X'}\n",
		"stack/other.yaml": "Parameters: {Mode: {Type: String}}\nConditions: {Not: !Not [!Equals [!Ref Mode, a]]}\nResources:\n  Out: {Type: 'Custom::X', Condition: Not}\n",
	})
	for _, d := range r.Diagnostics {
		t.Errorf("%s", show(d))
	}
	if diff := cmp.Diff([]string{"Out", "StackIn"}, worldsOf(r.Documents)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Whatever the parameters turn out to be, what exists then is one of the worlds.
func TestLoad_EveryDeploymentIsAWorld(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := genProgram(t)
		p.conditional = true
		less := p.load(short, nil)
		worlds := worldsOf(less.Documents)
		if worlds == nil || len(less.Diagnostics) > 0 {
			return
		}
		values := rapid.SampledFrom([]string{"a", "b", "", "a,b", "x:y", "lambda", "x", "y", ":"})
		all := map[string]string{"L0": rapid.SampledFrom([]string{"a,b", "", "x", "a,a,b,c"}).Draw(t, "L0")}
		for _, name := range parameters {
			all[name] = values.Draw(t, name)
		}
		all["AWS::Region"], all["AWS::AccountId"] = "eu-west-1", "111122223333"
		more := p.load(short, all)
		if len(more.Diagnostics) > 0 {
			return // an index out of range or the like: no such deployment
		}
		var open []string
		for _, d := range less.Documents {
			if d.Conditional && d.Presence != nil {
				open = append(open, d.Name)
			}
		}
		world := ""
		for _, d := range more.Documents {
			if slices.Contains(open, d.Name) {
				if d.Conditional { // it hangs on a resource that is still to come
					return
				}
				world += d.Name
			}
		}
		if !slices.Contains(worlds, world) {
			t.Fatalf("given %v, %q exist, which is none of %q:\n%s", all, world, worlds, p.write(short))
		}
	})
}

func TestLoad_WorldsHaveABound(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("Parameters:\n")
	for i := range 20 {
		b.WriteString("  P" + string(rune('a'+i)) + ": {Type: String}\n")
	}
	b.WriteString("Conditions:\n")
	for i := range 20 {
		b.WriteString("  C" + string(rune('a'+i)) + ": !Equals [!Ref P" + string(rune('a'+i)) + ", x]\n")
	}
	b.WriteString("Resources:\n")
	for i := range 20 {
		b.WriteString("  R" + string(rune('a'+i)) + ": {Type: 'Custom::X', Condition: C" + string(rune('a'+i)) + "}\n")
	}
	for _, d := range clean(t, b.String(), nil) {
		if !d.Conditional || d.Presence != nil {
			t.Errorf("%s: conditional is %v, presence %v", d.Name, d.Conditional, d.Presence)
		}
	}
}
