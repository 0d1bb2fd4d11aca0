// Package tfeval reads Terraform and OpenTofu configuration. It is the only
// package that knows HCL.
package tfeval

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan/jsontext"
)

// Sources is an index of the configuration in one root directory and of the
// modules it calls, as far as they are on disk. Directories are read when they
// are asked for. A Sources is for one goroutine; the Blocks it hands out may be
// used by many.
type Sources struct {
	root        string
	readFile    func(name string) ([]byte, error)
	readDir     func(name string) ([]string, error)
	directories map[string]*directory // by path; nil if there is nothing in it
	manifest    map[string]string     // installed modules: "eks.kms" -> directory
	claimed     []string
	diagnostics []document.Diagnostic
	// judged is set when the configuration itself is the input: a file that
	// cannot be parsed is then an error.
	judged   bool
	standIns map[string]*directory // by name and major version
}

// A directory is one module as it is written.
type directory struct {
	path      string
	resources map[string]*definition // "aws_eks_cluster.this", "data.aws_vpc.main"
	calls     map[string]*definition
	locals    map[string]argument
	// The rest is for evaluation only.
	variables map[string]*definition
	outputs   map[string]*definition
	providers []*definition
	formulas  map[string]hclsyntax.Expression // of locals
	standIn   *standIn                        // set if it stands in for a module that is not on disk
}

func newDirectory(dir string) *directory {
	return &directory{
		path: dir, resources: map[string]*definition{}, calls: map[string]*definition{}, locals: map[string]argument{},
		variables: map[string]*definition{}, outputs: map[string]*definition{}, formulas: map[string]hclsyntax.Expression{},
	}
}

// A definition is one top-level block, with the override blocks that are merged
// into it (https://developer.hashicorp.com/terraform/language/files/override);
// overrides stand first.
type definition struct {
	labels []string
	bodies []body
	merged *hclsyntax.Body // see syntax
}

// A body is the written content of a block, in either syntax.
type body interface {
	// ranges returns the place of the whole block and that of its header.
	ranges() (whole, header document.Range)
	// find looks a raw path up; value is the planned value of the block.
	find(path document.Path, value any) place
	// argument returns one argument of the block itself.
	argument(name string) (argument, bool)
	// passedOn lists the variables that some argument takes over unchanged.
	passedOn() []string
	// syntax returns the content for evaluation.
	syntax() *hclsyntax.Body
}

// An argument is one written argument.
type argument struct {
	whole      document.Range // from its name to its end
	references []string
	literal    bool
	variable   string // set if the expression is exactly var.name
	text       string // the value, if it is a literal string
}

// Index reads the configuration in root, a directory relative to the working
// directory. readDir returns the names of a directory's entries. The result is
// nil if root holds no configuration.
func Index(root string, readFile func(name string) ([]byte, error), readDir func(name string) ([]string, error)) *Sources {
	if readFile == nil || readDir == nil {
		return nil
	}
	return index(root, readFile, readDir, false)
}

func index(root string, readFile func(name string) ([]byte, error), readDir func(name string) ([]string, error), judged bool) *Sources {
	s := &Sources{root: path.Clean(root), readFile: readFile, readDir: readDir, directories: map[string]*directory{}, judged: judged}
	if s.directory(s.root) == nil {
		return nil
	}
	s.readManifest()
	return s
}

// Diagnostics lists the files that could not be read. It grows as modules are
// asked for.
func (s *Sources) Diagnostics() []document.Diagnostic { return s.diagnostics }

// Files lists the names of the files that have been read.
func (s *Sources) Files() []string { return s.claimed }

// Agrees reports whether the root holds at least half of the given blocks of a
// root module, named "aws_vpc.main", "data.aws_vpc.main" and "module.eks".
func (s *Sources) Agrees(blocks []string) bool {
	d := s.directory(s.root)
	found := 0
	for _, name := range blocks {
		if call, ok := strings.CutPrefix(name, "module."); ok && d.calls[call] != nil || d.resources[name] != nil {
			found++
		}
	}
	return found > 0 && 2*found >= len(blocks)
}

