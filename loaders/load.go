package loaders

import (
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/walk"
)

// A Result is what a run has to judge, and what became of every file. Each
// file counts once: as Read, NotRecognised or Failed.
type Result struct {
	// Documents are in the order of the files, and of the text within a file.
	Documents []*document.Document
	// Diagnostics are in the same order.
	Diagnostics []document.Diagnostic
	// Read counts files whose content is known, Failed those with an Error.
	Read, NotRecognised, Failed int
	// PassedOver lists the files that NotRecognised counts.
	PassedOver []PassedOver
	// Before, when not nil, makes the documents anew as they were before the
	// plans' changes; nil where no plan was read. Documents that no plan changes
	// are among them, with the IDs they have here.
	Before func() ([]*document.Document, []document.Diagnostic)

	before map[string]func(*document.Document) (*document.Document, error) // by scope
}

// PassedOver is a file that no format claims, with the reason.
type PassedOver struct{ File, Reason string }

// A PathError says that an argument names nothing that can be read: a usage
// error, unlike trouble with a file met on the way, which is a Diagnostic.
type PathError = walk.PathError

// stdinName is the argument, and the name in reports, of standard input.
const stdinName = "-"

// Load reads the files and folders in paths ("-" is stdin) and returns their
// documents. The same content gives the same result at any number of jobs.
//
// Folders are walked without .git, .terraform, what .gitignore and
// .plimsollignore files name, opts.Exclude, and folders behind symbolic links.
// Files named themselves are always read.
//
// The error is a *PathError for a path that does not exist, or that of ctx.
func Load(ctx context.Context, paths []string, stdin io.Reader, opts Options) (Result, error) {
	paths = opts.relative(paths)
	files, err := list(paths, opts.Exclude)
	if err != nil {
		return Result{}, err
	}
	r, err := newReader(stdin, opts)
	if err != nil {
		return Result{}, err
	}
	r.leaders, r.given = leaders(files), map[string]bool{}
	for _, p := range paths {
		r.given[path.Clean(filepath.ToSlash(p))] = true
	}
	outcomes, err := r.readAll(ctx, files)
	if err != nil {
		return Result{}, err
	}
	if r.opts.KubeVersion == "" {
		r.opts.KubeVersion = clusterVersion(outcomes)
	}
	if err := workLater(ctx, files, outcomes); err != nil {
		return Result{}, err
	}
	settleClaims(files, outcomes)
	result := collect(files, outcomes)
	if err := r.deploy(ctx, files, &result); err != nil {
		return Result{}, err
	}
	leadToCharts(result.Documents)
	makeUnique(result.Documents)
	result.keepBefore()
	docs, diags := finish(result.Documents)
	makeUnique(docs)
	result.Documents = docs
	result.Diagnostics = toldOnce(append(result.Diagnostics, diags...))
	return result, nil
}

// relative names paths as reports do, from the working directory, and those in
// the options with them.
func (o *Options) relative(paths []string) []string {
	cwd, err := os.Getwd()
	if err != nil {
		return paths // newReader returns the error
	}
	o.TerraformRoot = relative(cwd, o.TerraformRoot)
	o.VariableFiles = slices.Clone(o.VariableFiles)
	for i, name := range o.VariableFiles {
		o.VariableFiles[i] = relative(cwd, name)
	}
	o.HelmValues = slices.Clone(o.HelmValues)
	for i := range o.HelmValues {
		o.HelmValues[i].Name = relative(cwd, o.HelmValues[i].Name)
	}
	paths = slices.Clone(paths)
	for i, name := range paths {
		paths[i] = relative(cwd, name)
	}
	return paths
}

// Name returns the name under which reports know a file or folder: relative to
// the working directory, with slashes.
func Name(name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		return filepath.ToSlash(name)
	}
	cwd, err := os.Getwd()
	if err != nil {
		return filepath.ToSlash(name)
	}
	return filepath.ToSlash(relative(cwd, abs))
}

// relative returns an absolute name relative to a folder. Where either is
// reached through a link, their true names may lie closer together. What has no
// relative name, on another Windows drive, stays as it is.
func relative(folder, name string) string {
	if !filepath.IsAbs(name) {
		return name
	}
	short, err := filepath.Rel(folder, name)
	if err != nil {
		return name
	}
	if !strings.HasPrefix(short, "..") {
		return short
	}
	trueFolder, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return short
	}
	trueName, err := filepath.EvalSymlinks(name)
	if err != nil {
		return short
	}
	if r, err := filepath.Rel(trueFolder, trueName); err == nil && !strings.HasPrefix(r, "..") {
		return r
	}
	return short
}

