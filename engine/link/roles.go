package link

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// roles ties whatever runs with an IAM role to that role.
func (b *builder) roles() {
	for _, n := range b.by["iam_role"] {
		b.indexIAM(b.roleX, n)
	}
	b.instanceProfiles()
	role := b.wantRole()
	for _, typ := range []string{
		"eks_cluster", "eks_addon", "eks_capability", "fargate_profile", "node_group", "pod_identity_association",
	} {
		for _, n := range b.by[typ] {
			b.follow(RoleOf, n, at("role"), role)
		}
	}
	for _, n := range b.by["eks_addon"] {
		for i := range list(n.attr("pod_identity_associations")) {
			b.follow(RoleOf, n, at("pod_identity_associations", i, "role"), role)
		}
	}
	for _, n := range b.by["eks_cluster"] {
		b.follow(NodeRoleOf, n, at("auto_mode", "node_role"), role)
	}
	for _, n := range b.by["node_group"] {
		if len(b.stack.Links[RoleOf][n.id]) == 0 {
			b.profileRole(n)
		}
	}
}

// indexIAM enters an IAM role or policy under its name, its path and, when the
// resource exists already, its account.
func (b *builder) indexIAM(x index, n *node) {
	account := ""
	for _, v := range []any{n.attr("arn"), n.raw("arn")} {
		if a, ok := parseARN(text(v)); ok {
			account = a.account
		}
	}
	if _, open := unknownAt(n.doc, "path"); open {
		// Without the path an ARN cannot be compared; a bare name still can.
		if name := text(n.attr("name")); name != "" {
			x.add("name\x00"+name, n)
		}
		return
	}
	dir := "/"
	for _, v := range []any{n.raw("Path"), n.raw("path"), n.attr("path")} {
		if s := text(v); s != "" {
			dir = s
		}
	}
	name, template := text(n.attr("name")), n.doc.States["name"].Template
	if holed(name) {
		name, template = "", name
	}
	for _, k := range keysOf(account, dir, name, template, n.scope) {
		x.add(k, n)
	}
}

func (b *builder) wantRole() wanted {
	return wanted{types: []string{"iam_role"}, find: func(from *node, s string) (*node, string, bool) {
		return b.lookup(b.roleX, from, queries(s, "iam", "role", from.scope))
	}}
}

// profileKinds are the raw kinds of instance profiles, which have no canonical
// type of their own.
func profileKinds() []string {
	return []string{"aws_iam_instance_profile", "AWS::IAM::InstanceProfile", "instance_profile"}
}

func (b *builder) instanceProfiles() {
	for _, n := range b.live {
		if !slices.Contains(profileKinds(), n.doc.Kind) && n.doc.Type != "instance_profile" {
			continue
		}
		name, dir := "", "/"
		for _, v := range []any{n.raw("name"), n.raw("InstanceProfileName"), n.attr("name")} {
			name = orElse(text(v), name)
		}
		for _, v := range []any{n.raw("path"), n.raw("Path")} {
			dir = orElse(text(v), dir)
		}
		for _, k := range keysOf("", dir, name, "", n.scope) {
			b.profileX.add(k, n)
		}
	}
}

// profileRole ties a node group to its role through an instance profile: its
// own or the one of its launch template.
func (b *builder) profileRole(n *node) {
	profile := wanted{types: profileKinds(), find: func(from *node, s string) (*node, string, bool) {
		return b.lookup(b.profileX, from, queries(s, "iam", "instance-profile", from.scope))
	}}
	for _, holder := range append([]*node{n}, b.targets(LaunchTemplateOf, n)...) {
		ends, reason := b.resolve(holder, at("instance_profile"), profile)
		if reason != "" {
			b.gap(RoleOf, n, holder, "instance_profile", reason)
		}
		for _, e := range ends {
			for _, r := range b.rawRole(e.to) {
				b.add(RoleOf, n, r.to, r.via)
			}
		}
	}
}

// rawRole reads the role of an instance profile from its raw value.
func (b *builder) rawRole(profile *node) []end {
	role := b.wantRole()
	var found []end
	for _, key := range []string{"role", "Roles", "Role"} {
		for _, r := range profile.doc.Refs {
			if r.Path.HasPrefix(document.Path{key}) {
				found = b.reach(found, r.To, orElse(r.Via, ViaReference), role, 0)
			}
		}
		for _, s := range texts(profile.raw(key)) {
			found, _ = b.value(profile, s, found, role)
		}
	}
	return found
}
