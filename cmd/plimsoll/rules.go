package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/report"
)

func rulesCommand() *cli.Command {
	flags := append([]cli.Flag{
		&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "text", Usage: "print as `FORMAT`: text or json"},
		switchFlag("", "selected", "", "print only the rules that check would run"),
	}, ruleFlags()...)
	return &cli.Command{
		Name:      "rules",
		Usage:     "list the rules",
		UsageText: "plimsoll rules [FLAGS]",
		Description: "Without --rule, --skip-rule, --profile or --selected all rules are listed, those of --policy\n" +
			"folders included.",
		Flags:  append(flags, configFlags()...),
		Action: listRules,
	}
}

// configFlags are the flags that say which settings file to read.
func configFlags() []cli.Flag {
	var out []cli.Flag
	for _, f := range inputFlags() {
		if name := f.Names()[0]; name == "config" || name == "no-config" {
			out = append(out, f)
		}
	}
	return out
}

func listRules(c *cli.Context) error {
	if c.Args().Present() {
		return usagef("rules takes no arguments; plimsoll explain %s tells about one rule", c.Args().First())
	}
	f, err := settings(c)
	if err != nil {
		return err
	}
	options, err := engineOptions(c, f)
	if err != nil {
		return err
	}
	e, err := engine.New(c.Context, options)
	if err != nil {
		return coded(exitRule, blame(c, f, err))
	}
	rules := e.Rules()
	if c.Bool("selected") || c.IsSet("profile") || c.IsSet("rule") || c.IsSet("skip-rule") {
		rules = e.Selected()
	}
	switch format := c.String("output"); format {
	case "text":
		err = ruleTable(c.App.Writer, rules)
	case "json":
		err = ruleJSON(c.App.Writer, rules)
	default:
		return usagef("there is no output format %q; formats are text, json", format)
	}
	if err != nil {
		return coded(exitUsage, err)
	}
	return broken(c, e)
}

// broken reports rules that could not be read.
func broken(c *cli.Context, e *engine.Engine) error {
	for _, b := range e.Broken() {
		note(c, "rule %s: %s", b.Rule, b.Message)
	}
	if len(e.Broken()) > 0 {
		return &exitError{code: exitRule}
	}
	return nil
}

func ruleTable(w io.Writer, rules []*finding.Rule) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "ID\tSEVERITY\tSLUG\tTITLE\tJUDGES") // Flush returns the error
	for _, r := range rules {
		title := r.Title
		if r.Deprecated != nil {
			title += " (deprecated)"
		}
		_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", r.ID, r.Severity, r.Slug, title, strings.Join(r.On, ", "))
	}
	return t.Flush()
}

func ruleJSON(w io.Writer, rules []*finding.Rule) error {
	type tool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if rules == nil {
		rules = []*finding.Rule{}
	}
	return e.Encode(struct {
		SchemaVersion string          `json:"schema_version"`
		Tool          tool            `json:"tool"`
		Rules         []*finding.Rule `json:"rules"`
	}{"1", tool{report.Name, programVersion()}, rules})
}
