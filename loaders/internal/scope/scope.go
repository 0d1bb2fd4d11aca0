// Package scope knows which Kubernetes kinds have no namespace.
package scope

import (
	"strings"
	"sync"
)

// Namespaced reports whether objects of a kind live in a namespace. apiVersion
// is as written ("v1", "apps/v1"). Kinds that are not known are taken to do so,
// as most custom resources do.
func Namespaced(apiVersion, kind string) bool {
	group, _, found := strings.Cut(apiVersion, "/")
	if !found {
		group = ""
	}
	kinds, known := clusterKinds()[group]
	switch {
	case known && kinds == "*":
		return false
	case known:
		return !strings.Contains(kinds, " "+kind+" ")
	}
	// Managed resources of Crossplane's AWS providers; those of version 2 have
	// groups of their own and a namespace.
	// https://docs.crossplane.io/latest/managed-resources/managed-resources/
	return !strings.HasSuffix(group, ".aws.upbound.io") && !strings.HasSuffix(group, ".aws.crossplane.io")
}

// clusterKinds lists the kinds without a namespace by API group; "*" stands for
// all kinds of a group. Sources: the Kubernetes API reference (1.20 to 1.35) and
// spec.scope in the projects' CustomResourceDefinitions.
//
//nolint:gochecknoglobals // a table, built on first use
var clusterKinds = sync.OnceValue(func() map[string]string {
	return map[string]string{
		// Kubernetes
		"":                             " Namespace Node PersistentVolume ComponentStatus ",
		"admissionregistration.k8s.io": "*",
		"apiextensions.k8s.io":         "*",
		"apiregistration.k8s.io":       "*",
		"authentication.k8s.io":        " TokenReview SelfSubjectReview ",
		"authorization.k8s.io":         " SubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview ",
		"certificates.k8s.io":          " CertificateSigningRequest ClusterTrustBundle ",
		"extensions":                   " PodSecurityPolicy ",
		"flowcontrol.apiserver.k8s.io": "*",
		"internal.apiserver.k8s.io":    "*",
		"networking.k8s.io":            " IngressClass IPAddress ServiceCIDR ClusterCIDR ",
		"node.k8s.io":                  "*",
		"policy":                       " PodSecurityPolicy ",
		"rbac.authorization.k8s.io":    " ClusterRole ClusterRoleBinding ",
		"resource.k8s.io":              " DeviceClass ResourceSlice ResourceClass DeviceTaintRule ",
		"scheduling.k8s.io":            " PriorityClass ",
		"storage.k8s.io":               " StorageClass CSIDriver CSINode VolumeAttachment VolumeAttributesClass ",
		"storagemigration.k8s.io":      "*",
		"snapshot.storage.k8s.io":      " VolumeSnapshotClass VolumeSnapshotContent ",
		"groupsnapshot.storage.k8s.io": " VolumeGroupSnapshotClass VolumeGroupSnapshotContent ",
		"gateway.networking.k8s.io":    " GatewayClass ",
		"policy.networking.k8s.io":     "*",
		"wgpolicyk8s.io":               " ClusterPolicyReport ",
		// AWS
		"crd.k8s.amazonaws.com":           " ENIConfig ",
		"eks.amazonaws.com":               " NodeClass IngressClassParams CNINode ",
		"elbv2.k8s.aws":                   " IngressClassParams ",
		"karpenter.k8s.aws":               "*",
		"karpenter.sh":                    "*",
		"networking.k8s.aws":              " ClusterNetworkPolicy ClusterPolicyEndpoint ",
		"vpcresources.k8s.aws":            " CNINode ",
		"infrastructure.cluster.x-k8s.io": " AWSClusterControllerIdentity AWSClusterRoleIdentity AWSClusterStaticIdentity ",
		"apiextensions.crossplane.io":     "*",
		"pkg.crossplane.io":               " Provider ProviderRevision Configuration ConfigurationRevision Function FunctionRevision DeploymentRuntimeConfig ControllerConfig ImageConfig ",
		"aws.upbound.io":                  " ProviderConfig ProviderConfigUsage StoreConfig ",
		"aws.crossplane.io":               " ProviderConfig ProviderConfigUsage StoreConfig ",
		"cert-manager.io":                 " ClusterIssuer ",
		"external-secrets.io":             " ClusterSecretStore ClusterExternalSecret ClusterPushSecret ",
		"generators.external-secrets.io":  " ClusterGenerator ",
		"argoproj.io":                     " ClusterWorkflowTemplate ClusterAnalysisTemplate ",
		"keda.sh":                         " ClusterTriggerAuthentication ",
		"nvidia.com":                      " ClusterPolicy ",
		"operator.tigera.io":              "*",
		"spire.spiffe.io":                 " ClusterSPIFFEID ClusterFederatedTrustDomain ClusterStaticEntry ",
		"kyverno.io":                      " ClusterPolicy ClusterCleanupPolicy GlobalContextEntry ",
		"policies.kyverno.io":             " ValidatingPolicy MutatingPolicy GeneratingPolicy DeletingPolicy ImageValidatingPolicy ",
		"policies.kubewarden.io":          " ClusterAdmissionPolicy ClusterAdmissionPolicyGroup PolicyServer ",
		"constraints.gatekeeper.sh":       "*",
		"expansion.gatekeeper.sh":         "*",
		"mutations.gatekeeper.sh":         "*",
		"templates.gatekeeper.sh":         "*",
		"cilium.io":                       " CiliumClusterwideNetworkPolicy CiliumClusterwideEnvoyConfig CiliumNode CiliumIdentity CiliumEgressGatewayPolicy CiliumLoadBalancerIPPool CiliumL2AnnouncementPolicy CiliumCIDRGroup CiliumPodIPPool CiliumBGPPeeringPolicy CiliumBGPClusterConfig CiliumBGPPeerConfig CiliumBGPAdvertisement TracingPolicy ",
		"projectcalico.org":               calicoKinds,
		"crd.projectcalico.org":           calicoKinds,
		"aquasecurity.github.io":          " ClusterComplianceReport ClusterConfigAuditReport ClusterInfraAssessmentReport ClusterRbacAssessmentReport ClusterSbomReport ClusterVulnerabilityReport ",
	}
})

const calicoKinds = " BGPConfiguration BGPFilter BGPPeer BlockAffinity CalicoNodeStatus ClusterInformation FelixConfiguration " +
	"GlobalNetworkPolicy GlobalNetworkSet HostEndpoint IPAMBlock IPAMConfig IPAMHandle IPPool IPReservation KubeControllersConfiguration Tier "
