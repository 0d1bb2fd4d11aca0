package engine_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/eval"
	"github.com/plimsoll-dev/plimsoll/engine/link"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// spoil puts something that does not belong there into a value.
func (m podMaker) spoil(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if keys := slices.Sorted(maps.Keys(v)); len(keys) > 0 && !m.chance(6) {
			key := rapid.SampledFrom(keys).Draw(m.T, "key")
			v[key] = m.spoil(v[key])
			return v
		}
	case []any:
		if len(v) > 0 && !m.chance(6) {
			i := rapid.IntRange(0, len(v)-1).Draw(m.T, "index")
			v[i] = m.spoil(v[i])
			return v
		}
	}
	return m.one(nil, true, int64(-1), 0.5, "", "x", []any{}, []any{nil, "x", int64(7)}, fields{}, fields{"name": nil, "x": []any{}})
}

// extra draws the fields that only rules beyond the standards read.
func (m podMaker) extra(spec fields) {
	m.set(spec, "tolerations", 3, []any{fields{"operator": "Exists"}, fields{"key": "a"}})
	m.set(spec, "hostAliases", 3, []any{fields{"ip": "10.0.0.1", "hostnames": []any{"db"}}})
	m.set(spec, "nodeName", 4, "a")
	m.set(spec, "priorityClassName", 4, "system-node-critical")
	m.set(spec, "resources", 4, fields{"limits": fields{"memory": "1Gi"}})
	for _, list := range []string{"containers", "initContainers"} {
		containers, _ := spec[list].([]any)
		for _, c := range containers {
			container, _ := c.(fields)
			m.set(container, "command", 2, []any{"sh", "-c", "pip install x"})
			m.set(container, "args", 2, []any{"--ref", "main", "--password=h7Gd-22kLp"})
			m.set(container, "env", 2, []any{fields{"name": "TOKEN", "value": "h7Gd-22kLp"}, fields{"name": "A", "valueFrom": fields{"secretKeyRef": fields{"name": "a"}}}})
			m.set(container, "image", 2, "docker:dind", "registry.k8s.io/git-sync/git-sync:v4", "busybox")
			m.set(container, "resources", 2, fields{"limits": fields{"cpu": "1"}, "requests": fields{}})
			m.set(container, "volumeMounts", 2, []any{fields{"name": "v", "mountPath": "/v"}})
		}
	}
}

// fatal is what tests and property tests have in common.
type fatal interface {
	Helper()
	Fatal(args ...any)
}

// broken judges documents with rules and returns what went wrong in the rules.
func broken(t fatal, e *eval.Evaluator, docs []*document.Document) []string {
	outcome, err := e.Documents(context.Background(), docs)
	if err != nil {
		t.Fatal(err)
	}
	stack, err := e.Stack(context.Background(), eval.Stack{Documents: docs, Index: link.Build(docs).Index()})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, b := range slices.Concat(outcome.Errors, stack.Errors) {
		out = append(out, b.Rule+": "+b.Message)
	}
	return out
}

func TestPodRules_DoNotBreakOnWhatTheAPIServerWouldRefuse(t *testing.T) {
	library, _, err := policy.Load(policies.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	rules := slices.DeleteFunc(slices.Clone(library.Rules()), func(r *policy.Rule) bool { return !strings.HasPrefix(r.Slug, "pod/") })
	program, _, err := library.Compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	data, err := library.Data(program, nil, engine.DataDate)
	if err != nil {
		t.Fatal(err)
	}
	var evaluators []*eval.Evaluator
	for _, profile := range []string{"strict", "pss-baseline", "pss-restricted"} {
		run, _ := data["plimsoll"].(map[string]any)
		run["profile"], run["kube_version"] = profile, "latest"
		e, err := eval.New(program, eval.Options{Data: data})
		if err != nil {
			t.Fatal(err)
		}
		evaluators = append(evaluators, e)
	}
	rapid.Check(t, func(t *rapid.T) {
		m := podMaker{t}
		o := object(t)
		if spec, ok := o.spec.(fields); ok {
			m.extra(spec)
		}
		for range rapid.IntRange(0, 4).Draw(t, "faults") {
			m.spoil(o.spec)
			m.spoil(o.metadata)
		}
		text, err := json.Marshal(o.object)
		if err != nil {
			t.Fatal(err)
		}
		docs := stream(t, string(text))
		for _, e := range evaluators {
			if wrong := broken(t, e, docs); len(wrong) > 0 {
				t.Fatalf("%s: %s", text, strings.Join(wrong, "; "))
			}
		}
	})
}
