package tfplan_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan/jsontext"
)

func TestRecognize_ClaimsPlansAndWhatIsTakenForOne(t *testing.T) {
	long := strings.Repeat(" ", 1<<16)
	for text, want := range map[string]bool{
		`{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{}}`: true,
		"{\n \"format_version\": \"0.1\", \"resource_changes\": [":                  true,
		`{"resource_changes":[],"format_version":"1.2"}`:                            true,
		`{"format_version":"1.0","terraform_version":"1.11.4","values":{}}`:         true,
		// Keys sorted by a formatter: the head ends inside configuration.
		`{"applyable":true,"configuration":{"provider_config":{"a":"` + long:                 true,
		`{"configuration":{"root_module":{"a":"` + long:                                      true,
		`{"planned_values":{"root_module":{"resources":[` + long:                             true,
		`{"@level":"info","@message":"x","@module":"terraform.ui","type":"version"}`:         true,
		`{"meta":{},"encrypted_data":"x","encryption_version":"v0"}`:                         true,
		"PK\x03\x04" + strings.Repeat("\x00", 22) + "\x06\x00\x00\x00tfplan":                 true,
		`{"format_version":"1.0","provider_schemas":{}}`:                                     false, // terraform providers schema -json
		`{"format_version":"1.0","valid":true,"diagnostics":[]}`:                             false, // terraform validate -json
		`{"terraform_version":"1.11.4","platform":"linux_amd64"}`:                            false, // terraform version -json
		`{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"x"}`:                false, // a state file
		`{"resource":{"aws_vpc":{}}}`:                                                        false,
		`{"AWSTemplateFormatVersion":"2010-09-09","Resources":{}}`:                           false,
		`{"configuration":{"a":1}}`:                                                          false,
		`{"configuration":{"something":{"a":"` + long:                                        false,
		`{"@level":"info","@module":"other"}`:                                                false,
		`[]`:                                                                                 false,
		`apiVersion: v1`:                                                                     false,
		``:                                                                                   false,
		"PK\x03\x04" + strings.Repeat("\x00", 22) + "\x0a\x00\x00\x00readme.txt\x00\x00\x00": false,
	} {
		if got := tfplan.Recognize("x.json", []byte(text)); got != want {
			t.Errorf("%.70q: %v, want %v", text, got, want)
		}
	}
	if !tfplan.Recognize("infra/prod.tfplan", []byte("PK\x03\x04")) {
		t.Error("a zip archive called prod.tfplan is not taken for a plan")
	}
}

func TestOpen_SaysWhatToRunForWhatIsNotAPlan(t *testing.T) {
	binary, err := os.ReadFile("../../../fixtures/load/terraform-plan/binary/plan.tfplan")
	if err != nil {
		t.Fatal(err)
	}
	if !tfplan.Recognize("binary", binary) {
		t.Error("a real binary plan is not recognized")
	}
	for text, words := range map[string]string{
		string(binary): "terraform show -json",
		`{"@level":"info","@message":"Terraform 1.11.4","@module":"terraform.ui","type":"version"}` + "\n{}": "terraform show -json",
		`{"meta":{},"encrypted_data":"x","encryption_version":"v0"}`:                                         "tofu show -json",
		`{"format_version":"2.0","terraform_version":"9","resource_changes":[]}`:                             `format version "2.0"`,
		`{"format_version":"0.0","terraform_version":"0.11"}`:                                                `format version "0.0"`,
		`{"format_version":"x","terraform_version":"0.11"}`:                                                  `format version "x"`,
	} {
		l := load(t, text)
		l.says(document.Error, words)
		if len(l.documents) > 0 || len(l.diagnostics) != 1 {
			t.Errorf("%.40q: %d documents, diagnostics %v", text, len(l.documents), l.diagnostics)
		}
	}
}

func TestOpen_AcceptsEveryFormatVersionBelowTwo(t *testing.T) {
	for _, version := range []string{"0.1", "0.2", "1.0", "1.2", "1.99"} {
		l := load(t, strings.Replace(plan(change("aws_vpc", "v", "create", `{}`, `{}`, `{}`), ""), `"1.2"`, `"`+version+`"`, 1))
		l.quiet()
		if !l.has("aws_vpc.v") {
			t.Errorf("version %s is not read", version)
		}
	}
}

