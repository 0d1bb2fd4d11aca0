package chart

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template/parse"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// The functions that instrumented templates call.
const (
	wrapFunc  = "plimsoll_wrap"
	stripFunc = "plimsoll_strip"
	bareFunc  = "plimsoll_bare"
	stepFunc  = "plimsoll_step"
)

// A site is a place in a template that writes: a line of its text, or an
// action.
type site struct {
	source     *document.Source
	start, end int  // offsets in source
	action     bool // {{ }}, so that the text differs from what it writes
	values     []string
}

// sites are the numbered places of a chart's templates.
type sites struct {
	list []site
	done map[*document.Source]string // instrumented text

	mu      sync.Mutex
	defined map[*document.Source]string // text without all but definitions
}

func (s *sites) add(at site) int {
	s.list = append(s.list, at)
	return len(s.list) - 1
}

// instrument returns the text of a template that writes marks beside what it
// wrote before. A template that cannot be parsed is returned as it is: Helm
// says what is wrong with it.
func (s *sites) instrument(src *document.Source) string {
	if text, ok := s.done[src]; ok {
		return text
	}
	if s.done == nil {
		s.done = map[*document.Source]string{}
	}
	text := string(src.Content)
	if out, ok := rewrite(src.Name, text, &tracer{sites: s, source: src}); ok && !hasMarks(text) {
		text = out
	}
	s.done[src] = text
	return text
}

// definitions returns the text of a template with nothing but what it defines.
func (s *sites) definitions(src *document.Source) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, done := s.defined[src]
	if done {
		return text
	}
	trees := map[string]*parse.Tree{}
	main := parse.New(src.Name)
	main.Mode = parse.SkipFuncCheck
	if _, err := main.Parse(string(src.Content), "", "", trees); err != nil {
		text = string(src.Content) // Helm says what is wrong with it
	}
	var b strings.Builder
	for _, tree := range sortedTrees(trees) {
		if text == "" && tree.Root != nil && tree != main && tree.Name != src.Name {
			fmt.Fprintf(&b, "{{define %q}}%s{{end}}", tree.Name, tree.Root)
		}
	}
	if s.defined == nil {
		s.defined = map[*document.Source]string{}
	}
	s.defined[src] = text + b.String()
	return s.defined[src]
}

// bare rewrites the text given to tpl so that what it includes cannot carry
// marks into its functions. There is no file to point at: the marks are those
// of the action that calls tpl.
func bare(text string) string {
	text = strip(text)
	if !strings.Contains(text, "{{") {
		return text
	}
	if out, ok := rewrite("tpl", text, &tracer{}); ok {
		return out
	}
	return text
}

// rewrite parses a template and writes it down again, changed by t.
func rewrite(name, text string, t *tracer) (string, bool) {
	trees := map[string]*parse.Tree{}
	main := parse.New(name)
	main.Mode = parse.SkipFuncCheck
	if _, err := main.Parse(text, "", "", trees); err != nil {
		return "", false
	}
	var b strings.Builder
	// Definitions first: where they stand in a file makes no difference.
	for _, defined := range sortedTrees(trees) {
		if defined.Root == nil || defined == main || defined.Name == name {
			continue
		}
		t.text, t.dot = text, []string{}
		t.list(defined.Root)
		if !parse.IsEmptyTree(defined.Root) { // which would not replace others
			counted(defined.Root)
		}
		fmt.Fprintf(&b, "{{define %q}}%s{{end}}", defined.Name, defined.Root)
	}
	if main.Root != nil {
		t.text, t.dot = text, []string{}
		t.list(main.Root)
		b.WriteString(main.Root.String())
	}
	return b.String(), true
}

func sortedTrees(trees map[string]*parse.Tree) []*parse.Tree {
	out := make([]*parse.Tree, 0, len(trees))
	for _, name := range sortedKeys(trees) {
		out = append(out, trees[name])
	}
	return out
}

// A tracer changes the nodes of one template. Without a source it makes no
// marks, and only keeps those of others out of functions.
type tracer struct {
	sites  *sites
	source *document.Source
	text   string
	scope  []string // values that decide what the node is at all
	dot    []string // what "." is, from the root of a template's values; nil if unknown
}

