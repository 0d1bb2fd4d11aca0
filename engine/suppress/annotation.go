package suppress

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

const (
	// annotationPrefix is followed by a rule's ID, or its slug with a dot for the
	// slash, which Kubernetes allows only once in a key.
	annotationPrefix = "plimsoll.dev/ignore."
	// metadataKey is where loaders keep a template's suppressions, as JSON: a list
	// of objects with rule and reason.
	metadataKey = marker
)

// annotations reads the suppressions in Kubernetes objects' own annotations.
func (a *applier) annotations() {
	path := document.Path{"metadata", "annotations"}
	for _, d := range a.roots() {
		if d.Base != nil {
			continue // its root has the annotations
		}
		value, _ := document.At(d.Raw, path)
		list, _ := value.(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(list)) {
			name, ok := strings.CutPrefix(key, annotationPrefix)
			if !ok {
				continue
			}
			at, _ := d.LocateKey(path.Append(key))
			reason, _ := list[key].(string)
			if a.names[strings.ToLower(name)] == nil {
				name = strings.Replace(name, ".", "/", 1)
			}
			a.add(d, Annotation, name, reason, at)
		}
	}
}

// metadata reads the suppressions in the Metadata of CloudFormation resources.
func (a *applier) metadata() {
	for _, d := range a.roots() {
		text := d.Metadata[metadataKey]
		if text == "" || d.Parent != nil && d.Parent.Metadata[metadataKey] == text {
			continue
		}
		at, _ := d.Locate(nil)
		var list []struct {
			Rule   string `json:"rule"`
			Reason string `json:"reason"`
		}
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			a.warn(at, "Metadata.plimsoll.ignore of "+d.Address+" is not a list of objects with rule and reason")
			continue
		}
		for _, s := range list {
			a.add(d, Metadata, s.Rule, s.Reason, at)
		}
	}
}

// add records a suppression for all of a document.
func (a *applier) add(d *document.Document, by, name, reason string, at document.Range) {
	rule := a.rule(name, at)
	if rule == nil {
		return
	}
	if strings.TrimSpace(reason) == "" {
		a.warn(at, "the suppression of "+rule.ID+" has no reason and is not in force; give one")
		return
	}
	a.found = append(a.found, &suppression{
		rule: rule, by: by, reason: strings.TrimSpace(reason), at: at, covers: within(d), idle: "remove it",
	})
}