func TestOpen_ReadsAStateWithAWarning(t *testing.T) {
	l := fixture(t, "state/state.json")
	l.says(document.Warning, "state, not a plan")
	d := l.doc("aws_flow_log.deleted")
	if d.Action != document.Present || at(t, d, "traffic_type") != "ALL" {
		t.Errorf("%s %v", d.Action, d.Raw)
	}
	r, exact := d.Locate(document.Path{"traffic_type"})
	if !exact || r.Text() != `"ALL"` {
		t.Errorf("located %q", r.Text())
	}
}

func TestOpen_ReadsACutOffPlanUpToTheCut(t *testing.T) {
	whole := plan(change("aws_vpc", "a", "create", `{"x":1}`, `{}`, `{}`)+","+change("aws_vpc", "b", "create", `{"x":2}`, `{}`, `{}`), "")
	l := load(t, whole[:strings.Index(whole, `"aws_vpc.b"`)+40])
	l.says(document.Error, "not complete JSON")
	if !l.has("aws_vpc.a") || l.has("aws_vpc.b") {
		t.Errorf("documents %v", l.documents)
	}
	d := l.diagnostics[0]
	if d.Range.Start.Line != 1 || d.Range.Start.Column < 100 {
		t.Errorf("the break is reported at %v", d.Range.Start)
	}
}

func TestDocuments_FallBackToPlannedValues(t *testing.T) {
	l := load(t, `{"format_version":"0.1","planned_values":{"root_module":{"resources":[
{"address":"aws_vpc.v","mode":"managed","type":"aws_vpc","name":"v","values":{"cidr_block":"10.0.0.0/8","tags":null}}],
"child_modules":[{"address":"module.m[\"a.b\"]","resources":[{"address":"module.m[\"a.b\"].aws_subnet.s[1]","mode":"managed","type":"aws_subnet","name":"s","index":1,"values":{"cidr_block":"10.1.0.0/16","x":[{"y":1}]},"sensitive_values":{"cidr_block":true}}]}]}},
"configuration":{"root_module":{"resources":[{"address":"aws_vpc.v","mode":"managed","type":"aws_vpc","name":"v","expressions":{"cidr_block":{"constant_value":"10.0.0.0/8"}}}],
"module_calls":{"m":{"expressions":{"vpc":{"references":["aws_vpc.v.id","aws_vpc.v"]},"none":{"constant_value":null}},"for_each_expression":{},"module":{"resources":[{"mode":"managed","type":"aws_subnet","name":"s",
"expressions":{"vpc_id":{"references":["var.vpc"]},"zone":{"references":["var.none"]},"x":[{"z":{"references":["var.vpc"]}}]}}]}}}}}}`)
	d := l.doc(`module.m["a.b"].aws_subnet.s[1]`)
	wantKnowledge(t, d, map[string]string{"vpc_id": "unknown after_apply", "zone": "absent", "x[0].z": "unknown after_apply", "cidr_block": "known"})
	wantEdges(t, d, "vpc_id -> aws_vpc.v id reference", "x[0].z -> aws_vpc.v id reference")
	if len(d.Sensitive) != 1 {
		t.Errorf("sensitive %v", d.Sensitive)
	}
}

func TestDocuments_WithoutConfigurationTheTableDecides(t *testing.T) {
	text := `{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[` + change("aws_eks_cluster", "c", "create",
		`{"name":"c","vpc_config":[{}]}`, `{"arn":true,"role_arn":true,"version":true,"vpc_config":[{"public_access_cidrs":true}]}`, `{}`) + `]}`
	l := load(t, text)
	l.says(document.Note, "no configuration section")
	wantKnowledge(t, l.doc("aws_eks_cluster.c"), map[string]string{
		"arn":                               "unknown after_apply", // only the provider sets it
		"role_arn":                          "unknown after_apply", // only the author does
		"version":                           "unknown ambiguous_default",
		"vpc_config[0].public_access_cidrs": "unknown ambiguous_default",
	})
}

