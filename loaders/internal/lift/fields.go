package lift

import (
	"strings"
	"sync"
)

// A shape says how an argument of a typed resource becomes a field.
type shape uint8

const (
	// plain arguments keep their value: scalars, lists of scalars, maps.
	plain shape = iota
	// one is a block that may be written once: a list of one in a plan, an object
	// in the API.
	one
	// many is a block that may be repeated: a list in both.
	many
	// inline is a block that the API does not have; its arguments belong to the
	// block around it.
	inline
	// gone arguments are the provider's own business.
	gone
)

// A conversion says how a plain argument's text becomes a value.
type conversion uint8

const (
	asIs        conversion = iota
	integer                // "1000": a number
	intOrString            // "80", "http", "25%": a number where it is one
	octal                  // "0644": file modes
)

// A field is what an argument becomes.
type field struct {
	name  string
	shape shape
	as    conversion
}

// A typedKind is a kind of object with a Terraform resource type of its own.
type typedKind struct{ version, kind string }

// typedKinds maps resource types without "kubernetes_" to what the provider
// creates for them (terraform-provider-kubernetes 3.2.1, and the types that
// 1.x and 2.x had). Types with and without a version are often twins.
//
//nolint:gochecknoglobals // a table that is read only, built on first use
var typedKinds = sync.OnceValue(func() map[string]typedKind {
	out := map[string]typedKind{}
	for line := range strings.Lines(typedKindTable) {
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		i := strings.LastIndexByte(words[0], '/')
		for _, name := range words[1:] {
			out[name] = typedKind{words[0][:i], words[0][i+1:]}
		}
	}
	return out
})

const typedKindTable = `
v1/Namespace namespace namespace_v1
v1/Service service service_v1
v1/ServiceAccount service_account service_account_v1 default_service_account default_service_account_v1
v1/ConfigMap config_map config_map_v1
v1/Secret secret secret_v1
v1/Pod pod pod_v1
v1/Endpoints endpoints endpoints_v1
v1/LimitRange limit_range limit_range_v1
v1/PersistentVolume persistent_volume persistent_volume_v1
v1/PersistentVolumeClaim persistent_volume_claim persistent_volume_claim_v1
v1/ReplicationController replication_controller replication_controller_v1
v1/ResourceQuota resource_quota resource_quota_v1
discovery.k8s.io/v1/EndpointSlice endpoint_slice_v1
apiregistration.k8s.io/v1/APIService api_service api_service_v1
apps/v1/Deployment deployment deployment_v1
apps/v1/DaemonSet daemonset daemon_set_v1
apps/v1/StatefulSet stateful_set stateful_set_v1
batch/v1/Job job job_v1
batch/v1beta1/CronJob cron_job
batch/v1/CronJob cron_job_v1
autoscaling/v1/HorizontalPodAutoscaler horizontal_pod_autoscaler horizontal_pod_autoscaler_v1
autoscaling/v2beta2/HorizontalPodAutoscaler horizontal_pod_autoscaler_v2beta2
autoscaling/v2/HorizontalPodAutoscaler horizontal_pod_autoscaler_v2
certificates.k8s.io/v1beta1/CertificateSigningRequest certificate_signing_request
certificates.k8s.io/v1/CertificateSigningRequest certificate_signing_request_v1
rbac.authorization.k8s.io/v1/Role role role_v1
rbac.authorization.k8s.io/v1/RoleBinding role_binding role_binding_v1
rbac.authorization.k8s.io/v1/ClusterRole cluster_role cluster_role_v1
rbac.authorization.k8s.io/v1/ClusterRoleBinding cluster_role_binding cluster_role_binding_v1
extensions/v1beta1/Ingress ingress
networking.k8s.io/v1/Ingress ingress_v1
networking.k8s.io/v1/IngressClass ingress_class ingress_class_v1
networking.k8s.io/v1/NetworkPolicy network_policy network_policy_v1
policy/v1beta1/PodDisruptionBudget pod_disruption_budget
policy/v1/PodDisruptionBudget pod_disruption_budget_v1
policy/v1beta1/PodSecurityPolicy pod_security_policy pod_security_policy_v1beta1
scheduling.k8s.io/v1/PriorityClass priority_class priority_class_v1
admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration validating_webhook_configuration validating_webhook_configuration_v1
admissionregistration.k8s.io/v1/MutatingWebhookConfiguration mutating_webhook_configuration mutating_webhook_configuration_v1
admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy validating_admission_policy_v1
storage.k8s.io/v1/StorageClass storage_class storage_class_v1
storage.k8s.io/v1beta1/CSIDriver csi_driver
storage.k8s.io/v1/CSIDriver csi_driver_v1
node.k8s.io/v1/RuntimeClass runtime_class_v1
`

// notObjects are the types that change a part of an object someone else made,
// or make no object at all.
const notObjects = " env labels annotations node_taint secret_v1_data token_request token_request_v1 "

// A place is where an argument stands: in objects of a kind, in a block, by its
// name. Kind, or kind and block, are "" in rules that hold everywhere; block is
// "/" for the arguments of the resource itself.
type place struct{ kind, block, argument string }

// root is the block of arguments outside all blocks.
const root = "/"

// rules says what arguments become.
type rules map[place]field

// typedRules are the exceptions from "camelCase of the same value". They are
// held against the provider's schema and the API's types by a test.
//
//nolint:gochecknoglobals // a table that is read only, built on first use
var typedRules = sync.OnceValue(func() rules {
	out := rules{}
	for _, t := range []struct {
		shape shape
		as    conversion
		table string
	}{
		{one, asIs, oneBlocks},
		{many, asIs, manyBlocks},
		{plain, asIs, spellings},
		{plain, integer, integers},
		{plain, intOrString, intOrStrings},
		{plain, octal, octals},
		{inline, asIs, "persistent_volume_source object_selector/label_selector"},
		{gone, asIs, ownArguments},
	} {
		for word := range strings.FieldsSeq(t.table) {
			at, name, named := parsePlace(word)
			if !named {
				name = camel(at.argument)
			}
			out[at] = field{name: name, shape: t.shape, as: t.as}
		}
	}
	return out
})

// parsePlace reads "argument", "block/argument", "Kind:block/argument", or
// "//argument" for the resource itself, with "=field" behind it where given.
func parsePlace(word string) (at place, name string, named bool) {
	key, name, named := strings.Cut(word, "=")
	if kind, rest, ok := strings.Cut(key, ":"); ok {
		at.kind, key = kind, rest
	}
	at.argument = key
	if i := strings.LastIndexByte(key, '/'); i >= 0 {
		at.block, at.argument = key[:max(i, 1)], key[i+1:]
	}
	return at, name, named
}

// lookup returns what an argument inside a block becomes.
func (r rules) lookup(kind, block, argument string) field {
	for _, at := range [...]place{{kind, block, argument}, {"", block, argument}, {"", "", argument}} {
		if f, ok := r[at]; ok {
			return f
		}
	}
	return field{name: camel(argument)}
}

// camel turns snake_case into camelCase.
func camel(s string) string {
	if !strings.Contains(s, "_") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	up := false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '_':
			up = b.Len() > 0
		case up && c >= 'a' && c <= 'z':
			b.WriteByte(c - 'a' + 'A')
			up = false
		default:
			b.WriteByte(c)
			up = false
		}
	}
	return b.String()
}
