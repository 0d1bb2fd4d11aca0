package link

import (
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func daemonSet(name string, containers ...any) *document.Document {
	return k8s("ds.yaml", "apps/v1/DaemonSet", "kube-system", name, "workload",
		obj{"kind": "DaemonSet", "labels": obj{"app": name}, "containers": containers})
}

// signsOf lists what enforces policies, and what may.
func signsOf(fact any) (evidence, unknown []string) {
	for _, e := range list(get(fact, "evidence")) {
		evidence = append(evidence, text(get(e, "what"))+" @ "+text(get(e, "path")))
	}
	for _, e := range list(get(fact, "unknown")) {
		unknown = append(unknown, text(get(e, "path"))+" "+text(get(e, "reason")))
	}
	return evidence, unknown
}

func TestEnforcement(t *testing.T) {
	addon := func(attr obj, options ...option) *document.Document {
		attr["name"] = "vpc-cni"
		return tf("a.json", "aws_eks_addon.cni", "eks_addon", attr, options...)
	}
	agent := func(args ...any) *document.Document {
		return daemonSet("aws-node", obj{"name": "aws-node"}, obj{"name": "aws-eks-nodeagent", "image": "602401143452.dkr.ecr.us-west-2.amazonaws.com/amazon/aws-network-policy-agent:v1.2", "args": args})
	}
	auto := func(enabled bool) *document.Document {
		return tf("a.json", "aws_eks_cluster.c", "eks_cluster", obj{"name": "c", "auto_mode": obj{"enabled": enabled}})
	}
	config := func(value any, options ...option) *document.Document {
		data := obj{}
		if value != nil {
			data["enable-network-policy-controller"] = value
		}
		return k8s("cm.yaml", "v1/ConfigMap", "kube-system", "amazon-vpc-cni", "config_map", obj{"data": data}, options...)
	}
	chart := func(raw obj, options ...option) *document.Document {
		return tf("a.json", "helm_release.x", "", nil, append(options, rawly(raw))...)
	}
	image := func(name string) *document.Document { return daemonSet("x", obj{"image": name}) }
	const agentName, autoName, autoPath = "VPC CNI network policy agent", "EKS Auto Mode with the network policy controller enabled", "data.enable-network-policy-controller"
	cases := map[string]struct {
		docs              []*document.Document
		evidence, unknown []string
	}{
		"add-on on":        {[]*document.Document{addon(obj{"features": obj{"network_policy": true}})}, []string{"vpc-cni add-on with enableNetworkPolicy @ features.network_policy"}, nil},
		"add-on off":       {[]*document.Document{addon(obj{"features": obj{"network_policy": false}})}, nil, nil},
		"add-on unwritten": {[]*document.Document{addon(obj{})}, nil, nil},
		"add-on unknown":   {[]*document.Document{addon(obj{}, unknown("configuration", document.AfterApply))}, nil, []string{"configuration after_apply"}},
		"add-on of another name": {
			[]*document.Document{tf("a.json", "aws_eks_addon.x", "eks_addon", obj{"name": "coredns", "features": obj{"network_policy": true}})}, nil, nil,
		},
		"agent on":          {[]*document.Document{agent("--enable-ipv6=false", "--enable-network-policy=true")}, []string{agentName + " @ containers[1]"}, nil},
		"agent off":         {[]*document.Document{agent("--enable-network-policy=false")}, nil, nil},
		"agent by default":  {[]*document.Document{agent()}, nil, nil},
		"Auto Mode":         {[]*document.Document{auto(true), config("true")}, []string{autoName + " @ " + autoPath}, nil},
		"Auto Mode off":     {[]*document.Document{auto(true), config("false")}, nil, nil},
		"Auto Mode unset":   {[]*document.Document{auto(true), config(nil)}, nil, nil},
		"Auto Mode unknown": {[]*document.Document{auto(true), config(nil, unknown(autoPath, document.AfterApply))}, nil, []string{autoPath + " after_apply"}},
		"no Auto Mode":      {[]*document.Document{auto(false), config("true")}, nil, nil},
		"calico":            {[]*document.Document{image("docker.io/calico/node:v3.29")}, []string{"Calico @ containers[0].image"}, nil},
		"calico typha":      {[]*document.Document{image("docker.io/calico/typha:v3.29")}, nil, nil},
		"cilium":            {[]*document.Document{image("quay.io/cilium/cilium:v1.18@sha256:0")}, []string{"Cilium @ containers[0].image"}, nil},
		"cilium never":      {[]*document.Document{daemonSet("c", obj{"image": "quay.io/cilium/cilium", "args": arr{"--enable-policy=never"}})}, nil, nil},
		"cilium config never": {
			[]*document.Document{image("quay.io/cilium/cilium"), k8s("cm.yaml", "v1/ConfigMap", "kube-system", "cilium-config", "config_map", obj{"data": obj{"enable-policy": "never"}})}, nil, nil,
		},
		"antrea":            {[]*document.Document{image("antrea/antrea-agent-ubuntu:v2")}, []string{"Antrea @ containers[0].image"}, nil},
		"kube-router":       {[]*document.Document{image("docker.io/cloudnativelabs/kube-router")}, []string{"kube-router @ containers[0].image"}, nil},
		"somebody's node":   {[]*document.Document{image("docker.io/library/node:22")}, nil, nil},
		"chart":             {[]*document.Document{chart(obj{"chart": "cilium"})}, []string{"Cilium @ chart"}, nil},
		"chart never":       {[]*document.Document{chart(obj{"chart": "cilium", "values": arr{"policyEnforcementMode: never\n"}})}, nil, nil},
		"chart of an OCI":   {[]*document.Document{chart(obj{"chart": "oci://ghcr.io/x/tigera-operator"})}, []string{"Calico @ chart"}, nil},
		"vpc-cni chart":     {[]*document.Document{chart(obj{"chart": "aws-vpc-cni", "set": arr{obj{"name": "enableNetworkPolicy", "value": "true"}}})}, []string{"aws-vpc-cni chart with enableNetworkPolicy @ chart"}, nil},
		"vpc-cni chart off": {[]*document.Document{chart(obj{"chart": "aws-vpc-cni", "values": arr{"enableNetworkPolicy: \"true\"", "enableNetworkPolicy: \"false\""}})}, nil, nil},
		"vpc-cni chart open": {[]*document.Document{chart(obj{"chart": "aws-vpc-cni"}, func(d *document.Document) {
			d.RawStates = document.States{"values[0]": {Kind: document.Unknown, Reason: document.AfterApply}}
		})}, nil, []string{"chart after_apply"}},
		"operator": {[]*document.Document{k8s("i.yaml", "operator.tigera.io/v1/Installation", "", "default", "", nil)}, []string{"Calico @ "}, nil},
		"nothing":  {nil, nil, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			fact := Build(c.docs).Facts["netpol_engine"]
			evidence, unknown := signsOf(fact)
			wantValue(t, evidence, c.evidence)
			wantValue(t, unknown, c.unknown)
			wantValue(t, get(fact, "enforced"), any(len(c.evidence) > 0))
		})
	}
}

