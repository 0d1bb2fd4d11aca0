package tfeval_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfeval"
)

// memory serves files from a map.
type memory map[string]string

func (m memory) readFile(name string) ([]byte, error) {
	if text, ok := m[path.Clean(name)]; ok {
		return []byte(text), nil
	}
	return nil, fs.ErrNotExist
}

func (m memory) readDir(dir string) ([]string, error) {
	dir = path.Clean(dir)
	found := map[string]bool{}
	for name := range m {
		rest, ok := strings.CutPrefix(name, dir+"/")
		if dir == "." {
			rest, ok = name, true
		}
		if ok {
			first, _, _ := strings.Cut(rest, "/")
			found[first] = true
		}
	}
	if len(found) == 0 {
		return nil, fs.ErrNotExist
	}
	return slices.Sorted(maps.Keys(found)), nil
}

func evaluate(t testing.TB, files memory, settings tfeval.Settings) (map[string]*document.Document, []document.Diagnostic) {
	t.Helper()
	docs, diagnostics, _, ok := tfeval.Evaluate(context.Background(), ".", files.readFile, files.readDir, settings)
	if !ok {
		t.Fatal("no configuration")
	}
	out := map[string]*document.Document{}
	for _, d := range docs {
		if out[d.Address] != nil {
			t.Errorf("%s is there twice", d.Address)
		}
		out[d.Address] = d
	}
	return out, diagnostics
}

