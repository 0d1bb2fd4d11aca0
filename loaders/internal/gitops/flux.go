package gitops

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/kustomize"
)

// fluxKustomization reads spec.path and what is changed on the way. Flux makes a
// kustomization of a folder that has none, of all files below.
// https://fluxcd.io/flux/components/kustomize/kustomizations/
func fluxKustomization(d *document.Document, spec object, tree Tree) []Source {
	if len(spec) == 0 {
		return nil
	}
	at := document.Path{"spec"}
	namespace := text(spec, "targetNamespace")
	s := Source{
		Path: strings.TrimPrefix(text(spec, "path"), "./"), At: at.Append("path"), Repository: fluxRepository(d, child(spec, "sourceRef"), tree),
		Namespace: namespace, Override: namespace != "", Recurse: true, Generate: true,
		Labels: child(child(spec, "commonMetadata"), "labels"), Annotations: child(child(spec, "commonMetadata"), "annotations"),
	}
	for _, field := range []string{"namePrefix", "nameSuffix"} {
		if v := text(spec, field); v != "" {
			s.Fields = append(s.Fields, kustomize.Addition{Field: field, Value: v, At: at.Append(field)})
		}
	}
	for _, field := range []string{"patches", "patchesStrategicMerge", "patchesJson6902", "images", "components"} {
		list, _ := spec[field].([]any)
		if len(list) == 0 {
			continue
		}
		if field == "patchesStrategicMerge" || field == "patchesJson6902" {
			list = patchTexts(list)
		}
		s.Fields = append(s.Fields, kustomize.Addition{Field: field, Value: list, At: at.Append(field)})
	}
	if len(s.Fields) > 0 && namespace != "" {
		s.Fields = append(s.Fields, kustomize.Addition{Field: "namespace", Value: namespace, At: at.Append("targetNamespace")})
	}
	s.Substitute = substitution(d, child(spec, "postBuild"), tree)
	return []Source{s}
}

// patchTexts writes the patches of old versions, which are values there, as the
// texts that kustomize reads.
func patchTexts(list []any) []any {
	out := slices.Clone(list)
	for i, e := range out {
		o, _ := e.(object)
		switch operations, isJSON := o["patch"].([]any); {
		case isJSON:
			if content, err := yaml.Marshal(operations); err == nil {
				out[i] = object{"target": o["target"], "patch": string(content)}
			}
		case o != nil:
			if content, err := yaml.Marshal(o); err == nil {
				out[i] = string(content)
			}
		}
	}
	return out
}

// substitution collects the variables of spec.postBuild: those of ConfigMaps in
// the tree, then those written in place. Those of Secrets stay out of reports.
// https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
func substitution(d *document.Document, postBuild object, tree Tree) *Substitution {
	if len(postBuild) == 0 {
		return nil
	}
	s := &Substitution{Variables: map[string]string{}}
	from, _ := postBuild["substituteFrom"].([]any)
	for _, e := range from {
		ref, _ := e.(object)
		var source *document.Document
		if text(ref, "kind") == "ConfigMap" {
			source = tree.Find("v1/ConfigMap", d.Namespace, text(ref, "name"))
		}
		if source == nil {
			s.Open = true
			continue
		}
		for key, v := range child(source.Raw, "data") {
			s.Variables[key] = fmt.Sprint(v)
		}
		s.Open = s.Open || len(source.RawStates) > 0
	}
	for key, v := range child(postBuild, "substitute") {
		s.Variables[key] = fmt.Sprint(v)
	}
	return s
}

// fluxRepository is the address of the GitRepository that a source refers to,
// "" when the tree does not have it.
func fluxRepository(d *document.Document, ref object, tree Tree) string {
	namespace := text(ref, "namespace")
	if namespace == "" {
		namespace = d.Namespace
	}
	if text(ref, "kind") != "GitRepository" {
		return ""
	}
	if source := tree.Find("source.toolkit.fluxcd.io/*/GitRepository", namespace, text(ref, "name")); source != nil {
		return text(child(source.Raw, "spec"), "url")
	}
	return ""
}

