package loaders_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/plimsoll-dev/plimsoll/loaders"
)

// The fuzz tests below go the whole way of a run, from the files to canonical
// documents: one for every reader. loaders/FUZZING.md says what was run.

// onePerMB is what a reader may take for a MB of input, and for what is
// smaller.
const onePerMB = 2 * time.Second

// fuzzFiles loads a folder with the given files and checks that what comes back
// is sound. A run that takes too long is repeated: others use the machine too.
func fuzzFiles(t *testing.T, files map[string]string) {
	t.Helper()
	root, size := t.TempDir(), 0
	for name, content := range files {
		name = filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		size += len(content)
	}
	t.Chdir(root)
	limit := onePerMB * time.Duration(1+size>>20)
	var r loaders.Result
	for try := 0; ; try++ {
		start := time.Now()
		var err error
		if r, err = loaders.Load(context.Background(), []string{"."}, nil, loaders.Options{Jobs: 1}); err != nil {
			t.Fatalf("a text stops the run: %v", err)
		}
		took := time.Since(start)
		if took <= limit {
			break
		}
		if try == 3 {
			t.Fatalf("%d bytes took %v", size, took)
		}
	}
	if n := r.Read + r.NotRecognised + r.Failed; n != len(files) {
		t.Errorf("%d of %d files are accounted for", n, len(files))
	}
	for _, d := range r.Documents {
		checkDocument(t, d)
	}
	for _, d := range r.Diagnostics {
		checkRange(t, d.Message, d.Range)
		if d.Message == "" || d.Level == "" {
			t.Errorf("diagnostic without a message or level at %s", place(d.Range))
		}
	}
}

// seeds adds the small files of one format's cases that end in one of exts.
func seeds(f *testing.F, format string, exts ...string) {
	f.Helper()
	for _, c := range cases(f) {
		if c.format != format {
			continue
		}
		for _, name := range c.inputs(f) {
			content, err := os.ReadFile(filepath.Join(c.dir, name))
			if err != nil || len(content) > 8<<10 {
				continue
			}
			for _, ext := range exts {
				if filepath.Ext(name) == ext {
					f.Add(string(content))
				}
			}
		}
	}
}

// fuzzOne fuzzes a reader of single files.
func fuzzOne(f *testing.F, name string) {
	f.Helper()
	f.Fuzz(func(t *testing.T, content string) { fuzzFiles(t, map[string]string{name: content}) })
}

func FuzzManifest(f *testing.F) {
	seeds(f, "kubernetes", ".yaml", ".yml")
	f.Add("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: aws-auth, namespace: kube-system}\ndata:\n  mapRoles: |\n    - rolearn: a\n      groups: [system:masters]\n")
	fuzzOne(f, "input.yaml")
}

func FuzzManifestJSON(f *testing.F) {
	seeds(f, "kubernetes", ".json")
	f.Add(`{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a\u00e9"},"spec":{"containers":[{"name":"a","securityContext":{"privileged":true}}]}}]}`)
	fuzzOne(f, "input.json")
}

func FuzzRendered(f *testing.F) {
	seeds(f, "helm", ".yaml")
	f.Add("---\n# Source: app/templates/a.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec: {template: {spec: {containers: [{name: a}]}}}\n---\n# Source: app/charts/b/templates/c.yaml\n")
	fuzzOne(f, "rendered.yaml")
}

func FuzzEksctl(f *testing.F) {
	seeds(f, "eksctl", ".yaml")
	fuzzOne(f, "cluster.yaml")
}

func FuzzPlan(f *testing.F) {
	seeds(f, "terraform-plan", ".json")
	fuzzOne(f, "plan.json")
}

func FuzzTemplate(f *testing.F) {
	seeds(f, "cloudformation", ".yaml", ".json")
	fuzzOne(f, "template.yaml")
}

func FuzzTerraform(f *testing.F) {
	for _, c := range cases(f) {
		if c.format != "terraform" {
			continue
		}
		for _, name := range c.inputs(f) {
			if content, err := os.ReadFile(filepath.Join(c.dir, name)); err == nil && len(content) < 8<<10 && filepath.Ext(name) == ".tf" {
				f.Add(string(content), "a = 1\n")
			}
		}
	}
	f.Fuzz(func(t *testing.T, configuration, variables string) {
		fuzzFiles(t, map[string]string{"main.tf": configuration, "terraform.tfvars": variables})
	})
}

