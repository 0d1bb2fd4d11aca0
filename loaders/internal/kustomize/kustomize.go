// Package kustomize builds kustomizations in process and offline, and finds
// out for every value of the result in which file it was written.
package kustomize

import (
	"fmt"
	"io"
	"log" //nolint:depguard // to keep the library from writing to it
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// Names are the file names of kustomizations, in kustomize's own order.
func Names() []string { return []string{"kustomization.yaml", "kustomization.yml", "Kustomization"} }

// Files is how a build reads the tree it lies in. Names are relative to the
// working directory or absolute, with slashes.
type Files struct {
	ReadFile func(name string) ([]byte, error)
	ReadDir  func(name string) ([]string, error)
}

// A Result is what one kustomization builds.
type Result struct {
	Objects     []Object
	Diagnostics []document.Diagnostic
	// Claimed are the files the build has consumed.
	Claimed []string
}

// An Object is one Kubernetes object of a build.
type Object struct {
	Value map[string]any
	// Tree is the text kustomize writes; Locator leads to the user's files.
	Tree    *document.Tree
	Locator document.Locator
	// Origin are the entries of the kustomizations that bring the object in, the
	// innermost first.
	Origin []document.Range
}

// building keeps builds apart: kustomize holds the OpenAPI schema of the
// running build in a variable of its package kyaml/openapi.
var building sync.Mutex //nolint:gochecknoglobals // guards the library's own global state

// A Plan is a kustomization with all it refers to, read but not built.
type Plan struct {
	src  *document.Source
	tree *tree
	root *node // nil: it cannot be read
}

// Read reads the kustomization in src and those it refers to. Nothing is
// fetched: what is not in the tree is left out, which Build reports.
func Read(src *document.Source, files Files) *Plan {
	t := newTree(src, files)
	return &Plan{src: src, tree: t, root: t.read(filepath.Dir(t.abs(src.Name)), src, nil)}
}

// Claimed are the files that a build consumes.
func (p *Plan) Claimed() []string {
	if p.root == nil || p.tree.broken() {
		return p.tree.failed(p.root).Claimed
	}
	return p.tree.claims()
}

// Build builds the plan, once. No program is run. When the build fails, the
// result has an Error and claims only what is of no use by itself, such as
// patches.
func (p *Plan) Build() Result {
	src, t, root := p.src, p.tree, p.root
	if root == nil || t.broken() {
		return t.failed(root)
	}
	if t.pruned {
		t.tolerate()
	}
	objects, err := t.build(root)
	if err != nil && t.pruned && t.dropReplacements() {
		objects, err = t.build(root)
	}
	if err != nil {
		if root.isComponent() {
			t.report(document.Note, src.Range(0, 0), "this component is used by no kustomization and cannot be built alone; its resources were judged as they are written")
			return t.failed(root)
		}
		at, message := t.explain(root, err)
		t.report(document.Error, at, message)
		return t.failed(root)
	}
	return Result{Objects: objects, Diagnostics: t.diagnostics, Claimed: t.claims()}
}

// build runs kustomize on what the tree says now.
func (t *tree) build(root *node) (objects []Object, err error) {
	written, err := t.rewrite()
	if err != nil {
		return nil, err
	}
	fs := &fileSystem{tree: t, written: written}
	options := krusty.MakeDefaultOptions()
	options.LoadRestrictions = types.LoadRestrictionsNone // the files' own bounds are those of the run
	options.PluginConfig = types.DisabledPluginConfig()
	if root.k.SortOptions != nil {
		options.Reorder = krusty.ReorderOptionUnspecified // which the library would mention otherwise
	}
	resources, err := run(options, fs, root.dir)
	if err != nil {
		return nil, err
	}
	p := newProvenance(t, root)
	for _, r := range resources {
		o, err := p.object(r)
		if err != nil {
			return nil, err
		}
		objects = append(objects, o)
	}
	return objects, nil
}

// run keeps a panic of the library from ending the run: odd input makes it
// follow nil nodes.
func run(options *krusty.Options, fs *fileSystem, dir string) (out []*resource.Resource, err error) {
	building.Lock()
	defer building.Unlock()
	if fs.tree.hasVars() {
		defer silence()()
	}
	defer func() {
		if r := recover(); r != nil {
			out, err = nil, fmt.Errorf("kustomize gave up: %v", r)
		}
	}()
	m, err := krusty.MakeKustomizer(options).Run(fs, dir)
	if err != nil {
		return nil, err
	}
	return m.Resources(), nil
}

// hasVars reports whether a kustomization has the deprecated field vars.
func (t *tree) hasVars() bool {
	for _, n := range t.nodes {
		if len(n.k.Vars) > 0 { //nolint:staticcheck // old kustomizations have it
			return true
		}
	}
	return false
}

// silence keeps the library from writing to this program's standard error, as
// it does about vars, with no way to ask it not to. The caller holds building.
func silence() (restore func()) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return func() {}
	}
	stderr, output := os.Stderr, log.Writer()
	os.Stderr = null
	log.SetOutput(io.Discard)
	return func() {
		os.Stderr = stderr
		log.SetOutput(output)
		_ = null.Close()
	}
}

