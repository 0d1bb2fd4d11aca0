package canon

import (
	"maps"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A build is the canonical view of one document while it is made.
type build struct {
	doc  *document.Document
	plan *plan
	root cursor // the raw document
	body cursor // the part that the source's paths are counted from
}

func newBuild(d *document.Document, p *plan) *build {
	b := &build{doc: d, plan: p, root: newCursor(d)}
	b.body = b.root.follow(p.root)
	d.Attr = make(map[string]any, len(p.attrs))
	d.States = document.States{} // of most attributes all is known, and room for a state is large
	d.Written = make(map[string]document.Path, len(p.attrs))
	return b
}

// run reads the table and then what the table cannot say.
func (b *build) run() {
	b.fill(b.plan.attrs, b.body, b.doc.Attr, "")
	if finish := finisher(b.plan.typ); finish != nil {
		finish(b)
	}
	for _, p := range b.plan.attrs {
		if p.hidden {
			b.forget(p.name)
		}
	}
}

// forget removes a top-level attribute and all that is known of it.
func (b *build) forget(name string) {
	delete(b.doc.Attr, name)
	under := func(path string) bool {
		rest, ok := strings.CutPrefix(path, name)
		return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
	}
	maps.DeleteFunc(b.doc.States, func(path string, _ document.State) bool { return under(path) })
	maps.DeleteFunc(b.doc.Written, func(path string, _ document.Path) bool { return under(path) })
}

// fill reads attributes from at into a map whose canonical path is prefix.
func (b *build) fill(attrs []*attrPlan, at cursor, into map[string]any, prefix string) {
	for _, p := range attrs {
		r := b.read(p, at)
		if p.refs {
			b.qualify(r.state)
		}
		name := prefix + p.name
		if r.path != nil || !r.absent() {
			b.doc.Written[name] = r.path
		}
		for rest, path := range r.places {
			b.doc.Written[join(name, rest)] = path
		}
		for rest, state := range r.inner {
			b.doc.States[join(name, rest)] = state
		}
		switch {
		case r.absent():
			b.fallback(p, at, into, name)
			continue
		case r.state != nil:
			b.doc.States[name] = *r.state
		}
		switch {
		case p.typ == objectsType && !r.list:
		case p.typ == objectsType:
			setIn(into, p.segments, b.objects(p, r, name))
		case r.value != nil:
			setIn(into, p.segments, r.value)
		}
	}
}

// objects reads the elements of a list of objects.
func (b *build) objects(p *attrPlan, r result, name string) []any {
	out := make([]any, 0, len(r.elements))
	for i, e := range r.elements {
		object := make(map[string]any, len(p.items))
		place := element(name, i)
		b.doc.Written[place] = e.path
		b.fill(p.items, e, object, place+".")
		out = append(out, object)
	}
	return out
}

// fallback applies the first default that fits.
func (b *build) fallback(p *attrPlan, at cursor, into map[string]any, name string) {
	for _, f := range p.defaults {
		if f.when != nil && !at.follow(f.when).written() || f.unless != nil && at.follow(f.unless).written() {
			continue
		}
		b.doc.States[name] = f.state()
		if !f.Ambiguous {
			setIn(into, p.segments, plainCopy(f.Value))
		}
		return
	}
}

// plainCopy copies a value of a table, which many documents share, with whole
// numbers as int64.
func plainCopy(v any) any {
	switch v := v.(type) {
	case float64:
		if v == float64(int64(v)) {
			return int64(v)
		}
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = plainCopy(v[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k := range v {
			out[k] = plainCopy(v[k])
		}
		return out
	}
	return v
}

// join appends a relative path to a canonical one.
func join(name, rest string) string {
	if rest == "" || rest[0] == '[' {
		return name + rest
	}
	return name + "." + rest
}

// setIn stores a value under nested keys.
func setIn(into map[string]any, segments []string, value any) {
	for _, s := range segments[:len(segments)-1] {
		next, ok := into[s].(map[string]any)
		if !ok {
			next = map[string]any{}
			into[s] = next
		}
		into = next
	}
	into[segments[len(segments)-1]] = value
}

// value returns a canonical attribute of the document.
func (b *build) value(path string) any { return attrOf(b.doc, path) }

// state returns what is known of a canonical attribute; the zero State for a
// written or absent one.
func (b *build) state(path string) document.State { return b.doc.States[path] }

// set stores a value that was worked out from what is written at raw.
func (b *build) set(path string, value any, raw document.Path) {
	setIn(b.doc.Attr, splitPath(path), value)
	delete(b.doc.States, path)
	b.doc.Written[path] = raw
}

// assume stores a documented default.
func (b *build) assume(path string, value any, f *fallback, raw document.Path) {
	b.set(path, value, raw)
	b.doc.States[path] = f.state()
}

// doubt marks an attribute as not decided.
func (b *build) doubt(path string, state document.State, raw document.Path) {
	b.doc.States[path] = state
	b.doc.Written[path] = raw
}

// attrOf returns a canonical attribute of a complete document.
func attrOf(d *document.Document, path string) any {
	var v any = d.Attr
	for _, s := range splitPath(path) {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[s]
	}
	return v
}

func stringOf(d *document.Document, path string) string {
	s, _ := attrOf(d, path).(string)
	return s
}

// element writes the path of a list's element.
func element(name string, i int) string { return name + "[" + strconv.Itoa(i) + "]" }
