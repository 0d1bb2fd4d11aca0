package gitops

import (
	"maps"
	"path"
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
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
	if strings.Contains(s.Namespace, "{{") {
		s.Namespace = ""
	}
	if strings.Contains(s.Release, "{{") {
		s.Release = ""
	}
	var files []Values
	for _, v := range s.Values {
		if !strings.Contains(v.Name, "{{") && !strings.Contains(string(v.Content), "{{") {
			files = append(files, v)
		} else {
			s.Incomplete = "some values are made by a generator and not known here: the chart was judged without them"
		}
	}
	s.Values = files
	return s
}

// parameters lists what a generator fills in.
func parameters(generator object, folders func() []string) []map[string]string {
	var out []map[string]string
	elements, _ := child(generator, "list")["elements"].([]any)
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
var hole = regexp.MustCompile(`\{\{-?\s*\.?([A-Za-z0-9_.]+)\s*-?\}\}`) //nolint:gochecknoglobals // a constant

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
