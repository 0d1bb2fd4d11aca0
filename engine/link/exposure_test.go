package link

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func ingress(file, namespace, name string, attr obj, options ...option) *document.Document {
	return k8s(file, "networking.k8s.io/v1/Ingress", namespace, name, "ingress", attr, options...)
}

func to(services ...string) arr {
	var out arr
	for _, s := range services {
		out = append(out, obj{"service": s, "port": int64(80)})
	}
	return out
}

// chainsOf writes the ways to a workload down: "kind via: outermost > inner".
func chainsOf(s *Stack, id string) []string {
	var out []string
	for _, c := range list(get(s.Facts, "exposure", id)) {
		var names []string
		for _, step := range texts(get(c, "chain")) {
			names = append(names, step[strings.LastIndexByte(step, '/')+1:])
		}
		out = append(out, text(get(c, "kind"))+" "+text(get(c, "via"))+": "+strings.Join(names, " > "))
	}
	slices.Sort(out)
	return out
}

// doubtsOf writes down why it is not known whether a workload is exposed.
func doubtsOf(s *Stack, id string) []string {
	var out []string
	for _, g := range list(get(s.Facts, "exposure_unknown", id)) {
		name := text(get(g, "document"))
		out = append(out, name[strings.LastIndexByte(name, '/')+1:]+" "+text(get(g, "path"))+" "+text(get(g, "reason")))
	}
	slices.Sort(out)
	return out
}

func wantExposure(t *testing.T, s *Stack, id string, chains, doubts []string) {
	t.Helper()
	if diff := cmp.Diff(chains, chainsOf(s, id)); diff != "" {
		t.Errorf("exposure of %s (-want +got):\n%s", id, diff)
	}
	if diff := cmp.Diff(doubts, doubtsOf(s, id)); diff != "" {
		t.Errorf("doubts about %s (-want +got):\n%s", id, diff)
	}
}

func TestServicesSelectWorkloads(t *testing.T) {
	s := build(
		deployment("k.yaml", "shop", "web", obj{"app": "web", "tier": "front"}),
		deployment("k.yaml", "shop", "api", obj{"app": "api", "tier": "front"}),
		deployment("k.yaml", "other", "web", obj{"app": "web", "tier": "front"}),
		deployment("k.yaml", "shop", "open", obj{"tier": "front"}, unknown("labels.app", document.AfterApply)),
		service("k.yaml", "shop", "web", obj{"app": "web", "tier": "front"}, "cluster"),
		service("k.yaml", "shop", "front", obj{"tier": "front"}, "cluster"),
		service("k.yaml", "shop", "none", nil, "cluster"),
		service("k.yaml", "shop", "veiled", nil, "cluster", unknown("selector", document.AfterApply)),
	)
	const d, v = "k.yaml#apps/v1/Deployment/", "k.yaml#v1/Service/"
	wantEdges(t, s, ServicesOf,
		d+"shop/web -> "+v+"shop/web (value)",
		d+"shop/web -> "+v+"shop/front (value)",
		d+"shop/api -> "+v+"shop/front (value)",
		d+"shop/open -> "+v+"shop/front (value)",
	)
	wantGaps(t, s, ServicesOf,
		d+"shop/open: "+d+"shop/open labels.app after_apply",
		v+"shop/veiled: "+v+"shop/veiled selector after_apply",
	)
}

func TestExposureThroughServiceAndIngress(t *testing.T) {
	web := deployment("k.yaml", "shop", "web", obj{"app": "web"})
	api := deployment("k.yaml", "shop", "api", obj{"app": "api"})
	legacy := deployment("k.yaml", "shop", "legacy", obj{"app": "legacy"})
	hidden := deployment("k.yaml", "shop", "hidden", obj{"app": "hidden"})
	s := build(web, api, legacy, hidden,
		service("k.yaml", "shop", "lb", obj{"app": "web"}, "internet"),
		service("k.yaml", "shop", "intree", obj{"app": "legacy"}, "internet", func(d *document.Document) {
			d.States["exposure"] = document.State{Kind: document.Defaulted, Reason: document.AmbiguousDefault}
		}),
		service("k.yaml", "shop", "api", obj{"app": "api"}, "cluster"),
		service("k.yaml", "shop", "hidden", obj{"app": "hidden"}, "internal"),
		ingress("k.yaml", "shop", "alb", obj{"exposure": "internet", "backends": to("api")}),
		ingress("k.yaml", "shop", "private", obj{"exposure": "internal", "backends": to("hidden")}),
		ingress("k.yaml", "other", "decoy", obj{"exposure": "internet", "backends": to("hidden")}),
		ingress("k.yaml", "shop", "action", obj{
			"exposure": "internet", "backends": arr{obj{"service": "split", "port": "use-annotation"}},
			"annotations": obj{"alb.ingress.kubernetes.io/actions.split": `{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"lb"}]}}`},
		}),
	)
	wantExposure(t, s, web.ID, []string{"ingress value: action > lb", "service value: lb"}, nil)
	wantExposure(t, s, api.ID, []string{"ingress value: alb > api"}, nil)
	wantExposure(t, s, legacy.ID, []string{"service convention: intree"}, nil)
	wantExposure(t, s, hidden.ID, nil, nil)
	wantEdges(t, s, IngressesOf,
		"k.yaml#v1/Service/shop/api -> k.yaml#networking.k8s.io/v1/Ingress/shop/alb (value)",
		"k.yaml#v1/Service/shop/hidden -> k.yaml#networking.k8s.io/v1/Ingress/shop/private (value)",
		"k.yaml#v1/Service/shop/lb -> k.yaml#networking.k8s.io/v1/Ingress/shop/action (value)",
	)
}

