package loaders_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// realCharts lists the chart folders and archives in the folder that
// PLIMSOLL_CHARTS names. They are other people's and not in the repository.
func realCharts(t *testing.T) []string {
	t.Helper()
	root := os.Getenv("PLIMSOLL_CHARTS")
	if root == "" {
		t.Skip("PLIMSOLL_CHARTS is not set: no real charts to render")
	}
	var out []string
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		dir := filepath.Join(root, e.Name())
		if _, err := os.Stat(filepath.Join(dir, "Chart.yaml")); err == nil || strings.HasSuffix(dir, ".tgz") {
			out = append(out, dir)
		}
	}
	return out
}

// kubeVersion is that of the comparison: helm and Plimsoll have defaults of
// their own.
const kubeVersion = "1.35.0"

// helmObjects asks the helm command. Templates may make random values: what
// differs between two runs is left out of both answers.
func helmObjects(t *testing.T, helm, dir, name string, values ...string) (objects map[string]any, unstable []document.Path, problem string) {
	t.Helper()
	args := []string{"template", name, dir, "--include-crds", "--kube-version", kubeVersion, "--namespace", "default"}
	for _, v := range values {
		args = append(args, "--values", v)
	}
	run := func() map[string]any {
		command := exec.Command(helm, args...)
		var stderr bytes.Buffer
		command.Stderr = &stderr
		out, err := command.Output()
		if err != nil {
			problem = stderr.String()
		}
		return objectsOf(t, string(out))
	}
	objects = run()
	again := run()
	for _, key := range sortedKeys(objects) {
		differing(objects[key], again[key], document.Path{key}, func(p document.Path) { unstable = append(unstable, p) })
	}
	return objects, unstable, problem
}

// objectsOf reads a stream with the library that Kubernetes itself uses.
func objectsOf(t *testing.T, stream string) map[string]any {
	t.Helper()
	out := map[string]any{}
	for part := range strings.SplitSeq("\n"+stream, "\n---") {
		if at := strings.IndexByte(part, '\n'); at >= 0 && strings.TrimSpace(part[:at]) == "" {
			part = part[at:]
		}
		var v map[string]any
		if err := yaml.Unmarshal([]byte(part), &v); err != nil {
			t.Errorf("helm wrote what cannot be read: %v", err)
		}
		keep(out, v)
	}
	return out
}

func keep(into, v map[string]any) {
	kind, _ := v["kind"].(string)
	if kind == "" || v["apiVersion"] == nil {
		return
	}
	if items, ok := v["items"].([]any); ok && strings.HasSuffix(kind, "List") {
		for _, item := range items {
			if m, ok := item.(map[string]any); ok {
				keep(into, m)
			}
		}
		return
	}
	meta, _ := v["metadata"].(map[string]any)
	key, _ := json.Marshal([]any{v["apiVersion"], kind, meta["namespace"], meta["name"], meta["generateName"]})
	id := string(key)
	for into[id] != nil {
		id += "~"
	}
	into[id] = v
}

// differing calls f for the paths at which two values differ.
func differing(a, b any, at document.Path, f func(document.Path)) {
	switch a := a.(type) {
	case map[string]any:
		if b, ok := b.(map[string]any); ok && slices.Equal(sortedKeys(a), sortedKeys(b)) {
			for _, k := range sortedKeys(a) {
				differing(a[k], b[k], at.Append(k), f)
			}
			return
		}
	case []any:
		if b, ok := b.([]any); ok && len(a) == len(b) {
			for i := range a {
				differing(a[i], b[i], at.Append(i), f)
			}
			return
		}
	}
	if !cmp.Equal(a, b) {
		f(at)
	}
}

// blank replaces the value at a path.
func blank(v any, path document.Path) any {
	if len(path) == 0 {
		return "(differs every time)"
	}
	switch e := path[0].(type) {
	case string:
		if m, ok := v.(map[string]any); ok {
			m[e] = blank(m[e], path[1:])
		}
	case int:
		if l, ok := v.([]any); ok && e < len(l) {
			l[e] = blank(l[e], path[1:])
		}
	}
	return v
}

