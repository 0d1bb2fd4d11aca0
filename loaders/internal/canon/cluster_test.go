package canon

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// clusterSource is one way to write a cluster down.
type clusterSource struct {
	kind, text string
	unknown    []string
}

// The raw kinds of a cluster that the parity tests compare.
const (
	kindTF     = "aws_eks_cluster"
	kindCFN    = "AWS::EKS::Cluster"
	kindCDK    = "Custom::AWSCDK-EKS-Cluster"
	kindEksctl = "eksctl.io/v1alpha5/ClusterConfig"
)

// parity lists the same intent in each source, by source.
func parity() map[string]map[string]clusterSource {
	return map[string]map[string]clusterSource{
		"default": defaultClusters(), "hardened": hardenedClusters(), "partly unknown": partlyUnknownClusters(),
	}
}

// defaultClusters write a cluster of which next to nothing is said.
func defaultClusters() map[string]clusterSource {
	return map[string]clusterSource{
		"tf":     {kind: kindTF, text: `{"name":"c","role_arn":"arn:aws:iam::1:role/c","vpc_config":[{"subnet_ids":["subnet-1","subnet-2"]}]}`},
		"cfn":    {kind: kindCFN, text: `{"Name":"c","RoleArn":"arn:aws:iam::1:role/c","ResourcesVpcConfig":{"SubnetIds":["subnet-1","subnet-2"]}}`},
		"cdk":    {kind: kindCDK, text: `{"Config":{"name":"c","roleArn":"arn:aws:iam::1:role/c","resourcesVpcConfig":{"subnetIds":["subnet-1","subnet-2"]},"accessConfig":{}}}`},
		"eksctl": {kind: kindEksctl, text: `{"metadata":{"name":"c","region":"r"},"iam":{"serviceRoleARN":"arn:aws:iam::1:role/c"},"vpc":{"controlPlaneSubnetIDs":["subnet-1","subnet-2"]}}`},
	}
}

// hardenedClusters write a cluster of which all is said.
func hardenedClusters() map[string]clusterSource {
	return map[string]clusterSource{
		"tf": {kind: kindTF, text: `{"name":"c","version":"1.33","role_arn":"arn:aws:iam::1:role/c",
				"enabled_cluster_log_types":["audit","authenticator"],
				"vpc_config":[{"subnet_ids":["subnet-1"],"endpoint_public_access":true,"endpoint_private_access":true,
					"public_access_cidrs":["192.0.2.0/24"],"security_group_ids":["sg-1"]}],
				"encryption_config":[{"resources":["secrets"],"provider":[{"key_arn":"arn:aws:kms:r:1:key/k"}]}],
				"access_config":[{"authentication_mode":"API","bootstrap_cluster_creator_admin_permissions":false}],
				"upgrade_policy":[{"support_type":"STANDARD"}],"zonal_shift_config":[{"enabled":true}],
				"tags":{"team":"a"}}`},
		"cfn": {kind: kindCFN, text: `{"Name":"c","Version":"1.33","RoleArn":"arn:aws:iam::1:role/c",
				"Logging":{"ClusterLogging":{"EnabledTypes":[{"Type":"audit"},{"Type":"authenticator"}]}},
				"ResourcesVpcConfig":{"SubnetIds":["subnet-1"],"EndpointPublicAccess":"true","EndpointPrivateAccess":"true",
					"PublicAccessCidrs":["192.0.2.0/24"],"SecurityGroupIds":["sg-1"]},
				"EncryptionConfig":[{"Resources":["secrets"],"Provider":{"KeyArn":"arn:aws:kms:r:1:key/k"}}],
				"AccessConfig":{"AuthenticationMode":"API","BootstrapClusterCreatorAdminPermissions":"false"},
				"UpgradePolicy":{"SupportType":"STANDARD"},"ZonalShiftConfig":{"Enabled":true},
				"Tags":[{"Key":"team","Value":"a"}]}`},
		"cdk": {kind: kindCDK, text: `{"Config":{"name":"c","version":"1.33","roleArn":"arn:aws:iam::1:role/c",
				"logging":{"clusterLogging":[{"enabled":true,"types":["audit","authenticator"]},{"enabled":false,"types":["api"]}]},
				"resourcesVpcConfig":{"subnetIds":["subnet-1"],"endpointPublicAccess":true,"endpointPrivateAccess":true,
					"publicAccessCidrs":["192.0.2.0/24"],"securityGroupIds":["sg-1"]},
				"encryptionConfig":[{"resources":["secrets"],"provider":{"keyArn":"arn:aws:kms:r:1:key/k"}}],
				"accessConfig":{"authenticationMode":"API","bootstrapClusterCreatorAdminPermissions":false},
				"upgradePolicy":{"supportType":"STANDARD"},"zonalShiftConfig":{"enabled":true},
				"tags":{"team":"a"}}}`},
		"eksctl": {kind: kindEksctl, text: `{"metadata":{"name":"c","region":"r","version":"1.33","tags":{"team":"a"}},
				"iam":{"serviceRoleARN":"arn:aws:iam::1:role/c"},
				"cloudWatch":{"clusterLogging":{"enableTypes":["audit","authenticator"]}},
				"vpc":{"controlPlaneSubnetIDs":["subnet-1"],"controlPlaneSecurityGroupIDs":["sg-1"],
					"clusterEndpoints":{"publicAccess":true,"privateAccess":true},"publicAccessCIDRs":["192.0.2.0/24"]},
				"secretsEncryption":{"keyARN":"arn:aws:kms:r:1:key/k"},
				"accessConfig":{"authenticationMode":"API","bootstrapClusterCreatorAdminPermissions":false},
				"upgradePolicy":{"supportType":"STANDARD"},"zonalShiftConfig":{"enabled":true}}`},
	}
}

