package link

import (
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestNamespaceAndServiceAccountOfTheSameNamespace(t *testing.T) {
	web := deployment("k.yaml", "shop", "web", obj{})
	web.Attr["service_account"] = "app"
	s := build(
		k8s("k.yaml", "v1/Namespace", "", "shop", "namespace", obj{}),
		k8s("k.yaml", "v1/Namespace", "", "shop2", "namespace", obj{}),
		web, account("k.yaml", "shop", "app", obj{}), account("k.yaml", "shop2", "app", obj{}),
		deployment("k.yaml", "shop", "open", obj{}, unknown("service_account", document.ParameterWithoutValue)),
	)
	wantEdges(t, s, SAOf, "k.yaml#apps/v1/Deployment/shop/web -> k.yaml#v1/ServiceAccount/shop/app (value)")
	wantGaps(t, s, SAOf, "k.yaml#apps/v1/Deployment/shop/open: k.yaml#apps/v1/Deployment/shop/open service_account parameter_without_value")
	wantEdges(t, s, NamespaceOf,
		"k.yaml#apps/v1/Deployment/shop/open -> k.yaml#v1/Namespace//shop (value)",
		"k.yaml#apps/v1/Deployment/shop/web -> k.yaml#v1/Namespace//shop (value)",
		"k.yaml#v1/ServiceAccount/shop/app -> k.yaml#v1/Namespace//shop (value)",
		"k.yaml#v1/ServiceAccount/shop2/app -> k.yaml#v1/Namespace//shop2 (value)",
	)
}

func TestEnvironmentsStayApart(t *testing.T) {
	docs := []*document.Document{}
	for _, env := range []string{"dev", "prod"} {
		web := deployment("envs/"+env+"/web/deploy.yaml", "shop", "web", obj{"app": "web"})
		web.Attr["service_account"] = "app"
		docs = append(docs, web, account("envs/"+env+"/web/sa.yaml", "shop", "app", obj{}))
	}
	docs = append(docs,
		service("envs/prod/net/svc.yaml", "shop", "web", obj{"app": "web"}, "internet"),
		service("base/svc.yaml", "shop", "all", obj{"app": "web"}, "cluster"),
	)
	s := Build(docs)
	wantEdges(t, s, SAOf,
		"envs/dev/web/deploy.yaml#apps/v1/Deployment/shop/web -> envs/dev/web/sa.yaml#v1/ServiceAccount/shop/app (inferred)",
		"envs/prod/web/deploy.yaml#apps/v1/Deployment/shop/web -> envs/prod/web/sa.yaml#v1/ServiceAccount/shop/app (inferred)",
	)
	wantEdges(t, s, ServicesOf,
		"envs/dev/web/deploy.yaml#apps/v1/Deployment/shop/web -> base/svc.yaml#v1/Service/shop/all (inferred)",
		"envs/prod/web/deploy.yaml#apps/v1/Deployment/shop/web -> base/svc.yaml#v1/Service/shop/all (inferred)",
		"envs/prod/web/deploy.yaml#apps/v1/Deployment/shop/web -> envs/prod/net/svc.yaml#v1/Service/shop/web (inferred)",
	)
	wantValue(t, len(object(s.Facts["exposure"])), 1)
}

func TestNearestGoesBothWays(t *testing.T) {
	web := deployment("dev/web.yaml", "shop", "web", obj{"app": "web"})
	s := build(web,
		service("dev/svc.yaml", "shop", "web", obj{"app": "web"}, "cluster"),
		service("prod/svc.yaml", "shop", "web", obj{"app": "web"}, "internet"),
	)
	wantEdges(t, s, ServicesOf, web.ID+" -> dev/svc.yaml#v1/Service/shop/web (inferred)")
	wantExposure(t, s, web.ID, nil, nil)
}

func TestBindings(t *testing.T) {
	binding := func(kind, ns, name string, role obj, subjects ...any) *document.Document {
		return k8s("r.yaml", "rbac.authorization.k8s.io/v1/"+kind, ns, name, "rbac_binding",
			obj{"cluster_scoped": ns == "", "role": role, "subjects": subjects})
	}
	sa := func(ns, name string) obj { return obj{"kind": "ServiceAccount", "namespace": ns, "name": name} }
	s := build(
		account("r.yaml", "shop", "app", obj{}), account("r.yaml", "other", "app", obj{}),
		k8s("r.yaml", "rbac.authorization.k8s.io/v1/Role", "shop", "reader", "rbac_role", obj{"cluster_scoped": false}),
		k8s("r.yaml", "rbac.authorization.k8s.io/v1/Role", "other", "reader", "rbac_role", obj{"cluster_scoped": false}),
		k8s("r.yaml", "rbac.authorization.k8s.io/v1/ClusterRole", "", "reader", "rbac_role", obj{"cluster_scoped": true}),
		binding("RoleBinding", "shop", "one", obj{"kind": "Role", "name": "reader"}, sa("shop", "app")),
		binding("RoleBinding", "shop", "defaulted", obj{"kind": "ClusterRole", "name": "reader"}, obj{"kind": "ServiceAccount", "name": "app"}),
		binding("ClusterRoleBinding", "", "all", obj{"kind": "ClusterRole", "name": "cluster-admin"},
			obj{"kind": "Group", "name": "system:serviceaccounts:other"}, obj{"kind": "User", "name": "app"}),
		binding("ClusterRoleBinding", "", "ops", obj{"kind": "ClusterRole", "name": "reader"}, obj{"kind": "Group", "name": "ops"}),
		tf("a.json", "aws_eks_access_entry.e", "access_entry", obj{"kubernetes_groups": arr{"ops", "nobody"}, "principal": role + "x"}),
		k8s("r.yaml", "aws-auth/mapRoles", "kube-system", "mapRoles[0]", "aws_auth_mapping", obj{"groups": arr{"ops"}}),
	)
	const b = "r.yaml#rbac.authorization.k8s.io/v1/"
	wantEdges(t, s, BindingsOf,
		"r.yaml#v1/ServiceAccount/shop/app -> "+b+"RoleBinding/shop/one (value)",
		"r.yaml#v1/ServiceAccount/shop/app -> "+b+"RoleBinding/shop/defaulted (convention)",
		"r.yaml#v1/ServiceAccount/other/app -> "+b+"ClusterRoleBinding//all (convention)",
	)
	wantEdges(t, s, RBACRoleOf,
		b+"RoleBinding/shop/one -> "+b+"Role/shop/reader (value)",
		b+"RoleBinding/shop/defaulted -> "+b+"ClusterRole//reader (value)",
		b+"ClusterRoleBinding//ops -> "+b+"ClusterRole//reader (value)",
	)
	wantEdges(t, s, GroupBindingsOf,
		"a.json#aws_eks_access_entry.e -> "+b+"ClusterRoleBinding//ops (value)",
		"r.yaml#aws-auth/mapRoles/kube-system/mapRoles[0] -> "+b+"ClusterRoleBinding//ops (value)",
	)
}

func TestAccessPolicyJoinsItsEntry(t *testing.T) {
	s := build(
		tf("a.json", "aws_eks_cluster.c", "eks_cluster", obj{"name": "c"}),
		tf("a.json", "aws_eks_cluster.d", "eks_cluster", obj{"name": "d"}),
		tf("a.json", "aws_iam_role.admin", "iam_role", obj{}),
		tf("a.json", "aws_eks_access_entry.value", "access_entry", obj{"cluster": "c", "principal": role + "ops"}),
		tf("a.json", "aws_eks_access_entry.ref", "access_entry", obj{"cluster": "c"}, unknown("principal", document.AfterApply, "tf:a.json#aws_iam_role.admin")),
		tf("a.json", "aws_eks_access_policy_association.value", "access_policy_association", obj{"cluster": "c", "principal": "arn:aws-cn:iam::111122223333:role/ops"}),
		tf("a.json", "aws_eks_access_policy_association.decoy", "access_policy_association", obj{"cluster": "d", "principal": role + "ops"}),
		tf("a.json", "aws_eks_access_policy_association.path", "access_policy_association", obj{"cluster": "c", "principal": role + "team/ops"}),
		tf("a.json", "aws_eks_access_policy_association.ref", "access_policy_association", obj{"cluster": "c"}, unknown("principal", document.AfterApply, "tf:a.json#aws_iam_role.admin")),
		tf("a.json", "aws_eks_access_policy_association.entry", "access_policy_association", obj{"cluster": "c"}, unknown("principal", document.AfterApply, "tf:a.json#aws_eks_access_entry.value")),
		tf("a.json", "aws_eks_access_policy_association.open", "access_policy_association", obj{"cluster": "c"}, unknown("principal", document.DataSource)),
	)
	wantEdges(t, s, EntryOf,
		"a.json#aws_eks_access_policy_association.value -> a.json#aws_eks_access_entry.value (value)",
		"a.json#aws_eks_access_policy_association.ref -> a.json#aws_eks_access_entry.ref (value)",
		"a.json#aws_eks_access_policy_association.entry -> a.json#aws_eks_access_entry.value (reference)",
	)
	wantGaps(t, s, EntryOf, "a.json#aws_eks_access_policy_association.open: a.json#aws_eks_access_policy_association.open principal data_source")
}

func TestSecurityGroupsAndRules(t *testing.T) {
	s := build(
		tf("a.json", "aws_eks_cluster.c", "eks_cluster", obj{"name": "c", "network": obj{"extra_security_groups": arr{"sg-1", nil}}},
			unknown("network.extra_security_groups[1]", document.AfterApply), written("network.extra_security_groups", "vpc_config", 0, "security_group_ids"),
			ref(document.Path{"vpc_config", 0, "security_group_ids"}, "tf:a.json#aws_security_group.two", "id")),
		tf("a.json", "aws_security_group.one", "security_group", obj{"name": "one"}, rawly(obj{"id": "sg-1"})),
		tf("a.json", "aws_security_group.two", "security_group", obj{"name": "two"}),
		tf("a.json", "aws_security_group.tagged", "security_group", obj{"name": "t", "tags": obj{"kubernetes.io/cluster/c": "owned"}}),
		tf("a.json", "aws_security_group.stranger", "security_group", obj{"name": "s", "tags": obj{"kubernetes.io/cluster/cc": "owned"}}),
		tf("a.json", "aws_launch_template.lt", "launch_template", obj{"name": "lt", "security_groups": arr{"sg-1"}, "network_interfaces": arr{obj{"security_groups": arr{"sg-9"}}}}),
		tf("a.json", "aws_eks_node_group.ng", "node_group", obj{"cluster": "c", "launch_template": obj{}}, unknown("launch_template.id", document.AfterApply),
			written("launch_template.id", "launch_template", 0, "id"), ref(document.Path{"launch_template", 0, "id"}, "tf:a.json#aws_launch_template.lt", "id")),
		tf("a.json", "aws_security_group_rule.two", "security_group_rule", obj{"direction": "ingress"}, unknown("group", document.AfterApply, "tf:a.json#aws_security_group.two")),
		tf("a.json", "aws_security_group_rule.cluster", "security_group_rule", obj{}, unknown("group", document.AfterApply, "tf:a.json#aws_eks_cluster.c")),
		tf("a.json", "aws_security_group_rule.value", "security_group_rule", obj{"group": "sg-1"}),
		tf("a.json", "aws_security_group_rule.else", "security_group_rule", obj{"group": "sg-11"}),
	)
	wantEdges(t, s, LaunchTemplateOf, "a.json#aws_eks_node_group.ng -> a.json#aws_launch_template.lt (reference)")
	wantEdges(t, s, SecurityGroupsOf,
		"a.json#aws_eks_cluster.c -> a.json#aws_security_group.one (value)",
		"a.json#aws_eks_cluster.c -> a.json#aws_security_group.tagged (convention)",
		"a.json#aws_eks_cluster.c -> a.json#aws_security_group.two (reference)",
		"a.json#aws_eks_node_group.ng -> a.json#aws_security_group.one (value)",
		"a.json#aws_launch_template.lt -> a.json#aws_security_group.one (value)",
	)
	wantEdges(t, s, RulesOf,
		"a.json#aws_eks_cluster.c -> a.json#aws_security_group_rule.cluster (reference)",
		"a.json#aws_security_group.one -> a.json#aws_security_group_rule.value (value)",
		"a.json#aws_security_group.two -> a.json#aws_security_group_rule.two (reference)",
	)
	wantGaps(t, s, SecurityGroupsOf)
}

func TestPrincipalsAreRoles(t *testing.T) {
	mapping := func(name, arn string, groups ...any) *document.Document {
		return k8s("auth.yaml", "aws-auth/mapRoles", "kube-system", name, "aws_auth_mapping", obj{"kind": "role", "principal": arn, "groups": groups})
	}
	s := build(
		tf("a.json", "aws_iam_role.ops", "iam_role", obj{"name": "ops", "path": "/team/"}),
		tf("a.json", "aws_iam_role.node", "iam_role", obj{"name": "node"}),
		tf("a.json", "aws_iam_role.decoy", "iam_role", obj{"name": "my-node"}),
		tf("a.json", "aws_eks_access_entry.ops", "access_entry", obj{"cluster": "c", "type": "STANDARD", "principal": role + "team/ops"}),
		tf("a.json", "aws_eks_access_entry.node", "access_entry", obj{"cluster": "c", "type": "EC2_LINUX"}, unknown("principal", document.AfterApply, "tf:a.json#aws_iam_role.node")),
		tf("a.json", "aws_eks_access_policy_association.ops", "access_policy_association", obj{"cluster": "c"}, unknown("principal", document.AfterApply, "tf:a.json#aws_eks_access_entry.ops")),
		mapping("mapRoles[0]", role+"ops", "system:masters"),
		mapping("mapRoles[1]", role+"node", "system:bootstrappers", "system:nodes"),
	)
	const auth = "auth.yaml#aws-auth/mapRoles/kube-system/"
	wantEdges(t, s, PrincipalOf,
		"a.json#aws_eks_access_entry.ops -> a.json#aws_iam_role.ops (value)",
		"a.json#aws_eks_access_entry.node -> a.json#aws_iam_role.node (reference)",
		"a.json#aws_eks_access_policy_association.ops -> a.json#aws_iam_role.ops (reference)",
		auth+"mapRoles[0] -> a.json#aws_iam_role.ops (value)",
		auth+"mapRoles[1] -> a.json#aws_iam_role.node (value)",
	)
	wantValue(t, get(s.Facts, "role_users", "a.json#aws_iam_role.node", "nodes"), any(arr{
		obj{"document": "a.json#aws_eks_access_entry.node", "path": "principal"}, obj{"document": auth + "mapRoles[1]", "path": "principal"},
	}))
	wantValue(t, get(s.Facts, "role_users", "a.json#aws_iam_role.ops", "nodes"), any(arr{}))
}
