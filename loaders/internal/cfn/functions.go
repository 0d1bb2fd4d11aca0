package cfn

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// arguments returns the elements of a list argument; ok is false when there is
// another number of them.
func (c call) arguments(least, most int) ([]*yamlnode.Node, bool) {
	arg := c.arg.Target()
	if arg.Kind != yamlnode.Sequence || arg.Tag != "" || len(arg.Items) < least || len(arg.Items) > most {
		return nil, false
	}
	return arg.Items, true
}

// join evaluates Fn::Join: [separator, list].
func (t *tmpl) join(c call) *value {
	args, ok := c.arguments(2, 2)
	if !ok {
		return t.misused(c, "a separator and a list")
	}
	separator, ok := t.eval(args[0], c.f).text()
	if !ok {
		return t.misused(c, "a separator that is a known text")
	}
	items := t.eval(args[1], c.f)
	switch {
	case items.kind == list && items.partial == "":
		out, bad := concat(items.items, separator, c)
		if bad {
			t.errorAt(c.span, "Fn::Join: an element is a list or an object, and cannot stand in a text")
		}
		return out
	case items.kind == list, items.kind == unknown:
		h := derived(c.name, scalarValue(separator, c.span), items)
		return holeValue(h, textShape, c.span).with(allEdges(items))
	default:
		return t.misused(c, "a list as its second argument")
	}
}

// split evaluates Fn::Split: [delimiter, text].
func (t *tmpl) split(c call) *value {
	args, ok := c.arguments(2, 2)
	if !ok {
		return t.misused(c, "a delimiter and a text")
	}
	delimiter, ok := t.eval(args[0], c.f).text()
	if !ok || delimiter == "" {
		return t.misused(c, "a delimiter that is a known text")
	}
	source := t.eval(args[1], c.f)
	parts, ok := source.textParts(false)
	if !ok || source.kind == none || source.kind == unknown && source.shape == listShape {
		return t.misused(c, "a text as its second argument")
	}
	pieces, ok := splitText(parts, delimiter)
	if !ok {
		h := derived(c.name, scalarValue(delimiter, c.span), source)
		return holeValue(h, listShape, c.span).with(source.edges)
	}
	out := listValue(make([]*value, len(pieces)), c.span)
	for i, p := range pieces {
		v := textValue(p, c.span).with(source.edges)
		if source.secret != "" {
			w := *v
			w.secret = "Fn::Split." + strconv.Itoa(i) + "." + source.secret
			v = &w
		}
		out.items[i] = v
	}
	return out
}

