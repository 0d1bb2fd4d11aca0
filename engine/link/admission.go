package link

import (
	"cmp"
	"slices"
	"strings"
)

// policyEngineTable lists how admission policy engines show: by the last two
// parts of an image, by chart, by EKS add-on, or by the API group of what is
// written for them. Sources: the charts of github.com/kyverno/kyverno,
// github.com/open-policy-agent/gatekeeper, github.com/kubewarden/helm-charts and
// github.com/loft-sh/jspolicy (read 2026-11).
func policyEngineTable() agentTable {
	const kyverno, gatekeeper, kubewarden, jspolicy = "Kyverno", "Gatekeeper", "Kubewarden", "jsPolicy"
	return agentTable{
		images: map[string]string{
			"kyverno/kyverno":                  kyverno,
			"openpolicyagent/gatekeeper":       gatekeeper,
			"kubewarden/kubewarden-controller": kubewarden, "kubewarden/policy-server": kubewarden,
			"loftsh/jspolicy": jspolicy,
		},
		charts: map[string]string{
			"kyverno": kyverno, "kyverno-policies": kyverno, "gatekeeper": gatekeeper,
			"kubewarden-controller": kubewarden, "kubewarden-defaults": kubewarden, "jspolicy": jspolicy,
		},
		addons: map[string]string{"nirmata_kyverno": kyverno},
		kinds: map[string]string{
			"kyverno.io": kyverno, "policies.kyverno.io": kyverno,
			"constraints.gatekeeper.sh": gatekeeper, "templates.gatekeeper.sh": gatekeeper,
			"config.gatekeeper.sh": gatekeeper, "operator.gatekeeper.sh": gatekeeper,
			"policies.kubewarden.io": kubewarden, "policy.jspolicy.com": jspolicy,
		},
	}
}

// inTree are the policies that the API server judges by itself.
func inTree() []string {
	return []string{"ValidatingAdmissionPolicy", "MutatingAdmissionPolicy"}
}

// policyEngines is the fact policy_engines: every sign that something judges
// objects by policies when they are admitted.
func (b *builder) policyEngines() []any {
	table := policyEngineTable()
	var out []agent
	put := func(n *node, path, name string) {
		if name != "" {
			out = append(out, agent{n.id, path, name})
		}
	}
	for _, w := range b.by["workload"] {
		for i, c := range list(w.attr("containers")) {
			if name := table.images[lastParts(imageName(strings.ToLower(text(get(c, "image")))), 2)]; name != "" {
				put(w, at("containers", i, "image").text, name)
				break
			}
		}
	}
	for _, n := range b.by["eks_addon"] {
		put(n, "name", table.addons[text(n.attr("name"))])
	}
	for _, r := range b.releases {
		put(r.node, r.path, table.charts[r.chart])
	}
	for _, n := range b.live {
		group, kind := apiGroup(n.doc.Kind)
		put(n, "", table.kinds[group])
		if group == "admissionregistration.k8s.io" && slices.Contains(inTree(), kind) {
			put(n, "", kind)
		}
	}
	slices.SortFunc(out, func(x, y agent) int {
		return cmp.Or(strings.Compare(x.id, y.id), strings.Compare(x.name, y.name), strings.Compare(x.path, y.path))
	})
	fact := make([]any, 0, len(out))
	for _, a := range slices.Compact(out) {
		fact = append(fact, map[string]any{"document": a.id, "name": a.name, "path": a.path})
	}
	return fact
}
