package loaders

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/cfn"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/chart"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// assetCharts renders the charts that a CDK stack brings as assets, with the
// values that its resources give, and puts what they make behind the resource.
func assetCharts(ctx context.Context, in Input, out *Output) error {
	if in.ReadRaw == nil || in.ReadDir == nil {
		return nil
	}
	var documents []*document.Document
	for _, d := range out.Documents {
		documents = append(documents, d)
		if d.Metadata[cfn.ChartKey] == "" {
			continue
		}
		made, err := assetChart(ctx, in, d)
		if err != nil {
			return err
		}
		documents = append(documents, made.Documents...)
		out.Diagnostics = append(out.Diagnostics, made.Diagnostics...)
		for _, name := range made.Claimed {
			if !slices.Contains(out.Claimed, name) {
				out.Claimed = append(out.Claimed, name)
			}
		}
	}
	out.Documents = documents
	return nil
}

// assetChart renders one chart.
func assetChart(ctx context.Context, in Input, d *document.Document) (Output, error) {
	dir := d.Metadata[cfn.ChartKey]
	at, _ := d.Locate(document.Path{"ChartAssetURL"})
	l := chartLoad{in: in, src: &document.Source{Name: path.Join(dir, "Chart.yaml")}}
	files, err := chartFiles(dir, in)
	if err == nil {
		for _, f := range files {
			if belongs(f.Name) {
				l.out.Claimed = append(l.out.Claimed, f.Label)
			}
		}
		var c *chart.Chart
		if c, err = chart.Open(files); err == nil {
			s := l.settings()
			s.Release, _ = d.Raw["Release"].(string)
			s.Namespace, _ = d.Raw["Namespace"].(string)
			text := releaseText(d)
			if text != "" { // what the stack says goes before the options' values
				s.Values = append(s.Values, &document.Source{Name: d.ID + "#Values", Content: []byte(text)})
			}
			if failure := l.once(ctx, c, s, ""); failure != nil {
				l.fail(c, failure, document.Error, "")
			}
		}
	}
	if err != nil {
		l.report(at.Outermost(), document.Error, d.Address+": the chart "+dir+" cannot be read: "+oneLine(err))
	}
	holes := d.RawStates["Values"]
	for _, made := range l.out.Documents {
		made.Parent, made.Conditional, made.Scope = d, d.Conditional, d.Scope
		made.Metadata["lift"] = "helm"
		if namespace, known := d.Raw["Namespace"].(string); known && unset(made) {
			moveTo(made, namespace)
		}
		for _, key := range []string{"aws:cdk:path", "cfn:condition"} {
			if s := d.Metadata[key]; s != "" {
				made.Metadata[key] = s
			}
		}
		if holes.Template != "" {
			f := holeFinder{doc: made, state: holes, names: holeNames(holes.Template)}
			made.Raw = asMap(f.clear(made.Raw, nil))
		}
	}
	return l.out, ctx.Err()
}

// releaseText returns the values of a release as a text, holes included.
func releaseText(d *document.Document) string {
	if text, ok := d.Raw["Values"].(string); ok {
		return text
	}
	template := d.RawStates["Values"].Template
	docs, diagnostics := yamlnode.Parse(&document.Source{Content: []byte(template)})
	if template == "" || len(docs) != 1 || hasError(diagnostics) {
		return ""
	}
	return template
}

// holeNames lists the holes of a template, "${Cluster}".
func holeNames(template string) []string {
	var out []string
	for rest := template; ; {
		_, after, found := strings.Cut(rest, "${")
		name, tail, closed := strings.Cut(after, "}")
		if !found || !closed {
			return out
		}
		if !strings.HasPrefix(name, "!") {
			out = append(out, "${"+name+"}")
		}
		rest = tail
	}
}

// A holeFinder takes the holes that the chart has carried into its output out
// of the values again: they are not known.
type holeFinder struct {
	doc   *document.Document
	state document.State
	names []string
}

func (f holeFinder) clear(v any, at document.Path) any {
	switch v := v.(type) {
	case string:
		if !slices.ContainsFunc(f.names, func(name string) bool { return strings.Contains(v, name) }) {
			return v
		}
		state := document.State{Kind: document.Unknown, Reason: f.state.Reason, Refs: f.state.Refs, Template: v}
		if f.doc.RawStates == nil {
			f.doc.RawStates = document.States{}
		}
		f.doc.RawStates[at.String()] = state
		return nil
	case []any:
		for i := range v {
			v[i] = f.clear(v[i], at.Append(i))
		}
	case map[string]any:
		for key, value := range v {
			if cleared := f.clear(value, at.Append(key)); cleared != nil || value == nil {
				v[key] = cleared
			} else {
				delete(v, key)
			}
		}
	}
	return v
}
