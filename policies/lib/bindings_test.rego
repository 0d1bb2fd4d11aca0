package plimsoll.lib.bindings_test

import data.plimsoll.lib.bindings

_binding := {"namespace": "shop", "attr": {"cluster_scoped": false, "role": {"kind": "Role", "name": "r"}}}

test_accounts if {
	bindings.account(_binding, {"kind": "ServiceAccount", "name": "web", "namespace": "cart"}) == {"namespace": "cart", "name": "web"}
	bindings.account(_binding, {"kind": "ServiceAccount", "name": "web"}) == {"namespace": "shop", "name": "web"}
	bindings.account(_binding, {"kind": "ServiceAccount", "name": "web", "namespace": ""}) == {"namespace": "shop", "name": "web"}
}

test_the_user_name_of_an_account_is_the_account if {
	bindings.account(_binding, {"kind": "User", "name": "system:serviceaccount:cart:web"}) == {"namespace": "cart", "name": "web"}
}

test_others_are_no_accounts if {
	not bindings.account(_binding, {"kind": "User", "name": "jane"})
	not bindings.account(_binding, {"kind": "User", "name": "system:serviceaccount:web"})
	not bindings.account(_binding, {"kind": "Group", "name": "system:serviceaccount:cart:web"})
}

test_words if {
	bindings.kind(_binding) == "RoleBinding"
	bindings.kind({"attr": {"cluster_scoped": true}}) == "ClusterRoleBinding"
	bindings.role(_binding) == "Role r"
	bindings.role({"attr": {"role": {"kind": "Role"}}}) == "Role with a name that is not known yet"
	bindings.owner({"namespace": "shop", "name": "web"}) == "of namespace shop"
	bindings.owner({"namespace": "", "name": "web"}) == "of a namespace that is not named"
}
