package tfeval

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// expand finds the instances of a resource or data source.
func (ev *evaluator) expand(in *instance, name string, definition *definition) *expansion {
	if x := in.expansions[name]; x != nil {
		return x
	}
	address := name
	if in.address != "" {
		address = in.address + "." + name
	}
	if definition.labels == nil {
		kind, rest := name[:strings.LastIndexByte(name, '.')], name[strings.LastIndexByte(name, '.')+1:]
		definition.labels = []string{kind, rest}
	}
	// Stands for all while count and for_each are evaluated: a cycle ends here.
	in.expansions[name] = &expansion{
		counted: true, open: true, items: []*item{{address: address, definition: definition, module: in, frame: in.frameOf(), open: true, busy: true}},
	}
	x := ev.instances(in, definition, address)
	in.expansions[name] = x
	return x
}

// expandCall finds the instances of a module; nil if the module is not
// available.
func (ev *evaluator) expandCall(in *instance, name string, definition *definition) *expansion {
	if x, ok := in.children[name]; ok {
		return x
	}
	in.children[name] = nil
	calls := append(append([]string{}, in.path...), name)
	dir := ev.moduleDirectory(in.dir, calls)
	if dir == nil || len(calls) > maxModules || in.inside(dir) {
		ev.missing = append(ev.missing, missingModule{definition: definition, calls: calls})
		return nil
	}
	address := "module." + name
	if in.address != "" {
		address = in.address + "." + address
	}
	x := ev.instances(in, definition, address)
	for _, it := range x.items {
		it.child = newInstance(dir)
		it.child.path, it.child.address, it.child.parent = calls, it.address, in
		it.child.call, it.child.frame, it.child.open = definition, it.frame, it.open || in.open
	}
	in.children[name] = x
	return x
}

// inside reports whether a module is the one at dir, or called by it.
func (in *instance) inside(dir *directory) bool {
	for ; in != nil; in = in.parent {
		if in.dir == dir {
			return true
		}
	}
	return false
}

// instances evaluates count and for_each.
func (ev *evaluator) instances(in *instance, definition *definition, address string) *expansion {
	base := in.frameOf()
	add := func(x *expansion, key cty.Value, names map[string]cty.Value, open bool) {
		f := base
		if names != nil {
			f = base.with(names)
		}
		x.items = append(x.items, &item{
			key: key, address: address + keyOf(key), frame: f, open: open, definition: definition, module: in,
		})
	}
	x := &expansion{}
	switch count, each := definition.expression("count"), definition.expression("for_each"); {
	case count != nil:
		ev.counted(x, ev.value(count, base), add)
	case each != nil:
		ev.keyed(x, ev.value(each, base), add)
	default:
		add(x, cty.NilVal, nil, false)
	}
	return x
}

type adder func(x *expansion, key cty.Value, names map[string]cty.Value, open bool)

func (ev *evaluator) counted(x *expansion, v cty.Value, add adder) {
	x.counted = true
	plain, marks := v.Unmark()
	x.marks = lasting(marks)
	n, err := convert.Convert(plain, cty.Number)
	index := func(v cty.Value) map[string]cty.Value {
		return map[string]cty.Value{"count": cty.ObjectVal(map[string]cty.Value{"index": v})}
	}
	if err != nil || !n.IsKnown() || n.IsNull() {
		x.open = true
		add(x, cty.NumberIntVal(0), index(cty.UnknownVal(cty.Number).WithMarks(x.marks)), true)
		return
	}
	count, _ := n.AsBigFloat().Int64()
	for i := range min(count, maxInstances) {
		add(x, cty.NumberIntVal(i), index(cty.NumberIntVal(i)), false)
	}
}

