package kustomize

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"
	"sigs.k8s.io/yaml"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/lift"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// A layer is one patch: an object to merge, or a list of JSON patch operations.
type layer struct {
	value   any
	locator document.Locator
	target  *types.Selector // nil: the object that value names
}

// readPatches reads the patches of n, in the order kustomize applies them, and
// moves them to the fields that are not deprecated. JSON patches of the old
// field come after names and namespaces have been set, so that they become a
// transformer.
func (t *tree) readPatches(n *node) {
	var patches []types.Patch
	for i, p := range n.k.PatchesStrategicMerge { //nolint:staticcheck // old kustomizations have it
		at := document.Path{"patchesStrategicMerge", i}
		patch := types.Patch{Path: string(p)}
		if looksLikePatch(string(p)) {
			patch = types.Patch{Patch: string(p)}
		}
		if t.readPatch(n, at, at, patch) {
			patches = append(patches, patch)
		}
	}
	for i, p := range n.k.Patches {
		if at := (document.Path{"patches", i}); t.readPatch(n, at.Append("path"), at.Append("patch"), p) {
			patches = append(patches, p)
		}
	}
	var transformers []string
	for i, p := range n.k.PatchesJson6902 { //nolint:staticcheck // as above
		at := document.Path{"patchesJson6902", i}
		if !t.readPatch(n, at.Append("path"), at.Append("patch"), p) {
			continue
		}
		config, err := yaml.Marshal(map[string]any{
			"apiVersion": "builtin", "kind": "PatchJson6902Transformer",
			"metadata": map[string]any{"name": "patch-" + strconv.Itoa(i)},
			"target":   p.Target, "path": p.Path, "jsonOp": p.Patch,
		})
		if err != nil {
			t.report(document.Error, n.at(at), fmt.Sprintf("this patch cannot be read: %v", err))
			continue
		}
		transformers = append(transformers, string(config))
		n.json6902 = append(n.json6902, p)
	}
	if common := n.k.CommonLabels; common != nil { //nolint:staticcheck // as above
		n.k.Labels = append(slices.Clip(n.k.Labels), types.Label{Pairs: common, IncludeSelectors: true})
		n.k.CommonLabels = nil //nolint:staticcheck // as above
	}
	n.k.Patches, n.k.PatchesStrategicMerge = patches, nil //nolint:staticcheck // as above
	n.k.Transformers = append(transformers, n.k.Transformers...)
	n.k.PatchesJson6902 = nil //nolint:staticcheck // as above
}

// looksLikePatch tells a patch written in place from the name of a file.
func looksLikePatch(text string) bool {
	for i := range len(text) {
		if c := text[i]; c == '\n' || c == '{' || c == ':' && i+1 < len(text) && text[i+1] == ' ' {
			return true
		}
	}
	return false
}

// readPatch appends the layers of a patch; false leaves it out of the build.
func (t *tree) readPatch(n *node, pathAt, inlineAt document.Path, p types.Patch) bool {
	if p.Path == "" {
		texts, diags, _ := lift.Read(n.doc, inlineAt)
		t.diagnostics = append(t.diagnostics, diags...)
		for _, text := range texts {
			n.layers = append(n.layers, layer{value: text.Value, locator: text.Locator, target: p.Target})
		}
		return true
	}
	switch kind, abs := t.classify(n, p.Path); kind {
	case isRemote:
		t.remote(n, pathAt, p.Path)
		return false
	case isFolder, isMissing:
		t.missing(n, pathAt, p.Path)
		return false
	case isFile:
		t.auxiliary[abs] = true
		content, _ := t.readFile(abs)
		src := &document.Source{Name: t.name(abs), Content: content}
		docs, diags := yamlnode.Parse(src)
		t.diagnostics = append(t.diagnostics, diags...)
		for _, d := range docs {
			if value, tree, more := yamlnode.Kubernetes.Value(d.Root, src); tree != nil {
				t.diagnostics = append(t.diagnostics, more...)
				n.layers = append(n.layers, layer{value: value, locator: tree, target: p.Target})
			}
		}
	}
	return true
}

// tolerate rewrites what would fail because its subject was left out: patches
// without a selector, which must find their object, get one, which need not,
// and generators that add to an object nobody else makes, make it.
func (t *tree) tolerate() {
	for _, n := range t.nodes {
		patches := make([]types.Patch, 0, len(n.k.Patches)+len(n.json6902))
		for _, p := range n.k.Patches {
			patches = append(patches, t.selective(n, p)...)
		}
		patches = append(patches, n.json6902...)
		n.k.Patches = patches
		n.k.Transformers = n.k.Transformers[len(n.json6902):]
		for i := range n.k.ConfigMapGenerator {
			t.create(n, "ConfigMap", &n.k.ConfigMapGenerator[i].GeneratorArgs)
		}
		for i := range n.k.SecretGenerator {
			t.create(n, "Secret", &n.k.SecretGenerator[i].GeneratorArgs)
		}
	}
}

// selective splits a patch without a selector into one for each object.
func (t *tree) selective(n *node, p types.Patch) []types.Patch {
	if p.Target != nil {
		return []types.Patch{p}
	}
	src := &document.Source{Name: n.src.Name, Content: []byte(p.Patch)}
	if p.Path != "" {
		_, abs := t.classify(n, p.Path)
		src.Content, _ = t.readFile(abs)
	}
	docs, _ := yamlnode.Parse(src)
	var out []types.Patch
	for _, d := range docs {
		value, _, _ := yamlnode.Kubernetes.Value(d.Root, src)
		o, ok := value.(map[string]any)
		text, err := yaml.Marshal(value)
		if !ok || err != nil {
			continue
		}
		id := identify(o)
		out = append(out, types.Patch{Patch: string(text), Options: p.Options, Target: &types.Selector{ResId: resid.ResId{
			Gvk: resid.Gvk{Kind: id.kind}, Name: regexp.QuoteMeta(id.name),
		}}})
	}
	return out
}

// create lets a generator make the object it was to add to, unless it is here.
func (t *tree) create(n *node, kind string, g *types.GeneratorArgs) {
	if g.Behavior != "merge" && g.Behavior != "replace" {
		return
	}
	for f := range t.resources {
		for _, o := range t.objects(f) {
			if o.id.kind == kind && o.id.name == g.Name {
				return
			}
		}
	}
	for _, other := range t.nodes {
		if other != n && slices.ContainsFunc(other.generators(), func(e generator) bool { return e.kind == kind && e.args.Name == g.Name }) {
			return
		}
	}
	g.Behavior = "create"
}

// dropReplacements takes out the replacements, whose sources may have been left
// out, and reports that; false if there are none.
func (t *tree) dropReplacements() bool {
	dropped := false
	for _, dir := range sortedKeys(t.nodes) {
		n := t.nodes[dir]
		for _, field := range []string{"replacements", "vars"} {
			if len(list(n.doc.Raw, field)) > 0 {
				dropped = true
				r, _ := n.doc.LocateKey(document.Path{field})
				t.report(document.Warning, r, "the "+field+" were not made, as an object they need is not in the tree")
			}
		}
		n.k.Replacements, n.k.Vars = nil, nil //nolint:staticcheck // as above
	}
	return dropped
}
