// Package eval judges documents with compiled rules: one query per document
// type for rules about single documents, one query per rule for rules about
// the whole stack.
package eval

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// An Evaluator judges documents. Its methods may not be called side by side;
// they use several goroutines themselves.
type Evaluator struct {
	program *policy.Program
	store   storage.Store
	jobs    int
	passes  bool

	mu      sync.Mutex
	queries map[string][]*query // per document type and kind
	singles map[string]*query   // per rule, for documents on which a query broke
}

// Options are an Evaluator's settings.
type Options struct {
	// Data is the base document (policy.Library.Data).
	Data map[string]any
	// Jobs bounds the goroutines; 0 means one per core.
	Jobs int
	// IncludePassed asks for a finding of status pass for every subject that a
	// rule judged and found nothing wrong with.
	IncludePassed bool
}

// New returns an Evaluator for a program.
func New(program *policy.Program, o Options) (*Evaluator, error) {
	data, err := ast.InterfaceToValue(o.Data)
	if err != nil {
		return nil, fmt.Errorf("convert rule data: %w", err)
	}
	obj, ok := data.(ast.Object)
	if !ok {
		obj = ast.NewObject()
	}
	if o.Jobs < 1 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	return &Evaluator{
		program: program, store: inmem.NewFromASTObject(obj), jobs: o.Jobs, passes: o.IncludePassed,
		queries: map[string][]*query{}, singles: map[string]*query{},
	}, nil
}

// An Outcome is what one pass found.
type Outcome struct {
	Findings []finding.Finding
	Judged   map[string]int
	Errors   []finding.RuleError
}

func (o *Outcome) merge(other Outcome) {
	o.Findings = append(o.Findings, other.Findings...)
	for id, n := range other.Judged {
		o.Judged[id] += n
	}
	o.Errors = append(o.Errors, other.Errors...)
}

// Documents judges every document with the resource rules for its type or
// kind. Documents that are to be deleted are not judged.
func (e *Evaluator) Documents(ctx context.Context, docs []*document.Document) (Outcome, error) {
	results := make([]Outcome, len(docs))
	raw := slices.ContainsFunc(e.program.Units, func(u *policy.Unit) bool { return u.ReadsRaw })
	err := e.parallel(ctx, len(docs), func() func(context.Context, base, int) error {
		conv := newConverter(raw)
		conv.lazy = true
		return func(ctx context.Context, b base, i int) error {
			var err error
			results[i], err = e.judge(ctx, b, conv, docs[i])
			return err
		}
	})
	out := Outcome{Judged: map[string]int{}}
	for _, r := range results {
		out.merge(r)
	}
	return out, err
}

