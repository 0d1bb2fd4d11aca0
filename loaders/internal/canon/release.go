package canon

import (
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/lift"
)

// finishRelease reads the values of a Helm release: texts of YAML or JSON, with
// holes where the deployment knows more, and single values by their dotted
// names, which go before.
func (b *build) finishRelease() {
	v := releaseValues{build: b, merged: map[string]any{}}
	var texts []document.Path
	singles := document.Path{"Values"}
	switch b.plan.source {
	case "tf":
		list, _ := b.doc.Raw["values"].([]any)
		for i := range list {
			texts = append(texts, document.Path{"values", i})
		}
		if len(list) == 0 {
			texts = []document.Path{{"values"}} // not known as a whole, or nothing
		}
		singles = nil
	case "cdk":
		texts, singles = []document.Path{{"Values"}}, nil
	default:
		texts = []document.Path{{"ValueYaml"}}
	}
	forgetAttr(b.doc.Attr, releaseValuesName)
	delete(b.doc.States, releaseValuesName)
	for _, at := range texts {
		v.text(at)
	}
	v.single(singles)
	v.sets()
	if v.place == nil {
		return
	}
	state, open := b.doc.States[releaseValuesName]
	b.set(releaseValuesName, v.merged, v.place)
	if open {
		b.doc.States[releaseValuesName] = state
	}
}

const releaseValuesName = "values"

type releaseValues struct {
	*build
	merged map[string]any
	place  document.Path
}

// at remembers where the values are written: the first place.
func (v *releaseValues) at(path document.Path) {
	if v.place == nil {
		v.place = path
	}
}

// partial says that more values may come.
func (v *releaseValues) partial(state document.State) {
	v.doc.States[releaseValuesName] = document.State{Kind: document.Partial, Reason: state.Reason, Refs: state.Refs}
}

// text adds the values of one text.
func (v *releaseValues) text(path document.Path) {
	for _, secret := range v.doc.Sensitive {
		if path.HasPrefix(secret) || secret.HasPrefix(path) {
			v.at(path)
			v.partial(document.State{Reason: document.SensitiveValue})
			return
		}
	}
	texts, _, ok := lift.Read(v.doc, path)
	if !ok {
		if state, unknown := v.doc.RawStates[path.String()]; unknown {
			v.at(path)
			v.partial(state)
		} else if m, isObject := valueAt(v.doc.Raw, path).(map[string]any); isObject {
			v.at(path)
			overlay(v.merged, m)
		}
		return
	}
	v.at(path)
	for _, t := range texts {
		m, isObject := t.Value.(map[string]any)
		if !isObject {
			continue
		}
		overlay(v.merged, m)
		for _, text := range t.States.Paths(document.Unknown, document.Partial) {
			if text == "" {
				v.partial(t.States[text])
				continue
			}
			v.doubt(join(releaseValuesName, text), t.States[text], path)
		}
	}
}

// single adds values by their dotted names, as AWSQS::Kubernetes::Helm has them.
func (v *releaseValues) single(path document.Path) {
	if path == nil {
		return
	}
	values, _ := valueAt(v.doc.Raw, path).(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		v.at(path)
		v.assign(name, values[name], path.Append(name))
	}
	for _, text := range v.doc.RawStates.Paths(document.Unknown) {
		at, err := document.ParsePath(text)
		if err != nil || !at.HasPrefix(path) {
			continue
		}
		v.at(path)
		if name, isKey := at[len(at)-1].(string); isKey && len(at) == len(path)+1 {
			v.doubt(releaseValuesName+"."+name, v.doc.RawStates[text], at)
		} else {
			v.partial(v.doc.RawStates[text])
		}
	}
}

// sets adds what Terraform's set and set_list assign by name. What is sensitive
// stays out.
func (v *releaseValues) sets() {
	if v.plan.source != "tf" {
		return
	}
	for _, block := range []string{"set", "set_list"} {
		list, _ := v.doc.Raw[block].([]any)
		for i := range list {
			path := document.Path{block, i}
			set, _ := list[i].(map[string]any)
			name, _ := set["name"].(string)
			value := set["value"]
			state, unknown := v.doc.RawStates[path.Append("value").String()]
			switch {
			case name != "" && value != nil:
				v.at(path)
				v.assign(name, value, path.Append("value"))
			case name != "" && unknown:
				v.at(path)
				v.doubt(releaseValuesName+"."+name, state, path.Append("value"))
			case set == nil || name == "":
				v.at(path)
				v.partial(document.State{Reason: document.AfterApply})
			}
		}
	}
}

// assign stores a value under a dotted name ("a.b\.c.d"). Indices are not
// followed: what they lead to stays open.
func (v *releaseValues) assign(name string, value any, place document.Path) {
	keys := strings.Split(strings.ReplaceAll(name, `\.`, "\x00"), ".")
	for i := range keys {
		keys[i] = strings.ReplaceAll(keys[i], "\x00", ".")
		if strings.ContainsAny(keys[i], "[]") {
			v.partial(document.State{Reason: document.UnevaluatedExpression})
			return
		}
	}
	setIn(v.merged, keys, value)
	canonical := document.Path{releaseValuesName}
	for _, key := range keys {
		canonical = canonical.Append(key)
	}
	delete(v.doc.States, canonical.String())
	v.doc.Written[canonical.String()] = place
}

func valueAt(raw map[string]any, path document.Path) any {
	v, _ := document.At(raw, path)
	return v
}

// overlay puts values over others as Helm does: objects are merged, all else is
// replaced.
func overlay(into, over map[string]any) {
	for key, value := range over {
		inner, isObject := value.(map[string]any)
		below, both := into[key].(map[string]any)
		if isObject && both {
			overlay(below, inner)
			continue
		}
		if isObject {
			fresh := map[string]any{}
			overlay(fresh, inner)
			value = fresh
		}
		into[key] = value
	}
}
