# METADATA
# title: Nodes
# description: About the document under judgement, for resource rules.
package plimsoll.lib.nodes

# subject names the document for a message: node group "workers".
subject := sprintf("%s %q", [replace(input.type, "_", " "), input.name])

# is_ours tells that the nodes are configured here: those of EKS Auto Mode are
# not.
is_ours if not input.attr.kind == "auto_mode"

# has_launch_template tells that a node group takes its instances' settings from
# a launch template, known or not.
has_launch_template if {
	some field in ["id", "name", "version"]
	input.attr.launch_template[field]
}

has_launch_template if {
	some field in ["id", "name", "version"]
	input.unknown[sprintf("launch_template.%s", [field])]
}

# has_eks_template is a managed node group for which EKS makes the launch
# template.
has_eks_template if {
	input.type == "node_group"
	input.attr.kind == "managed"
	not has_launch_template
}

# has_metadata_service tells that instances answer metadata requests at all.
has_metadata_service if not input.attr.imds.endpoint == "disabled"
