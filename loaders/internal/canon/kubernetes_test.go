package canon

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// manifests reads Kubernetes objects as the loader does.
func manifests(t testing.TB, name, text string) []*document.Document {
	t.Helper()
	src := &document.Source{Name: name, Content: []byte(text)}
	parsed, _ := yamlnode.Parse(src)
	var out []*document.Document
	for _, p := range parsed {
		if p.Root == nil {
			continue
		}
		value, tree, _ := yamlnode.Kubernetes.Value(p.Root, src)
		out = append(out, objects(name, value, tree)...)
	}
	return out
}

func objects(name string, value any, tree *document.Tree) []*document.Document {
	raw, ok := value.(map[string]any)
	if !ok {
		return nil
	}
	if items, ok := raw["items"].([]any); ok {
		var out []*document.Document
		for i, item := range items {
			sub, _ := tree.Sub(document.Path{"items", i})
			out = append(out, objects(name, item, sub)...)
		}
		return out
	}
	version, _ := raw["apiVersion"].(string)
	kind, _ := raw["kind"].(string)
	if version == "" || kind == "" {
		return nil
	}
	d := &document.Document{Format: "kubernetes", Kind: version + "/" + kind, Action: document.Present, Raw: raw}
	metadata, _ := raw["metadata"].(map[string]any)
	d.Name, _ = metadata["name"].(string)
	if d.Namespace, _ = metadata["namespace"].(string); d.Namespace == "" {
		d.Namespace = "default"
	}
	d.ID = name + "#" + d.Kind + "/" + d.Namespace + "/" + d.Name
	d.Address = d.Namespace + "/" + kind + "/" + d.Name
	d.SetLocator(tree)
	return []*document.Document{d}
}

// canonical reads one object and completes it; states are added as a loader
// would that does not know some values, which are taken out of Raw.
func canonical(t testing.TB, text string, states document.States) (*document.Document, []*document.Document) {
	t.Helper()
	docs := manifests(t, "test.yaml", text)
	if len(docs) != 1 {
		t.Fatalf("%d documents, want 1", len(docs))
	}
	d := docs[0]
	for text, state := range states {
		path, err := document.ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		if state.Kind == document.Unknown {
			hide(d.Raw, path)
		}
	}
	d.RawStates = states
	h := kubernetesHandler(d.Kind)
	if h == nil {
		t.Fatalf("%s has no handler", d.Kind)
	}
	return d, h(d)
}

// hide takes a value out of an object, or makes it null in a list.
func hide(raw any, path document.Path) {
	parent, _ := document.At(raw, path[:len(path)-1])
	switch parent := parent.(type) {
	case map[string]any:
		if key, ok := path[len(path)-1].(string); ok {
			delete(parent, key)
		}
	case []any:
		if i, ok := path[len(path)-1].(int); ok && i < len(parent) {
			parent[i] = nil
		}
	}
}

func unknownState(kind document.StateKind) document.State {
	return document.State{Kind: kind, Reason: document.AfterApply}
}

// wantAttr compares attributes by canonical path; "absent" means there is none.
func wantAttr(t *testing.T, d *document.Document, want map[string]any) {
	t.Helper()
	for _, text := range slices.Sorted(maps.Keys(want)) {
		path, err := document.ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := document.At(d.Attr, path)
		if want[text] == absent {
			if ok && got != nil {
				t.Errorf("%s: %s is %v, want none", d.ID, text, got)
			}
			continue
		}
		if diff := cmp.Diff(want[text], got); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", d.ID, text, diff)
		}
	}
}

const absent = "absent"

// wantWritten compares where canonical paths are written.
func wantWritten(t *testing.T, d *document.Document, want map[string]string) {
	t.Helper()
	for _, text := range slices.Sorted(maps.Keys(want)) {
		path, err := document.ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.RawPath(path).String(); got != want[text] {
			t.Errorf("%s: %s is written at %q, want %q", d.ID, text, got, want[text])
		}
	}
}

func TestKubernetes_EveryListedKindHasAHandler(t *testing.T) {
	for kind, typ := range kubernetesTypes() {
		if typ == awsAuthType {
			continue // derived, and complete when it is
		}
		if kubernetesHandler(strings.ReplaceAll(kind, "*", "v1beta1")) == nil {
			t.Errorf("%s (%s) has no handler", kind, typ)
		}
	}
	for _, kind := range []string{"", "/", "Pod", "a/b/c/d/Pod", "apps/v1/Pod", "v1/Deployment", "example.com/v1/Deployment"} {
		want := kind == "Pod" // no version: the core group
		if got := kubernetesHandler(kind) != nil; got != want {
			t.Errorf("%q has a handler: %v, want %v", kind, got, want)
		}
	}
}

func TestKubernetes_EveryPodTemplateIsAPath(t *testing.T) {
	for kind, templates := range podTemplates() {
		for _, path := range templates {
			again, err := document.ParsePath(path.String())
			if err != nil || again.String() != path.String() {
				t.Errorf("%s: %v is no path: %v", kind, path, err)
			}
		}
	}
	if n := len(podTemplates()["ray.io/RayJob"]); n != 3 {
		t.Errorf("RayJob has %d templates, want 3", n)
	}
}

func TestKubernetes_DeletedObjectsHaveATypeOnly(t *testing.T) {
	d := &document.Document{ID: "x", Kind: "apps/v1/Deployment", Action: document.Delete}
	if derived := kubernetesHandler(d.Kind)(d); d.Type != "workload" || d.Attr != nil || derived != nil {
		t.Errorf("type %q, attributes %v, derived %v", d.Type, d.Attr, derived)
	}
}
