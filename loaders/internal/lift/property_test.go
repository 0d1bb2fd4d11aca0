package lift

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestTyped_EveryUnknownArgumentIsAnUnknownField(t *testing.T) {
	args := readArguments(t)
	for _, resource := range slices.Sorted(maps.Keys(args.resources)) {
		d := typedDocument(resource, args.sample(args.resources[resource]))
		var paths []document.Path
		leaves(d.Raw, nil, func(path document.Path) { paths = append(paths, path) })
		for _, path := range paths {
			d.RawStates[path.String()] = document.State{Kind: document.Unknown, Reason: document.AfterApply}
			parent, _ := document.At(d.Raw, path[:len(path)-1])
			delete(parent.(map[string]any), path[len(path)-1].(string))
		}
		docs, _ := Documents([]*document.Document{d})
		child := docs[1]
		object := child.Locator().(*typedObject)
		for _, path := range paths {
			field, ok := object.field(path)
			if !ok {
				continue
			}
			if child.RawStates[field.String()].Kind != document.Unknown {
				t.Errorf("%s: %s is unknown, %s is not", resource, path, field)
			}
			if v, exists := document.At(child.Raw, field); exists {
				t.Errorf("%s: %s is unknown and %v", resource, field, v)
			}
		}
	}
}

func randomValue(depth int) *rapid.Generator[any] {
	scalar := rapid.OneOf(
		rapid.Just[any](nil), rapid.Just[any](false), rapid.Just[any]("0"), rapid.Just[any]("apiVersion: v1\nkind: Pod\n"),
		rapid.Just[any]("- ["), rapid.Just[any]("YXBpVmVyc2lvbjogdjE="), rapid.Map(rapid.String(), func(s string) any { return s }),
		rapid.Map(rapid.Int64(), func(n int64) any { return n }),
	)
	if depth == 0 {
		return scalar
	}
	keys := strings.Fields(`metadata name namespace labels type spec template container init_container volume port path secret
		security_context run_as_user pod_selector persistent_volume_source csi manifest yaml_body yaml_body_parsed Manifest
		apiVersion kind items data stringData object_selector label_selector selector env metric rule sensitive_fields`)
	return rapid.Custom(func(t *rapid.T) any {
		switch rapid.IntRange(0, 5).Draw(t, "shape") {
		case 0:
			return scalar.Draw(t, "scalar")
		case 1, 2:
			return rapid.SliceOfN(randomValue(depth-1), 0, 2).Draw(t, "list")
		}
		key := rapid.OneOf(rapid.SampledFrom(keys), rapid.String())
		return rapid.MapOfN(key, randomValue(depth-1), 0, 4).Draw(t, "object")
	})
}

// places lists the paths of all values in v.
func places(v any, at document.Path) []document.Path {
	out := []document.Path{at}
	switch v := v.(type) {
	case []any:
		for i := range v {
			out = append(out, places(v[i], at.Append(i))...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out = append(out, places(v[key], at.Append(key))...)
		}
	}
	return out
}

func TestDocuments_AnyCarrierIsRead(t *testing.T) {
	kinds := []string{
		"kubernetes_manifest", "kubectl_manifest", "Custom::AWSCDK-EKS-KubernetesResource", "AWSQS::Kubernetes::Resource",
		"v1/Secret", "v1/ConfigMap", "addons.cluster.x-k8s.io/v1beta1/ClusterResourceSet",
	}
	for name := range typedKinds() {
		kinds = append(kinds, "kubernetes_"+name)
	}
	slices.Sort(kinds)
	rapid.Check(t, func(t *rapid.T) {
		raw, _ := randomValue(6).Draw(t, "raw").(map[string]any)
		d := &document.Document{ID: "x", Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Raw: raw, RawStates: document.States{}}
		if rapid.Bool().Draw(t, "set") && raw != nil {
			raw["type"] = resourceSetType
		}
		paths := places(raw, document.Path{})
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(paths)-1), 0, 3).Draw(t, "unknown") {
			d.RawStates[paths[i].String()] = document.State{Kind: document.Unknown, Template: rapid.SampledFrom([]string{"", "${a", "a: ${b}", "${!}"}).Draw(t, "template")}
		}
		before, err := json.Marshal(raw)
		if err != nil {
			t.Fatal(err)
		}
		docs, _ := Documents([]*document.Document{d})
		if after, _ := json.Marshal(raw); string(after) != string(before) {
			t.Fatalf("the carrier was changed from %s to %s", before, after)
		}
		ids := map[string]bool{}
		for _, found := range docs {
			if ids[found.ID] {
				t.Fatalf("two documents have the ID %s", found.ID)
			}
			ids[found.ID] = true
			for _, path := range places(found.Raw, document.Path{}) {
				found.Place(path)
				found.LocateKey(path)
			}
			found.Locate(document.Path{"spec", "template", "spec", "containers", 3, "image"})
		}
	})
}

