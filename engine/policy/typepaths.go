package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/schema"
)

// pathMistakes compares the paths under needs and reads of a rule's METADATA
// with the types it judges.
func pathMistakes(r *Rule, text string) []Mistake {
	nodes := judgedNodes(r)
	var out []Mistake
	for i, paths := range [][]document.Path{r.NeedsPaths, r.ReadsPaths} {
		for _, path := range paths {
			if bad, keys := missing(nodes, path); bad != "" {
				key := []string{"needs", "reads"}[i]
				out = append(out, Mistake{
					Rule: r.ID, File: r.source.name + r.file, Line: commentOf(text, path.String()),
					Message: fmt.Sprintf("%s: %s: there is no %s%s", key, path, bad, hint(bad, keys)),
				})
			}
		}
	}
	return out
}

// commentOf returns the number of the comment line that names a path, 1 if none
// does.
func commentOf(text, path string) int {
	n := 0
	for line := range strings.Lines(text) {
		n++
		if strings.HasPrefix(line, "#") && strings.Contains(line, path) {
			return n
		}
	}
	return 1
}

// judgedNodes describes attr of the documents a rule judges, type by type; nil
// where some have no canonical type: paths are raw paths there, of which
// nothing is known.
func judgedNodes(r *Rule) []*schema.Node {
	b := schema.NewBuilder()
	var nodes []*schema.Node
	for _, on := range r.On {
		if on == "*" {
			return nil
		}
		typ := on
		if schema.Lookup(on) == nil {
			typ = schema.TypeOf(on)
		}
		if typ == "" {
			return nil
		}
		nodes = append(nodes, b.Attr(schema.Lookup(typ)))
	}
	return nodes
}

// missing returns the first part of a path that no node has, "" if some node
// has all of it or there is none.
func missing(nodes []*schema.Node, path document.Path) (part string, keys []string) {
	deepest := -1
	elements := make([]any, len(path))
	for i, e := range path {
		elements[i] = e
		if e == any(document.Wildcard) {
			elements[i] = "*"
		}
	}
	for _, n := range nodes {
		ok, depth, there := n.Has(elements)
		if ok {
			return "", nil
		}
		if depth > deepest {
			deepest, part, keys = depth, fmt.Sprint(path[depth]), there
		}
	}
	return part, keys
}

// states checks a reference to what is known of a path of a document:
// input.unknown["endpoint.public_access"].
func (r *refiner) states(ref ast.Ref) {
	const length = 3
	if len(ref) < length {
		return
	}
	if kind, ok := constant(ref[1]); !ok || kind != "unknown" && kind != "partial" && kind != "defaulted" {
		return
	}
	if path, ok := constant(ref[2]); ok {
		r.path(ref[:1], path, ref[0].Location)
	}
}

// asks checks the paths that the helpers of data.plimsoll.lib.known are asked
// about.
func (r *refiner) asks(call ast.Call, at *ast.Location) {
	name, ok := strings.CutPrefix(r.names.call(call), libPrefix+"known.")
	if !ok || !slices.Contains([]string{"reason", "left_out", "has_unknown_elements"}, name) {
		return
	}
	head, isRef := call[1].Value.(ast.Ref)
	if !isRef {
		head = ast.Ref{call[1]}
	}
	if path, ok := constant(call[len(call)-1]); ok {
		r.path(head, path, at)
	}
}

// path checks a written-out path of the document that head begins with: of the
// document under judgement, or of any.
func (r *refiner) path(head ast.Ref, text string, at *ast.Location) {
	path, err := document.ParsePath(text)
	if err != nil || len(path) == 0 || at == nil {
		return
	}
	rule := r.rules[r.file]
	if rule == nil {
		return // helpers are for documents of any kind
	}
	nodes := judgedNodes(rule)
	if nodes == nil {
		return
	}
	if rule.Scope == finding.Stack || !head[0].Equal(ast.InputRootDocument) {
		nodes = []*schema.Node{r.everything()}
	}
	if bad, keys := missing(nodes, path); bad != "" {
		r.mistaken(at, fmt.Sprintf("path %s: there is no %s%s", path, bad, hint(bad, keys)))
	}
}
