package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

const complete = `# our settings
profile: strict
fail_on: high
rules:
  enable: [PLM-POD-001]
  skip:
  - image/digest
parameters:
  PLM-IMG-001:
    registries: [a.example, b.example]
    depth: 3
severities: {pod/privileged: critical}
exceptions:
- rule: PLM-POD-001
  path: deploy/**/*.yaml
  document: shop/Deployment/*
  reason: legacy
  expires: 2026-12-31

- rule: [pod/privileged, "pod/*"]
  reason: lab
exclude: ["**/vendor/**"]
policies: [rules]
evidence: required
external_controls: [guardduty]
as_of: 2026-11-22
outputs: [text, sarif=out.sarif]
baseline: known.json
terraform_root: infra
template_parameters: {Public: "true"}
stacks:
- name: eu
  paths: [infra/eu/**, ./deploy/eu]
  cluster: harbour
  complete: true
- name: us
  paths: ["**/us/*.yaml"]
`

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestLoad_ReadsEveryField(t *testing.T) {
	dir := t.TempDir()
	got, err := Load(write(t, dir, ".plimsoll.yaml", complete), filepath.Join(dir, "deploy", "eu"))
	if err != nil {
		t.Fatal(err)
	}
	want := &File{
		Profile: "strict", FailOn: "high",
		Rules:      Rules{Enable: []string{"PLM-POD-001"}, Skip: []string{"image/digest"}},
		Parameters: map[string]map[string]any{"PLM-IMG-001": {"registries": []any{"a.example", "b.example"}, "depth": 3.0}},
		Severities: map[string]string{"pod/privileged": "critical"},
		Exceptions: []Exception{
			{Rule: Names{"PLM-POD-001"}, Path: "deploy/**/*.yaml", Document: "shop/Deployment/*", Reason: "legacy", Expires: "2026-12-31"},
			{Rule: Names{"pod/privileged", "pod/*"}, Reason: "lab"},
		},
		Exclude:  []string{"**/vendor/**", "../../**/vendor/**"},
		Policies: []string{"../../rules"}, Evidence: "required", ExternalControls: []string{"guardduty"}, AsOf: "2026-11-22",
		Outputs: []string{"text", "sarif=out.sarif"}, Baseline: "../../known.json", TerraformRoot: "../../infra",
		TemplateParameters: map[string]string{"Public": "true"},
		Stacks: []Stack{
			{Name: "eu", Paths: []string{"../../infra/eu/**", "**", "../../deploy/eu"}, Cluster: "harbour", Complete: true},
			{Name: "us", Paths: []string{"**/us/*.yaml", "../../**/us/*.yaml"}},
		},
		Name: "../../.plimsoll.yaml", Folder: "deploy/eu",
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(document.Range{}), cmpopts.IgnoreUnexported(File{})); diff != "" {
		t.Error(diff)
	}
	for i, line := range []int{14, 20} {
		if at := got.Exceptions[i].At; at.Start.Line != line || at.Start.Column != 1 {
			t.Errorf("exception %d is at %d:%d, want line %d", i, at.Start.Line, at.Start.Column, line)
		}
	}
}

