package canon

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A result is what one attribute turned out to be.
type result struct {
	value any
	state *document.State // Unknown or Partial
	// path is where the value is written; for an absent one the nearest written
	// parent, the place where an author would add it.
	path document.Path
	// inner and places are states and raw paths of parts, by path relative to
	// the attribute.
	inner  document.States
	places map[string]document.Path
	// elements are those of a list of objects.
	elements []cursor
	list     bool // elements is meant, even when empty
}

func (r *result) absent() bool { return r.value == nil && r.state == nil && !r.list }

func unknownAt(state document.State, path document.Path) result {
	state.Kind = document.Unknown
	return result{state: &state, path: path}
}

// read evaluates one attribute below at.
func (b *build) read(p *attrPlan, at cursor) result {
	switch {
	case p.constant != nil:
		return result{value: p.constant, path: at.path}
	case p.union != nil:
		return readUnion(p, at)
	case p.first == nil:
		return result{path: at.path}
	}
	out := b.readOne(p, at, p.first[0])
	for _, steps := range p.first[1:] {
		if !out.absent() && (p.typ != mapType || out.value != nil) {
			break
		}
		r := b.readOne(p, at, steps)
		switch {
		case r.absent():
		case out.state == nil:
			out = r
		default:
			// A map of which one spelling is unknown and another known (tags_all and
			// tags): what is known of it holds, more may come.
			if r.state == nil {
				r.state = &document.State{Kind: document.Partial, Reason: out.state.Reason, Refs: out.state.Refs}
			}
			return r
		}
	}
	if p.prefix != nil && out.absent() {
		return completed(at.follow(p.prefix), out)
	}
	return out
}

// completed is a name of which only the beginning is written.
func completed(prefix cursor, absent result) result {
	text, ok := prefix.value.(string)
	if !ok || text == "" || prefix.blocked != nil {
		return absent
	}
	return unknownAt(document.State{Reason: document.AfterApply, Template: text + "${suffix}"}, prefix.path)
}

// readOne evaluates one of the paths an attribute may stand at.
func (b *build) readOne(p *attrPlan, at cursor, steps []step) result {
	if len(steps) > 0 && steps[0].key == fromRoot {
		at, steps = b.root, steps[1:]
	}
	r := readPath(p, at, steps)
	if list, ok := r.value.([]any); ok && p.noEmpty && len(list) == 0 && r.state == nil {
		r.value = nil
	}
	return r
}

// readUnion puts the elements of several lists together.
func readUnion(p *attrPlan, at cursor) result {
	u := &union{}
	for _, steps := range p.union {
		u.add(readPath(p, at, steps))
	}
	return u.finish(p.typ == objectsType)
}

// A union is a list made of several while it is put together.
type union struct {
	result
	values  []any
	open    *document.State
	written bool
}

func (u *union) add(r result) {
	if u.path == nil || !r.absent() && !u.written {
		u.path = r.path
	}
	if r.absent() {
		return
	}
	u.written = true
	if u.open == nil {
		u.open = r.state
	}
	u.elements = append(u.elements, r.elements...)
	list, _ := r.value.([]any)
	for i, v := range list {
		if slices.Contains(u.values, v) {
			continue
		}
		raw, ok := r.places[element("", i)]
		if !ok {
			raw = r.path.Append(i)
		}
		if u.places == nil {
			u.places = map[string]document.Path{}
		}
		u.places[element("", len(u.values))] = raw
		u.values = append(u.values, v)
	}
}

func (u *union) finish(objects bool) result {
	known := len(u.values) > 0 || len(u.elements) > 0
	if u.open != nil {
		s := *u.open
		if known {
			s.Kind = document.Partial
		}
		u.state = &s
	}
	if u.written && (known || u.open == nil || u.open.Kind == document.Partial) {
		u.list = objects
		if !objects {
			u.value = append([]any{}, u.values...)
		}
	}
	return u.result
}

