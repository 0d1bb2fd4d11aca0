package policy

import (
	"fmt"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/schema"
)

// pathMistakes compares the paths under needs and reads of a rule's METADATA with
// the types it judges. Paths of rules that also judge kinds without a canonical
// type are raw paths there, and nothing is known of those.
func pathMistakes(r *Rule) []Mistake {
	var out []Mistake
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
	for i, paths := range [][]document.Path{r.NeedsPaths, r.ReadsPaths} {
		for _, path := range paths {
			if bad, keys := missing(nodes, path); bad != "" {
				key := []string{"needs", "reads"}[i]
				out = append(out, Mistake{
					Rule: r.ID, File: r.source.name + r.file, Line: 1,
					Message: fmt.Sprintf("%s: %s: there is no %s%s", key, path, bad, hint(bad, keys)),
				})
			}
		}
	}
	return out
}

// missing returns the first part of a path that no node has, "" if some node
// has all of it.
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
