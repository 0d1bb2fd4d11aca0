package loaders_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/fixtures/environment"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// loadEnvironment reads an environment in one language, as users do: from files.
func loadEnvironment(t failer, dir string, env *environment.Environment, language environment.Language) loaders.Result {
	t.Helper()
	files := language.Files(env)
	if old, err := os.ReadDir(dir); err == nil {
		for _, o := range old {
			if _, ok := files[o.Name()]; !ok {
				_ = os.Remove(filepath.Join(dir, o.Name()))
			}
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	loaded, err := loaders.Load(context.Background(), []string{dir}, strings.NewReader(""), loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range loaded.Diagnostics {
		if d.Level != document.Note {
			t.Errorf("%s: %s:%d: %s", language.Name, d.Range.File(), d.Range.Start.Line, d.Message)
		}
	}
	return loaded
}

// compare reads an environment in every language and compares the models with
// the first; it returns the exceptions that were needed.
func compare(t failer, dir string, env *environment.Environment) []environment.Exception {
	t.Helper()
	var want environment.Model
	var used []environment.Exception
	for i, language := range environment.Languages() {
		if env.References && !language.Refers {
			continue
		}
		folder := filepath.Join(dir, strconv.Itoa(i))
		if err := os.MkdirAll(folder, 0o750); err != nil {
			t.Fatal(err)
		}
		loaded := loadEnvironment(t, folder, env, language)
		have := environment.NewReader(env, loaded.Documents).Read(loaded.Documents)
		if i == 0 {
			want = have
			continue
		}
		for _, d := range environment.Differences(want, have) {
			if x, ok := environment.Excuse(language.Name, d); ok {
				used = append(used, x)
			} else {
				t.Errorf("%s (references %v): %s", language.Name, env.References, d)
			}
		}
	}
	return used
}

// A failer is a test, or a check of a property.
type failer interface {
	Helper()
	Fatal(args ...any)
	Errorf(format string, args ...any)
}

func TestLoad_OneSpecificationGivesOneModelInEveryLanguage(t *testing.T) {
	var used []environment.Exception
	for _, refers := range []bool{false, true} {
		for _, env := range []*environment.Environment{environment.Base(), environment.Bare(), environment.Bad()} {
			env.References = refers
			used = append(used, compare(t, t.TempDir(), env)...)
		}
	}
	for _, x := range environment.Exceptions() {
		if !slices.ContainsFunc(used, func(u environment.Exception) bool { return u.Reason == x.Reason }) {
			t.Errorf("nothing needs the exception %v %s %v any more", x.Languages, x.Type, x.Paths)
		}
	}
}

func TestLoad_AnySpecificationGivesOneModelInEveryLanguage(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		compare(r, dir, environment.Draw(r))
	})
}
