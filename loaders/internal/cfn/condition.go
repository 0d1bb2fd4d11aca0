package cfn

import (
	"maps"
	"slices"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// A tri is a truth that may not be decided yet.
type tri uint8

const (
	maybe tri = iota
	yes
	no
)

func truth(b bool) tri {
	if b {
		return yes
	}
	return no
}

func (a tri) not() tri {
	switch a {
	case yes:
		return no
	case no:
		return yes
	default:
		return maybe
	}
}

// A condition is an entry of the Conditions section.
type condition struct {
	entry   entry
	result  tri
	done    bool
	running bool
}

// An assumption is the set of conditions that hold in a branch of an undecided
// Fn::If, or in a resource that exists on a condition.
type assumption struct {
	facts map[string]bool
	memo  map[string]tri
}

func (t *tmpl) addCondition(e entry) {
	t.conditions[e.key] = &condition{entry: e}
}

// decide evaluates a named condition.
func (t *tmpl) decide(name string, at span, assumed *assumption) tri {
	c, ok := t.conditions[name]
	if !ok {
		if !t.macro {
			t.errorAt(at, "condition %q is not defined", name)
		}
		return maybe
	}
	if assumed != nil {
		if holds, ok := assumed.facts[name]; ok {
			return truth(holds)
		}
	}
	if c.done && (c.result != maybe || assumed == nil) {
		return c.result
	}
	if assumed != nil {
		if r, ok := assumed.memo[name]; ok {
			return r
		}
	}
	if c.running {
		t.errorAt(c.entry.keySpan, "condition %q depends on itself", name)
		return maybe
	}
	c.running = true
	f := c.entry.f
	f.assumed = assumed
	r := t.test(c.entry.node, f)
	c.running = false
	if r == maybe {
		r = t.session.consequence(t.assumptions(assumed), t.named(name))
	}
	switch {
	case assumed != nil:
		assumed.memo[name] = r
	default:
		c.result, c.done = r, true
	}
	return r
}

// assumptions are the formulas that hold under an assumption.
func (t *tmpl) assumptions(assumed *assumption) []*formula {
	out := slices.Clone(t.session.constraints)
	if assumed == nil {
		return out
	}
	for _, name := range sortedKeys(assumed.facts) {
		f := t.named(name)
		if !assumed.facts[name] {
			f = compose(negation, f)
		}
		out = append(out, f)
	}
	return out
}

// test evaluates a condition expression.
func (t *tmpl) test(n *yamlnode.Node, f frame) tri {
	n = n.Target()
	if f.depth++; f.depth > maxDepth {
		t.errorAt(f.span(n), "conditions nest more than %d levels deep", maxDepth)
		return maybe
	}
	name, arg := conditionFunction(n)
	c := call{name: name, arg: arg, f: f, span: f.span(n)}
	switch name {
	case "Condition":
		target, ok := t.name(arg, f)
		if !ok {
			t.misused(c, "the name of a condition")
			return maybe
		}
		return t.decide(target, c.span, f.assumed)
	case "Fn::And", "Fn::Or":
		return t.testAll(c, name == "Fn::Or")
	case "Fn::Not":
		args, ok := c.arguments(1, 1)
		if !ok {
			t.misused(c, "a list of one condition")
			return maybe
		}
		return t.test(args[0], f).not()
	case "Fn::Equals":
		args, ok := c.arguments(2, 2)
		if !ok {
			t.misused(c, "a list of two values")
			return maybe
		}
		return equal(t.eval(args[0], f), t.eval(args[1], f))
	default:
		return t.testValue(n, f)
	}
}

// testValue takes a value for a condition: a literal, or what a function of
// another kind returns.
func (t *tmpl) testValue(n *yamlnode.Node, f frame) tri {
	v := t.eval(n, f)
	if v.kind == unknown {
		return maybe
	}
	switch s, _ := v.text(); s {
	case "true":
		return yes
	case "false":
		return no
	default:
		t.errorAt(f.span(n), "a condition must be Fn::And, Fn::Or, Fn::Not, Fn::Equals or Condition")
		return maybe
	}
}

// conditionFunction returns the function a condition is made of. Here, unlike
// elsewhere, an object with the key Condition is one.
func conditionFunction(n *yamlnode.Node) (name string, arg *yamlnode.Node) {
	if name, ok := tagFunction(n.Tag); ok {
		bare := *n
		bare.Tag = ""
		return name, &bare
	}
	if n.Kind == yamlnode.Mapping && len(n.Keys) == 1 {
		return n.Keys[0].Target().Text, n.Values[0]
	}
	return "", n
}

// testAll evaluates Fn::Or, or Fn::And, which is the same with the signs
// changed.
func (t *tmpl) testAll(c call, or bool) tri {
	args, ok := c.arguments(1, 1000)
	if !ok {
		t.misused(c, "a list of conditions")
		return maybe
	}
	result := truth(!or)
	for _, arg := range args {
		switch r := t.test(arg, c.f); r {
		case truth(or):
			return r
		case maybe:
			result = maybe
		case yes, no:
		}
	}
	return result
}

// equal compares as Fn::Equals does: scalars by their text.
func equal(a, b *value) tri {
	switch {
	case a.kind == known && b.kind == known:
		return truth(scalarText(a.scalar) == scalarText(b.scalar))
	case a.kind == unknown || b.kind == unknown:
		return equalUnknown(a, b)
	case a.kind != b.kind:
		return no
	case a.partial != "" || b.partial != "" || a.kind == list && (!fixedLength(a) || !fixedLength(b)):
		return maybe
	case len(a.items) != len(b.items), len(a.fields) != len(b.fields):
		return no
	}
	result := yes
	for i := range a.items {
		result = result.and(equal(a.items[i], b.items[i]))
	}
	find := b.lookup()
	for _, f := range a.fields {
		other, ok := find(f.key)
		if !ok {
			return no
		}
		result = result.and(equal(f.value, other))
	}
	return result
}

// and is no when either is, and yes when both are.
func (a tri) and(b tri) tri {
	switch {
	case a == no || b == no:
		return no
	case a == maybe || b == maybe:
		return maybe
	default:
		return yes
	}
}

func equalUnknown(a, b *value) tri {
	switch {
	case a.optional || b.optional:
		return maybe
	case a.kind == unknown && b.kind == unknown:
		if a.shape == b.shape && template(a.parts) == template(b.parts) && !hasUnique(a.parts) {
			return yes
		}
		return maybe
	case a.kind == known:
		a, b = b, a
	}
	if b.kind == known && a.readsAsText() && !couldBe(a.parts, scalarText(b.scalar)) {
		return no
	}
	return maybe
}

// hasUnique reports whether a text has a hole that is equal to nothing.
func hasUnique(parts []part) bool {
	return slices.ContainsFunc(parts, func(p part) bool { return p.hole != nil && p.hole.unique })
}

// readsAsText reports whether the parts of an unknown are what its text will
// be.
func (v *value) readsAsText() bool {
	first := v.parts[0].hole
	return v.shape == textShape && !opaque(v.parts) || first != nil && first.allowed != nil
}

// suppose returns the assumptions of f with one more.
func (t *tmpl) suppose(f frame, name string, holds bool) frame {
	key := supposition{f.assumed, name, holds}
	if known, ok := t.supposed[key]; ok {
		f.assumed = known
		return f
	}
	next := &assumption{facts: map[string]bool{}, memo: map[string]tri{}}
	if f.assumed != nil {
		maps.Copy(next.facts, f.assumed.facts)
	}
	t.conclude(next.facts, name, holds, 0)
	t.supposed[key] = next
	f.assumed = next
	return f
}

// A supposition is what an assumption was made from.
type supposition struct {
	from  *assumption
	name  string
	holds bool
}

// conclude adds what follows from a condition: both sides of Fn::And hold when
// it does, and the inside of Fn::Not does not.
func (t *tmpl) conclude(facts map[string]bool, name string, holds bool, depth int) {
	if _, ok := facts[name]; ok || depth > maxDepth {
		return
	}
	facts[name] = holds
	if c, ok := t.conditions[name]; ok {
		t.concludeFrom(facts, c.entry.node, holds, depth+1)
	}
}

func (t *tmpl) concludeFrom(facts map[string]bool, n *yamlnode.Node, holds bool, depth int) {
	if depth > maxDepth {
		return
	}
	name, arg := conditionFunction(n.Target())
	if arg = arg.Target(); name == "Condition" && arg.Kind == yamlnode.Scalar {
		t.conclude(facts, arg.Text, holds, depth+1)
		return
	}
	switch {
	case name == "Fn::Not" && len(arg.Items) == 1:
		t.concludeFrom(facts, arg.Items[0], !holds, depth+1)
	case name == "Fn::And" && holds, name == "Fn::Or" && !holds:
		for _, item := range arg.Items {
			t.concludeFrom(facts, item, holds, depth+1)
		}
	}
}

// ifElse evaluates Fn::If: [condition, value if true, value if false].
func (t *tmpl) ifElse(c call) *value {
	args, ok := c.arguments(3, 3)
	if !ok {
		return t.misused(c, "a condition and two values")
	}
	head := args[0].Target()
	name, named := "", head.Kind == yamlnode.Scalar && head.Tag == ""
	var result tri
	if named {
		name = c.f.vars.substituteKey(head.Text)
		result = t.decide(name, c.f.span(head), c.f.assumed)
	} else {
		result = t.test(head, c.f)
	}
	switch result {
	case yes:
		return t.branch(args[1], c.f, c.span)
	case no:
		return t.branch(args[2], c.f, c.span)
	default:
	}
	whenTrue, whenFalse := c.f, c.f
	if named {
		whenTrue, whenFalse = t.suppose(c.f, name, true), t.suppose(c.f, name, false)
	} else {
		name = "condition"
	}
	a, b := t.branch(args[1], whenTrue, c.span), t.branch(args[2], whenFalse, c.span)
	return merge("Fn::If."+holeName(name), document.UndecidedCondition, a, b, c.span)
}

// branch evaluates a branch of Fn::If: its root has the range of the function,
// what is inside keeps its own.
func (t *tmpl) branch(n *yamlnode.Node, f frame, at span) *value {
	return t.eval(n, f).at(at)
}

// conditionValue is a condition where a value is expected, as in a loop's
// conditions or in Fn::Equals.
func (t *tmpl) conditionValue(c call) *value {
	n := &yamlnode.Node{
		Kind: yamlnode.Mapping, Start: c.span.start, End: c.span.end,
		Keys:   []*yamlnode.Node{{Kind: yamlnode.Scalar, Text: c.name, Start: c.span.start, End: c.span.end}},
		Values: []*yamlnode.Node{c.arg},
	}
	switch t.test(n, c.f) {
	case yes:
		return scalarValue(true, c.span)
	case no:
		return scalarValue(false, c.span)
	default:
		h := &hole{name: "Fn::Condition", root: "Fn::Condition", reason: document.UndecidedCondition, unique: true}
		return holeValue(h, textShape, c.span)
	}
}
