package scope_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/scope"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

func TestNamespaced(t *testing.T) {
	for _, c := range []struct {
		apiVersion, kind string
		want             bool
	}{
		{"v1", "Pod", true},
		{"v1", "Namespace", false},
		{"v1", "PersistentVolumeClaim", true},
		{"apps/v1", "Deployment", true},
		{"apps/v1", "Namespace", true}, // another group's kind of that name
		{"rbac.authorization.k8s.io/v1", "ClusterRole", false},
		{"rbac.authorization.k8s.io/v1", "Role", true},
		{"storage.k8s.io/v1", "StorageClass", false},
		{"storage.k8s.io/v1", "CSIStorageCapacity", true},
		{"networking.k8s.io/v1", "NetworkPolicy", true},
		{"admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", false},
		{"certificates.k8s.io/v1beta1", "PodCertificateRequest", true},
		{"karpenter.sh/v1", "NodePool", false},
		{"karpenter.k8s.aws/v1", "EC2NodeClass", false},
		{"vpcresources.k8s.aws/v1beta1", "SecurityGroupPolicy", true},
		{"eks.services.k8s.aws/v1alpha1", "Cluster", true},
		{"eks.aws.upbound.io/v1beta1", "Cluster", false},
		{"eks.aws.m.upbound.io/v1beta1", "Cluster", true},
		{"constraints.gatekeeper.sh/v1beta1", "K8sRequiredLabels", false},
		{"crd.projectcalico.org/v1", "NetworkPolicy", true},
		{"crd.projectcalico.org/v1", "GlobalNetworkPolicy", false},
		{"example.com/v1", "Anything", true},
	} {
		if got := scope.Namespaced(c.apiVersion, c.kind); got != c.want {
			t.Errorf("%s %s: %v", c.apiVersion, c.kind, got)
		}
	}
}

func TestNamespaced_AgreesWithDefinitionsInTheCorpus(t *testing.T) {
	root := os.Getenv("PLIMSOLL_CORPUS")
	if root == "" {
		t.Skip("PLIMSOLL_CORPUS is not set: no definitions to compare with")
	}
	checked := 0
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".yaml" {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		yamlnode.Each(&document.Source{Name: path, Content: content}, func(docs []yamlnode.Doc, _ []document.Diagnostic) {
			for _, d := range docs {
				checked += compare(t, path, d.Root)
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if checked == 0 {
		t.Error("the corpus has no definition")
	}
}

func compare(t *testing.T, path string, root *yamlnode.Node) int {
	text := func(n *yamlnode.Node, keys ...string) string {
		for _, k := range keys {
			if n == nil {
				return ""
			}
			_, n = n.Get(k)
		}
		if n == nil {
			return ""
		}
		return n.Text
	}
	level := text(root, "spec", "scope")
	if text(root, "kind") != "CustomResourceDefinition" || level == "" {
		return 0
	}
	group, kind := text(root, "spec", "group"), text(root, "spec", "names", "kind")
	if got := scope.Namespaced(group+"/v1", kind); got != (level == "Namespaced") {
		t.Errorf("%s: %s %s is %s", path, group, kind, level)
	}
	return 1
}
