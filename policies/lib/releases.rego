# METADATA
# title: Charts that were not rendered
# description: >-
#   Resources that install a chart, or apply a folder of manifests, from elsewhere put
#   objects into namespaces that nobody sees here.
package plimsoll.lib.releases

import data.plimsoll.lib.stack

_namespaces contains release.attr.namespace if some release in stack.documents("helm_release")

_namespaces contains document.raw.spec.destination.namespace if some document in _of("argoproj.io/", "Application")

_namespaces contains namespace if {
	some kind in ["HelmRelease", "Kustomization"]
	some document in _of(".toolkit.fluxcd.io/", kind)
	namespace := object.get(document.raw, ["spec", "targetNamespace"], document.namespace)
}

# may_fill tells that something from elsewhere may put objects into a namespace.
may_fill(namespace) if namespace in _namespaces

# A target that is not written or not known may be any.
may_fill(_) if {
	some release in stack.documents("helm_release")
	not release.attr.namespace
}

may_fill(_) if {
	some document in _of("argoproj.io/", "Application")
	not document.raw.spec.destination.namespace
}

_of(group, kind) := [input.stack.documents[id] |
	some name, ids in input.stack.by_kind
	contains(name, group)
	endswith(name, sprintf("/%s", [kind]))
	some id in ids
]
