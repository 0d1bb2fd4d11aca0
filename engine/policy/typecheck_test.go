package policy_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/engine/link"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
	"github.com/plimsoll-dev/plimsoll/fixtures"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/schema"
)

const library = "../../policies"

func TestCheckTypes_TheBundledRulesAskForWhatDocumentsHave(t *testing.T) {
	l, broken, err := policy.Load(os.DirFS(library), nil)
	if err != nil || len(broken) > 0 {
		t.Fatal(err, broken)
	}
	for _, m := range l.CheckTypes(l.Rules()) {
		t.Error(m)
	}
}

// resourceRule and stackRule are rules of which only the body is missing; it
// begins at line 9 or 10.
const (
	resourceRule = `# METADATA
# title: A title
# custom:
#   id: T-A-001
#   severity: high
#   on: [eks_cluster]
package acme.rules.one

`
	stackRule = `# METADATA
# title: A title
# custom:
#   id: T-A-001
#   severity: high
#   scope: stack
#   on: [workload]
package acme.rules.one

`
	imports = "import data.plimsoll.lib.accounts\nimport data.plimsoll.lib.pods\nimport data.plimsoll.lib.stack\n\n"
)

// mistakesIn type-checks one rule of a user and returns "line: message".
func mistakesIn(t *testing.T, rule string) []string {
	t.Helper()
	l, broken, err := policy.Load(os.DirFS(library), []policy.Dir{{Name: "own", FS: bundled(map[string]string{"r.rego": rule})}})
	if err != nil || len(broken) > 0 {
		t.Fatal(err, broken)
	}
	own := slices.DeleteFunc(slices.Clone(l.Rules()), (*policy.Rule).Bundled)
	if len(own) != 1 {
		t.Fatalf("%d rules", len(own))
	}
	var out []string
	for _, m := range l.CheckTypes(own) {
		if m.File != "own/r.rego" || m.Rule != "T-A-001" {
			t.Errorf("a mistake in %s of %s: %s", m.File, m.Rule, m.Message)
		}
		out = append(out, strings.TrimPrefix(m.String(), "own/r.rego:"))
	}
	return out
}

