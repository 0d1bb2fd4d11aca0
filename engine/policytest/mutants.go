package policytest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
	"github.com/plimsoll-dev/plimsoll/loaders"
)

// patience bounds what one mutant may take: a change can make a rule search
// without end, and then it has been noticed.
const patience = 60 * time.Second

// A MutationReport says how well rules' tests notice changes. Counts are those
// of the rules; Shared gives those of the helpers they share.
type MutationReport struct{ Rules, Helpers []RuleMutants }

// Shared is the report on the helpers alone.
func (r *MutationReport) Shared() *MutationReport { return &MutationReport{Rules: r.Helpers} }

// Mutants counts the mutants of all rules that compile.
func (r *MutationReport) Mutants() int {
	n := 0
	for _, rule := range r.Rules {
		n += rule.Mutants
	}
	return n
}

// Survivors counts the mutants of all rules that nothing noticed.
func (r *MutationReport) Survivors() int {
	n := 0
	for _, rule := range r.Rules {
		n += len(rule.Survivors)
	}
	return n
}

// Untried counts the rules that were not tried.
func (r *MutationReport) Untried() int {
	n := 0
	for _, rule := range r.Rules {
		if rule.Problem != "" {
			n++
		}
	}
	return n
}

// Killed is the share of mutants that were noticed, in percent; 100 without any.
func (r *MutationReport) Killed() float64 {
	n := r.Mutants()
	if n == 0 {
		return 100
	}
	return 100 * float64(n-r.Survivors()) / float64(n)
}

// RuleMutants is the outcome for one rule.
type RuleMutants struct {
	Rule *finding.Rule
	// Mutants counts the changed forms that compile; ByUnit and ByCase those of
	// them that unit tests noticed and those that only the cases did.
	Mutants, ByUnit, ByCase int
	// Survivors are those that nothing noticed.
	Survivors []Mutant
	// Problem, when not empty, says why the rule was not tried.
	Problem string
}

