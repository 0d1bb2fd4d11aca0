package canon

import (
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// finishEksctlGroup works out what several keys of a node group decide
// together.
func (b *build) finishEksctlGroup() {
	b.eksctlImage()
	b.eksctlMetadata()
	b.eksctlSSH()
	b.eksctlVolumes()
	b.eksctlTaints()
	b.eksctlNetwork()
	at, names := b.root.get("iam.withAddonPolicies"), []any{}
	for _, key := range at.keys() {
		if v := at.get(key).value; v == true || v == "true" {
			names = append(names, key)
		}
	}
	b.set("addon_policies", names, at.parent())
	if at.blocked != nil {
		b.doubt("addon_policies", document.State{Kind: document.Partial, Reason: at.blocked.Reason}, at.path)
	}
}

func (b *build) eksctlImage() {
	place := b.doc.Written["ami_family"]
	family, _ := b.value("ami_family").(string)
	custom := b.value("ami_id") != nil || b.value("launch_template.id") != nil
	switch {
	case family != "":
		b.set("ami_type", amiTypeOf(family), place)
	case b.state("ami_family").Kind == document.Unknown:
		b.doubt("ami_type", b.state("ami_family"), place)
	case custom && b.plan.source == "eksctl":
		b.doubt("ami_type", document.State{
			Kind: document.Unknown, Reason: document.AmbiguousDefault,
			Evidence: "eksctl SetManagedNodeGroupDefaults: no family is assumed for an AMI or launch template of one's own",
		}, place)
	default:
		f := eksctlDefault("DefaultNodeImageFamily")
		b.assume("ami_family", "AmazonLinux2023", f, place)
		b.assume("ami_type", amiTypeOf("AmazonLinux2023"), f, place)
	}
}

// eksctlMetadata: disablePodIMDS requires IMDSv2 whatever disableIMDSv1 says,
// and a launch template of the author's decides alone.
func (b *build) eksctlMetadata() {
	pods := b.root.get("disablePodIMDS")
	if strings.EqualFold(textOf(pods.value), "true") {
		b.set("imds.tokens", "required", pods.path)
	}
	if !b.hasTemplate() && b.state("imds.endpoint").Kind == "" {
		b.assume("imds.endpoint", "enabled", eksctlDefault("makeMetadataOptions"), b.root.parent())
	}
}

// eksctlSSH: naming a key turns SSH on unless allow is false; without source
// groups port 22 is open to everyone, or to the VPC where the group is private.
func (b *build) eksctlSSH() {
	const enabled = "remote_access.enabled"
	ssh := b.root.get("ssh")
	if b.state(enabled).Kind == document.Defaulted && b.value("remote_access.key") != nil {
		b.set(enabled, true, b.doc.Written["remote_access.key"])
	}
	groups, _ := b.value("remote_access.source_security_groups").([]any)
	if b.value(enabled) != true || len(groups) > 0 || b.state("remote_access.source_security_groups").Kind == document.Unknown {
		return
	}
	everyone := []any{"0.0.0.0/0", "::/0"}
	if b.value("private_networking") == true {
		cidr := "192.168.0.0/16"
		if b.doc.Parent != nil {
			if text, ok := scalarText(newCursor(b.doc.Parent).get("vpc.cidr").value); ok && text != "" {
				cidr = text
			}
		}
		everyone = []any{cidr}
	}
	b.assume("remote_access.source_cidrs", everyone, eksctlDefault("makeSSHIngressRules"), ssh.parent())
}

// eksctlVolumes lists the root volume and additionalVolumes. eksctl does not
// encrypt by itself: without volumeEncrypted the account's default applies.
func (b *build) eksctlVolumes() {
	if b.hasTemplate() {
		return
	}
	out := []any{}
	add := func(at cursor) {
		name := "volumes[" + strconv.Itoa(len(out)) + "]"
		volume := map[string]any{}
		b.doc.Written[name] = at.parent()
		b.fill(eksctlVolumeAttributes(), at, volume, name+".")
		if _, ok := volume["type"]; !ok && b.doc.States[name+".type"].Kind == "" {
			volume["type"] = "gp3"
			b.doc.States[name+".type"] = eksctlDefault("getDefaultVolumeType").state()
		}
		if _, ok := volume["size"]; !ok && b.doc.States[name+".size"].Kind == "" {
			volume["size"] = int64(80)
			b.doc.States[name+".size"] = eksctlDefault("DefaultNodeVolumeSize").state()
		}
		out = append(out, volume)
	}
	add(b.root)
	for _, e := range b.root.get("additionalVolumes").elements(false) {
		if e.blocked == nil {
			add(e)
		}
	}
	b.set("volumes", out, document.Path{})
}

func eksctlVolumeAttributes() []*attrPlan {
	attribute := func(name string, typ valueType, key string) *attrPlan {
		return &attrPlan{name: name, segments: []string{name}, typ: typ, first: [][]step{parseSteps(key)}}
	}
	encrypted := attribute("encrypted", boolType, "volumeEncrypted")
	encrypted.defaults = []*fallbackPlan{{fallback: &fallback{
		Value: false, Owner: "service", Since: "2026-11-22",
		Evidence: "eksctl makeBlockDeviceMapping leaves encryption to the account's EBS default, which is off unless switched on",
	}}}
	return []*attrPlan{
		attribute("device", stringType, "volumeName"), encrypted, attribute("kms_key", stringType, "volumeKmsKeyID"),
		attribute("size", intType, "volumeSize"), attribute("type", stringType, "volumeType"),
	}
}

// eksctlTaints reads the map form of taints: {key: "value:Effect"}.
func (b *build) eksctlTaints() {
	at := b.root.get("taints")
	if _, isMap := at.value.(map[string]any); !isMap {
		return
	}
	b.forget("taints")
	out := []any{}
	for _, key := range at.keys() {
		c := at.follow([]step{{elem: key, key: key}})
		text := textOf(c.value)
		value, effect, found := strings.Cut(text, ":")
		if !found {
			value, effect = "", text
		}
		switch effect {
		case "NoSchedule":
			effect = "NO_SCHEDULE"
		case "NoExecute":
			effect = "NO_EXECUTE"
		case "PreferNoSchedule":
			effect = "PREFER_NO_SCHEDULE"
		}
		b.doc.Written["taints["+strconv.Itoa(len(out))+"]"] = c.path
		out = append(out, map[string]any{"key": key, "value": value, "effect": effect})
	}
	b.set("taints", out, at.path)
}

// eksctlNetwork tells whether nodes get public addresses: not in private
// networking, a fully private cluster, or subnets that the file lists as
// private.
func (b *build) eksctlNetwork() {
	const name = "public_ip"
	place := b.doc.Written["private_networking"]
	if s := b.state("private_networking"); s.Kind == document.Unknown {
		b.doubt(name, s, place)
		return
	}
	if b.value("private_networking") == true {
		b.set(name, false, place)
		return
	}
	f := eksctlDefault("without privateNetworking nodes start in public subnets, which hand out public addresses")
	if b.doc.Parent == nil {
		b.assume(name, true, f, place)
		return
	}
	config := newCursor(b.doc.Parent)
	private := config.get("vpc.subnets.private")
	subnets, _ := b.value("subnets").([]any)
	switch {
	case strings.EqualFold(textOf(config.get("privateCluster.enabled").value), "true"):
		b.set(name, false, place)
	case len(subnets) > 0 && allListed(subnets, private):
		b.set(name, false, b.doc.Written["subnets"])
	case len(subnets) > 0 && !allListed(subnets, config.get("vpc.subnets.public")):
		b.doubt(name, document.State{
			Kind: document.Unknown, Reason: document.AmbiguousDefault, Evidence: "the subnets' own setting decides",
		}, b.doc.Written["subnets"])
	default:
		b.assume(name, true, f, place)
	}
}

// allListed reports whether every subnet is a name or an ID of the list.
func allListed(subnets []any, list cursor) bool {
	known := map[any]bool{}
	for _, key := range list.keys() {
		known[key] = true
		if id, ok := stringAt(list.follow([]step{{elem: key, key: key}}), "id"); ok {
			known[id] = true
		}
	}
	for _, s := range subnets {
		if !known[s] {
			return false
		}
	}
	return len(known) > 0
}
