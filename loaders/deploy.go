package loaders

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/chart"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/gitops"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/scope"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/walk"
)

// A deployer makes what Argo CD and Flux would of folders of the tree: objects
// get the namespace they are deployed to, charts the values they are deployed
// with.
type deployer struct {
	r      *reader
	files  map[string]walk.File // by name
	result *Result
	// spaces are the namespaces that deployments give to a document.
	spaces map[*document.Document][]string
	// deployed are the folders of charts that a deployment has rendered.
	deployed map[string]bool
}

// deploy applies the deployments among the documents to the others.
func (r *reader) deploy(ctx context.Context, files []walk.File, result *Result) error {
	p := &deployer{r: r, result: result, spaces: map[*document.Document][]string{}, deployed: map[string]bool{}}
	for _, d := range slices.Clone(result.Documents) {
		for _, source := range gitops.Sources(d, p.folders) {
			if err := ctx.Err(); err != nil {
				return err
			}
			p.index(files)
			p.apply(ctx, d, source)
		}
	}
	for _, d := range result.Documents {
		if all := slices.Compact(slices.Sorted(slices.Values(p.spaces[d]))); len(all) == 1 {
			moveTo(d, all[0])
		}
	}
	return nil
}

// toldOnce leaves out diagnostics that are there already: a base that several
// kustomizations use is read by each of them.
func toldOnce(diags []document.Diagnostic) []document.Diagnostic {
	type key struct {
		file, message string
		level         document.Level
		start, end    int
	}
	met := map[key]bool{}
	return slices.DeleteFunc(diags, func(d document.Diagnostic) bool {
		k := key{d.Range.File(), d.Message, d.Level, d.Range.Start.Offset, d.Range.End.Offset}
		again := met[k]
		met[k] = true
		return again
	})
}

func (p *deployer) index(files []walk.File) {
	if p.files != nil {
		return
	}
	p.files = make(map[string]walk.File, len(files))
	for _, f := range files {
		p.files[path.Clean(f.Name)] = f
	}
}

// folders lists the folders that hold documents, for generators.
func (p *deployer) folders() []string {
	met := map[string]bool{}
	for _, d := range p.result.Documents {
		for dir := path.Dir(fileOf(d)); dir != "." && dir != "/" && !met[dir]; dir = path.Dir(dir) {
			met[dir] = true
		}
	}
	out := make([]string, 0, len(met))
	for dir := range met {
		out = append(out, dir)
	}
	slices.Sort(out)
	return out
}

// fileOf is the file that a document's ID names.
func fileOf(d *document.Document) string {
	file, _, _ := strings.Cut(d.ID, "#")
	return file
}

// apply finds the folder of a source. One of another repository is none of
// this tree's, unless it happens to have the folder.
func (p *deployer) apply(ctx context.Context, by *document.Document, s gitops.Source) {
	f, ok := p.files[path.Clean(fileOf(by))]
	if !ok || f.Path == "" {
		return
	}
	root, remotes := repository(filepath.Dir(f.Path))
	ours := gitops.SameRepository(s.Repository, remotes)
	access := p.r.access(f)
	for _, base := range []string{p.name(root), "."} {
		dir := path.Join(base, s.Path)
		if _, err := access.readDir(dir); err != nil || !ours && path.Clean(s.Path) == "." {
			continue
		}
		p.enter(ctx, by, s, dir, base, Input{ReadFile: access.readFile, ReadDir: access.readDir, ReadRaw: access.readRaw, Options: p.r.opts})
		return
	}
	if ours && s.Repository != "" {
		at, _ := by.Locate(s.At)
		p.result.Diagnostics = append(p.result.Diagnostics, document.Diagnostic{
			Range: at, Level: document.Warning, Message: "there is no folder " + s.Path + " in this repository: what it should deploy was not judged",
		})
	}
}

// name is how reports call a folder.
func (p *deployer) name(abs string) string {
	if rel, err := filepath.Rel(p.r.cwd, abs); err == nil && abs != "" {
		return filepath.ToSlash(rel)
	}
	return "."
}

