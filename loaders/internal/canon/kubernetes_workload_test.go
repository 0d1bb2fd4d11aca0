package canon

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

const fullPod = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: outer}}
spec:
  replicas: 3
  template:
    metadata:
      labels: {app: web}
      annotations: {note: x}
    spec:
      serviceAccountName: web
      hostPID: true
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile: {type: RuntimeDefault}
      containers:
      - name: main
        image: nginx
        securityContext:
          runAsUser: 0
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
      - name: side
        image: busybox
      initContainers:
      - name: prep
        image: busybox
        restartPolicy: Always
        securityContext: {privileged: true, seccompProfile: {type: Unconfined}}
      ephemeralContainers:
      - name: debug
        image: busybox
`

func TestWorkload_FlattensContainersWithTheirEffectiveSecurityContext(t *testing.T) {
	d, derived := canonical(t, fullPod, nil)
	if derived != nil {
		t.Errorf("derived %v", derived)
	}
	wantAttr(t, d, map[string]any{
		"kind": "Deployment", "labels": map[string]any{"app": "web"}, "annotations": map[string]any{"note": "x"},
		"replicas": int64(3), "service_account": "web", "automount_token": false,
		"host_pid": true, "host_network": false, "host_ipc": false, "os": absent,
		"pod.containers[0].image": "nginx", "containers[0].class": "container", "containers[1].name": "side",
		"containers[2].class": "init", "containers[2].restartPolicy": "Always", "containers[3].class": "ephemeral",
		"containers[0].effective": map[string]any{
			"run_as_non_root": true, "run_as_user": int64(0), "seccomp_type": "RuntimeDefault",
			"allow_privilege_escalation": false, "read_only_root_filesystem": true,
		},
		"containers[1].effective": map[string]any{
			"run_as_non_root": true, "run_as_user": int64(1000), "seccomp_type": "RuntimeDefault",
			"allow_privilege_escalation": true,
		},
		"containers[2].effective.privileged": true, "containers[2].effective.seccomp_type": "Unconfined",
	})
	wantWritten(t, d, map[string]string{
		"pod":                                  "spec.template.spec",
		"pod.volumes[0].hostPath":              "spec.template.spec.volumes[0].hostPath",
		"labels":                               "spec.template.metadata.labels",
		"service_account":                      "spec.template.spec.serviceAccountName",
		"host_network":                         "spec.template.spec.hostNetwork",
		"host_pid":                             "spec.template.spec.hostPID",
		"containers[1].image":                  "spec.template.spec.containers[1].image",
		"containers[2]":                        "spec.template.spec.initContainers[0]",
		"containers[3].name":                   "spec.template.spec.ephemeralContainers[0].name",
		"containers[0].effective.run_as_user":  "spec.template.spec.containers[0].securityContext.runAsUser",
		"containers[1].effective.run_as_user":  "spec.template.spec.securityContext.runAsUser",
		"containers[1].effective.privileged":   "spec.template.spec.containers[1].securityContext.privileged",
		"containers[1].effective.seccomp_type": "spec.template.spec.securityContext.seccompProfile.type",
		"containers[1].effective.run_as_group": "spec.template.spec.containers[1].securityContext.runAsGroup",
		"containers[2].effective.seccomp_type": "spec.template.spec.initContainers[0].securityContext.seccompProfile.type",
	})
	want := []string{
		"containers[1].effective.allow_privilege_escalation", "containers[2].effective.allow_privilege_escalation",
		"containers[3].effective.allow_privilege_escalation", "host_ipc", "host_network",
	}
	if diff := cmp.Diff(want, d.States.Paths(document.Defaulted)); diff != "" {
		t.Errorf("defaulted (-want +got):\n%s", diff)
	}
	if raw, _ := document.At(d.Raw, document.Path{"spec", "template", "spec", "containers", 0}); raw.(map[string]any)["class"] != nil {
		t.Error("the raw container was changed")
	}
}

func TestWorkload_FindsThePodOfEveryKind(t *testing.T) {
	pod := "{metadata: {labels: {a: b}}, spec: {containers: [{name: c}]}}"
	for _, c := range []struct{ kind, text, at string }{
		{"v1/Pod", "{apiVersion: v1, kind: Pod, metadata: {labels: {a: b}}, spec: {containers: [{name: c}]}}", "spec"},
		{"v1/PodTemplate", "{apiVersion: v1, kind: PodTemplate, template: POD}", "template.spec"},
		{"v1/RC", "{apiVersion: v1, kind: ReplicationController, spec: {template: POD}}", "spec.template.spec"},
		{"extensions", "{apiVersion: extensions/v1beta1, kind: Deployment, spec: {template: POD}}", "spec.template.spec"},
		{"apps beta", "{apiVersion: apps/v1beta2, kind: StatefulSet, spec: {template: POD}}", "spec.template.spec"},
		{"job", "{apiVersion: batch/v1, kind: Job, spec: {template: POD}}", "spec.template.spec"},
		{"cron job", "{apiVersion: batch/v2alpha1, kind: CronJob, spec: {jobTemplate: {spec: {template: POD}}}}", "spec.jobTemplate.spec.template.spec"},
		{"rollout", "{apiVersion: argoproj.io/v1alpha1, kind: Rollout, spec: {template: POD}}", "spec.template.spec"},
		{"knative", "{apiVersion: serving.knative.dev/v1, kind: Service, spec: {template: POD}}", "spec.template.spec"},
		{"revision", "{apiVersion: serving.knative.dev/v1, kind: Revision, metadata: {labels: {a: b}}, spec: {containers: [{name: c}]}}", "spec"},
		{"clone set", "{apiVersion: apps.kruise.io/v1alpha1, kind: CloneSet, spec: {template: POD}}", "spec.template.spec"},
	} {
		d, derived := canonical(t, strings.ReplaceAll(c.text, "POD", pod), nil)
		if d.Type != "workload" || derived != nil {
			t.Errorf("%s: type %q, %d derived", c.kind, d.Type, len(derived))
		}
		wantAttr(t, d, map[string]any{"containers[0].name": "c", "labels": map[string]any{"a": "b"}, "service_account": "default"})
		wantWritten(t, d, map[string]string{"pod": c.at, "containers[0]": c.at + ".containers[0]", "service_account": c.at + ".serviceAccountName"})
	}
}

func TestWorkload_ObjectsWithSeveralTemplatesMakeAWorkloadForEach(t *testing.T) {
	d, derived := canonical(t, `
