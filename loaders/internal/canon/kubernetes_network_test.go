package canon

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestService_ExposureFollowsTheControllerThatServesIt(t *testing.T) {
	const aws = "service.beta.kubernetes.io/aws-load-balancer-"
	for _, c := range []struct {
		name        string
		annotations string
		spec        string
		want        string
		kind        document.StateKind
		at          string
	}{
		{"no type", "", "", "cluster", "", "spec.type"},
		{"external name", "", "type: ExternalName", "cluster", "", "spec.type"},
		{"node port", "", "type: NodePort", "node", "", "spec.type"},
		{"in-tree", "", "type: LoadBalancer", "internet", document.Defaulted, "spec.type"},
		{"in-tree network load balancer", aws + `type: nlb`, "type: LoadBalancer", "internet", document.Defaulted, "spec.type"},
		{"in-tree internal", aws + `internal: "true"`, "type: LoadBalancer", "internal", "", "A" + aws + "internal"},
		{"in-tree internal, old value", aws + `internal: 0.0.0.0/0`, "type: LoadBalancer", "internal", "", "A" + aws + "internal"},
		{"in-tree internal, quotes forgotten", aws + `internal: true`, "type: LoadBalancer", "internal", "", "A" + aws + "internal"},
		{"explicitly not internal", aws + `internal: "false"`, "type: LoadBalancer, loadBalancerClass: service.k8s.aws/nlb", "internet", "", "A" + aws + "internal"},
		{"controller by type", aws + `type: external`, "type: LoadBalancer", "internal", document.Defaulted, "A" + aws + "type"},
		{"controller by old type", aws + `type: nlb-ip`, "type: LoadBalancer", "internal", document.Defaulted, "A" + aws + "type"},
		{"controller by class", "", "type: LoadBalancer, loadBalancerClass: service.k8s.aws/nlb", "internal", document.Defaulted, "spec.loadBalancerClass"},
		{"auto mode", "", "type: LoadBalancer, loadBalancerClass: eks.amazonaws.com/nlb", "internal", document.Defaulted, "spec.loadBalancerClass"},
		{"scheme", aws + `scheme: internet-facing`, "type: LoadBalancer, loadBalancerClass: eks.amazonaws.com/nlb", "internet", "", "A" + aws + "scheme"},
		{"scheme beats internal", aws + `scheme: internal, ` + aws + `internal: "false"`, "type: LoadBalancer", "internal", "", "A" + aws + "scheme"},
		{"other vendor", "", "type: LoadBalancer, loadBalancerClass: tailscale", "", document.Unknown, "spec.loadBalancerClass"},
	} {
		d, _ := canonical(t, fmt.Sprintf("{apiVersion: v1, kind: Service, metadata: {name: s, annotations: {%s}}, spec: {%s}}", c.annotations, c.spec), nil)
		got, _ := d.Attr["exposure"].(string)
		if got != c.want || d.States["exposure"].Kind != c.kind {
			t.Errorf("%s: exposure %q (%q), want %q (%q)", c.name, got, d.States["exposure"].Kind, c.want, c.kind)
		}
		at := c.at
		if key, ok := strings.CutPrefix(at, "A"); ok {
			at = document.Path{"metadata", "annotations", key}.String()
		}
		wantWritten(t, d, map[string]string{"exposure": at})
	}
}

func TestService_ExposureIsUnknownWhenWhatDecidesItIs(t *testing.T) {
	const aws = "service.beta.kubernetes.io/aws-load-balancer-"
	text := "{apiVersion: v1, kind: Service, metadata: {name: s, annotations: {a: b}}, spec: {type: LoadBalancer}}"
	for _, path := range []string{
		"spec.type", "spec", "metadata.annotations", "spec.loadBalancerClass",
		`metadata.annotations["` + aws + `scheme"]`, `metadata.annotations["` + aws + `internal"]`, `metadata.annotations["` + aws + `type"]`,
	} {
		d, _ := canonical(t, text, document.States{path: unknownState(document.Unknown)})
		if d.Attr["exposure"] != nil || d.States["exposure"].Kind != document.Unknown {
			t.Errorf("%s unknown: exposure %v (%q)", path, d.Attr["exposure"], d.States["exposure"].Kind)
		}
	}
	d, _ := canonical(t, text, document.States{"metadata.annotations": unknownState(document.Partial)})
	if d.States["exposure"].Kind != document.Unknown {
		t.Errorf("annotations incomplete: exposure %v (%q)", d.Attr["exposure"], d.States["exposure"].Kind)
	}
	written := strings.Replace(text, "a: b", aws+"scheme: internal", 1)
	if d, _ = canonical(t, written, document.States{"metadata.annotations": unknownState(document.Partial)}); d.Attr["exposure"] != "internal" {
		t.Errorf("a written scheme counts whatever else there is, got %v", d.Attr["exposure"])
	}
}

