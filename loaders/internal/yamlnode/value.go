package yamlnode

import (
	"fmt"
	"math"
	"slices"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// Value turns a document into the plain value its reader sees, with the ranges
// of all of it. Aliases and merge keys are expanded. A repeated key is a
// Warning, and the last one counts; what the reader would refuse is an Error,
// and value and tree are nil. A nil root is the value nil.
func (d Dialect) Value(root *Node, src *document.Source) (value any, tree *document.Tree, diags []document.Diagnostic) {
	c := converter{dialect: d, src: src, root: root, tree: document.NewTree(src), budget: math.MaxInt}
	if root != nil {
		c.tree.Grow(int(root.count))
		value = c.value(root, -1, "", nil)
	}
	if c.failed {
		return nil, nil, c.diags
	}
	return value, c.tree, c.diags
}

const errTooMany = "aliases expand to far more values than the text holds"

// A converter makes one value.
type converter struct {
	dialect Dialect
	src     *document.Source
	root    *Node
	tree    *document.Tree
	diags   []document.Diagnostic
	failed  bool

	// Aliases repeat what they stand for: nine lines can spell a billion
	// values. budget is how many values may still be made; it is set when the
	// first alias is met.
	budget int
	depth  int
	open   map[*Node]bool // anchored nodes that are being expanded
	told   map[*Node]bool // repeated keys that have been reported
}

func (c *converter) fail(n *Node, format string, args ...any) {
	if !c.failed {
		c.failed = true
		c.note(document.Error, n, format, args...)
	}
}

func (c *converter) note(level document.Level, n *Node, format string, args ...any) {
	c.diags = append(c.diags, document.Diagnostic{
		Range: n.Range(c.src), Level: level, Message: fmt.Sprintf(format, args...),
	})
}

// value converts n, which stands below parent of the tree under a key (nil
// key: in a list, or at the root).
func (c *converter) value(n *Node, parent int, name string, key *Node) any {
	if c.failed {
		return nil
	}
	if n.Alias != nil {
		return c.alias(n, parent, name, key)
	}
	if c.budget--; c.budget < 0 {
		c.fail(n, "%s", errTooMany)
		return nil
	}
	keyStart, keyEnd := -1, -1
	if key != nil {
		keyStart, keyEnd = key.Start, key.End
	}
	at := c.tree.Add(parent, name, keyStart, keyEnd, n.Start, n.End)
	if n.Kind == Scalar {
		return c.scalar(n)
	}
	if c.depth++; c.depth > maxDepth {
		c.fail(n, "values nest deeper than %d levels", maxDepth)
	}
	defer func() { c.depth-- }()
	if n.Kind == Sequence {
		out := make([]any, 0, len(n.Items))
		for _, item := range n.Items {
			out = append(out, c.value(item, at, "", nil))
		}
		return out
	}
	m := make(map[string]any, len(n.Keys))
	c.fill(m, n, at)
	return m
}

func (c *converter) scalar(n *Node) any {
	v, err := c.dialect.Scalar(n)
	if err != nil {
		c.fail(n, "%s", err)
		return nil
	}
	if f, ok := v.(float64); ok && (math.IsInf(f, 0) || math.IsNaN(f)) {
		c.fail(n, "%s is a number that JSON does not have: put quotes around it if a string is meant", n.Text)
		return nil
	}
	return v
}

func (c *converter) alias(n *Node, parent int, name string, key *Node) any {
	target := n.Alias
	if !c.enter(n) {
		return nil
	}
	v := c.value(target, parent, name, key)
	delete(c.open, target)
	return v
}

// enter begins the expansion of an alias; false if it must not be expanded.
func (c *converter) enter(n *Node) bool {
	if c.open == nil {
		c.open = map[*Node]bool{}
		c.budget = 10*size(c.root) + 100_000
	}
	if c.open[n.Alias] {
		c.fail(n, "the value of anchor %q contains itself", n.Alias.Anchor)
		return false
	}
	c.open[n.Alias] = true
	return true
}

// size counts the nodes below n as written.
func size(n *Node) int {
	total := 1
	for _, list := range [...][]*Node{n.Keys, n.Values, n.Items} {
		for _, child := range list {
			total += size(child)
		}
	}
	return total
}

// fill puts the entries of mapping n into m. To kubectl (go-yaml v2) a merge
// key counts where it stands, so that it overrides keys before it; the
// definition (yaml.org/type/merge) and other readers let written keys win.
func (c *converter) fill(m map[string]any, n *Node, at int) {
	inPlace := c.dialect == Kubernetes
	if !inPlace {
		for i, key := range n.Keys {
			if key.isMerge() {
				c.merge(m, n.Values[i], at)
			}
		}
	}
	var seen map[string]*Node
	for i, key := range n.Keys {
		if key.isMerge() {
			if inPlace {
				c.merge(m, n.Values[i], at)
			}
			continue
		}
		name, ok := c.key(key)
		if !ok {
			return
		}
		if _, repeated := m[name]; repeated || seen != nil {
			if seen == nil {
				seen = c.names(n.Keys[:i])
			}
			if first := seen[name]; first != nil {
				c.repeated(name, first, key)
			}
			seen[name] = key
		}
		m[name] = c.value(n.Values[i], at, name, key)
	}
}

// repeated reports a key that is written twice, once however often an alias
// brings it in.
func (c *converter) repeated(name string, first, second *Node) {
	if c.told == nil {
		c.told = map[*Node]bool{}
	}
	if !c.told[second] {
		c.told[second] = true
		c.note(document.Warning, second, "key %q is repeated: the value on line %d replaces the one on line %d",
			shorten(name), c.src.Position(second.Start).Line, c.src.Position(first.Start).Line)
	}
}

// names lists written keys that have been converted before.
func (c *converter) names(keys []*Node) map[string]*Node {
	out := make(map[string]*Node, 2*len(keys))
	for _, key := range keys {
		if !key.isMerge() {
			if name, ok := c.key(key); ok {
				out[name] = key
			}
		}
	}
	return out
}

// key returns the string that a key node becomes.
func (c *converter) key(n *Node) (string, bool) {
	target := n.Target()
	if target.Kind != Scalar {
		c.fail(n, "a mapping key must be a scalar: put quotes around it if it begins with { or [")
		return "", false
	}
	if c.dialect != Kubernetes {
		return target.Text, true
	}
	v, err := c.dialect.Scalar(target)
	if err != nil {
		c.fail(n, "%s", err)
		return "", false
	}
	name, ok := keyText(v)
	if f, isFloat := v.(float64); isFloat && f >= math.MaxInt64 && digits([]byte(target.Text)) == len(target.Text) {
		ok = false // a uint64 to go-yaml, which sigs.k8s.io/yaml refuses
	}
	if !ok {
		c.fail(n, "%q cannot be a mapping key: put quotes around it", target.Text)
	}
	return name, ok
}

// merge puts the entries that the value of a merge key brings into m.
func (c *converter) merge(m map[string]any, n *Node, at int) {
	if c.budget--; c.budget < 0 {
		c.fail(n, "%s", errTooMany)
	}
	if c.failed {
		return
	}
	target := n.Target()
	if n.Alias == nil && n.Kind == Sequence {
		for _, v := range slices.Backward(n.Items) { // earlier elements take precedence
			if v.Target().Kind != Mapping {
				c.fail(v, "a merge key (<<) takes a mapping or a list of mappings")
				return
			}
			c.merge(m, v, at)
		}
		return
	}
	if target.Kind != Mapping {
		c.fail(n, "a merge key (<<) takes a mapping or a list of mappings")
		return
	}
	if n.Alias != nil {
		if !c.enter(n) {
			return
		}
		defer delete(c.open, n.Alias)
	}
	if c.depth++; c.depth > maxDepth {
		c.fail(n, "values nest deeper than %d levels", maxDepth)
	}
	c.fill(m, target, at)
	c.depth--
}
