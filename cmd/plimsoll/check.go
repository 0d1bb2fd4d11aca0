package main

import (
	"cmp"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/baseline"
	"github.com/plimsoll-dev/plimsoll/engine/config"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/suppress"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func checkCommand() *cli.Command {
	flags := append(outputFlags(),
		&cli.StringFlag{
			Name: "fail-on", Value: "low", Category: aboutOutput,
			Usage: "exit with 1 from `SEVERITY` on: critical, high, medium, low, info or never",
		},
		switchFlag(aboutOutput, "include-passed", "", "list passed checks too"),
		switchFlag(aboutOutput, "changed", "", "judge only what Terraform plans create or change, and tell what the change introduces"),
		textFlag(aboutOutput, "baseline", "do not count the known findings in `FILE`"),
		textFlag(aboutOutput, "write-baseline", "write the failures of this run to `FILE` and count them as known"),
	)
	flags = append(flags, ruleFlags()...)
	return &cli.Command{
		Name:      "check",
		Usage:     "check files and folders against the rules",
		UsageText: "plimsoll check [FLAGS] [PATH...]",
		Description: "PATH is a file, a folder or - for standard input; without one the working directory is\n" +
			"checked. What a file is, is found out from its content. Columns in reports count bytes, from 1.\n\n" +
			"Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage or configuration error,\n" +
			"3 some input could not be read, 4 a rule broke, 70 internal error. The highest wins.",
		Flags:  append(flags, inputFlags()...),
		Action: check,
	}
}

func check(c *cli.Context) error {
	f, err := settings(c)
	if err != nil {
		return err
	}
	outputs, err := outputsOf(c, f)
	if err != nil {
		return err
	}
	least, fails, err := threshold(c, f)
	if err != nil {
		return err
	}
	r, err := judge(c, f)
	if err != nil {
		return err
	}
	if err := known(c, f, r); err != nil {
		return err
	}
	if err := outputs.write(c, r); err != nil {
		return err
	}
	if code := exitCode(r, least, fails); code != 0 {
		return &exitError{code: code}
	}
	return nil
}

// judge loads the input, runs the rules and applies suppressions.
func judge(c *cli.Context, f *config.File) (*finding.Result, error) {
	options, err := engineOptions(c, f)
	if err != nil {
		return nil, err
	}
	e, err := engine.New(c.Context, options)
	if err != nil {
		return nil, coded(exitRule, blame(c, f, err))
	}
	in, err := load(c, f)
	if err != nil {
		return nil, err
	}
	r, err := e.Check(c.Context, in)
	if err != nil {
		return nil, coded(exitRule, err)
	}
	suppress.Apply(r, suppress.Options{
		Rules: e.Rules(), Exceptions: exceptions(f), AsOf: cmp.Or(options.AsOf, engine.DataDate),
	})
	return r, nil
}

// known writes and applies baselines.
func known(c *cli.Context, f *config.File, r *finding.Result) error {
	name := f.Baseline
	if c.IsSet("baseline") {
		name = c.String("baseline")
	}
	target := c.String("write-baseline")
	if name != "" && (target == "" || c.IsSet("baseline")) {
		file, err := os.Open(name)
		if err != nil {
			return usagef("--baseline: %w", err)
		}
		defer file.Close() //nolint:errcheck // only read
		b, err := baseline.Read(file, name)
		if err != nil {
			return coded(exitUsage, err)
		}
		if gone := b.Apply(r); gone > 0 && target == "" && !c.Bool("quiet") && !c.Bool("changed") {
			note(c, "%d of %s in %s %s gone; --write-baseline %s drops what is gone", gone, plural(b.Len(), "finding"), name, be(gone), name)
		}
	}
	if target == "" {
		return nil
	}
	if c.Bool("changed") {
		return usagef("--write-baseline with --changed would leave out what the plan does not change: write the baseline without --changed")
	}
	b := baseline.New(r)
	b.Name = target
	if err := replaceFile(target, b.Write); err != nil {
		return coded(exitUsage, fmt.Errorf("write baseline: %w", err))
	}
	b.Apply(r)
	if !c.Bool("quiet") {
		note(c, "%s lists %s", target, plural(b.Len(), "finding"))
	}
	return nil
}

// note says something on standard error.
func note(c *cli.Context, format string, args ...any) {
	_, _ = fmt.Fprintf(c.App.ErrWriter, "plimsoll: "+format+"\n", args...)
}

func plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

func be(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// exitCode is the table of exit codes for a run that came to its end.
func exitCode(r *finding.Result, least finding.Severity, fails bool) int {
	code := 0
	for i := range r.Findings {
		f := &r.Findings[i]
		if fails && f.Status == finding.Fail && !f.Rule.Advisory && f.Severity >= least {
			code = exitFindings
			break
		}
	}
	if r.Files.Failed > 0 {
		code = exitInput
	}
	for _, d := range r.Diagnostics {
		if d.Level == document.Error {
			code = exitInput
			break
		}
	}
	if len(r.RuleErrors) > 0 {
		code = exitRule
	}
	return code
}
