package lift

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestKubectl_TextIsParsedWherePossible(t *testing.T) {
	body := `{"yaml_body": "# one\napiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  p: yes\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: n1}\n", "override_namespace": "forced", "sensitive_fields": ["stringData.p"]}`
	found := children(t, parsed(t, "plan.json", body, terraform("kubectl_manifest")))
	if len(found) != 2 || found[0].Namespace != "forced" || found[1].Namespace != "" || found[0].Sensitive[0].String() != "stringData.p" {
		t.Fatalf("found %+v", found)
	}
	if v, _ := document.At(found[0].Raw, document.Path{"stringData", "p"}); v != true {
		t.Errorf("yes is %v, want what Kubernetes reads", v)
	}
	if r, exact := found[0].Locate(document.Path{"metadata", "name"}); r.Text() != "s" || !exact || r.Start.Line != 1 {
		t.Errorf("the name is at line %d: %q, exact %v", r.Start.Line, r.Text(), exact)
	}
	parsedTwin := parsed(t, "plan.json", `{"yaml_body_parsed": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"}`, terraform("kubectl_manifest"))
	parsedTwin.RawStates["yaml_body"] = document.State{Kind: document.Unknown, Reason: document.SensitiveValue}
	if found := children(t, parsedTwin); len(found) != 1 || found[0].Kind != "v1/Pod" {
		t.Errorf("the parsed twin: %v", found)
	}
	template := parsed(t, "main.tf.json", `{"yaml_body": 1}`, terraform("kubectl_manifest"))
	delete(template.Raw, "yaml_body")
	template.RawStates["yaml_body"] = document.State{
		Kind: document.Unknown, Reason: document.AfterApply, Refs: []string{"tf:plan.json#aws_iam_role.r"},
		Template: "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${local.name}\n  annotations:\n    eks.amazonaws.com/role-arn: ${aws_iam_role.r.arn}\n    note: a-${local.name}\n",
	}
	c := children(t, template)[0]
	if diff := cmp.Diff(document.States{
		"metadata.name": {Kind: document.Unknown, Reason: document.AfterApply},
		`metadata.annotations["eks.amazonaws.com/role-arn"]`: {Kind: document.Unknown, Reason: document.AfterApply, Refs: []string{"tf:plan.json#aws_iam_role.r"}},
		"metadata.annotations.note":                          {Kind: document.Unknown, Reason: document.AfterApply, Template: "a-${local.name}"},
	}, c.RawStates); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	if len(c.Refs) != 1 || c.Refs[0].Attribute != "arn" {
		t.Errorf("refs %v", c.Refs)
	}
	children(t, parsed(t, "plan.json", `{"yaml_body": "a: [b\n"}`, terraform("kubectl_manifest")), "error: kubectl_manifest.x.yaml_body: line")
	unknown := parsed(t, "plan.json", `{"x": 1}`, terraform("kubectl_manifest"))
	unknown.RawStates["yaml_body"] = document.State{Kind: document.Unknown, Reason: document.AfterApply}
	children(t, unknown, "note: kubectl_manifest.x.yaml_body: is not known")
}

func cloudformation(kind string) func(*document.Document) {
	return func(d *document.Document) {
		d.Format, d.Kind, d.Address, d.Scope, d.ID = "cloudformation", kind, "Res", "cfn:t.json", "t.json#Res"
	}
}

