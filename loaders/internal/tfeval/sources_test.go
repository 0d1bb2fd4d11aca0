package tfeval_test

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfeval"
)

// A tree is a file system in memory.
type tree map[string]string

func (t tree) readFile(name string) ([]byte, error) {
	if text, ok := t[path.Clean(name)]; ok {
		return []byte(text), nil
	}
	return nil, fs.ErrNotExist
}

func (t tree) readDir(dir string) ([]string, error) {
	var out []string
	for name := range t {
		if path.Dir(name) == path.Clean(dir) {
			out = append(out, path.Base(name))
		}
	}
	if out == nil {
		return nil, fs.ErrNotExist
	}
	slices.Sort(out)
	return out, nil
}

func index(t *testing.T, files tree) *tfeval.Sources {
	t.Helper()
	s := tfeval.Index(".", files.readFile, files.readDir)
	if s == nil {
		t.Fatal("no configuration found")
	}
	return s
}

// place writes a range as file:line and its text's first line.
func place(r document.Range) string {
	text, _, _ := strings.Cut(r.Text(), "\n")
	return fmt.Sprintf("%s:%d %s", r.File(), r.Start.Line, text)
}

func places(rs []document.Range) []string {
	var out []string
	for _, r := range rs {
		out = append(out, place(r))
	}
	return out
}

// located checks where paths of a block are; a place that is not exact has "~"
// before it.
func located(t *testing.T, b *tfeval.Block, value any, want map[string]string) {
	t.Helper()
	if b == nil {
		t.Fatal("the block is not found")
	}
	for text, wanted := range want {
		p, err := document.ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		r, exact := b.Locate(p, value)
		got := place(r)
		if !exact {
			got = "~" + got
		}
		if got != wanted {
			t.Errorf("%s is at %q, want %q", text, got, wanted)
		}
	}
}

const cluster = `resource "aws_eks_cluster" "this" {
  name = "shop"
  vpc_config {
    endpoint_public_access = true
    public_access_cidrs = [
      "0.0.0.0/0",
      var.office,
      "10.0.0.0/8",
    ]
  }
  tags = {
    "a.b/c" = "d"
    (var.k) = "e"
  }
}
`

func TestLocate_FindsArgumentsBlocksAndElements(t *testing.T) {
	b := index(t, tree{"main.tf": cluster}).Resource(nil, "aws_eks_cluster", "this")
	// The plan has sorted the set.
	value := map[string]any{"vpc_config": []any{map[string]any{"public_access_cidrs": []any{"0.0.0.0/0", "10.0.0.0/8", nil}}}}
	located(t, b, value, map[string]string{
		"":                                     `main.tf:1 resource "aws_eks_cluster" "this" {`,
		"name":                                 `main.tf:2 "shop"`,
		"vpc_config":                           `main.tf:3 vpc_config {`,
		"vpc_config[0]":                        `main.tf:3 vpc_config {`,
		"vpc_config[0].endpoint_public_access": `main.tf:4 true`,
		"vpc_config[0].public_access_cidrs":    `main.tf:5 [`,
		"vpc_config[0].public_access_cidrs[0]": `main.tf:6 "0.0.0.0/0"`,
		"vpc_config[0].public_access_cidrs[1]": `main.tf:8 "10.0.0.0/8"`,
		"vpc_config[0].subnet_ids":             `~main.tf:3 vpc_config {`,
		"encryption_config":                    `~main.tf:1 resource "aws_eks_cluster" "this" {`,
		`tags["a.b/c"]`:                        `main.tf:12 "d"`,
		"tags.other":                           `~main.tf:11 {`,
		"name.deeper":                          `~main.tf:2 "shop"`,
	})
	for path, want := range map[string]string{"vpc_config[0].public_access_cidrs": "public_access_cidrs", "vpc_config[0]": "vpc_config", "none": `resource "aws_eks_cluster" "this"`} {
		p, err := document.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		if r, _ := b.LocateKey(p, value); r.Text() != want {
			t.Errorf("the key of %s is at %q, want %q", path, r.Text(), want)
		}
	}
}

