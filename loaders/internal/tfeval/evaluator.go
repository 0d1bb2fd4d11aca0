package tfeval

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// maxModules bounds how deeply modules are nested, maxInstances how many
// instances one block makes.
const maxModules, maxInstances = 12, 2000

// An evaluator computes what a configuration says. It is for one goroutine.
type evaluator struct {
	sources   *Sources
	settings  Settings
	functions map[string]function.Function
	names     map[string]bool // every attribute that is asked for anywhere
	root      *instance
	depth     int
	steps     int // of one argument
	total     int
	templates int
	missing   []missingModule
	values    map[string]cty.Value // of the root's variables
}

// An instance is one instance of a module.
type instance struct {
	dir     *directory
	path    []string // names of the calls
	address string   // "", `module.a["k"]`
	parent  *instance
	call    *definition
	frame   *frame // of the arguments of the call
	// open says that the instance may not exist.
	open bool

	memo       map[string]cty.Value
	busy       map[string]bool
	expansions map[string]*expansion
	children   map[string]*expansion
}

func newInstance(dir *directory) *instance {
	return &instance{
		dir: dir, memo: map[string]cty.Value{}, busy: map[string]bool{}, expansions: map[string]*expansion{}, children: map[string]*expansion{},
	}
}

// An expansion is the instances that count and for_each make of a block.
type expansion struct {
	counted, keyed bool
	// open says that it is not known which instances there are: the one item
	// stands for all of them.
	open  bool
	marks cty.ValueMarks
	items []*item
}

// An item is one instance of a resource, a data source or a module call.
type item struct {
	key        cty.Value // NilVal without count and for_each
	address    string
	frame      *frame
	open       bool
	definition *definition
	module     *instance // the one it stands in
	child      *instance // of a call
	value      cty.Value // of a resource, NilVal before it is asked for
	block      *contents
	raw        map[string]any // once its document is made
	busy       bool
}

func newEvaluator(s *Sources, settings Settings) *evaluator {
	ev := &evaluator{sources: s, settings: settings, names: map[string]bool{}, functions: map[string]function.Function{}}
	for _, set := range []map[string]function.Function{
		stdFunctions(), textFunctions(), valueFunctions(), cidrFunctions(), yamlFunctions(), ev.fileFunctions(),
	} {
		maps.Copy(ev.functions, set)
	}
	ev.root = newInstance(s.directory(s.root))
	ev.collectNames(ev.root.dir, map[*directory]bool{}, nil)
	return ev
}

// collectNames notes the attributes that expressions of a module and those it
// calls ask for.
func (ev *evaluator) collectNames(d *directory, seen map[*directory]bool, calls []string) {
	if d == nil || seen[d] || len(calls) > maxModules {
		return
	}
	seen[d] = true
	note := func(e hclsyntax.Expression) {
		_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
			var steps hcl.Traversal
			switch n := n.(type) {
			case *hclsyntax.ScopeTraversalExpr:
				steps = n.Traversal
			case *hclsyntax.RelativeTraversalExpr:
				steps = n.Traversal
			}
			for _, step := range steps {
				if a, ok := step.(hcl.TraverseAttr); ok {
					ev.names[a.Name] = true
				}
			}
			return nil
		})
	}
	var body func(b *hclsyntax.Body)
	body = func(b *hclsyntax.Body) {
		for _, a := range b.Attributes {
			note(a.Expr)
		}
		for _, inner := range b.Blocks {
			body(inner.Body)
		}
	}
	for _, index := range []map[string]*definition{d.resources, d.calls, d.outputs, d.variables} {
		for _, def := range index {
			body(def.syntax())
		}
	}
	for _, e := range d.formulas {
		note(e)
	}
	for name := range d.calls {
		next := append(slices.Clone(calls), name)
		ev.collectNames(ev.moduleDirectory(d, next), seen, next)
	}
}

