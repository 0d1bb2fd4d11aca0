package engine_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/engine"
)

const twoWorlds = `
Parameters: {Stage: {Type: String}}
Conditions:
  Prod: !Equals [!Ref Stage, prod]
  NotProd: !Not [!Condition Prod]
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      Name: harbour
      Version: "1.35"
      RoleArn: arn:aws:iam::111122223333:role/cluster
      ResourcesVpcConfig: {SubnetIds: [subnet-1, subnet-2]}
`

const clusterSettings = `
      Version: "1.35"
      RoleArn: arn:aws:iam::111122223333:role/cluster
      ResourcesVpcConfig: {SubnetIds: [subnet-1, subnet-2]}
`

const runtimeDetector = `
    Type: AWS::GuardDuty::Detector
    Properties:
      Enable: true
      Features:
        - Name: EKS_RUNTIME_MONITORING
          Status: ENABLED
          AdditionalConfiguration: [{Name: EKS_ADDON_MANAGEMENT, Status: ENABLED}]
`

// inWorlds judges a template and lists "<rule> <status> <resource>".
func inWorlds(t *testing.T, template string, o engine.Options) []string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "t.yaml"), []byte(template), 0o600); err != nil {
		t.Fatal(err)
	}
	r := check(t, o, dir)
	for _, d := range r.Diagnostics {
		t.Errorf("%s", d.Message)
	}
	var out []string
	for _, f := range r.Findings {
		out = append(out, f.Rule.ID+" "+string(f.Status)+" "+f.Document.Name)
	}
	slices.Sort(out)
	return out
}

func TestCheck_AResourceThatMayNotBeThereIsUnknown(t *testing.T) {
	only := engine.Options{Rules: []string{"PLM-CLUSTER-001"}}
	perhaps := "  Perhaps:\n    Condition: Prod\n    Type: AWS::EKS::Cluster\n    Properties:" + clusterSettings
	got := inWorlds(t, twoWorlds+perhaps, only)
	if diff := cmp.Diff([]string{"PLM-CLUSTER-001 fail Cluster", "PLM-CLUSTER-001 unknown Perhaps"}, got); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
	decided := strings.Replace(twoWorlds, "{Type: String}", "{Type: String, Default: prod}", 1)
	got = inWorlds(t, decided+perhaps, only)
	if diff := cmp.Diff([]string{"PLM-CLUSTER-001 fail Cluster", "PLM-CLUSTER-001 fail Perhaps"}, got); diff != "" {
		t.Errorf("where the condition is decided (-want +got): %s", diff)
	}
	// What exists on the condition is judged as it is when it exists.
	safe := strings.Replace(perhaps, "subnet-2]", "subnet-2], EndpointPublicAccess: !If [Prod, false, true]", 1)
	got = inWorlds(t, twoWorlds+safe, only)
	if diff := cmp.Diff([]string{"PLM-CLUSTER-001 fail Cluster"}, got); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
}

