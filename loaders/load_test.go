package loaders_test

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

const account = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: NAME\n"

func named(name string) string { return strings.Replace(account, "NAME", name, 1) }

// tree writes files into a new folder and makes it the working directory.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	return dir
}

func read(t *testing.T, opts loaders.Options, stdin string, paths ...string) loaders.Result {
	t.Helper()
	r, err := loaders.Load(context.Background(), paths, strings.NewReader(stdin), opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ids(r loaders.Result) []string {
	var out []string
	for _, d := range r.Documents {
		out = append(out, d.ID)
	}
	return out
}

func messages(r loaders.Result, level document.Level) []string {
	var out []string
	for _, d := range r.Diagnostics {
		if d.Level == level {
			out = append(out, d.Range.File()+": "+d.Message)
		}
	}
	return out
}

func reasons(r loaders.Result) map[string]string {
	out := map[string]string{}
	for _, p := range r.PassedOver {
		out[p.File] = p.Reason
	}
	return out
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestLoad_MissingPathIsAPathError(t *testing.T) {
	tree(t, nil)
	_, err := loaders.Load(context.Background(), []string{"nowhere"}, nil, loaders.Options{})
	var pe *loaders.PathError
	if !errors.As(err, &pe) || pe.Path != "nowhere" {
		t.Fatalf("got %v", err)
	}
	equal(t, "message", err.Error(), "nowhere: no such file or folder")
}

func TestLoad_BadGlobIsAPathError(t *testing.T) {
	tree(t, nil)
	_, err := loaders.Load(context.Background(), []string{"."}, nil, loaders.Options{Exclude: []string{"a["}})
	if _, ok := errors.AsType[*loaders.PathError](err); !ok {
		t.Fatalf("got %v", err)
	}
}

func TestLoad_StopsWhenCanceled(t *testing.T) {
	tree(t, map[string]string{"a.yaml": named("a")})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := loaders.Load(ctx, []string{"."}, nil, loaders.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestLoad_ReadsStandardInput(t *testing.T) {
	tree(t, map[string]string{"a.yaml": named("a")})
	r := read(t, loaders.Options{}, named("piped"), "-", "a.yaml")
	equal(t, "ids", ids(r), []string{"-#v1/ServiceAccount/default/piped", "a.yaml#v1/ServiceAccount/default/a"})
}

func TestLoad_MakesIDsUnique(t *testing.T) {
	tree(t, map[string]string{"a.yaml": named("x") + "---\n" + named("x") + "---\n" + named("x") + "---\n" + named("x~2")})
	equal(t, "ids", ids(read(t, loaders.Options{}, "", ".")), []string{
		"a.yaml#v1/ServiceAccount/default/x", "a.yaml#v1/ServiceAccount/default/x~3",
		"a.yaml#v1/ServiceAccount/default/x~4", "a.yaml#v1/ServiceAccount/default/x~2",
	})
}

func TestLoad_PassesOverWhatIsNotOurs(t *testing.T) {
	tree(t, map[string]string{
		"package.json":  `{"name": "x"}`,
		"tsconfig.json": "// comments are not JSON\n{\"a\": 1}\n",
		"compose.yaml":  "services:\n  web: {image: x}\n",
		"broken.json":   `{"a": [`,
		"jinja.yaml":    "{% if x %}\na: 1\n{% endif %}\n",
		"LICENSE":       "Do what you like.\n",
		"object.yaml":   "{}\n---\nnull\n",
		"list.json":     "[]",
		"README.md":     "# Title\n\n```yaml\n" + named("x") + "```\n",
		"main.go":       "package main\n\nconst a = `\n" + named("x") + "`\n",
		"image.png":     "\x89PNG\r\n\x1a\n\x00\x00\x00",
		"empty.yaml":    "",
		"comments.yaml": "# apiVersion and kind are words in here\n",
		"parts.yaml":    "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n",
		"kube.yaml":     "apiVersion: v1\nkind: Config\nclusters: []\nusers: [{user: {token: secret}}]\n",
		"notes.txt":     "apiVersion: v1\nkind: [\n",
	})
	r := read(t, loaders.Options{}, "", ".")
	equal(t, "reasons", reasons(r), map[string]string{
		"package.json":  "JSON that is no Kubernetes object, CloudFormation template or Terraform plan",
		"tsconfig.json": "JSON that cannot be read (line 2) and has no sign of a known format",
		"compose.yaml":  "YAML that is no Kubernetes object, CloudFormation template or Terraform plan",
		"broken.json":   "JSON that cannot be read (line 1) and has no sign of a known format",
		"jinja.yaml":    "template: render it and check the result",
		"LICENSE":       "no format has files of this name",
		"object.yaml":   "empty: nothing but {}, [] or null",
		"list.json":     "empty: nothing but {}, [] or null",
		"README.md":     "no format has files named *.md",
		"main.go":       "no format has files named *.go",
		"image.png":     "binary file",
		"empty.yaml":    "empty file",
		"comments.yaml": "nothing in it but comments",
		"parts.yaml":    "kustomization: build it (kustomize build) and check the result",
		"kube.yaml":     "kubeconfig",
		"notes.txt":     `looks like kubernetes but cannot be read: invalid YAML: the text ends inside a list or mapping that is not closed`,
	})
	equal(t, "counts", []int{r.Read, r.NotRecognised, r.Failed, len(r.Diagnostics), len(r.Documents)}, []int{0, 16, 0, 0, 0})
}

func TestLoad_WhatShouldBeReadAndCannotIsAnError(t *testing.T) {
	dir := tree(t, map[string]string{
		"broken.yaml":   named("x") + "   y: z\n",
		"broken.json":   `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}`,
		"others.yaml":   "a: [b\nc: d\n",
		"template.yaml": "AWSTemplateFormatVersion: 2010-09-09\nResources:\n  A:\n    Type: AWS::EKS::Cluster\n   Properties: {}\n",
		"bomb.yaml":     "apiVersion: v1\nkind: Pod\na: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n",
	})
	if os.Geteuid() != 0 {
		p := filepath.Join(dir, "locked.yaml")
		if err := os.WriteFile(p, []byte(named("x")), 0o000); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("nowhere", filepath.Join(dir, "dangling.yaml")); err != nil {
		t.Fatal(err)
	}
	r := read(t, loaders.Options{}, "", ".")
	got := messages(r, document.Error)
	for _, want := range []string{
		`broken.yaml: invalid YAML: ":" is not allowed here`,
		"broken.json: invalid JSON: the text ends inside the object that starts on line 1",
		"others.yaml: invalid YAML: ",
		"template.yaml: invalid YAML: expected a key here",
		"bomb.yaml: aliases expand to far more values than the text holds",
		"dangling.yaml: cannot be read: broken symbolic link",
	} {
		if !slices.ContainsFunc(got, func(m string) bool { return strings.HasPrefix(m, want) }) {
			t.Errorf("no error %q in %q", want, got)
		}
	}
	if r.Failed != len(got) || r.Read+r.NotRecognised != 0 {
		t.Errorf("failed %d of %d, read %d, passed over %v", r.Failed, len(got), r.Read, r.PassedOver)
	}
}

func TestLoad_BrokenDocumentLeavesItsNeighbors(t *testing.T) {
	tree(t, map[string]string{"a.yaml": named("one") + "---\na: b: c\n---\n" + named("two") + "---\nkind: {{\n---\n" + named("three")})
	r := read(t, loaders.Options{}, "", "a.yaml")
	equal(t, "ids", ids(r), []string{
		"a.yaml#v1/ServiceAccount/default/one", "a.yaml#v1/ServiceAccount/default/two", "a.yaml#v1/ServiceAccount/default/three",
	})
	if got := messages(r, document.Error); len(got) != 2 || r.Failed != 1 {
		t.Errorf("failed %d: %q", r.Failed, got)
	}
}

func TestLoad_TemplatesArePassedOver(t *testing.T) {
	chart := map[string]string{
		"chart/Chart.yaml":                "apiVersion: v2\nname: x\nversion: 1.0.0\n",
		"chart/values.yaml":               "a: 1\n",
		"chart/values-prod.yaml":          "kind: x\n",
		"chart/templates/deploy.yaml":     "apiVersion: v1\nkind: Pod\nmetadata:\n  name: \"{{ .Release.Name }}\"\n",
		"chart/templates/sub/x.yaml":      "{{- if .Values.a }}\n" + named("x") + "{{- end }}\n",
		"chart/templates/plain.yaml":      named("plain"),
		"chart/templates/_helpers.tpl":    "{{- define \"x\" }}{{ end }}",
		"chart/crds/crd.yaml":             named("crd"),
		"gotemplate.yaml":                 "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Name }}\n  {{- if .Labels }}\n  labels:\n    {{- toYaml .Labels | nindent 4 }}\n  {{- end }}\n",
		"jinja.yaml":                      "{% if x %}\n" + named("{{ name }}") + "{% endif %}\n",
		"rules.yaml":                      "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: r}\nspec:\n  text: \"{{ $labels.pod }}\"\n  more: |\n    {{ if x }}\n    y\n    {{ end }}\n",
		"rules-broken.yaml":               "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n  text: \"{{ $labels.pod }}\"\n   more: x\n",
		"elsewhere/templates/deploy.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: \"{{ quoted }}\"\n",
	}
	tree(t, chart)
	r := read(t, loaders.Options{}, "", ".")
	const template = "template: render it and check the result"
	equal(t, "reasons", reasons(r), map[string]string{
		"gotemplate.yaml": template, "jinja.yaml": template,
	})
	equal(t, "ids", ids(r), []string{
		"chart/crds/crd.yaml#v1/ServiceAccount/default/crd", "chart/templates/deploy.yaml#v1/Pod/default/x",
		"chart/templates/plain.yaml#v1/ServiceAccount/default/plain", "chart/templates/sub/x.yaml#v1/ServiceAccount/default/x",
		"elsewhere/templates/deploy.yaml#v1/Pod/default/{{ quoted }}", "rules.yaml#monitoring.coreos.com/v1/PrometheusRule/default/r",
	})
	if got := messages(r, document.Error); len(got) != 1 || !strings.HasPrefix(got[0], "rules-broken.yaml: ") {
		t.Errorf("errors: %q", got)
	}
}

func TestLoad_TemplateOfAChartIsJudgedWithItsChart(t *testing.T) {
	const sentence = "template of the chart chart: check the chart's folder instead"
	tree(t, map[string]string{
		"chart/Chart.yaml":             "apiVersion: v2\nname: x\nversion: 1.0.0\n",
		"chart/values.yaml":            "a: 1\n",
		"chart/templates/a.yaml":       named("{{ .Release.Name }}"),
		"chart/templates/_helpers.tpl": "{{ define \"x\" }}{{ end }}",
	})
	equal(t, "reasons", reasons(read(t, loaders.Options{}, "", "chart/templates", "chart/values.yaml")), map[string]string{
		"chart/templates/a.yaml": sentence, "chart/templates/_helpers.tpl": sentence,
		"chart/values.yaml": "part of a Helm chart: check the folder of the chart",
	})
	r := read(t, loaders.Options{}, "", "chart/templates/a.yaml", "chart/templates/_helpers.tpl")
	equal(t, "errors", messages(r, document.Error), []string{"chart/templates/a.yaml: is a " + sentence})
	equal(t, "reasons", reasons(r), map[string]string{"chart/templates/_helpers.tpl": sentence})
	r = read(t, loaders.Options{}, "", "chart", "chart/templates/a.yaml")
	equal(t, "errors of both", messages(r, document.Error), nil)
	equal(t, "counts of both", []int{r.Read, r.NotRecognised, r.Failed, len(r.Documents)}, []int{4, 0, 0, 1})
}

func TestLoad_BrokenJSONNamedItselfIsAnErrorUnlessItHasComments(t *testing.T) {
	tree(t, map[string]string{"a.json": `{"a": [`, "tsconfig.json": "// comments are not JSON\n{\"a\": 1}\n", "b.yaml": "a: {{ b }} c\n"})
	r := read(t, loaders.Options{}, "", "a.json", "tsconfig.json", "b.yaml")
	equal(t, "errors", messages(r, document.Error), []string{"a.json: invalid JSON: the text ends where a value is expected"})
	equal(t, "reasons", reasons(r), map[string]string{
		"tsconfig.json": "JSON that cannot be read (line 2) and has no sign of a known format",
		"b.yaml":        "template: render it and check the result",
	})
}

func TestLoad_TemplateNamedItselfIsAnError(t *testing.T) {
	tree(t, map[string]string{"a.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Name }}\n"})
	r := read(t, loaders.Options{}, "", "a.yaml")
	if r.Failed != 1 || len(messages(r, document.Error)) != 1 {
		t.Errorf("failed %d: %v", r.Failed, r.Diagnostics)
	}
	equal(t, "notes", messages(r, document.Note), []string{"a.yaml: this looks like a template: render it and check the result"})
}

func TestLoad_BinaryNamedItselfIsAnError(t *testing.T) {
	tree(t, map[string]string{"tf.plan": "PK\x03\x04\x14\x00\x08\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x06\x00\x09\x00tfplan"})
	const reason = "Terraform plan in binary form: write it as JSON (terraform show -json) and check that"
	equal(t, "walked", reasons(read(t, loaders.Options{}, "", ".")), map[string]string{"tf.plan": reason})
	equal(t, "named", messages(read(t, loaders.Options{}, "", "tf.plan"), document.Error), []string{"tf.plan: cannot be read: " + reason})
}

func TestLoad_DecodesWhatWindowsWrites(t *testing.T) {
	encode := func(order binary.AppendByteOrder, s string) string {
		var b []byte
		for _, u := range utf16.Encode([]rune(s)) {
			b = order.AppendUint16(b, u)
		}
		return string(b)
	}
	text := named("é")
	tree(t, map[string]string{
		"a.yaml": "\xef\xbb\xbf" + text,
		"b.yaml": encode(binary.LittleEndian, "\ufeff"+text),
		"c.yaml": encode(binary.BigEndian, "\ufeff"+text),
		"d.yaml": encode(binary.LittleEndian, text),
		"e.yaml": encode(binary.LittleEndian, "\ufeff"+text+"# "+strings.Repeat("長", 60_000)+"\n---\n"+named("far")),
	})
	r := read(t, loaders.Options{}, "", ".")
	const id = ".yaml#v1/ServiceAccount/default/é"
	equal(t, "ids", ids(r), []string{"a" + id, "b" + id, "c" + id, "d" + id, "e" + id, "e.yaml#v1/ServiceAccount/default/far"})
	at, exact := r.Documents[0].Locate(document.Path{"apiVersion"})
	equal(t, "place", place(at), "a.yaml:1:13-1:15")
	if !exact {
		t.Error("not exact")
	}
}

func TestLoad_FindsObjectsFarFromTheBeginning(t *testing.T) {
	comment := strings.Repeat("# a long license\n", 5000)
	tree(t, map[string]string{"a.yaml": comment + named("a"), "b.txt": comment + named("b")})
	equal(t, "ids", ids(read(t, loaders.Options{}, "", ".")), []string{"a.yaml#v1/ServiceAccount/default/a"})
}

func TestLoad_NamesFilesRelativeToTheWorkingDirectory(t *testing.T) {
	dir := tree(t, map[string]string{"in/a.yaml": named("a"), "in/sub/b.yaml": named("b"), "other/c.yaml": named("c")})
	t.Chdir(filepath.Join(dir, "in"))
	r := read(t, loaders.Options{}, "", filepath.Join(dir, "in", "a.yaml"), "./sub/", "../other", filepath.Join(dir, "other"))
	equal(t, "ids", ids(r), []string{
		"a.yaml#v1/ServiceAccount/default/a", "sub/b.yaml#v1/ServiceAccount/default/b", "../other/c.yaml#v1/ServiceAccount/default/c",
	})
}

func TestLoad_ClaimedFilesAnswerOnce(t *testing.T) {
	const nested = "AWSTemplateFormatVersion: 2010-09-09\nResources:\n  Inner:\n    Type: AWS::EKS::Cluster\n    Properties: {RoleArn: x}\n"
	tree(t, map[string]string{
		"child.yaml": nested,
		"root.yaml":  "AWSTemplateFormatVersion: 2010-09-09\nResources:\n  Stack:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: child.yaml}\n",
	})
	r := read(t, loaders.Options{}, "", ".")
	var clusters []string
	for _, d := range r.Documents {
		if d.Kind == "AWS::EKS::Cluster" && d.Parent == nil {
			clusters = append(clusters, d.ID)
		}
	}
	if len(clusters) != 1 || r.Read != 2 {
		t.Errorf("clusters %q, read %d, %v", clusters, r.Read, r.Diagnostics)
	}
}

func TestLoad_SecretsAreSensitive(t *testing.T) {
	tree(t, map[string]string{"a.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: Yg==}\nstringData: {b: c}\n"})
	r := read(t, loaders.Options{}, "", ".")
	var got []string
	for _, p := range r.Documents[0].Sensitive {
		got = append(got, p.String())
	}
	slices.Sort(got)
	equal(t, "sensitive", slices.Compact(got), []string{"data", "stringData"})
}