// partlyUnknownClusters write a cluster some of whose values come from other resources.
func partlyUnknownClusters() map[string]clusterSource {
	return map[string]clusterSource{
		"tf": {
			kind: kindTF, text: `{"name":"c","vpc_config":[{"subnet_ids":[null,"subnet-2"],"public_access_cidrs":["0.0.0.0/0",null]}],
				"encryption_config":[{"resources":["secrets"],"provider":[{}]}]}`,
			unknown: []string{
				"role_arn", "vpc_config[0].subnet_ids[0]", "vpc_config[0].public_access_cidrs[1]",
				"encryption_config[0].provider[0].key_arn", "enabled_cluster_log_types", "access_config",
			},
		},
		"cfn": {
			kind: kindCFN, text: `{"Name":"c","ResourcesVpcConfig":{"SubnetIds":[null,"subnet-2"],"PublicAccessCidrs":["0.0.0.0/0",null]},
				"EncryptionConfig":[{"Resources":["secrets"],"Provider":{}}]}`,
			unknown: []string{
				"RoleArn", "ResourcesVpcConfig.SubnetIds[0]", "ResourcesVpcConfig.PublicAccessCidrs[1]",
				"EncryptionConfig[0].Provider.KeyArn", "Logging", "AccessConfig",
			},
		},
		"cdk": {
			kind: kindCDK, text: `{"Config":{"name":"c","resourcesVpcConfig":{"subnetIds":[null,"subnet-2"],"publicAccessCidrs":["0.0.0.0/0",null]},
				"encryptionConfig":[{"resources":["secrets"],"provider":{}}]}}`,
			unknown: []string{
				"Config.roleArn", "Config.resourcesVpcConfig.subnetIds[0]", "Config.resourcesVpcConfig.publicAccessCidrs[1]",
				"Config.encryptionConfig[0].provider.keyArn", "Config.logging", "Config.accessConfig",
			},
		},
	}
}

// toolSpecific are the attributes in which eksctl's documented defaults differ
// or which only some sources can express.
func toolSpecific(intent, source string) []string {
	switch {
	case source == "eksctl" && intent == "default":
		return []string{"access", "addons", "oidc"}
	case source == "eksctl":
		return []string{"addons", "oidc"}
	}
	return nil
}

