package cfn

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

const (
	// maxDepth bounds nesting; the service refuses far less.
	maxDepth = 400
	// minValues is how many values the smallest template may give. Aliases and
	// loops can ask for more than any machine has.
	minValues = 200_000
)

// A frame is what an evaluation takes from around it.
type frame struct {
	// vars are the identifiers of the Fn::ForEach loops around, innermost first.
	vars *binding
	// fixed is the span of everything evaluated, for included files.
	fixed *span
	// files are the included files around, innermost first.
	files *included
	// assumed are the conditions that hold here.
	assumed *assumption
	depth   int
}

type binding struct {
	name  string
	value *value
	outer *binding
}

func (b *binding) lookup(name string) (*value, bool) {
	for ; b != nil; b = b.outer {
		if b.name == name {
			return b.value, true
		}
	}
	return nil, false
}

func (f frame) span(n *yamlnode.Node) span {
	if f.fixed != nil {
		return *f.fixed
	}
	return span{n.Start, n.End}
}

// A call is one use of an intrinsic function.
type call struct {
	name string
	arg  *yamlnode.Node
	f    frame
	span span
}

// eval evaluates a node.
func (t *tmpl) eval(n *yamlnode.Node, f frame) *value {
	n = n.Target()
	at := f.span(n)
	f.depth++
	if f.depth > maxDepth {
		t.errorAt(at, "nested more than %d levels deep; the value is not read", maxDepth)
		return failed(at)
	}
	if t.budget--; t.budget < 0 {
		if t.budget == -1 {
			t.errorAt(at, "aliases and loops make more of the template than can be read; the rest is left out")
		}
		return failed(at)
	}
	if name, ok := tagFunction(n.Tag); ok {
		bare := *n
		bare.Tag = ""
		return t.call(call{name: name, arg: &bare, f: f, span: at})
	}
	switch n.Kind {
	case yamlnode.Mapping:
		if name, arg, ok := longFunction(n); ok {
			return t.call(call{name: name, arg: arg, f: f, span: at})
		}
		return t.evalMapping(n, f, at)
	case yamlnode.Sequence:
		return t.evalSequence(n, f, at)
	default:
		return t.evalScalar(n, f, at)
	}
}

// tagFunction returns the function of a short form: "!Sub" is Fn::Sub.
func tagFunction(tag string) (string, bool) {
	if len(tag) < 2 || tag[0] != '!' || tag[1] == '!' {
		return "", false
	}
	switch name := tag[1:]; name {
	case "Ref", "Condition":
		return name, true
	default:
		return "Fn::" + strings.TrimPrefix(name, "Fn::"), true
	}
}

// longFunction returns the function of an object with one key. "Condition" is
// not among them: outside conditions it is the key of a policy statement.
func longFunction(n *yamlnode.Node) (name string, arg *yamlnode.Node, ok bool) {
	if len(n.Keys) != 1 {
		return "", nil, false
	}
	key := n.Keys[0].Target().Text
	if strings.HasPrefix(key, "Rain::") {
		return "Fn::" + key, n.Values[0], true
	}
	if key != "Ref" && !strings.HasPrefix(key, "Fn::") || strings.HasPrefix(key, forEachPrefix) {
		return "", nil, false
	}
	return key, n.Values[0], true
}

func (t *tmpl) evalScalar(n *yamlnode.Node, f frame, at span) *value {
	v := scalarOf(n)
	s, ok := v.(string)
	if !ok {
		return scalarValue(v, at)
	}
	if f.vars != nil && (strings.Contains(s, "${") || strings.Contains(s, "&{")) {
		return textValue(f.vars.substitute(s), at)
	}
	if strings.Contains(s, resolvePrefix) {
		return textValue([]part{{text: s}}, at)
	}
	return scalarValue(s, at)
}

func (t *tmpl) evalSequence(n *yamlnode.Node, f frame, at span) *value {
	out := listValue(make([]*value, 0, len(n.Items)), at)
	for _, item := range n.Items {
		if v := t.eval(item, f); v.kind != none {
			out.items = append(out.items, v)
		}
	}
	return out
}

// evalMapping evaluates an object that is no function as a whole. Loops and
// macros may stand among its keys.
func (t *tmpl) evalMapping(n *yamlnode.Node, f frame, at span) *value {
	out := &value{kind: object, span: at}
	t.fill(&objectBuilder{value: out}, n, f)
	return out
}

func (t *tmpl) fill(b *objectBuilder, n *yamlnode.Node, f frame) {
	partial := t.each(n, f, func(e entry) {
		if b.set(e.key, e.keySpan, t.eval(e.node, e.f)) {
			t.warnAt(e.keySpan, "key %q is written twice in one object; the last one counts", e.key)
		}
	})
	if partial != "" {
		b.value.partial = partial
	}
}

// An objectBuilder fills an object; a repeated key counts once, with its last
// value.
type objectBuilder struct {
	value *value
	index map[string]int
}

func (b *objectBuilder) find(key string) (int, bool) {
	if b.index != nil {
		i, ok := b.index[key]
		return i, ok
	}
	for i := range b.value.fields {
		if b.value.fields[i].key == key {
			return i, true
		}
	}
	return 0, false
}

// set reports whether there was a value already.
func (b *objectBuilder) set(key string, at span, v *value) (again bool) {
	if i, ok := b.find(key); ok {
		b.value.fields[i] = field{key: key, keySpan: at, value: v}
		return true
	}
	b.value.fields = append(b.value.fields, field{key: key, keySpan: at, value: v})
	n := len(b.value.fields)
	if b.index != nil {
		b.index[key] = n - 1
	} else if n > 16 { // small objects are quicker without
		b.index = make(map[string]int, 2*n)
		for i := range b.value.fields {
			b.index[b.value.fields[i].key] = i
		}
	}
	return false
}

// failed is the value of something that could not be evaluated. Two of them are
// never equal.
func failed(at span) *value {
	return holeValue(&hole{
		name: "Fn::Unknown", root: "Fn::Unknown", reason: document.UnevaluatedExpression, unique: true,
	}, anyShape, at)
}
