package tfeval

import (
	"slices"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// maxExpression bounds how deeply an expression is looked into.
const maxExpression = 100

// constant evaluates an expression that refers to nothing and calls nothing.
func constant(e hclsyntax.Expression) (cty.Value, bool) {
	if len(e.Variables()) > 0 {
		return cty.NilVal, false
	}
	v, problems := e.Value(nil)
	return v, !problems.HasErrors() && v.IsWhollyKnown()
}

// references lists the names an expression refers to in the form plans use.
// What it takes from the iterator of a dynamic block is replaced by what the
// block's for_each refers to.
func references(e hclsyntax.Expression, iterators []iterator) []string {
	var out []string
	for _, t := range e.Variables() {
		if i := slices.IndexFunc(iterators, func(i iterator) bool { return i.name == t.RootName() }); i >= 0 {
			// The for_each of an inner dynamic block may use the outer iterators only.
			out = append(out, references(iterators[i].forEach, iterators[:i])...)
			continue
		}
		out = append(out, traversal(t))
	}
	return out
}

// traversal writes a traversal as plans do.
func traversal(t hcl.Traversal) string {
	out := t.RootName()
	for _, step := range t[1:] {
		switch step := step.(type) {
		case hcl.TraverseAttr:
			out += "." + step.Name
		case hcl.TraverseIndex:
			text, ok := scalar(step.Key)
			if !ok {
				return out
			}
			if step.Key.Type() == cty.String {
				text = strconv.Quote(text)
			}
			out += "[" + text + "]"
		default:
			return out
		}
	}
	return out
}

// inExpression looks path up inside the value of an expression, as far as it is
// written out: through object and list constructors and through functions that
// only wrap what they are given.
func (f *finder) inExpression(e hclsyntax.Expression, path document.Path, value any) place {
	depth := 0
	for n := 0; len(path) > 0 && n < maxExpression; n++ {
		inner, consumed := f.into(e, path[0], value)
		if inner == nil {
			break
		}
		if consumed {
			value, _ = document.At(value, path[:1])
			path = path[1:]
			depth++
		}
		e = inner
	}
	return place{
		value: f.rng(e.Range()), depth: depth, exact: len(path) == 0, references: references(e, f.iterators),
	}
}

// into makes one step from an expression towards the element of its value;
// consumed is false where only a wrapper is taken off.
func (f *finder) into(e hclsyntax.Expression, element, value any) (inner hclsyntax.Expression, consumed bool) {
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return e.Expression, false
	case *hclsyntax.ObjectConsExpr:
		return objectItem(e, element), true
	case *hclsyntax.TupleConsExpr:
		i, ok := element.(int)
		if !ok {
			return nil, false
		}
		return tupleItem(e.Exprs, i, value), true
	case *hclsyntax.FunctionCallExpr:
		return f.intoCall(e, element, value)
	}
	return nil, false
}

// wrappers are the functions whose result has the elements of their argument.
var wrappers = []string{ //nolint:gochecknoglobals // a constant list
	"jsonencode", "yamlencode", "toset", "tolist", "tomap", "sensitive", "nonsensitive", "compact", "distinct", "sort",
}

func (f *finder) intoCall(e *hclsyntax.FunctionCallExpr, element, value any) (inner hclsyntax.Expression, consumed bool) {
	switch {
	case slices.Contains(wrappers, e.Name) && len(e.Args) == 1:
		return e.Args[0], false
	case e.Name == "merge": // the last argument with the key wins
		for _, arg := range slices.Backward(e.Args) {
			if object, ok := arg.(*hclsyntax.ObjectConsExpr); ok {
				if item := objectItem(object, element); item != nil {
					return item, true
				}
			}
		}
	case e.Name == "concat":
		i, ok := element.(int)
		if !ok {
			return nil, false
		}
		for _, arg := range e.Args {
			if list, ok := arg.(*hclsyntax.TupleConsExpr); ok {
				if item := literalItem(list.Exprs, i, value); item != nil {
					return item, true
				}
			}
		}
	}
	return nil, false
}

// objectItem returns the value under a key, nil if it is not written out.
func objectItem(e *hclsyntax.ObjectConsExpr, key any) hclsyntax.Expression {
	name, ok := key.(string)
	if !ok {
		return nil
	}
	for _, item := range e.Items {
		v, problems := item.KeyExpr.Value(nil)
		if text, ok := scalar(v); !problems.HasErrors() && ok && text == name {
			return item.ValueExpr
		}
	}
	return nil
}

// tupleItem returns the expression of element i of a planned list: the one with
// its value, since plans sort sets, else the one in its place.
func tupleItem(items []hclsyntax.Expression, i int, value any) hclsyntax.Expression {
	if item := literalItem(items, i, value); item != nil {
		return item
	}
	list, planned := value.([]any)
	if i >= len(items) || planned && len(list) != len(items) {
		return nil
	}
	if v, literal := constant(items[i]); literal && planned && list[i] != nil && !sameValue(v, list[i]) {
		return nil
	}
	return items[i]
}

// literalItem returns the only literal of items with the value of element i.
func literalItem(items []hclsyntax.Expression, i int, value any) hclsyntax.Expression {
	planned, ok := document.At(value, document.Path{i})
	if !ok || planned == nil {
		return nil
	}
	switch planned.(type) {
	case map[string]any, []any:
		return nil
	}
	var found hclsyntax.Expression
	for _, item := range items {
		if v, literal := constant(item); literal && !v.IsNull() && sameValue(v, planned) {
			if found != nil {
				return nil
			}
			found = item
		}
	}
	return found
}
