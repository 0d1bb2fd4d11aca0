package lift_test

import (
	"slices"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/lift"
)

func TestConfigMap_OnlyTextsThatAreManifestsAreLifted(t *testing.T) {
	const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: agent}\nspec: {hostPID: true}\n"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"a pod":                    {pod, []string{"tools/Pod/agent"}},
		"its own namespace":        {"{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: b}}", []string{"b/Pod/a"}},
		"several":                  {pod + "---\n" + "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: j-}\n", []string{"tools/Pod/agent", "tools/Job/j-"}},
		"no namespace to have":     {"{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: r}}", []string{"ClusterRole/r"}},
		"a list":                   {"{apiVersion: v1, kind: List, metadata: {name: l}, items: [{apiVersion: v1, kind: Pod, metadata: {name: a}}]}", []string{"tools/Pod/a"}},
		"a template":               {"apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Name }}}\n", nil},
		"without a name":           {"apiVersion: v1\nkind: Pod\nmetadata: {labels: {a: b}}\n", nil},
		"a program's settings":     {"apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmetadata: {name: a}\n", nil},
		"a program's own resource": {"apiVersion: example.com/v1\nkind: Settings\nmetadata: {name: a}\n", nil},
		"beside something else":    {pod + "---\nother: true\n", nil},
		"words about it":           {"Set apiVersion, kind and metadata.", nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := &document.Document{
				ID: "c.yaml#v1/ConfigMap/tools/c", Format: "kubernetes", Kind: "v1/ConfigMap", Name: "c", Namespace: "tools", Address: "tools/ConfigMap/c",
				Raw: map[string]any{"data": map[string]any{"pod.yaml": c.text}},
			}
			docs, diagnostics := lift.Documents([]*document.Document{d})
			var got []string
			for _, lifted := range docs[1:] {
				got = append(got, lifted.Address)
			}
			if !slices.Equal(got, c.want) || len(diagnostics) > 0 {
				t.Errorf("got %v, want %v; %v", got, c.want, diagnostics)
			}
		})
	}
}
