package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/fixtures/environment"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// A judged environment is what the rules say of it in one language.
type judgedEnvironment struct {
	model environment.Model
	// verdicts holds "rule subject" -> status, of everything that was judged.
	verdicts map[string]finding.Status
	rules    map[string]*finding.Rule
}

func judgeEnvironment(t *testing.T, e *engine.Engine, env *environment.Environment, language environment.Language) judgedEnvironment {
	t.Helper()
	dir := t.TempDir()
	for name, text := range language.Files(env) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	loaded, err := loaders.Load(context.Background(), []string{dir}, strings.NewReader(""), loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	result, err := e.Check(context.Background(), loaded)
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range result.RuleErrors {
		t.Errorf("%s: rule %s broke: %s", language.Name, broken.Rule, broken.Message)
	}
	reader := environment.NewReader(env, loaded.Documents)
	out := judgedEnvironment{reader.Read(loaded.Documents), map[string]finding.Status{}, map[string]*finding.Rule{}}
	for _, f := range result.Findings {
		if f.Document == nil {
			continue
		}
		subject := reader.Whole(f.Document)
		if out.model.Values[subject] == nil {
			continue // no part of the environment, as a role a tool makes for itself
		}
		out.rules[f.Rule.ID] = f.Rule
		key := f.Rule.ID + " " + subject
		if old, ok := out.verdicts[key]; !ok || worse(f.Status, old) {
			out.verdicts[key] = f.Status
		}
	}
	return out
}

// worse reports whether a status decides over another one of the same rule and
// subject.
func worse(x, y finding.Status) bool {
	order := []finding.Status{finding.Pass, finding.Unknown, finding.Fail}
	return slices.Index(order, x) > slices.Index(order, y)
}

// excused reports whether a rule reads what a language has otherwise, for a
// documented reason.
func excused(rule *finding.Rule, subject string, differences []environment.Difference, whole bool) bool {
	paths := slices.Concat(rule.Needs, rule.Reads)
	for _, d := range differences {
		if d.Subject != subject && !whole {
			continue
		}
		for _, p := range paths {
			if strings.HasPrefix(d.Path, strings.TrimSuffix(p, "[]")) || strings.HasPrefix(p, d.Path) {
				return true
			}
		}
	}
	return false
}

// apart reports whether what a subject belongs to stands in another language:
// ACK has no rule by itself, Crossplane no group with rules, and the two know
// each other by an ID that is not known before they are deployed.
func apart(env *environment.Environment, language environment.Language, subject string) bool {
	return env.References && strings.HasPrefix(subject, "security_group_rule ") &&
		(language.Name == "ACK" || strings.HasPrefix(language.Name, "Crossplane"))
}

func TestCheck_OneSpecificationGivesTheSameVerdictsInEveryLanguage(t *testing.T) {
	e, err := engine.New(context.Background(), engine.Options{Profile: "strict", Bundled: policies.FS, IncludePassed: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, env := range map[string]*environment.Environment{"base": environment.Base(), "bare": environment.Bare(), "bad": environment.Bad()} {
		for _, refers := range []bool{false, true} {
			env.References = refers
			var want judgedEnvironment
			for i, language := range environment.Languages() {
				if refers && !language.Refers {
					continue
				}
				have := judgeEnvironment(t, e, env, language)
				if i == 0 {
					want = have
					continue
				}
				differences := environment.Differences(want.model, have.model)
				keys := map[string]bool{}
				for k := range want.verdicts {
					keys[k] = true
				}
				for k := range have.verdicts {
					keys[k] = true
				}
				for key := range keys {
					id, subject, _ := strings.Cut(key, " ")
					rule := want.rules[id]
					if rule == nil {
						rule = have.rules[id]
					}
					if want.verdicts[key] != have.verdicts[key] && !excused(rule, subject, differences, rule.Scope == finding.Stack) && !apart(env, language, subject) {
						t.Errorf("%s, references %v: %s: %s is %q, not %q", name, refers, language.Name, key, have.verdicts[key], want.verdicts[key])
					}
				}
			}
		}
	}
}
