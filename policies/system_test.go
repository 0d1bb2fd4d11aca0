package policies_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// hostRules are the rules whose findings on system add-ons are suppressed: what
// they say is what such an add-on is for.
func hostRules() []string {
	return []string{
		"PLM-POD-001", "PLM-POD-004", "PLM-POD-006", "PLM-POD-007", "PLM-POD-008", "PLM-POD-009", "PLM-POD-010",
		"PLM-POD-011", "PLM-POD-012", "PLM-POD-013", "PLM-POD-014", "PLM-POD-017", "PLM-POD-018", "PLM-POD-020",
		"PLM-POD-021", "PLM-POD-023", "PLM-POD-030", "PLM-POD-040", "PLM-POD-041",
	}
}

// verdicts judges a stream by those rules.
func verdicts(t *testing.T, stream string, own ...engine.SystemWorkload) (failed, suppressed []finding.Finding) {
	t.Helper()
	in, err := loaders.Load(t.Context(), []string{"-"}, strings.NewReader(stream), loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(t.Context(), engine.Options{Bundled: policies.FS, Rules: hostRules(), SystemWorkloads: own})
	if err != nil {
		t.Fatal(err)
	}
	r, err := e.Check(t.Context(), in)
	if err != nil || len(r.RuleErrors) > 0 {
		t.Fatal(err, r.RuleErrors)
	}
	for _, f := range r.Findings {
		if f.Status == finding.Fail {
			failed = append(failed, f)
		}
		if f.Status == finding.Suppressed {
			suppressed = append(suppressed, f)
		}
	}
	return failed, suppressed
}

// addons are the manifests of system add-ons, as their charts make them.
func addons(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "system", "*.yaml"))
	if err != nil || len(files) < 12 {
		t.Fatal(err, len(files))
	}
	out := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix(filepath.Base(file), ".yaml")] = string(text)
	}
	return out
}

func TestSystemWorkloads_MayDoWhatTheyAreFor(t *testing.T) {
	for name, text := range addons(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failed, suppressed := verdicts(t, text)
			for _, f := range failed {
				t.Errorf("%s: %s", f.Rule.ID, f.Message)
			}
			if len(suppressed) == 0 {
				t.Error("nothing is suppressed")
			}
			for _, f := range suppressed {
				if !strings.HasPrefix(f.Reason, "system add-on ") {
					t.Errorf("%s is suppressed for the reason %q", f.Rule.ID, f.Reason)
				}
			}
		})
	}
}

// decoys are manifests that look like an add-on and are none.
func decoys(t *testing.T, text string) map[string]string {
	t.Helper()
	object := decode(t, text)[0]
	metadata, _ := object["metadata"].(map[string]any)
	metadata["namespace"] = "shop"
	elsewhere := encode(t, nil, 0, object)
	foreign := decode(t, text)[0]
	for _, c := range containersOf(foreign) {
		image, _ := c["image"].(string)
		c["image"] = "registry.example.com/" + image[strings.LastIndex(image, "/")+1:]
	}
	return map[string]string{"another namespace": elsewhere, "other images": encode(t, nil, 0, foreign)}
}

func containersOf(o map[string]any) []map[string]any {
	var out []map[string]any
	for _, list := range []string{"initContainers", "containers"} {
		containers, _ := at(template(o), "spec."+list).([]any)
		for _, c := range containers {
			if container, ok := c.(map[string]any); ok {
				out = append(out, container)
			}
		}
	}
	return out
}

func TestSystemWorkloads_AreKnownByNamespaceAndImage(t *testing.T) {
	for name, text := range addons(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, allowed := verdicts(t, text)
			for what, decoy := range decoys(t, text) {
				failed, suppressed := verdicts(t, decoy)
				for _, f := range suppressed {
					t.Errorf("%s: %s is suppressed: %s", what, f.Rule.ID, f.Message)
				}
				// A stronger rule's finding at the same place may stand for it.
				for _, f := range allowed {
					if !slices.ContainsFunc(failed, func(other finding.Finding) bool {
						return strings.HasPrefix(other.Path.String(), f.Path.String())
					}) {
						t.Errorf("%s: nothing is found at %s, where %s was suppressed", what, f.Path, f.Rule.ID)
					}
				}
			}
		})
	}
}

