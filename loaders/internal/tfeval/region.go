package tfeval

import (
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// whereabouts adds what the data sources aws_partition and aws_region say if the
// region of the provider is known.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func (ev *evaluator) whereabouts(it *item, block *contents, out map[string]cty.Value) {
	region, ok := textOf(block.arguments["region"])
	if !ok {
		region, ok = ev.regionOf(it)
	}
	if !ok || region == "" {
		return
	}
	set := func(name, value string) { out[name] = cty.StringVal(value).Mark(it.reference(name)) }
	if it.definition.kind() == "data.aws_region" {
		for _, name := range []string{"region", "name", "id"} {
			set(name, region)
		}
		return
	}
	partition, suffix := "aws", "amazonaws.com"
	switch {
	case strings.HasPrefix(region, "cn-"):
		partition, suffix = "aws-cn", "amazonaws.com.cn"
	case strings.HasPrefix(region, "us-gov-"):
		partition = "aws-us-gov"
	case strings.HasPrefix(region, "us-iso"), strings.HasPrefix(region, "eu-iso"), strings.HasPrefix(region, "eusc-"):
		return
	}
	set("partition", partition)
	set("id", partition)
	set("dns_suffix", suffix)
}

// regionOf is the region of the provider that an instance uses, if it is known.
func (ev *evaluator) regionOf(it *item) (string, bool) {
	key := providerName(it.definition.expression("provider"))
	if key == "" {
		key = "aws"
	}
	definition, in := providerOf(it.module, key)
	if definition == nil || definition.expression("region") == nil {
		return "", false
	}
	return textOf(ev.value(definition.expression("region"), in.frameOf()))
}
