package chart

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"

	"helm.sh/helm/v4/pkg/chart/common"
	v2 "helm.sh/helm/v4/pkg/chart/v2"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// maxCandidates bounds how many values are tried for one place.
const maxCandidates = 8

// A prover renders a chart again with one value changed, and remembers what
// came of it: many findings ask about the same value.
type prover struct {
	chart    *Chart
	settings Settings

	plain map[string]string // what the templates write, by name

	mu     sync.Mutex
	values map[string]any
	alone  map[string]bool  // templates that write the same without the others
	tried  map[trial][]any  // the objects after a change
	before map[string][]any // the objects of a template, as they are
	where  map[string]place // of values
	trees  map[*document.Source][]*document.Tree
}

// A trial is one value changed, for what one template makes of it.
type trial struct{ value, template string }

// A place is where a value is written, if anywhere.
type place struct {
	at    document.Range
	found bool
}

// newProver asks nothing yet.
func newProver(c *Chart, s Settings, plain map[string]string) *prover {
	return &prover{
		chart: c, settings: s, plain: plain,
		alone: map[string]bool{}, tried: map[trial][]any{}, before: map[string][]any{}, where: map[string]place{},
		trees: map[*document.Source][]*document.Tree{},
	}
}

// Trace implements document.Tracer: the actions that included what wrote the
// value, then the value of the chart that decides it, if rendering again with
// another proves that.
func (l *Locator) Trace(path document.Path) []document.Trace {
	var out []document.Trace
	for _, r := range l.calls(path) {
		out = append(out, document.Trace{Range: r, Message: "included from here"})
	}
	if key, at, ok := l.driver(path); ok {
		out = append(out, document.Trace{Range: at, Message: "driven by " + key})
	}
	return out
}

// driver names the value of the chart that the scalar at path depends on, and
// where it is written.
func (l *Locator) driver(path document.Path) (key string, at document.Range, ok bool) {
	value, exact := l.tree.Locate(path)
	if !exact {
		return "", at, false
	}
	o := l.output
	seg := o.at(o.firstVisible(value))
	if seg == nil {
		return "", at, false
	}
	p := o.prover
	p.mu.Lock()
	defer p.mu.Unlock()
	before, ok := p.before[o.Template]
	if !ok {
		before = objectsIn(o.Text)
		p.before[o.Template] = before
	}
	object := o.index(value.Start.Offset)
	if object >= len(before) {
		return "", at, false
	}
	now, _ := document.At(before[object], path)
	tries := 0
	for _, site := range slices.Backward(seg.sites) {
		for _, name := range o.chart.sites.list[site].values {
			full, ok := p.resolve(o.prefix, name, path, now)
			if !ok {
				continue
			}
			if tries++; tries > maxCandidates {
				return "", at, false
			}
			if p.drives(full, o.Template, object, path, now) {
				at, ok := p.written(full)
				return full, at, ok
			}
		}
	}
	return "", at, false
}

// objectsIn lists the documents of a text.
func objectsIn(src *document.Source) []any {
	docs, _ := yamlnode.Parse(src)
	out := make([]any, 0, len(docs))
	for _, d := range docs {
		var value any
		if d.Root != nil {
			value, _, _ = yamlnode.Kubernetes.Value(d.Root, src)
		}
		out = append(out, value)
	}
	return out
}

// index is the number of the document that an offset of the output lies in.
func (o *Output) index(offset int) int {
	docs, _ := yamlnode.Parse(o.Text)
	for i, d := range docs {
		if d.Root != nil && offset >= d.Root.Start && offset <= d.Root.End {
			return i
		}
	}
	return len(docs)
}

// resolve makes of a name in a template the full name of a scalar of the
// chart's values. Where the template writes a whole table (toYaml), the scalar
// in it is the one that the path ends with and that has the value now.
func (p *prover) resolve(prefix, name string, path document.Path, now any) (string, bool) {
	full := name
	if !strings.HasPrefix(name+".", "global.") {
		full = prefix + name
	}
	value, ok := lookup(p.all(), full)
	if !ok {
		return "", false
	}
	switch value.(type) {
	case map[string]any:
	case []any, nil:
		return "", false
	default:
		return full, true
	}
	for i := range path {
		inner := full
		for _, e := range path[i:] {
			s, isKey := e.(string)
			if !isKey || strings.Contains(s, ".") {
				inner = ""
				break
			}
			inner += "." + s
		}
		if inner == "" {
			continue
		}
		if v, ok := lookup(p.all(), inner); ok && same(v, now) {
			return inner, true
		}
	}
	return "", false
}

// same compares a value of Helm, whose numbers are float64, with one of ours.
func same(a, b any) bool {
	if n, ok := b.(int64); ok {
		b = float64(n)
	}
	if n, ok := a.(int64); ok {
		a = float64(n)
	}
	return reflect.DeepEqual(a, b)
}