func TestCluster_SameIntentGivesSameAttributesInEverySource(t *testing.T) {
	for intent, sources := range parity() {
		want := done(t, sources["tf"].kind, sources["tf"].text, sources["tf"].unknown...)
		for name, s := range sources {
			t.Run(intent+"/"+name, func(t *testing.T) {
				got := done(t, s.kind, s.text, s.unknown...)
				if got.Type != "eks_cluster" {
					t.Fatalf("type is %q", got.Type)
				}
				a, b := maps.Clone(want.Attr), maps.Clone(got.Attr)
				for _, key := range toolSpecific(intent, name) {
					delete(a, key)
					delete(b, key)
				}
				if name == "cdk" {
					// The custom resource takes what the API took when it was written.
					for _, m := range []object{a, b} {
						delete(m, "deletion_protection")
						endpoint := maps.Clone(m["endpoint"].(object))
						delete(endpoint, "egress_mode")
						m["endpoint"] = endpoint
					}
				}
				if diff := cmp.Diff(a, b); diff != "" {
					t.Errorf("attributes differ from Terraform's (-tf +%s):\n%s", name, diff)
				}
				for _, kind := range []document.StateKind{document.Unknown, document.Partial} {
					if diff := cmp.Diff(want.States.Paths(kind), got.States.Paths(kind)); diff != "" {
						t.Errorf("%s paths differ (-tf +%s):\n%s", kind, name, diff)
					}
				}
			})
		}
	}
}

func TestCluster_DefaultsAreMarkedAndPointAtTheirPlace(t *testing.T) {
	d := done(t, "aws_eks_cluster", `{"name":"c","vpc_config":[{"subnet_ids":["a"]}]}`)
	sameJSON(t, "attr", d.Attr, `{
		"name":"c",
		"endpoint":{"public_access":true,"private_access":false,"public_cidrs":["0.0.0.0/0"],"egress_mode":"AWS_MANAGED"},
		"network":{"subnets":["a"],"extra_security_groups":[],"ip_family":"ipv4"},
		"logging":{"types":[]},
		"encryption":{"resources":[],"secrets_cmk":false},
		"access":{"authentication_mode":"CONFIG_MAP","creator_is_admin":true},
		"addons":{"bootstrap_self_managed":true},
		"auto_mode":{"enabled":false,"load_balancing":false,"block_storage":false},
		"support":{"type":"EXTENDED"},
		"force_update":false,"deletion_protection":false,"control_plane_tier":"standard","zonal_shift":false,
		"remote_networks":{"node":[],"pod":[]},"outpost":false,"tags":{},"exposure":"public_open","widest_public_prefix":0}`)
	for path, want := range map[string]string{
		"endpoint.public_access":     "vpc_config[0].endpoint_public_access",
		"endpoint.public_cidrs":      "vpc_config[0].public_access_cidrs",
		"network.subnets":            "vpc_config[0].subnet_ids",
		"logging.types":              "enabled_cluster_log_types",
		"access.authentication_mode": "access_config.authentication_mode",
		"version":                    "version",
		"encryption.secrets_cmk":     "encryption_config.resources",
	} {
		if got := writtenAt(d, path); got != want {
			t.Errorf("Written[%s] = %q, want %q", path, got, want)
		}
	}
	for _, path := range []string{"endpoint.public_access", "endpoint.public_cidrs", "encryption.secrets_cmk", "tags"} {
		if s := d.States[path]; s.Kind != document.Defaulted || s.Owner != "service" || s.Evidence == "" || s.Since == "" {
			t.Errorf("States[%s] = %+v, want a service default with evidence", path, s)
		}
	}
	if s, ok := d.States["network.subnets"]; ok {
		t.Errorf("a written value has the state %+v", s)
	}
}

