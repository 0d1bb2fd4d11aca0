package link

import (
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A netpol is one policy of whatever engine, reduced to what it selects and to
// how it treats traffic nobody allows.
type netpol struct {
	node *node
	// namespace it acts in; "" for cluster-wide policies.
	namespace string
	// pods must match; expr is Calico's way to say the same.
	pods selector
	expr *expression
	// spaces are conditions on the labels of the namespace, for cluster-wide
	// policies; spaceExpr is Calico's way.
	spaces    selector
	spaceExpr *expression
	// vague: something else selects as well that labels do not show.
	vague bool
	// open is what is not known of the selection, if anything.
	open *gap

	ingress, egress direction
}

// A direction is what a policy does to incoming or outgoing traffic.
type direction struct {
	// applies: selected pods lose what is not allowed somewhere.
	applies bool
	// deny: nothing is allowed here (for egress: nothing but DNS).
	deny bool
	// all: everything is allowed here.
	all bool
	// open is what is not known of the rules, if anything.
	open *gap
}

// everywhere marks, among namespaces, a policy for several of them.
const everywhere = "*"

// readPolicies reads every network policy of the stack. The canonical attribute
// engine says whose rules apply.
func (b *builder) readPolicies() []*netpol {
	out := make([]*netpol, 0, len(b.by["network_policy"]))
	for _, n := range b.by["network_policy"] {
		if n.attr("node_selector") != nil || truth(n.raw("spec", "doNotTrack")) || truth(n.raw("spec", "preDNAT")) {
			continue // about hosts, not pods
		}
		p := &netpol{node: n, namespace: n.doc.Namespace}
		if truth(n.attr("cluster_scoped")) {
			p.namespace = ""
		}
		switch engine := text(n.attr("engine")); {
		case engine == "cilium":
			p.readCilium()
		case engine == "calico":
			p.readCalico()
		case truth(n.attr("cluster_scoped")):
			p.readAdmin()
		default:
			p.read()
		}
		if p.namespace == "" && !truth(n.attr("cluster_scoped")) && p.open == nil {
			p.open = &gap{n.id, "metadata.namespace", orElse(n.doc.RawStates["metadata.namespace"].Reason, document.UnevaluatedExpression)}
		}
		out = append(out, p)
	}
	return out
}

// networkPolicies ties workloads to the policies that select them.
func (b *builder) networkPolicies() {
	b.netpols = b.readPolicies()
	b.spaces = b.readSpaces()
	selecting := map[string]bool{}
	for _, p := range b.netpols {
		if p.open != nil {
			b.gap(NetpolsOf, p.node, p.node, p.open.path, p.open.reason)
			continue
		}
		if len(p.pods) > 0 || p.expr != nil {
			selecting[orElse(p.namespace, everywhere)] = true
		}
		for _, space := range b.reachOf(p) {
			for _, g := range b.pods.candidates(space, p.hash()) {
				b.pick(NetpolsOf, p.node, g, func(w *node) bool { return p.matches(b.pods.labels[w], w.doc.Namespace) == yes })
			}
		}
	}
	b.blur(NetpolsOf, selecting)
}

// hash is the part of a selection that labels can be looked up by.
func (p *netpol) hash() selector {
	if p.expr == nil {
		return p.pods
	}
	return slices.DeleteFunc(p.expr.equalities(), func(r requirement) bool {
		_, there := calicoPod(labels{}, "")(r.key)
		return there != no // a label that Calico derives and no pod carries
	})
}

// matches tests a workload of a namespace the policy reaches.
func (p *netpol) matches(l labels, namespace string) verdict {
	out := p.pods.matches(l)
	if p.expr != nil {
		out = both(out, p.expr.eval(calicoPod(l, namespace)))
	}
	if p.vague {
		out = both(out, maybe)
	}
	return out
}

// whole reports whether the policy selects every pod of a namespace it
// reaches.
func (p *netpol) whole(namespace string) verdict {
	if p.open != nil {
		return maybe
	}
	out := yes
	if len(p.pods) > 0 {
		out = no
	}
	if p.expr != nil && p.expr.eval(calicoPod(labels{open: true}, namespace)) != yes {
		out = no
	}
	if p.vague {
		out = both(out, maybe)
	}
	return out
}

// reachOf lists the namespaces a policy certainly acts in.
func (b *builder) reachOf(p *netpol) []string {
	if p.namespace != "" {
		return []string{p.namespace}
	}
	candidates := b.spaceNames
	if names, ok := p.named(); ok {
		candidates = names
	}
	var out []string
	for _, name := range candidates {
		if p.inSpace(name, b.spaces[name]) == yes {
			out = append(out, name)
		}
	}
	return out
}

// named lists the namespaces a cluster-wide policy asks for by name.
func (p *netpol) named() ([]string, bool) {
	requirements := p.spaces
	if p.spaceExpr != nil {
		requirements = slices.Concat(requirements, p.spaceExpr.equalities())
	}
	if p.expr != nil {
		requirements = slices.Concat(requirements, p.expr.equalities())
	}
	for _, r := range requirements {
		if r.operator == "In" && (r.key == metadataName || r.key == calicoName || r.key == calicoNamespace) {
			return r.values, true
		}
	}
	return nil, false
}

// metadataName is the label the API server gives every namespace.
// https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name
const metadataName = "kubernetes.io/metadata.name"

// inSpace tests a namespace against a cluster-wide policy.
func (p *netpol) inSpace(name string, l labels) verdict {
	if l.known == nil {
		l = labels{known: map[string]any{metadataName: name}, open: true}
	}
	out := p.spaces.matches(l)
	if p.spaceExpr != nil {
		out = both(out, p.spaceExpr.eval(calicoSpace(l, name)))
	}
	if p.expr != nil && p.expr.eval(calicoPod(labels{open: true}, name)) == no {
		out = no
	}
	return out
}

// readSpaces collects the namespaces of the stack and what is known of their
// labels.
func (b *builder) readSpaces() map[string]labels {
	names := map[string]bool{}
	for _, w := range b.by["workload"] {
		names[w.doc.Namespace] = true
	}
	for _, p := range b.netpols {
		if p.namespace != "" {
			names[p.namespace] = true
		}
	}
	out := map[string]labels{}
	for _, n := range b.by["namespace"] {
		name := n.doc.Name
		names[name] = true
		if _, again := out[name]; again {
			// Namesakes may be labeled differently.
			out[name] = labels{known: map[string]any{metadataName: name}, open: true}
			continue
		}
		l := labelsAt(n, "labels")
		known := map[string]any{metadataName: name}
		maps.Copy(known, l.known)
		l.known = known
		out[name] = l
	}
	for name := range names {
		if name != "" {
			b.spaceNames = append(b.spaceNames, name)
		}
	}
	slices.Sort(b.spaceNames)
	return out
}

// read reads the Kubernetes API's own NetworkPolicy, and the one of the EKS
// controller that adds domain names to it.
// https://kubernetes.io/docs/concepts/services-networking/network-policies/
func (p *netpol) read() {
	p.pods = readSelector(p.node.attr("pod_selector"))
	p.open = openAt(p.node, "pod_selector")
	p.ingress = p.direction("Ingress", func(applies bool, rules []any) direction { return readRules(applies, rules, "ingress") })
	p.egress = p.direction("Egress", func(applies bool, rules []any) direction { return readRules(applies, rules, "egress") })
}

// direction reads one direction from policy_types and the rules.
func (p *netpol) direction(name string, read func(applies bool, rules []any) direction) direction {
	key := strings.ToLower(name)
	d := read(slices.Contains(texts(p.node.attr("policy_types")), name), list(p.node.attr(key)))
	d.open = openAt(p.node, key)
	if d.open == nil {
		d.open = openAt(p.node, "policy_types")
	}
	return d
}

// openAt returns the first thing not known at or below a canonical path.
func openAt(n *node, path string) *gap {
	if len(n.doc.States) == 0 {
		return nil
	}
	if paths := unknownBelow(n.doc, path); len(paths) > 0 {
		return &gap{n.id, paths[0], orElse(n.doc.States[paths[0]].Reason, document.UnevaluatedExpression)}
	}
	if st, open := unknownAt(n.doc, path); open {
		return &gap{n.id, path, orElse(st.Reason, document.UnevaluatedExpression)}
	}
	return nil
}

// readRules reads one direction of a Kubernetes policy.
func readRules(applies bool, rules []any, key string) direction {
	d := direction{applies: applies}
	if !applies {
		return d
	}
	peers := map[string]string{"ingress": "from", "egress": "to"}[key]
	dns := key == "egress"
	for _, r := range rules {
		ports := list(get(r, "ports"))
		d.all = d.all || r != nil && len(ports) == 0 && len(list(get(r, peers))) == 0
		dns = dns && dnsOnly(ports, "port")
	}
	d.deny = len(rules) == 0 || dns
	return d
}

// dnsOnly reports whether ports are named and all of them those of DNS.
func dnsOnly(ports []any, key string) bool {
	for _, p := range ports {
		v := p
		if m, ok := p.(map[string]any); ok {
			v = m[key]
			if m["endPort"] != nil || m["end_port"] != nil {
				return false
			}
		}
		if n, ok := integer(v); ok && n == 53 {
			continue
		}
		if s := text(v); s != "53" && s != "dns" && s != "dns-tcp" {
			return false
		}
	}
	return len(ports) > 0
}
