// Package policylint judges rule folders: that METADATA is complete, names and
// packages agree, only deny is public, and that everything compiles in OPA's
// strict mode with the builtins rules may use, and asks of documents only what
// they have.
package policylint

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
)

// A Problem is something a rule author should mend.
type Problem struct {
	File    string
	Line    int
	Message string
}

// String writes the problem as file:line: message.
func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message) }

// Run lints every rule folder below dir. bundled is the library whose helpers
// users' rules may import; it is not used when dir is itself a library.
func Run(ctx context.Context, dir string, bundled fs.FS) ([]Problem, error) {
	o := engine.Options{Profile: "strict", Bundled: bundled, PolicyDirs: []string{dir}}
	library, part := policy.Enclosing(dir)
	if library != "" {
		dir = library
		o.Bundled, o.PolicyDirs = os.DirFS(dir), nil
	}
	e, err := engine.New(ctx, o)
	if err != nil {
		return nil, err
	}
	l := &linter{dir: dir}
	for _, b := range e.Broken() {
		l.add(b.Rule, 1, b.Message)
	}
	var own []engine.RuleSource
	for _, r := range e.Sources() {
		if !r.InDir || !policy.Within(r.File, part) {
			continue
		}
		own = append(own, r)
		suite, err := e.Suite(r)
		if err != nil {
			l.add(r.File, 1, err.Error())
			continue
		}
		l.rule(r, suite)
	}
	for _, m := range e.CheckTypes(own) {
		l.add(m.File, m.Line, "%s", m.Message)
	}
	slices.SortStableFunc(l.problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), strings.Compare(a.Message, b.Message))
	})
	return slices.Compact(l.problems), nil
}

type linter struct {
	dir      string
	problems []Problem
}

func (l *linter) add(file string, line int, message string, args ...any) {
	if len(args) > 0 {
		message = fmt.Sprintf(message, args...)
	}
	l.problems = append(l.problems, Problem{File: file, Line: line, Message: message})
}

func (l *linter) rule(r engine.RuleSource, s *policy.Suite) {
	module := s.Modules[s.RuleFile]
	l.metadata(r, s.RuleFile)
	l.names(r, s.RuleFile, module)
	l.reads(r, s.RuleFile, module)
	l.formatted(r.File, s.RuleFile)
	if !s.HasTests {
		l.add(s.RuleFile, 1, "there is no rule_test.rego beside it")
	}
	if st, err := os.Stat(filepath.Join(l.dir, filepath.FromSlash(path.Dir(r.File)), "cases")); err != nil || !st.IsDir() {
		l.add(s.RuleFile, 1, "there is no cases folder beside it")
	}
	// The whole of OPA's checks, strict: the run itself skips the pure ones for
	// the bundled library.
	c := ast.NewCompiler().WithCapabilities(policy.Capabilities()).WithStrict(true)
	if c.Compile(s.Modules); c.Failed() {
		for _, e := range c.Errors {
			file, line := s.RuleFile, 1
			if e.Location != nil {
				file, line = e.Location.File, e.Location.Row
			}
			l.add(file, line, e.Message)
		}
	}
}

const titleLength = 60

func (l *linter) metadata(r engine.RuleSource, file string) {
	m := r.Rule
	if len(m.Title) > titleLength {
		l.add(file, 1, "title has %d characters; keep it within %d", len(m.Title), titleLength)
	}
	if strings.HasSuffix(m.Title, ".") {
		l.add(file, 1, "title ends in a full stop")
	}
	for name, text := range map[string]string{
		"description": m.Description, "custom.remediation": m.Remediation, "custom.category": m.Category, "custom.since": m.Since,
	} {
		if text == "" {
			l.add(file, 1, "%s is missing", name)
		}
	}
	if len(m.References) == 0 {
		l.add(file, 1, "related_resources is empty: name a page that explains the reason")
	}
	for _, p := range m.Parameters {
		if p.Name == "" || p.Type == "" || p.Description == "" {
			l.add(file, 1, "parameter %q wants name, type, default and description", p.Name)
		}
	}
	for key := range m.Controls {
		if !slices.Contains([]string{"cis-eks", "securityhub", "pss", "nsa", "eks-bpg"}, key) {
			l.add(file, 1, "controls key %q is none of cis-eks, securityhub, pss, nsa, eks-bpg", key)
		}
	}
}

// names checks package against folder and that deny alone is public.
func (l *linter) names(r engine.RuleSource, file string, module *ast.Module) {
	folder := strings.TrimPrefix(path.Dir(r.File), "rules/")
	if folder != "." && !strings.HasSuffix(r.Rule.Slug, folder) {
		l.add(file, module.Package.Location.Row, "package %s does not end like its folder %s", r.Rule.Package, folder)
	}
	deny := false
	for _, rule := range module.Rules {
		name := rule.Head.Ref()[0].Value.String()
		name = strings.Trim(name, `"`)
		switch {
		case name == "deny":
			deny = true
		case !strings.HasPrefix(name, "_"):
			l.add(file, rule.Location.Row, "%s is public; every name but deny begins with _", name)
		}
	}
	if !deny {
		l.add(file, 1, "there is no deny rule")
	}
}

// reads checks that every canonical attribute a resource rule touches is
// declared under needs or reads, so that the engine knows what its verdict
// rests on.
func (l *linter) reads(r engine.RuleSource, file string, module *ast.Module) {
	if r.Rule.Scope != "resource" {
		return
	}
	declared := slices.Concat(r.Rule.Needs, r.Rule.Reads)
	for i, d := range declared {
		declared[i] = strings.ReplaceAll(d, "[*]", "")
	}
	ast.WalkRefs(module, func(ref ast.Ref) bool {
		if !ref.HasPrefix(ast.Ref{ast.InputRootDocument, ast.StringTerm("attr")}) {
			return false
		}
		var parts []string
		for _, t := range ref[2:] {
			name, ok := t.Value.(ast.String)
			if !ok {
				break
			}
			parts = append(parts, string(name))
		}
		if len(parts) == 0 {
			return false
		}
		got := strings.Join(parts, ".")
		for _, d := range declared {
			if d == got || strings.HasPrefix(d, got+".") || strings.HasPrefix(got, d+".") {
				return false
			}
		}
		l.add(file, ref[0].Location.Row, "input.attr.%s is declared neither under needs nor under reads", got)
		return false
	})
}

// formatted checks the form `opa fmt` gives.
func (l *linter) formatted(name, key string) {
	for _, file := range []string{name, strings.TrimSuffix(name, ".rego") + "_test.rego"} {
		full := filepath.Join(l.dir, filepath.FromSlash(file))
		text, err := os.ReadFile(full)
		if err != nil {
			continue
		}
		want, err := format.SourceWithOpts(key, text, format.Opts{RegoVersion: ast.RegoV1})
		if err == nil && !bytes.Equal(want, text) {
			l.add(full, 1, "not in the form of opa fmt")
		}
	}
}
