package cfn

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// Format is what Document.Format says.
const Format = "cloudformation"

// A tmpl is one template while it is evaluated.
type tmpl struct {
	session *session
	src     *document.Source
	// token begins the tokens of the template's resources: "cfn:<file>#".
	token string
	// id begins the IDs of its documents: "<file>#".
	id string
	// bound are the parameters that a parent stack gives; nil without one.
	bound map[string]*value
	// conditional: the stack around may turn out not to exist.
	conditional bool
	// packaged: a template around was packaged, so that this one may be read
	// through the one that was packaged too.
	packaged bool
	// parents are the files of the stacks around, outermost first.
	parents []string

	functions  map[string]func(c call) *value
	params     map[string]*parameter
	mappings   map[string]*mapping
	conditions map[string]*condition
	resources  map[string]*resource
	order      []*resource
	outputs    []entry
	globals    []entry // what SAM adds to resources of its types
	rules      []entry
	// formulas are those of the conditions that were asked for.
	formulas map[string]*formula
	// exists says when the stack around is there; nil: always.
	exists *formula

	// generated: a transform adds resources, so that names that are nowhere in
	// the text may be right.
	generated bool
	// macro: something that we do not know rewrites the whole template.
	macro bool
	// ringed: names that depend on each other have been reported.
	ringed bool

	budget   int
	supposed map[supposition]*assumption
	pseudos  map[string]*value
	found    map[string]*value // FindInMap with keys that are not known
	said     map[string]bool   // diagnostics, to say each once
}

func newTemplate(s *session, src *document.Source) *tmpl {
	t := &tmpl{
		session: s, src: src,
		token: "cfn:" + src.Name + "#", id: src.Name + "#",
		params: map[string]*parameter{}, mappings: map[string]*mapping{},
		conditions: map[string]*condition{}, resources: map[string]*resource{},
		formulas: map[string]*formula{},
		found:    map[string]*value{}, said: map[string]bool{},
		supposed: map[supposition]*assumption{}, pseudos: map[string]*value{},
		budget: minValues + len(src.Content),
	}
	t.functions = t.intrinsics()
	return t
}

func (t *tmpl) errorAt(at span, format string, args ...any) {
	t.report(document.Error, at, fmt.Sprintf(format, args...))
}

func (t *tmpl) warnAt(at span, format string, args ...any) {
	t.report(document.Warning, at, fmt.Sprintf(format, args...))
}

// report keeps a diagnostic. What is evaluated more than once, for the sake of
// a name, is reported once.
func (t *tmpl) report(level document.Level, at span, message string) {
	key := fmt.Sprint(at.start, message)
	if t.said[key] {
		return
	}
	t.said[key] = true
	t.session.diagnostics = append(t.session.diagnostics, document.Diagnostic{
		Range: t.src.Range(at.start, at.end).Outermost(), Level: level, Message: message,
	})
}

// read takes in the sections of a template.
func (t *tmpl) read(root *yamlnode.Node) {
	f := frame{}
	if n := child(root, "Transform"); n != nil {
		t.readTransforms(n, f)
	}
	t.each(root, f, t.readSection)
	for _, e := range t.rules {
		if n := e.node.Target(); n.Kind == yamlnode.Mapping {
			t.each(n, e.f, t.addRule)
		}
	}
}

func (t *tmpl) readSection(e entry) {
	var yield func(e entry)
	guess := func(entry) {}
	switch e.key {
	case "Parameters":
		yield = t.addParameter
	case "Mappings":
		yield = t.addMapping
	case "Conditions":
		yield = t.addCondition
	case "Resources":
		yield, guess = t.addResource, t.addGuess
	case "Rules":
		t.rules = append(t.rules, e)
		return
	case "Globals":
		t.globals = append(t.globals, e)
		return
	case "Outputs":
		yield = func(e entry) { t.outputs = append(t.outputs, e) }
	default:
		return // Metadata, Hooks and Description hold no resources
	}
	n := e.node.Target()
	if n.Kind != yamlnode.Mapping {
		if isNull(n) {
			return // a section that was left empty
		}
		t.errorAt(e.f.span(n), "%s must be an object; the section is not read", e.key)
		return
	}
	if reason := t.eachOrGuess(n, e.f, yield, guess); reason == document.Macro && e.key == "Resources" {
		t.generated = true
		t.warnAt(e.keySpan, "a macro adds resources that are not in the template; they are not checked")
	}
}

