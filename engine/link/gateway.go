package link

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// gatewayGroup is the API group of the AWS Load Balancer Controller's own
// Gateway settings, and the prefix of its controller names.
// https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/gateway/gateway/
const gatewayGroup = "gateway.k8s.aws"

// gateways follows the routes of the Gateway API from Gateways on the internet
// to Services and their workloads.
func (x *exposer) gateways() {
	gateways, services := index{}, index{}
	for _, g := range x.b.by["gateway"] {
		gateways.add(g.doc.Namespace+"/"+g.doc.Name, g)
	}
	for _, s := range x.b.by["service"] {
		services.add(s.doc.Namespace+"/"+s.doc.Name, s)
	}
	settings := x.gatewaySettings()
	for _, r := range x.b.by["gateway_route"] {
		backends := x.named(r, services, list(r.attr("backends")), "service")
		if len(backends) == 0 {
			continue
		}
		parents := x.named(r, gateways, list(r.attr("parents")), "name")
		for _, g := range parents {
			exposure, doubt := settings.reach(g)
			x.routed(r, g, backends, exposure == internet, doubt)
		}
		if len(parents) == 0 && slices.ContainsFunc(list(r.attr("parents")), isGateway) {
			x.routed(r, nil, backends, false, &gap{r.id, "parents", reasonNotInStack})
		}
	}
}

// routed notes the way through a Gateway and a route, or a doubt about it.
func (x *exposer) routed(r, g *node, backends []*node, public bool, doubt *gap) {
	for _, s := range backends {
		for _, w := range x.selected[s] {
			switch {
			case public:
				c := chain{[]string{g.id, r.id, s.id}, "gateway", w.via}
				x.chains[w.to] = append(x.chains[w.to], c)
			case doubt != nil:
				x.open[w.to] = append(x.open[w.to], *doubt)
			}
		}
	}
}

// named finds the objects that a route's references name, in its namespace
// unless they say another.
func (x *exposer) named(r *node, objects index, references []any, key string) []*node {
	var out []*node
	for _, ref := range references {
		if key == "name" && !isGateway(ref) {
			continue
		}
		namespace := orElse(text(get(ref, "namespace")), r.doc.Namespace)
		found, _, _ := x.b.mates(objects[namespace+"/"+text(get(ref, key))], r)
		out = append(out, found...)
	}
	return out
}

// isGateway reports whether a parent of a route is a Gateway and not, as in a
// mesh, a Service.
func isGateway(parent any) bool {
	kind := text(get(parent, "kind"))
	return kind == "" || kind == "Gateway"
}

// A gatewaySetting holds what decides the scheme of a Gateway's load balancer.
type gatewaySetting struct {
	controllers map[string]string // class -> controller
	parameters  map[string]any    // class -> parametersRef
	schemes     map[string]*node  // namespace/name -> LoadBalancerConfiguration
}

func (x *exposer) gatewaySettings() gatewaySetting {
	s := gatewaySetting{controllers: map[string]string{}, parameters: map[string]any{}, schemes: map[string]*node{}}
	if len(x.b.by["gateway"]) == 0 {
		return s
	}
	for _, n := range x.b.live {
		switch group, kind := apiGroup(n.doc.Kind); {
		case kind == "GatewayClass":
			s.controllers[n.doc.Name] = text(n.raw("spec", "controllerName"))
			s.parameters[n.doc.Name] = n.raw("spec", "parametersRef")
		case group == gatewayGroup && kind == "LoadBalancerConfiguration":
			s.schemes[n.doc.Namespace+"/"+n.doc.Name] = n
		}
	}
	return s
}

// reach says how far a Gateway can be reached. The AWS controller makes
// internal load balancers unless told otherwise; other controllers make a
// Service, which takes the Gateway's annotations.
// https://gateway-api.sigs.k8s.io/reference/spec/#gatewayinfrastructure
func (s gatewaySetting) reach(g *node) (exposure string, doubt *gap) {
	class := text(g.attr("class"))
	infrastructure := g.raw("spec", "infrastructure")
	ref, ours := s.configuration(g, class, infrastructure)
	if ours {
		config := s.schemes[ref]
		switch {
		case ref != "" && config == nil:
			return "", &gap{g.id, "spec.infrastructure.parametersRef", reasonNotInStack}
		case config != nil && text(config.raw("spec", "scheme")) == "internet-facing":
			return internet, nil
		case config != nil:
			if st, open := config.doc.RawStates["spec.scheme"]; open {
				return "", &gap{config.id, "spec.scheme", orElse(st.Reason, document.UnevaluatedExpression)}
			}
		}
		return "internal", nil
	}
	scheme := text(get(infrastructure, "annotations", "service.beta.kubernetes.io/aws-load-balancer-scheme"))
	switch {
	case scheme == "internet-facing":
		return internet, nil
	case scheme == "internal", truth(get(infrastructure, "annotations", "service.beta.kubernetes.io/aws-load-balancer-internal")):
		return "internal", nil
	}
	return "", &gap{g.id, "class", document.AmbiguousDefault}
}

// configuration names the settings of the AWS controller that a Gateway or its
// class refers to; ours says that it is that controller's Gateway.
func (s gatewaySetting) configuration(g *node, class string, infrastructure any) (ref string, ours bool) {
	ours = strings.HasPrefix(s.controllers[class], gatewayGroup+"/")
	for _, r := range []any{get(infrastructure, "parametersRef"), s.parameters[class]} {
		if text(get(r, "group")) == gatewayGroup {
			return orElse(text(get(r, "namespace")), g.doc.Namespace) + "/" + text(get(r, "name")), true
		}
	}
	return "", ours
}
