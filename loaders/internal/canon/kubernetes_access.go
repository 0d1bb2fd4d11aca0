package canon

import (
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func readServiceAccount(v *kubeView) []*document.Document {
	v.meta()
	v.field("role_arn", "metadata", "annotations", "eks.amazonaws.com/role-arn")
	if value := v.field("automount", "automountServiceAccountToken"); value != nil {
		v.d.Attr["automount"] = kubeTruth(value)
	}
	v.fallback("automount", true, apiServer, "Kubernetes API reference, ServiceAccount.automountServiceAccountToken",
		"automountServiceAccountToken")
	v.field("secrets", "secrets")
	v.field("image_pull_secrets", "imagePullSecrets")
	return nil
}

// renames says how an element of a list changes its keys: canonical to raw.
type renames [][2]string

// elements copies the objects of a raw list to a canonical one with keys
// renamed; an unknown element stays null so that the numbers stay right.
func (v *kubeView) elements(name, key string, names renames) []any {
	items := kubeList(v.d.Raw, key)
	if items == nil {
		v.field(name, key)
		return nil
	}
	out := make([]any, len(items))
	for i, item := range items {
		fields, ok := item.(map[string]any)
		if !ok {
			v.pair(document.Path{name, i}, document.Path{key, i})
			continue
		}
		entry := make(map[string]any, len(fields))
		for _, n := range names {
			raw := document.Path{key, i, n[1]}
			if value := fields[n[1]]; value != nil {
				entry[n[0]] = value
				if n[0] != n[1] {
					v.d.Written[indexed(name, i)+"."+n[0]] = raw
				}
			}
			v.pair(document.Path{name, i, n[0]}, raw)
		}
		out[i] = entry
	}
	v.set(name, out, document.Path{key})
	for _, d := range v.doubts { // the list itself may be incomplete
		if d.state.Kind == document.Partial && d.path.String() == key {
			v.note(document.Path{name}, d.state)
		}
	}
	return out
}

// clusterScoped reports whether an RBAC object's kind has no namespace.
func (v *kubeView) clusterScoped() bool {
	return v.kind == "ClusterRole" || v.kind == "ClusterRoleBinding"
}

func readRole(v *kubeView) []*document.Document {
	v.meta()
	v.d.Attr["cluster_scoped"] = v.clusterScoped()
	v.elements("rules", "rules", renames{
		{"api_groups", "apiGroups"},
		{"resources", "resources"},
		{"verbs", "verbs"},
		{"resource_names", "resourceNames"},
		{"non_resource_urls", "nonResourceURLs"},
	})
	if v.clusterScoped() {
		v.field("aggregation", "aggregationRule")
	}
	return nil
}

func readRoleBinding(v *kubeView) []*document.Document {
	v.meta()
	v.d.Attr["cluster_scoped"] = v.clusterScoped()
	role := map[string]any{}
	for _, n := range (renames{{"kind", "kind"}, {"name", "name"}, {"api_group", "apiGroup"}}) {
		raw := document.Path{"roleRef", n[1]}
		put(role, n[0], v.at(raw))
		v.d.Written["role."+n[0]] = v.nearest(raw)
		v.pair(document.Path{"role", n[0]}, raw)
	}
	v.d.Written["role"] = v.nearest(document.Path{"roleRef"})
	if len(role) > 0 {
		v.d.Attr["role"] = role
	}
	subjects := v.elements("subjects", "subjects", renames{
		{"kind", "kind"}, {"name", "name"}, {"namespace", "namespace"}, {"api_group", "apiGroup"},
	})
	for _, s := range subjects {
		// Only service accounts live in a namespace; Terraform's provider writes
		// "default" for users and groups too.
		if subject, _ := s.(map[string]any); subject["kind"] == "User" || subject["kind"] == "Group" {
			delete(subject, "namespace")
		}
	}
	return nil
}
