package lift

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

const patchedWeb = `Manifest:
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, namespace: shop, labels: {app: web}}
  spec:
    replicas: 1
    template:
      spec:
        hostPID: true
        containers:
        - {name: web, image: "web:1", args: [a, b]}
        - {name: log, image: "log:1"}
`

// afterPatch lifts the Deployment above beside a patch.
func afterPatch(t *testing.T, properties map[string]any, states document.States) *document.Document {
	t.Helper()
	carrier := parsed(t, "t.yaml", patchedWeb, func(d *document.Document) {
		d.Format, d.Kind, d.Address = "cloudformation", "Custom::AWSCDK-EKS-KubernetesResource", "Web"
	})
	raw := map[string]any{"ResourceName": "deployment/web", "ResourceNamespace": "shop"}
	maps.Copy(raw, properties)
	patch := &document.Document{ID: "t.yaml#Patch", Kind: cdkPatch, Address: "Patch", Scope: "s", Raw: raw, RawStates: states}
	patch.SetLocator(parsed(t, "patch.yaml", "ApplyPatchJson: x\n", nil).Locator())
	docs, diags := Documents([]*document.Document{patch, carrier})
	if len(diags) > 0 || len(docs) != 3 {
		t.Fatalf("%d documents, %v", len(docs), diags)
	}
	return docs[2]
}

func TestPatches_AreInForceOnTheObjectsOfTheirStack(t *testing.T) {
	for _, c := range []struct{ name, kind, patch, path, want string }{
		{"value", "", `{"spec":{"replicas":3}}`, "spec.replicas", "3"},
		{"sibling", "", `{"spec":{"replicas":3}}`, "spec.template.spec.hostPID", "true"},
		{"new object", "", `{"metadata":{"annotations":{"a":"b"}}}`, "metadata.annotations.a", "b"},
		{"null", "", `{"spec":{"template":{"spec":{"hostPID":null}}}}`, "spec.template.spec.hostPID", "<nil>"},
		{"element by name", "", `{"spec":{"template":{"spec":{"containers":[{"name":"log","image":"log:2"}]}}}}`, "spec.template.spec.containers", "[map[args:[a b] image:web:1 name:web] map[image:log:2 name:log]]"},
		{"new element", "", `{"spec":{"template":{"spec":{"containers":[{"name":"x"}]}}}}`, "spec.template.spec.containers[2].name", "x"},
		{"element deleted", "", `{"spec":{"template":{"spec":{"containers":[{"name":"web","$patch":"delete"}]}}}}`, "spec.template.spec.containers", "[map[image:log:1 name:log]]"},
		{"plain list", "", `{"spec":{"template":{"spec":{"containers":[{"name":"web","args":["c"]}]}}}}`, "spec.template.spec.containers[0].args", "[c]"},
		{"object replaced", "", `{"metadata":{"labels":{"$patch":"replace","x":"y"}}}`, "metadata.labels", "map[x:y]"},
		{"merge patch", "merge", `{"spec":{"template":{"spec":{"containers":[{"name":"log"}]}}}}`, "spec.template.spec.containers", "[map[name:log]]"},
		{"JSON patch", "json", `[{"op":"replace","path":"/spec/replicas","value":5},{"op":"add","path":"/spec/template/spec/containers/0/args/-","value":"c"}]`, "spec.template.spec.containers[0].args", "[a b c]"},
		{"JSON patch removes", "json", `[{"op":"remove","path":"/spec/template/spec/containers/0"}]`, "spec.template.spec.containers", "[map[image:log:1 name:log]]"},
		{"JSON patch inserts", "json", `[{"op":"add","path":"/spec/template/spec/containers/0","value":{"name":"x"}}]`, "spec.template.spec.containers[1].name", "web"},
		{"JSON patch escapes", "json", `[{"op":"add","path":"/metadata/labels/a~1b","value":"c"}]`, "metadata.labels", "map[a/b:c app:web]"},
	} {
		o := afterPatch(t, map[string]any{"ApplyPatchJson": c.patch, "PatchType": c.kind}, nil)
		path, err := document.ParsePath(c.path)
		if err != nil {
			t.Fatal(err)
		}
		v, _ := document.At(o.Raw, path)
		if diff := cmp.Diff(c.want, fmt.Sprint(v)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if o.Metadata["cdk:patch"] != "Patch" {
			t.Errorf("%s: %v", c.name, o.Metadata)
		}
	}
}

func TestPatches_LeadToWhereAValueIsWritten(t *testing.T) {
	o := afterPatch(t, map[string]any{"ApplyPatchJson": `{"spec":{"replicas":3,"template":{"spec":{"containers":[{"name":"log","image":"log:2"}]}}}}`}, nil)
	for text, file := range map[string]string{
		"spec.replicas": "patch.yaml", "spec.template.spec.containers[1].image": "patch.yaml",
		"spec.template.spec.containers[0].image": "t.yaml", "spec.template.spec.hostPID": "t.yaml", "spec": "t.yaml",
		"spec.template.spec.containers[1].securityContext": "t.yaml",
	} {
		path, err := document.ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		if at, _ := o.Locate(path); !strings.HasPrefix(at.Outermost().File(), file) {
			t.Errorf("%s lies in %s, want %s", text, at.Outermost().File(), file)
		}
	}
}

func TestPatches_WhatIsNotKnownOfThemIsNotKnownOfTheObject(t *testing.T) {
	o := afterPatch(t, nil, document.States{"ApplyPatchJson": {
		Kind: document.Unknown, Reason: document.RuntimeRef, Refs: []string{"s#Role"},
		Template: `{"spec":{"replicas":${Size},"template":{"spec":{"containers":[{"name":"log","image":"${Role.Arn}/log"}]}}}}`,
	}})
	for path, template := range map[string]string{"spec.replicas": "", "spec.template.spec.containers[1].image": "${Role.Arn}/log"} {
		if s := o.RawStates[path]; s.Kind != document.Unknown || s.Template != template {
			t.Errorf("%s is %+v", path, s)
		}
	}
	image, _ := document.At(o.Raw, document.Path{"spec", "template", "spec", "containers", 1})
	if diff := cmp.Diff(map[string]any{"name": "log"}, image); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(o.Refs) != 1 || o.Refs[0].Path.String() != "spec.template.spec.containers[1].image" || o.Refs[0].To != "s#Role" {
		t.Errorf("refs: %v", o.Refs)
	}
}

func TestPatches_AreForNobodyElse(t *testing.T) {
	for _, properties := range []map[string]any{
		{"ResourceName": "deployment/api"}, {"ResourceName": "daemonset/web"}, {"ResourceNamespace": "default"}, {"ResourceName": "web"},
	} {
		properties["ApplyPatchJson"] = `{"spec":{"replicas":3}}`
		if o := afterPatch(t, properties, nil); fmt.Sprint(o.Raw["spec"].(map[string]any)["replicas"]) != "1" {
			t.Errorf("%v is in force", properties)
		}
	}
	for _, name := range []string{"deploy", "deployments", "Deployment", "deployments.apps", "deployment.v1.apps"} {
		o := afterPatch(t, map[string]any{"ResourceName": name + "/web", "ApplyPatchJson": `{"spec":{"replicas":3}}`}, nil)
		if fmt.Sprint(o.Raw["spec"].(map[string]any)["replicas"]) != "3" {
			t.Errorf("%s/web is not in force", name)
		}
	}
}
