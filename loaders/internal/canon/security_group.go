package canon

import (
	"maps"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// finishSecurityGroup puts ingress and egress rules into one list and adds what
// each tool does when nobody writes an egress rule: CloudFormation, ACK and the
// API let everything out, Terraform removes that rule when it makes the group.
func (b *build) finishSecurityGroup() {
	rules := []any{}
	for _, direction := range []string{"ingress", "egress"} {
		list, _ := b.value(direction).([]any)
		for i, r := range list {
			rule, ok := r.(map[string]any)
			if !ok {
				continue
			}
			from, to := direction+"["+strconv.Itoa(i)+"]", "rules["+strconv.Itoa(len(rules))+"]"
			b.rename(from, to)
			rule["direction"] = direction
			b.finishRule(rule, to+".")
			rules = append(rules, rule)
		}
		if s := b.state(direction); s.Kind != "" && b.doc.States["rules"].Kind == "" {
			s.Kind = document.Partial
			b.doc.States["rules"] = s
		}
	}
	if list, _ := b.value("egress").([]any); list == nil && b.state("egress").Kind == "" && (b.plan.source == "cfn" || b.plan.source == "ack") {
		at := "rules[" + strconv.Itoa(len(rules)) + "]"
		rules = append(rules, map[string]any{
			"direction": "egress", "protocol": "-1", "from_port": int64(0), "to_port": int64(65535),
			"cidrs": []any{"0.0.0.0/0"}, "ipv6_cidrs": []any{}, "prefix_lists": []any{}, "source_groups": []any{}, "self": false,
		})
		b.doc.Written[at] = b.body.parent()
		b.doc.States[at] = document.State{
			Kind: document.Defaulted, Owner: "service", Since: "2026-11-22",
			Evidence: "EC2 API CreateSecurityGroup, AWS::EC2::SecurityGroup.SecurityGroupEgress: without a rule all traffic may leave",
		}
	}
	state := b.state("rules")
	b.set("rules", rules, b.body.parent())
	if state.Kind != "" {
		b.doc.States["rules"] = state
	}
}

// rename moves what is known of one path and all below it to another.
func (b *build) rename(from, to string) {
	for path, state := range maps.Clone(b.doc.States) {
		if rest, ok := strings.CutPrefix(path, from); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			delete(b.doc.States, path)
			b.doc.States[to+rest] = state
		}
	}
	for path, raw := range maps.Clone(b.doc.Written) {
		if rest, ok := strings.CutPrefix(path, from); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			delete(b.doc.Written, path)
			b.doc.Written[to+rest] = raw
		}
	}
}

func (b *build) finishSecurityGroupRule() {
	b.finishRule(b.doc.Attr, "")
	if s := b.state("protocol"); s.Kind == document.Unknown {
		for _, name := range []string{"from_port", "to_port"} {
			if b.value(name) == nil && b.state(name).Kind == "" {
				b.doubt(name, s, b.doc.Written[name])
			}
		}
	}
}

// finishRule gives a rule the same shape whatever it was written in: protocols
// by name, all ports for all protocols, lists for lists. Its canonical paths
// begin with prefix.
func (b *build) finishRule(rule map[string]any, prefix string) {
	switch protocol, _ := rule["protocol"].(string); strings.ToLower(protocol) {
	case "-1", "all":
		rule["protocol"] = "-1"
		rule["from_port"], rule["to_port"] = int64(0), int64(65535)
		delete(b.doc.States, prefix+"from_port")
		delete(b.doc.States, prefix+"to_port")
	case "6":
		rule["protocol"] = "tcp"
	case "17":
		rule["protocol"] = "udp"
	case "1":
		rule["protocol"] = "icmp"
	case "58":
		rule["protocol"] = "icmpv6"
	case "":
	default:
		rule["protocol"] = strings.ToLower(protocol)
	}
	for _, name := range []string{"cidrs", "ipv6_cidrs", "prefix_lists", "source_groups"} {
		if rule[name] == nil && b.doc.States[prefix+name].Kind != document.Unknown {
			rule[name] = []any{}
		}
	}
}
