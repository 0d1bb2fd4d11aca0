package tfeval

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// call evaluates a function call.
func (ev *evaluator) call(e *hclsyntax.FunctionCallExpr, f *frame) (cty.Value, error) {
	name := strings.TrimPrefix(e.Name, "core::")
	switch name {
	case "try":
		return ev.try(e, f)
	case "can":
		return ev.can(e, f)
	}
	args, open, err := ev.arguments(e, f)
	if err != nil {
		return cty.DynamicVal, err
	}
	if open || strings.HasPrefix(name, "provider::") {
		return unknown(document.UnevaluatedExpression, allMarks(args)), nil
	}
	if out, done, err := ev.special(name, args, f); done || err != nil {
		return out, err
	}
	fn, ok := ev.functions[name]
	if !ok {
		return cty.DynamicVal, fmt.Errorf("no function %q", name)
	}
	if work(args) > maxItems {
		return unknown(document.UnevaluatedExpression, allMarks(args)), nil
	}
	return invoke(name, fn, args)
}

// arguments evaluates the arguments; open says that it is not known how many
// there are.
func (ev *evaluator) arguments(e *hclsyntax.FunctionCallExpr, f *frame) (args []cty.Value, open bool, err error) {
	for i, a := range e.Args {
		v, err := ev.eval(a, f)
		if err != nil {
			return nil, false, err
		}
		if !e.ExpandFinal || i < len(e.Args)-1 {
			args = append(args, v)
			continue
		}
		plain, marks := v.Unmark()
		if !plain.IsKnown() {
			return append(args, v), true, nil
		}
		list, ok := pairs(plain)
		if !ok {
			return nil, false, errors.New("... behind something that is no list")
		}
		for _, p := range list {
			args = append(args, p.value.WithMarks(marks))
		}
	}
	return args, false, nil
}

func allMarks(args []cty.Value) cty.ValueMarks {
	out := cty.ValueMarks{}
	for _, a := range args {
		for m := range lasting(marksOf(a)) {
			out[m] = struct{}{}
		}
	}
	return out
}

// work estimates how much a call makes: setproduct multiplies.
func work(args []cty.Value) int {
	n := 1
	for _, a := range args {
		plain, _ := a.UnmarkDeep()
		if plain.IsKnown() && !plain.IsNull() && plain.CanIterateElements() {
			if n *= max(plain.LengthInt(), 1); n > maxItems {
				return n
			}
		}
	}
	return n
}

// keepers are the functions whose results hold what they were given, unchanged:
// what is known of an unknown text in there stays true.
func keepers() []string {
	return []string{
		"merge", "concat", "flatten", "tolist", "toset", "tomap", "tostring", "coalesce", "coalescelist", "element", "lookup",
		"values", "zipmap", "one", "slice", "reverse", "distinct", "setunion", "sensitive", "nonsensitive", "index", "matchkeys",
		"tonumber", "tobool", "compact",
	}
}

// textual are the functions that put texts together, so that known parts of
// what they are given stay known.
func textual() []string {
	return []string{
		"format", "join", "replace", "trimprefix", "trimsuffix", "trimspace", "trim", "chomp", "indent", "lower", "upper", "formatlist",
	}
}

// invoke calls a function of cty.
func invoke(name string, fn function.Function, args []cty.Value) (cty.Value, error) {
	if slices.Contains(textual(), name) && name != "formatlist" {
		if out, ok := aroundHoles(fn, args); ok {
			return out, nil
		}
	}
	marks := allMarks(args)
	given, err := fitting(fn, args)
	if err != nil {
		return cty.DynamicVal, fmt.Errorf("%s: %w", name, err)
	}
	out, err := fn.Call(given)
	if err != nil {
		return cty.DynamicVal, fmt.Errorf("%s: %w", name, err)
	}
	if !slices.Contains(keepers(), name) {
		out = derived(out)
	}
	if plain, _ := out.Unmark(); !plain.IsKnown() {
		if s := spelling(out); s != nil {
			return out.WithMarks(marks), nil
		}
		return cty.UnknownVal(plain.Type()).WithMarks(marks), nil
	}
	return sized(out)
}

// fitting converts arguments to the types that a function asks for.
func fitting(fn function.Function, args []cty.Value) ([]cty.Value, error) {
	params, rest := fn.Params(), fn.VarParam()
	out := make([]cty.Value, len(args))
	for i, a := range args {
		out[i] = settle(a)
		want := rest
		if i < len(params) {
			want = &params[i]
		}
		if want == nil {
			return nil, errors.New("too many arguments")
		}
		converted, err := convert.Convert(out[i], want.Type)
		if err != nil {
			return nil, err
		}
		out[i] = converted
	}
	return out, nil
}

