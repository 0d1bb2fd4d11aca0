package loaders

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// rendered is the locator of an object of a chart, of which more is to be told
// than where its values are from: with which values it is rendered, and that it
// is a hook.
type rendered struct {
	document.Locator
	also []document.Trace
}

// Trace implements document.Tracer.
func (r rendered) Trace(path document.Path) []document.Trace {
	var out []document.Trace
	if t, ok := r.Locator.(document.Tracer); ok {
		out = t.Trace(path)
	}
	for _, more := range r.also {
		known := func(t document.Trace) bool {
			return t.Range.File() == more.Range.File() && more.Range.Start == more.Range.End
		}
		if !slices.ContainsFunc(out, known) {
			out = append(out, more)
		}
	}
	return out
}

// hookPath is where an object says that Helm runs it at some moment only.
// https://helm.sh/docs/topics/charts_hooks/
func hookPath() document.Path { return document.Path{"metadata", "annotations", "helm.sh/hook"} }

// mark adds to the places behind d what the values and the hook have to say.
func (l *chartLoad) mark(d *document.Document) {
	also := slices.Clone(l.with)
	if hook := d.Metadata["helm:hook"]; hook != "" {
		if at, _ := d.Locate(hookPath()); !at.IsZero() {
			also = append(also, document.Trace{Range: at, Message: "a Helm hook: runs at " + hook + " only"})
		}
	}
	if len(also) > 0 {
		d.SetLocator(rendered{d.Locator(), also})
	}
}