func TestDocuments_KeysMayHoldAnything(t *testing.T) {
	for _, key := range []string{`a.b/c`, `[0]`, `x"y`, `]`, `\\`, ``, `é"].aws_vpc.v["`} {
		quoted, err := json.Marshal(key)
		if err != nil {
			t.Fatal(err)
		}
		address := `module.m[` + string(quoted) + `].aws_vpc.v[` + string(quoted) + `]`
		text, err := json.Marshal(map[string]any{
			"format_version": "1.2",
			"resource_changes": []any{map[string]any{
				"address": address, "module_address": `module.m[` + string(quoted) + `]`, "mode": "managed", "type": "aws_vpc", "name": "v", "index": key,
				"change": map[string]any{"actions": []string{"create"}, "after": map[string]any{}, "after_unknown": map[string]any{"id": true}},
			}},
			"configuration": map[string]any{"root_module": map[string]any{
				"module_calls": map[string]any{"m": map[string]any{"module": map[string]any{
					"resources": []any{map[string]any{"mode": "managed", "type": "aws_vpc", "name": "v", "provider_config_key": "aws"}},
					"outputs":   map[string]any{"id": map[string]any{"expression": map[string]any{"references": []string{"aws_vpc.v[" + string(quoted) + "].id", "aws_vpc.v"}}}},
				}}},
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
		l := load(t, string(text))
		l.quiet()
		if got := l.doc(address).Metadata["terraform:provider"]; got != "aws" {
			t.Errorf("key %q: the block of the resource is not found (provider %q)", key, got)
		}
	}
}

func TestDocuments_DeferredChangesMayNotExist(t *testing.T) {
	text := strings.Replace(plan("", ""), `"resource_changes"`,
		`"deferred_changes":[{"reason":"instance_count_unknown","resource_change":`+change("aws_vpc", "v", "create", `{"x":1}`, `{}`, `{}`)+`}],"resource_changes"`, 1)
	d := load(t, strings.Replace(text, `"complete":true`, `"complete":false`, 1)).doc("aws_vpc.v")
	if !d.Conditional || d.Metadata["terraform:deferred"] != "instance_count_unknown" || d.RawStates[""].Kind != document.Partial {
		t.Errorf("conditional %v, metadata %v, states %v", d.Conditional, d.Metadata, d.RawStates)
	}
}

func TestDocuments_StopWhenTheContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	docs, _ := tfplan.Open(&document.Source{Name: "plan.json", Content: bigPlan(1 << 16)}).Documents(ctx, nil)
	if len(docs) > 0 {
		t.Errorf("%d documents after the context ended", len(docs))
	}
}

// Every value of every document is found at its place in the plan.
func TestLocate_RangesHoldTheirValues(t *testing.T) {
	for _, name := range []string{"null-or-unknown", "irsa", "addresses", "actions"} {
		l := fixture(t, name+"/plan.json")
		checked := 0
		for _, d := range l.documents {
			walk(d.Raw, nil, func(path document.Path, v any) {
				r, exact := d.Locate(path)
				if !exact {
					return // rebuilt policies and unknown values are written elsewhere
				}
				checked++
				got, err := jsontext.Decode(r.Source.Content, jsontext.Span{Start: r.Start.Offset, End: r.End.Offset}, nil)
				if err != nil {
					t.Errorf("%s %s: %v", d.Address, path, err)
				} else if isLeaf(v) && v != nil && got != v {
					t.Errorf("%s %s: %v at the place of %v", d.Address, path, got, v)
				}
				if key, exact := d.LocateKey(path); exact && len(path) > 0 && !strings.Contains(path.String(), "Statement") {
					if name, ok := path[len(path)-1].(string); ok && key.Text() != fmt.Sprintf("%q", name) {
						t.Errorf("%s %s: the key is at %q", d.Address, path, key.Text())
					}
				}
			})
		}
		if checked < 40 {
			t.Errorf("%s: only %d places checked", name, checked)
		}
	}
}

func isLeaf(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return false
	}
	return true
}

func walk(v any, path document.Path, f func(document.Path, any)) {
	f(path, v)
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			walk(inner, path.Append(name), f)
		}
	case []any:
		for i, inner := range v {
			walk(inner, path.Append(i), f)
		}
	}
}

