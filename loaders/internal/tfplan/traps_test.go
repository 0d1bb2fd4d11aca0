package tfplan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// One test for every line of the list of traps that real plans hold.

func TestTrap01_AnUnknownElementIsNullInAListAndTheKnownOnesStay(t *testing.T) {
	l := load(t, plan(
		change("aws_eip", "nat", "create", `{}`, `{"public_ip":true}`, `{}`)+","+
			change("aws_eks_cluster", "this", "create", `{"name":"x","vpc_config":[{"public_access_cidrs":["0.0.0.0/0",null]}]}`,
				`{"vpc_config":[{"public_access_cidrs":[false,true]}]}`, `{}`),
		configured("aws_eks_cluster", "this", `{"vpc_config":[{"public_access_cidrs":{"references":["aws_eip.nat.public_ip","aws_eip.nat"]}}]}`)))
	d := l.doc("aws_eks_cluster.this")
	if diff := cmp.Diff([]any{"0.0.0.0/0", nil}, at(t, d, "vpc_config[0].public_access_cidrs")); diff != "" {
		t.Error(diff)
	}
	wantKnowledge(t, d, map[string]string{
		"vpc_config[0].public_access_cidrs":    "partial after_apply",
		"vpc_config[0].public_access_cidrs[0]": "known",
		"vpc_config[0].public_access_cidrs[1]": "unknown after_apply",
	})
}

func TestTrap02_TheMaskIsTrueAtAnyLevel(t *testing.T) {
	l := load(t, plan(
		change("aws_vpc", "v", "create", `{}`, `{"id":true}`, `{}`)+","+
			change("aws_launch_template", "a", "create", `{"name":"a"}`, `{"block_device_mappings":true,"metadata_options":true}`, `{}`)+","+
			change("aws_instance", "b", "create", `{"x":{}}`, `{"x":{"y":[{"z":true}]}}`, `{}`),
		configured("aws_launch_template", "a", `{"name":{"constant_value":"a"}}`)+","+
			configured("aws_instance", "b", `{"x":{"references":["aws_vpc.v.id","aws_vpc.v"]}}`)))
	// block_device_mappings only exists if it is written: its dynamic block has an
	// unknown for_each. metadata_options looks like this when it is left out.
	wantKnowledge(t, l.doc("aws_launch_template.a"), map[string]string{
		"block_device_mappings": "unknown unevaluated_expression",
		"metadata_options":      "absent",
	})
	wantKnowledge(t, l.doc("aws_instance.b"), map[string]string{"x.y[0].z": "unknown after_apply"})
}

func TestTrap03_OmittedOptionalComputedArgumentsAreNotUnknown(t *testing.T) {
	l := fixture(t, "null-or-unknown/plan.json")
	cidrs := "vpc_config[0].public_access_cidrs"
	for module, want := range map[string]string{
		"left_out": "absent", "null": "absent", "known": "known",
		"after_apply": "unknown after_apply", "whole": "unknown after_apply",
	} {
		wantKnowledge(t, l.doc("module."+module+".aws_eks_cluster.this"), map[string]string{cidrs: want})
	}
	left := leftOutPlan(t)
	wantKnowledge(t, left.doc("aws_eks_cluster.x"), map[string]string{
		"access_config": "absent", "version": "absent", cidrs: "absent", "kubernetes_network_config": "absent",
		"arn": "unknown after_apply", "id": "unknown after_apply", "vpc_config[0].vpc_id": "unknown after_apply",
	})
	wantKnowledge(t, left.doc("aws_launch_template.x"), map[string]string{
		"metadata_options": "absent", "name": "unknown after_apply", "default_version": "absent",
	})
}

func TestTrap04_DynamicBlocksAreNotInTheExpressions(t *testing.T) {
	l := fixture(t, "null-or-unknown/plan.json")
	d := l.doc("module.after_apply.aws_eks_cluster.this")
	// The block is there, written by `dynamic`: what is unknown in it is unknown.
	wantKnowledge(t, d, map[string]string{
		"encryption_config[0].resources":           "known",
		"encryption_config[0].provider[0].key_arn": "unknown unevaluated_expression",
	})
	// Inside a written block absence is reliable.
	wantKnowledge(t, l.doc("module.known.aws_eks_cluster.this"), map[string]string{"encryption_config[0]": "absent"})
}

