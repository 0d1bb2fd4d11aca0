package cfn_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/cfn"
)

// An expr is a value of a template that can be written in three ways.
type expr struct {
	function string // "" for a literal
	args     []expr // of a function that takes a list; elements of a list
	keys     []string
	literal  any // string, int or bool
	isList   bool
}

func lit(v any) expr { return expr{literal: v} }

func call(function string, args ...expr) expr { return expr{function: function, args: args} }

// unary functions take their argument as it is.
func (e expr) unary() bool {
	return slices.Contains([]string{"Ref", "Condition", "Fn::Base64", "Fn::Length", "Fn::ToJsonString", "Fn::GetAZs", "Fn::ImportValue"}, e.function) ||
		e.function == "Fn::Sub" && len(e.args) == 1
}

type style int

const (
	short style = iota
	long
	asJSON
)

func quote(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(b)
}

// write renders e in flow style. A short form may not follow another one
// directly, so that a function below a unary one is written in full.
func (e expr) write(s style, bare bool) string {
	inner := make([]string, len(e.args))
	for i, a := range e.args {
		inner[i] = a.write(s, !e.unary())
	}
	colon := ": "
	if s == asJSON {
		colon = ":"
	}
	switch {
	case e.function == "" && e.keys != nil:
		for i, k := range e.keys {
			inner[i] = quote(k) + colon + inner[i]
		}
		return "{" + strings.Join(inner, ", ") + "}"
	case e.function == "" && e.isList:
		return "[" + strings.Join(inner, ", ") + "]"
	case e.function == "":
		return quote(e.literal)
	}
	arg := "[" + strings.Join(inner, ", ") + "]"
	if e.unary() {
		arg = inner[0]
	}
	if s == short && bare && e.function != "Fn::ToJsonString" {
		return "!" + strings.TrimPrefix(e.function, "Fn::") + " " + arg
	}
	return "{" + quote(e.function) + colon + arg + "}"
}

var (
	parameters = []string{"P0", "P1", "P2"}
	conditions = []string{"C0", "C1", "C2", "C3"}
	pieces     = []string{"a", "b", "", "a,b", "x:y", ",", "a:b,c", "lambda", "${", "}"}
)

func genText(t *rapid.T, depth int) expr {
	choice := rapid.IntRange(0, 11).Draw(t, "text")
	if depth <= 0 {
		choice %= 4
	}
	switch choice {
	case 0, 1:
		return lit(rapid.SampledFrom(pieces).Draw(t, "literal"))
	case 2:
		return call("Ref", lit(rapid.SampledFrom(parameters).Draw(t, "parameter")))
	case 3:
		return call("Ref", lit(rapid.SampledFrom([]string{"AWS::Region", "AWS::AccountId", "Bare"}).Draw(t, "unknown")))
	case 4:
		return call("Fn::Sub", lit(rapid.SampledFrom([]string{"${P0}:${P1}", "${Bare.Arn}", "a,${P2}", "${!P0}", "${AWS::Region}:b"}).Draw(t, "sub")))
	case 5:
		return call("Fn::Join", lit(rapid.SampledFrom([]string{",", ":", ""}).Draw(t, "separator")), genList(t, depth-1))
	case 6:
		return call("Fn::Select", lit(rapid.IntRange(0, 2).Draw(t, "index")), genList(t, depth-1))
	case 7, 8:
		return call("Fn::If", lit(rapid.SampledFrom(conditions).Draw(t, "condition")), genText(t, depth-1), genText(t, depth-1))
	case 9:
		return call("Fn::FindInMap", lit("M"), lit2(t, "a", "b"), lit2(t, "x", "y"))
	case 10:
		return call("Fn::Base64", genText(t, depth-1))
	default:
		return call("Fn::ToJsonString", expr{keys: []string{"k", "l"}, args: []expr{genText(t, depth-1), genList(t, depth-1)}})
	}
}

// lit2 is one of two literals, or a parameter.
func lit2(t *rapid.T, a, b string) expr {
	switch rapid.IntRange(0, 2).Draw(t, "key") {
	case 0:
		return lit(a)
	case 1:
		return lit(b)
	default:
		return call("Ref", lit(rapid.SampledFrom(parameters).Draw(t, "parameter")))
	}
}

func genList(t *rapid.T, depth int) expr {
	if depth > 0 {
		switch rapid.IntRange(0, 5).Draw(t, "list") {
		case 0:
			return call("Fn::Split", lit(rapid.SampledFrom([]string{",", ":", "amb", "a"}).Draw(t, "delimiter")), genText(t, depth-1))
		case 1:
			return call("Fn::If", lit(rapid.SampledFrom(conditions).Draw(t, "condition")), genList(t, depth-1), genList(t, depth-1))
		case 2:
			return call("Ref", lit("L0"))
		}
	}
	out := expr{isList: true}
	for range rapid.IntRange(0, 3).Draw(t, "length") {
		e := genText(t, depth-1)
		if rapid.IntRange(0, 4).Draw(t, "optional") == 0 {
			e = call("Fn::If", lit(rapid.SampledFrom(conditions).Draw(t, "condition")), e, call("Ref", lit("AWS::NoValue")))
		}
		out.args = append(out.args, e)
	}
	return out
}

