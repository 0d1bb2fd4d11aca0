package lift

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// parsed makes a document of YAML or JSON text, with positions.
func parsed(t testing.TB, file, text string, set func(d *document.Document)) *document.Document {
	t.Helper()
	src := &document.Source{Name: file, Content: []byte(text)}
	docs, diags := yamlnode.Parse(src)
	if len(docs) != 1 || len(diags) > 0 {
		t.Fatalf("%d documents, %v", len(docs), diags)
	}
	value, tree, _ := yamlnode.Kubernetes.Value(docs[0].Root, src)
	d := &document.Document{
		ID: file + "#x", Format: "kubernetes", Action: document.Create, Raw: value.(map[string]any),
		RawStates: document.States{}, Scope: "s", Metadata: map[string]string{"k": "v"}, Tokens: []string{"token"},
	}
	version, _ := d.Raw["apiVersion"].(string)
	kind, _ := d.Raw["kind"].(string)
	d.Kind = version + "/" + kind
	metadata, _ := d.Raw["metadata"].(map[string]any)
	d.Name, _ = metadata["name"].(string)
	d.Namespace, _ = metadata["namespace"].(string)
	d.SetLocator(tree)
	if set != nil {
		set(d)
	}
	return d
}

// children lifts one document and returns what was found.
func children(t testing.TB, d *document.Document, messages ...string) []*document.Document {
	t.Helper()
	docs, diags := Documents([]*document.Document{d})
	if docs[0] != d {
		t.Fatal("the carrier is not first")
	}
	if len(diags) != len(messages) {
		t.Fatalf("diagnostics %v, want %q", diags, messages)
	}
	for i, m := range messages {
		if text := string(diags[i].Level) + ": " + diags[i].Message; !strings.Contains(text, m) {
			t.Errorf("diagnostic %q, want %q in it", text, m)
		}
	}
	return docs[1:]
}

func terraform(kind string) func(*document.Document) {
	return func(d *document.Document) {
		d.Format, d.Kind, d.Address, d.Scope = "terraform-plan", kind, kind+".x", "tf:plan.json"
	}
}

func TestDocuments_OthersAreLeftAsTheyAre(t *testing.T) {
	docs := []*document.Document{
		{Kind: "aws_eks_cluster", Raw: map[string]any{"a": "b"}},
		{Kind: "helm_release", Raw: map[string]any{"values": []any{"a: b"}}},
		{Kind: "data.kubernetes_config_map_v1", Raw: map[string]any{"data": map[string]any{}}},
		{Kind: "kubernetes_labels", Raw: map[string]any{"kind": "Pod"}},
		{Kind: "kubernetes_config_map_v1_data", Raw: map[string]any{"metadata": []any{map[string]any{"name": "x", "namespace": "kube-system"}}}},
		{Kind: "kubernetes_deployment_v1", Action: document.Delete, Raw: map[string]any{}},
		{Kind: "v1/ConfigMap", Raw: map[string]any{"data": map[string]any{"x.yaml": "apiVersion: v1\nkind: Pod\n"}}},
		{Kind: "v1/Pod"},
	}
	out, diags := Documents(docs)
	if len(diags) > 0 || len(out) != len(docs) || &out[0] != &docs[0] {
		t.Errorf("%d documents, %v", len(out), diags)
	}
	novel := &document.Document{ID: "p#k", Address: "kubernetes_new_thing_v9.x", Kind: "kubernetes_new_thing_v9", Raw: map[string]any{"a": "b"}}
	out, diags = Documents([]*document.Document{novel, novel})
	if len(out) != 2 || len(diags) != 1 || diags[0].Level != document.Note || !strings.Contains(diags[0].Message, "kubernetes_new_thing_v9.x") {
		t.Errorf("a type nobody knows: %v", diags)
	}
}

