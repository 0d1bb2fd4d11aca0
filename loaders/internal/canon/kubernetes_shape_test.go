package canon

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func misshapen(kind string, raw map[string]any) []string {
	d := &document.Document{Kind: kind, Address: "x", Raw: raw, Action: document.Present}
	var out []string
	for _, problem := range Misshapen([]*document.Document{d}) {
		if problem.Level != document.Error {
			out = append(out, "level "+string(problem.Level))
		}
		out = append(out, problem.Message)
	}
	return out
}

func TestMisshapen_NamesWhatTheAPIServerWouldRefuse(t *testing.T) {
	type object = map[string]any
	for name, c := range map[string]struct {
		kind string
		raw  object
		want []string
	}{
		"containers as an object": {
			"v1/Pod",
			object{"spec": object{"containers": object{"name": "a"}}},
			[]string{"x cannot be judged: spec.containers must be a list, not an object"},
		},
		"a spec that is a list": {
			"apps/v1/Deployment",
			object{"spec": object{"template": object{"spec": []any{object{}}}}},
			[]string{"x cannot be judged: spec.template.spec must be an object, not a list"},
		},
		"a text for a container, a number for a context": {
			"batch/v1/CronJob",
			object{"spec": object{"jobTemplate": object{"spec": object{"template": object{"spec": object{
				"containers": []any{"nginx"}, "securityContext": int64(1),
			}}}}}},
			[]string{
				"x cannot be judged: spec.jobTemplate.spec.template.spec.containers[0] must be an object, not a text",
				"x cannot be judged: spec.jobTemplate.spec.template.spec.securityContext must be an object, not a number",
			},
		},
		"verbs as a text":       {"rbac.authorization.k8s.io/v1/Role", object{"rules": []any{object{"verbs": "*"}}}, []string{"x cannot be judged: rules[0].verbs must be a list, not a text"}},
		"annotations as a list": {"v1/Namespace", object{"metadata": object{"annotations": []any{"a"}}}, []string{"x cannot be judged: metadata.annotations must be an object, not a list"}},
		"null is absent":        {"v1/Pod", object{"spec": object{"containers": nil, "volumes": []any{nil}}}, nil},
		"well":                  {"v1/Pod", object{"spec": object{"containers": []any{object{"env": []any{}}}}}, nil},
		"another service":       {"serving.knative.dev/v1/Service", object{"spec": object{"template": object{"spec": object{}}, "ports": "x"}}, nil},
		"unknown kind":          {"example.com/v1/Pod", object{"spec": []any{}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, misshapen(c.kind, c.raw)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMisshapen_TakesOutWhatRulesCouldNotRead(t *testing.T) {
	type object = map[string]any
	d := &document.Document{Kind: "v1/Pod", Address: "x", Action: document.Present, Raw: object{
		"metadata": object{"name": "a", "labels": []any{"a"}},
		"spec":     object{"containers": []any{"nginx", object{"name": "b", "ports": int64(7)}}},
	}}
	if found := Misshapen([]*document.Document{d}); len(found) != 3 {
		t.Errorf("found %v", found)
	}
	want := object{"metadata": object{"name": "a"}, "spec": object{"containers": []any{nil, object{"name": "b"}}}}
	if diff := cmp.Diff(want, d.Raw); diff != "" {
		t.Error(diff)
	}
	malformed := document.State{Kind: document.Unknown, Reason: document.Malformed}
	states := document.States{"metadata.labels": malformed, "spec.containers[0]": malformed, "spec.containers[1].ports": malformed}
	if diff := cmp.Diff(states, d.RawStates); diff != "" {
		t.Error(diff)
	}
}