func TestService_FieldsAndSourceRanges(t *testing.T) {
	d, _ := canonical(t, `
apiVersion: v1
kind: Service
metadata:
  name: s
  annotations: {service.beta.kubernetes.io/load-balancer-source-ranges: "10.0.0.0/8, 192.0.2.0/24"}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
  externalIPs: [192.0.2.1]
`, nil)
	wantAttr(t, d, map[string]any{
		"type": "ClusterIP", "selector": map[string]any{"app": "web"}, "ports[0].targetPort": int64(8080),
		"external_ips[0]": "192.0.2.1", "source_ranges": []any{"10.0.0.0/8", "192.0.2.0/24"}, "load_balancer_class": absent,
	})
	wantWritten(t, d, map[string]string{
		"external_ips":  "spec.externalIPs",
		"source_ranges": `metadata.annotations["service.beta.kubernetes.io/load-balancer-source-ranges"]`,
		"type":          "spec.type",
	})
	field, _ := canonical(t, `{apiVersion: v1, kind: Service, spec: {loadBalancerSourceRanges: [10.0.0.0/8, x]}}`, document.States{
		"spec.loadBalancerSourceRanges":    unknownState(document.Partial),
		"spec.loadBalancerSourceRanges[1]": unknownState(document.Unknown),
	})
	wantAttr(t, field, map[string]any{"source_ranges": []any{"10.0.0.0/8", nil}})
	if field.States["source_ranges"].Kind != document.Partial || field.States["source_ranges[1]"].Kind != document.Unknown {
		t.Errorf("states %v", field.States)
	}
}

func TestIngress_ExposureFollowsItsClass(t *testing.T) {
	const alb = "alb.ingress.kubernetes.io/"
	for _, c := range []struct {
		name, annotations, spec, want string
		kind                          document.StateKind
	}{
		{"default of a load balancer", "", "ingressClassName: alb", "internal", document.Defaulted},
		{"old annotation", "kubernetes.io/ingress.class: alb", "", "internal", document.Defaulted},
		{"by its annotations", alb + "target-type: ip", "ingressClassName: public", "internal", document.Defaulted},
		{"internet-facing", alb + "scheme: internet-facing", "ingressClassName: alb", "internet", ""},
		{"internal", alb + "scheme: internal", "ingressClassName: alb", "internal", ""},
		{"nginx", "", "ingressClassName: nginx", "ingress_controller", ""},
		{"cluster's default", "", "", "ingress_controller", ""},
	} {
		text := fmt.Sprintf("{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {annotations: {%s}}, spec: {%s}}", c.annotations, c.spec)
		d, _ := canonical(t, text, nil)
		if d.Attr["exposure"] != c.want || d.States["exposure"].Kind != c.kind {
			t.Errorf("%s: exposure %v (%q), want %q (%q)", c.name, d.Attr["exposure"], d.States["exposure"].Kind, c.want, c.kind)
		}
	}
	for _, path := range []string{"metadata.annotations", `metadata.annotations["alb.ingress.kubernetes.io/scheme"]`, "spec.ingressClassName"} {
		spec := "ingressClassName: alb"
		if path == "spec.ingressClassName" {
			spec = ""
		}
		d, _ := canonical(t, "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {annotations: {a: b}}, spec: {"+spec+"}}",
			document.States{path: unknownState(document.Unknown)})
		if d.States["exposure"].Kind != document.Unknown || d.Attr["exposure"] != nil {
			t.Errorf("%s unknown: exposure %v (%q)", path, d.Attr["exposure"], d.States["exposure"].Kind)
		}
	}
}

