package loaders_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/fixtures"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// ownChart copies a chart of the fixtures, so that a test may change it.
func ownChart(t *testing.T, elem ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), elem[len(elem)-1])
	if err := os.CopyFS(dir, os.DirFS(fixtures.Path(t, append([]string{"load", "helm-chart"}, elem...)...))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// What helm has written is in testdata/helm-template; the README there says how.
func TestChart_ObjectsOfOwnChartEqualWhatHelmWrote(t *testing.T) {
	golden, err := filepath.Abs(filepath.Join("testdata", "helm-template"))
	if err != nil {
		t.Fatal(err)
	}
	dir := fixtures.Path(t, "load", "helm-chart", "shop")
	for _, c := range []struct {
		values, golden string
		least          int
	}{
		{"", "web.yaml", 10},
		{filepath.Join(dir, "web", "ci", "small-values.yaml"), "web-small.yaml", 8},
		{filepath.Join(golden, "odd.yaml"), "web-odd.yaml", 10},
	} {
		text, err := os.ReadFile(filepath.Join(golden, c.golden))
		if err != nil {
			t.Fatal(err)
		}
		want := objectsOf(t, string(text))
		options := loaders.Options{KubeVersion: kubeVersion}
		if c.values != "" {
			content, err := os.ReadFile(c.values)
			if err != nil {
				t.Fatal(err)
			}
			options.HelmValues = []loaders.ValuesFile{{Name: c.golden, Content: content}}
		}
		got := ourObjects(t, load(t, dir, options, "web"))
		if diff := cmp.Diff(want, got); diff != "" || len(want) < c.least {
			t.Errorf("%s: %d objects differ (-helm +plimsoll):\n%s", c.golden, len(want), diff)
		}
	}
}

// pack writes a folder as a .tgz, as helm package does.
func pack(t *testing.T, dir, archive string) {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(filepath.Dir(dir), name)
		if err != nil {
			return err
		}
		if err := w.WriteHeader(&tar.Header{Name: filepath.ToSlash(rel), Mode: 0o644, Size: int64(len(content))}); err != nil {
			return err
		}
		_, err = w.Write(content)
		return err
	})
	for _, err := range []error{err, w.Close(), z.Close(), os.WriteFile(archive, b.Bytes(), 0o600)} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestChart_ArchiveIsReadLikeItsFolder(t *testing.T) {
	dir := ownChart(t, "shop", "web")
	want := ourObjects(t, load(t, filepath.Dir(dir), loaders.Options{}, "web"))
	// The subchart is packed too, in what becomes the archive.
	cache := filepath.Join(dir, "charts", "cache")
	pack(t, cache, cache+"-0.3.0.tgz")
	if err := os.RemoveAll(cache); err != nil {
		t.Fatal(err)
	}
	// Archives have what helm package has put in; nothing in them is ignored.
	if err := os.Remove(filepath.Join(dir, "templates", "old.yaml.bak")); err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	pack(t, dir, filepath.Join(root, "web-1.4.0.tgz"))
	r := load(t, root, loaders.Options{}, ".")
	if diff := cmp.Diff(want, ourObjects(t, r)); diff != "" || r.Read != 1 {
		t.Errorf("read %d files, %v, %v (-folder +archive):\n%s", r.Read, r.PassedOver, errorsOf(r), diff)
	}
	for _, d := range r.Documents {
		if d.Kind != "apps/v1/StatefulSet" || d.Parent != nil {
			continue
		}
		at, exact := d.Locate(document.Path{"spec", "template", "spec", "hostNetwork"})
		if got, want := place(at), "web-1.4.0.tgz/charts/cache-0.3.0.tgz/templates/statefulset.yaml:14:20-14:45"; got != want || !exact {
			t.Errorf("hostNetwork is at %s, exact %v, want %s", got, exact, want)
		}
	}
}