apiVersion: ray.io/v1
kind: RayCluster
metadata: {name: ray, namespace: ml}
spec:
  headGroupSpec:
    template: {spec: {hostNetwork: true, containers: [{name: head}]}}
  workerGroupSpecs:
  - template: {metadata: {labels: {w: "1"}}, spec: {containers: [{name: worker, securityContext: {privileged: true}}]}}
  - {}
`, document.States{"spec.workerGroupSpecs[0].template.spec.containers[0].image": unknownState(document.Unknown)})
	if d.Type != "" || len(derived) != 2 {
		t.Fatalf("type %q, %d derived, want 2", d.Type, len(derived))
	}
	wantAttr(t, derived[0], map[string]any{"kind": "RayCluster", "host_network": true, "containers[0].name": "head"})
	w := derived[1]
	wantAttr(t, w, map[string]any{"labels": map[string]any{"w": "1"}, "containers[0].effective.privileged": true})
	if w.Type != "workload" || w.Namespace != "ml" || w.Parent != d || w.ID != d.ID+"/spec.workerGroupSpecs[0].template" {
		t.Errorf("%s: type %q in %q", w.ID, w.Type, w.Namespace)
	}
	if _, unknown := w.States["containers[0].image"]; !unknown {
		t.Errorf("the image is not unknown: %v", w.States)
	}
	rooted, r, exact := w.Place(document.Path{"containers", 0, "effective", "privileged"})
	want := "spec.workerGroupSpecs[0].template.spec.containers[0].securityContext.privileged"
	if rooted.String() != want || r.Text() != "true" || !exact {
		t.Errorf("placed at %s: %q, exact %v", rooted, r.Text(), exact)
	}
}

func TestWorkload_ArgoTemplatesOverrideTheirWorkflow(t *testing.T) {
	_, derived := canonical(t, `
apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata: {name: w, namespace: ci}
spec:
  workflowSpec:
    serviceAccountName: runner
    hostNetwork: true
    volumes: [{name: outer, hostPath: {path: /}}]
    securityContext: {runAsUser: 1000}
    templates:
    - name: steps
      steps: []
    - name: build
      metadata: {labels: {t: build}}
      serviceAccountName: builder
      volumes: [{name: inner, emptyDir: {}}]
      container: {image: docker, securityContext: {privileged: true}}
      sidecars: [{name: dind, image: dind}]
      initContainers: [{name: init, image: git}]
    - name: script
      script: {image: python, source: "print()"}
    - name: set
      containerSet: {containers: [{name: a, image: x}, {name: b, image: y}]}
