// Package yamlnode turns YAML and JSON text into nodes that know exactly where
// they are written, and nodes into plain values under the rules of the program
// that will read the text.
//
// The YAML grammar is the node library's; it says where a node starts. Ends,
// offsets in bytes, JSON, streams with broken documents and the meaning of
// plain scalars are this package's own.
package yamlnode

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A Kind is the shape of a Node.
type Kind uint8

// The kinds.
const (
	Scalar Kind = iota
	Mapping
	Sequence
)

// A Style is how a scalar is written.
type Style uint8

// The styles. JSON strings are DoubleQuoted, other JSON scalars Plain.
const (
	Plain Style = iota
	SingleQuoted
	DoubleQuoted
	Literal
	Folded
)

// A Node is one value of a text with its place.
type Node struct {
	Kind  Kind
	Style Style
	// Plain says that a scalar is written without quotes, so that its text
	// decides its type.
	Plain bool
	// Tag is the explicit tag ("!Ref", "!!str"), "" if there is none.
	Tag string
	// Anchor is the name other nodes refer to, without "&".
	Anchor string
	// Text is the decoded text of a scalar.
	Text string
	// Start and End are byte offsets in the source, End exclusive. They cover
	// quotes and the tag, not the anchor before it. A block scalar runs from its
	// indicator to the end of its last line, without the line break. A value
	// that is not written ("key:") is empty and lies behind the colon.
	Start, End int
	// Body is where the content starts, behind tag and anchor.
	Body int
	// Keys and Values are the entries of a mapping in source order; merge keys
	// are still in place.
	Keys, Values []*Node
	// Items are the elements of a sequence.
	Items []*Node
	// Alias is the anchored node when this node is an alias.
	Alias *Node

	indent int32 // of the block that holds a block scalar; -1 at the top
	count  int32 // of the values in a document, at its root
}

// Target returns the node that n stands for: the anchored node of an alias,
// otherwise n itself.
func (n *Node) Target() *Node {
	for n != nil && n.Alias != nil {
		n = n.Alias
	}
	return n
}

// Get returns key and value of the last entry of a mapping whose key is
// written as text; nils if there is none. It does not look through merge keys.
func (n *Node) Get(text string) (key, value *Node) {
	n = n.Target()
	if n == nil {
		return nil, nil
	}
	for i, v := range slices.Backward(n.Keys) {
		if k := v.Target(); k.Kind == Scalar && k.Text == text {
			return v, n.Values[i]
		}
	}
	return nil, nil
}

// Range returns where n is written.
func (n *Node) Range(src *document.Source) document.Range { return src.Range(n.Start, n.End) }

// isMerge reports whether a key node asks for a merge (yaml.org/type/merge).
func (n *Node) isMerge() bool {
	return n.Kind == Scalar && n.Text == "<<" && (n.Plain && n.Tag == "" || n.Tag == "!!merge")
}

// A Doc is one document of a stream.
type Doc struct {
	// Root is nil when the document holds nothing but comments.
	Root *Node
	// Start and End delimit the document's text, its "---" line included.
	Start, End int
}

// Comments returns the comment lines before the root, in order, without "#"
// and surrounding blanks: `helm template` says there where a document is from.
func (d Doc) Comments(src *document.Source) []string {
	end := d.End
	if d.Root != nil {
		end = d.Root.Start
	}
	var out []string
	for at := d.Start; at < end; {
		stop := min(lineEnd(src.Content, at), end)
		line := trimBlank(src.Content[at:stop])
		if len(line) > 0 && line[0] == '#' {
			out = append(out, string(trimBlank(line[1:])))
		}
		at = stop + 1
	}
	return out
}

// arena hands out nodes and node lists from large blocks.
type arena struct {
	nodes []Node
	list  []*Node
}

// reset lets the blocks in hand be used again.
func (a *arena) reset() {
	a.nodes, a.list = a.nodes[:0], a.list[:0]
}

func (a *arena) node() *Node {
	if len(a.nodes) == cap(a.nodes) {
		a.nodes = make([]Node, 0, min(max(64, 2*cap(a.nodes)), 4096))
	}
	a.nodes = append(a.nodes, Node{})
	return &a.nodes[len(a.nodes)-1]
}

// nodesOf returns an empty list with room for n nodes.
func (a *arena) nodesOf(n int) []*Node {
	if n == 0 {
		return nil
	}
	if len(a.list)+n > cap(a.list) {
		a.list = make([]*Node, 0, max(n, min(max(64, 2*cap(a.list)), 4096)))
	}
	at := len(a.list)
	a.list = a.list[:at+n]
	return a.list[at:at:len(a.list)]
}
