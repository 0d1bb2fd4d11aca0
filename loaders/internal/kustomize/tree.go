package kustomize

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// maxNodes bounds the kustomizations of one build.
const maxNodes = 2000

// A tree is a kustomization with all that it refers to.
type tree struct {
	files Files
	cwd   string
	// absolute says that the root was named by an absolute path, as reports then
	// name all files.
	absolute    bool
	nodes       map[string]*node
	cache       map[string][]written
	diagnostics []document.Diagnostic
	// pruned says that something was left out.
	pruned bool
	// additions are for the kustomization in the folder top, which has no text of
	// its own if it is generated.
	additions Additions
	top       string
	generated bool
	// met are the files read, auxiliary those that are no resources by
	// themselves, resources those that are; all by absolute name.
	met, auxiliary, resources map[string]bool
}

// A node is one kustomization.
type node struct {
	dir, file string // absolute
	src       *document.Source
	doc       *document.Document // the kustomization itself, for its positions
	k         types.Kustomization
	// files are the absolute names of the resources in it and below it, with
	// those of the kustomizations themselves, which are what generates.
	files      map[string]bool
	children   []child
	components []child
	layers     []layer
	json6902   []types.Patch // those that have become transformers
}

// A child is a kustomization that another one refers to.
type child struct {
	*node
	via document.Path // of the entry
}

func newTree(src *document.Source, files Files) *tree {
	t := &tree{
		files: files, absolute: filepath.IsAbs(filepath.FromSlash(src.Name)), nodes: map[string]*node{},
		cache: map[string][]written{}, met: map[string]bool{}, auxiliary: map[string]bool{}, resources: map[string]bool{},
	}
	cwd, err := filepath.Abs(".")
	if err != nil {
		t.report(document.Error, src.Range(0, 0), "find the working directory: "+err.Error())
	}
	t.cwd = cwd
	return t
}

// abs and name translate between the names of reports and those of the build.
func (t *tree) abs(name string) string {
	p := filepath.FromSlash(name)
	if !filepath.IsAbs(p) {
		p = filepath.Join(t.cwd, p)
	}
	return filepath.Clean(p)
}

