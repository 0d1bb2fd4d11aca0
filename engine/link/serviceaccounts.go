package link

import (
	"maps"
	"slices"
	"strings"
)

// serviceAccounts ties workloads to service accounts, and service accounts to
// the roles they can assume: by annotation, by EKS Pod Identity association and
// by trust policy.
func (b *builder) serviceAccounts() {
	for _, n := range b.by["service_account"] {
		b.saX.add(n.doc.Namespace+"/"+n.doc.Name, n)
	}
	associations := index{}
	for _, n := range b.by["pod_identity_association"] {
		ns, sa := text(n.attr("namespace")), text(n.attr("service_account"))
		if ns != "" && sa != "" {
			associations.add(ns+"/"+sa, n)
		}
	}
	role := b.wantRole()
	for _, n := range b.by["service_account"] {
		b.follow(RoleOf, n, at("role_arn"), role)
		b.associated(RoleOf, n, associations[n.doc.Namespace+"/"+n.doc.Name])
	}
	for _, w := range b.by["workload"] {
		name := text(w.attr("service_account"))
		if st, open := unknownAt(w.doc, "service_account"); open {
			b.gap(SAOf, w, w, "service_account", st.Reason)
			continue
		}
		if name == "" {
			continue
		}
		key := w.doc.Namespace + "/" + name
		b.pair(SAOf, w, b.saX[key], nil)
		accounts := b.targets(SAOf, w)
		for _, sa := range accounts {
			for _, e := range b.stack.Links[RoleOf][sa.id] {
				b.add(PodRoleOf, w, b.node[b.stack.Documents[e.To]], e.Via)
			}
		}
		if len(accounts) == 0 {
			b.associated(PodRoleOf, w, associations[key])
		}
	}
	b.admitted()
}

// associated links a service account, or a workload that uses one, to the role
// of its Pod Identity association. A cluster has at most one per account.
func (b *builder) associated(relation string, n *node, g *group) {
	if g == nil {
		return
	}
	if n.clusterKey == "" && b.many {
		b.gap(relation, n, g.nodes[0], "cluster", reasonClusterUnknown)
		return
	}
	a, _, ambiguous := b.one(g, n)
	if ambiguous {
		b.gap(relation, n, n, "", reasonAmbiguous)
		return
	}
	if a == nil {
		return
	}
	for _, e := range b.stack.Links[RoleOf][a.id] {
		b.add(relation, n, b.node[b.stack.Documents[e.To]], e.Via)
	}
}

// admitted links roles to the service accounts their trust policies admit.
func (b *builder) admitted() {
	keys := slices.Sorted(maps.Keys(b.saX))
	for _, sa := range b.by["service_account"] {
		for _, r := range b.targets(RoleOf, sa) {
			for _, g := range b.grants[r] {
				// The annotation is evidence enough that one cluster is meant.
				if g.admits(sa.doc.Namespace, sa.doc.Name) && (b.fits(g, sa) || sa.clusterKey == "") {
					b.add(TrustsSA, r, sa, ViaValue)
				}
			}
		}
	}
	for _, r := range b.by["iam_role"] {
		for _, g := range b.grants[r] {
			b.bound(r, g, keys)
		}
	}
}

// bound links a role to the service accounts that a grant's :sub conditions
// admit. A grant without such a condition, or one for any account at all, is
// no relation to accounts in particular; role_users tells of it.
func (b *builder) bound(r *node, g grant, keys []string) {
	if len(g.subjects) == 0 {
		return
	}
	s := g.subjects[0]
	for _, v := range s.values {
		rest, ok := strings.CutPrefix(v, saPrefix)
		if !ok || holed(v) || s.like && strings.Trim(rest, "*?:") == "" {
			continue
		}
		key := strings.Replace(rest, ":", "/", 1)
		if !s.like || !strings.ContainsAny(key, "*?") {
			b.trusted(r, g, key)
			continue
		}
		fixed := key[:strings.IndexAny(key, "*?")]
		from, _ := slices.BinarySearch(keys, fixed)
		for _, k := range keys[from:] {
			if !strings.HasPrefix(k, fixed) {
				break
			}
			b.trusted(r, g, k)
		}
	}
}

