package policytest

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// An Example is a case of a rule as people should see it: without the comments
// about wanted findings.
type Example struct {
	// Format is the letter of the language: K, T, C or E.
	Format string
	// Fail says that the rule denies it; otherwise it passes.
	Fail bool
	// File is the name of the file within the cases folder.
	File  string
	Lines []ExampleLine
}

// An ExampleLine is a line and whether the finding is there.
type ExampleLine struct {
	Text   string
	Wanted bool
}

// longest bounds an example; plans written out as JSON are rarely worth more.
const longest = 120

// Examples chooses from the cases folder of a rule one failing and one passing
// input a language, failing ones first: those written by hand before plans, and
// plain names before others. Folders give their first file with a finding; of
// passing ones, the first file. No folder means no examples.
func Examples(folder, rule string) ([]Example, error) {
	entries, err := os.ReadDir(filepath.Join(folder, "cases"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []Example
	for _, entry := range entries {
		kind := kindOf(entry.Name())
		if kind != "fail" && kind != "pass" || !isCase(entry.Name()) {
			continue
		}
		c := &testCase{rule: rule, path: filepath.Join(folder, "cases", entry.Name()), kind: kind}
		list, err := c.examples(filepath.Join(folder, "cases"))
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	slices.SortStableFunc(all, func(a, b Example) int {
		return cmp.Or(strings.Compare(order(a), order(b)), cmp.Compare(len(a.File), len(b.File)))
	})
	return slices.CompactFunc(all, func(a, b Example) bool { return order(a)[:2] == order(b)[:2] }), nil
}

// order sorts examples: language, failing first, source text before plans.
func order(e Example) string {
	place := map[string]string{"K": "0", "T": "1", "C": "2", "E": "3"}[e.Format]
	verdict, plan := "1", "0"
	if e.Fail {
		verdict = "0"
	}
	if strings.HasSuffix(e.File, ".json") {
		plan = "1"
	}
	return place + verdict + plan
}

// examples reads the files of a case; of a failing one, those with a finding.
func (c *testCase) examples(root string) ([]Example, error) {
	want, err := c.wanted()
	if err != nil {
		return nil, err
	}
	var out []Example
	err = filepath.WalkDir(c.path, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !isCase(d.Name()) {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		e := Example{Format: language(name, string(text)), Fail: c.kind == "fail"}
		if file, err := filepath.Rel(root, name); err == nil {
			e.File = filepath.ToSlash(file)
		}
		marked := false
		for i, line := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
			wanted := slices.ContainsFunc(want, func(p place) bool { return p.file == filepath.ToSlash(name) && p.line == i+1 })
			marked = marked || wanted
			e.Lines = append(e.Lines, ExampleLine{Text: strings.TrimRight(wantComment.ReplaceAllString(line, ""), " "), Wanted: wanted})
		}
		if e.Format != "" && len(e.Lines) <= longest && marked == e.Fail {
			out = append(out, e)
		}
		return nil
	})
	return out, err
}

// language tells a case's language by name and content; "" for what is no
// example by itself.
func language(name, text string) string {
	switch {
	case strings.HasSuffix(name, ".tf"), strings.HasSuffix(name, "plan.json"):
		return "T"
	case strings.HasSuffix(name, ".eksctl.yaml"), strings.Contains(text, "apiVersion: eksctl.io/"):
		return "E"
	case strings.Contains(name, ".cfn."), strings.HasPrefix(text, "Resources:"), strings.Contains(text, "\nResources:"):
		return "C"
	case strings.Contains(text, "apiVersion:") && strings.Contains(text, "kind:"):
		return "K"
	}
	return ""
}
