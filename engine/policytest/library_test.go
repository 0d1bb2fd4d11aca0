package policytest

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

const library = "../../policies"

func TestLibrary_EveryCaseIsJudgedAsItIsMarked(t *testing.T) {
	report, err := Run(context.Background(), Options{Dir: library})
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range report.Rules {
		for _, problem := range rule.Problems {
			t.Errorf("%s: %s", rule.Rule.ID, problem)
		}
	}
}

func TestLibrary_EveryRuleHasCasesInEveryFormat(t *testing.T) {
	options := engine.Options{Profile: "strict", Bundled: os.DirFS(library), IncludePassed: true}
	all, err := engine.New(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	excused := withoutCase()
	for _, source := range all.Sources() {
		for _, letter := range source.Rule.Formats {
			for _, kind := range []string{"fail", "pass", "unknown"} {
				delete(excused, source.Rule.ID+" "+letter+" "+kind)
			}
		}
	}
	for key := range excused {
		t.Errorf("%s is excused, and no rule is asked for it", key)
	}
	for _, source := range all.Sources() {
		t.Run(source.Rule.ID, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(library, filepath.FromSlash(path.Dir(source.File)), "cases")
			have, err := covered(options, source.Rule, folder)
			if err != nil {
				t.Fatal(err)
			}
			for _, letter := range source.Rule.Formats {
				for _, kind := range []string{"fail", "pass", "unknown"} {
					key := letter + " " + kind
					reason := withoutCase()[source.Rule.ID+" "+key]
					switch {
					case len(have[key]) == 0 && reason == "":
						t.Errorf("%s (%s) has no case for %s", source.Rule.ID, source.Rule.Slug, key)
					case len(have[key]) > 0 && reason != "" && reason != waiting:
						t.Errorf("%s is excused from %s, but %s is one", source.Rule.ID, key, have[key][0])
					}
				}
			}
		})
	}
}

// covered lists the cases of a rule by format letter and kind ("T fail").
func covered(options engine.Options, rule *finding.Rule, folder string) (map[string][]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	options.Rules = []string{rule.ID}
	common, err := engine.New(context.Background(), options)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, entry := range entries {
		if !isCase(entry.Name()) {
			continue
		}
		c := &testCase{rule: rule.ID, path: filepath.Join(folder, entry.Name()), kind: kindOf(entry.Name())}
		e, err := c.engine(context.Background(), common, options)
		if err != nil {
			return nil, err
		}
		formats, err := c.letters(e, rule.Scope)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.path, err)
		}
		for _, letter := range formats {
			out[letter+" "+c.kind] = append(out[letter+" "+c.kind], entry.Name())
		}
	}
	return out, nil
}

// letters says which formats a case is about: those of the places its verdicts
// name, and for a rule that joins documents also those without whose files the
// verdict would be another. A pass names no places; a stack that passes is about
// all its formats.
func (c *testCase) letters(e *engine.Engine, scope finding.Scope) ([]string, error) {
	whole, err := c.judged(e, nil)
	if err != nil {
		return nil, err
	}
	files := map[string][]string{}
	for _, d := range whole.Documents {
		letter := letterOf(d)
		_, at, _ := d.Place(nil)
		files[letter] = append(files[letter], path.Base(at.File()))
	}
	var out []string
	for letter, names := range files {
		about, err := c.named(whole, letter), error(nil)
		if !about && scope == finding.Stack {
			about = c.kind == "pass"
			if !about && len(files) > 1 {
				about, err = c.leansOn(e, whole, letter, names)
			}
		}
		if err != nil {
			return nil, err
		}
		if about {
			out = append(out, letter)
		}
	}
	slices.Sort(out)
	return out, nil
}

// named reports whether a verdict of the case's kind names a document of the
// format.
func (c *testCase) named(r *finding.Result, letter string) bool {
	for _, f := range r.Findings {
		if string(f.Status) != c.kind || f.Document == nil {
			continue
		}
		is := func(place finding.Related) bool { return place.Document != nil && letterOf(place.Document) == letter }
		if letterOf(f.Document) == letter || slices.ContainsFunc(f.Related, is) {
			return true
		}
	}
	return false
}

// leansOn judges the case again without the files of a format.
func (c *testCase) leansOn(e *engine.Engine, whole *finding.Result, letter string, names []string) (bool, error) {
	if letter == "T" {
		names = []string{"*.tf", "*plan.json"}
	}
	patterns := make([]string, len(names))
	for i, name := range names {
		patterns[i] = "**/" + name
	}
	rest, err := c.judged(e, patterns)
	if err != nil {
		return false, err
	}
	return !slices.Equal(found(whole), found(rest)), nil
}

func (c *testCase) judged(e *engine.Engine, exclude []string) (*finding.Result, error) {
	loaded, err := loaders.Load(context.Background(), []string{c.path}, strings.NewReader(""), loaders.Options{Exclude: exclude})
	if err != nil {
		return nil, err
	}
	return e.Check(context.Background(), loaded)
}

// letterOf returns the letter of the language a document was written in, its
// carrier's if it stood in another one.
func letterOf(d *document.Document) string {
	switch format := d.Root().Format; {
	case strings.HasPrefix(format, "terraform"):
		return "T"
	case format == "cloudformation":
		return "C"
	case format == "eksctl":
		return "E"
	}
	return "K"
}

// waiting marks a case that can be and has not been written.
const waiting = "waiting to be written"

// withoutCase lists the cases that cannot be ("<rule> <format> <kind>"), and why.
func withoutCase() map[string]string {
	const eksctlBinds = "eksctl writes the namespace into every subject it trusts, so that no trust of its making is open to all accounts"
	return map[string]string{
		"PLM-ADM-005 K unknown":  waiting,
		"PLM-ADM-005 T unknown":  waiting,
		"PLM-ADM-006 E unknown":  waiting,
		"PLM-ADM-006 K unknown":  waiting,
		"PLM-ADM-006 T unknown":  waiting,
		"PLM-ADM-017 K unknown":  waiting,
		"PLM-ADM-017 T unknown":  waiting,
		"PLM-IAM-012 E fail":     eksctlBinds,
		"PLM-IAM-012 E unknown":  eksctlBinds,
		"PLM-IMG-014 T unknown":  waiting,
		"PLM-POD-022 T unknown":  waiting,
		"PLM-POD-031 T unknown":  waiting,
		"PLM-POD-033 K unknown":  waiting,
		"PLM-POD-036 T unknown":  waiting,
		"PLM-POD-039 K unknown":  waiting,
		"PLM-POD-039 T unknown":  waiting,
		"PLM-POD-045 E unknown":  waiting,
		"PLM-RELI-006 T unknown": waiting,
		"PLM-RELI-007 T unknown": waiting,
		"PLM-RELI-008 C unknown": waiting,
		"PLM-RELI-008 E unknown": waiting,
		"PLM-RELI-008 T unknown": waiting,
		"PLM-RELI-009 E unknown": waiting,
		"PLM-RELI-011 E unknown": waiting,
	}
}