func (t *tracer) list(l *parse.ListNode) {
	if l == nil {
		return
	}
	for i, n := range l.Nodes {
		l.Nodes[i] = t.node(n)
	}
}

func (t *tracer) node(n parse.Node) parse.Node {
	switch n := n.(type) {
	case *parse.TextNode:
		t.textNode(n)
	case *parse.ActionNode:
		t.action(n)
	case *parse.TemplateNode:
		return t.template(n)
	case *parse.IfNode:
		t.branch(&n.BranchNode, t.dot)
	case *parse.RangeNode:
		t.branch(&n.BranchNode, nil)
		counted(n.List)
	case *parse.WithNode:
		t.branch(&n.BranchNode, t.field(n.Pipe))
	case *parse.ListNode:
		t.list(n)
	default:
	}
	return n
}

// branch goes into if, with and range; dot is what "." is inside, nil if that
// is not a value that has a name.
func (t *tracer) branch(n *parse.BranchNode, dot []string) {
	used := t.valuesIn(n.Pipe)
	t.pipe(n.Pipe, false)
	before, outer := len(t.scope), t.dot
	t.scope = append(t.scope, used...)
	t.dot = dot
	t.list(n.List)
	t.dot = outer
	t.list(n.ElseList)
	t.scope = t.scope[:before]
}

// textNode puts a mark before the first character of each line.
func (t *tracer) textNode(n *parse.TextNode) {
	if strings.TrimSpace(string(n.Text)) == "" {
		return
	}
	var b strings.Builder
	at := int(n.Pos)
	for line := range strings.Lines(string(n.Text)) {
		body := strings.TrimLeft(line, " \t\r\n")
		if body == "" {
			b.WriteString(line)
			at += len(line)
			continue
		}
		lead := len(line) - len(body)
		end := at + lead + len(strings.TrimRight(body, " \t\r\n"))
		b.WriteString(line[:lead])
		if t.source != nil {
			b.WriteString(mark(t.sites.add(site{source: t.source, start: at + lead, end: end, values: t.scoped(nil)})))
		}
		b.WriteString(body)
		at += len(line)
	}
	out := b.String()
	// Before "{{", a brace that trimming has brought there would be taken for it.
	if bare := strings.TrimRight(out, "{"); bare != out {
		out = bare + "{{" + strconv.Quote(out[len(bare):]) + "}}"
	}
	n.Text = []byte(out)
}

// scoped is used followed by the values of the branches around, each once.
func (t *tracer) scoped(used []string) []string {
	out := make([]string, 0, len(used)+len(t.scope))
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	for _, name := range used {
		add(name)
	}
	for _, name := range slices.Backward(t.scope) {
		add(name)
	}
	return out
}

// action makes {{ x }} write {{ wrap site (x) }}.
func (t *tracer) action(n *parse.ActionNode) {
	used := t.valuesIn(n.Pipe)
	writes := len(n.Pipe.Decl) == 0
	t.pipe(n.Pipe, writes && t.source != nil)
	if !writes || t.source == nil {
		return
	}
	n.Pipe = wrapped(n.Pipe, t.site(n.Pos, used))
}

// template makes {{template "x" y}} an include, whose text can be marked.
// Without y there is nothing to give to include.
func (t *tracer) template(n *parse.TemplateNode) parse.Node {
	used := t.valuesIn(n.Pipe)
	t.pipe(n.Pipe, false)
	if t.source == nil || n.Pipe == nil {
		return n
	}
	number := t.site(n.Pos, used)
	include := &parse.CommandNode{NodeType: parse.NodeCommand, Args: []parse.Node{
		parse.NewIdentifier("include"), &parse.StringNode{NodeType: parse.NodeString, Quoted: strconv.Quote(n.Name), Text: n.Name}, n.Pipe,
	}}
	pipe := &parse.PipeNode{NodeType: parse.NodePipe, Cmds: []*parse.CommandNode{include}}
	return &parse.ActionNode{NodeType: parse.NodeAction, Pos: n.Pos, Line: n.Line, Pipe: wrapped(pipe, number)}
}