func TestLoad_ErrorsSayWhere(t *testing.T) {
	for text, want := range map[string]string{
		"profile: x\nprofil: y\n":  `c.yaml:2:1: unknown field "profil"; fields are as_of, baseline,`,
		"rules:\n  enabled: []\n":  `c.yaml:2:3: unknown field "enabled"; fields are as_of,`,
		"profile: x\nprofile: y\n": `c.yaml:2: key "profile" already set in map`,
		"a: [\n":                   "c.yaml:1: did not find expected node content",
		"profile: [a]\n":           "c.yaml:1:1: profile must be a string, not a array",
		"exclude: a\n":             "c.yaml:1:1: exclude must be a list, not a string",
		"- a\n":                    "c.yaml: the file must be a mapping, not a array",
		"fail_on: worst\n":         `c.yaml:1:1: fail_on "worst" is none of critical,`,
		"\nas_of: 2026-13-01\n":    `c.yaml:2:1: as_of "2026-13-01" is no date`,
		"evidence: maybe\n":        `c.yaml:1:1: evidence "maybe" is none of`,
		"exclude: ['a[']\n":        `c.yaml:1:1: exclude "a[" is no glob`,
		"exceptions:\n- rule: A\n  reason: r\n- reason: r\n":          "c.yaml:4:1: the exception names no rule",
		"exceptions:\n  - rule: A\n    expires: soon\n":               `c.yaml:2:3: expires "soon" is no date`,
		"stacks:\n- paths: [a]\n":                                     `c.yaml:2:1: the stack has no name`,
		"stacks:\n- {name: a, paths: [a]}\n- name: b\n":               `c.yaml:3:1: stack "b" has no paths`,
		"stacks:\n- {name: a, paths: [a]}\n- {name: a, paths: [b]}\n": `c.yaml:3:1: there are two stacks called "a"`,
		"stacks:\n- name: a\n  paths: ['a[']\n":                       `c.yaml:2:1: stack "a": path "a[" is no glob`,
		"stacks:\n- name: a\n  path: [a]\n":                           `c.yaml:3:3: unknown field "path"; fields are as_of,`,
		"stacks: [{name: a}]\n":                                       `c.yaml:1:1: stack "a" has no paths`,
		"stacks:\n- name: a\n  complete: yes please\n":                `c.yaml:3:3: stacks.complete must be a bool, not a string`,
		"exceptions: [{rule: A, path: 'a['}]\n":                       `c.yaml:1:1: path "a[" is no glob`,
		"exceptions:\n- rule: {a: b}\n":                               "c.yaml: rule must be a rule's ID or slug, or a list of them",
		"parameters: {PLM-IMG-001: 3}\n":                              "must be a mapping, not a number",
	} {
		_, err := parse("c.yaml", []byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) && !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestParse_AnEmptyFileIsFine(t *testing.T) {
	if _, err := parse("c.yaml", nil); err != nil {
		t.Error(err)
	}
}

func TestLoad_AMissingFileIsAnError(t *testing.T) {
	if _, err := Load(filepath.Join(t.TempDir(), "no.yaml"), "."); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Error(err)
	}
}

func TestFind_SearchesUpToTheRepositorysRoot(t *testing.T) {
	root := t.TempDir()
	outside := write(t, root, ".plimsoll.yaml", "")
	write(t, root, "repo/.git/HEAD", "")
	inside := write(t, root, "repo/deploy/.plimsoll.yml", "")
	write(t, root, "repo/deploy/eu/web.yaml", "")
	write(t, root, "repo/other/web.yaml", "")
	write(t, root, "plain/web.yaml", "")
	for dir, want := range map[string]string{
		"repo/deploy/eu": inside,
		"repo/deploy":    inside,
		"repo/other":     "",
		"repo":           "",
		"plain":          "",
		".":              outside,
	} {
		got, err := Find(filepath.Join(root, dir))
		if err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", dir, got, err, want)
		}
	}
}

func TestLoad_AFileFromElsewhereLeavesGlobsAlone(t *testing.T) {
	dir := t.TempDir()
	f, err := Load(write(t, dir, "conf/plimsoll.yaml", "exclude: [vendor/**]\npolicies: [rules]\n"), dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"vendor/**"}, f.Exclude); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{filepath.Join("conf", "rules")}, f.Policies); diff != "" {
		t.Error(diff)
	}
}

// A glob seen from a folder matches a name there just when the glob matches
// the whole name.
func TestFrom_MeansTheSameFiles(t *testing.T) {
	segment := rapid.SampledFrom([]string{"a", "b", "c"})
	rapid.Check(t, func(t *rapid.T) {
		glob := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "*", "**", "{a,c}"}), 1, 4).Draw(t, "glob"), "/")
		folder := strings.Join(rapid.SliceOfN(segment, 1, 2).Draw(t, "folder"), "/")
		name := strings.Join(rapid.SliceOfN(segment, 1, 3).Draw(t, "name"), "/")
		want, err := doublestar.Match(glob, folder+"/"+name)
		if err != nil {
			t.Fatal(err)
		}
		// What matches a folder excludes all in it.
		for at := folder; !want && at != "." && at != ""; {
			if want, err = doublestar.Match(glob, at); err != nil {
				t.Fatal(err)
			}
			i := strings.LastIndexByte(at, '/')
			at = at[:max(i, 0)]
		}
		got := false
		for _, g := range from(glob, folder) {
			ok, err := doublestar.Match(g, name)
			if err != nil {
				t.Fatal(err)
			}
			got = got || ok
		}
		if got != want {
			t.Fatalf("%s from %s is %q: %s matches %t, want %t", glob, folder, from(glob, folder), name, got, want)
		}
	})
}
