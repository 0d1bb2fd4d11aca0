package tfplan_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan"
)

func TestTrap14_BooleansAndNumbersAsStringsStayStrings(t *testing.T) {
	l := fixture(t, "addresses/plan.json")
	d := l.doc("module.elsewhere.aws_launch_template.this")
	if got := at(t, d, "block_device_mappings[0].ebs[0].encrypted"); got != "false" {
		t.Errorf("encrypted is %v (%T)", got, got)
	}
	if got := at(t, d, "network_interfaces[0].associate_public_ip_address"); got != "true" {
		t.Errorf("associate_public_ip_address is %v (%T)", got, got)
	}
	if got := at(t, l.doc("module.elsewhere.aws_eks_node_group.this"), "scaling_config[0].max_size"); got != int64(2) {
		t.Errorf("max_size is %v (%T)", got, got)
	}
}

func TestTrap15_MissingHasThreeShapesAndEachIsKept(t *testing.T) {
	d := leftOutPlan(t).doc("aws_eks_cluster.x")
	wantKnowledge(t, d, map[string]string{"tags": "null", "encryption_config": "known", "public_access_cidrs": "absent"})
	if diff := cmp.Diff([]any{}, at(t, d, "encryption_config")); diff != "" {
		t.Error(diff)
	}
}

func TestTrap16_SetsAreSortedSoBlocksAreMatchedByTheirConstants(t *testing.T) {
	rules := `{"rule":[{"name":"a","key":null},{"name":"b","key":null}]}`
	l := load(t, plan(
		change("aws_kms_key", "k", "create", `{}`, `{"arn":true}`, `{}`)+","+
			change("x_y", "z", "create", rules, `{"rule":[{"key":true},{}]}`, `{}`),
		configured("x_y", "z", `{"rule":[{"name":{"constant_value":"b"}},{"name":{"constant_value":"a"},"key":{"references":["aws_kms_key.k.arn","aws_kms_key.k"]}}]}`)))
	d := l.doc("x_y.z")
	wantEdges(t, d, "rule[0].key -> aws_kms_key.k arn reference")
	wantKnowledge(t, d, map[string]string{"rule[0].key": "unknown after_apply"})
}

func TestTrap17_BlocksAreListsOfOneAndNestedAttributesAreObjects(t *testing.T) {
	l := load(t, plan(
		change("aws_vpc", "v", "create", `{}`, `{"id":true}`, `{}`)+","+
			change("helm_release", "h", "create", `{"set":[{"name":"a"}],"nested":{"b":1}}`, `{"set":[{"value":true}],"nested":{"c":true,"d":true},"timeouts":{"create":true}}`, `{}`),
		configured("helm_release", "h", `{"set":{"references":["aws_vpc.v.id","aws_vpc.v"]},"nested":{"references":["aws_vpc.v.id","aws_vpc.v"]},"timeouts":{"create":{"references":["aws_vpc.v.id","aws_vpc.v"]}}}`)))
	d := l.doc("helm_release.h")
	wantKnowledge(t, d, map[string]string{
		"set[0].value": "unknown after_apply", "set[0].name": "known", "nested.c": "unknown after_apply", "nested.b": "known",
		"timeouts.create": "unknown after_apply",
	})
	wantEdges(t, d, "set -> aws_vpc.v id reference", "nested -> aws_vpc.v id reference", "timeouts.create -> aws_vpc.v id reference")
}

