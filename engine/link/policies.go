package link

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// policies ties roles to the policies that give them permissions.
func (b *builder) policies() {
	for _, n := range b.by["iam_policy"] {
		if truth(n.attr("inline")) {
			continue // an inline policy has no ARN to be attached by
		}
		b.indexIAM(b.policyX, n)
	}
	role := b.wantRole()
	for _, p := range b.by["iam_policy"] {
		for _, e := range b.holders(PoliciesOf, p, role) {
			b.add(PoliciesOf, e.to, p, e.via)
		}
	}
	for _, a := range b.by["iam_policy_attachment"] {
		for _, e := range b.holders(AttachmentsOf, a, role) {
			b.add(AttachmentsOf, e.to, a, e.via)
			for _, p := range slices.Concat(b.attached(a, at("policy")), b.attached(a, at("policies"))) {
				b.add(PoliciesOf, e.to, p.to, p.via)
			}
		}
	}
	for _, r := range b.by["iam_role"] {
		for _, p := range b.attached(r, at("attached")) {
			b.add(PoliciesOf, r, p.to, p.via)
		}
		for i := range list(r.attr("attached")) {
			for _, p := range b.attached(r, at("attached", i, "arn")) {
				b.add(PoliciesOf, r, p.to, p.via)
			}
		}
	}
}

// holders lists the roles a policy or attachment names under "roles".
func (b *builder) holders(relation string, n *node, role wanted) []end {
	ends, reason := b.resolve(n, at("roles"), role)
	if reason != "" {
		b.gap(relation, n, n, "roles", reason)
	}
	return ends
}

// attached lists the policies of the stack that the value at a path names.
func (b *builder) attached(n *node, p place) []end {
	ends, _ := b.resolve(n, p, b.wantPolicy())
	return ends
}

func (b *builder) wantPolicy() wanted {
	return wanted{types: []string{"iam_policy"}, find: func(from *node, s string) (*node, string, bool) {
		if _, managed := awsManaged(s); managed {
			return nil, "", false
		}
		return b.lookup(b.policyX, from, queries(s, "iam", "policy", from.scope))
	}}
}

// A permission collects what one role may do.
type permission struct {
	b          *builder
	managed    []any
	statements []any
	unknown    []gap
}

// permissions is the fact role_permissions.
func (b *builder) permissions() map[string]any {
	out := make(map[string]any, len(b.by["iam_role"]))
	for _, r := range b.by["iam_role"] {
		p := &permission{b: b, managed: []any{}, statements: []any{}}
		p.role(r)
		unknown := make([]any, 0, len(p.unknown))
		for _, g := range p.unknown {
			unknown = append(unknown, g.value())
		}
		out[r.id] = map[string]any{
			"managed": p.managed, "statements": p.statements,
			"complete": len(p.unknown) == 0, "unknown": unknown,
		}
	}
	return out
}

func (p *permission) role(r *node) {
	inline := list(r.attr("inline"))
	for i, e := range inline {
		p.document(r, at("inline", i, "document"), get(e, "document"))
	}
	p.open(r, "inline")
	// References of a list cannot be told apart by element: as a whole they
	// account for the elements that are not known.
	referred := p.b.attached(r, at("attached"))
	for i, e := range list(r.attr("attached")) {
		p.attachment(r, at("attached", i, "arn"), get(e, "arn"), referred)
	}
	p.partial(r, at("attached"), referred)
	for _, a := range p.b.sorted(AttachmentsOf, r) {
		p.attachment(a, at("policy"), a.attr("policy"), nil)
		referred := p.b.attached(a, at("policies"))
		for i, v := range list(a.attr("policies")) {
			p.attachment(a, at("policies", i), v, referred)
		}
		p.partial(a, at("policies"), referred)
	}
	for _, policy := range p.b.sorted(PoliciesOf, r) {
		p.document(policy, at("document"), policy.attr("document"))
		p.open(policy, "document")
	}
	slices.SortFunc(p.unknown, func(x, y gap) int {
		return cmp.Or(strings.Compare(x.document, y.document), strings.Compare(x.path, y.path), strings.Compare(x.reason, y.reason))
	})
	p.unknown = slices.Compact(p.unknown)
}

