package chart

import (
	"bytes"
	"slices"
	"sort"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A Locator leads from the values of a rendered object to the template that
// wrote them.
type Locator struct {
	output *Output
	tree   *document.Tree // over output.Text
}

// Locator returns the positions of an object in the output; tree has those in
// the rendered text.
func (o *Output) Locator(tree *document.Tree) *Locator { return &Locator{output: o, tree: tree} }

// Rendered returns where a value stands in the rendered text.
func (l *Locator) Rendered(path document.Path) (document.Range, bool) { return l.tree.Locate(path) }

// Locate implements document.Locator: the part of the template's line that
// wrote the value. Where an include wrote the line, that is the line of the
// included template. exact is false when nothing is known but the nearest line.
func (l *Locator) Locate(path document.Path) (document.Range, bool) {
	value, exact := l.tree.Locate(path)
	key, _ := l.tree.LocateKey(path)
	r, sure := l.output.place(value, key)
	return r, exact && sure
}

// LocateKey implements document.Locator.
func (l *Locator) LocateKey(path document.Path) (document.Range, bool) {
	key, exact := l.tree.LocateKey(path)
	r, sure := l.output.place(key, key)
	return r, exact && sure
}

// calls lists the actions that included what wrote the value at path: the
// nearest first.
func (l *Locator) calls(path document.Path) []document.Range {
	key, _ := l.tree.LocateKey(path)
	at := l.output.at(key.Start.Offset)
	if at == nil {
		return nil
	}
	var out []document.Range
	for i := len(at.sites) - 2; i >= 0; i-- {
		out = append(out, l.output.chart.sites.list[at.sites[i]].span())
	}
	return out
}

// Place returns the part of a template that wrote a range of the output.
func (o *Output) Place(r document.Range) (document.Range, bool) {
	return o.place(r, o.Text.Range(r.Start.Offset, r.Start.Offset))
}

// place finds what wrote a value. When the line of its key is of the same
// template as the value, that is where a reader looks for it, whatever was
// included to compute it.
func (o *Output) place(value, key document.Range) (document.Range, bool) {
	ks, vs := o.at(key.Start.Offset), o.at(o.firstVisible(value))
	if ks == nil || vs == nil {
		return o.File.Range(0, 0), false
	}
	list := o.chart.sites.list
	inner := list[ks.sites[len(ks.sites)-1]]
	home := inner.span()
	if value.Start.Line != key.Start.Line && value.Start != key.Start {
		// A block: its own first line says where it is.
		inner = list[vs.sites[len(vs.sites)-1]]
		return o.literal(vs, inner, value), true
	}
	for _, site := range slices.Backward(vs.sites) {
		s := list[site]
		if r := s.span(); r.Source == home.Source && r.Start.Line <= home.End.Line && r.End.Line >= home.Start.Line {
			return o.literal(vs, s, value), true
		}
	}
	return home, true
}

// literal narrows a place in a template to what wrote the value: from where it
// begins to where it ends, when that is in the same text.
func (o *Output) literal(in *segment, s site, value document.Range) document.Range {
	start := s.start
	if !s.action {
		start = min(s.start+o.firstVisible(value)-in.start, s.end)
	}
	if value.Start == value.End { // null
		return s.source.Range(start, start)
	}
	last := o.lastVisible(value)
	out := o.at(last)
	if out == nil || out == in && s.action {
		return s.source.Range(start, s.end)
	}
	for _, number := range slices.Backward(out.sites) {
		e := o.chart.sites.list[number]
		if e.source != s.source || e.end < start {
			continue
		}
		end := e.end
		if !e.action {
			end = min(e.start+last+1-out.start, e.end)
		}
		if end > start {
			return s.source.Range(start, end)
		}
	}
	return s.source.Range(start, s.end)
}

func (s site) span() document.Range { return s.source.Range(s.start, s.end) }

// firstVisible is where the text of a range begins.
func (o *Output) firstVisible(r document.Range) int {
	text := o.Text.Content[r.Start.Offset:r.End.Offset]
	return r.Start.Offset + len(text) - len(bytes.TrimLeft(text, " \t\r\n"))
}

// lastVisible is where the last character of a range stands.
func (o *Output) lastVisible(r document.Range) int {
	text := o.Text.Content[r.Start.Offset:r.End.Offset]
	return r.Start.Offset + max(len(bytes.TrimRight(text, " \t\r\n"))-1, 0)
}

// at returns the segment that an offset of the output lies in.
func (o *Output) at(offset int) *segment {
	i := sort.Search(len(o.segments), func(i int) bool { return o.segments[i].start > offset }) - 1
	if i < 0 {
		return nil
	}
	return &o.segments[i]
}
