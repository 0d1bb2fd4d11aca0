package link

import "slices"

// readAdmin reads the cluster-wide policies of the Network Policy API, which
// the EKS controller took over under its own group.
// https://network-policy-api.sigs.k8s.io/api-overview/
func (p *netpol) readAdmin() {
	p.spaces = readSelector(p.node.attr("namespace_selector"))
	p.pods = readSelector(p.node.attr("pod_selector"))
	p.open = openAt(p.node, "namespace_selector")
	if p.open == nil {
		p.open = openAt(p.node, "pod_selector")
	}
	p.ingress = p.direction("Ingress", func(_ bool, rules []any) direction { return adminRules(rules, "from") })
	p.egress = p.direction("Egress", func(_ bool, rules []any) direction { return adminRules(rules, "to") })
}

// adminRules reads rules of which the first that matches counts. Traffic no
// rule matches is left to other policies.
func adminRules(rules []any, peers string) direction {
	var d direction
	for _, r := range rules {
		if get(r, "ports") != nil || get(r, "protocols") != nil || !slices.ContainsFunc(list(get(r, peers)), everyone(peers)) {
			continue
		}
		switch text(get(r, "action")) {
		case "Deny":
			return direction{applies: true, deny: true}
		case "Allow", "Accept":
			return direction{all: true}
		}
		return d // Pass: other policies decide
	}
	return d
}

// everyone tells whether a peer of a rule means all sources (every pod of
// every namespace) or all destinations (every address).
func everyone(peers string) func(any) bool {
	return func(peer any) bool {
		if peers == "to" {
			networks := texts(get(peer, "networks"))
			return slices.Contains(networks, "0.0.0.0/0") || slices.Contains(networks, "::/0")
		}
		m, ok := get(peer, "namespaces").(map[string]any)
		return ok && len(readSelector(m)) == 0
	}
}
