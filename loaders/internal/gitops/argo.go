package gitops

import (
	"fmt"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/kustomize"
)

// application reads spec.source and spec.sources.
// https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/
func application(spec object, name string, at document.Path) []Source {
	namespace := text(child(spec, "destination"), "namespace")
	list, _ := spec["sources"].([]any)
	refs := references(list)
	var out []Source
	add := func(source object, at document.Path) {
		if _, hasPath := source["path"]; !hasPath {
			return
		}
		s := Source{
			Repository: text(source, "repoURL"), Path: text(source, "path"), At: at.Append("path"), Namespace: namespace,
			Recurse: child(source, "directory")["recurse"] == true, Release: name,
		}
		s.argoHelm(child(source, "helm"), at, refs)
		s.argoKustomize(child(source, "kustomize"), at.Append("kustomize"))
		out = append(out, s)
	}
	if source := child(spec, "source"); source != nil {
		add(source, at.Append("source"))
	}
	for i := range list {
		if source, ok := list[i].(object); ok {
			add(source, at.Append("sources", i))
		}
	}
	return out
}

// references has the repository of each source that others refer to by name.
// https://argo-cd.readthedocs.io/en/stable/user-guide/multiple_sources/
func references(sources []any) map[string]string {
	out := map[string]string{}
	for _, e := range sources {
		source, _ := e.(object)
		if ref := text(source, "ref"); ref != "" {
			out[ref] = text(source, "repoURL")
		}
	}
	return out
}

// argoHelm reads the values: files, then values, then valuesObject, then
// parameters.
// https://argo-cd.readthedocs.io/en/stable/user-guide/helm/
func (s *Source) argoHelm(helm object, at document.Path, refs map[string]string) {
	files, _ := helm["valueFiles"].([]any)
	for _, f := range files {
		name, _ := f.(string)
		if rest, ok := strings.CutPrefix(name, "$"); ok { // $ref/path: of another source
			ref, name, _ := strings.Cut(rest, "/")
			s.Values = append(s.Values, Values{Name: name, FromRoot: true, Repository: refs[ref]})
			continue
		}
		if rest, ok := strings.CutPrefix(name, "/"); ok {
			s.Values = append(s.Values, Values{Name: rest, FromRoot: true})
			continue
		}
		s.Values = append(s.Values, Values{Name: name})
	}
	// valuesObject takes the place of values where both are there.
	inline := text(helm, "values")
	if s.Inline = child(helm, "valuesObject"); s.Inline == nil && inline != "" {
		s.Values = append(s.Values, Values{Name: at.Append("helm", "values").String(), Content: []byte(inline)})
	}
	s.IgnoreMissing = helm["ignoreMissingValueFiles"] == true
	if release := text(helm, "releaseName"); release != "" {
		s.Release = release
	}
	parameters, _ := helm["parameters"].([]any)
	for _, p := range parameters {
		if parameter, ok := p.(object); ok {
			value := strings.NewReplacer(`\`, `\\`, `,`, `\,`).Replace(fmt.Sprint(parameter["value"]))
			s.Set = append(s.Set, text(parameter, "name")+"="+value)
		}
	}
}

// argoKustomize reads what an application edits in a kustomization.
// https://argo-cd.readthedocs.io/en/stable/user-guide/kustomize/
func (s *Source) argoKustomize(options object, at document.Path) {
	for _, field := range []string{"namePrefix", "nameSuffix", "namespace"} {
		if v := text(options, field); v != "" {
			s.Fields = append(s.Fields, kustomize.Addition{Field: field, Value: v, At: at.Append(field)})
		}
	}
	if labels := child(options, "commonLabels"); len(labels) > 0 {
		s.Fields = append(s.Fields, argoLabels(options, labels, at))
	}
	if annotations := child(options, "commonAnnotations"); len(annotations) > 0 {
		s.Fields = append(s.Fields, kustomize.Addition{Field: "commonAnnotations", Value: texts(annotations), At: at.Append("commonAnnotations")})
	}
	for _, field := range []string{"patches", "components", "replicas"} {
		if list, _ := options[field].([]any); len(list) > 0 {
			s.Fields = append(s.Fields, kustomize.Addition{Field: field, Value: list, At: at.Append(field)})
		}
	}
	images, _ := options["images"].([]any)
	list := make([]any, 0, len(images))
	for _, image := range images {
		list = append(list, argoImage(fmt.Sprint(image)))
	}
	if len(list) > 0 {
		s.Fields = append(s.Fields, kustomize.Addition{Field: "images", Value: list, At: at.Append("images")})
	}
}

func argoLabels(options, labels object, at document.Path) kustomize.Addition {
	if options["labelWithoutSelector"] != true {
		return kustomize.Addition{Field: "commonLabels", Value: texts(labels), At: at.Append("commonLabels")}
	}
	entry := object{"pairs": texts(labels), "includeTemplates": options["labelIncludeTemplates"] == true}
	return kustomize.Addition{Field: "labels", Value: []any{entry}, At: at.Append("commonLabels")}
}

// texts is a copy of an object whose values are all text.
func texts(o object) object {
	out := make(object, len(o))
	for key, v := range o {
		out[key] = fmt.Sprint(v)
	}
	return out
}

// argoImage reads an image as kustomize edit set image does: NAME=NEWNAME:TAG,
// NAME:TAG or NAME=NEWNAME@DIGEST.
func argoImage(text string) object {
	name, rest, renamed := strings.Cut(text, "=")
	if !renamed {
		rest = name
	}
	rest, digest, _ := strings.Cut(rest, "@")
	image := object{}
	if i := strings.LastIndexByte(rest, ':'); i > strings.LastIndexByte(rest, '/') {
		image["newTag"] = rest[i+1:]
		rest = rest[:i]
	}
	if digest != "" {
		image["digest"] = digest
		delete(image, "newTag")
	}
	if image["name"] = rest; renamed {
		image["name"], image["newName"] = name, rest
	}
	return image
}