// helmRelease reads a chart that lies in a repository; those of Helm
// repositories have no path.
// https://fluxcd.io/flux/components/helm/helmreleases/
func helmRelease(d *document.Document, spec object, tree Tree) []Source {
	of := child(child(spec, "chart"), "spec")
	chart := text(of, "chart")
	kind := text(child(of, "sourceRef"), "kind")
	if chart == "" || kind != "GitRepository" && kind != "Bucket" {
		return nil
	}
	s := Source{
		Path: strings.TrimPrefix(chart, "./"), At: document.Path{"spec", "chart", "spec", "chart"},
		Repository: fluxRepository(d, child(of, "sourceRef"), tree),
		Namespace:  text(spec, "targetNamespace"), Release: text(spec, "releaseName"), Inline: child(spec, "values"),
	}
	if s.Namespace == "" {
		s.Namespace = d.Namespace
	}
	if s.Release == "" {
		s.Release = d.Name
	}
	for _, key := range []string{"valuesFiles", "valuesFile"} {
		files, ok := of[key].([]any)
		if !ok && of[key] != nil {
			files = []any{of[key]}
		}
		for _, f := range files {
			if name, ok := f.(string); ok {
				s.Values = append(s.Values, Values{Name: strings.TrimPrefix(name, "./"), FromRoot: true})
			}
		}
	}
	s.IgnoreMissing = of["ignoreMissingValuesFiles"] == true
	s.valuesFrom(d, spec, tree)
	if list, _ := spec["postRenderers"].([]any); len(list) > 0 {
		s.Incomplete = append(s.Incomplete, "what spec.postRenderers changes was not applied: the chart was judged as it is rendered")
	}
	return []Source{s}
}

// valuesFrom reads the values that ConfigMaps of the tree hold, each a file of
// values or, with targetPath, one value.
// https://fluxcd.io/flux/components/helm/helmreleases/#values-references
func (s *Source) valuesFrom(d *document.Document, spec object, tree Tree) {
	list, _ := spec["valuesFrom"].([]any)
	for i, e := range list {
		ref, _ := e.(object)
		kind, name, key := text(ref, "kind"), text(ref, "name"), text(ref, "valuesKey")
		if key == "" {
			key = "values.yaml"
		}
		var source *document.Document
		if kind == "ConfigMap" {
			source = tree.Find("v1/ConfigMap", d.Namespace, name)
		}
		if source == nil {
			if ref["optional"] != true || kind == "Secret" {
				s.Incomplete = append(s.Incomplete, fmt.Sprintf("the values in %s %s are not known here: the chart was judged without them", kind, name))
			}
			continue
		}
		content, ok := child(source.Raw, "data")[key].(string)
		target := text(ref, "targetPath")
		nested, simple := "", true
		if target != "" {
			nested, simple = nest(target, content)
		}
		label := document.Path{"spec", "valuesFrom", i}.String()
		switch {
		case !ok && ref["optional"] != true:
			s.Incomplete = append(s.Incomplete, fmt.Sprintf("ConfigMap %s has no text under %s: the chart was judged without it", name, key))
		case !ok:
		case !simple:
			s.Incomplete = append(s.Incomplete, fmt.Sprintf("the value for %s was not applied: the chart was judged without it", target))
		case target != "":
			s.Values = append(s.Values, Values{Name: label, Content: []byte(nested)})
		default:
			s.Values = append(s.Values, Values{Name: label, Content: []byte(content)})
		}
	}
}

// nest makes a text of values with one value at a path of plain keys, typed as
// helm --set types it.
func nest(path, value string) (text string, ok bool) {
	if strings.ContainsAny(path, `[]\{}`) || strings.ContainsAny(value, "{}[],\n") {
		return "", false
	}
	var v any
	if err := yaml.Unmarshal([]byte(value), &v); err != nil {
		v = value
	}
	switch v.(type) {
	case bool, int64, nil:
	case float64:
		if strings.Contains(value, ".") {
			v = value // helm --set knows whole numbers only
		}
	default:
		v = value
	}
	for _, key := range slices.Backward(strings.Split(path, ".")) {
		v = object{key: v}
	}
	content, err := yaml.Marshal(v)
	return string(content), err == nil
}
