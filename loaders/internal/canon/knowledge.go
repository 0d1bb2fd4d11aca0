package canon

import (
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A knowledge node says what is unknown at one place of a raw value and below
// it: RawStates as a tree that can be walked beside the value.
type knowledge struct {
	state *document.State
	keys  map[string]*knowledge
	items map[int]*knowledge
}

// newKnowledge returns nil when everything is known.
func newKnowledge(states document.States) *knowledge {
	if len(states) == 0 {
		return nil
	}
	root := &knowledge{}
	for text, state := range states {
		if state.Kind == document.Defaulted {
			continue
		}
		path, err := document.ParsePath(text)
		if err != nil {
			// A path nobody can read may be anywhere: nothing is certain then.
			path = nil
			state = document.State{Kind: document.Partial, Reason: state.Reason}
		}
		node := root
		for _, e := range path {
			node = node.child(e)
		}
		node.state = &state
	}
	return root
}

func (k *knowledge) child(e any) *knowledge {
	switch e := e.(type) {
	case string:
		if k.keys == nil {
			k.keys = map[string]*knowledge{}
		}
		if k.keys[e] == nil {
			k.keys[e] = &knowledge{}
		}
		return k.keys[e]
	case int:
		if k.items == nil {
			k.items = map[int]*knowledge{}
		}
		if k.items[e] == nil {
			k.items[e] = &knowledge{}
		}
		return k.items[e]
	}
	return k
}

func (k *knowledge) key(name string) *knowledge {
	if k == nil {
		return nil
	}
	return k.keys[name]
}

func (k *knowledge) item(i int) *knowledge {
	if k == nil {
		return nil
	}
	return k.items[i]
}

func (k *knowledge) isPartial() bool {
	return k != nil && k.state != nil && k.state.Kind == document.Partial
}

// any returns a state from k or below it: the first in path order, so that the
// answer does not depend on map order.
func (k *knowledge) any() *document.State {
	if k == nil {
		return nil
	}
	if k.state != nil {
		return k.state
	}
	for _, name := range slices.Sorted(maps.Keys(k.keys)) {
		if s := k.keys[name].any(); s != nil {
			return s
		}
	}
	for _, i := range slices.Sorted(maps.Keys(k.items)) {
		if s := k.items[i].any(); s != nil {
			return s
		}
	}
	return nil
}

// A cursor is a place in a raw value: the value there, what is unknown, and the
// path. It stays usable below places that do not exist.
type cursor struct {
	value any // nil: not written
	know  *knowledge
	path  document.Path
	// exists is how much of path is written: the nearest written parent.
	exists int
	// blocked is the unknown on the way; nothing below it can be told.
	blocked *document.State
	// partial is the incomplete collection on the way: what is absent below it
	// may yet be there.
	partial *document.State
}

func newCursor(d *document.Document) cursor {
	c := cursor{know: newKnowledge(d.RawStates)}
	if d.Raw != nil {
		c.value = d.Raw
	}
	c.note()
	return c
}

// note takes up what is known at the cursor's own place.
func (c *cursor) note() {
	if c.blocked == nil && c.know != nil && c.know.state != nil {
		if c.know.state.Kind == document.Unknown {
			c.blocked = c.know.state
		} else {
			c.partial = c.know.state
		}
	}
	if c.value != nil {
		c.exists = len(c.path)
	}
}

// fork returns the cursor with a path of its own and room for more elements:
// moves append to the path in place.
func (c cursor) fork(more int) cursor {
	path := make(document.Path, len(c.path), len(c.path)+more)
	copy(path, c.path)
	c.path = path
	return c
}

// key moves to a key of an object. A list in its place stands for its first
// element: Terraform shows blocks as lists of one, Crossplane did.
func (c *cursor) key(s step) {
	list, isList := c.value.([]any)
	switch {
	case len(list) > 0, !isList && c.value == nil && c.know.item(0) != nil:
		c.index(0)
	case isList:
		c.value = nil
	}
	value := c.value
	c.value = nil
	switch value := value.(type) {
	case nil:
	case map[string]any:
		c.value = value[s.key]
	case string:
		if value != "" {
			c.misfit()
		}
	default:
		c.misfit()
	}
	c.path = append(c.path, s.elem)
	c.know = c.know.key(s.key)
	c.note()
}

// index moves to an element of a list.
func (c *cursor) index(i int) {
	list, _ := c.value.([]any)
	c.value = nil
	c.path = append(c.path, i)
	c.know = c.know.item(i)
	if i < len(list) {
		c.value = list[i]
		c.exists = len(c.path)
	}
	c.note()
}

// misfit blocks the cursor: the author wrote something, and it is not of the
// shape that the format has here, so that what he meant cannot be told.
func (c *cursor) misfit() {
	if c.blocked == nil {
		c.blocked = &document.State{Kind: document.Unknown, Reason: document.UnevaluatedExpression}
	}
}

// follow moves down steps that do not branch.
func (c cursor) follow(steps []step) cursor {
	c = c.fork(2 * len(steps))
	for _, s := range steps {
		c.key(s)
	}
	return c
}

// at moves to one element of the list at the cursor.
func (c cursor) at(i int) cursor {
	c = c.fork(6)
	c.index(i)
	return c
}

// get is follow for a path written out.
func (c cursor) get(path string) cursor {
	if !strings.ContainsAny(path, ".[*") {
		return c.follow([]step{{elem: path, key: path}})
	}
	return c.follow(parseSteps(path))
}

// parent is the nearest written place.
func (c cursor) parent() document.Path { return c.path[:c.exists:c.exists] }

// written reports whether there is a value at the cursor.
func (c cursor) written() bool { return c.value != nil && c.blocked == nil }

// elements returns the elements of the list at the cursor, those of an object
// in the order of its keys when values is set, or the value itself as the only
// element. Elements that are null and known to be so are left out.
func (c cursor) elements(values bool) []cursor {
	var out []cursor
	switch v := c.value.(type) {
	case nil:
		return nil
	case []any:
		for i := range v {
			if e := c.at(i); e.value != nil || e.blocked != nil {
				out = append(out, e)
			}
		}
	case map[string]any:
		if !values {
			return []cursor{c}
		}
		for _, name := range c.keys() {
			if e := c.follow([]step{{elem: name, key: name}}); e.value != nil || e.blocked != nil {
				out = append(out, e)
			}
		}
	default:
		out = []cursor{c}
	}
	return out
}

// keys returns the keys of the object at the cursor, known and unknown, sorted.
func (c cursor) keys() []string {
	seen := map[string]bool{}
	if m, ok := c.value.(map[string]any); ok {
		for k := range m {
			seen[k] = true
		}
	}
	if c.know != nil {
		for k := range c.know.keys {
			seen[k] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}
