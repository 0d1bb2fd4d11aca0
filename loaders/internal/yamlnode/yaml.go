package yamlnode

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"
)

// maxDepth is how deep values may nest. Nothing real comes near; what does is
// made to exhaust the stack of its reader.
const maxDepth = 1000

// A problem is a reason why a part of a text cannot be read, with the offset
// it is seen at.
type problem struct {
	offset  int
	message string
}

func (p *problem) Error() string { return p.message }

// readYAML reads the documents in content[start:end].
func readYAML(a *arena, content []byte, start, end int) ([]Doc, *problem) {
	text := content[start:end]
	var docs []Doc
	b := builder{arena: a, b: content[:end], tooDeep: -1}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for {
		root, err := decode(dec)
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return docs, explain(text, start, err)
		}
		doc := Doc{Start: start, End: end}
		if root != nil {
			if b.lines == nil {
				b.lines = newLines(text, start)
			}
			b.count = 0
			doc.Root = b.convert(root, place{indent: -1, prev: start})
			doc.Root.count = b.count
			if b.tooDeep >= 0 {
				return docs, &problem{b.tooDeep, fmt.Sprintf("values nest deeper than %d levels", maxDepth)}
			}
			if doc.Root.isAbsent() {
				doc.Root = nil
			}
		}
		docs = append(docs, doc)
	}
}

// decode reads one document. The node library panics on a few broken texts
// (go-yaml issue 666 and its like); that is their error, not the end of the run.
func decode(dec *yaml.Decoder) (root *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			root, err = nil, fmt.Errorf("the YAML reader gave up: %v", r)
		}
	}()
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		return nil, err
	}
	if len(doc.Content) != 1 {
		return nil, nil
	}
	return doc.Content[0], nil
}

// isAbsent reports whether nothing is written where the node stands.
func (n *Node) isAbsent() bool {
	return n.Kind == Scalar && n.Plain && n.Text == "" && n.Tag == "" && n.Anchor == "" && n.Alias == nil
}

// A builder makes Nodes out of the library's.
type builder struct {
	*arena
	b       []byte // the source up to the end of the part being read
	lines   *lines
	anchors map[*yaml.Node]*Node
	depth   int
	count   int32
	tooDeep int // offset of the first value below maxDepth, -1: none
}

// A place is what a node must know of its surroundings.
type place struct {
	indent int  // of the enclosing block collection, -1 at the top
	prev   int  // end of what stands before: the key of a value
	value  bool // the value of a mapping entry
}

func (b *builder) convert(n *yaml.Node, p place) *Node {
	out := b.node()
	b.count++
	at := b.lines.at(n.Line, n.Column)
	if b.depth++; b.depth > maxDepth {
		if b.tooDeep < 0 {
			b.tooDeep = at
		}
		b.depth--
		return out
	}
	defer func() { b.depth-- }()
	if n.Kind == yaml.AliasNode {
		out.Start, out.Body = at, at
		out.End = at + 1 + len(n.Value)
		out.Alias = b.anchors[n.Alias]
		out.Kind = out.Alias.Kind
		return out
	}
	out.Anchor = n.Anchor
	if n.Style&yaml.TaggedStyle != 0 {
		out.Tag = n.Tag
	}
	if n.Anchor != "" {
		if b.anchors == nil {
			b.anchors = map[*yaml.Node]*Node{}
		}
		b.anchors[n] = out
	}
	switch n.Kind {
	case yaml.MappingNode:
		b.mapping(n, out, at, p)
	case yaml.SequenceNode:
		b.sequence(n, out, at, p)
	default:
		b.scalar(n, out, at, p)
	}
	return out
}

// properties skips the tag and anchor of a node at offset at and returns where
// the tag starts (or the content, when there is no tag) and where they end.
func (b *builder) properties(n *yaml.Node, at int) (tag, end int) {
	tag, end = -1, at
	seenAnchor := n.Anchor == ""
	for k := at; k < len(b.b); k = skipSpace(b.b, end) {
		switch c := b.b[k]; {
		case c == '&' && !seenAnchor:
			seenAnchor = true
			end = k + 1 + len(n.Anchor)
		case c == '!' && tag < 0:
			tag = k
			end = tagEnd(b.b, k)
		default:
			return tag, end
		}
		if end >= len(b.b) {
			break
		}
	}
	return tag, end
}

// tagEnd returns where the tag at offset at ends: to the library, commas and
// brackets are a part of it, also inside [].
func tagEnd(b []byte, at int) int {
	for at < len(b) && !isBlank(b[at]) && breakLen(b[at:]) == 0 {
		at++
	}
	return at
}