func TestCDK_ManifestsWithHoles(t *testing.T) {
	d := parsed(t, "t.json", `{"Manifest": {"Fn::Join": ["", []]}, "Overwrite": true}`, cloudformation("Custom::AWSCDK-EKS-KubernetesResource"))
	delete(d.Raw, "Manifest")
	d.RawStates["Manifest"] = document.State{
		Kind: document.Unknown, Reason: document.RuntimeRef, Refs: []string{"cfn:t.json#Role", "cfn:t.json#Role2"},
		Template: `[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"aws-auth","namespace":"kube-system","labels":{"aws.cdk.eks/prune-${Role2}":""}},` +
			`"data":{"mapRoles":"[{\"rolearn\":\"${Role.Arn}\",\"groups\":[\"system:masters\"]}]","literal":"${!x}"}},` +
			`{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"replicas":${Role2.Count},"containers":["${Role.Arn}",{"image":"a:${Role2.Tag}"}]}}]`,
	}
	found := children(t, d)
	if len(found) != 2 {
		t.Fatalf("%d documents", len(found))
	}
	cm, pod := found[0], found[1]
	if cm.ID != "t.json#Res/v1/ConfigMap/kube-system/aws-auth" || cm.Address != "kube-system/ConfigMap/aws-auth" || cm.Metadata["lift"] != "cdk_kubernetes_resource" || cm.Base != nil {
		t.Errorf("%+v", cm)
	}
	if v, _ := document.At(cm.Raw, document.Path{"data", "literal"}); v != "${x}" {
		t.Errorf("literal is %v", v)
	}
	if _, ok := document.At(cm.Raw, document.Path{"metadata", "labels", "aws.cdk.eks/prune-${Role2}"}); !ok {
		t.Errorf("labels %v", cm.Raw["metadata"])
	}
	state := cm.RawStates["data.mapRoles"]
	if state.Template != `[{"rolearn":"${Role.Arn}","groups":["system:masters"]}]` || len(state.Refs) != 1 || state.Refs[0] != "cfn:t.json#Role" {
		t.Errorf("mapRoles is %+v", state)
	}
	want := document.States{
		"spec.replicas":            {Kind: document.Unknown, Reason: document.RuntimeRef, Refs: []string{"cfn:t.json#Role2"}},
		"spec.containers[0]":       {Kind: document.Unknown, Reason: document.RuntimeRef, Refs: []string{"cfn:t.json#Role"}},
		"spec.containers[1].image": {Kind: document.Unknown, Reason: document.RuntimeRef, Refs: []string{"cfn:t.json#Role2"}, Template: "a:${Role2.Tag}"},
	}
	if diff := cmp.Diff(want, pod.RawStates); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	if v, _ := document.At(pod.Raw, document.Path{"spec", "containers"}); len(v.([]any)) != 2 || v.([]any)[0] != nil {
		t.Errorf("containers %v", v)
	}
	if r, exact := pod.Locate(document.Path{"spec"}); r.Start.Line != 1 || exact || !strings.Contains(r.Text(), "Fn::Join") {
		t.Errorf("located at %q", r.Text())
	}
	// A text inside the text: what canon reads out of aws-auth.
	texts, diags, ok := Read(cm, document.Path{"data", "mapRoles"})
	if !ok || len(diags) > 0 || len(texts) != 1 {
		t.Fatalf("mapRoles: %v %v", texts, diags)
	}
	if s := texts[0].States["[0].rolearn"]; s.Kind != document.Unknown || len(s.Refs) != 1 {
		t.Errorf("rolearn is %+v", s)
	}
}

func TestCDK_ManifestsWithoutHoles(t *testing.T) {
	d := parsed(t, "t.json", `{"Manifest": "[{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"},\"spec\":{\"hostPID\":true}}]"}`, cloudformation("Custom::AWSCDK-EKS-KubernetesResource"))
	c := children(t, d)[0]
	if r, exact := c.Locate(document.Path{"spec", "hostPID"}); r.Text() != "true" || !exact {
		t.Errorf("hostPID is at %q, exact %v", r.Text(), exact)
	}
	broken := parsed(t, "t.json", `{"Manifest": 1}`, cloudformation("Custom::AWSCDK-EKS-KubernetesResource"))
	delete(broken.Raw, "Manifest")
	broken.RawStates["Manifest"] = document.State{Kind: document.Unknown, Reason: document.RuntimeRef, Template: `[{"a": ${X} "b": }`}
	children(t, broken, "warning: Res.Manifest: this text has parts that are not known before deployment")
	values := parsed(t, "t.json", `{"Manifest": [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}]}`, cloudformation("AWSQS::Kubernetes::Resource"))
	if c := children(t, values)[0]; c.Base.String() != "Manifest[0]" || c.Metadata["lift"] != "awsqs_kubernetes_resource" {
		t.Errorf("%+v", c)
	}
	yaml := parsed(t, "t.yaml", "Manifest: |\n  apiVersion: v1\n  kind: Pod\n  metadata:\n    name: p\n  spec:\n    hostIPC: true\n", cloudformation("AWSQS::Kubernetes::Resource"))
	yaml.Raw["Namespace"] = "given"
	pod := children(t, yaml)[0]
	if r, exact := pod.Locate(document.Path{"spec", "hostIPC"}); r.Start.Line != 7 || r.Text() != "true" || !exact {
		t.Errorf("hostIPC is at line %d: %q, exact %v", r.Start.Line, r.Text(), exact)
	}
	if r, exact := pod.LocateKey(document.Path{"spec", "hostIPC"}); r.Start.Line != 7 || r.Text() != "hostIPC" || !exact || pod.Namespace != "given" {
		t.Errorf("the key is at line %d: %q, exact %v, in namespace %q", r.Start.Line, r.Text(), exact, pod.Namespace)
	}
	url := parsed(t, "t.yaml", "Url: https://example.com/x.yaml\n", cloudformation("AWSQS::Kubernetes::Resource"))
	children(t, url)
}