// Mutate changes the rules below o.Dir, one expression at a time, and reports
// which changes neither the unit tests nor the cases of the rule notice. A rule
// whose tests do not pass as they are is not tried. The helpers of a library
// (lib/) are changed as well, see helperTrial.
func Mutate(ctx context.Context, o Options) (*MutationReport, error) {
	s, err := open(o)
	if err != nil {
		return nil, err
	}
	all, err := engine.New(ctx, s.options)
	if err != nil {
		return nil, err
	}
	sources := all.Sources()
	var chosen []engine.RuleSource
	for _, r := range sources {
		if s.has(r) {
			chosen = append(chosen, r)
		}
	}
	helpers, err := helpersIn(all, o.Rules)
	if err != nil {
		return nil, err
	}
	if len(chosen)+len(helpers) == 0 {
		return nil, &engine.UsageError{Problem: "no rules found in " + o.Dir}
	}
	report := &MutationReport{Rules: make([]RuleMutants, len(chosen)), Helpers: make([]RuleMutants, len(helpers))}
	err = each(ctx, len(chosen)+len(helpers), o.Jobs, func(ctx context.Context, i int) error {
		if n := i - len(chosen); n >= 0 {
			h := &helperTrial{all: all, options: s.options, file: helpers[n], root: s.root, out: &report.Helpers[n]}
			if err := h.run(ctx, sources); err != nil {
				return fmt.Errorf("mutate %s: %w", helpers[n], err)
			}
			return nil
		}
		t := &trial{all: all, source: chosen[i], options: s.options, root: s.root, out: &report.Rules[i]}
		if err := t.run(ctx, sources); err != nil {
			return fmt.Errorf("mutate %s: %w", chosen[i].Rule.ID, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return report, nil
}

// each calls f for 0…n-1 on several goroutines and returns an error of one.
func each(ctx context.Context, n, jobs int, f func(context.Context, int) error) error {
	if jobs < 1 {
		jobs = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan int, n)
	for i := range n {
		next <- i
	}
	close(next)
	var wg sync.WaitGroup
	for range min(jobs, n) {
		wg.Go(func() {
			for i := range next {
				if ctx.Err() != nil {
					return
				}
				if err := f(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// A trial runs the mutants of one rule.
type trial struct {
	all     *engine.Engine
	source  engine.RuleSource
	options engine.Options
	root    string
	out     *RuleMutants

	suite *policy.Suite
	files overlay
	cases []loadedCase
}

// A loadedCase is read once and judged by every mutant.
type loadedCase struct {
	testCase
	in   loaders.Result
	want []place
}

func (t *trial) run(ctx context.Context, sources []engine.RuleSource) error {
	t.out.Rule = t.source.Rule
	var err error
	if t.suite, err = t.all.Suite(t.source); err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(t.root, filepath.FromSlash(t.source.File)))
	if err != nil {
		return err
	}
	t.overlay(t.source.File, sources)
	if err := t.load(ctx); err != nil {
		return err
	}
	original := Mutant{text: string(text)}
	switch valid, by, err := t.judge(ctx, original); {
	case err != nil:
		return err
	case !valid || by != nobody:
		t.out.Problem = "its own tests do not pass; run plimsoll policy test first"
		return nil
	}
	file := filepath.FromSlash(loaders.Name(filepath.Join(t.root, filepath.FromSlash(t.source.File))))
	for _, m := range mutants(t.suite.Modules[t.suite.RuleFile], file, string(text)) {
		valid, by, err := t.judge(ctx, m)
		if err != nil {
			return err
		}
		if valid {
			t.out.count(m, by)
		}
	}
	return nil
}

func (r *RuleMutants) count(m Mutant, by witness) {
	r.Mutants++
	switch by {
	case unit:
		r.ByUnit++
	case byCase:
		r.ByCase++
	case nobody:
		r.Survivors = append(r.Survivors, m)
	}
}

// overlay prepares the library with another text of one file, and with no other
// rule.
func (t *trial) overlay(file string, sources []engine.RuleSource) {
	t.files = overlay{FS: os.DirFS(t.root), file: file, hidden: map[string]bool{"index.json": true}}
	for _, s := range sources {
		if s.InDir && s.File != t.source.File {
			t.files.hidden[s.File] = true
		}
	}
}

// load reads the rule's cases.
func (t *trial) load(ctx context.Context) error {
	dir := filepath.FromSlash(loaders.Name(filepath.Join(t.root, filepath.FromSlash(path.Dir(t.source.File)), "cases")))
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, entry := range entries {
		if !isCase(entry.Name()) {
			continue
		}
		c := loadedCase{testCase: testCase{rule: t.source.Rule.ID, path: filepath.Join(dir, entry.Name()), kind: kindOf(entry.Name())}}
		if c.in, err = loaders.Load(ctx, []string{c.path}, strings.NewReader(""), loaders.Options{}); err != nil {
			return err
		}
		if c.want, err = c.wanted(); err != nil {
			return err
		}
		t.cases = append(t.cases, c)
	}
	return nil
}

// A witness is what noticed a mutant.
type witness int

const (
	nobody witness = iota
	unit
	byCase
)

// judge runs unit tests, then cases, until something notices the mutant. valid
// is false when the mutant is no rule: it does not compile.
func (t *trial) judge(ctx context.Context, m Mutant) (valid bool, by witness, err error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	valid, noticed, err := t.units(limited, m)
	if err == nil && valid && !noticed {
		if noticed, err = t.judgeCases(limited, m); noticed {
			return true, byCase, nil
		}
	}
	switch {
	case ctx.Err() != nil:
		return false, nobody, context.Cause(ctx)
	case limited.Err() != nil:
		return true, unit, nil
	case noticed:
		return valid, unit, nil
	}
	return valid, nobody, err
}

// units runs the Rego unit tests against the mutant.
func (t *trial) units(ctx context.Context, m Mutant) (valid, noticed bool, err error) {
	return unitsOf(ctx, t.suite, t.suite.RuleFile, m)
}

// unitsOf runs a suite's unit tests with a mutant in the place of one of its
// modules.
func unitsOf(ctx context.Context, suite *policy.Suite, file string, m Mutant) (valid, noticed bool, err error) {
	module, err := ast.ParseModuleWithOpts(file, m.text, ast.ParserOptions{RegoVersion: ast.RegoV1})
	if err != nil {
		return false, false, nil //nolint:nilerr // not every change gives Rego
	}
	modules := maps.Clone(suite.Modules)
	modules[file] = module
	store := inmem.NewFromObject(suite.Data)
	err = storage.Txn(ctx, store, storage.TransactionParams{}, func(txn storage.Transaction) error {
		// Not strict: an expression less may leave a variable or an import unused.
		results, err := tester.NewRunner().
			SetCompiler(ast.NewCompiler().WithCapabilities(policy.Capabilities())).
			SetStore(store).SetModules(modules).RaiseBuiltinErrors(true).RunTests(ctx, txn)
		if err != nil {
			return err
		}
		for res := range results {
			noticed = noticed || res.Fail || res.Error != nil
		}
		return nil
	})
	if _, ok := errors.AsType[ast.Errors](err); ok {
		return false, false, nil
	}
	return true, noticed, err
}

// judgeCases judges the cases with the mutant in the place of the rule.
func (t *trial) judgeCases(ctx context.Context, m Mutant) (noticed bool, err error) {
	files := t.files
	files.text = m.text
	options := t.options
	options.Rules, options.Jobs = []string{t.source.Rule.ID}, 1
	if len(options.PolicyDirs) == 0 {
		options.Bundled = files
	} else {
		options.PolicyDirs, options.PolicyFS = nil, []policy.Dir{{Name: t.root, FS: files}}
	}
	e, err := engine.New(ctx, options)
	if err != nil {
		return false, err
	}
	for _, c := range t.cases {
		judge, err := c.engine(ctx, e, options)
		if err != nil {
			return false, err
		}
		result, err := judge.Check(ctx, c.in)
		if err != nil {
			return false, err
		}
		if len(result.RuleErrors) > 0 || result.Judged[c.rule] == 0 || !slices.Equal(found(result), c.want) {
			return true, nil
		}
	}
	return false, nil
}