func TestLocate_BlocksOfASetAreToldApartByTheirLiterals(t *testing.T) {
	b := index(t, tree{"main.tf": `resource "aws_security_group" "this" {
  ingress {
    from_port   = 443
    cidr_blocks = ["10.0.0.0/8"]
  }
  ingress {
    from_port   = "22"
    cidr_blocks = ["0.0.0.0/0"]
  }
  dynamic "egress" {
    for_each = var.rules
    content {
      from_port = egress.value.port
      protocol  = "tcp"
    }
  }
}
`}).Resource(nil, "aws_security_group", "this")
	value := map[string]any{
		"ingress": []any{
			map[string]any{"from_port": int64(22), "cidr_blocks": []any{"0.0.0.0/0"}},
			map[string]any{"from_port": int64(443), "cidr_blocks": []any{"10.0.0.0/8"}},
		},
		"egress": []any{map[string]any{"from_port": int64(1)}, map[string]any{"from_port": int64(2)}},
	}
	located(t, b, value, map[string]string{
		"ingress[0].cidr_blocks[0]": `main.tf:8 "0.0.0.0/0"`,
		"ingress[1].from_port":      `main.tf:3 443`,
		"egress":                    `main.tf:10 dynamic "egress" {`,
		"egress[1]":                 `main.tf:10 dynamic "egress" {`,
		"egress[1].from_port":       `main.tf:13 egress.value.port`,
		"egress[0].cidr_blocks":     `~main.tf:10 dynamic "egress" {`,
	})
}

func TestLocate_WrittenAndDynamicBlocksOfOneName(t *testing.T) {
	b := index(t, tree{"main.tf": `resource "aws_launch_template" "this" {
  block_device_mappings {
    device_name = "/dev/xvda"
  }
  dynamic "block_device_mappings" {
    for_each = var.disks
    content {
      device_name = block_device_mappings.value
    }
  }
}
`}).Resource(nil, "aws_launch_template", "this")
	value := map[string]any{"block_device_mappings": []any{
		map[string]any{"device_name": "/dev/xvda"}, map[string]any{"device_name": "/dev/xvdb"}, map[string]any{"device_name": "/dev/xvdc"},
	}}
	located(t, b, value, map[string]string{
		"block_device_mappings[0].device_name": `main.tf:3 "/dev/xvda"`,
		"block_device_mappings[2].device_name": `main.tf:8 block_device_mappings.value`,
	})
}

func TestLocate_GoesThroughFunctionsThatOnlyWrap(t *testing.T) {
	b := index(t, tree{"main.tf": `resource "aws_iam_role" "this" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect = "Allow"
      Action = ["a", "b"]
    }]
  })
  tags = merge(var.tags, { a = 1 }, { "b" = (2) })
  list = concat(["x"], var.more, ["y"])
  set  = toset(["q", "p"])
}
`}).Resource(nil, "aws_iam_role", "this")
	value := map[string]any{"list": []any{"x", "z", "y"}, "set": []any{"p", "q"}}
	located(t, b, value, map[string]string{
		"assume_role_policy.Statement[0].Effect":    `main.tf:4 "Allow"`,
		"assume_role_policy.Statement[0].Action[1]": `main.tf:5 "b"`,
		"assume_role_policy.Statement[0].Resource":  `~main.tf:3 {`,
		"assume_role_policy.Statement[1]":           `~main.tf:3 [{`,
		"tags.a":                                    `main.tf:8 1`,
		"tags.b":                                    `main.tf:8 (2)`,
		"tags.c":                                    `~main.tf:8 merge(var.tags, { a = 1 }, { "b" = (2) })`,
		"list[2]":                                   `main.tf:9 "y"`,
		"list[1]":                                   `~main.tf:9 concat(["x"], var.more, ["y"])`,
		"set[0]":                                    `main.tf:10 "p"`,
	})
}

