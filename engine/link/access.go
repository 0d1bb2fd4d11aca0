package link

import (
	"slices"
	"strings"
)

// principals ties access entries, associations and aws-auth mappings to the
// roles they let in.
func (b *builder) principals() {
	role := b.wantRole()
	for _, typ := range []string{"access_entry", "access_policy_association"} {
		for _, n := range b.by[typ] {
			b.follow(PrincipalOf, n, at("principal"), role)
		}
	}
	// aws-auth knows roles without their paths.
	// https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html
	named := wanted{types: role.types, find: func(from *node, s string) (*node, string, bool) {
		a, ok := parseARN(s)
		if !ok || a.kind != "role" || strings.Contains(a.name, hole) {
			return role.find(from, s)
		}
		return b.one(b.roleX["name\x00"+base(a.name)], from)
	}}
	for _, n := range b.by["aws_auth_mapping"] {
		b.follow(PrincipalOf, n, at("principal"), named)
	}
}

// nodePrincipal reports whether an access entry or mapping is for machines that
// join the cluster.
// https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
func nodePrincipal(n *node) bool {
	switch text(n.attr("type")) {
	case "EC2", "EC2_LINUX", "EC2_WINDOWS", "HYBRID_LINUX", "HYPERPOD_LINUX":
		return true
	}
	return slices.Contains(texts(n.attr("groups")), "system:nodes")
}

// accessEntries ties access policy associations to the entries they extend:
// the same principal in the same cluster.
func (b *builder) accessEntries() {
	entries := index{}
	principals := wanted{types: []string{"iam_role", "aws_iam_user", "AWS::IAM::User"}, find: b.wantRole().find}
	for _, n := range b.by["access_entry"] {
		for _, key := range b.principalKeys(n, principals) {
			entries.add(key, n)
		}
	}
	// principal_arn often refers to the entry itself.
	direct := wanted{types: []string{"access_entry"}, find: func(*node, string) (*node, string, bool) { return nil, "", false }}
	for _, n := range b.by["access_policy_association"] {
		if ends, _ := b.resolve(n, at("principal"), direct); len(ends) > 0 {
			for _, e := range ends {
				b.add(EntryOf, n, e.to, e.via)
				for _, r := range b.targets(PrincipalOf, e.to) {
					b.add(PrincipalOf, n, r, e.via)
				}
			}
			continue
		}
		keys := b.principalKeys(n, principals)
		if len(keys) == 0 {
			if st, open := unknownAt(n.doc, "principal"); open {
				b.gap(EntryOf, n, n, "principal", st.Reason)
			}
		}
		for _, key := range keys {
			to, via, ambiguous := b.one(entries[key], n)
			if ambiguous {
				b.gap(EntryOf, n, n, "principal", reasonAmbiguous)
			}
			if to != nil {
				b.add(EntryOf, n, to, via)
				break
			}
		}
	}
}

// principalKeys are what two documents about one principal of one cluster have
// in common: the ARN without its partition, or the document it comes from.
func (b *builder) principalKeys(n *node, w wanted) []string {
	var out []string
	ends, _ := b.resolve(n, at("principal"), w)
	for _, e := range ends {
		out = append(out, n.clusterKey+"\x00doc\x00"+e.to.id)
	}
	if a, ok := parseARN(text(n.attr("principal"))); ok && !strings.Contains(a.name, hole) {
		out = append(out, n.clusterKey+"\x00arn\x00"+strings.Join([]string{a.service, a.account, a.kind, a.name}, "\x00"))
	}
	return out
}

// namespaces ties namespaced objects to the documents of their namespaces.
func (b *builder) namespaces() {
	x := index{}
	for _, n := range b.by["namespace"] {
		x.add(n.doc.Name, n)
	}
	for _, typ := range []string{
		"config_map", "gateway", "gateway_route", "ingress", "network_policy", "rbac_binding", "rbac_role", "secret", "service", "service_account", "workload",
	} {
		for _, n := range b.by[typ] {
			if n.doc.Namespace != "" {
				b.pair(NamespaceOf, n, x[n.doc.Namespace], nil)
			}
		}
	}
}