func TestLocate_WhatIsMissingFallsBackToItsParent(t *testing.T) {
	l := leftOutPlan(t)
	d := l.doc("aws_eks_cluster.x")
	r, exact := d.Locate(document.Path{"vpc_config", 0, "public_access_cidrs"})
	if exact || !strings.HasPrefix(r.Text(), `{"endpoint_private_access"`) {
		t.Errorf("missing argument at %.40q, exact %v", r.Text(), exact)
	}
	r, exact = d.Locate(document.Path{"logging"})
	if exact || !strings.HasPrefix(r.Text(), `{"address":"aws_eks_cluster.x"`) {
		t.Errorf("missing block at %.40q, exact %v", r.Text(), exact)
	}
}

func TestLocate_RebuiltPoliciesAreInTheirDataSource(t *testing.T) {
	d := fixture(t, "irsa/plan.json").doc("aws_iam_role.app")
	for path, want := range map[string]string{
		`assume_role_policy.Statement[1].Effect`:                                      `"Deny"`,
		`assume_role_policy.Statement[0].Action[0]`:                                   `"sts:AssumeRoleWithWebIdentity"`,
		`assume_role_policy.Statement[0].Condition.StringEquals["${unknown}:sub"][0]`: `"system:serviceaccount:shop:web"`,
		`assume_role_policy.Statement[1].Principal.AWS[0]`:                            `"*"`,
	} {
		parsed, err := document.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		if r, exact := d.Locate(parsed); !exact || r.Text() != want {
			t.Errorf("%s is at %q, exact %v", path, r.Text(), exact)
		}
	}
}

func TestLocate_MayBeAskedByManyAtOnce(t *testing.T) {
	l := fixture(t, "addresses/plan.json")
	want := map[string]document.Range{}
	for _, d := range fixture(t, "addresses/plan.json").documents {
		r, _ := d.Locate(document.Path{"name"})
		want[d.Address] = r
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, d := range l.documents {
				if r, _ := d.Locate(document.Path{"name"}); r.Start != want[d.Address].Start {
					t.Errorf("%s: %v", d.Address, r.Start)
				}
			}
		})
	}
	wg.Wait()
}

func TestDocuments_AreTheSameEveryTime(t *testing.T) {
	for _, name := range []string{"irsa", "addresses"} {
		a, b := fixture(t, name+"/plan.json"), fixture(t, name+"/plan.json")
		for i := range a.documents {
			x, y := a.documents[i], b.documents[i]
			if diff := cmp.Diff([]any{x.Raw, x.RawStates, x.Refs, x.Sensitive, x.Metadata}, []any{y.Raw, y.RawStates, y.Refs, y.Sensitive, y.Metadata}); diff != "" {
				t.Errorf("%s: %s", x.Address, diff)
			}
		}
	}
}

func FuzzDocuments(f *testing.F) {
	files, err := filepath.Glob("../../../fixtures/load/terraform-plan/*/*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if len(text) < 25000 {
			f.Add(string(text))
		}
	}
	f.Add(plan(change("a", "b", "read", `{"x":[null]}`, `{"x":[true,[true]]}`, `{"x":true}`), configured("a", "b", `{"x":{"references":["var.x","local.y","each.value.z","module.m.o"]}}`)))
	f.Fuzz(func(t *testing.T, text string) {
		docs, diagnostics := tfplan.Open(&document.Source{Name: "plan.json", Content: []byte(text)}).Documents(t.Context(), nil)
		for _, d := range docs {
			for _, path := range d.RawStates.Paths(document.Unknown, document.Partial) {
				parsed, err := document.ParsePath(path)
				if err != nil {
					continue // keys of a fuzzed plan may hold anything
				}
				d.Locate(parsed)
			}
			walk(d.Raw, nil, func(path document.Path, _ any) {
				if r, _ := d.Locate(path); r.Start.Offset > r.End.Offset || r.End.Offset > len(text) {
					t.Fatalf("%s %s is at %v", d.Address, path, r)
				}
			})
		}
		for _, d := range diagnostics {
			if d.Range.End.Offset > len(text) {
				t.Fatalf("diagnostic outside of the text: %v", d)
			}
		}
	})
}