func genValue(t *rapid.T, depth int) expr {
	switch choice := rapid.IntRange(0, 4).Draw(t, "value"); {
	case choice == 0 && depth > 0:
		return expr{keys: []string{"m", "n"}, args: []expr{genValue(t, depth-1), genValue(t, depth-1)}}
	case choice == 1 && depth > 0:
		a := expr{keys: []string{"m", "n"}, args: []expr{genText(t, depth-1), genValue(t, depth-1)}}
		b := expr{keys: []string{"m", "o"}, args: []expr{genText(t, depth-1), genValue(t, depth-1)}}
		return call("Fn::If", lit(rapid.SampledFrom(conditions).Draw(t, "condition")), a, b)
	case choice == 2:
		return genList(t, depth)
	default:
		return genText(t, depth)
	}
}

// A program is a template.
type program struct {
	condition, value expr
	// conditional adds a resource for each condition.
	conditional bool
}

func genProgram(t *rapid.T) program {
	p := program{value: expr{keys: []string{"A", "B"}}}
	equals := func() expr { return call("Fn::Equals", genText(t, 2), genText(t, 1)) }
	p.condition = expr{keys: conditions, args: []expr{
		equals(), equals(),
		call("Fn::And", call("Condition", lit("C0")), call("Fn::Not", call("Condition", lit("C1")))),
		call("Fn::Or", call("Condition", lit("C2")), equals()),
	}}
	for range p.value.keys {
		p.value.args = append(p.value.args, genValue(t, 3))
	}
	return p
}

func (p program) write(s style) string {
	text := expr{keys: []string{"Parameters", "Mappings", "Conditions", "Resources"}, args: []expr{
		{keys: append(slices.Clone(parameters), "L0"), args: []expr{typed("String"), typed("String"), typed("String"), typed("CommaDelimitedList")}},
		{keys: []string{"M"}, args: []expr{{keys: []string{"a", "b"}, args: []expr{
			{keys: []string{"x", "y"}, args: []expr{lit("same"), lit("one")}},
			{keys: []string{"x", "y"}, args: []expr{lit("same"), lit("two")}},
		}}}},
		p.condition,
		{keys: []string{"Bare", "Thing"}, args: []expr{
			{keys: []string{"Type"}, args: []expr{lit("AWS::IAM::Role")}},
			{keys: []string{"Type", "Properties"}, args: []expr{lit("Custom::Thing"), p.value}},
		}},
	}}
	for _, name := range conditions {
		if resources := &text.args[3]; p.conditional {
			resources.keys = append(resources.keys, "On"+name)
			resources.args = append(resources.args, expr{keys: []string{"Type", "Condition"}, args: []expr{lit("Custom::Thing"), lit(name)}})
		}
	}
	return text.write(s, true)
}

func typed(typ string) expr { return expr{keys: []string{"Type"}, args: []expr{lit(typ)}} }

func (p program) load(s style, given map[string]string) cfn.Result {
	return cfn.Load(&document.Source{Name: "t", Content: []byte(p.write(s))}, cfn.Options{Parameters: given})
}

func TestLoad_ShortFormLongFormAndJSONMeanTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := genProgram(t)
		type plain struct {
			Raw    map[string]any
			States document.States
			Refs   []document.Ref
		}
		var all [3][]plain
		for s := range all {
			r := p.load(style(s), nil)
			for _, d := range r.Diagnostics {
				if strings.Contains(d.Message, "YAML") || strings.Contains(d.Message, "JSON") {
					t.Fatalf("%s\n%s", d.Message, p.write(style(s)))
				}
			}
			for _, d := range r.Documents {
				all[s] = append(all[s], plain{d.Raw, d.RawStates, d.Refs})
			}
		}
		if len(all[short]) != 2 {
			t.Fatalf("%d documents from\n%s", len(all[short]), p.write(short))
		}
		for s := range all {
			if diff := cmp.Diff(all[short], all[s]); diff != "" {
				t.Fatalf("(-short +%d):\n%s\n%s", s, diff, p.write(short))
			}
		}
	})
}

// leaves calls f for every scalar of a raw value and every empty collection.
func leaves(v any, path document.Path, f func(path document.Path, v any)) {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			leaves(e, path.Append(k), f)
		}
	case []any:
		for i, e := range v {
			leaves(e, path.Append(i), f)
		}
	default:
		f(path, v)
	}
}

