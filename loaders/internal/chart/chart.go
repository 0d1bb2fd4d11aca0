// Package chart renders Helm charts with Helm's own engine, in process and
// offline, and knows for every byte of the result which line of which template
// wrote it.
//
// A chart is rendered twice: as it is, which is what counts, and with marks
// that the templates write beside their text. Only when the second result
// without its marks is the first one byte by byte are the marks believed.
package chart

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/loader/archive"
	v2 "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A File is one file of a chart folder or archive.
type File struct {
	// Name is the path within the chart, with slashes: "templates/web.yaml".
	Name string
	// Label is how the file is called in reports.
	Label string
	Data  []byte
}

// maxArchives bounds how deep archives of subcharts lie in one another.
const maxArchives = 8

// A Chart is a chart as it lies in the tree, before any values are given to it.
type Chart struct {
	files   []*archive.BufferedFile
	sources map[*byte]*document.Source // by the first byte of a file's content
	byName  map[string]*document.Source
	root    *v2.Chart // never rendered itself
	meta    *v2.Metadata
	missing []string
	sites   sites
}

// Open reads a chart. Archives of subcharts in charts/ are unpacked, so that
// their files have a Label ("web/charts/redis-1.0.0.tgz/redis/templates/a.yaml").
// The error is Helm's.
func Open(files []File) (*Chart, error) {
	c := &Chart{sources: map[*byte]*document.Source{}, byName: map[string]*document.Source{}}
	if err := c.add("", files, 0); err != nil {
		return nil, err
	}
	slices.SortFunc(c.files, func(a, b *archive.BufferedFile) int { return strings.Compare(a.Name, b.Name) })
	root, err := c.load()
	if err != nil {
		return nil, err
	}
	c.root, c.meta = root, root.Metadata
	c.missing = missing(root)
	return c, nil
}

// OpenArchive reads a packaged chart; label is the name of the .tgz file.
// isChart is false when there is no Chart.yaml in the archive.
func OpenArchive(label string, content []byte) (c *Chart, isChart bool, err error) {
	files, err := unpack(label, content)
	if err != nil {
		return nil, false, err
	}
	if !slices.ContainsFunc(files, func(f File) bool { return f.Name == chartFile }) {
		return nil, false, nil
	}
	c, err = Open(files)
	return c, true, err
}

const chartFile = "Chart.yaml"

// unpack lists the files of a chart archive. Names lose the folder that an
// archive has around everything; labels keep a place for it.
func unpack(label string, content []byte) ([]File, error) {
	found, err := archive.LoadArchiveFiles(bytes.NewReader(content))
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	files := make([]File, 0, len(found))
	for _, f := range found {
		files = append(files, File{Name: f.Name, Label: label + "/" + f.Name, Data: f.Data})
	}
	return files, nil
}

// add appends the files of a chart that lies at prefix.
func (c *Chart) add(prefix string, files []File, depth int) error {
	for _, f := range files {
		dir, base := path.Split(f.Name)
		if isVendored(dir) && path.Ext(base) == ".tgz" && !strings.HasPrefix(base, "_") && !strings.HasPrefix(base, ".") {
			if depth == maxArchives {
				return fmt.Errorf("%s: charts are packed in one another too deep", f.Label)
			}
			inner, err := unpack(f.Label, f.Data)
			if err != nil {
				return fmt.Errorf("error unpacking subchart %s: %w", f.Label, err)
			}
			// Helm takes the name of a subchart from its Chart.yaml, so that the
			// folder may be called anything but ".tgz".
			if err := c.add(prefix+f.Name+".d/", inner, depth+1); err != nil {
				return err
			}
			continue
		}
		data := bytes.TrimPrefix(f.Data, []byte("\xef\xbb\xbf"))
		src := &document.Source{Name: f.Label, Content: data}
		c.files = append(c.files, &archive.BufferedFile{Name: prefix + f.Name, Data: data})
		c.byName[prefix+f.Name] = src
		if len(data) > 0 {
			c.sources[&data[0]] = src
		}
	}
	return nil
}

