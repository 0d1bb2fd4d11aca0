package canon

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// networkPolicyKinds are the kinds that allow and deny traffic, by the engine
// that reads them (attribute engine).
func networkPolicyKinds() map[string]func(*kubeView) []*document.Document {
	return map[string]func(*kubeView) []*document.Document{
		"networking.k8s.io/NetworkPolicy":                     readNetworkPolicy("kubernetes"),
		"extensions/NetworkPolicy":                            readNetworkPolicy("kubernetes"),
		"networking.k8s.aws/ApplicationNetworkPolicy":         readNetworkPolicy("vpc-cni"),
		"networking.k8s.aws/ClusterNetworkPolicy":             readAdminPolicy("vpc-cni"),
		"policy.networking.k8s.io/AdminNetworkPolicy":         readAdminPolicy("admin"),
		"policy.networking.k8s.io/BaselineAdminNetworkPolicy": readAdminPolicy("admin"),
		"policy.networking.k8s.io/ClusterNetworkPolicy":       readAdminPolicy("admin"),
		"cilium.io/CiliumNetworkPolicy":                       readCiliumPolicy,
		"cilium.io/CiliumClusterwideNetworkPolicy":            readCiliumPolicy,
		"projectcalico.org/NetworkPolicy":                     readCalicoPolicy,
		"projectcalico.org/GlobalNetworkPolicy":               readCalicoPolicy,
		"crd.projectcalico.org/NetworkPolicy":                 readCalicoPolicy,
		"crd.projectcalico.org/GlobalNetworkPolicy":           readCalicoPolicy,
	}
}

// policy sets what all engines share; scoped policies have no namespace.
func (v *kubeView) policy(engine string) {
	v.meta()
	v.d.Attr["engine"] = engine
	v.d.Attr["cluster_scoped"] = strings.HasPrefix(v.kind, "Global") || strings.Contains(v.kind, "Clusterwide") ||
		strings.HasPrefix(v.kind, "Cluster") || strings.Contains(v.kind, "Admin")
}

func readNetworkPolicy(engine string) func(*kubeView) []*document.Document {
	return func(v *kubeView) []*document.Document {
		v.policy(engine)
		v.field("pod_selector", "spec", "podSelector")
		v.field("ingress", "spec", "ingress")
		v.field("egress", "spec", "egress")
		types, _ := v.field("policy_types", "spec", "policyTypes").([]any)
		if len(types) == 0 {
			v.defaultPolicyTypes()
		}
		return nil
	}
}

// defaultPolicyTypes is the API's defaulting: Ingress always, Egress when there
// are egress rules (Kubernetes API reference, NetworkPolicySpec.policyTypes).
func (v *kubeView) defaultPolicyTypes() {
	raw := document.Path{"spec", "policyTypes"}
	if _, unknown := v.doubt(raw); unknown {
		return
	}
	types := []any{"Ingress"}
	egress, _ := v.d.Attr["egress"].([]any)
	state, unknown := v.doubt(document.Path{"spec", "egress"})
	if len(egress) > 0 {
		types = append(types, "Egress")
		unknown = false
	}
	v.set("policy_types", types, v.nearest(raw))
	v.d.States["policy_types"] = kubeDefault(apiServer, "Kubernetes API reference, NetworkPolicySpec.policyTypes")
	if unknown {
		state.Kind = document.Partial
		v.d.States["policy_types"] = state
	}
}

// readAdminPolicy reads cluster-wide policies with a subject: namespaces (all
// their pods) or pods.
func readAdminPolicy(engine string) func(*kubeView) []*document.Document {
	return func(v *kubeView) []*document.Document {
		v.policy(engine)
		v.field("ingress", "spec", "ingress")
		v.field("egress", "spec", "egress")
		v.field("priority", "spec", "priority")
		v.field("tier", "spec", "tier")
		if v.at(document.Path{"spec", "subject", "pods"}) != nil {
			v.field("namespace_selector", "spec", "subject", "pods", "namespaceSelector")
			v.field("pod_selector", "spec", "subject", "pods", "podSelector")
		} else if v.field("namespace_selector", "spec", "subject", "namespaces") != nil {
			v.set("pod_selector", map[string]any{}, document.Path{"spec", "subject", "namespaces"})
		}
		v.presentTypes(document.Path{"spec"}, nil)
		return nil
	}
}

// presentTypes sets policy_types from the sections a policy has; off says which
// of them do not put pods in default deny.
func (v *kubeView) presentTypes(spec document.Path, off map[string]any) {
	types := []any{}
	for _, direction := range []string{"Ingress", "Egress"} {
		key := strings.ToLower(direction)
		if off[key] == false {
			continue
		}
		if v.at(spec.Append(key)) != nil || v.at(spec.Append(key+"Deny")) != nil {
			types = append(types, direction)
		}
		if state, unknown := v.doubt(spec.Append(key)); unknown {
			state.Kind = document.Partial
			v.d.States["policy_types"] = state
		}
	}
	v.set("policy_types", types, v.nearest(spec))
}