// list expands the arguments.
func list(paths, exclude []string) ([]walk.File, error) {
	at := slices.Index(paths, stdinName)
	if at < 0 {
		return walk.Files(paths, exclude)
	}
	var onDisk []string
	for _, p := range paths {
		if p != stdinName {
			onDisk = append(onDisk, p)
		}
	}
	files, err := walk.Files(onDisk, exclude)
	return append([]walk.File{{Name: stdinName, Explicit: true}}, files...), err
}

// An outcome is what became of one file.
type outcome struct {
	documents   []*document.Document
	diagnostics []document.Diagnostic
	claimed     []string
	passedOver  string // reason
	failed      bool
	hidden      bool // claimed by another file, which answers for it
	later       func() outcome
	before      func(*document.Document) (*document.Document, error)
}

// readAll reads the files side by side.
func (r *reader) readAll(ctx context.Context, files []walk.File) ([]outcome, error) {
	outcomes := make([]outcome, len(files))
	errs := make([]error, len(files))
	jobs := r.opts.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	var (
		wg     sync.WaitGroup
		next   atomic.Int64
		crash  atomic.Pointer[string]
		broken atomic.Bool
	)
	for range min(jobs, len(files)) {
		wg.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					text := fmt.Sprintf("%v\n%s", p, debug.Stack())
					crash.CompareAndSwap(nil, &text)
					broken.Store(true)
				}
			}()
			for i := next.Add(1) - 1; i < int64(len(files)) && !broken.Load(); i = next.Add(1) - 1 {
				if errs[i] = ctx.Err(); errs[i] == nil {
					outcomes[i], errs[i] = r.read(ctx, files[i])
				}
				if errs[i] != nil {
					broken.Store(true)
				}
			}
		})
	}
	wg.Wait()
	if text := crash.Load(); text != nil {
		panic(*text) //nolint:forbidigo // carries a worker's panic to the goroutine whose caller reports it
	}
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", files[i].Name, err)
		}
	}
	return outcomes, nil
}

// settleClaims hides the files that others have consumed: a nested template is
// judged as a part of the one that includes it. Of files that claim each other
// the first answers.
func settleClaims(files []walk.File, outcomes []outcome) {
	index := make(map[string]int, len(files))
	for i, f := range files {
		index[path.Clean(f.Name)] = i
	}
	claimed := make([]bool, len(files))
	claims := func(i int) (found []int) {
		for _, name := range outcomes[i].claimed {
			if j, ok := index[path.Clean(name)]; ok && j != i {
				found = append(found, j)
			}
		}
		return found
	}
	for i := range outcomes {
		for _, j := range claims(i) {
			claimed[j] = true
		}
	}
	settled := make([]bool, len(files))
	var settle func(i int)
	settle = func(i int) {
		settled[i] = true
		for _, j := range claims(i) {
			if !settled[j] {
				outcomes[j].hidden = true
				settle(j)
			}
		}
	}
	for _, roots := range []bool{true, false} { // what remains are rings
		for i := range outcomes {
			if !settled[i] && (!claimed[i] || !roots) {
				settle(i)
			}
		}
	}
}

// collect puts the outcomes together in the order of the files.
func collect(files []walk.File, outcomes []outcome) Result {
	var r Result
	for i, o := range outcomes {
		switch {
		case o.hidden:
			r.Read++
			continue
		case o.passedOver != "":
			r.NotRecognised++
			r.PassedOver = append(r.PassedOver, PassedOver{files[i].Name, o.passedOver})
		case o.failed:
			r.Failed++
		default:
			r.Read++
		}
		if o.before != nil {
			if r.before == nil {
				r.before = map[string]func(*document.Document) (*document.Document, error){}
			}
			r.before["tf:"+files[i].Name] = o.before
		}
		r.Documents = append(r.Documents, o.documents...)
		r.Diagnostics = append(r.Diagnostics, o.diagnostics...)
	}
	return r
}

// makeUnique marks repeated IDs with "~2", "~3" and so on.
func makeUnique(docs []*document.Document) {
	next := make(map[string]int, len(docs))
	for _, d := range docs {
		next[d.ID] = 2
	}
	met := make(map[string]bool, len(docs))
	for _, d := range docs {
		if !met[d.ID] {
			met[d.ID] = true
			continue
		}
		base, id := d.ID, d.ID
		for taken := true; taken; _, taken = next[id] {
			id = base + "~" + strconv.Itoa(next[base])
			next[base]++
		}
		next[id] = 2
		met[id] = true
		d.ID = id
	}
}