func (b *builder) trusted(r *node, g grant, key string) {
	group := b.saX[key]
	namespace, name, _ := strings.Cut(key, "/")
	if group == nil || !g.admits(namespace, name) {
		return
	}
	for _, sa := range group.nodes {
		switch {
		case b.fits(g, sa):
			b.add(TrustsSA, r, sa, ViaValue)
		case sa.clusterKey == "":
			b.gap(TrustsSA, r, sa, "", reasonClusterUnknown)
		}
	}
}

// users is the fact role_users.
func (b *builder) users() map[string]any {
	out := make(map[string]any, len(b.by["iam_role"]))
	kinds := map[string]map[*node][]any{"pods": {}, "nodes": {}, "clusters": {}, "fargate": {}}
	note := func(kind string, role *node, entry map[string]any) {
		kinds[kind][role] = append(kinds[kind][role], entry)
	}
	place := func(n *node, path string) map[string]any { return map[string]any{"document": n.id, "path": path} }
	for typ, kind := range map[string]string{"node_group": "nodes", "eks_cluster": "clusters", "fargate_profile": "fargate"} {
		for _, n := range b.by[typ] {
			for _, r := range b.targets(RoleOf, n) {
				note(kind, r, place(n, "role"))
			}
		}
	}
	for _, c := range b.by["eks_cluster"] {
		for _, r := range b.targets(NodeRoleOf, c) {
			note("nodes", r, place(c, "auto_mode.node_role"))
		}
	}
	for _, typ := range []string{"access_entry", "aws_auth_mapping"} {
		for _, n := range b.by[typ] {
			if !nodePrincipal(n) {
				continue
			}
			for _, r := range b.targets(PrincipalOf, n) {
				note("nodes", r, place(n, "principal"))
			}
		}
	}
	b.podUsers(func(role *node, entry map[string]any) { note("pods", role, entry) })
	for _, r := range b.by["iam_role"] {
		entry := map[string]any{}
		for kind, byRole := range kinds {
			entry[kind] = sortedEntries(byRole[r])
		}
		out[r.id] = entry
	}
	return out
}

// podUsers tells which pods can assume a role, and what says so.
func (b *builder) podUsers(note func(role *node, entry map[string]any)) {
	pod := func(role, at *node, path, via, namespace, account string) {
		note(role, map[string]any{
			"document": at.id, "path": path, "via": via, "namespace": namespace, "service_account": account,
		})
	}
	for _, n := range b.by["pod_identity_association"] {
		for _, r := range b.targets(RoleOf, n) {
			pod(r, n, "role", "pod_identity", text(n.attr("namespace")), text(n.attr("service_account")))
		}
	}
	for _, n := range b.by["eks_addon"] {
		for _, r := range b.targets(RoleOf, n) {
			pod(r, n, "role", "addon", text(n.attr("namespace")), "")
		}
	}
	for _, r := range b.by["iam_role"] {
		for _, sa := range b.targets(TrustsSA, r) {
			if slices.Contains(b.targets(RoleOf, sa), r) {
				pod(r, sa, "role_arn", "annotation", sa.doc.Namespace, sa.doc.Name)
			}
		}
		for _, g := range b.grants[r] {
			for _, s := range g.written() {
				pod(r, r, g.path, "trust", s[0], s[1])
			}
		}
	}
}

// written lists the namespaces and service accounts a grant names, wildcards
// as written; "*" stands for any, and "" for whatever Pod Identity associates.
func (g grant) written() [][2]string {
	if g.podIdentity {
		return [][2]string{{"", ""}}
	}
	var out [][2]string
	for _, s := range g.subjects {
		for _, v := range s.values {
			namespace, name, found := strings.Cut(strings.TrimPrefix(v, saPrefix), ":")
			if !found {
				namespace, name = v, v
			}
			out = append(out, [2]string{namespace, name})
		}
	}
	if len(out) == 0 {
		return [][2]string{{"*", "*"}}
	}
	return out
}
