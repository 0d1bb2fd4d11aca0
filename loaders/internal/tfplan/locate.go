package tfplan

import (
	"sync"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan/jsontext"
)

// A locator finds the places of one change: in the .tf file if there is one,
// else in the plan. Spans of the plan are built at the first question, because
// most documents have no finding.
type locator struct {
	plan   *Plan
	change *change
	block  Block // nil without sources
	value  map[string]any
	moved  []moved

	once sync.Once
	tree *document.Tree
}

// A moved part of a document is written in another one: the statements of a
// policy document data source.
type moved struct {
	prefix document.Path
	to     *locator
	path   func(rest document.Path) (path document.Path, whole bool)
}

// Locate implements document.Locator.
func (l *locator) Locate(path document.Path) (document.Range, bool) {
	if to, inner, whole := l.follow(path); to != nil {
		r, exact := to.Locate(inner)
		return r, exact && whole
	}
	if l.block != nil {
		return l.block.Locate(path, l.value)
	}
	return l.spans().Locate(path)
}

// LocateKey implements document.Locator.
func (l *locator) LocateKey(path document.Path) (document.Range, bool) {
	if to, inner, whole := l.follow(path); to != nil {
		r, exact := to.LocateKey(inner)
		return r, exact && whole
	}
	if l.block != nil {
		return l.block.LocateKey(path, l.value)
	}
	return l.spans().LocateKey(path)
}

// follow returns the locator of the document that a path is written in, nil if
// that is this one.
func (l *locator) follow(path document.Path) (to *locator, inner document.Path, whole bool) {
	for _, m := range l.moved {
		if len(path) > len(m.prefix) && path.HasPrefix(m.prefix) {
			inner, whole = m.path(path[len(m.prefix):])
			return m.to, inner, whole
		}
	}
	return nil, nil, false
}

// spans is a tree whose root is the whole resource change and whose members
// are those of `after`: a value that is not there falls back to the change.
func (l *locator) spans() *document.Tree {
	l.once.Do(func() {
		c, data := l.change, l.plan.data
		t := document.NewTree(l.plan.src)
		root := t.Add(-1, "", -1, -1, c.span.Start, c.span.End)
		if !jsontext.Null(data, c.after) {
			// Values that are broken have made no document.
			_ = jsontext.Members(data, c.after, func(m jsontext.Member) {
				jsontext.Grow(t, data, root, m)
			})
		}
		l.tree = t
	})
	return l.tree
}
