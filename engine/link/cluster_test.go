package link

import (
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestClusterByName(t *testing.T) {
	s := build(
		tf("a.json", "aws_eks_cluster.main", "eks_cluster", obj{"name": "prod"}),
		tf("a.json", "aws_eks_node_group.ng", "node_group", obj{"cluster": "prod"}),
		tf("a.json", "aws_eks_addon.arn", "eks_addon", obj{"cluster": "arn:aws:eks:eu-west-1:111122223333:cluster/prod"}),
		tf("a.json", "aws_eks_addon.other", "eks_addon", obj{"cluster": "prod-2"}),
		tf("a.json", "aws_eks_addon.deleted", "eks_addon", obj{"cluster": "prod"}, action(document.Delete)),
		tf("a.json", "data.aws_eks_addon.x", "eks_addon", obj{"cluster": "prod"}, action(document.Read)),
	)
	wantEdges(t, s, ClusterOf,
		"a.json#aws_eks_node_group.ng -> a.json#aws_eks_cluster.main (value)",
		"a.json#aws_eks_addon.arn -> a.json#aws_eks_cluster.main (value)",
	)
	if _, ok := s.Documents["a.json#aws_eks_addon.deleted"]; ok {
		t.Error("a deleted document takes part")
	}
	wantValue(t, s.ByType["eks_addon"], []string{"a.json#aws_eks_addon.arn", "a.json#aws_eks_addon.other"})
}

func TestClusterByReference(t *testing.T) {
	token := "tf:a.json#aws_eks_cluster.main"
	s := build(
		tf("a.json", "aws_eks_cluster.main", "eks_cluster", obj{}),
		tf("a.json", "aws_eks_cluster.second", "eks_cluster", obj{"name": "second"}),
		tf("a.json", "aws_eks_node_group.exact", "node_group", obj{}, unknown("cluster", document.AfterApply),
			written("cluster", "cluster_name"), ref(document.Path{"cluster_name"}, token, "name")),
		tf("a.json", "aws_eks_node_group.state", "node_group", obj{}, unknown("cluster", document.AfterApply, token)),
		tf("a.json", "aws_eks_node_group.data", "node_group", obj{}, unknown("cluster", document.AfterApply, "tf:a.json#data.aws_eks_cluster.x")),
		tf("a.json", "data.aws_eks_cluster.x", "", nil, action(document.Read), ref(document.Path{"name"}, token, "name")),
		tf("a.json", "aws_eks_node_group.slept", "node_group", obj{}, unknown("cluster", document.AfterApply, "tf:a.json#time_sleep.x")),
		tf("a.json", "time_sleep.x", "", nil, ref(document.Path{"triggers"}, token, "id")),
		tf("a.json", "aws_eks_node_group.opaque", "node_group", obj{}, unknown("cluster", document.LocalOpaque)),
		// The argument is not written: a reference in a sibling means nothing.
		tf("a.json", "aws_eks_node_group.sibling", "node_group", obj{}, written("cluster"), ref(document.Path{"tags"}, token, "arn")),
	)
	wantEdges(t, s, ClusterOf,
		"a.json#aws_eks_node_group.exact -> a.json#aws_eks_cluster.main (reference)",
		"a.json#aws_eks_node_group.state -> a.json#aws_eks_cluster.main (reference)",
		"a.json#aws_eks_node_group.data -> a.json#aws_eks_cluster.main (reference)",
		"a.json#aws_eks_node_group.slept -> a.json#aws_eks_cluster.main (reference)",
	)
	wantGaps(t, s, ClusterOf, "a.json#aws_eks_node_group.opaque: a.json#aws_eks_node_group.opaque cluster local_opaque")
}

func TestOpaqueClusterIsTheOnlyOneOfItsRoot(t *testing.T) {
	s := build(
		tf("a.json", "aws_eks_cluster.main", "eks_cluster", obj{"name": "a"}),
		tf("b.json", "aws_eks_cluster.main", "eks_cluster", obj{"name": "b"}),
		tf("b.json", "aws_eks_node_group.ng", "node_group", obj{}, unknown("cluster", document.LocalOpaque)),
	)
	wantEdges(t, s, ClusterOf, "b.json#aws_eks_node_group.ng -> b.json#aws_eks_cluster.main (inferred)")
}

func TestSameNameInTwoRootsMeansTheOwnOne(t *testing.T) {
	s := build(
		tf("dev.json", "aws_eks_cluster.c", "eks_cluster", obj{"name": "main"}),
		tf("prod.json", "aws_eks_cluster.c", "eks_cluster", obj{"name": "main"}),
		tf("dev.json", "aws_eks_node_group.ng", "node_group", obj{"cluster": "main"}),
		tf("third.json", "aws_eks_node_group.ng", "node_group", obj{"cluster": "main"}),
		tf("third.json", "aws_eks_cluster.c", "eks_cluster", obj{"name": "another"}),
	)
	wantEdges(t, s, ClusterOf, "dev.json#aws_eks_node_group.ng -> dev.json#aws_eks_cluster.c (value)")
	wantGaps(t, s, ClusterOf, "third.json#aws_eks_node_group.ng: third.json#aws_eks_node_group.ng cluster ambiguous")
}

func TestObjectsBelongToTheOnlyCluster(t *testing.T) {
	web := deployment("k8s/web.yaml", "shop", "web", obj{"app": "web"})
	one := build(tf("a.json", "aws_eks_cluster.c", "eks_cluster", obj{"name": "c"}), web)
	wantEdges(t, one, ClusterOf, web.ID+" -> a.json#aws_eks_cluster.c (inferred)")
	wantValue(t, one.Facts["evidence"], any(obj{"has_kubernetes": true, "has_cluster": true, "clusters": arr{"a.json#aws_eks_cluster.c"}}))

	two := build(
		tf("a.json", "aws_eks_cluster.c", "eks_cluster", obj{"name": "c"}),
		tf("b.json", "aws_eks_cluster.d", "eks_cluster", obj{"name": "d"}), web,
	)
	wantEdges(t, two, ClusterOf)

	// A second cluster may be known by name only.
	named := build(
		tf("a.json", "aws_eks_cluster.c", "eks_cluster", obj{"name": "c"}),
		tf("a.json", "aws_eks_access_entry.e", "access_entry", obj{"cluster": "elsewhere", "principal": "arn:aws:iam::1:role/x"}), web,
	)
	wantEdges(t, named, ClusterOf)
}

func TestCarrierNamesTheCluster(t *testing.T) {
	carrier := cfn("t.json", "Manifest", "Custom::AWSCDK-EKS-KubernetesResource", "", nil,
		ref(document.Path{"ClusterName"}, "cfn:t.json#Cluster", "Ref"))
	literal := cfn("t.json", "Second", "Custom::AWSCDK-EKS-KubernetesResource", "", nil, rawly(obj{"ClusterName": "other"}))
	s := build(
		cfn("t.json", "Cluster", "AWS::EKS::Cluster", "eks_cluster", obj{}),
		cfn("t.json", "Other", "AWS::EKS::Cluster", "eks_cluster", obj{"name": "other"}),
		carrier, literal,
		deployment("t.json", "shop", "web", obj{}, under(carrier)),
		deployment("t.json", "shop", "api", obj{}, under(literal)),
	)
	wantEdges(t, s, ClusterOf,
		"t.json#apps/v1/Deployment/shop/web -> t.json#Cluster (reference)",
		"t.json#apps/v1/Deployment/shop/api -> t.json#Other (value)",
	)
	wantEdges(t, s, LiftOf,
		"t.json#apps/v1/Deployment/shop/web -> t.json#Manifest (source)",
		"t.json#apps/v1/Deployment/shop/api -> t.json#Second (source)",
	)
}

func TestDerivedFromCluster(t *testing.T) {
	c := k8s("c.yaml", "eksctl.io/v1alpha5/ClusterConfig", "", "c", "eks_cluster", obj{"name": "c"})
	other := k8s("d.yaml", "eksctl.io/v1alpha5/ClusterConfig", "", "d", "eks_cluster", obj{"name": "d"})
	s := build(c, other,
		k8s("c.yaml", "eksctl.io/v1alpha5/Addon", "", "vpc-cni", "eks_addon", obj{"name": "vpc-cni"}, under(c)),
		k8s("d.yaml", "eksctl.io/v1alpha5/NodeGroup", "", "ng", "node_group", obj{"name": "ng"}, under(other)),
	)
	wantEdges(t, s, ClusterOf,
		"c.yaml#eksctl.io/v1alpha5/Addon//vpc-cni -> c.yaml#eksctl.io/v1alpha5/ClusterConfig//c (source)",
		"d.yaml#eksctl.io/v1alpha5/NodeGroup//ng -> d.yaml#eksctl.io/v1alpha5/ClusterConfig//d (source)",
	)
}

func TestDeletedCarrierTakesItsObjectsAlong(t *testing.T) {
	carrier := tf("a.json", "kubernetes_manifest.x", "", nil, action(document.Delete))
	web := deployment("a.json", "shop", "web", obj{}, under(carrier))
	if s := build(carrier, web); len(s.Documents) != 0 {
		t.Errorf("documents of a deleted carrier take part: %v", s.ByKind)
	}
}
