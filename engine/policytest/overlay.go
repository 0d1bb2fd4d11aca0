package policytest

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"time"
)

// An overlay is a file system in which one file has another text and some are
// not there.
type overlay struct {
	fs.FS
	file, text string
	hidden     map[string]bool
}

// Open implements fs.FS.
func (o overlay) Open(name string) (fs.File, error) {
	if o.hidden[name] {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if name != o.file {
		return o.FS.Open(name)
	}
	return &changed{Reader: bytes.NewReader([]byte(o.text)), name: path.Base(name)}, nil
}

// ReadDir implements fs.ReadDirFS.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.FS, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return o.hidden[path.Join(name, e.Name())] }), err
}

// changed is the file with the other text.
type changed struct {
	*bytes.Reader
	name string
}

// Stat implements fs.File.
func (c *changed) Stat() (fs.FileInfo, error) { return c, nil }

// Close implements fs.File.
func (*changed) Close() error { return nil }

// Name implements fs.FileInfo, as do the following.
func (c *changed) Name() string { return c.name }

// Mode says that the file is an ordinary one.
func (*changed) Mode() fs.FileMode { return 0o444 }

// ModTime is not known.
func (*changed) ModTime() time.Time { return time.Time{} }

// IsDir is false.
func (*changed) IsDir() bool { return false }

// Sys is nil.
func (*changed) Sys() any { return nil }
