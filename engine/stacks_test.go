package engine_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

const enforcedCluster = `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: harbour, region: eu-west-1, version: "1.35"}
addons:
  - name: vpc-cni
    configurationValues: '{"enableNetworkPolicy": "true"}'
`

const openCluster = `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: harbour, region: us-east-1, version: "1.35"}
`

func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// fromHere names a folder as documents do, from the working directory.
func fromHere(t *testing.T, dir string) string {
	t.Helper()
	cwd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	rel, err := filepath.Rel(cwd, dir)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.ToSlash(rel)
}

// said lists the findings of one rule: file, status, and whether they are about
// a gap.
func said(r *finding.Result, dir, rule string) []string {
	var out []string
	for _, f := range r.Findings {
		if f.Rule.ID != rule {
			continue
		}
		file, err := filepath.Rel(dir, f.Range.File())
		if err != nil {
			file = f.Range.File()
		}
		line := filepath.ToSlash(file) + " " + string(f.Status)
		if f.Rule.Advisory {
			line += " gap"
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

func TestCheck_StacksDoNotMeet(t *testing.T) {
	const unenforced = "PLM-NET-015"
	dir := fromHere(t, tree(t, map[string]string{"eu/cluster.yaml": enforcedCluster, "us/cluster.yaml": openCluster}))
	stack := func(name string, complete bool) engine.Stack {
		return engine.Stack{Name: name, Paths: []string{dir + "/" + name + "/**"}, Complete: complete}
	}
	for name, c := range map[string]struct {
		stacks []engine.Stack
		want   []string
	}{
		"none":           {nil, nil}, // the add-on of one cluster speaks for both
		"two":            {[]engine.Stack{stack("eu", false), stack("us", false)}, []string{"us/cluster.yaml fail gap"}},
		"one, and rest":  {[]engine.Stack{stack("eu", true)}, []string{"us/cluster.yaml fail gap"}},
		"a complete one": {[]engine.Stack{stack("eu", true), stack("us", true)}, []string{"us/cluster.yaml fail"}},
		"a shared file":  {[]engine.Stack{stack("eu", false), {Name: "all", Paths: []string{dir}, Complete: true}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := check(t, engine.Options{Rules: []string{unenforced}, Stacks: c.stacks}, dir)
			if diff := cmp.Diff(c.want, said(r, dir, unenforced)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParts_ADocumentIsWhereItsFileIs(t *testing.T) {
	doc := func(id string) *document.Document { return &document.Document{ID: id} }
	carrier := doc("infra/eu#kubernetes_manifest.x")
	lifted := doc("lifted")
	lifted.Parent = carrier
	docs := []*document.Document{doc("infra/eu#aws_eks_cluster.c"), lifted, doc("infra/us/plan.json#aws_eks_cluster.c"), doc("base/web.yaml#v1/Pod/a/b"), doc("other.yaml#v1/Pod/a/b")}
	got := engine.Parts(docs, []engine.Stack{
		{Name: "eu", Paths: []string{"infra/eu", "base/**"}}, {Name: "us", Paths: []string{"infra/us/*.json", "base/*.yaml"}, Complete: true}, {Name: "none", Paths: []string{"x"}},
	})
	want := map[string][]string{
		"eu": {"infra/eu#aws_eks_cluster.c", "lifted", "base/web.yaml#v1/Pod/a/b"},
		"us": {"infra/us/plan.json#aws_eks_cluster.c", "base/web.yaml#v1/Pod/a/b"}, "": {"other.yaml#v1/Pod/a/b"},
	}
	have := map[string][]string{}
	for _, p := range got {
		for _, d := range p.Documents {
			have[p.Options.Name] = append(have[p.Options.Name], d.ID)
		}
		if p.Options.Complete != (p.Options.Name == "us") {
			t.Errorf("%s: complete is %v", p.Options.Name, p.Options.Complete)
		}
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Error(diff)
	}
}
