// Package canon turns raw documents into canonical ones: it fills Type, Attr,
// States and Written. Most of it is data: one YAML file per canonical type in
// tables/ says where each attribute stands in each source. Go code is written
// only for what a table cannot say.
package canon

import (
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A handler fills the canonical fields of one document and returns the
// documents derived from it. Derived documents are complete when it returns.
type handler func(d *document.Document) []*document.Document

// chunk is how many documents a worker takes at once: large enough to make
// hand-over cheap, small enough to share an uneven load.
const chunk = 64

// Complete fills the canonical fields of docs in place, appends the documents
// derived from them (an eksctl file's node groups) sorted by ID, and applies
// account-wide defaults that one document sets for others. It is called once,
// when every file has been loaded and lifted. The work is linear in the number
// of documents and done side by side; the result does not depend on that.
func Complete(docs []*document.Document) []*document.Document {
	in := newInterpreter(docs)
	derived := make([][]*document.Document, len(docs))
	work := make(chan int)
	var group sync.WaitGroup
	for range max(1, min(runtime.GOMAXPROCS(0), len(docs)/chunk)) {
		group.Go(func() {
			for from := range work {
				for i := from; i < min(from+chunk, len(docs)); i++ {
					derived[i] = in.complete(docs[i])
				}
			}
		})
	}
	for from := 0; from < len(docs); from += chunk {
		work <- from
	}
	close(work)
	group.Wait()

	more := slices.Concat(derived...)
	slices.SortStableFunc(more, func(a, b *document.Document) int { return strings.Compare(a.ID, b.ID) })
	docs = slices.Concat(docs, more)
	in.adoptScalingGroups(docs)
	joinClusterAPI(docs)
	nameTargets(docs)
	applyPolicySources(docs)
	applyAccountDefaults(docs)
	applyIngressClasses(docs)
	return docs
}

// Types returns the canonical types documents can have, sorted.
func Types() []string {
	return slices.Sorted(maps.Keys(typeKinds()))
}

// KindsOf returns the raw kinds that yield a canonical type, sorted. A kind
// may hold "*" in place of the API version ("karpenter.sh/*/NodePool"). Where a
// document is derived from another one, both kinds are listed.
func KindsOf(typ string) []string {
	out := typeKinds()[typ]
	slices.Sort(out)
	return slices.Compact(out)
}

func typeKinds() map[string][]string {
	out := map[string][]string{}
	for kind, typ := range kubernetesTypes() {
		out[typ] = append(out[typ], kind)
	}
	for _, e := range entries() {
		out[e.typ] = append(out[e.typ], e.kind)
		if e.parent != "" {
			out[e.typ] = append(out[e.typ], e.parent)
		}
	}
	return out
}

// complete fills one document and returns what derives from it.
func (in *interpreter) complete(d *document.Document) []*document.Document {
	if d.Type != "" || strings.HasPrefix(d.Kind, "data.") {
		return nil
	}
	p := in.plan(d.Kind)
	if p == nil {
		if h := kubernetesHandler(d.Kind); h != nil {
			return h(d)
		}
		return nil
	}
	d.Type = p.typ
	if d.Action == document.Delete {
		return nil
	}
	if p.isObject() {
		d.Tokens = append(d.Tokens, document.ObjectToken+d.ID)
	}
	b := newBuild(d, p)
	b.run()
	return in.derive(b)
}
