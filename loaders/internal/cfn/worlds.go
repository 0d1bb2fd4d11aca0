package cfn

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// maxWorlds bounds how many deployments a template is said to have.
const maxWorlds = 64

// existence is the formula for a resource, nil when it is always there.
func (t *tmpl) existence(r *resource) *formula {
	out := t.exists
	if r.exists == maybe {
		if name, ok := t.name(r.body["Condition"].node, r.body["Condition"].f); ok {
			out = both(out, t.named(name))
		} else {
			out = both(out, t.session.unique())
		}
	}
	if r.guessed {
		out = both(out, t.session.unique())
	}
	return out
}

// conditionals are the documents that may not be there.
type conditionals struct {
	documents []*document.Document
	formulas  []*formula
}

func (c *conditionals) add(d *document.Document, f *formula) {
	if f != nil {
		c.documents = append(c.documents, d)
		c.formulas = append(c.formulas, f)
	}
}

// findWorlds works out which of the conditional documents exist together: those
// whose conditions exclude each other never do, and of those that complete each
// other one is always there.
func (s *session) findWorlds(source string, c *conditionals) {
	columns := map[string]int{}
	of := make([]int, len(c.documents))
	var distinct []*formula
	for i, f := range c.formulas {
		var b strings.Builder
		f.write(&b)
		column, ok := columns[b.String()]
		if !ok {
			column = len(distinct)
			columns[b.String()] = column
			distinct = append(distinct, f)
		}
		of[i] = column
	}
	worlds := s.masks(distinct)
	for i, d := range c.documents {
		if len(worlds) == 0 {
			return // too many: taken to be independent
		}
		p := &document.Presence{Source: source, In: make([]bool, len(worlds))}
		for w, mask := range worlds {
			p.In[w] = mask>>of[i]&1 == 1
		}
		d.Presence = p
	}
}

// masks returns the sets of formulas that hold together, each as bits; nil when
// there are too many.
func (s *session) masks(distinct []*formula) []uint64 {
	if len(distinct) > 64 {
		return nil
	}
	seen := map[uint64]bool{}
	collect := func(constraints []*formula) bool {
		return s.assignments(append(slices.Clone(constraints), distinct...), func(values map[string]string) {
			if slices.ContainsFunc(constraints, func(f *formula) bool { return !f.holdsFor(values) }) {
				return
			}
			mask := uint64(0)
			for i, f := range distinct {
				if f.holdsFor(values) {
					mask |= 1 << i
				}
			}
			seen[mask] = true
		})
	}
	if !collect(s.constraints) || len(seen) == 0 && !collect(nil) {
		return nil
	}
	out := sortedKeys(seen)
	if len(out) <= maxWorlds {
		return out
	}
	out = slices.DeleteFunc(out, func(m uint64) bool { return between(m, seen) })
	if len(out) > maxWorlds {
		return nil
	}
	return out
}

// between reports whether a set lies between a smaller and a larger one.
func between(m uint64, all map[uint64]bool) bool {
	var smaller, larger bool
	for o := range all {
		if o == m {
			continue
		}
		smaller = smaller || o&m == o
		larger = larger || o&m == m
		if smaller && larger {
			return true
		}
	}
	return false
}

// addRule takes in an entry of the Rules section: what it asserts holds in every
// deployment, since the service refuses others.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
func (t *tmpl) addRule(e entry) {
	assertions := child(e.node, "Assertions")
	if assertions == nil || assertions.Target().Kind != yamlnode.Sequence {
		return
	}
	var asserted []*formula
	for _, a := range assertions.Target().Items {
		if assert := child(a, "Assert"); assert != nil {
			if f := t.assertion(assert, e.f); f != nil {
				asserted = append(asserted, f)
			}
		}
	}
	if len(asserted) == 0 {
		return
	}
	out := compose(conjunction, asserted...)
	if when := child(e.node, "RuleCondition"); when != nil {
		f := t.assertion(when, e.f)
		if f == nil {
			return
		}
		out = compose(disjunction, compose(negation, f), out)
	}
	if out.length > maxFormula {
		return
	}
	t.session.constraints = append(t.session.constraints, out)
}

// assertion reads a condition of a rule; nil for functions that ask the account
// or look at lists.
func (t *tmpl) assertion(n *yamlnode.Node, f frame) *formula {
	n = n.Target()
	f.depth++
	name, arg := conditionFunction(n)
	c := call{name: name, arg: arg, f: f, span: f.span(n)}
	args, ok := c.arguments(1, 1000)
	if !ok || f.depth > maxDepth {
		return nil
	}
	switch name {
	case "Fn::Equals":
		return t.formulaOf(n, f)
	case "Fn::Contains":
		return t.contains(args, f)
	case "Fn::And", "Fn::Or", "Fn::Not":
		inner := make([]*formula, len(args))
		for i, a := range args {
			if inner[i] = t.assertion(a, f); inner[i] == nil {
				return nil
			}
		}
		if name == "Fn::Not" && len(args) != 1 {
			return nil
		}
		return compose(connective(name), inner...)
	}
	return nil
}

// contains is the formula of Fn::Contains: [list, text].
func (t *tmpl) contains(args []*yamlnode.Node, f frame) *formula {
	if len(args) != 2 {
		return nil
	}
	choices, v := t.eval(args[0], f), t.eval(args[1], f)
	if choices.kind != list || choices.partial != "" || v.kind != known && v.kind != unknown {
		return nil
	}
	equal := make([]*formula, len(choices.items))
	for i, choice := range choices.items {
		if choice.kind != known {
			return nil
		}
		equal[i] = t.equality(v, choice)
	}
	return compose(disjunction, equal...)
}
