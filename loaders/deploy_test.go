package loaders_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

const (
	gitConfig   = "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = git@github.com:example/shop.git\n"
	application = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: shop\n  namespace: argocd\nspec:\n" +
		"  destination: {namespace: shop}\n  source:\n    repoURL: https://github.com/example/shop\n"
	oneChart    = "apiVersion: v2\nname: web\nversion: 1.0.0\n"
	oneTemplate = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  level: {{ .Values.level | quote }}\n" +
		"  other: {{ .Values.other | quote }}\n"
)

// deployed leaves out the deployments themselves.
func deployed(r loaders.Result) []string {
	return slices.DeleteFunc(ids(r), func(id string) bool {
		return strings.Contains(id, "argoproj.io") || strings.Contains(id, "fluxcd.io")
	})
}

func TestDeploy_FoldersGetTheNamespaceTheyAreDeployedTo(t *testing.T) {
	flux := "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: shop\nspec:\n  path: ./k8s\n  targetNamespace: shop\n"
	explicit := strings.Replace(named("set"), "metadata:\n", "metadata:\n  namespace: own\n", 1)
	set := "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: s}\nspec:\n  generators:\n  - git:\n      directories:\n" +
		"      - path: apps/*\n  template:\n    metadata: {name: '{{path.basename}}'}\n    spec:\n      destination: {namespace: 'ns-{{path.basename}}'}\n" +
		"      source: {repoURL: 'https://github.com/example/shop', path: '{{path}}'}\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"a plain folder": {
			map[string]string{"app.yaml": application + "    path: k8s\n", "k8s/a.yaml": named("a") + "---\n" + explicit, "k8s/deeper/b.yaml": named("b")},
			[]string{"k8s/a.yaml#v1/ServiceAccount/shop/a", "k8s/a.yaml#v1/ServiceAccount/own/set", "k8s/deeper/b.yaml#v1/ServiceAccount/default/b"},
		},
		"with all below": {
			map[string]string{"app.yaml": application + "    path: k8s\n    directory: {recurse: true}\n", "k8s/deeper/b.yaml": named("b")},
			[]string{"k8s/deeper/b.yaml#v1/ServiceAccount/shop/b"},
		},
		"a kustomization": {
			map[string]string{"app.yaml": application + "    path: k8s\n", "k8s/kustomization.yaml": "resources: [a.yaml]\n", "k8s/a.yaml": named("a")},
			[]string{"k8s/kustomization.yaml#v1/ServiceAccount/shop/a"},
		},
		"Flux overrides": {
			map[string]string{"flux.yaml": flux, "k8s/deeper/a.yaml": explicit},
			[]string{"k8s/deeper/a.yaml#v1/ServiceAccount/shop/set"},
		},
		"a set of applications": {
			map[string]string{"set.yaml": set, "apps/x/a.yaml": named("a"), "apps/y/b.yaml": named("b")},
			[]string{"apps/x/a.yaml#v1/ServiceAccount/ns-x/a", "apps/y/b.yaml#v1/ServiceAccount/ns-y/b"},
		},
		"two deployments that differ": {
			map[string]string{
				"a.yaml": application + "    path: k8s\n", "b.yaml": strings.Replace(application, "namespace: shop", "namespace: other", 1) + "    path: k8s\n",
				"k8s/a.yaml": named("a"),
			},
			[]string{"k8s/a.yaml#v1/ServiceAccount/default/a"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tree(t, c.files)
			r := read(t, loaders.Options{}, "", ".")
			equal(t, "documents", deployed(r), c.want)
			equal(t, "diagnostics", len(r.Diagnostics), 0)
		})
	}
}

func TestDeploy_ChartsGetTheValuesTheyAreDeployedWith(t *testing.T) {
	release := "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: shop, namespace: flux}\nspec:\n  targetNamespace: shop\n" +
		"  chart:\n    spec:\n      chart: ./charts/web\n      sourceRef: {kind: GitRepository, name: x}\n  values: {level: flux}\n"
	for name, c := range map[string]struct{ by, level, other string }{
		"nothing":     {application + "    path: charts/web\n", "default", "default"},
		"values":      {application + "    path: charts/web\n    helm:\n      values: |\n        level: text\n", "text", "default"},
		"files first": {application + "    path: charts/web\n    helm:\n      valueFiles: [prod.yaml]\n      valuesObject: {level: object}\n", "object", "prod"},
		"parameters last": {
			application + "    path: charts/web\n    helm:\n      valuesObject: {level: object}\n      parameters: [{name: level, value: 'a,b'}]\n", "a,b", "default",
		},
		"Flux": {release, "flux", "default"},
	} {
		t.Run(name, func(t *testing.T) {
			tree(t, map[string]string{
				"app.yaml": c.by, "charts/web/Chart.yaml": oneChart, "charts/web/templates/c.yaml": oneTemplate,
				"charts/web/values.yaml": "level: default\nother: default\n", "charts/web/prod.yaml": "level: prod\nother: prod\n",
			})
			r := read(t, loaders.Options{}, "", ".")
			i := slices.IndexFunc(r.Documents, func(d *document.Document) bool { return d.Kind == "v1/ConfigMap" })
			if i < 0 || len(deployed(r)) != 1 {
				t.Fatalf("documents %v, diagnostics %v", ids(r), r.Diagnostics)
			}
			d := r.Documents[i]
			data, _ := d.Raw["data"].(map[string]any)
			equal(t, "address", d.Address, "shop/ConfigMap/shop")
			equal(t, "level", data["level"], any(c.level))
			equal(t, "other", data["other"], any(c.other))
		})
	}
}

func TestDeploy_SaysWhenAFolderOfThisRepositoryIsMissing(t *testing.T) {
	tree(t, map[string]string{".git/config": gitConfig, "app.yaml": application + "    path: gone\n"})
	r := read(t, loaders.Options{}, "", ".")
	if got := messages(r, document.Warning); len(got) != 1 || !strings.Contains(got[0], "no folder gone") {
		t.Errorf("warnings %q", got)
	}
	other := strings.Replace(application, "example/shop", "example/another", 1)
	tree(t, map[string]string{".git/config": gitConfig, "app.yaml": other + "    path: gone\n", "a.yaml": named("a")})
	r = read(t, loaders.Options{}, "", ".")
	equal(t, "diagnostics", len(r.Diagnostics), 0)
}
