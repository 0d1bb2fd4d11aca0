package cfn

import "slices"

// merge returns what is certain of a value that will be either a or b: equal
// parts stay known, the others are unknown at the smallest place that differs.
func merge(source, reason string, a, b *value, at span) *value {
	switch {
	case same(a, b):
		return a.with(b.edges).at(at)
	case a.kind == none || b.kind == none:
		v := differing(source, reason, a, b, at)
		v.optional = true
		return v
	case a.kind == object && b.kind == object:
		return mergeObjects(source, reason, a, b, at)
	case a.kind == list && b.kind == list:
		return mergeLists(source, reason, a, b, at)
	default:
		return differing(source, reason, a, b, at)
	}
}

// same reports whether two values are certainly the same in Raw and in text.
func same(a, b *value) bool {
	if a.kind != b.kind || a.secret != b.secret || a.optional || b.optional || a.partial != b.partial {
		return false
	}
	switch a.kind {
	case known:
		return a.scalar == b.scalar
	case unknown:
		return a.reason == b.reason && equalUnknown(a, b) == yes
	case list:
		return slices.EqualFunc(a.items, b.items, same)
	case object:
		find := b.lookup()
		return len(a.fields) == len(b.fields) && !slices.ContainsFunc(a.fields, func(f field) bool {
			other, ok := find(f.key)
			return !ok || !same(f.value, other)
		})
	case none:
	}
	return true
}

// differing is the unknown for two values that have nothing in common.
func differing(source, reason string, a, b *value, at span) *value {
	h := derived(source, a, b)
	h.reason, h.pseudo = reason, false
	shape := anyShape
	if a.kind == list && b.kind == list {
		shape = listShape
	} else if a.kind == known && b.kind == known {
		h.allowed = []string{scalarText(a.scalar), scalarText(b.scalar)}
	}
	v := holeValue(h, shape, at)
	v.edges = allEdges(a, b)
	v.optional = a.optional || b.optional
	return v
}

func mergeObjects(source, reason string, a, b *value, at span) *value {
	out := &value{kind: object, span: at, edges: allEdgesOf(a, b), partial: a.partial}
	if out.partial == "" {
		out.partial = b.partial
	}
	absent := &value{kind: none, span: at}
	find := b.lookup()
	for _, f := range a.fields {
		other, ok := find(f.key)
		if !ok {
			other = absent
		}
		f.value = merge(source, reason, f.value, other, f.value.span)
		out.fields = append(out.fields, f)
	}
	find = a.lookup()
	for _, f := range b.fields {
		if _, ok := find(f.key); !ok {
			f.value = merge(source, reason, absent, f.value, f.value.span)
			out.fields = append(out.fields, f)
		}
	}
	return out
}

// mergeLists keeps the elements that both lists begin and end with. What lies
// between is unknown, and so is how much it is when the lengths differ.
func mergeLists(source, reason string, a, b *value, at span) *value {
	out := &value{kind: list, span: at, edges: allEdgesOf(a, b), partial: a.partial}
	if out.partial == "" {
		out.partial = b.partial
	}
	if len(a.items) == len(b.items) && fixedLength(a) && fixedLength(b) {
		for i := range a.items {
			out.items = append(out.items, merge(source, reason, a.items[i], b.items[i], a.items[i].span))
		}
		return out
	}
	short := min(len(a.items), len(b.items))
	head, tail := 0, 0
	for head < short && same(a.items[head], b.items[head]) {
		head++
	}
	for tail < short-head && same(a.items[len(a.items)-1-tail], b.items[len(b.items)-1-tail]) {
		tail++
	}
	long, other := a, b
	if len(b.items) > len(a.items) {
		long, other = b, a
	}
	out.items = append(out.items, long.items[:head]...)
	for _, v := range long.items[head : len(long.items)-tail] {
		gap := differing(source, reason, v, &value{kind: none}, v.span)
		gap.optional = true
		gap.edges = allEdges(append([]*value{v}, other.items[head:len(other.items)-tail]...)...)
		out.items = append(out.items, gap)
	}
	out.items = append(out.items, long.items[len(long.items)-tail:]...)
	return out
}

func allEdgesOf(a, b *value) []edge {
	return append(append([]edge{}, a.edges...), b.edges...)
}