func TestChart_ValueThatDrivesAScalarIsNamed(t *testing.T) {
	r := load(t, fixtures.Path(t, "load", "helm-chart", "shop"), loaders.Options{}, "web")
	driven := func(kind, path string) []string {
		p, err := document.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range r.Documents {
			if d.Kind == kind && d.Parent == nil {
				var out []string
				for _, tr := range d.Trace(p) {
					out = append(out, fmt.Sprintf("%s:%d %s", tr.Range.File(), tr.Range.Start.Line, tr.Message))
				}
				return out
			}
		}
		t.Fatalf("no %s", kind)
		return nil
	}
	for _, c := range []struct {
		kind, path string
		want       []string
	}{
		{"apps/v1/Deployment", "spec.template.spec.containers[0].securityContext.privileged", []string{"web/values.yaml:10 driven by securityContext.privileged"}},
		{"apps/v1/Deployment", "spec.template.spec.securityContext.fsGroup", []string{"web/values.yaml:8 driven by podSecurityContext.fsGroup"}},
		{"apps/v1/Deployment", "spec.replicas", []string{"web/values.yaml:2 driven by replicas"}},
		{"apps/v1/Deployment", "spec.template.spec.hostPID", nil},
		{"apps/v1/Deployment", "spec.template.metadata.labels.team", []string{
			"web/templates/deployment.yaml:15 included from here", "web/values.yaml:35 driven by global.team",
		}},
		{"apps/v1/StatefulSet", "spec.template.spec.hostNetwork", []string{"web/values.yaml:33 driven by cache.hostNetwork"}},
		{"apps/v1/StatefulSet", "spec.template.spec.containers[0].ports[0].containerPort", []string{"web/charts/cache/values.yaml:2 driven by cache.port"}},
		{"batch/v1/Job", "spec.template.spec.hostIPC", []string{
			"web/templates/migrate.yaml:11 included from here", "web/templates/migrate.yaml:6 a Helm hook: runs at pre-install,pre-upgrade only",
		}},
	} {
		if diff := cmp.Diff(c.want, driven(c.kind, c.path)); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", c.kind, c.path, diff)
		}
	}
}

