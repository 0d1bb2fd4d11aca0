// Package policytest proves rules: it runs the Rego unit tests of a rule
// folder and judges the whole inputs in its cases folder, whose wanted findings
// are written beside the lines they belong to.
package policytest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
	"github.com/plimsoll-dev/plimsoll/loaders"
)

// Options say what to test.
type Options struct {
	// Dir is a folder of rule folders, or a library (with rules/ and lib/ in it).
	Dir string
	// Bundled is the library users' rules import helpers from; it is not used
	// when Dir is itself a library.
	Bundled fs.FS
	// Rules, when not empty, restricts the run to these IDs or slugs.
	Rules []string
	// Update rewrites the sidecar files of wanted findings.
	Update bool
	// Jobs bounds the goroutines of each check; 0 means one per core.
	Jobs int
}

// A Report is the outcome of a run, a RuleReport for each rule by ID.
type Report struct{ Rules []RuleReport }

// Failed counts the problems of all rules.
func (r *Report) Failed() int {
	n := 0
	for _, rule := range r.Rules {
		n += len(rule.Problems)
	}
	return n
}

// A RuleReport says what was run for one rule and what was wrong.
type RuleReport struct {
	Rule *finding.Rule
	// UnitTests and Cases count what was run.
	UnitTests, Cases int
	// Uncovered are the line numbers of rule.rego that no unit test reached.
	Uncovered []int
	// Problems are sentences that begin with file:line where there is one.
	Problems []string
}

// Run tests the rules below o.Dir.
func Run(ctx context.Context, o Options) (*Report, error) {
	s, err := open(o)
	if err != nil {
		return nil, err
	}
	all, err := engine.New(ctx, s.options)
	if err != nil {
		return nil, err
	}
	report := &Report{}
	for _, broken := range all.Broken() {
		report.Rules = append(report.Rules, RuleReport{Rule: &finding.Rule{ID: broken.Rule}, Problems: []string{broken.Message}})
	}
	var chosen []engine.RuleSource
	for _, r := range all.Sources() {
		if s.has(r) {
			chosen = append(chosen, r)
		}
	}
	mistakes := map[string][]string{}
	for _, m := range all.CheckTypes(chosen) {
		mistakes[m.Rule] = append(mistakes[m.Rule], m.String())
	}
	for _, r := range chosen {
		one := RuleReport{Rule: r.Rule, Problems: mistakes[r.Rule.ID]}
		folder := filepath.FromSlash(loaders.Name(filepath.Join(s.root, filepath.FromSlash(path.Dir(r.File)))))
		unitTests(ctx, &one, all, r)
		if err := cases(ctx, &one, s.options, folder, o.Update); err != nil {
			return nil, fmt.Errorf("test %s: %w", r.Rule.ID, err)
		}
		report.Rules = append(report.Rules, one)
	}
	more, err := helperReports(ctx, all, o.Rules)
	if err != nil {
		return nil, err
	}
	report.Rules = append(report.Rules, more...)
	if len(report.Rules) == 0 {
		return nil, &engine.UsageError{Problem: "no rules found in " + o.Dir}
	}
	return report, nil
}

// A suite is what a run tests.
type suite struct {
	options engine.Options
	// root is where the rules' files are named from; part is the part of a
	// library that is meant, and rules the rules.
	root, part string
	rules      []string
}

// open decides whether Dir is a library of its own, a part of one or a folder of
// rules on top of the bundled one.
func open(o Options) (*suite, error) {
	st, err := os.Stat(o.Dir)
	if err != nil || !st.IsDir() {
		return nil, &engine.UsageError{Problem: o.Dir + ": no such folder"}
	}
	s := &suite{
		options: engine.Options{Profile: "strict", Jobs: o.Jobs, IncludePassed: true},
		root:    o.Dir, rules: o.Rules,
	}
	if library, part := policy.Enclosing(o.Dir); library != "" {
		s.root, s.part = library, part
		s.options.Bundled = os.DirFS(library)
	} else {
		s.options.Bundled, s.options.PolicyDirs = o.Bundled, []string{o.Dir}
	}
	if s.root, err = filepath.Abs(s.root); err != nil {
		return nil, fmt.Errorf("find %s: %w", o.Dir, err)
	}
	return s, nil
}

// has reports whether a rule is to be tested.
func (s *suite) has(r engine.RuleSource) bool {
	named := len(s.rules) == 0 || slices.Contains(s.rules, r.Rule.ID) || slices.Contains(s.rules, r.Rule.Slug)
	return r.InDir && named && policy.Within(r.File, s.part)
}

// cases judges every case of one rule.
func cases(ctx context.Context, report *RuleReport, options engine.Options, folder string, update bool) error {
	entries, err := os.ReadDir(filepath.Join(folder, "cases"))
	if errors.Is(err, fs.ErrNotExist) {
		report.Problems = append(report.Problems, folder+": no cases folder; add cases/fail.<ext> and cases/pass.<ext>")
		return nil
	}
	if err != nil {
		return err
	}
	options.Rules = []string{report.Rule.ID}
	e, err := engine.New(ctx, options)
	if err != nil {
		return err
	}
	kinds := map[string]int{}
	for _, entry := range entries {
		name := entry.Name()
		if !isCase(name) {
			continue
		}
		c := &testCase{rule: report.Rule.ID, path: filepath.Join(folder, "cases", name), kind: kindOf(name)}
		if c.kind == "" {
			report.Problems = append(report.Problems, c.path+": the name of a case begins with fail, pass or unknown")
			continue
		}
		kinds[c.kind]++
		report.Cases++
		judge, err := c.engine(ctx, e, options)
		if err != nil {
			return err
		}
		problems, err := c.run(ctx, judge, update)
		if err != nil {
			return err
		}
		report.Problems = append(report.Problems, problems...)
	}
	for _, kind := range []string{"fail", "pass"} {
		if kinds[kind] == 0 {
			report.Problems = append(report.Problems, fmt.Sprintf("%s: no %s case", folder, kind))
		}
	}
	return nil
}

func kindOf(name string) string {
	for _, kind := range []string{"fail", "pass", "unknown"} {
		if rest, ok := strings.CutPrefix(name, kind); ok && (rest == "" || rest[0] == '.' || rest[0] == '_') {
			return kind
		}
	}
	return ""
}
