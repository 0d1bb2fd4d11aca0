package policy

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// names resolves what a module calls functions to their full names, without
// the leading data.
type names struct {
	pkg     string
	imports map[string]string
}

func namesOf(m *ast.Module) names {
	n := names{pkg: strings.TrimPrefix(m.Package.Path.String(), "data."), imports: map[string]string{}}
	for _, imp := range m.Imports {
		n.imports[string(imp.Name())] = strings.TrimPrefix(imp.Path.String(), "data.")
	}
	return n
}

// call returns the full name of the function that is called.
func (n names) call(call ast.Call) string {
	ref, ok := call[0].Value.(ast.Ref)
	if !ok || len(ref) == 0 {
		return ""
	}
	full := strings.TrimPrefix(ref.String(), "data.")
	head, isVar := ref[0].Value.(ast.Var)
	if !isVar {
		return full
	}
	if path, imported := n.imports[string(head)]; imported {
		return path + strings.TrimPrefix(full, string(head))
	}
	if len(ref) == 1 {
		return n.pkg + "." + full
	}
	return full
}

// functions holds, by full name, which helpers hand their argument through as
// it is: list(value) := value if is_array(value).
type functions map[string]bool

func (f functions) collect(m *ast.Module) {
	n := namesOf(m)
	for _, rule := range m.Rules {
		if len(rule.Head.Args) == 0 {
			continue
		}
		name := n.pkg + "." + rule.Head.Name.String()
		through, seen := f[name]
		f[name] = (through || !seen) && handsThrough(rule)
	}
}

func handsThrough(rule *ast.Rule) bool {
	if len(rule.Head.Args) != 1 || rule.Else != nil || rule.Head.Value == nil {
		return false
	}
	arg, isVar := rule.Head.Args[0].Value.(ast.Var)
	if value, ok := rule.Head.Value.Value.(ast.Var); ok && isVar {
		return value == arg
	}
	return !isVar && ast.IsScalar(rule.Head.Value.Value)
}

// through returns the argument that a call hands through, nil if it does more.
func (f functions) through(n names, call ast.Call) *ast.Term {
	if len(call) == 2 && f[n.call(call)] {
		return call[1]
	}
	return nil
}

// bodies adds to every body of a rule what its calls of object.get ask for, as
// references that the type checker sees.
func (r *refiner) bodies(rule *ast.Rule) {
	asked := append(r.asked(rule.Head.Value), r.asked(rule.Head.Key)...)
	// Closures in the body are walked before it grows.
	ast.WalkClosures(rule.Head, r.closure)
	ast.WalkClosures(rule.Body, r.closure)
	rule.Body = r.grown(rule.Body, asked)
}

func (r *refiner) closure(x any) bool {
	switch x := x.(type) {
	case *ast.ArrayComprehension:
		x.Body = r.grown(x.Body, r.asked(x.Term))
	case *ast.SetComprehension:
		x.Body = r.grown(x.Body, r.asked(x.Term))
	case *ast.ObjectComprehension:
		x.Body = r.grown(x.Body, append(r.asked(x.Key), r.asked(x.Value)...))
	case *ast.Every:
		x.Body = r.grown(x.Body, nil)
	}
	return false
}

// grown returns a body with a reference for everything that is asked for in it.
func (r *refiner) grown(body ast.Body, asked []*ast.Term) ast.Body {
	for _, expr := range body {
		if len(expr.With) == 0 {
			asked = append(asked, r.asked(expr)...)
		}
	}
	for _, t := range asked {
		expr := ast.NewExpr(t)
		expr.Location = t.Location
		body.Append(expr)
	}
	return body
}

// asked lists what the calls of object.get below x ask for, closures left out:
// they have bodies of their own.
func (r *refiner) asked(x any) []*ast.Term {
	var out []*ast.Term
	if t, ok := x.(*ast.Term); x == nil || ok && t == nil {
		return nil
	}
	ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension, *ast.Every, *ast.Not:
			return true
		case *ast.Expr:
			if terms, ok := x.Terms.([]*ast.Term); ok && len(terms) > 0 {
				out = append(out, r.got(terms, x.Location)...)
			}
		case *ast.Term:
			if call, ok := x.Value.(ast.Call); ok {
				out = append(out, r.got(call, x.Location)...)
			}
		}
		return false
	}).Walk(x)
	return out
}

// got turns object.get(x, "a", ...) into x.a, nothing if it is another call or
// the key is not written out.
func (r *refiner) got(call []*ast.Term, at *ast.Location) []*ast.Term {
	ref := r.gotten(call)
	if ref == nil {
		return nil
	}
	t := ast.NewTerm(ref)
	t.Location = at
	return []*ast.Term{t}
}

func (r *refiner) gotten(call []*ast.Term) ast.Ref {
	if len(call) < 4 || call[0].Value.String() != "object.get" {
		return nil
	}
	head := r.reference(call[1])
	if head == nil {
		return nil
	}
	keys := []*ast.Term{call[2]}
	if list, ok := call[2].Value.(*ast.Array); ok {
		keys = keys[:0]
		list.Foreach(func(t *ast.Term) { keys = append(keys, t) })
	}
	for _, key := range keys {
		if _, ok := key.Value.(ast.String); !ok {
			return nil
		}
		head = append(head, key.Copy())
	}
	return head
}

// reference writes what is looked into as a reference, nil if it is none.
func (r *refiner) reference(t *ast.Term) ast.Ref {
	switch v := t.Value.(type) {
	case ast.Ref:
		return v.Copy()
	case ast.Var:
		return ast.Ref{t.Copy()}
	case ast.Call:
		if arg := r.functions.through(r.names, v); arg != nil {
			return r.reference(arg)
		}
		return r.gotten(v)
	}
	return nil
}
