package kustomize

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// An Addition is a field that a deployment writes into a kustomization before
// it is built: a list is appended (images and replicas of a name take the place
// of those there), an object adds its keys, anything else takes the place of
// what is there.
type Addition struct {
	Field string
	Value any
	// At leads to the value in the document of the deployment; elements of a
	// list that Value was made of have the same places in it.
	At document.Path
}

// Additions are those of one deployment.
type Additions struct {
	By     *document.Document
	Fields []Addition
	// At is where the deployment names the folder.
	At document.Path
}

// ReadWith is Read for a kustomization that a deployment adds to.
func ReadWith(src *document.Source, files Files, with Additions) *Plan {
	t := newTree(src, files)
	dir := filepath.Dir(t.abs(src.Name))
	t.additions, t.top = with, dir
	return &Plan{src: src, tree: t, root: t.read(dir, src, nil)}
}

// Generate reads a folder without a kustomization as Flux does, which makes one
// of all files with objects below it, and of the kustomizations there.
// https://fluxcd.io/flux/components/kustomize/kustomizations/#generating-a-kustomizationyaml-file
func Generate(dir string, files Files, with Additions) *Plan {
	at, _ := with.By.Locate(with.At)
	src := at.Source
	if src == nil {
		src = &document.Source{Name: with.By.ID}
	}
	t := newTree(src, files)
	top := t.abs(dir)
	resources := t.below(top, "", 0)
	with.Fields = append([]Addition{{Field: "resources", Value: resources, At: with.At}}, with.Fields...)
	t.additions, t.top, t.generated = with, top, true
	return &Plan{src: src, tree: t, root: t.read(top, src, nil)}
}

// maxBelow bounds how deep folders are looked through, which may contain
// themselves by way of a link.
const maxBelow = 24

// below lists what Flux takes from a folder.
func (t *tree) below(top, rel string, depth int) []any {
	names, err := t.files.ReadDir(t.name(filepath.Join(top, rel)))
	if err != nil || depth > maxBelow {
		return nil
	}
	slices.Sort(names)
	var out []any
	for _, name := range names {
		if strings.HasPrefix(name, ".git") {
			continue
		}
		entry := filepath.Join(rel, name)
		abs := filepath.Join(top, entry)
		switch ext := filepath.Ext(name); {
		case t.isDir(abs) && t.find(abs) != nil:
			out = append(out, filepath.ToSlash(entry))
		case t.isDir(abs):
			out = append(out, t.below(top, entry, depth+1)...)
		case ext != ".yaml" && ext != ".yml":
		case t.readable(abs):
			out = append(out, filepath.ToSlash(entry))
		}
	}
	return out
}

// readable reports whether a file holds objects. What is wrong with others, the
// run says by itself.
func (t *tree) readable(abs string) bool {
	content, err := t.files.ReadFile(t.name(abs))
	if err != nil {
		return false
	}
	src := &document.Source{Name: t.name(abs), Content: content}
	docs, diags := yamlnode.Parse(src)
	if slices.ContainsFunc(diags, func(d document.Diagnostic) bool { return d.Level == document.Error }) {
		return false
	}
	found := false
	for _, d := range docs {
		if d.Root == nil {
			continue
		}
		value, _, _ := yamlnode.Kubernetes.Value(d.Root, src)
		o, _ := value.(map[string]any)
		if id := identify(o); id.version == "" || id.kind == "" {
			return false
		}
		found = true
	}
	return found
}

// add puts the additions into the text of the kustomization at the top, and
// gives what they bring the places they have in the deployment.
func (t *tree) add(n *node, locator document.Locator) ([]byte, error) {
	raw := n.doc.Raw
	merged := make(map[string]any, len(raw)+len(t.additions.Fields))
	maps.Copy(merged, raw)
	places := &added{Locator: locator, by: t.additions.By}
	for _, a := range t.additions.Fields {
		switch v := a.Value.(type) {
		case []any:
			merged[a.Field] = places.appendTo(a, list(merged, a.Field), v)
		case map[string]any:
			all := map[string]any{}
			old, _ := merged[a.Field].(map[string]any)
			maps.Copy(all, old)
			maps.Copy(all, v)
			for key := range v {
				places.put(document.Path{a.Field, key}, a.At.Append(key))
			}
			merged[a.Field] = all
		default:
			merged[a.Field] = v
			places.put(document.Path{a.Field}, a.At)
		}
	}
	n.doc.Raw = merged
	n.doc.SetLocator(places)
	content, err := yaml.Marshal(merged)
	if err != nil {
		return nil, fmt.Errorf("write %s with what is added to it: %w", n.src.Name, err)
	}
	return content, nil
}

// added is the locator of a kustomization with additions.
type added struct {
	document.Locator // of its own text; nil if it has none
	by               *document.Document
	places           []place
}

// A place says where in the deployment a value of the kustomization is written.
type place struct{ at, to document.Path }

func (p *added) put(at, to document.Path) { p.places = append(p.places, place{at, to}) }

// appendTo appends the elements of an addition to a list.
func (p *added) appendTo(a Addition, old, elements []any) []any {
	out := slices.Clone(old)
	for i, e := range elements {
		at := len(out)
		if name := nameOf(e); name != "" && (a.Field == "images" || a.Field == "replicas") {
			if same := slices.IndexFunc(out, func(o any) bool { return nameOf(o) == name }); same >= 0 {
				at = same
			}
		}
		if at == len(out) {
			out = append(out, nil)
		}
		out[at] = e
		p.put(document.Path{a.Field, at}, a.At.Append(i))
	}
	return out
}

func nameOf(v any) string {
	o, _ := v.(map[string]any)
	return text(o["name"])
}

// Locate implements document.Locator.
func (p *added) Locate(path document.Path) (document.Range, bool) {
	return p.locate(path, document.Locator.Locate, (*document.Document).Locate)
}

// LocateKey implements document.Locator.
func (p *added) LocateKey(path document.Path) (document.Range, bool) {
	return p.locate(path, document.Locator.LocateKey, (*document.Document).LocateKey)
}

func (p *added) locate(path document.Path, own find, theirs func(*document.Document, document.Path) (document.Range, bool)) (document.Range, bool) {
	for _, e := range slices.Backward(p.places) {
		if path.HasPrefix(e.at) {
			return theirs(p.by, append(slices.Clip(e.to), path[len(e.at):]...))
		}
	}
	if p.Locator != nil {
		return own(p.Locator, path)
	}
	return theirs(p.by, nil)
}
