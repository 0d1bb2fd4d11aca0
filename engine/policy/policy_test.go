package policy_test

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/engine/policy"
	"github.com/plimsoll-dev/plimsoll/fixtures"
)

const meta = `# METADATA
# title: A title
# custom:
#   id: T-A-001
#   severity: high
#   on: [workload]
`

func bundled(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func TestIndex_OfTheBundledLibraryIsFresh(t *testing.T) {
	got, err := policy.Index(os.DirFS("../../policies"))
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Golden(t, "../../policies/index.json", got)
}

func TestLoad_StaleIndexIsNotBelieved(t *testing.T) {
	fsys := bundled(map[string]string{
		"rules/a/b/rule.rego": meta + "package plimsoll.rules.a.b\n\ndeny contains \"x\" if input.attr.x\n",
		"index.json":          `{"hash": "0", "rules": []}`,
	})
	l, broken, err := policy.Load(fsys, nil)
	if err != nil || len(broken) > 0 {
		t.Fatal(err, broken)
	}
	if len(l.Rules()) != 1 || l.Rules()[0].Slug != "a/b" {
		t.Errorf("got %v", l.Rules())
	}
}

func TestLoad_IndexedAndScannedRulesAreTheSame(t *testing.T) {
	files := map[string]string{
		"rules/a/b/rule.rego": strings.Replace(meta, "#   on", "#   needs: [\"containers[*].x\"]\n#   on", 1) + "package plimsoll.rules.a.b\n\ndeny contains \"x\" if input.attr.x\n",
	}
	scanned, _, err := policy.Load(bundled(files), nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := policy.Index(bundled(files))
	if err != nil {
		t.Fatal(err)
	}
	files["index.json"] = string(text)
	indexed, _, err := policy.Load(bundled(files), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(scanned.Rules()[0].Rule, indexed.Rules()[0].Rule); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(scanned.Rules()[0].NeedsPaths, indexed.Rules()[0].NeedsPaths); diff != "" {
		t.Error(diff)
	}
}

func TestLoad_BrokenUserRulesAreReportedWithTheirPlace(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"syntax":           {"package x\n\ndeny contains {\n", "own/r.rego:4"},
		"no metadata":      {"package x\n\ndeny contains \"x\"\n", "own/r.rego: package has a deny rule but no METADATA"},
		"unknown key":      {strings.Replace(meta, "#   on", "#   colour: red\n#   on", 1) + "package x\n\ndeny contains \"x\"\n", `unknown field "colour"`},
		"unknown severity": {strings.Replace(meta, "high", "dire", 1) + "package x\n\ndeny contains \"x\"\n", `severity "dire"`},
		"nothing to judge": {strings.Replace(meta, "#   on: [workload]\n", "", 1) + "package x\n\ndeny contains \"x\"\n", "custom.on is missing"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			dir := policy.Dir{Name: "own", FS: bundled(map[string]string{"r.rego": tc.text})}
			_, broken, err := policy.Load(bundled(nil), []policy.Dir{dir})
			if err != nil {
				t.Fatal(err)
			}
			if len(broken) != 1 || !strings.Contains(broken[0].Message, tc.want) {
				t.Errorf("got %v, want a message with %q", broken, tc.want)
			}
		})
	}
}

func TestCompile_ABrokenUserRuleLeavesTheOthersGoing(t *testing.T) {
	good := meta + "package acme.rules.good\n\ndeny contains \"x\" if input.attr.kind\n"
	bad := strings.Replace(meta, "T-A-001", "T-A-002", 1) + "package acme.rules.bad\n\ndeny contains \"x\" if http.send({}).status == 1\n"
	dir := policy.Dir{Name: "own", FS: bundled(map[string]string{"good.rego": good, "bad.rego": bad})}
	l, _, err := policy.Load(bundled(nil), []policy.Dir{dir})
	if err != nil {
		t.Fatal(err)
	}
	p, broken, err := l.Compile(l.Rules())
	if err != nil {
		t.Fatal(err)
	}
	if len(broken) != 1 || broken[0].Rule != "T-A-002" || !strings.Contains(broken[0].Message, "http.send") {
		t.Errorf("broken: %v", broken)
	}
	if len(p.Units) != 1 || len(p.Units[0].Rules) != 1 || p.Units[0].Rules[0].ID != "T-A-001" {
		t.Errorf("compiled: %+v", p.Units)
	}
}

func TestData_ParametersAreCheckedAgainstTheirTypes(t *testing.T) {
	text := strings.Replace(meta, "#   on", "#   parameters:\n#     - {name: max, type: int, default: 1, description: d}\n#   on", 1) +
		"package plimsoll.rules.a.b\n\ndeny contains \"x\" if input.attr.x > data.plimsoll.params.a.b.max\n"
	l, _, err := policy.Load(bundled(map[string]string{"rules/a/b/rule.rego": text}), nil)
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := l.Compile(l.Rules())
	if err != nil {
		t.Fatal(err)
	}
	data, err := l.Data(p, map[string]map[string]any{"T-A-001": {"max": float64(3)}}, "2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"plimsoll": map[string]any{
		"as_of": "2026-11-22", "facts": map[string]any{},
		"params": map[string]any{"a": map[string]any{"b": map[string]any{"max": float64(3)}}},
	}}
	if diff := cmp.Diff(want, data); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []map[string]any{{"max": "three"}, {"min": 1}} {
		if _, err := l.Data(p, map[string]map[string]any{"a/b": bad}, ""); err == nil {
			t.Errorf("%v was accepted", bad)
		}
	}
}

func TestRule_JudgesTypesKindsAndPatternsOfKinds(t *testing.T) {
	for name, c := range map[string]struct {
		on, typ, kind string
		want          bool
	}{
		"type":                         {"workload", "workload", "apps/v1/Deployment", true},
		"another type":                 {"workload", "service", "v1/Service", false},
		"kind":                         {"v1/Pod", "workload", "v1/Pod", true},
		"another version":              {"kyverno.io/v1/ClusterPolicy", "", "kyverno.io/v2/ClusterPolicy", false},
		"any version":                  {"kyverno.io/*/ClusterPolicy", "", "kyverno.io/v2beta1/ClusterPolicy", true},
		"any version of another group": {"kyverno.io/*/ClusterPolicy", "", "x.kyverno.io/v1/ClusterPolicy", false},
		"any kind of a group":          {"constraints.gatekeeper.sh/*/*", "", "constraints.gatekeeper.sh/v1beta1/K8sLabels", true},
		"no further levels":            {"*", "", "a/b/c", true},
		"not across slashes":           {"constraints.gatekeeper.sh/*", "", "constraints.gatekeeper.sh/v1beta1/K8sLabels", false},
		"documents without a type":     {"workload", "", "x/v1/Y", false},
		"patterns are about kinds":     {"eks_*", "eks_cluster", "aws_eks_cluster", false},
	} {
		t.Run(name, func(t *testing.T) {
			l, broken, err := policy.Load(bundled(map[string]string{
				"rules/a/b/rule.rego": strings.Replace(meta, "[workload]", "["+strconv.Quote(c.on)+"]", 1) +
					"package plimsoll.rules.a.b\n\ndeny contains \"x\" if input.attr.x\n",
			}), nil)
			if err != nil || len(broken) > 0 {
				t.Fatal(err, broken)
			}
			if got := l.Rules()[0].Judges(c.typ, c.kind); got != c.want {
				t.Errorf("on: %s judges %q of type %q: %v", c.on, c.kind, c.typ, got)
			}
		})
	}
}
