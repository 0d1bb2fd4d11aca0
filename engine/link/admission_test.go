package link

import (
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestPolicyEngines(t *testing.T) {
	custom := func(kind string) *document.Document { return k8s("cr.yaml", kind, "x", "x", "", nil) }
	deployment := func(images ...string) *document.Document {
		containers := make(arr, len(images))
		for i, image := range images {
			containers[i] = obj{"image": image}
		}
		return k8s("d.yaml", "apps/v1/Deployment", "x", "x", "workload", obj{"kind": "Deployment", "containers": containers})
	}
	cases := map[string]struct {
		doc  *document.Document
		want []string
	}{
		"kyverno":           {deployment("busybox", "reg.kyverno.io/kyverno/kyverno:v1.15.2"), []string{"Kyverno @ containers[1].image"}},
		"kyverno's cleanup": {deployment("reg.kyverno.io/kyverno/cleanup-controller:v1.15.2"), nil},
		"gatekeeper":        {deployment("openpolicyagent/gatekeeper:v3.20.1"), []string{"Gatekeeper @ containers[0].image"}},
		"mirror":            {deployment("1.dkr.ecr.eu-west-1.amazonaws.com/x/openpolicyagent/gatekeeper@sha256:00"), []string{"Gatekeeper @ containers[0].image"}},
		"kubewarden":        {deployment("ghcr.io/kubewarden/kubewarden-controller:v1.29.0"), []string{"Kubewarden @ containers[0].image"}},
		"jspolicy":          {deployment("loftsh/jspolicy:0.2.2"), []string{"jsPolicy @ containers[0].image"}},
		"something else":    {deployment("acme/web:1"), nil},
		"chart":             {tf("a.json", "helm_release.k", "", nil, rawly(obj{"chart": "kyverno"})), []string{"Kyverno @ chart"}},
		"cdk blueprint":     {cfn("t.json", "C", "Custom::AWSCDK-EKS-HelmChart", "", nil, rawly(obj{"Chart": "gatekeeper"})), []string{"Gatekeeper @ Chart"}},
		"argo":              {k8s("cr.yaml", "argoproj.io/v1alpha1/Application", "x", "x", "", nil, rawly(obj{"spec": obj{"source": obj{"chart": "kubewarden-controller"}}})), []string{"Kubewarden @ spec.source.chart"}},
		"add-on":            {tf("a.json", "aws_eks_addon.k", "eks_addon", obj{"name": "nirmata_kyverno"}), []string{"Kyverno @ name"}},
		"another add-on":    {tf("a.json", "aws_eks_addon.k", "eks_addon", obj{"name": "coredns"}), nil},
		"policy":            {custom("kyverno.io/v1/ClusterPolicy"), []string{"Kyverno @ "}},
		"new policy":        {custom("policies.kyverno.io/v1/ValidatingPolicy"), []string{"Kyverno @ "}},
		"constraint":        {custom("constraints.gatekeeper.sh/v1beta1/K8sRequiredLabels"), []string{"Gatekeeper @ "}},
		"in tree":           {custom("admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy"), []string{"ValidatingAdmissionPolicy @ "}},
		"in tree, mutating": {custom("admissionregistration.k8s.io/v1beta1/MutatingAdmissionPolicy"), []string{"MutatingAdmissionPolicy @ "}},
		"binding alone":     {custom("admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding"), nil},
		"gatekeeper of AWS": {custom("gateway.networking.k8s.io/v1/Gateway"), nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, a := range list(build(c.doc).Facts["policy_engines"]) {
				got = append(got, text(get(a, "name"))+" @ "+text(get(a, "path")))
			}
			wantValue(t, got, c.want)
		})
	}
}
