package canon

import (
	"slices"
	"strings"
	"sync"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A kubeKind says what a Kubernetes kind becomes and which code reads it.
type kubeKind struct {
	typ  string
	read func(v *kubeView) []*document.Document
}

// kubernetesHandler returns what makes documents of a raw kind ("v1/Pod",
// "apps/v1/Deployment") canonical, nil if the kind has no canonical type. API
// versions of one kind share the handler.
func kubernetesHandler(kind string) handler {
	group, name := splitKind(kind)
	entry, ok := kubeKinds()[group+"/"+name]
	if !ok {
		return nil
	}
	return func(d *document.Document) []*document.Document {
		d.Type = entry.typ
		if d.Action == document.Delete {
			return nil
		}
		v := newKubeView(d, name)
		derived := entry.read(v)
		v.finish()
		return derived
	}
}

// splitKind splits "apps/v1/Deployment" into "apps" and "Deployment", dropping
// the version; the core group is "".
func splitKind(kind string) (group, name string) {
	i := strings.LastIndexByte(kind, '/')
	if i < 0 {
		return "", kind
	}
	group, _, ok := cutLast(kind[:i])
	if !ok {
		group = ""
	}
	return group, kind[i+1:]
}

func cutLast(s string) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, '/'); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// kubernetesTypes returns the canonical type of every raw kind read by
// kubernetesHandler; "*" stands for any version of the API group, and the core
// group has v1 only. Kinds whose pods become documents of their own (a
// RayCluster's groups) are listed under the type of those, and the kinds of
// documents derived from aws-auth are there too.
func kubernetesTypes() map[string]string {
	kinds := kubeKinds()
	out := make(map[string]string, len(kinds))
	for key, entry := range kinds {
		typ := entry.typ
		if typ == "" {
			typ = workloadType
		}
		if group, name, _ := cutLast(key); group == "" {
			out["v1/"+name] = typ
		} else {
			out[group+"/*/"+name] = typ
		}
	}
	for _, l := range awsAuthLists() {
		out[awsAuthKind+l.key] = awsAuthType
	}
	return out
}

const (
	workloadType      = "workload"
	networkPolicyType = "network_policy"
	gatewayRouteType  = "gateway_route"
)

// kubeKinds maps "group/Kind" to its entry. Kinds with pod templates come from
// podTemplates, all others are listed here.
//
//nolint:gochecknoglobals // a table that is read only, built on first use
var kubeKinds = sync.OnceValue(func() map[string]kubeKind {
	const (
		rbac    = "rbac.authorization.k8s.io"
		gateway = "gateway.networking.k8s.io"
		network = "networking.k8s.io"
	)
	kinds := map[string]kubeKind{
		"/Namespace":                        {"namespace", readNamespace},
		"/Service":                          {"service", readService},
		"/ServiceAccount":                   {"service_account", readServiceAccount},
		"/ConfigMap":                        {"config_map", readConfigMap},
		"/Secret":                           {"secret", readSecret},
		"/PersistentVolume":                 {"persistent_volume", readPersistentVolume},
		"networking.k8s.io/Ingress":         {"ingress", readIngress},
		"extensions/Ingress":                {"ingress", readIngress},
		"gateway.networking.k8s.io/Gateway": {"gateway", readGateway},
		"storage.k8s.io/StorageClass":       {"storage_class", readStorageClass},
		"policy/PodDisruptionBudget":        {"pod_disruption_budget", readDisruptionBudget},
		"admissionregistration.k8s.io/ValidatingWebhookConfiguration": {"webhook_configuration", readWebhooks},
		"admissionregistration.k8s.io/MutatingWebhookConfiguration":   {"webhook_configuration", readWebhooks},
	}
	kinds[network+"/IngressClass"] = kubeKind{ingressClassType, readIngressClass}
	for _, group := range []string{"elbv2.k8s.aws", "eks.amazonaws.com"} {
		kinds[group+"/IngressClassParams"] = kubeKind{ingressParamsType, readIngressClassParams}
	}
	for _, name := range []string{"Role", "ClusterRole"} {
		kinds[rbac+"/"+name] = kubeKind{"rbac_role", readRole}
		kinds[rbac+"/"+name+"Binding"] = kubeKind{"rbac_binding", readRoleBinding}
	}
	for _, name := range []string{"HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"} {
		kinds[gateway+"/"+name] = kubeKind{gatewayRouteType, readGatewayRoute}
	}
	for key, read := range networkPolicyKinds() {
		kinds[key] = kubeKind{networkPolicyType, read}
	}
	for key, templates := range podTemplates() {
		if len(templates) == 1 && !slices.Contains(templates[0], any(document.Wildcard)) {
			kinds[key] = kubeKind{workloadType, readWorkload(templates[0])}
			continue
		}
		kinds[key] = kubeKind{"", readWorkloads(templates)}
	}
	for _, name := range []string{"Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow"} {
		kinds["argoproj.io/"+name] = kubeKind{"", readWorkflow}
	}
	return kinds
})
