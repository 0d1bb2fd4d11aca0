package link

import (
	"fmt"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestMask(t *testing.T) {
	for s, want := range map[string]string{
		"plain": "plain", "a${b}c": "a" + hole + "c", "${a:${b}/c}x": hole + "x", "${open": hole, "": "",
	} {
		if got := mask(s); got != want {
			t.Errorf("mask(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestARNs(t *testing.T) {
	for s, want := range map[string]arn{
		"arn:aws:iam::1:role/app":                                    {"iam", "1", "role", "/app"},
		"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/a/b":      {"iam", "", "role", "/a/b"},
		"arn:aws:eks:eu-west-1:1:cluster/c":                          {"eks", "1", "cluster", "/c"},
		"arn:aws:iam::1:role/${Name}":                                {"iam", "1", "role", "/" + hole},
		"arn:aws:iam::1:oidc-provider/oidc.eks.x.amazonaws.com/id/A": {"iam", "1", "oidc-provider", "/oidc.eks.x.amazonaws.com/id/A"},
	} {
		if got, ok := parseARN(s); !ok || got != want {
			t.Errorf("parseARN(%q) = %+v, %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "app", "arn:aws:iam::1:role", "arn:aws:iam::1:role/", "arn:aws:${s}::1:role/x", "arn:aws:iam::1:${kind}/x", "role/app"} {
		if got, ok := parseARN(s); ok {
			t.Errorf("parseARN(%q) = %+v", s, got)
		}
	}
}

func TestLooseReferenceIsInferredOnlyWhenAlone(t *testing.T) {
	annotations := func(targets ...string) *document.Document {
		d := account("a.json", "shop", fmt.Sprint("sa", len(targets)), obj{}, unknown("role_arn", document.AfterApply),
			written("role_arn", "metadata", "annotations", "eks.amazonaws.com/role-arn"))
		for _, target := range targets {
			ref(document.Path{"metadata", "annotations"}, "tf:a.json#"+target, "arn")(d)
		}
		return d
	}
	s := build(
		tf("a.json", "aws_iam_role.a", "iam_role", obj{}), tf("a.json", "aws_iam_role.b", "iam_role", obj{}),
		annotations("aws_iam_role.a"), annotations("aws_iam_role.a", "aws_iam_role.b"),
	)
	wantEdges(t, s, RoleOf, "a.json#v1/ServiceAccount/shop/sa1 -> a.json#aws_iam_role.a (inferred)")
	wantGaps(t, s, RoleOf, "a.json#v1/ServiceAccount/shop/sa2: a.json#v1/ServiceAccount/shop/sa2 role_arn after_apply")
}

func TestReferencesOfTheCarrierCount(t *testing.T) {
	carrier := tf("a.json", "kubernetes_manifest.sa", "", nil,
		ref(document.Path{"manifest", "metadata", "annotations", "eks.amazonaws.com/role-arn"}, "tf:a.json#aws_iam_role.a", "arn"))
	lifted := account("a.json", "shop", "app", obj{}, unknown("role_arn", document.AfterApply), under(carrier),
		written("role_arn", "metadata", "annotations", "eks.amazonaws.com/role-arn"))
	lifted.Base = document.Path{"manifest"}
	s := build(tf("a.json", "aws_iam_role.a", "iam_role", obj{}), carrier, lifted)
	wantEdges(t, s, RoleOf, lifted.ID+" -> a.json#aws_iam_role.a (reference)")
}

func TestHolesNameResources(t *testing.T) {
	s := build(
		cfn("t.json", "Role", "AWS::IAM::Role", "iam_role", obj{}),
		cfn("t.json", "A", "AWS::EKS::PodIdentityAssociation", "pod_identity_association", obj{"role": "${Role.Arn}"}),
		cfn("u.json", "A", "AWS::EKS::PodIdentityAssociation", "pod_identity_association", obj{"role": "${Role.Arn}"}),
		tf("a.json", "aws_iam_role.x", "iam_role", obj{}),
		tf("a.json", "aws_eks_pod_identity_association.y", "pod_identity_association", obj{"role": "${tf:a.json#aws_iam_role.x}"}),
	)
	wantEdges(t, s, RoleOf,
		"t.json#A -> t.json#Role (reference)",
		"a.json#aws_eks_pod_identity_association.y -> a.json#aws_iam_role.x (reference)",
	)
	wantGaps(t, s, RoleOf, "u.json#A: u.json#A role unevaluated_expression")
}

func TestUnknownPathIsNotTakenForTheDefault(t *testing.T) {
	s := build(
		tf("a.json", "aws_iam_role.a", "iam_role", obj{"name": "a"}, unknown("path", document.AfterApply)),
		account("sa.yaml", "shop", "arn", obj{"role_arn": role + "a"}),
		tf("a.json", "aws_eks_node_group.n", "node_group", obj{"role": "a"}),
	)
	wantEdges(t, s, RoleOf, "a.json#aws_eks_node_group.n -> a.json#aws_iam_role.a (value)")
}

func TestTooManyNamesakesAreAmbiguous(t *testing.T) {
	var docs []*document.Document
	for i := range tieLimit + 1 {
		docs = append(docs, deployment(fmt.Sprintf("x/w%d.yaml", i), "d", "web", obj{"app": "web"}))
	}
	svc := service("x/svc.yaml", "d", "web", obj{"app": "web"}, "internet")
	s := Build(append(docs, svc))
	wantEdges(t, s, ServicesOf)
	if got := len(gapsOf(s, ServicesOf)); got != 1 {
		t.Errorf("%d gaps, want 1", got)
	}
}

func TestExclusiveAttachmentsList(t *testing.T) {
	s := build(
		tf("a.json", "aws_iam_role.r", "iam_role", obj{"name": "r"}),
		tf("a.json", "aws_iam_policy.p", "iam_policy", obj{"name": "p", "document": policyOf()}),
		tf("a.json", "aws_iam_role_policy_attachments_exclusive.x", "iam_policy_attachment", obj{
			"roles": arr{"r"}, "policies": arr{"arn:aws:iam::aws:policy/IAMFullAccess", "arn:aws:iam::1:policy/p", "arn:aws:iam::1:policy/q"},
		}),
	)
	wantEdges(t, s, PoliciesOf, "a.json#aws_iam_role.r -> a.json#aws_iam_policy.p (value)")
	got := permissionsOf(s, "a.json#aws_iam_role.r")
	wantValue(t, len(list(got["managed"])), 1)
	wantValue(t, got["unknown"], any(arr{obj{
		"document": "a.json#aws_iam_role_policy_attachments_exclusive.x", "path": "policies[2]", "reason": "not_in_stack",
	}}))
}

func TestBareNameOfAnAWSManagedPolicy(t *testing.T) {
	s := build(k8s("r.yaml", "iam.services.k8s.aws/v1alpha1/Role", "x", "r", "iam_role", obj{"name": "r", "attached": arr{obj{"arn": "AmazonEKSWorkerNodePolicy"}}}))
	wantValue(t, get(list(permissionsOf(s, s.ByType["iam_role"][0])["managed"])[0], "use"), any("node"))
}