func TestEnforcementByCluster(t *testing.T) {
	s := build(
		tf("a.json", "aws_eks_cluster.a", "eks_cluster", obj{"name": "a"}),
		tf("a.json", "aws_eks_cluster.b", "eks_cluster", obj{"name": "b"}),
		tf("a.json", "aws_eks_addon.a", "eks_addon", obj{"name": "vpc-cni", "cluster": "a", "features": obj{"network_policy": true}}),
		tf("a.json", "aws_eks_addon.b", "eks_addon", obj{"name": "vpc-cni", "cluster": "b"}),
	)
	clusters := object(get(s.Facts, "netpol_engine", "clusters"))
	wantValue(t, get(clusters, "a.json#aws_eks_cluster.a", "enforced"), any(true))
	wantValue(t, get(clusters, "a.json#aws_eks_cluster.b", "enforced"), any(false))
}

func TestRuntimeAgents(t *testing.T) {
	custom := func(kind string, raw obj) *document.Document {
		return k8s("cr.yaml", kind, "x", "x", "", nil, rawly(raw))
	}
	datadogAgent := func(value string) *document.Document {
		return daemonSet("dd", obj{"image": "gcr.io/datadoghq/agent:7", "env": arr{obj{"name": "DD_RUNTIME_SECURITY_CONFIG_ENABLED", "value": value}}})
	}
	lone := daemonSet("falco", obj{"image": "docker.io/falcosecurity/falco:0.40"})
	lone.Kind, lone.Attr["kind"] = "apps/v1/Deployment", "Deployment"
	cases := map[string]struct {
		doc  *document.Document
		want []string
	}{
		"falco":            {daemonSet("x", obj{"image": "busybox"}, obj{"image": "docker.io/falcosecurity/falco-no-driver:0.40"}), []string{"Falco @ containers[1].image"}},
		"mirror":           {daemonSet("x", obj{"image": "1.dkr.ecr.eu-west-1.amazonaws.com/mirror/falcosecurity/falco"}), []string{"Falco @ containers[0].image"}},
		"no daemon":        {lone, nil},
		"tetragon":         {daemonSet("x", obj{"image": "quay.io/cilium/tetragon:v1.7.0"}), []string{"Tetragon @ containers[0].image"}},
		"cilium is none":   {daemonSet("x", obj{"image": "quay.io/cilium/cilium:v1.18"}), nil},
		"kubearmor":        {daemonSet("x", obj{"image": "kubearmor/kubearmor:stable"}), []string{"KubeArmor @ containers[0].image"}},
		"tracee":           {daemonSet("x", obj{"image": "docker.io/aquasec/tracee:0.24"}), []string{"Tracee @ containers[0].image"}},
		"sysdig":           {daemonSet("x", obj{"image": "quay.io/sysdig/agent-slim:13"}), []string{"Sysdig Secure @ containers[0].image"}},
		"aqua":             {daemonSet("x", obj{"image": "registry.aquasec.com/enforcer:2022.4"}), []string{"Aqua @ containers[0].image"}},
		"prisma":           {daemonSet("x", obj{"image": "registry.twistlock.com/twistlock/defender:defender_34"}), []string{"Prisma Cloud @ containers[0].image"}},
		"wiz":              {daemonSet("x", obj{"image": "wizio.azurecr.io/sensor:v1"}), []string{"Wiz @ containers[0].image"}},
		"some sensor":      {daemonSet("x", obj{"image": "acme.io/sensor:v1"}), nil},
		"falcon":           {daemonSet("x", obj{"image": "registry.crowdstrike.com/falcon-sensor/us-1/release/falcon-sensor:7"}), []string{"CrowdStrike Falcon @ containers[0].image"}},
		"sentinel":         {daemonSet("x", obj{"image": "containers.sentinelone.net/cws-agent/s1agent:25"}), []string{"SentinelOne @ containers[0].image"}},
		"guardduty":        {daemonSet("x", obj{"image": "031195399879.dkr.ecr.us-west-2.amazonaws.com/aws-guardduty-agent:v1.9"}), []string{"GuardDuty @ containers[0].image"}},
		"guardduty add-on": {tf("a.json", "aws_eks_addon.g", "eks_addon", obj{"name": "aws-guardduty-agent"}), []string{"GuardDuty @ name"}},
		"datadog":          {datadogAgent("true"), []string{"Datadog Workload Protection @ containers[0].image"}},
		"datadog metrics":  {datadogAgent("false"), nil},
		"datadog operator": {custom("datadoghq.com/v2alpha1/DatadogAgent", obj{"spec": obj{"features": obj{"cws": obj{"enabled": true}}}}), []string{"Datadog Workload Protection @ spec.features.cws.enabled"}},
		"falcon operator":  {custom("falcon.crowdstrike.com/v1alpha1/FalconNodeSensor", nil), []string{"CrowdStrike Falcon @ "}},
		"argo":             {custom("argoproj.io/v1alpha1/Application", obj{"spec": obj{"source": obj{"chart": "falco"}}}), []string{"Falco @ spec.source.chart"}},
		"argo sources":     {custom("argoproj.io/v1alpha1/Application", obj{"spec": obj{"sources": arr{obj{"chart": "tetragon"}}}}), []string{"Tetragon @ spec.sources[0].chart"}},
		"flux":             {custom("helm.toolkit.fluxcd.io/v2/HelmRelease", obj{"spec": obj{"chart": obj{"spec": obj{"chart": "falco"}}}}), []string{"Falco @ spec.chart.spec.chart"}},
		"cdk":              {cfn("t.json", "C", "Custom::AWSCDK-EKS-HelmChart", "", nil, rawly(obj{"Chart": "datadog", "Values": `{"datadog":{"securityAgent":{"runtime":{"enabled":true}}}}`})), []string{"Datadog Workload Protection @ Chart"}},
		"archive":          {tf("a.json", "helm_release.f", "", nil, rawly(obj{"chart": "./charts/falco-4.20.1.tgz"})), []string{"Falco @ chart"}},
		"other chart":      {tf("a.json", "helm_release.f", "", nil, rawly(obj{"chart": "falco-exporter"})), nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, a := range list(build(c.doc).Facts["runtime_agents"]) {
				got = append(got, text(get(a, "name"))+" @ "+text(get(a, "path")))
			}
			wantValue(t, got, c.want)
		})
	}
}

