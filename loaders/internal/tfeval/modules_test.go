package tfeval_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

var modules = tree{
	"main.tf": `module "outer" {
  source = "./modules/outer"
  cidrs  = ["0.0.0.0/0"]
  open   = true
  name   = local.name
}
module "remote" {
  source  = "terraform-aws-modules/eks/aws"
  version = "~> 20.0"
}
locals {
  name = "x-${var.env}-${aws_vpc.main[0].id}"
}
`,
	"modules/outer/main.tf": `variable "cidrs" {}
module "inner" {
  source = "../inner"
  cidrs  = var.cidrs
  logs   = ["api"]
}
`,
	"modules/inner/main.tf": `resource "aws_eks_cluster" "this" {
  enabled_cluster_log_types = var.logs
  vpc_config {
    public_access_cidrs = var.cidrs
  }
  version = coalesce(var.version, local.default)
}
`,
	".terraform/modules/modules.json": `{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"remote","Source":"registry.terraform.io/terraform-aws-modules/eks/aws","Version":"20.1.0","Dir":".terraform/modules/remote"},
{"Key":"remote.kms","Source":"x","Dir":".terraform/modules/remote.kms"}]}`,
	".terraform/modules/remote/main.tf":     "module \"kms\" {\n  source = \"terraform-aws-modules/kms/aws\"\n}\nresource \"a\" \"b\" {}\n",
	".terraform/modules/remote.kms/main.tf": "resource \"aws_kms_key\" \"this\" {}\n",
}

func TestResource_FollowsLocalModulesAndNamesTheCalls(t *testing.T) {
	b := index(t, modules).Resource([]string{"outer", "inner"}, "aws_eks_cluster", "this")
	located(t, b, nil, map[string]string{"vpc_config[0].public_access_cidrs": "modules/inner/main.tf:4 var.cidrs"})
	want := []string{
		`modules/inner/main.tf:1 resource "aws_eks_cluster" "this"`,
		`modules/outer/main.tf:2 module "inner"`,
		`modules/outer/main.tf:5 logs   = ["api"]`,
		`main.tf:1 module "outer"`,
		`main.tf:3 cidrs  = ["0.0.0.0/0"]`,
	}
	if diff := cmp.Diff(want, places(b.Origin())); diff != "" {
		t.Error(diff)
	}
}

func TestResource_FindsInstalledModules(t *testing.T) {
	s := index(t, modules)
	b := s.Resource([]string{"remote", "kms"}, "aws_kms_key", "this")
	if b == nil {
		t.Fatal("not found")
	}
	want := []string{
		`.terraform/modules/remote.kms/main.tf:1 resource "aws_kms_key" "this"`,
		`.terraform/modules/remote/main.tf:1 module "kms"`,
		`main.tf:7 module "remote"`,
	}
	if diff := cmp.Diff(want, places(b.Origin())); diff != "" {
		t.Error(diff)
	}
}

func TestResource_WhatIsNotOnDiskIsNil(t *testing.T) {
	files := tree{"main.tf": modules["main.tf"]}
	s := index(t, files)
	for _, path := range [][]string{{"remote"}, {"remote", "kms"}, {"outer"}, {"none"}, {"outer", "inner"}} {
		if s.Resource(path, "aws_kms_key", "this") != nil {
			t.Errorf("module %v is found", path)
		}
	}
	if s.Resource(nil, "aws_vpc", "main") != nil {
		t.Error("a block that is not there is found")
	}
	if _, ok := s.Local([]string{"none"}, "x"); ok {
		t.Error("a local value of a missing module is found")
	}
}

func TestLocal_NamesWhatItRefersTo(t *testing.T) {
	got, ok := index(t, modules).Local(nil, "name")
	if diff := cmp.Diff([]string{"var.env", "aws_vpc.main[0].id"}, got); !ok || diff != "" {
		t.Error(ok, diff)
	}
}

func TestReferences_ReplaceTheIteratorsOfDynamicBlocks(t *testing.T) {
	b := index(t, tree{"main.tf": `resource "x" "y" {
  dynamic "a" {
    for_each = var.outer
    iterator = it
    content {
      key   = it.value.key
      other = aws_kms_key.k["a/b"].arn
      null_ = null
      dynamic "b" {
        for_each = it.value.list
        content {
          deep = "${b.value}-${local.z}"
        }
      }
    }
  }
  plain = [for s in aws_subnet.s : s.id]
}
`}).Resource(nil, "x", "y")
	value := map[string]any{"a": []any{map[string]any{"b": []any{map[string]any{}}}}}
	for text, want := range map[string][]string{
		"a[0].key":       {"var.outer"},
		"a[0].other":     {`aws_kms_key.k["a/b"].arn`},
		"a[0].b[0].deep": {"var.outer", "local.z"},
		"a":              {"var.outer"},
		"plain":          {"aws_subnet.s"},
	} {
		p, err := document.ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		got, written := b.References(p, value)
		if diff := cmp.Diff(want, got); diff != "" || !written {
			t.Errorf("%s: written %v, %s", text, written, diff)
		}
	}
	for _, text := range []string{"a[0].null_", "a[0].missing", "b"} {
		p, err := document.ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, written := b.References(p, value); written {
			t.Errorf("%s is written, with %v", text, got)
		}
	}
}

