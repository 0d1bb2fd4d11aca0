package chart

import (
	"bytes"
	"io/fs"
	"path"

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
	return i.rules.Ignore(name, fileInfo{name: path.Base(name), dir: isDir})
}

// A fileInfo is what .helmignore's rules ask of a file; the methods of
// fs.FileInfo that they do not ask are those of the nil inside.
type fileInfo struct {
	fs.FileInfo
	name string
	dir  bool
}

// Name implements fs.FileInfo.
func (f fileInfo) Name() string { return f.name }

// IsDir implements fs.FileInfo.
func (f fileInfo) IsDir() bool { return f.dir }
