package schema

import (
	"maps"
	"slices"
	"strings"
)

// A Node describes the values at one place of a document.
type Node struct {
	// Kind is object, array, string, integer, boolean or any.
	Kind string
	Doc  string
	Enum []string
	// Closed says that a value outside of Enum cannot be.
	Closed bool
	// Keys are an object's known keys; Other describes the values of other keys,
	// nil if there are none.
	Keys  map[string]*Node
	Other *Node
	// Items describes an array's elements.
	Items *Node
	// Written marks what is as its author wrote it: documents may have anything
	// there, but a rule that asks for a key not in Keys asks in vain.
	Written bool
	// Shape names the definition that Keys were taken from, "" for none.
	Shape string
}

// object returns a node for an object with the given keys.
func object(keys map[string]*Node) *Node { return &Node{Kind: "object", Keys: keys} }

// A Builder makes nodes; shapes that repeat are made once.
type Builder struct {
	shapes map[string]map[string]string
	made   map[string]*Node
}

// NewBuilder returns an empty Builder.
func NewBuilder() *Builder { return &Builder{made: map[string]*Node{}} }

// Attr returns the node of a type's attr.
func (b *Builder) Attr(t *Type) *Node {
	n := object(map[string]*Node{})
	n.Doc = t.Doc
	b.attributes(n, t.Attributes)
	return n
}

// Merge returns a node for documents of any of some types: the keys of all.
func (b *Builder) Merge(nodes ...*Node) *Node {
	if len(nodes) == 1 {
		return nodes[0]
	}
	out := object(map[string]*Node{})
	for _, n := range nodes {
		out = merge(out, n, 0)
	}
	return out
}

// mergeDepth bounds how far two descriptions are compared key by key; API
// objects are deeper than any two types have in common.
const mergeDepth = 8

// merge describes what either of two nodes describes.
func merge(a, b *Node, depth int) *Node {
	switch {
	case a == b || b == nil:
		return a
	case a == nil:
		return b
	case a.Kind != b.Kind || depth > mergeDepth:
		return &Node{Kind: "any"}
	}
	out := &Node{Kind: a.Kind, Doc: a.Doc, Written: a.Written || b.Written}
	switch {
	case a.Kind == "object":
		out.join(a, b, depth)
	case a.Items != nil && b.Items != nil:
		out.Items = merge(a.Items, b.Items, depth+1)
	}
	return out
}

// join gives an object the keys of two others.
func (n *Node) join(a, b *Node, depth int) {
	if len(a.Keys)+len(b.Keys) == 0 || depth > 0 && (len(a.Keys) == 0 || len(b.Keys) == 0) {
		n.Other = &Node{Kind: "any"} // one of them has any key
		return
	}
	n.Keys = map[string]*Node{}
	for _, from := range []*Node{a, b} {
		for key, v := range from.Keys {
			n.Keys[key] = merge(n.Keys[key], v, depth+1)
		}
	}
	n.Other = merge(a.Other, b.Other, depth+1)
}

func (b *Builder) attributes(into *Node, list []Attribute) {
	for _, a := range list {
		at := into
		segments := strings.Split(a.Name, ".")
		for _, s := range segments[:len(segments)-1] {
			at = at.descend(s)
		}
		leaf := b.attribute(a)
		if last := segments[len(segments)-1]; last == "*" {
			at.Other = leaf
		} else {
			at.Keys[last] = leaf
		}
	}
}

// descend returns the object at a key, made if need be.
func (n *Node) descend(key string) *Node {
	if key == "*" {
		if n.Other == nil {
			n.Other = object(map[string]*Node{})
		}
		return n.Other
	}
	if n.Keys[key] == nil {
		n.Keys[key] = object(map[string]*Node{})
	}
	return n.Keys[key]
}

func (b *Builder) attribute(a Attribute) *Node {
	n := &Node{Kind: "any", Doc: a.Doc, Enum: a.Enum, Closed: a.Closed, Written: a.Written}
	switch a.Type {
	case "bool", "present":
		n.Kind = "boolean"
	case "int":
		n.Kind = "integer"
	case "string", "ref":
		n.Kind = "string"
	case "list", "set", "refs":
		n.Kind, n.Enum = "array", nil
		n.Items = &Node{Kind: "string", Enum: a.Enum, Closed: a.Closed, Written: a.Written}
	case "map":
		n.Kind = "object"
		n.Other = &Node{Kind: "string", Written: a.Written}
	case "policy":
		policy := *b.policy()
		policy.Doc = a.Doc
		return &policy
	case "objects":
		n.Kind = "array"
		n.Items = object(map[string]*Node{})
		n.Items.Written = a.Written
		if a.Shape != "" {
			maps.Copy(n.Items.Keys, b.shape(a.Shape).Keys)
		}
		b.attributes(n.Items, a.Items)
		return n
	}
	if a.Shape != "" {
		shaped := *b.field(a.Shape)
		shaped.Doc, shaped.Written = a.Doc, true
		return &shaped
	}
	return n
}