// site numbers the action at pos, which is inside its braces.
func (t *tracer) site(pos parse.Pos, used []string) int {
	at := min(int(pos), len(t.text))
	start := max(strings.LastIndex(t.text[:at], "{{"), 0)
	end := len(t.text)
	if n := strings.Index(t.text[at:], "}}"); n >= 0 {
		end = at + n + 2
	}
	return t.sites.add(site{source: t.source, start: start, end: end, action: true, values: t.scoped(used)})
}

// counted makes every run of a list a step, so that what never ends can be
// stopped.
func counted(l *parse.ListNode) {
	step := &parse.CommandNode{NodeType: parse.NodeCommand, Args: []parse.Node{parse.NewIdentifier(stepFunc)}}
	pipe := &parse.PipeNode{NodeType: parse.NodePipe, Cmds: []*parse.CommandNode{step}}
	l.Nodes = slices.Insert(l.Nodes, 0, parse.Node(&parse.ActionNode{NodeType: parse.NodeAction, Pipe: pipe}))
}

func wrapped(p *parse.PipeNode, number int) *parse.PipeNode {
	call := &parse.CommandNode{NodeType: parse.NodeCommand, Args: []parse.Node{
		parse.NewIdentifier(wrapFunc), &parse.NumberNode{NodeType: parse.NodeNumber, Text: strconv.Itoa(number)}, p,
	}}
	return &parse.PipeNode{NodeType: parse.NodePipe, Pos: p.Pos, Line: p.Line, Cmds: []*parse.CommandNode{call}}
}

// pipe keeps marks out of functions. Only where the text is written at the end,
// and all functions on the way let marks pass, does an include keep them.
func (t *tracer) pipe(p *parse.PipeNode, written bool) {
	if p == nil {
		return
	}
	cmds := make([]*parse.CommandNode, 0, len(p.Cmds))
	for _, c := range slices.Backward(p.Cmds) {
		t.command(c, written)
		if name := function(c); !written && (name == "include" || name == "tpl") {
			cmds = append(cmds, &parse.CommandNode{NodeType: parse.NodeCommand, Args: []parse.Node{parse.NewIdentifier(stripFunc)}})
		}
		cmds = append(cmds, c)
		written = written && canPass(c, true)
	}
	slices.Reverse(cmds)
	p.Cmds = cmds
}

// canPass reports whether a command does no more to its last argument than to
// move it: marks stand before visible characters, so that trimming and
// indenting works as without them.
func canPass(c *parse.CommandNode, piped bool) bool {
	name := function(c)
	switch name {
	case "indent", "nindent", "trim", "toString", "print":
		return true
	case "default", "required", "coalesce":
		return piped || len(c.Args) > 1
	}
	return false
}

func function(c *parse.CommandNode) string {
	if len(c.Args) == 0 {
		return ""
	}
	if id, ok := c.Args[0].(*parse.IdentifierNode); ok {
		return id.Ident
	}
	return ""
}

// command goes through the arguments of a command whose result is written, or
// used otherwise.
func (t *tracer) command(c *parse.CommandNode, written bool) {
	if len(c.Args) == 1 {
		if p, ok := c.Args[0].(*parse.PipeNode); ok { // (x)
			t.pipe(p, written)
			return
		}
	}
	inner := written && canPass(c, false)
	for _, a := range c.Args {
		t.argument(a, inner)
	}
	if function(c) == "tpl" && len(c.Args) > 1 {
		c.Args[1] = call(bareFunc, c.Args[1])
	}
}

// call makes f (argument).
func call(f string, argument parse.Node) *parse.PipeNode {
	command := &parse.CommandNode{NodeType: parse.NodeCommand, Args: []parse.Node{parse.NewIdentifier(f), argument}}
	return &parse.PipeNode{NodeType: parse.NodePipe, Cmds: []*parse.CommandNode{command}}
}

func (t *tracer) argument(a parse.Node, written bool) {
	switch a := a.(type) {
	case *parse.PipeNode:
		t.pipe(a, written)
	case *parse.ChainNode:
		t.argument(a.Node, false)
	default:
	}
}
