package tfeval_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfeval"
)

func TestEvaluate_ModulesPassValuesBothWays(t *testing.T) {
	docs, diagnostics := evaluate(t, memory{
		"main.tf": `
module "a" {
  source   = "./m"
  for_each = { one = "1.30" }
  version_ = each.value
}
module "installed" {
  source   = "example/m/test"
  version_ = "9"
}
module "gone" { source = "example/gone/test" }
resource "test_it" "out" {
  got  = module.a["one"].got
  id   = module.a["one"].id
  all  = [for m in module.a : m.got]
  gone = module.gone.x
}
moved {
  from = test_it.old
  to   = test_it.out
}
`,
		"m/main.tf": `
variable "version_" { type = string }
resource "test_it" "in" { v = var.version_ }
output "got" { value = test_it.in.v }
output "id" { value = test_it.in.id }
`,
		".terraform/modules/modules.json": `{"Modules":[{"Key":"","Dir":"."},{"Key":"installed","Source":"x","Dir":"m"}]}`,
	}, tfeval.Settings{})
	if diff := cmp.Diff([]string{`module.a["one"].test_it.in`, "module.installed.test_it.in", "test_it.out"}, addresses(docs)); diff != "" {
		t.Error(diff)
	}
	out := docs["test_it.out"]
	if diff := cmp.Diff(map[string]any{"got": "1.30", "all": []any{"1.30"}}, out.Raw); diff != "" {
		t.Error(diff)
	}
	token := `tf:.#module.a["one"].test_it.in`
	if got := out.RawStates["id"]; got.Kind != document.Unknown || !slices.Equal(got.Refs, []string{token}) {
		t.Errorf("id is %v", got)
	}
	if got := out.RawStates["gone"].Reason; got != document.ModuleNotAvailable {
		t.Errorf("the missing module gives %q", got)
	}
	if len(diagnostics) != 1 || diagnostics[0].Level != document.Note || !strings.Contains(diagnostics[0].Message, "example/gone/test") {
		t.Errorf("diagnostics are %v", diagnostics)
	}
}

func TestEvaluate_PolicyDocumentsAreWrittenOut(t *testing.T) {
	docs, _ := evaluate(t, memory{"main.tf": `
resource "aws_iam_user" "u" { name = "u" }
data "aws_iam_policy_document" "base" {
  statement {
    sid       = "Base"
    actions   = ["s3:Get*"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "known" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
data "aws_iam_policy_document" "partly" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]
  statement {
    actions   = ["s3:*"]
    resources = [aws_iam_user.u.arn, "x"]
    condition {
      test     = "StringEquals"
      variable = "${aws_iam_user.u.arn}:sub"
      values   = ["v"]
    }
  }
}
resource "aws_iam_policy" "known" { policy = data.aws_iam_policy_document.known.json }
resource "aws_iam_policy" "partly" { policy = data.aws_iam_policy_document.partly.json }
`}, tfeval.Settings{})
	var known any
	text, _ := docs["aws_iam_policy.known"].Raw["policy"].(string)
	if err := json.Unmarshal([]byte(text), &known); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"Version": "2012-10-17", "Statement": []any{
		map[string]any{"Sid": "Base", "Effect": "Allow", "Action": []any{"s3:Get*"}, "Resource": []any{"*"}},
		map[string]any{"Effect": "Deny", "Action": []any{"s3:*"}, "Resource": []any{"*"}, "Principal": "*"},
	}}
	if diff := cmp.Diff(any(want), known); diff != "" {
		t.Error(diff)
	}
	partly := docs["aws_iam_policy.partly"]
	second, _ := document.At(partly.Raw, document.Path{"policy", "Statement", 1})
	if diff := cmp.Diff(any(map[string]any{
		"Effect": "Allow", "Action": []any{"s3:*"}, "Resource": []any{nil, "x"},
		"Condition": map[string]any{"StringEquals": map[string]any{"${aws_iam_user.u.arn}:sub": []any{"v"}}},
	}), second); diff != "" {
		t.Error(diff)
	}
	r, exact := partly.Locate(document.Path{"policy", "Statement", 1, "Resource", 1})
	if r.Text() != `"x"` || !exact {
		t.Errorf("the resource is at %q (%v)", r.Text(), exact)
	}
}

