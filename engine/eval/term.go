package eval

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A converter turns plain values into terms. It keeps one term per short key,
// because documents of one kind repeat the same few hundred keys. Not safe for
// concurrent use; the terms are.
type converter struct {
	keys map[string]*ast.Term
	raw  bool // whether input carries raw
	// lazy leaves raw as it is until a rule reads it: few rules do. Such a term
	// may be used by one goroutine at a time.
	lazy bool
}

const (
	internLength = 32
	internLimit  = 1 << 16
)

func newConverter(raw bool) *converter { return &converter{keys: map[string]*ast.Term{}, raw: raw} }

func (c *converter) key(s string) *ast.Term {
	if t, ok := c.keys[s]; ok {
		return t
	}
	t := ast.StringTerm(s)
	if len(s) <= internLength && len(c.keys) < internLimit {
		c.keys[s] = t
	}
	return t
}

// term converts a JSON-shaped value.
func (c *converter) term(v any) *ast.Term {
	switch v := v.(type) {
	case nil:
		return ast.InternedNullTerm
	case bool:
		return ast.InternedTerm(v)
	case string:
		if len(v) <= internLength {
			return c.key(v)
		}
		return ast.StringTerm(v)
	case int:
		return ast.InternedTerm(v)
	case int64:
		return ast.InternedTerm(int(v))
	case float64:
		return number(v)
	case []any:
		return list(v, c.term)
	case []string:
		return list(v, c.term)
	case map[string]any:
		if len(v) == 0 {
			return ast.InternedEmptyObject
		}
		pairs := make([][2]*ast.Term, 0, len(v))
		for k, e := range v {
			pairs = append(pairs, [2]*ast.Term{c.key(k), c.term(e)})
		}
		return ast.ObjectTerm(pairs...)
	}
	value, err := ast.InterfaceToValue(v)
	if err != nil {
		return ast.InternedNullTerm
	}
	return ast.NewTerm(value)
}

func list[T any](v []T, term func(any) *ast.Term) *ast.Term {
	if len(v) == 0 {
		return ast.InternedEmptyArray
	}
	terms := make([]*ast.Term, len(v))
	for i, e := range v {
		terms[i] = term(e)
	}
	return ast.ArrayTerm(terms...)
}

// number keeps whole numbers whole.
func number(v float64) *ast.Term {
	if v == float64(int64(v)) {
		return ast.InternedTerm(int(v))
	}
	return ast.FloatNumberTerm(v)
}

// input is what a rule sees of one document.
func (c *converter) input(d *document.Document) *ast.Term {
	pairs := [][2]*ast.Term{
		{c.key("id"), ast.StringTerm(d.ID)},
		{c.key("format"), c.key(d.Format)},
		{c.key("kind"), c.key(d.Kind)},
		{c.key("type"), c.key(d.Type)},
		{c.key("name"), c.term(d.Name)},
		{c.key("namespace"), c.key(d.Namespace)},
		{c.key("address"), ast.StringTerm(d.Address)},
		{c.key("action"), c.key(string(d.Action))},
		{c.key("conditional"), ast.InternedTerm(d.Conditional)},
		{c.key("attr"), c.term(d.Attr)},
	}
	if d.Attr == nil {
		pairs[len(pairs)-1][1] = ast.ObjectTerm()
	}
	switch {
	case c.raw && c.lazy && d.Raw != nil:
		pairs = append(pairs, [2]*ast.Term{c.key("raw"), ast.NewTerm(ast.LazyObject(d.Raw))})
	case c.raw:
		pairs = append(pairs, [2]*ast.Term{c.key("raw"), c.term(d.Raw)})
	}
	return ast.ObjectTerm(c.knowledge(pairs, d)...)
}

// knowledge adds what is not known, defaulted or referred to; most documents
// have none of it.
func (c *converter) knowledge(pairs [][2]*ast.Term, d *document.Document) [][2]*ast.Term {
	unknown, partial, defaulted := map[string]any{}, map[string]any{}, make(map[string]any, len(d.States))
	states := d.States
	if d.Type == "" { // no canonical layer: raw paths are all there is
		states = d.RawStates
	}
	for path, st := range states {
		switch st.Kind {
		case document.Unknown:
			u := map[string]any{"reason": st.Reason}
			if len(st.Refs) > 0 {
				u["refs"] = st.Refs
			}
			if st.Template != "" {
				u["template"] = st.Template
			}
			unknown[path] = u
		case document.Partial:
			partial[path] = st.Reason
		case document.Defaulted:
			defaulted[path] = st.Owner
		}
	}
	pairs = append(pairs,
		[2]*ast.Term{c.key("unknown"), c.term(unknown)},
		[2]*ast.Term{c.key("partial"), c.term(partial)},
		[2]*ast.Term{c.key("defaulted"), c.term(defaulted)})
	refs := make([]any, 0, len(d.Refs))
	for _, r := range d.Refs {
		refs = append(refs, map[string]any{"path": r.Path.String(), "to": r.To, "attribute": r.Attribute, "via": r.Via})
	}
	return append(pairs, [2]*ast.Term{c.key("refs"), c.term(refs)})
}
