package canon

import (
	"maps"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// finishDetector turns the list of features into an object by name.
func (b *build) finishDetector() {
	features, _ := b.value("features").(map[string]any)
	if features == nil {
		features = map[string]any{}
	}
	list, _ := b.value("list").([]any)
	for i, e := range list {
		name, entry := named(e)
		if name == "" {
			continue
		}
		from, to := element("list", i), join("features", document.Path{name}.String())
		feature, _ := features[name].(map[string]any)
		if feature == nil {
			feature = map[string]any{}
		}
		b.moveStatus(entry, from, feature, "status", to+".status")
		b.additional(from+".additional", to+".additional", entry["additional"], feature)
		features[name] = feature
	}
	if s := b.state("list"); s.Kind != "" {
		b.openFeatures(s)
	}
	if len(features) > 0 && b.doc.Attr["features"] == nil && len(list) > 0 {
		b.doc.Attr["features"] = features
	}
}

// named returns a list entry and its name, "" where there is none.
func named(v any) (name string, entry map[string]any) {
	entry, _ = v.(map[string]any)
	name, _ = entry["name"].(string)
	return name, entry
}

// moveStatus moves the status of an entry read at a path to a key of another
// object, with what is known of it.
func (b *build) moveStatus(entry map[string]any, from string, into map[string]any, key, to string) {
	state := b.state(from + ".status")
	b.doc.Written[to] = b.doc.Written[from+".status"]
	delete(b.doc.States, to)
	if value, ok := entry["status"]; ok {
		into[key] = value
		return
	}
	delete(into, key)
	if state.Kind == document.Unknown {
		b.doc.States[to] = state
	}
}

// openFeatures marks the defaults of a detector whose features are not all
// known.
func (b *build) openFeatures(s document.State) {
	for path, state := range maps.Clone(b.doc.States) {
		if strings.HasPrefix(path, "features.") && state.Kind == document.Defaulted {
			forgetAttr(b.doc.Attr, path)
			b.doubt(path, document.State{Kind: document.Unknown, Reason: s.Reason, Refs: s.Refs}, b.doc.Written["list"])
		}
	}
}

// additional turns a list of name and status into the object additional.
func (b *build) additional(from, to string, value any, into map[string]any) {
	state, place := b.state(from), b.doc.Written[from]
	b.doc.Written[to] = place
	if state.Kind != "" {
		b.doc.States[to] = state
	}
	if state.Kind == document.Unknown {
		return
	}
	list, _ := value.([]any)
	out := map[string]any{}
	for i, e := range list {
		if name, entry := named(e); name != "" {
			b.moveStatus(entry, element(from, i), out, name, join(to, document.Path{name}.String()))
		}
	}
	into["additional"] = out
}

func (b *build) finishFeature() {
	b.additional("list", "additional", b.value("list"), b.doc.Attr)
}