func TestCluster_EksctlDefaultsAreItsOwn(t *testing.T) {
	d := done(t, "eksctl.io/v1alpha5/ClusterConfig", `{"metadata":{"name":"c"},"autoModeConfig":{"enabled":true}}`)
	if got := attr(t, d, "access.authentication_mode"); got != "API_AND_CONFIG_MAP" {
		t.Errorf("authentication mode %v", got)
	}
	sameJSON(t, "node pools", attr(t, d, "auto_mode.node_pools"), `["general-purpose","system"]`)
	if got := attr(t, d, "addons.bootstrap_self_managed"); got != false {
		t.Errorf("bootstrap_self_managed %v", got)
	}
	outpost := done(t, "eksctl.io/v1alpha5/ClusterConfig", `{"metadata":{"name":"c"},"outpost":{"controlPlaneOutpostARN":"arn"}}`)
	if got := attr(t, outpost, "access.authentication_mode"); got != "CONFIG_MAP" {
		t.Errorf("authentication mode on an Outpost %v", got)
	}
	all := done(t, "eksctl.io/v1alpha5/ClusterConfig", `{"metadata":{"name":"c"},"cloudWatch":{"clusterLogging":{"enableTypes":["*"]}}}`)
	sameJSON(t, "log types", attr(t, all, "logging.types"), `["api","audit","authenticator","controllerManager","scheduler"]`)
}

func TestCluster_EmptyCIDRListMeansEveryone(t *testing.T) {
	d := done(t, "aws_eks_cluster", `{"vpc_config":[{"public_access_cidrs":[]}]}`)
	sameJSON(t, "cidrs", attr(t, d, "endpoint.public_cidrs"), `["0.0.0.0/0"]`)
	if d.States["endpoint.public_cidrs"].Kind != document.Defaulted {
		t.Error("the default is not marked")
	}
}

func TestCluster_IPv6ClustersAnswerToBothFamiliesByDefault(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"by default": {`{"name":"c","kubernetes_network_config":[{"ip_family":"ipv6"}]}`, `["0.0.0.0/0","::/0"]`},
		"IPv4":       {`{"name":"c","kubernetes_network_config":[{"ip_family":"ipv4"}]}`, `["0.0.0.0/0"]`},
		"as written": {`{"name":"c","kubernetes_network_config":[{"ip_family":"ipv6"}],"vpc_config":[{"public_access_cidrs":["192.0.2.0/24"]}]}`, `["192.0.2.0/24"]`},
	} {
		d := newDoc(t, kindTF, c.text)
		Complete([]*document.Document{d})
		sameJSON(t, name, attr(t, d, "endpoint.public_cidrs"), c.want)
	}
}

func TestCluster_VersionReadAsNumberIsMalformed(t *testing.T) {
	d := done(t, "eksctl.io/v1alpha5/ClusterConfig", "metadata: {name: c, version: 1.30}")
	if attr(t, d, "version") != "1.3" || attr(t, d, "version_malformed") != true {
		t.Errorf("version %v, malformed %v", attr(t, d, "version"), attr(t, d, "version_malformed"))
	}
	if got := writtenAt(d, "version"); got != "metadata.version" {
		t.Errorf("written at %s", got)
	}
	text := done(t, "eksctl.io/v1alpha5/ClusterConfig", `metadata: {name: c, version: "1.30"}`)
	if attr(t, text, "version") != "1.30" || attr(t, text, "version_malformed") != nil {
		t.Errorf("version %v, malformed %v", attr(t, text, "version"), attr(t, text, "version_malformed"))
	}
}

func TestCluster_KeyOfTheSameDeploymentIsACustomerKey(t *testing.T) {
	for reason, want := range map[string]any{
		document.AfterApply: true, document.RuntimeRef: true, document.ParameterWithoutValue: nil, document.UnevaluatedExpression: nil,
	} {
		d := newDoc(t, "AWS::EKS::Cluster", `{"EncryptionConfig":[{"Resources":["secrets"],"Provider":{}}]}`)
		d.RawStates = document.States{"EncryptionConfig[0].Provider.KeyArn": {Kind: document.Unknown, Reason: reason}}
		Complete([]*document.Document{d})
		if got := attr(t, d, "encryption.secrets_cmk"); got != want {
			t.Errorf("%s: secrets_cmk %v, want %v", reason, got, want)
		}
		if s := d.States["encryption.secrets_cmk"]; want == nil && (s.Kind != document.Unknown || s.Reason != reason) {
			t.Errorf("%s: state %+v", reason, s)
		}
	}
	// Terraform's argument is required, so that some key is there whatever keeps
	// it from being known (a dynamic block over what another module returns).
	for _, reason := range []string{document.AfterApply, document.UnevaluatedExpression, document.ParameterWithoutValue} {
		d := newDoc(t, "aws_eks_cluster", `{"encryption_config":[{"resources":["secrets"],"provider":[{}]}]}`)
		d.RawStates = document.States{"encryption_config[0].provider[0].key_arn": {Kind: document.Unknown, Reason: reason}}
		Complete([]*document.Document{d})
		if got := attr(t, d, "encryption.secrets_cmk"); got != true {
			t.Errorf("%s: secrets_cmk %v in Terraform, want true", reason, got)
		}
	}
	block := done(t, "aws_eks_cluster", `{"name":"c"}`, "encryption_config")
	if s := block.States["encryption.secrets_cmk"]; s.Kind != document.Unknown {
		t.Errorf("a block that may not be there proves nothing: %+v", s)
	}
	none := done(t, "aws_eks_cluster", `{"encryption_config":[{"resources":["secrets"],"provider":[{"key_arn":""}]}]}`)
	if got := attr(t, none, "encryption.secrets_cmk"); got != false {
		t.Errorf("without a key secrets_cmk is %v", got)
	}
}

