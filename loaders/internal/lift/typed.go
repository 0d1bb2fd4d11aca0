package lift

import (
	"maps"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// typed lifts a Terraform resource that has a type of its own for a kind of
// object (kubernetes_deployment_v1).
func (l *lifter) typed(d *document.Document) {
	name := strings.TrimPrefix(d.Kind, "kubernetes_")
	if name == "config_map_v1_data" {
		l.awsAuthData(d)
		return
	}
	kind, ok := typedKinds()[name]
	if !ok {
		l.notTyped(d, name)
		return
	}
	if name == "horizontal_pod_autoscaler" && len(list(block(d.Raw, "spec"), "metric")) > 0 {
		kind.version = "autoscaling/v2beta2" // what the provider uses when there are metrics
	}
	l.add(l.convert(d, kind))
}

// notTyped reports a resource type that is not in the tables, once.
func (l *lifter) notTyped(d *document.Document, name string) {
	if l.told[name] || strings.Contains(notObjects, " "+name+" ") {
		return
	}
	if l.told == nil {
		l.told = map[string]bool{}
	}
	l.told[name] = true
	l.report(document.Note, d, nil, "the resource type "+d.Kind+" is not known to Plimsoll; the objects such resources make were not judged")
}

// awsAuthData lifts a patch of the ConfigMap kube-system/aws-auth: its entries
// are all there is to know of who is let into the cluster.
func (l *lifter) awsAuthData(d *document.Document) {
	metadata := block(d.Raw, "metadata")
	if metadata["name"] == "aws-auth" && metadata["namespace"] == "kube-system" {
		l.add(l.convert(d, typedKind{"v1", "ConfigMap"}))
	}
}

// block returns the only block of a name, as a plan (list of one) or HCL writes
// it; nil if there is none.
func block(m map[string]any, key string) map[string]any {
	switch v := m[key].(type) {
	case map[string]any:
		return v
	case []any:
		if len(v) > 0 {
			b, _ := v[0].(map[string]any)
			return b
		}
	}
	return nil
}

func list(m map[string]any, key string) []any {
	l, _ := m[key].([]any)
	return l
}

// convert makes the object of a typed resource.
func (l *lifter) convert(d *document.Document, kind typedKind) find {
	t := typedObject{carrier: d, kind: kind.kind, rules: typedRules()}
	if strings.HasPrefix(kind.version, "autoscaling/v2") {
		t.kind = "autoscaling/v2" // the provider keeps an argument of v1 that the API dropped
	}
	object := t.object(d.Raw, root)
	object["apiVersion"], object["kind"] = kind.version, kind.kind
	t.value = object
	f := find{
		carrier: d, kind: terraformResource, value: object, locator: &t,
		states: make(document.States, len(d.RawStates)),
	}
	for text, state := range d.RawStates {
		path, err := document.ParsePath(text)
		if err != nil {
			continue
		}
		if field, ok := t.field(path); ok {
			f.states[field.String()] = state
		}
	}
	for _, path := range d.Sensitive {
		if field, ok := t.field(path); ok {
			f.hidden = append(f.hidden, field)
		}
	}
	for _, ref := range d.Refs {
		if field, ok := t.field(ref.Path); ok {
			ref.Path = field
			f.refs = append(f.refs, ref)
		}
	}
	if kind.kind == "Secret" {
		writeOnly(d.Raw, f.states)
		f.hidden = append(f.hidden, document.Path{"data"}, document.Path{"stringData"})
	}
	return f
}

// writeOnly marks the data of a Secret that the plan never shows. The provider
// sends it when its revision is set.
func writeOnly(raw map[string]any, states document.States) {
	for argument, name := range map[string]string{"data_wo_revision": "stringData", "binary_data_wo_revision": "data"} {
		if raw[argument] != nil {
			states[name] = document.State{Kind: document.Unknown, Reason: document.SensitiveValue}
		}
	}
}

// A typedObject translates between a typed resource and its object.
type typedObject struct {
	carrier *document.Document
	kind    string
	rules   rules
	value   map[string]any // the object
}

// object converts the arguments of a block.
func (t *typedObject) object(in map[string]any, parent string) map[string]any {
	out := make(map[string]any, len(in))
	for key, value := range in {
		if value == nil || value == "" {
			continue // not set: a plan has null, a state ""
		}
		f := t.rules.lookup(t.kind, parent, key)
		if !composite(value) && (f.shape == one || f.shape == many) {
			f = field{name: camel(key)} // no block after all: another version's argument
		}
		if f.shape == inline {
			maps.Copy(out, t.object(block(in, key), key))
		} else if v := t.argumentValue(value, key, f); v != nil {
			out[f.name] = v
		}
	}
	return out
}

// argumentValue converts one argument; nil if the object does not get it.
func (t *typedObject) argumentValue(value any, key string, f field) any {
	switch f.shape {
	case one:
		if b, ok := t.single(value, key); ok {
			return b
		}
	case many:
		if l := t.several(value, key); len(l) > 0 {
			return l
		}
	case plain:
		return t.plain(value, key, f.as)
	case gone, inline:
	}
	return nil
}

// single converts a block that is written once. A block without arguments is
// {}, also where a plan shows it as [null].
func (t *typedObject) single(value any, key string) (map[string]any, bool) {
	switch v := value.(type) {
	case map[string]any:
		return t.object(v, key), true
	case []any:
		if len(v) == 0 {
			return nil, false
		}
		b, _ := v[0].(map[string]any)
		return t.object(b, key), true
	}
	return nil, false
}

func composite(value any) bool {
	switch value.(type) {
	case []any, map[string]any:
		return true
	}
	return false
}

// several converts repeated blocks; the numbers of the elements stay.
func (t *typedObject) several(value any, key string) []any {
	switch v := value.(type) {
	case map[string]any:
		return []any{t.object(v, key)}
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			if b, ok := element.(map[string]any); ok || element == nil {
				out[i] = t.object(b, key)
				continue
			}
			out[i] = element
		}
		return out
	}
	return nil
}

