package canon

import (
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// podTemplates says where objects keep their pod templates: "group/Kind" to the
// paths of the objects that hold metadata and spec of the pods. [*] stands for
// every element of a list or every value of a map. A kind with exactly one
// template is a workload itself; with more, each template becomes a document.
//
// Sources: the Kubernetes API reference, and the CRDs of Argo Rollouts, Knative
// Serving, OpenKruise, KubeRay, Kubeflow Training, JobSet, LeaderWorkerSet,
// KEDA, Volcano, Spark Operator, GitHub ARC and OpenShift.
func podTemplates() map[string][]document.Path {
	const rayCluster = "headGroupSpec.template,workerGroupSpecs[*].template"
	table := map[string]string{
		"/Pod":                   "",
		"/PodTemplate":           "template",
		"/ReplicationController": "spec.template",
		"batch/Job":              "spec.template",
		"batch/CronJob":          "spec.jobTemplate.spec.template",

		"argoproj.io/Rollout":                "spec.template",
		"serving.knative.dev/Service":        "spec.template",
		"serving.knative.dev/Configuration":  "spec.template",
		"serving.knative.dev/Revision":       "",
		"apps.kruise.io/CloneSet":            "spec.template",
		"apps.kruise.io/StatefulSet":         "spec.template",
		"apps.kruise.io/DaemonSet":           "spec.template",
		"apps.kruise.io/BroadcastJob":        "spec.template",
		"apps.kruise.io/AdvancedCronJob":     "spec.template.jobTemplate.spec.template,spec.template.broadcastJobTemplate.spec.template",
		"apps.openshift.io/DeploymentConfig": "spec.template",
		"keda.sh/ScaledJob":                  "spec.jobTargetRef.template",

		"actions.github.com/AutoscalingRunnerSet": "spec.template",
		"actions.github.com/EphemeralRunnerSet":   "spec.ephemeralRunnerSpec",
		"actions.github.com/EphemeralRunner":      "",

		"ray.io/RayCluster": prefixed("spec", rayCluster),
		"ray.io/RayJob":     "spec.submitterPodTemplate," + prefixed("spec.rayClusterSpec", rayCluster),
		"ray.io/RayService": prefixed("spec.rayClusterConfig", rayCluster),

		"jobset.x-k8s.io/JobSet":                         "spec.replicatedJobs[*].template.spec.template",
		"leaderworkerset.x-k8s.io/LeaderWorkerSet":       "spec.leaderWorkerTemplate.leaderTemplate,spec.leaderWorkerTemplate.workerTemplate",
		"batch.volcano.sh/Job":                           "spec.tasks[*].template",
		"sparkoperator.k8s.io/SparkApplication":          "spec.driver.template,spec.executor.template",
		"sparkoperator.k8s.io/ScheduledSparkApplication": "spec.template.driver.template,spec.template.executor.template",
		"kubeflow.org/PyTorchJob":                        "spec.pytorchReplicaSpecs[*].template",
		"kubeflow.org/TFJob":                             "spec.tfReplicaSpecs[*].template",
		"kubeflow.org/MPIJob":                            "spec.mpiReplicaSpecs[*].template",
		"kubeflow.org/XGBoostJob":                        "spec.xgbReplicaSpecs[*].template",
		"kubeflow.org/JAXJob":                            "spec.jaxReplicaSpecs[*].template",
	}
	for _, kind := range []string{"Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"} {
		table["apps/"+kind] = "spec.template"
		table["extensions/"+kind] = "spec.template"
	}
	out := make(map[string][]document.Path, len(table))
	for kind, templates := range table {
		for t := range strings.SplitSeq(templates, ",") {
			path, err := document.ParsePath(t)
			if err != nil {
				continue // a test reads every entry
			}
			out[kind] = append(out[kind], path)
		}
	}
	return out
}

func prefixed(prefix, paths string) string {
	all := strings.Split(paths, ",")
	for i := range all {
		all[i] = prefix + "." + all[i]
	}
	return strings.Join(all, ",")
}

// expand returns the paths of raw that a pattern with wildcards matches, in
// list order and in the order of map keys.
func expand(raw any, pattern document.Path) []document.Path {
	i := slices.Index(pattern, any(document.Wildcard))
	if i < 0 {
		if v, ok := document.At(raw, pattern); !ok || v == nil {
			return nil
		}
		return []document.Path{pattern}
	}
	at, _ := document.At(raw, pattern[:i])
	var heads []any
	switch at := at.(type) {
	case []any:
		for n := range at {
			heads = append(heads, n)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(at)) {
			heads = append(heads, key)
		}
	}
	var out []document.Path
	for _, head := range heads {
		path := pattern[:i].Append(head)
		out = append(out, expand(raw, path.Append(pattern[i+1:]...))...)
	}
	return out
}

// readWorkloads turns every pod template of an object into a workload document
// of its own that shares the object's text.
func readWorkloads(patterns []document.Path) func(*kubeView) []*document.Document {
	return func(v *kubeView) []*document.Document {
		var out []*document.Document
		for _, pattern := range patterns {
			for _, template := range expand(v.d.Raw, pattern) {
				child := v.derive(template.String(), workloadType)
				podView(child, podPlace{template: template, levels: []document.Path{template.Append("spec")}})
				child.finish()
				out = append(out, child.d)
			}
		}
		return out
	}
}

// derive makes a document for a part of v's document. It has the same raw value,
// so that every path in it is a path of the object.
func (v *kubeView) derive(part, typ string) *kubeView {
	d := &document.Document{
		ID: v.d.ID + "/" + part, Format: v.d.Format, Kind: v.d.Kind, Type: typ, Name: v.d.Name,
		Namespace: v.d.Namespace, Address: v.d.Address, Scope: v.d.Scope, Action: v.d.Action,
		Conditional: v.d.Conditional, Metadata: v.d.Metadata, Raw: v.d.Raw, RawStates: v.d.RawStates,
		Sensitive: v.d.Sensitive, Refs: v.d.Refs, Parent: v.d, Base: document.Path{}, Origin: v.d.Origin,
	}
	d.SetLocator(v.d.Locator())
	return newKubeView(d, v.kind)
}
