package kustomize_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/fixtures"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/kustomize"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// onDisk reads the files below the working directory.
func onDisk() kustomize.Files {
	return kustomize.Files{
		ReadFile: func(name string) ([]byte, error) { return os.ReadFile(filepath.FromSlash(name)) },
		ReadDir: func(name string) ([]string, error) {
			entries, err := os.ReadDir(filepath.FromSlash(name))
			var out []string
			for _, e := range entries {
				out = append(out, e.Name())
			}
			return out, err
		},
	}
}

// build builds the kustomization in a folder below the working directory.
func build(t testing.TB, dir string) (kustomize.Result, *document.Source) {
	t.Helper()
	for _, base := range kustomize.Names() {
		name := filepath.Join(dir, base)
		if content, err := os.ReadFile(name); err == nil {
			src := &document.Source{Name: filepath.ToSlash(name), Content: content}
			return kustomize.Read(src, onDisk()).Build(), src
		}
	}
	t.Fatalf("%s: no kustomization", dir)
	return kustomize.Result{}, nil
}

func failed(r kustomize.Result) bool { return has(r, document.Error) }

func has(r kustomize.Result, level document.Level) bool {
	return slices.ContainsFunc(r.Diagnostics, func(d document.Diagnostic) bool { return d.Level == level })
}

// roots lists the folders below dir that have a kustomization.
func roots(t testing.TB, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && slices.Contains(kustomize.Names(), e.Name()) {
			content, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			if !bytes.Contains(content, []byte("kustomize.toolkit.fluxcd.io")) {
				out = append(out, filepath.Dir(p))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Compact(out)
}

// kubectl builds with the kubectl command, without a way to the network.
func kubectl(dir string) ([]byte, error) {
	cmd := exec.Command("kubectl", "kustomize", "--load-restrictor=LoadRestrictionsNone", dir) //nolint:gosec // a test's own folder
	cmd.Env = append(os.Environ(), "HTTPS_PROXY=http://127.0.0.1:1", "HTTP_PROXY=http://127.0.0.1:1", "GIT_ALLOW_PROTOCOL=none")
	var out, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problem
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, problem.String())
	}
	return out.Bytes(), nil
}

// parsed reads the objects that kubectl has written.
func parsed(text []byte) (map[string]any, error) {
	src := &document.Source{Content: text}
	objects := map[string]any{}
	docs, diags := yamlnode.Parse(src)
	for _, d := range docs {
		value, _, more := yamlnode.Kubernetes.Value(d.Root, src)
		diags = append(diags, more...)
		keep(objects, value)
	}
	if len(diags) > 0 {
		return nil, fmt.Errorf("%v", diags)
	}
	return objects, nil
}

func keep(objects map[string]any, value any) {
	o, _ := value.(map[string]any)
	m, _ := o["metadata"].(map[string]any)
	key := fmt.Sprint(o["apiVersion"], "/", o["kind"], "/", m["namespace"], "/", m["name"])
	for objects[key] != nil {
		key += "'"
	}
	objects[key] = value
}

// compare holds one kustomization to what kubectl builds. It reports what was
// compared: "same", "both fail" or "left out" (remote parts).
func compare(t *testing.T, dir string) string {
	t.Helper()
	got, _ := build(t, dir)
	var want map[string]any
	text, err := kubectl(dir)
	if err == nil {
		want, err = parsed(text)
	}
	switch {
	case has(got, document.Warning) && !failed(got):
		return "left out"
	case err != nil && (failed(got) || has(got, document.Note)):
		return "both fail"
	case err != nil:
		t.Errorf("%s: kubectl fails, we do not: %v", dir, err)
		return "different"
	case failed(got):
		t.Errorf("%s: kubectl builds it, we do not: %v", dir, got.Diagnostics)
		return "different"
	}
	if diff := cmp.Diff(want, objects(got)); diff != "" {
		t.Errorf("%s (-kubectl +got):\n%s", dir, diff)
		return "different"
	}
	return "same"
}

func objects(r kustomize.Result) map[string]any {
	out := map[string]any{}
	for _, o := range r.Objects {
		keep(out, o.Value)
	}
	return out
}

// TestBuild_EqualsWhatKubectlWrote compares the fixtures with what kubectl has
// made of them; testdata/kubectl/README.md says how that was recorded.
func TestBuild_EqualsWhatKubectlWrote(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(fixtures.Path(t, "load", "kustomize"))
	compared := 0
	for _, dir := range roots(t, ".") {
		recorded := filepath.Join(here, "testdata", "kubectl", strings.ReplaceAll(filepath.ToSlash(dir), "/", "-")+".yaml")
		if fixtures.Updating() {
			if text, err := kubectl(dir); err == nil {
				fixtures.Golden(t, recorded, text)
			}
		}
		text, err := os.ReadFile(recorded)
		if err != nil {
			t.Logf("%s: kubectl does not build it", dir)
			continue
		}
		want, err := parsed(text)
		if err != nil {
			t.Fatalf("%s: %v", recorded, err)
		}
		got, _ := build(t, dir)
		if diff := cmp.Diff(want, objects(got)); diff != "" || failed(got) {
			t.Errorf("%s: %v (-kubectl +got):\n%s", dir, got.Diagnostics, diff)
		}
		compared += len(want)
	}
	if compared < 20 {
		t.Errorf("only %d objects were compared", compared)
	}
}

// TestBuild_AgreesWithKubectl compares the fixtures, the corpus, and any folder
// that PLIMSOLL_KUSTOMIZATIONS names.
func TestBuild_AgreesWithKubectl(t *testing.T) {
	if _, err := exec.LookPath("kubectl"); err != nil {
		t.Skip("kubectl is not installed: nothing to compare with")
	}
	folders := map[string]string{
		"fixtures": fixtures.Path(t, "load", "kustomize"),
		"corpus":   os.Getenv("PLIMSOLL_CORPUS"), "public": os.Getenv("PLIMSOLL_KUSTOMIZATIONS"),
	}
	for name, folder := range folders {
		t.Run(name, func(t *testing.T) {
			if folder == "" {
				t.Skip("the environment names no folder for it")
			}
			t.Chdir(folder)
			counts := map[string]int{}
			for _, dir := range roots(t, ".") {
				verdict := compare(t, dir)
				counts[verdict]++
				if verdict != "same" {
					t.Logf("%s: %s", verdict, dir)
				}
			}
			t.Log(counts)
			if counts["same"] == 0 {
				t.Error("nothing was compared")
			}
		})
	}
}

// checked makes sure that messages name no folder of this machine.
func TestBuild_MessagesNameFilesAsReportsDo(t *testing.T) {
	t.Chdir(fixtures.Path(t, "load", "kustomize"))
	cwd, _ := os.Getwd()
	for _, dir := range roots(t, ".") {
		got, _ := build(t, dir)
		for _, d := range got.Diagnostics {
			if strings.Contains(d.Message, cwd) {
				t.Errorf("%s: %s", dir, d.Message)
			}
		}
	}
}
