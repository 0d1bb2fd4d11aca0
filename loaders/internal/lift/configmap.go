package lift

import (
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// configMap lifts the manifests that a ConfigMap holds for whoever mounts it: the
// pods of Jenkins, Airflow or GitLab agents, jobs that a controller starts. Only
// a text that is nothing but named objects of the Kubernetes API counts:
// configuration files and templates look similar.
func (l *lifter) configMap(d *document.Document) {
	values, _ := d.Raw["data"].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		text, _ := values[key].(string)
		if !strings.Contains(text, "apiVersion") || !strings.Contains(text, "kind") || !strings.Contains(text, "metadata") {
			continue
		}
		path := document.Path{"data", key}
		texts, diagnostics, _ := Read(d, path)
		if len(diagnostics) > 0 || len(texts) == 0 || slices.ContainsFunc(texts, func(t Text) bool { return !isManifest(t.Value) }) {
			continue
		}
		for _, t := range texts {
			l.add(find{
				carrier: d, kind: configMap, at: path, value: t.Value, states: t.States, refs: t.Refs, locator: t.Locator,
				around: d.Namespace, // it runs where the ConfigMap is mounted
			})
		}
	}
}

// isManifest reports whether a value is an object that an API server knows
// without further definitions.
func isManifest(v any) bool {
	object, _ := v.(map[string]any)
	version, _ := object["apiVersion"].(string)
	kind, _ := object["kind"].(string)
	metadata, _ := object["metadata"].(map[string]any)
	group, _, grouped := strings.Cut(version, "/")
	if !grouped {
		group = ""
	}
	switch {
	case kind == "" || version == "", strings.HasSuffix(kind, "Configuration") && !strings.HasPrefix(group, "admissionregistration."):
		return false
	case scalar(metadata["name"]) == "" && scalar(metadata["generateName"]) == "":
		return false
	case grouped && slices.Contains([]string{"apps", "batch", "extensions", "policy", "autoscaling"}, group):
		return true
	}
	return version == "v1" || slices.Contains([]string{
		"rbac.authorization.k8s.io", "networking.k8s.io", "admissionregistration.k8s.io", "storage.k8s.io", "scheduling.k8s.io",
	}, group)
}