// all are the values that the chart is rendered with.
func (p *prover) all() map[string]any {
	if p.values == nil {
		p.values = map[string]any{}
		if ready, err := p.chart.prepare(p.settings, nil); err == nil {
			switch v := ready.values["Values"].(type) {
			case common.Values:
				p.values = v
			case map[string]any:
				p.values = v
			}
		}
	}
	return p.values
}

func lookup(values map[string]any, name string) (any, bool) {
	var at any = values
	for part := range strings.SplitSeq(name, ".") {
		switch table := at.(type) {
		case map[string]any:
			at = table[part]
		case common.Values:
			at = table[part]
		default:
			return nil, false
		}
	}
	return at, at != nil
}

// drives reports whether the scalar at path is another when a value is.
func (p *prover) drives(name, template string, object int, path document.Path, now any) bool {
	key := trial{name, template}
	after, done := p.tried[key]
	if !done {
		after = p.try(key)
		p.tried[key] = after
	}
	if object >= len(after) {
		return false
	}
	then, found := document.At(after[object], path)
	return found && !reflect.DeepEqual(then, now)
}

// try renders the chart with another value and returns what a template then
// writes; nil if that is nothing, nothing else, or cannot be rendered.
func (p *prover) try(t trial) []any {
	change := p.other(t.value)
	if change == nil {
		return nil
	}
	text, err := p.renderOne(t.template, change)
	if err != nil || text == p.plain[t.template] || strings.TrimSpace(text) == "" {
		return nil
	}
	text, _ = split(text, nil)
	return objectsIn(&document.Source{Content: []byte(text)})
}

// other is a table of values with another one at name.
func (p *prover) other(name string) map[string]any {
	value, _ := lookup(p.all(), name)
	var change any
	switch v := value.(type) {
	case bool:
		change = !v
	case string:
		change = v + "-other"
	case float64:
		change = v + 1
	case int64:
		change = v + 1
	default:
		return nil
	}
	parts := strings.Split(name, ".")
	for _, part := range slices.Backward(parts[1:]) {
		change = map[string]any{part: change}
	}
	return map[string]any{parts[0]: change}
}

// renderOne renders one template: without the others where it is the same
// without them, which is much faster.
func (p *prover) renderOne(template string, change map[string]any) (string, error) {
	alone, known := p.alone[template]
	if !known {
		text, err := p.render(template, map[string]any{}, true)
		alone = err == nil && text == p.plain[template]
		p.alone[template] = alone
	}
	return p.render(template, change, alone)
}

func (p *prover) render(template string, change map[string]any, alone bool) (string, error) {
	ready, err := p.chart.prepare(p.settings, change)
	if err != nil {
		return "", err
	}
	if alone {
		ready.only(p.chart, template)
	}
	out, err := ready.render(context.Background())
	return out[template], err
}

// written is where a value is written: in the last of the given files that
// has it, the chart's values.yaml, or that of the subchart it is for.
func (p *prover) written(name string) (document.Range, bool) {
	at, known := p.where[name]
	if !known {
		at.at, at.found = p.find(name)
		p.where[name] = at
	}
	return at.at, at.found
}

func (p *prover) find(name string) (document.Range, bool) {
	for _, file := range slices.Backward(p.settings.Values) {
		if r, ok := p.key(file, name); ok {
			return r, true
		}
	}
	return p.writtenIn(p.chart.root, name)
}

func (p *prover) writtenIn(ch *v2.Chart, name string) (document.Range, bool) {
	for _, f := range ch.Raw {
		if f.Name != "values.yaml" {
			continue
		}
		if src := p.chart.sourceOf(f); src != nil {
			if r, ok := p.key(src, name); ok {
				return r, true
			}
		}
	}
	for _, d := range ch.Dependencies() {
		names := []string{d.Name()}
		for _, dep := range ch.Metadata.Dependencies {
			if dep != nil && dep.Name == d.Name() && dep.Alias != "" {
				names = append(names, dep.Alias)
			}
		}
		for _, n := range names {
			if rest, ok := strings.CutPrefix(name, n+"."); ok {
				if r, ok := p.writtenIn(d, rest); ok {
					return r, true
				}
			}
		}
	}
	return document.Range{}, false
}

// key finds a key in a file of values.
func (p *prover) key(src *document.Source, name string) (document.Range, bool) {
	var path document.Path
	for part := range strings.SplitSeq(name, ".") {
		path = append(path, part)
	}
	for _, tree := range p.parsed(src) {
		if r, exact := tree.Locate(path); exact {
			if key, _ := tree.LocateKey(path); !key.IsZero() {
				r = src.Range(key.Start.Offset, max(r.End.Offset, key.End.Offset))
			}
			return r, true
		}
	}
	return document.Range{}, false
}

// parsed are the positions in a file of values.
func (p *prover) parsed(src *document.Source) []*document.Tree {
	trees, done := p.trees[src]
	if done {
		return trees
	}
	docs, _ := yamlnode.Parse(src)
	for _, d := range docs {
		if d.Root == nil {
			continue
		}
		if _, tree, _ := yamlnode.Kubernetes.Value(d.Root, src); tree != nil {
			trees = append(trees, tree)
		}
	}
	p.trees[src] = trees
	return trees
}