// readCiliumPolicy reads spec, or every element of specs as a policy of its own.
// A section puts its endpoints in default deny for its direction, unless
// enableDefaultDeny says no (Cilium documentation, policy enforcement).
func readCiliumPolicy(v *kubeView) []*document.Document {
	specs := expand(v.d.Raw, document.Path{"specs", document.Wildcard})
	if len(specs) == 0 || v.at(document.Path{"spec"}) != nil {
		v.cilium(document.Path{"spec"})
	} else {
		v.cilium(specs[0])
		specs = specs[1:]
	}
	out := make([]*document.Document, 0, len(specs))
	for _, spec := range specs {
		child := v.derive(spec.String(), networkPolicyType)
		child.cilium(spec)
		child.finish()
		out = append(out, child.d)
	}
	return out
}

func (v *kubeView) cilium(spec document.Path) {
	v.policy("cilium")
	v.field("pod_selector", spec.Append("endpointSelector")...)
	v.field("node_selector", spec.Append("nodeSelector")...)
	for name, key := range map[string]string{
		"ingress": "ingress", "egress": "egress", "ingress_deny": "ingressDeny", "egress_deny": "egressDeny",
	} {
		if raw := spec.Append(key); v.at(raw) != nil || len(v.doubts) > 0 {
			v.field(name, raw...)
		}
	}
	off, _ := v.at(spec.Append("enableDefaultDeny")).(map[string]any)
	v.presentTypes(spec, off)
}

// readCalicoPolicy reads Calico's own policies. types defaults to the sections
// present, Ingress if there are none (Calico reference, NetworkPolicy.types).
func readCalicoPolicy(v *kubeView) []*document.Document {
	v.policy("calico")
	v.field("ingress", "spec", "ingress")
	v.field("egress", "spec", "egress")
	v.field("order", "spec", "order")
	spec := document.Path{"spec"}
	if types, _ := v.field("policy_types", "spec", "types").([]any); len(types) == 0 {
		if _, unknown := v.doubt(spec.Append("types")); !unknown {
			v.presentTypes(spec, nil)
			if types, _ := v.d.Attr["policy_types"].([]any); len(types) == 0 {
				v.d.Attr["policy_types"] = []any{"Ingress"}
			}
			if _, partial := v.d.States["policy_types"]; !partial {
				v.d.States["policy_types"] = kubeDefault(serviceOwn, "Calico reference, NetworkPolicy: types")
			}
		}
	}
	raw := spec.Append("selector")
	expression := v.field("selector", raw...)
	if _, unknown := v.doubt(raw); unknown {
		return nil
	}
	if selector, ok := calicoSelector(kubeText(expression)); ok {
		v.set("pod_selector", selector, v.nearest(raw))
	} else {
		v.unknown("pod_selector", document.State{Kind: document.Unknown, Reason: document.UnevaluatedExpression}, raw)
	}
	return nil
}

// calicoTerm is one comparison of a Calico selector: key == 'value', has(key)
// or !has(key).
func calicoTerms() *regexp.Regexp {
	return regexp.MustCompile(`^(?:(!?)has\(\s*([\w./-]+)\s*\)|([\w./-]+)\s*(==|!=)\s*(?:'([^']*)'|"([^"]*)"))$`)
}

// calicoSelector translates conjunctions of simple comparisons to a label
// selector; ok is false for everything richer.
func calicoSelector(expression string) (selector map[string]any, ok bool) {
	expression = strings.TrimSpace(expression)
	if expression == "" || expression == "all()" {
		return map[string]any{}, true
	}
	labels, expressions := map[string]any{}, []any{}
	pattern := calicoTerms()
	for term := range strings.SplitSeq(expression, "&&") {
		m := pattern.FindStringSubmatch(strings.TrimSpace(term))
		switch {
		case m == nil:
			return nil, false
		case m[2] != "":
			operator := map[string]string{"": "Exists", "!": "DoesNotExist"}[m[1]]
			expressions = append(expressions, map[string]any{"key": m[2], "operator": operator})
		case m[4] == "!=":
			expressions = append(expressions, map[string]any{"key": m[3], "operator": "NotIn", "values": []any{m[5] + m[6]}})
		case labels[m[3]] != nil:
			return nil, false // two values at once: matches nothing, which labels cannot say
		default:
			labels[m[3]] = m[5] + m[6]
		}
	}
	selector = map[string]any{}
	if len(labels) > 0 {
		selector["matchLabels"] = labels
	}
	if len(expressions) > 0 {
		selector["matchExpressions"] = expressions
	}
	return selector, true
}

// readDisruptionBudget reads a PodDisruptionBudget.
func readDisruptionBudget(v *kubeView) []*document.Document {
	v.meta()
	v.field("selector", "spec", "selector")
	v.field("min_available", "spec", "minAvailable")
	v.field("max_unavailable", "spec", "maxUnavailable")
	return nil
}

// readWebhooks reads an admission webhook configuration.
func readWebhooks(v *kubeView) []*document.Document {
	v.meta()
	v.d.Attr["mutating"] = strings.HasPrefix(v.kind, "Mutating")
	v.field("webhooks", "webhooks")
	return nil
}

// sortedKeys returns the keys of maps, once each, in order.
func sortedKeys(all ...map[string]any) []any {
	merged := map[string]bool{}
	for _, m := range all {
		for key := range m {
			merged[key] = true
		}
	}
	out := make([]any, 0, len(merged))
	for _, key := range slices.Sorted(maps.Keys(merged)) {
		out = append(out, key)
	}
	return out
}
