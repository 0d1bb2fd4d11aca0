package chart

import (
	"maps"
	"slices"
	"strings"
	"text/template/parse"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// valuesIn lists the values that a pipeline names ("a.b" for .Values.a.b), in
// the order of the text.
func (t *tracer) valuesIn(p *parse.PipeNode) []string {
	var out []string
	t.names(p, func(path []string) {
		if len(path) > 1 && path[0] == "Values" {
			out = append(out, strings.Join(path[1:], "."))
		}
	})
	return out
}

func (t *tracer) names(p *parse.PipeNode, f func([]string)) {
	if p == nil {
		return
	}
	for _, c := range p.Cmds {
		for _, a := range c.Args {
			if inner, ok := a.(*parse.PipeNode); ok {
				t.names(inner, f)
				continue
			}
			if path := t.path(a); path != nil {
				f(path)
			}
		}
	}
}

// path is what a node names, from the root of a template's values; nil if that
// cannot be told.
func (t *tracer) path(n parse.Node) []string {
	switch n := n.(type) {
	case *parse.DotNode:
		return t.dot
	case *parse.FieldNode:
		if t.dot != nil {
			return slices.Concat(t.dot, n.Ident)
		}
	case *parse.VariableNode:
		if n.Ident[0] == "$" {
			return slices.Concat([]string{}, n.Ident[1:])
		}
	case *parse.ChainNode:
		if inner, ok := n.Node.(*parse.PipeNode); ok {
			if base := t.field(inner); base != nil {
				return slices.Concat(base, n.Field)
			}
		}
	default:
	}
	return nil
}

// field is the path of a pipeline that does nothing but name one.
func (t *tracer) field(p *parse.PipeNode) []string {
	if p == nil || len(p.Cmds) != 1 || len(p.Cmds[0].Args) != 1 {
		return nil
	}
	if inner, ok := p.Cmds[0].Args[0].(*parse.PipeNode); ok {
		return t.field(inner)
	}
	return t.path(p.Cmds[0].Args[0])
}