func TestRuntimeAgentsThatAreNotKnownYet(t *testing.T) {
	open := func(kind, text string) *document.Document {
		d := daemonSet("x", obj{"name": "c"})
		d.Kind, d.Attr["kind"] = "apps/v1/"+kind, kind
		d.States["containers[0].image"] = document.State{Kind: document.Unknown, Reason: document.ParameterWithoutValue, Template: text}
		return d
	}
	for name, c := range map[string]struct {
		doc            *document.Document
		agents, doubts int
	}{
		"image":               {open("DaemonSet", "${IMAGE}"), 0, 1},
		"image of a registry": {open("DaemonSet", "quay.io/${IMAGE}:1"), 0, 1},
		"nothing of an image": {open("DaemonSet", ""), 0, 1},
		"tag of an agent":     {open("DaemonSet", "${REGISTRY}/falcosecurity/falco:${TAG}"), 1, 0},
		"tag of another":      {open("DaemonSet", "registry.k8s.io/pause:${TAG}"), 0, 0},
		"deployment":          {open("Deployment", "${IMAGE}"), 0, 0},
		"add-on":              {tf("a.json", "aws_eks_addon.x", "eks_addon", obj{}, unknown("name", document.AfterApply)), 0, 1},
		"version of an add-on": {
			tf("a.json", "aws_eks_addon.x", "eks_addon", obj{"name": "coredns"}, unknown("version", document.AfterApply)), 0, 0,
		},
	} {
		facts := build(c.doc).Facts
		if a, d := len(list(facts["runtime_agents"])), len(list(facts["runtime_agents_unknown"])); a != c.agents || d != c.doubts {
			t.Errorf("%s: %d agents and %d doubts, want %d and %d", name, a, d, c.agents, c.doubts)
		}
	}
}
