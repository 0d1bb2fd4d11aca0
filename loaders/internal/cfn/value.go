package cfn

import (
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

type kind uint8

const (
	known   kind = iota // a scalar: nil, bool, int64, float64 or string
	list                // items
	object              // fields
	unknown             // parts, reason
	none                // AWS::NoValue
)

// A span is a range of byte offsets in the template.
type span struct{ start, end int }

// A value is the result of an evaluation. Values are not changed once they are
// returned, so that they may be shared.
type value struct {
	kind   kind
	scalar any
	items  []*value
	fields []field
	// parts are the text of an unknown; reason is why it is unknown.
	parts  []part
	reason string
	// shape says what an unknown would be.
	shape shape
	// partial, on lists and objects, is the reason why there may be more in them.
	partial string
	// edges are the resources that the value itself was taken from.
	edges []edge
	// secret names a value that must not be printed ("" for others): the hole
	// that stands for it inside longer texts.
	secret string
	// optional marks an unknown that may turn out to be AWS::NoValue.
	optional bool
	span     span
}

// A shape is what is known of the type of an unknown value.
type shape uint8

const (
	anyShape  shape = iota // anything, such as the branches of an undecided Fn::If
	textShape              // a scalar that can stand in a text
	listShape
)

type field struct {
	key     string
	keySpan span
	value   *value
}

// An edge is a reference to a resource.
type edge struct{ token, attribute string }

// A hole is an unknown part of a text.
type hole struct {
	name   string
	reason string
	// root is the reference that a derived hole came from in the end.
	root string
	// class tells which characters the value can consist of; nil: any.
	class func(c byte) bool
	// allowed are the only possible values; nil: any.
	allowed []string
	// unique holes are equal to nothing, not even to themselves.
	unique bool
	// pseudo marks AWS::Region and the like, whose reason counts last.
	pseudo bool
}

// A part of a text is a literal or a hole.
type part struct {
	text string
	hole *hole
}

func scalarValue(v any, at span) *value { return &value{kind: known, scalar: v, span: at} }

func listValue(items []*value, at span) *value { return &value{kind: list, items: items, span: at} }

func holeValue(h *hole, s shape, at span) *value {
	return &value{kind: unknown, parts: []part{{hole: h}}, reason: h.reason, shape: s, span: at}
}

// textValue joins parts: a known string when there is no hole among them.
func textValue(parts []part, at span) *value {
	parts = dynamicReferences(compact(parts))
	if len(parts) == 0 {
		return scalarValue("", at)
	}
	if len(parts) == 1 && parts[0].hole == nil {
		return scalarValue(parts[0].text, at)
	}
	return &value{kind: unknown, parts: parts, reason: reasonOf(parts), shape: textShape, span: at}
}

// reasonOf picks the reason of the first hole that only a deployment fills;
// account, region and partition are what a user can tell, and count last.
func reasonOf(parts []part) string {
	reason := ""
	for _, p := range parts {
		if p.hole == nil {
			continue
		}
		if !p.hole.pseudo {
			return p.hole.reason
		}
		if reason == "" {
			reason = p.hole.reason
		}
	}
	return reason
}

// at returns v with another span; what is inside it keeps its own.
func (v *value) at(s span) *value {
	if v.span == s {
		return v
	}
	w := *v
	w.span = s
	return &w
}

// moved returns v with the span throughout, for values written elsewhere.
func (v *value) moved(s span) *value {
	w := *v
	w.span = s
	if v.items != nil {
		w.items = make([]*value, len(v.items))
		for i, e := range v.items {
			w.items[i] = e.moved(s)
		}
	}
	if v.fields != nil {
		w.fields = make([]field, len(v.fields))
		for i, f := range v.fields {
			w.fields[i] = field{key: f.key, keySpan: s, value: f.value.moved(s)}
		}
	}
	return &w
}

// with returns v with more edges.
func (v *value) with(edges []edge) *value {
	if len(edges) == 0 {
		return v
	}
	w := *v
	w.edges = append(append([]edge{}, v.edges...), edges...)
	return &w
}

// from returns v as something taken from a resource: what that resource took
// from others to make it is not the business of who refers to it.
func (v *value) from(edges []edge, at span) *value {
	w := *v
	w.span, w.edges = at, edges
	return &w
}

// field returns the value of a key of an object.
func (v *value) field(key string) (*value, bool) {
	for _, f := range v.fields {
		if f.key == key {
			return f.value, true
		}
	}
	return nil, false
}

// lookup returns field for many keys.
func (v *value) lookup() func(key string) (*value, bool) {
	if len(v.fields) <= 16 {
		return v.field
	}
	index := make(map[string]*value, len(v.fields))
	for _, f := range v.fields {
		index[f.key] = f.value
	}
	return func(key string) (*value, bool) {
		w, ok := index[key]
		return w, ok
	}
}

// ending returns what a text certainly ends with, "" when that is not known.
func (v *value) ending() string {
	if s, ok := v.isText(); ok {
		return s
	}
	if n := len(v.parts); n > 0 && v.parts[n-1].hole == nil {
		return v.parts[n-1].text
	}
	return ""
}

// isText reports whether v is a known string, and which.
func (v *value) isText() (string, bool) {
	if v.kind != known {
		return "", false
	}
	s, ok := v.scalar.(string)
	return s, ok
}

// text returns a known scalar as CloudFormation writes it into a text.
func (v *value) text() (string, bool) {
	if v.kind != known {
		return "", false
	}
	return scalarText(v.scalar), true
}

func scalarText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		// The service reads numbers as Java does: 1.0 keeps its fraction, and 1.30
		// has become 1.3 by then.
		s := strconv.FormatFloat(v, 'f', -1, 64)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	default:
		return ""
	}
}

