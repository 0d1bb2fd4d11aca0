package tfeval

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// Limits on what one configuration may ask for, so that a hostile one ends.
const (
	maxDepth = 400
	maxSteps = 300_000
	maxTotal = 20 * maxSteps
	maxText  = 4 << 20
	maxItems = 100_000
)

var errLimit = errors.New("the expression is too large to evaluate")

// A frame is where an expression stands: the module with the names that are
// only there (each, for variables, iterators of dynamic blocks).
type frame struct {
	module *instance
	outer  *frame
	names  map[string]cty.Value
	anon   *hclsyntax.AnonSymbolExpr
	item   cty.Value
	// bare is set in templates of templatefile, which see their variables only.
	bare bool
}

func (f *frame) with(names map[string]cty.Value) *frame {
	return &frame{module: f.module, outer: f, names: names, bare: f.bare}
}

func (f *frame) lookup(name string) (cty.Value, bool) {
	for ; f != nil; f = f.outer {
		if v, ok := f.names[name]; ok {
			return v, true
		}
	}
	return cty.NilVal, false
}

// value evaluates an expression. What cannot be evaluated is unknown, with
// references to all that it mentions.
func (ev *evaluator) value(e hclsyntax.Expression, f *frame) cty.Value {
	v, err := ev.eval(e, f)
	if err != nil {
		return ev.mention(e, f, document.UnevaluatedExpression)
	}
	return v
}

// mention is an unknown value that refers to all that an expression names.
func (ev *evaluator) mention(e hclsyntax.Expression, f *frame, reason string) cty.Value {
	marks := cty.ValueMarks{}
	for _, t := range e.Variables() {
		v, err := ev.traversal(t, f)
		if err != nil {
			continue
		}
		for m := range marksOf(v) {
			marks[m] = struct{}{}
		}
	}
	return unknown(reason, marks)
}

// eval evaluates an expression; the error says that Terraform would refuse it
// or that it is beyond what is done here.
func (ev *evaluator) eval(e hclsyntax.Expression, f *frame) (cty.Value, error) {
	ev.depth++
	ev.steps++
	defer func() { ev.depth-- }()
	if ev.depth == 1 {
		ev.total, ev.steps = ev.total+ev.steps, 0
	}
	if ev.depth > maxDepth || ev.steps > maxSteps || ev.total > maxTotal {
		return cty.DynamicVal, errLimit
	}
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		return sized(e.Val)
	case *hclsyntax.ParenthesesExpr:
		return ev.eval(e.Expression, f)
	case *hclsyntax.ScopeTraversalExpr:
		return ev.traversal(e.Traversal, f)
	case *hclsyntax.RelativeTraversalExpr:
		v, err := ev.eval(e.Source, f)
		if err != nil {
			return v, err
		}
		return ev.follow(v, e.Traversal)
	case *hclsyntax.IndexExpr:
		return ev.index(e, f)
	case *hclsyntax.TupleConsExpr:
		return ev.tuple(e, f)
	case *hclsyntax.ObjectConsExpr:
		return ev.object(e, f)
	case *hclsyntax.ObjectConsKeyExpr:
		return ev.key(e, f)
	case *hclsyntax.ConditionalExpr:
		return ev.conditional(e, f)
	case *hclsyntax.ForExpr:
		return ev.forEach(e, f)
	case *hclsyntax.SplatExpr:
		return ev.splat(e, f)
	}
	return ev.evalMore(e, f)
}

func (ev *evaluator) evalMore(e hclsyntax.Expression, f *frame) (cty.Value, error) {
	switch e := e.(type) {
	case *hclsyntax.AnonSymbolExpr:
		for g := f; g != nil; g = g.outer {
			if g.anon == e {
				return g.item, nil
			}
		}
		return cty.DynamicVal, errors.New("a splat symbol outside of a splat")
	case *hclsyntax.TemplateExpr:
		return ev.template(e.Parts, f)
	case *hclsyntax.TemplateWrapExpr:
		return ev.eval(e.Wrapped, f)
	case *hclsyntax.TemplateJoinExpr:
		return ev.joined(e, f)
	case *hclsyntax.BinaryOpExpr:
		return ev.binary(e, f)
	case *hclsyntax.UnaryOpExpr:
		v, err := ev.eval(e.Val, f)
		if err != nil {
			return v, err
		}
		return ev.operate(e.Op, v)
	case *hclsyntax.FunctionCallExpr:
		return ev.call(e, f)
	}
	return cty.DynamicVal, fmt.Errorf("an expression of the kind %T", e)
}

// sized refuses numbers that are too long to be written out.
func sized(v cty.Value) (cty.Value, error) {
	plain, _ := v.Unmark()
	if plain.IsKnown() && !plain.IsNull() && plain.Type() == cty.Number {
		var n *big.Float = plain.AsBigFloat()
		if n.MantExp(nil) > 4096 || n.MantExp(nil) < -4096 {
			return cty.DynamicVal, errLimit
		}
	}
	return v, nil
}

