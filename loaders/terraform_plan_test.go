package loaders_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/fixtures"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// loadPlan loads one plan in dir; names are relative to dir.
func loadPlan(t *testing.T, dir, name string, content []byte, options loaders.Options) loaders.Output {
	t.Helper()
	format := slices.IndexFunc(loaders.Formats(), func(f loaders.Format) bool { return f.Name == "terraform-plan" })
	if format < 0 {
		t.Fatal("the format is not registered")
	}
	in := loaders.Input{
		Source:   &document.Source{Name: name, Content: content},
		ReadFile: func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, name)) },
		ReadDir: func(name string) ([]string, error) {
			entries, err := os.ReadDir(filepath.Join(dir, name))
			var out []string
			for _, e := range entries {
				out = append(out, e.Name())
			}
			return out, err
		},
		Options: options,
	}
	f := loaders.Formats()[format]
	if got := f.Detect(name, content[:min(len(content), 1<<16)]); got != loaders.Yes {
		t.Errorf("%s is detected as %v", name, got)
	}
	out, err := f.Load(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func readPlan(t *testing.T, elem ...string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func planDocument(t *testing.T, out loaders.Output, address string) *document.Document {
	t.Helper()
	i := slices.IndexFunc(out.Documents, func(d *document.Document) bool { return d.Address == address })
	if i < 0 {
		t.Fatalf("no document %s", address)
	}
	return out.Documents[i]
}

// planPlace writes a range as file:line:column.
func planPlace(r document.Range) string {
	return fmt.Sprintf("%s:%d:%d", r.File(), r.Start.Line, r.Start.Column)
}

func TestTerraformPlan_PlacesAreInTheUsersFiles(t *testing.T) {
	dir := fixtures.Path(t, "load", "terraform-plan", "addresses")
	out := loadPlan(t, dir, "plan.json", readPlan(t, dir, "plan.json"), loaders.Options{})
	d := planDocument(t, out, "module.elsewhere.aws_eks_cluster.this")
	for path, want := range map[string]string{
		"vpc_config[0].public_access_cidrs":    "modules/cluster/main.tf:33",
		"vpc_config[0].endpoint_public_access": "modules/cluster/main.tf:30",
		"encryption_config":                    "modules/cluster/main.tf:25",
		`tags["eks.amazonaws.com/owner"]`:      "modules/cluster/main.tf:37",
	} {
		parsed, err := document.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		r, _ := d.Locate(parsed)
		if got := fmt.Sprintf("%s:%d", r.File(), r.Start.Line); got != want {
			t.Errorf("%s is at %s, want %s", path, got, want)
		}
	}
	var origin []string
	for _, r := range d.Origin {
		origin = append(origin, r.Text())
	}
	want := []string{`resource "aws_eks_cluster" "this"`, `module "elsewhere"`, `name    = "elsewhere"`, `logs    = ["api", "audit"]`, `cidrs   = ["203.0.113.0/24"]`}
	if diff := cmp.Diff(want, origin); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"main.tf", "modules/cluster/main.tf"}, out.Claimed); diff != "" {
		t.Error(diff)
	}
}

func TestTerraformPlan_ConfigurationIsFoundAboveThePlanOrByOption(t *testing.T) {
	dir := fixtures.Path(t, "load", "terraform-plan")
	content := readPlan(t, dir, "irsa", "plan.json")
	for _, c := range []struct{ name, root, want string }{
		{"irsa/build/out/plan.json", "", "irsa/main.tf"},
		{"elsewhere/plan.json", "irsa", "irsa/main.tf"},
		{"elsewhere/plan.json", "", "elsewhere/plan.json"},
		// A directory of another configuration does not agree with the plan.
		{"actions/plan.json", "", "actions/plan.json"},
		{"actions/plan.json", "actions", "actions/plan.json"},
		{"elsewhere/plan.json", "none", "elsewhere/plan.json"},
	} {
		out := loadPlan(t, dir, c.name, content, loaders.Options{TerraformRoot: c.root})
		r, _ := planDocument(t, out, "aws_iam_role.app").Locate(document.Path{"name_prefix"})
		if r.File() != c.want {
			t.Errorf("%s with root %q: places are in %s, want %s", c.name, c.root, r.File(), c.want)
		}
		if warned := len(out.Diagnostics) > 0; warned != (c.root == "none") {
			t.Errorf("%s with root %q: diagnostics %v", c.name, c.root, out.Diagnostics)
		}
	}
}

func TestTerraformPlan_SourcesSettleWhatThePlanLeavesOpen(t *testing.T) {
	dir := fixtures.Path(t, "load", "terraform-plan", "null-or-unknown")
	out := loadPlan(t, dir, "plan.json", readPlan(t, dir, "plan.json"), loaders.Options{})
	d := planDocument(t, out, "module.after_apply.aws_eks_cluster.this")
	state := d.RawStates["encryption_config[0].provider[0].key_arn"]
	if state.Reason != document.AfterApply || !slices.Contains(state.Refs, "tf:plan.json#aws_kms_key.eks") {
		t.Errorf("the key in a dynamic block: %+v", state)
	}
	i := slices.IndexFunc(d.Refs, func(r document.Ref) bool { return r.To == "tf:plan.json#aws_kms_key.eks" })
	if i < 0 || d.Refs[i].Via != "source" || d.Refs[i].Attribute != "arn" {
		t.Errorf("edges %v", d.Refs)
	}
	for _, path := range []string{"version", "access_config[0].authentication_mode"} { // behind local values
		if state, unknown := d.RawStates[path]; unknown {
			t.Errorf("%s is null in the source, not %+v", path, state)
		}
	}
}