// settle gives unknown elements of a tuple the type of the known ones, so that
// it can become a list.
func settle(v cty.Value) cty.Value {
	plain, marks := v.Unmark()
	if !plain.Type().IsTupleType() || !plain.IsKnown() || plain.IsNull() {
		return v
	}
	list := plain.AsValueSlice()
	ty := cty.DynamicPseudoType
	dynamic := false
	for _, e := range list {
		switch t := e.Type(); {
		case t == cty.DynamicPseudoType:
			dynamic = true
		case ty == cty.DynamicPseudoType:
			ty = t
		case !ty.Equals(t):
			return v
		}
	}
	if !dynamic {
		return v
	}
	if ty == cty.DynamicPseudoType {
		ty = cty.String
	}
	for i, e := range list {
		if inner, m := e.Unmark(); inner.Type() == cty.DynamicPseudoType {
			if inner.IsKnown() {
				list[i] = cty.NullVal(ty).WithMarks(m)
				continue
			}
			list[i] = cty.UnknownVal(ty).WithMarks(m)
		}
	}
	return cty.TupleVal(list).WithMarks(marks)
}

// Marks around the number of a hole in a text that is being worked on.
const holeOpen, holeShut = "\uE000", "\uE001"

// try gives the first argument that can be evaluated. An error that may come
// from what is not known here of a resource decides nothing.
func (ev *evaluator) try(e *hclsyntax.FunctionCallExpr, f *frame) (cty.Value, error) {
	for i, a := range e.Args {
		if e.ExpandFinal && i == len(e.Args)-1 {
			break
		}
		v, err := ev.eval(a, f)
		switch {
		case err == nil:
			return v, nil
		case errors.Is(err, errLimit):
			return v, err
		case ev.unsure(a, f):
			return ev.mention(e, f, document.UnevaluatedExpression), nil
		}
	}
	return cty.DynamicVal, errors.New("try: no argument can be evaluated")
}

func (ev *evaluator) can(e *hclsyntax.FunctionCallExpr, f *frame) (cty.Value, error) {
	if len(e.Args) != 1 {
		return cty.DynamicVal, errors.New("can takes one argument")
	}
	v, err := ev.eval(e.Args[0], f)
	plain, marks := v.Unmark()
	switch {
	case errors.Is(err, errLimit):
		return v, err
	case err == nil && plain.IsKnown():
		return cty.True, nil
	case err == nil:
		return cty.UnknownVal(cty.Bool).WithMarks(lasting(marks)), nil
	case ev.unsure(e.Args[0], f):
		return cty.UnknownVal(cty.Bool).WithMarks(marksOf(ev.mention(e, f, document.UnevaluatedExpression))), nil
	}
	return cty.False, nil
}

// unsure reports whether an expression that failed may yet succeed: it reads
// something of a resource, or a value that is not known itself. Of an object
// that is written out it is certain which attributes it lacks, however little
// is known of those it has.
func (ev *evaluator) unsure(e hclsyntax.Expression, f *frame) bool {
	for _, t := range e.Variables() {
		for n := len(t); n > 0; n-- {
			v, err := ev.traversal(t[:n], f)
			if err != nil {
				continue
			}
			if plain, marks := v.Unmark(); !plain.IsKnown() || len(lasting(marks)) > 0 {
				return true
			}
			break
		}
	}
	return false
}

// special evaluates the functions that must see unknown parts of values.
func (ev *evaluator) special(name string, args []cty.Value, f *frame) (out cty.Value, done bool, err error) {
	one := func() bool { return len(args) == 1 }
	switch name {
	case "jsonencode", "yamlencode":
		if one() {
			if plain, _ := args[0].UnmarkDeep(); !plain.IsWhollyKnown() {
				return ev.encode(name, args[0]), true, nil
			}
		}
	case "jsondecode", "yamldecode":
		if one() {
			if s := spelling(args[0]); s != nil && s.value != cty.NilVal {
				return s.value, true, nil
			}
		}
	case "sensitive":
		if one() {
			return args[0].Mark(confidential{}), true, nil
		}
	case "nonsensitive", "ephemeralasnull":
		if one() {
			plain, marks := args[0].Unmark()
			delete(marks, confidential{})
			return plain.WithMarks(marks), true, nil
		}
	case "issensitive":
		if one() {
			return cty.BoolVal(isConfidential(marksOf(args[0]))), true, nil
		}
	case "templatefile", "templatestring":
		out, err = ev.templateFile(name, args, f)
		return out, true, err
	case "timestamp", "plantimestamp", "uuid", "bcrypt":
		return unknown(document.AmbiguousDefault, allMarks(args)), true, nil
	case "length":
		if one() { // the number of elements of a collection does not depend on what they are
			if plain, _ := args[0].Unmark(); plain.IsKnown() && !plain.IsNull() && !plain.Type().IsSetType() && plain.CanIterateElements() {
				return cty.NumberIntVal(int64(plain.LengthInt())), true, nil
			}
			if plain, marks := args[0].Unmark(); plain.Type() == cty.String {
				out, err := stdlib.StrlenFunc.Call([]cty.Value{plain})
				return out.WithMarks(lasting(marks)), true, err
			}
		}
	}
	return cty.NilVal, false, nil
}

