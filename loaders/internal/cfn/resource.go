package cfn

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// A resource is an entry of the Resources section.
type resource struct {
	entry entry
	id    string
	typ   string
	// body are the keys of the resource: Type, Properties, Condition and so on.
	body map[string]entry
	// partial says why the body may have more keys.
	partial string
	// properties is nil when there are none.
	properties *yamlnode.Node
	// f is the frame of the properties: loops around, and the conditions that
	// hold when the resource exists.
	f frame
	// exists is no for a resource whose condition does not hold.
	exists  tri
	decided bool
	// guessed: the body of a loop over a collection that is not known.
	guessed bool
	// known values of single properties, by path; nil while one is evaluated.
	memo map[string]*value
	// stack is the template of a nested stack once it is looked for.
	stack       *tmpl
	stackLooked bool
	packaged    bool // its template was found behind the hash of an upload
	// exports are the names under which outputs export the resource.
	exports []string
}

func (t *tmpl) addGuess(e entry) {
	t.addResource(e)
	if r := t.resources[e.key]; r != nil {
		r.guessed = true
	}
}

func (t *tmpl) addResource(e entry) {
	n := e.node.Target()
	if n.Kind != yamlnode.Mapping {
		t.errorAt(e.keySpan, "resource %q must be an object with a Type; it is not read", e.key)
		return
	}
	if old := t.resources[e.key]; old != nil {
		t.warnAt(e.keySpan, "resource %q is defined twice; the last definition counts", e.key)
		for i := range t.order {
			if t.order[i] == old {
				t.order = append(t.order[:i], t.order[i+1:]...)
				break
			}
		}
	}
	r := &resource{entry: e, id: e.key, f: e.f, body: map[string]entry{}, memo: map[string]*value{}}
	r.partial = t.each(n, e.f, func(e entry) { r.body[e.key] = e })
	if !t.readType(r) {
		return
	}
	if p, ok := r.body["Properties"]; ok {
		r.properties, r.f = p.node.Target(), p.f
	}
	if p := r.properties; p != nil && isNull(p) {
		r.properties = nil // "Properties:" with nothing behind it
	}
	t.resources[r.id] = r
	t.order = append(t.order, r)
}

func (t *tmpl) readType(r *resource) bool {
	e, ok := r.body["Type"]
	if !ok {
		t.errorAt(r.entry.keySpan, "resource %q has no Type; it is not read", r.id)
		return false
	}
	typ := e.node.Target()
	if directive := rainDirective(typ); directive != "" {
		t.warnAt(e.f.span(typ), "!%s is a directive of the rain tool; package the template with it to have %q checked", directive, r.id)
		t.generated = true
		r.typ, r.partial = directive, document.Macro
		return true
	}
	s, ok := t.eval(typ, e.f).isText()
	if !ok || !strings.Contains(s, "::") {
		t.errorAt(r.entry.keySpan, "the Type of resource %q is not the name of a resource type; it is not read", r.id)
		return false
	}
	if strings.HasSuffix(s, "::MODULE") {
		r.partial = document.Macro // its resources are in the registry
	}
	r.typ = s
	return true
}

// rainDirective returns the name of a directive that "rain pkg" replaces,
// "Rain::Module" for one.
func rainDirective(n *yamlnode.Node) string {
	name, ok := tagFunction(n.Tag)
	if !ok && n.Kind == yamlnode.Mapping {
		name, _, ok = longFunction(n)
	}
	if directive, found := strings.CutPrefix(name, "Fn::Rain::"); ok && found {
		return "Rain::" + directive
	}
	return ""
}

// settle decides whether a resource exists, and what holds if it does.
func (t *tmpl) settle(r *resource) {
	if r.decided {
		return
	}
	r.decided, r.exists = true, yes
	e, ok := r.body["Condition"]
	if !ok {
		return
	}
	name, ok := t.name(e.node, e.f)
	if !ok {
		t.errorAt(e.f.span(e.node), "the Condition of resource %q must be the name of a condition", r.id)
		r.exists = maybe
		return
	}
	r.exists = t.decide(name, e.f.span(e.node), nil)
	if r.exists == maybe {
		r.f = t.suppose(r.f, name, true)
	}
}

// property evaluates one property by its keys. It is nil when the property is
// not written, or is what is being evaluated already.
func (t *tmpl) property(r *resource, keys ...string) *value {
	t.settle(r)
	memo := strings.Join(keys, "\x00")
	if v, ok := r.memo[memo]; ok {
		if v == nil {
			t.errorAt(r.entry.keySpan, "resource %q refers to itself", r.id)
			t.ringed = true
		} else if v.kind == none {
			return nil
		}
		return v
	}
	n := r.properties
	for _, key := range keys {
		if n == nil {
			return nil
		}
		n = n.Target()
		next := child(n, key)
		if next == nil && n.Kind == yamlnode.Mapping && (child(n, "Fn::Transform") != nil || child(n, "<<") != nil) {
			return failed(span{}) // it may come from there
		}
		n = next
	}
	if n == nil {
		return nil
	}
	r.memo[memo] = nil
	v := t.eval(n, r.f)
	r.memo[memo] = v
	if v.kind == none {
		return nil
	}
	return v
}

