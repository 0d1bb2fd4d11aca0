package lift_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/lift"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// objectFrom reads the only object of a text.
func objectFrom(t *testing.T, kind, text string) *document.Document {
	t.Helper()
	src := &document.Source{Name: "x.yaml", Content: []byte(text)}
	docs, diags := yamlnode.Parse(src)
	if len(docs) != 1 || len(diags) > 0 {
		t.Fatalf("%d documents, %v", len(docs), diags)
	}
	value, tree, _ := yamlnode.Kubernetes.Value(docs[0].Root, src)
	raw, _ := value.(map[string]any)
	d := &document.Document{ID: "x.yaml#" + kind, Format: "kubernetes", Kind: kind, Raw: raw}
	d.SetLocator(tree)
	return d
}

const composed = `resources:
  - name: cluster
    base:
      apiVersion: eks.aws.upbound.io/v1beta1
      kind: Cluster
      spec:
        forProvider:
          version: "1.30"
          region: eu-west-1
          vpcConfig:
          - endpointPublicAccess: true
            endpointPrivateAccess: false
    patches:
    - fromFieldPath: spec.version
      toFieldPath: spec.forProvider.version
    - type: FromCompositeFieldPath
      fromFieldPath: spec.private
      toFieldPath: spec.forProvider.vpcConfig[0].endpointPrivateAccess
    - type: ToCompositeFieldPath
      fromFieldPath: status.x
      toFieldPath: spec.forProvider.vpcConfig
    - type: PatchSet
      patchSetName: common
`

func TestDocuments_CompositionsHoldTheirResourcesWithPatchedValuesUnknown(t *testing.T) {
	sets := "patchSets:\n  - name: common\n    patches:\n    - fromFieldPath: spec.region\n      toFieldPath: spec.forProvider.region\n" +
		"    - fromFieldPath: metadata.labels[example.com/team]\n"
	indent := func(text, by string) string {
		out := ""
		for _, line := range splitLines(text) {
			out += by + line + "\n"
		}
		return out
	}
	for name, text := range map[string]string{
		"resources": "spec:\n" + indent(sets+composed, "  "),
		"pipeline":  "spec:\n  mode: Pipeline\n  pipeline:\n  - step: x\n    input:\n      kind: Resources\n" + indent(sets+composed, "      "),
	} {
		t.Run(name, func(t *testing.T) {
			d := objectFrom(t, "apiextensions.crossplane.io/v1/Composition", text)
			out, diags := lift.Documents([]*document.Document{d})
			if len(out) != 2 || len(diags) > 0 {
				t.Fatalf("%d documents, %v", len(out), diags)
			}
			got := out[1]
			want := map[string]any{
				"apiVersion": "eks.aws.upbound.io/v1beta1", "kind": "Cluster",
				"spec": map[string]any{"forProvider": map[string]any{"vpcConfig": []any{map[string]any{"endpointPublicAccess": true}}}},
			}
			if diff := cmp.Diff(want, got.Raw); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			paths := []string{
				`metadata.labels["example.com/team"]`, "spec.forProvider.region", "spec.forProvider.version",
				"spec.forProvider.vpcConfig[0].endpointPrivateAccess",
			}
			if diff := cmp.Diff(paths, got.RawStates.Paths(document.Unknown)); diff != "" {
				t.Errorf("unknown (-want +got):\n%s", diff)
			}
			if got.Name != "cluster" || got.Kind != "eks.aws.upbound.io/v1beta1/Cluster" || got.Address != "Cluster/cluster" {
				t.Errorf("name %q, kind %q, address %q", got.Name, got.Kind, got.Address)
			}
			r, exact := got.Locate(document.Path{"spec", "forProvider", "vpcConfig", 0, "endpointPublicAccess"})
			if r.Text() != "true" || !exact {
				t.Errorf("found at %q, exact %t", r.Text(), exact)
			}
		})
	}
}

func splitLines(text string) []string {
	var out []string
	start := 0
	for i := range len(text) {
		if text[i] == '\n' {
			out = append(out, text[start:i])
			start = i + 1
		}
	}
	return out
}

func TestDocuments_ProviderKubernetesObjectsHoldAManifest(t *testing.T) {
	d := objectFrom(t, "kubernetes.crossplane.io/v1alpha2/Object",
		"spec:\n  forProvider:\n    manifest:\n      apiVersion: v1\n      kind: ServiceAccount\n      metadata: {name: a, namespace: b}\n")
	out, diags := lift.Documents([]*document.Document{d})
	if len(out) != 2 || len(diags) > 0 || out[1].Address != "b/ServiceAccount/a" {
		t.Fatalf("%d documents, %v", len(out), diags)
	}
}
