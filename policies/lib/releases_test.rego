package plimsoll.lib.releases_test

import data.plimsoll.lib.releases

_may_fill(document, namespace) if {
	releases.may_fill(namespace) with input.stack as {
		"documents": {"d": object.union({"namespace": "", "kind": "", "attr": {}}, document)},
		"by_type": {object.get(document, "type", ""): ["d"]},
		"by_kind": {object.get(document, "kind", ""): ["d"]},
	}
}

test_the_namespace_a_chart_goes_to if {
	every document in [
		{"type": "helm_release", "attr": {"namespace": "shop"}},
		{"kind": "argoproj.io/v1alpha1/Application", "raw": {"spec": {"destination": {"namespace": "shop"}}}},
		{"kind": "helm.toolkit.fluxcd.io/v2/HelmRelease", "raw": {"spec": {"targetNamespace": "shop"}}},
		{"kind": "helm.toolkit.fluxcd.io/v2/HelmRelease", "raw": {"spec": {}}, "namespace": "shop"},
		{"kind": "kustomize.toolkit.fluxcd.io/v1/Kustomization", "raw": {"spec": {"targetNamespace": "shop"}}},
	] {
		_may_fill(document, "shop")
		not _may_fill(document, "cart")
	}
}

test_a_target_that_is_not_known_may_be_any if {
	_may_fill({"type": "helm_release"}, "shop")
	_may_fill({"kind": "argoproj.io/v1alpha1/Application", "raw": {"spec": {"destination": {}}}}, "shop")
}

test_other_objects_bring_nothing if {
	not _may_fill({"kind": "kustomize.config.k8s.io/v1beta1/Kustomization", "raw": {"namespace": "shop"}}, "shop")
	not _may_fill({"kind": "v1/ConfigMap", "raw": {}, "namespace": "shop"}, "shop")
}