// TestTemplate_HolesComeBackWhereTheyWere puts holes into the strings of a
// value, writes it as JSON, and reads it back.
func TestTemplate_HolesComeBackWhereTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.OneOf(
			rapid.Just("${A.Arn}"), rapid.Just("${B}"), rapid.Just("${!"), rapid.Just("x"), rapid.Just(" \" \\ \n"),
			rapid.Just("\uE000"), rapid.Just("}"), rapid.StringMatching(`[a-z]{0,5}`),
		)
		texts := rapid.SliceOfN(rapid.Map(rapid.SliceOfN(piece, 0, 4), func(p []string) string { return strings.Join(p, "") }), 1, 4).Draw(t, "texts")
		encoded, err := json.Marshal(texts)
		if err != nil {
			t.Fatal(err)
		}
		d := &document.Document{RawStates: document.States{"m": {Kind: document.Unknown, Reason: document.RuntimeRef, Template: string(encoded), Refs: []string{"cfn:t#A", "cfn:t#B"}}}}
		got, diags, ok := Read(d, document.Path{"m"})
		if !ok || len(diags) > 0 || len(got) != 1 {
			t.Fatalf("%s: %v %v", encoded, got, diags)
		}
		values := got[0].Value.([]any)
		for i, text := range texts {
			state, unknown := got[0].States["["+strconv.Itoa(i)+"]"]
			hole := strings.Contains(text, "${A.Arn}") || strings.Contains(text, "${B}")
			switch {
			case hole != unknown:
				t.Fatalf("%q: %+v", text, state)
			case !hole:
				if want := strings.ReplaceAll(text, "${!", "${"); values[i] != want {
					t.Fatalf("%q is %q, want %q", text, values[i], want)
				}
			case text == "${A.Arn}" || text == "${B}":
				if state.Template != "" || len(state.Refs) != 1 || values[i] != nil {
					t.Fatalf("%q: %+v", text, state)
				}
			case state.Template != text:
				t.Fatalf("%q came back as %q", text, state.Template)
			}
		}
	})
}

func TestOffsetMap_InnerLinesAreFoundInTheOuterText(t *testing.T) {
	for _, c := range []struct{ name, written, text, find, want string }{
		{"literal block", "|\n    a: 1\n\n    b:\n      c: 2\n", "a: 1\n\nb:\n  c: 2\n", "2", "2"},
		{"windows line ends", "|-\r\n  a: 1\r\n  b: 2", "a: 1\nb: 2", "b: 2", "b: 2"},
		{"heredoc", "<<EOT\na: 1\nb: 2\nEOT", "a: 1\nb: 2\n", "b", "b"},
		{"indented heredoc", "<<-EOT\n    a: 1\n      b: 2\n    EOT", "a: 1\n  b: 2\n", "b: 2", "b: 2"},
		{"double quotes", `"a: 1\nb: \"x\"\n"`, "a: 1\nb: \"x\"\n", "b", "b"},
		{"JSON escapes", `"\ud83d\ude00 \/ end"`, "\U0001F600 / end", "end", "end"},
		{"single quotes", `'it''s'`, "it's", "s", "s"},
		{"plain", "a b", "a b", "b", "b"},
		{"folded", ">\n  a\n  b\n", "a b\n", "b", ""},
		{"a function", `{"Fn::Join": []}`, "a", "a", ""},
		{"other text", "|\n  x: 1\n", "a: 1\n", "a", ""},
		{"too short", "|", "a\nb", "a", ""},
	} {
		src := &document.Source{Name: "f", Content: []byte("## " + c.written + "\nrest")}
		m := offsetMap(src.Range(3, 3+len(c.written)), c.text)
		if m == nil {
			if c.want != "" {
				t.Errorf("%s: no map", c.name)
			}
			continue
		}
		at := strings.Index(c.text, c.find)
		if got := string(src.Content[m(at) : m(at)+len(c.want)]); c.want == "" || got != c.want {
			t.Errorf("%s: %q is at %q", c.name, c.find, string(src.Content[m(at):]))
		}
	}
}