func TestChart_OptionsChangeValues(t *testing.T) {
	o := loaders.Options{
		KubeVersion: "1.31",
		HelmValues: []loaders.ValuesFile{
			{Name: "a.yaml", Content: []byte("replicas: 5\ntags: {with-sessions: true}\n")},
			{Name: "b.yaml", Content: []byte("replicas: 6\n")},
		},
		HelmSet: []string{"image.tag=9,cache.enabled=false"},
	}
	r := load(t, fixtures.Path(t, "load", "helm-chart", "shop"), o, "web")
	got := map[string]any{}
	for _, d := range r.Documents {
		if d.Parent != nil || d.Metadata["helm:values"] != "" {
			continue
		}
		for _, path := range []string{"spec.replicas", "spec.template.spec.containers[0].image", "data.kubernetes"} {
			p, err := document.ParsePath(path)
			if err != nil {
				t.Fatal(err)
			}
			if v, ok := document.At(d.Raw, p); ok {
				got[d.Address+" "+path] = v
			}
		}
	}
	want := map[string]any{
		"default/Deployment/web-web spec.replicas":                             int64(6),
		"default/Deployment/web-web spec.template.spec.containers[0].image":    "registry.example.com/shop/web:9",
		"default/ConfigMap/web-web data.kubernetes":                            "31",
		"data/StatefulSet/web-sessions spec.template.spec.containers[0].image": "registry.example.com/cache:7",
		"default/Job/web-web-migrate spec.template.spec.containers[0].image":   "registry.example.com/shop/migrate:2.1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Every scalar of every real chart must be found, in the text that wrote it.
func TestChart_ScalarsOfRealChartsAreFound(t *testing.T) {
	scalars, literal := 0, 0
	for _, dir := range realCharts(t) {
		r := load(t, filepath.Dir(dir), loaders.Options{KubeVersion: kubeVersion}, filepath.Base(dir))
		for _, d := range r.Documents {
			if d.Metadata["helm:chart"] == "" || d.Parent != nil {
				continue
			}
			checkDocument(t, d)
			leaves(d.Raw, nil, func(p document.Path, v any) {
				switch v.(type) {
				case map[string]any, []any, nil:
					return
				}
				scalars++
				if at, _ := d.Locate(p); !strings.Contains(at.Text(), "{{") {
					literal++
				}
			})
			if t.Failed() {
				return
			}
		}
	}
	t.Logf("%d scalars found, %d of them written as they are", scalars, literal)
}

func TestChart_RenderedStreamLeadsToTheChartInTheTree(t *testing.T) {
	dir := ownChart(t, "shop", "web")
	text, err := os.ReadFile(filepath.Join("testdata", "helm-template", "web.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Dir(dir)
	stream := strings.ReplaceAll(string(text), "web-web", "prod-web")
	if err := os.WriteFile(filepath.Join(root, "rendered.yaml"), []byte(stream), 0o600); err != nil {
		t.Fatal(err)
	}
	r := load(t, root, loaders.Options{}, ".")
	traced := 0
	for _, d := range r.Documents {
		if d.Metadata["helm:chart"] != "" || d.Parent != nil {
			continue
		}
		traced++
		trace := d.Trace(document.Path{"metadata", "name"})
		if len(trace) != 1 || !strings.HasSuffix(d.Metadata["helm:template"], strings.TrimPrefix(trace[0].Range.File(), "web/")) {
			t.Errorf("%s of %s comes from %v", d.Address, d.Metadata["helm:template"], trace)
		}
		if d.Name == "prod-web-metrics" && trace[0].Range.Start.Line != 6 {
			t.Errorf("%s comes from line %d", d.Name, trace[0].Range.Start.Line)
		}
	}
	if traced != 10 {
		t.Errorf("%d documents of the stream", traced)
	}
}

// simple is a chart of one template.
func simple(template string) map[string]string {
	return map[string]string{
		"app/Chart.yaml":       "apiVersion: v2\nname: app\nversion: 0.1.0\n",
		"app/templates/a.yaml": template,
	}
}

func TestChart_KubeVersionIsThatOfTheClusterInTheInput(t *testing.T) {
	cluster := func(name, version string) string {
		return "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata:\n  name: " + name + "\n  region: eu-west-1\n  version: \"" + version + "\"\n"
	}
	for _, c := range []struct {
		versions []string
		option   string
		want     string
	}{
		{nil, "", "v35"},
		{[]string{"1.32"}, "", "v32"},
		{[]string{"1.32", "1.32"}, "", "v32"},
		{[]string{"1.32", "1.33"}, "", "v35"},
		{[]string{"1.32"}, "1.30", "v30"},
		{[]string{"latest"}, "", "v35"},
	} {
		files := simple("apiVersion: v1\nkind: Pod\nmetadata:\n  name: v{{ .Capabilities.KubeVersion.Minor }}\n")
		for i, v := range c.versions {
			files[fmt.Sprintf("z%d.yaml", i)] = cluster(fmt.Sprint("c", i), v)
		}
		tree(t, files)
		r := read(t, loaders.Options{KubeVersion: c.option}, "", ".")
		name := ""
		for _, d := range r.Documents {
			if d.Kind == "v1/Pod" {
				name = d.Name
			}
		}
		if name != c.want {
			t.Errorf("clusters of %v, option %q: rendered for %s, want %s (%v)", c.versions, c.option, name, c.want, r.Diagnostics)
		}
	}
}

func TestChart_ObjectsSayWithWhichValuesTheyWereRendered(t *testing.T) {
	files := simple("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: {{ if .Values.debug }}true{{ else }}false{{ end }}\n" +
		"  hostIPC: {{ .Values.debug }}\n")
	files["app/values.yaml"] = "debug: false\n"
	files["app/ci/a-values.yaml"] = "other: 1\ndebug: true\n"
	tree(t, files)
	r := read(t, loaders.Options{}, "", ".")
	if len(r.Documents) != 2 {
		t.Fatalf("documents %v, %v", ids(r), r.Diagnostics)
	}
	for field, want := range map[string]string{
		"hostPID": "app/ci/a-values.yaml:2:1 driven by debug", "hostIPC": "app/ci/a-values.yaml:2:1 driven by debug", "dnsPolicy": "app/ci/a-values.yaml:1:1 rendered with these values",
	} {
		var got []string
		for _, trace := range r.Documents[1].Trace(document.Path{"spec", field}) {
			got = append(got, fmt.Sprintf("%s:%d:%d %s", trace.Range.File(), trace.Range.Start.Line, trace.Range.Start.Column, trace.Message))
		}
		equal(t, field, strings.Join(got, ", "), want)
		if own := r.Documents[0].Trace(document.Path{"spec", "dnsPolicy"}); len(own) > 0 {
			t.Errorf("with its own values: %v", own)
		}
	}
}

func TestChart_OnlyValuesOfTheAuthorsMakeItRender(t *testing.T) {
	files := simple("apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ required \"a name is needed\" .Values.name }}\n")
	tree(t, files)
	if r := read(t, loaders.Options{}, "", "."); r.Failed != 1 || len(messages(r, document.Error)) != 1 {
		t.Errorf("without values: %d failed, %v", r.Failed, r.Diagnostics)
	}
	files["app/ci/a-values.yaml"] = "name: a\n"
	files["app/ci/b-values.yaml"] = "name: a\nother: b\n"
	tree(t, files)
	r := read(t, loaders.Options{}, "", ".")
	equal(t, "ids", ids(r), []string{"app/templates/a.yaml#v1/Pod/default/a"})
	equal(t, "warnings", messages(r, document.Warning), []string{
		"app/templates/a.yaml: with its default values: the chart cannot be rendered: execution error at (app/templates/a.yaml:4:11): a name is needed",
	})
	if r.Failed != 0 {
		t.Errorf("%d failed: %v", r.Failed, r.Diagnostics)
	}
}

func TestChart_HelmFunctionsThatDifferEveryTimeAreFixed(t *testing.T) {
	const template = `apiVersion: v1
kind: Secret
metadata:
  name: a
stringData:
  password: {{ randAlphaNum 12 | quote }}
  ca: {{ (genCA "x" 365).Cert | b64enc }}
  id: {{ uuidv4 }}
  time: {{ now | date "2006-01-02" | quote }}
  shuffled: {{ shuffle "abcdef" }}
`
	tree(t, simple(template))
	first := asJSON(t, render(read(t, loaders.Options{}, "", ".")))
	second := asJSON(t, render(read(t, loaders.Options{}, "", ".")))
	if diff := cmp.Diff(string(first), string(second)); diff != "" {
		t.Errorf("two runs differ:\n%s", diff)
	}
}

func TestChart_RefusesToCountToABillion(t *testing.T) {
	for _, action := range []string{"range until 1000000000", "range untilStep 0 1000000000 1", "with seq 1000000000", "with repeat 1000000000 \"abc\"", "with randAlphaNum 1000000000"} {
		tree(t, simple("apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  {{ "+action+" }}\n  # {{ . }}\n  {{ end }}\n"))
		if got := messages(read(t, loaders.Options{}, "", "."), document.Error); len(got) != 1 || !strings.Contains(got[0], "more than a million") {
			t.Errorf("%s: %q", action, got)
		}
	}
}

func TestChart_SchemaThatRefersElsewhereIsNotFetched(t *testing.T) {
	files := simple(named("a"))
	files["app/values.schema.json"] = `{"$ref": "https://127.0.0.1:1/schema.json"}`
	tree(t, files)
	r := read(t, loaders.Options{}, "", ".")
	if got := messages(r, document.Warning); len(got) != 1 || !strings.Contains(got[0], "not checked against app/values.schema.json") || r.Failed != 0 {
		t.Errorf("%d failed: %v", r.Failed, r.Diagnostics)
	}
	files["app/values.schema.json"] = `{"$schema": "http://json-schema.org/draft-07/schema#", "required": ["replicas"]}`
	tree(t, files)
	if got := messages(read(t, loaders.Options{}, "", "."), document.Error); len(got) != 1 || !strings.Contains(got[0], "replicas") {
		t.Errorf("values against the schema: %q", got)
	}
}