// textParts returns what v contributes to a text; ok is false for lists and
// objects, which cannot stand in one. masked hides secrets behind holes.
func (v *value) textParts(masked bool) (parts []part, ok bool) {
	switch v.kind {
	case known:
		if masked && v.secret != "" {
			return []part{{hole: secretHole(v.secret)}}, true
		}
		return []part{{text: scalarText(v.scalar)}}, true
	case none:
		return nil, true
	case unknown:
		if opaque(v.parts) {
			return []part{{hole: derived("Fn::Base64", v)}}, true
		}
		return v.parts, true
	default:
		return nil, false
	}
}

func secretHole(name string) *hole {
	return &hole{name: name, reason: document.SensitiveValue, root: name}
}

// allEdges collects the edges of v and of everything inside it.
func allEdges(values ...*value) []edge {
	var out []edge
	seen := map[edge]bool{}
	var walk func(v *value)
	walk = func(v *value) {
		for _, e := range v.edges {
			if !seen[e] {
				seen[e] = true
				out = append(out, e)
			}
		}
		for _, e := range v.items {
			walk(e)
		}
		for _, f := range v.fields {
			walk(f.value)
		}
	}
	for _, v := range values {
		walk(v)
	}
	return out
}

// secretOf returns the name of the first secret in values.
func secretOf(values ...*value) string {
	for _, v := range values {
		if v.secret != "" {
			return v.secret
		}
		if s := secretOf(v.items...); s != "" {
			return s
		}
		for _, f := range v.fields {
			if s := secretOf(f.value); s != "" {
				return s
			}
		}
	}
	return ""
}

// derived names the result of a function over values that are not all known.
// The name depends on the function and its arguments alone, so that equal
// expressions have equal names.
func derived(function string, args ...*value) *hole {
	var b strings.Builder
	b.WriteString(function)
	root, unique, pseudo := "", false, true
	reason := ""
	for _, a := range args {
		writeExpression(&b, a)
		eachHole(a, func(h *hole) {
			if reason == "" || pseudo && !h.pseudo {
				root, reason = h.root, h.reason
			}
			pseudo = pseudo && h.pseudo
			unique = unique || h.unique
		})
		if reason == "" && a.kind == unknown {
			reason = a.reason
		}
	}
	if reason == "" {
		reason = document.UnevaluatedExpression
	}
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(b.String())) // a hash never returns an error
	name := function
	if root != "" {
		name += "." + root
	}
	name += "." + strconv.FormatUint(sum.Sum64()&(1<<40-1), 16)
	return &hole{name: name, reason: reason, root: root, unique: unique, pseudo: pseudo && root != ""}
}

func eachHole(v *value, f func(h *hole)) {
	for _, p := range v.parts {
		if p.hole != nil {
			f(p.hole)
		}
	}
	for _, e := range v.items {
		eachHole(e, f)
	}
	for _, fd := range v.fields {
		eachHole(fd.value, f)
	}
}

// writeExpression writes v so that different values are written differently.
// Secrets are written by name: the text goes into a hash that is printed.
func writeExpression(b *strings.Builder, v *value) {
	switch {
	case v.secret != "":
		b.WriteString("!" + v.secret)
	case v.kind == known:
		if s, ok := v.scalar.(string); ok {
			b.WriteString(strconv.Quote(s))
		} else {
			b.WriteString(scalarText(v.scalar) + ";")
		}
	case v.kind == list:
		b.WriteByte('[')
		for _, e := range v.items {
			writeExpression(b, e)
			b.WriteByte(',')
		}
		b.WriteString(v.partial + "]")
	case v.kind == object:
		b.WriteByte('{')
		for _, f := range v.fields {
			b.WriteString(strconv.Quote(f.key))
			writeExpression(b, f.value)
		}
		b.WriteString(v.partial + "}")
	case v.kind == unknown:
		b.WriteByte('<')
		b.WriteString(template(v.parts))
		b.WriteByte('>')
	default:
		b.WriteByte('-')
	}
}
