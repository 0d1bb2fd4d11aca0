package cfn

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// forEachPrefix begins the key of a loop. Its name follows and means nothing.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
const forEachPrefix = "Fn::ForEach"

// An entry is a key of an object with loops unrolled and files included.
type entry struct {
	key     string
	keySpan span
	node    *yamlnode.Node
	f       frame
}

// each calls yield for every key of an object. It returns the reason why there
// may be more keys, or "".
func (t *tmpl) each(n *yamlnode.Node, f frame, yield func(e entry)) (partial string) {
	return t.eachOrGuess(n, f, yield, nil)
}

// eachOrGuess is each with the entries of undecided loops: guess gets the body
// of such a loop once, with its identifier unknown.
func (t *tmpl) eachOrGuess(n *yamlnode.Node, f frame, yield, guess func(e entry)) (partial string) {
	for i, k := range n.Keys {
		k = k.Target()
		reason := ""
		switch {
		case strings.HasPrefix(k.Text, forEachPrefix):
			reason = t.loop(n.Values[i], f, k, yield, guess)
		case k.Text == "Fn::Transform":
			reason = t.transformAmong(n.Values[i], f, yield, guess)
		case k.Text == "<<" && k.Plain:
			reason = t.mergeKeys(n, n.Values[i], f, yield)
		case strings.HasPrefix(k.Text, "Fn::"):
			t.errorAt(f.span(k), "%s stands beside other keys; a function must be the only key of its object", k.Text)
			reason = document.UnevaluatedExpression
		default:
			yield(entry{key: f.vars.substituteKey(k.Text), keySpan: f.span(k), node: n.Values[i], f: f})
		}
		if reason != "" && partial == "" {
			partial = reason
		}
	}
	return partial
}

// mergeKeys handles YAML's "<<", which packaging tools resolve before the
// service sees the template. Keys that the object itself has win.
func (t *tmpl) mergeKeys(into, n *yamlnode.Node, f frame, yield func(e entry)) (partial string) {
	n = n.Target()
	if f.depth++; f.depth > maxDepth {
		return document.UnevaluatedExpression
	}
	switch n.Kind {
	case yamlnode.Mapping:
		own := make(map[string]bool, len(into.Keys))
		for _, k := range into.Keys {
			own[k.Target().Text] = true
		}
		return t.each(n, f, func(e entry) {
			if !own[e.key] {
				yield(e)
			}
		})
	case yamlnode.Sequence:
		for _, item := range slices.Backward(n.Items) { // the first of several wins, and a later entry replaces an earlier one
			if reason := t.mergeKeys(into, item, f, yield); reason != "" {
				partial = reason
			}
		}
		return partial
	default:
		t.errorAt(f.span(n), "a merge key needs an object or a list of objects")
		return document.UnevaluatedExpression
	}
}

// loop unrolls Fn::ForEach: [Identifier, Collection, {Key: Value}].
func (t *tmpl) loop(arg *yamlnode.Node, f frame, key *yamlnode.Node, yield, guess func(e entry)) (partial string) {
	arg = arg.Target()
	if f.depth++; f.depth > maxDepth {
		return document.UnevaluatedExpression
	}
	if arg.Kind != yamlnode.Sequence || len(arg.Items) != 3 ||
		arg.Items[0].Target().Kind != yamlnode.Scalar || arg.Items[2].Target().Kind != yamlnode.Mapping {
		t.errorAt(f.span(key), "%s needs a list of an identifier, a collection and an object", key.Text)
		return document.UnevaluatedExpression
	}
	l := looping{t: t, f: f, name: arg.Items[0].Target().Text, body: arg.Items[2].Target(), guess: guess}
	collection := t.eval(arg.Items[1], f)
	switch collection.kind {
	case list:
		for _, v := range collection.items {
			switch {
			case v.kind == known && v.secret == "":
				l.run(v, yield)
			case v.kind == unknown:
				l.undecided(v)
			default:
				t.errorAt(f.span(arg.Items[1]), "%s loops over something that is no text", key.Text)
				l.partial = document.UnevaluatedExpression
			}
		}
	case unknown:
		// One element of the collection, whatever it will be.
		h := *derived("Fn::ForEach", collection)
		h.name, h.unique = holeName(l.name), true
		l.undecided(holeValue(&h, textShape, collection.span))
	default:
		t.errorAt(f.span(arg.Items[1]), "%s needs a list to loop over", key.Text)
		l.partial = document.UnevaluatedExpression
	}
	return l.partial
}

// A looping is one Fn::ForEach while it is unrolled.
type looping struct {
	t       *tmpl
	f       frame
	name    string
	body    *yamlnode.Node
	guess   func(e entry)
	partial string
}

// run goes through the body with the identifier bound to v.
func (l *looping) run(v *value, yield func(e entry)) {
	inner := l.f
	inner.vars = &binding{name: l.name, value: v, outer: l.f.vars}
	if reason := l.t.eachOrGuess(l.body, inner, yield, l.guess); l.partial == "" {
		l.partial = reason
	}
}

// undecided goes through the body for an element that is not known.
func (l *looping) undecided(v *value) {
	if l.partial == "" {
		l.partial = v.reason
	}
	if l.guess != nil {
		l.run(v, l.guess)
	}
}

// substitute replaces ${Identifier} and &{Identifier} of the loops around. The
// second form leaves out what may not stand in a logical ID.
func (b *binding) substitute(s string) []part {
	var out []part
	for s != "" {
		at := strings.IndexByte(s, '{')
		if at < 0 {
			break
		}
		end := strings.IndexByte(s[at:], '}')
		if at == 0 || end < 0 || s[at-1] != '$' && s[at-1] != '&' {
			out = append(out, part{text: s[:at+1]})
			s = s[at+1:]
			continue
		}
		v, ok := b.lookup(s[at+1 : at+end])
		if !ok {
			out = append(out, part{text: s[:at+1]})
			s = s[at+1:]
			continue
		}
		out = append(out, part{text: s[:at-1]})
		parts, _ := v.textParts(true)
		if s[at-1] == '&' {
			parts = alphanumeric(parts)
		}
		out = append(out, parts...)
		s = s[at+end+1:]
	}
	return append(out, part{text: s})
}

func (b *binding) substituteKey(s string) string {
	if b == nil || !strings.Contains(s, "{") {
		return s
	}
	var out strings.Builder
	for _, p := range b.substitute(s) {
		if p.hole != nil {
			out.WriteString("${" + p.hole.name + "}")
			continue
		}
		out.WriteString(p.text)
	}
	return out.String()
}

func alphanumeric(parts []part) []part {
	out := make([]part, len(parts))
	for i, p := range parts {
		p.text = strings.Map(func(r rune) rune {
			if r > 0x7f || r == '-' || !wordClass(byte(r)) {
				return -1
			}
			return r
		}, p.text)
		out[i] = p
	}
	return out
}
