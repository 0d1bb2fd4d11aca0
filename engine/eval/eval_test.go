package eval_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/engine/eval"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// library returns a bundled library with the real result helpers and the given
// rule bodies by slug.
func library(t *testing.T, rules map[string]string) fstest.MapFS {
	t.Helper()
	result, err := os.ReadFile("../../policies/lib/result.rego")
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"lib/result.rego": {Data: result}}
	for slug, text := range rules {
		fsys["rules/"+slug+"/rule.rego"] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func rule(pkg, id, custom, body string) string {
	return fmt.Sprintf(`# METADATA
# title: A title
# custom:
#   id: %s
#   severity: high
%s
package plimsoll.rules.%s

import data.plimsoll.lib.result

%s
`, id, custom, pkg, body)
}

var endpoint = rule("cluster.open", "T-OPEN-001", `#   on: [eks_cluster]
#   needs: [public]
#   reads: [cidrs]`, `deny contains result.at(sprintf("cidrs[%d]", [i]), "open") if {
	input.attr.public
	some i, cidr in input.attr.cidrs
	cidr == "0.0.0.0/0"
}`)

var absence = rule("cluster.logs", "T-LOGS-001", `#   on: [eks_cluster]
#   needs: [types]`, `deny contains result.at("types", "no audit") if not "audit" in input.attr.types`)

var perContainer = rule("pod.privileged", "T-PRIV-001", `#   on: [workload]
#   needs: ["containers[*].privileged"]`, `deny contains result.at(sprintf("containers[%d].privileged", [i]), container.name) if {
	some i, container in input.attr.containers
	container.privileged
}`)

// check judges docs and gives "<rule> <status> <path>" lines.
func check(t *testing.T, rules map[string]string, docs ...*document.Document) []string {
	t.Helper()
	out, err := outcome(t, rules, docs...)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range out.Findings {
		got = append(got, fmt.Sprintf("%s %s %s", f.Rule.ID, f.Status, f.Path))
	}
	for _, e := range out.Errors {
		got = append(got, e.Rule+" broke")
	}
	slices.Sort(got)
	return got
}

func outcome(t *testing.T, rules map[string]string, docs ...*document.Document) (eval.Outcome, error) {
	t.Helper()
	l, broken, err := policy.Load(library(t, rules), nil)
	if err != nil || len(broken) > 0 {
		t.Fatal(err, broken)
	}
	p, broken, err := l.Compile(l.Rules())
	if err != nil || len(broken) > 0 {
		t.Fatal(err, broken)
	}
	data, err := l.Data(p, nil, "2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	e, err := eval.New(p, eval.Options{Data: data, Jobs: 2, IncludePassed: true})
	if err != nil {
		t.Fatal(err)
	}
	return e.Documents(context.Background(), docs)
}

func cluster(attr map[string]any, states document.States) *document.Document {
	return &document.Document{ID: "c", Kind: "aws_eks_cluster", Type: "eks_cluster", Name: "c", Attr: attr, States: states}
}

func unknown(paths ...string) document.States {
	s := document.States{}
	for _, p := range paths {
		s[p] = document.State{Kind: document.Unknown, Reason: document.AfterApply}
	}
	return s
}

func TestDocuments_UnknownTurnsVerdictsThatRestOnIt(t *testing.T) {
	open := map[string]string{"cluster/open": endpoint}
	partial := document.States{"cidrs": {Kind: document.Partial, Reason: document.AfterApply}}
	tests := map[string]struct {
		doc  *document.Document
		want string
	}{
		"known and wrong":                {cluster(map[string]any{"public": true, "cidrs": []any{"0.0.0.0/0"}}, nil), "T-OPEN-001 fail cidrs[0]"},
		"known and right":                {cluster(map[string]any{"public": true, "cidrs": []any{"10.0.0.0/8"}}, nil), "T-OPEN-001 pass "},
		"read is unknown":                {cluster(map[string]any{"public": true}, unknown("cidrs")), "T-OPEN-001 unknown cidrs"},
		"read is unknown, cannot matter": {cluster(map[string]any{"public": false}, unknown("cidrs")), "T-OPEN-001 pass "},
		"need is unknown, cannot matter": {cluster(map[string]any{"cidrs": []any{"10.0.0.0/8"}}, unknown("public")), "T-OPEN-001 pass "},
		"need is unknown":                {cluster(map[string]any{"cidrs": []any{"0.0.0.0/0"}}, unknown("public")), "T-OPEN-001 unknown public"},
		"one known element is enough":    {cluster(map[string]any{"public": true, "cidrs": []any{nil, "0.0.0.0/0"}}, partial), "T-OPEN-001 fail cidrs[1]"},
		"an unknown element is a doubt":  {cluster(map[string]any{"public": true, "cidrs": []any{nil, "10.0.0.0/8"}}, partial), "T-OPEN-001 unknown cidrs"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff([]string{tc.want}, check(t, open, tc.doc)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDocuments_DenialByAbsenceNeedsAKnownCollection(t *testing.T) {
	rules := map[string]string{"cluster/logs": absence}
	partial := document.States{"types": {Kind: document.Partial, Reason: document.AfterApply}}
	got := check(t, rules, cluster(map[string]any{"types": []any{"api", nil}}, partial))
	if diff := cmp.Diff([]string{"T-LOGS-001 unknown types"}, got); diff != "" {
		t.Error(diff)
	}
	got = check(t, rules, cluster(map[string]any{"types": []any{"audit", nil}}, partial))
	if diff := cmp.Diff([]string{"T-LOGS-001 pass "}, got); diff != "" {
		t.Error("audit is there whatever the rest is: " + diff)
	}
}

// byValue are rules in the styles authors write: elements by value, lists with
// "in", helpers, negation.
func TestDocuments_UnknownIsSeenInEveryStyle(t *testing.T) {
	w := func(containers ...any) *document.Document {
		return &document.Document{
			ID: "w", Kind: "v1/Pod", Type: "workload", Attr: map[string]any{"containers": containers},
			States: unknown("containers[0].x"),
		}
	}
	for name, body := range map[string]string{
		"by value": `deny contains result.at(sprintf("containers[%d].x", [i]), "m") if {
	some i, c in input.attr.containers
	c.x == true
}`,
		"by reference": `deny contains result.at(sprintf("containers[%d].x", [i]), "m") if {
	some i, _ in input.attr.containers
	input.attr.containers[i].x == true
}`,
		"in": `deny contains result.at(sprintf("containers[%d].x", [i]), "m") if {
	some i
	"*" in input.attr.containers[i].x
}`,
		"helper": `deny contains result.at(sprintf("containers[%d].x", [i]), "m") if {
	some i, c in input.attr.containers
	_bad(c)
}

_bad(c) if startswith(c.x, "a")`,
		"helper with a constant": `deny contains result.at(sprintf("containers[%d].x", [i]), "m") if {
	some i, c in input.attr.containers
	_is(c.x)
}

_is("bad") := true`,
		"negated helper": `deny contains result.at("containers[0].x", "m") if not _good

_good if every c in input.attr.containers { c.x != "bad" }`,
		"comprehension": `deny contains result.at("containers[0].x", "m") if {
	bad := [c.x | some c in input.attr.containers; c.x > 5]
	count(bad) > 0
}`,
		"rule with the value": `deny contains result.at("containers[0].x", "m") if {
	some v in _xs
	v == 1
}

_xs := input.attr.containers[0].x`,
		"rule with a list of values": `deny contains result.at("containers[0].x", "m") if _xs[_] == 1

_xs := [c.x | some c in input.attr.containers]`,
		"set of values": `deny contains result.at("containers[0].x", "m") if 1 in _xs

_xs contains c.x if some c in input.attr.containers`,
		"iteration of the unknown": `deny contains result.at("containers[0].x", "m") if {
	some c in input.attr.containers
	some v in c.x
	v == 1
}`,
		"object.get": `deny contains result.at("containers[0].x", "m") if {
	some c in input.attr.containers
	object.get(c, "x", 1) == 2
}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := map[string]string{"pod/style": rule("pod.style", "T-STYLE-001", "#   on: [workload]\n#   reads: [\"containers[*].x\"]", body)}
			if diff := cmp.Diff([]string{"T-STYLE-001 unknown containers[0].x"}, check(t, r, w(map[string]any{"name": "a"}))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDocuments_UnknownThatTheRuleNeverTestsDoesNotMatter(t *testing.T) {
	body := `deny contains result.at(sprintf("rules[%d]", [i]), "m") if {
	some i, r in input.attr.rules
	r.port == 22
	r.cidr == "0.0.0.0/0"
}`
	d := &document.Document{
		ID: "g", Kind: "g", Type: "group", Attr: map[string]any{"rules": []any{map[string]any{"port": int64(443)}}},
		States: unknown("rules[0].cidr"),
	}
	r := map[string]string{"net/ssh": rule("net.ssh", "T-SSH-001", "#   on: [group]\n#   reads: [\"rules[*].cidr\", \"rules[*].port\"]", body)}
	got := check(t, r, d)
	if diff := cmp.Diff([]string{"T-SSH-001 pass "}, got); diff != "" {
		t.Error(diff)
	}
}

func TestDocuments_UnknownInOneElementLeavesTheOthersAlone(t *testing.T) {
	w := &document.Document{ID: "w", Kind: "v1/Pod", Type: "workload", Attr: map[string]any{"containers": []any{
		map[string]any{"name": "a"}, map[string]any{"name": "b", "privileged": true}, map[string]any{"name": "c"},
	}}, States: unknown("containers[0].privileged", "containers[2].image"), Written: map[string]document.Path{
		"containers[0]": {"spec", "containers", 0}, "containers[1]": {"spec", "initContainers", 0},
	}}
	got := check(t, map[string]string{"pod/privileged": perContainer}, w)
	want := []string{
		"T-PRIV-001 fail spec.initContainers[0].privileged",
		"T-PRIV-001 unknown spec.containers[0].privileged",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDocuments_BrokenRuleLeavesTheOthersGoing(t *testing.T) {
	conflict := rule("cluster.broken", "T-BROKE-001", "#   on: [eks_cluster]", `_x := 1 if input.attr.public

_x := 2 if input.attr.public

deny contains result.at("public", "x") if _x == 1`)
	got := check(t, map[string]string{"cluster/broken": conflict, "cluster/open": endpoint},
		cluster(map[string]any{"public": true, "cidrs": []any{"0.0.0.0/0"}}, nil))
	want := []string{"T-BROKE-001 broke", "T-OPEN-001 fail cidrs[0]"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDocuments_DeletedDocumentsAreNotJudged(t *testing.T) {
	d := cluster(map[string]any{"public": true, "cidrs": []any{"0.0.0.0/0"}}, nil)
	d.Action = document.Delete
	if got := check(t, map[string]string{"cluster/open": endpoint}, d); len(got) > 0 {
		t.Errorf("got %v", got)
	}
}

func TestStack_RuleJoinsDocumentsAndNamesBothPlaces(t *testing.T) {
	join := rule("path.join", "T-JOIN-001", "#   on: [workload]\n#   scope: stack", `deny contains res if {
	some id in input.stack.by_type.workload
	some edge in input.stack.links.role_of[id]
	workload := input.stack.documents[id]
	role := input.stack.documents[edge.to]
	res := result.with_related(result.on(workload, "name", "bad"), [result.place(role, "arn", "this role")])
}`)
	l, _, err := policy.Load(library(t, map[string]string{"path/join": join}), nil)
	if err != nil {
		t.Fatal(err)
	}
	p, broken, err := l.Compile(l.Rules())
	if err != nil || len(broken) > 0 {
		t.Fatal(err, broken)
	}
	e, err := eval.New(p, eval.Options{Jobs: 2, IncludePassed: true})
	if err != nil {
		t.Fatal(err)
	}
	docs := []*document.Document{
		{ID: "w", Type: "workload", Attr: map[string]any{}},
		{ID: "clean", Type: "workload", Attr: map[string]any{}},
		{ID: "r", Type: "iam_role", Attr: map[string]any{}},
	}
	out, err := e.Stack(context.Background(), eval.Stack{Documents: docs, Index: map[string]any{
		"by_type": map[string]any{"workload": []any{"w", "clean"}, "iam_role": []any{"r"}},
		"links":   map[string]any{"role_of": map[string]any{"w": []any{map[string]any{"to": "r", "via": "value"}}}},
	}})
	if err != nil || len(out.Errors) > 0 {
		t.Fatal(err, out.Errors)
	}
	if len(out.Findings) != 2 || out.Findings[0].Document.ID != "w" || out.Findings[0].Related[0].Document.ID != "r" ||
		out.Findings[1].Status != finding.Pass || out.Judged["T-JOIN-001"] != 2 {
		t.Errorf("got %+v, judged %v", out.Findings, out.Judged)
	}
}
