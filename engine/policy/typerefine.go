package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/loaders/schema"
)

// A refiner changes the terms of one module.
type refiner struct {
	*checker
	names names
	file  string
	input string
}

// term replaces calls that hand out documents, and the head of every reference
// to input.
func (r *refiner) term(t *ast.Term) bool {
	for range 8 { // a helper that hands its argument through may stand in another
		call, ok := t.Value.(ast.Call)
		if !ok {
			break
		}
		r.asks(call, t.Location)
		r.answers(call, t.Location)
		if arg := r.functions.through(r.names, call); arg != nil {
			t.Value = arg.Value
			continue
		}
		if ref := r.handed(call, t.Location); ref != nil {
			t.Value = ref
		}
		break
	}
	ref, ok := t.Value.(ast.Ref)
	if !ok {
		return false
	}
	if call, isCall := ref[0].Value.(ast.Call); isCall {
		if handed := r.handed(call, ref[0].Location); handed != nil {
			t.Value = slices.Concat(handed, ref[1:])
		}
		return false
	}
	r.states(ref)
	if ref[0].Equal(ast.InputRootDocument) && !r.ours(ref) {
		r.attributes(ref)
		t.Value = slices.Concat(ast.Ref{ref[0], ast.StringTerm(r.input)}, ref[1:])
		return false
	}
	r.attributes(ref)
	return false
}

// ours reports whether a reference was made here, and has its final form.
func (r *refiner) ours(ref ast.Ref) bool {
	if len(ref) < 2 {
		return false
	}
	key, _ := ref[1].Value.(ast.String)
	return key == "documents" || key == "linked" || key == "lib" || strings.HasPrefix(string(key), "rule")
}

// handed returns what stands for a call of the helpers that hand out documents:
// an array of documents of the type. Of a call that names something that is not
// there it makes a mistake.
func (r *refiner) handed(call ast.Call, at *ast.Location) ast.Ref {
	name, isHelper := strings.CutPrefix(r.names.call(call), libPrefix+"stack.")
	if !isHelper || len(call) < 2 {
		return nil
	}
	key, ok := constant(call[1])
	if !ok {
		return nil
	}
	switch name {
	case "documents":
		if r.attr(key) != nil {
			return r.from("documents", r.documents, key, key, at)
		}
		r.mistaken(at, noSuch("type of documents", key, schema.Types()))
	case "linked", "backlinked":
		target, known := targets()[key]
		if known && target != "" && name == "linked" {
			return r.from("linked", r.linked, key, target, at)
		}
		if !known {
			r.mistaken(at, noSuch("relation", key, relations()))
		}
	case "fact":
		if !slices.Contains(facts(), key) {
			r.mistaken(at, noSuch("fact", key, facts()))
		}
	}
	return nil
}

// from makes the reference input.<place>.<key> an array of documents of a type.
func (r *refiner) from(place string, into map[string]any, key, typ string, at *ast.Location) ast.Ref {
	if into[key] == nil {
		into[key] = map[string]any{"type": "array", "items": r.document(r.attr(typ))}
	}
	ref := ast.Ref{ast.NewTerm(ast.InputRootDocument.Value), ast.StringTerm(place), ast.StringTerm(key)}
	for i := range ref {
		ref[i].Location = at
	}
	return ref
}

func (c *checker) mistaken(at *ast.Location, message string) {
	if at != nil {
		c.mistakes = append(c.mistakes, Mistake{File: at.File, Line: at.Row, Message: message})
	}
}

// attributes checks a reference to the attributes of a document that OPA cannot
// know the type of, such as a parameter of a function: some type must have them.
func (c *checker) attributes(ref ast.Ref) {
	for i := 1; i < len(ref); i++ {
		if key, _ := ref[i].Value.(ast.String); key != "attr" {
			continue
		}
		c.among(ref[:i+1], ref[i+1:])
		return
	}
}

func (c *checker) among(head, rest ast.Ref) {
	path := make([]any, 0, len(rest))
	for _, t := range rest {
		if key, ok := t.Value.(ast.String); ok {
			path = append(path, string(key))
		} else {
			path = append(path, "*")
		}
	}
	if ok, depth, keys := c.everything().Has(path); !ok && len(keys) > 0 {
		key, _ := path[depth].(string)
		where := append(slices.Clone(head), rest[:depth]...)
		if at := head[0].Location; at != nil {
			c.guesses = append(c.guesses, Mistake{File: at.File, Line: at.Row, Message: fmt.Sprintf(
				"%s: documents of no type have %s there%s", append(where, rest[depth]), key, hint(key, keys))})
		}
	}
}