func TestTerraformPlan_ABrokenSourceFileIsAWarning(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte("resource \"aws_iam_role\" {{\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	content := readPlan(t, fixtures.Path(t, "load", "terraform-plan", "irsa"), "plan.json")
	out := loadPlan(t, dir, "plan.json", content, loaders.Options{TerraformRoot: "."})
	if len(out.Diagnostics) != 1 || out.Diagnostics[0].Level != document.Warning || out.Diagnostics[0].Range.File() != "main.tf" {
		t.Errorf("diagnostics %v", out.Diagnostics)
	}
	if r, exact := planDocument(t, out, "aws_iam_role.app").Locate(document.Path{"name_prefix"}); !exact || r.File() != "plan.json" {
		t.Errorf("located at %s, exact %v", planPlace(r), exact)
	}
}

// corpus returns the folder of real plans.
func corpus(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("PLIMSOLL_CORPUS")
	if dir == "" {
		t.Skip("PLIMSOLL_CORPUS does not name a folder of real inputs")
	}
	return dir
}

func corpusPlans(t *testing.T) []string {
	t.Helper()
	dir := corpus(t)
	var plans []string
	for _, pattern := range []string{"terraform/*/plan.json", "tfplans/*/*.json"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("no plans for %s: %v", pattern, err)
		}
		plans = append(plans, found...)
	}
	return plans
}

// utf8Text decodes what Windows shells write, as Load does before it asks the
// format.
func utf8Text(b []byte) []byte {
	if !bytes.HasPrefix(b, []byte("\xff\xfe")) {
		return b
	}
	units := make([]uint16, 0, len(b)/2)
	for i := 2; i+1 < len(b); i += 2 {
		units = append(units, uint16(b[i])|uint16(b[i+1])<<8)
	}
	return []byte(string(utf16.Decode(units)))
}

func TestTerraformPlan_CorpusLoads(t *testing.T) {
	for _, name := range corpusPlans(t) {
		content := utf8Text(readPlan(t, name))
		out := loadPlan(t, filepath.Dir(name), "plan.json", content, loaders.Options{})
		for _, d := range out.Diagnostics {
			if d.Level == document.Error {
				t.Errorf("%s: %s", name, d.Message)
			}
		}
		var head struct {
			Changes []struct {
				Address string `json:"address"`
				Deposed string `json:"deposed"`
			} `json:"resource_changes"`
		}
		if err := json.Unmarshal(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")), &head); err != nil {
			t.Fatal(err)
		}
		for _, c := range head.Changes {
			d := planDocument(t, out, c.Address)
			if r, _ := d.Locate(nil); r.IsZero() {
				t.Errorf("%s: %s has no place", name, c.Address)
			}
		}
	}
}

// A label of a root says what the plan knows of one attribute.
type planLabel struct {
	Address   string `json:"address"`
	Attribute string `json:"attribute"`
	State     string `json:"state"`
	Planned   any    `json:"planned"`
}

func TestTerraformPlan_CorpusLabelsAgree(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(corpus(t), "terraform/*/labels.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no labels: %v", err)
	}
	// These labels tell what the mask shows. Their notes say that the argument was
	// left out, which the loader finds out too: it is not there, not unknown.
	leftOut := map[string]bool{
		"aws_launch_template.dynamic metadata_options":                                true,
		"helm_release.agent version":                                                  true,
		"kubernetes_deployment_v1.bad spec.0.template.0.spec.0.container.0.resources": true,
	}
	checked := 0
	for _, file := range files {
		var labels struct {
			Root   string      `json:"root"`
			Labels []planLabel `json:"labels"`
		}
		if err := json.Unmarshal(readPlan(t, file), &labels); err != nil {
			t.Fatal(err)
		}
		content := readPlan(t, filepath.Dir(file), "plan.json")
		with := loadPlan(t, filepath.Dir(file), "plan.json", content, loaders.Options{})
		without := loadPlan(t, t.TempDir(), "plan.json", content, loaders.Options{})
		for _, l := range labels.Labels {
			want := l.State
			if leftOut[l.Address+" "+l.Attribute] {
				want = "null"
			}
			checked++
			for sources, out := range map[string]loaders.Output{"with": with, "without": without} {
				if got := labelState(planDocument(t, out, l.Address), l, want); got != want {
					t.Errorf("%s, %s sources: %s %s is %s, want %s", labels.Root, sources, l.Address, l.Attribute, got, want)
				}
			}
		}
	}
	if checked < 70 {
		t.Errorf("only %d labels checked", checked)
	}
}

// labelState says in the words of the labels what d knows.
func labelState(d *document.Document, l planLabel, want string) string {
	var path document.Path
	for name := range strings.SplitSeq(l.Attribute, ".") {
		if i, err := strconv.Atoi(name); err == nil {
			path = append(path, i)
			continue
		}
		path = append(path, name)
	}
	if s, ok := d.RawStates[path.String()]; ok {
		return string(s.Kind)
	}
	v, ok := document.At(d.Raw, path)
	list, isList := v.([]any)
	switch {
	case want == "null" && (!ok || v == nil || isList && len(list) == 0): // missing has three shapes
		return "null"
	case !ok || v == nil:
		return "absent"
	}
	if slices.ContainsFunc(d.Sensitive, func(p document.Path) bool { return path.HasPrefix(p) }) {
		return "sensitive"
	}
	text, err := json.Marshal(v)
	planned, err2 := json.Marshal(l.Planned)
	if err != nil || err2 != nil || l.Planned != nil && l.Planned != "(long)" && !bytes.Equal(text, planned) {
		return fmt.Sprintf("%s in place of %s", text, planned)
	}
	return want
}