// policy describes an IAM policy document in the form readers give it.
func (b *Builder) policy() *Node {
	const name = "policy_document"
	if n := b.made[name]; n != nil {
		return n
	}
	text := func(doc string) *Node { return &Node{Kind: "string", Doc: doc} }
	texts := func(doc string) *Node { return &Node{Kind: "array", Doc: doc, Items: text("")} }
	principals := func(doc string) *Node {
		n := object(map[string]*Node{})
		n.Doc = doc
		for _, key := range []string{"aws", "canonicaluser", "federated", "service"} {
			n.Keys[key] = texts("")
		}
		n.Other = texts("")
		return n
	}
	statement := object(map[string]*Node{
		"sid": text("The statement's ID."), "effect": text("Allow or Deny."),
		"actions": texts("Actions as written."), "not_actions": texts("NotAction."),
		"resources": texts("Resources; unknown parts are holes: ${...}."), "not_resources": texts("NotResource."),
		"principals":     principals("Who is meant, by kind; * stands under aws."),
		"not_principals": principals("NotPrincipal."),
		"conditions": {Kind: "array", Items: object(map[string]*Node{
			"operator": text("StringEquals, ForAnyValue:StringLike, ..."), "key": text("The condition key."),
			"values": texts("The values."),
		})},
	})
	n := object(map[string]*Node{"statements": {Kind: "array", Items: statement}})
	n.Shape = name
	b.made[name] = n
	return n
}

// field returns the node for a shape, or for "[]" or "{}" and a shape.
func (b *Builder) field(shape string) *Node {
	if shape == "" {
		return &Node{Kind: "any", Written: true}
	}
	if rest, ok := strings.CutPrefix(shape, "[]"); ok {
		return &Node{Kind: "array", Items: b.field(rest), Written: true}
	}
	if rest, ok := strings.CutPrefix(shape, "{}"); ok {
		return &Node{Kind: "object", Other: b.field(rest), Written: true}
	}
	return b.shape(shape)
}

// shape returns the node of an object of the Kubernetes API. The values of its
// plain fields may be anything: documents have them as written.
func (b *Builder) shape(name string) *Node {
	if n := b.made[name]; n != nil {
		return n
	}
	if b.shapes == nil {
		b.shapes = readShapes()
	}
	n := object(map[string]*Node{})
	n.Shape, n.Written = name, true
	b.made[name] = n // before its fields: objects may hold themselves
	for key, field := range b.shapes[name] {
		n.Keys[key] = b.field(field)
	}
	return n
}

// Has reports whether a path can lead to something. Elements are keys, indices,
// or "*" for any of either; what comes after a place that may hold anything is
// not looked at. For a path that leads nowhere, it returns how many of its
// elements do lead somewhere, and the keys there are at that place.
func (n *Node) Has(path []any) (ok bool, depth int, keys []string) {
	for i, e := range path {
		key, isKey := e.(string)
		switch {
		case n.Kind == "any":
			return true, len(path), nil
		case n.Kind == "array" && (!isKey || key == "*") && n.Items != nil:
			n = n.Items
		case n.Kind == "object" && isKey && n.Keys[key] != nil:
			n = n.Keys[key]
		case n.Kind == "object" && isKey && n.Other != nil:
			n = n.Other
		case n.Kind == "object" && key == "*":
			return true, len(path), nil
		default:
			return false, i, sortedKeys(n.Keys)
		}
	}
	return true, len(path), nil
}

// Nearest returns the key that a misspelt one was probably meant to be, "" if
// none is near.
func Nearest(key string, keys []string) string {
	best, near := "", len(key)/3
	for _, k := range slices.Sorted(slices.Values(keys)) {
		if d := distance(key, k); d <= near && (best == "" || d < distance(key, best)) {
			best = k
		}
	}
	return best
}

// distance is how many letters must be put in, taken out or changed.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost = 1 + min(last, row[j], row[j+1])
			}
			last, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