func TestIngress_BackendsOfBothAPIs(t *testing.T) {
	now, _ := canonical(t, `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: i}
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: fallback, port: {name: http}}}
  rules:
  - host: a.example.com
    http: {paths: [{path: /x, backend: {service: {name: x, port: {number: 80}}}}, {path: /r, backend: {resource: {name: bucket}}}]}
  - http: null
`, nil)
	want := []any{
		map[string]any{"host": "a.example.com", "path": "/x", "service": "x", "port": int64(80)},
		map[string]any{"host": "a.example.com", "path": "/r"},
		map[string]any{"service": "fallback", "port": "http"},
	}
	wantAttr(t, now, map[string]any{"backends": want, "class": "nginx", "tls": absent})
	wantWritten(t, now, map[string]string{
		"backends[0]": "spec.rules[0].http.paths[0].backend", "backends[2]": "spec.defaultBackend", "class": "spec.ingressClassName",
	})
	old, _ := canonical(t, `
apiVersion: extensions/v1beta1
kind: Ingress
spec:
  backend: {serviceName: fallback, servicePort: 8080}
  rules: [{http: {paths: [{backend: {serviceName: x, servicePort: http}}]}}]
`, nil)
	wantAttr(t, old, map[string]any{"backends": []any{
		map[string]any{"service": "x", "port": "http"}, map[string]any{"service": "fallback", "port": int64(8080)},
	}})
	wantWritten(t, old, map[string]string{"default_backend": "spec.backend"})
	hidden, _ := canonical(t, `{apiVersion: networking.k8s.io/v1, kind: Ingress, spec: {rules: [{http: {paths: [{backend: {service: {name: x}}}]}}]}}`,
		document.States{"spec.rules[0].http.paths[0].backend.service.name": unknownState(document.Unknown)})
	if hidden.States["backends[0].service"].Kind != document.Unknown || hidden.States["rules[0].http.paths[0].backend.service.name"].Kind != document.Unknown {
		t.Errorf("states %v", hidden.States)
	}
}

func TestGateway_ListenersAndRoutes(t *testing.T) {
	g, _ := canonical(t, `{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, spec: {gatewayClassName: aws-alb, listeners: [{protocol: HTTP}]}}`, nil)
	wantAttr(t, g, map[string]any{"class": "aws-alb", "listeners[0].protocol": "HTTP"})
	r, _ := canonical(t, `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
spec:
  parentRefs: [{name: g}]
  hostnames: [a.example.com]
  rules: [{backendRefs: [{name: web, port: 80}, {kind: Other, name: x}]}]
`, nil)
	if g.Type != "gateway" || r.Type != "gateway_route" {
		t.Errorf("types %q and %q", g.Type, r.Type)
	}
	wantAttr(t, r, map[string]any{
		"parents[0].name": "g", "hostnames[0]": "a.example.com",
		"backends": []any{map[string]any{"service": "web", "port": int64(80)}, map[string]any{}},
	})
	wantWritten(t, r, map[string]string{"backends[0]": "spec.rules[0].backendRefs[0]"})
}

func TestNetworkPolicy_TypesDefaultAsInTheAPI(t *testing.T) {
	for _, c := range []struct {
		name, spec string
		states     document.States
		want       []any
		kind       document.StateKind
	}{
		{"nothing", "podSelector: {}", nil, []any{"Ingress"}, document.Defaulted},
		{"egress rules", "egress: [{}]", nil, []any{"Ingress", "Egress"}, document.Defaulted},
		{"empty egress", "egress: []", nil, []any{"Ingress"}, document.Defaulted},
		{"written", "policyTypes: [Egress]", nil, []any{"Egress"}, ""},
		{"written empty", "policyTypes: []", nil, []any{"Ingress"}, document.Defaulted},
		{"unknown egress", "ingress: []", document.States{"spec.egress": unknownState(document.Unknown)}, []any{"Ingress"}, document.Partial},
		{"unknown types", "ingress: []", document.States{"spec.policyTypes": unknownState(document.Unknown)}, nil, document.Unknown},
	} {
		d, _ := canonical(t, "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, spec: {"+c.spec+"}}", c.states)
		got, _ := d.Attr["policy_types"].([]any)
		if diff := cmp.Diff(c.want, got); diff != "" || d.States["policy_types"].Kind != c.kind {
			t.Errorf("%s: state %q, want %q; types (-want +got):\n%s", c.name, d.States["policy_types"].Kind, c.kind, diff)
		}
	}
	d, _ := canonical(t, "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}}", nil)
	wantAttr(t, d, map[string]any{"engine": "kubernetes", "cluster_scoped": false, "pod_selector": map[string]any{}, "ingress[0].from[0].ipBlock.cidr": "0.0.0.0/0"})
}

