package canon

import (
	"strconv"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// derive returns the documents that a complete document holds besides itself.
func (in *interpreter) derive(b *build) []*document.Document {
	if b.plan.typ != "eks_cluster" {
		return nil
	}
	p := &parent{in: in, build: b, ids: map[string]int{}}
	switch b.plan.source {
	case "eksctl":
		p.eksctl()
	case "capa", "capa_template":
		p.clusterAPI()
	}
	return p.out
}

// A parent is a document that others are derived from.
type parent struct {
	in    *interpreter
	build *build
	ids   map[string]int
	out   []*document.Document
}

// each derives a document of a kind from every object of a list.
func (p *parent) each(at cursor, part, kind string, names ...string) []*build {
	var out []*build
	for i, e := range at.elements(false) {
		if _, isObject := e.value.(map[string]any); !isObject || e.blocked != nil {
			continue
		}
		name, ok := stringAt(e, names...)
		if !ok {
			name = strconv.Itoa(i)
		}
		if c := p.child(p.build.doc, e, kind, part, name); c != nil {
			if b := p.complete(c); b != nil {
				out = append(out, b)
			}
		}
	}
	return out
}

// child makes the document of the object at a place of the source's text; nil
// if there is nothing.
func (p *parent) child(of *document.Document, at cursor, kind, part, name string) *document.Document {
	d := p.build.doc
	raw, _ := at.value.(map[string]any)
	if raw == nil {
		raw = map[string]any{}
	}
	id := of.ID + "/" + part
	address := of.Address + "/" + part
	if name != "" {
		id, address = id+"/"+name, address+"/"+name
	}
	if p.ids[id]++; p.ids[id] > 1 {
		id += "~" + strconv.Itoa(p.ids[id])
	}
	base := at.parent().Append()
	c := &document.Document{
		ID: id, Format: d.Format, Kind: kind, Name: name, Address: address, Scope: d.Scope,
		Action: d.Action, Conditional: d.Conditional, Metadata: d.Metadata,
		Raw: raw, RawStates: at.know.below(), Parent: d, Base: base, Origin: d.Origin,
		Tokens: []string{d.Format + ":" + id},
	}
	for _, s := range d.Sensitive {
		if s.HasPrefix(base) {
			c.Sensitive = append(c.Sensitive, s[len(base):])
		}
	}
	if l := d.Locator(); l != nil {
		c.SetLocator(document.Prefixed{Locator: l, Base: base})
	}
	return c
}

// complete fills a derived document from its table and keeps it.
func (p *parent) complete(c *document.Document) *build {
	plan := p.in.plan(c.Kind)
	if plan == nil {
		return nil
	}
	c.Type = plan.typ
	b := newBuild(c, plan)
	if c.Action != document.Delete {
		b.run()
	}
	if name := stringOf(p.build.doc, "name"); name != "" {
		b.set("cluster", name, document.Path{})
	} else if s := p.build.state("name"); s.Kind == document.Unknown {
		b.doubt("cluster", s, document.Path{})
	}
	p.out = append(p.out, c)
	return b
}

// refer makes an attribute the ARN of a role that is derived from the same
// text: not known yet, but known to be that role's.
func (b *build) refer(path string, raw document.Path, to *document.Document) {
	forgetAttr(b.doc.Attr, path)
	b.doubt(path, document.State{Kind: document.Unknown, Reason: document.AfterApply, Refs: to.Tokens}, raw)
	b.doc.Refs = append(b.doc.Refs, document.Ref{Path: raw, To: to.Tokens[0], Attribute: "arn", Via: "reference"})
}

// clusterAPI derives what an AWSManagedControlPlane lists.
func (p *parent) clusterAPI() {
	at := p.build.body
	const group = "controlplane.cluster.x-k8s.io/v1beta2/"
	p.each(at.get("addons"), "addons", group+"Addon", "name")
	p.each(at.get("accessEntries"), "accessEntries", group+"AccessEntry", "principalARN")
	p.each(at.get("iamAuthenticatorConfig.mapRoles"), "mapRoles", group+"RoleMapping", "rolearn")
	p.each(at.get("iamAuthenticatorConfig.mapUsers"), "mapUsers", group+"UserMapping", "userarn")
}