// sorted lists the targets of a relation in the order of their IDs.
func (b *builder) sorted(relation string, n *node) []*node {
	out := b.targets(relation, n)
	slices.SortFunc(out, func(x, y *node) int { return strings.Compare(x.id, y.id) })
	return out
}

// document adds the statements of one policy document.
func (p *permission) document(n *node, at place, v any) {
	for i, s := range list(get(v, "statements")) {
		if s == nil {
			continue // an unknown element; States tells
		}
		p.statements = append(p.statements, map[string]any{
			"document": n.id, "path": fmt.Sprintf("%s.statements[%d]", at.text, i), "statement": s,
		})
	}
	if truth(get(v, "partial")) {
		p.unknown = append(p.unknown, gap{n.id, at.text, document.UnevaluatedExpression})
	}
}

// open lists what is unknown below a path and matters for what is allowed.
func (p *permission) open(n *node, prefix string) {
	if len(n.doc.States) == 0 {
		return
	}
	for _, path := range unknownBelow(n.doc, prefix) {
		if st := n.doc.States[path]; !harmless(path, st) {
			p.unknown = append(p.unknown, gap{n.id, path, orElse(st.Reason, document.UnevaluatedExpression)})
		}
	}
}

// known reports whether a bare name is that of an AWS-managed policy.
func (p *permission) known(name string) bool {
	_, ok := p.b.managed[name]
	return ok
}

// harmless reports whether an unknown leaf of a policy document cannot hide a
// wider permission: the ARN of a resource is never "*", and an identifier or a
// principal allows nothing by itself.
func harmless(path string, st document.State) bool {
	_, after, ok := strings.Cut(path, ".statements[")
	if !ok {
		return false
	}
	_, leaf, found := strings.Cut(after, "].")
	if !found {
		return false
	}
	leaf, _, _ = strings.Cut(leaf, "[")
	leaf, _, _ = strings.Cut(leaf, ".")
	switch leaf {
	case "sid", "principals", "not_principals":
		return true
	case "resources", "not_resources":
		return len(st.Refs) > 0 || mask(st.Template) != hole && st.Template != ""
	}
	return false
}

// partial records the elements of a list of policies that are not known, one by
// one where the source still tells them apart.
func (p *permission) partial(n *node, at place, referred []end) {
	st, open := n.doc.States[at.text]
	if !open || st.Kind == document.Defaulted {
		return
	}
	paths := rawUnknowns(n.doc, at)
	for _, path := range paths {
		p.element(n, path, n.doc.RawStates[path], referred)
	}
	if len(paths) == 0 {
		p.element(n, at.text, st, referred)
	}
}

func (p *permission) element(n *node, path string, st document.State, referred []end) {
	if name, ok := awsManaged(st.Template); ok {
		p.managed = append(p.managed, p.b.managedEntry(st.Template, name, n.id, path))
		return
	}
	if len(referred) == 0 {
		p.unknown = append(p.unknown, gap{n.id, path, orElse(st.Reason, document.UnevaluatedExpression)})
	}
}

// attachment records one attached policy: AWS-managed, or one of the stack
// (whose statements policies_of brings), or one that was not read.
func (p *permission) attachment(n *node, at place, v any, referred []end) {
	s := text(v)
	st, open := unknownAt(n.doc, at.text)
	if s == "" && open {
		s = st.Template
	}
	if name, ok := awsManaged(s); ok {
		p.managed = append(p.managed, p.b.managedEntry(s, name, n.id, at.text))
		return
	}
	ends := p.b.attached(n, at)
	if len(ends) > 0 || s == "" && len(referred) > 0 {
		return
	}
	_, isARN := parseARN(s)
	switch {
	case s != "" && !open && !isARN && p.known(s):
		// Some sources name an AWS-managed policy without its ARN.
		p.managed = append(p.managed, p.b.managedEntry("", s, n.id, at.text))
	case open:
		p.unknown = append(p.unknown, gap{n.id, at.text, orElse(st.Reason, document.UnevaluatedExpression)})
	case s != "":
		p.unknown = append(p.unknown, gap{n.id, at.text, reasonNotInStack})
	}
}
