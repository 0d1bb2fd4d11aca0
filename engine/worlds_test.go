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