// plannedDeployment is a resource with unknown, defaulted and sensitive values.
func plannedDeployment(t *testing.T) *document.Document {
	t.Helper()
	d := parsed(t, "plan.json", `{
  "metadata": [{"name": "web", "namespace": "shop", "uid": null}],
  "spec": [{
    "template": [{
      "metadata": [{"labels": {"app_name": "web"}}],
      "spec": [{
        "host_network": null,
        "container": [
          {"name": "main", "image": "nginx",
           "security_context": [{"run_as_user": "0", "privileged": true}],
           "env": [{"name": "A", "value": "x"}]},
          {"name": "side"}
        ]
      }]
    }]
  }]
}`, terraform("kubernetes_deployment_v1"))
	pod := document.Path{"spec", 0, "template", 0, "spec", 0}
	d.RawStates[pod.Append("container", 1, "image").String()] = document.State{Kind: document.Unknown, Reason: document.AfterApply, Refs: []string{"tf:plan.json#r"}}
	d.RawStates[pod.Append("service_account_name").String()] = document.State{Kind: document.Defaulted, Owner: "provider"}
	d.RawStates["metadata[0].uid"] = document.State{Kind: document.Unknown}
	d.RawStates[""] = document.State{Kind: document.Partial}
	d.Sensitive = []document.Path{pod.Append("container", 0, "env", 0, "value")}
	d.Refs = []document.Ref{{Path: pod.Append("container", 1, "image"), To: "tf:plan.json#r", Via: "reference"}, {Path: document.Path{"metadata", 0, "uid"}}}
	return d
}

func TestTyped_ChildrenInheritFromTheCarrier(t *testing.T) {
	d := plannedDeployment(t)
	found := children(t, d)
	if len(found) != 1 {
		t.Fatalf("%d documents", len(found))
	}
	c := found[0]
	if c.ID != "plan.json#x/apps/v1/Deployment/shop/web" || c.Kind != "apps/v1/Deployment" || c.Namespace != "shop" || c.Name != "web" ||
		c.Address != "kubernetes_deployment_v1.x" || c.Format != "terraform-plan" || c.Scope != "tf:plan.json" || c.Action != document.Create ||
		c.Parent != d || c.Base != nil || c.Metadata["lift"] != "terraform_resource" || c.Metadata["k"] != "v" || c.Tokens[0] != "token" {
		t.Errorf("child %+v", c)
	}
	if d.Metadata["lift"] != "" {
		t.Error("the carrier's metadata were changed")
	}
	wantStates := document.States{
		"spec.template.spec.containers[1].image": {Kind: document.Unknown, Reason: document.AfterApply, Refs: []string{"tf:plan.json#r"}},
		"spec.template.spec.serviceAccountName":  {Kind: document.Defaulted, Owner: "provider"},
		"":                                       {Kind: document.Partial},
	}
	if diff := cmp.Diff(wantStates, c.RawStates); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]document.Path{{"spec", "template", "spec", "containers", 0, "env", 0, "value"}}, c.Sensitive); diff != "" {
		t.Errorf("sensitive (-want +got):\n%s", diff)
	}
	if len(c.Refs) != 1 || c.Refs[0].Path.String() != "spec.template.spec.containers[1].image" || c.Refs[0].To != "tf:plan.json#r" {
		t.Errorf("refs %v", c.Refs)
	}
}

func TestTyped_PositionsLeadIntoTheCarrier(t *testing.T) {
	c := children(t, plannedDeployment(t))[0]
	spec := document.Path{"spec", "template", "spec"}
	for _, p := range []struct {
		path  document.Path
		text  string
		exact bool
	}{
		{spec.Append("containers", 0, "securityContext", "runAsUser"), `"0"`, true},
		{spec.Append("containers", 0, "image"), `"nginx"`, true},
		{spec.Append("containers", 1), `{"name": "side"}`, true},
		{document.Path{"spec", "template", "metadata", "labels", "app_name"}, `"web"`, true},
		{document.Path{"metadata", "namespace"}, `"shop"`, true},
		{spec.Append("hostNetwork"), "null", false},
		{spec.Append("containers", 1, "securityContext", "privileged"), `{"name": "side"}`, false},
		{spec.Append("containers", 7, "image"), "", false},
		{spec.Append("containers", 1, "noSuchField"), `{"name": "side"}`, false},
	} {
		r, exact := c.Locate(p.path)
		if exact != p.exact || p.text != "" && r.Text() != p.text {
			t.Errorf("%s is at %q (exact %v), want %q", p.path, r.Text(), exact, p.text)
		}
	}
	if r, _ := c.Locate(document.Path{"kind"}); r.Start.Line != 1 {
		t.Errorf("kind is at line %d, want the resource's", r.Start.Line)
	}
	if r, _ := c.LocateKey(spec.Append("containers", 0, "securityContext", "runAsUser")); r.Text() != `"run_as_user"` {
		t.Errorf("the key is %q", r.Text())
	}
}

