package link

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// tied are the canonical types that name their cluster.
func tied() []string {
	return []string{
		"access_entry", "access_policy_association", "aws_auth_mapping", "eks_addon", "fargate_profile",
		"node_group", "pod_identity_association",
	}
}

// objects are the canonical types of objects that live inside a cluster and do
// not name it.
func objects() []string {
	return []string{
		"config_map", "aws_auth_mapping", "gateway", "gateway_route", "ingress", "namespace", "network_policy", "node_group", "rbac_binding",
		"rbac_role", "secret", "service", "service_account", "storage_class", "workload",
	}
}

// clusters ties documents to clusters: by what they name or refer to, and the
// objects inside a cluster by what carries them, or by being alone with it.
func (b *builder) clusters() {
	for _, c := range b.by["eks_cluster"] {
		c.cluster, c.clusterKey = c, c.id
		account, name, template := "", text(c.attr("name")), c.doc.States["name"].Template
		if holed(name) {
			name, template = "", name
		}
		if a, ok := parseARN(text(c.raw("arn"))); ok {
			account = a.account
		}
		for _, k := range keysOf(account, "/", name, template, c.scope) {
			b.clusterX.add(k, c)
		}
		if issuer := text(get(object(get(object(c.raw("identity")), "oidc")), "issuer")); issuer != "" {
			b.clusterX.add("issuer\x00"+bareURL(issuer), c)
		}
		b.inScope[c.realm()] = append(b.inScope[c.realm()], c)
	}
	for _, typ := range tied() {
		for _, n := range b.by[typ] {
			b.tie(n, at("cluster"))
		}
	}
	for _, n := range b.by["oidc_provider"] {
		b.tie(n, at("url"))
	}
	keys := b.clusterKeys()
	b.many, b.foreign = keys > 1, keys > len(b.by["eks_cluster"])
	b.allClusters = &group{nodes: b.by["eks_cluster"]}
	for _, typ := range objects() {
		for _, n := range b.by[typ] {
			b.place(n)
		}
	}
}

// clusterKeys counts the clusters documents speak of, in the stack or not.
func (b *builder) clusterKeys() int {
	keys := map[string]bool{}
	for _, c := range b.by["eks_cluster"] {
		keys[c.id] = true
	}
	for _, typ := range tied() {
		for _, n := range b.by[typ] {
			if n.clusterKey != "" {
				keys[n.clusterKey] = true
			}
		}
	}
	return len(keys)
}

func (b *builder) wantCluster() wanted {
	return wanted{types: []string{"eks_cluster"}, find: func(from *node, s string) (*node, string, bool) {
		if strings.Contains(s, "://") {
			return b.one(b.clusterX["issuer\x00"+bareURL(s)], from)
		}
		return b.lookup(b.clusterX, from, queries(s, "eks", "cluster", from.scope))
	}}
}

// bareURL is an issuer as IAM names it: without the scheme.
func bareURL(s string) string {
	_, rest, found := strings.Cut(s, "://")
	if !found {
		rest = s
	}
	return strings.TrimSuffix(rest, "/")
}

// tie links a document to the cluster that the value at p names.
func (b *builder) tie(n *node, p place) {
	ends, reason := b.resolve(n, p, b.wantCluster())
	if c := b.owner(n); len(ends) == 0 && c != nil && n.attr("cluster") == nil {
		ends, reason = []end{{c, ViaSource}}, ""
	}
	if len(ends) == 0 && reason != "" && reason != reasonAmbiguous {
		// The value is unknown: the only cluster of the same root is meant.
		if c := b.inScope[n.realm()]; len(c) == 1 {
			ends, reason = []end{{c[0], ViaInferred}}, ""
		}
	}
	for _, e := range ends {
		b.add(ClusterOf, n, e.to, e.via)
	}
	if reason != "" {
		b.gap(ClusterOf, n, n, p.text, reason)
	}
	switch name := text(n.attr("cluster")); {
	case len(ends) == 1:
		n.cluster, n.clusterKey = ends[0].to, ends[0].to.id
	case name != "" && !holed(name):
		n.clusterKey = "name:" + base(name)
	}
}

// owner returns the cluster whose document n was derived from: an eksctl file's
// node groups are part of its cluster.
func (b *builder) owner(n *node) *node {
	for p := n.doc.Parent; p != nil; p = p.Parent {
		if c := b.node[p]; c != nil && c.doc.Type == "eks_cluster" {
			return c
		}
	}
	return nil
}

// place finds the cluster an object lives in.
func (b *builder) place(n *node) {
	if n.clusterKey != "" {
		return
	}
	c, via := b.carried(n)
	if c == nil {
		if c, via = b.declared(n); c == nil && n.clusterKey != "" {
			return
		}
	}
	if all := b.by["eks_cluster"]; c == nil && len(all) == 1 && !b.many {
		c, via = all[0], ViaInferred
	}
	if c == nil {
		c, via = b.discovered(n)
	}
	if c == nil {
		c, via = b.besides(n)
	}
	if c == nil {
		return
	}
	n.cluster, n.clusterKey = c, c.id
	b.add(ClusterOf, n, c, via)
}

