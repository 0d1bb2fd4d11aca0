// Package walk finds the files a run is asked to read.
package walk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// A File is a file to read.
type File struct {
	// Name is how the file is called in reports: relative to the working
	// directory, with slashes; absolute when it was named so and lies elsewhere.
	Name string
	// Path opens it.
	Path string
	// Root is the folder whose files the file may refer to.
	Root string
	// Explicit says that the user named the file itself and not a folder.
	Explicit bool
	// Skip says why the file cannot be read, "" if it can.
	Skip string
	// Err is a failure of the file system.
	Err error
	// Folder says that Err is about a folder.
	Folder bool
}

// A PathError says that an argument cannot be used.
type PathError struct {
	Path string
	Err  error
}

func (e *PathError) Error() string { return fmt.Sprintf("%s: %v", e.Path, e.Err) }

// Unwrap returns the cause.
func (e *PathError) Unwrap() error { return e.Err }

var (
	errMissing = errors.New("no such file or folder")
	errBroken  = errors.New("broken symbolic link")
	errPattern = errors.New("not a valid pattern for files to leave out")
)

// Files lists the files at and below paths, in the order of the arguments and
// by name within a folder, each file once. Left out are what .gitignore (also
// those of the folders above, up to the repository's root) and
// .plimsollignore name, the folders .git and .terraform, and what matches an
// exclude glob: the whole name, the last element if the glob has no slash, or
// a folder above. A file that is an argument itself is never left out.
// Symbolic links to files are followed, links to folders only as arguments.
func Files(paths, exclude []string) ([]File, error) {
	for _, glob := range exclude {
		if !doublestar.ValidatePattern(cleanGlob(glob)) {
			return nil, &PathError{glob, errPattern}
		}
	}
	cwd, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("find the working directory: %w", err)
	}
	w := walker{cwd: cwd, seen: map[string]int{}}
	for _, glob := range exclude {
		w.exclude = append(w.exclude, cleanGlob(glob))
	}
	for _, p := range paths {
		if err := w.argument(p); err != nil {
			return nil, err
		}
	}
	return w.withoutRepeats(), nil
}

func cleanGlob(glob string) string {
	return strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(glob), "./"), "/")
}

type walker struct {
	cwd     string
	exclude []string
	files   []File
	links   []int          // files that are symbolic links met on the way
	seen    map[string]int // real path -> index in files
}

func (w *walker) argument(arg string) error {
	abs := arg
	if !filepath.IsAbs(abs) {
		abs = filepath.Join(w.cwd, arg)
	}
	info, err := os.Stat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &PathError{arg, errMissing}
	case err != nil:
		return &PathError{arg, unwrap(err)}
	}
	name := w.name(arg, abs)
	if !info.IsDir() {
		w.add(File{Name: name, Path: abs, Root: filepath.Dir(abs), Explicit: true}, realPath(abs))
		return nil
	}
	f := folder{name: name, abs: abs, real: realPath(abs), root: abs}
	f.sets = rulesAbove(f.real)
	w.dir(f)
	return nil
}

// name returns what a path is called in reports.
func (w *walker) name(arg, abs string) string {
	rel, err := filepath.Rel(w.cwd, abs)
	if err != nil || filepath.IsAbs(arg) && (rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator))) {
		return filepath.ToSlash(filepath.Clean(abs))
	}
	return filepath.ToSlash(rel)
}

func realPath(p string) string {
	if r, err := filepath.EvalSymlinks(p); err == nil {
		return filepath.ToSlash(r)
	}
	return filepath.ToSlash(filepath.Clean(p))
}

// unwrap takes the operation and the path off a file system error: the path
// stands before it already.
func unwrap(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}

// rulesAbove collects the rules of the folders above dir, from the root of its
// repository down. Without a repository there are none.
func rulesAbove(dir string) []*ruleset {
	var sets []*ruleset
	for d := dir; ; d = path.Dir(d) {
		if d != dir {
			sets = append(sets, readRules(filepath.FromSlash(d)))
		}
		if _, err := os.Lstat(filepath.Join(filepath.FromSlash(d), ".git")); err == nil {
			var own *ruleset
			sets = append(sets, own.add(filepath.FromSlash(d), filepath.Join(filepath.FromSlash(d), ".git", "info", "exclude")))
			slices.Reverse(sets)
			return sets
		}
		if path.Dir(d) == d {
			return nil
		}
	}
}

// A folder is one that is being walked.
type folder struct {
	name string // in reports
	abs  string // opens it
	real string // without symbolic links, with slashes
	root string // the argument it lies below
	sets []*ruleset
}

func (w *walker) dir(in folder) {
	entries, err := os.ReadDir(in.abs)
	if err != nil {
		w.add(File{Name: in.name, Path: in.abs, Root: in.root, Err: unwrap(err), Folder: true}, in.real)
	}
	in.sets = append(slices.Clip(in.sets), readRules(filepath.FromSlash(in.real)))
	for _, e := range entries {
		w.entry(in, e)
	}
}

func (w *walker) entry(in folder, e fs.DirEntry) {
	isDir := e.IsDir()
	if e.Name() == ".git" || isDir && e.Name() == ".terraform" {
		return
	}
	f := File{Name: path.Join(in.name, e.Name()), Path: filepath.Join(in.abs, e.Name()), Root: in.root}
	target := path.Join(in.real, e.Name())
	if ignored(in.sets, target, isDir) || w.excluded(f.Name) {
		return
	}
	switch mode := e.Type(); {
	case isDir:
		w.dir(folder{name: f.Name, abs: f.Path, real: target, root: in.root, sets: in.sets})
		return
	case mode&fs.ModeSymlink != 0:
		w.link(f)
		return
	case !mode.IsRegular():
		f.Skip = "not a regular file"
	}
	w.add(f, target)
}

// link adds the file behind a symbolic link. Folders behind links are not
// walked: they may lie anywhere, or contain the link.
func (w *walker) link(f File) {
	info, err := os.Stat(f.Path)
	switch {
	case err != nil:
		f.Err = errBroken
	case info.IsDir():
		f.Skip = "symbolic link to a folder"
	case !info.Mode().IsRegular():
		f.Skip = "not a regular file"
	}
	w.links = append(w.links, len(w.files))
	w.files = append(w.files, f)
}

func (w *walker) excluded(name string) bool {
	for _, glob := range w.exclude {
		subject := name
		if !strings.Contains(glob, "/") {
			subject = path.Base(name)
		}
		if doublestar.MatchUnvalidated(glob, subject) || strings.HasSuffix(glob, "/**") && doublestar.MatchUnvalidated(strings.TrimSuffix(glob, "/**"), name) {
			return true
		}
	}
	return false
}

// add appends a file that has not been met. Named by itself, a file is explicit
// wherever it was met first.
func (w *walker) add(f File, target string) {
	if i, ok := w.seen[target]; ok {
		w.files[i].Explicit = w.files[i].Explicit || f.Explicit
		return
	}
	w.seen[target] = len(w.files)
	w.files = append(w.files, f)
}

// withoutRepeats leaves out links whose target is in the list.
func (w *walker) withoutRepeats() []File {
	drop := map[int]bool{}
	for _, i := range w.links {
		if w.files[i].Skip != "" || w.files[i].Err != nil {
			continue
		}
		target := realPath(w.files[i].Path)
		if _, ok := w.seen[target]; ok {
			drop[i] = true
		}
		w.seen[target] = i
	}
	out := w.files[:0]
	for i, f := range w.files {
		if !drop[i] {
			out = append(out, f)
		}
	}
	return out
}