// explain makes kustomize's error readable: without this machine's paths, and
// without the chain of steps before the cause. The place is the entry of the
// root that leads to it.
func (t *tree) explain(root *node, err error) (document.Range, string) {
	message := strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), `\"`, `"`)), " ")
	if by := t.additions.By; by != nil {
		at, _ := by.Locate(t.additions.At)
		return at, "as " + by.Address + " deploys it, " + t.relative(message)
	}
	for _, c := range root.children {
		if strings.Contains(message, "'"+c.dir+"'") {
			return root.at(c.via), t.relative(message)
		}
	}
	return root.src.Range(0, 0), t.relative(message)
}

// relative takes the folder of the run out of a message.
func (t *tree) relative(message string) string {
	return "this kustomization cannot be built: " + strings.ReplaceAll(message, t.cwd+string(filepath.Separator), "")
}

func (t *tree) report(level document.Level, at document.Range, message string) {
	t.diagnostics = append(t.diagnostics, document.Diagnostic{Range: at, Level: level, Message: message})
}

func (t *tree) broken() bool {
	return slices.ContainsFunc(t.diagnostics, func(d document.Diagnostic) bool { return d.Level == document.Error })
}

// failed claims the files that mean nothing without a build. Those of other
// kustomizations answer for themselves, so that their problems are told here as
// what keeps this one from being built.
func (t *tree) failed(root *node) Result {
	var claimed []string
	for name := range t.auxiliary {
		if !t.resources[name] {
			claimed = append(claimed, t.name(name))
		}
	}
	slices.Sort(claimed)
	diags := make([]document.Diagnostic, 0, len(t.diagnostics))
	for _, d := range t.diagnostics {
		switch {
		case root == nil || d.Range.File() == root.src.Name || t.isAdded(d.Range) || t.isAuxiliary(d.Range):
		case d.Level == document.Error:
			at := d.Range.Start
			d.Message = fmt.Sprintf("this kustomization cannot be built: %s:%d:%d: %s", d.Range.File(), at.Line, at.Column, d.Message)
			d.Range = root.leadsTo(t.abs(d.Range.File()))
		default:
			continue
		}
		diags = append(diags, d)
	}
	return Result{Diagnostics: diags, Claimed: claimed}
}

// isAuxiliary reports whether a place is in a file that only a build reads, such
// as a patch, so that nobody else tells of it.
func (t *tree) isAuxiliary(r document.Range) bool {
	file := t.abs(r.File())
	return t.auxiliary[file] && !t.resources[file]
}

// isAdded reports whether a place is in the deployment rather than in a
// kustomization.
func (t *tree) isAdded(r document.Range) bool {
	if t.additions.By == nil {
		return false
	}
	at, _ := t.additions.By.Locate(nil)
	return at.File() == r.File()
}

// leadsTo is the entry that brings a file in, or the whole kustomization.
func (n *node) leadsTo(file string) document.Range {
	for _, c := range slices.Concat(n.children, n.components) {
		if c.files[file] {
			return n.at(c.via)
		}
	}
	return n.src.Range(0, 0)
}

// claims are all files that were read, by the build or to prepare it.
func (t *tree) claims() []string {
	claimed := make([]string, 0, len(t.met))
	for name := range t.met {
		claimed = append(claimed, t.name(name))
	}
	slices.Sort(claimed)
	return claimed
}

// object makes the value of one resource. Its annotation about the origin is
// ours, unless the kustomization itself asks for it.
func (p *provenance) object(r *resource.Resource) (Object, error) {
	origin, err := r.GetOrigin()
	if err != nil {
		return Object{}, fmt.Errorf("read the origin of %s: %w", r.CurId(), err)
	}
	if !p.keepOrigin {
		if err := r.SetOrigin(nil); err != nil {
			return Object{}, fmt.Errorf("remove the origin of %s: %w", r.CurId(), err)
		}
	}
	text, err := r.MarshalJSON()
	if err != nil {
		return Object{}, fmt.Errorf("write %s: %w", r.CurId(), err)
	}
	src := &document.Source{Name: p.root.src.Name, Content: text}
	docs, diags := yamlnode.Parse(src)
	if len(docs) != 1 || len(diags) > 0 {
		return Object{}, fmt.Errorf("read %s as kustomize has built it: %d documents, %d problems", r.CurId(), len(docs), len(diags))
	}
	value, tree, _ := yamlnode.Kubernetes.Value(docs[0].Root, src)
	object, _ := value.(map[string]any)
	l, path := p.locator(object, origin)
	return Object{Value: object, Tree: tree, Locator: l, Origin: path}, nil
}
