# METADATA
# title: Charts that were not rendered
# description: >-
#   Resources that install a chart, or apply a folder of manifests, from elsewhere put
#   objects into namespaces that nobody sees here.
package plimsoll.lib.releases

_namespaces contains document.raw.namespace if some document in _by_kind.helm_release

_namespaces contains document.raw.Namespace if some document in _by_kind["Custom::AWSCDK-EKS-HelmChart"]

_namespaces contains document.raw.Namespace if some document in _by_kind["AWSQS::Kubernetes::Helm"]

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
	some kind in ["helm_release", "Custom::AWSCDK-EKS-HelmChart", "AWSQS::Kubernetes::Helm"]
	some document in _by_kind[kind]
	some path in ["namespace", "Namespace"]
	document.unknown[path]
}

may_fill(_) if {
	some document in _of("argoproj.io/", "Application")
	not document.raw.spec.destination.namespace
}

_by_kind[kind] := [input.stack.documents[id] | some id in ids] if some kind, ids in input.stack.by_kind

_of(group, kind) := [document |
	some name, documents in _by_kind
	contains(name, group)
	endswith(name, sprintf("/%s", [kind]))
	some document in documents
]