func TestTrap18_InlineSecurityGroupRulesAreZeroFilled(t *testing.T) {
	d := fixture(t, "addresses/plan.json").doc("module.elsewhere.aws_security_group.this[0]")
	for path, want := range map[string]any{"ingress[0].description": "", "ingress[0].self": false, "ingress[0].from_port": int64(22)} {
		if got := at(t, d, path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	wantKnowledge(t, d, map[string]string{"egress": "absent", "ingress[1].cidr_blocks[0]": "known"})
}

func TestTrap19_DocumentsInsideStringsStayStringsWithTheirPlace(t *testing.T) {
	l := fixture(t, "irsa/plan.json")
	d := l.doc("aws_iam_role.cluster")
	text, ok := at(t, d, "assume_role_policy").(string)
	if !ok || !json.Valid([]byte(text)) {
		t.Fatalf("assume_role_policy is %v", d.Raw["assume_role_policy"])
	}
	inside, exact := d.Locate(document.Path{"assume_role_policy", "Statement", 0})
	whole, _ := d.Locate(document.Path{"assume_role_policy"})
	if exact || inside != whole || !strings.HasPrefix(whole.Text(), `"{\"Statement\"`) {
		t.Errorf("a path inside the string is at %q, exact %v", inside.Text(), exact)
	}
}

func TestTrap20_KeysWithDotsAndSlashesAreQuotedInPaths(t *testing.T) {
	l := load(t, plan(
		change("aws_iam_role", "r", "create", `{}`, `{"arn":true}`, `{}`)+","+
			change("kubernetes_service_account_v1", "s", "create", `{"metadata":[{"annotations":{}}]}`, `{"metadata":[{"annotations":{"eks.amazonaws.com/role-arn":true}}]}`, `{}`),
		configured("kubernetes_service_account_v1", "s", `{"metadata":[{"annotations":{"references":["aws_iam_role.r.arn","aws_iam_role.r"]}}]}`)))
	wantKnowledge(t, l.doc("kubernetes_service_account_v1.s"), map[string]string{
		`metadata[0].annotations["eks.amazonaws.com/role-arn"]`: "unknown after_apply",
	})
}

func TestTrap21_AddressesAreNeverSplitAtDotsInKeys(t *testing.T) {
	l := fixture(t, "addresses/plan.json")
	d := l.doc(`module.cluster["team/a.b"].aws_eks_cluster.this`)
	if d.Name != "this" || d.Kind != "aws_eks_cluster" || d.ID != `plan.json#module.cluster["team/a.b"].aws_eks_cluster.this` || d.Scope != "tf:plan.json" {
		t.Errorf("name %q, kind %q, ID %q, scope %q", d.Name, d.Kind, d.ID, d.Scope)
	}
	wantEdges(t, d,
		`vpc_config[0].security_group_ids -> module.cluster["team/a.b"].aws_security_group.this[0] id reference`,
		`vpc_config[0].subnet_ids -> aws_subnet.private["a"]  reference`,
		`vpc_config[0].subnet_ids -> aws_subnet.private["b"]  reference`)
	wantEdges(t, l.doc("aws_eks_access_entry.admin"), `cluster_name -> module.cluster["team/a.b"].aws_eks_cluster.this name reference`)
	wantEdges(t, l.doc(`aws_route_table_association.private["b"]`),
		`route_table_id -> aws_route_table.private["b"]  reference`, `subnet_id -> aws_subnet.private["b"] id reference`)
}

func TestTrap22_UnknownIDsAreJoinedThroughReferences(t *testing.T) {
	l := fixture(t, "addresses/plan.json")
	wantEdges(t, l.doc(`module.cluster["team c"].aws_eks_node_group.this`),
		`cluster_name -> module.cluster["team c"].aws_eks_cluster.this name reference`,
		`launch_template[0].id -> module.cluster["team c"].aws_launch_template.this id reference`,
		`launch_template[0].version -> module.cluster["team c"].aws_launch_template.this latest_version reference`,
		`subnet_ids -> aws_subnet.private["a"]  reference`,
		`subnet_ids -> aws_subnet.private["b"]  reference`)
	// A splat names the resource only.
	wantEdges(t, l.doc("module.elsewhere.aws_launch_template.this"),
		`block_device_mappings[1].ebs[0].kms_key_id -> module.elsewhere.aws_kms_key.this arn reference`,
		`network_interfaces[0].security_groups -> module.elsewhere.aws_security_group.this[0]  reference`)
}

func TestTrap23_TheRegionIsTheResourcesOwnElseItsProviders(t *testing.T) {
	l := fixture(t, "addresses/plan.json")
	for address, want := range map[string][2]string{
		"aws_vpc.main":                                  {"aws", "eu-west-1"},
		"module.elsewhere.aws_eks_cluster.this":         {"aws.us", "us-east-1"},
		`module.cluster["team c"].aws_eks_cluster.this`: {"aws", "eu-west-1"},
	} {
		m := l.doc(address).Metadata
		if got := [2]string{m["terraform:provider"], m["aws:region"]}; got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
	own := load(t, plan(change("aws_ebs_volume", "v", "create", `{"region":"ap-southeast-2"}`, `{}`, `{}`), configured("aws_ebs_volume", "v", `{}`)))
	if got := own.doc("aws_ebs_volume.v").Metadata["aws:region"]; got != "ap-southeast-2" {
		t.Errorf("region %q", got)
	}
}

func TestTrap24_TypesOfOneMeaningAndProviderDefaultsAreKeptAsPlanned(t *testing.T) {
	after := `{"spec":[{"container":[{"security_context":[{"allow_privilege_escalation":true}]}]}]}`
	l := load(t, plan(change("kubernetes_pod", "a", "create", after, `{"id":true}`, `{}`)+","+change("kubernetes_pod_v1", "b", "create", after, `{"id":true}`, `{}`),
		configured("kubernetes_pod", "a", `{"spec":[{"container":[{}]}]}`)))
	for address, kind := range map[string]string{"kubernetes_pod.a": "kubernetes_pod", "kubernetes_pod_v1.b": "kubernetes_pod_v1"} {
		d := l.doc(address)
		if d.Kind != kind || at(t, d, "spec[0].container[0].security_context[0].allow_privilege_escalation") != true {
			t.Errorf("%s: %s %v", address, d.Kind, d.Raw)
		}
	}
}

func TestTrap25_ConfigurationNobodyAsksForIsNotDecoded(t *testing.T) {
	resources := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, configured("aws_subnet", fmt.Sprintf("s%d", i), `{"a":[{"b":{"constant_value":["`+strings.Repeat("x", 2000)+`"]},"c":[{"d":{"references":["var.e"]}}]}]}`))
		}
		return strings.Join(list, ",")
	}
	bytesOf := func(n int) int64 {
		text := plan(change("aws_vpc", "v", "create", `{"id":null}`, `{}`, `{}`), resources(n))
		return testing.Benchmark(func(b *testing.B) {
			for b.Loop() {
				src := &document.Source{Name: "plan.json", Content: []byte(text)}
				tfplan.Open(src).Documents(b.Context(), nil)
			}
		}).AllocedBytesPerOp() - int64(len(text))
	}
	few, many := bytesOf(10), bytesOf(210)
	if perResource := (many - few) / 200; perResource > 1000 {
		t.Errorf("a configured resource of 2 kB that nothing refers to costs %d bytes", perResource)
	}
}

func TestTrap26_AByteOrderMarkIsAccepted(t *testing.T) {
	text := "\xef\xbb\xbf" + plan(change("aws_vpc", "v", "create", `{"cidr_block":"10.0.0.0/8"}`, `{}`, `{}`), "")
	if !tfplan.Recognize("plan.json", []byte(text)) {
		t.Error("not recognized")
	}
	l := load(t, text)
	l.quiet()
	r, exact := l.doc("aws_vpc.v").Locate(document.Path{"cidr_block"})
	if !exact || r.Text() != `"10.0.0.0/8"` {
		t.Errorf("located %q, exact %v", r.Text(), exact)
	}
}