func TestLocate_OverridesWin(t *testing.T) {
	s := index(t, tree{
		"main.tf":          "resource \"x\" \"y\" {\n  a = 1\n  b = 2\n}\n",
		"main_override.tf": "resource \"x\" \"y\" {\n\n  b = 3\n}\n",
	})
	located(t, s.Resource(nil, "x", "y"), nil, map[string]string{"a": "main.tf:2 1", "b": "main_override.tf:3 3", "": `main.tf:1 resource "x" "y" {`})
}

func TestIndex_TofuFilesReplaceTerraformOnes(t *testing.T) {
	s := index(t, tree{"a.tf": "resource \"x\" \"y\" {}\n", "a.tofu": "\n\nresource \"x\" \"y\" {}\n", "b.tofu": "data \"x\" \"y\" {}\n", ".hidden.tf": "{"})
	located(t, s.Resource(nil, "x", "y"), nil, map[string]string{"": `a.tofu:3 resource "x" "y" {}`})
	located(t, s.Resource(nil, "data.x", "y"), nil, map[string]string{"": `b.tofu:1 data "x" "y" {}`})
	if diff := cmp.Diff([]string{"a.tofu", "b.tofu"}, s.Files()); diff != "" {
		t.Error(diff)
	}
}

func TestIndex_WithoutConfigurationIsNil(t *testing.T) {
	files := tree{"plan.json": "{}"}
	if tfeval.Index(".", files.readFile, files.readDir) != nil || tfeval.Index(".", nil, nil) != nil || tfeval.Index("none", files.readFile, files.readDir) != nil {
		t.Error("a directory without configuration gives an index")
	}
}

func TestIndex_ABrokenFileIsReportedAndPassedOver(t *testing.T) {
	s := index(t, tree{"bad.tf": "resource \"x\" \"y\" {\n  a = \n}\n", "good.tf": "resource \"x\" \"z\" {}\n", "bad.tf.json": "{"})
	if s.Resource(nil, "x", "y") != nil || s.Resource(nil, "x", "z") == nil {
		t.Error("the broken file is used, or the good one is not")
	}
	ds := s.Diagnostics()
	if len(ds) != 2 || ds[0].Level != document.Warning || ds[1].Range.File() != "bad.tf.json" && ds[0].Range.File() != "bad.tf.json" {
		t.Fatalf("diagnostics %v", ds)
	}
	for _, d := range ds {
		if d.Range.File() == "bad.tf" && d.Range.Start.Line != 2 {
			t.Errorf("the error is reported on line %d", d.Range.Start.Line)
		}
	}
}

func TestIndex_AByteOrderMarkKeepsOffsets(t *testing.T) {
	s := index(t, tree{"main.tf": "\xef\xbb\xbfresource \"x\" \"y\" {\n  a = 1\n}\n"})
	located(t, s.Resource(nil, "x", "y"), nil, map[string]string{"a": "main.tf:2 1"})
}

func TestAgrees_AStaleDirectoryDoesNot(t *testing.T) {
	s := index(t, tree{"main.tf": "resource \"x\" \"y\" {}\nmodule \"m\" {\n  source = \"./m\"\n}\ndata \"d\" \"e\" {}\n"})
	for _, c := range []struct {
		blocks []string
		want   bool
	}{
		{[]string{"x.y", "module.m", "data.d.e"}, true},
		{[]string{"x.y", "x.gone"}, true},
		{[]string{"x.y", "x.gone", "x.away"}, false},
		{[]string{"module.n"}, false},
		{nil, false},
	} {
		if got := s.Agrees(c.blocks); got != c.want {
			t.Errorf("%v: %v, want %v", c.blocks, got, c.want)
		}
	}
}
