package link

import (
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

const role = "arn:aws:iam::111122223333:role/"

func TestRoleByARN(t *testing.T) {
	s := build(
		tf("a.json", "aws_iam_role.app", "iam_role", obj{"name": "app", "path": "/"}),
		tf("a.json", "aws_iam_role.mine", "iam_role", obj{"name": "my-app", "path": "/"}),
		tf("a.json", "aws_iam_role.team", "iam_role", obj{"name": "app2", "path": "/team/"}),
		tf("a.json", "aws_iam_role.foreign", "iam_role", obj{"name": "far", "path": "/"}, rawly(obj{"arn": "arn:aws:iam::999999999999:role/far"})),
		account("sa.yaml", "shop", "plain", obj{"role_arn": role + "app"}),
		account("sa.yaml", "shop", "china", obj{"role_arn": "arn:aws-cn:iam::111122223333:role/app"}),
		account("sa.yaml", "shop", "path", obj{"role_arn": role + "team/app2"}),
		// Decoys: a path that the role does not have, another account, another kind.
		account("sa.yaml", "shop", "nopath", obj{"role_arn": role + "app2"}),
		account("sa.yaml", "shop", "wrongpath", obj{"role_arn": role + "path/app"}),
		account("sa.yaml", "shop", "far", obj{"role_arn": role + "far"}),
		account("sa.yaml", "shop", "user", obj{"role_arn": "arn:aws:iam::111122223333:user/app"}),
		account("sa.yaml", "shop", "template", obj{}, template("role_arn", "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/app")),
		account("sa.yaml", "shop", "hole", obj{}, template("role_arn", "arn:aws:iam::111122223333:role/${Name}")),
	)
	wantEdges(t, s, RoleOf,
		"sa.yaml#v1/ServiceAccount/shop/plain -> a.json#aws_iam_role.app (value)",
		"sa.yaml#v1/ServiceAccount/shop/china -> a.json#aws_iam_role.app (value)",
		"sa.yaml#v1/ServiceAccount/shop/path -> a.json#aws_iam_role.team (value)",
		"sa.yaml#v1/ServiceAccount/shop/template -> a.json#aws_iam_role.app (value)",
	)
	wantGaps(t, s, RoleOf, "sa.yaml#v1/ServiceAccount/shop/hole: sa.yaml#v1/ServiceAccount/shop/hole role_arn after_apply")
}

func TestRoleOfEveryUser(t *testing.T) {
	token := "cfn:t.yaml#Role"
	kinds := map[string]string{
		"eks_cluster": "AWS::EKS::Cluster", "node_group": "AWS::EKS::Nodegroup", "eks_addon": "AWS::EKS::Addon",
		"pod_identity_association": "AWS::EKS::PodIdentityAssociation", "fargate_profile": "AWS::EKS::FargateProfile",
	}
	docs := []*document.Document{cfn("t.yaml", "Role", "AWS::IAM::Role", "iam_role", obj{})}
	var want []string
	for typ, kind := range kinds {
		docs = append(docs, cfn("t.yaml", typ, kind, typ, obj{"cluster": "c"}, unknown("role", document.RuntimeRef),
			written("role", "RoleArn"), ref(document.Path{"RoleArn"}, token, "Arn")))
		want = append(want, "t.yaml#"+typ+" -> t.yaml#Role (reference)")
	}
	wantEdges(t, Build(docs), RoleOf, want...)
}

func TestTemplatesOfOneStackAreEqual(t *testing.T) {
	s := build(
		cfn("t.yaml", "Role", "AWS::IAM::Role", "iam_role", obj{}, template("name", "${AWS::StackName}-app")),
		cfn("u.yaml", "Role", "AWS::IAM::Role", "iam_role", obj{}, template("name", "${AWS::StackName}-app")),
		cfn("t.yaml", "A", "AWS::EKS::PodIdentityAssociation", "pod_identity_association", obj{},
			template("role", "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${AWS::StackName}-app")),
		cfn("v.yaml", "A", "AWS::EKS::PodIdentityAssociation", "pod_identity_association", obj{},
			template("role", "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${AWS::StackName}-app")),
	)
	wantEdges(t, s, RoleOf, "t.yaml#A -> t.yaml#Role (source)")
	wantGaps(t, s, RoleOf, "v.yaml#A: v.yaml#A role after_apply")
}

func TestReferenceOutranksANamesake(t *testing.T) {
	s := build(
		tf("a.json", "aws_iam_role.app", "iam_role", obj{"name": "app"}),
		tf("b.json", "aws_iam_role.app", "iam_role", obj{"name": "app"}),
		tf("a.json", "aws_eks_addon.x", "eks_addon", obj{"role": role + "app"}, written("role", "service_account_role_arn"),
			ref(document.Path{"service_account_role_arn"}, "tf:a.json#aws_iam_role.app", "arn")),
		tf("c.json", "aws_eks_addon.y", "eks_addon", obj{"role": role + "app"}),
		tf("b.json", "aws_iam_role.generated", "iam_role", obj{}),
		tf("b.json", "aws_eks_addon.z", "eks_addon", obj{"role": role + "app"}, written("role", "service_account_role_arn"),
			ref(document.Path{"service_account_role_arn"}, "tf:b.json#aws_iam_role.generated", "arn")),
	)
	wantEdges(t, s, RoleOf,
		"a.json#aws_eks_addon.x -> a.json#aws_iam_role.app (reference)",
		"b.json#aws_eks_addon.z -> b.json#aws_iam_role.generated (reference)",
	)
	wantGaps(t, s, RoleOf, "c.json#aws_eks_addon.y: c.json#aws_eks_addon.y role ambiguous")
}

func TestNearestFolderBreaksATie(t *testing.T) {
	s := build(
		tf("dev/plan.json", "aws_iam_role.app", "iam_role", obj{"name": "app"}),
		tf("prod/plan.json", "aws_iam_role.app", "iam_role", obj{"name": "app"}),
		account("prod/k8s/sa.yaml", "shop", "app", obj{"role_arn": role + "app"}),
	)
	wantEdges(t, s, RoleOf, "prod/k8s/sa.yaml#v1/ServiceAccount/shop/app -> prod/plan.json#aws_iam_role.app (inferred)")
}

func TestSeveralReferencesOfOneValue(t *testing.T) {
	two := []option{
		written("role", "node_role_arn"),
		ref(document.Path{"node_role_arn"}, "tf:a.json#aws_iam_role.a", "arn"),
		ref(document.Path{"node_role_arn"}, "tf:a.json#aws_iam_role.b", "arn"),
	}
	s := build(
		tf("a.json", "aws_iam_role.a", "iam_role", obj{"name": "a"}),
		tf("a.json", "aws_iam_role.b", "iam_role", obj{"name": "b"}),
		tf("a.json", "aws_eks_node_group.known", "node_group", obj{"role": role + "b"}, two...),
		tf("a.json", "aws_eks_node_group.unknown", "node_group", obj{}, append(two, unknown("role", document.AfterApply))...),
	)
	wantEdges(t, s, RoleOf,
		"a.json#aws_eks_node_group.known -> a.json#aws_iam_role.b (reference)",
		"a.json#aws_eks_node_group.unknown -> a.json#aws_iam_role.a (reference)",
		"a.json#aws_eks_node_group.unknown -> a.json#aws_iam_role.b (reference)",
	)
}

func TestRoleThroughInstanceProfile(t *testing.T) {
	s := build(
		tf("a.json", "aws_iam_role.node", "iam_role", obj{}),
		tf("a.json", "aws_iam_instance_profile.p", "", nil, rawly(obj{"name": "nodes"}),
			ref(document.Path{"role"}, "tf:a.json#aws_iam_role.node", "name")),
		tf("a.json", "aws_launch_template.t", "launch_template", obj{"name": "t", "instance_profile": "nodes"}),
		tf("a.json", "aws_autoscaling_group.g", "node_group", obj{"launch_template": obj{"name": "t"}}),
		k8s("n.yaml", "karpenter.k8s.aws/v1/EC2NodeClass", "", "x", "node_group", obj{"instance_profile": "nodes"}),
	)
	wantEdges(t, s, LaunchTemplateOf, "a.json#aws_autoscaling_group.g -> a.json#aws_launch_template.t (value)")
	wantEdges(t, s, RoleOf,
		"a.json#aws_autoscaling_group.g -> a.json#aws_iam_role.node (reference)",
		"n.yaml#karpenter.k8s.aws/v1/EC2NodeClass//x -> a.json#aws_iam_role.node (reference)",
	)
}

func TestAutoModeNodeRole(t *testing.T) {
	s := build(
		tf("a.json", "aws_iam_role.c", "iam_role", obj{"name": "c"}),
		tf("a.json", "aws_iam_role.n", "iam_role", obj{"name": "n"}),
		tf("a.json", "aws_eks_cluster.c", "eks_cluster", obj{"role": role + "c", "auto_mode": obj{"node_role": role + "n"}}),
	)
	wantEdges(t, s, RoleOf, "a.json#aws_eks_cluster.c -> a.json#aws_iam_role.c (value)")
	wantEdges(t, s, NodeRoleOf, "a.json#aws_eks_cluster.c -> a.json#aws_iam_role.n (value)")
	users := object(s.Facts["role_users"])
	wantValue(t, get(users, "a.json#aws_iam_role.n", "nodes"), any(arr{obj{"document": "a.json#aws_eks_cluster.c", "path": "auto_mode.node_role"}}))
	wantValue(t, get(users, "a.json#aws_iam_role.c", "clusters"), any(arr{obj{"document": "a.json#aws_eks_cluster.c", "path": "role"}}))
}

func TestPodIdentityTiesServiceAccounts(t *testing.T) {
	web := deployment("w.yaml", "shop", "web", obj{})
	web.Attr["service_account"] = "app"
	bare := deployment("w.yaml", "shop", "bare", obj{})
	bare.Attr["service_account"] = "undeclared"
	s := build(
		tf("a.json", "aws_eks_cluster.c", "eks_cluster", obj{"name": "c"}),
		tf("a.json", "aws_iam_role.app", "iam_role", obj{"name": "app"}),
		tf("a.json", "aws_eks_pod_identity_association.x", "pod_identity_association",
			obj{"cluster": "c", "namespace": "shop", "service_account": "app", "role": role + "app"}),
		tf("a.json", "aws_eks_pod_identity_association.y", "pod_identity_association",
			obj{"cluster": "c", "namespace": "shop", "service_account": "undeclared", "role": role + "app"}),
		account("w.yaml", "shop", "app", obj{}),
		account("w.yaml", "other", "app", obj{}),
		web, bare,
	)
	wantEdges(t, s, SAOf, web.ID+" -> w.yaml#v1/ServiceAccount/shop/app (value)")
	wantEdges(t, s, RoleOf,
		"a.json#aws_eks_pod_identity_association.x -> a.json#aws_iam_role.app (value)",
		"a.json#aws_eks_pod_identity_association.y -> a.json#aws_iam_role.app (value)",
		"w.yaml#v1/ServiceAccount/shop/app -> a.json#aws_iam_role.app (value)",
	)
	wantEdges(t, s, PodRoleOf,
		web.ID+" -> a.json#aws_iam_role.app (value)",
		bare.ID+" -> a.json#aws_iam_role.app (value)",
	)
}

func TestAssociationOfAnotherClusterIsNoEvidence(t *testing.T) {
	association := func(cluster string) *document.Document {
		return tf("a.json", "aws_eks_pod_identity_association."+cluster, "pod_identity_association",
			obj{"cluster": cluster, "namespace": "shop", "service_account": "app", "role": role + "app"})
	}
	carrier := cfn("t.json", "M", "Custom::AWSCDK-EKS-KubernetesResource", "", nil, rawly(obj{"ClusterName": "c"}))
	base := []*document.Document{
		tf("a.json", "aws_eks_cluster.c", "eks_cluster", obj{"name": "c"}),
		tf("a.json", "aws_iam_role.app", "iam_role", obj{"name": "app"}),
		carrier, account("t.json", "shop", "app", obj{}, under(carrier)), account("sa.yaml", "shop", "app", obj{}),
	}
	mine := Build(append([]*document.Document{association("c"), association("elsewhere")}, base...))
	wantEdges(t, mine, PodRoleOf)
	if got := mine.Links[RoleOf]["t.json#v1/ServiceAccount/shop/app"]; len(got) != 1 {
		t.Errorf("account of cluster c: %v", got)
	}
	if got := mine.Links[RoleOf]["sa.yaml#v1/ServiceAccount/shop/app"]; got != nil {
		t.Errorf("account of an unknown cluster: %v", got)
	}
	wantGaps(t, mine, RoleOf, "sa.yaml#v1/ServiceAccount/shop/app: a.json#aws_eks_pod_identity_association.c cluster cluster_unknown")
	theirs := Build(append([]*document.Document{association("elsewhere")}, base...))
	if got := theirs.Links[RoleOf]["t.json#v1/ServiceAccount/shop/app"]; got != nil {
		t.Errorf("association of another cluster: %v", got)
	}
}