// What is not known must not be in Raw, in whatever way it is put together: the
// names of everything without a value are looked for in every string.
func TestLoad_UnknownLeavesAreNeverStrings(t *testing.T) {
	t.Parallel()
	marks := regexp.MustCompile(`\$\{(Bare|AWS::|Fn::|P\d|L0)|Fn::Unknown|Region|AccountId`)
	rapid.Check(t, func(t *rapid.T) {
		p := genProgram(t)
		for _, d := range p.load(long, nil).Documents {
			leaves(d.Raw, nil, func(path document.Path, v any) {
				s, isText := v.(string)
				if isText && marks.MatchString(s) && s != "${P0}" { // ${!P0} is the text itself
					if !strings.Contains(strings.ReplaceAll(s, "${P0}", ""), "${") {
						return
					}
					t.Fatalf("%s is %q in\n%s", path, s, p.write(short))
				}
				state := d.RawStates[path.String()]
				if v == nil && state.Kind != document.Unknown {
					t.Fatalf("%s is null and known in\n%s", path, p.write(short))
				}
				if v != nil && state.Kind == document.Unknown {
					t.Fatalf("%s is %v and unknown in\n%s", path, v, p.write(short))
				}
			})
		}
	})
}

// Whoever knows more parameters must not know anything else: a value that is
// known without them stays what it is, and a template still fits.
func TestLoad_MoreParametersNeverChangeWhatIsKnown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := genProgram(t)
		values := rapid.SampledFrom([]string{"a", "b", "", "a,b", "x:y", "lambda", "x", "y", ":"})
		all := map[string]string{"L0": rapid.SampledFrom([]string{"a,b", "", "x", "a,a,b,c"}).Draw(t, "L0")}
		for _, name := range parameters {
			all[name] = values.Draw(t, name)
		}
		all["AWS::Region"], all["AWS::AccountId"] = "eu-west-1", "111122223333"
		some := map[string]string{}
		for _, name := range append(slices.Clone(parameters), "L0", "AWS::Region", "AWS::AccountId") {
			if rapid.Bool().Draw(t, "know "+name) {
				some[name] = all[name]
			}
		}
		less, more := p.load(short, some), p.load(short, all)
		if len(more.Diagnostics) > 0 {
			return // an index out of range or the like: nothing to compare with
		}
		a, b := less.Documents[1], more.Documents[1]
		same(t, a, b, func() string { return fmt.Sprintf("given %v of %v in\n%s", some, all, p.write(short)) })
	})
}

func same(t *rapid.T, a, b *document.Document, context func() string) {
	shifted := func(path document.Path) bool { // behind an element that may not be there
		for n := range path {
			if a.RawStates[path[:n].String()].Kind == document.Partial {
				return true
			}
		}
		return false
	}
	leaves(a.Raw, nil, func(path document.Path, v any) {
		if v == nil || shifted(path) {
			return
		}
		if got, ok := document.At(b.Raw, path); !ok || got != v {
			t.Fatalf("%s is %v with less and %v with more, %s", path, v, got, context())
		}
	})
	for text, state := range a.RawStates {
		path, err := document.ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := document.At(b.Raw, path)
		s, isText := got.(string)
		if !ok || !isText || state.Template == "" || shifted(path) || strings.HasPrefix(state.Template, "${Fn::Base64}") {
			continue
		}
		if !fits(state.Template, s) {
			t.Fatalf("%s has template %q and turns out to be %q, %s", path, state.Template, s, context())
		}
	}
}

// fits reports whether a text can be what a template stands for.
func fits(template, s string) bool {
	var b strings.Builder
	b.WriteString("(?s)^")
	for {
		before, after, found := strings.Cut(template, "${")
		b.WriteString(regexp.QuoteMeta(before))
		if !found {
			break
		}
		if rest, literal := strings.CutPrefix(after, "!"); literal {
			b.WriteString(regexp.QuoteMeta("${"))
			template = rest
			continue
		}
		b.WriteString(".*")
		_, template, _ = strings.Cut(after, "}")
	}
	return regexp.MustCompile(b.String() + "$").MatchString(s)
}

// Every value that is in Raw or unknown has a place of its own, inside the file.
func TestLoad_EveryValueHasAPlace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := genProgram(t)
		for _, d := range p.load(short, nil).Documents {
			leaves(d.Raw, nil, func(path document.Path, _ any) { placed(t, d, path) })
			for text := range d.RawStates {
				path, err := document.ParsePath(text)
				if err != nil || path.String() != text {
					t.Fatalf("state of an odd path %q: %v", text, err)
				}
				placed(t, d, path)
			}
			if at, exact := d.Locate(document.Path{"Missing", "deep"}); exact || d.Name == "Thing" && !strings.HasPrefix(at.Text(), `"Properties"`) {
				t.Fatalf("a missing property is at %q", at.Text())
			}
		}
	})
}

func placed(t *rapid.T, d *document.Document, path document.Path) {
	at, exact := d.Locate(path)
	if !exact || at.Start.Offset < 0 || at.End.Offset > len(at.Source.Content) || at.Text() == "" {
		t.Fatalf("%s has no place: %v %v", path, exact, at)
	}
}
