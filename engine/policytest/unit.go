package policytest

import (
	"context"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
)

// unitTests runs rule_test.rego with the rule's default parameters as data and
// notes the lines of the rule that no test reached.
func unitTests(ctx context.Context, report *RuleReport, e *engine.Engine, r engine.RuleSource) {
	suite, err := e.Suite(r)
	if err != nil {
		report.Problems = append(report.Problems, err.Error())
		return
	}
	if !suite.HasTests {
		report.Problems = append(report.Problems, suite.RuleFile+": no rule_test.rego beside it")
		return
	}
	runUnits(ctx, report, suite)
	for _, line := range report.Uncovered {
		report.Problems = append(report.Problems, fmt.Sprintf("%s:%d: no unit test reaches this line", suite.RuleFile, line))
	}
}

// runUnits runs a suite's tests and notes the lines that no test reached.
func runUnits(ctx context.Context, report *RuleReport, suite *policy.Suite) {
	store := inmem.NewFromObject(suite.Data)
	coverage := cover.New()
	var results chan *tester.Result
	err := storage.Txn(ctx, store, storage.TransactionParams{}, func(txn storage.Transaction) error {
		var err error
		results, err = tester.NewRunner().
			SetCompiler(ast.NewCompiler().WithCapabilities(policy.Capabilities()).WithStrict(true)).
			SetStore(store).SetModules(suite.Modules).RaiseBuiltinErrors(true).SetCoverageQueryTracer(coverage).
			RunTests(ctx, txn)
		if err != nil {
			return err
		}
		for res := range results {
			report.UnitTests++
			switch {
			case res.Error != nil:
				report.Problems = append(report.Problems, fmt.Sprintf("%s: %s: %s", res.Location, res.Name, res.Error))
			case res.Fail:
				report.Problems = append(report.Problems, fmt.Sprintf("%s: %s failed", res.Location, res.Name))
			}
		}
		return nil
	})
	if err != nil {
		report.Problems = append(report.Problems, fmt.Sprintf("%s: %s", suite.RuleFile, strings.Join(strings.Fields(err.Error()), " ")))
		return
	}
	report.Uncovered = uncovered(coverage.Report(suite.Modules), suite.RuleFile)
}

func uncovered(report cover.Report, file string) []int {
	f := report.Files[file]
	if f == nil {
		return nil
	}
	var lines []int
	for _, r := range f.NotCovered {
		for line := r.Start.Row; line <= r.End.Row; line++ {
			lines = append(lines, line)
		}
	}
	return lines
}