func TestCluster_UnknownKeepsRawPathForLinks(t *testing.T) {
	d := done(t, "aws_eks_cluster", `{"vpc_config":[{"subnet_ids":[null,"subnet-2"]}]}`, "role_arn", "vpc_config[0].subnet_ids[0]")
	for path, want := range map[string]string{
		"role": "role_arn", "network.subnets": "vpc_config[0].subnet_ids", "network.subnets[0]": "vpc_config[0].subnet_ids[1]",
	} {
		if got := writtenAt(d, path); got != want {
			t.Errorf("Written[%s] = %q, want %q", path, got, want)
		}
	}
	sameJSON(t, "subnets", attr(t, d, "network.subnets"), `["subnet-2"]`)
	if s := d.States["network.subnets"]; s.Kind != document.Partial || !slices.Equal(s.Refs, []string{"tok:other"}) {
		t.Errorf("subnets state %+v", s)
	}
	if s := d.States["role"]; s.Kind != document.Unknown || !slices.Equal(s.Refs, []string{"tok:other"}) {
		t.Errorf("role state %+v", s)
	}
}

func TestCluster_UnknownBlockMakesAllBelowUnknown(t *testing.T) {
	d := done(t, "aws_eks_cluster", `{"name":"c"}`, "vpc_config")
	for _, path := range []string{"endpoint.public_access", "endpoint.private_access", "endpoint.public_cidrs", "network.subnets", "exposure"} {
		if d.States[path].Kind != document.Unknown || attr(t, d, path) != nil {
			t.Errorf("%s: state %+v, value %v", path, d.States[path], attr(t, d, path))
		}
	}
	whole := done(t, "aws_eks_cluster", `{}`, "")
	if got := whole.States["logging.types"].Kind; got != document.Unknown {
		t.Errorf("document unknown as a whole: logging.types is %q", got)
	}
}

