package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/engine/link"
	"github.com/plimsoll-dev/plimsoll/engine/redact"
)

// linkFormats are the forms that inspect --links prints relations in.
func linkFormats() map[string]func(io.Writer, labeling, []edge) error {
	return map[string]func(io.Writer, labeling, []edge) error{
		"json": linkLines, "dot": linkDot, "mermaid": linkMermaid,
	}
}

// An edge is one relation between two documents, as inspect --links prints it.
type edge struct {
	From     string `json:"from"`
	Relation string `json:"relation"`
	To       string `json:"to"`
	Via      string `json:"via"`
}

// edges lists the relations of a stack, by document and relation: all, or those
// with a document of some types or kinds at either end.
func edges(m *redact.Masker, s *link.Stack, types []string) []edge {
	var out []edge
	for _, relation := range slices.Sorted(maps.Keys(s.Links)) {
		byID := s.Links[relation]
		for _, id := range slices.Sorted(maps.Keys(byID)) {
			for _, e := range byID[id] {
				if isOne(types, s.Documents[id]) || isOne(types, s.Documents[e.To]) {
					out = append(out, edge{m.Name(id), relation, m.Name(e.To), e.Via})
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b edge) int { return strings.Compare(a.From, b.From) })
	return out
}

func linkLines(w io.Writer, _ labeling, list []edge) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, x := range list {
		if err := e.Encode(x); err != nil {
			return err
		}
	}
	return nil
}

// isGuess reports whether nothing in the text says that the two belong together:
// such edges are dashed.
func (e edge) isGuess() bool { return e.Via == link.ViaInferred || e.Via == link.ViaConvention }

// linkDot prints a Graphviz graph of the documents that have relations.
func linkDot(w io.Writer, label labeling, list []edge) error {
	var b strings.Builder
	b.WriteString("digraph stack {\n  rankdir=LR;\n  node [shape=box];\n")
	for _, id := range joined(list) {
		fmt.Fprintf(&b, "  %q [label=%q];\n", id, label(id))
	}
	for _, x := range list {
		style := ""
		if x.isGuess() {
			style = ", style=dashed"
		}
		fmt.Fprintf(&b, "  %q -> %q [label=%q%s];\n", x.From, x.To, x.Relation, style)
	}
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// linkMermaid prints a Mermaid flowchart of the documents that have relations.
func linkMermaid(w io.Writer, label labeling, list []edge) error {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	names := map[string]string{}
	for i, id := range joined(list) {
		names[id] = "n" + strconv.Itoa(i)
		fmt.Fprintf(&b, "  %s[\"%s\"]\n", names[id], strings.ReplaceAll(label(id), `"`, "#quot;"))
	}
	for _, x := range list {
		arrow := "-->"
		if x.isGuess() {
			arrow = "-.->"
		}
		fmt.Fprintf(&b, "  %s %s|%s| %s\n", names[x.From], arrow, x.Relation, names[x.To])
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// joined lists the documents at either end of a relation.
func joined(list []edge) []string {
	ids := map[string]bool{}
	for _, x := range list {
		ids[x.From], ids[x.To] = true, true
	}
	return slices.Sorted(maps.Keys(ids))
}

// A labeling says what a graph writes on the node of a document, given as
// edges name it.
type labeling func(id string) string

func labels(m *redact.Masker, s *link.Stack) labeling {
	byName := make(map[string]string, len(s.Documents))
	for _, id := range slices.Sorted(maps.Keys(s.Documents)) {
		d := s.Documents[id]
		byName[m.Name(id)] = d.Type + "\n" + m.Name(d.Address)
	}
	return func(id string) string { return cmp.Or(byName[id], id) }
}