func FuzzChart(f *testing.F) {
	pod := "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}-{{ .Values.name }}\nspec:\n  {{- with .Values.security }}\n  securityContext: {{- toYaml . | nindent 4 }}\n  {{- end }}\n"
	f.Add("apiVersion: v2\nname: app\nversion: 0.1.0\n", "name: a\nsecurity: {runAsUser: 0}\n", pod, "name: b\n")
	f.Add("apiVersion: v1\nname: app\nversion: 1.0.0\ndependencies: [{name: b, version: 1, condition: b.on}]\n", "n: [1, a]\n", "{{ range .Values.n }}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: s{{ . }}}\n{{ end }}", "n: {}\n")
	f.Fuzz(func(t *testing.T, meta, values, template, other string) {
		fuzzFiles(t, map[string]string{
			"app/Chart.yaml": meta, "app/values.yaml": values, "app/templates/a.yaml": template, "app/ci/a-values.yaml": other,
		})
	})
}

func FuzzKustomization(f *testing.F) {
	deployment := "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec:\n  template:\n    spec:\n      containers:\n        - name: a\n          image: a:1\n"
	patch := "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {hostPID: true}}}\n"
	f.Add("resources: [a.yaml]\npatches: [{path: b.yaml}]\nnamePrefix: p-\nnamespace: n\nimages: [{name: a, newTag: '2'}]\n", deployment, patch)
	f.Add("resources: [a.yaml]\npatches:\n  - target: {kind: Deployment}\n    path: b.yaml\nreplicas: [{name: a, count: 3}]\nlabels: [{pairs: {x: y}, includeSelectors: true}]\n", deployment, "- {op: add, path: /spec/paused, value: true}\n")
	f.Add("resources: [a.yaml, https://example.com/x]\nconfigMapGenerator: [{name: c, files: [b.yaml], literals: [a=b]}]\nreplacements: [{source: {kind: Deployment, fieldPath: metadata.name}, targets: [{select: {kind: Deployment}, fieldPaths: [spec.x]}]}]\n", deployment, patch)
	f.Fuzz(func(t *testing.T, kustomization, resource, patch string) {
		fuzzFiles(t, map[string]string{"k/kustomization.yaml": kustomization, "k/a.yaml": resource, "k/b.yaml": patch})
	})
}

func FuzzDeployment(f *testing.F) {
	values := "name: a\n"
	f.Add("apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  destination: {namespace: n}\n  sources:\n    - {path: app, helm: {valueFiles: [$v/values.yaml], valuesObject: {x: 1}, parameters: [{name: a.b, value: c}]}}\n    - {ref: v}\n", values)
	f.Add("apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  source: {path: k, kustomize: {namePrefix: p-, images: ['a=b:2'], patches: [{patch: '- {op: add, path: /x, value: 1}', target: {kind: Pod}}]}}\n", values)
	f.Add("apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: a}\nspec:\n  generators: [{git: {directories: [{path: '*'}]}}, {list: {elements: [{path: app}]}}]\n  template: {metadata: {name: '{{path.basename}}'}, spec: {source: {path: '{{path}}'}, destination: {namespace: n}}}\n", values)
	f.Add("apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a}\nspec:\n  chart: {spec: {chart: ./app, sourceRef: {kind: GitRepository}, valuesFiles: [values.yaml]}}\n  values: {x: 1}\n  valuesFrom: [{kind: ConfigMap, name: c}]\n", values)
	f.Add("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\nspec:\n  path: ./k\n  targetNamespace: n\n  patches: [{patch: '{spec: {x: 1}}', target: {kind: Pod}}]\n  postBuild: {substitute: {A: b}}\n", values)
	f.Fuzz(func(t *testing.T, deployment, values string) {
		fuzzFiles(t, map[string]string{
			"deployment.yaml":      deployment,
			"values.yaml":          values,
			"app/Chart.yaml":       "apiVersion: v2\nname: app\nversion: 0.1.0\n",
			"app/templates/a.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\nspec: {{ .Values | toJson }}\n",
			"k/kustomization.yaml": "resources: [p.yaml]\n",
			"k/p.yaml":             "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n    - {name: a, image: 'a:1', command: ['${A}']}\n",
		})
	})
}
