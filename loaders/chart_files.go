package loaders

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/chart"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

const (
	maxChartFiles = 20_000
	maxChartSize  = 256 << 20
	maxChartDepth = 24 // ends at folders that contain themselves through a link
)

// chartFiles reads the folder of a chart as Helm does: without what
// .helmignore names.
func chartFiles(dir string, in Input) ([]chart.File, error) {
	ignored, err := in.ReadRaw(path.Join(dir, ".helmignore"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf(".helmignore: %w", err)
	}
	rules, err := chart.ParseIgnore(ignored)
	if err != nil {
		return nil, fmt.Errorf(".helmignore: %w", err)
	}
	w := chartWalk{in: in, dir: dir, rules: rules}
	if err := w.folder("", 0); err != nil {
		return nil, err
	}
	return w.files, nil
}

// brokenText finds the text that keeps a chart from being read: Helm's message
// does not always say where in it.
func brokenText(files []chart.File) (document.Diagnostic, bool) {
	for _, f := range files {
		switch path.Base(f.Name) {
		case chartFile, "values.yaml", "Chart.lock", "requirements.yaml", "requirements.lock":
		default:
			continue
		}
		if dir := path.Dir(f.Name); dir != "." && !strings.HasPrefix(dir, "charts/") {
			continue
		}
		_, diags := yamlnode.Parse(&document.Source{Name: f.Label, Content: f.Data})
		for _, d := range diags {
			if d.Level == document.Error {
				return d, true
			}
		}
	}
	return document.Diagnostic{}, false
}

type chartWalk struct {
	in    Input
	dir   string
	rules chart.Ignore
	files []chart.File
	size  int
}

func (w *chartWalk) folder(name string, depth int) error {
	if depth > maxChartDepth {
		return fmt.Errorf("%s: folders lie in one another too deep", name)
	}
	entries, err := w.in.ReadDir(path.Join(w.dir, name))
	if err != nil {
		return fmt.Errorf("%s: %w", path.Join(w.dir, name), err)
	}
	slices.Sort(entries)
	for _, e := range entries {
		if err := w.entry(path.Join(name, e), depth); err != nil {
			return err
		}
	}
	return nil
}

func (w *chartWalk) entry(name string, depth int) error {
	label := path.Join(w.dir, name)
	if strings.HasPrefix(path.Base(name), ".git") {
		return nil
	}
	if _, err := w.in.ReadDir(label); err == nil {
		if w.rules.Ignores(name, true) {
			return nil
		}
		return w.folder(name, depth+1)
	}
	if w.rules.Ignores(name, false) {
		return nil
	}
	content, err := w.in.ReadRaw(label)
	if err != nil {
		if belongs(name) {
			return fmt.Errorf("%s: %w", label, err)
		}
		return nil // a socket, or a link that leads nowhere
	}
	w.size += len(content)
	if len(w.files) >= maxChartFiles || w.size > maxChartSize {
		return errors.New("the folder has more than 20,000 files or 256 MiB: too much for a chart")
	}
	w.files = append(w.files, chart.File{Name: name, Label: label, Data: content})
	return nil
}