// child returns the value of a key, nil if there is none.
func child(n *yamlnode.Node, key string) *yamlnode.Node {
	n = n.Target()
	if n.Kind != yamlnode.Mapping {
		return nil
	}
	for i, k := range slices.Backward(n.Keys) { // of repeated keys the last counts
		if k.Target().Text == key {
			return n.Values[i]
		}
	}
	return nil
}

// childText returns a scalar child as it is written, "" if there is none.
func childText(n *yamlnode.Node, key string) string {
	if c := child(n, key); c != nil && c.Target().Kind == yamlnode.Scalar {
		return c.Target().Text
	}
	return ""
}

// A session is one Load: a template and the stacks nested in it.
type session struct {
	options     Options
	diagnostics []document.Diagnostic
	claimed     []string
	patterns    map[string]*regexp.Regexp
	files       map[string]file
	uploads     map[string]*uploads // what lies around a folder
	// nested are the templates of nested stacks, in order of discovery.
	nested []*tmpl
	// domains are what the variables of formulas may be, formulas how many
	// have no other name than a number, and constraints what always holds.
	domains     map[string]*domain
	formulas    int
	constraints []*formula
	effort      int // that formulas have taken
	// open are the documents that may not be there.
	open conditionals
}

// A file is one that a template points at; src is nil when it cannot be read,
// and root when it cannot be parsed.
type file struct {
	src  *document.Source
	root *yamlnode.Node
}

// parse reads and parses a file, once.
func (s *session) parse(name string) file {
	if f, ok := s.files[name]; ok {
		return f
	}
	if s.files == nil {
		s.files = map[string]file{}
	}
	var f file
	if content, err := s.options.ReadFile(name); err == nil {
		f.src = &document.Source{Name: name, Content: content}
		docs, diagnostics := yamlnode.Parse(f.src)
		s.diagnostics = append(s.diagnostics, diagnostics...)
		if len(docs) > 0 && docs[0].Root != nil {
			f.root = docs[0].Root.Target()
		}
	}
	s.files[name] = f
	return f
}

func (s *session) claim(name string) {
	if !slices.Contains(s.claimed, name) {
		s.claimed = append(s.claimed, name)
	}
}

// Options are what a template cannot say itself.
type Options struct {
	// Parameters are values for parameters by name; they go before defaults.
	// Pseudo parameters may be among them ("AWS::Region").
	Parameters map[string]string
	// Stack and DisplayName are the stack's names, where a cloud assembly says
	// them; "" otherwise.
	Stack, DisplayName string
	// Constructs are the construct paths of resources by logical ID, where a
	// cloud assembly tells them; a template may say them itself.
	Constructs map[string]string
	// ReadFile reads other files by a name relative to the working directory;
	// nil when there are none to read.
	ReadFile func(name string) ([]byte, error)
	// ReadDir lists the names in a folder, under the same rules; nil when there
	// is nothing to search.
	ReadDir func(name string) ([]string, error)
}

// A Result is what one template holds.
type Result struct {
	// Documents are the resources, those of nested stacks after the others.
	Documents []*document.Document
	// Claimed are other files that were read as part of the template.
	Claimed     []string
	Diagnostics []document.Diagnostic
	// NotMine says why the text is no template, or is "".
	NotMine string
}

// Load reads the template in src. It never fails: what cannot be read is a
// diagnostic.
func Load(src *document.Source, options Options) Result {
	return loadTemplate(src, beside(src, options))
}

