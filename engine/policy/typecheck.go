package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders/schema"
)

// A Mistake is something a rule asks of a document that no document has.
type Mistake struct {
	// Rule is the ID of the rule it is in, "" for helpers.
	Rule string
	// File is the module's name with its folder, Line counts from 1.
	File    string
	Line    int
	Message string
}

// String writes the mistake as file:line: message.
func (m Mistake) String() string { return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.Message) }

// CheckTypes compares what rules read with the schema of documents: attributes
// under input, of documents taken from the stack by type or along a relation,
// and those that METADATA names. It is no part of loading the bundled library,
// whose own tests run it; users' rules pass through it when they are compiled.
//
// Not seen are values that a function gets by a parameter, but for attr, where
// some type must have what is asked for, and names of keys that are not written
// out. Rules that cannot be parsed are left out.
func (l *Library) CheckTypes(rules []*Rule) []Mistake {
	var out []Mistake
	builds := map[*source]*build{}
	judged := map[*source][]*Rule{}
	var order []*source
	for _, r := range rules {
		b := builds[r.source]
		if b == nil {
			b = &build{lib: l.bundled, source: r.source, modules: map[string]*ast.Module{}, texts: map[string]string{}}
			builds[r.source] = b
			order = append(order, r.source)
		}
		if b.add(r.source, r.file) == nil {
			judged[r.source] = append(judged[r.source], r)
			out = append(out, pathMistakes(r, b.texts[r.source.name+r.file])...)
		}
	}
	for _, s := range order {
		b := builds[s]
		for _, name := range s.helpers {
			if !s.bundled && b.add(s, name) != nil {
				delete(b.modules, s.name+name)
			}
		}
		mistakes, doubts := b.mistakes(judged[s])
		out = append(out, slices.Concat(mistakes, doubts)...)
	}
	slices.SortStableFunc(out, compareMistakes)
	return out
}

// mistakes type-checks the modules of a build. Doubts are mistakes that do not
// keep a rule from being run.
func (b *build) mistakes(rules []*Rule) (mistakes, doubts []Mistake) {
	c := newChecker(b.modules)
	for i, r := range rules {
		c.rule(b.source.name+r.file, "rule"+strconv.Itoa(i), r)
	}
	mistakes = c.check()
	return mistakes, c.named(c.doubts)
}

// A checker holds copies of modules that are changed so that OPA's type checker
// sees through them: each module has an input of its own, documents of a type
// come straight from input, and what object.get asks for is a reference.
type checker struct {
	nodes     *schema.Builder
	modules   map[string]*ast.Module
	rules     map[string]*Rule  // by module
	inputs    map[string]string // module -> its key under input
	root      map[string]any    // the properties of input
	documents map[string]any
	linked    map[string]any
	types     map[string]*schema.Node
	defs      map[string]any
	functions functions
	mistakes  []Mistake
	// guesses are mistakes found without types; where types tell as well, those
	// are more exact.
	guesses []Mistake
	// doubts do not keep a rule from being run.
	doubts []Mistake
}

func newChecker(modules map[string]*ast.Module) *checker {
	c := &checker{
		nodes: schema.NewBuilder(), modules: map[string]*ast.Module{}, rules: map[string]*Rule{}, inputs: map[string]string{},
		root: map[string]any{"lib": map[string]any{}}, documents: map[string]any{}, linked: map[string]any{},
		types: map[string]*schema.Node{}, defs: map[string]any{}, functions: functions{},
	}
	for name, m := range modules {
		c.modules[name] = m.Copy()
		c.functions.collect(m)
	}
	return c
}

// rule makes the input of a module that of a rule.
func (c *checker) rule(module, key string, r *Rule) {
	if c.modules[module] == nil {
		return
	}
	c.rules[module], c.inputs[module] = r, key
	if r.Scope == finding.Stack {
		c.root[key] = object("stack", c.stack())
		return
	}
	c.root[key] = c.document(c.judged(r))
}

// judged describes attr of the documents a rule judges.
func (c *checker) judged(r *Rule) *schema.Node {
	names := judgedTypes(r)
	nodes := make([]*schema.Node, len(names))
	for i, name := range names {
		nodes[i] = c.attr(name)
	}
	return c.nodes.Merge(nodes...)
}

