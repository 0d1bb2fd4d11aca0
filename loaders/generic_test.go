package loaders_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/fixtures"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// The tests in this file hold for every format in the registry; a new one
// brings fixtures/load/<format>/<case>/ and is covered.

// A fixture is one case of one format.
type fixture struct{ format, name, dir string }

func cases(t testing.TB) []fixture {
	t.Helper()
	root := fixtures.Path(t, "load")
	var out []fixture
	formats, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range formats {
		entries, err := os.ReadDir(filepath.Join(root, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range entries {
			out = append(out, fixture{f.Name(), c.Name(), filepath.Join(root, f.Name(), c.Name())})
		}
	}
	return out
}

// inputs lists the files of a case.
func (c fixture) inputs(t testing.TB) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(c.dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && e.Name() != "want.json" {
			rel, _ := filepath.Rel(c.dir, p)
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var withoutWant = loaders.Options{Exclude: []string{"want.json"}}

func TestLoad_FixturesGiveTheirGoldenDocuments(t *testing.T) {
	for _, c := range cases(t) {
		t.Run(c.format+"/"+c.name, func(t *testing.T) {
			got := render(load(t, c.dir, withoutWant, "."))
			if len(got.Documents) == 0 && len(got.PassedOver) == 0 && got.Failed == 0 {
				t.Error("the case holds nothing")
			}
			fixtures.Golden(t, filepath.Join(c.dir, "want.json"), asJSON(t, got))
		})
	}
}

func TestLoad_IsTheSameAtAnyNumberOfJobs(t *testing.T) {
	dir := fixtures.Path(t, "load")
	var first []byte
	for _, jobs := range []int{1, 8, 3} {
		t.Run(fmt.Sprint(jobs), func(t *testing.T) {
			got := asJSON(t, render(load(t, dir, loaders.Options{Jobs: jobs, Exclude: []string{"want.json"}}, ".")))
			if first == nil {
				first = got
			}
			if diff := cmp.Diff(string(first), string(got)); diff != "" {
				t.Errorf("jobs 1 and %d differ:\n%s", jobs, diff)
			}
		})
	}
}

func TestFormats_EveryFormatHasACase(t *testing.T) {
	all := cases(t)
	for _, f := range loaders.Formats() {
		if !slices.ContainsFunc(all, func(c fixture) bool { return c.format == f.Name }) {
			t.Errorf("no fixtures/load/%s", f.Name)
		}
	}
}

func TestDetect_IsUnambiguous(t *testing.T) {
	for _, c := range cases(t) {
		found := c.name == "not-ours" // a case of files that only look like the format's
		for _, name := range c.inputs(t) {
			content, err := os.ReadFile(filepath.Join(c.dir, name))
			if err != nil {
				t.Fatal(err)
			}
			best, holders := loaders.No, []string(nil)
			for _, f := range loaders.Formats() {
				switch got := f.Detect(name, content[:min(len(content), 64<<10)]); {
				case got > best:
					best, holders = got, []string{f.Name}
				case got == best && got != loaders.No:
					holders = append(holders, f.Name)
				}
			}
			if len(holders) > 1 {
				t.Errorf("%s/%s/%s: %v all answer %d", c.format, c.name, name, holders, best)
			}
			found = found || len(holders) == 1 && holders[0] == c.format
		}
		if !found {
			t.Errorf("%s/%s: no file is recognized as %s", c.format, c.name, c.format)
		}
	}
}

// checkDocument holds a document to what every format promises.
func checkDocument(t testing.TB, d *document.Document) {
	t.Helper()
	if d.ID == "" || d.Format == "" || d.Action == "" {
		t.Errorf("document without identity: %q %q %q", d.ID, d.Format, d.Action)
	}
	written := d.Format == "kubernetes" || d.Format == "helm" || d.Format == "eksctl"
	leaves(d.Raw, nil, func(p document.Path, v any) {
		r, exact := d.Locate(p)
		checkRange(t, d.ID+" "+p.String(), r)
		key, _ := d.LocateKey(p)
		checkRange(t, d.ID+" key "+p.String(), key)
		if !written || d.Parent != nil {
			if exact {
				checkLiteral(t, d, p, v, r)
			}
			return
		}
		if t.Failed() {
			return
		}
		if !exact {
			t.Errorf("%s %s: written, but found only at %s", d.ID, p, place(r))
			return
		}
		if d.Metadata["helm:chart"] != "" && strings.Contains(r.Text(), "{{") {
			return // what an action writes is not what it says
		}
		checkScalarText(t, d, p, v, r)
	})
}

func checkRange(t testing.TB, what string, r document.Range) {
	t.Helper()
	if r.IsZero() {
		t.Errorf("%s: nowhere", what)
		return
	}
	if r.Start.Offset < 0 || r.End.Offset > len(r.Source.Content) || r.Start.Offset > r.End.Offset {
		t.Errorf("%s: %d-%d lies outside of %s (%d bytes)", what, r.Start.Offset, r.End.Offset, r.File(), len(r.Source.Content))
		return
	}
	if r.Source.Position(r.Start.Offset) != r.Start || r.Source.Position(r.End.Offset) != r.End {
		t.Errorf("%s: line and column do not agree with the offset in %s", what, place(r))
	}
}

var blockWithIndent = regexp.MustCompile(`^[|>][+-]?[1-9]`)

// checkScalarText compares a scalar with what its text says.
func checkScalarText(t testing.TB, d *document.Document, p document.Path, v any, r document.Range) {
	t.Helper()
	switch v.(type) {
	case map[string]any, []any:
		return
	case nil: // nothing written, or not known
		if _, unknown := d.RawStates[p.String()]; unknown || r.Start == r.End {
			return
		}
	}
	text := r.Text()
	if blockWithIndent.MatchString(text) || !utf8.ValidString(text) {
		return // counted from a parent that is not in the text; JSON with U+FFFD for what is no UTF-8
	}
	if text != "" && strings.ContainsRune("|>", rune(text[0])) && r.End.Offset < len(r.Source.Content) {
		text += "\n"
	}
	if words, ok := v.(string); ok && text != "" && !strings.ContainsRune("\"'|>!&", rune(text[0])) {
		// A plain scalar may read as something else where it stands alone.
		if diff := cmp.Diff(strings.Fields(words), strings.Fields(text)); diff != "" {
			t.Errorf("%s %s: text %q at %s (-value +text):\n%s", d.ID, p, text, place(r), diff)
		}
		return
	}
	switch {
	case strings.HasPrefix(text, `"`):
		text = "[" + text + "]" // JSON allows characters that YAML does not
	case text != "":
		text = "- " + text // as "---" does not stand alone
	}
	src := &document.Source{Name: "text", Content: []byte(text)}
	docs, diags := yamlnode.Parse(src)
	if len(docs) != 1 || len(diags) > 0 {
		t.Errorf("%s %s: text %q: %d documents, %v", d.ID, p, text, len(docs), diags)
		return
	}
	got, _, _ := yamlnode.Kubernetes.Value(docs[0].Root, src)
	if list, ok := got.([]any); ok && len(list) == 1 {
		got = list[0]
	}
	if diff := cmp.Diff(v, got); diff != "" {
		t.Errorf("%s %s: text %q at %s (-value +text):\n%s", d.ID, p, text, place(r), diff)
	}
}

func TestLoad_RangesLieInTheFileAndHoldTheValue(t *testing.T) {
	r := load(t, fixtures.Path(t, "load"), withoutWant, ".")
	if len(r.Documents) < 20 {
		t.Fatalf("only %d documents", len(r.Documents))
	}
	for _, d := range r.Documents {
		checkDocument(t, d)
	}
	for _, d := range r.Diagnostics {
		checkRange(t, d.Message, d.Range)
	}
}

// offer gives a text to every format, as Load would after detection, and
// checks that what comes back is sound.
func offer(t testing.TB, name string, content []byte) {
	t.Helper()
	for _, f := range loaders.Formats() {
		if f.Detect(name, content[:min(len(content), 64<<10)]) == loaders.No && f.Name != "kubernetes" {
			continue
		}
		out, err := f.Load(context.Background(), loaders.Input{
			Source:   &document.Source{Name: name, Content: content},
			ReadFile: func(string) ([]byte, error) { return nil, fs.ErrNotExist },
			ReadDir:  func(string) ([]string, error) { return nil, fs.ErrNotExist },
		})
		if err != nil {
			t.Errorf("%s %s: a text stops the run: %v", f.Name, name, err)
		}
		if out.NotMine != "" && len(out.Documents) > 0 {
			t.Errorf("%s %s: not mine, with documents", f.Name, name)
		}
		for _, d := range out.Documents {
			checkDocument(t, d)
		}
		for _, d := range out.Diagnostics {
			checkRange(t, f.Name+" "+d.Message, d.Range)
			if d.Message == "" || d.Level == "" {
				t.Errorf("%s: diagnostic without a message or level at %s", f.Name, place(d.Range))
			}
		}
	}
}

func TestLoad_SurvivesTruncatedInput(t *testing.T) {
	for _, c := range cases(t) {
		for _, name := range c.inputs(t) {
			content, err := os.ReadFile(filepath.Join(c.dir, name))
			if err != nil {
				t.Fatal(err)
			}
			step := max(1, len(content)/60)
			for cut := 0; cut < len(content); cut += step {
				offer(t, name, content[:cut:cut])
				if t.Failed() {
					t.Fatalf("%s/%s/%s cut at %d", c.format, c.name, name, cut)
				}
			}
		}
	}
}

func FuzzLoad(f *testing.F) {
	for _, c := range cases(f) {
		for _, name := range c.inputs(f) {
			if content, err := os.ReadFile(filepath.Join(c.dir, name)); err == nil && len(content) < 8<<10 {
				f.Add(filepath.Ext(name) == ".json", content)
			}
		}
	}
	f.Fuzz(func(t *testing.T, isJSON bool, content []byte) {
		name := "input.yaml"
		if isJSON {
			name = "input.json"
		}
		offer(t, name, content)
	})
}

func TestLoad_AccountsForEveryFileOfTheCorpus(t *testing.T) {
	root := os.Getenv("PLIMSOLL_CORPUS")
	if root == "" {
		t.Skip("PLIMSOLL_CORPUS is not set: no real inputs to read")
	}
	files := 0
	err := filepath.WalkDir(root, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			files++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r := load(t, root, loaders.Options{}, ".")
	if got := r.Read + r.NotRecognised + r.Failed; got != files || len(r.PassedOver) != r.NotRecognised {
		t.Errorf("%d files: %d read, %d passed over (%d reasons), %d failed", files, r.Read, r.NotRecognised, len(r.PassedOver), r.Failed)
	}
	passed := map[string]bool{}
	for _, p := range r.PassedOver {
		if p.Reason == "" || passed[p.File] {
			t.Errorf("%s is passed over with the reason %q, more than once: %v", p.File, p.Reason, passed[p.File])
		}
		passed[p.File] = true
	}
	failed := map[string]bool{}
	for _, d := range r.Diagnostics {
		checkRange(t, d.Message, d.Range)
		if d.Level == document.Error {
			failed[d.Range.File()] = true
			t.Logf("%s: %s", place(d.Range), d.Message)
			if d.Range.Start.Line < 1 || d.Message == "" {
				t.Errorf("%s: the error %q has no line", place(d.Range), d.Message)
			}
		}
	}
	for file := range failed {
		if passed[file] {
			t.Errorf("%s is passed over and has an error", file)
		}
	}
	if len(failed) < r.Failed { // more: files that were read, with objects that no API server would take
		t.Errorf("%d files failed, %d have an error", r.Failed, len(failed))
	}
	ids := map[string]bool{}
	for _, d := range r.Documents {
		if ids[d.ID] {
			t.Errorf("ID %s is used twice", d.ID)
		}
		ids[d.ID] = true
		checkDocument(t, d)
	}
	for format, least := range map[string]int{"terraform-plan": 5000, "cloudformation": 3000, "kustomize": 100, "kubernetes": 100, "eksctl": 100} {
		if literals[format] < least {
			t.Errorf("only %d literals of %s were compared", literals[format], format)
		}
	}
	t.Logf("literals compared: %v", literals)
	t.Logf("%d documents in %d files, %d passed over, %d failed", len(r.Documents), r.Read, r.NotRecognised, r.Failed)
}
