package gitops

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/kustomize"
)

// applicationSet makes the applications of the generators that need nothing but
// the tree: lists, and folders of the repository. Applications of which
// something stays open are left out.
// https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators/
func applicationSet(spec object, folders func() []string) []Source {
	template := child(spec, "template")
	generators, _ := spec["generators"].([]any)
	var out []Source
	for _, g := range generators {
		generator, _ := g.(object)
		for _, parameters := range parameters(generator, folders) {
			filled, _ := fill(template, parameters).(object)
			name := text(child(filled, "metadata"), "name")
			for _, s := range application(child(filled, "spec"), name, document.Path{"spec", "template", "spec"}) {
				if !strings.Contains(s.Path, "{{") {
					out = append(out, s.known())
				}
			}
		}
	}
	if len(generators) == 0 {
		return nil
	}
	return out
}

// known leaves out what has holes.
func (s Source) known() Source {
	const open = "some of what it adds is made by a generator and not known here: it was judged without that"
	isOpen := false
	if strings.Contains(s.Namespace, "{{") {
		s.Namespace = ""
	}
	if strings.Contains(s.Release, "{{") {
		s.Release = ""
	}
	s.Values = slices.DeleteFunc(s.Values, func(v Values) bool {
		hole := strings.Contains(v.Name, "{{") || strings.Contains(string(v.Content), "{{")
		isOpen = isOpen || hole
		return hole
	})
	s.Set = slices.DeleteFunc(s.Set, func(v string) bool {
		hole := strings.Contains(v, "{{")
		isOpen = isOpen || hole
		return hole
	})
	s.Fields = slices.DeleteFunc(s.Fields, func(f kustomize.Addition) bool {
		hole := hasHole(f.Value)
		isOpen = isOpen || hole
		return hole
	})
	if hasHole(s.Inline) {
		s.Inline, _ = closed(s.Inline).(object)
		isOpen = true
	}
	if isOpen {
		s.Incomplete = append(s.Incomplete, open)
	}
	return s
}

// hasHole reports whether a text in a value has a parameter left.
func hasHole(v any) bool {
	switch v := v.(type) {
	case object:
		for _, e := range v {
			if hasHole(e) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, hasHole)
	case string:
		return strings.Contains(v, "{{")
	}
	return false
}

// closed is a copy of a value without the texts that have parameters left.
func closed(v any) any {
	o, ok := v.(object)
	if !ok {
		return v
	}
	out := object{}
	for key, e := range o {
		if _, inner := e.(object); inner || !hasHole(e) {
			out[key] = closed(e)
		}
	}
	return out
}

// parameters lists what a generator fills in.
func parameters(generator object, folders func() []string) []map[string]string {
	elements, _ := child(generator, "list")["elements"].([]any)
	out := make([]map[string]string, 0, len(elements))
	for _, e := range elements {
		values := map[string]string{}
		element, _ := e.(object)
		for key := range element {
			values[key] = text(element, key)
		}
		out = append(out, values)
	}
	directories, _ := child(generator, "git")["directories"].([]any)
	for _, folder := range chosen(directories, folders) {
		out = append(out, map[string]string{
			"path": folder, "path.path": folder, "path.basename": path.Base(folder), "path.basenameNormalized": path.Base(folder),
		})
	}
	return out
}

// chosen are the folders that the patterns name and none excludes.
func chosen(directories []any, folders func() []string) []string {
	if len(directories) == 0 {
		return nil
	}
	var out []string
	for _, folder := range folders() {
		take := false
		for _, d := range directories {
			directory, _ := d.(object)
			if ok, err := path.Match(text(directory, "path"), folder); err != nil || !ok {
				continue
			}
			if directory["exclude"] == true {
				take = false
				break
			}
			take = true
		}
		if take {
			out = append(out, folder)
		}
	}
	return out
}

// hole is a parameter in a template, of both kinds of templates Argo CD has.
var hole = regexp.MustCompile(`\{\{-?\s*\.?([A-Za-z0-9_.]+)\s*-?\}\}`)

// fill puts parameters into a copy of a template.
func fill(v any, parameters map[string]string) any {
	switch v := v.(type) {
	case object:
		out := maps.Clone(v)
		for key, e := range out {
			out[key] = fill(e, parameters)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = fill(e, parameters)
		}
		return out
	case string:
		return hole.ReplaceAllStringFunc(v, func(m string) string {
			if value, ok := parameters[hole.FindStringSubmatch(m)[1]]; ok {
				return value
			}
			return m
		})
	}
	return v
}
