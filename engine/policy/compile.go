package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
)

const libPrefix = "plimsoll.lib."

// A Program is compiled rules: one compiler for the bundled ones and one for
// each folder of users' rules, so that a broken folder cannot take the library
// with it.
type Program struct {
	Units []*Unit
	// Facts are the names of the data files the modules read
	// (data.plimsoll.facts.<name>).
	Facts []string
}

// A Unit is what one compiler holds.
type Unit struct {
	Compiler *ast.Compiler
	Rules    []*Rule
	// ReadsRaw says that a module mentions raw, so that input must carry it.
	ReadsRaw bool
}

// forbidden builtins reach outside the run or differ from run to run.
var forbidden = []string{ //nolint:gochecknoglobals // a constant in all but syntax
	"http.send", "net.lookup_ip_addr", "opa.runtime", "time.now_ns", "rand.intn", "uuid.rfc4122",
	"rego.metadata.chain", "rego.metadata.rule", "trace",
}

// Capabilities returns what Rego may use in a rule: everything OPA has but the
// network, the clock, chance and the surrounding process.
func Capabilities() *ast.Capabilities {
	c := ast.CapabilitiesForThisVersion()
	c.AllowNet = []string{}
	c.Builtins = slices.DeleteFunc(slices.Clone(c.Builtins), func(b *ast.Builtin) bool {
		return slices.Contains(forbidden, b.Name)
	})
	return c
}

// Compile compiles the given rules with the helpers they import. Rules whose
// modules do not compile are left out and reported.
func (l *Library) Compile(rules []*Rule) (*Program, []finding.RuleError, error) {
	p := &Program{}
	var broken []finding.RuleError
	bySource := map[*source][]*Rule{}
	var order []*source
	for _, r := range rules {
		if bySource[r.source] == nil {
			order = append(order, r.source)
		}
		bySource[r.source] = append(bySource[r.source], r)
	}
	for _, s := range order {
		b := &build{lib: l.bundled, source: s, modules: map[string]*ast.Module{}, texts: map[string]string{}}
		u, errs, err := b.unit(bySource[s])
		if err != nil {
			return nil, nil, err
		}
		broken = append(broken, errs...)
		if u != nil {
			p.Units = append(p.Units, u)
			p.Facts = append(p.Facts, b.facts()...)
		}
	}
	slices.Sort(p.Facts)
	p.Facts = slices.Compact(p.Facts)
	return p, broken, nil
}

// A build collects the modules of one unit.
type build struct {
	lib     *source
	source  *source
	modules map[string]*ast.Module
	texts   map[string]string
}

func (b *build) unit(rules []*Rule) (*Unit, []finding.RuleError, error) {
	var broken []finding.RuleError
	if !b.source.bundled {
		for _, name := range b.source.helpers {
			if err := b.add(b.source, name); err != nil {
				broken = append(broken, finding.RuleError{Rule: name, Message: err.Error()})
			}
		}
	}
	kept := rules[:0:0]
	for _, r := range rules {
		if err := b.add(b.source, r.file); err != nil {
			broken = append(broken, finding.RuleError{Rule: r.ID, Message: err.Error()})
			continue
		}
		kept = append(kept, r)
	}
	if !b.source.bundled {
		wrong := b.mistyped(kept)
		kept = slices.DeleteFunc(kept, func(r *Rule) bool { return wrong[r.ID] != nil })
		for _, id := range slices.Sorted(maps.Keys(wrong)) {
			broken = append(broken, wrong[id]...)
		}
	}
	// A module that does not compile names itself in the errors: drop it and try
	// again without it, so that the others go on.
	for len(kept) > 0 {
		c := b.compiler()
		c.Compile(b.modules)
		if !c.Failed() {
			return &Unit{Compiler: c, Rules: kept, ReadsRaw: b.mentions("raw")}, broken, nil
		}
		dropped := b.drop(c.Errors)
		if len(dropped) == 0 {
			return nil, nil, fmt.Errorf("compile rules: %w", plain(c.Errors))
		}
		kept = slices.DeleteFunc(kept, func(r *Rule) bool {
			message, gone := dropped[b.source.name+r.file]
			if gone {
				broken = append(broken, finding.RuleError{Rule: r.ID, Message: message})
				delete(dropped, b.source.name+r.file)
			}
			return gone
		})
		for file, message := range dropped {
			broken = append(broken, finding.RuleError{Rule: file, Message: message})
		}
	}
	return nil, broken, nil
}

