package tfeval

import (
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// aroundHoles calls a function on texts with unknown parts: numbered marks
// stand for those. ok is false if everything is known, or the function does not
// take texts there.
func aroundHoles(fn function.Function, args []cty.Value) (out cty.Value, ok bool) {
	var holes []string
	marks := allMarks(args)
	punched := make([]cty.Value, len(args))
	for i, a := range args {
		plain, _ := a.UnmarkDeep()
		if plain.IsWhollyKnown() {
			punched[i] = plain
			continue
		}
		punched[i] = punch(settle(a), &holes)
		if punched[i] == cty.NilVal {
			return cty.NilVal, false
		}
	}
	if len(holes) == 0 {
		return cty.NilVal, false
	}
	punched, err := fitting(fn, punched)
	if err != nil {
		return cty.NilVal, false
	}
	v, err := fn.Call(punched)
	if err != nil || !v.IsWhollyKnown() || v.IsNull() || v.Type() != cty.String {
		return cty.NilVal, false
	}
	return spell(fillHoles(v.AsString(), holes), cty.NilVal, marks), true
}

func fillHoles(text string, holes []string) string {
	text = strings.ReplaceAll(text, "${", "${!")
	for n, h := range holes {
		text = strings.ReplaceAll(text, holeOpen+strconv.Itoa(n)+holeShut, h)
	}
	return text
}

// punch replaces the unknown texts in a value by numbered marks; NilVal if what
// is unknown may be more than a text.
func punch(v cty.Value, holes *[]string) cty.Value {
	plain, _ := v.Unmark()
	if plain.IsWhollyKnown() {
		plain, _ = plain.UnmarkDeep()
		return plain
	}
	if !plain.IsKnown() {
		if ty := plain.Type(); ty != cty.String && ty != cty.DynamicPseudoType {
			return cty.NilVal
		}
		return cty.StringVal(punchText(hole(v), holes))
	}
	switch ty := plain.Type(); {
	case ty.IsTupleType() || ty.IsListType():
		list := plain.AsValueSlice()
		for i, e := range list {
			if list[i] = punch(e, holes); list[i] == cty.NilVal {
				return cty.NilVal
			}
		}
		return cty.TupleVal(list)
	case ty.IsObjectType() || ty.IsMapType():
		out := map[string]cty.Value{}
		for it := plain.ElementIterator(); it.Next(); {
			k, e := it.Element()
			k, _ = k.Unmark()
			if e = punch(e, holes); e == cty.NilVal {
				return cty.NilVal
			}
			out[k.AsString()] = e
		}
		return cty.ObjectVal(out)
	}
	return cty.NilVal
}

// punchText replaces the holes in a text by numbered marks.
func punchText(text string, holes *[]string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		if literal, escaped := strings.CutPrefix(rest, "!"); found && escaped {
			b.WriteString(before + "${")
			text = literal
			continue
		}
		name, after, closed := strings.Cut(rest, "}")
		b.WriteString(before)
		if !found || !closed {
			b.WriteString(text[len(before):])
			return b.String()
		}
		*holes = append(*holes, "${"+name+"}")
		b.WriteString(holeOpen + strconv.Itoa(len(*holes)-1) + holeShut)
		text = after
	}
}

// encode makes JSON or YAML of a value with unknown parts.
func (ev *evaluator) encode(name string, v cty.Value) cty.Value {
	marks := marksOf(v)
	var holes []string
	text := "${unknown}"
	if punched := punchAll(v, &holes); punched != cty.NilVal {
		if out, err := ev.functions[name].Call([]cty.Value{punched}); err == nil {
			if out, _ = out.Unmark(); out.IsKnown() {
				text = fillHoles(out.AsString(), holes)
			}
		}
	}
	return spell(text, v, marks)
}

// punchAll is punch that takes unknown values of any type for texts.
func punchAll(v cty.Value, holes *[]string) cty.Value {
	out, _ := cty.Transform(v, func(_ cty.Path, inner cty.Value) (cty.Value, error) {
		if plain, marks := inner.Unmark(); !plain.IsKnown() && plain.Type() != cty.DynamicPseudoType {
			return cty.DynamicVal.WithMarks(marks), nil
		}
		return inner, nil
	})
	return punch(out, holes)
}
