package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/link"
	"github.com/plimsoll-dev/plimsoll/engine/redact"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/schema"
)

func inspectCommand() *cli.Command {
	typeFlag := listFlag("", "type", "", "print only documents of canonical `TYPE` or source kind (comma separated or repeated)")
	return &cli.Command{
		Name:      "inspect",
		Usage:     "print what rules see of files and folders",
		UsageText: "plimsoll inspect [FLAGS] [PATH...]",
		Description: "Every resource is one line of JSON: its identity, where it is written, its canonical\n" +
			"attributes (attr), the values as written (raw) and what is not known of them. Sensitive\n" +
			"values are left out.",
		Flags: append(inputFlags(), typeFlag,
			textFlag("", linksFlag, "print the relations between documents instead, as `FORMAT`: json (lines; what a bare --links means),\n"+
				"dot or mermaid; with --type, those of its documents")),
		Action: inspect,
	}
}

// linksFlag is the flag whose value may be left out.
const linksFlag = "links"

// A view is a document as rules see it, with its place added.
type view struct {
	ID          string             `json:"id"`
	Format      string             `json:"format"`
	Kind        string             `json:"kind"`
	Type        string             `json:"type"`
	Name        string             `json:"name"`
	Namespace   string             `json:"namespace"`
	Address     string             `json:"address"`
	Action      document.Action    `json:"action"`
	Conditional bool               `json:"conditional"`
	Parent      string             `json:"parent,omitempty"`
	Location    *location          `json:"location"`
	Attr        any                `json:"attr"`
	Raw         any                `json:"raw"`
	Unknown     map[string]unknown `json:"unknown"`
	Partial     map[string]string  `json:"partial"`
	Defaulted   map[string]string  `json:"defaulted"`
	Refs        []reference        `json:"refs"`
}

type location struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

type unknown struct {
	Reason   string   `json:"reason"`
	Refs     []string `json:"refs,omitempty"`
	Template string   `json:"template,omitempty"`
}

type reference struct {
	Path      string `json:"path"`
	To        string `json:"to"`
	Attribute string `json:"attribute"`
	Via       string `json:"via"`
}

func inspect(c *cli.Context) error {
	f, err := settings(c)
	if err != nil {
		return err
	}
	in, err := load(c, f)
	if err != nil {
		return err
	}
	r := &finding.Result{Documents: in.Documents, Diagnostics: in.Diagnostics, Files: finding.Files{Failed: in.Failed}}
	m := redact.New(r)
	if err := printInspection(c, m, in); err != nil && !errors.Is(err, syscall.EPIPE) {
		return coded(exitUsage, err)
	}
	tell(c, m, r)
	if code := exitCode(r, 0, false); code != 0 {
		return &exitError{code: code}
	}
	return nil
}

// printInspection prints documents, or their relations.
func printInspection(c *cli.Context, m *redact.Masker, in loaders.Result) error {
	types := split(c.StringSlice("type"))
	for _, name := range types {
		if !slices.ContainsFunc(in.Documents, func(d *document.Document) bool { return isOne([]string{name}, d) }) {
			note(c, "no document has the type or kind %q%s", name, suggestion(name))
		}
	}
	if !c.IsSet(linksFlag) {
		return printDocuments(c.App.Writer, m, in, types)
	}
	format, ok := linkFormats()[c.String(linksFlag)]
	if !ok {
		return usagef("--links %s: the formats are %s", c.String(linksFlag), strings.Join(slices.Sorted(maps.Keys(linkFormats())), ", "))
	}
	s := link.Build(in.Documents)
	return format(c.App.Writer, labels(m, s), edges(m, s, types))
}

// isOne reports whether a document is of one of some types or kinds; none means
// any.
func isOne(types []string, d *document.Document) bool {
	return len(types) == 0 || d != nil && (slices.Contains(types, d.Type) || slices.Contains(types, d.Kind))
}

// suggestion names the canonical type that a word was probably meant to be.
func suggestion(name string) string {
	if schema.Lookup(name) != nil {
		return ""
	}
	if near := schema.Nearest(name, schema.Types()); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

func printDocuments(w io.Writer, m *redact.Masker, in loaders.Result, types []string) error {
	b := bufio.NewWriter(w)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	for _, d := range in.Documents {
		if !isOne(types, d) {
			continue
		}
		if err := e.Encode(viewOf(m, d)); err != nil {
			return err
		}
	}
	return b.Flush()
}

func namesOf(m *redact.Masker, tokens []string) []string {
	out := make([]string, 0, len(tokens))
	for _, t := range tokens {
		out = append(out, m.Name(t))
	}
	return out
}

func viewOf(m *redact.Masker, d *document.Document) view {
	hide := m.View(d)
	v := view{
		ID: m.Name(d.ID), Format: d.Format, Kind: d.Kind, Type: d.Type, Name: m.Name(d.Name), Namespace: d.Namespace,
		Address: m.Name(d.Address), Action: d.Action, Conditional: d.Conditional,
		Attr: hide.Attr(), Raw: hide.Raw(),
		Unknown: map[string]unknown{}, Partial: map[string]string{}, Defaulted: map[string]string{},
		Refs: make([]reference, 0, len(d.Refs)),
	}
	if d.Parent != nil {
		v.Parent = m.Name(d.Parent.ID)
	}
	if r, _ := d.Locate(nil); !r.IsZero() {
		r = r.Outermost()
		v.Location = &location{r.File(), r.Start.Line, r.Start.Column}
	}
	states := d.States
	if d.Type == "" {
		states = d.RawStates // a document without a canonical form
	}
	for p, st := range states {
		switch st.Kind {
		case document.Unknown:
			v.Unknown[p] = unknown{st.Reason, namesOf(m, st.Refs), hide.Text(st.Template)}
		case document.Partial:
			v.Partial[p] = st.Reason
		case document.Defaulted:
			v.Defaulted[p] = st.Owner
		}
	}
	for _, r := range d.Refs {
		v.Refs = append(v.Refs, reference{r.Path.String(), m.Name(r.To), r.Attribute, r.Via})
	}
	return v
}