`, nil)
	if len(derived) != 3 {
		t.Fatalf("%d derived, want 3", len(derived))
	}
	build := derived[0]
	wantAttr(t, build, map[string]any{
		"kind": "CronWorkflow", "labels": map[string]any{"t": "build"}, "service_account": "builder", "host_network": true,
		"pod.volumes[0].name": "inner", "pod.volumes[1].name": "outer",
		"containers[0].effective.privileged": true, "containers[0].effective.run_as_user": int64(1000),
		"containers[1].name": "dind", "containers[2].class": "init",
	})
	wantWritten(t, build, map[string]string{
		"service_account":                     "spec.workflowSpec.templates[1].serviceAccountName",
		"host_network":                        "spec.workflowSpec.hostNetwork",
		"pod.volumes[1].hostPath":             "spec.workflowSpec.volumes[0].hostPath",
		"containers[0]":                       "spec.workflowSpec.templates[1].container",
		"containers[0].effective.run_as_user": "spec.workflowSpec.securityContext.runAsUser",
		"containers[2].image":                 "spec.workflowSpec.templates[1].initContainers[0].image",
	})
	wantAttr(t, derived[1], map[string]any{"service_account": "runner", "containers[0].image": "python"})
	wantAttr(t, derived[2], map[string]any{"containers[0].name": "a", "containers[1].name": "b"})
}

func TestWorkload_OldSpellingsAreRead(t *testing.T) {
	d, _ := canonical(t, `
apiVersion: v1
kind: Pod
metadata:
  name: old
  annotations:
    seccomp.security.alpha.kubernetes.io/pod: docker/default
    container.seccomp.security.alpha.kubernetes.io/b: unconfined
    container.seccomp.security.alpha.kubernetes.io/c: localhost/x.json
spec:
  serviceAccount: legacy
  hostNetwork: "true"
  nodeSelector: {kubernetes.io/os: windows}
  containers:
  - name: a
  - name: b
  - name: c
    securityContext: {seccompProfile: {type: RuntimeDefault}}
