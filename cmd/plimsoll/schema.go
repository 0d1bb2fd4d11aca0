package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/plimsoll-dev/plimsoll/loaders/schema"
)

func schemaCommand() *cli.Command {
	return &cli.Command{
		Name:      "schema",
		Usage:     "print the JSON Schema of documents, as rules see them",
		UsageText: "plimsoll schema [FLAGS] [TYPE]",
		Description: "TYPE is a canonical type, such as eks_cluster or workload; without one the schema is that of\n" +
			"documents of any type. It describes what rules read under input.",
		Flags: []cli.Flag{
			switchFlag("", "list", "", "list the canonical types"),
			switchFlag("", "printed", "", "describe what inspect prints, where a text stands for sensitive values"),
		},
		Action: printSchema,
	}
}

func printSchema(c *cli.Context) error {
	types, err := typeArgument(c)
	if err != nil {
		return err
	}
	if c.Bool("list") {
		return coded(exitUsage, listTypes(c.App.Writer, types))
	}
	var chosen []*schema.Type
	if c.Args().Present() {
		chosen = types
	}
	document := schema.Document
	if c.Bool("printed") {
		document = schema.Printed
	}
	return coded(exitUsage, printJSON(c.App.Writer, document(chosen...)))
}

// typeArgument returns the type a command line names, or all of them.
func typeArgument(c *cli.Context) ([]*schema.Type, error) {
	switch c.NArg() {
	case 0:
		return schema.All(), nil
	case 1:
	default:
		return nil, usagef("%s takes one type", c.Command.HelpName)
	}
	name := c.Args().First()
	if t := schema.Lookup(name); t != nil {
		return []*schema.Type{t}, nil
	}
	hint := "plimsoll schema --list lists the types"
	if typ := schema.TypeOf(name); typ != "" {
		hint = "documents of that kind have the type " + typ
	} else if near := schema.Nearest(name, schema.Types()); near != "" {
		hint = "did you mean " + near + "?"
	}
	return nil, usagef("there is no type %q; %s", name, hint)
}

// listTypes prints a line for each type.
func listTypes(w io.Writer, types []*schema.Type) error {
	width := 0
	for _, t := range types {
		width = max(width, len(t.Name))
	}
	for _, t := range types {
		if _, err := fmt.Fprintf(w, "%-*s  %s\n", width, t.Name, firstSentence(t.Doc)); err != nil {
			return err
		}
	}
	return nil
}

func firstSentence(text string) string {
	first, _, _ := strings.Cut(strings.Join(strings.Fields(text), " "), ". ")
	return strings.TrimSuffix(first, ".")
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// spoken writes sources as people call them, "all" where they are all of them.
func spoken(t *schema.Type, sources []string) string {
	if len(sources) == len(t.Sources) {
		return "all"
	}
	in, out := map[string]bool{}, map[string]bool{}
	for _, s := range t.Sources {
		if slices.Contains(sources, s.Name) {
			in[schema.Language(s.Name)] = true
		} else {
			out[schema.Language(s.Name)] = true
		}
	}
	const few = 2
	if names := slices.Sorted(maps.Keys(out)); len(out) <= few && len(in) > few {
		return "all but " + strings.Join(names, " and ")
	}
	return strings.Join(slices.Sorted(maps.Keys(in)), ", ")
}
