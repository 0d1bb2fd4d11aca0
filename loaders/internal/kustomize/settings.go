package kustomize

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// setting looks for the field of a kustomization that sets a value: of the last
// one to have its say. Texts that are only a part of the value are not exact.
func (l *locator) setting(path document.Path, value any, in find) (r document.Range, exact, ok bool) {
	for _, n := range slices.Backward(l.steps) {
		if at, exact := n.sets(path, value, l.original(path)); at != nil {
			r, found := in(n.doc.Locator(), at)
			return r, exact && found, true
		}
	}
	return document.Range{}, false, false
}

// original is what the value was before.
func (l *locator) original(path document.Path) any {
	if l.base == nil {
		return nil
	}
	_, v, _ := align(l.base.value, l.object, path)
	return v
}

// sets returns the path of the field that has made value of what was there.
func (n *node) sets(path document.Path, value, was any) (at document.Path, exact bool) {
	if len(path) < 2 {
		return nil, false
	}
	switch path[len(path)-1] {
	case "namespace":
		if n.k.Namespace != "" && value == n.k.Namespace {
			return document.Path{"namespace"}, true
		}
	case "image":
		return n.setsImage(text(value), text(was)), false
	case "replicas":
		for i, r := range n.k.Replicas {
			if value == r.Count {
				return document.Path{"replicas", i, "count"}, true
			}
		}
	}
	return n.setsPair(path, value)
}

// setsImage finds the entry of images that gave an image its name, tag or
// digest.
func (n *node) setsImage(now, was string) document.Path {
	if now == "" {
		return nil
	}
	before, _, _ := splitImage(was)
	name, tag, digest := splitImage(now)
	for i, image := range n.k.Images {
		if image.Name != before && image.NewName != name {
			continue
		}
		at := document.Path{"images", i}
		switch {
		case image.Digest != "" && image.Digest == digest:
			return at.Append("digest")
		case image.NewTag != "" && image.NewTag == tag:
			return at.Append("newTag")
		case image.NewName != "" && image.NewName == name:
			return at.Append("newName")
		}
	}
	return nil
}

// splitImage takes an image reference apart.
func splitImage(image string) (name, tag, digest string) {
	image, digest, _ = strings.Cut(image, "@")
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		return image[:i], image[i+1:], digest
	}
	return image, "", digest
}

// setsPair finds the label or annotation that was added everywhere.
func (n *node) setsPair(path document.Path, value any) (at document.Path, exact bool) {
	key, isKey := path[len(path)-1].(string)
	parent, _ := path[len(path)-2].(string)
	if !isKey {
		return nil, false
	}
	switch parent {
	case "annotations":
		if v, ok := n.k.CommonAnnotations[key]; ok && v == value {
			return document.Path{"commonAnnotations", key}, true
		}
	case "labels", "matchLabels", "selector":
		if common, ok := n.doc.Raw["commonLabels"].(map[string]any); ok && common[key] == value {
			return document.Path{"commonLabels", key}, true
		}
		for i, l := range n.k.Labels {
			if v, ok := l.Pairs[key]; ok && v == value {
				return document.Path{"labels", i, "pairs", key}, true
			}
		}
	}
	return nil, false
}

// located is a generator's entry in its kustomization.
type located struct {
	generator
	node *node
	tree *tree
}

func (g located) entry() document.Range { return g.node.at(g.at) }

// secret says that a range is the text a value is made of, so that it can be
// kept out of reports.
func (g located) secret() bool { return g.kind == "Secret" }

// generated finds the source of a value of a generated object: the file behind
// a key, or the entry that has it.
func (l *locator) generated(path document.Path) (r document.Range, exact, ok bool) {
	if len(path) == 0 && len(l.generators) > 0 {
		return l.generators[0].entry(), false, true
	}
	for _, g := range slices.Backward(l.generators) {
		if r, exact, ok := g.find(path); ok {
			return r, exact, true
		}
	}
	return document.Range{}, false, false
}

func (g located) find(path document.Path) (r document.Range, exact, ok bool) {
	key, _ := path[len(path)-1].(string)
	switch {
	case len(path) == 2 && path[0] == "metadata" && key == "name":
		return g.node.at(g.at.Append("name")), false, true
	case len(path) != 2 || path[0] != "data" && path[0] != "binaryData":
		return r, false, false
	}
	for i, literal := range g.args.LiteralSources {
		if k, _, _ := strings.Cut(literal, "="); k == key {
			return g.node.at(g.at.Append("literals", i)), g.secret(), true
		}
	}
	if r, isText, ok := g.file(key); ok {
		return r, isText && (g.secret() || path[0] == "data"), true
	}
	for _, source := range g.args.EnvSources {
		if r, ok := g.variable(source, key); ok {
			return r, g.secret(), true
		}
	}
	return r, false, false
}

// file finds the file behind a key; isText is false where only the entry that
// names it is known.
func (g located) file(key string) (r document.Range, isText, ok bool) {
	for i, source := range g.args.FileSources {
		k, file, named := strings.Cut(source, "=")
		if !named {
			file = source
			k = source[strings.LastIndexByte(source, '/')+1:]
		}
		if k != key {
			continue
		}
		_, abs := g.tree.classify(g.node, file)
		content, err := g.tree.readFile(abs)
		if err != nil {
			return g.node.at(g.at.Append("files", i)), false, true
		}
		src := &document.Source{Name: g.tree.name(abs), Content: content}
		return src.Range(0, len(content)), true, true
	}
	return r, false, false
}

// variable finds the line of a file of variables that sets one.
func (g located) variable(source, key string) (document.Range, bool) {
	_, abs := g.tree.classify(g.node, source)
	content, err := g.tree.readFile(abs)
	if err != nil {
		return document.Range{}, false
	}
	src := &document.Source{Name: g.tree.name(abs), Content: content}
	for n := 1; n <= src.Lines(); n++ {
		line := src.Line(n)
		if k, _, _ := strings.Cut(line, "="); strings.TrimSpace(k) == key {
			start := src.Offset(n, 1)
			return src.Range(start, start+len(line)), true
		}
	}
	return document.Range{}, false
}
