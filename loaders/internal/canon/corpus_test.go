package canon

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// corpusFiles calls f for every file of a corpus folder with one of the
// endings.
func corpusFiles(t *testing.T, folder string, f func(name string, text []byte), endings ...string) {
	t.Helper()
	root := os.Getenv("PLIMSOLL_CORPUS")
	if root == "" {
		t.Skip("PLIMSOLL_CORPUS does not name a folder of real inputs")
	}
	err := filepath.WalkDir(filepath.Join(root, folder), func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		for _, ending := range endings {
			if strings.HasSuffix(name, ending) {
				text, err := os.ReadFile(name)
				if err != nil {
					return err
				}
				f(filepath.Base(name), text)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// objectsOf makes documents of the Kubernetes-style objects of a YAML stream.
func objectsOf(text []byte) []*document.Document {
	var out []*document.Document
	for part := range strings.SplitSeq("\n"+string(text), "\n---") {
		v, ok := parseText(part)
		if !ok {
			continue
		}
		raw, ok := v.(object)
		if !ok {
			continue
		}
		version, _ := raw["apiVersion"].(string)
		kind, _ := raw["kind"].(string)
		out = append(out, &document.Document{ID: version + "/" + kind, Kind: version + "/" + kind, Raw: raw, Format: "kubernetes"})
	}
	return out
}

func TestCorpus_CustomResourcesBecomeCanonical(t *testing.T) {
	for folder, want := range map[string]string{
		"eksctl": "eks_cluster", "ack": "eks_cluster", "capi": "eks_cluster", "karpenter": "node_group",
	} {
		found := map[string]int{}
		corpusFiles(t, folder, func(name string, text []byte) {
			docs := Complete(objectsOf(text))
			for _, d := range docs {
				found[d.Type]++
				if d.Type == "eks_cluster" && d.States["endpoint.public_access"].Kind == "" && attr(t, d, "endpoint.public_access") == nil {
					t.Errorf("%s: %s has no endpoint", name, d.ID)
				}
				if folder == "eksctl" && d.Type == "" {
					t.Errorf("%s: %s has no type", name, d.ID)
				}
			}
		}, ".yaml")
		if found[want] == 0 {
			t.Errorf("%s holds no %s: %v", folder, want, found)
		}
		t.Logf("%s: %v", folder, found)
	}
}

// TestCorpus_PlansAreReadWithoutTheirLoader reads real plans the plain way, as a
// check on shapes: every value and mask of a real provider passes the tables.
func TestCorpus_PlansAreReadWithoutTheirLoader(t *testing.T) {
	types := map[string]int{}
	read := func(name string, text []byte) {
		var plan struct {
			Changes []struct {
				Address, Type, Mode string
				Change              struct {
					After        any
					AfterUnknown any `json:"after_unknown"`
				}
			} `json:"resource_changes"`
		}
		if json.Unmarshal(text, &plan) != nil {
			return
		}
		var docs []*document.Document
		for _, c := range plan.Changes {
			raw, ok := c.Change.After.(object)
			if !ok || c.Mode == "data" {
				continue
			}
			states := document.States{}
			unknownLeaves(c.Change.AfterUnknown, nil, states)
			docs = append(docs, &document.Document{
				ID: name + c.Address, Kind: c.Type, Raw: plainNumbersOf(raw), RawStates: states, Format: "terraform-plan", Scope: name,
			})
		}
		for _, d := range Complete(docs) {
			types[d.Type]++
			for path := range d.Written {
				if _, err := document.ParsePath(path); err != nil {
					t.Errorf("%s: %v", d.ID, err)
				}
			}
		}
	}
	corpusFiles(t, "terraform", read, "plan.json")
	corpusFiles(t, "tfplans", read, ".json")
	for _, typ := range []string{"eks_cluster", "node_group", "iam_role", "security_group_rule", "launch_template"} {
		if types[typ] == 0 {
			t.Errorf("no %s in any plan: %v", typ, types)
		}
	}
	t.Logf("%v", types)
}

func unknownLeaves(mask any, path document.Path, into document.States) {
	switch m := mask.(type) {
	case bool:
		if m {
			into[path.String()] = document.State{Kind: document.Unknown, Reason: document.AfterApply}
		}
	case []any:
		for i, e := range m {
			unknownLeaves(e, path.Append(i), into)
		}
	case object:
		for k, e := range m {
			unknownLeaves(e, path.Append(k), into)
		}
	}
}

// plainNumbersOf turns the floats encoding/json makes into whole numbers.
func plainNumbersOf(v object) object {
	m, ok := plainCopy(v).(object)
	if !ok {
		return nil
	}
	return m
}