// Another container in the add-on's pod has no part in its rights, and takes
// those from the pod that it shares with them.
func TestSystemWorkloads_ShareTheirRightsWithNobody(t *testing.T) {
	for name, text := range addons(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			object := decode(t, text)[0]
			spec, _ := at(template(object), "spec").(map[string]any)
			containers, _ := spec["containers"].([]any)
			spec["containers"] = append(containers, map[string]any{
				"name": "debug", "image": "busybox:1.37", "securityContext": map[string]any{"privileged": true},
			})
			failed, suppressed := verdicts(t, encode(t, nil, 0, object))
			if !slices.ContainsFunc(failed, func(f finding.Finding) bool {
				return f.Rule.ID == "PLM-POD-001" && strings.Contains(f.Message, `"debug"`)
			}) {
				t.Error("the other container may be privileged")
			}
			for _, f := range suppressed {
				if strings.Contains(f.Path.String(), "hostNetwork") || strings.Contains(f.Path.String(), "hostPID") || strings.Contains(f.Path.String(), "volumes[") {
					t.Errorf("%s is still suppressed at %s", f.Rule.ID, f.Path)
				}
			}
		})
	}
}

const agent = `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: agents}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      hostNetwork: true
      hostPID: true
      containers: [{name: agent, image: registry.example.com/acme/agent:v1}]
`

func TestSystemWorkloads_CanBeAddedAndTakenOut(t *testing.T) {
	own := engine.SystemWorkload{
		Name: "acme", Namespaces: []string{"agents"}, Images: []string{"registry.example.com/acme/*"},
		Allows: map[string][]string{"PLM-POD-010": {"hostNetwork"}}, Reason: "it watches",
	}
	if failed, suppressed := verdicts(t, agent); len(failed) != 2 || len(suppressed) != 0 {
		t.Errorf("without an entry: %d failures, %d suppressed", len(failed), len(suppressed))
	}
	failed, suppressed := verdicts(t, agent, own)
	if len(failed) != 1 || failed[0].Rule.ID != "PLM-POD-008" {
		t.Errorf("with an entry, what it does not allow: %v", failed)
	}
	if len(suppressed) != 1 || suppressed[0].Reason != "system add-on acme: it watches" {
		t.Errorf("with an entry, what it allows: %v", suppressed)
	}
	proxy := addons(t)["kube-proxy"]
	_, known := verdicts(t, proxy, own)
	if len(known) == 0 {
		t.Error("an entry takes the library's away")
	}
	failed, suppressed = verdicts(t, proxy, engine.SystemWorkload{Name: "kube-proxy"})
	if len(suppressed) != 0 || len(failed) == 0 {
		t.Errorf("taken out: %d failures, %d suppressed", len(failed), len(suppressed))
	}
}

func TestSystemWorkloads_IncompleteEntriesAreRefused(t *testing.T) {
	for want, w := range map[string]engine.SystemWorkload{
		"has no name":           {Images: []string{"a"}},
		"namespaces, images":    {Name: "acme", Images: []string{"a"}, Reason: "b"},
		"images and a reason":   {Name: "acme", Images: []string{"a"}, Namespaces: []string{"b"}},
		"which is no rule's ID": {Name: "acme", Images: []string{"a"}, Namespaces: []string{"b"}, Reason: "c", Allows: map[string][]string{"PLM-POD-999": nil}},
	} {
		_, err := engine.New(t.Context(), engine.Options{Bundled: policies.FS, SystemWorkloads: []engine.SystemWorkload{w}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", w, err, want)
		}
	}
}