// readPath evaluates an attribute along one path.
func readPath(p *attrPlan, at cursor, steps []step) result {
	branch := slices.IndexFunc(steps, func(s step) bool { return s.each })
	if branch < 0 {
		c := at.follow(steps)
		if c.value == nil && c.blocked == nil && p.refs {
			if s, place := referenced(at, steps); s != nil {
				return unknownAt(*s, place)
			}
		}
		return convert(p, c)
	}
	c := at.follow(steps[:branch])
	if c.blocked != nil {
		return unknownAt(*c.blocked, c.path)
	}
	if c.value == nil {
		return missing(c)
	}
	leaves := c.elements(true)
	for i := branch + 1; i < len(steps); i++ {
		var next []cursor
		for _, l := range leaves {
			if steps[i].each {
				next = append(next, l.fork(0).elementsOrBlocked()...)
			} else {
				next = append(next, l.follow(steps[i:i+1]))
			}
		}
		leaves = next
	}
	return gather(p, c, leaves)
}

func (c cursor) elementsOrBlocked() []cursor {
	if c.blocked != nil {
		return []cursor{c}
	}
	return c.elements(true)
}

// referenced reports the sibling keys that Crossplane and ACK write in place of
// a value: roleArnRef, subnetIdRefs, roleRef for roleARN.
func referenced(at cursor, steps []step) (*document.State, document.Path) {
	last := steps[len(steps)-1].key
	parent := at.follow(steps[:len(steps)-1])
	if !refersToObjects(parent.value) {
		return nil, nil
	}
	bases := []string{last, strings.TrimSuffix(last, "s")}
	for _, suffix := range []string{"ARNs", "ARN", "Arn", "IDs", "ID", "Name"} {
		if base, ok := strings.CutSuffix(last, suffix); ok {
			bases = append(bases, base)
		}
	}
	for _, base := range bases {
		for _, suffix := range []string{"Ref", "Refs", "Selector"} {
			key := base + suffix
			if c := parent.follow([]step{{elem: key, key: key}}); c.value != nil {
				return &document.State{Kind: document.Unknown, Reason: document.RuntimeRef, Refs: objectNames(c)}, c.path
			}
		}
	}
	return nil, nil
}

// refersToObjects reports whether an object, or a list of one, has any such key:
// most have none, and need not be searched.
func refersToObjects(v any) bool {
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	m, _ := v.(map[string]any)
	for key := range m {
		if strings.HasSuffix(key, "Ref") || strings.HasSuffix(key, "Refs") || strings.HasSuffix(key, "Selector") {
			return true
		}
	}
	return false
}

// objectToken names a managed object as others refer to it; the kind is told by
// who asks.
func objectToken(namespace, name string) string { return document.ObjectToken + namespace + "/" + name }

// objectNames lists the objects a reference names: {name} in Crossplane, {from:
// {name, namespace}} in ACK, or a list of those.
func objectNames(c cursor) []string {
	var out []string
	for _, e := range c.elements(false) {
		if from := e.get("from"); from.value != nil {
			e = from
		}
		if name, ok := stringAt(e, "name"); ok {
			namespace, _ := stringAt(e, "namespace")
			out = append(out, objectToken(namespace, name))
		}
	}
	return out
}

// qualify completes the references of a state that name an object without its
// namespace: it is the document's own.
func (b *build) qualify(s *document.State) {
	if s == nil || b.doc.Namespace == "" {
		return
	}
	for i, token := range s.Refs {
		if name, ok := strings.CutPrefix(token, objectToken("", "")); ok {
			s.Refs[i] = objectToken(b.doc.Namespace, name)
		}
	}
}

// missing is the result for a place where nothing is written: absent, unless
// something there is known to be unknown.
func missing(c cursor) result {
	if c.blocked != nil {
		return unknownAt(*c.blocked, c.path)
	}
	if c.partial != nil {
		return unknownAt(*c.partial, c.path)
	}
	if s := c.know.any(); s != nil {
		return unknownAt(*s, c.path)
	}
	return result{path: c.path}
}

// splitPath splits a canonical path without indices.
func splitPath(path string) []string { return strings.Split(path, ".") }