var jsonFiles = tree{
	"main.tf.json": `{
  "//": "made by a tool",
  "locals": {"zone": "${var.a}-${aws_vpc.v.id}"},
  "module": {"m": {"source": "./m", "cidrs": ["10.0.0.0/8"], "x": "${var.a}"}},
  "resource": {
    "aws_eks_cluster": {
      "this": {
        "name": "shop",
        "vpc_config": {"subnet_ids": ["b", "a"], "key": "${aws_kms_key.k.arn}"},
        "dynamic": {"encryption_config": {"for_each": "${var.keys}", "content": {"key": "${encryption_config.value}"}}}
      }
    },
    "aws_vpc": [{"v": [{"cidr_block": "10.0.0.0/16"}]}]
  },
  "data": {"aws_region": {"here": {}}}
}
`,
	"m/m.tf.json": `{"resource": {"x": {"y": {"cidrs": "${var.cidrs}", "z": "${var.x}"}}}}`,
}

func TestLocate_ReadsJSONSyntax(t *testing.T) {
	s := index(t, jsonFiles)
	value := map[string]any{"vpc_config": []any{map[string]any{"subnet_ids": []any{"a", "b"}}}, "encryption_config": []any{map[string]any{}}}
	located(t, s.Resource(nil, "aws_eks_cluster", "this"), value, map[string]string{
		"name":                        `main.tf.json:8 "shop"`,
		"vpc_config[0].subnet_ids[0]": `main.tf.json:9 "a"`,
		"vpc_config[0].missing":       `~main.tf.json:9 {"subnet_ids": ["b", "a"], "key": "${aws_kms_key.k.arn}"}`,
		"encryption_config[0].key":    `main.tf.json:10 "${encryption_config.value}"`,
		"none":                        `~main.tf.json:7 {`,
	})
	located(t, s.Resource(nil, "aws_vpc", "v"), nil, map[string]string{"cidr_block": `main.tf.json:13 "10.0.0.0/16"`})
	located(t, s.Resource(nil, "data.aws_region", "here"), nil, map[string]string{"": `main.tf.json:15 {}`})
	if got, ok := s.Local(nil, "zone"); !ok || cmp.Diff([]string{"var.a", "aws_vpc.v.id"}, got) != "" {
		t.Errorf("local.zone refers to %v", got)
	}
	inner := s.Resource([]string{"m"}, "x", "y")
	want := []string{`m/m.tf.json:1 "y"`, `main.tf.json:4 "m"`, `main.tf.json:4 "cidrs": ["10.0.0.0/8"]`}
	if diff := cmp.Diff(want, places(inner.Origin())); diff != "" {
		t.Error(diff)
	}
	if got, written := s.Resource(nil, "aws_eks_cluster", "this").References(document.Path{"vpc_config", 0, "key"}, value); !written || cmp.Diff([]string{"aws_kms_key.k.arn"}, got) != "" {
		t.Errorf("references %v", got)
	}
}

func FuzzIndex(f *testing.F) {
	f.Add(cluster, jsonFiles["main.tf.json"])
	for _, text := range modules {
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, native, json string) {
		files := tree{"main.tf": native, "x.tf.json": json}
		s := index(t, files)
		value := map[string]any{"vpc_config": []any{map[string]any{"public_access_cidrs": []any{"0.0.0.0/0", nil}}}, "ingress": []any{map[string]any{"from_port": int64(1)}}}
		for _, name := range [][2]string{{"aws_eks_cluster", "this"}, {"x", "y"}, {"a", "b"}, {"aws_vpc", "v"}} {
			b := s.Resource(nil, name[0], name[1])
			if b == nil {
				continue
			}
			for _, path := range []document.Path{nil, {"vpc_config", 0, "public_access_cidrs", 1}, {"ingress", 0, "from_port"}, {"tags", "a"}, {"dynamic"}, {"a", 3, "b"}} {
				r, _ := b.Locate(path, value)
				if r.Source == nil || r.End.Offset > len(r.Source.Content) || r.End.Offset < r.Start.Offset {
					t.Fatalf("%v is at %v", path, r)
				}
				b.References(path, value)
			}
			b.Origin()
		}
		s.Local(nil, "name")
	})
}
