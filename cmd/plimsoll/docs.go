package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/docs"
	"github.com/plimsoll-dev/plimsoll/engine/policytest"
	"github.com/plimsoll-dev/plimsoll/loaders/schema"
	"github.com/plimsoll-dev/plimsoll/policies"
)

func docsCommand() *cli.Command {
	return &cli.Command{
		Name:      "docs",
		Usage:     "write a page about every rule and every type of document",
		UsageText: "plimsoll docs --out DIR [FLAGS] [LIBRARY]",
		Description: "LIBRARY is a folder with rules/ and lib/ in it, whose cases become examples; without one the rules that\n" +
			"are part of the program, which has no cases. The folder types in DIR gets a page of Markdown for every\n" +
			"canonical type: its attributes, what each language calls them, and their defaults.",
		Flags: []cli.Flag{
			textFlag("", "out", "write the pages into `DIR`"),
			listFlag("", "policy", "", "add the rules in `DIR` (repeatable)"),
		},
		Action: writeDocs,
	}
}

func writeDocs(c *cli.Context) error {
	out := c.String("out")
	if out == "" {
		return usagef("docs needs --out DIR")
	}
	base := engine.Options{Bundled: policies.FS}
	root := ""
	if c.Args().Present() {
		var err error
		if root, err = folder(c); err != nil {
			return err
		}
		base.Bundled = os.DirFS(root)
	}
	rules, err := documented(c, base, root)
	if err != nil {
		return err
	}
	for _, dir := range c.StringSlice("policy") {
		own := base
		own.PolicyDirs = []string{dir}
		more, err := documented(c, own, dir)
		if err != nil {
			return err
		}
		rules = append(rules, more...)
	}
	site, err := docs.Site(rules)
	if err != nil {
		return coded(exitUsage, err)
	}
	if err := os.MkdirAll(out, 0o755); err != nil { //nolint:gosec // pages are for everybody
		return coded(exitUsage, err)
	}
	for _, f := range site {
		if err := writeText(filepath.Join(out, f.Name), string(f.Text)); err != nil {
			return coded(exitUsage, err)
		}
	}
	if err := writeTypes(filepath.Join(out, "types")); err != nil {
		return coded(exitUsage, err)
	}
	_, err = fmt.Fprintf(c.App.Writer, "%s in %s\n", plural(len(rules), "rule"), out)
	return coded(exitUsage, err)
}

// writeTypes writes the reference of canonical types.
func writeTypes(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // pages are for everybody
		return err
	}
	if err := writeText(filepath.Join(dir, "README.md"), schema.Index()); err != nil {
		return err
	}
	for _, t := range schema.All() {
		if err := writeText(filepath.Join(dir, t.Name+".md"), t.Page()); err != nil {
			return err
		}
	}
	return nil
}

// documented reads the rules of one folder with their examples; without a
// folder, the program's own rules.
func documented(c *cli.Context, o engine.Options, root string) ([]docs.Rule, error) {
	e, err := engine.New(c.Context, o)
	if err != nil {
		return nil, coded(exitRule, err)
	}
	if err := broken(c, e); err != nil {
		return nil, err
	}
	var out []docs.Rule
	for _, s := range e.Sources() {
		if !s.InDir {
			continue
		}
		r := docs.Rule{Rule: s.Rule}
		if root != "" {
			folder := filepath.Join(root, filepath.FromSlash(path.Dir(s.File)))
			if r.Examples, err = policytest.Examples(folder, s.Rule.ID); err != nil {
				return nil, coded(exitRule, err)
			}
		}
		out = append(out, r)
	}
	return out, nil
}
