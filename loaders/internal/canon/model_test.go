package canon

import (
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// modelAttributes lists what the design of the model asks of each type: the
// attribute, or "wanted: where it is instead, or why it is not there". The
// Kubernetes types, which code makes, have tests of their own.
func modelAttributes() map[string]string {
	return map[string]string{
		"eks_cluster": `name version role endpoint.public_access endpoint.private_access endpoint.public_cidrs endpoint.egress_mode
			network.subnets network.extra_security_groups network.ip_family network.service_cidr logging.types logging.retention_days
			encryption.secrets_cmk encryption.resources encryption.key access.authentication_mode access.creator_is_admin
			addons.bootstrap_self_managed auto_mode.enabled auto_mode.node_pools auto_mode.node_role auto_mode.load_balancing
			auto_mode.block_storage support.type deletion_protection control_plane_tier zonal_shift remote_networks.node remote_networks.pod
			outpost oidc.provider_created fully_private tags exposure widest_public_prefix`,
		"node_group": `kind name cluster role subnets ami_type ami_id version release_version capacity_type instance_types disk_size
			remote_access.enabled remote_access.source_security_groups remote_access.ssm launch_template.id launch_template.name
			launch_template.version imds.tokens imds.hop_limit scaling.min scaling.max scaling.desired update.max_unavailable
			update.max_unavailable_percentage update.strategy repair.enabled labels taints public_ip expire_after user_data`,
		"launch_template": `immutable_config imds.endpoint imds.tokens imds.hop_limit imds.ipv6 imds.tags volumes[].device volumes[].encrypted
			volumes[].kms_key volumes[].size volumes[].type volumes[].delete_on_termination network_interfaces[].public_ip public_ip
			security_groups key_name instance_profile image_id user_data monitoring tags`,
		"fargate_profile":           `cluster name role subnets selectors[].namespace selectors[].labels`,
		"eks_addon":                 `name version role pod_identity_associations[].role pod_identity_associations[].service_account namespace configuration resolve_on_create resolve_on_update preserve features.network_policy features.prefix_delegation features.external_snat`,
		"access_entry":              `cluster principal type kubernetes_groups user_name policies[].policy policies[].scope.type policies[].scope.namespaces`,
		"access_policy_association": `cluster principal policy scope.type scope.namespaces`,
		"aws_auth_mapping":          `kind principal username groups`,
		"cluster_identity_provider": `cluster name issuer client_id username_claim username_prefix groups_claim groups_prefix required_claims`,
		"pod_identity_association":  `cluster namespace service_account role target_role disable_session_tags policy`,
		"eks_capability":            `type role delete_propagation argo_cd.namespace argo_cd.vpc_endpoints`,
		"iam_role":                  `name path trust permissions_boundary max_session attached[].arn inline[].name inline[].document`,
		"iam_policy":                `name document inline roles`,
		"instance_profile":          `name role`,
		"oidc_provider":             `url client_ids thumbprints`,
		"security_group":            `name vpc description rules[].protocol rules[].from_port rules[].to_port rules[].cidrs rules[].ipv6_cidrs rules[].prefix_lists rules[].source_groups rules[].self`,
		"security_group_rule":       `group direction protocol from_port to_port cidrs ipv6_cidrs prefix_lists source_groups self`,
		"vpc":                       `cidrs dns_support dns_hostnames`,
		"vpc_block_public_access":   `mode`,
		"subnet":                    `vpc az map_public_ip tags`,
		"nat_gateway":               `connectivity availability_mode`,
		"flow_log":                  `resource traffic_type destination_type destination aggregation_seconds format`,
		"vpc_endpoint":              `service type private_dns policy security_groups`,
		"route":                     `route_table destination gateway nat_gateway`, "route_table": `vpc routes[].destination`, "route_table_association": `route_table subnet`,
		"kms_key":                `rotation rotation_days enabled usage spec multi_region deletion_window policy`,
		"kms_alias":              `name key`,
		"ebs_volume":             `encrypted kms_key size type`,
		"account_ebs_encryption": `enabled`, "account_ebs_key": `kms_key`, "account_imds_defaults": `tokens hop_limit`,
		"efs_file_system": `encrypted kms_key`,
		"ecr_repository":  `name scan_on_push tag_mutability mutability_exclusions encryption.type encryption.key policy lifecycle force_delete`,
		"ecr_scanning":    `scan_type rules[].frequency rules[].filters`, "ecr_signing": `rules[].profile`, "signing_profile": `platform`, "ecr_pull_through_cache": `prefix upstream`,
		"load_balancer":   `type internal subnets security_groups access_logs drop_invalid_headers deletion_protection`,
		"lb_listener":     `load_balancer port protocol ssl_policy certificate default_action redirect.protocol mtls.mode`,
		"waf_association": `resource web_acl`, "web_acl": `name scope`, "certificate": `domain validation`,
		"cloudtrail":         `multi_region log_validation logging kms_key log_group organization global_events selectors[].management_events`,
		"guardduty_detector": `enabled features.EKS_AUDIT_LOGS.status features.RUNTIME_MONITORING.status features.EKS_RUNTIME_MONITORING.status`,
		"security_hub":       `default_standards`, "security_hub_standard": `arn`, "inspector": `types`, "config_recorder": `all_supported global_types`,
		"log_group":      `name retention_days kms_key class`,
		"managed_secret": `kms_key recovery_days policy plaintext`, "managed_secret_rotation": `secret days`, "managed_secret_policy": `policy block_public`,
		"backup_vault": `kms_key lock policy force_destroy`, "backup_vault_lock": `min_days max_days changeable_days`,
		"backup_plan": `rules[].vault rules[].schedule rules[].delete_after rules[].cold_after rules[].copies`, "backup_selection": `plan resources`,
		"amp_workspace": `kms_key logging`, "amp_scraper": `cluster`,
		"amg_workspace": `auth_providers account_access permission_type network_access vpc kms_key`,
		"s3_bucket":     `public_access_block.block_acls encryption.algorithm encryption.key versioning object_lock policy acl logging.bucket`,
		"s3_bucket_acl": `acl`, "s3_bucket_logging": `target`, "s3_bucket_object_lock": `mode`, "s3_bucket_public_access_block": `block_acls block_policy ignore_acls restrict`,
		"s3_bucket_encryption": `algorithm key`, "s3_bucket_policy": `policy`, "s3_bucket_versioning": `enabled`,
		"helm_release": `chart repository version namespace values`,
	}
}

// elsewhere lists what the design names and no attribute holds, with the place
// where it is known. A test takes an entry off the list that became an attribute.
func elsewhere() map[string]string {
	return map[string]string{
		"eks_cluster oidc.issuer":                  "not known before the cluster exists; references to it make the link cluster_of of an oidc_provider",
		"node_group ami_pinned":                    "ami_id, release_version and the selectors say it, and each tool pins in its own way",
		"node_group disk_encrypted":                "volumes[].encrypted of the group or its launch template",
		"node_group role_extra_policies":           "attached and inline of the role, which the link role_of leads to",
		"node_group ami_selectors.alias":           "ami_selectors holds the terms as written",
		"access_entry grants":                      "fact role_users and lib/stack: they need all entries of a cluster",
		"aws_auth_mapping grants":                  "groups, through the links group_bindings_of and rbac_role_of",
		"eks_capability argo_cd.rbac_role_mapping": "no rule reads who may enter a managed Argo CD",
		"iam_role instance_profiles":               "instance_profile documents name their role",
		"iam_role trust_kind":                      "lib/iam reads the statements of trust",
		"iam_role policies_complete":               "fact role_permissions.complete: it needs all documents",
		"security_group rules_complete":            "the state of rules: partial where some are not known",
		"security_group conflict":                  "the link rules_of tells separate rules beside inline ones",
		"vpc flow_logs":                            "flow_log documents refer to their VPC",
		"vpc endpoints":                            "vpc_endpoint documents refer to their VPC",
		"subnet routing":                           "the links route_table_of and routes_of",
		"subnet elb_role_tags":                     "tags",
		"kms_key aliases":                          "kms_alias documents name their key",
		"load_balancer waf":                        "the link waf_of",
		"lb_listener redirect_to_https":            "redirect.protocol",
		"managed_secret rotation":                  "managed_secret_rotation documents",
		"security_hub standards":                   "security_hub_standard documents",
		"s3_bucket purpose":                        "what refers to the bucket says what it is for",
	}
}

// attributeNames lists the attributes of every table, items with "[]".
func attributeNames(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for typ, tab := range readTables(t) {
		var walk func(list []*attribute, prefix string)
		walk = func(list []*attribute, prefix string) {
			for _, a := range list {
				out[typ] = append(out[typ], prefix+a.Name)
				walk(a.Items, prefix+a.Name+"[].")
			}
		}
		walk(tab.Attributes, "")
	}
	// What code works out, from a document that has it.
	for kind, raw := range map[string]string{
		"aws_eks_cluster": `{"name":"c","vpc_config":[{"endpoint_public_access":true,"public_access_cidrs":["10.0.0.0/8"]}]}`,
	} {
		d := &document.Document{ID: "f#x", Kind: kind, Raw: parseRaw(t, raw)}
		Complete([]*document.Document{d})
		var walk func(m map[string]any, prefix string)
		walk = func(m map[string]any, prefix string) {
			for k, v := range m {
				out[d.Type] = append(out[d.Type], prefix+k)
				if inner, ok := v.(map[string]any); ok {
					walk(inner, prefix+k+".")
				}
			}
		}
		walk(d.Attr, "")
	}
	return out
}

func TestTables_HoldTheWholeModel(t *testing.T) {
	have := attributeNames(t)
	for typ, text := range modelAttributes() {
		for name := range strings.FieldsSeq(text) {
			if !slices.Contains(have[typ], name) {
				t.Errorf("%s has no attribute %s", typ, name)
			}
		}
	}
	for what, reason := range elsewhere() {
		typ, name, _ := strings.Cut(what, " ")
		if slices.Contains(have[typ], name) {
			t.Errorf("%s is an attribute now; take it off the list (%s)", what, reason)
		}
	}
}
