package eval

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A Stack is all documents of a run with their relations, ready for Rego.
type Stack struct {
	// Documents are the live documents (nothing that is to be deleted).
	Documents []*document.Document
	// Index holds what input.stack has beside documents: by_type, by_kind, links,
	// backlinks and facts, as JSON-shaped values.
	Index map[string]any
}

// subjects lists the documents a stack rule is about.
func subjects(r *policy.Rule, docs []*document.Document) []*document.Document {
	var out []*document.Document
	for _, d := range docs {
		if r.Judges(d.Type, d.Kind) {
			out = append(out, d)
		}
	}
	return out
}

// Stack judges the stack with the program's stack rules, each in a query of
// its own; a rule none of whose subjects is in the stack does not apply.
func (e *Evaluator) Stack(ctx context.Context, s Stack) (Outcome, error) {
	type job struct {
		unit     *policy.Unit
		rule     *policy.Rule
		subjects []*document.Document
	}
	var work []job
	raw := false
	for _, u := range e.program.Units {
		for _, r := range u.Rules {
			if r.Scope != finding.Stack {
				continue
			}
			if subj := subjects(r, s.Documents); len(subj) > 0 {
				work = append(work, job{u, r, subj})
				raw = raw || u.ReadsRaw
			}
		}
	}
	out := Outcome{Judged: map[string]int{}}
	if len(work) == 0 {
		return out, nil
	}
	input, err := e.stackInput(ctx, s, raw)
	if err != nil {
		return out, err
	}
	byID := make(map[string]*document.Document, len(s.Documents))
	for _, d := range s.Documents {
		byID[d.ID] = d
	}
	results := make([]Outcome, len(work))
	err = e.parallel(ctx, len(work), func() func(context.Context, base, int) error {
		return func(ctx context.Context, b base, i int) error {
			j := work[i]
			results[i] = e.judgeStack(ctx, b, j.unit, j.rule, input, byID, j.subjects)
			return context.Cause(ctx)
		}
	})
	for _, r := range results {
		out.merge(r)
	}
	return out, err
}

// stackInput builds the one term all stack rules share.
func (e *Evaluator) stackInput(ctx context.Context, s Stack, raw bool) (*ast.Term, error) {
	pairs := make([][2]*ast.Term, len(s.Documents))
	err := e.parallel(ctx, len(s.Documents), func() func(context.Context, base, int) error {
		conv := newConverter(raw)
		return func(_ context.Context, _ base, i int) error {
			d := s.Documents[i]
			pairs[i] = [2]*ast.Term{ast.StringTerm(d.ID), conv.input(d)}
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	conv := newConverter(false)
	stack := [][2]*ast.Term{{conv.key("documents"), ast.ObjectTerm(pairs...)}}
	for key, v := range s.Index {
		stack = append(stack, [2]*ast.Term{conv.key(key), conv.term(v)})
	}
	return ast.ObjectTerm([2]*ast.Term{conv.key("stack"), ast.ObjectTerm(stack...)}), nil
}

func (e *Evaluator) judgeStack(
	ctx context.Context, b base, u *policy.Unit, r *policy.Rule, input *ast.Term,
	byID map[string]*document.Document, subj []*document.Document,
) Outcome {
	out := Outcome{Judged: map[string]int{r.ID: len(subj)}}
	broken := func(err error) Outcome {
		return Outcome{Errors: []finding.RuleError{{Rule: r.ID, Message: short(err)}}}
	}
	q, err := newQuery(u, []*policy.Rule{r})
	if err != nil {
		return broken(err)
	}
	sets, err := q.run(ctx, b, input)
	if err != nil {
		return broken(err)
	}
	list, err := answers(r, sets[r.Slug])
	if err != nil {
		return broken(err)
	}
	found := map[*document.Document]bool{}
	for _, a := range list {
		d := byID[a.document]
		if d == nil {
			return broken(fmt.Errorf("a result names document %q, which is not in the stack", a.document))
		}
		found[d] = true
		if x, unknown := unsettled(a.path, doubts(r, d)); unknown && a.unknown == "" {
			a.unknown = Explain(x.state)
		}
		f := build(r, d, a)
		for _, rel := range a.related {
			if o := byID[rel.document]; o != nil {
				path, place, _ := o.Place(rel.path)
				f.Related = append(f.Related, finding.Related{Document: o, Path: path, Range: place, Message: rel.message})
			}
		}
		out.Findings = append(out.Findings, f)
	}
	if e.passes {
		for _, d := range subj {
			if !found[d] {
				out.Findings = append(out.Findings, passed(r, d))
			}
		}
	}
	return out
}