// refResource evaluates Ref of a resource: its name where the template sets it,
// or the ARN that follows from the name.
func (t *tmpl) refResource(r *resource, at span) *value {
	e := []edge{{token: t.token + r.id}}
	if v := t.refKnown(r, at); v != nil {
		return v.from(e, at)
	}
	h := &hole{name: holeName(r.id), root: holeName(r.id), reason: document.RuntimeRef, unique: r.guessed}
	if strings.HasPrefix(r.typ, "AWS::") {
		h.class = idClass
	}
	return holeValue(h, textShape, at).with(e)
}

func (t *tmpl) refKnown(r *resource, at span) *value {
	if keys, ok := refProperties[r.typ]; ok {
		return nameOf(t.property(r, keys...))
	}
	if pattern, ok := refPatterns[r.typ]; ok {
		return t.arn(r, pattern, at)
	}
	return nil
}

// nameOf returns a value that can be a name: a text, known in whole or in part.
func nameOf(v *value) *value {
	if v == nil || v.kind != known && (v.kind != unknown || v.shape != textShape || v.optional) {
		return nil
	}
	if v.kind == known {
		s := scalarText(v.scalar)
		if s == "" {
			return nil
		}
		w := *v
		w.scalar = s
		return &w
	}
	return v
}

// getAttribute evaluates Fn::GetAtt of a resource.
func (t *tmpl) getAttribute(r *resource, attribute string, c call) *value {
	e := []edge{{token: t.token + r.id, attribute: attribute}}
	if v := t.attributeKnown(r, attribute, c); v != nil {
		return v.with(e)
	}
	h := &hole{name: holeName(r.id + "." + attribute), root: holeName(r.id), reason: document.RuntimeRef, unique: r.guessed}
	if strings.HasPrefix(r.typ, "AWS::") && (strings.HasSuffix(attribute, "Arn") || strings.HasSuffix(attribute, "Id")) {
		h.class = idClass
	}
	if t.macro {
		h.unique = true
	}
	return holeValue(h, textShape, c.span).with(e)
}

func (t *tmpl) attributeKnown(r *resource, attribute string, c call) *value {
	switch {
	case r.typ == "Custom::AWSCDKCfnJson" && attribute == "Value":
		return t.cfnJSON(r, c)
	case isStack(r) && strings.HasPrefix(attribute, "Outputs."):
		return t.stackOutput(r, strings.TrimPrefix(attribute, "Outputs."), c)
	}
	if key, ok := echoes[r.typ+"."+attribute]; ok {
		if v := t.property(r, key); v != nil && v.kind != object {
			return v.moved(c.span)
		}
		return nil
	}
	if pattern, ok := attributePatterns[r.typ+"."+attribute]; ok {
		if v := t.arn(r, pattern, c.span); v != nil {
			return v.from(nil, c.span)
		}
	}
	return nil
}

// arn fills a pattern of attributes.go; nil when the name in it is not set.
func (t *tmpl) arn(r *resource, pattern string, at span) *value {
	c := call{name: "Fn::Sub", span: at}
	var pieces []*value
	for pattern != "" {
		before, after, found := strings.Cut(pattern, "<")
		pieces = append(pieces, scalarValue(before, at))
		if !found {
			break
		}
		name, rest, _ := strings.Cut(after, ">")
		pattern = rest
		v := t.slot(r, name)
		if v == nil {
			return nil
		}
		pieces = append(pieces, v)
	}
	out, _ := concat(pieces, "", c)
	return out
}

func (t *tmpl) slot(r *resource, name string) *value {
	if v, ok := t.pseudo("AWS::" + name); ok {
		return v
	}
	switch name {
	case "path":
		if v := t.property(r, "Path"); v != nil {
			return nameOf(v)
		}
		return scalarValue("/", span{})
	case "issuer":
		return issuer(nameOf(t.property(r, "Url")))
	default:
		return nameOf(t.property(r, strings.Split(name, ".")...))
	}
}

// issuer returns what an OIDC provider's ARN shows of its URL.
func issuer(url *value) *value {
	if url == nil {
		return nil
	}
	if s, ok := url.isText(); ok {
		w := *url
		w.scalar = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
		return &w
	}
	if first := url.parts[0]; first.hole == nil {
		rest, ok := strings.CutPrefix(first.text, "https://")
		if !ok {
			return nil
		}
		w := *url
		w.parts = compact(append([]part{{text: rest}}, url.parts[1:]...))
		return &w
	}
	h := derived("Fn::Issuer", url)
	h.class = issuerClass
	return holeValue(h, textShape, url.span)
}
