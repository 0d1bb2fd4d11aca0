package plimsoll.rules.pod.fargate_unsupported_test

import data.plimsoll.rules.pod.fargate_unsupported as rule

_document(id, type, more) := object.union({"id": id, "type": type, "name": id, "namespace": "shop", "raw": {}, "attr": {}, "unknown": {}, "partial": {}}, more)

_workload(attr) := _document("web", "workload", {"attr": object.union({"kind": "Deployment", "labels": {"app": "web"}}, attr)})

_profile(selectors) := _document("profile", "fargate_profile", {"attr": {"selectors": selectors}})

_stack(documents, links) := {
	"documents": {d.id: d | some d in documents},
	"by_type": {type: [d.id | some d in documents; d.type == type] | some type in ["workload", "fargate_profile", "storage_class", "eks_cluster"]},
	"by_kind": {"v1/PersistentVolumeClaim": [d.id | some d in documents; d.type == "claim"]},
	"links": links,
	"backlinks": {},
}

_linked(documents, links) := {res | some res in rule.deny with input.stack as _stack(documents, links)}

_deny(documents) := _linked(documents, {})

_all := [{"namespace": "shop"}]

_paths(attr) := {res.path | some res in _deny([_workload(attr), _profile(_all)])}

test_what_fargate_refuses_fails if {
	_paths({"containers": [{"name": "a", "effective": {"privileged": true}}]}) == {"containers[0].effective.privileged"}
	_paths({"containers": [{"name": "a", "ports": [{"hostPort": 80}, {"hostPort": 0}]}]}) == {"containers[0].ports[0].hostPort"}
	_paths({"host_network": true}) == {"host_network"}
	_paths({"kind": "DaemonSet"}) == {"kind"}
	_paths({"pod": {"volumes": [{"name": "a", "awsElasticBlockStore": {}}]}}) == {"pod.volumes[0]"}
}

test_the_profile_is_named if {
	some res in _deny([_workload({"host_network": true}), _profile(_all)])
	contains(res.message, `"profile"`)
	{place.document | some place in res.related} == {"profile"}
}

_class := _document("gp3", "storage_class", {"attr": {"provisioner": "ebs.csi.aws.com"}})

_claim := _document("data", "claim", {"raw": {"spec": {"storageClassName": "gp3"}}})

test_claims_of_ebs_fail if {
	pod := {"pod": {"volumes": [{"name": "a", "persistentVolumeClaim": {"claimName": "data"}}]}}
	count(_deny([_workload(pod), _profile(_all), _class, _claim])) == 1
	_deny([_workload(pod), _profile(_all), _claim]) == set()
	ephemeral := {"pod": {"volumes": [{"name": "a", "ephemeral": {"volumeClaimTemplate": {"spec": {"storageClassName": "gp3"}}}}]}}
	count(_deny([_workload(ephemeral), _profile(_all), _class])) == 1
}

test_claim_templates_of_ebs_fail if {
	set := object.union(_workload({"kind": "StatefulSet"}), {"raw": {"spec": {"volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"storageClassName": "gp3"}}]}}})
	some res in _deny([set, _profile(_all), _class])
	res.path == "spec.volumeClaimTemplates[0].spec.storageClassName"
}

test_others_pass if {
	_paths({"containers": [{"name": "a", "effective": {"privileged": false}}], "host_network": false}) == set()
	_deny([_workload({"host_network": true})]) == set()
}

_selected(selector) if count(_deny([_workload({"host_network": true}), _profile([selector])])) == 1

test_selectors_are_matched_with_wildcards if {
	_selected({"namespace": "s*"})
	_selected({"namespace": "sh?p", "labels": {"app": "w*"}})
	not _selected({"namespace": "other"})
	not _selected({"namespace": "shop", "labels": {"app": "api"}})
	not _selected({"namespace": "shop", "labels": {"tier": "*"}})
	not _selected({"namespace": "[shop"})
}

test_profiles_of_other_clusters_do_not_count if {
	documents := [_workload({"host_network": true}), _profile(_all), _document("c1", "eks_cluster", {}), _document("c2", "eks_cluster", {})]
	_linked(documents, {"cluster_of": {"web": [{"to": "c1"}], "profile": [{"to": "c2"}]}}) == set()
	count(_linked(documents, {"cluster_of": {"web": [{"to": "c1"}], "profile": [{"to": "c1"}]}})) == 1
	_linked(documents, {"cluster_of": {"profile": [{"to": "c1"}]}}) == set()
	count(_linked(array.slice(documents, 0, 3), {"cluster_of": {"profile": [{"to": "c1"}]}})) == 1
	count(_linked(array.slice(documents, 0, 3), {"cluster_of": {"web": [{"to": "c1"}]}})) == 1
}

test_unknown_selectors_leave_it_open if {
	open := object.union(_profile([]), {"unknown": {"selectors": {"reason": "after_apply"}}})
	some res in _deny([_workload({"host_network": true}), open])
	res.unknown == "after apply"
	_deny([_workload({}), open]) == set()
}

_on(provisioner) := count(_deny([
	_workload({"pod": {"volumes": [{"name": "a", "persistentVolumeClaim": {"claimName": "data"}}]}}),
	_profile(_all), _claim, object.union(_class, {"attr": {"provisioner": provisioner}}),
]))

test_every_driver_of_ebs_counts_and_no_other if {
	_on("ebs.csi.aws.com") == 1
	_on("ebs.csi.eks.amazonaws.com") == 1
	_on("kubernetes.io/aws-ebs") == 1
	_on("efs.csi.aws.com") == 0
}

test_templates_and_objects_of_other_classes_pass if {
	set := object.union(_workload({"kind": "StatefulSet"}), {"raw": {"spec": {"volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"storageClassName": "efs"}}]}}})
	_deny([set, _profile(_all), _class]) == set()
	pod := {"pod": {"volumes": [{"name": "a", "persistentVolumeClaim": {"claimName": "data"}}]}}
	_deny([_workload(pod), _profile(_all), _class, object.union(_claim, {"type": "other"})]) == set()
}

test_a_profile_that_is_known_settles_it if {
	open := object.union(_profile(_all), {"id": "open", "attr": {"selectors": []}, "unknown": {"selectors[0].namespace": {"reason": "after_apply"}}})
	count(_deny([_workload({"host_network": true}), _profile(_all), open])) == 1
}
