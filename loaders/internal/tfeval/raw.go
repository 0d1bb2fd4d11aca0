package tfeval

import (
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A rawWriter writes evaluated blocks in the shape that plans have.
type rawWriter struct {
	ev    *evaluator
	doc   *document.Document
	moved []movedPolicy
	// inPolicy is set while the object of a policy text is written.
	inPolicy bool
}

// block writes the arguments and nested blocks of a block.
func (w *rawWriter) block(c *contents, at document.Path) map[string]any {
	out := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(c.arguments)) {
		path := at.Append(name)
		v := c.arguments[name]
		w.edges(v, path)
		if raw, known := w.value(v, path, nil); known && raw != nil {
			out[name] = raw
		}
	}
	names := maps.Clone(c.open)
	if names == nil {
		names = map[string]cty.ValueMarks{}
	}
	for name := range c.blocks {
		if _, open := names[name]; !open {
			names[name] = nil
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		path := at.Append(name)
		list := make([]any, len(c.blocks[name]))
		for i, inner := range c.blocks[name] {
			list[i] = w.block(inner, path.Append(i))
		}
		if marks, open := c.open[name]; open {
			v := unknown("", marks)
			w.edges(v, path)
			state := w.ev.stateOf(v, nil)
			if len(list) > 0 {
				state.Kind = document.Partial
			}
			w.doc.RawStates[path.String()] = state
		}
		if len(list) > 0 {
			out[name] = list
		}
	}
	return out
}

// edges notes what an argument refers to.
func (w *rawWriter) edges(v cty.Value, path document.Path) {
	for _, r := range referencesIn(marksOf(v)) {
		ref := document.Ref{Path: path, To: w.ev.token(r.address), Attribute: r.attribute, Via: "reference"}
		if ref.To != w.ev.token(w.doc.Address) {
			w.doc.Refs = append(w.doc.Refs, ref)
		}
	}
}

// value writes a value; known is false, and the reason noted, if there is none.
// Marks of the collections around it are inherited.
func (w *rawWriter) value(v cty.Value, at document.Path, inherited cty.ValueMarks) (raw any, known bool) {
	plain, marks := v.Unmark()
	if isConfidential(marks) {
		w.doc.Sensitive = append(w.doc.Sensitive, at)
	}
	if !plain.IsKnown() {
		if s := spelling(v); s != nil && s.value != cty.NilVal {
			if raw, ok := w.encoded(s, at, marks); ok {
				return raw, true
			}
		}
		w.doc.RawStates[at.String()] = w.ev.stateOf(v, inherited)
		return nil, false
	}
	if plain.IsNull() {
		return nil, true
	}
	if len(marks) > 0 || len(inherited) > 0 {
		all := lasting(inherited)
		maps.Copy(all, lasting(marks))
		inherited = all
	}
	switch ty := plain.Type(); {
	case ty == cty.String:
		return plain.AsString(), true
	case ty == cty.Bool:
		return plain.True(), true
	case ty == cty.Number:
		return number(plain), true
	case ty.IsObjectType() || ty.IsMapType():
		return w.object(plain, at, inherited), true
	case plain.CanIterateElements():
		list := w.list(plain, at, inherited)
		return list, !w.collapse(list, at)
	}
	w.doc.RawStates[at.String()] = document.State{Kind: document.Unknown, Reason: document.UnevaluatedExpression}
	return nil, false
}

func (w *rawWriter) object(v cty.Value, at document.Path, inherited cty.ValueMarks) map[string]any {
	out := make(map[string]any, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		k, _ = k.Unmark()
		if raw, known := w.value(e, at.Append(k.AsString()), inherited); known {
			out[k.AsString()] = raw
		}
	}
	return out
}

func (w *rawWriter) list(v cty.Value, at document.Path, inherited cty.ValueMarks) []any {
	out := make([]any, 0, v.LengthInt())
	var partial *document.State
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		path := at.Append(len(out))
		raw, known := w.value(e, path, inherited)
		out = append(out, raw)
		if known {
			continue
		}
		state := w.doc.RawStates[path.String()]
		if partial == nil {
			partial = &document.State{Kind: document.Partial, Reason: state.Reason}
		}
		for _, token := range state.Refs {
			if !slices.Contains(partial.Refs, token) {
				partial.Refs = append(partial.Refs, token)
			}
		}
	}
	if partial != nil {
		w.doc.RawStates[at.String()] = *partial
	}
	return out
}

// collapse makes a list of which no element is known unknown as a whole, as it
// is in plans: a rule that looks at its elements has nothing to look at. In
// policies, and where parts of the texts are known, the elements stay.
func (w *rawWriter) collapse(list []any, at document.Path) bool {
	state, partial := w.doc.RawStates[at.String()]
	if !partial || w.inPolicy || isData(w.doc.Kind) {
		return false
	}
	// The lists in the rules of roles are sets, and a plan knows nothing of a set
	// with an unknown element.
	isSet := strings.HasPrefix(w.doc.Kind, "kubernetes_") && at[0] == "rule"
	for i := range list {
		s := w.doc.RawStates[at.Append(i).String()]
		if isSet {
			break
		}
		if s.Kind != document.Unknown || s.Template != "" {
			return false
		}
	}
	for i := range list {
		delete(w.doc.RawStates, at.Append(i).String())
	}
	state.Kind = document.Unknown
	w.doc.RawStates[at.String()] = state
	return true
}

// encoded writes what a JSON or YAML text says: an object, in the place of a
// text that is not known as a whole.
func (w *rawWriter) encoded(s *spelled, at document.Path, marks cty.ValueMarks) (any, bool) {
	plain, _ := s.value.Unmark()
	if ty := plain.Type(); !plain.IsKnown() || plain.IsNull() || !ty.IsObjectType() && !ty.IsMapType() {
		return nil, false
	}
	if !takesObjects(w.doc.Kind, at) {
		return nil, false
	}
	if s.policy != nil {
		w.moved = append(w.moved, movedPolicy{prefix: at, places: s.policy})
	}
	w.inPolicy = true
	defer func() { w.inPolicy = false }()
	return w.value(listed(s.value), at, lasting(marks))
}

// listed puts single actions and resources of a policy that are unknown into
// lists: an unknown member opens a list, an unknown text alone does not.
func listed(policy cty.Value) cty.Value {
	out, err := cty.Transform(policy, func(path cty.Path, v cty.Value) (cty.Value, error) {
		if len(path) == 0 {
			return v, nil
		}
		step, ok := path[len(path)-1].(cty.GetAttrStep)
		plain, _ := v.Unmark()
		if ok && !plain.IsKnown() && slices.Contains([]string{"Action", "NotAction", "Resource", "NotResource"}, step.Name) {
			return cty.TupleVal([]cty.Value{v}), nil
		}
		return v, nil
	})
	if err != nil {
		return policy
	}
	return out
}

// takesObjects reports whether what follows reads an object in the place of a
// text: policies. Other texts keep their known parts as a template.
func takesObjects(kind string, at document.Path) bool {
	name, _ := at[len(at)-1].(string)
	return strings.Contains(name, "policy") || strings.HasPrefix(kind, "data.aws_iam_policy") && strings.HasSuffix(name, "json")
}
