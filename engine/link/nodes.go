package link

import "strings"

// nodes ties node groups to their launch templates, and all of them and the
// clusters to security groups and their rules.
func (b *builder) nodes() {
	templates := b.byNameOrID("launch_template", "id")
	groups := b.byNameOrID("security_group", "id", "GroupId")
	for _, n := range b.by["node_group"] {
		b.firstOf(LaunchTemplateOf, n, templates, at("launch_template", "id"), at("launch_template", "name"))
	}
	for _, n := range b.by["launch_template"] {
		b.securityGroups(n, at("security_groups"), groups)
		for i := range list(n.attr("network_interfaces")) {
			b.securityGroups(n, at("network_interfaces", i, "security_groups"), groups)
		}
	}
	for _, n := range b.by["eks_cluster"] {
		b.securityGroups(n, at("network", "extra_security_groups"), groups)
	}
	for _, n := range b.by["node_group"] {
		b.securityGroups(n, at("security_groups"), groups)
		for _, t := range b.targets(LaunchTemplateOf, n) {
			for _, e := range b.stack.Links[SecurityGroupsOf][t.id] {
				b.add(SecurityGroupsOf, n, b.node[b.stack.Documents[e.To]], e.Via)
			}
		}
	}
	b.taggedGroups()
	// A rule may also be put on the group that EKS makes for the cluster, which
	// only the cluster resource stands for.
	owners := wanted{types: []string{"security_group", "eks_cluster"}, find: groups.find}
	for _, rule := range b.by["security_group_rule"] {
		ends, reason := b.resolve(rule, at("group"), owners)
		for _, e := range ends {
			b.add(RulesOf, e.to, rule, e.via)
		}
		if reason != "" {
			b.gap(RulesOf, rule, rule, "group", reason)
		}
	}
}

// firstOf follows the first of several places that leads somewhere.
func (b *builder) firstOf(relation string, n *node, w wanted, places ...place) []end {
	var open []gap
	for _, p := range places {
		ends, reason := b.resolve(n, p, w)
		if len(ends) > 0 {
			for _, e := range ends {
				b.add(relation, n, e.to, e.via)
			}
			return ends
		}
		if reason != "" {
			open = append(open, gap{path: p.text, reason: reason})
		}
	}
	for _, g := range open {
		b.gap(relation, n, n, g.path, g.reason)
	}
	return nil
}

func (b *builder) securityGroups(n *node, p place, w wanted) {
	b.follow(SecurityGroupsOf, n, p, w)
}

// clusterTag marks resources of a cluster.
// https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
const clusterTag = "kubernetes.io/cluster/"

// taggedGroups ties security groups to the clusters their tags name.
func (b *builder) taggedGroups() {
	want := b.wantCluster()
	for _, sg := range b.by["security_group"] {
		tags, _ := sg.attr("tags").(map[string]any)
		for key := range tags {
			name, ok := strings.CutPrefix(key, clusterTag)
			if !ok {
				continue
			}
			c, _, _ := want.find(sg, name)
			b.add(SecurityGroupsOf, c, sg, ViaConvention)
		}
	}
}

// byNameOrID indexes documents of a type by their name and by the identifiers
// that an existing resource shows in its raw value.
func (b *builder) byNameOrID(typ string, ids ...string) wanted {
	x := index{}
	for _, n := range b.by[typ] {
		if name := text(n.attr("name")); name != "" {
			x.add(name, n)
		}
		for _, key := range ids {
			if id := text(n.raw(key)); id != "" {
				x.add(id, n)
			}
		}
	}
	return wanted{types: []string{typ}, find: func(from *node, s string) (*node, string, bool) {
		return b.one(x[s], from)
	}}
}
