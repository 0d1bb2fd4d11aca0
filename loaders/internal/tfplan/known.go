package tfplan

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan/jsontext"
)

// Sources is what the .tf files behind a plan can tell; package tfeval has it.
// Modules are named by their path of calls, the root's is empty.
type Sources interface {
	// Local returns the names a local value's expression refers to, in the form
	// the plan uses; ok is false if the value is not found.
	Local(module []string, name string) (references []string, ok bool)
	// Resource returns a resource or data block, nil if it is not found. kind is
	// "data." and the type for data sources.
	Resource(module []string, kind, name string) Block
}

// A Block is one resource or data block in a .tf file. Paths are raw paths of
// the plan; value is the planned value of the whole resource, by which elements
// of sets are recognized.
type Block interface {
	// Locate and LocateKey work like document.Locator.
	Locate(path document.Path, value any) (r document.Range, exact bool)
	LocateKey(path document.Path, value any) (r document.Range, exact bool)
	// References returns the names that the argument at path refers to, those of
	// the for_each of `dynamic` blocks included; written is false if neither the
	// argument nor the block is there.
	References(path document.Path, value any) (references []string, written bool)
	// Origin returns the range of the block, then those of the calls of the
	// modules around it with the literal arguments that the block takes over
	// unchanged; nil for a block of the root module.
	Origin() []document.Range
}

// A judge decides for the unknown leaves of one change whether they are
// unknown, or only left out so that a default holds.
type judge struct {
	resolver *resolver
	change   *change
	scope    scope
	resource *resource // nil if the configuration does not have it
	source   Block     // nil without sources
	value    map[string]any
}

// decide judges the unknown value at path. ok is false where nobody wrote the
// value: a default holds, or it simply is not there.
func (j *judge) decide(path document.Path) (state document.State, ok bool) {
	if j.change.mode() != "data" && (j.resolver.plan.isComputedOnly(j.change.resourceType(), path) || j.isGenerated(path)) {
		return document.State{Kind: document.Unknown, Reason: document.AfterApply}, true
	}
	written := path
	if path[0] == "tags_all" { // the provider's copy of tags and its default tags
		written = append(document.Path{"tags"}, path[1:]...)
	}
	var f found
	if j.resource != nil {
		p := j.resolver.plan
		f = p.find(p.block(j.resource), written, j.value)
	}
	switch {
	case len(f.expressions) > 0:
		return j.fromExpressions(path, f, "")
	case j.change.mode() == "data":
		return document.State{Kind: document.Unknown, Reason: document.DataSource}, true
	case j.resource == nil:
		return j.withoutConfiguration(path)
	}
	return j.unwritten(written, f)
}

// isGenerated reports whether the provider makes the value up from a prefix:
// "name" beside "name_prefix", or beside "generate_name" in Kubernetes. No
// default exists for it.
func (j *judge) isGenerated(path document.Path) bool {
	name, ok := path[len(path)-1].(string)
	if !ok {
		return false
	}
	beside := func(name string) document.Path { return path[:len(path)-1].Append(name) }
	if from, _ := document.At(j.value, beside("generate_name")); from != nil && name == "name" {
		return true
	}
	if _, known := document.At(j.value, beside(name+"_prefix")); known {
		return true
	}
	return !j.change.inferred && j.resolver.plan.isUnknown(j.change, beside(name+"_prefix"))
}

// withoutConfiguration decides by the table alone.
func (j *judge) withoutConfiguration(path document.Path) (document.State, bool) {
	state := document.State{Kind: document.Unknown, Reason: document.AfterApply}
	switch j.resolver.plan.classOf(j.change.resourceType(), path) {
	case configured, writtenBlock, computed:
	default:
		state.Reason = document.AmbiguousDefault
	}
	return state, true
}