// argument evaluates one expression as an argument of a resource, and gives its
// value as JSON, or the state if it has none.
func argument(t testing.TB, expression string, more ...string) string {
	t.Helper()
	files := memory{"main.tf": "resource \"test_it\" \"it\" {\n  it = " + expression + "\n}\n" + strings.Join(more, "\n"), "data/a.txt": "hello", "data/t.tftpl": "%{ for x in list }${x},%{ endfor }${name}"}
	docs, diagnostics := evaluate(t, files, tfeval.Settings{})
	for _, d := range diagnostics {
		t.Errorf("%s:%d: %s", d.Range.File(), d.Range.Start.Line, d.Message)
	}
	d := docs["test_it.it"]
	if v, ok := d.Raw["it"]; ok {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if s, ok := d.RawStates["it"]; ok {
		return strings.TrimSpace(fmt.Sprintf("%s %s %s %s", s.Kind, s.Reason, strings.Join(s.Refs, ","), s.Template))
	}
	return "absent"
}

func TestEvaluate_ExpressionsGiveWhatTerraformGives(t *testing.T) {
	for expression, want := range map[string]string{
		`1 + 2 * 3`:                             `7`,
		`"a${1 + 1}b"`:                          `"a2b"`,
		`true && !false ? "y" : "n"`:            `"y"`,
		`null == null`:                          `true`,
		`null`:                                  `absent`,
		`[for x in ["a", "b"] : upper(x)]`:      `["A","B"]`,
		`{for k, v in {a = 1, b = 2} : v => k}`: `{"1":"a","2":"b"}`,
		`{for x in ["a1", "a2", "b1"] : substr(x, 0, 1) => x...}`:       `{"a":["a1","a2"],"b":["b1"]}`,
		`[for x in [1, 2, 3] : x if x > 1]`:                             `[2,3]`,
		`[{n = 1}, {n = 2}][*].n`:                                       `[1,2]`,
		`null[*]`:                                                       `[]`,
		`{a = {b = [1]}}.a.b[0]`:                                        `1`,
		`"%{ if 1 > 2 }x%{ else }y%{ endif }"`:                          `"y"`,
		`try({a = 1}.b, "fallback")`:                                    `"fallback"`,
		`can({a = 1}.b)`:                                                `false`,
		`can(tonumber("1"))`:                                            `true`,
		`merge({a = 1}, {b = 2}, null)`:                                 `{"a":1,"b":2}`,
		`lookup({a = 1}, "b", 7)`:                                       `7`,
		`coalesce(null, "", "x")`:                                       `"x"`,
		`concat(["a"], [], ["b"])`:                                      `["a","b"]`,
		`flatten([["a"], [["b"]]])`:                                     `["a","b"]`,
		`toset(["b", "a", "b"])`:                                        `["a","b"]`,
		`setproduct(["a"], [1, 2])`:                                     `[["a",1],["a",2]]`,
		`zipmap(["a"], [1])`:                                            `{"a":1}`,
		`one([])`:                                                       `absent`,
		`one(["x"])`:                                                    `"x"`,
		`alltrue([true, "true"])`:                                       `true`,
		`anytrue([false])`:                                              `false`,
		`sum([1, 2.5])`:                                                 `3.5`,
		`index(["a", "b"], "b")`:                                        `1`,
		`transpose({a = ["x"], b = ["x"]})`:                             `{"x":["a","b"]}`,
		`matchkeys(["i", "j"], ["a", "b"], ["b"])`:                      `["j"]`,
		`regex("^(\\d+)-", "12-x")`:                                     `["12"]`,
		`replace("a.b.c", ".", "-")`:                                    `"a-b-c"`,
		`replace("ab12", "/[0-9]+/", "#")`:                              `"ab#"`,
		`startswith("abc", "ab")`:                                       `true`,
		`strcontains("abc", "z")`:                                       `false`,
		`format("%s-%03d", "a", 7)`:                                     `"a-007"`,
		`formatlist("%s!", ["a", "b"])`:                                 `["a!","b!"]`,
		`join(",", ["a", "b"])`:                                         `"a,b"`,
		`split(",", "a,b")`:                                             `["a","b"]`,
		`trimprefix("https://x", "https://")`:                           `"x"`,
		`cidrsubnet("10.0.0.0/16", 8, 2)`:                               `"10.0.2.0/24"`,
		`cidrsubnet("fd00::/48", 16, 1)`:                                `"fd00:0:0:1::/64"`,
		`cidrsubnets("10.1.0.0/16", 4, 4, 8)`:                           `["10.1.0.0/20","10.1.16.0/20","10.1.32.0/24"]`,
		`cidrhost("10.0.0.0/24", -2)`:                                   `"10.0.0.254"`,
		`cidrnetmask("10.0.0.0/12")`:                                    `"255.240.0.0"`,
		`base64encode("hi")`:                                            `"aGk="`,
		`base64decode("aGk=")`:                                          `"hi"`,
		`sha256("")`:                                                    `"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"`,
		`urlencode("a b&c")`:                                            `"a+b%26c"`,
		`jsonencode({a = [1, true, null]})`:                             `"{\"a\":[1,true,null]}"`,
		`jsondecode("{\"a\": 1}").a`:                                    `1`,
		`yamldecode("a: [1, x]").a`:                                     `[1,"x"]`,
		`yamldecode(yamlencode({a = {b = "c"}}))`:                       `{"a":{"b":"c"}}`,
		`file("${path.module}/data/a.txt")`:                             `"hello"`,
		`fileexists("data/none")`:                                       `false`,
		`fileset("data", "*.txt")`:                                      `["a.txt"]`,
		`templatefile("data/t.tftpl", {list = ["x", "y"], name = "n"})`: `"x,y,n"`,
		`basename("a/b.c")`:                                             `"b.c"`,
		`dirname("a/b.c")`:                                              `"a"`,
		`timeadd("2026-01-01T00:00:00Z", "1h")`:                         `"2026-01-01T01:00:00Z"`,
		`terraform.workspace`:                                           `"default"`,
		`path.module`:                                                   `"."`,
		`max(1, 5, 3)`:                                                  `5`,
		`parseint("ff", 16)`:                                            `255`,
		`element(["a", "b"], 3)`:                                        `"b"`,
		`length("äb")`:                                                  `2`,
		`length({a = 1})`:                                               `1`,
		`keys({b = 1, a = 2})`:                                          `["a","b"]`,
		`distinct(["a", "a"])`:                                          `["a"]`,
		`compact(["a", "", null])`:                                      `["a"]`,
		`sort(["b", "a"])`:                                              `["a","b"]`,
		`slice(["a", "b", "c"], 1, 2)`:                                  `["b"]`,
		`chunklist(["a", "b", "c"], 2)`:                                 `[["a","b"],["c"]]`,
		`tomap({a = 1})["a"]`:                                           `1`,
		`tonumber("1.5")`:                                               `1.5`,
		`setintersection(["a", "b"], ["b"])`:                            `["b"]`,
		`core::upper("a")`:                                              `"A"`,
		`max([1, 2]...)`:                                                `2`,
		`csvdecode("a,b\n1,2")[0].b`:                                    `"2"`,
		`timestamp()`:                                                   `unknown ambiguous_default`,
		`nosuchfunction(1)`:                                             `unknown unevaluated_expression`,
		`file("data/none")`:                                             `unknown unevaluated_expression`,
		`file("../../etc/passwd")`:                                      `unknown unevaluated_expression`,
		`provider::aws::arn_parse("arn:aws:iam::1:x")`:                  `unknown unevaluated_expression`,
	} {
		if got := argument(t, expression); got != want {
			t.Errorf("%s is %s, want %s", expression, got, want)
		}
	}
}

func TestEvaluate_UnknownValuesKeepWhatIsKnownOfThem(t *testing.T) {
	const more = `
resource "aws_iam_user" "team" {
  name = "team"
}
resource "aws_subnet" "s" {
  for_each = toset(["a", "b"])
}
variable "open" {}
data "aws_caller_identity" "me" {}
module "gone" {
  source = "./gone"
}
`
	user, subnets := "tf:.#aws_iam_user.team", `tf:.#aws_subnet.s["a"],tf:.#aws_subnet.s["b"]`
	for expression, want := range map[string]string{
		`aws_iam_user.team.arn`:                                        "unknown after_apply " + user,
		`aws_iam_user.team.name`:                                       `"team"`,
		`"${aws_iam_user.team.id}/32"`:                                 "unknown after_apply " + user + " ${aws_iam_user.team.id}/32",
		`[aws_iam_user.team.id, "b"]`:                                  `[null,"b"]`,
		`[for s in aws_subnet.s : s.id]`:                               "unknown after_apply " + subnets,
		`values(aws_subnet.s)[*].id`:                                   "unknown after_apply " + subnets,
		`join(",", [for s in aws_subnet.s : s.id])`:                    "unknown after_apply " + subnets + " ${aws_subnet.s['a'].id},${aws_subnet.s['b'].id}",
		`length(aws_subnet.s)`:                                         `2`,
		`aws_iam_user.team.id == "x" ? 1 : 2`:                          "unknown after_apply " + user,
		`aws_iam_user.team.id == "x" ? 1 : 1`:                          `1`,
		`upper(aws_iam_user.team.arn)`:                                 "unknown after_apply " + user,
		`substr("${aws_iam_user.team.id}x", 0, 1)`:                     "unknown after_apply " + user,
		`try(aws_iam_user.team.missing, "no")`:                         "unknown after_apply " + user,
		`var.open`:                                                     "unknown parameter_without_value",
		`var.open ? "a" : "b"`:                                         "unknown parameter_without_value",
		`"x-${data.aws_caller_identity.me.account_id}"`:                "unknown data_source tf:.#data.aws_caller_identity.me x-${data.aws_caller_identity.me.account_id}",
		`local.nowhere`:                                                "unknown local_opaque",
		`jsonencode({a = 1, b = aws_iam_user.team.id})`:                "unknown after_apply " + user + ` {"a":1,"b":"${aws_iam_user.team.id}"}`,
		`format("%s:%s", "a", aws_iam_user.team.id)`:                   "unknown after_apply " + user + ` a:${aws_iam_user.team.id}`,
		`replace("https://${aws_iam_user.team.id}/x", "https://", "")`: "unknown after_apply " + user + ` ${aws_iam_user.team.id}/x`,
		`jsondecode(jsonencode({a = 1, b = aws_iam_user.team.id})).a`:  `1`,
		`merge({a = 1}, {b = aws_iam_user.team.id}).a`:                 `1`,
		`!var.open || true`:                                            `true`,
	} {
		files := memory{"main.tf": "resource \"test_it\" \"it\" {\n  it = " + expression + "\n}\n" + more}
		docs, _ := evaluate(t, files, tfeval.Settings{})
		d := docs["test_it.it"]
		got := "absent"
		if v, ok := d.Raw["it"]; ok {
			text, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			got = string(text)
		} else if s, ok := d.RawStates["it"]; ok {
			got = strings.TrimSpace(fmt.Sprintf("%s %s %s %s", s.Kind, s.Reason, strings.Join(s.Refs, ","), s.Template))
			got = strings.ReplaceAll(got, "  ", " ")
		}
		if got != want {
			t.Errorf("%s is\n%s, want\n%s", expression, got, want)
		}
	}
}

func TestEvaluate_VariablesComeFromTheLastSourceThatSetsThem(t *testing.T) {
	files := memory{
		"main.tf": `
variable "a" { default = "default" }
variable "b" { default = "default" }
variable "c" { default = "default" }
variable "d" { default = "default" }
variable "e" { default = "default" }
variable "list" {
  type    = list(string)
  default = []
}
variable "object" {
  type = object({
    name  = string
    port  = optional(number, 443)
    inner = optional(object({ on = optional(bool, true) }), {})
    plain = optional(string)
  })
  default = { name = "x" }
}
variable "strict" {
  default  = "kept"
  nullable = false
}
variable "loose" { default = "lost" }
resource "test_it" "it" {
  all    = [var.a, var.b, var.c, var.d, var.e]
  list   = var.list
  object = var.object
  strict = var.strict
  loose  = var.loose
}`,
		"terraform.tfvars":      "b = \"tfvars\"\nc = \"tfvars\"\nd = \"tfvars\"\ne = \"tfvars\"\nstrict = null\nloose = null",
		"terraform.tfvars.json": `{"c": "json", "d": "json", "e": "json"}`,
		"z.auto.tfvars":         `d = "auto"` + "\n" + `e = "auto"`,
		"own.tfvars":            `e = "file"`,
	}
	docs, diagnostics := evaluate(t, files, tfeval.Settings{VariableFiles: []string{"own.tfvars"}, Variables: []string{"a=line", `list=["p", "q"]`}})
	if len(diagnostics) > 0 {
		t.Error(diagnostics)
	}
	want := map[string]any{
		"all":    []any{"line", "tfvars", "json", "auto", "file"},
		"list":   []any{"p", "q"},
		"object": map[string]any{"name": "x", "port": int64(443), "inner": map[string]any{"on": true}, "plain": nil},
		"strict": "kept",
	}
	if diff := cmp.Diff(want, docs["test_it.it"].Raw); diff != "" {
		t.Error(diff)
	}
}

func addresses(docs map[string]*document.Document) []string { return slices.Sorted(maps.Keys(docs)) }

func TestEvaluate_CountAndForEachMakeInstances(t *testing.T) {
	docs, _ := evaluate(t, memory{"main.tf": `
variable "open" {}
resource "test_it" "none" { count = 0 }
resource "test_it" "two" {
  count = 2
  n     = count.index
}
resource "test_it" "set" {
  for_each = toset(["a/b", "c"])
  k        = each.key
}
resource "test_it" "map" {
  for_each = { x = { v = 1 } }
  v        = each.value.v
}
resource "test_it" "maybe" {
  count = var.open ? 1 : 0
  v     = 1
}
resource "test_it" "any" {
  for_each = var.open
  k        = each.key
  v        = "known"
}
resource "test_it" "refers" {
  one = test_it.two[1].n
  all = test_it.two[*].n
  in  = test_it.set["c"].k
  no  = try(test_it.none[0].id, "none")
}
`}, tfeval.Settings{})
	want := []string{
		"test_it.any[*]", `test_it.map["x"]`, "test_it.maybe[0]", "test_it.refers", `test_it.set["a/b"]`, `test_it.set["c"]`,
		"test_it.two[0]", "test_it.two[1]",
	}
	if diff := cmp.Diff(want, addresses(docs)); diff != "" {
		t.Error(diff)
	}
	for _, address := range want {
		open := address == "test_it.any[*]" || address == "test_it.maybe[0]"
		if docs[address].Conditional != open {
			t.Errorf("%s: conditional is %v", address, docs[address].Conditional)
		}
	}
	if diff := cmp.Diff(map[string]any{"one": int64(1), "all": []any{int64(0), int64(1)}, "in": "c", "no": "none"}, docs["test_it.refers"].Raw); diff != "" {
		t.Error(diff)
	}
	if docs["test_it.any[*]"].RawStates["k"].Kind != document.Unknown || docs["test_it.any[*]"].Raw["v"] != "known" {
		t.Errorf("the symbolic instance is %v %v", docs["test_it.any[*]"].Raw, docs["test_it.any[*]"].RawStates)
	}
}

func TestEvaluate_BlocksAreListsAsInPlans(t *testing.T) {
	docs, _ := evaluate(t, memory{"main.tf": `
variable "open" {}
resource "test_it" "it" {
  single { a = 1 }
  many { a = 1 }
  many { a = 2 }
  dynamic "made" {
    for_each = { x = 10 }
    iterator = each_one
    content {
      k = each_one.key
      inner { v = each_one.value }
    }
  }
  dynamic "none" {
    for_each = []
    content {}
  }
  dynamic "unsure" {
    for_each = var.open
    content { encrypted = false }
  }
  mixed { a = 1 }
  dynamic "mixed" {
    for_each = var.open
    content { a = 2 }
  }
  lifecycle { ignore_changes = [single] }
}
`, "x_override.tf": `
resource "test_it" "it" {
  many { a = 3 }
}
`}, tfeval.Settings{})
	d := docs["test_it.it"]
	want := map[string]any{
		"single": []any{map[string]any{"a": int64(1)}},
		"many":   []any{map[string]any{"a": int64(3)}},
		"made":   []any{map[string]any{"k": "x", "inner": []any{map[string]any{"v": int64(10)}}}},
		"mixed":  []any{map[string]any{"a": int64(1)}},
	}
	if diff := cmp.Diff(want, d.Raw); diff != "" {
		t.Error(diff)
	}
	if d.RawStates["unsure"].Kind != document.Unknown || d.RawStates["mixed"].Kind != document.Partial {
		t.Errorf("states are %v", d.RawStates)
	}
}