func (b *builder) scalar(n *yaml.Node, out *Node, at int, p place) {
	out.Text = n.Value
	out.Start, out.Body = at, at
	hasProperties := at < len(b.b) && (b.b[at] == '&' || b.b[at] == '!')
	empty := n.Value == "" && n.Style&^yaml.TaggedStyle == 0
	if empty && !hasProperties {
		out.Plain = true
		out.Start = b.emptyAt(at, p)
		out.Body, out.End = out.Start, out.Start
		return
	}
	if hasProperties {
		b.scalarProperties(n, out, at, empty)
	}
	switch n.Style &^ yaml.TaggedStyle {
	case yaml.DoubleQuotedStyle:
		out.Style, out.End = DoubleQuoted, quotedEnd(b.b, out.Body)
	case yaml.SingleQuotedStyle:
		out.Style, out.End = SingleQuoted, quotedEnd(b.b, out.Body)
	case yaml.LiteralStyle:
		out.Style, out.indent = Literal, int32(p.indent) //nolint:gosec // a column
		out.End = blockAt(b.b, out.Body, p.indent).end
	case yaml.FoldedStyle:
		out.Style, out.indent = Folded, int32(p.indent) //nolint:gosec // a column
		out.End = blockAt(b.b, out.Body, p.indent).end
	default:
		out.Plain = true
		if !empty {
			out.End = plainEnd(b.b, out.Body, n.Value)
		}
	}
}

func (b *builder) scalarProperties(n *yaml.Node, out *Node, at int, empty bool) {
	tag, end := b.properties(n, at)
	if tag >= 0 && out.Tag == "" {
		out.Tag = "!" // dropped by the library; it makes a string of 123
	}
	out.Body, out.End = end, end
	if !empty {
		out.Body = skipSpace(b.b, end)
	}
	out.Start = out.Body
	if tag >= 0 {
		out.Start = tag
	}
}

// emptyAt finds the place of a value that is not written. The library's mark
// may lie at the next token, lines below.
func (b *builder) emptyAt(at int, p place) int {
	if !p.value {
		return at
	}
	k := skipSpace(b.b, p.prev)
	if k < len(b.b) && b.b[k] == ':' && k <= at {
		return k + 1
	}
	return p.prev
}

func (b *builder) mapping(n *yaml.Node, out *Node, at int, p place) {
	out.Kind = Mapping
	b.count -= int32(len(n.Content) / 2) //nolint:gosec // keys are no values
	out.Keys, out.Values = b.nodesOf(len(n.Content)/2), b.nodesOf(len(n.Content)/2)
	tag, end := b.collection(n, at)
	body, braces, inner := end, n.Style&yaml.FlowStyle != 0, p
	if len(n.Content) > 0 && (end == at || !braces) {
		// The first key's own mark tells a mapping without braces, as in [a: b],
		// from one with, and skips what may stand between properties and key.
		key := b.lines.at(n.Content[0].Line, n.Content[0].Column)
		if braces {
			braces = key > at
		} else {
			body = b.explicitKey(max(at, end), key)
			inner.indent = indentOf(b.b, body)
		}
	}
	out.Body, out.Start = body, body
	if tag >= 0 {
		out.Start = tag
	}
	last := body
	if braces {
		last++
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		inner.value, inner.prev = false, last
		key := b.convert(n.Content[i], inner)
		inner.value, inner.prev = true, key.End
		value := b.convert(n.Content[i+1], inner)
		out.Keys, out.Values = append(out.Keys, key), append(out.Values, value)
		last = max(last, key.End, value.End)
	}
	out.End = last
	if braces {
		out.End = b.closing(last, '}')
	}
}

func (b *builder) sequence(n *yaml.Node, out *Node, at int, p place) {
	out.Kind = Sequence
	out.Items = b.nodesOf(len(n.Content))
	tag, body := b.collection(n, at)
	out.Body, out.Start = body, body
	if tag >= 0 {
		out.Start = tag
	}
	inner, flow := place{indent: p.indent}, n.Style&yaml.FlowStyle != 0
	if !flow {
		inner.indent = indentOf(b.b, body)
	}
	last := body + 1
	for _, item := range n.Content {
		inner.prev = last
		c := b.convert(item, inner)
		out.Items = append(out.Items, c)
		last = max(last, c.End)
	}
	out.End = last
	if flow {
		out.End = b.closing(last, ']')
	}
}

// collection returns where the tag (-1: none) and the content of a collection
// start.
func (b *builder) collection(n *yaml.Node, at int) (tag, body int) {
	if n.Anchor == "" && n.Style&yaml.TaggedStyle == 0 && !b.nonSpecific(n, at) {
		return -1, at
	}
	tag, end := b.properties(n, at)
	return tag, skipSpace(b.b, end)
}

// nonSpecific reports whether a flow collection has the tag "!", which the
// library does not keep. In [!t a: b] the tag is the key's.
func (b *builder) nonSpecific(n *yaml.Node, at int) bool {
	return n.Style&yaml.FlowStyle != 0 && at < len(b.b) && b.b[at] == '!' &&
		(len(n.Content) == 0 || b.lines.at(n.Content[0].Line, n.Content[0].Column) != at)
}

// explicitKey returns the offset of the "?" before a mapping's first key, or
// that key's own.
func (b *builder) explicitKey(from, key int) int {
	if from < key && from < len(b.b) && b.b[from] == '?' {
		return from
	}
	return key
}

// closing returns the offset behind the bracket that closes a flow collection.
func (b *builder) closing(at int, bracket byte) int {
	for k := skipSpace(b.b, at); k < len(b.b); k = skipSpace(b.b, k+1) {
		switch b.b[k] {
		case bracket:
			return k + 1
		case ',', ':', '?':
		default:
			return at
		}
	}
	return at
}