// unwritten decides about a value that the configuration section does not
// have: it was left out, or stands in a `dynamic` block.
func (j *judge) unwritten(path document.Path, f found) (document.State, bool) {
	if j.source != nil {
		references, written := j.source.References(path, j.value)
		if !written {
			return document.State{}, false
		}
		// f.dynamic keeps a `dynamic` with a known for_each from being taken for null.
		e := &expression{references: longest(references)}
		return j.fromExpressions(path, found{expressions: []*expression{e}, dynamic: true}, "source")
	}
	opaque := document.State{Kind: document.Unknown, Reason: document.UnevaluatedExpression}
	switch kind := j.resolver.plan.classOf(j.change.resourceType(), path); {
	case f.dynamic && kind == optionalComputed:
		opaque.Reason = document.AmbiguousDefault
		return opaque, true
	case f.dynamic, kind == writtenBlock:
		// A block that only an author can make, absent from the expressions: its
		// `dynamic` has a for_each that is not known.
		return opaque, true
	}
	return document.State{}, false
}

// fromExpressions decides about a value that is written.
func (j *judge) fromExpressions(path document.Path, f found, via string) (document.State, bool) {
	state := document.State{Kind: document.Unknown, Reason: document.AfterApply}
	p := j.resolver.plan
	var all outcome
	null, plain := true, false
	for _, e := range f.expressions {
		null = null && e.isNull(p.data)
		plain = plain || e.constant.IsZero() && len(e.references) == 0
		all.merge(j.resolver.resolve(e, j.scope), via)
	}
	if null {
		return document.State{}, false
	}
	if unknown := all.unknown(); len(unknown) > 0 {
		state.Refs = p.tokens(unknown)
		if !slices.ContainsFunc(unknown, func(t target) bool { return t.change.mode() != "data" }) {
			state.Reason = document.DataSource
		}
		return state, true
	}
	switch {
	case all.opaque && j.siblingKnows(path):
		state.Reason = document.AmbiguousDefault
	case all.opaque:
		state.Reason = document.LocalOpaque
	case plain:
		// A call without references: timestamp(), uuid() or bcrypt().
		state.Reason = document.AmbiguousDefault
	case f.dynamic || endsInIndex(f.rest):
		state.Reason = document.UnevaluatedExpression
	default:
		// Everything in the expression is known, yet its value is not: it was null.
		return document.State{}, false
	}
	return state, true
}

func endsInIndex(path document.Path) bool {
	if len(path) == 0 {
		return false
	}
	_, ok := path[len(path)-1].(int)
	return ok
}

// siblingKnows reports whether another instance of the same block, or the same
// block of another call of the same module, has a known value at path: the
// expression can then be known at plan time.
func (j *judge) siblingKnows(path document.Path) bool {
	p := j.resolver.plan
	key := j.scope.module.kin() + "|" + j.change.kind + "." + j.change.name + "|" + path.String()
	if known, ok := j.resolver.known[key]; ok {
		return known
	}
	known := slices.ContainsFunc(p.siblings(j.change, j.scope.module), func(c *change) bool {
		return c.action != document.Delete && !p.isUnknown(c, path) && !jsontext.Null(p.data, p.at(c.after, path))
	})
	j.resolver.known[key] = known
	return known
}

// siblings lists the instances that the same text makes, c among them.
func (p *Plan) siblings(c *change, m *module) []*change {
	if p.kin == nil {
		p.kin = map[string][]*change{}
		for _, other := range p.changes {
			if m := p.moduleAt(configPath(other.module)); m != nil {
				key := m.kin() + "|" + other.kind + "." + other.name
				p.kin[key] = append(p.kin[key], other)
			}
		}
	}
	return p.kin[m.kin()+"|"+c.kind+"."+c.name]
}

// tokens names the documents behind targets, sorted.
func (p *Plan) tokens(targets []target) []string {
	out := make([]string, 0, len(targets))
	for _, t := range targets {
		out = append(out, p.token(t.change))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (p *Plan) token(c *change) string { return "tf:" + p.src.Name + "#" + c.address }

// at returns the span of the value at path inside s.
func (p *Plan) at(s jsontext.Span, path document.Path) jsontext.Span {
	for _, e := range path {
		switch e := e.(type) {
		case string:
			s = jsontext.Field(p.data, s, e)
		case int:
			s = p.elementAt(s, e)
		}
	}
	return s
}