// parallel runs one worker per job over n items; each worker has its own state
// and its own read transaction.
func (e *Evaluator) parallel(ctx context.Context, n int, worker func() func(context.Context, base, int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(e.jobs, max(n, 1)) {
		wg.Go(func() {
			txn, err := e.store.NewTransaction(ctx)
			if err != nil {
				cancel(err)
				return
			}
			defer e.store.Abort(ctx, txn)
			work := worker()
			for i := range next {
				if err := guard(func() error { return work(ctx, base{e.store, txn}, i) }); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	for i := range n {
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	wg.Wait()
	err := context.Cause(ctx)
	if c, ok := errors.AsType[*crash](err); ok {
		panic(c.text) //nolint:forbidigo // carries a worker's panic to the goroutine whose caller reports it
	}
	return err
}

// A crash is a panic of a worker, on its way to the caller's goroutine.
type crash struct{ text string }

// Error implements error.
func (c *crash) Error() string { return c.text }

func guard(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &crash{fmt.Sprintf("%v\n%s", v, debug.Stack())}
		}
	}()
	return f()
}

// applies reports whether a resource rule judges a document.
func applies(r *policy.Rule, d *document.Document) bool {
	return r.Scope == finding.Resource && r.Judges(d.Type, d.Kind)
}

// queriesFor returns the queries for a document's type, one per unit.
func (e *Evaluator) queriesFor(d *document.Document) ([]*query, error) {
	key := d.Type + "\x00" + d.Kind
	e.mu.Lock()
	defer e.mu.Unlock()
	if q, ok := e.queries[key]; ok {
		return q, nil
	}
	var out []*query
	for _, u := range e.program.Units {
		var rules []*policy.Rule
		for _, r := range u.Rules {
			if applies(r, d) {
				rules = append(rules, r)
			}
		}
		if len(rules) == 0 {
			continue
		}
		q, err := newQuery(u, rules)
		if err != nil {
			return nil, err
		}
		out = append(out, q)
	}
	e.queries[key] = out
	return out, nil
}

func (e *Evaluator) single(q *query, r *policy.Rule) (*query, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if s, ok := e.singles[r.ID]; ok {
		return s, nil
	}
	s, err := newQuery(q.unit, []*policy.Rule{r})
	if err == nil {
		e.singles[r.ID] = s
	}
	return s, err
}

func (e *Evaluator) judge(ctx context.Context, b base, conv *converter, d *document.Document) (Outcome, error) {
	out := Outcome{Judged: map[string]int{}}
	if d.Action == document.Delete {
		return out, nil
	}
	queries, err := e.queriesFor(d)
	if err != nil || len(queries) == 0 {
		return out, err
	}
	input := conv.input(d)
	for _, q := range queries {
		sets, broken := e.ask(ctx, b, q, input, d)
		if err := context.Cause(ctx); err != nil {
			return out, err
		}
		out.Errors = append(out.Errors, broken...)
		for _, r := range q.rules {
			set, ok := sets[r.Slug]
			if !ok {
				continue
			}
			list, err := answers(r, set)
			if err != nil {
				out.Errors = append(out.Errors, finding.RuleError{Rule: r.ID, Document: d.ID, Message: err.Error()})
				continue
			}
			out.Judged[r.ID]++
			out.Findings = append(out.Findings, e.verdicts(ctx, b, q, r, d, input, list)...)
		}
	}
	return out, nil
}

// ask runs the query; when it breaks, it asks rule by rule, so that one broken
// rule does not cost the others their findings.
func (e *Evaluator) ask(ctx context.Context, b base, q *query, input *ast.Term, d *document.Document) (map[string]ast.Set, []finding.RuleError) {
	sets, err := q.run(ctx, b, input)
	if err == nil {
		return sets, nil
	}
	sets = map[string]ast.Set{}
	var broken []finding.RuleError
	for _, r := range q.rules {
		single, err := e.single(q, r)
		if err == nil {
			var one map[string]ast.Set
			if one, err = single.run(ctx, b, input); err == nil {
				sets[r.Slug] = one[r.Slug]
				continue
			}
		}
		broken = append(broken, finding.RuleError{Rule: r.ID, Document: d.ID, Message: short(err)})
	}
	return sets, broken
}

// short is an error of the evaluator on one line, without its internal name.
func short(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	for _, code := range []string{topdown.ConflictErr, topdown.TypeErr, topdown.BuiltinErr, topdown.WithMergeErr, topdown.InternalErr} {
		text = strings.Replace(text, code+": ", "", 1)
	}
	return text
}

// verdicts turns a rule's answers about one document into findings.
func (e *Evaluator) verdicts(ctx context.Context, b base, q *query, r *policy.Rule, d *document.Document, input *ast.Term, list []answer) []finding.Finding {
	ds := doubts(r, d)
	var out []finding.Finding
	settled := make([]document.Path, 0, len(list))
	for _, a := range list {
		if x, found := unsettled(a.path, ds); found && a.unknown == "" {
			a.unknown = Explain(x.state)
		}
		settled = append(settled, a.path)
		out = append(out, build(r, d, a))
	}
	for _, group := range open(ds, settled) {
		if e.undecided(ctx, b, q, r, d, input, group, len(list)) {
			out = append(out, build(r, d, doubtful(d, group)))
		}
	}
	if e.passes && len(out) == 0 {
		out = append(out, passed(r, d))
	}
	return out
}

// undecided reports whether some value of the unknown paths of a group might
// make the rule deny.
func (e *Evaluator) undecided(
	ctx context.Context, b base, q *query, r *policy.Rule, d *document.Document, input *ast.Term, group []doubt, known int,
) bool {
	canonical := d.Type != ""
	single, err := e.single(q, r)
	if err != nil {
		return true
	}
	return depends(ctx, b, single, d, known, group, canonical, q.unit.ReadsRaw) &&
		possible(ctx, b, q.unit, r, input, refs(group, canonical))
}
