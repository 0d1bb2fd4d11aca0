package kustomize

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A provenance knows which parts of a tree had a say in which object.
type provenance struct {
	tree       *tree
	root       *node
	keepOrigin bool
	steps      []step
}

// A step is the work of one kustomization on the objects of some files.
type step struct {
	*node
	scope map[string]bool
}

func newProvenance(t *tree, root *node) *provenance {
	p := &provenance{tree: t, root: root, keepOrigin: slices.Contains(root.k.BuildMetadata, types.OriginAnnotations)}
	p.collect(root, root.files, map[[2]*node]bool{}, nil)
	return p
}

// collect lists the steps in the order they are made: those of the bases, those
// of components (on all that their user has), then the kustomization's own.
func (p *provenance) collect(n *node, scope map[string]bool, done map[[2]*node]bool, user *node) {
	if done[[2]*node{n, user}] {
		return
	}
	done[[2]*node{n, user}] = true
	for _, c := range n.children {
		p.collect(c.node, c.files, done, nil)
	}
	for _, c := range n.components {
		p.collect(c.node, n.files, done, n)
	}
	p.steps = append(p.steps, step{n, scope})
}

// locator makes the positions of one object, and the way from the root to it.
func (p *provenance) locator(object map[string]any, origin *resource.Origin) (*locator, []document.Range) {
	l := &locator{object: object, fallback: p.root.src.Range(0, 0)}
	if origin == nil {
		return l, nil
	}
	file := filepath.Join(p.root.dir, filepath.FromSlash(origin.Path))
	if origin.ConfiguredIn != "" {
		file = filepath.Join(p.root.dir, filepath.FromSlash(origin.ConfiguredIn))
	}
	for _, s := range p.steps {
		if s.scope[file] {
			l.steps = append(l.steps, s.node)
		}
	}
	if origin.ConfiguredIn != "" {
		if n := p.tree.nodes[filepath.Dir(file)]; n != nil && n.file == file {
			l.fallback = n.src.Range(0, 0)
		}
		l.generators = p.generators(file, identify(object), l.steps)
	} else if base, ok := original(p.tree.objects(file), object); ok {
		l.base = &base
	}
	l.layers = p.layers(l)
	return l, p.way(p.root, file, nil)
}

// way lists the entries that lead to a file, the innermost first. The entry of
// the file itself says nothing that the finding does not say.
func (p *provenance) way(n *node, file string, above []document.Range) []document.Range {
	for _, c := range slices.Concat(n.children, n.components) {
		if c.files[file] {
			return p.way(c.node, file, append([]document.Range{n.at(c.via)}, above...))
		}
	}
	return above
}

// generators are the entries that have made a ConfigMap or Secret, the first
// one first. The object's name has got a hash, and may have prefixes.
func (p *provenance) generators(file string, id identity, steps []*node) []located {
	name := ""
	for _, n := range steps {
		for _, g := range n.generators() {
			if n.file == file && g.kind == id.kind && strings.Contains(id.name, g.args.Name) && len(g.args.Name) > len(name) {
				name = g.args.Name
			}
		}
	}
	var out []located
	for _, n := range steps {
		for _, g := range n.generators() {
			if g.kind == id.kind && g.args.Name == name && name != "" {
				out = append(out, located{generator: g, node: n, tree: p.tree})
			}
		}
	}
	return out
}

// layers are the patches that may have changed an object, in their order.
func (p *provenance) layers(l *locator) []applied {
	names := []string{identify(l.object).name}
	id := identify(l.object)
	if l.base != nil {
		id = l.base.id
		names = append(names, id.name)
	}
	for _, g := range l.generators {
		names = append(names, g.args.Name)
	}
	var out []applied
	for _, n := range l.steps {
		for _, y := range n.layers {
			if aimed, sure := y.aims(id, names); aimed {
				out = append(out, applied{y, sure})
			}
		}
	}
	return out
}

// aims reports whether a patch may be for an object, and whether that is sure
// without looking at the values it sets.
func (y layer) aims(id identity, names []string) (aimed, sure bool) {
	if y.target == nil {
		o, _ := y.value.(map[string]any)
		want := identify(o)
		return want.kind == id.kind && slices.ContainsFunc(names, func(n string) bool {
			return n == want.name || strings.Contains(n, want.name) && want.name != ""
		}), slices.Contains(names, want.name)
	}
	s := y.target
	if !matches(s.Kind, id.kind) || !matches(s.Group, group(id.version)) {
		return false, false
	}
	if !slices.ContainsFunc(names, func(n string) bool { return matches(s.Name, n) }) {
		return false, false
	}
	return true, s.LabelSelector == "" && s.AnnotationSelector == "" && s.Namespace == ""
}

// matches applies a selector's expression, which means the whole text.
// https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/
func matches(pattern, text string) bool {
	if pattern == "" || pattern == text {
		return true
	}
	re, err := regexp.Compile("^(?:" + pattern + ")$")
	return err == nil && re.MatchString(text)
}
