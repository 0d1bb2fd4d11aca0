package link

import (
	"slices"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestExposureThroughAGateway(t *testing.T) {
	const group = "gateway.networking.k8s.io/v1/"
	gateway := func(infrastructure any) *document.Document {
		return k8s("g.yaml", group+"Gateway", "edge", "gw", "gateway", obj{"class": "main"}, rawly(obj{"spec": obj{"infrastructure": infrastructure}}))
	}
	class := func(controller string) *document.Document {
		return k8s("g.yaml", group+"GatewayClass", "", "main", "", nil, rawly(obj{"spec": obj{"controllerName": controller}}))
	}
	config := func(scheme string) *document.Document {
		return k8s("g.yaml", "gateway.k8s.aws/v1beta1/LoadBalancerConfiguration", "edge", "lb", "", nil, rawly(obj{"spec": obj{"scheme": scheme}}))
	}
	ref := obj{"parametersRef": obj{"group": "gateway.k8s.aws", "kind": "LoadBalancerConfiguration", "name": "lb"}}
	annotated := func(scheme string) obj {
		return obj{"annotations": obj{"service.beta.kubernetes.io/aws-load-balancer-scheme": scheme}}
	}
	web := deployment("k.yaml", "shop", "web", obj{"app": "web"})
	rest := []*document.Document{
		web, deployment("k.yaml", "shop", "other", obj{"app": "other"}), service("k.yaml", "shop", "web", obj{"app": "web"}, "cluster"),
		k8s("k.yaml", group+"HTTPRoute", "shop", "route", "gateway_route", obj{
			"parents": arr{obj{"name": "gw", "namespace": "edge"}, obj{"kind": "Service", "name": "gw"}}, "backends": arr{obj{"service": "web"}},
		}),
		k8s("k.yaml", group+"HTTPRoute", "shop", "stray", "gateway_route", obj{"parents": arr{obj{"name": "gw"}}, "backends": arr{obj{"service": "web"}}}),
	}
	through := []string{"gateway value: gw > route > web"}
	rest = append(rest, k8s("k.yaml", group+"HTTPRoute", "shop", "mesh", "gateway_route", obj{"parents": arr{obj{"kind": "Service", "name": "web"}}, "backends": arr{obj{"service": "web"}}}))
	aws := class("gateway.k8s.aws/alb")
	cases := map[string]struct {
		docs           []*document.Document
		chains, doubts []string
	}{
		"public":             {[]*document.Document{aws, gateway(ref), config("internet-facing")}, through, nil},
		"private":            {[]*document.Document{aws, gateway(ref), config("internal")}, nil, nil},
		"default":            {[]*document.Document{aws, gateway(nil)}, nil, nil},
		"settings not read":  {[]*document.Document{aws, gateway(ref)}, nil, []string{"gw spec.infrastructure.parametersRef not_in_stack"}},
		"class not read":     {[]*document.Document{gateway(ref), config("internet-facing")}, through, nil},
		"other controller":   {[]*document.Document{class("istio.io/gateway-controller"), gateway(nil)}, nil, []string{"gw class ambiguous_default"}},
		"annotated public":   {[]*document.Document{class("istio.io/gateway-controller"), gateway(annotated("internet-facing"))}, through, nil},
		"annotated internal": {[]*document.Document{class("istio.io/gateway-controller"), gateway(annotated("internal"))}, nil, nil},
		"no gateway":         {nil, nil, []string{"route parents not_in_stack", "stray parents not_in_stack"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := Build(append(c.docs, rest...))
			doubts := c.doubts
			if c.docs != nil {
				doubts = append(slices.Clone(doubts), "stray parents not_in_stack")
			}
			slices.Sort(doubts)
			wantExposure(t, s, web.ID, c.chains, doubts)
			wantExposure(t, s, "k.yaml#apps/v1/Deployment/shop/other", nil, nil)
		})
	}
}
