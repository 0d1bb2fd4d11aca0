package link

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// An agentTable names products that watch running containers.
type agentTable struct{ images, charts, addons, kinds map[string]string }

// agents lists how runtime security agents show: by the last one or two parts
// of a DaemonSet's image, by chart, by EKS add-on or by the kind an operator
// installs them from. Sources: the vendors' install manifests and charts
// (falco.org, tetragon.io, docs.kubearmor.io, aquasecurity.github.io/tracee,
// docs.sysdig.com, docs.aquasec.com, docs.prismacloud.io, docs.wiz.io,
// docs.datadoghq.com/security/workload_protection, github.com/CrowdStrike,
// sentinelone.com, docs.aws.amazon.com/guardduty; read 2026-11).
func agents() agentTable {
	const (
		falco, tetragon, kubeArmor, tracee = "Falco", "Tetragon", "KubeArmor", "Tracee"
		sysdig, aqua, prisma, wiz          = "Sysdig Secure", "Aqua", "Prisma Cloud", "Wiz"
		falcon, sentinel, guardDuty        = "CrowdStrike Falcon", "SentinelOne", "GuardDuty"
	)
	return agentTable{
		images: map[string]string{
			"falco": falco, "falco-no-driver": falco, "falcosecurity/falco": falco,
			"tetragon": tetragon, "kubearmor": kubeArmor, "aquasec/tracee": tracee, "tracee": tracee,
			"sysdig/agent": sysdig, "sysdig/agent-slim": sysdig, "sysdig/host-shield": sysdig, "sysdig/agent-kmodule": sysdig,
			"aquasec/enforcer": aqua, "aqua-enforcer": aqua, "twistlock/defender": prisma, "prismacloud/defender": prisma,
			"wiz-sensor": wiz, "falcon-sensor": falcon, "falcon-node-sensor": falcon,
			"cws-agent/s1agent": sentinel, "s1agent": sentinel, "aws-guardduty-agent": guardDuty,
		},
		charts: map[string]string{
			"falco": falco, "tetragon": tetragon, "kubearmor": kubeArmor, "kubearmor-operator": kubeArmor, "tracee": tracee,
			"sysdig": sysdig, "sysdig-deploy": sysdig, "shield": sysdig, "enforcer": aqua, "aqua-enforcer": aqua,
			"twistlock-defender": prisma, "wiz-sensor": wiz, "falcon-sensor": falcon, "s1-agent": sentinel,
			"aws-guardduty-agent": guardDuty,
		},
		addons: map[string]string{
			"aws-guardduty-agent": guardDuty,
		},
		kinds: map[string]string{
			"falcon.crowdstrike.com/FalconNodeSensor": falcon,
			"operator.kubearmor.com/KubeArmorConfig":  kubeArmor,
			"operator.aquasec.com/AquaEnforcer":       aqua,
			"instance.falcosecurity.dev/Falco":        falco,
			"falcon.crowdstrike.com/FalconDeployment": falcon,
		},
	}
}

// An agent is one product found at one place.
type agent struct{ id, path, name string }

const datadog = "Datadog Workload Protection"

// runtimeAgents is the fact runtime_agents.
func (b *builder) runtimeAgents() []any {
	table := agents()
	var out []agent
	put := func(n *node, path, name string) {
		if name != "" {
			out = append(out, agent{n.id, path, name})
		}
	}
	b.daemons(table, put)
	for _, n := range b.by["eks_addon"] {
		put(n, "name", table.addons[text(n.attr("name"))])
	}
	for _, r := range b.releases {
		name := table.charts[r.chart]
		if r.chart == "datadog" && truth(r.value("datadog", "securityAgent", "runtime", "enabled")) {
			name = datadog
		}
		put(r.node, r.path, name)
	}
	for _, n := range b.live {
		group, kind := apiGroup(n.doc.Kind)
		put(n, "", table.kinds[group+"/"+kind])
		if group == "datadoghq.com" && kind == "DatadogAgent" && truth(n.raw("spec", "features", "cws", "enabled")) {
			put(n, "spec.features.cws.enabled", datadog)
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

// agentDoubts is the fact runtime_agents_unknown: what may turn out to be an
// agent, DaemonSets by an image and add-ons by a name that is not known yet.
func (b *builder) agentDoubts() []any {
	var out []gap
	for _, w := range b.by["workload"] {
		if !isDaemonSet(w) {
			continue
		}
		for i, c := range list(w.attr("containers")) {
			where := at("containers", i, "image").text
			image := imageOf(w, i, c)
			if st, open := unknownAt(w.doc, where); open && (image == "" || holed(imageName(lastParts(image, 1)))) {
				out = append(out, gap{w.id, where, orElse(st.Reason, document.UnevaluatedExpression)})
			}
		}
	}
	for _, n := range b.by["eks_addon"] {
		if st, open := unknownAt(n.doc, "name"); open && text(n.attr("name")) == "" {
			out = append(out, gap{n.id, "name", orElse(st.Reason, document.UnevaluatedExpression)})
		}
	}
	return gapValues(out)
}

func isDaemonSet(w *node) bool {
	return text(w.attr("kind")) == "DaemonSet" || path.Base(w.doc.Kind) == "DaemonSet"
}

// imageOf returns a container's image, with holes where it is not known; "" for
// one of which nothing is known.
func imageOf(w *node, i int, c any) string {
	if image := text(get(c, "image")); image != "" {
		return image
	}
	st, _ := unknownAt(w.doc, at("containers", i, "image").text)
	return st.Template
}

// daemons looks for agents among the DaemonSets.
func (b *builder) daemons(table agentTable, put func(n *node, path, name string)) {
	for _, w := range b.by["workload"] {
		if !isDaemonSet(w) {
			continue
		}
		for i, c := range list(w.attr("containers")) {
			if name := table.container(c, imageOf(w, i, c)); name != "" {
				put(w, at("containers", i, "image").text, name)
				break
			}
		}
	}
}

// container names the product of a container, "" for others.
func (t agentTable) container(c any, image string) string {
	image = strings.ToLower(image)
	repository := imageName(image)
	if name := cmp.Or(t.images[lastParts(repository, 2)], t.images[lastParts(repository, 1)]); name != "" {
		return name
	}
	// Two vendors' images have plain names under registries of their own.
	for prefix, name := range map[string]string{
		"registry.aquasec.com/enforcer": "Aqua", "wizio.azurecr.io/sensor": "Wiz", "registry.wiz.io/sensor": "Wiz",
	} {
		if strings.HasPrefix(image, prefix) {
			return name
		}
	}
	if strings.HasSuffix(repository, "datadog/agent") || path.Base(repository) == "datadog-agent" || strings.HasSuffix(repository, "datadoghq/agent") {
		for _, e := range list(get(c, "env")) {
			if text(get(e, "name")) == "DD_RUNTIME_SECURITY_CONFIG_ENABLED" && truth(get(e, "value")) {
				return datadog
			}
		}
	}
	return ""
}