// plain converts an argument that is no block, or one that the tables do not
// know: blocks with a plural name are lists.
func (t *typedObject) plain(value any, key string, as conversion) any {
	switch v := value.(type) {
	case string:
		return number(v, as)
	case []any:
		if len(v) == 0 {
			return nil
		}
		if _, isBlock := v[0].(map[string]any); !isBlock {
			return v
		}
		if strings.HasSuffix(key, "s") {
			return t.several(v, key)
		}
		if b, ok := t.single(v, key); ok {
			return b
		}
		return nil
	}
	return value
}

// number converts text to the number it stands for, if it does.
func number(s string, as conversion) any {
	base := 10
	switch as {
	case asIs:
		return s
	case octal:
		base = 8
	case integer, intOrString:
	}
	if n, err := strconv.ParseInt(s, base, 64); err == nil {
		return n
	}
	return s
}

// field translates the path of an argument to the path of its field; ok is
// false for arguments that are not part of the object.
func (t *typedObject) field(raw document.Path) (path document.Path, ok bool) {
	path = document.Path{}
	parent := root
	for i := 0; i < len(raw); i++ {
		key, isKey := raw[i].(string)
		if !isKey {
			return append(path, raw[i:]...), true
		}
		f := t.rules.lookup(t.kind, parent, key)
		index, indexed := -1, false
		if i+1 < len(raw) {
			index, indexed = raw[i+1].(int)
		}
		// An element of a list that goes on is a block, whatever the tables say.
		isBlock := indexed && i+2 < len(raw)
		switch {
		case f.shape == gone:
			return nil, false
		case f.shape == inline:
			if indexed {
				i++
			}
		case f.shape == one, f.shape == plain && isBlock && !strings.HasSuffix(key, "s"):
			path = append(path, f.name)
			if indexed {
				i++
			}
		case f.shape == many, f.shape == plain && isBlock:
			path = append(path, f.name)
			if indexed {
				path = append(path, index)
				i++
			}
		default:
			return append(append(path, f.name), raw[i+1:]...), true
		}
		parent = key
	}
	return path, true
}