func TestCluster_OtherControllersAreRead(t *testing.T) {
	cases := map[string]struct{ kind, text, path, want string }{
		"crossplane v1beta1 lists":   {"eks.aws.upbound.io/v1beta1/Cluster", `{"metadata":{"name":"c"},"spec":{"forProvider":{"vpcConfig":[{"endpointPublicAccess":false}]}}}`, "endpoint.public_access", `false`},
		"crossplane v1beta2 objects": {"eks.aws.upbound.io/v1beta2/Cluster", `{"metadata":{"name":"c"},"spec":{"forProvider":{"vpcConfig":{"endpointPublicAccess":false}}}}`, "endpoint.public_access", `false`},
		"crossplane name":            {"eks.aws.m.upbound.io/v1beta1/Cluster", `{"metadata":{"name":"c","annotations":{"crossplane.io/external-name":"real"}},"spec":{"forProvider":{}}}`, "name", `"real"`},
		"crossplane classic logging": {"eks.aws.crossplane.io/v1beta1/Cluster", `{"metadata":{"name":"c"},"spec":{"forProvider":{"logging":{"clusterLogging":[{"enabled":true,"types":["audit"]}]}}}}`, "logging.types", `["audit"]`},
		"ack":                        {"eks.services.k8s.aws/v1alpha1/Cluster", `{"spec":{"name":"c","resourcesVPCConfig":{"endpointPublicAccess":false}}}`, "endpoint.public_access", `false`},
		"ack logging":                {"eks.services.k8s.aws/v1alpha1/Cluster", `{"spec":{"logging":{"clusterLogging":[{"enabled":true,"types":["api"]},{"enabled":false,"types":["audit"]}]}}}`, "logging.types", `["api"]`},
		"capa lowercase":             {"controlplane.cluster.x-k8s.io/v1beta2/AWSManagedControlPlane", `{"spec":{"accessConfig":{"authenticationMode":"api_and_config_map"}}}`, "access.authentication_mode", `"API_AND_CONFIG_MAP"`},
		"capa version":               {"controlplane.cluster.x-k8s.io/v1beta2/AWSManagedControlPlane", `{"spec":{"version":"v1.33.2"}}`, "version", `"1.33"`},
		"capa logging":               {"controlplane.cluster.x-k8s.io/v1beta2/AWSManagedControlPlane", `{"spec":{"logging":{"apiServer":true,"audit":true,"scheduler":false}}}`, "logging.types", `["api","audit"]`},
		"capa template":              {"controlplane.cluster.x-k8s.io/v1beta2/AWSManagedControlPlaneTemplate", `{"spec":{"template":{"spec":{"endpointAccess":{"public":false}}}}}`, "endpoint.public_access", `false`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			sameJSON(t, c.path, attr(t, done(t, c.kind, c.text), c.path), c.want)
		})
	}
}

func TestCluster_ReferenceInPlaceOfValueIsUnknownNotDefault(t *testing.T) {
	for kind, text := range map[string]string{
		"eks.aws.upbound.io/v1beta2/Cluster":    `{"spec":{"forProvider":{"roleArnRef":{"name":"r"},"vpcConfig":{"subnetIdSelector":{"matchLabels":{"a":"b"}}}}}}`,
		"eks.services.k8s.aws/v1alpha1/Cluster": `{"spec":{"roleRef":{"from":{"name":"r"}},"resourcesVPCConfig":{"subnetRefs":[{"from":{"name":"s"}}]}}}`,
	} {
		d := done(t, kind, text)
		for _, path := range []string{"role", "network.subnets"} {
			if s := d.States[path]; s.Kind != document.Unknown || s.Reason != document.RuntimeRef {
				t.Errorf("%s: %s has the state %+v", kind, path, s)
			}
		}
	}
}

func TestCluster_DeletedClusterHasTypeButNoAttributes(t *testing.T) {
	d := newDoc(t, "aws_eks_cluster", `{"name":"c"}`)
	d.Action = document.Delete
	Complete([]*document.Document{d})
	if d.Type != "eks_cluster" || d.Attr != nil {
		t.Errorf("type %q, attributes %v", d.Type, d.Attr)
	}
}

func TestComplete_DataSourcesHaveNoType(t *testing.T) {
	if d := done(t, "data.aws_eks_cluster", `{"name":"c"}`); d.Type != "" || d.Attr != nil {
		t.Errorf("type %q, attributes %v", d.Type, d.Attr)
	}
}

func TestKindsOf_ListsEveryLanguageAndDerivedKinds(t *testing.T) {
	kinds := KindsOf("node_group")
	for _, want := range []string{
		"aws_eks_node_group", "AWS::EKS::Nodegroup", "karpenter.sh/*/NodePool",
		"eksctl.io/v1alpha5/ClusterConfig", "eksctl.io/v1alpha5/ManagedNodeGroup",
	} {
		if !slices.Contains(kinds, want) {
			t.Errorf("%s is not among %q", want, kinds)
		}
	}
	if !slices.IsSorted(Types()) || !slices.Contains(Types(), "workload") || !slices.Contains(Types(), "eks_cluster") {
		t.Errorf("types %q", Types())
	}
	for _, typ := range Types() {
		if len(KindsOf(typ)) == 0 || strings.TrimSpace(typ) == "" {
			t.Errorf("type %q has no kinds", typ)
		}
	}
}
