package cfn

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// documents returns one document per resource, in the order of the template.
func (t *tmpl) documents() []*document.Document {
	t.findExports()
	out := make([]*document.Document, 0, len(t.order))
	framework := t.isFramework()
	for _, r := range t.order {
		t.settle(r)
		if r.exists == no {
			continue
		}
		d := t.document(r)
		t.session.open.add(d, t.existence(r))
		if framework || t.isPlumbing(r, d) {
			d.Metadata["origin"] = "cdk_framework"
		}
		out = append(out, d)
		if isStack(r) {
			t.stack(r)
		}
	}
	t.findRings(out)
	t.checkTheRest()
	return out
}

// checkTheRest evaluates what no resource has asked for, so that its mistakes
// are told: the service refuses the template for them too.
func (t *tmpl) checkTheRest() {
	for _, name := range sortedKeys(t.conditions) {
		t.decide(name, t.conditions[name].entry.keySpan, nil)
	}
	for _, o := range t.outputs {
		f := o.f
		if n := child(o.node, "Condition"); n != nil {
			name, ok := t.name(n, f)
			if !ok {
				continue
			}
			switch t.decide(name, f.span(n), nil) {
			case no:
				continue
			case maybe:
				f = t.suppose(f, name, true)
			case yes:
			}
		}
		if n := child(o.node, "Value"); n != nil {
			t.eval(n, f)
		}
	}
}

func (t *tmpl) document(r *resource) *document.Document {
	d := &document.Document{
		ID: t.id + r.id, Format: Format, Kind: r.typ, Name: r.id, Address: r.id,
		Scope: strings.TrimSuffix(t.token, "#"), Action: document.Present,
		Conditional: r.exists == maybe || r.guessed || t.conditional,
		Metadata:    t.metadata(r),
		Raw:         map[string]any{},
		RawStates:   document.States{},
		Tokens:      []string{t.token + r.id},
	}
	for _, name := range r.exports {
		d.Tokens = append(d.Tokens, exportToken(name))
	}
	b := builder{t: t, doc: d, tree: document.NewTree(t.src)}
	properties := &value{kind: object}
	if r.properties != nil {
		properties = t.eval(r.properties, r.f)
	}
	properties = t.withGlobals(r, properties)
	b.root(r, properties)
	if (t.macro || r.partial != "") && b.doc.RawStates[""].Kind == "" {
		reason := r.partial
		if t.macro {
			reason = document.Macro
		}
		d.RawStates[""] = document.State{Kind: document.Partial, Reason: reason}
	}
	d.SetLocator(locate(t, r, b.tree))
	return d
}

// A builder turns the value of the properties into Raw and its positions.
type builder struct {
	t    *tmpl
	doc  *document.Document
	tree *document.Tree
	path document.Path
	refs map[refKey]bool
}

type refKey struct {
	path string
	edge edge
}

// here returns a copy of the current path.
func (b *builder) here() document.Path { return append(document.Path{}, b.path...) }

func (b *builder) root(r *resource, v *value) {
	at := r.entry.keySpan
	if e, ok := r.body["Properties"]; ok && e.keySpan != (span{}) {
		at = e.keySpan
	}
	root := b.tree.Add(-1, "", -1, -1, at.start, max(at.end, v.span.end))
	b.note(v)
	switch v.kind {
	case object:
		b.fields(root, v, b.doc.Raw)
	case unknown:
		b.unknown(v)
	case none:
	case known, list:
		b.t.errorAt(at, "the Properties of resource %q must be an object; they are not read", r.id)
		b.doc.RawStates[""] = document.State{Kind: document.Unknown, Reason: document.UnevaluatedExpression}
	}
}

func (b *builder) fields(node int, v *value, into map[string]any) {
	if v.partial != "" {
		b.state(document.State{Kind: document.Partial, Reason: v.partial})
	}
	for _, f := range v.fields {
		if f.value.kind == none {
			continue
		}
		b.path = append(b.path, f.key)
		child := b.tree.Add(node, f.key, f.keySpan.start, f.keySpan.end, f.value.span.start, f.value.span.end)
		if raw, ok := b.put(child, f.value); ok {
			into[f.key] = raw
		} else {
			delete(into, f.key)
		}
		b.path = b.path[:len(b.path)-1]
	}
}

