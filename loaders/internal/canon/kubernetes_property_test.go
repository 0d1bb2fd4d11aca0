package canon

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/schema"
)

// words are the keys that handlers look for, so that random values reach deep.
func words() []string {
	return strings.Fields(`metadata name namespace labels annotations spec template jobTemplate data stringData
		containers initContainers ephemeralContainers securityContext runAsUser runAsNonRoot seccompProfile type
		capabilities volumes hostNetwork serviceAccountName serviceAccount nodeSelector os rules http paths backend
		service port subjects roleRef kind verbs apiGroups ingress egress policyTypes podSelector selector parameters
		encrypted provisioner mapRoles mapUsers mapAccounts rolearn groups headGroupSpec workerGroupSpecs templates
		container script containerSet subject namespaces pods specs endpointSelector csi backendRefs webhooks`)
}

func randomValue(depth int) *rapid.Generator[any] {
	scalar := rapid.OneOf(
		rapid.Just[any](nil), rapid.Just[any](true), rapid.Just[any]("- a: [b"), rapid.Just[any]("${"),
		rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		rapid.Map(rapid.String(), func(s string) any { return s }),
	)
	if depth == 0 {
		return scalar
	}
	return rapid.Custom(func(t *rapid.T) any {
		switch rapid.IntRange(0, 4).Draw(t, "shape") {
		case 0:
			return scalar.Draw(t, "scalar")
		case 1:
			return rapid.SliceOfN(randomValue(depth-1), 0, 3).Draw(t, "list")
		}
		key := rapid.OneOf(rapid.SampledFrom(words()), rapid.String())
		return rapid.MapOfN(key, randomValue(depth-1), 0, 5).Draw(t, "object")
	})
}

// places lists the paths of all values in v.
func places(v any, at document.Path) []document.Path {
	out := []document.Path{at}
	switch v := v.(type) {
	case []any:
		for i := range v {
			out = append(out, places(v[i], at.Append(i))...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out = append(out, places(v[key], at.Append(key))...)
		}
	}
	return out
}

func TestKubernetes_AnyValueOfAnyKindIsRead(t *testing.T) {
	kinds := slices.Sorted(maps.Keys(kubernetesTypes()))
	rapid.Check(t, func(t *rapid.T) {
		kind := strings.ReplaceAll(rapid.SampledFrom(kinds).Draw(t, "kind"), "*", "v1")
		raw, _ := randomValue(6).Draw(t, "raw").(map[string]any)
		d := &document.Document{ID: "x", Kind: kind, Name: "aws-auth", Namespace: "kube-system", Raw: raw, RawStates: document.States{}}
		paths := places(raw, document.Path{})
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(paths)-1), 0, 3).Draw(t, "unknown") {
			kind := rapid.SampledFrom([]document.StateKind{document.Unknown, document.Partial, document.Defaulted}).Draw(t, "state")
			switch {
			case len(paths[i]) == 0: // a document is never unknown as a whole
				kind = document.Partial
			case kind == document.Unknown:
				hide(raw, paths[i])
			}
			d.RawStates[paths[i].String()] = document.State{Kind: kind}
		}
		h := kubernetesHandler(kind)
		if h == nil {
			return // a kind of derived documents
		}
		for _, made := range append(h(d), d) {
			if typ := schema.Lookup(made.Type); typ != nil {
				if bad := unfit(made.Attr, schema.NewBuilder().Attr(typ), "attr"); bad != "" {
					t.Fatalf("%s (%s): %s", kind, made.Type, bad)
				}
			}
			for path, state := range made.States {
				if _, err := document.ParsePath(path); err != nil {
					t.Fatalf("state of %q: %v", path, err)
				}
				parsed, _ := document.ParsePath(path)
				if v, _ := document.At(made.Attr, parsed); state.Kind == document.Unknown && v != nil {
					t.Fatalf("%s is unknown and %v", path, v)
				}
			}
			made.Place(document.Path{"containers", 0, "effective", "run_as_user"})
		}
	})
}

// TestKubernetes_EveryHiddenLeafIsUnknownAtItsCanonicalPath takes a Deployment
// with every kind of field and hides one leaf after the other.
func TestKubernetes_EveryHiddenLeafIsUnknownAtItsCanonicalPath(t *testing.T) {
	full := fullPod + `
      volumes: [{name: a, hostPath: {path: /}}, {name: b, secret: {secretName: s, items: [{key: k, path: p}]}}]
      tolerations: [{operator: Exists}]
      nodeSelector: {kubernetes.io/os: linux}
`
	first, _ := canonical(t, full, nil)
	pod := document.Path{"spec", "template", "spec"}
	lists := map[any]int{"containers": 0, "initContainers": 2, "ephemeralContainers": 3}
	checked := 0
	for _, path := range places(first.Raw, document.Path{}) {
		if v, _ := document.At(first.Raw, path); len(path) <= len(pod) || !path.HasPrefix(pod) || isCollection(v) {
			continue
		}
		want := []string{"pod." + path[len(pod):].String()}
		if offset, ok := lists[path[3]]; ok {
			n := path[4].(int) + offset
			want = append(want, document.Path{"containers", n}.Append(path[5:]...).String())
		}
		d, _ := canonical(t, full, document.States{path.String(): unknownState(document.Unknown)})
		for _, canonicalPath := range want {
			if d.States[canonicalPath].Kind != document.Unknown {
				t.Errorf("%s hidden: %s is %q", path, canonicalPath, d.States[canonicalPath].Kind)
			}
			p, err := document.ParsePath(canonicalPath)
			if err != nil {
				t.Fatal(err)
			}
			if back := d.RawPath(p).String(); back != path.String() {
				t.Errorf("%s leads back to %s, want %s", canonicalPath, back, path)
			}
			checked++
		}
	}
	if checked < 40 {
		t.Errorf("only %d leaves were checked", checked)
	}
}