// Local returns the names that the expression of a local value refers to, in
// the form plans use: "var.name", "aws_vpc.main.id".
func (s *Sources) Local(module []string, name string) (references []string, ok bool) {
	d := s.module(module)
	if d == nil {
		return nil, false
	}
	a, ok := d.locals[name]
	return a.references, ok
}

// Resource returns a resource or data block (kind "data.type") of a module,
// named by its path of calls; nil if it is not found.
func (s *Sources) Resource(module []string, kind, name string) *Block {
	d := s.module(module)
	if d == nil {
		return nil
	}
	definition := d.resources[kind+"."+name]
	if definition == nil {
		return nil
	}
	return &Block{definition: definition, origin: s.origin(module, definition)}
}

// module returns the directory of a module, nil if it is not on disk.
func (s *Sources) module(calls []string) *directory {
	d := s.directory(s.root)
	for i, name := range calls {
		if d == nil {
			return nil
		}
		if installed, ok := s.manifest[strings.Join(calls[:i+1], ".")]; ok {
			if next := s.directory(path.Join(s.root, installed)); next != nil {
				d = next
				continue
			}
		}
		call := d.calls[name]
		if call == nil {
			return nil
		}
		source, _ := call.argument("source")
		if !strings.HasPrefix(source.text, "./") && !strings.HasPrefix(source.text, "../") {
			return nil
		}
		d = s.directory(path.Join(d.path, source.text))
	}
	return d
}

// readManifest reads what terraform init has installed. Without it only local
// modules are found.
func (s *Sources) readManifest() {
	data, err := s.readFile(path.Join(s.root, ".terraform/modules/modules.json"))
	if err != nil {
		return
	}
	s.manifest = map[string]string{}
	list := jsontext.Field(data, jsontext.Span{End: len(data)}, "Modules")
	_ = jsontext.Elements(data, list, func(e jsontext.Span) {
		key, _ := jsontext.String(data, jsontext.Field(data, e, "Key"))
		dir, _ := jsontext.String(data, jsontext.Field(data, e, "Dir"))
		if key != "" && dir != "" {
			s.manifest[key] = dir
		}
	})
}

// directory reads one directory, at most once; nil if it has no configuration.
func (s *Sources) directory(dir string) *directory {
	if d, ok := s.directories[dir]; ok {
		return d
	}
	s.directories[dir] = nil
	names, err := s.readDir(dir)
	if err != nil {
		return nil
	}
	files := configuration(names)
	if len(files) == 0 {
		return nil
	}
	d := newDirectory(dir)
	for _, name := range files {
		s.readInto(d, path.Join(dir, name))
	}
	s.directories[dir] = d
	return d
}

// configuration picks the configuration files of a directory: overrides first,
// then by name. A .tofu file replaces the .tf file of the same name
// (https://opentofu.org/docs/language/files/).
func configuration(names []string) []string {
	var out []string
	for _, name := range slices.Sorted(slices.Values(names)) {
		stem, extension := split(name)
		replaced := strings.HasPrefix(extension, ".tf") && slices.Contains(names, stem+strings.Replace(extension, ".tf", ".tofu", 1))
		if extension != "" && !replaced && !strings.HasPrefix(name, ".") && !strings.HasSuffix(name, "~") {
			out = append(out, name)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return order(b) - order(a) })
	return out
}

// order is 1 for override files, else 0.
func order(name string) int {
	stem, _ := split(name)
	if stem == "override" || strings.HasSuffix(stem, "_override") {
		return 1
	}
	return 0
}

// split takes the extension of configuration off a name; "" if it has none.
func split(name string) (stem, extension string) {
	for _, extension := range []string{".tf.json", ".tofu.json", ".tf", ".tofu"} {
		if stem, ok := strings.CutSuffix(name, extension); ok && stem != "" {
			return stem, extension
		}
	}
	return name, ""
}