// isVendored reports whether a folder holds subcharts: charts/, or charts/
// within a subchart.
func isVendored(dir string) bool {
	parts := strings.Split(strings.TrimSuffix(dir, "/"), "/")
	for i, p := range parts {
		if i%2 == 0 && p != "charts" {
			return false
		}
	}
	return len(parts)%2 == 1
}

// load has Helm read the files.
func (c *Chart) load() (*v2.Chart, error) {
	files := make([]*archive.BufferedFile, len(c.files))
	for i, f := range c.files {
		own := *f // Helm shortens the names of subcharts' files in place
		files[i] = &own
	}
	root, err := loader.LoadFiles(files)
	if err == nil && root.Metadata == nil {
		err = errors.New("Chart.yaml file is missing") //nolint:staticcheck // the name of a file
	}
	if err != nil {
		return nil, err
	}
	sortDependencies(root)
	return root, nil
}

// fresh is a copy for one rendering, which changes values, templates and what
// is said of dependencies. The files' contents are shared.
func fresh(ch *v2.Chart) *v2.Chart {
	out := &v2.Chart{
		Raw: ch.Raw, Lock: ch.Lock, Templates: slices.Clone(ch.Templates), Schema: ch.Schema, Files: ch.Files,
	}
	if ch.Values != nil {
		out.Values = deepCopy(ch.Values).(map[string]any) //nolint:forcetypeassert // a copy has the type of the original
	}
	meta := *ch.Metadata
	meta.Dependencies = make([]*v2.Dependency, len(ch.Metadata.Dependencies))
	for i, d := range ch.Metadata.Dependencies {
		if d != nil {
			own := *d
			own.ImportValues = slices.Clone(d.ImportValues)
			meta.Dependencies[i] = &own
		}
	}
	out.Metadata = &meta
	deps := make([]*v2.Chart, len(ch.Dependencies()))
	for i, d := range ch.Dependencies() {
		deps[i] = fresh(d)
	}
	out.SetDependencies(deps...)
	return out
}

// sortDependencies undoes the order of a map, in which Helm finds subcharts.
func sortDependencies(c *v2.Chart) {
	deps := slices.Clone(c.Dependencies())
	slices.SortStableFunc(deps, func(a, b *v2.Chart) int {
		if n := strings.Compare(a.Name(), b.Name()); n != 0 {
			return n
		}
		return strings.Compare(a.Metadata.Version, b.Metadata.Version)
	})
	c.SetDependencies(deps...)
	for _, d := range deps {
		sortDependencies(d)
	}
}

// missing lists the dependencies that are not in charts/, those of subcharts
// with the path to them.
func missing(c *v2.Chart) []string {
	var out []string
	for _, want := range c.Metadata.Dependencies {
		if want != nil && !slices.ContainsFunc(c.Dependencies(), func(have *v2.Chart) bool { return have.Name() == want.Name }) {
			out = append(out, want.Name)
		}
	}
	for _, d := range c.Dependencies() {
		for _, name := range missing(d) {
			out = append(out, d.Name()+"/"+name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Name is the chart's name.
func (c *Chart) Name() string { return c.meta.Name }

// Version is the chart's version.
func (c *Chart) Version() string { return c.meta.Version }

// IsLibrary reports whether the chart only has templates for others to use.
func (c *Chart) IsLibrary() bool { return c.meta.Type == "library" }

// Missing lists the dependencies that Chart.yaml names and charts/ lacks.
func (c *Chart) Missing() []string { return c.missing }

// Source returns the text of a file by its name within the chart, nil if there
// is none.
func (c *Chart) Source(name string) *document.Source { return c.byName[name] }

// Alternatives lists the values files of chart-testing (ci/*-values.yaml),
// sorted: each stands for one installation that the chart's authors test.
// https://github.com/helm/chart-testing/blob/main/doc/ct_lint.md
func (c *Chart) Alternatives() []string {
	var out []string
	for _, f := range c.files {
		if ok, err := path.Match("ci/*-values.yaml", f.Name); ok && err == nil {
			out = append(out, f.Name)
		}
	}
	return out
}