// mistyped drops the modules that ask for what documents do not have, and tells
// why by rule, or by file for helpers.
func (b *build) mistyped(rules []*Rule) map[string][]finding.RuleError {
	out := map[string][]finding.RuleError{}
	mistakes, _ := b.mistakes(rules)
	for _, m := range mistakes {
		file, own := strings.CutPrefix(m.File, b.source.name)
		if !own {
			continue // in a helper of the library, which has tests of its own
		}
		id := file
		for _, r := range rules {
			if r.file == file {
				id = r.ID
			}
		}
		out[id] = append(out[id], finding.RuleError{Rule: id, Message: m.String()})
		delete(b.modules, m.File)
	}
	return out
}

// compiler returns a fresh compiler. The checks that only refuse are skipped
// for the bundled library: its own tests run them all (policylint), and they
// are a third of the compile time. CheckSafety stays: it also orders bodies.
func (b *build) compiler() *ast.Compiler {
	c := ast.NewCompiler().WithCapabilities(Capabilities())
	if b.source.bundled {
		c = c.WithSkipStages(ast.StageCheckTypes, ast.StageCheckRecursion, ast.StageCheckUnsafeBuiltins,
			ast.StageCheckDeprecatedBuiltins, ast.StageCheckUndefinedFuncs, ast.StageCheckVoidCalls,
			ast.StageCheckKeywordOverrides, ast.StageCheckDuplicateImports, ast.StageCheckUnusedImports,
			ast.StageBuildRequiredCapabilities,
			// Metadata come from the index, and no rule asks for them.
			ast.StageParseMetadataBlocks, ast.StageSetAnnotationSet, ast.StageRewriteRegoMetadataCalls,
			ast.StageCheckRuleConflicts, ast.StageCheckSafetyRuleHeads, ast.StageRewriteTestRulesForTracing)
	}
	return c
}

// drop removes the modules that errors name and returns why, by file.
func (b *build) drop(errs ast.Errors) map[string]string {
	out := map[string]string{}
	for _, e := range errs {
		if e.Location == nil {
			continue
		}
		if _, ok := b.modules[e.Location.File]; ok && out[e.Location.File] == "" {
			out[e.Location.File] = plain(ast.Errors{e}).Error()
		}
	}
	for file := range out {
		delete(b.modules, file)
	}
	return out
}

// add parses a module and, transitively, the bundled helpers it imports.
func (b *build) add(s *source, name string) error {
	key := s.name + name
	if b.modules[key] != nil {
		return nil
	}
	text, err := fs.ReadFile(s.fsys, name)
	if err != nil {
		return err
	}
	module, err := ast.ParseModuleWithOpts(key, string(text), ast.ParserOptions{RegoVersion: ast.RegoV1})
	if err != nil {
		return plain(err)
	}
	b.modules[key] = module
	b.texts[key] = string(text)
	for _, lib := range libraries(module) {
		if err := b.add(b.lib, "lib/"+lib+".rego"); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("%s: there is no helper package data.%s%s", key, libPrefix, lib)
			}
			return err
		}
	}
	return nil
}

// libraries lists the plimsoll.lib packages a module refers to.
func libraries(module *ast.Module) []string {
	var out []string
	ast.WalkRefs(module, func(r ast.Ref) bool {
		name, found := strings.CutPrefix(r.ConstantPrefix().String(), "data."+libPrefix)
		if found {
			name, _, _ = strings.Cut(name, ".")
			out = append(out, name)
		}
		return false
	})
	for _, imp := range module.Imports {
		if name, found := strings.CutPrefix(imp.Path.String(), "data."+libPrefix); found {
			name, _, _ = strings.Cut(name, ".")
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (b *build) mentions(word string) bool {
	for _, text := range b.texts {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// facts lists the data files the unit's modules read.
func (b *build) facts() []string {
	var out []string
	for _, text := range b.texts {
		for rest := text; ; {
			_, after, found := strings.Cut(rest, "data.plimsoll.facts.")
			if !found {
				break
			}
			end := strings.IndexFunc(after, func(r rune) bool {
				return r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9')
			})
			if end < 0 {
				end = len(after)
			}
			out = append(out, after[:end])
			rest = after[end:]
		}
	}
	return out
}
