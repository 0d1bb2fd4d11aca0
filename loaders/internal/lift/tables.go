package lift

// The tables of typedRules: arguments of the Terraform kubernetes provider and
// the fields of the Kubernetes API they become. "argument", "block/argument" or
// "Kind:block/argument", with "=field" where the name is not the camelCase one.
// Sources: terraform-provider-kubernetes 3.2.1 (schemas and structure code) and
// the Kubernetes API reference v1.33.

// oneBlocks are written once.
const oneBlocks = `
metadata spec template job_template selector pod_selector namespace_selector object_selector label_selector
security_context capabilities se_linux_options seccomp_profile windows_options
lifecycle post_start pre_stop exec http_get grpc tcp_socket liveness_probe readiness_probe startup_probe
container/resources init_container/resources spec/resources
value_from config_map_key_ref secret_key_ref field_ref resource_field_ref config_map_ref secret_ref
affinity node_affinity pod_affinity pod_anti_affinity pod_affinity_term preference required
node_affinity/required_during_scheduling_ignored_during_execution
dns_config os strategy update_strategy rolling_update persistent_volume_claim_retention_policy
DaemonSet:spec/strategy=updateStrategy
pod_failure_policy on_exit_codes ip_block role_ref aggregation_rule backend default_backend http service
resource client_config IngressClass:spec/parameters claim_ref scope_selector session_affinity_config client_ip=clientIP
config_map secret csi host_path empty_dir ephemeral ephemeral/volume_claim_template persistent_volume_claim projected
downward_api=downwardAPI service_account_token aws_elastic_block_store azure_disk azure_file ceph_fs=cephfs cinder fc
flex_volume flocker gce_persistent_disk git_repo glusterfs iscsi local nfs photon_persistent_disk quobyte rbd
vsphere_volume controller_expand_secret_ref controller_publish_secret_ref node_publish_secret_ref node_stage_secret_ref
Ingress:service/port
behavior scale_up scale_down scale_target_ref target container_resource external object pods described_object
object/metric pods/metric external/metric
condition=conditions target_ref match_constraints param_kind
se_linux run_as_user/range supplemental_groups/range fs_group/range
`

// manyBlocks may be repeated.
const manyBlocks = `
container=containers init_container=initContainers volume=volumes volume_mount=volumeMounts
volume_device=volumeDevices env env_from ports toleration=tolerations readiness_gate=readinessGates
topology_spread_constraint=topologySpreadConstraints host_aliases image_pull_secrets
image_pull_secret=imagePullSecrets sysctl=sysctls option=options http_header=httpHeaders
match_expressions match_expression=matchExpressions match_fields match_label_expressions
node_selector_term=nodeSelectorTerms preferred_during_scheduling_ignored_during_execution
required_during_scheduling_ignored_during_execution
container/port=ports init_container/port=ports spec/port=ports subset/port=ports //port=ports
rule=rules subject=subjects cluster_role_selectors webhook=webhooks ingress egress from to tls http/path=paths
items sources on_pod_condition=onPodConditions //secret=secrets volume_claim_template=volumeClaimTemplates
subset=subsets address=addresses not_ready_address=notReadyAddresses endpoint=endpoints limit=limits
metric=metrics policy=policies allowed_topologies
`

// spellings are plain arguments whose field is not their camelCase name.
const spellings = `
cluster_ip=clusterIP cluster_ips=clusterIPs external_ips=externalIPs load_balancer_ip=loadBalancerIP
host_ip=hostIP host_pid=hostPID host_ipc=hostIPC volume_id=volumeID
run_as_username=runAsUserName non_resource_urls=nonResourceURLs timezone=timeZone
insecure_skip_tls_verify=insecureSkipTLSVerify storage_provisioner=provisioner
data_disk_uri=diskURI dataset_uuid=datasetUUID target_ww_ns=targetWWNs pd_id=pdID
ceph_monitors=monitors rbd_image=image rados_user=user rbd_pool=pool glusterfs/endpoints_name=endpoints
target_cpu_utilization_percentage=targetCPUUtilizationPercentage
PersistentVolume:secret_ref/namespace PersistentVolume:azure_file/secret_namespace
Secret://data=stringData Secret://binary_data=data
quobyte/volume container_resource/container grpc/service grpc/port resource_field_ref/resource Service:spec/selector ReplicationController:spec/selector
`

// integers are numbers that the provider takes as text.
const integers = `
run_as_user run_as_group fs_group replicas toleration_seconds ttl_seconds_after_finished min_replicas max_replicas
completions parallelism EndpointSlice:port/port
`

// intOrStrings are numbers or names, percentages for some.
const intOrStrings = `
http_get/port tcp_socket/port target_port service_port ports/port max_unavailable max_surge min_available
rolling_update/partition
`

// octals are file modes.
const octals = `default_mode mode`

// ownArguments are not part of the object: the provider's own, what the API
// server fills in, and arguments for which the API has no field.
const ownArguments = `
//id //timeouts //wait_for_rollout //wait_for_load_balancer //wait_for_completion //wait_for_default_service_account
//wait_for_service_account_token //wait_until_bound //target_state //default_secret_name //auto_approve //certificate
//status //force //field_manager //data_wo //data_wo_revision //binary_data_wo //binary_data_wo_revision
metadata/generation metadata/resource_version metadata/uid metadata/self_link
volume/local azure_file/secret_namespace secret_ref/namespace autoscaling/v2:spec/target_cpu_utilization_percentage
`
