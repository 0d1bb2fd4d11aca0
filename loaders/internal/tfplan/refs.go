package tfplan

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// references records which other resources the arguments of a change refer to,
// known or not, in the order of the configuration.
func (b *builder) references(m *made) {
	j := m.judge
	if j.resource != nil {
		b.blockRefs(m, b.plan.block(j.resource), m.document.Raw, nil)
	}
	if j.source == nil {
		return
	}
	// What the plan hides (dynamic blocks) has been followed for the unknown
	// values; the edges stand in their states.
	for _, text := range m.document.RawStates.Paths(document.Unknown) {
		path, err := document.ParsePath(text)
		if err != nil {
			continue
		}
		for _, to := range m.document.RawStates[text].Refs {
			if !slices.ContainsFunc(m.document.Refs, func(r document.Ref) bool { return r.To == to && path.HasPrefix(r.Path) }) {
				b.sourceRefs(m, path, to)
			}
		}
	}
}

// sourceRefs adds the edges that the source has at path to one document.
func (b *builder) sourceRefs(m *made, path document.Path, to string) {
	references, _ := m.judge.source.References(path, m.judge.value)
	out := b.resolver.resolve(&expression{references: longest(references)}, m.judge.scope)
	for _, t := range out.targets {
		if b.plan.token(t.change) == to {
			m.addRef(document.Ref{Path: path, To: to, Attribute: t.attribute.String(), Via: "source"})
		}
	}
}

func (m *made) addRef(ref document.Ref) {
	same := func(have document.Ref) bool {
		return have.To == ref.To && have.Attribute == ref.Attribute && have.Path.String() == ref.Path.String()
	}
	if !slices.ContainsFunc(m.document.Refs, same) {
		m.document.Refs = append(m.document.Refs, ref)
	}
}

// blockRefs walks one block beside its planned value, so that the paths are
// those of the values.
func (b *builder) blockRefs(m *made, written *block, value any, at document.Path) {
	for _, a := range written.arguments {
		path := at.Append(a.name)
		if a.value != nil {
			out := b.resolver.resolve(a.value, m.judge.scope)
			for _, t := range out.targets {
				m.document.Refs = append(m.document.Refs, document.Ref{
					Path: path, To: b.plan.token(t.change), Attribute: t.attribute.String(), Via: t.via,
				})
			}
			continue
		}
		inner, _ := document.At(value, document.Path{a.name})
		if a.single {
			b.blockRefs(m, a.blocks[0], inner, path)
			continue
		}
		list, _ := inner.([]any)
		for n, nested := range a.blocks {
			i := b.plan.indexOf(a.blocks, n, list)
			var v any
			if i < len(list) {
				v = list[i]
			}
			b.blockRefs(m, nested, v, path.Append(i))
		}
	}
}

// indexOf returns the index in list of the element that blocks[n] makes. Where
// that is not certain it is the place of the block itself.
func (p *Plan) indexOf(blocks []*block, n int, list []any) int {
	if p.positional(blocks, list) {
		return n
	}
	found := -1
	for i, v := range list {
		if !p.agrees(blocks[n], v) {
			continue
		}
		if found >= 0 {
			return n
		}
		found = i
	}
	if found < 0 {
		return n
	}
	return found
}
