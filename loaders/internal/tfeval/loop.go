package tfeval

import (
	"errors"
	"fmt"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// A pair is one element of a collection with its key.
type pair struct{ key, value cty.Value }

// pairs lists the elements of a known collection, nil with ok=false for
// anything else. v has no marks of its own.
func pairs(v cty.Value) ([]pair, bool) {
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return nil, false
	}
	out := make([]pair, 0, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		out = append(out, pair{k, e})
	}
	return out, true
}

func (ev *evaluator) forEach(e *hclsyntax.ForExpr, f *frame) (cty.Value, error) {
	c, err := ev.eval(e.CollExpr, f)
	if err != nil {
		return c, err
	}
	plain, marks := c.Unmark()
	if !plain.IsKnown() {
		return unknown("", marks), nil
	}
	list, ok := pairs(plain)
	if !ok {
		return cty.DynamicVal, fmt.Errorf("for over %s", plain.Type().FriendlyName())
	}
	w := &loop{ev: ev, e: e, marks: lasting(marks), object: map[string]cty.Value{}, groups: map[string][]cty.Value{}}
	for _, p := range list {
		names := map[string]cty.Value{e.ValVar: p.value}
		if e.KeyVar != "" {
			names[e.KeyVar] = p.key
		}
		if err := w.add(f.with(names)); err != nil {
			return cty.DynamicVal, err
		}
		if len(w.tuple)+len(w.object) > maxItems {
			return cty.DynamicVal, errLimit
		}
	}
	return w.result(), nil
}

// A loop collects the result of a for expression.
type loop struct {
	ev     *evaluator
	e      *hclsyntax.ForExpr
	marks  cty.ValueMarks
	open   bool // which elements there are is not known
	tuple  []cty.Value
	object map[string]cty.Value
	groups map[string][]cty.Value
	order  []string
}

func (w *loop) note(v cty.Value) {
	for m := range lasting(marksOf(v)) {
		w.marks[m] = struct{}{}
	}
}

func (w *loop) add(f *frame) error {
	if w.e.CondExpr != nil {
		c, err := w.ev.eval(w.e.CondExpr, f)
		if err != nil {
			return err
		}
		plain, _ := c.Unmark()
		if plain, err = convert.Convert(plain, cty.Bool); err != nil {
			return fmt.Errorf("condition: %w", err)
		}
		switch {
		case !plain.IsKnown():
			w.open = true
			w.note(c)
			w.note(w.ev.value(w.e.ValExpr, f))
			return nil
		case plain.IsNull():
			return errors.New("the condition is null")
		case plain.False():
			return nil
		}
	}
	v, err := w.ev.eval(w.e.ValExpr, f)
	if err != nil {
		return err
	}
	if w.e.KeyExpr == nil {
		w.tuple = append(w.tuple, v)
		return nil
	}
	k, err := w.ev.eval(w.e.KeyExpr, f)
	if err != nil {
		return err
	}
	key, keyMarks := k.Unmark()
	if !key.IsKnown() {
		w.open = true
		w.note(k)
		w.note(v)
		return nil
	}
	for m := range lasting(keyMarks) {
		w.marks[m] = struct{}{}
	}
	if key, err = convert.Convert(key, cty.String); err != nil || key.IsNull() {
		return errors.New("a key that is no text")
	}
	name := key.AsString()
	if w.e.Group {
		w.groups[name] = append(w.groups[name], v)
		return nil
	}
	if _, repeated := w.object[name]; repeated {
		return fmt.Errorf("two elements with the key %q", name)
	}
	w.object[name] = v
	return nil
}

func (w *loop) result() cty.Value {
	for name, list := range w.groups {
		w.object[name] = cty.TupleVal(list)
	}
	out := cty.TupleVal(w.tuple)
	if w.e.KeyExpr != nil {
		out = cty.ObjectVal(w.object)
	}
	if w.open {
		return unknown("", w.marks, marksOf(out))
	}
	return out.WithMarks(w.marks)
}

func (ev *evaluator) splat(e *hclsyntax.SplatExpr, f *frame) (cty.Value, error) {
	s, err := ev.eval(e.Source, f)
	if err != nil {
		return s, err
	}
	plain, marks := s.Unmark()
	ty := plain.Type()
	isList := ty.IsTupleType() || ty.IsListType() || ty.IsSetType()
	switch {
	case !plain.IsKnown():
		return unknown("", marks), nil
	case plain.IsNull() && !isList:
		return cty.EmptyTupleVal, nil
	case plain.IsNull():
		return cty.DynamicVal, errors.New("a splat of null")
	case !isList:
		plain = cty.TupleVal([]cty.Value{plain})
	}
	list, _ := pairs(plain)
	out := make([]cty.Value, len(list))
	for i, p := range list {
		inner := &frame{module: f.module, outer: f, anon: e.Item, item: p.value, bare: f.bare}
		if out[i], err = ev.eval(e.Each, inner); err != nil {
			return out[i], err
		}
	}
	return cty.TupleVal(out).WithMarks(marks), nil
}