func TestTyped_BlocksAsPlansAndSourcesWriteThem(t *testing.T) {
	for _, c := range []struct {
		name, kind, text string
		want             map[string]any
	}{
		{"empty block", "kubernetes_network_policy_v1", `{"metadata": [{"name": "n"}], "spec": [{"pod_selector": [{"match_labels": null, "match_expressions": []}], "policy_types": ["Ingress"], "ingress": [], "egress": [{"to": [], "ports": []}]}]}`, map[string]any{
			"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": map[string]any{"name": "n"},
			"spec": map[string]any{"podSelector": map[string]any{}, "policyTypes": []any{"Ingress"}, "egress": []any{map[string]any{}}},
		}},
		{"null for an empty block", "kubernetes_network_policy_v1", `{"spec": [{"pod_selector": [null], "egress": [null]}]}`, map[string]any{
			"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
			"spec": map[string]any{"podSelector": map[string]any{}, "egress": []any{map[string]any{}}},
		}},
		{"objects instead of lists", "kubernetes_pod", `{"metadata": {"name": "p"}, "spec": {"container": {"name": "c", "port": {"container_port": 80}}}}`, map[string]any{
			"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{"name": "p"},
			"spec": map[string]any{"containers": []any{map[string]any{"name": "c", "ports": []any{map[string]any{"containerPort": int64(80)}}}}},
		}},
		{"numbers that are none", "kubernetes_pod", `{"spec": [{"security_context": [{"run_as_user": "abc", "fs_group": ""}]}]}`, map[string]any{
			"apiVersion": "v1", "kind": "Pod", "spec": map[string]any{"securityContext": map[string]any{"runAsUser": "abc"}},
		}},
		{"shapes that are none", "kubernetes_pod", `{"spec": "x", "metadata": [7], "wait": true}`, map[string]any{
			"apiVersion": "v1", "kind": "Pod", "spec": "x", "metadata": map[string]any{}, "wait": true,
		}},
		{"arguments nobody knows", "kubernetes_pod", `{"spec": [{"new_block": [{"some_field": 1}], "new_things": [{"a_b": 1}, {}]}]}`, map[string]any{
			"apiVersion": "v1", "kind": "Pod",
			"spec": map[string]any{"newBlock": map[string]any{"someField": int64(1)}, "newThings": []any{map[string]any{"aB": int64(1)}, map[string]any{}}},
		}},
		{"metrics decide the version", "kubernetes_horizontal_pod_autoscaler", `{"spec": [{"metric": [{"type": "Pods"}]}]}`, map[string]any{
			"apiVersion": "autoscaling/v2beta2", "kind": "HorizontalPodAutoscaler", "spec": map[string]any{"metrics": []any{map[string]any{"type": "Pods"}}},
		}},
	} {
		found := children(t, parsed(t, "plan.json", c.text, terraform(c.kind)))
		if len(found) != 1 {
			t.Errorf("%s: %d documents", c.name, len(found))
			continue
		}
		if diff := cmp.Diff(c.want, found[0].Raw); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestTyped_SecretsShowKeysAndHideValues(t *testing.T) {
	d := parsed(t, "plan.json", `{"metadata": [{"name": "db"}], "data": {"password": "x"}, "binary_data": {"b": "AA=="}, "type": "Opaque"}`, terraform("kubernetes_secret_v1"))
	d.Sensitive = []document.Path{{"data"}}
	c := children(t, d)[0]
	want := map[string]any{
		"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"name": "db"}, "type": "Opaque",
		"stringData": map[string]any{"password": "x"}, "data": map[string]any{"b": "AA=="},
	}
	if diff := cmp.Diff(want, c.Raw); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(c.Sensitive) < 2 {
		t.Errorf("sensitive %v", c.Sensitive)
	}
	if r, exact := c.Locate(document.Path{"stringData", "password"}); r.Text() != `"x"` || !exact {
		t.Errorf("the value is at %q", r.Text())
	}
	hidden := children(t, parsed(t, "plan.json", `{"metadata": [{"name": "db"}], "data_wo": null, "data_wo_revision": 1}`, terraform("kubernetes_secret_v1")))[0]
	if s := hidden.RawStates["stringData"]; s.Kind != document.Unknown || s.Reason != document.SensitiveValue {
		t.Errorf("write-only data are %+v", s)
	}
}

func TestTyped_NamespacesThatAreNotKnownAreNotGuessed(t *testing.T) {
	d := parsed(t, "plan.json", `{"metadata": [{"name": "sa"}]}`, terraform("kubernetes_service_account_v1"))
	if c := children(t, d)[0]; c.Namespace != "default" {
		t.Errorf("namespace %q, want default", c.Namespace)
	}
	d.RawStates["metadata[0].namespace"] = document.State{Kind: document.Unknown}
	d.RawStates["metadata[0].name"] = document.State{Kind: document.Unknown}
	delete(d.Raw["metadata"].([]any)[0].(map[string]any), "name")
	if c := children(t, d)[0]; c.Namespace != "" || c.Name != "" || c.RawStates["metadata.name"].Kind != document.Unknown {
		t.Errorf("%q in %q: %v", c.Name, c.Namespace, c.RawStates)
	}
	role := parsed(t, "plan.json", `{"metadata": [{"name": "r"}]}`, terraform("kubernetes_cluster_role_v1"))
	if c := children(t, role)[0]; c.Namespace != "" {
		t.Errorf("a ClusterRole in namespace %q", c.Namespace)
	}
}

func TestTyped_AWSAuthPatchesAreConfigMaps(t *testing.T) {
	d := parsed(t, "plan.json", `{"metadata": [{"name": "aws-auth", "namespace": "kube-system"}], "data": {"mapRoles": "- rolearn: a\n"}, "force": true}`, terraform("kubernetes_config_map_v1_data"))
	c := children(t, d)[0]
	if c.Kind != "v1/ConfigMap" || c.Namespace != "kube-system" || c.Raw["force"] != nil {
		t.Errorf("%s: %v", c.ID, c.Raw)
	}
}

func TestManifest_SharesTheCarriersPaths(t *testing.T) {
	d := parsed(t, "plan.json", `{"manifest": {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": 1}}, "object": {"kind": "no"}}`,
		terraform("kubernetes_manifest"))
	d.RawStates["manifest.spec.paused"] = document.State{Kind: document.Unknown}
	d.RawStates["object"] = document.State{Kind: document.Unknown}
	d.Refs = []document.Ref{{Path: document.Path{"manifest", "spec", "paused"}, To: "t"}, {Path: document.Path{"field_manager"}}}
	d.Sensitive = []document.Path{{"manifest", "spec"}}
	c := children(t, d)[0]
	if c.Metadata["lift"] != "kubernetes_manifest" || c.Namespace != "default" || len(c.RawStates) != 1 || c.RawStates["spec.paused"].Kind != document.Unknown ||
		len(c.Refs) != 1 || c.Refs[0].Path.String() != "spec.paused" || c.Sensitive[0].String() != "spec" {
		t.Errorf("child %+v", c)
	}
	rooted, r, exact := c.Place(document.Path{"spec", "replicas"})
	if rooted.String() != "manifest.spec.replicas" || r.Text() != "1" || !exact || c.Root() != d {
		t.Errorf("placed at %s %q %v", rooted, r.Text(), exact)
	}
	list := parsed(t, "plan.json", `{"manifest": {"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}]}}`,
		terraform("kubernetes_manifest"))
	found := children(t, list)
	if len(found) != 2 || found[0].ID == found[1].ID || !strings.HasSuffix(found[1].ID, "~2") {
		t.Fatalf("list items %v", found)
	}
	if rooted, r, _ := found[1].Place(document.Path{"metadata", "name"}); rooted.String() != "manifest.items[1].metadata.name" || r.Text() != `"a"` {
		t.Errorf("placed at %s %q", rooted, r.Text())
	}
	unknown := parsed(t, "plan.json", `{"x": 1}`, terraform("kubernetes_manifest"))
	unknown.RawStates["manifest"] = document.State{Kind: document.Unknown, Reason: document.AfterApply}
	if found := children(t, unknown, "note: kubernetes_manifest.x.manifest: is not known before deployment (after_apply)"); len(found) != 0 {
		t.Errorf("found %v", found)
	}
	partly := parsed(t, "plan.json", `{"manifest": {"apiVersion": "v1"}}`, terraform("kubernetes_manifest"))
	partly.RawStates["manifest.kind"] = document.State{Kind: document.Unknown}
	children(t, partly, "note: kubernetes_manifest.x.manifest: holds an object whose kind is not known")
	children(t, parsed(t, "plan.json", `{"manifest": {"a": 1}}`, terraform("kubernetes_manifest")), "warning: kubernetes_manifest.x.manifest: holds a value without apiVersion")
	children(t, parsed(t, "plan.json", `{"manifest": "text"}`, terraform("kubernetes_manifest")), "warning: kubernetes_manifest.x.manifest: holds something that is not")
}
