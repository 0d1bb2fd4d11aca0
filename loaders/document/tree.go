package document

import "slices"

// A Locator turns a raw path into a range.
type Locator interface {
	// Locate returns the range of the value at path, or of its nearest existing
	// ancestor with exact=false.
	Locate(path Path) (r Range, exact bool)
	// LocateKey returns the range of the key of the value at path, falling back
	// to Locate where there is no key.
	LocateKey(path Path) (r Range, exact bool)
}

// A Tree holds the spans of every value of one parsed text, compactly (48
// bytes a value), so that it may be kept when the parser's own nodes are gone.
type Tree struct {
	source *Source
	nodes  []span
	root   int32
}

type span struct {
	key              string
	keyStart, keyEnd int32 // -1: no key
	start, end       int32
	child, last      int32 // first and last child; -1: none
	next             int32 // next sibling; -1: none
}

// NewTree returns an empty tree over a source of less than 2 GiB.
func NewTree(source *Source) *Tree { return &Tree{source: source} }

// Grow makes room for n more values, for readers that know how many come.
func (t *Tree) Grow(n int) { t.nodes = slices.Grow(t.nodes, n) }

// Source returns the text the spans count in.
func (t *Tree) Source() *Source { return t.source }

// Add appends a value below parent (-1 for the root) and returns its number.
// The key range is -1, -1 for list elements and the root. All offsets are bytes
// in the source.
func (t *Tree) Add(parent int, key string, keyStart, keyEnd, start, end int) int {
	n := int32(len(t.nodes)) //nolint:gosec // a source is below 2 GiB
	t.nodes = append(t.nodes, span{
		key: key, keyStart: int32(keyStart), keyEnd: int32(keyEnd), //nolint:gosec // as above
		start: int32(start), end: int32(end), child: -1, last: -1, next: -1, //nolint:gosec // as above
	})
	if parent >= 0 {
		p := &t.nodes[parent]
		if p.last < 0 {
			p.child = n
		} else {
			t.nodes[p.last].next = n
		}
		p.last = n
	}
	return int(n)
}

// AddAlias appends a value that is written elsewhere (a YAML alias): it has its
// own key and the span and children of target.
func (t *Tree) AddAlias(parent int, key string, keyStart, keyEnd, target int) int {
	o := t.nodes[target]
	n := t.Add(parent, key, keyStart, keyEnd, int(o.start), int(o.end))
	t.nodes[n].child, t.nodes[n].last = o.child, o.last
	return n
}

// SetEnd corrects the end of a value once its children have been read.
func (t *Tree) SetEnd(node, end int) { t.nodes[node].end = int32(end) } //nolint:gosec // as above

// Sub returns the tree below path, for documents that are part of a text.
func (t *Tree) Sub(path Path) (*Tree, bool) {
	n, exact := t.find(path)
	return &Tree{source: t.source, nodes: t.nodes, root: n}, exact
}

// Locate implements Locator; ranges are translated to the outermost file.
func (t *Tree) Locate(path Path) (Range, bool) {
	n, exact := t.find(path)
	if n < 0 {
		return t.source.Range(0, 0).Outermost(), false
	}
	o := t.nodes[n]
	return t.source.Range(int(o.start), int(o.end)).Outermost(), exact
}

// LocateKey implements Locator.
func (t *Tree) LocateKey(path Path) (Range, bool) {
	n, exact := t.find(path)
	if n < 0 || t.nodes[n].keyStart < 0 {
		return t.Locate(path)
	}
	o := t.nodes[n]
	return t.source.Range(int(o.keyStart), int(o.keyEnd)).Outermost(), exact
}

// find walks path from the root and stops at the deepest value that exists.
func (t *Tree) find(path Path) (node int32, exact bool) {
	if len(t.nodes) == 0 {
		return -1, false
	}
	node = t.root
	for _, e := range path {
		c := t.step(node, e)
		if c < 0 {
			return node, false
		}
		node = c
	}
	return node, true
}

func (t *Tree) step(node int32, e any) int32 {
	switch e := e.(type) {
	case string:
		found := int32(-1)
		for c := t.nodes[node].child; c >= 0; c = t.nodes[c].next {
			if t.nodes[c].keyStart >= 0 && t.nodes[c].key == e {
				found = c // a repeated key: the last one counts
			}
			if c == t.nodes[node].last {
				break
			}
		}
		return found
	case int:
		c := t.nodes[node].child
		for ; c >= 0 && e > 0; e-- {
			if c == t.nodes[node].last {
				return -1
			}
			c = t.nodes[c].next
		}
		if c >= 0 && t.nodes[c].keyStart >= 0 {
			return -1
		}
		return c
	}
	return -1
}

// Walk calls f for every value of the tree with its path and range, parents
// before children. Values reached through an alias are visited at each use.
func (t *Tree) Walk(f func(path Path, value Range)) {
	if len(t.nodes) > 0 {
		t.walk(t.root, nil, f)
	}
}

func (t *Tree) walk(node int32, path Path, f func(Path, Range)) {
	o := t.nodes[node]
	f(path, t.source.Range(int(o.start), int(o.end)))
	i := 0
	for c := o.child; c >= 0; c = t.nodes[c].next {
		var e any = i
		if t.nodes[c].keyStart >= 0 {
			e = t.nodes[c].key
		}
		t.walk(c, path.Append(e), f)
		i++
		if c == o.last {
			break
		}
	}
}

// A Prefixed locator answers for the part of another document that lies at
// Base.
type Prefixed struct {
	Locator
	Base Path
}

// Locate implements Locator.
func (p Prefixed) Locate(path Path) (Range, bool) { return p.Locator.Locate(p.Base.Append(path...)) }

// LocateKey implements Locator.
func (p Prefixed) LocateKey(path Path) (Range, bool) {
	return p.Locator.LocateKey(p.Base.Append(path...))
}