// repository returns the root of the git repository around a folder, and the
// addresses of its remotes; "" when there is none.
func repository(dir string) (root string, remotes []string) {
	for ; ; dir = filepath.Dir(dir) {
		if config, err := os.ReadFile(filepath.Join(dir, ".git", "config")); err == nil {
			return dir, gitops.Remotes(config)
		}
		if filepath.Dir(dir) == dir {
			return "", nil
		}
	}
}

// enter deploys a folder: the chart in it with the values of the source, or the
// objects that lie there.
func (p *deployer) enter(ctx context.Context, by *document.Document, s gitops.Source, dir, base string, in Input) {
	if text, err := in.ReadFile(path.Join(dir, "Chart.yaml")); err == nil {
		in.Source = &document.Source{Name: path.Join(dir, "Chart.yaml"), Content: text}
		p.chart(ctx, by, s, dir, base, in)
		return
	}
	for _, d := range p.result.Documents {
		if d != by && s.Namespace != "" && deploysFrom(d, dir, s.Recurse) && (s.Override || unset(d)) {
			p.spaces[d] = append(p.spaces[d], s.Namespace)
		}
	}
}

// deploysFrom reports whether a document is one of those in a folder.
func deploysFrom(d *document.Document, dir string, recurse bool) bool {
	if d.Format != kubernetesFormat && d.Format != kustomizeFormat {
		return false
	}
	at := path.Dir(fileOf(d))
	return at == dir || recurse && d.Format == kubernetesFormat && (strings.HasPrefix(at, dir+"/") || dir == ".")
}

// unset reports whether an object leaves its namespace to whoever applies it.
func unset(d *document.Document) bool {
	ns, _ := asMap(d.Raw["metadata"])["namespace"].(string)
	return ns == "" && d.Namespace != ""
}

// moveTo gives a document the namespace it is deployed to.
func moveTo(d *document.Document, namespace string) {
	version, kind := path.Split(d.Kind)
	if d.Namespace == "" || !scope.Namespaced(strings.TrimSuffix(version, "/"), kind) {
		return
	}
	d.Namespace = namespace
	d.Address = namespace + "/" + kind + "/" + d.Name
	d.ID = fileOf(d) + "#" + d.Kind + "/" + namespace + "/" + d.Name
	if d.Metadata == nil {
		d.Metadata = map[string]string{}
	}
	d.Metadata["namespace:from"] = "deployment"
}

// chart renders a chart as a deployment does, which counts in place of what it
// says with its own values; further deployments add what they say anew.
func (p *deployer) chart(ctx context.Context, by *document.Document, s gitops.Source, dir, base string, in Input) {
	at, _ := by.Locate(s.At)
	problem := func(level document.Level, message string) {
		p.result.Diagnostics = append(p.result.Diagnostics, document.Diagnostic{Range: at, Level: level, Message: message})
	}
	files, err := chartFiles(dir, in)
	if err != nil {
		return // the chart itself reports it
	}
	c, err := chart.Open(files)
	if err != nil || c.IsLibrary() {
		return
	}
	l := chartLoad{in: in, src: in.Source}
	settings := l.settings()
	settings.Release, settings.Namespace, settings.Inline, settings.Set = s.Release, s.Namespace, s.Inline, append(s.Set, settings.Set...)
	for _, v := range s.Values {
		if v.Content != nil {
			settings.Values = append(settings.Values, &document.Source{Name: v.Name, Content: v.Content})
			continue
		}
		name := path.Join(dir, v.Name)
		if v.FromRoot {
			name = path.Join(base, v.Name)
		}
		content, err := in.ReadFile(name)
		if err != nil {
			if !s.IgnoreMissing {
				problem(document.Warning, "values file "+name+" is not in the tree: the chart was judged without it")
			}
			continue
		}
		settings.Values = append(settings.Values, &document.Source{Name: name, Content: content})
	}
	if s.Incomplete != "" {
		problem(document.Warning, s.Incomplete)
	}
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
	p.result.Documents = append(p.result.Documents, l.out.Documents...)
	for _, d := range l.out.Diagnostics {
		if d.Level == document.Error { // with the default values it may be fine
			p.result.Diagnostics = append(p.result.Diagnostics, d)
		}
	}
}
