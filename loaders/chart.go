package loaders

import (
	"bytes"
	"context"
	"errors"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/chart"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/walk"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

const (
	chartFormat = "helm-chart"
	chartFile   = "Chart.yaml"
)

// A Helm chart: the folder of a Chart.yaml, rendered with Helm's engine. What
// it makes are documents of the format "helm".
// https://helm.sh/docs/topics/charts/
var _ = register(Format{
	Name: chartFormat,
	Detect: func(name string, head []byte) Confidence {
		if path.Base(name) == chartFile && bytes.Contains(head, []byte("name:")) {
			return Yes
		}
		return No
	},
	Load: loadChart,
})

// loadChart reads the chart whose Chart.yaml the input is.
func loadChart(ctx context.Context, in Input) (Output, error) {
	if in.ReadRaw == nil {
		return Output{NotMine: "Chart.yaml without a folder around it"}, nil
	}
	dir := path.Dir(in.Source.Name)
	files, err := chartFiles(dir, in)
	if err != nil {
		return chartProblem(in.Source, err), nil
	}
	l := chartLoad{in: in, src: in.Source}
	for _, f := range files {
		if belongs(f.Name) || bytes.Contains(f.Data, []byte("{{")) && !isYAML(f.Data) { // for .Files and tpl
			l.out.Claimed = append(l.out.Claimed, f.Label)
		}
	}
	c, err := chart.Open(files)
	if err != nil {
		if d, ok := brokenText(files); ok {
			l.report(d.Range, document.Error, "the chart cannot be read: "+d.Message)
		} else {
			l.report(in.Source.Range(0, 0), document.Error, "the chart cannot be read: "+oneLine(err))
		}
		return l.out, nil
	}
	if c.IsLibrary() {
		return library(), nil
	}
	return Output{Claimed: l.out.Claimed, Later: func() Output { return l.render(ctx, c) }}, nil
}

// library is a chart that makes nothing by itself.
func library() Output {
	return Output{NotMine: "library chart: what it has is judged where other charts use it"}
}

func chartProblem(src *document.Source, err error) Output {
	return Output{Diagnostics: []document.Diagnostic{{
		Range: src.Range(0, 0), Level: document.Error, Message: "the chart cannot be read: " + oneLine(err),
	}}}
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// isArchive reports whether a name is that of a packaged chart.
func isArchive(name string) bool { return strings.HasSuffix(strings.ToLower(name), ".tgz") }

// readArchive reads a packaged chart. An archive of something else is passed
// over.
func (r *reader) readArchive(ctx context.Context, f walk.File) (outcome, error) {
	a := r.access(f)
	content, err := a.readRaw(f.Name)
	if err != nil {
		return unreadable(f, err), nil
	}
	src := &document.Source{Name: f.Name}
	c, isChart, err := chart.OpenArchive(f.Name, content)
	switch {
	case !isChart && f.Explicit && err != nil:
		return unreadable(f, err), nil
	case !isChart:
		return outcome{passedOver: "archive, but not of a Helm chart"}, nil
	case err != nil:
		return archived(chartProblem(src, err)), nil
	}
	if c.IsLibrary() {
		return outcome{passedOver: library().NotMine}, nil
	}
	l := chartLoad{src: src, in: Input{Source: src, ReadFile: a.readFile, ReadDir: a.readDir, ReadRaw: a.readRaw, KubeVersion: r.kubeVersion, Options: r.opts}}
	return outcome{later: func() outcome { return archived(l.render(ctx, c)) }}, nil
}

func archived(out Output) outcome {
	return outcome{documents: out.Documents, diagnostics: out.Diagnostics, claimed: out.Claimed, failed: hasError(out.Diagnostics)}
}

// A chartLoad is a chart in the course of being rendered.
type chartLoad struct {
	in   Input
	src  *document.Source // Chart.yaml, or the archive
	out  Output
	seen map[string][]*document.Document
	// with is the place of the values that are not the chart's own.
	with []document.Trace
}

func (l *chartLoad) report(r document.Range, level document.Level, message string) {
	l.out.Diagnostics = append(l.out.Diagnostics, document.Diagnostic{Range: r, Level: level, Message: message})
}

// render makes the documents of a chart: with its own values and those of the
// options, and once more with each of the values its authors test it with.
func (l *chartLoad) render(ctx context.Context, c *chart.Chart) Output {
	settings := l.settings()
	failure := l.once(ctx, c, settings, "")
	if missing := c.Missing(); len(missing) > 0 && failure == nil {
		l.report(l.dependency(c, missing[0]), document.Warning, "what "+strings.Join(missing, ", ")+
			" would add was not judged: charts/ lacks it (helm dependency build brings it)")
	}
	others := 0
	for _, name := range c.Alternatives() {
		if ctx.Err() != nil {
			break // the caller asks too
		}
		s := settings
		s.Values = append([]*document.Source{c.Source(name)}, settings.Values...)
		l.with = []document.Trace{{Range: c.Source(name).Range(0, 0), Message: "rendered with these values"}}
		if err := l.once(ctx, c, s, name); err != nil && (failure == nil || err.Error() != failure.Error()) {
			l.fail(c, err, document.Error, "with "+name+": ")
		} else if err == nil {
			others++
		}
	}
	switch {
	case failure != nil && others > 0: // it wants values that only the user has
		l.fail(c, failure, document.Warning, "with its default values: ")
	case failure != nil:
		l.fail(c, failure, document.Error, "")
	}
	return l.out
}

// fail reports a chart that cannot be rendered.
func (l *chartLoad) fail(c *chart.Chart, err error, level document.Level, with string) {
	at := l.src.Range(0, 0)
	if e, ok := errors.AsType[*chart.Error](err); ok {
		at = e.Range
	}
	message := with + "the chart cannot be rendered: " + oneLine(err)
	if missing := c.Missing(); len(missing) > 0 {
		message += " (charts/ lacks " + strings.Join(missing, ", ") + ": helm dependency build brings it)"
	}
	l.report(at, level, message)
}

// settings are those of the options.
func (l *chartLoad) settings() chart.Settings {
	o := l.in.Options
	s := chart.Settings{KubeVersion: o.KubeVersion, Set: o.HelmSet}
	if l.in.KubeVersion != nil {
		s.KubeVersion = l.in.KubeVersion()
	}
	for _, f := range o.HelmValues {
		s.Values = append(s.Values, &document.Source{Name: f.Name, Content: f.Content})
	}
	return s
}

// once renders c with one set of values; alternative is the file they are from.
func (l *chartLoad) once(ctx context.Context, c *chart.Chart, s chart.Settings, alternative string) error {
	with := ""
	if alternative != "" {
		with = "with " + alternative + ": "
	}
	r, err := c.Render(ctx, s)
	if err != nil {
		return err
	}
	for _, w := range r.Warnings {
		if alternative == "" {
			l.report(l.src.Range(0, 0), document.Warning, w)
		}
	}
	for _, crd := range r.CRDs {
		if alternative == "" {
			l.crd(c, crd)
		}
	}
	for i := range r.Outputs {
		l.output(c, &r.Outputs[i], s, alternative, with)
	}
	return nil
}

// output reads what one template has written.
func (l *chartLoad) output(c *chart.Chart, o *chart.Output, s chart.Settings, alternative, with string) {
	stream := readStream(o.Text)
	if len(stream.objects) > 0 || hasError(stream.diags) {
		for _, d := range stream.diagnostics() {
			r, _ := o.Place(d.Range)
			if alternative == "" || d.Level == document.Error {
				l.report(r, d.Level, with+d.Message)
			}
		}
	} else if len(stream.others) > 0 && alternative == "" {
		r, _ := o.Place(stream.others[0])
		l.report(r, document.Note, "what this template writes is no Kubernetes object (apiVersion and kind are missing): it was not judged")
	}
	for _, d := range stream.documents() {
		if d.Format == eksctlFormat {
			continue
		}
		d.SetLocator(o.Locator(d.Locator().(*document.Tree)))
		l.describe(d, c, s, o.Template)
		if alternative != "" {
			d.Metadata["helm:values"] = alternative
		}
		l.mark(d)
		l.add(d)
	}
}

// crd reads a file that the chart brings as it is.
func (l *chartLoad) crd(c *chart.Chart, crd chart.CRD) {
	stream := readStream(crd.File)
	l.out.Diagnostics = append(l.out.Diagnostics, stream.diagnostics()...)
	for _, d := range stream.documents() {
		l.describe(d, c, chart.Settings{}, crd.Template)
		l.add(d)
	}
}

func readStream(src *document.Source) *stream {
	s := &stream{src: src}
	yamlnode.Each(src, func(docs []yamlnode.Doc, diags []document.Diagnostic) {
		s.diags = append(s.diags, diags...)
		for _, doc := range docs {
			s.read(doc)
		}
	})
	s.helm = true
	return s
}

// describe says which chart, template and release a document is of.
func (l *chartLoad) describe(d *document.Document, c *chart.Chart, s chart.Settings, template string) {
	d.Format = helmFormat
	release := s.Release
	if release == "" {
		release = c.Name()
	}
	d.Metadata = map[string]string{
		"helm:chart": c.Name() + "-" + c.Version(), "helm:template": template, "helm:release": release,
	}
	metadata := asMap(d.Raw["metadata"])
	if _, set := metadata["namespace"].(string); !set && d.Namespace != "" {
		d.Metadata["helm:namespace"] = "unset"
	}
	if hook, ok := asMap(metadata["annotations"])["helm.sh/hook"].(string); ok {
		d.Metadata["helm:hook"] = hook
	}
}

// add appends a document unless another rendering has made the same.
func (l *chartLoad) add(d *document.Document) {
	if l.seen == nil {
		l.seen = map[string][]*document.Document{}
	}
	same := func(other *document.Document) bool { return reflect.DeepEqual(other.Raw, d.Raw) }
	if d.Metadata["helm:values"] != "" && slices.ContainsFunc(l.seen[d.ID], same) {
		return
	}
	l.seen[d.ID] = append(l.seen[d.ID], d)
	l.out.Documents = append(l.out.Documents, d)
}

// dependency is where Chart.yaml names a dependency.
func (l *chartLoad) dependency(c *chart.Chart, name string) document.Range {
	for _, file := range []string{chartFile, "requirements.yaml"} {
		src := c.Source(file)
		if src == nil {
			continue
		}
		docs, _ := yamlnode.Parse(src)
		for _, doc := range docs {
			if doc.Root == nil {
				continue
			}
			value, tree, _ := yamlnode.Kubernetes.Value(doc.Root, src)
			list, _ := asMap(value)["dependencies"].([]any)
			for i, e := range list {
				if asMap(e)["name"] == name {
					r, _ := tree.Locate(document.Path{"dependencies", i, "name"})
					return r
				}
			}
		}
	}
	return l.src.Range(0, 0)
}

// belongs reports whether a file of a chart is part of what is rendered, so
// that it is not an input by itself.
func belongs(name string) bool {
	dir, _, below := strings.Cut(name, "/")
	if below {
		return slices.Contains([]string{"templates", "charts", "crds", "ci"}, dir)
	}
	ok, _ := path.Match("values*", name) // the pattern is sound
	return ok || slices.Contains([]string{chartFile, "Chart.lock", "requirements.yaml", "requirements.lock"}, name)
}
