package link

import (
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func policy(namespace, name string, attr obj, options ...option) *document.Document {
	return k8s("p.yaml", "networking.k8s.io/v1/NetworkPolicy", namespace, name, "network_policy", attr, options...)
}

func spaceOf(s *Stack, name string) map[string]any { return object(get(s.Facts, "namespaces", name)) }

func TestNetworkPoliciesSelectWorkloads(t *testing.T) {
	expression := func(key, operator string, values ...any) obj {
		return obj{"matchExpressions": arr{obj{"key": key, "operator": operator, "values": values}}}
	}
	s := build(
		deployment("k.yaml", "shop", "web", obj{"app": "web", "tier": "front"}),
		deployment("k.yaml", "shop", "db", obj{"app": "db"}),
		deployment("k.yaml", "other", "web", obj{"app": "web"}),
		policy("shop", "in", obj{"pod_selector": expression("app", "In", "web", "api")}),
		policy("shop", "notin", obj{"pod_selector": expression("app", "NotIn", "web")}),
		policy("shop", "exists", obj{"pod_selector": expression("tier", "Exists")}),
		policy("shop", "absent", obj{"pod_selector": expression("tier", "DoesNotExist")}),
		policy("shop", "both", obj{"pod_selector": obj{"matchLabels": obj{"app": "web", "tier": "back"}}}),
		policy("shop", "all", obj{"pod_selector": obj{}}),
		policy("shop", "open", obj{}, unknown("pod_selector", document.AfterApply)),
	)
	const web, db, p = "k.yaml#apps/v1/Deployment/shop/web", "k.yaml#apps/v1/Deployment/shop/db", "p.yaml#networking.k8s.io/v1/NetworkPolicy/shop/"
	wantEdges(t, s, NetpolsOf,
		web+" -> "+p+"in (value)", web+" -> "+p+"exists (value)", web+" -> "+p+"all (value)",
		db+" -> "+p+"notin (value)", db+" -> "+p+"absent (value)", db+" -> "+p+"all (value)",
	)
	wantGaps(t, s, NetpolsOf, p+"open: "+p+"open pod_selector after_apply")
}

func TestUnknownLabelsAreNotGuessed(t *testing.T) {
	w := deployment("k.yaml", "shop", "w", obj{"tier": "front"}, partial("labels", document.AfterApply))
	s := build(w,
		deployment("k.yaml", "quiet", "w", nil, unknown("labels", document.AfterApply)), policy("quiet", "all", obj{"pod_selector": obj{}}),
		policy("shop", "app", obj{"pod_selector": obj{"matchLabels": obj{"app": "web"}}}),
		policy("shop", "tier", obj{"pod_selector": obj{"matchLabels": obj{"tier": "front"}}}),
		policy("shop", "absent", obj{"pod_selector": obj{"matchExpressions": arr{obj{"key": "app", "operator": "DoesNotExist"}}}}),
	)
	wantEdges(t, s, NetpolsOf,
		w.ID+" -> p.yaml#networking.k8s.io/v1/NetworkPolicy/shop/tier (value)",
		"k.yaml#apps/v1/Deployment/quiet/w -> p.yaml#networking.k8s.io/v1/NetworkPolicy/quiet/all (value)",
	)
	wantGaps(t, s, NetpolsOf, w.ID+": "+w.ID+" labels after_apply")
}

func TestDefaultDeny(t *testing.T) {
	web := deployment("k.yaml", "shop", "web", obj{"app": "web"})
	both := arr{"Ingress", "Egress"}
	dns := arr{obj{"to": arr{obj{}}, "ports": arr{obj{"port": int64(53), "protocol": "UDP"}, obj{"port": int64(53)}}}}
	https := arr{obj{"ports": arr{obj{"port": int64(443)}}}}
	from := arr{obj{"from": arr{obj{"podSelector": obj{}}}}}
	type verdicts struct{ denyIn, denyOut, isolatedIn, allIn bool }
	native := func(attr obj, options ...option) *document.Document { return policy("shop", "p", attr, options...) }
	other := func(kind, namespace string, attr, spec obj) *document.Document {
		return k8s("p.yaml", kind, namespace, "p", "network_policy", attr, rawly(obj{"spec": spec}))
	}
	cilium := func(attr obj) *document.Document {
		attr["engine"] = "cilium"
		return other("cilium.io/v2/CiliumNetworkPolicy", "shop", attr, nil)
	}
	ciliumWide := func(attr obj) *document.Document {
		attr["engine"], attr["cluster_scoped"] = "cilium", true
		return other("cilium.io/v2/CiliumClusterwideNetworkPolicy", "", attr, nil)
	}
	calico := func(attr, spec obj) *document.Document {
		attr["engine"], attr["cluster_scoped"] = "calico", true
		return other("projectcalico.org/v3/GlobalNetworkPolicy", "", attr, spec)
	}
	admin := func(attr obj) *document.Document {
		attr["engine"], attr["cluster_scoped"] = "admin", true
		return other("policy.networking.k8s.io/v1alpha1/BaselineAdminNetworkPolicy", "", attr, nil)
	}
	everything := arr{obj{"namespaces": obj{}}}
	cases := map[string]struct {
		policy *document.Document
		want   verdicts
	}{
		"deny all":            {native(obj{"pod_selector": obj{}, "policy_types": both}), verdicts{true, true, true, false}},
		"deny ingress":        {native(obj{"policy_types": arr{"Ingress"}}), verdicts{true, false, true, false}},
		"DNS allowed":         {native(obj{"pod_selector": obj{}, "policy_types": both, "egress": dns}), verdicts{true, true, true, false}},
		"HTTPS allowed":       {native(obj{"pod_selector": obj{}, "policy_types": both, "egress": https}), verdicts{true, false, true, false}},
		"same namespace":      {native(obj{"pod_selector": obj{}, "policy_types": arr{"Ingress"}, "ingress": from}), verdicts{false, false, true, false}},
		"allow all":           {native(obj{"pod_selector": obj{}, "policy_types": arr{"Ingress"}, "ingress": arr{obj{}}}), verdicts{false, false, false, true}},
		"some pods":           {native(obj{"pod_selector": obj{"matchLabels": obj{"app": "web"}}, "policy_types": both}), verdicts{}},
		"other namespace":     {policy("elsewhere", "p", obj{"pod_selector": obj{}, "policy_types": both}), verdicts{}},
		"unknown rules":       {native(obj{"pod_selector": obj{}, "policy_types": both}, unknown("ingress", document.AfterApply)), verdicts{false, true, false, false}},
		"cilium":              {cilium(obj{"pod_selector": obj{}, "policy_types": arr{"Ingress"}, "ingress": arr{obj{}}}), verdicts{true, false, true, false}},
		"cilium empty":        {cilium(obj{"pod_selector": obj{}, "policy_types": arr{"Ingress"}, "ingress": arr{}}), verdicts{}},
		"cilium not deny":     {cilium(obj{"pod_selector": obj{}, "policy_types": arr{}, "ingress": arr{obj{}}}), verdicts{}},
		"cilium entities all": {cilium(obj{"pod_selector": obj{}, "policy_types": arr{"Ingress"}, "ingress": arr{obj{"fromEntities": arr{"all"}}}}), verdicts{false, false, false, true}},
		"cilium DNS": {cilium(obj{
			"pod_selector": obj{}, "policy_types": arr{"Egress"}, "egress": arr{obj{"toPorts": arr{obj{"ports": arr{obj{"port": "53"}}}}}},
		}), verdicts{false, true, false, false}},
		"cilium wide": {ciliumWide(obj{"pod_selector": obj{}, "policy_types": both, "ingress": arr{obj{}}, "egress": arr{obj{}}}), verdicts{true, true, true, false}},
		"cilium by namespace": {ciliumWide(obj{
			"pod_selector": obj{"matchLabels": obj{"k8s:io.kubernetes.pod.namespace": "shop"}}, "policy_types": arr{"Ingress"}, "ingress": arr{obj{}},
		}), verdicts{true, false, true, false}},
		"cilium other namespace": {ciliumWide(obj{
			"pod_selector": obj{"matchLabels": obj{"io.kubernetes.pod.namespace": "else"}}, "policy_types": arr{"Ingress"}, "ingress": arr{obj{}},
		}), verdicts{}},
		"calico":             {calico(obj{"policy_types": both}, nil), verdicts{true, true, true, false}},
		"calico not kube":    {calico(obj{"policy_types": both, "selector": "projectcalico.org/namespace not in {'kube-system', \"calico\"}"}, nil), verdicts{true, true, true, false}},
		"calico excluded":    {calico(obj{"policy_types": both, "selector": "projectcalico.org/namespace != 'shop'"}, nil), verdicts{}},
		"calico some":        {calico(obj{"policy_types": both, "selector": "app == 'web'"}, nil), verdicts{}},
		"calico allow":       {calico(obj{"policy_types": arr{"Ingress"}, "ingress": arr{obj{"action": "Allow"}}}, nil), verdicts{false, false, false, true}},
		"calico deny rule":   {calico(obj{"policy_types": arr{"Ingress"}, "ingress": arr{obj{"action": "Deny"}}}, nil), verdicts{true, false, true, false}},
		"calico accounts":    {calico(obj{"policy_types": both}, obj{"serviceAccountSelector": "role == 'x'"}), verdicts{}},
		"calico space":       {calico(obj{"policy_types": both}, obj{"namespaceSelector": "projectcalico.org/name == 'shop'"}), verdicts{true, true, true, false}},
		"calico other space": {calico(obj{"policy_types": both}, obj{"namespaceSelector": "env == 'prod'"}), verdicts{}},
		"calico host":        {calico(obj{"policy_types": both}, obj{"doNotTrack": true}), verdicts{}},
		"admin deny": {admin(obj{
			"namespace_selector": obj{}, "pod_selector": obj{},
			"ingress": arr{obj{"action": "Deny", "from": everything}}, "egress": arr{obj{"action": "Deny", "to": arr{obj{"networks": arr{"0.0.0.0/0"}}}}},
		}), verdicts{true, true, true, false}},
		"admin deny after allow": {admin(obj{
			"namespace_selector": obj{}, "ingress": arr{obj{"action": "Accept", "from": everything}, obj{"action": "Deny", "from": everything}},
		}), verdicts{false, false, false, true}},
		"admin port": {admin(obj{
			"namespace_selector": obj{}, "ingress": arr{obj{"action": "Deny", "from": everything, "ports": arr{obj{}}}},
		}), verdicts{}},
		"admin other namespace": {admin(obj{
			"namespace_selector": obj{"matchLabels": obj{"kubernetes.io/metadata.name": "else"}}, "ingress": arr{obj{"action": "Deny", "from": everything}},
		}), verdicts{}},
		"admin this namespace": {admin(obj{
			"namespace_selector": obj{"matchLabels": obj{"kubernetes.io/metadata.name": "shop"}}, "ingress": arr{obj{"action": "Deny", "from": everything}},
		}), verdicts{true, false, true, false}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f := spaceOf(build(web, c.policy), "shop")
			got := verdicts{
				f["default_deny_ingress"] == true, f["default_deny_egress"] == true, f["isolated_ingress"] == true, f["allow_all_ingress"] == true,
			}
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestNamespaceFact(t *testing.T) {
	ns := k8s("n.yaml", "v1/Namespace", "", "shop", "namespace", obj{"labels": obj{"env": "prod"}})
	web := deployment("k.yaml", "shop", "web", obj{"app": "web"})
	p := k8s("p.yaml", "projectcalico.org/v3/GlobalNetworkPolicy", "", "g", "network_policy",
		obj{"engine": "calico", "cluster_scoped": true, "policy_types": arr{"Ingress"}}, rawly(obj{"spec": obj{"namespaceSelector": "env == 'prod'"}}))
	open := policy("shop", "open", obj{"pod_selector": obj{}, "policy_types": arr{"Ingress"}}, unknown("ingress", document.AfterApply))
	wantValue(t, spaceOf(build(ns, web, p, open), "shop"), obj{
		"document": ns.ID, "documents": arr{ns.ID}, "workloads": arr{web.ID}, "policies": arr{open.ID, p.ID},
		"default_deny_ingress": true, "default_deny_egress": false, "isolated_ingress": true, "isolated_egress": false,
		"allow_all_ingress": false, "allow_all_egress": false,
		"unknown": arr{obj{"document": open.ID, "path": "ingress", "reason": "after_apply"}},
	})
	bare := spaceOf(build(web), "shop")
	if bare["document"] != nil {
		t.Errorf("document of an undeclared namespace: %v", bare["document"])
	}
}

func TestOneClustersPolicyDoesNotCoverAnother(t *testing.T) {
	carrier := func(cluster string) *document.Document {
		return cfn("t.json", "M"+cluster, "Custom::AWSCDK-EKS-KubernetesResource", "", nil, rawly(obj{"ClusterName": cluster}))
	}
	a, b := carrier("a"), carrier("b")
	wa, wb := deployment("t.json", "shop", "wa", obj{"app": "w"}, under(a)), deployment("t.json", "shop", "wb", obj{"app": "w"}, under(b))
	p := policy("shop", "deny", obj{"pod_selector": obj{}, "policy_types": arr{"Ingress"}}, under(a))
	svc := service("t.json", "shop", "lb", obj{"app": "w"}, "internet", under(b))
	s := build(tf("x.json", "aws_eks_cluster.a", "eks_cluster", obj{"name": "a"}), tf("x.json", "aws_eks_cluster.b", "eks_cluster", obj{"name": "b"}),
		a, b, wa, wb, p, svc)
	wantEdges(t, s, NetpolsOf, wa.ID+" -> "+p.ID+" (value)")
	wantEdges(t, s, ServicesOf, wb.ID+" -> "+svc.ID+" (value)")
	if spaceOf(s, "shop")["default_deny_ingress"] != false {
		t.Error("the other cluster's namespace has no default deny")
	}
}

func TestCalicoSelectors(t *testing.T) {
	l := labels{known: obj{"app": "web", "tier": "front"}}
	for s, want := range map[string]verdict{
		"app == 'web'": yes, `app=="api"`: no, "app != 'api'": yes, "missing != 'x'": yes, "has(app)": yes, "!has(app)": no,
		"has(missing)": no, "app in {'a', 'web'}": yes, "app not in {'web'}": no, "missing not in {'x'}": yes, "app in {}": no,
		"app contains 'e'": yes, "app starts with 'w'": yes, "app ends with 'x'": no, "all()": yes, "global()": no,
		"app == 'web' && tier == 'front'": yes, "app == 'api' || tier == 'front'": yes, "!(app == 'web')": no,
		"app == 'web' && (tier == 'x' || has(app)) && !has(zone)": yes, "projectcalico.org/namespace == 'shop'": yes,
		"pcns.env == 'prod'": maybe, "projectcalico.org/orchestrator == 'k8s'": yes,
	} {
		e, err := parseExpression(s)
		if err != nil {
			t.Errorf("%q: %v", s, err)
			continue
		}
		if got := e.eval(calicoPod(l, "shop")); got != want {
			t.Errorf("%q: got %d, want %d", s, got, want)
		}
	}
	for _, s := range []string{"app", "app ==", "app == web", "(app == 'x'", "app == 'x' && ", "has(", "app in {'a'", "app == 'x')", "==", "app ~ 'x'"} {
		if _, err := parseExpression(s); err == nil {
			t.Errorf("%q is no selector", s)
		}
	}
	if _, err := parseExpression(strings.Repeat("!", 1000) + "has(x)"); err == nil {
		t.Error("nesting has no bound")
	}
}

func TestMalformedSelectorIsReported(t *testing.T) {
	p := k8s("p.yaml", "projectcalico.org/v3/NetworkPolicy", "shop", "p", "network_policy",
		obj{"engine": "calico", "selector": "app =", "policy_types": arr{"Ingress"}})
	s := build(deployment("k.yaml", "shop", "web", obj{"app": "web"}), p)
	wantEdges(t, s, NetpolsOf)
	wantGaps(t, s, NetpolsOf, p.ID+": "+p.ID+" selector selector_not_understood")
	wantValue(t, spaceOf(s, "shop")["unknown"], any(arr{obj{"document": p.ID, "path": "selector", "reason": "selector_not_understood"}}))
}

func TestPolicyInAnUnknownNamespaceIsNoDefaultOfAny(t *testing.T) {
	deny := obj{"pod_selector": obj{}, "policy_types": arr{"Ingress"}}
	for name, c := range map[string]struct {
		in     string
		doubts int
		denied bool
	}{
		"unknown":   {"", 1, false},
		"hole":      {"${NAMESPACE}", 1, false},
		"this one":  {"shop", 0, true},
		"other one": {"test", 0, false},
	} {
		s := build(deployment("k.yaml", "shop", "web", obj{"app": "web"}), policy(c.in, "deny", deny))
		shop := spaceOf(s, "shop")
		if got := len(list(shop["unknown"])); got != c.doubts || shop["default_deny_ingress"] != c.denied {
			t.Errorf("%s: %d doubts, denied %v; want %d, %v", name, got, shop["default_deny_ingress"], c.doubts, c.denied)
		}
	}
	same := build(deployment("k.yaml", "${NAMESPACE}", "web", obj{"app": "web"}), policy("${NAMESPACE}", "deny", deny))
	if shop := spaceOf(same, "${NAMESPACE}"); shop["default_deny_ingress"] != true || len(list(shop["unknown"])) > 0 {
		t.Errorf("a policy and its workload are in one namespace, whatever its name: %v", shop)
	}
}
