package cfn

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

const (
	// maxAssignments bounds how many ways to fill in what is not known are tried.
	maxAssignments = 4096
	// maxFormula bounds the length of a formula written out: conditions that
	// name the same ones twice double it each time.
	maxFormula = 500
	// maxEffort bounds the work for one template, in parts of formulas looked at.
	// It takes a fraction of a second.
	maxEffort = 10_000_000
)

// A formula is a condition as far as it hangs on values that are not known.
type formula struct {
	kind  formulaKind
	holds bool // of a constant
	// variable and value: the formula holds when the variable has the value.
	variable, value string
	args            []*formula
	length          int // of what args add
}

type formulaKind uint8

const (
	constant formulaKind = iota
	equals
	negation
	conjunction
	disjunction
)

// A domain is what a variable may be.
type domain struct {
	// allowed are all values; nil when there are others than those that the
	// template compares with.
	allowed  []string
	compared []string
}

// other stands for all values that nothing is compared with.
const other = "\x00"

func (d *domain) values() []string {
	if d.allowed != nil {
		return d.allowed
	}
	return append(slices.Clone(d.compared), other)
}

// holdsFor evaluates a formula.
func (f *formula) holdsFor(values map[string]string) bool {
	switch f.kind {
	case equals:
		return values[f.variable] == f.value
	case negation:
		return !f.args[0].holdsFor(values)
	case conjunction:
		return !slices.ContainsFunc(f.args, func(a *formula) bool { return !a.holdsFor(values) })
	case disjunction:
		return slices.ContainsFunc(f.args, func(a *formula) bool { return a.holdsFor(values) })
	case constant:
	}
	return f.holds
}

// write makes the same text of the same formula.
func (f *formula) write(b *strings.Builder) {
	switch f.kind {
	case constant:
		b.WriteString(strconv.FormatBool(f.holds))
	case equals:
		b.WriteString(strconv.Quote(f.variable) + "=" + strconv.Quote(f.value))
	case negation, conjunction, disjunction:
		b.WriteByte("!&|"[f.kind-negation])
		b.WriteByte('(')
		for _, a := range f.args {
			a.write(b)
			b.WriteByte(' ')
		}
		b.WriteByte(')')
	}
}

func (f *formula) collect(into map[string]bool) {
	if f.kind == equals {
		into[f.variable] = true
	}
	for _, a := range f.args {
		a.collect(into)
	}
}

// compose makes a formula of others, each of which counts once.
func compose(kind formulaKind, args ...*formula) *formula {
	out := &formula{kind: kind}
	for _, a := range args {
		if !slices.Contains(out.args, a) {
			out.args = append(out.args, a)
			out.length += a.length + 1
		}
	}
	if len(out.args) == 1 && kind != negation {
		return out.args[0]
	}
	return out
}

// both is the formula that holds when a and b do; nil always holds.
func both(a, b *formula) *formula {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	default:
		return compose(conjunction, a, b)
	}
}

// free is a formula of which nothing is known; equal names are equal.
func (s *session) free(name string) *formula {
	return s.comparison("?"+name, []string{"true", "false"}, "true")
}

// unique is a free formula that no other is equal to.
func (s *session) unique() *formula {
	s.formulas++
	return s.free(strconv.Itoa(s.formulas))
}

// comparison is the formula for a variable that has a value.
func (s *session) comparison(variable string, allowed []string, value string) *formula {
	d := s.domains[variable]
	if d == nil {
		if s.domains == nil {
			s.domains = map[string]*domain{}
		}
		d = &domain{allowed: allowed}
		s.domains[variable] = d
	}
	if !slices.Contains(d.compared, value) {
		d.compared = append(d.compared, value)
	}
	return &formula{kind: equals, variable: variable, value: value}
}

