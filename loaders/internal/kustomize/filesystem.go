package kustomize

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// errReadOnly answers whatever would change a file.
var errReadOnly = errors.New("a build changes no files")

// fileSystem is what kustomize sees: the files of the run, with the
// kustomizations as they were rewritten. Symbolic links are followed by the
// run's own readers, within their bounds, and names stay as they are written.
type fileSystem struct {
	tree    *tree
	written map[string][]byte
}

var _ filesys.FileSystem = (*fileSystem)(nil)

// ReadFile implements filesys.FileSystem.
func (f *fileSystem) ReadFile(name string) ([]byte, error) {
	abs := f.tree.abs(name)
	if content, ok := f.written[abs]; ok {
		return content, nil
	}
	content, err := f.tree.readFile(abs)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.tree.name(abs), err)
	}
	return content, nil
}

// IsDir implements filesys.FileSystem.
func (f *fileSystem) IsDir(name string) bool { return f.tree.isDir(f.tree.abs(name)) }

// Exists implements filesys.FileSystem.
func (f *fileSystem) Exists(name string) bool {
	_, err := f.ReadFile(name)
	return err == nil || f.IsDir(name)
}

// CleanedAbs implements filesys.FileSystem.
func (f *fileSystem) CleanedAbs(name string) (filesys.ConfirmedDir, string, error) {
	abs := f.tree.abs(name)
	if f.IsDir(abs) {
		return filesys.ConfirmedDir(abs), "", nil
	}
	if !f.Exists(abs) {
		return "", "", fmt.Errorf("%s: %w", f.tree.name(abs), fs.ErrNotExist)
	}
	return filesys.ConfirmedDir(filepath.Dir(abs)), filepath.Base(abs), nil
}

// ReadDir implements filesys.FileSystem.
func (f *fileSystem) ReadDir(name string) ([]string, error) {
	return f.tree.files.ReadDir(f.tree.name(f.tree.abs(name)))
}

// Glob implements filesys.FileSystem; no field that is built here has patterns.
func (f *fileSystem) Glob(string) ([]string, error) { return nil, nil }

// Walk implements filesys.FileSystem; builds do not use it.
func (f *fileSystem) Walk(string, filepath.WalkFunc) error { return errReadOnly }

// Open implements filesys.FileSystem; builds read whole files.
func (f *fileSystem) Open(string) (filesys.File, error) { return nil, errReadOnly }

// Create implements filesys.FileSystem.
func (f *fileSystem) Create(string) (filesys.File, error) { return nil, errReadOnly }

// Mkdir implements filesys.FileSystem.
func (f *fileSystem) Mkdir(string) error { return errReadOnly }

// MkdirAll implements filesys.FileSystem.
func (f *fileSystem) MkdirAll(string) error { return errReadOnly }

// RemoveAll implements filesys.FileSystem.
func (f *fileSystem) RemoveAll(string) error { return errReadOnly }

// WriteFile implements filesys.FileSystem.
func (f *fileSystem) WriteFile(string, []byte) error { return errReadOnly }
