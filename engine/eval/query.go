package eval

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/plimsoll-dev/plimsoll/engine/policy"
)

// A query asks several rules of one unit at once: r = {"<slug>": data….deny}.
// One query a document lets OPA compute shared helpers once.
type query struct {
	unit  *policy.Unit
	rules []*policy.Rule
	body  ast.Body
	// compiler is shared by all runs of the body.
	compiler ast.QueryCompiler
}

const resultVar = "r"

func newQuery(unit *policy.Unit, rules []*policy.Rule) (*query, error) {
	pairs := make([][2]*ast.Term, 0, len(rules))
	for _, r := range rules {
		pairs = append(pairs, [2]*ast.Term{ast.StringTerm(r.Slug), ast.NewTerm(denyRef(r))})
	}
	body := ast.NewBody(ast.Equality.Expr(ast.VarTerm(resultVar), ast.ObjectTerm(pairs...)))
	qc := unit.Compiler.QueryCompiler()
	compiled, err := qc.Compile(body)
	if err != nil {
		return nil, fmt.Errorf("compile the query for %s: %w", rules[0].ID, err)
	}
	return &query{unit: unit, rules: rules, body: compiled, compiler: qc}, nil
}

func denyRef(r *policy.Rule) ast.Ref {
	ref := ast.MustParseRef("data." + r.Package)
	return ref.Append(ast.StringTerm("deny"))
}

// A base is the store with data.plimsoll and one read transaction on it.
type base struct {
	store storage.Store
	txn   storage.Transaction
}

// patience is how long one query may take. Rules take microseconds on a
// document and milliseconds on a stack; one that takes this long does not end.
const patience = 20 * time.Second

// run evaluates the query and gives the deny set of every rule.
func (q *query) run(ctx context.Context, b base, input *ast.Term) (map[string]ast.Set, error) {
	ctx, done := context.WithTimeout(ctx, patience)
	defer done()
	cancel := topdown.NewCancel()
	stop := context.AfterFunc(ctx, cancel.Cancel)
	defer stop()
	var builtinErrors []topdown.Error
	t := topdown.NewQuery(q.body).WithCompiler(q.unit.Compiler).WithQueryCompiler(q.compiler).
		WithStore(b.store).WithTransaction(b.txn).WithInput(input).WithCancel(cancel).
		WithBuiltinErrorList(&builtinErrors)
	var out map[string]ast.Set
	err := t.Iter(ctx, func(qr topdown.QueryResult) error {
		obj, ok := qr[ast.Var(resultVar)].Value.(ast.Object)
		if !ok {
			return errors.New("the result is no object")
		}
		out = make(map[string]ast.Set, obj.Len())
		obj.Foreach(func(k, v *ast.Term) {
			name, isName := k.Value.(ast.String)
			set, isSet := v.Value.(ast.Set)
			if isName && isSet {
				out[string(name)] = set
			}
		})
		return nil
	})
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, fmt.Errorf("gave no answer within %s", patience)
	case err != nil:
		return nil, err
	case len(builtinErrors) > 0:
		return nil, &builtinErrors[0]
	case len(out) < len(q.rules):
		return nil, errors.New("deny is undefined or no set of results")
	}
	return out, nil
}

// possible reports whether some value of the unknown paths would make the rule
// deny. It evaluates the rule partially, with those paths of input unknown;
// when OPA cannot do that, the answer is yes.
func possible(ctx context.Context, b base, unit *policy.Unit, r *policy.Rule, input *ast.Term, unknowns []ast.Ref) bool {
	body := ast.NewBody(ast.NewExpr(ast.NewTerm(denyRef(r).Append(ast.VarTerm("x")))))
	qc := unit.Compiler.QueryCompiler()
	compiled, err := qc.Compile(body)
	if err != nil {
		return true
	}
	terms := make([]*ast.Term, len(unknowns))
	for i, u := range unknowns {
		terms[i] = ast.NewTerm(u)
	}
	partials, _, err := topdown.NewQuery(compiled).WithCompiler(unit.Compiler).WithQueryCompiler(qc).
		WithStore(b.store).WithTransaction(b.txn).WithInput(input).WithUnknowns(terms).PartialRun(ctx)
	return err != nil || len(partials) > 0
}