`, nil)
	wantAttr(t, d, map[string]any{
		"service_account": "legacy", "os": "windows", "host_network": true,
		"containers[0].effective": map[string]any{"seccomp_type": "RuntimeDefault", "seccomp_legacy": true},
		"containers[1].effective": map[string]any{"seccomp_type": "Unconfined", "seccomp_legacy": true},
		"containers[2].effective": map[string]any{"seccomp_type": "RuntimeDefault"},
	})
	wantWritten(t, d, map[string]string{
		"service_account":                      "spec.serviceAccount",
		"os":                                   `spec.nodeSelector["kubernetes.io/os"]`,
		"containers[0].effective.seccomp_type": `metadata.annotations["seccomp.security.alpha.kubernetes.io/pod"]`,
		"containers[1].effective.seccomp_type": `metadata.annotations["container.seccomp.security.alpha.kubernetes.io/b"]`,
	})
}

func TestWorkload_UnknownValuesAreUnknownWhereTheyDecide(t *testing.T) {
	pod := "spec.template.spec"
	for _, c := range []struct {
		name    string
		hidden  string
		unknown []string
		known   map[string]any
	}{
		{
			"pod level", pod + ".securityContext.runAsUser",
			[]string{"pod.securityContext.runAsUser", "containers[1].effective.run_as_user", "containers[2].effective.run_as_user"},
			map[string]any{"containers[0].effective.run_as_user": int64(0), "containers[1].effective.run_as_user": absent},
		},
		{
			"whole pod context", pod + ".securityContext",
			[]string{"containers[1].effective.run_as_non_root", "containers[0].effective.seccomp_type", "containers[0].effective.run_as_group"},
			map[string]any{"containers[0].effective.run_as_user": int64(0), "containers[2].effective.seccomp_type": "Unconfined"},
		},
		{
			"whole container context", pod + ".containers[0].securityContext",
			[]string{
				"containers[0].securityContext", "containers[0].effective.run_as_user", "containers[0].effective.privileged",
				"containers[0].effective.allow_privilege_escalation", "containers[0].effective.seccomp_type",
			},
			map[string]any{"containers[1].effective.run_as_user": int64(1000), "containers[0].effective.allow_privilege_escalation": absent},
		},
		{"one container", pod + ".containers[0]", []string{"containers[0]", "pod.containers[0]"}, map[string]any{"containers[1].name": "side"}},
		{"flag", pod + ".hostPID", []string{"host_pid", "pod.hostPID"}, map[string]any{"host_pid": absent}},
		{"absent flag", pod + ".hostNetwork", []string{"host_network"}, map[string]any{"host_network": absent}},
		{"account", pod + ".serviceAccountName", []string{"service_account"}, map[string]any{"service_account": absent}},
		{"token", pod + ".automountServiceAccountToken", []string{"automount_token"}, map[string]any{"automount_token": absent}},
		{"labels", "spec.template.metadata.labels", []string{"labels"}, map[string]any{"labels": absent}},
		{"one label", "spec.template.metadata.labels.app", []string{"labels.app"}, nil},
		{"template", "spec.template", []string{"pod", "containers", "labels", "service_account", "host_network", "automount_token"}, nil},
		{"spec", "spec", []string{"pod", "containers", "replicas", "host_ipc"}, nil},
		{"containers", pod + ".containers", nil, map[string]any{"containers[0].name": "prep", "containers[1].name": "debug"}},
	} {
		d, _ := canonical(t, fullPod, document.States{c.hidden: unknownState(document.Unknown)})
		for _, path := range c.unknown {
			if s := d.States[path]; s.Kind != document.Unknown || s.Reason != document.AfterApply {
				t.Errorf("%s: %s is %q, want unknown", c.name, path, s.Kind)
			}
		}
		wantAttr(t, d, c.known)
		if c.name == "containers" && d.States["containers"].Kind != document.Partial {
			t.Errorf("%s: containers is %q, want partial", c.name, d.States["containers"].Kind)
		}
	}
}

func TestWorkload_WhatAnIncompleteListLacksDoesNotCloudItsElements(t *testing.T) {
	d, _ := canonical(t, fullPod, document.States{
		"spec.template.spec.containers":    unknownState(document.Partial),
		"spec.template.spec.containers[1]": unknownState(document.Unknown),
		"spec.template.metadata.labels":    unknownState(document.Partial),
	})
	wantAttr(t, d, map[string]any{
		"containers[0].effective.privileged": absent, "containers[1]": nil, "containers[2].name": "prep", "host_network": false,
	})
	for path, kind := range map[string]document.StateKind{
		"containers": document.Partial, "containers[1]": document.Unknown, "labels": document.Partial,
		"containers[0].effective.privileged": "", "containers[0].effective.seccomp_type": "", "host_network": document.Defaulted,
	} {
		if d.States[path].Kind != kind {
			t.Errorf("%s is %q, want %q", path, d.States[path].Kind, kind)
		}
	}
	deferred, _ := canonical(t, "{apiVersion: v1, kind: Pod, spec: {containers: []}}", document.States{"": unknownState(document.Partial)})
	if deferred.States["labels"].Kind != document.Unknown || deferred.States["host_network"].Kind != document.Defaulted {
		t.Errorf("an incomplete document: %v", deferred.States)
	}
}

func TestWorkload_ADefaultThatIsMarkedInTheSourceStaysMarked(t *testing.T) {
	state := document.State{Kind: document.Defaulted, Owner: "provider"}
	d, _ := canonical(t, fullPod, document.States{
		"spec.template.spec.automountServiceAccountToken":                           state,
		"spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation": state,
	})
	wantAttr(t, d, map[string]any{"automount_token": false, "containers[0].effective.allow_privilege_escalation": false})
	for _, path := range []string{"automount_token", "containers[0].effective.allow_privilege_escalation", "containers[0].securityContext.allowPrivilegeEscalation"} {
		if d.States[path].Owner != "provider" {
			t.Errorf("%s is %+v", path, d.States[path])
		}
	}
}

func TestWorkload_BrokenShapesAreNotWorkloadsWithContainers(t *testing.T) {
	for _, text := range []string{
		"{apiVersion: v1, kind: Pod}",
		"{apiVersion: v1, kind: Pod, spec: text}",
		"{apiVersion: v1, kind: Pod, spec: {containers: {a: b}, securityContext: x, serviceAccountName: 7}}",
		"{apiVersion: v1, kind: Pod, spec: {containers: [null, text, 7]}}",
		"{apiVersion: apps/v1, kind: Deployment, spec: {template: []}}",
	} {
		d, _ := canonical(t, text, nil)
		if containers, _ := d.Attr["containers"].([]any); len(containers) > 0 {
			t.Errorf("%s: containers %v", text, containers)
		}
		wantAttr(t, d, map[string]any{"service_account": "default", "automount_token": true})
	}
}