// templateFile renders a template with variables of its own.
func (ev *evaluator) templateFile(name string, args []cty.Value, f *frame) (cty.Value, error) {
	if len(args) != 2 {
		return cty.DynamicVal, fmt.Errorf("%s takes a template and variables", name)
	}
	text, textMarks := args[0].Unmark()
	vars, varMarks := args[1].Unmark()
	if !text.IsKnown() || !vars.IsKnown() {
		return unknown("", textMarks, varMarks), nil
	}
	content, err := convert.Convert(text, cty.String)
	if err != nil || content.IsNull() || vars.IsNull() || !vars.CanIterateElements() || vars.Type().IsTupleType() || vars.Type().IsListType() || vars.Type().IsSetType() {
		return cty.DynamicVal, fmt.Errorf("%s takes a text and an object", name)
	}
	source := content.AsString()
	if name == "templatefile" {
		data, err := ev.read(source)
		if err != nil {
			return cty.DynamicVal, err
		}
		source = string(data)
	}
	e, problems := hclsyntax.ParseTemplate([]byte(source), "template", startOfFile())
	if problems.HasErrors() {
		return cty.DynamicVal, problems
	}
	names := map[string]cty.Value{}
	for it := vars.ElementIterator(); it.Next(); {
		k, v := it.Element()
		names[k.AsString()] = v
	}
	if ev.templates++; ev.templates > 16 {
		return cty.DynamicVal, errLimit
	}
	defer func() { ev.templates-- }()
	out, err := ev.eval(e, &frame{module: f.module, names: names, bare: true})
	return out.WithMarks(lasting(textMarks), lasting(varMarks)), err
}

// stdFunctions are those of cty that work as Terraform's do.
func stdFunctions() map[string]function.Function {
	return map[string]function.Function{
		"abs": stdlib.AbsoluteFunc, "ceil": stdlib.CeilFunc, "floor": stdlib.FloorFunc, "log": stdlib.LogFunc, "max": stdlib.MaxFunc,
		"min": stdlib.MinFunc, "parseint": stdlib.ParseIntFunc, "pow": stdlib.PowFunc, "signum": stdlib.SignumFunc,
		"chomp": stdlib.ChompFunc, "format": stdlib.FormatFunc, "formatlist": stdlib.FormatListFunc, "indent": stdlib.IndentFunc,
		"join": stdlib.JoinFunc, "lower": stdlib.LowerFunc, "regex": stdlib.RegexFunc, "regexall": stdlib.RegexAllFunc,
		"split": stdlib.SplitFunc, "strrev": stdlib.ReverseFunc, "substr": stdlib.SubstrFunc, "title": stdlib.TitleFunc,
		"trim": stdlib.TrimFunc, "trimprefix": stdlib.TrimPrefixFunc, "trimsuffix": stdlib.TrimSuffixFunc, "trimspace": stdlib.TrimSpaceFunc,
		"upper": stdlib.UpperFunc, "chunklist": stdlib.ChunklistFunc, "coalescelist": stdlib.CoalesceListFunc,
		"compact": stdlib.CompactFunc, "concat": stdlib.ConcatFunc, "contains": stdlib.ContainsFunc, "distinct": stdlib.DistinctFunc,
		"element": stdlib.ElementFunc, "flatten": stdlib.FlattenFunc, "keys": stdlib.KeysFunc, "length": stdlib.LengthFunc,
		"merge": stdlib.MergeFunc, "range": stdlib.RangeFunc, "reverse": stdlib.ReverseListFunc,
		"setintersection": stdlib.SetIntersectionFunc, "setproduct": stdlib.SetProductFunc, "setsubtract": stdlib.SetSubtractFunc,
		"setunion": stdlib.SetUnionFunc, "slice": stdlib.SliceFunc, "sort": stdlib.SortFunc, "values": stdlib.ValuesFunc,
		"zipmap": stdlib.ZipmapFunc, "csvdecode": stdlib.CSVDecodeFunc, "jsondecode": stdlib.JSONDecodeFunc, "jsonencode": stdlib.JSONEncodeFunc,
		"formatdate": stdlib.FormatDateFunc, "timeadd": stdlib.TimeAddFunc,
		"tobool": stdlib.MakeToFunc(cty.Bool), "tonumber": stdlib.MakeToFunc(cty.Number), "tostring": stdlib.MakeToFunc(cty.String),
		"tolist": stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)), "toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)),
		"tomap": stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)),
	}
}