// ourObjects are those of one rendering: "" for that with default values.
func ourObjects(t *testing.T, r loaders.Result) map[string]any {
	t.Helper()
	out := map[string]any{}
	for _, d := range r.Documents {
		if d.Parent != nil || d.Metadata["helm:chart"] == "" || d.Metadata["helm:values"] != "" {
			continue
		}
		text, err := json.Marshal(d.Raw)
		if err != nil {
			t.Fatal(err)
		}
		var v map[string]any
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatal(err)
		}
		keep(out, v)
	}
	return out
}

func errorsOf(r loaders.Result) []string {
	var out []string
	for _, d := range r.Diagnostics {
		if d.Level == document.Error {
			out = append(out, place(d.Range)+": "+d.Message)
		}
	}
	sort.Strings(out)
	return out
}

func TestChart_ObjectsEqualThoseOfHelm(t *testing.T) {
	charts := realCharts(t)
	helm := os.Getenv("PLIMSOLL_HELM")
	if helm == "" {
		t.Skip("PLIMSOLL_HELM does not name the helm command to compare with")
	}
	total, rendered, failed := 0, 0, 0
	for _, dir := range charts {
		ci, err := filepath.Glob(filepath.Join(dir, "ci", "*-values.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, values := range append([]string{""}, ci...) {
			name := filepath.Base(dir)
			if values != "" {
				name += "/" + filepath.Base(values)
			}
			t.Run(name, func(t *testing.T) {
				switch n := compareChart(t, helm, dir, values); {
				case n >= 0:
					total, rendered = total+n, rendered+1
				default:
					failed++
				}
			})
		}
	}
	t.Logf("%d renderings with %d objects compared, %d that helm refuses", rendered, total, failed)
}

// complete returns the chart's name, and the folder to give to helm: a copy
// without the dependencies that are missing, which Helm wants and Plimsoll
// reports.
func complete(t *testing.T, dir string) (folder, name string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, "Chart.yaml"))
	if err != nil {
		return dir, strings.TrimSuffix(filepath.Base(dir), ".tgz")
	}
	var meta map[string]any
	if err := yaml.Unmarshal(content, &meta); err != nil {
		return dir, filepath.Base(dir)
	}
	name, _ = meta["name"].(string)
	list, _ := meta["dependencies"].([]any)
	kept := slices.DeleteFunc(slices.Clone(list), func(e any) bool {
		wanted, _ := e.(map[string]any)["name"].(string)
		found, _ := filepath.Glob(filepath.Join(dir, "charts", wanted+"*"))
		return len(found) == 0
	})
	if len(kept) == len(list) {
		return dir, name
	}
	folder = filepath.Join(t.TempDir(), filepath.Base(dir))
	if err := os.CopyFS(folder, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	meta["dependencies"] = kept
	text, err := yaml.Marshal(meta)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(folder, "Chart.lock")); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "Chart.yaml"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	return folder, name
}

// dropRandom takes an object whose name differs every time out of both.
func dropRandom(want, got map[string]any, key string) {
	kind := want[key].(map[string]any)["kind"]
	delete(want, key)
	for _, k := range sortedKeys(got) {
		if want[k] == nil && got[k].(map[string]any)["kind"] == kind {
			delete(got, k)
			return
		}
	}
}

// compareChart returns how many objects were compared, -1 where helm refuses.
func compareChart(t *testing.T, helm, dir, values string) int {
	t.Helper()
	options := loaders.Options{KubeVersion: kubeVersion}
	var files []string
	if values != "" {
		content, err := os.ReadFile(values)
		if err != nil {
			t.Fatal(err)
		}
		options.HelmValues = []loaders.ValuesFile{{Name: "values", Content: content}}
		files = []string{values}
	}
	r := load(t, filepath.Dir(dir), options, filepath.Base(dir))
	folder, name := complete(t, dir)
	want, unstable, problem := helmObjects(t, helm, folder, name, files...)
	if problem != "" {
		if len(errorsOf(r)) == 0 && folder == dir && !strings.Contains(problem, "library charts are not installable") {
			t.Errorf("helm refuses this chart, we do not: %s", problem)
		}
		t.Logf("helm: %s\nplimsoll: %s", problem, strings.Join(errorsOf(r), "\n"))
		return -1
	}
	got := ourObjects(t, r)
	for _, p := range unstable {
		if len(p) == 1 { // a random name
			dropRandom(want, got, p[0].(string))
			continue
		}
		blank(want, p)
		blank(got, p)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("objects differ (-helm +plimsoll), errors %v:\n%s", errorsOf(r), diff)
	}
	return len(want)
}
