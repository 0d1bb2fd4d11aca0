package loaders_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

const flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: shop\n  namespace: flux-system\nspec:\n"

// values returns what the only document of a kind has at some paths, with the
// place it is written.
func values(t *testing.T, r loaders.Result, kind string, paths ...string) []string {
	t.Helper()
	found := slices.DeleteFunc(slices.Clone(r.Documents), func(d *document.Document) bool { return d.Kind != kind })
	if len(found) != 1 {
		t.Fatalf("%d of %s among %v, diagnostics %v", len(found), kind, ids(r), r.Diagnostics)
	}
	d := found[0]
	out := []string{d.Address}
	for _, text := range paths {
		path, err := document.ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		v, ok := document.At(d.Raw, path)
		if state, unknown := d.RawStates[text]; unknown {
			v = "unknown " + state.Template
		} else if !ok {
			v = "absent"
		}
		at, _ := d.Locate(path)
		line, _, _ := strings.Cut(place(at), "-")
		out = append(out, strings.TrimSpace(string(asJSON(t, v)))+" "+line)
	}
	return out
}

func TestDeploy_ApplicationsEditTheKustomizationTheyDeploy(t *testing.T) {
	app := application + `    path: k8s
    kustomize:
      namePrefix: eu-
      images:
        - example.com/a=mirror.example.com/a:2
        - example.com/b:3
      replicas: [{name: web, count: 4}]
      commonLabels: {team: shop}
      patches:
        - target: {kind: Deployment}
          patch: |-
            - op: replace
              path: /spec/template/spec/hostNetwork
              value: true
        - patch: |-
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              template:
                spec:
                  hostPID: true
`
	tree(t, map[string]string{
		"app.yaml": app, "k8s/kustomization.yaml": "resources: [web.yaml]\nnamePrefix: x-\nimages: [{name: example.com/a, newTag: '9'}]\n", "k8s/web.yaml": web,
	})
	r := read(t, loaders.Options{}, "", ".")
	want := []string{
		"shop/Deployment/eu-web",
		`true app.yaml:23:22`,
		`true app.yaml:31:28`,
		`"mirror.example.com/a:2" app.yaml:14:11`,
		`"example.com/b:3" app.yaml:15:11`,
		`4 app.yaml:16:37`,
		`"shop" app.yaml:17:28`,
		`true k8s/web.yaml:13:25`,
	}
	got := values(t, r, "apps/v1/Deployment", "spec.template.spec.hostNetwork", "spec.template.spec.hostPID",
		"spec.template.spec.containers[0].image", "spec.template.spec.containers[1].image", "spec.replicas",
		"spec.template.metadata.labels.team", "spec.template.spec.containers[0].securityContext.runAsNonRoot")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	equal(t, "diagnostics", len(r.Diagnostics), 0)
	equal(t, "documents", deployed(r), []string{"k8s/kustomization.yaml#apps/v1/Deployment/shop/eu-web"})
}

func TestDeploy_APatchWithoutItsObjectIsToldWhereItIsWritten(t *testing.T) {
	app := application + "    path: k8s\n    kustomize:\n      patches:\n      - patch: |\n          apiVersion: v1\n          kind: Pod\n          metadata: {name: gone}\n"
	tree(t, map[string]string{"app.yaml": app, "k8s/kustomization.yaml": "resources: [web.yaml]\n", "k8s/web.yaml": web})
	r := read(t, loaders.Options{}, "", ".")
	if got := messages(r, document.Error); len(got) != 1 || !strings.HasPrefix(got[0], "app.yaml: as argocd/Application/shop deploys it, this kustomization cannot be built") {
		t.Errorf("errors %q", got)
	}
	equal(t, "documents", deployed(r), []string{"k8s/kustomization.yaml#apps/v1/Deployment/shop/web"})
	tree(t, map[string]string{"app.yaml": app, "k8s/web.yaml": web})
	r = read(t, loaders.Options{}, "", ".")
	if got := messages(r, document.Warning); len(got) != 1 || !strings.Contains(got[0], "no kustomization in k8s") {
		t.Errorf("warnings %q", got)
	}
}

