package jsontext

import "github.com/plimsoll-dev/plimsoll/loaders/document"

// Tree returns the spans of every value at s in src. A text that is broken
// gives the spans up to the break.
func Tree(src *document.Source, s Span) *document.Tree {
	t := document.NewTree(src)
	if !s.IsZero() {
		Grow(t, src.Content, -1, Member{Key: Span{-1, -1}, Value: s})
	}
	return t
}

// Grow adds the value of m, with everything in it, below parent (-1 for the
// root) and returns its number in the tree.
func Grow(t *document.Tree, data []byte, parent int, m Member) int {
	return grow(t, data, parent, m, 0)
}

func grow(t *document.Tree, data []byte, parent int, m Member, depth int) int {
	node := t.Add(parent, m.Name, m.Key.Start, m.Key.End, m.Value.Start, m.Value.End)
	if depth > MaxDepth {
		return node
	}
	// A syntax error ends the children; Decode is where it is reported.
	switch data[m.Value.Start] {
	case '{':
		_ = Members(data, m.Value, func(child Member) {
			grow(t, data, node, child, depth+1)
		})
	case '[':
		_ = Elements(data, m.Value, func(e Span) {
			grow(t, data, node, Member{Key: Span{-1, -1}, Value: e}, depth+1)
		})
	}
	return node
}
