package chart

import (
	"bytes"
	"io/fs"
	"path"
	"time"

	"helm.sh/helm/v4/pkg/ignore"
)

// Ignore is what a .helmignore file says.
// https://helm.sh/docs/chart_template_guide/helm_ignore_file/
type Ignore struct{ rules *ignore.Rules }

// ParseIgnore reads a .helmignore file; no text is a file without rules.
func ParseIgnore(text []byte) (Ignore, error) {
	rules, err := ignore.Parse(bytes.NewReader(text))
	if err != nil {
		return Ignore{}, err
	}
	rules.AddDefaults()
	return Ignore{rules}, nil
}

// Ignores reports whether a file of the chart, or a folder with all below it,
// is left out.
func (i Ignore) Ignores(name string, isDir bool) bool {
	return i.rules.Ignore(name, fileInfo{path.Base(name), isDir})
}

// A fileInfo is what .helmignore's rules ask of a file.
type fileInfo struct {
	name string
	dir  bool
}

func (f fileInfo) Name() string       { return f.name }
func (f fileInfo) Size() int64        { return 0 }
func (f fileInfo) Mode() fs.FileMode  { return 0 }
func (f fileInfo) ModTime() time.Time { return time.Time{} }
func (f fileInfo) IsDir() bool        { return f.dir }
func (f fileInfo) Sys() any           { return nil }
