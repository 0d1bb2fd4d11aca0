package canon

import (
	"slices"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestRelease_ValuesAreReadInEveryLanguage(t *testing.T) {
	const want = `{"controller":{"replicas":2,"image":{"tag":"v2"}},"debug":true}`
	for kind, raw := range map[string]string{
		"Custom::AWSCDK-EKS-HelmChart": `{"Chart":"c","Release":"r","Repository":"https://x","Version":"1.2.3","Namespace":"kube-system",
			"Values":"{\"controller\":{\"replicas\":2,\"image\":{\"tag\":\"v2\"}},\"debug\":true}"}`,
		"AWSQS::Kubernetes::Helm": `{"Chart":"c","Name":"r","Repository":"https://x","Version":"1.2.3","Namespace":"kube-system",
			"ValueYaml":"controller: {replicas: 1, image: {tag: v2}}\n","Values":{"controller.replicas":2,"debug":true}}`,
		"helm_release": `{"chart":"c","name":"r","repository":"https://x","version":"1.2.3","namespace":"kube-system",
			"values":["controller: {replicas: 1, image: {tag: v1}}\n","controller: {image: {tag: v2}}\n"],
			"set":[{"name":"controller.replicas","value":2},{"name":"debug","value":true}]}`,
	} {
		d := done(t, kind, raw)
		if d.Type != "helm_release" {
			t.Fatalf("%s has type %q", kind, d.Type)
		}
		for path, value := range map[string]string{"name": "r", "chart": "c", "version": "1.2.3", "repository": "https://x", "namespace": "kube-system"} {
			if got := attr(t, d, path); got != value {
				t.Errorf("%s: %s is %v", kind, path, got)
			}
		}
		sameJSON(t, kind, d.Attr["values"], want)
		if s, ok := d.States["values"]; ok {
			t.Errorf("%s: values have the state %+v", kind, s)
		}
	}
}

func TestRelease_HolesInValuesStayUnknown(t *testing.T) {
	d := newDoc(t, "Custom::AWSCDK-EKS-HelmChart", `{"Chart":"aws-load-balancer-controller"}`)
	d.RawStates = document.States{"Values": {
		Kind: document.Unknown, Reason: document.RuntimeRef, Refs: []string{"cfn:t#Cluster"},
		Template: `{"clusterName":"${Cluster}","image":{"tag":"v2"},"account":"x-${Cluster}"}`,
	}}
	Complete([]*document.Document{d})
	sameJSON(t, "values", d.Attr["values"], `{"image":{"tag":"v2"}}`)
	for path, template := range map[string]string{"values.clusterName": "", "values.account": "x-${Cluster}"} {
		s := d.States[path]
		if s.Kind != document.Unknown || s.Reason != document.RuntimeRef || s.Template != template || !slices.Equal(s.Refs, []string{"cfn:t#Cluster"}) {
			t.Errorf("%s: %+v", path, s)
		}
		if got := writtenAt(d, path); got != "Values" {
			t.Errorf("%s is written at %q", path, got)
		}
	}
}

func TestRelease_WhatIsNotKnownMakesTheValuesPartial(t *testing.T) {
	tf := done(t, "helm_release", `{"chart":"c","values":["a: 1\n",null],"set":[{"name":"b.c"},{"name":"list[0]","value":1}]}`, "values[1]", "set[0].value")
	sameJSON(t, "values", tf.Attr["values"], `{"a":1}`)
	if tf.States["values"].Kind != document.Partial || tf.States["values.b.c"].Kind != document.Unknown {
		t.Errorf("states %+v", tf.States)
	}
	whole := done(t, "helm_release", `{"chart":"c"}`, "values")
	if whole.States["values"].Kind != document.Partial {
		t.Errorf("states %+v", whole.States)
	}
	none := done(t, "helm_release", `{"chart":"c"}`)
	if _, ok := none.Attr["values"]; ok || none.States["values"].Kind != "" {
		t.Errorf("nobody writes values: %v %+v", none.Attr["values"], none.States["values"])
	}
	secret := newDoc(t, "helm_release", `{"chart":"c","values":["password: hunter2\n"]}`)
	secret.Sensitive = []document.Path{{"values", 0}}
	Complete([]*document.Document{secret})
	sameJSON(t, "values", secret.Attr["values"], `{}`)
	if s := secret.States["values"]; s.Kind != document.Partial || s.Reason != document.SensitiveValue {
		t.Errorf("state %+v", s)
	}
}
