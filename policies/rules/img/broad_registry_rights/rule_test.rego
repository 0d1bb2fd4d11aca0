package plimsoll.rules.img.broad_registry_rights_test

import data.plimsoll.rules.img.broad_registry_rights as rule

_found(attr, pipelines) := found if {
	found := rule.deny with input as {"name": "ci", "attr": object.union({"name": "shop-ci"}, attr)}
		with data.plimsoll.params.img.broad_registry_rights as {"pipeline_roles": pipelines}
}

_paths(attr) := {res.path | some res in _found(attr, [])}

_policy(more) := {"document": {"statements": [object.union({"effect": "Allow", "actions": ["ecr:*"], "resources": ["*"], "conditions": []}, more)]}}

test_everything_fails if {
	_paths(_policy({})) == {"document.statements[0]"}
	_paths(_policy({"actions": ["ecr:GetAuthorizationToken", "ECR:PutImage"]})) == {"document.statements[0]"}
	_paths(_policy({"resources": ["arn:aws:ecr:*:*:repository/*"]})) == {"document.statements[0]"}
	_paths(_policy({"resources": ["arn:aws:ecr:eu-west-1:123456789012:*"]})) == {"document.statements[0]"}
}

test_inline_policies_count if _paths({"inline": [_policy({})]}) == {"inline[0].document.statements[0]"}

test_pulls_pass if _paths(_policy({"actions": ["ecr:BatchGetImage", "ecr:Get*"]})) == set()

test_all_of_aws_is_for_others if _paths(_policy({"actions": ["*"]})) == set()

test_a_named_repository_passes if _paths(_policy({"resources": ["arn:aws:ecr:eu-west-1:123456789012:repository/shop/*"]})) == set()

test_a_denial_passes if _paths(_policy({"effect": "Deny"})) == set()

test_a_condition_passes if _paths(_policy({"conditions": [{"key": "aws:ResourceTag/team", "operator": "StringEquals", "values": ["a"]}]})) == set()

test_managed_policies_fail if {
	_paths({"attached": [{"arn": "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser"}]}) == {"attached[0].arn"}
	_paths({"policy": "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryFullAccess"}) == {"policy"}
	_paths({"policies": ["arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryFullAccess"]}) == {"policies[0]"}
}

test_managed_policies_for_pulls_pass if _paths({"attached": [{"arn": "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"}]}) == set()

test_pipelines_pass if {
	_found(_policy({}), ["shop-*"]) == set()
	_found(_policy({}), ["ci"]) == set()
	_found(object.union(_policy({}), {"roles": ["build"]}), ["build"]) == set()
	_found({"policy": "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryFullAccess"}, ["ci"]) == set()
	count(_found(_policy({}), ["other"])) == 1
}
