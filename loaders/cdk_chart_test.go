package loaders_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

const chartHash = "48d13722dfb0d9c4cdab37b8aafe90462cc3c7f4166f62da405334a65b411d0d"

// chartAssembly is a cloud assembly with a chart among its assets.
func chartAssembly() map[string]string {
	dir := "cdk.out/asset." + chartHash + "/"
	return map[string]string{
		"cdk.out/manifest.json": `{"version": "48.0.0", "artifacts": {"Shop": {"type": "aws:cloudformation:stack",
			"properties": {"templateFile": "Shop.template.json"}}}}`,
		"cdk.out/Shop.assets.json": `{"files": {"` + chartHash + `": {"source": {"path": "asset.` + chartHash + `", "packaging": "zip"}}}, "dockerImages": {}}`,
		"cdk.out/Shop.template.json": `{"Resources": {
			"Cluster": {"Type": "AWS::EKS::Cluster", "Properties": {}},
			"Chart": {"Type": "Custom::AWSCDK-EKS-HelmChart", "Metadata": {"aws:cdk:path": "Shop/Chart/Resource"}, "Properties": {
				"Release": "web", "Namespace": "shop",
				"ChartAssetURL": {"Fn::Sub": "s3://cdk-assets-${AWS::AccountId}-${AWS::Region}/` + chartHash + `.zip"},
				"Values": {"Fn::Join": ["", ["{\"privileged\":true,\"cluster\":\"", {"Ref": "Cluster"}, "\"}"]]}}}}}`,
		dir + "Chart.yaml":  "apiVersion: v2\nname: web\nversion: 1.0.0\n",
		dir + "values.yaml": "privileged: false\ncluster: none\n",
		dir + "templates/pod.yaml": `apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-pod
  labels: {cluster: "c-{{ .Values.cluster }}"}
spec:
  containers:
  - name: web
    image: nginx:1.27
    args: ["{{ .Values.cluster }}", run]
    securityContext: {privileged: {{ .Values.privileged }}}
`,
	}
}

func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestCloudFormation_ChartAssetsAreRenderedWithTheStacksValues(t *testing.T) {
	dir := write(t, chartAssembly())
	for _, path := range []string{"cdk.out", "cdk.out/manifest.json", "cdk.out/Shop.template.json"} {
		r := load(t, dir, loaders.Options{}, path)
		for _, d := range r.Diagnostics {
			t.Errorf("%s: %s", path, d.Message)
		}
		var pods []*document.Document
		for _, d := range r.Documents {
			if d.Kind == "v1/Pod" {
				pods = append(pods, d)
			}
		}
		if len(pods) != 1 {
			t.Fatalf("%s: %d pods, want the one that the stack makes", path, len(pods))
		}
		pod := pods[0]
		if pod.Address != "shop/Pod/web-pod" || pod.Metadata["aws:cdk:path"] != "Shop/Chart/Resource" || pod.Parent == nil || pod.Parent.Name != "Chart" {
			t.Errorf("%s: %s of %v", path, pod.Address, pod.Metadata)
		}
		at := document.Path{"spec", "containers", 0, "securityContext", "privileged"}
		if v, _ := document.At(pod.Raw, at); v != true {
			t.Errorf("%s: privileged is %v", path, v)
		}
		if place, _ := pod.Locate(at); !strings.HasSuffix(place.Outermost().File(), "/templates/pod.yaml") {
			t.Errorf("%s: the value lies in %s", path, place.Outermost().File())
		}
		if v, _ := document.At(pod.Raw, document.Path{"spec", "containers", 0, "args"}); len(v.([]any)) != 2 || v.([]any)[0] != nil || v.([]any)[1] != "run" {
			t.Errorf("%s: args are %v", path, v)
		}
		for text, template := range map[string]string{"metadata.labels.cluster": "c-${Cluster}", "spec.containers[0].args[0]": "${Cluster}"} {
			s := pod.RawStates[text]
			if s.Kind != document.Unknown || s.Reason != document.RuntimeRef || s.Template != template {
				t.Errorf("%s: %s is %+v", path, text, s)
			}
		}
	}
}

func TestCloudFormation_BrokenChartAssetsAreReported(t *testing.T) {
	for _, missing := range []string{"Chart.yaml", "templates/pod.yaml"} {
		files := chartAssembly()
		name := "cdk.out/asset." + chartHash + "/" + missing
		if files[name] = "{{ broken"; missing == "Chart.yaml" {
			delete(files, name)
		}
		r := load(t, write(t, files), loaders.Options{}, "cdk.out/Shop.template.json")
		if len(r.Diagnostics) != 1 || r.Diagnostics[0].Level != document.Error || r.Failed != 1 {
			t.Errorf("without a sound %s: %v", missing, r.Diagnostics)
		}
	}
}