func TestUnknownExposureIsADoubt(t *testing.T) {
	web := deployment("k.yaml", "shop", "web", obj{"app": "web"})
	open := deployment("k.yaml", "shop", "open", nil, unknown("labels", document.AfterApply))
	veiled := deployment("k.yaml", "veil", "x", obj{"app": "x"})
	s := build(web, open, veiled,
		service("k.yaml", "shop", "maybe", obj{"app": "web"}, "", unknown("exposure", document.AmbiguousDefault)),
		service("k.yaml", "shop", "lb", obj{"app": "other"}, "internet"),
		service("k.yaml", "veil", "lb", nil, "internet", unknown("selector", document.AfterApply)),
		service("k.yaml", "shop", "plain", obj{"app": "web"}, "cluster"),
		ingress("k.yaml", "shop", "alb", obj{"backends": to("plain")}, unknown("exposure", document.ParameterWithoutValue)),
	)
	wantExposure(t, s, web.ID, nil, []string{"alb exposure parameter_without_value", "maybe exposure ambiguous_default"})
	wantExposure(t, s, open.ID, nil, []string{"open labels unevaluated_expression"})
	wantExposure(t, s, veiled.ID, nil, []string{"lb selector after_apply"})
}

func controller(file, namespace string, args ...any) *document.Document {
	d := deployment(file, namespace, "controller", obj{"app": "controller"})
	d.Attr["containers"] = arr{obj{
		"image": "registry.k8s.io/ingress-nginx/controller:v1.15.1@sha256:0000", "args": append(arr{"/nginx-ingress-controller"}, args...),
	}}
	return d
}

func TestExposureThroughAnIngressController(t *testing.T) {
	class := func(name, controller string, isDefault bool) *document.Document {
		annotations := obj{}
		if isDefault {
			annotations["ingressclass.kubernetes.io/is-default-class"] = "true"
		}
		return k8s("c.yaml", "networking.k8s.io/v1/IngressClass", "", name, "", nil,
			rawly(obj{"metadata": obj{"annotations": annotations}, "spec": obj{"controller": controller}}))
	}
	web := deployment("k.yaml", "shop", "web", obj{"app": "web"})
	svc := service("k.yaml", "shop", "web", obj{"app": "web"}, "cluster")
	route := func(class string, options ...option) *document.Document {
		attr := obj{"exposure": "ingress_controller", "backends": to("web")}
		if class != "" {
			attr["class"] = class
		}
		return ingress("k.yaml", "shop", "route", attr, options...)
	}
	door := func(exposure string, options ...option) *document.Document {
		return service("c.yaml", "ingress", "door", obj{"app": "controller"}, exposure, options...)
	}
	through := []string{"ingress convention: door > route > web"}
	cases := map[string]struct {
		docs           []*document.Document
		chains, doubts []string
	}{
		"class by default name":  {[]*document.Document{controller("c.yaml", "ingress"), door("internet"), route("nginx")}, through, nil},
		"other class":            {[]*document.Document{controller("c.yaml", "ingress"), door("internet"), route("internal-nginx")}, nil, []string{"route class not_in_stack"}},
		"class by flag":          {[]*document.Document{controller("c.yaml", "ingress", "--ingress-class=edge"), door("internet"), route("edge")}, through, nil},
		"flag renames the class": {[]*document.Document{controller("c.yaml", "ingress", "--ingress-class=edge"), door("internet"), route("nginx")}, nil, []string{"route class not_in_stack"}},
		"class by IngressClass":  {[]*document.Document{controller("c.yaml", "ingress"), door("internet"), class("web", "k8s.io/ingress-nginx", false), route("web")}, through, nil},
		"IngressClass of another controller": {
			[]*document.Document{controller("c.yaml", "ingress"), door("internet"), class("nginx", "nginx.org/ingress-controller", false), route("nginx")}, nil, []string{"route class not_in_stack"},
		},
		"default class":    {[]*document.Document{controller("c.yaml", "ingress"), door("internet"), class("web", "k8s.io/ingress-nginx", true), route("")}, through, nil},
		"no default class": {[]*document.Document{controller("c.yaml", "ingress"), door("internet"), class("web", "k8s.io/ingress-nginx", false), route("")}, nil, nil},
		"without class":    {[]*document.Document{controller("c.yaml", "ingress", "--watch-ingress-without-class=true"), door("internet"), route("")}, through, nil},
		"class nobody declares": {
			[]*document.Document{controller("c.yaml", "ingress"), door("internet"), route("")}, nil, []string{"route class ambiguous_default"},
		},
		"unknown class": {
			[]*document.Document{controller("c.yaml", "ingress"), door("internet"), route("", unknown("class", document.AfterApply))}, nil, []string{"route class after_apply"},
		},
		"internal door": {[]*document.Document{controller("c.yaml", "ingress"), door("internal"), route("nginx")}, nil, nil},
		"unknown door": {
			[]*document.Document{controller("c.yaml", "ingress"), door("", unknown("exposure", document.AmbiguousDefault)), route("nginx")},
			nil,
			[]string{"door exposure ambiguous_default"},
		},
		"no controller": {[]*document.Document{door("internet"), route("nginx")}, nil, []string{"route class not_in_stack"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			wantExposure(t, Build(append(c.docs, web, svc)), web.ID, c.chains, c.doubts)
		})
	}
}

