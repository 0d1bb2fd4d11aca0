package cfn_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/cfn"
)

const assetHash = "2bfdfbb9f67e3e03c53aff5b1005633e595685fa533c870ceb649d0d4a8b1ec0"

// assembly is a cloud assembly with a stack, a stack nested in it and a stage.
func assembly() map[string]string {
	cluster := `{"Resources": {"Cluster": {"Type": "AWS::EKS::Cluster", "Properties": {
		"Name": {"Ref": "AWS::StackName"}, "Zone": {"Fn::Sub": "${AWS::Region}.${AWS::AccountId}"}, "Size": {"Ref": "Size"}}}},
		"Parameters": {"Size": {"Type": "String", "Default": "small"}}}`
	return map[string]string{
		"cdk.out/manifest.json": `{"version": "48.0.0", "artifacts": {
			"Shop": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1", "displayName": "Shop (shop-prod)",
				"properties": {"templateFile": "Shop.template.json", "stackName": "shop-prod", "parameters": {"Size": "large"}}},
			"Gone": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Gone.template.json"}},
			"assembly-Stage": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Stage"}},
			"Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}}}}`,
		"cdk.out/Shop.template.json": strings.Replace(cluster, `{"Resources": {`, `{"Resources": {
			"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": {"Fn::Join": ["",
				["https://s3.", {"Ref": "AWS::Region"}, ".", {"Ref": "AWS::URLSuffix"}, "/assets/`+assetHash+`.json"]]}}},`, 1),
		"cdk.out/Shop.assets.json":               `{"version": "48", "files": {"` + assetHash + `": {"source": {"path": "ShopInner.nested.template.json"}}}, "dockerImages": {}}`,
		"cdk.out/ShopInner.nested.template.json": `{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}`,
		"cdk.out/assembly-Stage/manifest.json": `{"version": "48.0.0", "artifacts": {"Later": {"type": "aws:cloudformation:stack",
			"environment": "aws://unknown-account/unknown-region", "properties": {"templateFile": "Later.template.json"}}}}`,
		"cdk.out/assembly-Stage/Later.template.json": cluster,
	}
}

func from(files map[string]string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if content, ok := files[name]; ok {
			return []byte(content), nil
		}
		return nil, fs.ErrNotExist
	}
}

func source(files map[string]string, name string) *document.Source {
	return &document.Source{Name: name, Content: []byte(files[name])}
}

func TestLoadAssembly_ReadsEveryStack(t *testing.T) {
	t.Parallel()
	files := assembly()
	src := source(files, "cdk.out/manifest.json")
	if !cfn.IsAssembly(src.Name, src.Content) || cfn.IsAssembly("web/manifest.json", []byte(`{"name": "app", "icons": []}`)) {
		t.Error("a manifest of a cloud assembly is known by its artifacts")
	}
	r := cfn.LoadAssembly(src, cfn.Options{ReadFile: from(files)})
	var ids []string
	for _, d := range r.Documents {
		ids = append(ids, d.ID)
	}
	want := []string{
		"cdk.out/Shop.template.json#Inner", "cdk.out/Shop.template.json#Cluster",
		"cdk.out/ShopInner.nested.template.json#Queue", "cdk.out/assembly-Stage/Later.template.json#Cluster",
	}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	shop, later := r.Documents[1], r.Documents[3]
	if diff := cmp.Diff(map[string]any{"Name": "shop-prod", "Zone": "eu-west-1.111122223333", "Size": "large"}, shop.Raw); diff != "" {
		t.Errorf("the manifest says where and how the stack is deployed (-want +got):\n%s", diff)
	}
	if shop.Metadata["cfn:stack"] != "shop-prod" || shop.Metadata["cfn:display_name"] != "Shop (shop-prod)" {
		t.Errorf("metadata: %v", shop.Metadata)
	}
	if later.Raw["Size"] != "small" || later.RawStates["Zone"].Template != "${AWS::Region}.${AWS::AccountId}" {
		t.Errorf("of an agnostic stack nothing is known: %v %v", later.Raw, later.RawStates)
	}
	slices.Sort(r.Claimed)
	claimed := []string{
		"cdk.out/Shop.template.json", "cdk.out/ShopInner.nested.template.json",
		"cdk.out/assembly-Stage/Later.template.json", "cdk.out/assembly-Stage/manifest.json",
	}
	if diff := cmp.Diff(claimed, r.Claimed); diff != "" {
		t.Errorf("claimed (-want +got):\n%s", diff)
	}
	if len(r.Diagnostics) != 1 || !strings.HasSuffix(show(r.Diagnostics[0]), "the template cdk.out/Gone.template.json cannot be read; synthesize the assembly again (cdk synth)") ||
		r.Diagnostics[0].Range.Start.Line != 4 {
		t.Errorf("one stack has no template: %v", r.Diagnostics)
	}
}

