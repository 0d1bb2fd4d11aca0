package tfeval

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan/jsontext"
)

// A jsonBody is a block in JSON syntax
// (https://developer.hashicorp.com/terraform/language/syntax/json).
type jsonBody struct {
	tree  *document.Tree
	path  document.Path // from the root of the file
	value map[string]any
}

// readJSON indexes a .tf.json file.
func (s *Sources) readJSON(d *directory, src *document.Source) {
	start := len(src.Content) - len(strings.TrimPrefix(string(src.Content), "\xef\xbb\xbf"))
	all := jsontext.Span{Start: start, End: len(src.Content)}
	v, err := jsontext.Decode(src.Content, all, nil)
	if err != nil {
		s.broken(jsonPlace(src, err), err)
		return
	}
	tree := jsontext.Tree(src, all)
	root, _ := v.(map[string]any)
	for kind, depth := range map[string]int{"resource": 2, "data": 2, "module": 1, "locals": 0, "variable": 1, "output": 1, "provider": 1} {
		labelled(root[kind], document.Path{kind}, depth, nil, func(labels []string, path document.Path, m map[string]any) {
			b := &jsonBody{tree: tree, path: path, value: m}
			switch kind {
			case "resource":
				put(d.resources, labels[0]+"."+labels[1], b)
			case "data":
				put(d.resources, "data."+labels[0]+"."+labels[1], b)
			case "module":
				put(d.calls, labels[0], b)
			case "variable":
				put(d.variables, labels[0], b)
			case "output":
				put(d.outputs, labels[0], b)
			case "provider":
				d.providers = append(d.providers, &definition{labels: labels, bodies: []body{b}})
			case "locals":
				for name := range m {
					if _, overridden := d.locals[name]; !overridden {
						d.locals[name], _ = b.argument(name)
						d.formulas[name] = jsonExpression(m[name])
					}
				}
			}
		})
	}
}

// labelled calls f for every block below v; lists may stand at any level.
func labelled(v any, path document.Path, depth int, labels []string, f func([]string, document.Path, map[string]any)) {
	switch v := v.(type) {
	case []any:
		for i, inner := range v {
			labelled(inner, path.Append(i), depth, labels, f)
		}
	case map[string]any:
		if depth == 0 {
			f(labels, path, v)
			return
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if name != "//" {
				labelled(v[name], path.Append(name), depth-1, append(slices.Clone(labels), name), f)
			}
		}
	}
}

func (b *jsonBody) ranges() (whole, header document.Range) {
	whole, _ = b.tree.Locate(b.path)
	named := b.path
	for len(named) > 0 {
		if _, isIndex := named[len(named)-1].(int); !isIndex {
			break
		}
		named = named[:len(named)-1]
	}
	header, _ = b.tree.LocateKey(named)
	return whole, header
}

func (b *jsonBody) argument(name string) (argument, bool) {
	v, ok := b.value[name]
	if !ok {
		return argument{}, false
	}
	out := argument{references: jsonReferences(v, nil)}
	key, _ := b.tree.LocateKey(b.path.Append(name))
	value, _ := b.tree.Locate(b.path.Append(name))
	out.whole = document.Range{Source: key.Source, Start: key.Start, End: value.End}
	out.literal = len(out.references) == 0
	text, isText := v.(string)
	if isText && out.literal {
		out.text = text
	}
	out.variable = jsonVariable(text)
	return out, true
}

// jsonVariable returns name if the text is ${var.name} and nothing else.
func jsonVariable(text string) string {
	inner, opened := strings.CutPrefix(text, "${")
	inner, closed := strings.CutSuffix(inner, "}")
	name, ok := strings.CutPrefix(strings.TrimSpace(inner), "var.")
	if !opened || !closed || !ok || !hclsyntax.ValidIdentifier(name) {
		return ""
	}
	return name
}

func (b *jsonBody) passedOn() []string {
	var out []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			if name := jsonVariable(v); name != "" && !slices.Contains(out, name) {
				out = append(out, name)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		case map[string]any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	walk(b.value)
	slices.Sort(out)
	return out
}

func (b *jsonBody) find(path document.Path, value any) place {
	var current any = b.value
	full := b.path
	var forEach []any
	depth := 0
	for len(path) > 0 {
		next, step, iterated := jsonStep(current, path[0], value)
		if step == nil && next == nil {
			break
		}
		if iterated != nil {
			forEach = append(forEach, iterated)
		}
		value, _ = document.At(value, path[:1])
		current, full, path = next, full.Append(step...), path[1:]
		depth++
	}
	out := place{depth: depth, exact: len(path) == 0, written: current != nil, references: jsonReferences(current, forEach)}
	out.value, _ = b.tree.Locate(full)
	out.key, _ = b.tree.LocateKey(full)
	return out
}

// jsonStep makes one step into a JSON body. A single block need not stand in a
// list, and dynamic blocks stand under "dynamic"; iterated is the for_each of
// such a one.
func jsonStep(current, element, value any) (next any, step document.Path, iterated any) {
	switch element := element.(type) {
	case string:
		m, ok := current.(map[string]any)
		if !ok {
			return nil, nil, nil
		}
		if v, ok := m[element]; ok {
			return v, document.Path{element}, nil
		}
		for _, list := range []document.Path{{"dynamic", element}, {"dynamic", 0, element}} {
			for _, block := range []document.Path{list, list.Append(0)} {
				for _, content := range []document.Path{block.Append("content", 0), block.Append("content")} {
					if v, ok := document.At(m, content); ok {
						forEach, _ := document.At(m, block.Append("for_each"))
						return v, content, forEach
					}
				}
			}
		}
	case int:
		list, ok := current.([]any)
		if !ok {
			_, single := current.(map[string]any)
			if single {
				return current, document.Path{}, nil
			}
			return nil, nil, nil
		}
		if i := jsonIndex(list, element, value); i >= 0 {
			return list[i], document.Path{i}, nil
		}
	}
	return nil, nil, nil
}

// jsonIndex finds the written element behind element i of a planned list, -1
// if there is none: the one with its value, since plans sort sets, else the one
// in its place.
func jsonIndex(list []any, i int, value any) int {
	planned, ok := document.At(value, document.Path{i})
	if ok && planned != nil {
		fits := func(v any) bool {
			m, isBlock := v.(map[string]any)
			if !isBlock {
				return reflect.DeepEqual(v, planned)
			}
			want, _ := planned.(map[string]any)
			for name, written := range m {
				text, isText := written.(string)
				if p, ok := want[name]; ok && p != nil && len(jsonReferences(written, nil)) == 0 && isText && p != text {
					return false
				}
			}
			return true
		}
		if i < len(list) && fits(list[i]) {
			return i
		}
		if n := slices.IndexFunc(list, fits); n >= 0 {
			return n
		}
	}
	if i < len(list) {
		return i
	}
	return -1
}

// jsonReferences lists the names that the templates in v refer to. Names of the
// iterators of dynamic blocks give what is behind forEach.
func jsonReferences(v any, forEach []any) []string {
	var out []string
	switch v := v.(type) {
	case string:
		if !strings.Contains(v, "${") && !strings.Contains(v, "%{") {
			return nil
		}
		e, problems := hclsyntax.ParseTemplate([]byte(v), "", hcl.InitialPos)
		if problems.HasErrors() {
			return nil
		}
		out = references(e, nil)
	case []any:
		for _, inner := range v {
			out = append(out, jsonReferences(inner, nil)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			out = append(out, jsonReferences(v[name], nil)...)
		}
	}
	for _, source := range forEach {
		out = slices.Concat(out, jsonReferences(source, nil))
	}
	return out
}
