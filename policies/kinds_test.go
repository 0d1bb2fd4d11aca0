package policies_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// A shape is a kind of workload and where it keeps its pod template.
type shape struct{ name, apiVersion, kind, template string }

// shapes are the kinds that every rule about pods must see into.
func shapes() []shape {
	return []shape{
		{"Pod", "v1", "Pod", ""},
		{"Deployment", "apps/v1", "Deployment", "spec.template"},
		{"StatefulSet", "apps/v1", "StatefulSet", "spec.template"},
		{"DaemonSet", "apps/v1", "DaemonSet", "spec.template"},
		{"ReplicaSet", "apps/v1", "ReplicaSet", "spec.template"},
		{"ReplicationController", "v1", "ReplicationController", "spec.template"},
		{"Job", "batch/v1", "Job", "spec.template"},
		{"CronJob", "batch/v1", "CronJob", "spec.jobTemplate.spec.template"},
		{"PodTemplate", "v1", "PodTemplate", "template"},
		{"Rollout", "argoproj.io/v1alpha1", "Rollout", "spec.template"},
		{"Knative Service", "serving.knative.dev/v1", "Service", "spec.template"},
	}
}

// A placement is another list that a container may stand in.
type placement struct {
	name, list string
	sidecar    bool
	// lacks are the fields that containers there cannot have.
	lacks []string
}

// placements are the lists of the API's PodSpec beside containers.
// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
func placements() []placement {
	probes := []string{"lifecycle", "livenessProbe", "readinessProbe", "startupProbe"}
	return []placement{
		{"init container", "initContainers", false, probes},
		{"sidecar", "initContainers", true, nil},
		{"ephemeral container", "ephemeralContainers", false, append(probes, "ports", "resources")},
	}
}

// elsewhere says which rules do not find again what they found, and why, by
// rule and by the kind or list that it was moved to.
func elsewhere() map[string]string {
	const jobs = "a job may wait for somebody"
	out := map[string]string{
		"pod/unbounded_toleration DaemonSet": "agents run on every node",
		"pod/debug_leftover Job":             jobs,
		"pod/debug_leftover CronJob":         jobs,
		"pod/debug_leftover init container":  "one that sleeps keeps the pod from starting",
	}
	for _, s := range shapes()[1:] {
		out["pod/naked_pod "+s.name] = "it is a controller's"
	}
	return out
}

func TestPodRules_SeeIntoEveryKindAndEveryListOfContainers(t *testing.T) {
	e, err := engine.New(t.Context(), engine.Options{Bundled: policies.FS, Profile: "strict"})
	if err != nil {
		t.Fatal(err)
	}
	judged := 0
	for _, r := range e.Rules() {
		if !strings.HasPrefix(r.ID, "PLM-POD-") || !slices.Contains(r.On, "workload") {
			continue
		}
		judged++
		t.Run(r.Slug, func(t *testing.T) {
			t.Parallel()
			m := &mover{rule: r, exceptions: elsewhere(), used: map[string]bool{}}
			files, err := filepath.Glob(filepath.Join("rules", r.Slug, "cases", "fail*"))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				m.file(t, file)
			}
			if m.moved == 0 {
				t.Error("no failing case of a workload that could be moved")
			}
			for key, reason := range m.exceptions {
				if strings.HasPrefix(key, r.Slug+" ") && !m.used[key] {
					t.Errorf("%s is no exception any more (%s)", key, reason)
				}
			}
		})
	}
	if judged < 40 {
		t.Errorf("only %d rules about workloads", judged)
	}
}

// A mover takes the failing workloads of one rule's cases to other kinds, and
// their failing containers to other lists.
type mover struct {
	rule       *finding.Rule
	exceptions map[string]string
	engine     *engine.Engine
	beside     []string
	used       map[string]bool
	moved      int
}

