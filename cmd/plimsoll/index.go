package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
)

// policyIndex writes the files of a library that are made from its rules.
func policyIndex(c *cli.Context) error {
	dir, err := folder(c)
	if err != nil {
		return err
	}
	index, err := policy.Index(os.DirFS(dir))
	if err != nil {
		return coded(exitRule, err)
	}
	if err := writeText(filepath.Join(dir, "index.json"), string(index)); err != nil {
		return coded(exitUsage, err)
	}
	e, err := engine.New(c.Context, engine.Options{Bundled: os.DirFS(dir)})
	if err != nil {
		return coded(exitRule, err)
	}
	if err := broken(c, e); err != nil {
		return err
	}
	return coded(exitUsage, writeText(filepath.Join(dir, "README.md"), ruleIndex(e.Rules())))
}

func writeText(name, text string) error {
	return replaceFile(name, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// ruleIndex is the table of a library's rules in Markdown, by group.
func ruleIndex(rules []*finding.Rule) string {
	var b strings.Builder
	b.WriteString("# Rules\n\nWritten by `make docs` from the rules' METADATA; do not edit.\n" +
		"`plimsoll explain ID` tells about each rule, and [AUTHORING.md](AUTHORING.md) how rules are written.\n")
	rules = slices.Clone(rules)
	slices.SortStableFunc(rules, func(a, b *finding.Rule) int { return strings.Compare(group(a), group(b)) })
	last := ""
	for _, r := range rules {
		if g := group(r); g != last {
			last = g
			fmt.Fprintf(&b, "\n## %s\n\n| ID | severity | problem | judges | rule |\n|---|---|---|---|---|\n", g)
		}
		severity := r.Severity.String()
		if r.Advisory {
			severity += ", advisory"
		}
		title := strings.ReplaceAll(r.Title, "|", `\|`)
		if r.Deprecated != nil {
			title += " (deprecated)"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | [%s](rules/%s/rule.rego) |\n",
			r.ID, severity, title, strings.Join(r.On, ", "), r.Slug, r.Slug)
	}
	fmt.Fprintf(&b, "\n%d rules.\n", len(rules))
	return b.String()
}

func group(r *finding.Rule) string {
	g, _, _ := strings.Cut(r.Slug, "/")
	return g
}
