package lift

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// manifest lifts the object in a Terraform kubernetes_manifest. Its argument
// object, which is what the server made of it, does not count.
func (l *lifter) manifest(d *document.Document) {
	l.value(d, document.Path{"manifest"}, terraformManifest)
}

// value lifts what stands as a value, not as text, at a path of d.
func (l *lifter) value(d *document.Document, path document.Path, kind string) {
	value, _ := document.At(d.Raw, path)
	if value == nil {
		l.unknown(d, path)
		return
	}
	root := find{
		carrier: d, kind: kind, at: path, value: d.Raw, states: d.RawStates, hidden: d.Sensitive, refs: d.Refs,
		locator: d, base: document.Path{},
	}
	l.each(root.element(value, path))
}

// unknown says that what a resource carries cannot be read before deployment.
func (l *lifter) unknown(d *document.Document, path document.Path) {
	state, ok := d.RawStates[path.String()]
	if ok && state.Kind == document.Unknown {
		l.report(document.Note, d, path, "is not known before deployment ("+state.Reason+"); the object in it was not judged")
	}
}

// kubectl lifts the manifest in a kubectl_manifest. The provider hides
// yaml_body; yaml_body_parsed is the same text without secret values.
func (l *lifter) kubectl(d *document.Document) {
	namespace, _ := d.Raw["override_namespace"].(string)
	for _, argument := range []string{"yaml_body", "yaml_body_parsed"} {
		path := document.Path{argument}
		texts, diagnostics, ok := Read(d, path)
		if !ok {
			continue
		}
		l.diagnostics = append(l.diagnostics, diagnostics...)
		for _, t := range texts {
			l.add(find{
				carrier: d, kind: kubectlManifest, at: path, value: t.Value, states: t.States, refs: t.Refs,
				hidden: hiddenFields(d), locator: t.Locator, namespace: namespace,
			})
		}
		return
	}
	l.unknown(d, document.Path{"yaml_body"})
}

// hiddenFields reads sensitive_fields, the paths the author wants hidden.
func hiddenFields(d *document.Document) []document.Path {
	var out []document.Path
	for _, f := range list(d.Raw, "sensitive_fields") {
		if s, ok := f.(string); ok {
			if path, err := document.ParsePath(s); err == nil {
				out = append(out, path)
			}
		}
	}
	return out
}

// property lifts the objects in the property Manifest of a custom resource: a
// JSON array as text (CDK), a YAML or JSON text, or values.
func (l *lifter) property(d *document.Document, kind string) {
	path := document.Path{"Manifest"}
	namespace := ""
	if kind == awsqsResource {
		namespace, _ = d.Raw["Namespace"].(string)
	}
	texts, diagnostics, ok := Read(d, path)
	if ok {
		l.diagnostics = append(l.diagnostics, diagnostics...)
		for _, t := range texts {
			l.each(find{
				carrier: d, kind: kind, at: path, value: t.Value, states: t.States, refs: t.Refs, locator: t.Locator,
				namespace: namespace,
			})
		}
		return
	}
	l.value(d, path, kind)
}

// values reports what is wrong with a chart's values. They are no documents and
// become an attribute of the release.
func (l *lifter) values(d *document.Document, path document.Path) {
	texts, diagnostics, _ := Read(d, path)
	l.diagnostics = append(l.diagnostics, diagnostics...)
	for _, t := range texts {
		if _, ok := t.Value.(map[string]any); !ok && t.Value != nil {
			l.report(document.Warning, d, path, "holds something that is not an object of values; it was not judged")
		}
	}
}

// each adds the elements of a list, or the value itself.
func (l *lifter) each(f find) {
	items, ok := f.value.([]any)
	if !ok {
		l.add(f)
		return
	}
	for i := range items {
		l.add(f.element(items[i], document.Path{i}))
	}
}

// resourceSetType marks Secrets whose data are manifests, for Cluster API.
const resourceSetType = "addons.cluster.x-k8s.io/resource-set"

// resourceSets names the ConfigMaps and Secrets that ClusterResourceSets apply,
// as namespace/kind/name.
func resourceSets(docs []*document.Document) map[string]bool {
	var out map[string]bool
	for _, d := range docs {
		if !strings.HasSuffix(d.Kind, "/ClusterResourceSet") {
			continue
		}
		resources, _ := document.At(d.Raw, document.Path{"spec", "resources"})
		refs, _ := resources.([]any)
		for _, r := range refs {
			ref, _ := r.(map[string]any)
			kind, _ := ref["kind"].(string)
			name, _ := ref["name"].(string)
			if out == nil {
				out = map[string]bool{}
			}
			out[d.Namespace+"/"+kind+"/"+name] = true
		}
	}
	return out
}

// inResourceSet reports whether the values of a ConfigMap or Secret are
// manifests that are meant to be applied.
func (l *lifter) inResourceSet(d *document.Document) bool {
	if d.Raw["type"] == resourceSetType {
		return true
	}
	if l.sets != nil && l.sets[d.Namespace+"/"+strings.TrimPrefix(d.Kind, "v1/")+"/"+d.Name] {
		return true
	}
	labels, _ := document.At(d.Raw, document.Path{"metadata", "labels"})
	set, _ := labels.(map[string]any)
	return set[resourceSetType] != nil || set["type"] == resourceSetType
}

// resourceSet lifts every manifest in a ConfigMap or Secret.
func (l *lifter) resourceSet(d *document.Document) {
	texts := []string{"data"}
	if d.Kind == "v1/Secret" {
		texts = []string{"stringData"}
		l.encoded(d)
	}
	for _, argument := range texts {
		values, _ := d.Raw[argument].(map[string]any)
		keys := slices.Sorted(maps.Keys(values))
		for _, key := range unknownKeys(d, argument) {
			if _, ok := values[key]; !ok {
				keys = append(keys, key)
			}
		}
		for _, key := range keys {
			l.text(d, document.Path{argument, key})
		}
	}
}

// unknownKeys returns the keys below a map that are only known by name.
func unknownKeys(d *document.Document, argument string) []string {
	var out []string
	for _, text := range d.RawStates.Paths(document.Unknown) {
		path, err := document.ParsePath(text)
		if err != nil || len(path) != 2 || path[0] != argument {
			continue
		}
		if key, ok := path[1].(string); ok {
			out = append(out, key)
		}
	}
	return out
}

// text lifts the manifests in one text.
func (l *lifter) text(d *document.Document, path document.Path) {
	texts, diagnostics, ok := Read(d, path)
	if !ok {
		l.unknown(d, path)
		return
	}
	l.diagnostics = append(l.diagnostics, diagnostics...)
	for _, t := range texts {
		l.add(find{
			carrier: d, kind: resourceSet, at: path, value: t.Value, states: t.States, refs: t.Refs, locator: t.Locator,
		})
	}
}

// encoded lifts the manifests in a Secret's data, which are in base64.
func (l *lifter) encoded(d *document.Document) {
	values, _ := d.Raw["data"].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		path := document.Path{"data", key}
		text, _ := values[key].(string)
		decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil {
			l.report(document.Error, d, path, "is not valid base64, so the manifests in it were not read")
			continue
		}
		texts, diagnostics := readKnown(d, path, string(decoded))
		l.diagnostics = append(l.diagnostics, diagnostics...)
		for _, t := range texts {
			l.add(find{carrier: d, kind: resourceSet, at: path, value: t.Value, locator: t.Locator})
		}
	}
}
