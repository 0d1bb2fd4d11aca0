package tfeval

import (
	"errors"
	"fmt"
	"maps"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// resourceReference evaluates a reference to a resource or data source.
func (ev *evaluator) resourceReference(in *instance, kind, name string, steps []hcl.Traverser) (cty.Value, error) {
	definition := in.dir.resources[kind+"."+name]
	if definition == nil {
		return unknown(document.UnevaluatedExpression), nil
	}
	x := ev.expand(in, kind+"."+name, definition)
	var whole cty.Value
	switch {
	case x.open && (x.counted || x.keyed):
		// An instance that is named: the one that stands for all.
		if len(steps) > 0 {
			if _, indexed := steps[0].(hcl.TraverseIndex); indexed {
				return ev.lenient(ev.itemValue(x.items[0]), steps[1:], x.items[0])
			}
		}
		return unknown("", x.marks, cty.NewValueMarks(reference{address: x.items[0].address, data: isData(kind)})), nil
	case !x.counted && !x.keyed:
		return ev.lenient(ev.itemValue(x.items[0]), steps, x.items[0])
	case len(steps) > 0:
		if index, ok := steps[0].(hcl.TraverseIndex); ok {
			for _, it := range x.items {
				if same(asText(it.key), asText(index.Key)) {
					return ev.lenient(ev.itemValue(it), steps[1:], it)
				}
			}
			return cty.DynamicVal, fmt.Errorf("no instance of %s.%s with this key", kind, name)
		}
	}
	whole = x.collection(ev.itemValue)
	return ev.follow(whole, steps)
}

// collection is the value of a block with count or for_each.
func (x *expansion) collection(value func(*item) cty.Value) cty.Value {
	if x.counted {
		list := make([]cty.Value, len(x.items))
		for i, it := range x.items {
			list[i] = value(it)
		}
		return cty.TupleVal(list)
	}
	out := map[string]cty.Value{}
	for _, it := range x.items {
		out[it.key.AsString()] = value(it)
	}
	return cty.ObjectVal(out)
}

// lenient follows steps into the value of a resource, of which only what is
// written is known: the rest is unknown, not absent.
func (ev *evaluator) lenient(v cty.Value, steps []hcl.Traverser, it *item) (cty.Value, error) {
	out, err := ev.follow(v, steps)
	if err == nil {
		return out, nil
	}
	name := ""
	if len(steps) > 0 {
		if a, ok := steps[0].(hcl.TraverseAttr); ok {
			name = a.Name
		}
	}
	return unknown("", cty.NewValueMarks(it.reference(name))), nil
}

// itemValue is what references to an instance of a resource see: its arguments,
// and all other attributes as unknown.
func (ev *evaluator) itemValue(it *item) cty.Value {
	if it.value != cty.NilVal {
		return it.value
	}
	if it.busy {
		return unknown("", cty.NewValueMarks(it.reference("")))
	}
	it.busy = true
	block := ev.content(it)
	out := map[string]cty.Value{}
	for name := range ev.names {
		if _, written := block.arguments[name]; !written && block.blocks[name] == nil {
			out[name] = unknown("", cty.NewValueMarks(it.reference(name)))
		}
	}
	for name, v := range block.arguments {
		if plain, _ := v.Unmark(); plain.IsKnown() && plain.IsNull() {
			// null leaves the value to the provider.
			out[name] = unknown("", cty.NewValueMarks(it.reference(name)))
			continue
		}
		out[name] = withoutReferences(v).Mark(it.reference(name))
	}
	for name, list := range block.blocks {
		if _, open := block.open[name]; open {
			out[name] = unknown("", cty.NewValueMarks(it.reference(name)))
			continue
		}
		out[name] = withoutReferences(blockList(list)).Mark(it.reference(name))
	}
	ev.computed(it, block, out)
	it.value = cty.ObjectVal(out)
	it.busy = false
	return it.value
}

// blockList is the value of nested blocks.
func blockList(list []*contents) cty.Value {
	out := make([]cty.Value, len(list))
	for i, c := range list {
		inner := maps.Clone(c.arguments)
		for name, blocks := range c.blocks {
			inner[name] = blockList(blocks)
		}
		out[i] = cty.ObjectVal(inner)
	}
	return cty.TupleVal(out)
}

func isData(kind string) bool { return len(kind) > 5 && kind[:5] == "data." }

// moduleReference evaluates module.name with the steps behind it.
func (ev *evaluator) moduleReference(in *instance, name string, steps []hcl.Traverser) (cty.Value, error) {
	definition := in.dir.calls[name]
	if definition == nil {
		return unknown(document.ModuleNotAvailable), nil
	}
	x := ev.expandCall(in, name, definition)
	if x == nil {
		return unknown(document.ModuleNotAvailable), nil
	}
	var it *item
	if !x.counted && !x.keyed {
		it = x.items[0]
	} else if len(steps) > 0 {
		if index, ok := steps[0].(hcl.TraverseIndex); ok {
			steps = steps[1:]
			for _, candidate := range x.items {
				if x.open || same(asText(candidate.key), asText(index.Key)) {
					it = candidate
				}
			}
			if it == nil {
				return cty.DynamicVal, errors.New("no such module instance")
			}
		}
	}
	if it == nil {
		if x.open {
			return unknown(document.UnevaluatedExpression, x.marks), nil
		}
		return ev.follow(x.collection(func(it *item) cty.Value { return ev.outputs(it.child) }), steps)
	}
	if len(steps) == 0 {
		return ev.outputs(it.child), nil
	}
	step, ok := steps[0].(hcl.TraverseAttr)
	if !ok {
		return ev.follow(ev.outputs(it.child), steps)
	}
	v, err := ev.output(it.child, step.Name)
	if err != nil {
		return v, err
	}
	return ev.follow(v, steps[1:])
}

func (ev *evaluator) output(in *instance, name string) (cty.Value, error) {
	definition := in.dir.outputs[name]
	if definition == nil {
		if in.dir.standIn != nil {
			return unknown(document.ModuleNotAvailable), nil
		}
		return cty.DynamicVal, fmt.Errorf("no output %q", name)
	}
	return in.once("output."+name, func() cty.Value {
		e := definition.expression("value")
		if e == nil {
			return unknown(document.UnevaluatedExpression)
		}
		v := ev.value(e, in.frameOf())
		if s := definition.expression("sensitive"); s != nil && same(ev.value(s, in.frameOf()), cty.True) {
			v = v.Mark(confidential{})
		}
		return v
	}), nil
}

// outputs is the value of a module instance as a whole.
func (ev *evaluator) outputs(in *instance) cty.Value {
	out := map[string]cty.Value{}
	for name := range in.dir.outputs {
		out[name], _ = ev.output(in, name)
	}
	if in.dir.standIn != nil {
		for name := range ev.names {
			if _, ok := out[name]; !ok {
				out[name] = unknown(document.ModuleNotAvailable)
			}
		}
	}
	return cty.ObjectVal(out)
}
