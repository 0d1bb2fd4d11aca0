package canon

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// gather makes a list of the values at several leaves.
func gather(p *attrPlan, base cursor, leaves []cursor) result {
	l := &listing{p: p, base: base, straight: true, result: result{path: base.path}}
	if p.typ == objectsType {
		l.list = true
		for _, c := range leaves {
			l.addObject(c)
		}
	} else {
		l.values = []any{}
		for _, c := range leaves {
			l.addAll(c)
		}
		l.value = l.values
	}
	if base.know.isPartial() && l.state == nil {
		l.state = base.know.state
	}
	return l.result
}

// A listing is a list while it is gathered.
type listing struct {
	result
	p      *attrPlan
	base   cursor
	values []any
	// straight: so far every element has the number it has in the text.
	straight bool
}

// addObject adds an element, even an unknown one where elements are scalars in
// the text: that there is one is known then.
func (l *listing) addObject(c cursor) {
	scalars := len(l.p.items) == 1 && len(l.p.items[0].first) == 1 && l.p.items[0].first[0] == nil
	if c.blocked != nil && (!scalars || c.blocked.Reason == document.UndecidedCondition) {
		l.leaveOut(c)
		return
	}
	l.elements = append(l.elements, c)
}

// addAll adds a value, or the values of a list.
func (l *listing) addAll(c cursor) {
	if _, isList := c.value.([]any); !isList || c.blocked != nil {
		l.add(c)
		return
	}
	for _, e := range c.elements(false) {
		l.add(e)
	}
}

func (l *listing) add(c cursor) {
	if c.blocked == nil && c.value == nil {
		c.blocked = c.know.any()
	}
	if arn, ok := arnWithHoles(c); ok && l.p.typ == refsType {
		c.value, c.blocked = arn, nil
	}
	if c.blocked != nil {
		l.leaveOut(c)
		return
	}
	v, ok := l.p.scalar(c.value)
	switch {
	case c.value == nil:
	case !ok:
		c.misfit()
		l.leaveOut(c)
	case v != nil:
		n := len(l.values)
		l.straight = l.straight && len(c.path) == len(l.base.path)+1 && c.path[len(c.path)-1] == n
		if !l.straight {
			l.place(n, c.path, l.base.path)
		}
		l.values = append(l.values, v)
	}
}

// leaveOut notes that an element of a collection is unknown.
func (r *result) leaveOut(c cursor) {
	if r.state == nil {
		s := *c.blocked
		s.Kind = document.Partial
		r.state = &s
		return
	}
	for _, ref := range c.blocked.Refs {
		if !slices.Contains(r.state.Refs, ref) {
			r.state.Refs = append(slices.Clone(r.state.Refs), ref)
		}
	}
}

// place notes where an element is written when that does not follow from where
// the list is.
func (r *result) place(i int, path, base document.Path) {
	if r.places == nil {
		r.places = map[string]document.Path{}
		for j := range i { // those before were still in step
			r.places[element("", j)] = base.Append(j)
		}
	}
	r.places[element("", i)] = path
}