func TestEvaluate_JSONSyntaxGivesTheSameAsNative(t *testing.T) {
	native, _ := evaluate(t, memory{"main.tf": `
variable "cidrs" {
  type    = list(string)
  default = ["0.0.0.0/0"]
}
locals { name = "x" }
resource "aws_eks_cluster" "c" {
  name = "${local.name}-1"
  tags = { a = "b" }
  vpc_config {
    public_access_cidrs = var.cidrs
  }
  dynamic "encryption_config" {
    for_each = [1]
    content {
      resources = ["secrets"]
      provider { key_arn = "k${encryption_config.value}" }
    }
  }
}`}, tfeval.Settings{})
	asJSON, _ := evaluate(t, memory{"main.tf.json": `{
"//": {"metadata": "cdktf"},
"variable": {"cidrs": {"type": "list(string)", "default": ["0.0.0.0/0"]}},
"locals": {"name": "x"},
"resource": {"aws_eks_cluster": {"c": {
  "//": "note", "name": "${local.name}-1", "tags": {"a": "b"},
  "vpc_config": {"public_access_cidrs": "${var.cidrs}"},
  "dynamic": {"encryption_config": {"for_each": [1], "content": {"resources": ["secrets"], "provider": {"key_arn": "k${encryption_config.value}"}}}}
}}}}`}, tfeval.Settings{})
	if diff := cmp.Diff(native["aws_eks_cluster.c"].Raw, asJSON["aws_eks_cluster.c"].Raw); diff != "" {
		t.Errorf("native (-) and JSON (+) differ: %s", diff)
	}
}

func TestEvaluate_HostileConfigurationEnds(t *testing.T) {
	for name, text := range map[string]string{
		"cycle":      `locals { a = local.b, b = local.a }` + "\n" + `resource "t_x" "x" { v = local.a }`,
		"doubling":   "locals {\n a0 = \"xxxxxxxxxx\"\n" + doubling() + "}\nresource \"t_x\" \"x\" { v = local.a40 }",
		"self":       "module \"m\" { source = \"./\" }\nresource \"t_x\" \"x\" { v = t_x.x.v }",
		"each other": "resource \"t_x\" \"x\" {\n  count = length(t_x.y)\n}\nresource \"t_x\" \"y\" {\n  count = length(t_x.x)\n}",
		"number":     `resource "t_x" "x" { v = "${1e999999999}" }`,
		"product":    `resource "t_x" "x" { v = setproduct(range(1000), range(1000), range(1000)) }`,
		"nested for": `resource "t_x" "x" { v = [for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]] }`,
		"parens":     `resource "t_x" "x" { v = ` + strings.Repeat("(", 2000) + "1" + strings.Repeat(")", 2000) + ` }`,
		"count":      "resource \"t_x\" \"x\" {\n  count = 1000000000\n}",
	} {
		t.Run(name, func(t *testing.T) {
			evaluate(t, memory{"main.tf": strings.ReplaceAll(text, "locals { a = local.b, b = local.a }", "locals {\n  a = local.b\n  b = local.a\n}")}, tfeval.Settings{})
		})
	}
}

func doubling() string {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, " a%d = \"${local.a%d}${local.a%d}\"\n", i+1, i, i)
	}
	return b.String()
}

func TestEvaluate_BrokenFilesAreErrorsAndTheOthersGoOn(t *testing.T) {
	docs, diagnostics := evaluate(t, memory{
		"good.tf":         `resource "test_it" "good" { v = 1 }`,
		"bad.tf":          "resource \"test_it\" \"bad\" {\n  v = [1,\n}\n",
		"worse.tf.json":   `{"resource": {"a": }`,
		"bad.auto.tfvars": "x = [",
	}, tfeval.Settings{})
	if diff := cmp.Diff([]string{"test_it.good"}, addresses(docs)); diff != "" {
		t.Error(diff)
	}
	var got []string
	for _, d := range diagnostics {
		got = append(got, fmt.Sprintf("%s %s:%d:%d", d.Level, d.Range.File(), d.Range.Start.Line, d.Range.Start.Column))
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"error bad.auto.tfvars:1:6", "error bad.tf:3:1", "error worse.tf.json:1:20"}, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzEvaluate(f *testing.F) {
	f.Add("resource \"a_b\" \"c\" {\n  v = [for x in var.l : \"${x}-${a_b.d.id}\"]\n}\nvariable \"l\" { default = [1] }", "{}")
	f.Add("data \"aws_iam_policy_document\" \"p\" {\n  statement { actions = [\"*\"] }\n}\nresource \"a_b\" \"c\" { v = data.aws_iam_policy_document.p.json }", `{"resource": {"a_b": {"x": {"v": "${1 + 2}"}}}}`)
	f.Add("module \"eks\" {\n  source = \"terraform-aws-modules/eks/aws\"\n  eks_managed_node_groups = { a = {} }\n}", `{"locals": [{"a": "${local.a}"}]}`)
	f.Fuzz(func(t *testing.T, native, asJSON string) {
		files := memory{"main.tf": native, "more.tf.json": asJSON}
		docs, _, _, _ := tfeval.Evaluate(context.Background(), ".", files.readFile, files.readDir, tfeval.Settings{})
		for _, d := range docs {
			for path := range d.RawStates {
				if _, err := document.ParsePath(path); err != nil {
					t.Errorf("state at %q: %v", path, err)
				}
			}
			for name := range d.Raw {
				d.Locate(document.Path{name})
				d.LocateKey(document.Path{name, 0})
			}
		}
	})
}
