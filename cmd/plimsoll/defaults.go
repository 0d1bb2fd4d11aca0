package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/plimsoll-dev/plimsoll/engine/report"
	"github.com/plimsoll-dev/plimsoll/loaders/schema"
)

func defaultsCommand() *cli.Command {
	return &cli.Command{
		Name:      "defaults",
		Usage:     "list the defaults that are assumed where nothing is written",
		UsageText: "plimsoll defaults [FLAGS] [TYPE]",
		Description: "Each with its owner (the service, the Terraform provider, a tool, the API server), the day it was\n" +
			"last looked at, and where it is stated. An ambiguous one depends on what a document does not\n" +
			"say: there the value is unknown to rules. TYPE is a canonical type; without one all are listed.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "text", Usage: "print as `FORMAT`: text or json"},
		},
		Action: listDefaults,
	}
}

func listDefaults(c *cli.Context) error {
	types, err := typeArgument(c)
	if err != nil {
		return err
	}
	switch format := c.String("output"); format {
	case "text":
		err = defaultTable(c.App.Writer, types)
	case "json":
		err = defaultJSON(c.App.Writer, types)
	default:
		return usagef("there is no output format %q; formats are text, json", format)
	}
	return coded(exitUsage, err)
}

// defaultTable prints a table for each type that has defaults.
func defaultTable(w io.Writer, types []*schema.Type) error {
	first := true
	for _, t := range types {
		rows := t.Defaults()
		if len(rows) == 0 {
			if len(types) == 1 {
				_, err := fmt.Fprintf(w, "no defaults are assumed for %s\n", t.Name)
				return err
			}
			continue
		}
		if !first {
			_, _ = fmt.Fprintln(w)
		}
		first = false
		_, _ = fmt.Fprintln(w, t.Name)
		tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(tab, "  ATTRIBUTE\tDEFAULT\tIN\tOWNER\tVERSION\tVERIFIED\tEVIDENCE") // Flush returns the error
		for _, r := range rows {
			_, _ = fmt.Fprintf(tab, "  %s\t%s\t%s\t%s\t%s\t%s\t%s\n",
				r.Attribute, assumed(r), spoken(t, r.Sources), r.Owner, cmp.Or(r.Version, "-"), r.Since, r.Evidence)
		}
		if err := tab.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// assumed writes a default's value and when it applies.
func assumed(r schema.Row) string {
	text := "unknown"
	switch {
	case r.Value != nil:
		encoded, err := json.Marshal(r.Value)
		if err != nil {
			return err.Error()
		}
		text = string(encoded)
		if r.Ambiguous {
			text += " (ambiguous)"
		}
	case !r.Ambiguous:
		return "(" + r.Case + ")"
	}
	if r.Case != "" {
		text += " (" + r.Case + ")"
	}
	return text
}

// A defaultRow is a default with what JSON readers would have to look up.
type defaultRow struct {
	schema.Row
	Languages []string `json:"languages"`
	Ambiguous bool     `json:"ambiguous"`
}

func defaultJSON(w io.Writer, types []*schema.Type) error {
	type tool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	rows := []defaultRow{}
	for _, t := range types {
		for _, r := range t.Defaults() {
			rows = append(rows, defaultRow{Row: r, Languages: schema.Languages(r.Sources), Ambiguous: r.Ambiguous})
		}
	}
	return printJSON(w, struct {
		SchemaVersion string       `json:"schema_version"`
		Tool          tool         `json:"tool"`
		Defaults      []defaultRow `json:"defaults"`
	}{"1", tool{report.Name, programVersion()}, rows})
}