func TestLoadAssembly_TheUsersParametersGoBeforeTheManifests(t *testing.T) {
	t.Parallel()
	files := assembly()
	options := cfn.Options{ReadFile: from(files), Parameters: map[string]string{"Size": "tiny", "AWS::Region": "us-east-1"}}
	for _, r := range []cfn.Result{
		cfn.LoadAssembly(source(files, "cdk.out/manifest.json"), options),
		cfn.Load(source(files, "cdk.out/Shop.template.json"), options), // the template alone finds its manifest
	} {
		d := byName(t, r.Documents, "Cluster")
		if diff := cmp.Diff(map[string]any{"Name": "shop-prod", "Zone": "us-east-1.111122223333", "Size": "tiny"}, d.Raw); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		byName(t, r.Documents, "Queue")
	}
}

func TestLoadAssembly_BrokenManifestsEnd(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "{", "[]", `{"artifacts": 3}`, `{"artifacts": {"A": 1}}`, `{"artifacts": {"A": {"type": "aws:cloudformation:stack"}}}`,
		`{"artifacts": {"A": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}}}`,
		`{"artifacts": {"A": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "../../etc/passwd", "parameters": [1]}}}}`,
	} {
		files := map[string]string{"cdk.out/manifest.json": text}
		if r := cfn.LoadAssembly(source(files, "cdk.out/manifest.json"), cfn.Options{ReadFile: from(files)}); len(r.Documents) != 0 {
			t.Errorf("%q: %v", text, r.Documents)
		}
	}
}

func TestLoad_UploadedTemplatesAreFoundBesideTheirParent(t *testing.T) {
	t.Parallel()
	child := "Resources:\n  Q: {Type: 'AWS::SQS::Queue'}\n"
	stack := func(url string) string {
		return "Parameters: {Bucket: {Type: String}, Prefix: {Type: String}}\nResources:\n  S: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: " + url + "}}\n"
	}
	for url, want := range map[string]string{
		`!Sub "https://${Bucket}.s3.amazonaws.com/${Prefix}templates/child.yaml"`:             "templates/child.yaml#Q",
		`"https://s3.amazonaws.com/bucket/stack/child.yaml"`:                                  "stack/child.yaml#Q",
		`"https://s3.amazonaws.com/bucket/9fceb02d0ae598e95dc970b74767f19372d61af8.template"`: "",
		`!Ref Bucket`: "",
	} {
		r := load(t, stack(url), nil, map[string]string{"stack/child.yaml": child, "templates/child.yaml": child})
		got := ""
		if len(r.Documents) == 2 {
			got = r.Documents[1].ID
		}
		if got != want {
			t.Errorf("%s: read %q, want %q", url, got, want)
		}
		if (want == "") != (len(r.Diagnostics) == 1 && r.Diagnostics[0].Level == document.Note) {
			t.Errorf("%s: what is not read is said, got %v", url, r.Diagnostics)
		}
	}
}

func TestLoadAssembly_ConstructPathsComeFromTheManifestWhereTheTemplateHasNone(t *testing.T) {
	t.Parallel()
	const metadata = `{"/Shop/Cluster/Resource": [{"type": "aws:cdk:creationStack"}, {"type": "aws:cdk:logicalId", "data": "Cluster"}],
		"/Shop/Inner/Queue": [{"type": "aws:cdk:logicalId", "data": "Queue"}], "/Shop/Other/Queue": [{"type": "aws:cdk:logicalId", "data": "Queue"}]}`
	inManifest, inFile, own := assembly(), assembly(), assembly()
	inManifest["cdk.out/manifest.json"] = strings.Replace(inManifest["cdk.out/manifest.json"], `"displayName"`, `"metadata": `+metadata+`, "displayName"`, 1)
	for _, files := range []map[string]string{inFile, own} {
		files["cdk.out/manifest.json"] = strings.Replace(files["cdk.out/manifest.json"], `"displayName"`, `"additionalMetadataFile": "Shop.metadata.json", "displayName"`, 1)
		files["cdk.out/Shop.metadata.json"] = metadata
	}
	own["cdk.out/Shop.template.json"] = strings.Replace(own["cdk.out/Shop.template.json"], `"AWS::EKS::Cluster",`, `"AWS::EKS::Cluster", "Metadata": {"aws:cdk:path": "Own"},`, 1)
	for i, files := range []map[string]string{inManifest, inFile, own} {
		want := []string{"Shop/Cluster/Resource", "Shop/Cluster/Resource", "Own"}[i]
		for _, r := range []cfn.Result{
			cfn.LoadAssembly(source(files, "cdk.out/manifest.json"), cfn.Options{ReadFile: from(files)}),
			cfn.Load(source(files, "cdk.out/Shop.template.json"), cfn.Options{ReadFile: from(files)}),
		} {
			if got := byName(t, r.Documents, "Cluster").Metadata["aws:cdk:path"]; got != want {
				t.Errorf("%d: the cluster is %q, want %q", i, got, want)
			}
			if got, ok := byName(t, r.Documents, "Queue").Metadata["aws:cdk:path"]; ok {
				t.Errorf("%d: of two queues one is %q", i, got)
			}
		}
	}
	for name, content := range map[string]string{"cdk.out/Shop.metadata.json": metadata, "cdk.out/validation-report.json": `{"pluginReports": []}`} {
		if cfn.Companion(name, []byte(content)) == "" {
			t.Errorf("%s belongs to the assembly", name)
		}
	}
}