// declared finds the cluster that the user says the stack runs on. A cluster
// that was not read still tells its objects from those of others.
func (b *builder) declared(n *node) (c *node, via string) {
	if b.options.Cluster == "" {
		return nil, ""
	}
	to, _, ambiguous := b.wantCluster().find(n, b.options.Cluster)
	if to == nil && !ambiguous {
		n.clusterKey = "name:" + b.options.Cluster
	}
	return to, ViaSource
}

// carried finds the cluster that the resource around an object puts it into:
// the one it names, the one it was derived from, or the only one of its root.
func (b *builder) carried(n *node) (c *node, via string) {
	for p := n.doc.Parent; p != nil; p = p.Parent {
		carrier := b.node[p]
		if carrier == nil {
			continue
		}
		if carrier.doc.Type == "eks_cluster" {
			return carrier, ViaSource
		}
		if carrier.cluster != nil {
			return carrier.cluster, ViaSource
		}
		named, known := b.carriers[carrier]
		if !known {
			named.to, named.via = b.namedBy(carrier)
			b.carriers[carrier] = named
		}
		if named.to != nil {
			return named.to, named.via
		}
	}
	if all := b.inScope[n.realm()]; len(all) == 1 {
		return all[0], ViaInferred
	}
	return nil, ""
}

// discovered finds the cluster whose discovery tag a node class selects its
// subnets and security groups by: the tag's value is the cluster's name.
// https://karpenter.sh/docs/getting-started/getting-started-with-karpenter/
func (b *builder) discovered(n *node) (c *node, via string) {
	if n.doc.Type != "node_group" {
		return nil, ""
	}
	for _, key := range []string{"subnet_selectors", "security_group_selectors"} {
		for _, term := range list(n.attr(key)) {
			if name := text(get(object(get(object(term), "tags")), "karpenter.sh/discovery")); name != "" && name != "*" {
				if to, _, _ := b.wantCluster().find(n, name); to != nil {
					return to, ViaConvention
				}
				n.clusterKey = "name:" + name
				return nil, ""
			}
		}
	}
	return nil, ""
}

// besides finds the cluster whose folder an object is in: of several clusters
// the only one in the nearest folder that has any. Where a cluster is known by
// its name alone, folders tell nothing.
func (b *builder) besides(n *node) (c *node, via string) {
	if n.clusterKey != "" || len(b.by["eks_cluster"]) < 2 || b.foreign {
		return nil, ""
	}
	if found, _ := b.nearest(b.allClusters, n); len(found) == 1 {
		return found[0], ViaConvention
	}
	return nil, ""
}

// provided finds the cluster that the provider of a Terraform resource is
// configured for: its host is an attribute of that cluster, or of a data source
// that names it; or its context is called after it.
func (b *builder) provided(carrier *node) (c *node, via string) {
	w := b.wantCluster()
	var found []end
	for _, r := range carrier.doc.Refs {
		if !r.Path.HasPrefix(document.Path{"provider"}) {
			continue
		}
		found = b.reach(found, r.To, orElse(r.Via, ViaReference), w, 0)
		if source := b.data[r.To]; source != nil && len(found) == 0 {
			if name := text(get(source.Raw, "name")); name != "" {
				if to, how, _ := w.find(carrier, name); to != nil {
					found = append(found, end{to, how})
				}
			}
		}
	}
	if len(found) == 1 {
		return found[0].to, found[0].via
	}
	if context := carrier.doc.Metadata["kubernetes:context"]; context != "" && len(found) == 0 {
		if to, _, _ := w.find(carrier, context); to != nil {
			return to, ViaConvention
		}
	}
	return nil, ""
}

// namedBy reads the cluster a CloudFormation carrier of manifests names, or the
// one a Terraform carrier's provider is for.
// https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_eks.KubernetesManifest.html
func (b *builder) namedBy(carrier *node) (c *node, via string) {
	if strings.HasPrefix(carrier.scope, "tf:") {
		return b.provided(carrier)
	}
	if !strings.HasPrefix(carrier.doc.Kind, "Custom::AWSCDK-EKS-") && !strings.HasPrefix(carrier.doc.Kind, "AWSQS::Kubernetes::") {
		return nil, ""
	}
	for _, key := range []string{"ClusterName", "ClusterID"} {
		var found []end
		for _, r := range carrier.doc.Refs {
			if r.Path.HasPrefix(document.Path{key}) {
				found = b.reach(found, r.To, orElse(r.Via, ViaReference), wanted{types: []string{"eks_cluster"}}, 0)
			}
		}
		if len(found) == 1 {
			return found[0].to, found[0].via
		}
		if name := text(carrier.raw(key)); name != "" {
			if to, via, _ := b.wantCluster().find(carrier, name); to != nil {
				return to, via
			}
		}
	}
	return nil, ""
}

// evidence is the fact of what kinds of input there are.
func (b *builder) evidence() map[string]any {
	kubernetes := slices.ContainsFunc(objects(), func(typ string) bool {
		return typ != "aws_auth_mapping" && typ != "node_group" && len(b.by[typ]) > 0
	})
	ids := b.stack.ByType["eks_cluster"]
	return map[string]any{"has_kubernetes": kubernetes, "has_cluster": len(ids) > 0, "clusters": anyList(ids)}
}