func TestCheckTypes_MisspeltAttributesOfInputAreFoundWithTheirLine(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"a reference":   {"deny contains \"x\" if input.attr.endpoint.publc_access", "9: input.attr.endpoint.publc_access: there is no publc_access; did you mean public_access? (plimsoll schema eks_cluster)"},
		"further down":  {"deny contains \"x\" if {\n\tinput.attr.endpoint.public_access\n\tinput.attr.endpont\n}", "11: input.attr.endpont: there is no endpont; did you mean endpoint? (plimsoll schema eks_cluster)"},
		"under not":     {"deny contains \"x\" if not input.attr.deletion_protecton", "9: input.attr.deletion_protecton: there is no deletion_protecton; did you mean deletion_protection? (plimsoll schema eks_cluster)"},
		"by a variable": {"deny contains \"x\" if {\n\tendpoint := input.attr.endpoint\n\tendpoint.private_acces\n}", "11: endpoint.private_acces: there is no private_acces; did you mean private_access?"},
		"some in":       {"deny contains \"x\" if {\n\tsome kind in input.attr.loging.types\n\tkind == \"api\"\n}", "10: input.attr.loging: there is no loging; did you mean logging? (plimsoll schema eks_cluster)"},
		"comprehension": {"deny contains \"x\" if count([c | some c in input.attr.endpoint.public_cdrs]) > 0", "9: input.attr.endpoint.public_cdrs: there is no public_cdrs; did you mean public_cidrs? (plimsoll schema eks_cluster)"},
		"object.get":    {"deny contains \"x\" if object.get(input.attr, [\"encryption\", \"kee\"], \"\") == \"\"", "9: input.attr.encryption.kee: there is no kee; did you mean key? (plimsoll schema eks_cluster)"},
		"nested gets":   {"deny contains \"x\" if object.get(object.get(input.attr, \"encryption\", {}), \"kee\", \"\") == \"\"", "9: input.attr.encryption.kee: there is no kee; did you mean key? (plimsoll schema eks_cluster)"},
		"a get in the head": {
			"deny contains object.get(input.attr, \"nme\", \"\")", "9: input.attr.nme: there is no nme; did you mean name? (plimsoll schema eks_cluster)",
		},
		"a parameter":          {"deny contains \"x\" if _old(input)\n\n_old(doc) if doc.attr.verzion == \"1.2\"", "11: doc.attr.verzion: documents of no type have verzion there; did you mean version?"},
		"another type's":       {"deny contains \"x\" if input.attr.containers", "9: input.attr.containers: there is no containers (plimsoll schema eks_cluster)"},
		"values of two kinds":  {"deny contains \"x\" if input.attr.endpoint.public_access == \"true\"", "9: compares a boolean with a string, which are never equal"},
		"beside attr":          {"deny contains \"x\" if input.atr.version", "9: input.atr: there is no atr; did you mean attr?"},
		"the stack":            {"deny contains \"x\" if input.stack.documents", "9: input.stack: there is no stack"},
		"a state's path":       {"deny contains \"x\" if input.unknown[\"endpoint.publc_access\"]", "9: path endpoint.publc_access: there is no publc_access; did you mean public_access?"},
		"a default's path":     {"deny contains \"x\" if object.get(input.defaulted, \"loging.types\", \"\") == \"service\"", "9: path loging.types: there is no loging; did you mean logging?"},
		"a helper's path":      {"deny contains \"x\" if known.left_out(input.unknown, \"versin\")", "9: path versin: there is no versin; did you mean version?"},
		"what is written":      {"deny contains \"x\" if input.raw.anything.at_all", ""},
		"known names":          {"deny contains \"x\" if {\n\tinput.attr.endpoint.public_access\n\tinput.attr.tags[\"any\"] == \"x\"\n\tinput.unknown[\"version\"].reason == \"after_apply\"\n}", ""},
		"a default of its own": {"deny contains \"x\" if object.get(input.attr, \"version\", null) == null", ""},
	} {
		t.Run(name, func(t *testing.T) {
			rule := strings.TrimSuffix(resourceRule, "\n") + "import data.plimsoll.lib.known\n"
			if diff := cmp.Diff(c.want, strings.Join(mistakesIn(t, rule+c.body+"\n"), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckTypes_DocumentsOfTheStackHaveTheirTypes(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"of a type":        {"some w in stack.documents(\"workload\")\n\tw.attr.version", `w.attr.version: there is no version`},
		"no type":          {"some w in stack.documents(\"worklod\")\n\tw.id", `there is no type of documents "worklod"; did you mean workload?`},
		"indexed":          {"stack.documents(\"workload\")[_].attr.host_netwrk", `stack.documents("workload")[_].attr.host_netwrk: there is no host_netwrk; did you mean host_network?`},
		"linked":           {"some w in stack.documents(\"workload\")\n\tsome sa in stack.linked(\"sa_of\", w.id)\n\tsa.attr.rolearn", `sa.attr.rolearn: there is no rolearn; did you mean role_arn?`},
		"no relation":      {"some w in stack.documents(\"workload\")\n\tcount(stack.linked(\"sa_off\", w.id)) > 0", `there is no relation "sa_off"; did you mean sa_of?`},
		"through helpers":  {"some w in stack.documents(\"workload\")\n\tsome sa in accounts.of(w)\n\tsa.attr.automont", `sa.attr.automont: there is no automont; did you mean automount?`},
		"passed through":   {"some w in stack.documents(\"workload\")\n\tsome v in pods.list(w.attr.pod.volumes)\n\tv.hostPth.path", `v.hostPth: there is no hostPth; did you mean hostPath?`},
		"inside of pods":   {"some w in stack.documents(\"workload\")\n\tsome c in w.attr.containers\n\tc.securityContext.privilegd", `c.securityContext.privilegd: there is no privilegd; did you mean privileged?`},
		"backlinked":       {"some w in stack.documents(\"workload\")\n\tsome d in stack.backlinked(\"lift_of\", w.id)\n\td.attr.contaners", `d.attr.contaners: documents of no type have contaners there; did you mean containers?`},
		"facts":            {"some w in stack.documents(\"workload\")\n\tstack.fact(\"expozure\", w.id, [])", `there is no fact "expozure"; did you mean exposure?`},
		"by type":          {"input.stack.by_type.wrkload", `input.stack.by_type.wrkload: there is no wrkload; did you mean workload?`},
		"links by name":    {"input.stack.links.clusterof", `input.stack.links.clusterof: there is no clusterof; did you mean cluster_of?`},
		"as it should be":  {"some w in stack.documents(\"workload\")\n\tsome c in w.attr.containers\n\tc.effective.privileged\n\tstack.fact(\"exposure\", w.id, []) != []", ""},
		"a state's path":   {"some w in stack.documents(\"workload\")\n\tw.unknown[\"contaners\"]", `path contaners: there is no contaners; did you mean containers?`},
		"types at runtime": {"some name in [\"workload\"]\n\tsome w in stack.documents(name)\n\tw.attr.containers", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := mistakesIn(t, stackRule+imports+"deny contains \"x\" if {\n\t"+c.body+"\n}\n")
			for i := range got {
				_, got[i], _ = strings.Cut(got[i], ": ")
			}
			if diff := cmp.Diff(c.want, strings.Join(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckTypes_PathsOfMetadataAreThoseOfTheTypes(t *testing.T) {
	with := func(on, needs string) string {
		return strings.Replace(resourceRule, "#   on: [eks_cluster]\n", "#   on: ["+on+"]\n#   needs: ["+needs+"]\n", 1) +
			"deny contains \"x\" if input.name == \"x\"\n"
	}
	for name, c := range map[string]struct{ on, needs, want string }{
		"misspelt":         {"eks_cluster", "endpoint.publc_access", "7: needs: endpoint.publc_access: there is no publc_access; did you mean public_access?"},
		"in a list":        {"workload", "\"containers[*].effective.privilegd\"", "7: needs: containers[*].effective.privilegd: there is no privilegd; did you mean privileged?"},
		"in a pod":         {"workload", "pod.hostNetwrk", "7: needs: pod.hostNetwrk: there is no hostNetwrk; did you mean hostNetwork?"},
		"of one type":      {"eks_cluster, workload", "\"containers[*].image\"", ""},
		"of a kind":        {"aws_eks_cluster", "endpoint.publc_access", "7: needs: endpoint.publc_access: there is no publc_access; did you mean public_access?"},
		"raw":              {"kyverno.io/*/ClusterPolicy", "spec.anything", ""},
		"all as it is":     {"eks_cluster", "endpoint.public_access, tags.any, logging.types", ""},
		"below a policy":   {"iam_role", "\"trust.statements[*].actons\"", "7: needs: trust.statements[*].actons: there is no actons; did you mean actions?"},
		"documents of any": {"\"*\"", "anything", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, strings.Join(mistakesIn(t, with(c.on, c.needs)), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckTypes_PathsOfResultsBelowAnAttributeLeadSomewhere(t *testing.T) {
	for name, c := range map[string]struct{ path, want string }{
		"misspelt":      {`"pod.hostNetwrk"`, "path pod.hostNetwrk of a result: there is no hostNetwrk; did you mean hostNetwork?"},
		"filled in":     {`sprintf("containers[%d].effective.privilegd", [1])`, "path containers[*].effective.privilegd of a result: there is no privilegd; did you mean privileged?"},
		"up to a hole":  {`sprintf("containers[%d].efective.%s", [1, "privileged"])`, "path containers[*].efective of a result: there is no efective; did you mean effective?"},
		"as it is":      {`sprintf("containers[%d].securityContext.%s", [1, "privileged"])`, ""},
		"a raw path":    {`"spec.template.spec.nothing"`, ""},
		"worked out":    {`input.name`, ""},
		"a whole value": {`"containers"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			rule := strings.Replace(resourceRule, "eks_cluster", "workload", 1) + "import data.plimsoll.lib.result\n\n" +
				"deny contains result.at(" + c.path + ", \"x\") if input.attr.host_network\n"
			want := ""
			if c.want != "" {
				want = "11: " + c.want
			}
			if diff := cmp.Diff(want, strings.Join(mistakesIn(t, rule), "\n")); diff != "" {
				t.Error(diff)
			}
			l, _, err := policy.Load(os.DirFS(library), []policy.Dir{{Name: "own", FS: bundled(map[string]string{"r.rego": rule})}})
			if err != nil {
				t.Fatal(err)
			}
			own := slices.DeleteFunc(slices.Clone(l.Rules()), (*policy.Rule).Bundled)
			if _, broken, err := l.Compile(own); err != nil || len(broken) > 0 {
				t.Errorf("the rule is not run: %v %v", err, broken)
			}
		})
	}
}

func TestCompile_AMisspeltAttributeIsAnErrorOfAUsersRule(t *testing.T) {
	bad := resourceRule + "deny contains \"x\" if input.attr.endpoint.publc_access\n"
	good := strings.NewReplacer("T-A-001", "T-A-002", "rules.one", "rules.two", "publc", "public").Replace(bad)
	dir := policy.Dir{Name: "own", FS: bundled(map[string]string{"bad.rego": bad, "good.rego": good})}
	l, _, err := policy.Load(bundled(nil), []policy.Dir{dir})
	if err != nil {
		t.Fatal(err)
	}
	p, broken, err := l.Compile(l.Rules())
	if err != nil {
		t.Fatal(err)
	}
	if len(broken) != 1 || broken[0].Rule != "T-A-001" || !strings.HasPrefix(broken[0].Message, "own/bad.rego:9: input.attr.endpoint.publc_access: ") {
		t.Errorf("broken: %v", broken)
	}
	if len(p.Units) != 1 || len(p.Units[0].Rules) != 1 || p.Units[0].Rules[0].ID != "T-A-002" {
		t.Errorf("compiled: %+v", p.Units)
	}
}

// The bundled library is checked by its tests: loading it must not pay for that.
func TestCompile_TheBundledLibraryIsNotTypeChecked(t *testing.T) {
	bad := strings.Replace(resourceRule, "acme", "plimsoll", 1) + "deny contains \"x\" if input.attr.endpoint.publc_access\n"
	l, _, err := policy.Load(bundled(map[string]string{"rules/a/one/rule.rego": bad}), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, broken, err := l.Compile(l.Rules())
	if err != nil || len(broken) > 0 {
		t.Errorf("the library was type-checked: %v %v", err, broken)
	}
	if len(l.CheckTypes(l.Rules())) != 1 {
		t.Error("the mistake is not found when asked for")
	}
}

func TestTargets_AreTheTypesThatRelationsLeadTo(t *testing.T) {
	roots := []string{fixtures.Path(t, "stack")}
	if corpus := os.Getenv("PLIMSOLL_CORPUS"); corpus != "" {
		found, err := filepath.Glob(corpus + "/*")
		if err != nil {
			t.Fatal(err)
		}
		roots = append(roots, found...)
	} else {
		t.Log("PLIMSOLL_CORPUS is not set: only the fixtures are read")
	}
	targets := policy.Targets()
	for relation, typ := range targets {
		if typ != "" && schema.Lookup(typ) == nil {
			t.Errorf("%s leads to %s, which is no type", relation, typ)
		}
	}
	for _, root := range roots {
		in, err := loaders.Load(context.Background(), []string{root}, nil, loaders.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := link.Build(in.Documents)
		for relation, byID := range s.Links {
			want, known := targets[relation]
			if !known {
				t.Errorf("%s: relation %s is not known", root, relation)
			}
			for from, edges := range byID {
				for _, e := range edges {
					if got := s.Documents[e.To].Type; want != "" && got != want {
						t.Errorf("%s: %s leads from %s to %s of type %s, not %s", root, relation, from, e.To, got, want)
					}
				}
			}
		}
		if diff := cmp.Diff(policy.Facts(), slices.Sorted(maps.Keys(s.Facts))); diff != "" {
			t.Errorf("%s: facts: %s", root, diff)
		}
	}
}

func BenchmarkCheckTypes(b *testing.B) {
	l, _, err := policy.Load(os.DirFS(library), nil)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		l.CheckTypes(l.Rules())
	}
}
