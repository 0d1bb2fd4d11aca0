package main

import (
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/plimsoll-dev/plimsoll/engine/policylint"
	"github.com/plimsoll-dev/plimsoll/engine/policytest"
	"github.com/plimsoll-dev/plimsoll/policies"
)

func policyCommand() *cli.Command {
	return &cli.Command{
		Name:      "policy",
		Usage:     "work on rules: test, lint",
		UsageText: "plimsoll policy COMMAND [FLAGS] [DIR]",
		Subcommands: []*cli.Command{
			{
				Name:        "test",
				Usage:       "run rules' unit tests and cases",
				UsageText:   "plimsoll policy test [FLAGS] [DIR]",
				Description: "DIR is a folder of rules or a library with rules/ and lib/ in it; without one the working directory.",
				Flags: []cli.Flag{
					listFlag("", "rule", "", "test only rule `ID` or slug (comma separated or repeated)"),
					switchFlag("", "update", "", "write the wanted findings anew where they have files of their own"),
					switchFlag("", "mutate", "", "change the rules, one expression at a time, and list the changes that no test notices"),
					&cli.Float64Flag{Name: "killed", Value: 95, Usage: "with --mutate, the `PERCENT` of changes that tests must notice"},
					switchFlag("", "quiet", "q", "print problems only"),
					jobsFlag(""),
				},
				Action: policyTest,
			},
			{
				Name:      "lint",
				Usage:     "check rules' metadata, names and style",
				UsageText: "plimsoll policy lint [DIR]",
				Action:    policyLint,
			},
			{
				Name:      "index",
				Usage:     "write a library's index.json and README.md from its rules' metadata",
				UsageText: "plimsoll policy index [DIR]",
				Hidden:    true, // only Plimsoll's own library has an index
				Action:    policyIndex,
			},
		},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return unknownCommand(c.Command.Subcommands, "plimsoll policy", c.Args().First())
			}
			return cli.ShowSubcommandHelp(c)
		},
	}
}

// folder is the argument of commands about a folder of rules.
func folder(c *cli.Context) (string, error) {
	if c.NArg() > 1 {
		return "", usagef("%s takes one folder", c.Command.HelpName)
	}
	dir := "."
	if c.Args().Present() {
		dir = c.Args().First()
	}
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		return "", usagef("%s is no folder", dir)
	}
	return dir, nil
}

func policyTest(c *cli.Context) error {
	dir, err := folder(c)
	if err != nil {
		return err
	}
	options := policytest.Options{
		Dir: dir, Bundled: policies.FS, Rules: split(c.StringSlice("rule")), Update: c.Bool("update"), Jobs: c.Int("jobs"),
	}
	if c.Bool("mutate") {
		return policyMutate(c, options)
	}
	r, err := policytest.Run(c.Context, options)
	if err != nil {
		return coded(exitRule, err)
	}
	rules, units, cases := 0, 0, 0
	for _, rule := range r.Rules {
		if !rule.IsHelper() {
			rules++
		}
		units += rule.UnitTests
		cases += rule.Cases
		if err := printRuleReport(c.App.Writer, rule, c.Bool("quiet")); err != nil {
			return coded(exitUsage, err)
		}
	}
	failed := r.Failed()
	_, _ = fmt.Fprintf(c.App.Writer, "%s, %s, %s, %s\n",
		plural(rules, "rule"), plural(units, "unit test"), plural(cases, "case"), plural(failed, "problem"))
	if failed > 0 {
		return &exitError{code: exitFindings}
	}
	return nil
}

func printRuleReport(w io.Writer, r policytest.RuleReport, quiet bool) error {
	if len(r.Problems) == 0 {
		if quiet {
			return nil
		}
		_, err := fmt.Fprintf(w, "ok    %s  %s  (%s, %s)\n", r.Rule.ID, r.Rule.Slug, plural(r.UnitTests, "unit test"), plural(r.Cases, "case"))
		return err
	}
	if _, err := fmt.Fprintf(w, "FAIL  %s  %s\n", r.Rule.ID, r.Rule.Slug); err != nil {
		return err
	}
	for _, p := range r.Problems {
		if _, err := fmt.Fprintf(w, "      %s\n", p); err != nil {
			return err
		}
	}
	return nil
}

func policyLint(c *cli.Context) error {
	dir, err := folder(c)
	if err != nil {
		return err
	}
	problems, err := policylint.Run(c.Context, dir, policies.FS)
	if err != nil {
		return coded(exitRule, err)
	}
	for _, p := range problems {
		if _, err := fmt.Fprintln(c.App.Writer, p); err != nil {
			return coded(exitUsage, err)
		}
	}
	_, _ = fmt.Fprintln(c.App.Writer, plural(len(problems), "problem"))
	if len(problems) > 0 {
		return &exitError{code: exitFindings}
	}
	return nil
}