func TestTrap05_AnUnknownTrustPolicyIsRebuiltFromItsDataSource(t *testing.T) {
	l := fixture(t, "irsa/plan.json")
	role := l.doc("aws_iam_role.app")
	want := map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{
			map[string]any{
				"Sid": "App", "Effect": "Allow", "Action": []any{"sts:AssumeRoleWithWebIdentity"},
				"Principal": map[string]any{"Federated": []any{nil}},
				"Condition": map[string]any{"StringEquals": map[string]any{
					"${unknown}:sub": []any{"system:serviceaccount:shop:web"},
					"${unknown}:aud": []any{"sts.amazonaws.com"},
				}},
			},
			map[string]any{"Effect": "Deny", "Action": []any{"sts:TagSession"}, "Principal": map[string]any{"AWS": []any{"*"}}},
		},
	}
	if diff := cmp.Diff(want, at(t, role, "assume_role_policy")); diff != "" {
		t.Error(diff)
	}
	wantKnowledge(t, role, map[string]string{
		"assume_role_policy": "known",
		"assume_role_policy.Statement[0].Principal.Federated":    "partial after_apply",
		"assume_role_policy.Statement[0].Principal.Federated[0]": "unknown after_apply",
	})
	if !slices.Contains(edges(role), "assume_role_policy.Statement[0].Principal.Federated -> aws_iam_openid_connect_provider.this arn reference") {
		t.Errorf("no edge to the OIDC provider: %v", edges(role))
	}
	policy := l.doc("aws_iam_role_policy.app")
	if got := at(t, policy, "policy.Statement[0].Action"); got != "*" {
		t.Errorf("the statement of source_policy_documents has the action %v", got)
	}
	wantKnowledge(t, policy, map[string]string{
		"policy.Statement[1].Resource[0]": "known", "policy.Statement[1].Resource[1]": "unknown after_apply",
	})
	// Data sources that have been read are only in prior_state.
	base := l.doc("data.aws_iam_policy_document.base")
	if base.Kind != "data.aws_iam_policy_document" || base.Action != document.Read || len(base.RawStates) > 0 {
		t.Errorf("%s: kind %s, action %s, states %v", base.Address, base.Kind, base.Action, base.RawStates)
	}
}

func TestTrap06_OneUnknownPartMakesAWholeTextUnknown(t *testing.T) {
	l := load(t, plan(
		change("aws_iam_role", "r", "create", `{"name":"r"}`, `{"arn":true}`, `{}`)+","+
			change("kubectl_manifest", "sa", "create", `{"force_new":false}`, `{"yaml_body":true,"yaml_body_parsed":true,"id":true}`, `{"yaml_body":true}`)+","+
			change("helm_release", "h", "create", `{"name":"h","values":["a: 1\n",null]}`, `{"values":[false,true]}`, `{}`),
		configured("kubectl_manifest", "sa", `{"yaml_body":{"references":["aws_iam_role.r.arn","aws_iam_role.r"]}}`)+","+
			configured("helm_release", "h", `{"values":{"references":["aws_iam_role.r.arn","aws_iam_role.r"]}}`)))
	wantKnowledge(t, l.doc("kubectl_manifest.sa"), map[string]string{"yaml_body": "unknown after_apply", "yaml_body_parsed": "absent"})
	wantKnowledge(t, l.doc("helm_release.h"), map[string]string{
		"values": "partial after_apply", "values[0]": "known", "values[1]": "unknown after_apply",
	})
	wantEdges(t, l.doc("kubectl_manifest.sa"), "yaml_body -> aws_iam_role.r arn reference")
}

func TestTrap07_OnlyTrueMarksASensitiveValue(t *testing.T) {
	l := load(t, plan(change("aws_db_instance", "d", "create",
		`{"password":"hunter2","tags":{"a":"b"},"list":["x","y"],"blocks":[{"token":"abc"}]}`, `{}`,
		`{"password":true,"tags":{},"list":[false,true],"blocks":[{"token":true}],"empty":[]}`), ""))
	d := l.doc("aws_db_instance.d")
	var got []string
	for _, p := range d.Sensitive {
		got = append(got, p.String())
	}
	if diff := cmp.Diff([]string{"blocks[0].token", "list[1]", "password"}, got); diff != "" {
		t.Error(diff)
	}
	// The value is there to be judged.
	if at(t, d, "password") != "hunter2" {
		t.Error("the sensitive value cannot be judged")
	}
	// A plan whose secrets stand in every section it has must not be quoted.
	broken := load(t, `{"format_version":"1.2","variables":{"token":{"value":"s3cr3t"}},"resource_changes":[`+
		change("aws_db_instance", "d", "create", `{"password":"s3cr3t",}`, `{}`, `{}`)+`]}`)
	broken.says(document.Error, "cannot be read")
	for _, d := range broken.diagnostics {
		if strings.Contains(d.Message, "s3cr3t") {
			t.Errorf("a diagnostic prints a secret: %s", d.Message)
		}
	}
}

