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
			out = append(out, pathMistakes(r)...)
		}
	}
	for _, s := range order {
		b := builds[s]
		for _, name := range s.helpers {
			if !s.bundled && b.add(s, name) != nil {
				delete(b.modules, s.name+name)
			}
		}
		out = append(out, b.mistakes(judged[s])...)
	}
	slices.SortStableFunc(out, compareMistakes)
	return out
}

// mistakes type-checks the modules of a build.
func (b *build) mistakes(rules []*Rule) []Mistake {
	c := newChecker(b.modules)
	for i, r := range rules {
		c.rule(b.source.name+r.file, "rule"+strconv.Itoa(i), r)
	}
	return c.check()
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
	for i, m := range c.mistakes {
		if r := c.rules[m.File]; r != nil {
			c.mistakes[i].Rule = r.ID
		}
	}
	slices.SortFunc(c.mistakes, compareMistakes)
	return slices.Compact(c.mistakes)
}

func spot(m Mistake) string { return m.File + ":" + strconv.Itoa(m.Line) }

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
		}
		return false
	})
}

// A refiner changes the terms of one module.
type refiner struct {
	*checker
	names names
	file  string
	input string
}

// term replaces calls that hand out documents, and the head of every reference
// to input.
func (r *refiner) term(t *ast.Term) bool {
	for range 8 { // a helper that hands its argument through may stand in another
		call, ok := t.Value.(ast.Call)
		if !ok {
			break
		}
		if arg := r.functions.through(r.names, call); arg != nil {
			t.Value = arg.Value
			continue
		}
		if ref := r.handed(call, t.Location); ref != nil {
			t.Value = ref
		}
		break
	}
	ref, ok := t.Value.(ast.Ref)
	if !ok {
		return false
	}
	if call, isCall := ref[0].Value.(ast.Call); isCall {
		if handed := r.handed(call, ref[0].Location); handed != nil {
			t.Value = slices.Concat(handed, ref[1:])
		}
		return false
	}
	if ref[0].Equal(ast.InputRootDocument) && !r.ours(ref) {
		r.attributes(ref)
		t.Value = slices.Concat(ast.Ref{ref[0], ast.StringTerm(r.input)}, ref[1:])
		return false
	}
	r.attributes(ref)
	return false
}

// ours reports whether a reference was made here, and has its final form.
func (r *refiner) ours(ref ast.Ref) bool {
	if len(ref) < 2 {
		return false
	}
	key, _ := ref[1].Value.(ast.String)
	return key == "documents" || key == "linked" || key == "lib" || strings.HasPrefix(string(key), "rule")
}

// handed returns what stands for a call of the helpers that hand out documents:
// an array of documents of the type. Of a call that names something that is not
// there it makes a mistake.
func (r *refiner) handed(call ast.Call, at *ast.Location) ast.Ref {
	name, isHelper := strings.CutPrefix(r.names.call(call), libPrefix+"stack.")
	if !isHelper || len(call) < 2 {
		return nil
	}
	key, ok := constant(call[1])
	if !ok {
		return nil
	}
	switch name {
	case "documents":
		if r.attr(key) != nil {
			return r.from("documents", r.documents, key, key, at)
		}
		r.mistaken(at, noSuch("type of documents", key, schema.Types()))
	case "linked", "backlinked":
		target, known := targets()[key]
		if known && target != "" && name == "linked" {
			return r.from("linked", r.linked, key, target, at)
		}
		if !known {
			r.mistaken(at, noSuch("relation", key, relations()))
		}
	case "fact":
		if !slices.Contains(facts(), key) {
			r.mistaken(at, noSuch("fact", key, facts()))
		}
	}
	return nil
}

// from makes the reference input.<place>.<key> an array of documents of a type.
func (r *refiner) from(place string, into map[string]any, key, typ string, at *ast.Location) ast.Ref {
	if into[key] == nil {
		into[key] = map[string]any{"type": "array", "items": r.document(r.attr(typ))}
	}
	ref := ast.Ref{ast.NewTerm(ast.InputRootDocument.Value), ast.StringTerm(place), ast.StringTerm(key)}
	for i := range ref {
		ref[i].Location = at
	}
	return ref
}

func (c *checker) mistaken(at *ast.Location, message string) {
	if at != nil {
		c.mistakes = append(c.mistakes, Mistake{File: at.File, Line: at.Row, Message: message})
	}
}

// attributes checks a reference to the attributes of a document that OPA cannot
// know the type of, such as a parameter of a function: some type must have them.
func (c *checker) attributes(ref ast.Ref) {
	for i := 1; i < len(ref); i++ {
		if key, _ := ref[i].Value.(ast.String); key != "attr" {
			continue
		}
		c.among(ref[:i+1], ref[i+1:])
		return
	}
}

func (c *checker) among(head, rest ast.Ref) {
	path := make([]any, 0, len(rest))
	for _, t := range rest {
		if key, ok := t.Value.(ast.String); ok {
			path = append(path, string(key))
		} else {
			path = append(path, "*")
		}
	}
	if ok, depth, keys := c.everything().Has(path); !ok && len(keys) > 0 {
		key, _ := path[depth].(string)
		where := append(slices.Clone(head), rest[:depth]...)
		if at := head[0].Location; at != nil {
			c.guesses = append(c.guesses, Mistake{File: at.File, Line: at.Row, Message: fmt.Sprintf(
				"%s: documents of no type have %s there%s", append(where, rest[depth]), key, hint(key, keys))})
		}
	}
}

// hint proposes the key that was meant, or lists the keys there are.
func hint(key string, keys []string) string {
	if near := schema.Nearest(key, keys); near != "" {
		return "; did you mean " + near + "?"
	}
	const few = 12
	if len(keys) > few {
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
