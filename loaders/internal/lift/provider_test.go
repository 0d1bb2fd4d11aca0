package lift

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// testdata/provider holds a configuration, the resource changes of its plan
// (Terraform 1.11.4, provider 3.2.1) and the objects that the provider then
// sent to an API server, as a stand-in server received them.

func readJSON(t testing.TB, name string) any {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return numbers(v)
}

// numbers turns json.Number into int64 or float64, as the loaders do.
func numbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = numbers(v[key])
		}
	}
	return v
}

// planned makes documents of a plan's resource changes, known values only.
func planned(t testing.TB, name string) []*document.Document {
	t.Helper()
	var out []*document.Document
	v := readJSON(t, name)
	if plan, ok := v.(map[string]any); ok {
		v = plan["resource_changes"]
	}
	for _, c := range v.([]any) {
		change := c.(map[string]any)
		kind := change["type"].(string)
		if mode, _ := change["mode"].(string); mode == "data" {
			continue
		}
		after, _ := change["change"].(map[string]any)["after"].(map[string]any)
		d := typedDocument(kind, after)
		d.Address = change["address"].(string)
		d.ID = "plan.json#" + d.Address
		out = append(out, d)
	}
	return out
}

// bare drops what says nothing: null, "", false, 0 and empty collections below
// the root, so that a default sent and a default left out compare equal. Lists
// that are sets to the provider are sorted.
func bare(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = bare(e)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			switch b := bare(value).(type) {
			case map[string]any:
				if len(b) > 0 {
					out[key] = b
				}
			case []any:
				if len(b) > 0 {
					out[key] = b
				}
				if slices.Contains([]string{"resources", "verbs", "values", "supplementalGroups"}, key) {
					slices.SortFunc(b, func(x, y any) int { return cmp.Compare(fmt.Sprint(x), fmt.Sprint(y)) })
				}
			case nil:
			default:
				if b != "" && b != false && b != int64(0) {
					out[key] = b
				}
			}
		}
		return out
	}
	return v
}

func TestTyped_ObjectsAreWhatTheProviderSends(t *testing.T) {
	docs := planned(t, filepath.Join("testdata", "provider", "plan.json"))
	lifted, diags := Documents(docs)
	if len(diags) > 0 {
		t.Errorf("diagnostics: %v", diags)
	}
	children := map[string]map[string]any{}
	for _, d := range lifted {
		if d.Parent != nil {
			children[d.Kind+"/"+d.Name] = d.Raw
		}
	}
	if len(children) != len(docs) {
		t.Errorf("%d resources, %d objects", len(docs), len(children))
	}
	for _, o := range readJSON(t, filepath.Join("testdata", "provider", "objects.json")).([]any) {
		want := o.(map[string]any)
		delete(want, "status")
		metadata := want["metadata"].(map[string]any)
		name, _ := metadata["name"].(string)
		if name == "" {
			name, _ = metadata["generateName"].(string)
		}
		key := want["apiVersion"].(string) + "/" + want["kind"].(string) + "/" + name
		got, ok := children[key]
		if !ok {
			t.Errorf("%s was not lifted", key)
			continue
		}
		if want["kind"] == "Secret" { // the API takes text as stringData and gives it back encoded
			delete(want, "data")
		}
		if spec, _ := got["spec"].(map[string]any); want["kind"] == "CronJob" { // what the API fills in as well
			delete(spec, "failedJobsHistoryLimit")
			delete(spec, "successfulJobsHistoryLimit")
		}
		if diff := gocmp.Diff(bare(want), bare(got)); diff != "" {
			t.Errorf("%s (-sent +lifted):\n%s", key, diff)
		}
	}
}
