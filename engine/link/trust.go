package link

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A grant is one trust statement that lets pods assume a role.
type grant struct {
	path string // of the statement
	// podIdentity: EKS Pod Identity; otherwise a service account's token (IRSA).
	podIdentity bool
	// subjects must each admit the token's :sub claim; none means any.
	subjects []subject
	// providers are the OIDC providers of the stack the statement federates.
	providers []*node
	// owner is the cluster whose document the role is part of.
	owner *node
}

// A subject is one condition on the :sub claim.
type subject struct {
	like   bool     // wildcards count
	fold   bool     // case does not count
	values []string // alternatives
}

// saPrefix begins the :sub claim of a service account's token.
// https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
const saPrefix = "system:serviceaccount:"

// trust reads the trust policies: which OIDC provider and which service
// accounts they admit.
func (b *builder) trust() {
	provider := b.wantProvider()
	for _, n := range b.by["oidc_provider"] {
		b.providersIn[n.realm()] = append(b.providersIn[n.realm()], n)
	}
	for _, r := range b.by["iam_role"] {
		providers := b.providers(r, provider)
		if !federates(r) {
			providers = nil
		}
		for _, p := range providers {
			b.add(OIDCOf, r, p.to, p.via)
		}
		for _, path := range unknownBelow(r.doc, "trust") {
			if !strings.Contains(path, ".principals.federated") {
				b.gap(TrustsSA, r, r, path, r.doc.States[path].Reason)
			}
		}
		for i, s := range list(r.attr("trust", "statements")) {
			if g, ok := b.readGrant(r, i, s, providers); ok {
				b.grants[r] = append(b.grants[r], g)
			}
		}
	}
}

// federates reports whether a role's trust policy may admit web identities.
func federates(r *node) bool {
	statements := list(r.attr("trust", "statements"))
	return len(statements) == 0 || slices.ContainsFunc(statements, func(s any) bool {
		return admits(texts(get(s, "actions")), "sts:assumerolewithwebidentity")
	})
}

func (b *builder) wantProvider() wanted {
	x := index{}
	for _, n := range b.by["oidc_provider"] {
		if url := text(n.attr("url")); url != "" && !holed(url) {
			x.add("/"+bareURL(url), n)
		}
	}
	return wanted{types: []string{"oidc_provider"}, find: func(from *node, s string) (*node, string, bool) {
		a, ok := parseARN(s)
		if !ok || a.kind != "oidc-provider" {
			return nil, "", false
		}
		return b.one(x[a.name], from)
	}}
}

// providers lists the OIDC providers the trust policy of a role federates.
func (b *builder) providers(r *node, want wanted) []end {
	states := make([]document.State, 0, 1)
	for _, path := range unknownBelow(r.doc, "trust") {
		states = append(states, r.doc.States[path])
	}
	found, loose := b.references(r, at("trust"), states, want)
	if len(found) == 0 && len(loose) == 1 {
		found = []end{{loose[0].to, ViaInferred}}
	}
	statements := list(r.attr("trust", "statements"))
	open, named := len(states) > 0 && len(statements) > 0, false
	for _, s := range statements {
		for _, f := range texts(get(s, "principals", "federated")) {
			found, _ = b.value(r, f, found, want)
			open, named = open || undecided(f), named || !undecided(f)
		}
	}
	if all := b.providersIn[r.realm()]; len(found) == 0 && open && !named && len(all) == 1 {
		found = []end{{all[0], ViaInferred}} // the only provider of the same root
	}
	return found
}

