package link

import (
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func permissionsOf(s *Stack, id string) map[string]any {
	return object(get(s.Facts, "role_permissions", id))
}

func TestPermissionsFromEverySource(t *testing.T) {
	get1, get2, get3 := statement("Allow", arr{"s3:GetObject"}, arr{"*"}), statement("Allow", arr{"sqs:*"}, arr{"*"}), statement("Deny", arr{"*"}, arr{"*"})
	get4 := statement("Allow", arr{"ec2:*"}, arr{"*"})
	s := build(
		tf("a.json", "aws_iam_role.r", "iam_role", obj{
			"name":     "r",
			"inline":   arr{obj{"name": "x", "document": policyOf(get1)}},
			"attached": arr{obj{"arn": "arn:aws:iam::aws:policy/AdministratorAccess"}, obj{"arn": "arn:aws:iam::111122223333:policy/team/mine"}},
		}),
		tf("a.json", "aws_iam_policy.mine", "iam_policy", obj{"name": "mine", "path": "/team/", "document": policyOf(get2)}),
		tf("a.json", "aws_iam_policy.decoy", "iam_policy", obj{"name": "mine", "document": policyOf(get4)}),
		tf("a.json", "aws_iam_role_policy.sep", "iam_policy", obj{"name": "sep", "inline": true, "roles": arr{"r"}, "document": policyOf(get3)}),
		tf("a.json", "aws_iam_role_policy.decoy", "iam_policy", obj{"name": "sep2", "inline": true, "roles": arr{"my-r"}, "document": policyOf(get4)}),
		tf("a.json", "aws_iam_role_policy_attachment.m", "iam_policy_attachment", obj{"roles": arr{"r"}, "policy": "arn:aws-cn:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"}),
		tf("a.json", "aws_iam_role_policy_attachment.c", "iam_policy_attachment", obj{}, unknown("policy", document.AfterApply, "tf:a.json#aws_iam_policy.extra"),
			unknown("roles", document.AfterApply, "tf:a.json#aws_iam_role.r")),
		tf("a.json", "aws_iam_policy.extra", "iam_policy", obj{"document": policyOf(get4)}),
	)
	wantEdges(t, s, PoliciesOf,
		"a.json#aws_iam_role.r -> a.json#aws_iam_policy.extra (reference)",
		"a.json#aws_iam_role.r -> a.json#aws_iam_policy.mine (value)",
		"a.json#aws_iam_role.r -> a.json#aws_iam_role_policy.sep (value)",
	)
	wantEdges(t, s, AttachmentsOf,
		"a.json#aws_iam_role.r -> a.json#aws_iam_role_policy_attachment.c (reference)",
		"a.json#aws_iam_role.r -> a.json#aws_iam_role_policy_attachment.m (value)",
	)
	got := permissionsOf(s, "a.json#aws_iam_role.r")
	wantValue(t, got["statements"], any(arr{
		obj{"document": "a.json#aws_iam_role.r", "path": "inline[0].document.statements[0]", "statement": get1},
		obj{"document": "a.json#aws_iam_policy.extra", "path": "document.statements[0]", "statement": get4},
		obj{"document": "a.json#aws_iam_policy.mine", "path": "document.statements[0]", "statement": get2},
		obj{"document": "a.json#aws_iam_role_policy.sep", "path": "document.statements[0]", "statement": get3},
	}))
	wantValue(t, got["managed"], any(arr{
		obj{
			"arn": "arn:aws:iam::aws:policy/AdministratorAccess", "name": "AdministratorAccess", "document": "a.json#aws_iam_role.r",
			"path": "attached[0].arn", "known": true, "as_of": managedAsOf, "admin": true, "iam": true, "wild": arr{"*"}, "use": "",
		},
		obj{
			"arn": "arn:aws-cn:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy", "name": "AmazonEBSCSIDriverPolicy",
			"document": "a.json#aws_iam_role_policy_attachment.m", "path": "policy", "known": true, "as_of": managedAsOf,
			"admin": false, "iam": false, "wild": arr{}, "use": "csi",
		},
	}))
	wantValue(t, got["complete"], any(true))
	wantValue(t, got["unknown"], any(arr{}))
}

func TestUnknownPermissionsAreNotComplete(t *testing.T) {
	cases := map[string]struct {
		docs []*document.Document
		want arr
	}{
		"policy not in the stack": {
			[]*document.Document{tf("a.json", "aws_iam_role.r", "iam_role", obj{"name": "r", "attached": arr{obj{"arn": "arn:aws:iam::1:policy/elsewhere"}}})},
			arr{obj{"document": "a.json#aws_iam_role.r", "path": "attached[0].arn", "reason": "not_in_stack"}},
		},
		"unknown element": {
			[]*document.Document{tf("a.json", "aws_iam_role.r", "iam_role", obj{"name": "r", "attached": arr{obj{}}}, unknown("attached[0].arn", document.DataSource))},
			arr{obj{"document": "a.json#aws_iam_role.r", "path": "attached[0].arn", "reason": "data_source"}},
		},
		"unknown list": {
			[]*document.Document{tf("a.json", "aws_iam_role.r", "iam_role", obj{"name": "r"}, unknown("attached", document.LocalOpaque))},
			arr{obj{"document": "a.json#aws_iam_role.r", "path": "attached", "reason": "local_opaque"}},
		},
		"unknown document": {
			[]*document.Document{
				tf("a.json", "aws_iam_role.r", "iam_role", obj{"name": "r"}),
				tf("a.json", "aws_iam_role_policy.p", "iam_policy", obj{"inline": true, "roles": arr{"r"}}, unknown("document", document.AfterApply)),
			},
			arr{obj{"document": "a.json#aws_iam_role_policy.p", "path": "document", "reason": "after_apply"}},
		},
		"unknown actions": {
			[]*document.Document{tf("a.json", "aws_iam_role.r", "iam_role", obj{"name": "r", "inline": arr{obj{"document": policyOf(statement("Allow", arr{}, arr{"*"}))}}},
				partial("inline[0].document.statements[0].actions", document.AfterApply))},
			arr{obj{"document": "a.json#aws_iam_role.r", "path": "inline[0].document.statements[0].actions", "reason": "after_apply"}},
		},
		"unknown name of a resource is no doubt": {
			[]*document.Document{tf("a.json", "aws_iam_role.r", "iam_role", obj{"name": "r", "inline": arr{obj{"document": policyOf(statement("Allow", arr{"s3:*"}, arr{}))}}},
				unknown("inline[0].document.statements[0].resources[0]", document.AfterApply, "tf:a.json#aws_s3_bucket.b"))},
			arr{},
		},
		"template of an AWS-managed policy": {
			[]*document.Document{cfn("t.yaml", "R", "AWS::IAM::Role", "iam_role", obj{"attached": arr{obj{}}},
				template("attached[0].arn", "arn:${AWS::Partition}:iam::aws:policy/AmazonEKS_CNI_Policy"))},
			arr{},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := Build(c.docs)
			id := s.ByType["iam_role"][0]
			wantValue(t, permissionsOf(s, id)["unknown"], any(c.want))
			wantValue(t, permissionsOf(s, id)["complete"], any(len(c.want) == 0))
		})
	}
}

