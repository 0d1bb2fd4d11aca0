package loaders_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

const web = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      hostNetwork: false
      containers:
      - name: a
        image: example.com/a:1
        securityContext:
          runAsNonRoot: true
      - name: b
        image: example.com/b:1
`

// where returns the place of a path in the only document of a kind.
func where(t *testing.T, r loaders.Result, kind string, path document.Path) (at string, exact bool) {
	t.Helper()
	i := slices.IndexFunc(r.Documents, func(d *document.Document) bool { return d.Kind == kind })
	if i < 0 {
		t.Fatalf("no %s among %v, diagnostics %v", kind, ids(r), messages(r, document.Error))
	}
	got, exact := r.Documents[i].Locate(path)
	at, _, _ = strings.Cut(place(got), "-")
	return at, exact
}

func container(i int, path ...any) document.Path {
	return append(document.Path{"spec", "template", "spec", "containers", i}, path...)
}

func TestKustomize_ValuesLeadToThePatchThatSetsThem(t *testing.T) {
	merge := "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n"
	for _, c := range []struct {
		name, patch string // of patches
		file        string // patch.yaml
		path        document.Path
		want        string
		near        bool
	}{
		{
			name: "merge by name", patch: "- path: patch.yaml",
			file: merge + "      containers:\n      - name: b\n        image: example.com/b:2\n",
			path: container(0, "image"), want: "patch.yaml:10:16",
		},
		{
			name: "not patched", patch: "- path: patch.yaml",
			file: merge + "      hostNetwork: true\n",
			path: container(1, "image"), want: "base/web.yaml:15:16",
		},
		{
			name: "removed", patch: "- path: patch.yaml",
			file: merge + "      containers:\n      - name: a\n        securityContext:\n          runAsNonRoot: null\n",
			path: container(0, "securityContext", "runAsNonRoot"), want: "patch.yaml:11:25",
		},
		{
			name: "written in place", patch: "- patch: |-\n    " + strings.ReplaceAll(strings.TrimSpace(merge), "\n", "\n    ") + "\n          hostPID: true\n",
			path: document.Path{"spec", "template", "spec", "hostPID"}, want: "kustomization.yaml:11:20",
		},
		{
			name: "operations", patch: "- path: patch.yaml\n  target: {kind: Deployment}",
			file: "- {op: replace, path: /spec/template/spec/containers/1/image, value: example.com/x:1}\n" +
				"- {op: add, path: /spec/template/spec/containers/0/securityContext/capabilities, value: {add: [SYS_ADMIN]}}\n",
			path: container(0, "securityContext", "capabilities", "add", 0), want: "patch.yaml:2:96",
		},
		{
			name: "another object's patch with the same value", patch: "- path: patch.yaml\n  target: {kind: Deployment, name: other}",
			file: merge + "      hostNetwork: false\n",
			path: document.Path{"spec", "template", "spec", "hostNetwork"}, want: "base/web.yaml:8:20",
		},
		{
			name: "nobody wrote it", patch: "- path: patch.yaml",
			file: merge + "      hostNetwork: true\n",
			path: container(0, "securityContext", "privileged"), want: "base/web.yaml:13:11", near: true,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{
				"base/kustomization.yaml": "resources: [web.yaml]\n", "base/web.yaml": web,
				"kustomization.yaml": "resources: [base]\npatches:\n" + c.patch + "\n",
			}
			if c.file != "" {
				files["patch.yaml"] = c.file
			}
			tree(t, files)
			r := read(t, loaders.Options{}, "", ".")
			equal(t, "documents", ids(r), []string{"kustomization.yaml#apps/v1/Deployment/default/web"})
			got, exact := where(t, r, "apps/v1/Deployment", c.path)
			if got != c.want || exact == c.near {
				t.Errorf("%s: at %s, exact %t; want %s, exact %t", c.path, got, exact, c.want, !c.near)
			}
		})
	}
}

func TestKustomize_ABaseIsJudgedInItsOverlaysOnly(t *testing.T) {
	tree(t, map[string]string{
		"base/kustomization.yaml": "resources: [web.yaml]\n", "base/web.yaml": web,
		"a/kustomization.yaml":      "resources: [../base]\nnamespace: a\n",
		"b/kustomization.yaml":      "resources: [../base]\nnamespace: b\n",
		"deeper/kustomization.yaml": "resources: [../a]\nnamePrefix: x-\n",
		"plain.yaml":                named("plain"),
	})
	r := read(t, loaders.Options{}, "", ".")
	equal(t, "documents", ids(r), []string{
		"b/kustomization.yaml#apps/v1/Deployment/b/web",
		"deeper/kustomization.yaml#apps/v1/Deployment/a/x-web",
		"plain.yaml#v1/ServiceAccount/default/plain",
	})
	equal(t, "diagnostics", len(r.Diagnostics), 0)
}

func TestKustomize_AFailedBuildLeavesItsResourcesToBeJudged(t *testing.T) {
	for name, kustomization := range map[string]string{
		"missing file":            "resources: [web.yaml, gone.yaml]\npatches: [{path: patch.yaml}]\n",
		"unknown field":           "resources: [web.yaml]\nresource: [x.yaml]\npatches: [{path: patch.yaml}]\n",
		"patch without an object": "resources: [web.yaml]\npatches: [{path: patch.yaml}]\n",
		"itself":                  "resources: [web.yaml, ../k]\npatches: [{path: patch.yaml}]\n",
	} {
		t.Run(name, func(t *testing.T) {
			tree(t, map[string]string{
				"k/kustomization.yaml": kustomization, "k/web.yaml": web,
				"k/patch.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: nowhere\n",
			})
			r := read(t, loaders.Options{}, "", ".")
			if !slices.Contains(ids(r), "k/web.yaml#apps/v1/Deployment/default/web") {
				t.Errorf("documents %v", ids(r))
			}
			if got := messages(r, document.Error); len(got) != 1 || !strings.HasPrefix(got[0], "k/kustomization.yaml: ") || r.Failed != 1 {
				t.Errorf("%d failed: %q", r.Failed, got)
			}
		})
	}
}

func TestKustomize_SecretsOfGeneratorsAreSensitiveWhereTheyAreWritten(t *testing.T) {
	tree(t, map[string]string{
		"kustomization.yaml": "secretGenerator:\n- name: s\n  literals:\n  - password=made-up\n  envs: [s.env]\n",
		"s.env":              "# a comment\nTOKEN=made-up-too\n",
	})
	r := read(t, loaders.Options{}, "", ".")
	if len(r.Documents) != 1 {
		t.Fatalf("documents %v", ids(r))
	}
	d := r.Documents[0]
	for key, want := range map[string]string{"password": "password=made-up", "TOKEN": "TOKEN=made-up-too"} {
		path := document.Path{"data", key}
		got, exact := d.Locate(path)
		if got.Text() != want || !exact {
			t.Errorf("%s is found at %q, exact %t", key, got.Text(), exact)
		}
		if !slices.ContainsFunc(d.Sensitive, func(p document.Path) bool { return p.String() == path.String() }) {
			t.Errorf("%s is not sensitive", key)
		}
	}
}

func TestKustomize_FluxObjectsInAFileOfThatNameStayObjects(t *testing.T) {
	tree(t, map[string]string{
		"kustomization.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: apps\nspec:\n  path: ./elsewhere\n",
	})
	r := read(t, loaders.Options{}, "", ".")
	equal(t, "documents", ids(r), []string{"kustomization.yaml#kustomize.toolkit.fluxcd.io/v1/Kustomization/default/apps"})
}

func TestKustomize_NothingIsFetchedOrRun(t *testing.T) {
	for name, kustomization := range map[string]string{
		"git":         "resources: [web.yaml, 'github.com/example/x//base?ref=v1']\n",
		"ssh":         "resources: [web.yaml, 'git@example.com:x/y.git']\n",
		"http":        "resources: [web.yaml, 'https://127.0.0.1:1/x.yaml']\n",
		"component":   "resources: [web.yaml]\ncomponents: ['https://127.0.0.1:1/x.git']\n",
		"patch":       "resources: [web.yaml]\npatches: [{path: 'https://127.0.0.1:1/x.yaml'}]\n",
		"schema":      "resources: [web.yaml]\nopenapi: {path: 'https://127.0.0.1:1/x.json'}\n",
		"replacement": "resources: [web.yaml]\nreplacements: [{path: 'https://127.0.0.1:1/x.yaml'}]\n",
		"chart":       "resources: [web.yaml]\nhelmCharts: [{name: x, repo: 'https://127.0.0.1:1'}]\n",
		"program": "resources: [web.yaml]\ntransformers:\n- |-\n  apiVersion: example.com/v1\n  kind: X\n  metadata:\n    name: x\n" +
			"    annotations:\n      config.kubernetes.io/function: 'exec: {path: ./x.sh}'\n",
		"built-in plugin": "resources: [web.yaml]\ntransformers:\n- |-\n  apiVersion: builtin\n  kind: PatchTransformer\n  metadata: {name: x}\n  path: https://127.0.0.1:1/x.yaml\n",
	} {
		t.Run(name, func(t *testing.T) {
			tree(t, map[string]string{"kustomization.yaml": kustomization, "web.yaml": web})
			r := read(t, loaders.Options{}, "", ".")
			equal(t, "documents", ids(r), []string{"kustomization.yaml#apps/v1/Deployment/default/web"})
			if got := messages(r, document.Warning); len(got) != 1 || r.Failed > 0 {
				t.Errorf("%d failed, %q", r.Failed, got)
			}
			for _, d := range r.Diagnostics {
				if d.Range.Start.Line < 2 && !strings.HasPrefix(kustomization, "resources: [web.yaml, ") {
					t.Errorf("%s: not at its line: %s", place(d.Range), d.Message)
				}
			}
		})
	}
}

func TestKustomize_AProblemInABaseIsToldWhereItIsUsedToo(t *testing.T) {
	tree(t, map[string]string{
		"base/kustomization.yaml": "resources: [gone.yaml, web.yaml]\n", "base/web.yaml": web,
		"a/kustomization.yaml": "resources:\n- ../base\n", "b/kustomization.yaml": "resources:\n- ../base\n",
	})
	r := read(t, loaders.Options{}, "", ".")
	want := "this kustomization cannot be built: base/kustomization.yaml:1:13: gone.yaml: no such file or folder"
	equal(t, "errors", messages(r, document.Error), []string{
		"a/kustomization.yaml: " + want, "b/kustomization.yaml: " + want, "base/kustomization.yaml: gone.yaml: no such file or folder",
	})
	equal(t, "documents", ids(r), []string{"base/web.yaml#apps/v1/Deployment/default/web"})
	equal(t, "failed", r.Failed, 3)
	for _, d := range r.Diagnostics[:2] {
		equal(t, "line", d.Range.Start.Line, 2)
	}
}

func TestKustomize_AWarningAboutASharedBaseIsToldOnce(t *testing.T) {
	tree(t, map[string]string{
		"base/kustomization.yaml": "resources: [web.yaml, 'https://127.0.0.1:1/x.yaml']\n", "base/web.yaml": web,
		"a/kustomization.yaml": "resources: [../base]\n", "b/kustomization.yaml": "resources: [../base]\n",
	})
	r := read(t, loaders.Options{}, "", ".")
	equal(t, "warnings", len(messages(r, document.Warning)), 1)
	equal(t, "documents", len(r.Documents), 2)
}
