package engine_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// corpusFolder is a folder of the corpus of real inputs.
func corpusFolder(t *testing.T, elem ...string) string {
	t.Helper()
	root := os.Getenv("PLIMSOLL_CORPUS")
	if root == "" {
		t.Skip("PLIMSOLL_CORPUS does not name a folder of real inputs")
	}
	return filepath.Join(append([]string{root}, elem...)...)
}

// stacks are the CDK stacks of the corpus: what facts.jsonl says they hold by
// construction, as verdicts about the cluster and its access ("PLM-CLUSTER" and
// "PLM-IAM-007"), and the Kubernetes documents lifted out of them.
var stacks = map[string]struct {
	verdicts []string
	lifted   []string
}{
	// private, encrypted, all logs
	"v1-private-encrypted-logged": {},
	"v2-private-kms":              {},
	// Kubernetes 1.24, public but for one network
	"v1-public-cidr": {verdicts: []string{"PLM-CLUSTER-006 fail", "PLM-CLUSTER-011 fail", "PLM-CLUSTER-012 fail", "PLM-CLUSTER-013 fail"}},
	// public endpoint
	"v1-fargate": {
		verdicts: []string{"PLM-CLUSTER-001 fail", "PLM-CLUSTER-011 fail", "PLM-CLUSTER-012 fail", "PLM-CLUSTER-013 fail"},
		lifted:   []string{"v1/ConfigMap kube-system/aws-auth"},
	},
	// aws-auth maps everyone to system:masters
	"v1-alb-addon-rbac": {
		verdicts: []string{"PLM-CLUSTER-001 fail", "PLM-CLUSTER-011 fail", "PLM-CLUSTER-012 fail", "PLM-CLUSTER-013 fail", "PLM-IAM-007 fail"},
		lifted:   []string{"v1/ConfigMap kube-system/aws-auth", "v1/ServiceAccount kube-system/aws-load-balancer-controller"},
	},
	// all defaults
	"v2-default": {verdicts: []string{"PLM-CLUSTER-001 fail", "PLM-CLUSTER-011 fail", "PLM-CLUSTER-012 fail", "PLM-CLUSTER-013 fail"}},
	// Kubernetes 1.23, open to everyone, only api logs, no encryption
	"l1-bad-cluster": {verdicts: []string{
		"PLM-CLUSTER-001 fail", "PLM-CLUSTER-003 fail", "PLM-CLUSTER-006 fail", "PLM-CLUSTER-011 fail", "PLM-CLUSTER-012 fail", "PLM-CLUSTER-013 fail",
	}},
	"blueprints-default": {
		// The access role in system:masters is an attribute of a role of the stack.
		verdicts: []string{"PLM-CLUSTER-001 fail", "PLM-CLUSTER-007 fail", "PLM-CLUSTER-011 fail", "PLM-CLUSTER-012 fail", "PLM-IAM-007 unknown"},
		lifted:   []string{"v1/ConfigMap kube-system/aws-auth"},
	},
}

