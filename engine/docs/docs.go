// Package docs writes a web site about rules: a page for every rule and indexes
// by group, severity, control and input format. The pages need no server and no
// script.
package docs

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/policytest"
)

//go:embed templates
var files embed.FS

// A Rule is what a page is made of.
type Rule struct {
	*finding.Rule
	// Examples are inputs that the rule denies and accepts; there may be none.
	Examples []policytest.Example
}

// A File is one file of the site, by its name in the site's folder.
type File struct {
	Name string
	Text []byte
}

// Site renders the site for rules, in a fixed order of files. Rules may come in
// any order.
func Site(rules []Rule) ([]File, error) {
	rules = slices.Clone(rules)
	slices.SortStableFunc(rules, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	t, err := template.New("").Funcs(template.FuncMap{
		"page": page, "default": defaultOf, "paragraphs": paragraphs, "literal": literal, "format": format, "anchor": anchor,
		"controls": controls, "formats": formatsOf, "slug": func(name string) string { return strings.ReplaceAll(name, "/", ".") },
	}).ParseFS(files, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the page templates: %w", err)
	}
	style, err := files.ReadFile("templates/style.css")
	if err != nil {
		return nil, fmt.Errorf("read the style sheet: %w", err)
	}
	out := []File{{Name: "style.css", Text: style}}
	add := func(name, layout string, data any) {
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err = t.ExecuteTemplate(&b, layout, data); err != nil {
			err = fmt.Errorf("write %s: %w", name, err)
		}
		out = append(out, File{Name: name, Text: b.Bytes()})
	}
	for _, x := range indexes(rules) {
		add(x.File, "index.html", x)
	}
	for _, r := range rules {
		add(page(r.ID), "rule.html", r)
	}
	return out, err
}

// page is the file of a rule's page; users' IDs have nothing but capitals,
// digits and hyphens.
func page(id string) string { return id + ".html" }

// An index lists all rules under some headings.
type index struct {
	File, Title string
	Sections    []section
	Count       int
}

type section struct {
	Title string
	Rules []Rule
}

func indexes(rules []Rule) []index {
	letters := []string{"K", "T", "C", "E"}
	severities := []string{"critical", "high", "medium", "low", "info"}
	return []index{
		arrange("index.html", "group", rules, nil, func(r Rule) []string {
			group, _, _ := strings.Cut(r.Slug, "/")
			return []string{group}
		}),
		arrange("severity.html", "severity", rules, severities, func(r Rule) []string { return []string{r.Severity.String()} }),
		arrange("controls.html", "control", rules, nil, func(r Rule) []string {
			var out []string
			for _, c := range controls(r) {
				for _, id := range c.IDs {
					out = append(out, c.Framework+" "+id)
				}
			}
			return out
		}),
		arrange("formats.html", "input format", rules, letters, func(r Rule) []string { return r.Formats }),
	}
}

// arrange puts rules under the headings that keys gives; known headings come in
// their order, others sorted after them.
func arrange(file, by string, rules []Rule, order []string, keys func(Rule) []string) index {
	under := map[string][]Rule{}
	for _, r := range rules {
		for _, k := range keys(r) {
			under[k] = append(under[k], r)
		}
	}
	x := index{File: file, Title: "Rules by " + by, Count: len(rules)}
	place := func(k string) int {
		if i := slices.Index(order, k); i >= 0 {
			return i
		}
		return len(order)
	}
	names := slices.SortedFunc(maps.Keys(under), func(a, b string) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), strings.Compare(a, b))
	})
	for _, name := range names {
		title := name
		if file == "formats.html" {
			title = format(name)
		}
		x.Sections = append(x.Sections, section{Title: title, Rules: under[name]})
	}
	return x
}

// A control is what one framework asks for.
type control struct {
	Framework string
	IDs       []string
}

var frameworks = map[string]string{ //nolint:gochecknoglobals // a table that is read only
	"cis-eks": "CIS Amazon EKS Benchmark", "securityhub": "AWS Security Hub", "pss": "Pod Security Standards",
	"nsa": "NSA/CISA Kubernetes Hardening Guide", "eks-bpg": "EKS Best Practices Guide",
}

func controls(r Rule) []control {
	var out []control
	for _, key := range slices.Sorted(maps.Keys(r.Controls)) {
		if len(r.Controls[key]) > 0 {
			out = append(out, control{cmp.Or(frameworks[key], key), r.Controls[key]})
		}
	}
	return out
}

// format names the language behind a source letter.
func format(letter string) string {
	names := map[string]string{"K": "Kubernetes", "T": "Terraform", "C": "CloudFormation", "E": "eksctl"}
	return cmp.Or(names[letter], letter)
}

func formatsOf(r Rule) string {
	out := make([]string, 0, len(r.Formats))
	for _, f := range r.Formats {
		out = append(out, format(f))
	}
	return strings.Join(out, ", ")
}

// defaultOf writes a parameter's default as JSON.
func defaultOf(v any) (string, error) {
	text, err := json.Marshal(v)
	return string(text), err
}

// paragraphs splits METADATA's text at empty lines.
func paragraphs(text string) []string {
	var out []string
	for p := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

// literal reports whether the line breaks of a text mean something: it holds
// snippets, which are indented.
func literal(text string) bool { return strings.Contains(text, "\n  ") }

func anchor(title string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(title, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	}), "-"))
}