func TestTrap08_ASensitiveManifestIsKeptBesideItsParsedTwin(t *testing.T) {
	l := load(t, plan(change("kubectl_manifest", "m", "create",
		`{"yaml_body":"kind: Pod\n","yaml_body_parsed":"kind: Pod\n"}`, `{}`, `{"yaml_body":true}`), ""))
	d := l.doc("kubectl_manifest.m")
	if at(t, d, "yaml_body") != "kind: Pod\n" || at(t, d, "yaml_body_parsed") != "kind: Pod\n" {
		t.Errorf("raw %v", d.Raw)
	}
	if len(d.Sensitive) != 1 || d.Sensitive[0].String() != "yaml_body" {
		t.Errorf("sensitive %v", d.Sensitive)
	}
}

func TestTrap09_ReplacementComesInBothOrders(t *testing.T) {
	l := fixture(t, "actions/plan.json")
	for address, want := range map[string]document.Action{
		"aws_ecr_repository.replaced": document.Replace, "aws_ecr_repository.replaced_first": document.Replace,
		"aws_ecr_repository.created": document.Create, "aws_cloudwatch_log_group.updated": document.Update,
		"aws_flow_log.deleted": document.Delete, "terraform_data.new_name": document.NoOp,
	} {
		if got := l.doc(address).Action; got != want {
			t.Errorf("%s: action %s, want %s", address, got, want)
		}
	}
	if d := l.doc("aws_flow_log.deleted"); len(d.Raw) > 0 || len(d.RawStates) > 0 || d.Raw == nil {
		t.Errorf("a deleted resource has values: %v %v", d.Raw, d.RawStates)
	}
}

func TestTrap10_ForgottenResourcesAreLeftOutAndMovedOnesSayWhereFrom(t *testing.T) {
	l := fixture(t, "actions/plan.json")
	if l.has("aws_ecr_repository.forgotten") {
		t.Error("a forgotten resource is still a document")
	}
	if got := l.doc("terraform_data.new_name").Metadata["terraform:previous_address"]; got != "terraform_data.old_name" {
		t.Errorf("previous address %q", got)
	}
	// The deposed object of aws_ecr_repository.created is to be deleted: one
	// document only, the new one.
	count := 0
	for _, d := range l.documents {
		if d.Address == "aws_ecr_repository.created" {
			count++
		}
	}
	if count != 1 {
		t.Errorf("%d documents for a resource with a deposed object", count)
	}
	imported := load(t, plan(strings.Replace(change("aws_vpc", "v", "no-op", `{"id":"vpc-1"}`, `{}`, `{}`),
		`"before":null`, `"before":null,"importing":{"id":"vpc-1"}`, 1), ""))
	if got := imported.doc("aws_vpc.v").Metadata["terraform:import_id"]; got != "vpc-1" {
		t.Errorf("import ID %q", got)
	}
}

func TestTrap11_PlansThatSayLessThanAllSaySo(t *testing.T) {
	l := fixture(t, "refresh-only/plan.json")
	l.says(document.Note, "refresh-only")
	if d := l.doc("terraform_data.kept"); d.Action != document.NoOp || at(t, d, "input") != "shop" {
		t.Errorf("%s %v", d.Action, d.Raw)
	}
	for _, d := range fixture(t, "destroy/plan.json").documents {
		if d.Action != document.Delete {
			t.Errorf("a destroy plan has %s with action %s", d.Address, d.Action)
		}
	}
	l = fixture(t, "targeted/plan.json")
	l.says(document.Warning, "partial")
	l = fixture(t, "errored/plan.json")
	l.says(document.Error, "ended in an error")
	if !l.has("aws_ecr_repository.good") {
		t.Error("what an errored plan has is not read")
	}
}

func TestTrap12_ChecksCanFailWhileThePlanSucceeds(t *testing.T) {
	l := fixture(t, "errored/plan.json")
	l.says(document.Note, "check.mutable does not hold in this plan: Tags can be overwritten.")
}

func TestTrap13_DriftIsNotAPlannedAction(t *testing.T) {
	text := strings.Replace(plan(change("aws_vpc", "v", "no-op", `{"id":"vpc-1"}`, `{}`, `{}`), ""), `"resource_changes"`,
		`"resource_drift":[`+change("aws_vpc", "drifted", "update", `{}`, `{}`, `{}`)+`],"resource_changes"`, 1)
	l := load(t, text)
	if l.has("aws_vpc.drifted") || len(l.documents) != 1 {
		t.Errorf("%d documents", len(l.documents))
	}
}
