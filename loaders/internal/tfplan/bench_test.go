package tfplan_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan"
)

// bigPlan writes a plan of about the given size: modules with a cluster, node
// groups, security group rules and roles, and a configuration that is the
// larger part of the text, as in real plans.
func bigPlan(bytes int) []byte {
	var changes, calls strings.Builder
	for n := 0; changes.Len()+calls.Len() < bytes; n++ {
		if n > 0 {
			changes.WriteByte(',')
			calls.WriteByte(',')
		}
		module := fmt.Sprintf(`module.cluster_%d`, n)
		fmt.Fprintf(&changes, `{"address":"%[1]s.aws_eks_cluster.this[0]","module_address":"%[1]s","mode":"managed","type":"aws_eks_cluster","name":"this","index":0,
"provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["create"],"before":null,"after":{"name":"cluster-%[2]d","version":"1.31",
"enabled_cluster_log_types":["api","audit","authenticator"],"tags":{"team":"platform","kubernetes.io/cluster/x":"owned"},"encryption_config":[{"provider":[{}],"resources":["secrets"]}],
"vpc_config":[{"endpoint_private_access":true,"endpoint_public_access":true,"subnet_ids":[null,null,null]}]},
"after_unknown":{"arn":true,"id":true,"role_arn":true,"endpoint":true,"access_config":true,"certificate_authority":true,"encryption_config":[{"provider":[{"key_arn":true}],"resources":[false]}],
"vpc_config":[{"public_access_cidrs":true,"subnet_ids":[true,true,true],"vpc_id":true}]},"before_sensitive":false,"after_sensitive":{"tags":{},"vpc_config":[{"subnet_ids":[false,false,false]}]}}}`, module, n)
		for i := range 20 {
			fmt.Fprintf(&changes, `,{"address":"%[1]s.aws_security_group_rule.this[\"rule.%[2]d\"]","module_address":"%[1]s","mode":"managed","type":"aws_security_group_rule","name":"this","index":"rule.%[2]d",
"provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["create"],"before":null,"after":{"cidr_blocks":["10.%[2]d.0.0/16"],"description":"rule","from_port":%[2]d,"to_port":%[2]d,"protocol":"tcp","type":"ingress","self":false,"prefix_list_ids":null},
"after_unknown":{"id":true,"cidr_blocks":[false],"security_group_id":true,"source_security_group_id":true,"security_group_rule_id":true},"before_sensitive":false,"after_sensitive":{"cidr_blocks":[false]}}}`, module, i)
		}
		fmt.Fprintf(&changes, `,{"address":"%[1]s.aws_iam_role.this","module_address":"%[1]s","mode":"managed","type":"aws_iam_role","name":"this","provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["create"],"before":null,
"after":{"name":"role-%[2]d","assume_role_policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"Service\":\"eks.amazonaws.com\"}}]}"},"after_unknown":{"arn":true,"id":true},"after_sensitive":{}}}`, module, n)
		fmt.Fprintf(&calls, `"cluster_%d":{"source":"./cluster","expressions":{"cidrs":{"constant_value":null},"subnets":{"references":["aws_subnet.private"]},"name":{"constant_value":"x"}},"module":{"resources":[
{"address":"aws_eks_cluster.this","mode":"managed","type":"aws_eks_cluster","name":"this","provider_config_key":"aws","expressions":{"name":{"references":["var.name"]},"role_arn":{"references":["aws_iam_role.this.arn","aws_iam_role.this"]},
"vpc_config":[{"public_access_cidrs":{"references":["var.cidrs"]},"subnet_ids":{"references":["var.subnets"]}}]},"count_expression":{"constant_value":1}},
{"address":"aws_iam_role.this","mode":"managed","type":"aws_iam_role","name":"this","provider_config_key":"aws","expressions":{"name":{"references":["var.name"]},"assume_role_policy":{}}},
{"address":"aws_security_group_rule.this","mode":"managed","type":"aws_security_group_rule","name":"this","provider_config_key":"aws","expressions":{"cidr_blocks":{"references":["each.value.cidrs","each.value"]},"security_group_id":{"references":["local.group"]},"source_security_group_id":{"references":["each.value.source","each.value"]}},"for_each_expression":{"references":["var.rules"]}}],
"variables":{%s}}}`, n, strings.Repeat(`"input_with_some_name":{"default":{"a":[1,2,3],"b":"text that takes some room in the plan"},"description":"What this input is for, in one or two sentences, as modules of the registry have them."},`, 60)+`"name":{}`)
	}
	return []byte(`{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[` + changes.String() + `],"configuration":{"provider_config":{"aws":{"name":"aws","expressions":{"region":{"constant_value":"eu-west-1"}}}},"root_module":{"module_calls":{` + calls.String() + `}}},"complete":true,"errored":false}`)
}

func BenchmarkDocuments(b *testing.B) {
	data := bigPlan(20 << 20)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	var docs []*document.Document
	for b.Loop() {
		docs, _ = tfplan.Open(&document.Source{Name: "plan.json", Content: data}).Documents(context.Background(), nil)
	}
	b.ReportMetric(float64(len(docs)), "docs")
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	docs, _ = tfplan.Open(&document.Source{Name: "plan.json", Content: data}).Documents(context.Background(), nil)
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(data)), "kept-B/B")
	runtime.KeepAlive(docs)
}

// Measured: about 7 bytes allocated, and 3 kept, for every byte of the plan.
// The budgets are twice that.
func TestDocuments_MemoryIsBoundedByTheSizeOfThePlan(t *testing.T) {
	data := bigPlan(2 << 20)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	docs, _ := tfplan.Open(&document.Source{Name: "plan.json", Content: data}).Documents(t.Context(), nil)
	runtime.ReadMemStats(&after)
	if total := float64(after.TotalAlloc-before.TotalAlloc) / float64(len(data)); total > 15 {
		t.Errorf("%.1f bytes allocated for every byte of the plan", total)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := float64(after.HeapAlloc-before.HeapAlloc) / float64(len(data)); after.HeapAlloc > before.HeapAlloc && kept > 6 {
		t.Errorf("%.1f bytes kept for every byte of the plan", kept)
	}
	runtime.KeepAlive(docs)
}
