package document

// A Trace is a place that had a part in a value, with what it did.
type Trace struct {
	Range   Range
	Message string // "driven by securityContext.privileged"
}

// A Tracer is a Locator that knows where values came from. What it answers may
// cost much (a chart is rendered again), so that only findings ask.
type Tracer interface {
	// Trace lists the places behind the value at path, the nearest first.
	Trace(path Path) []Trace
}

// Trace lists the places behind the value at a path counted from the root of
// the source's own document, as Place returns it; nil if nobody knows any.
func (d *Document) Trace(rooted Path) []Trace {
	if t, ok := d.Root().locator.(Tracer); ok {
		return t.Trace(rooted)
	}
	return nil
}
