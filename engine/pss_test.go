package engine_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	pss "k8s.io/pod-security-admission/policy"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/eval"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/link"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// A judge runs the rules of one level in one version next to the oracle.
type judge struct {
	oracle

	evaluator *eval.Evaluator
}

// newJudge compiles the rules once; a check does so anew, which is too slow for
// tens of thousands of them.
func newJudge(t *testing.T, level, version string) *judge {
	t.Helper()
	library, broken, err := policy.Load(policies.FS, nil)
	if err != nil || len(broken) > 0 {
		t.Fatal(err, broken)
	}
	rules := slices.DeleteFunc(slices.Clone(library.Rules()), func(r *policy.Rule) bool { return !isOf(r.Rule, level) })
	program, broken, err := library.Compile(rules)
	if err != nil || len(broken) > 0 {
		t.Fatal(err, broken)
	}
	data, err := library.Data(program, nil, engine.DataDate)
	if err != nil {
		t.Fatal(err)
	}
	run, _ := data["plimsoll"].(map[string]any)
	run["profile"], run["kube_version"] = "pss-"+level, version
	evaluator, err := eval.New(program, eval.Options{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	return &judge{newOracle(t, level, version), evaluator}
}

// isOf reports whether a rule names a check of the level.
func isOf(r *finding.Rule, level string) bool {
	return slices.ContainsFunc(r.Controls["pss"], func(c string) bool {
		return level == "restricted" || strings.HasPrefix(c, level+"/")
	})
}

// found judges the documents and returns the violated checks by document.
func (j *judge) found(docs []*document.Document) (map[*document.Document][]string, error) {
	ctx := context.Background()
	outcome, err := j.evaluator.Documents(ctx, docs)
	if err != nil {
		return nil, err
	}
	stack, err := j.evaluator.Stack(ctx, eval.Stack{Documents: docs, Index: link.Build(docs).Index()})
	if err != nil {
		return nil, err
	}
	for _, broken := range slices.Concat(outcome.Errors, stack.Errors) {
		return nil, fmt.Errorf("rule %s broke: %s", broken.Rule, broken.Message)
	}
	return j.byDocument(slices.Concat(outcome.Findings, stack.Findings))
}

func (o oracle) byDocument(findings []finding.Finding) (map[*document.Document][]string, error) {
	sets := map[*document.Document]map[string]bool{}
	for _, f := range findings {
		if f.Status == finding.Pass {
			continue
		}
		check, err := o.attribute(f)
		if err != nil {
			return nil, err
		}
		if f.Status != finding.Fail {
			check += " (" + string(f.Status) + ")"
		}
		if sets[f.Document] == nil {
			sets[f.Document] = map[string]bool{}
		}
		sets[f.Document][check] = true
	}
	out := make(map[*document.Document][]string, len(sets))
	for d, set := range sets {
		out[d] = slices.Sorted(maps.Keys(set))
	}
	return out, nil
}

// template returns what the API server would make pods of.
func template(d *document.Document) (metadata, spec any) {
	path := d.Written["pod"]
	spec, _ = document.At(d.Raw, path)
	if len(path) > 0 && path[len(path)-1] == "spec" {
		metadata, _ = document.At(d.Raw, path[:len(path)-1].Append("metadata"))
	}
	if m, ok := metadata.(map[string]any); ok {
		metadata = map[string]any{"annotations": m["annotations"]}
	}
	return metadata, spec
}

// settled lists the workloads of which everything is known and which the API
// server can read, with what it reads.
func settled(docs []*document.Document) map[*document.Document]pod {
	out := map[*document.Document]pod{}
	for _, d := range docs {
		if d.Type != "workload" || d.Action == document.Delete {
			continue
		}
		if len(d.States.Paths(document.Unknown, document.Partial)) > 0 {
			continue
		}
		if p, err := decode(template(d)); err == nil {
			out[d] = p
		}
	}
	return out
}

// agree compares the verdicts of rules and library check by check.
func agree(t *testing.T, docs []*document.Document, from int) {
	t.Helper()
	pods := settled(docs)
	known := slices.Collect(maps.Keys(pods))
	slices.SortFunc(known, func(a, b *document.Document) int { return strings.Compare(a.ID, b.ID) })
	if len(known) == 0 {
		t.Fatal("nothing to compare")
	}
	for _, level := range []string{"baseline", "restricted"} {
		for _, version := range versions(from) {
			j := newJudge(t, level, version)
			got, err := j.found(known)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range known {
				want, err := j.violated(pods[d])
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got[d]); diff != "" {
					t.Errorf("%s at %s %s: library (-) and rules (+) differ: %s", d.ID, level, version, diff)
				}
			}
		}
	}
	t.Logf("%d workloads, %d that the API server would not read or that are not known yet", len(known), len(docs)-len(known))
}

func TestPSS_EveryCheckHasItsRulesAndEveryControlItsCheck(t *testing.T) {
	var want []string
	for _, c := range pss.DefaultChecks() {
		want = append(want, control(c))
	}
	library, _, err := policy.Load(policies.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range library.Rules() {
		got = append(got, r.Controls["pss"]...)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
		t.Errorf("checks of the library (-) and of the rules (+): %s", diff)
	}
}

// corpus names a folder of the corpus of real inputs.
func corpus(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("PLIMSOLL_CORPUS")
	if root == "" {
		t.Skip("PLIMSOLL_CORPUS is not set: it names a folder with real inputs")
	}
	return filepath.Join(append([]string{root}, parts...)...)
}

func load(t *testing.T, paths ...string) []*document.Document {
	t.Helper()
	loaded, err := loaders.Load(context.Background(), paths, strings.NewReader(""), loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return loaded.Documents
}

func workloads(docs []*document.Document) []*document.Document {
	return slices.DeleteFunc(docs, func(d *document.Document) bool { return d.Type != "workload" })
}

func TestPSS_RulesAgreeWithTheLibraryOnItsOwnFixtures(t *testing.T) {
	agree(t, workloads(load(t, corpus(t, "psa", "baseline"), corpus(t, "psa", "restricted"))), 0)
}

func TestPSS_RulesAgreeWithTheLibraryOnRealWorkloads(t *testing.T) {
	agree(t, workloads(load(t, corpus(t))), 29)
}

// A label is a line of the corpus' verdicts of the library at version 1.37.
type label struct {
	File, Kind, Name string
	Failed           *struct{ Baseline, Restricted []string }
}

func labels(t *testing.T, name string) []label {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var out []label
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var l label
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		if l.Failed != nil { // else the API server does not read it
			out = append(out, l)
		}
	}
	return out
}

func TestPSS_ProfilesGiveTheRecordedVerdicts(t *testing.T) {
	for file, folder := range map[string]string{
		"helm": "helm", "manifests": "manifests", "kubescape": "kubescape", "checkov-kubernetes": "checkov/kubernetes",
		"kics-k8s": "kics/k8s", "trivy-checks-kubernetes": "trivy-checks/kubernetes",
	} {
		t.Run(file, func(t *testing.T) {
			root := filepath.ToSlash(corpus(t))
			want := map[string][]string{}
			for _, l := range labels(t, corpus(t, "psa-truth", file+".jsonl")) {
				for level, checks := range map[string][]string{"baseline": l.Failed.Baseline, "restricted": l.Failed.Restricted} {
					key := strings.Join([]string{level, folder + "/" + strings.TrimPrefix(l.File, folder+"/"), l.Kind, l.Name}, " ")
					slices.Sort(checks)
					want[key] = append(want[key], strings.Join(checks, " "))
				}
			}
			got := map[string][]string{}
			for _, level := range []string{"baseline", "restricted"} {
				// By name, so that files which a kustomization uses are judged too.
				r := check(t, engine.Options{Profile: "pss-" + level, KubeVersion: "1.37"}, filesOf(root, want)...)
				byDocument, err := newOracle(t, level, "1.37").byDocument(r.Findings)
				if err != nil {
					t.Fatal(err)
				}
				for d := range settled(r.Documents) {
					name, _, _ := strings.Cut(d.ID, "#")
					if name, err = filepath.Abs(name); err != nil { // it counts from the working directory
						t.Fatal(err)
					}
					name = filepath.ToSlash(name)
					key := strings.Join([]string{level, strings.TrimPrefix(name, root+"/"), d.Kind[strings.LastIndex(d.Kind, "/")+1:], d.Name}, " ")
					checks := byDocument[d]
					for i, c := range checks {
						_, checks[i], _ = strings.Cut(c, "/")
					}
					slices.Sort(checks)
					got[key] = append(got[key], strings.Join(checks, " "))
				}
			}
			for key, list := range want {
				if strings.Contains(key, "example_DockerSocketVolume/CronJob-pass.yaml") {
					continue // a CronJob of the API version v1, which has none
				}
				slices.Sort(list)
				slices.Sort(got[key])
				if diff := cmp.Diff(list, got[key]); diff != "" {
					t.Errorf("%s: recorded (-) and found (+): %s", key, diff)
				}
			}
			t.Logf("%d verdicts", len(want))
		})
	}
}

func TestPSS_NamespacesRefuseWhatTheLibraryRefuses(t *testing.T) {
	for _, level := range []string{"baseline", "restricted"} {
		o := newOracle(t, level, "1.36")
		r := check(t, engine.Options{Rules: []string{"PLM-POD-047"}, KubeVersion: "1.36"}, enforced(t, level))
		refused := map[*document.Document]string{}
		for _, f := range r.Findings {
			refused[f.Document] = f.Message
		}
		for d, p := range settled(r.Documents) {
			checks, err := o.violated(p)
			if err != nil {
				t.Fatal(err)
			}
			if (len(checks) > 0) != (refused[d] != "") {
				t.Errorf("%s at %s: the library says %v, the rule %q", d.ID, level, checks, refused[d])
			}
			for _, c := range checks {
				if _, name, _ := strings.Cut(c, "/"); !strings.Contains(refused[d], name) {
					t.Errorf("%s at %s: the rule does not name %s: %s", d.ID, level, c, refused[d])
				}
			}
		}
	}
}

// enforced writes the library's fixtures of a level into one file, with a
// namespace that enforces it.
func enforced(t *testing.T, level string) string {
	t.Helper()
	var text strings.Builder
	text.WriteString("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: default\n  labels: {pod-security.kubernetes.io/enforce: " + level + "}\n")
	err := filepath.WalkDir(corpus(t, "psa", level), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		pod, err := os.ReadFile(name)
		text.WriteString("---\n" + string(pod) + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "pods.yaml")
	if err := os.WriteFile(name, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// filesOf lists the files that recorded verdicts are about.
func filesOf(root string, verdicts map[string][]string) []string {
	var out []string
	for key := range verdicts {
		out = append(out, filepath.Join(root, filepath.FromSlash(strings.Fields(key)[1])))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
