package policytest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// A Mutant is a rule with one change that its tests should notice.
type Mutant struct {
	// File, Line and Column (from 1) are where the change is.
	File         string
	Line, Column int
	// Change says what was done: "dropped `x == 1`".
	Change string

	text string // the whole changed module
}

// String writes the mutant as file:line:column: change.
func (m Mutant) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", m.File, m.Line, m.Column, m.Change)
}

// mutants lists the changed forms of a module, one change each: an expression
// is dropped or negated, a boundary moved, a constant changed, an element of a
// literal set dropped, a whole definition switched off. Forms that do not
// compile are among them; only the compiler can tell.
func mutants(module *ast.Module, file, text string) []Mutant {
	m := &mutator{file: file, text: text, seen: map[string]bool{text: true}}
	for _, rule := range module.Rules {
		for r := rule; r != nil; r = r.Else {
			m.definition(r)
		}
		ast.WalkExprs(rule, func(e *ast.Expr) bool {
			m.expression(e)
			return false
		})
	}
	slices.SortStableFunc(m.out, func(a, b Mutant) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return m.out
}

type mutator struct {
	file, text string
	seen       map[string]bool
	out        []Mutant
}

// add notes the mutant that has replacement in place of what stands at loc.
func (m *mutator) add(loc *ast.Location, replacement, change string, args ...any) {
	end := loc.Offset + len(loc.Text)
	if end > len(m.text) || m.text[loc.Offset:end] != string(loc.Text) {
		return // made by the parser, not written
	}
	text := m.text[:loc.Offset] + replacement + m.text[end:]
	if m.seen[text] {
		return
	}
	m.seen[text] = true
	m.out = append(m.out, Mutant{File: m.file, Line: loc.Row, Column: loc.Col, Change: fmt.Sprintf(change, args...), text: text})
}

// definition switches one definition of a rule off.
func (m *mutator) definition(r *ast.Rule) {
	if len(r.Body) == 0 || !m.written(r.Body[0]) {
		return
	}
	loc := r.Body[0].Location
	replacement := "false\n" + string(loc.Text)
	if !strings.HasSuffix(strings.TrimSpace(m.text[:loc.Offset]), "{") {
		replacement = "{\n" + replacement + "\n}"
	}
	m.add(loc, replacement, "switched this definition of %s off", r.Head.Ref())
}

// written reports whether an expression stands in the text: the body of a rule
// without "if" is made by the parser.
func (m *mutator) written(e *ast.Expr) bool {
	if e.Location == nil || len(e.Location.Text) == 0 || e.Generated {
		return false
	}
	b, isBool := e.Terms.(*ast.Term)
	if isBool && b.Value.Compare(ast.Boolean(true)) == 0 {
		return string(e.Location.Text) == "true"
	}
	return true
}

// expression drops and negates one expression and changes what it compares.
func (m *mutator) expression(e *ast.Expr) {
	if !m.written(e) {
		return
	}
	text := string(e.Location.Text)
	m.add(e.Location, "true", "dropped %s", quote(text))
	if negatable(e) {
		if rest, negated := strings.CutPrefix(text, "not "); negated {
			m.add(e.Location, rest, "took the not from %s", quote(text))
		} else {
			m.add(e.Location, "not "+text, "negated %s", quote(text))
		}
	}
	if !e.IsCall() {
		return
	}
	m.boundary(e)
	if name := e.Operator().String(); comparisons[name] || name == ast.Equality.Name || name == ast.Member.Name {
		for _, o := range e.Operands() {
			m.constant(o, name == ast.Member.Name)
		}
	}
}

// negatable tells which expressions "not" may stand before: not those that give
// a variable its value.
func negatable(e *ast.Expr) bool {
	switch e.Terms.(type) {
	case *ast.SomeDecl, *ast.Every:
		return false
	}
	return !e.IsAssignment()
}

var comparisons = map[string]bool{ //nolint:gochecknoglobals // a constant in all but syntax
	ast.Equal.Name: true, ast.NotEqual.Name: true,
	ast.LessThan.Name: true, ast.LessThanEq.Name: true, ast.GreaterThan.Name: true, ast.GreaterThanEq.Name: true,
}

var boundaries = map[string][2]string{ //nolint:gochecknoglobals // as above
	ast.LessThan.Name: {"<", "<="}, ast.LessThanEq.Name: {"<=", "<"},
	ast.GreaterThan.Name: {">", ">="}, ast.GreaterThanEq.Name: {">=", ">"},
}

// boundary moves the bound of an order comparison by the bound itself.
func (m *mutator) boundary(e *ast.Expr) {
	signs, ok := boundaries[e.Operator().String()]
	text := string(e.Location.Text)
	if !ok || strings.Count(text, signs[0]) != 1 {
		return
	}
	m.add(e.Location, strings.Replace(text, signs[0], signs[1], 1), "%s became %s in %s", signs[0], signs[1], quote(text))
}

// constant changes a literal that something is compared with. Of a literal set
// or list that is asked for a member, each element is left out once.
func (m *mutator) constant(t *ast.Term, members bool) {
	if t.Location == nil {
		return
	}
	switch v := t.Value.(type) {
	case ast.Boolean:
		m.add(t.Location, strconv.FormatBool(!bool(v)), "%t became %t", bool(v), !bool(v))
	case ast.Number:
		if n, ok := v.Int(); ok {
			m.add(t.Location, strconv.Itoa(n+1), "%d became %d", n, n+1)
		}
	case ast.String:
		m.add(t.Location, strconv.Quote(string(v)+"~"), "changed %s", quote(string(t.Location.Text)))
	case ast.Set:
		if members {
			v.Foreach(m.element)
		}
	case *ast.Array:
		if members {
			v.Foreach(m.element)
		}
	}
}

// element puts something no input has in the place of an element.
func (m *mutator) element(t *ast.Term) {
	if _, ok := t.Value.(ast.String); ok && t.Location != nil {
		m.add(t.Location, strconv.Quote("~"), "left %s out", t)
	}
}

const quoted = 60

// quote shortens an expression to a line.
func quote(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > quoted {
		text = string(runes[:quoted]) + "…"
	}
	return "`" + text + "`"
}
