package tfeval

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func (ev *evaluator) conditional(e *hclsyntax.ConditionalExpr, f *frame) (cty.Value, error) {
	c, err := ev.eval(e.Condition, f)
	if err != nil {
		return c, err
	}
	condition, marks := c.Unmark()
	if condition, err = convert.Convert(condition, cty.Bool); err != nil {
		return cty.DynamicVal, fmt.Errorf("condition: %w", err)
	}
	switch {
	case condition.IsNull():
		return cty.DynamicVal, errors.New("the condition is null")
	case condition.IsKnown() && condition.True():
		return ev.eval(e.TrueResult, f)
	case condition.IsKnown():
		return ev.eval(e.FalseResult, f)
	}
	a, b := ev.value(e.TrueResult, f), ev.value(e.FalseResult, f)
	if same(a, b) {
		return a, nil
	}
	return unknown(document.UndecidedCondition, marks, marksOf(a), marksOf(b)), nil
}

// same reports whether two values are known and equal.
func same(a, b cty.Value) bool {
	a, _ = a.UnmarkDeep()
	b, _ = b.UnmarkDeep()
	return a.IsWhollyKnown() && b.IsWhollyKnown() && a.RawEquals(b)
}

func (ev *evaluator) binary(e *hclsyntax.BinaryOpExpr, f *frame) (cty.Value, error) {
	l, err := ev.eval(e.LHS, f)
	if err != nil {
		return l, err
	}
	// The right side of a decided && or || does not count.
	if v, decided := decidedBy(e.Op, l); decided {
		return v, nil
	}
	r, err := ev.eval(e.RHS, f)
	if err != nil {
		return r, err
	}
	if v, decided := decidedBy(e.Op, r); decided {
		return v, nil
	}
	return ev.operate(e.Op, l, r)
}

// decidedBy reports whether one side of && or || settles the result.
func decidedBy(op *hclsyntax.Operation, side cty.Value) (cty.Value, bool) {
	if op != hclsyntax.OpLogicalAnd && op != hclsyntax.OpLogicalOr {
		return cty.NilVal, false
	}
	plain, _ := side.Unmark()
	b, err := convert.Convert(plain, cty.Bool)
	if err != nil || !b.IsKnown() || b.IsNull() || b.True() != (op == hclsyntax.OpLogicalOr) {
		return cty.NilVal, false
	}
	return b, true
}

// operate applies an operator.
func (ev *evaluator) operate(op *hclsyntax.Operation, operands ...cty.Value) (cty.Value, error) {
	params := op.Impl.Params()
	for i, v := range operands {
		converted, err := convert.Convert(derived(v), params[i].Type)
		if err != nil {
			return cty.DynamicVal, fmt.Errorf("operand: %w", err)
		}
		if plain, _ := converted.Unmark(); plain.IsKnown() && plain.IsNull() && !params[i].AllowNull {
			return cty.DynamicVal, errors.New("an operand is null")
		}
		operands[i] = converted
	}
	out, err := op.Impl.Call(operands)
	if err != nil {
		return cty.DynamicVal, fmt.Errorf("operator: %w", err)
	}
	return sized(out)
}

// template joins the parts of a text; unknown parts become holes.
func (ev *evaluator) template(parts []hclsyntax.Expression, f *frame) (cty.Value, error) {
	var b, holed strings.Builder // the text, and the text with holes
	marks := cty.ValueMarks{}
	known := true
	for _, part := range parts {
		v, err := ev.eval(part, f)
		if err != nil {
			return v, err
		}
		for m := range lasting(marksOf(v)) {
			marks[m] = struct{}{}
		}
		plain, _ := v.Unmark()
		if !plain.IsKnown() {
			known = false
			holed.WriteString(hole(v))
			continue
		}
		text, err := convert.Convert(plain, cty.String)
		if err != nil || text.IsNull() {
			return cty.DynamicVal, errors.New("a part of the text is no text")
		}
		plain, _ = text.Unmark()
		b.WriteString(plain.AsString())
		holed.WriteString(strings.ReplaceAll(plain.AsString(), "${", "${!"))
		if holed.Len() > maxText {
			return cty.DynamicVal, errLimit
		}
	}
	if known {
		return cty.StringVal(b.String()).WithMarks(marks), nil
	}
	return spell(holed.String(), cty.NilVal, marks), nil
}

// joined evaluates the %{ for } directive.
func (ev *evaluator) joined(e *hclsyntax.TemplateJoinExpr, f *frame) (cty.Value, error) {
	v, err := ev.eval(e.Tuple, f)
	if err != nil {
		return v, err
	}
	plain, marks := v.Unmark()
	if !plain.IsKnown() || plain.IsNull() || !plain.CanIterateElements() {
		return unknown("", marks), nil
	}
	parts := make([]hclsyntax.Expression, 0, plain.LengthInt())
	for _, item := range plain.AsValueSlice() {
		parts = append(parts, &hclsyntax.LiteralValueExpr{Val: item})
	}
	out, err := ev.template(parts, f)
	return out.WithMarks(marks), err
}
