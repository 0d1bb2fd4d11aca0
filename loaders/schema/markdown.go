package schema

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Index returns the reference's first page in Markdown: a table of all types.
func Index() string {
	var b strings.Builder
	b.WriteString("# Canonical types\n\nWhat rules see under `input.attr`, whatever language it was written in.\n" +
		"`plimsoll schema TYPE` prints the JSON Schema, `plimsoll defaults TYPE` the defaults.\n\n" +
		"| type | what it is | written in |\n|---|---|---|\n")
	for _, t := range All() {
		fmt.Fprintf(&b, "| [%s](%s.md) | %s | %s |\n", t.Name, t.Name, cell(t.Doc), strings.Join(t.languages(), ", "))
	}
	return b.String()
}

// Page returns the reference of one type in Markdown: its attributes, what
// every source calls them, and their defaults.
func (t *Type) Page() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", t.Name, strings.Join(strings.Fields(t.Doc), " "))
	b.WriteString("## Attributes\n\n| attribute | type | meaning |\n|---|---|---|\n")
	t.rows(&b, "", t.Attributes)
	t.sources(&b)
	if rows := t.Defaults(); len(rows) > 0 {
		b.WriteString("\n## Defaults\n\nAssumed where nobody writes a value; *unknown* where a document cannot tell.\n\n" +
			"| attribute | default | when | in | owner | verified | evidence |\n|---|---|---|---|---|---|---|\n")
		for _, r := range rows {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s |\n", r.Attribute, assumed(r.Default), cell(r.Case),
				cell(strings.Join(Languages(r.Sources), ", ")), r.Owner, strings.TrimSpace(r.Since+" "+r.Version), cell(r.Evidence))
		}
	}
	return b.String()
}

func (t *Type) rows(b *strings.Builder, prefix string, list []Attribute) {
	for _, a := range list {
		kind := a.Type
		switch kind {
		case "present":
			kind = "bool"
		case "ref", "refs":
			kind = map[string]string{"ref": "string", "refs": "list"}[kind] + ", names another resource"
		case "policy":
			kind = "policy document"
		}
		if a.Shape != "" {
			kind = "`" + a.Shape + "` of the Kubernetes API"
		}
		if a.Written {
			kind += ", as written"
		}
		meaning := cell(a.Doc)
		if a.Enum != nil {
			meaning = strings.TrimSpace(meaning + " `" + strings.Join(a.Enum, "`, `") + "`")
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", prefix+a.Name, kind, meaning)
		t.rows(b, prefix+a.Name+"[].", a.Items)
	}
}

// sources lists what each source calls the attributes.
func (t *Type) sources(b *strings.Builder) {
	b.WriteString("\n## Sources\n")
	for _, s := range t.Sources {
		fmt.Fprintf(b, "\n### %s (`%s`)\n\n", Language(s.Name), s.Name)
		if len(s.Kinds) > 0 {
			fmt.Fprintf(b, "Kinds: `%s`.", strings.Join(s.Kinds, "`, `"))
		}
		if s.Root != "" {
			fmt.Fprintf(b, " Paths are counted from `%s`.", s.Root)
		}
		var rows strings.Builder
		places(&rows, s.Name, "", t.Attributes)
		if rows.Len() > 0 {
			fmt.Fprintf(b, "\n\n| attribute | is written at |\n|---|---|\n%s", rows.String())
			continue
		}
		b.WriteString("\n")
	}
}

func places(b *strings.Builder, source, prefix string, list []Attribute) {
	for _, a := range list {
		if from, ok := a.From[source]; ok {
			fmt.Fprintf(b, "| `%s` | %s |\n", prefix+a.Name, cell(from))
		}
		places(b, source, prefix+a.Name+"[].", a.Items)
	}
}

func (t *Type) languages() []string {
	names := make([]string, 0, len(t.Sources))
	for _, s := range t.Sources {
		names = append(names, s.Name)
	}
	return Languages(names)
}

func assumed(d Default) string {
	switch {
	case d.Value == nil && d.Ambiguous:
		return "*unknown*"
	case d.Value == nil:
		return ""
	}
	text, err := json.Marshal(d.Value)
	if err != nil {
		return ""
	}
	out := "`" + string(text) + "`"
	if d.Ambiguous {
		out += " (ambiguous)"
	}
	return out
}

// cell writes text for a cell of a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "*", `\*`, "<", "&lt;").Replace(strings.Join(strings.Fields(text), " "))
}
