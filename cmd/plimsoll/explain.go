package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/policies"
)

func explainCommand() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "tell about one rule: why, how to fix it, its parameters, how to accept it",
		UsageText: "plimsoll explain [FLAGS] RULE",
		Flags: []cli.Flag{
			listFlag("", "policy", "", "add the rules in `DIR` (repeatable)"),
		},
		Action: explain,
	}
}

func explain(c *cli.Context) error {
	if c.NArg() != 1 {
		return usagef("explain takes one rule's ID or slug; plimsoll rules lists them")
	}
	e, err := engine.New(c.Context, engine.Options{
		Bundled: policies.FS, PolicyDirs: c.StringSlice("policy"), Rules: []string{c.Args().First()}, Evidence: "advisory",
	})
	if err != nil {
		return coded(exitRule, err)
	}
	for _, r := range e.Selected() {
		if _, err := fmt.Fprint(c.App.Writer, explanation(r)); err != nil {
			return coded(exitUsage, err)
		}
	}
	return nil
}

// explanation writes a rule out for people.
func explanation(r *finding.Rule) string {
	var b strings.Builder
	section := func(title string, lines ...string) {
		if lines = slices.DeleteFunc(lines, func(s string) bool { return s == "" }); len(lines) > 0 {
			b.WriteString("\n" + title + "\n  " + strings.Join(lines, "\n  ") + "\n")
		}
	}
	fmt.Fprintf(&b, "%s  %s\n%s\n", r.ID, r.Slug, r.Title)
	fmt.Fprintf(&b, "severity %s, category %s, since %s\n", r.Severity, r.Category, r.Since)
	if r.Advisory {
		b.WriteString("advisory: it says that something is absent, and fails a run only with --evidence required\n")
	}
	if d := r.Deprecated; d != nil {
		text := "deprecated since " + d.Since
		if d.Use != "" {
			text += "; use " + d.Use
		}
		b.WriteString(text + "\n")
	}
	section("Why", strings.TrimSpace(r.Description))
	section("Fix", strings.Split(strings.TrimSpace(r.Remediation), "\n")...)
	section("Judges", strings.Join(r.On, ", "))
	section("Undecided when unknown", strings.Join(slices.Concat(r.Needs, r.Reads), ", "))
	parameters := make([]string, 0, len(r.Parameters))
	for _, p := range r.Parameters {
		value, err := json.Marshal(p.Default)
		if err != nil {
			value = []byte("?") // METADATA has JSON values only
		}
		parameters = append(parameters, fmt.Sprintf("%s (%s, default %s): %s", p.Name, p.Type, value, p.Description))
	}
	section("Parameters", parameters...)
	controls := make([]string, 0, len(r.Controls))
	for _, name := range slices.Sorted(maps.Keys(r.Controls)) {
		controls = append(controls, name+": "+strings.Join(r.Controls[name], ", "))
	}
	section("Controls", controls...)
	section("Same check elsewhere", strings.Join(r.Aliases, ", "))
	references := make([]string, 0, len(r.References))
	for _, ref := range r.References {
		references = append(references, strings.TrimSpace(ref.Description+" "+ref.URL))
	}
	section("References", references...)
	section("Accept a finding", "# plimsoll:ignore "+r.ID+" -- why (on its line, the line above, or above the document)",
		"plimsoll.dev/ignore."+r.ID+": why (as an annotation of a Kubernetes object)")
	return b.String()
}