func TestNodePortNeedsProof(t *testing.T) {
	world := obj{"direction": "ingress", "protocol": "tcp", "from_port": int64(30000), "to_port": int64(32767), "cidrs": arr{"0.0.0.0/0"}}
	web := deployment("k.yaml", "shop", "web", obj{"app": "web"})
	run := func(public bool, rule, port obj) []string {
		svc := service("k.yaml", "shop", "np", obj{"app": "web"}, "node")
		svc.Attr["ports"] = arr{port}
		group := obj{"security_groups": arr{"sg-1"}, "public_ip": public}
		return chainsOf(build(web, svc,
			tf("a.json", "aws_eks_node_group.ng", "node_group", group),
			tf("a.json", "aws_security_group.sg", "security_group", obj{"rules": arr{rule}}, rawly(obj{"id": "sg-1"})),
		), web.ID)
	}
	narrow := obj{"direction": "ingress", "protocol": "tcp", "from_port": int64(30080), "to_port": int64(30080), "ipv6_cidrs": arr{"::/0"}}
	private := obj{"direction": "ingress", "protocol": "-1", "cidrs": arr{"10.0.0.0/8"}}
	out := obj{"direction": "egress", "protocol": "-1", "cidrs": arr{"0.0.0.0/0"}}
	exposed := []string{"service inferred: a.json#aws_eks_node_group.ng > np"}
	wantValue(t, run(true, world, obj{"port": int64(80)}), exposed)
	wantValue(t, run(true, narrow, obj{"nodePort": int64(30080)}), exposed)
	wantValue(t, run(true, narrow, obj{"port": int64(80)}), []string(nil))
	wantValue(t, run(true, private, obj{"nodePort": int64(30080)}), []string(nil))
	wantValue(t, run(true, out, obj{"nodePort": int64(30080)}), []string(nil))
	wantValue(t, run(false, world, obj{"nodePort": int64(30080)}), []string(nil))
}

func TestImageNames(t *testing.T) {
	for image, want := range map[string][3]string{
		"docker.io/falcosecurity/falco:0.40": {"falcosecurity/falco", "falcosecurity/falco", "falco"},
		"falco":                              {"falco", "", "falco"},
		"localhost:5000/a/B:1@sha256:x":      {"a/b", "a/b", "b"},
		"123.dkr.ecr.eu-west-1.amazonaws.com/mirror/falcosecurity/falco": {"mirror/falcosecurity/falco", "falcosecurity/falco", "falco"},
		"team/app": {"team/app", "team/app", "app"},
		"":         {"", "", ""},
	} {
		name := imageName(image)
		if got := [3]string{name, lastParts(name, 2), lastParts(name, 1)}; got != want {
			t.Errorf("%q: got %q, want %q", image, got, want)
		}
	}
}
