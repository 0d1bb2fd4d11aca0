package eval

import (
	"context"
	"maps"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// stand is put in the place of an unknown value to see whether a rule's verdict
// depends on it. No input holds it.
const stand = "\x00plimsoll: not known\x00"

// depends reports whether a rule tests the unknown paths on its way to its
// verdict. The rule is evaluated once more with a stand-in at these paths, and
// every expression that tests a value is watched: one that was given the
// stand-in might have come out otherwise. Moving a value about is no test.
//
// The answer errs on the side of yes; possible, which errs on the same side for
// other reasons, is asked as well.
func depends(ctx context.Context, b base, q *query, d *document.Document, known int, ds []doubt, canonical, raw bool) bool {
	input := newConverter(raw).input(withStands(d, ds, canonical))
	w := &watch{input: input, rules: map[string]bool{}}
	cancel := topdown.NewCancel()
	stop := context.AfterFunc(ctx, cancel.Cancel)
	defer stop()
	denials := 0
	err := topdown.NewQuery(q.body).WithCompiler(q.unit.Compiler).WithQueryCompiler(q.compiler).
		WithStore(b.store).WithTransaction(b.txn).WithInput(input).WithCancel(cancel).
		WithIndexing(false).WithEarlyExit(false).WithQueryTracer(w).
		Iter(ctx, func(qr topdown.QueryResult) error {
			if obj, ok := qr[ast.Var(resultVar)].Value.(ast.Object); ok {
				obj.Foreach(func(_, v *ast.Term) {
					if set, ok := v.Value.(ast.Set); ok {
						denials += set.Len()
					}
				})
			}
			return nil
		})
	return err != nil || w.touched || denials != known
}

// withStands returns a copy of d with the stand-in at the unknown paths.
func withStands(d *document.Document, ds []doubt, canonical bool) *document.Document {
	out := *d
	for _, x := range ds {
		if canonical {
			out.Attr, _ = place(out.Attr, x.path, x.state.Kind == document.Partial).(map[string]any)
		} else {
			out.Raw, _ = place(out.Raw, x.path, x.state.Kind == document.Partial).(map[string]any)
		}
	}
	return &out
}

// place returns v with the stand-in at path; of a partial list it takes the
// place of the elements that are not known, and may be one element more.
// Shared parts are copied, not changed.
func place(v any, path document.Path, partial bool) any {
	if len(path) == 0 {
		if !partial {
			return stand
		}
		list, _ := v.([]any)
		out := make([]any, 0, len(list)+1)
		for _, e := range list {
			if e == nil {
				e = stand
			}
			out = append(out, e)
		}
		return append(out, stand)
	}
	switch e := path[0].(type) {
	case string:
		m, _ := v.(map[string]any)
		out := make(map[string]any, len(m)+1)
		maps.Copy(out, m)
		out[e] = place(m[e], path[1:], partial)
		return out
	case int:
		list, _ := v.([]any)
		out := make([]any, max(len(list), e+1))
		copy(out, list)
		out[e] = place(out[e], path[1:], partial)
		return out
	}
	return v
}

// A watch is a tracer that looks for tests of the stand-in.
type watch struct {
	input *ast.Term
	// rules are the rules whose value holds the stand-in, by path.
	rules   map[string]bool
	touched bool
}

// Enabled implements topdown.QueryTracer.
func (w *watch) Enabled() bool { return !w.touched }

// Config implements topdown.QueryTracer.
func (*watch) Config() topdown.TraceConfig { return topdown.TraceConfig{} }

// TraceEvent implements topdown.QueryTracer.
func (w *watch) TraceEvent(e topdown.Event) {
	if rule, ok := e.Node.(*ast.Rule); ok && e.Op == topdown.ExitOp && len(rule.Head.Args) == 0 {
		w.exit(&e, rule)
	}
	expr, ok := e.Node.(*ast.Expr)
	if !ok || w.touched {
		return
	}
	if e.Op == topdown.FailOp || e.Op == topdown.RedoOp {
		w.touched = w.late(expr)
		return
	}
	if e.Op != topdown.EvalOp {
		return
	}
	switch terms := expr.Terms.(type) {
	case *ast.Term:
		w.touched = w.holds(&e, terms)
	case *ast.Every:
		w.touched = w.through(&e, terms.Domain)
	case []*ast.Term:
		w.touched = w.call(&e, expr, terms)
	}
}

// exit notes a rule whose value holds the stand-in. One whose value is the
// stand-in itself counts as a test: what is done with it cannot be followed.
func (w *watch) exit(e *topdown.Event, rule *ast.Rule) {
	for _, t := range []*ast.Term{rule.Head.Value, rule.Head.Key} {
		if t != nil && w.holds(e, t) {
			w.rules[rule.Ref().String()] = true
			w.touched = w.touched || w.is(e, t)
		}
	}
}

// late judges an expression that asks for a rule: the rule's value is known
// only when the expression has been evaluated. Where it gives a variable its
// value, that is no test.
func (w *watch) late(expr *ast.Expr) bool {
	for i := range expr.Operands() {
		if _, isVar := expr.Operand(i).Value.(ast.Var); isVar && expr.IsEquality() {
			return false
		}
	}
	found := false
	ast.WalkRefs(expr, func(ref ast.Ref) bool {
		found = found || ref[0].Equal(ast.DefaultRootDocument) && w.asks(ref)
		return found
	})
	return found
}

// asks reports whether a reference leads to a rule that holds the stand-in.
func (w *watch) asks(ref ast.Ref) bool {
	for n := len(ref); n > 1; n-- {
		if w.rules[ref[:n].String()] {
			return true
		}
	}
	return false
}

// call judges an equality or a call.
func (w *watch) call(e *topdown.Event, expr *ast.Expr, terms []*ast.Term) bool {
	operands := terms[1:]
	switch name := terms[0].Value.String(); {
	case expr.IsEquality() && (unbound(e, operands[0]) || unbound(e, operands[1])):
		// A variable gets its value: no test, unless it is looked up inside the
		// stand-in.
		return w.through(e, operands[0]) || w.through(e, operands[1])
	case name == ast.ObjectGet.Name:
		return w.get(e, operands)
	case isRule(terms[0]):
		for _, o := range operands {
			if w.is(e, o) || w.through(e, o) {
				return true
			}
		}
		return false
	}
	for _, o := range operands {
		if w.holds(e, o) {
			return true
		}
	}
	return false
}

// get is object.get: it moves what it finds, and fails inside the stand-in.
func (w *watch) get(e *topdown.Event, operands []*ast.Term) bool {
	object := w.value(e, operands[0])
	if object == nil {
		return w.through(e, operands[0])
	}
	path, ok := e.Plug(operands[1]).Value.(*ast.Array)
	if !ok {
		path = ast.NewArray(e.Plug(operands[1]))
	}
	for i := range path.Len() {
		if isStand(object) {
			return true
		}
		next := child(object, path.Elem(i))
		if next == nil {
			return false
		}
		object = next
	}
	return false
}

// isRule reports whether an operator is a function written in Rego; its body
// is watched by itself.
func isRule(operator *ast.Term) bool {
	ref, ok := operator.Value.(ast.Ref)
	return ok && len(ref) > 0 && ref[0].Equal(ast.DefaultRootDocument)
}

// unbound reports whether a term is a variable without a value yet.
func unbound(e *topdown.Event, t *ast.Term) bool {
	_, isVar := e.Plug(t).Value.(ast.Var)
	return isVar
}

func isStand(t *ast.Term) bool {
	s, ok := t.Value.(ast.String)
	return ok && string(s) == stand
}

// value resolves a term to the one value it stands for, nil if it has none or
// several.
func (w *watch) value(e *topdown.Event, t *ast.Term) *ast.Term {
	var out *ast.Term
	n := 0
	w.resolve(e, t, func(v *ast.Term, _ bool) { out = v; n++ })
	if n != 1 {
		return nil
	}
	return out
}

// is reports whether a term is the stand-in itself.
func (w *watch) is(e *topdown.Event, t *ast.Term) (found bool) {
	w.resolve(e, t, func(v *ast.Term, _ bool) { found = found || isStand(v) })
	return found
}

// through reports whether a reference leads into the stand-in.
func (w *watch) through(e *topdown.Event, t *ast.Term) (found bool) {
	w.resolve(e, t, func(_ *ast.Term, through bool) { found = found || through })
	return found
}

// holds reports whether a term has the stand-in anywhere in its value.
func (w *watch) holds(e *topdown.Event, t *ast.Term) (found bool) {
	w.resolve(e, t, func(v *ast.Term, through bool) { found = found || through || contains(v) })
	return found
}

func contains(t *ast.Term) (found bool) {
	switch v := t.Value.(type) {
	case ast.String:
		return string(v) == stand
	case *ast.Array:
		v.Foreach(func(e *ast.Term) { found = found || contains(e) })
	case ast.Object:
		v.Foreach(func(_, e *ast.Term) { found = found || contains(e) })
	case ast.Set:
		v.Foreach(func(e *ast.Term) { found = found || contains(e) })
	}
	return found
}

// resolve calls f with every value a term can stand for as things are; through
// says that the value is the stand-in with more path to go.
func (w *watch) resolve(e *topdown.Event, t *ast.Term, f func(v *ast.Term, through bool)) {
	t = e.Plug(t)
	ref, ok := t.Value.(ast.Ref)
	if !ok {
		if _, isVar := t.Value.(ast.Var); !isVar {
			f(t, false)
		}
		return
	}
	head := ref[0]
	if head.Equal(ast.InputRootDocument) {
		head = w.input
	}
	if _, isVar := head.Value.(ast.Var); isVar {
		return // data, or a variable without a value
	}
	follow(head, ref[1:], f)
}

func follow(v *ast.Term, path []*ast.Term, f func(v *ast.Term, through bool)) {
	if isStand(v) {
		f(v, len(path) > 0)
		return
	}
	if len(path) == 0 {
		f(v, false)
		return
	}
	if _, isVar := path[0].Value.(ast.Var); isVar {
		each(v, func(c *ast.Term) { follow(c, path[1:], f) })
		return
	}
	if c := child(v, path[0]); c != nil {
		follow(c, path[1:], f)
	}
}

func child(v, key *ast.Term) *ast.Term {
	switch v := v.Value.(type) {
	case ast.Object:
		return v.Get(key)
	case *ast.Array:
		return v.Get(key)
	case ast.Set:
		if v.Contains(key) {
			return key
		}
	}
	return nil
}

func each(v *ast.Term, f func(*ast.Term)) {
	switch v := v.Value.(type) {
	case ast.Object:
		v.Foreach(func(_, e *ast.Term) { f(e) })
	case *ast.Array:
		v.Foreach(f)
	case ast.Set:
		v.Foreach(f)
	}
}