func isCollection(v any) bool {
	switch v.(type) {
	case []any, map[string]any:
		return true
	}
	return false
}

// corpus returns the folder of real inputs.
func corpusFolder(t testing.TB, folder string) string {
	t.Helper()
	root := os.Getenv("PLIMSOLL_CORPUS")
	if root == "" {
		t.Skip("PLIMSOLL_CORPUS is not set: no real inputs to read")
	}
	return filepath.Join(root, folder)
}

func yamlFiles(t testing.TB, folder string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if ext := filepath.Ext(path); err == nil && !entry.IsDir() && (ext == ".yaml" || ext == ".yml" || ext == ".json") {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestCorpus_EveryWorkloadHasItsContainers reads real manifests and counts: no
// object of a known kind is without its pod, and every path leads somewhere.
func TestCorpus_EveryWorkloadHasItsContainers(t *testing.T) {
	counts := map[string]int{}
	for _, folder := range []string{"helm", "manifests", "psa", "kubescape", "checkov/kubernetes", "kics/k8s", "trivy-checks/kubernetes"} {
		for _, file := range yamlFiles(t, corpusFolder(t, folder)) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range manifests(t, filepath.Base(file), string(text)) {
				h := kubernetesHandler(d.Kind)
				if h == nil {
					continue
				}
				for _, made := range append(h(d), d) {
					counts[made.Type]++
					checkCorpusDocument(t, file, made)
				}
			}
		}
	}
	t.Logf("canonical documents: %v", counts)
	for typ, least := range map[string]int{"workload": 400, "service": 100, "rbac_role": 50, "network_policy": 10, "config_map": 30} {
		if counts[typ] < least {
			t.Errorf("%d of %s, want at least %d", counts[typ], typ, least)
		}
	}
}

func checkCorpusDocument(t *testing.T, file string, d *document.Document) {
	t.Helper()
	for _, path := range slices.Sorted(maps.Keys(d.Written)) {
		raw := d.Written[path]
		canonical, err := document.ParsePath(path)
		if err != nil {
			t.Errorf("%s: %s: %v", file, d.ID, err)
		}
		// A value nobody wrote has the place it would have; exposure is derived.
		_, known := document.At(d.Attr, canonical)
		state := d.States[path].Kind
		v, _ := document.At(d.Raw, raw)
		written := v != nil || len(raw) == 0
		switch {
		case known && state != document.Defaulted && !written && !isDerivedFromDefault(d, path):
			t.Errorf("%s: %s: %s is written at %s, which does not exist", file, d.ID, path, raw)
		case !known && state == "" && written && len(raw) > 0 && !isContainer(canonical):
			t.Errorf("%s: %s: %s is written at %s, and not known", file, d.ID, path, raw)
		}
		if d.Locator() == nil {
			continue
		}
		// A value nobody wrote has the place it would have, at its nearest parent.
		if _, r, exact := d.Place(canonical); r.IsZero() || exact && !written {
			t.Errorf("%s: %s: %s has the place %v, exact %t", file, d.ID, path, r.Start, exact)
		}
	}
	if d.Type != workloadType {
		return
	}
	containers, _ := d.Attr["containers"].([]any)
	for i, c := range containers {
		container := c.(map[string]any)
		raw, _ := document.At(d.Raw, d.RawPath(document.Path{"containers", i, "name"}))
		if fmt.Sprint(raw) != fmt.Sprint(container["name"]) {
			t.Errorf("%s: %s: container %d is %v, the raw one %v", file, d.ID, i, container["name"], raw)
		}
		if _, r, _ := d.Place(document.Path{"containers", i}); r.IsZero() {
			t.Errorf("%s: %s: container %d has no place", file, d.ID, i)
		}
	}
}

// isDerivedFromDefault is true of the exposure of a Service whose type nobody
// wrote.
func isDerivedFromDefault(d *document.Document, path string) bool {
	return path == "exposure" && d.Type == "service" && d.States["type"].Kind == document.Defaulted
}

// isContainer is true of paths that say where a value belongs rather than what
// it is.
func isContainer(path document.Path) bool {
	return len(path) == 1 && (path[0] == "pod" || path[0] == "containers" || path[0] == "backends")
}

func BenchmarkWorkloads(b *testing.B) {
	docs := make([]*document.Document, 10_000)
	for i := range docs {
		docs[i] = manifests(b, "bench.yaml", fullPod)[0]
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, d := range docs {
			kubernetesHandler(d.Kind)(d)
		}
	}
}
