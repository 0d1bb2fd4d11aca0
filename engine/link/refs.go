package link

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A place is a canonical path in both forms.
type place struct {
	text string
	path document.Path
}

func at(keys ...any) place {
	p := document.Path(keys)
	return place{p.String(), p}
}

// unknownAt returns what is not known at a canonical path, or at the nearest
// value above it of which something is not known.
func unknownAt(d *document.Document, path string) (document.State, bool) {
	if len(d.States) == 0 {
		return document.State{}, false
	}
	for {
		if st, ok := d.States[path]; ok && st.Kind != document.Defaulted {
			return st, true
		}
		i := strings.LastIndexAny(path, ".[")
		if i <= 0 {
			return document.State{}, false
		}
		path = path[:i]
	}
}

// unknownBelow lists the paths at or below prefix that are not known, sorted.
func unknownBelow(d *document.Document, prefix string) []string {
	var out []string
	for p, st := range d.States {
		if st.Kind == document.Defaulted || !strings.HasPrefix(p, prefix) {
			continue
		}
		if rest := p[len(prefix):]; rest == "" || rest[0] == '.' || rest[0] == '[' {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out
}

// A wanted says what a join looks for.
type wanted struct {
	types []string // canonical types or raw kinds of the target
	// find looks a known text up, or a text with holes.
	find func(from *node, s string) (to *node, via string, ambiguous bool)
}

func (w wanted) accepts(n *node) bool {
	return slices.Contains(w.types, n.doc.Type) && n.doc.Type != "" || slices.Contains(w.types, n.doc.Kind)
}

// An end is where a join leads.
type end struct {
	to  *node
	via string
}

// resolve finds the documents that the value at a canonical path of n means.
// The value is a text or a list of texts. Where something stands there that
// cannot be followed, reason says why.
func (b *builder) resolve(n *node, p place, w wanted) (ends []end, reason string) {
	v, written := document.At(n.doc.Attr, p.path)
	states := unknowns(n.doc, p)
	if (!written || v == nil) && len(states) == 0 {
		return nil, ""
	}
	exact, loose := b.references(n, p, states, w)
	known := texts(v)
	if len(known) == 1 && len(states) == 0 {
		exact = narrow(exact, known[0])
	}
	_, many := v.([]any)
	if len(exact) > 0 && !many {
		return exact, ""
	}
	referred := len(exact)
	for _, s := range known {
		var why string
		exact, why = b.value(n, s, exact, w)
		reason = orElse(reason, why)
	}
	settled := referred
	for _, st := range states {
		before := len(exact)
		if st.Template != "" {
			exact, _ = b.value(n, st.Template, exact, w)
		}
		settled += len(exact) - before
	}
	switch {
	case settled >= len(states):
		return exact, reason
	case len(exact) == 0 && len(loose) == 1:
		return []end{{loose[0].to, ViaInferred}}, ""
	}
	return exact, orElse(orElse(reason, states[0].Reason), document.UnevaluatedExpression)
}

// unknowns lists what is not known of the value at a canonical path: as a
// whole, or else of its elements.
func unknowns(d *document.Document, p place) []document.State {
	if len(d.States) == 0 {
		return nil
	}
	st, open := unknownAt(d, p.text)
	if open && st.Kind == document.Unknown {
		return []document.State{st}
	}
	var out []document.State
	for _, path := range rawUnknowns(d, p) {
		out = append(out, d.RawStates[path])
	}
	switch {
	case len(out) > 0: // the elements say more than the collection's state
		return out
	case open:
		return []document.State{st}
	}
	for _, below := range unknownBelow(d, p.text) {
		out = append(out, d.States[below])
	}
	return out
}

// rawUnknowns lists the raw paths below a partly known collection whose values
// are not known, sorted.
func rawUnknowns(d *document.Document, p place) []string {
	if d.States[p.text].Kind != document.Partial {
		return nil
	}
	raw := d.RawPath(p.path)
	if len(raw) == 0 {
		return nil
	}
	prefix := raw.String()
	return slices.DeleteFunc(d.RawStates.Paths(document.Unknown), func(path string) bool {
		rest, below := strings.CutPrefix(path, prefix)
		return !below || rest == "" || rest[0] != '[' && rest[0] != '.'
	})
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// value adds what a text names to the ends that references have already found.
func (b *builder) value(n *node, s string, found []end, w wanted) (ends []end, reason string) {
	if s == "" {
		return found, ""
	}
	name := base(s)
	for _, e := range found {
		// A reference outranks a namesake elsewhere.
		if called(e.to, name) {
			return found, ""
		}
	}
	to, via, ambiguous := b.tokenOf(n, s, w), ViaReference, false
	if to == nil {
		to, via, ambiguous = w.find(n, s)
	}
	switch {
	case ambiguous:
		return found, reasonAmbiguous
	case to != nil && slices.ContainsFunc(found, func(e end) bool { return e.to == to }):
		return found, ""
	case to != nil:
		return append(found, end{to, via}), ""
	case undecided(s):
		return found, document.UnevaluatedExpression
	}
	return found, ""
}

// tokenOf finds the document whose attribute a text is that consists of one
// hole: the hole holds a token, or a logical ID of the same template.
func (b *builder) tokenOf(n *node, s string, w wanted) *node {
	inner, ok := strings.CutPrefix(s, "${")
	if !ok || !strings.HasSuffix(inner, "}") || mask(s) != hole {
		return nil
	}
	inner = strings.TrimSuffix(inner, "}")
	id, _, _ := strings.Cut(inner, ".")
	for _, token := range []string{inner, n.scope + "#" + id} {
		if found := b.reach(nil, token, ViaReference, w, 0); len(found) == 1 {
			return found[0].to
		}
	}
	return nil
}

// undecided reports whether the part of a text that names something is not
// known; an unknown partition or account does not matter.
func undecided(s string) bool {
	if a, ok := parseARN(s); ok {
		return strings.Contains(a.name, hole)
	}
	return holed(s)
}

// called reports whether a document is known to have a name.
func called(n *node, name string) bool {
	return text(n.attr("name")) == name || n.doc.Name == name || text(n.raw("id")) == name
}

// narrow keeps, of several documents one known text may come from, those that
// have its name.
func narrow(ends []end, s string) []end {
	if len(ends) < 2 || s == "" {
		return ends
	}
	name := base(s)
	kept := slices.DeleteFunc(slices.Clone(ends), func(e end) bool { return !called(e.to, name) })
	if len(kept) == 0 {
		return ends
	}
	return kept
}

// references lists what the expression at a canonical path refers to. loose
// are the targets of an expression that holds the path among other things.
func (b *builder) references(n *node, p place, states []document.State, w wanted) (exact, loose []end) {
	collect := func(d *document.Document, raw document.Path) {
		for _, r := range d.Refs {
			switch {
			case len(raw) > 0 && r.Path.HasPrefix(raw):
				exact = b.reach(exact, r.To, orElse(r.Via, ViaReference), w, 0)
			case raw.HasPrefix(r.Path):
				loose = b.reach(loose, r.To, ViaInferred, w, 0)
			}
		}
	}
	if len(n.doc.Refs) > 0 {
		collect(n.doc, n.doc.RawPath(p.path))
	}
	if parent := n.doc.Parent; parent != nil && n.doc.Base != nil && len(parent.Refs) > 0 {
		collect(parent, n.doc.Base.Append(n.doc.RawPath(p.path)...))
	}
	for _, st := range states {
		for _, token := range st.Refs {
			exact = b.reach(exact, token, ViaReference, w, 0)
		}
	}
	return exact, loose
}

// maxHops bounds how many documents a reference may lead through.
const maxHops = 4

// passesOn reports whether a resource only hands values on to others: the EKS
// module orders its parts through time_sleep.
// https://registry.terraform.io/providers/hashicorp/time/latest/docs/resources/sleep
func passesOn(kind string) bool {
	return kind == "time_sleep" || kind == "terraform_data" || kind == "null_resource"
}

// reach follows a token to documents a join accepts, through data sources and
// resources that hand values on.
func (b *builder) reach(found []end, token, via string, w wanted, hops int) []end {
	through := b.data[token]
	for _, t := range b.tokens[token] {
		if w.accepts(t) && !slices.ContainsFunc(found, func(e end) bool { return e.to == t }) {
			found = append(found, end{t, via})
		}
		if passesOn(t.doc.Kind) {
			through = t.doc
		}
	}
	if through != nil && hops < maxHops {
		for _, r := range through.Refs {
			found = b.reach(found, r.To, via, w, hops+1)
		}
	}
	return found
}

// follow links n to what the value at a path means, and says so if that is
// not known.
func (b *builder) follow(relation string, n *node, p place, w wanted) []end {
	ends, reason := b.resolve(n, p, w)
	for _, e := range ends {
		b.add(relation, n, e.to, e.via)
	}
	if reason != "" {
		b.gap(relation, n, n, p.text, reason)
	}
	return ends
}

// lookup tries the queries of a text in turn.
func (b *builder) lookup(x index, from *node, qs []query) (to *node, via string, ambiguous bool) {
	for _, q := range qs {
		to, via, ambiguous = b.one(x[q.key], from)
		if ambiguous {
			return nil, "", true
		}
		if to != nil {
			if q.via == ViaSource {
				via = ViaSource
			}
			return to, via, false
		}
	}
	return nil, "", false
}