// rbac ties bindings to their roles, service accounts to the bindings that
// name them or a group they are in, and IAM principals to the bindings of
// their Kubernetes groups.
func (b *builder) rbac() {
	roles := index{}
	for _, n := range b.by["rbac_role"] {
		if truth(n.attr("cluster_scoped")) {
			roles.add("/"+n.doc.Name, n)
		} else {
			roles.add(n.doc.Namespace+"/"+n.doc.Name, n)
		}
	}
	groups := map[string][]*node{}
	for _, n := range b.by["rbac_binding"] {
		b.roleRef(n, roles)
		for i, s := range list(n.attr("subjects")) {
			b.subject(n, i, s, groups)
		}
		if st, open := unknownAt(n.doc, "subjects"); open {
			b.gap(BindingsOf, n, n, "subjects", st.Reason)
		}
	}
	for _, sa := range b.by["service_account"] {
		// https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
		for _, name := range []string{"system:serviceaccounts", "system:serviceaccounts:" + sa.doc.Namespace, "system:authenticated"} {
			for _, binding := range groups[name] {
				if b.compatible(binding, sa) {
					b.add(BindingsOf, sa, binding, ViaConvention)
				}
			}
		}
	}
	for _, n := range b.by["access_entry"] {
		b.groupBindings(n, "kubernetes_groups", groups)
	}
	for _, n := range b.by["aws_auth_mapping"] {
		b.groupBindings(n, "groups", groups)
	}
}

// groupBindings links what lets a principal in to the bindings of the groups
// it puts the principal into.
func (b *builder) groupBindings(n *node, key string, groups map[string][]*node) {
	for _, name := range texts(n.attr(key)) {
		for _, binding := range groups[name] {
			if b.compatible(binding, n) {
				b.add(GroupBindingsOf, n, binding, ViaValue)
			}
		}
	}
	if st, open := unknownAt(n.doc, key); open {
		b.gap(GroupBindingsOf, n, n, key, st.Reason)
	}
}

func (b *builder) roleRef(n *node, roles index) {
	if st, open := unknownAt(n.doc, "role.name"); open {
		b.gap(RBACRoleOf, n, n, "role.name", st.Reason)
		return
	}
	key := "/" + text(n.attr("role", "name"))
	if text(n.attr("role", "kind")) != "ClusterRole" {
		key = n.doc.Namespace + key
	}
	b.pair(RBACRoleOf, n, roles[key], nil)
}

// subject enters one subject of a binding.
func (b *builder) subject(n *node, i int, s any, groups map[string][]*node) {
	p := at("subjects", i)
	name := text(get(s, "name"))
	if st, open := unknownAt(n.doc, p.text+".name"); open {
		b.gap(BindingsOf, n, n, p.text+".name", st.Reason)
		return
	}
	switch text(get(s, "kind")) {
	case "Group":
		if l := groups[name]; len(l) == 0 || l[len(l)-1] != n {
			groups[name] = append(l, n)
		}
	case "ServiceAccount":
		namespace, via := text(get(s, "namespace")), ViaValue
		if st, open := unknownAt(n.doc, p.text+".namespace"); open {
			b.gap(BindingsOf, n, n, p.text+".namespace", st.Reason)
			return
		}
		if namespace == "" {
			// The API wants it written; kustomize and Helm fill it in.
			namespace, via = n.doc.Namespace, ViaConvention
		}
		found, loose, ambiguous := b.mates(b.saX[namespace+"/"+name], n)
		if ambiguous {
			b.gap(BindingsOf, n, n, p.text, reasonAmbiguous)
		}
		for _, sa := range found {
			if loose && via == ViaValue {
				via = ViaInferred
			}
			b.add(BindingsOf, sa, n, via)
		}
	}
}
