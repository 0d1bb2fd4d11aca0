package loaders

import (
	"context"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/chart"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/gitops"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/kustomize"
)

// tell adds diagnostics about what a deployment does not know, at the place
// where it names the folder.
func (p *deployer) tell(by *document.Document, s gitops.Source, messages ...string) {
	at, _ := by.Locate(s.At)
	for _, message := range messages {
		p.result.Diagnostics = append(p.result.Diagnostics, document.Diagnostic{Range: at, Level: document.Warning, Message: message})
	}
}

// build builds a kustomization as a deployment does, which counts in place of
// what it is by itself; further deployments add what they make of it. It returns
// false when the folder has none that can be built.
func (p *deployer) build(by *document.Document, s gitops.Source, dir string, in Input) bool {
	files := kustomize.Files{ReadFile: in.ReadFile, ReadDir: in.ReadDir}
	with := kustomize.Additions{By: by, Fields: s.Fields, At: s.At}
	src := kustomizationIn(dir, in)
	if src == nil && !s.Generate {
		if len(s.Fields) > 0 {
			p.tell(by, s, "there is no kustomization in "+dir+": what "+by.Address+" would change in it was not applied")
		}
		return false
	}
	var plan *kustomize.Plan
	if src != nil {
		plan = kustomize.ReadWith(src, files, with)
	} else {
		plan = kustomize.Generate(dir, files, with)
		at, _ := by.Locate(s.At)
		src = &document.Source{Name: at.File()}
	}
	p.tell(by, s, s.Incomplete...)
	result := plan.Build()
	p.result.Diagnostics = append(p.result.Diagnostics, result.Diagnostics...)
	if slices.ContainsFunc(result.Diagnostics, func(d document.Diagnostic) bool { return d.Level == document.Error }) {
		return false // what lies there is judged as it is
	}
	out := documentsOf(src, result, func(object map[string]any) document.States {
		adorn(object, s.Labels, s.Annotations)
		if s.Substitute == nil {
			return nil
		}
		return substitute(s.Substitute, object)
	})
	p.replace(dir, out)
	for _, d := range out.Documents {
		d.Metadata["deployed-by"] = by.ID
		if s.Namespace != "" && (s.Override || unset(d)) {
			moveTo(d, s.Namespace)
		}
	}
	p.append(out.Documents)
	return true
}

// replace takes out what the files of a build were by themselves, the first time
// a folder is deployed.
func (p *deployer) replace(dir string, built Output) {
	if p.deployed[dir] {
		return
	}
	p.deployed[dir] = true
	consumed := map[string]bool{}
	for _, name := range built.Claimed {
		consumed[path.Clean(name)] = true
	}
	p.result.Documents = slices.DeleteFunc(p.result.Documents, func(d *document.Document) bool {
		return d.Metadata["deployed-by"] == "" && d.Metadata["helm:chart"] == "" && consumed[path.Clean(fileOf(d))]
	})
}

// append adds what a deployment makes, but not what another one has made of the
// same files: one chart is often deployed to many clusters.
func (p *deployer) append(docs []*document.Document) {
	if p.made == nil {
		p.made = map[string][]*document.Document{}
	}
	for _, d := range docs {
		same := func(other *document.Document) bool {
			return reflect.DeepEqual(other.Raw, d.Raw) && reflect.DeepEqual(other.RawStates, d.RawStates)
		}
		if slices.ContainsFunc(p.made[d.ID], same) {
			continue
		}
		p.made[d.ID] = append(p.made[d.ID], d)
		p.result.Documents = append(p.result.Documents, d)
		p.queue = append(p.queue, d)
		p.levels[d] = p.level + 1
	}
}

// kustomizationIn reads the kustomization of a folder, nil if there is none.
func kustomizationIn(dir string, in Input) *document.Source {
	for _, base := range kustomize.Names() {
		name := path.Join(dir, base)
		if content, err := in.ReadFile(name); err == nil && isKustomization(name, content) {
			return &document.Source{Name: name, Content: content}
		}
	}
	return nil
}

// chart renders a chart as a deployment does, which counts in place of what it
// says with its own values; further deployments add what they say anew.
func (p *deployer) chart(ctx context.Context, by *document.Document, s gitops.Source, dir, base string, in Input) {
	files, err := chartFiles(dir, in)
	if err != nil {
		return // the chart itself reports it
	}
	c, err := chart.Open(files)
	if err != nil || c.IsLibrary() {
		return
	}
	l := chartLoad{in: in, src: in.Source}
	if at, _ := by.Locate(s.At); !at.IsZero() {
		l.with = []document.Trace{{Range: at, Message: "rendered as it is deployed here"}}
	}
	settings := l.settings()
	settings.Release, settings.Namespace, settings.Inline, settings.Set = s.Release, s.Namespace, s.Inline, append(s.Set, settings.Set...)
	settings.Values = append(settings.Values, p.values(by, s, dir, base, in)...)
	p.tell(by, s, s.Incomplete...)
	alternative := ""
	if p.deployed[dir] {
		alternative = by.ID
	}
	if err := l.once(ctx, c, settings, alternative); err != nil {
		l.fail(c, err, document.Error, "as "+by.Address+" deploys it: ")
	} else if !p.deployed[dir] {
		p.deployed[dir] = true
		p.result.Documents = slices.DeleteFunc(p.result.Documents, func(d *document.Document) bool {
			return d.Metadata["helm:chart"] != "" && d.Metadata["helm:values"] == "" && strings.HasPrefix(fileOf(d), dir+"/")
		})
	}
	for _, d := range l.out.Documents {
		if s.Namespace != "" && unset(d) {
			moveTo(d, s.Namespace)
		}
	}
	p.append(l.out.Documents)
	for _, d := range l.out.Diagnostics {
		if d.Level == document.Error { // with the default values it may be fine
			p.result.Diagnostics = append(p.result.Diagnostics, d)
		}
	}
}

// values reads the files of values that a deployment names.
func (p *deployer) values(by *document.Document, s gitops.Source, dir, base string, in Input) []*document.Source {
	var out []*document.Source
	_, remotes := repository(p.folder(by))
	for _, v := range s.Values {
		if v.Content != nil {
			out = append(out, &document.Source{Name: v.Name, Content: v.Content})
			continue
		}
		name := path.Join(dir, v.Name)
		if v.FromRoot {
			name = path.Join(base, v.Name)
		}
		content, err := in.ReadFile(name)
		switch {
		case err == nil && (v.Repository == "" || v.Repository == s.Repository || gitops.SameRepository(v.Repository, remotes)):
			out = append(out, &document.Source{Name: name, Content: content})
		case !s.IgnoreMissing:
			p.tell(by, s, "values file "+name+" is not in the tree: the chart was judged without it")
		}
	}
	return out
}
