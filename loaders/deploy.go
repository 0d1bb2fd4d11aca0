package loaders

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
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
	// queue are the documents to look at, those that deployments build last.
	queue []*document.Document
	// level is how deep the deployment that is being followed lies in others,
	// levels that of the documents made.
	level  int
	levels map[*document.Document]int
	// spaces are the namespaces that deployments give to a document.
	spaces map[*document.Document][]string
	// deployed are the folders of charts and kustomizations that a deployment has
	// rendered.
	deployed map[string]bool
	// made are the documents of deployments by ID.
	made map[string][]*document.Document
	// byName has the documents by kind, namespace and name; nil for several.
	byName map[[3]string]*document.Document
}

// Deployments may bring deployments without an end: maxLevels bounds how deep
// one lies in others, maxBrought how many there are in all.
const (
	maxLevels  = 8
	maxBrought = 1000
)

// deploy applies the deployments among the documents to the others.
func (r *reader) deploy(ctx context.Context, files []walk.File, result *Result) error {
	p := &deployer{r: r, result: result, spaces: map[*document.Document][]string{}, deployed: map[string]bool{}, levels: map[*document.Document]int{}}
	p.queue = slices.Clone(result.Documents)
	met := map[[3]string][]*document.Document{}
	brought := 0
	for i := 0; i < len(p.queue); i++ { //nolint:intrange // it grows
		d := p.queue[i]
		sources := gitops.Sources(d, gitops.Tree{Folders: p.folders, Find: p.find})
		if len(sources) == 0 {
			continue
		}
		key := [3]string{d.Kind, d.Namespace, d.Name}
		same := func(other *document.Document) bool { return reflect.DeepEqual(other.Raw["spec"], d.Raw["spec"]) }
		if slices.ContainsFunc(met[key], same) { // what brings it in was built
			continue
		}
		met[key] = append(met[key], d)
		if p.level = p.levels[d]; p.level > 0 {
			if brought++; brought > maxBrought || p.level > maxLevels {
				p.tell(d, sources[0], "deployments bring each other on more than 8 levels, or more than 1,000 in all: what this one deploys was not judged")
				continue
			}
		}
		for _, source := range sources {
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

// find returns the document of a kind, namespace and name. The version may be
// "*".
func (p *deployer) find(kind, namespace, name string) *document.Document {
	if p.byName == nil {
		p.byName = map[[3]string]*document.Document{}
		for _, d := range p.result.Documents {
			group, rest, grouped := strings.Cut(d.Kind, "/")
			keys := [][3]string{{d.Kind, d.Namespace, d.Name}}
			if _, kind, versioned := strings.Cut(rest, "/"); grouped && versioned {
				keys = append(keys, [3]string{group + "/*/" + kind, d.Namespace, d.Name})
			}
			for _, key := range keys {
				if _, again := p.byName[key]; again {
					d = nil
				}
				p.byName[key] = d
			}
		}
	}
	return p.byName[[3]string{kind, namespace, name}]
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
	root, remotes := repository(p.folder(by))
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

// folder is where a document lies on the disk.
func (p *deployer) folder(d *document.Document) string {
	return filepath.Dir(p.files[path.Clean(fileOf(d))].Path)
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

// enter deploys a folder: the chart in it with the values of the source, a
// kustomization with what the source adds, or the objects that lie there.
func (p *deployer) enter(ctx context.Context, by *document.Document, s gitops.Source, dir, base string, in Input) {
	if text, err := in.ReadFile(path.Join(dir, chartFile)); err == nil {
		in.Source = &document.Source{Name: path.Join(dir, chartFile), Content: text}
		p.chart(ctx, by, s, dir, base, in)
		return
	}
	if s.Builds() && p.build(by, s, dir, in) {
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