func (t *tree) name(abs string) string {
	if rel, err := filepath.Rel(t.cwd, abs); err == nil && !t.absolute {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(abs)
}

func (t *tree) readFile(abs string) ([]byte, error) {
	content, err := t.files.ReadFile(t.name(abs))
	if err == nil {
		t.met[abs] = true
	}
	return content, err
}

func (t *tree) isDir(abs string) bool {
	_, err := t.files.ReadDir(t.name(abs))
	return err == nil
}

func (n *node) isComponent() bool { return n.k.Kind == types.ComponentKind }

// at returns the place of a value in the kustomization.
func (n *node) at(path document.Path) document.Range {
	r, _ := n.doc.Locate(path)
	return r
}

// read reads the kustomization in dir and those it refers to; nil when it
// cannot be read, which then has been reported. src is the text, nil to look
// for it; above are the folders on the way here.
func (t *tree) read(dir string, src *document.Source, above []string) *node {
	if slices.Contains(above, dir) {
		t.report(document.Error, t.nodes[above[len(above)-1]].src.Range(0, 0), "this kustomization refers to itself by way of "+t.name(dir))
		return nil
	}
	if n := t.nodes[dir]; n != nil {
		return n
	}
	if src == nil {
		src = t.find(dir)
	}
	if src == nil || len(t.nodes) >= maxNodes {
		return nil
	}
	n := &node{dir: dir, file: t.abs(src.Name), src: src}
	if t.generated && dir == t.top {
		n.file = filepath.Join(dir, Names()[0])
	} else {
		t.met[n.file] = true
	}
	n.files = map[string]bool{n.file: true}
	if !t.parse(n) {
		return nil
	}
	t.nodes[dir] = n
	above = append(slices.Clip(above), dir)
	t.readResources(n, above)
	t.readComponents(n, above)
	t.readConfiguration(n)
	t.readPatches(n)
	t.readGenerators(n)
	t.readPlugins(n, above)
	return n
}

// find looks for the kustomization of a folder.
func (t *tree) find(dir string) *document.Source {
	for _, base := range Names() {
		file := filepath.Join(dir, base)
		if content, err := t.readFile(file); err == nil {
			return &document.Source{Name: t.name(file), Content: content}
		}
	}
	return nil
}

// parse reads the kustomization's own text, and what is added to it.
func (t *tree) parse(n *node) bool {
	n.doc = &document.Document{ID: n.src.Name, Address: n.src.Name}
	content, isTop := n.src.Content, n.dir == t.top && t.top != ""
	if isTop && t.generated {
		content = nil
	} else if !t.parseText(n) {
		return false
	}
	if isTop {
		var err error
		if content, err = t.add(n, n.doc.Locator()); err != nil {
			t.report(document.Error, n.src.Range(0, 0), err.Error())
			return false
		}
	}
	if err := n.k.Unmarshal(content); err != nil {
		t.report(document.Error, n.place(err), strings.Join(strings.Fields(err.Error()), " "))
		return false
	}
	n.k.FixKustomization()
	return true
}

func (t *tree) parseText(n *node) bool {
	docs, diags := yamlnode.Parse(n.src)
	docs = slices.DeleteFunc(docs, func(d yamlnode.Doc) bool { return d.Root == nil })
	if len(docs) != 1 {
		if len(diags) == 0 {
			t.report(document.Error, n.src.Range(0, 0), fmt.Sprintf("a kustomization is one document, this text has %d", len(docs)))
		}
		t.diagnostics = append(t.diagnostics, diags...)
		return false
	}
	value, spans, more := yamlnode.Kubernetes.Value(docs[0].Root, n.src)
	t.diagnostics = append(t.diagnostics, append(diags, more...)...)
	raw, _ := value.(map[string]any)
	if spans == nil || t.broken() {
		return false
	}
	n.doc.Raw = raw
	n.doc.SetLocator(spans)
	return true
}

// place finds the field that a message about the kustomization names.
func (n *node) place(err error) document.Range {
	_, name, _ := strings.Cut(err.Error(), `unknown field "`)
	name, _, _ = strings.Cut(name, `"`)
	if _, ok := n.doc.Raw[name]; ok && name != "" {
		r, _ := n.doc.LocateKey(document.Path{name})
		return r
	}
	return n.src.Range(0, 0)
}

// What an entry of a kustomization may be.
type entry int

const (
	isMissing entry = iota
	isFile
	isFolder
	isRemote
)

// classify says what an entry refers to. A file comes first, as in kustomize,
// but an address is never tried as a folder.
func (t *tree) classify(n *node, text string) (entry, string) {
	if isURL(text) {
		return isRemote, ""
	}
	abs := filepath.FromSlash(text)
	if !filepath.IsAbs(abs) {
		abs = filepath.Join(n.dir, abs)
	}
	abs = filepath.Clean(abs)
	if _, err := t.readFile(abs); err == nil {
		return isFile, abs
	}
	switch {
	case isRepository(text):
		return isRemote, ""
	case text != "" && t.isDir(abs):
		return isFolder, abs
	}
	return isMissing, abs
}

// isURL recognizes what kustomize would fetch with HTTP.
func isURL(text string) bool {
	return strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")
}

// isRepository recognizes the addresses of git repositories.
// https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md
func isRepository(text string) bool {
	host, _, _ := strings.Cut(text, "/")
	switch {
	case strings.HasPrefix(text, "."), strings.HasPrefix(text, "/"):
		return false
	case strings.Contains(text, "://"), strings.HasPrefix(text, "git::"), strings.Contains(text, "?ref="), strings.Contains(text, "?version="):
		return true
	}
	return host == "github.com" || strings.HasPrefix(host, "github.com:") || strings.Contains(host, "@") || strings.Contains(text, ".git/") || strings.HasSuffix(text, ".git")
}

// entries sorts the entries of a list by what they are. Missing ones are an
// Error, remote ones a Warning. each gets the others and says whether to keep
// them.
func (t *tree) entries(n *node, field string, list []string, each func(kind entry, text, abs string, at document.Path) bool) []string {
	var kept []string
	for i, text := range list {
		at := document.Path{field, i}
		switch kind, abs := t.classify(n, text); kind {
		case isRemote:
			t.remote(n, at, text)
		case isMissing:
			t.missing(n, at, text)
		case isFile, isFolder:
			if each(kind, text, abs, at) {
				kept = append(kept, text)
			}
		}
	}
	return kept
}

func (t *tree) remote(n *node, at document.Path, text string) {
	t.pruned = true
	t.report(document.Warning, n.at(at), redactUser(text)+
		" is not in the tree and was not fetched: what it brings was not judged; keep a copy in the tree (kustomize localize) to have it judged")
}

func (t *tree) missing(n *node, at document.Path, text string) {
	t.report(document.Error, n.at(at), text+": no such file or folder")
}

// redactUser takes a password out of an address.
func redactUser(text string) string {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return text
	}
	user, host, ok := strings.Cut(rest, "@")
	if !ok || strings.Contains(user, "/") {
		return text
	}
	return scheme + "://" + host
}

// readResources reads resources and bases.
func (t *tree) readResources(n *node, above []string) {
	resource := func(kind entry, _, abs string, at document.Path) bool {
		if kind == isFile {
			n.files[abs], t.resources[abs] = true, true
			return true
		}
		c := t.folder(n, abs, at, above)
		if c == nil {
			return false
		}
		for f := range c.files {
			n.files[f] = true
		}
		n.children = append(n.children, child{c, at})
		return true
	}
	written := n.k.Resources
	own := min(len(list(n.doc.Raw, "resources")), len(written))
	kept := t.entries(n, "resources", written[:own], resource)
	n.k.Resources = slices.Concat(kept, t.entries(n, "bases", written[own:], resource))
}

// folder reads the kustomization in a folder that n refers to.
func (t *tree) folder(n *node, abs string, at document.Path, above []string) *node {
	c := t.read(abs, nil, above)
	if c == nil && !t.broken() {
		t.report(document.Error, n.at(at), fmt.Sprintf("the folder has no kustomization (%s)", strings.Join(Names(), ", ")))
	}
	return c
}

func (t *tree) readComponents(n *node, above []string) {
	n.k.Components = t.entries(n, "components", n.k.Components, func(kind entry, text, abs string, at document.Path) bool {
		if kind == isFile {
			t.report(document.Error, n.at(at), text+" is a file; a component is a folder")
			return false
		}
		c := t.folder(n, abs, at, above)
		if c == nil {
			return false
		}
		for f := range c.files {
			n.files[f] = true
		}
		n.components = append(n.components, child{c, at})
		return true
	})
}

func list(raw map[string]any, key string) []any {
	out, _ := raw[key].([]any)
	return out
}
