package kustomize

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// An identity is what an object says of itself.
type identity struct{ version, kind, namespace, name string }

func identify(o map[string]any) identity {
	id := identity{version: text(o["apiVersion"]), kind: text(o["kind"])}
	if metadata, ok := o["metadata"].(map[string]any); ok {
		id.namespace = text(metadata["namespace"])
		id.name = cmp.Or(text(metadata["name"]), text(metadata["generateName"]))
	}
	return id
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// A written object is one as it stands in a file.
type written struct {
	id      identity
	value   map[string]any
	locator document.Locator
}

// objects returns the objects of a resource file, those of lists one by one.
func (t *tree) objects(abs string) []written {
	if out, ok := t.cache[abs]; ok {
		return out
	}
	content, err := t.readFile(abs)
	if err != nil {
		return nil
	}
	src := &document.Source{Name: t.name(abs), Content: content}
	docs, _ := yamlnode.Parse(src)
	var out []written
	var add func(v any, at *document.Tree)
	add = func(v any, at *document.Tree) {
		o, ok := v.(map[string]any)
		if !ok {
			return
		}
		if items, ok := o["items"].([]any); ok && strings.HasSuffix(text(o["kind"]), "List") {
			for i := range items {
				sub, _ := at.Sub(document.Path{"items", i})
				add(items[i], sub)
			}
			return
		}
		out = append(out, written{id: identify(o), value: o, locator: at})
	}
	for _, d := range docs {
		if value, spans, _ := yamlnode.Kubernetes.Value(d.Root, src); spans != nil {
			add(value, spans)
		}
	}
	t.cache[abs] = out
	return out
}

// original finds the object of a file that became o. The name may have got
// prefixes and suffixes, so that the longest name inside it wins; among equals
// (or when a patch has renamed it) the one with most values in common.
func original(candidates []written, o map[string]any) (best written, ok bool) {
	id := identify(o)
	top := -1
	for _, c := range candidates {
		score := 0
		if c.id.kind == id.kind {
			score += 1 << 30
		}
		if group(c.id.version) == group(id.version) {
			score += 1 << 29
		}
		if strings.Contains(id.name, c.id.name) {
			score += min(len(c.id.name), 255) << 20
		}
		score += min(common(c.value, o), 1<<20-1)
		if score > top {
			top, best, ok = score, c, true
		}
	}
	return best, ok
}

func group(version string) string {
	g, _, ok := strings.Cut(version, "/")
	if !ok {
		return ""
	}
	return g
}

// common counts the scalars that two values have at the same places.
func common(a, b any) int {
	n := 0
	switch a := a.(type) {
	case map[string]any:
		if b, ok := b.(map[string]any); ok {
			for k := range a {
				n += common(a[k], b[k])
			}
		}
	case []any:
		if b, ok := b.([]any); ok {
			for i := range min(len(a), len(b)) {
				n += common(a[i], b[i])
			}
		}
	default:
		if isScalar(b) && a == b {
			n = 1
		}
	}
	return n
}

func isScalar(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return false
	}
	return true
}

// A generator is one entry of configMapGenerator or secretGenerator.
type generator struct {
	kind string
	at   document.Path
	args types.GeneratorArgs
}

func (n *node) generators() []generator {
	out := make([]generator, 0, len(n.k.ConfigMapGenerator)+len(n.k.SecretGenerator))
	for i, g := range n.k.ConfigMapGenerator {
		out = append(out, generator{"ConfigMap", document.Path{"configMapGenerator", i}, g.GeneratorArgs})
	}
	for i, g := range n.k.SecretGenerator {
		out = append(out, generator{"Secret", document.Path{"secretGenerator", i}, g.GeneratorArgs})
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