func TestCheck_AVerdictThatHangsOnAConditionalResourceIsUnknown(t *testing.T) {
	only := engine.Options{Rules: []string{"PLM-MON-008"}, Evidence: "required"}
	for _, c := range []struct{ name, more, want string }{
		{"nothing detects", "", "PLM-MON-008 fail Cluster"},
		{"something detects", "  Detector:" + runtimeDetector, ""},
		{"something may detect", "  Detector:\n    Condition: Prod" + runtimeDetector, "PLM-MON-008 unknown Cluster"},
		{"something that does not matter", "  Bucket: {Type: 'AWS::S3::Bucket', Condition: Prod}\n", "PLM-MON-008 fail Cluster"},
	} {
		if got := strings.Join(inWorlds(t, twoWorlds+c.more, only), ","); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	passed := only
	passed.IncludePassed = true
	got := inWorlds(t, twoWorlds+"  Detector:\n    Condition: Prod"+runtimeDetector, passed)
	if diff := cmp.Diff([]string{"PLM-MON-008 unknown Cluster"}, got); diff != "" {
		t.Errorf("one verdict per subject (-want +got): %s", diff)
	}
}

const podRole = `
    Type: AWS::IAM::Role
    Properties:
      RoleName: app
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: pods.eks.amazonaws.com}, Action: ["sts:AssumeRole", "sts:TagSession"]}]
`

const rolePolicy = `
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: all
      Roles: [app]
      PolicyDocument: {Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}
`

func TestCheck_ConditionsThatExcludeOrCompleteEachOtherMakeNoImpossibleWorld(t *testing.T) {
	detectors := func(a, b string) string {
		return "  One:\n    Condition: " + a + runtimeDetector + "  Two:\n    Condition: " + b + runtimeDetector
	}
	attached := func(role, policy string) string {
		return "  Role:\n    Condition: " + role + podRole + "  Policy:\n    Condition: " + policy + rolePolicy
	}
	stage := func(restriction string) string {
		out := strings.Replace(twoWorlds, "{Stage: {Type: String}}", "{Stage: {Type: String, "+restriction+"}}", 1)
		return strings.Replace(out, "Conditions:\n", "Conditions:\n  Dev: !Equals [dev, !Ref Stage]\n", 1)
	}
	const asserted = `
Rules:
  Stages: {Assertions: [{Assert: {"Fn::Contains": [[dev, prod], !Ref Stage]}}]}
`
	free := `Description: ""`
	for _, c := range []struct{ name, template, rule, want string }{
		{"one or the other", twoWorlds + detectors("Prod", "NotProd"), "PLM-MON-008", ""},
		{"the same one", twoWorlds + detectors("Prod", "Prod"), "PLM-MON-008", "PLM-MON-008 unknown Cluster"},
		{"values of one parameter", stage(free) + detectors("Prod", "Dev"), "PLM-MON-008", "PLM-MON-008 unknown Cluster"},
		{"all allowed values", stage("AllowedValues: [dev, prod]") + detectors("Prod", "Dev"), "PLM-MON-008", ""},
		{"not all allowed values", stage("AllowedValues: [dev, prod, test]") + detectors("Prod", "Dev"), "PLM-MON-008", "PLM-MON-008 unknown Cluster"},
		{"all values that a rule allows", stage(free) + detectors("Prod", "Dev") + asserted, "PLM-MON-008", ""},
		{"never together", stage(free) + attached("Prod", "Dev"), "PLM-IAM-018", ""},
		{"never together by Not", twoWorlds + attached("Prod", "NotProd"), "PLM-IAM-018", ""},
		{"always together", twoWorlds + attached("Prod", "Prod"), "PLM-IAM-018", "PLM-IAM-018 unknown Policy"},
	} {
		o := engine.Options{Rules: []string{c.rule}, Evidence: "required"}
		if got := strings.Join(inWorlds(t, c.template, o), ","); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCheck_ManyIndependentConditionsAreJudgedAtTheirExtremes(t *testing.T) {
	var b strings.Builder
	b.WriteString(strings.Replace(twoWorlds, "{Stage: {Type: String}}", "{Stage: {Type: String}, P0: {Type: String}, P1: {Type: String}, P2: {Type: String}, P3: {Type: String}, P4: {Type: String}, P5: {Type: String}}", 1))
	conditions := "Conditions:\n"
	for _, n := range []string{"0", "1", "2", "3", "4", "5"} {
		conditions += "  On" + n + ": !Equals [!Ref P" + n + ", on]\n"
		b.WriteString("  Bucket" + n + ": {Type: 'AWS::S3::Bucket', Condition: On" + n + "}\n")
	}
	template := strings.Replace(b.String(), "Conditions:\n", conditions, 1)
	only := engine.Options{Rules: []string{"PLM-MON-008"}, Evidence: "required"}
	if got := strings.Join(inWorlds(t, template, only), ","); got != "PLM-MON-008 fail Cluster" {
		t.Errorf("buckets do not matter: %q", got)
	}
	if got := strings.Join(inWorlds(t, template+"  Detector:\n    Condition: On3"+runtimeDetector, only), ","); got != "PLM-MON-008 unknown Cluster" {
		t.Errorf("something may detect: %q", got)
	}
}

func TestCheck_WhatAPackagedTemplateLeadsToIsToldOnce(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"child.yaml":    "Resources:\n  Volume: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: a, Size: 1}}\n",
		"template.yaml": "Resources:\n  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml}}\n",
		"packaged.yaml": "Resources:\n  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://s3.amazonaws.com/b/" + strings.Repeat("0a", 16) + ".template'}}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{dir, filepath.Join(dir, "packaged.yaml")} {
		r := check(t, engine.Options{Rules: []string{"PLM-DATA-004"}}, path)
		if len(r.Findings) != 1 || len(r.Diagnostics) != 0 || filepath.Base(r.Findings[0].Range.Outermost().File()) != "child.yaml" {
			t.Errorf("%s: %d findings, %v", filepath.Base(path), len(r.Findings), r.Diagnostics)
		}
	}
}