func TestCorpus_CDKStacksHoldWhatTheyWereBuiltWith(t *testing.T) {
	r := check(t, engine.Options{}, corpusFolder(t, "cdk"))
	if r.Files.Failed != 0 || r.Files.Read != 18 || r.Files.NotRecognised != 1 {
		t.Errorf("%+v: 18 templates load, facts.jsonl is none", r.Files)
	}
	for _, d := range r.Diagnostics {
		t.Errorf("%s: %s", d.Level, d.Message)
	}
	for name, want := range stacks {
		var verdicts, lifted []string
		for _, f := range r.Findings {
			if stackOf(f.Document) == name && (strings.HasPrefix(f.Rule.ID, "PLM-CLUSTER") || f.Rule.ID == "PLM-IAM-007") {
				verdicts = append(verdicts, f.Rule.ID+" "+string(f.Status))
			}
		}
		for _, d := range r.Documents {
			if stackOf(d) == name && d.Metadata["lift"] == "cdk_kubernetes_resource" && d.Parent.Parent == nil {
				lifted = append(lifted, d.Kind+" "+d.Namespace+"/"+d.Name)
				located(t, d)
			}
		}
		slices.Sort(verdicts)
		if diff := cmp.Diff(want.verdicts, slices.Compact(verdicts)); diff != "" {
			t.Errorf("%s verdicts (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(want.lifted, lifted); diff != "" {
			t.Errorf("%s lifted (-want +got):\n%s", name, diff)
		}
	}
	for _, name := range factFiles(t) {
		if _, ok := stacks[strings.TrimSuffix(name, ".template.json")]; !ok {
			t.Errorf("facts.jsonl tells of %s, which this test does not know", name)
		}
	}
}

// located reports lifted documents and parts of them that lie outside the
// Manifest they came from.
func located(t *testing.T, d *document.Document) {
	t.Helper()
	carrier, exact := d.Parent.Locate(document.Path{"Manifest"})
	carrier = carrier.Outermost()
	for _, path := range []document.Path{nil, {"metadata"}, {"metadata", "name"}, {"kind"}} {
		at, _ := d.Locate(path)
		at = at.Outermost()
		if !exact || at.IsZero() || at.File() != carrier.File() || at.Start.Offset < carrier.Start.Offset || at.End.Offset > carrier.End.Offset {
			t.Errorf("%s %s lies at %v, its text at %v", d.ID, path, at, carrier)
		}
	}
}

func stackOf(d *document.Document) string {
	if d == nil {
		return ""
	}
	name, _, _ := strings.Cut(d.ID, "#")
	return strings.TrimSuffix(filepath.Base(name), ".template.json")
}

func factFiles(t *testing.T) []string {
	t.Helper()
	f, err := os.Open(corpusFolder(t, "cdk", "facts.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var fact struct{ File string }
		if err := json.Unmarshal(lines.Bytes(), &fact); err != nil {
			t.Fatal(err)
		}
		out = append(out, fact.File)
	}
	if len(out) == 0 {
		t.Error("facts.jsonl is empty")
	}
	return out
}

func TestCorpus_CloudFormationTemplatesLoadAndAreJudged(t *testing.T) {
	r := check(t, engine.Options{}, corpusFolder(t, "cfn"))
	if r.Files.Failed != 0 || r.Files.NotRecognised != 0 || r.Files.Read < 70 {
		t.Errorf("%+v", r.Files)
	}
	lifted, resources := 0, 0
	for _, d := range r.Documents {
		switch {
		case d.Metadata["lift"] == "awsqs_kubernetes_resource" && d.Parent.Parent == nil:
			lifted++
			located(t, d)
		case d.Parent == nil:
			resources++
		}
	}
	if lifted != 1 || resources < 480 {
		t.Errorf("%d objects lifted out of AWSQS::Kubernetes::Resource, want 1; %d resources", lifted, resources)
	}
	for _, d := range r.Diagnostics {
		if d.Level == document.Error {
			t.Errorf("%s: %s", d.Range.Outermost().File(), d.Message)
		}
	}
	failed := 0
	for _, f := range r.Findings {
		if f.Range.Outermost().IsZero() && f.Status != finding.Pass {
			t.Errorf("%s on %s has no place", f.Rule.ID, f.Document.ID)
		}
		if f.Status == finding.Fail {
			failed++
		}
	}
	if failed == 0 {
		t.Error("none of the templates fails any rule: they are not judged")
	}
}

// The CDK's own handlers are neither the user's to mend nor left out in silence.
func TestCheck_WhatTheCDKAddsForItselfIsSetAside(t *testing.T) {
	const template = `{"Resources": {%s: {"Type": "AWS::IAM::Role", "Properties": {
		"AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
		"ManagedPolicyArns": ["arn:aws:iam::aws:policy/AmazonElasticContainerRegistryPublicFullAccess", "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryFullAccess"]}}}}`
	for name, want := range map[string]finding.Status{"ClusterKubectlHandlerRole94549F93": finding.Suppressed, "Builder": finding.Fail} {
		dir := t.TempDir()
		text := strings.Replace(template, "%s", `"`+name+`"`, 1)
		if err := os.WriteFile(filepath.Join(dir, "t.template.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		r := check(t, engine.Options{Rules: []string{"PLM-IMG-010"}}, dir)
		if len(r.Findings) == 0 || r.Findings[0].Status != want {
			t.Errorf("%s: %v, want one that is %s", name, r.Findings, want)
		}
	}
}