func TestDeploy_FluxFillsInVariables(t *testing.T) {
	pod := strings.NewReplacer("replicas: 1", "replicas: ${COUNT}").Replace(`apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  template:
    spec:
      hostNetwork: ${HOST}
      nodeSelector: {zone: "${ZONE:=a}", quoted: "5${NOTHING}"}
      containers:
        - name: a
          image: ${REGISTRY}/a:${TAG:-1}
          command: ["$${KEPT}", "$HOME", "${SECRET}"]
`)
	config := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: vars, namespace: flux-system}\ndata: {COUNT: '2', REGISTRY: example.com}\n"
	build := flux + "  path: ./k8s\n  targetNamespace: shop\n  commonMetadata: {labels: {team: shop}}\n  postBuild:\n    substitute: {COUNT: '3', HOST: \"true\"}\n" +
		"    substituteFrom:\n      - {kind: ConfigMap, name: vars}\n"
	for name, c := range map[string]struct {
		from string
		want []string
	}{
		"all is known": {"", []string{
			"shop/Deployment/web", `3 k8s/deeper/web.yaml:5:13`, `true k8s/deeper/web.yaml:8:20`, `"a" k8s/deeper/web.yaml:9:28`, `5 k8s/deeper/web.yaml:9:50`,
			`"example.com/a:1" k8s/deeper/web.yaml:12:18`, `"${KEPT}" k8s/deeper/web.yaml:13:21`, `"$HOME" k8s/deeper/web.yaml:13:33`, `null k8s/deeper/web.yaml:13:42`,
			`"shop" k8s/deeper/web.yaml:3:11`,
		}},
		"a secret is not": {"      - {kind: Secret, name: more}\n", []string{
			"shop/Deployment/web", `3 k8s/deeper/web.yaml:5:13`, `true k8s/deeper/web.yaml:8:20`, `"unknown ${ZONE}" k8s/deeper/web.yaml:9:28`, `"unknown 5${NOTHING}" k8s/deeper/web.yaml:9:50`,
			`"unknown example.com/a:${TAG}" k8s/deeper/web.yaml:12:18`, `"${KEPT}" k8s/deeper/web.yaml:13:21`, `"$HOME" k8s/deeper/web.yaml:13:33`, `"unknown ${SECRET}" k8s/deeper/web.yaml:13:42`,
			`"shop" k8s/deeper/web.yaml:3:11`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			tree(t, map[string]string{"flux.yaml": build + c.from, "vars.yaml": config, "k8s/deeper/web.yaml": pod, "k8s/note.txt": "x"})
			r := read(t, loaders.Options{}, "", ".")
			got := values(t, r, "apps/v1/Deployment", "spec.replicas", "spec.template.spec.hostNetwork", "spec.template.spec.nodeSelector.zone",
				"spec.template.spec.nodeSelector.quoted", "spec.template.spec.containers[0].image", "spec.template.spec.containers[0].command[0]",
				"spec.template.spec.containers[0].command[1]", "spec.template.spec.containers[0].command[2]", "metadata.labels.team")
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestDeploy_FluxPatchesWhatItDeploys(t *testing.T) {
	build := flux + `  path: k8s
  namePrefix: eu-
  images: [{name: example.com/a, newTag: "2"}]
  patches:
    - target: {kind: Deployment}
      patch: |
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: any}
        spec: {template: {spec: {hostIPC: true}}}
`
	for name, files := range map[string]map[string]string{
		"a kustomization": {"k8s/kustomization.yaml": "resources: [web.yaml]\n", "k8s/web.yaml": web},
		"plain files":     {"k8s/web.yaml": web},
	} {
		t.Run(name, func(t *testing.T) {
			files["flux.yaml"] = build
			tree(t, files)
			r := read(t, loaders.Options{}, "", ".")
			want := []string{"default/Deployment/eu-web", `true flux.yaml:16:43`, `"example.com/a:2" flux.yaml:9:42`, `false k8s/web.yaml:8:20`}
			got := values(t, r, "apps/v1/Deployment", "spec.template.spec.hostIPC", "spec.template.spec.containers[0].image", "spec.template.spec.hostNetwork")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s%v", diff, r.Diagnostics)
			}
			equal(t, "documents", len(deployed(r)), 1)
		})
	}
}

func TestDeploy_DeploymentsThatAreDeployedAreFollowed(t *testing.T) {
	inner := strings.NewReplacer("name: shop", "name: inner").Replace(flux) + "  path: ./apps/${CLUSTER}\n  targetNamespace: in\n"
	tree(t, map[string]string{
		"top/flux.yaml": flux + "  path: ./clusters\n  postBuild: {substitute: {CLUSTER: eu}}\n", "clusters/apps.yaml": inner,
		"apps/eu/a.yaml": named("a"), "apps/us/b.yaml": named("b"),
	})
	r := read(t, loaders.Options{}, "", ".")
	equal(t, "documents", deployed(r), []string{"apps/eu/a.yaml#v1/ServiceAccount/in/a", "apps/us/b.yaml#v1/ServiceAccount/default/b"})
	equal(t, "diagnostics", len(r.Diagnostics), 0)
}

func TestDeploy_ChartsThatDeployThemselvesComeToAnEnd(t *testing.T) {
	tree(t, map[string]string{
		"app.yaml": application + "    path: charts/web\n", "charts/web/Chart.yaml": oneChart, "charts/web/values.yaml": "count: 1\n",
		"charts/web/templates/a.yaml": application + "    path: charts/web\n    helm: {valuesObject: {count: {{ add .Values.count 1 }}}}\n",
	})
	r := read(t, loaders.Options{}, "", ".")
	if got := messages(r, document.Warning); len(got) != 1 || !strings.Contains(got[0], "more than 8 levels") {
		t.Errorf("warnings %q", got)
	}
}

func TestDeploy_HelmReleasesTakeValuesFromConfigMapsOfTheTree(t *testing.T) {
	release := "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: shop, namespace: flux}\nspec:\n" +
		"  chart:\n    spec:\n      chart: ./charts/web\n      sourceRef: {kind: GitRepository, name: x}\n  valuesFrom:\n"
	config := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: v, namespace: flux}\ndata:\n  values.yaml: |\n    level: config\n    other: config\n  one: single\n"
	for name, c := range map[string]struct{ from, level, other, warning string }{
		"a file":       {"    - {kind: ConfigMap, name: v}\n", "config", "config", ""},
		"under values": {"    - {kind: ConfigMap, name: v}\n  values: {level: own}\n", "own", "config", ""},
		"one value":    {"    - {kind: ConfigMap, name: v, valuesKey: one, targetPath: other}\n", "default", "single", ""},
		"not there":    {"    - {kind: ConfigMap, name: w}\n", "default", "default", "ConfigMap w are not known here"},
		"optional":     {"    - {kind: ConfigMap, name: w, optional: true}\n", "default", "default", ""},
		"a secret":     {"    - {kind: Secret, name: v}\n", "default", "default", "Secret v are not known here"},
		"no such key":  {"    - {kind: ConfigMap, name: v, valuesKey: x}\n", "default", "default", "no text under x"},
	} {
		t.Run(name, func(t *testing.T) {
			tree(t, map[string]string{
				"release.yaml": release + c.from, "config.yaml": config, "charts/web/Chart.yaml": oneChart,
				"charts/web/templates/c.yaml": oneTemplate, "charts/web/values.yaml": "level: default\nother: default\n",
			})
			r := read(t, loaders.Options{}, "", ".")
			i := slices.IndexFunc(r.Documents, func(d *document.Document) bool { return d.Name == "shop" && d.Kind == "v1/ConfigMap" })
			if i < 0 {
				t.Fatalf("documents %v, diagnostics %v", ids(r), r.Diagnostics)
			}
			data, _ := r.Documents[i].Raw["data"].(map[string]any)
			equal(t, "level", data["level"], any(c.level))
			equal(t, "other", data["other"], any(c.other))
			if got := strings.Join(messages(r, document.Warning), "\n"); !strings.Contains(got, c.warning) || c.warning == "" && got != "" {
				t.Errorf("warnings %q", got)
			}
		})
	}
}

func TestDeploy_SeveralSourcesShareValues(t *testing.T) {
	multi := func(repository string) string {
		return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop, namespace: argocd}\nspec:\n  destination: {namespace: shop}\n  sources:\n" +
			"    - repoURL: https://github.com/example/shop\n      path: charts/web\n      helm: {valueFiles: [$here/env/prod.yaml]}\n" +
			"    - {repoURL: '" + repository + "', ref: here}\n    - {repoURL: 'https://github.com/example/shop', path: extra}\n"
	}
	files := map[string]string{
		".git/config": gitConfig, "charts/web/Chart.yaml": oneChart, "charts/web/templates/c.yaml": oneTemplate,
		"charts/web/values.yaml": "level: default\nother: default\n", "env/prod.yaml": "level: prod\n", "extra/a.yaml": named("a"),
	}
	for repository, want := range map[string][]string{
		"https://github.com/example/shop.git": {"prod", ""},
		"https://github.com/example/values":   {"default", "values file env/prod.yaml is not in the tree"},
	} {
		files["app.yaml"] = multi(repository)
		tree(t, files)
		r := read(t, loaders.Options{}, "", ".")
		equal(t, "documents", deployed(r), []string{"extra/a.yaml#v1/ServiceAccount/shop/a", "charts/web/templates/c.yaml#v1/ConfigMap/shop/shop"})
		got := values(t, r, "v1/ConfigMap", "data.level")
		if !strings.Contains(got[1], want[0]) || !strings.Contains(strings.Join(messages(r, document.Warning), ""), want[1]) {
			t.Errorf("%s: %q, %v", repository, got, r.Diagnostics)
		}
	}
}
