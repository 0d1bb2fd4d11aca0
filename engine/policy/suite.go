package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// A Suite is what the unit tests of one rule need.
type Suite struct {
	// Modules are the rule, its tests and the helpers both import.
	Modules map[string]*ast.Module
	// RuleFile is the key of the rule itself in Modules.
	RuleFile string
	// HasTests says that there is a rule_test.rego.
	HasTests bool
	// Data is the base document with the rule's default parameters.
	Data map[string]any
}

// Suite reads a rule with its tests.
func (l *Library) Suite(r *Rule, asOf string) (*Suite, error) {
	b := &build{lib: l.bundled, source: r.source, modules: map[string]*ast.Module{}, texts: map[string]string{}}
	for _, name := range r.source.helpers {
		if !r.source.bundled {
			if err := b.add(r.source, name); err != nil {
				return nil, err
			}
		}
	}
	if err := b.add(r.source, r.file); err != nil {
		return nil, err
	}
	s := &Suite{RuleFile: r.source.name + r.file, HasTests: true}
	tests := path.Join(path.Dir(r.file), strings.TrimSuffix(path.Base(r.file), ".rego")+"_test.rego")
	if err := b.add(r.source, tests); err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read tests: %w", err)
		}
		s.HasTests = false
	}
	data, err := l.Data(&Program{Units: []*Unit{{Rules: []*Rule{r}}}, Facts: b.facts()}, nil, asOf)
	if err != nil {
		return nil, err
	}
	s.Modules, s.Data = b.modules, data
	return s, nil
}

// Helpers lists the bundled library's helper modules, lib/<topic>.rego, sorted.
func (l *Library) Helpers() ([]string, error) {
	names, err := fs.Glob(l.bundled.fsys, "lib/*.rego")
	if err != nil {
		return nil, fmt.Errorf("list helpers: %w", err)
	}
	return slices.DeleteFunc(names, func(name string) bool { return strings.HasSuffix(name, "_test.rego") }), nil
}

// HelperSuite reads one of Helpers with its tests, lib/<topic>_test.rego.
func (l *Library) HelperSuite(name, asOf string) (*Suite, error) {
	b := &build{lib: l.bundled, source: l.bundled, modules: map[string]*ast.Module{}, texts: map[string]string{}}
	if err := b.add(l.bundled, name); err != nil {
		return nil, err
	}
	s := &Suite{RuleFile: name, HasTests: true}
	if err := b.add(l.bundled, strings.TrimSuffix(name, ".rego")+"_test.rego"); err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read tests: %w", err)
		}
		s.HasTests = false
	}
	data, err := l.Data(&Program{Facts: b.facts()}, nil, asOf)
	if err != nil {
		return nil, err
	}
	s.Modules, s.Data = b.modules, data
	return s, nil
}