// readGrant reads one trust statement; ok is false if it admits no pods.
func (b *builder) readGrant(r *node, i int, s any, providers []end) (g grant, ok bool) {
	if !strings.EqualFold(text(get(s, "effect")), "Allow") {
		return g, false
	}
	g.path, g.owner = fmt.Sprintf("trust.statements[%d]", i), b.owner(r)
	actions := texts(get(s, "actions"))
	if slices.Contains(texts(get(s, "principals", "service")), "pods.eks.amazonaws.com") {
		g.podIdentity = true
		return g, admits(actions, "sts:assumerole")
	}
	federated := texts(get(s, "principals", "federated"))
	if !admits(actions, "sts:assumerolewithwebidentity") {
		return g, false
	}
	eks := slices.ContainsFunc(federated, func(f string) bool { return strings.Contains(f, "oidc.eks.") })
	for j, c := range list(get(s, "conditions")) {
		key := strings.ToLower(text(get(c, "key")))
		if !strings.HasSuffix(key, ":sub") {
			continue
		}
		sub, positive := readSubject(text(get(c, "operator")), texts(get(c, "values")))
		eks = eks || strings.Contains(key, "oidc.eks.") ||
			slices.ContainsFunc(sub.values, func(v string) bool { return strings.HasPrefix(v, saPrefix) })
		if !positive {
			continue
		}
		g.subjects = append(g.subjects, sub)
		if slices.ContainsFunc(sub.values, holed) {
			b.gap(TrustsSA, r, r, fmt.Sprintf("%s.conditions[%d].values", g.path, j), document.UnevaluatedExpression)
		}
	}
	for _, p := range providers {
		if b.meant(p, federated) {
			g.providers = append(g.providers, p.to)
			eks = eks || p.to.cluster != nil || strings.Contains(text(p.to.attr("url")), "oidc.eks.")
		}
	}
	return g, eks
}

// meant reports whether one statement's federated principals can be a given
// provider of the role: it is named, or they are unknown.
func (b *builder) meant(p end, federated []string) bool {
	url := bareURL(text(p.to.attr("url")))
	for _, f := range federated {
		if undecided(f) || !strings.HasPrefix(f, "arn:") {
			return true
		}
		if a, ok := parseARN(f); ok && (url == "" || a.name == "/"+url) {
			return true
		}
	}
	return len(federated) == 0
}

// readSubject reads a condition on :sub. A negated condition excludes
// subjects but binds the role to none.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func readSubject(operator string, values []string) (s subject, positive bool) {
	op := strings.ToLower(operator)
	if i := strings.LastIndexByte(op, ':'); i >= 0 {
		op = op[i+1:]
	}
	op = strings.TrimSuffix(op, "ifexists")
	s.values = values
	switch op {
	case "stringequals", "arnequals":
	case "stringequalsignorecase":
		s.fold = true
	case "stringlike", "arnlike":
		s.like = true
	default:
		return s, false
	}
	return s, true
}

// admits reports whether a list of actions holds one, wildcards counted.
func admits(actions []string, action string) bool {
	return slices.ContainsFunc(actions, func(a string) bool { return glob(strings.ToLower(a), action) })
}

// glob matches * and ? as IAM does, in time linear in the text for a pattern
// with few stars.
func glob(pattern, s string) bool {
	star, mark := -1, 0
	i, j := 0, 0
	for j < len(s) {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, mark = i, j
			i++
		case i < len(pattern) && (pattern[i] == '?' || pattern[i] == s[j]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[i:], "*") == ""
}

func (s subject) admits(sub string) bool {
	return slices.ContainsFunc(s.values, func(v string) bool {
		switch {
		case holed(v):
			return false
		case s.like:
			return glob(v, sub)
		case s.fold:
			return strings.EqualFold(v, sub)
		}
		return v == sub
	})
}

// admits reports whether the grant lets a service account in, clusters left
// aside.
func (g grant) admits(namespace, name string) bool {
	if g.podIdentity {
		return false
	}
	sub := saPrefix + namespace + ":" + name
	for _, s := range g.subjects {
		if !s.admits(sub) {
			return false
		}
	}
	return true
}

// fits reports whether a grant's provider can be that of the service account's
// cluster.
func (b *builder) fits(g grant, sa *node) bool {
	if len(g.providers) == 0 {
		return g.owner == nil || sa.clusterKey == g.owner.id || sa.clusterKey == "" && !b.many
	}
	return slices.ContainsFunc(g.providers, func(p *node) bool { return b.compatible(p, sa) })
}