func TestNetworkPolicy_OtherEngines(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       map[string]any
	}{
		{"cilium", "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, spec: {endpointSelector: {matchLabels: {a: b}}, ingress: [{}], egressDeny: [{}]}}", map[string]any{
			"engine": "cilium", "cluster_scoped": false, "pod_selector": map[string]any{"matchLabels": map[string]any{"a": "b"}},
			"policy_types": []any{"Ingress", "Egress"},
		}},
		{"cilium without default deny", "{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, spec: {endpointSelector: {}, enableDefaultDeny: {ingress: false}, ingress: [{}], egress: [{}]}}", map[string]any{
			"engine": "cilium", "cluster_scoped": true, "policy_types": []any{"Egress"},
		}},
		{"calico", "{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, spec: {selector: all(), types: [Ingress, Egress]}}", map[string]any{
			"engine": "calico", "cluster_scoped": true, "pod_selector": map[string]any{}, "policy_types": []any{"Ingress", "Egress"},
		}},
		{"calico selector", `{apiVersion: crd.projectcalico.org/v1, kind: NetworkPolicy, spec: {selector: "app == 'web' && has(tier) && !has(x) && env != \"dev\"", egress: []}}`, map[string]any{
			"policy_types": []any{"Egress"},
			"pod_selector": map[string]any{"matchLabels": map[string]any{"app": "web"}, "matchExpressions": []any{
				map[string]any{"key": "tier", "operator": "Exists"},
				map[string]any{"key": "x", "operator": "DoesNotExist"},
				map[string]any{"key": "env", "operator": "NotIn", "values": []any{"dev"}},
			}},
		}},
		{"calico, rich selector", `{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, spec: {selector: "a in {'b'} || c == 'd'"}}`, map[string]any{
			"pod_selector": absent, "policy_types": []any{"Ingress"}, "selector": "a in {'b'} || c == 'd'",
		}},
		{"admin", "{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, spec: {priority: 5, subject: {namespaces: {matchLabels: {t: x}}}, ingress: [{action: Deny}]}}", map[string]any{
			"engine": "admin", "cluster_scoped": true, "priority": int64(5), "pod_selector": map[string]any{},
			"namespace_selector": map[string]any{"matchLabels": map[string]any{"t": "x"}}, "policy_types": []any{"Ingress"},
		}},
		{"admin, pods", "{apiVersion: policy.networking.k8s.io/v1alpha1, kind: BaselineAdminNetworkPolicy, spec: {subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {a: b}}}}}}", map[string]any{
			"pod_selector": map[string]any{"matchLabels": map[string]any{"a": "b"}}, "namespace_selector": map[string]any{},
		}},
		{"vpc cni", "{apiVersion: networking.k8s.aws/v1alpha1, kind: ApplicationNetworkPolicy, spec: {podSelector: {}, egress: [{to: [{domainNames: [example.com]}]}]}}", map[string]any{
			"engine": "vpc-cni", "cluster_scoped": false, "policy_types": []any{"Ingress", "Egress"},
		}},
		{"vpc cni, cluster", "{apiVersion: networking.k8s.aws/v1alpha1, kind: ClusterNetworkPolicy, spec: {tier: Admin, subject: {namespaces: {}}, egress: [{}]}}", map[string]any{
			"engine": "vpc-cni", "cluster_scoped": true, "tier": "Admin", "policy_types": []any{"Egress"},
		}},
	} {
		d, _ := canonical(t, c.text, nil)
		if d.Type != "network_policy" {
			t.Errorf("%s: type %q", c.name, d.Type)
		}
		wantAttr(t, d, c.want)
	}
	d, derived := canonical(t, "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, specs: [{endpointSelector: {}, ingress: []}, {endpointSelector: {matchLabels: {a: b}}, egress: []}]}", nil)
	if len(derived) != 1 || derived[0].Type != "network_policy" {
		t.Fatalf("%d derived", len(derived))
	}
	wantAttr(t, d, map[string]any{"policy_types": []any{"Ingress"}})
	wantAttr(t, derived[0], map[string]any{"policy_types": []any{"Egress"}, "pod_selector.matchLabels.a": "b"})
	wantWritten(t, derived[0], map[string]string{"pod_selector": "specs[1].endpointSelector"})
}