func (ev *evaluator) keyed(x *expansion, v cty.Value, add adder) {
	x.keyed = true
	plain, marks := v.Unmark()
	x.marks = lasting(marks)
	each := func(k, v cty.Value) map[string]cty.Value {
		return map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{"key": k, "value": v})}
	}
	list, ok := pairs(plain)
	isSet := plain.Type().IsSetType() || plain.Type().IsTupleType() || plain.Type().IsListType()
	for _, p := range list {
		k := p.key
		if isSet {
			k = p.value
		}
		k, _ = k.Unmark()
		if text := asText(k); !text.IsKnown() || text.IsNull() || text.Type() != cty.String {
			ok = false
		}
	}
	if !ok {
		x.open = true
		hidden := unknown(document.UnevaluatedExpression, marksOf(v))
		if len(x.marks) == 0 {
			x.marks = lasting(marksOf(v))
		}
		add(x, cty.UnknownVal(cty.String), each(hidden, hidden), true)
		return
	}
	for i, p := range list {
		k := p.key
		if isSet {
			k = p.value
		}
		if i == maxInstances {
			break
		}
		k, _ = asText(k).Unmark()
		add(x, k, each(k, p.value.WithMarks(x.marks)), false)
	}
}

// Contents are an evaluated block.
type contents struct {
	arguments map[string]cty.Value
	blocks    map[string][]*contents
	// open holds the nested blocks of which it is not known how many there are,
	// with the marks of what decides that.
	open map[string]cty.ValueMarks
}

// metaArguments are Terraform's own.
var metaArguments = map[string]bool{ //nolint:gochecknoglobals // a constant set
	"count": true, "for_each": true, "provider": true, "depends_on": true, "lifecycle": true, "connection": true, "provisioner": true,
	"timeouts": true,
}

// content evaluates the block of an instance, once.
func (ev *evaluator) content(it *item) *contents {
	if it.block != nil {
		return it.block
	}
	out := ev.body(it.definition.syntax(), it.frame, true)
	it.block = out
	return out
}

func (ev *evaluator) body(b *hclsyntax.Body, f *frame, top bool) *contents {
	out := &contents{arguments: map[string]cty.Value{}, blocks: map[string][]*contents{}, open: map[string]cty.ValueMarks{}}
	for name, a := range b.Attributes {
		if !top || !metaArguments[name] {
			out.arguments[name] = ev.value(a.Expr, f)
		}
	}
	for _, block := range b.Blocks {
		name := blockName(block)
		if top && metaArguments[name] {
			continue
		}
		if !isDynamic(block) {
			out.blocks[name] = append(out.blocks[name], ev.body(block.Body, f, false))
			continue
		}
		list, marks, open := ev.dynamic(block, f)
		out.blocks[name] = append(out.blocks[name], list...)
		if open {
			out.open[name] = marks
		}
	}
	return out
}

// dynamic expands a dynamic block; open says that its for_each is not known.
func (ev *evaluator) dynamic(block *hclsyntax.Block, f *frame) (list []*contents, marks cty.ValueMarks, open bool) {
	inner := contentOf(block)
	each := block.Body.Attributes["for_each"]
	if inner == nil || each == nil {
		return nil, nil, true
	}
	name := block.Labels[0]
	if a := block.Body.Attributes["iterator"]; a != nil {
		if t, ok := a.Expr.(*hclsyntax.ScopeTraversalExpr); ok {
			name = t.Traversal.RootName()
		}
	}
	v := ev.value(each.Expr, f)
	plain, marks := v.Unmark()
	items, ok := pairs(plain)
	if !ok {
		if plain.IsKnown() && plain.IsNull() {
			return nil, nil, false
		}
		return nil, lasting(marksOf(v)), true
	}
	for _, p := range items {
		k := p.key
		if plain.Type().IsSetType() {
			k = p.value
		}
		iterator := cty.ObjectVal(map[string]cty.Value{"key": k.WithMarks(marks), "value": p.value.WithMarks(marks)})
		list = append(list, ev.body(inner, f.with(map[string]cty.Value{name: iterator}), false))
		if ev.steps++; ev.steps > maxSteps {
			return list, lasting(marks), true
		}
	}
	return list, nil, false
}

func contentOf(block *hclsyntax.Block) *hclsyntax.Body {
	for _, inner := range block.Body.Blocks {
		if inner.Type == "content" {
			return inner.Body
		}
	}
	return nil
}
