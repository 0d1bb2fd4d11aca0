package link

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// apiGroup splits a raw kind of Kubernetes into API group and kind.
func apiGroup(kind string) (group, name string) {
	parts := strings.Split(kind, "/")
	switch len(parts) {
	case 3:
		return parts[0], parts[2]
	case 2:
		return "", parts[1]
	}
	return "", kind
}

// A sign is one piece of evidence that something enforces network policies.
type sign struct {
	at         *node
	path, what string
	reason     string // not empty: it is not known whether it does
}

// enforcement is the fact netpol_engine.
func (b *builder) enforcement() map[string]any {
	signs := slices.Concat(b.addonSigns(), b.autoModeSigns(), b.workloadSigns(), b.releaseSigns())
	slices.SortFunc(signs, func(x, y sign) int {
		return cmp.Or(strings.Compare(x.at.id, y.at.id), strings.Compare(x.path, y.path), strings.Compare(x.what, y.what))
	})
	out := engineFact(signs)
	clusters := map[string]any{}
	for _, c := range b.by["eks_cluster"] {
		var own []sign
		for _, s := range signs {
			if s.at.cluster == c {
				own = append(own, s)
			}
		}
		clusters[c.id] = engineFact(own)
	}
	out["clusters"] = clusters
	return out
}

func engineFact(signs []sign) map[string]any {
	evidence, unknown := []any{}, []any{}
	for _, s := range signs {
		if s.reason != "" {
			unknown = append(unknown, gap{s.at.id, s.path, s.reason}.value())
			continue
		}
		evidence = append(evidence, map[string]any{"document": s.at.id, "path": s.path, "what": s.what})
	}
	return map[string]any{"enforced": len(evidence) > 0, "evidence": evidence, "unknown": unknown}
}

// addonSigns reads the VPC CNI add-on.
// https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html
func (b *builder) addonSigns() []sign {
	const feature = "features.network_policy"
	var out []sign
	for _, n := range b.by["eks_addon"] {
		if text(n.attr("name")) != "vpc-cni" {
			continue
		}
		switch v := n.attr("features", "network_policy"); {
		case truth(v):
			out = append(out, sign{n, feature, "vpc-cni add-on with enableNetworkPolicy", ""})
		case v == nil:
			for _, p := range []string{feature, "configuration"} {
				if st, open := unknownAt(n.doc, p); open {
					out = append(out, sign{n, p, "", orElse(st.Reason, document.UnevaluatedExpression)})
					break
				}
			}
		}
	}
	return out
}

// autoModeSigns reads the switch of the controller in EKS Auto Mode: without
// it policies are accepted and not enforced.
// https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html
func (b *builder) autoModeSigns() []sign {
	const key = "enable-network-policy-controller"
	var auto []*node
	for _, c := range b.by["eks_cluster"] {
		if c.attr("auto_mode", "enabled") == true {
			auto = append(auto, c)
		}
	}
	if len(auto) == 0 {
		return nil
	}
	var out []sign
	for _, n := range b.by["config_map"] {
		if n.doc.Namespace != "kube-system" || n.doc.Name != "amazon-vpc-cni" {
			continue
		}
		if n.cluster != nil && !slices.Contains(auto, n.cluster) || n.cluster == nil && b.many {
			continue
		}
		p := at("data", key)
		if truth(n.attr("data", key)) {
			out = append(out, sign{n, p.text, "EKS Auto Mode with the network policy controller enabled", ""})
		} else if st, open := unknownAt(n.doc, p.text); open {
			out = append(out, sign{n, p.text, "", orElse(st.Reason, document.UnevaluatedExpression)})
		}
	}
	return out
}

// enginesByImage are CNI agents that enforce policies as installed, by the last
// parts of their images. Sources: the install manifests of docs.tigera.io,
// docs.cilium.io, antrea.io, kube-router.io and github.com/weaveworks/weave
// (read 2026-11).
func enginesByImage() map[string]string {
	return map[string]string{
		"calico/node": "Calico", "cilium/cilium": "Cilium", "cilium/cilium-ci": "Cilium",
		"antrea/antrea-agent-ubuntu": "Antrea", "antrea/antrea-agent-ubi": "Antrea", "antrea/antrea-ubuntu": "Antrea",
		"cloudnativelabs/kube-router": "kube-router", "weaveworks/weave-npc": "Weave Net", "tigera/operator": "Calico",
	}
}

// workloadSigns looks for agents among the workloads.
func (b *builder) workloadSigns() []sign {
	images := enginesByImage()
	never := b.ciliumOff()
	var out []sign
	for _, w := range b.by["workload"] {
		for i, c := range list(w.attr("containers")) {
			if name := images[lastParts(imageName(imageOf(w, i, c)), 2)]; name != "" {
				if name == "Cilium" && (never || ciliumNever(c)) {
					continue
				}
				out = append(out, sign{w, at("containers", i, "image").text, name, ""})
				break
			}
			if nodeAgent(c) {
				out = append(out, sign{w, at("containers", i).text, "VPC CNI network policy agent", ""})
				break
			}
		}
	}
	return out
}

// nodeAgent reports whether a container is the VPC CNI's policy agent with its
// switch on; the container alone is part of every installation.
// https://github.com/aws/aws-network-policy-agent#enable-network-policy
func nodeAgent(c any) bool {
	image := path.Base(imageName(text(get(c, "image"))))
	if text(get(c, "name")) != "aws-eks-nodeagent" && image != "aws-network-policy-agent" && image != "amazon-network-policy-agent" {
		return false
	}
	v, set := flagValue(append(texts(get(c, "command")), texts(get(c, "args"))...), "enable-network-policy")
	return set && v != "false"
}

// ciliumNever reports whether an agent is told to enforce nothing.
// https://docs.cilium.io/en/stable/security/policy/intro/
func ciliumNever(c any) bool {
	v, _ := flagValue(append(texts(get(c, "command")), texts(get(c, "args"))...), "enable-policy")
	return v == "never"
}

func (b *builder) ciliumOff() bool {
	return slices.ContainsFunc(b.by["config_map"], func(n *node) bool {
		return n.doc.Name == "cilium-config" && text(n.attr("data", "enable-policy")) == "never"
	})
}

// releaseSigns looks for agents among the Helm releases that were not
// rendered.
func (b *builder) releaseSigns() []sign {
	charts := map[string]string{
		"cilium": "Cilium", "calico": "Calico", "tigera-operator": "Calico", "antrea": "Antrea", "kube-router": "kube-router",
	}
	var out []sign
	for _, r := range b.releases {
		switch name := charts[r.chart]; {
		case name == "Cilium" && text(r.value("policyEnforcementMode")) == "never":
		case name != "":
			out = append(out, sign{r.node, r.path, name, ""})
		case r.chart == "aws-vpc-cni" && truth(r.value("enableNetworkPolicy")):
			out = append(out, sign{r.node, r.path, "aws-vpc-cni chart with enableNetworkPolicy", ""})
		case r.chart == "aws-vpc-cni" && r.open != "" && r.value("enableNetworkPolicy") == nil:
			out = append(out, sign{r.node, r.path, "", r.open})
		}
	}
	for _, n := range b.live {
		if group, kind := apiGroup(n.doc.Kind); group == "operator.tigera.io" && kind == "Installation" {
			out = append(out, sign{n, "", "Calico", ""})
		}
	}
	return out
}