// attr describes attr of a type's documents, nil if there is no such type.
func (c *checker) attr(name string) *schema.Node {
	if n, ok := c.types[name]; ok {
		return n
	}
	t := schema.Lookup(name)
	if t == nil {
		return nil
	}
	c.types[name] = c.nodes.Attr(t)
	return c.types[name]
}

// everything describes attr of a document of any type.
func (c *checker) everything() *schema.Node {
	if n, ok := c.types["*"]; ok {
		return n
	}
	var all []*schema.Node
	for _, name := range schema.Types() {
		all = append(all, c.attr(name))
	}
	c.types["*"] = c.nodes.Merge(all...)
	return c.types["*"]
}

// judgedTypes lists the canonical types of the documents a rule judges; raw
// kinds count with the type their documents have.
func judgedTypes(r *Rule) []string {
	var out []string
	for _, on := range r.On {
		switch {
		case on == "*":
			return schema.Types()
		case schema.Lookup(on) != nil:
			out = append(out, on)
		default:
			if typ := schema.TypeOf(on); typ != "" {
				out = append(out, typ)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// check compiles the changed modules as far as types go.
func (c *checker) check() []Mistake {
	for name, m := range c.modules {
		c.refine(name, m)
	}
	c.root["documents"] = objectOf(c.documents)
	c.root["linked"] = objectOf(c.linked)
	root := objectOf(c.root)
	root["definitions"] = c.defs
	schemas := ast.NewSchemaSet()
	schemas.Put(ast.SchemaRootRef, root)
	compiler := ast.NewCompiler().WithCapabilities(Capabilities()).WithSchemas(schemas).
		WithSkipStages(ast.StageBuildRuleIndices, ast.StageBuildComprehensionIndices, ast.StageBuildRequiredCapabilities)
	compiler.SetErrorLimit(0)
	compiler.Compile(c.modules)
	for _, e := range compiler.Errors {
		if e.Code == ast.TypeErr && e.Location != nil {
			c.mistakes = append(c.mistakes, Mistake{File: e.Location.File, Line: e.Location.Row, Message: c.explain(e)})
		}
	}
	known := map[string]bool{}
	for _, m := range c.mistakes {
		known[spot(m)] = true
	}
	for _, m := range c.guesses {
		if !known[spot(m)] {
			c.mistakes = append(c.mistakes, m)
		}
	}
	return c.named(c.mistakes)
}

func spot(m Mistake) string { return m.File + ":" + strconv.Itoa(m.Line) }

// named adds the rules that mistakes are in, and sorts them.
func (c *checker) named(list []Mistake) []Mistake {
	for i, m := range list {
		if r := c.rules[m.File]; r != nil {
			list[i].Rule = r.ID
		}
	}
	slices.SortFunc(list, compareMistakes)
	return slices.Compact(list)
}

func compareMistakes(a, b Mistake) int {
	if a.File != b.File {
		return strings.Compare(a.File, b.File)
	}
	if a.Line != b.Line {
		return a.Line - b.Line
	}
	return strings.Compare(a.Message, b.Message)
}

// refine changes one module.
func (c *checker) refine(name string, m *ast.Module) {
	key := c.inputs[name]
	if key == "" {
		key = "lib" // helpers are for documents of many types
	}
	names := namesOf(m)
	r := &refiner{checker: c, names: names, file: name, input: key}
	for _, rule := range m.Rules {
		for part := rule; part != nil; part = part.Else {
			r.bodies(part)
		}
	}
	ast.WalkTerms(m, r.term)
	ast.WalkExprs(m, func(e *ast.Expr) bool {
		if terms, ok := e.Terms.([]*ast.Term); ok && e.IsCall() {
			r.handed(terms, e.Location) // for what it finds wrong
			r.asks(terms, e.Location)
		}
		return false
	})
}

// hint proposes the key that was meant, or lists the keys there are.
func hint(key string, keys []string) string {
	if near := schema.Nearest(key, keys); near != "" {
		return "; did you mean " + near + "?"
	}
	const few = 12
	if len(keys) == 0 || len(keys) > few {
		return ""
	}
	return "; there are " + strings.Join(keys, ", ")
}

func noSuch(what, name string, names []string) string {
	return fmt.Sprintf("there is no %s %q%s", what, name, hint(name, names))
}

// constant returns the text of a term that is a text.
func constant(t *ast.Term) (string, bool) {
	s, ok := t.Value.(ast.String)
	return string(s), ok
}