// selectOne evaluates Fn::Select: [index, list].
func (t *tmpl) selectOne(c call) *value {
	args, ok := c.arguments(2, 2)
	if !ok {
		return t.misused(c, "an index and a list")
	}
	index, items := t.eval(args[0], c.f), t.eval(args[1], c.f)
	if items.kind != list && items.kind != unknown {
		return t.misused(c, "a list as its second argument")
	}
	text, ok := index.text()
	if !ok {
		if index.kind != unknown {
			return t.misused(c, "an index that is a number")
		}
		return holeValue(derived(c.name, index, items), anyShape, c.span).with(allEdges(index, items))
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 {
		return t.misused(c, "an index that is a number from 0 on")
	}
	if items.kind == list {
		if v, ok := element(items, n); ok {
			return v.at(c.span)
		}
		if n >= len(items.items) && items.partial == "" && fixedLength(items) {
			t.errorAt(c.span, "Fn::Select: the list has no element %d, it has %d", n, len(items.items))
			return failed(c.span)
		}
	}
	shape := textShape
	if items.kind == list {
		shape = anyShape
	}
	h := derived(c.name, scalarValue(int64(n), c.span), items)
	return holeValue(h, shape, c.span).with(allEdges(items))
}

// element returns an element of a list; ok is false when elements before it may
// not be there, or there is none.
func element(l *value, n int) (*value, bool) {
	if n >= len(l.items) {
		return nil, false
	}
	for _, v := range l.items[:n+1] {
		if v.optional {
			return nil, false
		}
	}
	return l.items[n], true
}

func fixedLength(l *value) bool {
	for _, v := range l.items {
		if v.optional {
			return false
		}
	}
	return true
}

// length evaluates Fn::Length.
func (t *tmpl) length(c call) *value {
	items := t.eval(c.arg, c.f)
	switch {
	case items.kind == list && items.partial == "" && fixedLength(items):
		return scalarValue(int64(len(items.items)), c.span)
	case items.kind == list, items.kind == unknown:
		return holeValue(derived(c.name, items), textShape, c.span).with(allEdges(items))
	default:
		return t.misused(c, "a list")
	}
}

// base64 evaluates Fn::Base64.
func (t *tmpl) base64(c call) *value {
	v := t.eval(c.arg, c.f)
	if s, ok := v.text(); ok {
		out := *scalarValue(base64.StdEncoding.EncodeToString([]byte(s)), c.span).with(v.edges)
		if v.secret != "" {
			out.secret = "Fn::Base64." + v.secret
		}
		return &out
	}
	parts, ok := v.textParts(true)
	if !ok || v.kind == none {
		return t.misused(c, "a text")
	}
	mark := part{hole: &hole{name: base64Mark, root: base64Mark, reason: v.reason, pseudo: true}}
	return &value{
		kind: unknown, parts: append([]part{mark}, parts...), reason: v.reason, shape: textShape,
		edges: v.edges, span: c.span,
	}
}

// getAZs evaluates Fn::GetAZs, which asks the account.
func (t *tmpl) getAZs(c call) *value {
	region := t.eval(c.arg, c.f)
	if _, ok := region.text(); !ok && region.kind != unknown {
		return t.misused(c, "the name of a region")
	}
	h := derived(c.name, region)
	h.reason, h.pseudo = document.RuntimeRef, false
	return holeValue(h, listShape, c.span)
}

// importValue evaluates Fn::ImportValue, and Fn::GetStackOutput, which does the
// same across regions.
func (t *tmpl) importValue(c call) *value {
	name := t.eval(c.arg, c.f)
	if name.kind == none || name.kind == list || name.kind == object && c.name == "Fn::ImportValue" {
		return t.misused(c, "the name of an export")
	}
	if s, ok := name.text(); ok && name.secret == "" {
		full := c.name + "." + holeName(s)
		h := &hole{name: full, root: full, reason: document.ImportValue}
		out := holeValue(h, textShape, c.span)
		out.edges = []edge{{token: exportToken(s)}}
		return out
	}
	h := derived(c.name, name)
	h.reason, h.pseudo = document.ImportValue, false
	return holeValue(h, textShape, c.span).with(allEdges(name))
}

func exportToken(name string) string { return "cfn-export:" + name }

// toJSONString evaluates Fn::ToJsonString.
func (t *tmpl) toJSONString(c call) *value {
	v := t.eval(c.arg, c.f)
	if v.kind != object && v.kind != list {
		if v.kind == unknown {
			return holeValue(derived(c.name, v), textShape, c.span).with(v.edges)
		}
		return t.misused(c, "an object or a list")
	}
	parts, complete := jsonParts(v, allKnown(v))
	edges := allEdges(v)
	if !complete {
		return holeValue(derived(c.name, v), textShape, c.span).with(edges)
	}
	out := *textValue(parts, c.span).with(edges)
	if out.kind == known && secretOf(v) != "" {
		out.secret = derived(c.name, v).name
	}
	return &out
}

func allKnown(v *value) bool {
	if v.kind == unknown {
		return false
	}
	for _, e := range v.items {
		if !allKnown(e) {
			return false
		}
	}
	for _, f := range v.fields {
		if !allKnown(f.value) {
			return false
		}
	}
	return true
}

// jsonParts writes v as JSON; complete is false when it may have more members
// than are known. plain says that there are no holes, so that secrets may show.
func jsonParts(v *value, plain bool) (parts []part, complete bool) {
	complete = v.partial == "" && !v.optional
	add := func(text string) { parts = append(parts, part{text: text}) }
	switch v.kind {
	case list:
		add("[")
		for i, e := range v.items {
			if i > 0 {
				add(",")
			}
			inner, ok := jsonParts(e, plain)
			parts, complete = append(parts, inner...), complete && ok
		}
		add("]")
	case object:
		add("{")
		for i, f := range v.fields {
			if i > 0 {
				add(",")
			}
			add(jsonText(f.key) + ":")
			inner, ok := jsonParts(f.value, plain)
			parts, complete = append(parts, inner...), complete && ok
		}
		add("}")
	case unknown:
		return jsonUnknown(v), complete
	default:
		if v.secret != "" && !plain {
			add(`"`)
			parts = append(parts, part{hole: secretHole(v.secret)})
			add(`"`)
			break
		}
		add(jsonText(v.scalar))
	}
	return parts, complete
}

func jsonUnknown(v *value) []part {
	if v.shape != textShape || opaque(v.parts) {
		return []part{{hole: derived("Fn::ToJsonString", v)}}
	}
	parts := []part{{text: `"`}}
	for _, p := range v.parts {
		if p.hole == nil {
			quoted := jsonText(p.text)
			p.text = quoted[1 : len(quoted)-1]
		}
		parts = append(parts, p)
	}
	return append(parts, part{text: `"`})
}

func jsonText(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "null" // no scalar of ours fails
	}
	return strings.TrimSuffix(b.String(), "\n")
}
