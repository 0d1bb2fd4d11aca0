package cfn

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// findRings reports resources that wait for each other: the service refuses
// such a template. What hangs on a condition that is not decided may never meet
// and is left out.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
func (t *tmpl) findRings(docs []*document.Document) {
	if t.ringed || t.macro {
		return
	}
	w := ringWalk{next: make(map[string][]string, len(docs)), state: make(map[string]walkState, len(docs))}
	for _, d := range docs {
		if r := t.resources[d.Name]; r.exists == yes && !r.guessed {
			w.next[d.Name] = t.dependencies(d)
		}
	}
	for _, d := range docs {
		ring := w.visit(d.Name)
		if ring == nil {
			continue
		}
		r := t.resources[ring[0]]
		if len(ring) == 1 {
			t.errorAt(r.entry.keySpan, "resource %q depends on itself", r.id)
		} else {
			t.errorAt(r.entry.keySpan, "resources depend on each other in a circle: %s", strings.Join(append(ring, ring[0]), " -> "))
		}
	}
}

// dependencies names the resources that must be there before d.
func (t *tmpl) dependencies(d *document.Document) []string {
	var out []string
	add := func(id string) {
		if t.resources[id] != nil && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	for id := range strings.SplitSeq(d.Metadata["cfn:depends_on"], ",") {
		add(id)
	}
	for _, r := range d.Refs {
		id, ok := strings.CutPrefix(r.To, t.token)
		if ok && !undecided(d.RawStates, r.Path) {
			add(id)
		}
	}
	return out
}

// undecided reports whether the value at a path, or around it, hangs on a
// condition.
func undecided(states document.States, path document.Path) bool {
	for n := range len(path) + 1 {
		if states[path[:n].String()].Reason == document.UndecidedCondition {
			return true
		}
	}
	return false
}

type walkState uint8

const (
	unseen walkState = iota
	onPath
	settled
)

// A ringWalk goes over the dependencies once, depth first.
type ringWalk struct {
	next  map[string][]string
	state map[string]walkState
	path  []string
}

// visit returns the first circle that can be reached from a resource and has
// not been passed yet.
func (w *ringWalk) visit(id string) []string {
	switch w.state[id] {
	case settled:
		return nil
	case onPath:
		return slices.Clone(w.path[slices.Index(w.path, id):])
	case unseen:
	}
	w.state[id] = onPath
	w.path = append(w.path, id)
	var ring []string
	for _, next := range w.next[id] {
		if found := w.visit(next); ring == nil {
			ring = found
		}
	}
	w.path = w.path[:len(w.path)-1]
	w.state[id] = settled
	return ring
}