// put returns the raw value of v; ok is false for an unknown.
func (b *builder) put(node int, v *value) (raw any, ok bool) {
	b.note(v)
	switch v.kind {
	case unknown:
		b.unknown(v)
		return nil, false
	case object:
		into := make(map[string]any, len(v.fields))
		b.fields(node, v, into)
		return into, true
	case list:
		return b.items(node, v), true
	default:
		return v.scalar, true
	}
}

func (b *builder) items(node int, v *value) []any {
	out := make([]any, 0, len(v.items))
	partial := v.partial
	for _, e := range v.items {
		if e.kind == none {
			continue
		}
		b.path = append(b.path, len(out))
		child := b.tree.Add(node, "", -1, -1, e.span.start, e.span.end)
		raw, ok := b.put(child, e)
		if !ok && partial == "" && (e.shape != textShape || e.optional) {
			partial = e.reason // not even the number of elements is certain
		}
		out = append(out, raw)
		b.path = b.path[:len(b.path)-1]
	}
	if partial != "" {
		b.state(document.State{Kind: document.Partial, Reason: partial, Refs: tokens(v.items...)})
	}
	return out
}

// note keeps what is said about a value beside itself.
func (b *builder) note(v *value) {
	if v.secret != "" || b.secretByType() {
		b.doc.Sensitive = append(b.doc.Sensitive, b.here())
	}
	if len(v.edges) == 0 {
		return
	}
	if b.refs == nil {
		b.refs = map[refKey]bool{}
	}
	key := refKey{path: b.path.String()}
	for _, e := range v.edges {
		key.edge = e
		if b.refs[key] {
			continue
		}
		b.refs[key] = true
		b.doc.Refs = append(b.doc.Refs, document.Ref{Path: b.here(), To: e.token, Attribute: e.attribute, Via: "reference"})
	}
}

// secretByType reports whether the type says that the value here is a secret.
func (b *builder) secretByType() bool {
	if len(b.path) != 1 {
		return false
	}
	switch b.path[0] {
	case "SecretString":
		return b.doc.Kind == "AWS::SecretsManager::Secret"
	case "Value":
		return b.doc.Kind == "AWS::SSM::Parameter" && b.doc.Raw["Type"] == "SecureString"
	case "MasterUserPassword":
		return true
	default:
		return false
	}
}

func (b *builder) unknown(v *value) {
	s := document.State{Kind: document.Unknown, Reason: v.reason, Refs: tokens(v)}
	if v.shape == textShape {
		s.Template = template(v.parts)
	}
	b.state(s)
}

// tokens returns the resources that unknown values were taken from.
func tokens(values ...*value) []string {
	var out []string
	for _, v := range values {
		if v.kind != unknown {
			continue
		}
		for _, e := range v.edges {
			if !slices.Contains(out, e.token) {
				out = append(out, e.token)
			}
		}
	}
	return out
}

func (b *builder) state(s document.State) { b.doc.RawStates[b.path.String()] = s }

// A locator places a document: the whole resource, or values in its Properties.
type locator struct {
	*document.Tree
	resource, id document.Range
}

func locate(t *tmpl, r *resource, tree *document.Tree) document.Locator {
	end := max(r.entry.keySpan.end, r.entry.f.span(r.entry.node.Target()).end)
	return &locator{
		Tree:     tree,
		resource: t.src.Range(r.entry.keySpan.start, end).Outermost(),
		id:       t.src.Range(r.entry.keySpan.start, r.entry.keySpan.end).Outermost(),
	}
}

// Locate implements document.Locator. Nothing is the resource; a property that
// is missing is where its siblings are.
func (l *locator) Locate(path document.Path) (document.Range, bool) {
	if len(path) == 0 {
		return l.resource, true
	}
	return l.Tree.Locate(path)
}

// LocateKey implements document.Locator.
func (l *locator) LocateKey(path document.Path) (document.Range, bool) {
	if len(path) == 0 {
		return l.id, true
	}
	return l.Tree.LocateKey(path)
}