// file moves the workloads of a case in Kubernetes' own language, also of those
// in a folder with other files.
func (m *mover) file(t *testing.T, file string) {
	t.Helper()
	if st, err := os.Stat(file); err != nil || st.IsDir() {
		all, err := filepath.Glob(filepath.Join(file, "*"))
		if err != nil {
			t.Fatal(err)
		}
		if m.beside = slices.DeleteFunc(all, isWorkloads); len(m.beside) < len(all) {
			m.file(t, filepath.Join(file, workloads))
		}
		m.beside = nil
		return
	}
	if filepath.Ext(file) != ".yaml" {
		return
	}
	o := engine.Options{Bundled: policies.FS, Rules: []string{m.rule.ID}, Jobs: 1, Parameters: map[string]map[string]any{m.rule.ID: parametersOf(t, file)}}
	var err error
	if m.engine, err = engine.New(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	objects := decode(t, string(text))
	for _, f := range m.judge(t, string(text)) {
		i := slices.IndexFunc(objects, func(o map[string]any) bool { return isSubject(o, f) })
		if i < 0 || f.Document.Type != "workload" {
			continue
		}
		m.kinds(t, file, objects, i)
		m.lists(t, file, objects, i, f)
	}
}

// workloads is the name of the file with the workloads in cases that are folders.
const workloads = "web.yaml"

func isWorkloads(file string) bool { return filepath.Base(file) == workloads }

// parametersOf reads the parameters a case gives the rule.
func parametersOf(t *testing.T, file string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(file + ".parameters")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	values := map[string]any{}
	if err := yaml.Unmarshal(text, &values); err != nil {
		t.Fatal(err)
	}
	return values
}

// judge returns what the rule finds wrong in a stream.
func (m *mover) judge(t *testing.T, stream string) []finding.Finding {
	t.Helper()
	in, err := loaders.Load(t.Context(), append([]string{"-"}, m.beside...), strings.NewReader(stream), loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.engine.Check(t.Context(), in)
	if err != nil || len(r.RuleErrors) > 0 {
		t.Fatal(err, r.RuleErrors)
	}
	return slices.DeleteFunc(r.Findings, func(f finding.Finding) bool { return f.Status != finding.Fail || f.Document == nil })
}

func decode(t *testing.T, stream string) []map[string]any {
	t.Helper()
	var out []map[string]any
	for part := range strings.SplitSeq("\n"+stream, "\n---") {
		var object map[string]any
		if err := yaml.Unmarshal([]byte(part), &object); err != nil {
			t.Fatal(err)
		}
		if object != nil {
			out = append(out, object)
		}
	}
	return out
}

// encode writes the objects after others that are no workloads.
func encode(t *testing.T, all []map[string]any, subject int, objects ...map[string]any) string {
	t.Helper()
	var b strings.Builder
	for i, o := range all {
		if i != subject && template(o) == nil {
			objects = append(objects, o)
		}
	}
	for _, o := range objects {
		text, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "---\n%s\n", text)
	}
	return b.String()
}

func isSubject(o map[string]any, f finding.Finding) bool {
	version, _ := o["apiVersion"].(string)
	kind, _ := o["kind"].(string)
	namespace, _ := at(o, "metadata.namespace").(string)
	return f.Document.Kind == version+"/"+kind && at(o, "metadata.name") == f.Document.Name &&
		(namespace == "" || namespace == f.Document.Namespace)
}

func at(o map[string]any, path string) any {
	var v any = o
	for key := range strings.SplitSeq(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}

// template returns the object with the metadata and the spec of a workload's
// pods; nil if it is of none of the shapes.
func template(o map[string]any) map[string]any {
	for _, s := range shapes() {
		if o["kind"] != s.kind || o["apiVersion"] != s.apiVersion {
			continue
		}
		if s.template == "" {
			return o
		}
		found, _ := at(o, s.template).(map[string]any)
		return found
	}
	return nil
}

// to writes the workload in another shape, with the same metadata and pods.
func (s shape) to(t *testing.T, o map[string]any) map[string]any {
	t.Helper()
	o = clone(t, o)
	pods, metadata := template(o), o["metadata"]
	out := map[string]any{"apiVersion": s.apiVersion, "kind": s.kind, "metadata": metadata}
	if s.template == "" {
		if of, ok := pods["metadata"].(map[string]any); ok {
			merged := map[string]any{}
			maps.Copy(merged, of)
			maps.Copy(merged, metadata.(map[string]any))
			merged["labels"], merged["annotations"] = of["labels"], of["annotations"]
			out["metadata"] = merged
		}
		out["spec"] = pods["spec"]
		return out
	}
	inner := out
	for key := range strings.SplitSeq(s.template, ".") {
		next := map[string]any{}
		inner[key] = next
		inner = next
	}
	inner["spec"] = pods["spec"]
	if of, ok := pods["metadata"].(map[string]any); ok {
		inner["metadata"] = map[string]any{"labels": of["labels"], "annotations": of["annotations"]}
	}
	return out
}

func clone(t *testing.T, o map[string]any) map[string]any {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// kinds moves a workload to every shape at once.
func (m *mover) kinds(t *testing.T, file string, objects []map[string]any, i int) {
	t.Helper()
	all := make([]map[string]any, 0, len(shapes()))
	for _, s := range shapes() {
		all = append(all, s.to(t, objects[i]))
	}
	m.moved++
	found := m.judge(t, encode(t, objects, i, all...))
	for n, s := range shapes() {
		hit := slices.ContainsFunc(found, func(f finding.Finding) bool { return isSubject(all[n], f) })
		m.expect(t, hit, s.name, "%s: %v %v as %s", file, objects[i]["kind"], at(objects[i], "metadata.name"), s.name)
	}
}

// lists moves the container a finding is about to the other lists.
func (m *mover) lists(t *testing.T, file string, objects []map[string]any, i int, f finding.Finding) {
	t.Helper()
	_, rest, isContainer := strings.Cut("."+f.Path.String(), ".spec.containers[")
	var index int
	if _, err := fmt.Sscanf(rest, "%d]", &index); !isContainer || err != nil {
		return
	}
	_, field, _ := strings.Cut(rest, "].")
	field, _, _ = strings.Cut(field, ".")
	for _, p := range placements() {
		if slices.Contains(p.lacks, strings.TrimRight(field, "[0123456789]")) {
			continue
		}
		o := shapes()[0].to(t, objects[i])
		if !p.move(o, index) {
			t.Fatalf("%s: no container %d", file, index)
		}
		hit := slices.ContainsFunc(m.judge(t, encode(t, objects, i, o)), func(f finding.Finding) bool {
			return isSubject(o, f) && strings.Contains(f.Path.String(), "spec."+p.list+"[")
		})
		m.expect(t, hit, p.name, "%s: %s of %v as %s", file, f.Path, at(objects[i], "metadata.name"), p.name)
	}
}

// move takes a container of a pod out of its list and puts it alone into another.
func (p placement) move(pod map[string]any, index int) bool {
	spec, _ := pod["spec"].(map[string]any)
	containers, _ := spec["containers"].([]any)
	if index >= len(containers) {
		return false
	}
	container, _ := containers[index].(map[string]any)
	for _, field := range p.lacks {
		delete(container, field)
	}
	if p.sidecar {
		container["restartPolicy"] = "Always"
	}
	spec["containers"] = slices.Delete(containers, index, index+1)
	spec[p.list] = []any{container}
	return true
}

func (m *mover) expect(t *testing.T, hit bool, where, format string, args ...any) {
	t.Helper()
	if hit {
		return
	}
	key := m.rule.Slug + " " + where
	if m.exceptions[key] == "" {
		t.Errorf(format+": not found again", args...)
	}
	m.used[key] = true
}