func corpusFolder(t testing.TB, folder string) string {
	t.Helper()
	root := os.Getenv("PLIMSOLL_CORPUS")
	if root == "" {
		t.Skip("PLIMSOLL_CORPUS is not set: no real inputs to read")
	}
	return filepath.Join(root, folder)
}

// TestCorpus_LabeledArgumentsKeepTheirValues holds the fields of lifted objects
// against what the labels of a real plan say of the arguments.
func TestCorpus_LabeledArgumentsKeepTheirValues(t *testing.T) {
	folder := corpusFolder(t, "terraform/kubernetes-workloads")
	docs, diags := Documents(planned(t, filepath.Join(folder, "plan.json")))
	if len(diags) > 0 || len(docs) != 26 {
		t.Errorf("%d documents, %v", len(docs), diags)
	}
	objects := map[string]*document.Document{}
	for _, d := range docs {
		if d.Parent != nil {
			objects[d.Address] = d
		}
	}
	checked := 0
	for _, l := range readJSON(t, filepath.Join(folder, "labels.json")).(map[string]any)["labels"].([]any) {
		label := l.(map[string]any)
		attribute, _ := label["attribute"].(string)
		object := objects[fmt.Sprint(label["address"])]
		if object == nil || attribute == "" || label["planned"] == nil {
			continue
		}
		var raw document.Path
		for part := range strings.SplitSeq(attribute, ".") {
			if n, err := strconv.Atoi(part); err == nil {
				raw = append(raw, n)
			} else {
				raw = append(raw, part)
			}
		}
		path, ok := object.Locator().(*typedObject).field(raw)
		got, exists := document.At(object.Raw, path)
		if !ok || !exists || fmt.Sprint(got) != fmt.Sprint(label["planned"]) {
			t.Errorf("%s.%s: %s is %v, the label says %v", label["address"], attribute, path, got, label["planned"])
		}
		checked++
	}
	if checked < 15 {
		t.Errorf("only %d labels were checked", checked)
	}
}

// joined evaluates the Fn::Join of a CDK manifest to a text with holes.
func joined(v any) string {
	switch v := v.(type) {
	case string:
		return strings.ReplaceAll(v, "${", "${!")
	case map[string]any:
		if join, ok := v["Fn::Join"].([]any); ok {
			var b strings.Builder
			for _, part := range join[1].([]any) {
				b.WriteString(joined(part))
			}
			return b.String()
		}
		if get, ok := v["Fn::GetAtt"].([]any); ok {
			return fmt.Sprintf("${%s.%s}", get[0], get[1])
		}
		return fmt.Sprintf("${%s}", v["Ref"])
	}
	return ""
}

func TestCorpus_CDKManifestsAreLifted(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(corpusFolder(t, "cdk"), "*.template.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	kinds := map[string]int{}
	for _, file := range files {
		resources, _ := readJSON(t, file).(map[string]any)["Resources"].(map[string]any)
		for id, r := range resources {
			resource := r.(map[string]any)
			if resource["Type"] != "Custom::AWSCDK-EKS-KubernetesResource" {
				continue
			}
			d := &document.Document{ID: id, Address: id, Kind: "Custom::AWSCDK-EKS-KubernetesResource", Raw: map[string]any{}, RawStates: document.States{}}
			manifest := resource["Properties"].(map[string]any)["Manifest"]
			if text, ok := manifest.(string); ok {
				d.Raw["Manifest"] = text
			} else {
				d.RawStates["Manifest"] = document.State{Kind: document.Unknown, Reason: document.RuntimeRef, Template: joined(manifest)}
			}
			docs, diags := Documents([]*document.Document{d})
			if len(diags) > 0 || len(docs) < 2 {
				t.Errorf("%s: %s: %d documents, %v", filepath.Base(file), id, len(docs), diags)
			}
			for _, found := range docs[1:] {
				kinds[found.Kind+" "+found.Name]++
			}
		}
	}
	if diff := cmp.Diff(map[string]int{"v1/ConfigMap aws-auth": 3, "v1/ServiceAccount aws-load-balancer-controller": 1}, kinds); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func BenchmarkTyped(b *testing.B) {
	docs := planned(b, filepath.Join("testdata", "provider", "plan.json"))
	b.ReportAllocs()
	for b.Loop() {
		Documents(docs)
	}
}

func BenchmarkOthers(b *testing.B) {
	docs := make([]*document.Document, 10_000)
	for i := range docs {
		docs[i] = &document.Document{Kind: "apps/v1/Deployment", Raw: map[string]any{"a": "b"}}
	}
	b.ReportAllocs()
	for b.Loop() {
		Documents(docs)
	}
}