// moduleDirectory is what a call leads to: a directory, or what stands in for a
// module that is not on disk; nil if nothing is known of it.
func (ev *evaluator) moduleDirectory(caller *directory, calls []string) *directory {
	if caller.standIn == nil {
		if d := ev.sources.module(calls); d != nil {
			return d
		}
	}
	return ev.sources.standInFor(caller, caller.calls[calls[len(calls)-1]])
}

func (in *instance) frameOf() *frame { return &frame{module: in} }

// once computes a value at most once; a cycle is unknown.
func (in *instance) once(key string, compute func() cty.Value) cty.Value {
	if v, ok := in.memo[key]; ok {
		return v
	}
	if in.busy[key] {
		return unknown(document.UnevaluatedExpression)
	}
	in.busy[key] = true
	v := compute()
	delete(in.busy, key)
	in.memo[key] = v
	return v
}

// traversal evaluates a name with the steps behind it.
func (ev *evaluator) traversal(t hcl.Traversal, f *frame) (cty.Value, error) {
	root := t.RootName()
	if v, ok := f.lookup(root); ok {
		return ev.follow(v, t[1:])
	}
	if f.bare || f.module == nil {
		return cty.DynamicVal, fmt.Errorf("no variable %q", root)
	}
	if len(t) < 2 {
		return cty.DynamicVal, fmt.Errorf("%q alone is no value", root)
	}
	step, ok := t[1].(hcl.TraverseAttr)
	if !ok {
		return cty.DynamicVal, fmt.Errorf("%q is no collection", root)
	}
	in := f.module
	switch root {
	case "var":
		v, err := ev.variable(in, step.Name)
		if err != nil {
			return v, err
		}
		return ev.follow(v, t[2:])
	case "local":
		e := in.dir.formulas[step.Name]
		if e == nil {
			return unknown(document.LocalOpaque), nil
		}
		v := in.once("local."+step.Name, func() cty.Value { return ev.value(e, in.frameOf()) })
		return ev.follow(v, t[2:])
	case "module":
		return ev.moduleReference(in, step.Name, t[2:])
	case "path":
		return ev.follow(cty.StringVal(ev.pathOf(in, step.Name)), t[2:])
	case "terraform", "tofu":
		if step.Name == "workspace" {
			return cty.StringVal("default"), nil
		}
		return unknown(document.UnevaluatedExpression), nil
	case "data", "ephemeral":
		name, ok := at3(t).(hcl.TraverseAttr)
		if !ok {
			return cty.DynamicVal, fmt.Errorf("%q is no value", root)
		}
		return ev.resourceReference(in, root+"."+step.Name, name.Name, t[3:])
	case "each", "count", "self":
		return unknown(document.UnevaluatedExpression), nil
	}
	return ev.resourceReference(in, root, step.Name, t[2:])
}

func at3(t hcl.Traversal) hcl.Traverser {
	if len(t) > 2 {
		return t[2]
	}
	return nil
}

func (ev *evaluator) pathOf(in *instance, name string) string {
	if name != "module" {
		return "."
	}
	rel, err := filepath.Rel(filepath.FromSlash(ev.sources.root), filepath.FromSlash(in.dir.path))
	if err != nil {
		return in.dir.path
	}
	rel = filepath.ToSlash(rel)
	return rel
}

func (it *item) reference(attribute string) reference {
	return reference{address: it.address, attribute: attribute, data: isData(it.definition.kind())}
}

// kind is "aws_eks_cluster" or "data.aws_vpc".
func (d *definition) kind() string {
	if len(d.labels) == 0 {
		return ""
	}
	return d.labels[0]
}

// keyOf writes an instance key as addresses have it.
func keyOf(k cty.Value) string {
	switch {
	case k == cty.NilVal:
		return ""
	case !k.IsKnown():
		return "[*]"
	case k.Type() == cty.Number:
		n, _ := k.AsBigFloat().Int64()
		return "[" + strconv.FormatInt(n, 10) + "]"
	}
	return "[" + strconv.Quote(k.AsString()) + "]"
}
