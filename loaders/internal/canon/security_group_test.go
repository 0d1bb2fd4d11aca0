package canon

import (
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestSecurityGroup_EgressDefaultDiffersByTool(t *testing.T) {
	tf := done(t, "aws_security_group", `{"name":"g","vpc_id":"v","ingress":[],"egress":null}`)
	sameJSON(t, "terraform", attr(t, tf, "rules"), `[]`)
	cfn := done(t, "AWS::EC2::SecurityGroup", `{"GroupName":"g","VpcId":"v"}`)
	sameJSON(t, "cloudformation", attr(t, cfn, "rules"), `[{"direction":"egress","protocol":"-1","from_port":0,"to_port":65535,
		"cidrs":["0.0.0.0/0"],"ipv6_cidrs":[],"prefix_lists":[],"source_groups":[],"self":false}]`)
	if s := cfn.States["rules[0]"]; s.Kind != document.Defaulted {
		t.Errorf("the rule nobody wrote has the state %+v", s)
	}
	closed := done(t, "AWS::EC2::SecurityGroup", `{"SecurityGroupEgress":[{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"CidrIp":"10.0.0.0/8"}]}`)
	if rules, _ := attr(t, closed, "rules").([]any); len(rules) != 1 {
		t.Errorf("rules %v", rules)
	}
}

func TestSecurityGroup_InlineRulesReadTheSameInBothTools(t *testing.T) {
	tf := done(t, "aws_security_group", `{"name":"g","vpc_id":"v","description":"d",
		"ingress":[{"protocol":"tcp","from_port":22,"to_port":22,"cidr_blocks":["0.0.0.0/0"],"ipv6_cidr_blocks":[],
			"prefix_list_ids":null,"security_groups":[],"self":false,"description":""}],
		"egress":[{"protocol":"-1","from_port":0,"to_port":0,"cidr_blocks":[],"ipv6_cidr_blocks":["::/0"],"self":false,"description":"out"}]}`)
	cfn := done(t, "AWS::EC2::SecurityGroup", `{"GroupName":"g","VpcId":"v","GroupDescription":"d",
		"SecurityGroupIngress":{"IpProtocol":"6","FromPort":"22","ToPort":"22","CidrIp":"0.0.0.0/0"},
		"SecurityGroupEgress":[{"IpProtocol":-1,"CidrIpv6":"::/0","Description":"out"}]}`)
	want := `{"name":"g","vpc":"v","default":false,"description":"d","rules":[
		{"direction":"ingress","protocol":"tcp","from_port":22,"to_port":22,"cidrs":["0.0.0.0/0"],"ipv6_cidrs":[],
			"prefix_lists":[],"source_groups":[],"self":false},
		{"direction":"egress","protocol":"-1","from_port":0,"to_port":65535,"cidrs":[],"ipv6_cidrs":["::/0"],
			"prefix_lists":[],"source_groups":[],"self":false,"description":"out"}]}`
	sameJSON(t, "terraform", tf.Attr, want)
	sameJSON(t, "cloudformation", cfn.Attr, want)
	for _, c := range []struct {
		d          *document.Document
		path, want string
	}{
		{tf, "rules[0]", "ingress[0]"},
		{tf, "rules[1].ipv6_cidrs", "egress[0].ipv6_cidr_blocks"},
		{cfn, "rules[0].cidrs", "SecurityGroupIngress.CidrIp"},
		{cfn, "rules[1]", "SecurityGroupEgress[0]"},
	} {
		if got := writtenAt(c.d, c.path); got != c.want {
			t.Errorf("%s: Written[%s] = %s, want %s", c.d.Kind, c.path, got, c.want)
		}
	}
	if len(tf.States.Paths(document.Unknown, document.Partial)) != 0 {
		t.Errorf("states %v", tf.States)
	}
}

func TestSecurityGroup_UnknownRulesAreNotLost(t *testing.T) {
	whole := done(t, "aws_security_group", `{"name":"g","ingress":[{"protocol":"tcp","from_port":1,"to_port":2}]}`, "egress")
	if s := whole.States["rules"]; s.Kind != document.Partial {
		t.Errorf("rules have the state %+v", s)
	}
	element := done(t, "aws_security_group", `{"ingress":[null,{"protocol":"tcp","from_port":1,"to_port":2,"cidr_blocks":["10.0.0.0/8",null]}]}`,
		"ingress[0]", "ingress[1].cidr_blocks[1]")
	if rules, _ := attr(t, element, "rules").([]any); len(rules) != 1 {
		t.Fatalf("rules %v", rules)
	}
	if s := element.States["rules[0].cidrs"]; s.Kind != document.Partial {
		t.Errorf("cidrs have the state %+v", s)
	}
	if got := writtenAt(element, "rules[0]"); got != "ingress[1]" {
		t.Errorf("rule is written at %s", got)
	}
}

func TestSecurityGroup_DefaultGroupIsMarked(t *testing.T) {
	d := done(t, "aws_default_security_group", `{"vpc_id":"v","ingress":[{"protocol":"-1","self":true}]}`)
	if attr(t, d, "default") != true || attr(t, d, "name") != "default" || attr(t, d, "rules[0].self") != true {
		t.Errorf("attributes %s", dump(d.Attr))
	}
}

func TestSecurityGroupRule_EverySpelling(t *testing.T) {
	want := `{"group":"sg","direction":"ingress","protocol":"tcp","from_port":443,"to_port":443,"cidrs":["0.0.0.0/0"],
		"ipv6_cidrs":[],"prefix_lists":[],"source_groups":[],"self":false,"description":"d"}`
	for kind, text := range map[string]string{
		"aws_security_group_rule":             `{"security_group_id":"sg","type":"ingress","protocol":"tcp","from_port":443,"to_port":443,"cidr_blocks":["0.0.0.0/0"],"description":"d"}`,
		"aws_vpc_security_group_ingress_rule": `{"security_group_id":"sg","ip_protocol":"tcp","from_port":443,"to_port":443,"cidr_ipv4":"0.0.0.0/0","description":"d"}`,
		"AWS::EC2::SecurityGroupIngress":      `{"GroupId":"sg","IpProtocol":"tcp","FromPort":443,"ToPort":"443","CidrIp":"0.0.0.0/0","Description":"d"}`,
	} {
		sameJSON(t, kind, done(t, kind, text).Attr, want)
	}
	all := done(t, "aws_vpc_security_group_egress_rule", `{"security_group_id":"sg","ip_protocol":"-1","cidr_ipv6":"::/0"}`)
	sameJSON(t, "egress", all.Attr, `{"group":"sg","direction":"egress","protocol":"-1","from_port":0,"to_port":65535,"cidrs":[],
		"ipv6_cidrs":["::/0"],"prefix_lists":[],"source_groups":[],"self":false}`)
	unknown := done(t, "aws_security_group_rule", `{"type":"ingress","protocol":"tcp","from_port":1,"to_port":1}`, "cidr_blocks", "security_group_id")
	if attr(t, unknown, "cidrs") != nil || unknown.States["cidrs"].Kind != document.Unknown || unknown.States["group"].Kind != document.Unknown {
		t.Errorf("cidrs %v, states %v", attr(t, unknown, "cidrs"), unknown.States)
	}
}

func TestGuardDuty_FeaturesOfEverySpelling(t *testing.T) {
	bare := done(t, "aws_guardduty_detector", `{}`)
	sameJSON(t, "bare", bare.Attr, `{"enabled":true,"publishing_frequency":"SIX_HOURS","features":{
		"EKS_AUDIT_LOGS":{"status":"ENABLED"},"RUNTIME_MONITORING":{"status":"DISABLED"},"EKS_RUNTIME_MONITORING":{"status":"DISABLED"}}}`)
	off := done(t, "aws_guardduty_detector", `{"enable":true,"datasources":[{"kubernetes":[{"audit_logs":[{"enable":false}]}]}]}`)
	if attr(t, off, "features.EKS_AUDIT_LOGS.status") != "DISABLED" {
		t.Errorf("features %v", attr(t, off, "features"))
	}
	cfn := done(t, "AWS::GuardDuty::Detector", `{"Enable":true,"Features":[{"Name":"EKS_AUDIT_LOGS","Status":"DISABLED"},
		{"Name":"RUNTIME_MONITORING","Status":"ENABLED","AdditionalConfiguration":[{"Name":"EKS_ADDON_MANAGEMENT","Status":"ENABLED"}]}]}`)
	sameJSON(t, "cfn", cfn.Attr, `{"enabled":true,"publishing_frequency":"SIX_HOURS","features":{
		"EKS_AUDIT_LOGS":{"status":"DISABLED","additional":{}},
		"RUNTIME_MONITORING":{"status":"ENABLED","additional":{"EKS_ADDON_MANAGEMENT":"ENABLED"}},
		"EKS_RUNTIME_MONITORING":{"status":"DISABLED"}}}`)
	if got := writtenAt(cfn, "features.EKS_AUDIT_LOGS.status"); got != "Features[0].Status" {
		t.Errorf("status is written at %s", got)
	}
	feature := done(t, "aws_guardduty_detector_feature", `{"detector_id":"d","name":"RUNTIME_MONITORING","status":"ENABLED",
		"additional_configuration":[{"name":"EKS_ADDON_MANAGEMENT","status":"ENABLED"}]}`)
	sameJSON(t, "feature", feature.Attr, `{"detector":"d","name":"RUNTIME_MONITORING","status":"ENABLED","additional":{"EKS_ADDON_MANAGEMENT":"ENABLED"}}`)
	unknown := done(t, "AWS::GuardDuty::Detector", `{"Enable":true}`, "Features")
	if s := unknown.States["features.RUNTIME_MONITORING.status"]; s.Kind != document.Unknown || attr(t, unknown, "features") != nil {
		t.Errorf("features that are not known: %+v, %v", s, attr(t, unknown, "features"))
	}
}

func TestLoadBalancer_CloudFormationAttributesAreReadByKey(t *testing.T) {
	d := done(t, "AWS::ElasticLoadBalancingV2::LoadBalancer", `{"Scheme":"internal","LoadBalancerAttributes":[
		{"Key":"access_logs.s3.enabled","Value":"true"},{"Key":"deletion_protection.enabled"}]}`, "LoadBalancerAttributes[1].Value")
	sameJSON(t, "attr", d.Attr, `{"type":"application","internal":true,"access_logs":true,"drop_invalid_headers":false}`)
	if d.States["deletion_protection"].Kind != document.Unknown {
		t.Errorf("deletion_protection has the state %+v", d.States["deletion_protection"])
	}
	if got := writtenAt(d, "access_logs"); got != "LoadBalancerAttributes[0].Value" {
		t.Errorf("access_logs is written at %s", got)
	}
}