func loadTemplate(src *document.Source, options Options) Result {
	docs, diagnostics := yamlnode.Parse(src)
	if len(docs) == 0 || docs[0].Root == nil {
		return Result{Diagnostics: diagnostics}
	}
	root := docs[0].Root.Target()
	if root.Kind != yamlnode.Mapping || child(root, "Resources") == nil && child(root, "AWSTemplateFormatVersion") == nil {
		return Result{Diagnostics: diagnostics, NotMine: "no Resources section at the top level"}
	}
	s := &session{options: options, diagnostics: diagnostics}
	t := newTemplate(s, src)
	for _, extra := range docs[1:] {
		if extra.Root != nil {
			t.warnAt(span{extra.Root.Start, extra.Root.End}, "CloudFormation reads only the first document of a file; this one is not checked")
		}
	}
	t.read(root)
	t.checkTransformed()
	documents := t.documents()
	next := 0
	for next < len(s.nested) { // nested stacks may find further ones
		documents = append(documents, s.nested[next].documents()...)
		next++
	}
	s.findWorlds(t.token, &s.open)
	return Result{Documents: documents, Claimed: s.claimed, Diagnostics: s.diagnostics}
}

func (t *tmpl) checkTransformed() {
	if len(t.order) == 0 && !t.generated && !t.macro {
		t.warnAt(span{0, min(len(t.src.Content), 1)}, "the template has no resources")
	}
}

// intrinsics lists the functions.
func (t *tmpl) intrinsics() map[string]func(c call) *value {
	return map[string]func(c call) *value{
		"Ref":                  t.ref,
		"Condition":            t.conditionValue,
		"Fn::GetAtt":           t.getAtt,
		"Fn::Sub":              t.sub,
		"Fn::Join":             t.join,
		"Fn::Split":            t.split,
		"Fn::Select":           t.selectOne,
		"Fn::If":               t.ifElse,
		"Fn::And":              t.conditionValue,
		"Fn::Or":               t.conditionValue,
		"Fn::Not":              t.conditionValue,
		"Fn::Equals":           t.conditionValue,
		"Fn::FindInMap":        t.findInMap,
		"Fn::Base64":           t.base64,
		"Fn::Cidr":             t.cidr,
		"Fn::GetAZs":           t.getAZs,
		"Fn::ImportValue":      t.importValue,
		"Fn::GetStackOutput":   t.importValue,
		"Fn::Length":           t.length,
		"Fn::ToJsonString":     t.toJSONString,
		"Fn::Transform":        t.transform,
		"Fn::Contains":         t.rulesOnly,
		"Fn::EachMemberEquals": t.rulesOnly,
		"Fn::EachMemberIn":     t.rulesOnly,
		"Fn::RefAll":           t.rulesOnly,
		"Fn::ValueOf":          t.rulesOnly,
		"Fn::ValueOfAll":       t.rulesOnly,
	}
}

func (t *tmpl) call(c call) *value {
	if f, ok := t.functions[c.name]; ok {
		return f(c)
	}
	if strings.HasPrefix(c.name, "Fn::Rain::") {
		t.warnAt(c.span, "!%s is a directive of the rain tool; package the template with it first", strings.TrimPrefix(c.name, "Fn::"))
		return macroValue(c.span)
	}
	t.errorAt(c.span, "%s is not a function of CloudFormation", c.name)
	return failed(c.span)
}

func (t *tmpl) rulesOnly(c call) *value {
	t.errorAt(c.span, "%s may be used in Rules only", c.name)
	return failed(c.span)
}

// misused reports a wrong argument.
func (t *tmpl) misused(c call, need string) *value {
	t.errorAt(c.span, "%s needs %s", c.name, need)
	return failed(c.span)
}

func macroValue(at span) *value {
	return holeValue(&hole{name: "Fn::Transform", root: "Fn::Transform", reason: document.Macro, unique: true}, anyShape, at)
}
