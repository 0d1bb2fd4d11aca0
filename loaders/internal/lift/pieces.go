package lift

import (
	"bytes"
	"sort"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// maxPieces bounds the depth of functions in one another.
const maxPieces = 50

// A piece is a literal part of a text that an intrinsic function puts together.
type piece struct {
	text   string
	node   *yamlnode.Node
	within int // where the piece begins in the node's text
}

// A segment is a part of a text with its place in the source.
type segment struct {
	inner, length int
	outer         func(offset int) int // of offsets in the piece
}

// pieceMap is offsetMap for a text that Fn::Join or Fn::Sub at r makes: it finds
// the literal pieces of the function in the text, in their order. Offsets in
// between, where holes and values from elsewhere are, become the end of the
// piece before.
func pieceMap(r document.Range, text string) func(int) int {
	// The padding keeps lines of a block indented as they are in the file.
	padding := max(r.Start.Column-1, 0)
	src := &document.Source{Content: append(bytes.Repeat([]byte(" "), padding), r.Text()...)}
	docs, _ := yamlnode.Parse(src)
	if len(docs) != 1 || docs[0].Root == nil {
		return nil
	}
	var segments []segment
	at, covered := 0, 0
	for _, p := range pieces(docs[0].Root, 0) {
		i := strings.Index(text[at:], p.text)
		inner := yamlnode.MapOffset(src, p.node)
		if i < 0 || inner == nil {
			return nil
		}
		start := r.Start.Offset - padding
		segments = append(segments, segment{at + i, len(p.text), func(offset int) int { return start + inner(p.within+offset) }})
		at += i + len(p.text)
		covered += len(p.text)
	}
	if covered == 0 || covered < len(text)/4 {
		return nil // most of the text is from elsewhere, so that the pieces may be anywhere
	}
	return func(offset int) int {
		i := max(sort.Search(len(segments), func(i int) bool { return segments[i].inner > offset })-1, 0)
		s := segments[i]
		return s.outer(min(max(offset-s.inner, 0), s.length))
	}
}

// pieces lists the literal parts of a function's result, in order.
func pieces(n *yamlnode.Node, depth int) []piece {
	n = n.Target()
	if n == nil || depth > maxPieces {
		return nil
	}
	name, arg := strings.TrimPrefix(n.Tag, "!"), n
	if n.Kind == yamlnode.Mapping && len(n.Keys) == 1 {
		name, arg = strings.TrimPrefix(n.Keys[0].Target().Text, "Fn::"), n.Values[0].Target()
	}
	switch {
	case name == "Join" && len(arg.Items) == 2:
		return literals(arg.Items[1].Target(), depth)
	case name == "Sub" && arg.Kind == yamlnode.Sequence && len(arg.Items) > 0:
		return substituted(arg.Items[0].Target())
	case name == "Sub":
		return substituted(arg)
	}
	return nil
}

func literals(list *yamlnode.Node, depth int) []piece {
	var out []piece
	for _, item := range list.Items {
		item = item.Target()
		switch {
		case item.Kind != yamlnode.Scalar || strings.HasPrefix(item.Tag, "!") && !strings.HasPrefix(item.Tag, "!!"):
			out = append(out, pieces(item, depth+1)...)
		case item.Text != "":
			out = append(out, piece{item.Text, item, 0})
		}
	}
	return out
}

// substituted lists what is between the ${...} of a text.
func substituted(n *yamlnode.Node) []piece {
	if n.Kind != yamlnode.Scalar {
		return nil
	}
	var out []piece
	at := 0
	for {
		i := strings.Index(n.Text[at:], "${")
		end := -1
		if i >= 0 {
			end = strings.IndexByte(n.Text[at+i:], '}')
		}
		if end < 0 {
			return appendPiece(out, n, at, len(n.Text))
		}
		out = appendPiece(out, n, at, at+i)
		at += i + end + 1
	}
}

func appendPiece(out []piece, n *yamlnode.Node, from, to int) []piece {
	if from >= to {
		return out
	}
	return append(out, piece{n.Text[from:to], n, from})
}