// assignments calls yield for every way to fill in the variables of formulas;
// false when there are too many.
func (s *session) assignments(formulas []*formula, yield func(values map[string]string)) bool {
	used := map[string]bool{}
	for _, f := range formulas {
		f.collect(used)
	}
	names := sortedKeys(used)
	length := 0
	for _, f := range formulas {
		length += f.length + 1
	}
	domains := make([][]string, len(names))
	total := 1
	for i, name := range names {
		domains[i] = s.domains[name].values()
		if total *= len(domains[i]); total > maxAssignments || s.effort+total*length > maxEffort {
			return false
		}
	}
	s.effort += total * length
	values := make(map[string]string, len(names))
	for n := range total {
		for i, name := range names {
			values[name] = domains[i][n%len(domains[i])]
			n /= len(domains[i])
		}
		yield(values)
	}
	return true
}

// consequence decides a formula from others that hold; maybe when they leave it
// open, or cannot all hold.
func (s *session) consequence(given []*formula, f *formula) tri {
	var canHold, canFail bool
	complete := s.assignments(append(slices.Clone(given), f), func(values map[string]string) {
		if slices.ContainsFunc(given, func(g *formula) bool { return !g.holdsFor(values) }) {
			return
		}
		if f.holdsFor(values) {
			canHold = true
		} else {
			canFail = true
		}
	})
	switch {
	case !complete || canHold == canFail:
		return maybe
	default:
		return truth(canHold)
	}
}

// named returns the formula of a condition.
func (t *tmpl) named(name string) *formula {
	if f, ok := t.formulas[name]; ok {
		return f
	}
	c, ok := t.conditions[name]
	if !ok {
		return t.session.free(t.token + name)
	}
	t.formulas[name] = t.session.unique() // for conditions in a ring
	f := t.formulaOf(c.entry.node, c.entry.f)
	t.formulas[name] = f
	return f
}

// formulaOf reads a condition expression as test does.
func (t *tmpl) formulaOf(n *yamlnode.Node, f frame) *formula {
	n = n.Target()
	f.assumed = nil
	if f.depth++; f.depth > maxDepth {
		return t.session.unique()
	}
	name, arg := conditionFunction(n)
	c := call{name: name, arg: arg, f: f, span: f.span(n)}
	switch name {
	case "Condition":
		if target, ok := t.name(arg, f); ok {
			return t.named(target)
		}
	case "Fn::And", "Fn::Or", "Fn::Not":
		args, ok := c.arguments(1, 1000)
		if !ok || name == "Fn::Not" && len(args) != 1 {
			break
		}
		inner := make([]*formula, len(args))
		for i, a := range args {
			inner[i] = t.formulaOf(a, f)
		}
		if out := compose(connective(name), inner...); out.length <= maxFormula {
			return out
		}
	case "Fn::Equals":
		if args, ok := c.arguments(2, 2); ok {
			return t.equality(t.eval(args[0], f), t.eval(args[1], f))
		}
	}
	return t.session.unique()
}

func connective(name string) formulaKind {
	switch name {
	case "Fn::And":
		return conjunction
	case "Fn::Or":
		return disjunction
	default:
		return negation
	}
}

// equality is the formula of Fn::Equals.
func (t *tmpl) equality(a, b *value) *formula {
	if r := equal(a, b); r != maybe {
		return &formula{holds: r == yes}
	}
	if a.kind == known {
		a, b = b, a
	}
	if h := variableOf(a); h != nil && b.kind == known {
		return t.session.comparison(h.name, h.allowed, scalarText(b.scalar))
	}
	unique := a.optional || b.optional
	for _, v := range []*value{a, b} {
		eachHole(v, func(h *hole) { unique = unique || h.unique })
	}
	if unique {
		return t.session.unique()
	}
	texts := []string{identity(a), identity(b)}
	slices.Sort(texts)
	return t.session.free(strings.Join(texts, "="))
}

// variableOf returns the hole that a value wholly is, nil if it is none.
func variableOf(v *value) *hole {
	if v.kind != unknown || v.optional || v.shape == listShape || len(v.parts) != 1 || v.parts[0].hole == nil || v.parts[0].hole.unique {
		return nil
	}
	return v.parts[0].hole
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