const setConfigMap = `apiVersion: v1
kind: ConfigMap
metadata:
  name: addons
  namespace: capi
data:
  first: |
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: inner
      namespace: kube-system
      labels:
        type: addons.cluster.x-k8s.io/resource-set
    data:
      nested: |-
        apiVersion: v1
        kind: Pod
        metadata:
          name: deep
        spec:
          hostPID: true
  second.yaml: "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
`

func TestResourceSet_ManifestsInConfigMapsAndSecrets(t *testing.T) {
	set := parsed(t, "set.yaml", "apiVersion: addons.cluster.x-k8s.io/v1beta1\nkind: ClusterResourceSet\nmetadata: {name: s, namespace: capi}\nspec: {resources: [{kind: ConfigMap, name: addons}]}\n", nil)
	cm := parsed(t, "cm.yaml", setConfigMap, nil)
	docs, diags := Documents([]*document.Document{set, cm})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	var ids []string
	for _, d := range docs {
		ids = append(ids, d.ID)
	}
	if diff := cmp.Diff([]string{
		"set.yaml#x", "cm.yaml#x", "cm.yaml#x/v1/ConfigMap/kube-system/inner",
		"cm.yaml#x/v1/ConfigMap/kube-system/inner/v1/Pod/default/deep", "cm.yaml#x/v1/Namespace//shop",
	}, ids); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	deep := docs[3]
	if r, exact := deep.Locate(document.Path{"spec", "hostPID"}); r.Start.Line != 22 || r.Text() != "true" || !exact {
		t.Errorf("hostPID is at line %d: %q, exact %v", r.Start.Line, r.Text(), exact)
	}
	if deep.Address != "default/Pod/deep" || deep.Metadata["lift"] != "cluster_resource_set" || deep.Parent.Parent != cm {
		t.Errorf("%+v", deep)
	}
	secret := parsed(t, "s.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: addons.cluster.x-k8s.io/resource-set\ndata: {a: YXBpVmVyc2lvbjogdjEKa2luZDogUG9kCm1ldGFkYXRhOiB7bmFtZTogcH0K, b: '%%%'}\nstringData: {c: 'apiVersion: v1'}\n", nil)
	found := children(t, secret, "error: s.yaml#x.data.b: is not valid base64", "warning: s.yaml#x.stringData.c: holds a value without apiVersion and kind")
	if len(found) != 1 || found[0].Kind != "v1/Pod" {
		t.Errorf("found %v", found)
	}
}

func TestResourceSet_TextsThatAreNotKnown(t *testing.T) {
	cm := parsed(t, "cm.yaml", setConfigMap, func(d *document.Document) {
		d.Raw["metadata"].(map[string]any)["labels"] = map[string]any{resourceSetType: "true"}
		d.Raw["data"] = map[string]any{}
	})
	cm.RawStates["data.a"] = document.State{Kind: document.Unknown, Reason: document.AfterApply}
	cm.RawStates["data.b"] = document.State{Kind: document.Unknown, Reason: document.AfterApply, Template: "apiVersion: v1\nkind: Pod\nmetadata: {name: '${x}'}\n"}
	found := children(t, cm, "note: cm.yaml#x.data.a: is not known before deployment (after_apply)")
	if len(found) != 1 || found[0].Kind != "v1/Pod" || found[0].RawStates["metadata.name"].Kind != document.Unknown {
		t.Errorf("found %v", found)
	}
	if r, exact := found[0].LocateKey(document.Path{"metadata"}); exact || r.Start.Line != 6 {
		t.Errorf("located at line %d, exact %v", r.Start.Line, exact)
	}
}

func TestManifest_ItemsOfTypedListsNeedNotSayWhatTheyAre(t *testing.T) {
	d := parsed(t, "plan.json", `{"manifest": {"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": "a"}}, {}, {"apiVersion": "v1", "kind": "Service", "metadata": {"name": 7}}]}}`,
		terraform("kubernetes_manifest"))
	found := children(t, d)
	if len(found) != 2 || found[0].Kind != "v1/Pod" || found[1].Name != "7" {
		t.Errorf("found %+v", found)
	}
}

func TestDocuments_EndlessNestingEnds(t *testing.T) {
	text := "apiVersion: v1\nkind: Pod\nmetadata: {name: innermost}\n"
	for range 12 {
		text = "apiVersion: v1\nkind: Secret\ntype: addons.cluster.x-k8s.io/resource-set\nmetadata: {name: s}\nstringData:\n  x: |\n    " +
			strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n    ") + "\n"
	}
	found := children(t, parsed(t, "deep.yaml", text, nil), "error: default/Secret/s: documents lie deeper than 8 levels")
	if len(found) != maxDepth {
		t.Errorf("%d documents, want %d", len(found), maxDepth)
	}
}