func TestElementsOfAPartlyKnownListCount(t *testing.T) {
	raws := func(states document.States) option { return func(d *document.Document) { d.RawStates = states } }
	managed := func(name string) document.State {
		return document.State{Kind: document.Unknown, Reason: document.ParameterWithoutValue, Template: "arn:${AWS::Partition}:iam::aws:policy/" + name}
	}
	s := build(cfn("t.yaml", "R", "AWS::IAM::Role", "iam_role", obj{"attached": arr{}}, partial("attached", document.ParameterWithoutValue),
		written("attached", "ManagedPolicyArns"), raws(document.States{
			"ManagedPolicyArns[0]": managed("AmazonEKSWorkerNodePolicy"), "ManagedPolicyArns[1]": managed("AdministratorAccess"),
			"ManagedPolicyArns[2]": {Kind: document.Unknown, Reason: document.ImportValue},
		})))
	got := permissionsOf(s, "t.yaml#R")
	var names []string
	for _, m := range list(got["managed"]) {
		names = append(names, text(get(m, "path"))+" "+text(get(m, "name")))
	}
	wantValue(t, names, []string{"ManagedPolicyArns[0] AmazonEKSWorkerNodePolicy", "ManagedPolicyArns[1] AdministratorAccess"})
	wantValue(t, got["unknown"], any(arr{obj{"document": "t.yaml#R", "path": "ManagedPolicyArns[2]", "reason": "import_value"}}))
}

func TestPolicyAttachesItselfToRoles(t *testing.T) {
	s := build(
		cfn("t.yaml", "R", "AWS::IAM::Role", "iam_role", obj{}),
		cfn("t.yaml", "P", "AWS::IAM::ManagedPolicy", "iam_policy", obj{"inline": false}, partial("roles", document.RuntimeRef),
			written("roles", "Roles"), ref(document.Path{"Roles", 0}, "cfn:t.yaml#R", "Ref")),
		cfn("t.yaml", "Q", "AWS::IAM::Policy", "iam_policy", obj{"inline": true}, unknown("roles", document.ImportValue)),
	)
	wantEdges(t, s, PoliciesOf, "t.yaml#R -> t.yaml#P (reference)")
	wantGaps(t, s, PoliciesOf, "t.yaml#Q: t.yaml#Q roles import_value")
}

func TestManagedPolicyNames(t *testing.T) {
	for s, want := range map[string]string{
		"arn:aws:iam::aws:policy/PowerUserAccess":                         "PowerUserAccess",
		"arn:aws-us-gov:iam::aws:policy/job-function/SystemAdministrator": "SystemAdministrator",
		"arn:${AWS::Partition}:iam::aws:policy/IAMFullAccess":             "IAMFullAccess",
		"arn:aws:iam::123456789012:policy/PowerUserAccess":                "",
		"arn:aws:iam::aws:role/PowerUserAccess":                           "",
		"PowerUserAccess":                                                 "",
	} {
		if got, _ := awsManaged(s); got != want {
			t.Errorf("awsManaged(%q) = %q, want %q", s, got, want)
		}
	}
	for name, p := range managedPolicies() {
		if p.admin && len(p.wild) == 0 {
			t.Errorf("%s allows everything and lists nothing", name)
		}
	}
}
