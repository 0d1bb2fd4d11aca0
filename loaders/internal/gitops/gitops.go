// Package gitops reads what Argo CD and Flux deploy from folders of a git
// repository.
package gitops

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/kustomize"
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
	// Incomplete says what is not known here, or not applied.
	Incomplete []string

	// What follows is for kustomizations. Fields are added to the kustomization;
	// with Generate one is made of a folder that has none.
	Fields   []kustomize.Addition
	Generate bool
	// Labels and Annotations are set on every object that is built.
	Labels, Annotations map[string]any
	// Substitute is what is filled in after the build, nil for nothing.
	Substitute *Substitution
}

// Builds reports whether a kustomization becomes something else than it would
// without the deployment.
func (s Source) Builds() bool {
	return len(s.Fields) > 0 || len(s.Labels) > 0 || len(s.Annotations) > 0 || s.Substitute != nil
}

// Values is a text of values, or a file relative to the chart (FromRoot: to the
// root of a repository, which Repository names if it is another source's).
type Values struct {
	Name       string
	Content    []byte
	FromRoot   bool
	Repository string
}

// A Substitution fills in the variables of a text.
type Substitution struct {
	Variables map[string]string
	// Open says that there are variables whose values are not known here.
	Open bool
}

// A Tree is what Sources asks about the other documents.
type Tree struct {
	// Folders lists the folders that hold documents.
	Folders func() []string
	// Find returns a document by kind ("v1/ConfigMap"; a version of "*" is any
	// one), namespace and name; nil if there is none, or more than one.
	Find func(kind, namespace, name string) *document.Document
}

type object = map[string]any

// Sources returns the folders that a document deploys.
func Sources(d *document.Document, tree Tree) []Source {
	return slices.DeleteFunc(sources(d, tree), func(s Source) bool {
		_, open := d.RawStates[s.At.String()]
		return open || strings.Contains(s.Path, "${") // filled in by what deploys the deployment
	})
}

func sources(d *document.Document, tree Tree) []Source {
	spec := child(d.Raw, "spec")
	group, kind := split(d.Kind)
	switch {
	case group == "argoproj.io" && kind == "Application":
		return application(spec, d.Name, document.Path{"spec"})
	case group == "argoproj.io" && kind == "ApplicationSet":
		return applicationSet(spec, tree.Folders)
	case group == "kustomize.toolkit.fluxcd.io" && kind == "Kustomization":
		return fluxKustomization(d, spec, tree)
	case group == "helm.toolkit.fluxcd.io" && kind == "HelmRelease":
		return helmRelease(d, spec, tree)
	}
	return nil
}

func split(kind string) (group, name string) {
	group, rest, _ := strings.Cut(kind, "/")
	return group, rest[strings.LastIndexByte(rest, '/')+1:]
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