func (s *Sources) readInto(d *directory, name string) {
	content, err := s.readFile(name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			s.warn(document.Range{Source: &document.Source{Name: name}}, fmt.Sprintf("cannot be read: %v", err))
		}
		return
	}
	s.claimed = append(s.claimed, name)
	src := &document.Source{Name: name, Content: content}
	if strings.HasSuffix(name, ".json") {
		s.readJSON(d, src)
		return
	}
	// HCL refuses a byte order mark; spaces keep the offsets.
	text := slices.Clone(content)
	if strings.HasPrefix(string(text), "\xef\xbb\xbf") {
		copy(text, "   ")
	}
	file, problems := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	if problems.HasErrors() {
		s.broken(firstProblem(src, problems))
		return
	}
	native, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return
	}
	for _, block := range native.Blocks {
		d.add(src, block)
	}
}

// add indexes one top-level block.
func (d *directory) add(src *document.Source, block *hclsyntax.Block) {
	b := &nativeBody{src: src, block: block, body: block.Body}
	switch {
	case block.Type == "resource" && len(block.Labels) == 2:
		put(d.resources, block.Labels[0]+"."+block.Labels[1], b)
	case block.Type == "data" && len(block.Labels) == 2:
		put(d.resources, "data."+block.Labels[0]+"."+block.Labels[1], b)
	case block.Type == "module" && len(block.Labels) == 1:
		put(d.calls, block.Labels[0], b)
	case block.Type == "locals":
		for name := range block.Body.Attributes {
			if _, overridden := d.locals[name]; !overridden {
				a, _ := b.argument(name)
				d.locals[name] = a
				d.formulas[name] = block.Body.Attributes[name].Expr
			}
		}
	case block.Type == "variable" && len(block.Labels) == 1:
		put(d.variables, block.Labels[0], b)
	case block.Type == "output" && len(block.Labels) == 1:
		put(d.outputs, block.Labels[0], b)
	case block.Type == "provider" && len(block.Labels) == 1:
		d.providers = append(d.providers, &definition{labels: block.Labels, bodies: []body{b}})
	}
}

func put(index map[string]*definition, name string, b body) {
	if index[name] == nil {
		index[name] = &definition{}
	}
	index[name].bodies = append(index[name].bodies, b)
}

func (d *definition) argument(name string) (argument, bool) {
	for _, b := range d.bodies {
		if a, ok := b.argument(name); ok {
			return a, true
		}
	}
	return argument{}, false
}

// origin is the chain of calls that leads to a block: the block, then every
// call outwards with the literal arguments that the block takes over unchanged.
func (s *Sources) origin(module []string, block *definition) []document.Range {
	if len(module) == 0 {
		return nil
	}
	_, header := block.base().ranges()
	out := []document.Range{header}
	var variables []string
	for _, b := range block.bodies {
		variables = slices.Concat(variables, b.passedOn())
	}
	for n := len(module) - 1; n >= 0; n-- {
		d := s.module(module[:n])
		if d == nil || d.calls[module[n]] == nil {
			break
		}
		call := d.calls[module[n]]
		_, header := call.base().ranges()
		out = append(out, header)
		var outer []string
		var literals []document.Range
		for _, name := range variables {
			a, ok := call.argument(name)
			switch {
			case ok && a.literal:
				literals = append(literals, a.whole)
			case ok && a.variable != "":
				outer = append(outer, a.variable)
			}
		}
		slices.SortFunc(literals, func(a, b document.Range) int { return a.Start.Offset - b.Start.Offset })
		out = append(out, slices.CompactFunc(literals, func(a, b document.Range) bool { return a.Start == b.Start })...)
		variables = outer
	}
	return out
}

// base is the block that overrides are merged into.
func (d *definition) base() body { return d.bodies[len(d.bodies)-1] }
