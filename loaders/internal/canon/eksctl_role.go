package canon

import (
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// rooted returns the cursor at the root of a derived document, counted from the
// root of the text it was derived from.
func (b *build) rooted() cursor {
	c := b.root
	c.path = b.doc.Base.Append()
	c.exists = len(c.path)
	return c
}

// role derives the document of a role that eksctl makes for of, from the part
// of the text that says what it may do. With a service, that service is who may
// assume it.
func (p *parent) role(of *document.Document, at cursor, service string) *build {
	c := p.child(of, at, eksctlKind+"Role", "role", "")
	c.Name = of.Name
	b := newBuild(c, p.in.plan(c.Kind))
	c.Type = b.plan.typ
	b.run()
	b.assume("path", "/", eksctlDefault("createRole"), document.Path{})
	if service != "" {
		b.trust(map[string]any{
			"effect": "Allow", "actions": []any{"sts:AssumeRole"},
			"principals": map[string]any{"service": []any{service}},
		}, "MakeAssumeRolePolicyDocumentForServices")
	}
	p.out = append(p.out, c)
	return b
}

// optional copies a string from the text, or what is unknown about it.
func (b *build) optional(name string, c cursor) {
	raw := b.within(c.path)
	switch text, ok := scalarText(c.value); {
	case c.blocked != nil:
		b.doubt(name, *c.blocked, raw)
	case ok && text != "":
		b.set(name, text, raw)
	default:
		b.doc.Written[name] = document.Path{}
	}
}

// trust sets who may assume a role the tool makes.
func (b *build) trust(statement map[string]any, evidence string) {
	b.assume("trust", documentWith(statement), eksctlDefault(evidence), document.Path{})
}

// irsaTrust is the trust eksctl gives the role of a service account.
func irsaTrust(namespace, operator, name string) map[string]any {
	const issuer = "${OIDCProvider}"
	return map[string]any{
		"effect": "Allow", "actions": []any{"sts:AssumeRoleWithWebIdentity"},
		"principals": map[string]any{"federated": []any{"arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/" + issuer}},
		"conditions": []any{
			map[string]any{"operator": "StringEquals", "key": issuer + ":aud", "values": []any{"sts.amazonaws.com"}},
			map[string]any{"operator": operator, "key": issuer + ":sub", "values": []any{
				"system:serviceaccount:" + namespace + ":" + name,
			}},
		},
	}
}

// spelled returns the string at a key, with holes where it is not known.
func spelled(c cursor, key string) (text string, ok bool) {
	at := c.get(key)
	switch {
	case at.blocked == nil:
		return stringAt(c, key)
	case at.blocked.Template != "":
		return at.blocked.Template, true
	}
	return "${" + key + "}", true
}

// permissions sets all that a role may do from the keys service accounts,
// add-ons, pod identity associations and capabilities share.
func (b *build) permissions(attached, wellKnown, inline, boundary cursor) {
	var managed, own []string
	for _, key := range wellKnown.keys() {
		if wellKnown.get(key).value != true {
			continue
		}
		switch key {
		case "imageBuilder":
			managed = append(managed, "AmazonEC2ContainerRegistryPowerUser")
		case "ebsCSIController":
			managed = append(managed, "service-role/AmazonEBSCSIDriverPolicy")
		default:
			own = append(own, key)
		}
	}
	b.attachments(b.attach(attached, managed))
	b.inline(inline, own)
	b.optional("permissions_boundary", boundary)
}

// An attachment is a policy attached to a role: by the author at raw, or by the
// tool.
type attachment struct {
	arn any
	raw document.Path
}

// attach lists the policies the author wrote, then the tool's own.
func (b *build) attach(written cursor, own []string) []attachment {
	var out []attachment
	r := convert(&attrPlan{typ: listType}, written)
	if r.state != nil {
		b.doubt("attached", document.State{Kind: document.Partial, Reason: r.state.Reason, Refs: r.state.Refs}, b.within(written.path))
	}
	list, _ := r.value.([]any)
	for i, arn := range list {
		raw := b.within(written.path).Append(i)
		if place, ok := r.places["["+strconv.Itoa(i)+"]"]; ok {
			raw = b.within(place)
		}
		out = append(out, attachment{arn: arn, raw: raw})
	}
	for i, arn := range arns(own...) {
		name := own[i][strings.LastIndexByte(own[i], '/')+1:]
		if !hasPolicy(out, name) {
			out = append(out, attachment{arn: arn})
		}
	}
	return out
}

func hasPolicy(list []attachment, name string) bool {
	for _, a := range list {
		if strings.HasSuffix(textOf(a.arn), "/"+name) {
			return true
		}
	}
	return false
}

// within counts a path from the document's own base.
func (b *build) within(path document.Path) document.Path {
	if path.HasPrefix(b.doc.Base) {
		return path[len(b.doc.Base):]
	}
	return path
}

func (b *build) attachments(list []attachment) {
	state, written := b.state("attached"), b.doc.Written["attached"]
	out := make([]any, 0, len(list))
	for i, a := range list {
		at := "attached[" + strconv.Itoa(i) + "]"
		out = append(out, map[string]any{"arn": a.arn})
		if a.raw == nil {
			b.doc.States[at] = eksctlDefault("makeManagedPolicies, createWellKnownPolicies").state()
			b.doc.Written[at] = document.Path{}
			continue
		}
		b.doc.Written[at], b.doc.Written[at+".arn"] = a.raw, a.raw
	}
	b.set("attached", out, document.Path{})
	if state.Kind == document.Partial {
		b.doubt("attached", state, written)
	}
}

// inline lists the policy the author wrote and the tool's own by name. What
// those hold depends on the tool's version, so that their documents are
// unknown.
func (b *build) inline(written cursor, own []string) {
	out := []any{}
	if written.value != nil || written.blocked != nil {
		r := readPolicy(written)
		entry := map[string]any{"name": "attachPolicy"}
		b.doc.Written["inline[0].document"] = b.within(r.path)
		for rest, path := range r.places {
			b.doc.Written[join("inline[0].document", rest)] = b.within(path)
		}
		for rest, state := range r.inner {
			b.doc.States[join("inline[0].document", rest)] = state
		}
		if r.state != nil {
			b.doc.States["inline[0].document"] = *r.state
		} else if r.value != nil {
			entry["document"] = r.value
		}
		out = append(out, entry)
	}
	for _, name := range own {
		at := "inline[" + strconv.Itoa(len(out)) + "]"
		out = append(out, map[string]any{"name": name})
		b.doc.Written[at] = document.Path{}
		b.doc.States[at+".document"] = document.State{
			Kind: document.Unknown, Reason: document.UnevaluatedExpression, Owner: "tool", Since: eksctlSeen,
			Evidence: "eksctl writes the policy for " + name + " itself",
		}
	}
	b.set("inline", out, document.Path{})
}
