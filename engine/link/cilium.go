package link

import (
	"slices"
	"strings"
)

// Keys of labels that Cilium derives from a pod's namespace.
// https://docs.cilium.io/en/stable/network/kubernetes/policy/
const (
	ciliumNamespace      = "io.kubernetes.pod.namespace"
	ciliumNamespaceLabel = "io.cilium.k8s.namespace.labels."
	ciliumReserved       = "io.cilium."
)

// readCilium reads a CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy.
func (p *netpol) readCilium() {
	p.ciliumSelector(p.node.attr("pod_selector"))
	p.open = openAt(p.node, "pod_selector")
	for key, d := range map[string]*direction{"Ingress": &p.ingress, "Egress": &p.egress} {
		*d = p.direction(key, func(applies bool, rules []any) direction {
			denials := list(p.node.attr(strings.ToLower(key) + "_deny"))
			return ciliumRules(applies && len(rules)+len(denials) > 0, rules, key == "Egress")
		})
	}
}

// ciliumSelector splits an endpoint selector into conditions on the pod and on
// its namespace.
func (p *netpol) ciliumSelector(v any) {
	for _, r := range readSelector(v) {
		r.key = trimLabel(r.key)
		switch {
		case r.key == ciliumNamespace:
			r.key = metadataName
			p.spaces = append(p.spaces, r)
		case strings.HasPrefix(r.key, ciliumNamespaceLabel):
			r.key = strings.TrimPrefix(r.key, ciliumNamespaceLabel)
			p.spaces = append(p.spaces, r)
		case strings.HasPrefix(r.key, ciliumReserved), strings.HasPrefix(r.key, "reserved:"):
			p.vague = true
		default:
			p.pods = append(p.pods, r)
		}
	}
}

// ciliumRules reads one direction. A section with rules puts the selected pods
// into default deny; an empty rule allows nothing.
// https://docs.cilium.io/en/stable/security/policy/intro/
func ciliumRules(applies bool, rules []any, egress bool) direction {
	d := direction{applies: applies, deny: applies}
	if !applies {
		return d
	}
	for _, r := range rules {
		m := object(r)
		entities := slices.Concat(texts(m["fromEntities"]), texts(m["toEntities"]))
		ports := list(m["toPorts"])
		d.all = d.all || slices.Contains(entities, "all") && len(ports) == 0
		d.deny = d.deny && (len(m) == 0 || egress && ciliumDNS(ports))
	}
	return d
}

func ciliumDNS(ports []any) bool {
	for _, p := range ports {
		if !dnsOnly(list(get(p, "ports")), "port") {
			return false
		}
	}
	return len(ports) > 0
}