func (ev *evaluator) index(e *hclsyntax.IndexExpr, f *frame) (cty.Value, error) {
	v, err := ev.eval(e.Collection, f)
	if err != nil {
		return v, err
	}
	k, err := ev.eval(e.Key, f)
	if err != nil {
		return k, err
	}
	return ev.at(v, k)
}

// at takes one element of a collection.
func (ev *evaluator) at(v, k cty.Value) (cty.Value, error) {
	key, keyMarks := k.Unmark()
	plain, marks := v.Unmark()
	if !key.IsKnown() || !plain.IsKnown() {
		return unknown("", marksOf(v), keyMarks), nil
	}
	if ty := plain.Type(); ty.IsObjectType() && !plain.IsNull() && !key.IsNull() {
		name, err := convert.Convert(key, cty.String)
		if err != nil {
			return cty.DynamicVal, fmt.Errorf("index: %w", err)
		}
		if !ty.HasAttribute(name.AsString()) {
			return cty.DynamicVal, fmt.Errorf("no element %q", name.AsString())
		}
		return plain.GetAttr(name.AsString()).WithMarks(marks, keyMarks), nil
	}
	out, problems := hcl.Index(plain, key, nil)
	if problems.HasErrors() {
		return cty.DynamicVal, problems
	}
	return out.WithMarks(marks, keyMarks), nil
}

// follow takes the steps of a traversal from a value.
func (ev *evaluator) follow(v cty.Value, steps []hcl.Traverser) (cty.Value, error) {
	for _, step := range steps {
		var err error
		switch step := step.(type) {
		case hcl.TraverseAttr:
			v, err = ev.attribute(v, step.Name)
		case hcl.TraverseIndex:
			v, err = ev.at(v, step.Key)
		default:
			err = fmt.Errorf("a step of the kind %T", step)
		}
		if err != nil {
			return v, err
		}
	}
	return v, nil
}

func (ev *evaluator) attribute(v cty.Value, name string) (cty.Value, error) {
	plain, marks := v.Unmark()
	switch ty := plain.Type(); {
	case !plain.IsKnown():
		return unknown("", marks), nil
	case plain.IsNull():
		return cty.DynamicVal, errors.New("an attribute of null")
	case ty.IsObjectType() && !ty.HasAttribute(name):
		return cty.DynamicVal, fmt.Errorf("no attribute %q", name)
	case ty.IsObjectType():
		return plain.GetAttr(name).WithMarks(marks), nil
	case ty.IsMapType():
		return ev.at(v, cty.StringVal(name))
	}
	return cty.DynamicVal, fmt.Errorf("an attribute of %s", plain.Type().FriendlyName())
}

func (ev *evaluator) tuple(e *hclsyntax.TupleConsExpr, f *frame) (cty.Value, error) {
	out := make([]cty.Value, len(e.Exprs))
	for i, item := range e.Exprs {
		v, err := ev.eval(item, f)
		if err != nil {
			return v, err
		}
		out[i] = v
	}
	return cty.TupleVal(out), nil
}

func (ev *evaluator) object(e *hclsyntax.ObjectConsExpr, f *frame) (cty.Value, error) {
	out := make(map[string]cty.Value, len(e.Items))
	marks := cty.ValueMarks{}
	for _, item := range e.Items {
		k, err := ev.eval(item.KeyExpr, f)
		if err != nil {
			return k, err
		}
		v, err := ev.eval(item.ValueExpr, f)
		if err != nil {
			return v, err
		}
		name := hole(k)
		key, keyMarks := k.Unmark()
		for m := range lasting(keyMarks) {
			marks[m] = struct{}{}
		}
		if key.IsKnown() {
			text, err := convert.Convert(key, cty.String)
			if err != nil || text.IsNull() {
				return cty.DynamicVal, errors.New("a key that is no text")
			}
			name = text.AsString()
		} else {
			// The rest of the object stays known; whether the key repeats another
			// one cannot be told.
			name = uniqueKey(out, name)
		}
		out[name] = v
	}
	return cty.ObjectVal(out).WithMarks(marks), nil
}

func uniqueKey(taken map[string]cty.Value, name string) string {
	for base, n := name, 2; ; n++ {
		if _, ok := taken[name]; !ok {
			return name
		}
		name = fmt.Sprintf("%s~%d", base, n)
	}
}

func (ev *evaluator) key(e *hclsyntax.ObjectConsKeyExpr, f *frame) (cty.Value, error) {
	if !e.ForceNonLiteral {
		if name := hcl.ExprAsKeyword(e.Wrapped); name != "" {
			return cty.StringVal(name), nil
		}
	}
	return ev.eval(e.Wrapped, f)
}
