// Package gitops reads what Argo CD and Flux deploy from folders of a git
// repository.
package gitops

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A Source is one folder that is deployed.
type Source struct {
	// Repository is the address of the repository; "" when it is not said here.
	Repository string
	// Path leads to the folder from the repository's root.
	Path string
	// At is where the document says so.
	At document.Path
	// Namespace is where objects go that do not say it; with Override all.
	Namespace string
	Override  bool
	// Recurse takes the folders below too.
	Recurse bool

	// What follows is for charts. Release is "" for the chart's own name.
	Release string
	Values  []Values
	Inline  map[string]any
	Set     []string
	// IgnoreMissing allows that files of values do not exist.
	IgnoreMissing bool
	// Incomplete says which values are not known here.
	Incomplete string
}

// Values is a text of values, or a file relative to the chart (FromRoot: to the
// repository).
type Values struct {
	Name     string
	Content  []byte
	FromRoot bool
}

type object = map[string]any

// Sources returns the folders that a document deploys. folders lists those of
// the tree, for generators.
func Sources(d *document.Document, folders func() []string) []Source {
	spec := child(d.Raw, "spec")
	group, kind := split(d.Kind)
	switch {
	case group == "argoproj.io" && kind == "Application":
		return application(spec, d.Name, document.Path{"spec"})
	case group == "argoproj.io" && kind == "ApplicationSet":
		return applicationSet(spec, folders)
	case group == "kustomize.toolkit.fluxcd.io" && kind == "Kustomization":
		return fluxKustomization(spec)
	case group == "helm.toolkit.fluxcd.io" && kind == "HelmRelease":
		return helmRelease(d, spec)
	}
	return nil
}

func split(kind string) (group, name string) {
	group, rest, _ := strings.Cut(kind, "/")
	return group, rest[strings.LastIndexByte(rest, '/')+1:]
}

// application reads spec.source and spec.sources.
// https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/
func application(spec object, name string, at document.Path) []Source {
	namespace := text(child(spec, "destination"), "namespace")
	var out []Source
	add := func(source object, at document.Path) {
		if _, hasPath := source["path"]; !hasPath {
			return
		}
		s := Source{
			Repository: text(source, "repoURL"), Path: text(source, "path"), At: at.Append("path"), Namespace: namespace,
			Recurse: child(source, "directory")["recurse"] == true, Release: name,
		}
		s.argoHelm(child(source, "helm"), at)
		out = append(out, s)
	}
	if source := child(spec, "source"); source != nil {
		add(source, at.Append("source"))
	}
	list, _ := spec["sources"].([]any)
	for i := range list {
		if source, ok := list[i].(object); ok {
			add(source, at.Append("sources", i))
		}
	}
	return out
}

// argoHelm reads the values: files, then values, then valuesObject, then
// parameters.
// https://argo-cd.readthedocs.io/en/stable/user-guide/helm/
func (s *Source) argoHelm(helm object, at document.Path) {
	files, _ := helm["valueFiles"].([]any)
	for _, f := range files {
		name, _ := f.(string)
		if rest, ok := strings.CutPrefix(name, "$"); ok { // $ref/path: of another source
			_, name, _ = strings.Cut(rest, "/")
			s.Values = append(s.Values, Values{Name: name, FromRoot: true})
			continue
		}
		if rest, ok := strings.CutPrefix(name, "/"); ok {
			s.Values = append(s.Values, Values{Name: rest, FromRoot: true})
			continue
		}
		s.Values = append(s.Values, Values{Name: name})
	}
	if inline := text(helm, "values"); inline != "" {
		s.Values = append(s.Values, Values{Name: at.Append("helm", "values").String(), Content: []byte(inline)})
	}
	s.Inline = child(helm, "valuesObject")
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

// fluxKustomization reads spec.path. Flux makes a kustomization of a folder that
// has none, of all files below.
// https://fluxcd.io/flux/components/kustomize/kustomizations/
func fluxKustomization(spec object) []Source {
	if len(spec) == 0 {
		return nil
	}
	namespace := text(spec, "targetNamespace")
	return []Source{{
		Path: strings.TrimPrefix(text(spec, "path"), "./"), At: document.Path{"spec", "path"},
		Namespace: namespace, Override: namespace != "", Recurse: true,
	}}
}

// helmRelease reads a chart that lies in a repository; those of Helm
// repositories have no path.
// https://fluxcd.io/flux/components/helm/helmreleases/
func helmRelease(d *document.Document, spec object) []Source {
	of := child(child(spec, "chart"), "spec")
	chart := text(of, "chart")
	kind := text(child(of, "sourceRef"), "kind")
	if chart == "" || kind != "GitRepository" && kind != "Bucket" {
		return nil
	}
	s := Source{
		Path: strings.TrimPrefix(chart, "./"), At: document.Path{"spec", "chart", "spec", "chart"},
		Namespace: text(spec, "targetNamespace"), Release: text(spec, "releaseName"), Inline: child(spec, "values"),
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
	if from, ok := spec["valuesFrom"].([]any); ok && len(from) > 0 {
		s.Incomplete = "the values in spec.valuesFrom are not known here: the chart was judged without them"
	}
	return []Source{s}
}

func child(o object, key string) object {
	c, _ := o[key].(object)
	return c
}

func text(o object, key string) string {
	s, _ := o[key].(string)
	return s
}

// Remotes returns the addresses in a git configuration.
// https://git-scm.com/docs/git-config
func Remotes(config []byte) []string {
	var out []string
	inRemote := false
	for line := range strings.Lines(string(config)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			inRemote = strings.HasPrefix(line, "[remote ")
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if inRemote && ok && strings.TrimSpace(key) == "url" {
			out = append(out, strings.TrimSpace(value))
		}
	}
	return out
}

// SameRepository reports whether an address is one of the remotes, whatever
// way it is written. No address is taken for this repository.
func SameRepository(address string, remotes []string) bool {
	return address == "" || slices.ContainsFunc(remotes, func(r string) bool { return bare(r) == bare(address) })
}

// bare is an address as host and path.
func bare(address string) string {
	if _, rest, ok := strings.Cut(address, "://"); ok {
		address = rest
	}
	if user, rest, ok := strings.Cut(address, "@"); ok && !strings.Contains(user, "/") {
		address = rest
	}
	address = strings.Replace(address, ":", "/", 1)
	return strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(address, "/"), ".git"))
}
