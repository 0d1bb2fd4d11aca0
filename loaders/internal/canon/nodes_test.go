package canon

import (
	"encoding/base64"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestLaunchTemplate_StringsAreCoercedAndDefaultsAmbiguous(t *testing.T) {
	d := done(t, "aws_launch_template", `{"name":"lt","block_device_mappings":[
		{"device_name":"/dev/xvda","ebs":[{"encrypted":"true","volume_size":20}]},
		{"device_name":"/dev/xvdb","ebs":[{"encrypted":"","volume_size":"50"}]},
		{"device_name":"/dev/xvdc","ebs":[{"encrypted":"false"}]}],
		"network_interfaces":[{"associate_public_ip_address":"true","security_groups":["sg-2"]},{"associate_public_ip_address":""}],
		"vpc_security_group_ids":["sg-1"],"iam_instance_profile":[{"name":"p"}]}`)
	sameJSON(t, "volumes", attr(t, d, "volumes"), `[{"device":"/dev/xvda","encrypted":true,"size":20},
		{"device":"/dev/xvdb","encrypted":false,"size":50},{"device":"/dev/xvdc","encrypted":false}]`)
	if d.States["volumes[1].encrypted"].Kind != document.Defaulted || d.States["volumes[2].encrypted"].Kind != "" {
		t.Errorf("states %v", d.States)
	}
	sameJSON(t, "interfaces", attr(t, d, "network_interfaces"), `[{"public_ip":true,"security_groups":["sg-2"]},{}]`)
	sameJSON(t, "groups", attr(t, d, "security_groups"), `["sg-1","sg-2"]`)
	sameJSON(t, "profile", attr(t, d, "instance_profile"), `"p"`)
	for path, want := range map[string]string{
		"volumes[0].encrypted": "block_device_mappings[0].ebs[0].encrypted", "volumes[2]": "block_device_mappings[2]",
		"network_interfaces[0].public_ip": "network_interfaces[0].associate_public_ip_address",
		"security_groups[1]":              "network_interfaces[0].security_groups[0]", "imds.tokens": "metadata_options.http_tokens",
	} {
		if got := writtenAt(d, path); got != want {
			t.Errorf("Written[%s] = %q, want %q", path, got, want)
		}
	}
	for _, path := range []string{"imds.tokens", "imds.hop_limit"} {
		if s := d.States[path]; s.Kind != document.Unknown || s.Reason != document.AmbiguousDefault {
			t.Errorf("%s has the state %+v", path, s)
		}
	}
	if attr(t, d, "imds.endpoint") != "enabled" {
		t.Errorf("endpoint %v", attr(t, d, "imds.endpoint"))
	}
}

func TestLaunchTemplate_AMIFamilyDecidesMetadataDefaults(t *testing.T) {
	for image, want := range map[string][2]any{
		"resolve:ssm:/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/x86_64/standard/recommended/image_id": {"required", int64(2)},
		"resolve:ssm:/aws/service/bottlerocket/aws-k8s-1.33/x86_64/latest/image_id":                              {"required", nil},
		"resolve:ssm:/aws/service/eks/optimized-ami/1.30/amazon-linux-2/recommended/image_id":                    {nil, nil},
		"ami-123": {nil, nil},
	} {
		d := newDoc(t, "AWS::EC2::LaunchTemplate", `{"LaunchTemplateName":"lt","LaunchTemplateData":{}}`)
		d.Raw["LaunchTemplateData"].(object)["ImageId"] = image
		Complete([]*document.Document{d})
		if got := [2]any{attr(t, d, "imds.tokens"), attr(t, d, "imds.hop_limit")}; got != want {
			t.Errorf("%s: %v, want %v", image, got, want)
		}
		if attr(t, d, "name") != "lt" {
			t.Errorf("name %v", attr(t, d, "name"))
		}
	}
}

func TestLaunchConfiguration_IsImmutableAndListsBothKindsOfVolumes(t *testing.T) {
	d := done(t, "aws_launch_configuration", `{"root_block_device":[{"encrypted":true}],"ebs_block_device":[{"device_name":"/dev/sdb"}],"associate_public_ip_address":true}`)
	sameJSON(t, "volumes", attr(t, d, "volumes"), `[{"encrypted":true},{"device":"/dev/sdb","encrypted":false}]`)
	if attr(t, d, "immutable_config") != true || attr(t, d, "public_ip") != true || d.Type != "launch_template" {
		t.Errorf("attributes %s", dump(d.Attr))
	}
	if got := writtenAt(d, "volumes[1]"); got != "ebs_block_device[0]" {
		t.Errorf("second volume is written at %s", got)
	}
}

func TestNodeGroup_ManagedGroupDefaults(t *testing.T) {
	for name, c := range map[string]struct{ kind, text string }{
		"tf":  {"aws_eks_node_group", `{"cluster_name":"c","node_group_name":"n","node_role_arn":"arn:r","subnet_ids":["s"]}`},
		"cfn": {"AWS::EKS::Nodegroup", `{"ClusterName":"c","NodegroupName":"n","NodeRole":"arn:r","Subnets":["s"]}`},
	} {
		d := done(t, c.kind, c.text)
		sameJSON(t, name, d.Attr, `{"kind":"managed","name":"n","cluster":"c","role":"arn:r","subnets":["s"],
			"ami_type":"AL2023_x86_64_STANDARD","imds":{"tokens":"required","hop_limit":2},"force_update":false,
			"capacity_type":"ON_DEMAND","remote_access":{"enabled":false,"source_security_groups":[]},"repair":{"enabled":false},"update":{"max_unavailable":1}}`)
		if s := d.States["imds.hop_limit"]; s.Kind != document.Defaulted {
			t.Errorf("%s: hop limit has the state %+v", name, s)
		}
	}
}

func TestNodeGroup_LaunchTemplateDecidesMetadata(t *testing.T) {
	d := done(t, "aws_eks_node_group", `{"node_group_name":"n","launch_template":[{"version":"1"}]}`, "launch_template[0].id")
	if attr(t, d, "imds") != nil || d.States["imds.tokens"].Kind != "" {
		t.Errorf("imds %v, state %+v", attr(t, d, "imds"), d.States["imds.tokens"])
	}
	if s := d.States["ami_type"]; s.Reason != document.AmbiguousDefault {
		t.Errorf("ami_type has the state %+v", s)
	}
	if got := writtenAt(d, "launch_template.id"); got != "launch_template[0].id" {
		t.Errorf("the template's ID is written at %s", got)
	}
}

func TestNodeGroup_SSHKeyWithoutGroupsIsOpenToTheWorld(t *testing.T) {
	for kind, texts := range map[string][2]string{
		"aws_eks_node_group":  {`{"remote_access":[{"ec2_ssh_key":"k"}]}`, `{"remote_access":[{"ec2_ssh_key":"k","source_security_group_ids":["sg"]}]}`},
		"AWS::EKS::Nodegroup": {`{"RemoteAccess":{"Ec2SshKey":"k"}}`, `{"RemoteAccess":{"Ec2SshKey":"k","SourceSecurityGroups":["sg"]}}`},
	} {
		open, limited := done(t, kind, texts[0]), done(t, kind, texts[1])
		sameJSON(t, "open", attr(t, open, "remote_access"), `{"enabled":true,"key":"k","source_security_groups":[],"source_cidrs":["0.0.0.0/0"]}`)
		sameJSON(t, "limited", attr(t, limited, "remote_access"), `{"enabled":true,"key":"k","source_security_groups":["sg"]}`)
	}
	unknown := done(t, "aws_eks_node_group", `{"remote_access":[{"ec2_ssh_key":"k"}]}`, "remote_access[0].source_security_group_ids")
	if attr(t, unknown, "remote_access.source_cidrs") != nil {
		t.Error("groups that are not known yet were taken for none")
	}
}

func TestNodeGroup_TaintsAndLabels(t *testing.T) {
	tf := done(t, "aws_eks_node_group", `{"taint":[{"key":"a","value":"b","effect":"NO_SCHEDULE"}],"labels":{"x":"y"}}`)
	cfn := done(t, "AWS::EKS::Nodegroup", `{"Taints":[{"Key":"a","Value":"b","Effect":"NO_SCHEDULE"}],"Labels":{"x":"y"}}`)
	pool := done(t, "karpenter.sh/v1/NodePool", `{"metadata":{"name":"p"},"spec":{"template":{"metadata":{"labels":{"x":"y"}},"spec":{
		"nodeClassRef":{"name":"d"},"taints":[{"key":"a","value":"b","effect":"NoSchedule"}]}}}}`)
	for _, d := range []*document.Document{tf, cfn, pool} {
		sameJSON(t, d.Kind, attr(t, d, "taints"), `[{"key":"a","value":"b","effect":"NO_SCHEDULE"}]`)
		sameJSON(t, d.Kind, attr(t, d, "labels"), `{"x":"y"}`)
	}
	if attr(t, pool, "node_class") != "d" || attr(t, pool, "expire_after") != "720h" {
		t.Errorf("pool %s", dump(pool.Attr))
	}
}

func TestNodeGroup_KarpenterNodeClass(t *testing.T) {
	d := done(t, "karpenter.k8s.aws/v1/EC2NodeClass", `{"metadata":{"name":"n"},"spec":{"role":"r","amiSelectorTerms":[{"alias":"al2023@latest"}]}}`)
	sameJSON(t, "default", d.Attr, `{"kind":"karpenter","name":"n","role":"r","ami_type":"AL2023_x86_64_STANDARD","ami_family":"al2023",
		"ami_selectors":[{"alias":"al2023@latest"}],"imds":{"endpoint":"enabled","tokens":"required","hop_limit":1},
		"volumes":[{"device":"/dev/xvda","encrypted":true,"size":20,"type":"gp3"}]}`)
	if got := writtenAt(d, "ami_type"); got != "spec.amiSelectorTerms[0].alias" {
		t.Errorf("ami_type is written at %s", got)
	}
	own := done(t, "karpenter.k8s.aws/v1beta1/EC2NodeClass", `{"metadata":{"name":"n"},"spec":{"amiFamily":"AL2","associatePublicIPAddress":true,
		"metadataOptions":{"httpTokens":"optional","httpPutResponseHopLimit":2},
		"blockDeviceMappings":[{"deviceName":"/dev/xvda","ebs":{"volumeSize":"100Gi","encrypted":false}},{"deviceName":"/dev/xvdb","ebs":{}}]}}`)
	sameJSON(t, "own", attr(t, own, "volumes"), `[{"device":"/dev/xvda","size":100,"encrypted":false},{"device":"/dev/xvdb","encrypted":false}]`)
	sameJSON(t, "own imds", attr(t, own, "imds"), `{"endpoint":"enabled","tokens":"optional","hop_limit":2}`)
	if attr(t, own, "public_ip") != true || attr(t, own, "ami_type") != "AL2_x86_64" {
		t.Errorf("own %s", dump(own.Attr))
	}
	custom := done(t, "karpenter.k8s.aws/v1/EC2NodeClass", `{"metadata":{"name":"n"},"spec":{"amiFamily":"Custom","amiSelectorTerms":[{"id":"ami-1"}]}}`)
	if custom.States["volumes"].Reason != document.AmbiguousDefault || attr(t, custom, "volumes") != nil {
		t.Errorf("a custom AMI's volumes: %v, %+v", attr(t, custom, "volumes"), custom.States["volumes"])
	}
}

func TestNodeGroup_AutoScalingGroupOnlyWhenTagged(t *testing.T) {
	d := done(t, "aws_autoscaling_group", `{"name":"a","vpc_zone_identifier":["s"],"launch_template":[{"id":"lt-1"}],
		"tag":[{"key":"kubernetes.io/cluster/prod","value":"owned","propagate_at_launch":true}]}`)
	if d.Type != "node_group" || attr(t, d, "cluster") != "prod" || attr(t, d, "kind") != "self_managed" || attr(t, d, "launch_template.id") != "lt-1" {
		t.Errorf("type %q, %s", d.Type, dump(d.Attr))
	}
	if got := writtenAt(d, "cluster"); got != "tag[0].value" {
		t.Errorf("cluster is written at %s", got)
	}
	if other := done(t, "aws_autoscaling_group", `{"name":"a","tag":[{"key":"x","value":"y"}]}`); other.Type != "" || other.Attr != nil {
		t.Errorf("an untagged group has the type %q", other.Type)
	}
}

func TestNodeGroup_AutoScalingGroupTaggedByReference(t *testing.T) {
	d := newDoc(t, "AWS::AutoScaling::AutoScalingGroup", `{"Tags":[{"Value":"owned","PropagateAtLaunch":true}],"MinSize":"1"}`)
	d.RawStates = document.States{"Tags[0].Key": {
		Kind: document.Unknown, Reason: document.RuntimeRef, Template: "kubernetes.io/cluster/${C}", Refs: []string{"cfn:f#C"},
	}}
	Complete([]*document.Document{d})
	if s := d.States["cluster"]; d.Type != "node_group" || s.Kind != document.Unknown || s.Template != "${C}" || len(s.Refs) != 1 {
		t.Errorf("type %q, cluster %+v", d.Type, s)
	}
	if got := writtenAt(d, "cluster"); got != "Tags[0].Key" {
		t.Errorf("cluster is written at %s", got)
	}
	sameJSON(t, "scaling", attr(t, d, "scaling"), `{"min":1}`)
}

func TestNodeGroup_AutoScalingGroupWhoseTemplateJoinsACluster(t *testing.T) {
	for data, want := range map[string]string{
		base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\n/etc/eks/bootstrap.sh c\n")): "node_group",
		base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\necho hello\n")):              "",
	} {
		group := newDoc(t, "aws_autoscaling_group", `{"name":"g"}`)
		group.Refs = []document.Ref{{Path: document.Path{"launch_template", 0, "id"}, To: "tok:aws_launch_template", Attribute: "id"}}
		template := newDoc(t, "aws_launch_template", `{"name":"lt"}`)
		template.Raw["user_data"] = data
		Complete([]*document.Document{group, template})
		if group.Type != want {
			t.Errorf("%s: type %q, want %q", data, group.Type, want)
		}
		if want != "" && attr(t, group, "kind") != "self_managed" {
			t.Errorf("attributes %s", dump(group.Attr))
		}
	}
}

func TestAccountDefaults_TurnVolumesAndTemplates(t *testing.T) {
	volume := newDoc(t, "aws_ebs_volume", `{"size":1}`)
	plain := newDoc(t, "aws_ebs_volume", `{"size":1,"encrypted":false}`)
	template := newDoc(t, "aws_launch_template", `{"block_device_mappings":[{"ebs":[{"volume_size":1}]},{"ebs":[{"encrypted":"false"}]}]}`)
	foreign := newDoc(t, "aws_ebs_volume", `{"size":1}`)
	foreign.Scope = "other root"
	template2 := newDoc(t, "AWS::EC2::LaunchTemplate", `{"LaunchTemplateData":{"BlockDeviceMappings":[{"Ebs":{}}]}}`)
	ebs := newDoc(t, "aws_ebs_encryption_by_default", `{}`)
	imds := newDoc(t, "aws_ec2_instance_metadata_defaults", `{"http_tokens":"required","http_put_response_hop_limit":1}`)
	docs := []*document.Document{volume, plain, template, foreign, template2, ebs, imds}
	for _, d := range docs {
		d.Format = "terraform-plan"
	}
	template2.Format = "cloudformation"
	Complete(docs)
	if attr(t, volume, "encrypted") != true || volume.States["encrypted"].Kind != document.Defaulted {
		t.Errorf("volume: %v, %+v", attr(t, volume, "encrypted"), volume.States["encrypted"])
	}
	if attr(t, plain, "encrypted") != false {
		t.Error("the account's default has overruled what the author wrote")
	}
	sameJSON(t, "template", attr(t, template, "volumes"), `[{"encrypted":true,"size":1},{"encrypted":false}]`)
	sameJSON(t, "imds", attr(t, template, "imds"), `{"endpoint":"enabled","tokens":"required","hop_limit":1,"ipv6":"disabled","tags":"disabled"}`)
	if attr(t, foreign, "encrypted") != false {
		t.Error("another root's account default was applied")
	}
	if attr(t, template2, "volumes[0].encrypted") != true {
		t.Error("the only account default of the run does not hold for CloudFormation")
	}
}

func TestAccountDefaults_HoldForStorageClasses(t *testing.T) {
	ebs := newDoc(t, "storage.k8s.io/v1/StorageClass", `{"metadata":{"name":"a"},"provisioner":"ebs.csi.aws.com"}`)
	efs := newDoc(t, "storage.k8s.io/v1/StorageClass", `{"metadata":{"name":"b"},"provisioner":"efs.csi.aws.com"}`)
	off := newDoc(t, "storage.k8s.io/v1/StorageClass", `{"metadata":{"name":"c"},"provisioner":"ebs.csi.aws.com","parameters":{"encrypted":"false"}}`)
	Complete([]*document.Document{ebs, efs, off, newDoc(t, "aws_ebs_encryption_by_default", `{"enabled":true}`)})
	if got := [3]any{attr(t, ebs, "encrypted"), attr(t, efs, "encrypted"), attr(t, off, "encrypted")}; got != [3]any{true, nil, false} {
		t.Errorf("encrypted %v", got)
	}
	if ebs.States["encrypted"].Kind != document.Defaulted {
		t.Errorf("the state is %+v", ebs.States["encrypted"])
	}
}

func TestAccountDefaults_RegionsAreKeptApart(t *testing.T) {
	here := newDoc(t, "aws_ebs_volume", `{"region":"eu-west-1"}`)
	there := newDoc(t, "aws_ebs_volume", `{"region":"us-east-1"}`)
	setting := newDoc(t, "aws_ebs_encryption_by_default", `{"region":"eu-west-1","enabled":true}`)
	off := newDoc(t, "aws_ebs_encryption_by_default", `{"region":"us-east-1","enabled":false}`)
	docs := []*document.Document{here, there, setting, off}
	for _, d := range docs {
		d.Format = "terraform-plan"
	}
	Complete(docs)
	if attr(t, here, "encrypted") != true || attr(t, there, "encrypted") != false {
		t.Errorf("here %v, there %v", attr(t, here, "encrypted"), attr(t, there, "encrypted"))
	}
}

func TestAccountDefaults_UnknownSettingMakesDefaultsUnknown(t *testing.T) {
	volume := newDoc(t, "aws_ebs_volume", `{}`)
	setting := newDoc(t, "aws_ebs_encryption_by_default", `{}`)
	setting.RawStates = unknownStates("enabled")
	volume.Format, setting.Format = "terraform-plan", "terraform-plan"
	Complete([]*document.Document{volume, setting})
	if attr(t, volume, "encrypted") != nil || volume.States["encrypted"].Kind != document.Unknown {
		t.Errorf("encrypted %v, %+v", attr(t, volume, "encrypted"), volume.States["encrypted"])
	}
}

func TestAccountDefaults_NoPreferenceChangesNothing(t *testing.T) {
	template := newDoc(t, "aws_launch_template", `{}`)
	setting := newDoc(t, "aws_ec2_instance_metadata_defaults", `{"http_tokens":"no-preference"}`)
	template.Format, setting.Format = "terraform-plan", "terraform-plan"
	Complete([]*document.Document{template, setting})
	if s := template.States["imds.tokens"]; s.Reason != document.AmbiguousDefault {
		t.Errorf("tokens have the state %+v", s)
	}
}

func TestNames_PrefixIsNotTheName(t *testing.T) {
	d := done(t, "aws_iam_role", `{"name_prefix":"app-"}`)
	if s := d.States["name"]; attr(t, d, "name") != nil || s.Kind != document.Unknown || s.Template != "app-${suffix}" {
		t.Errorf("name %v, state %+v", attr(t, d, "name"), s)
	}
	if got := writtenAt(d, "name"); got != "name_prefix" {
		t.Errorf("written at %s", got)
	}
}

func TestInstanceProfile_RoleIsTheOneInTheList(t *testing.T) {
	d := done(t, "AWS::IAM::InstanceProfile", `{"InstanceProfileName":"p","Roles":["r"]}`)
	sameJSON(t, "attr", d.Attr, `{"name":"p","role":"r"}`)
	unknown := done(t, "AWS::IAM::InstanceProfile", `{"Roles":[null]}`, "Roles[0]")
	if s := unknown.States["role"]; s.Kind != document.Unknown || len(s.Refs) != 1 || writtenAt(unknown, "role") != "Roles[0]" {
		t.Errorf("role has the state %+v, written at %s", s, writtenAt(unknown, "role"))
	}
}

func TestNodeGroup_AutoModeNodeClass(t *testing.T) {
	d := done(t, "eks.amazonaws.com/v1/NodeClass", `{"metadata":{"name":"n"},"spec":{"role":"r","networkPolicy":"DefaultDeny",
		"subnetSelectorTerms":[{"id":"subnet-1"}]}}`)
	sameJSON(t, "attr", d.Attr, `{"kind":"auto_mode","name":"n","role":"r","ami_type":"BOTTLEROCKET_x86_64","network_policy":"DefaultDeny",
		"subnets":["subnet-1"],"subnet_selectors":[{"id":"subnet-1"}]}`)
}
