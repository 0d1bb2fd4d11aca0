package tfeval

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan/jsontext"
)

// Settings are what the user says about a configuration.
type Settings struct {
	// Variables are "name=value", as --var has them.
	Variables []string
	// VariableFiles are .tfvars and .tfvars.json files, relative to the working
	// directory.
	VariableFiles []string
}

// variable returns the value of a variable of a module.
func (ev *evaluator) variable(in *instance, name string) (cty.Value, error) {
	if in.dir.standIn != nil {
		return in.once("var."+name, func() cty.Value { return ev.input(in, name) }), nil
	}
	definition := in.dir.variables[name]
	if definition == nil {
		return cty.DynamicVal, fmt.Errorf("no variable %q", name)
	}
	return in.once("var."+name, func() cty.Value {
		v := ev.given(in, name)
		ty, defaults := typeOf(definition)
		fallback := definition.expression("default")
		if e := definition.expression("nullable"); e != nil && v != cty.NilVal {
			plain, _ := v.Unmark()
			if plain.IsKnown() && plain.IsNull() && same(ev.value(e, in.frameOf()), cty.False) {
				v = cty.NilVal
			}
		}
		if v == cty.NilVal {
			if fallback == nil {
				return cty.UnknownVal(ty.WithoutOptionalAttributesDeep()).Mark(cause(document.ParameterWithoutValue))
			}
			v = ev.value(fallback, in.frameOf())
		}
		v = conform(v, ty, defaults)
		if e := definition.expression("sensitive"); e != nil && same(ev.value(e, in.frameOf()), cty.True) {
			v = v.Mark(confidential{})
		}
		return v
	}), nil
}

// input is a variable of a stand-in.
func (ev *evaluator) input(in *instance, name string) cty.Value {
	declared, ok := in.dir.standIn.inputs[name]
	if !ok {
		return unknown(document.ModuleNotAvailable)
	}
	v := cty.NilVal
	if declared.argument != "" {
		v = ev.given(in, declared.argument)
	}
	if v == cty.NilVal {
		return declared.fallback
	}
	// null stands for the default where the module says nullable = false.
	if plain, marks := v.Unmark(); plain.IsKnown() && plain.IsNull() && (!declared.nullable || in.parent.dir.standIn != nil) {
		return declared.fallback.WithMarks(lasting(marks))
	}
	return v
}

// conform gives a value the type of its variable. One that does not fit stays
// as it is.
func conform(v cty.Value, ty cty.Type, defaults *typeexpr.Defaults) cty.Value {
	if ty == cty.DynamicPseudoType && defaults == nil {
		return v
	}
	plain, marks := v.Unmark()
	if !plain.IsKnown() {
		if s := spelling(v); s != nil {
			return v
		}
		return cty.UnknownVal(ty.WithoutOptionalAttributesDeep()).WithMarks(marks)
	}
	if plain.IsNull() {
		return cty.NullVal(ty.WithoutOptionalAttributesDeep()).WithMarks(marks)
	}
	if defaults != nil {
		plain = defaults.Apply(plain)
	}
	out, err := convert.Convert(plain, ty)
	if err != nil {
		return plain.WithMarks(marks)
	}
	return out.WithMarks(marks)
}

func typeOf(definition *definition) (cty.Type, *typeexpr.Defaults) {
	e := definition.expression("type")
	if lit, ok := e.(*hclsyntax.LiteralValueExpr); ok && lit.Val.Type() == cty.String { // JSON
		parsed, problems := hclsyntax.ParseExpression([]byte(lit.Val.AsString()), "", startOfFile())
		if problems.HasErrors() {
			return cty.DynamicPseudoType, nil
		}
		e = parsed
	}
	if e == nil {
		return cty.DynamicPseudoType, nil
	}
	ty, defaults, problems := typeexpr.TypeConstraintWithDefaults(e)
	if problems.HasErrors() {
		return cty.DynamicPseudoType, nil
	}
	return ty, defaults
}

// given returns what the caller passes for a variable, or the user for one of
// the root; NilVal if nobody says anything.
func (ev *evaluator) given(in *instance, name string) cty.Value {
	if in.parent != nil {
		if e := in.call.expression(name); e != nil {
			return ev.value(e, in.frame)
		}
		return cty.NilVal
	}
	if v, ok := ev.rootVariables()[name]; ok {
		return v
	}
	return cty.NilVal
}

// rootVariables reads the values of the root's variables, the later sources
// over the earlier ones
// (https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence).
func (ev *evaluator) rootVariables() map[string]cty.Value {
	if ev.values != nil {
		return ev.values
	}
	ev.values = map[string]cty.Value{}
	names, _ := ev.sources.readDir(ev.sources.root)
	files := slices.DeleteFunc([]string{"terraform.tfvars", "terraform.tfvars.json"}, func(n string) bool { return !slices.Contains(names, n) })
	for _, name := range slices.Sorted(slices.Values(names)) {
		if strings.HasSuffix(name, ".auto.tfvars") || strings.HasSuffix(name, ".auto.tfvars.json") {
			files = append(files, name)
		}
	}
	for _, name := range files {
		ev.variableFile(path.Join(ev.sources.root, name))
	}
	for _, name := range ev.settings.VariableFiles {
		ev.variableFile(name)
	}
	for _, setting := range ev.settings.Variables {
		name, text, _ := strings.Cut(setting, "=")
		ev.values[name] = ev.commandLine(name, text)
	}
	return ev.values
}

// commandLine reads --var: a text for variables of primitive types, else an
// expression.
func (ev *evaluator) commandLine(name, text string) cty.Value {
	definition := ev.root.dir.variables[name]
	if definition != nil {
		if ty, _ := typeOf(definition); definition.expression("type") == nil || ty.IsPrimitiveType() {
			return cty.StringVal(text)
		}
	}
	e, problems := hclsyntax.ParseExpression([]byte(text), "", startOfFile())
	if problems.HasErrors() {
		return cty.StringVal(text)
	}
	return ev.value(e, &frame{bare: true})
}

// variableFile reads one .tfvars file into the values.
func (ev *evaluator) variableFile(name string) {
	content, err := ev.sources.readFile(name)
	src := &document.Source{Name: name, Content: content}
	if err != nil {
		ev.sources.say(document.Error, src.Range(0, 0), fmt.Sprintf("variable file cannot be read: %v", err))
		return
	}
	ev.sources.claimed = append(ev.sources.claimed, name)
	if strings.HasSuffix(name, ".json") {
		v, err := jsontext.Decode(content, jsontext.Span{End: len(content)}, nil)
		object, ok := v.(map[string]any)
		if err != nil || !ok {
			ev.sources.say(document.Error, jsonPlace(src, err), "variable file cannot be parsed, so its values are not used")
			return
		}
		for _, key := range slices.Sorted(maps.Keys(object)) {
			if v, err := fromPlain(object[key], 0); err == nil {
				ev.values[key] = v
			}
		}
		return
	}
	file, problems := hclsyntax.ParseConfig(content, name, hcl.InitialPos)
	if problems.HasErrors() {
		r, problem := firstProblem(src, problems)
		ev.sources.say(document.Error, r, fmt.Sprintf("variable file cannot be parsed, so its values are not used: %v", problem))
		return
	}
	if body, ok := file.Body.(*hclsyntax.Body); ok {
		for key, a := range body.Attributes {
			ev.values[key] = ev.value(a.Expr, &frame{bare: true})
		}
	}
}
