package canon

import (
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func (b *build) finishNodeGroup() {
	switch b.plan.source {
	case "tf", "cfn", "ack", "xp":
		b.finishManaged()
	case "capa":
		b.finishRemoteAccess()
		if c := b.body.get("awsLaunchTemplate"); c.value == nil && c.blocked == nil {
			b.assumeIMDS(stringOf(b.doc, "ami_type")) // EKS makes a template by itself
		}
	case "eksctl", "eksctl_self":
		b.finishEksctlGroup()
	case "karpenter", "karpenter_old":
		b.finishKarpenter()
	case "auto":
		b.finishAutoMode()
	case "tf_asg", "cfn_asg":
		b.finishScalingGroup()
	}
}

// finishManaged fills in what EKS decides for a managed group.
func (b *build) finishManaged() {
	b.finishRemoteAccess()
	template := b.hasTemplate()
	if b.value("ami_type") == nil && b.state("ami_type").Kind == "" {
		place := b.doc.Written["ami_type"]
		switch {
		case template:
			b.doubt("ami_type", document.State{
				Kind: document.Unknown, Reason: document.AmbiguousDefault,
				Evidence: "EKS API CreateNodegroup.amiType: the launch template may name an AMI of its own",
			}, place)
		case olderThan(stringOf(b.doc, "version"), 30):
			b.assume("ami_type", "AL2_x86_64", amiDefault("AL2 was the default AMI type up to Kubernetes 1.29"), place)
		default:
			b.assume("ami_type", "AL2023_x86_64_STANDARD", amiDefault("AL2023 is the default AMI type from Kubernetes 1.30"), place)
		}
	}
	if template {
		return // what the template says holds; see launch_template
	}
	amiType, _ := b.value("ami_type").(string)
	b.assumeIMDS(amiType)
}

func amiDefault(evidence string) *fallback {
	return &fallback{
		Owner: "service", Since: "2026-11-22",
		Evidence: "https://docs.aws.amazon.com/eks/latest/userguide/al2023.html: " + evidence,
	}
}

// assumeIMDS fills in the metadata options of the launch template EKS makes by
// itself, as far as the AMI decides them.
func (b *build) assumeIMDS(amiType string) {
	place := b.body.parent()
	unsure := func(name string) {
		b.doubt(name, document.State{
			Kind: document.Unknown, Reason: document.AmbiguousDefault,
			Evidence: "the launch template EKS makes is not documented for this AMI type",
		}, place)
	}
	family := imdsFamily(amiType)
	if tokens, evidence := tokensOf(family); tokens != "" {
		b.assume("imds.tokens", tokens, &fallback{Owner: "service", Since: "2026-11-22", Evidence: evidence}, place)
	} else {
		unsure("imds.tokens")
	}
	if hops, evidence := hopsOf(family); hops != 0 {
		b.assume("imds.hop_limit", hops, &fallback{Owner: "service", Since: "2026-11-22", Evidence: evidence}, place)
	} else {
		unsure("imds.hop_limit")
	}
}

// imdsFamily reduces an AMI type to the family whose metadata defaults apply.
func imdsFamily(amiType string) string {
	for _, family := range []string{"AL2023", "BOTTLEROCKET", "AL2"} {
		if strings.HasPrefix(amiType, family+"_") || amiType == family {
			return family
		}
	}
	return ""
}

// tokensOf and hopsOf tell what an AMI family's own metadata settings are, ""
// and 0 where that is not documented.
func tokensOf(family string) (tokens, evidence string) {
	switch family {
	case "AL2023", "BOTTLEROCKET":
		return "required", "AMIs with ImdsSupport v2.0 (AL2023, Bottlerocket) require IMDSv2: " +
			"https://docs.aws.amazon.com/linux/al2023/ug/imdsv2.html"
	}
	return "", ""
}

func hopsOf(family string) (hops int64, evidence string) {
	if family == "AL2023" {
		return 2, "https://docs.aws.amazon.com/linux/al2023/ug/imdsv2.html: the default hop limit is 2"
	}
	return 0, ""
}

// olderThan reports whether a version is known to be below 1.minor.
func olderThan(version string, minor int) bool {
	rest, ok := strings.CutPrefix(version, "1.")
	if !ok {
		return false
	}
	if dot := strings.IndexByte(rest, '.'); dot >= 0 {
		rest = rest[:dot]
	}
	n, err := strconv.Atoi(rest)
	return err == nil && n < minor
}

// hasTemplate reports whether a launch template decides, even one whose ID is
// not known yet.
func (b *build) hasTemplate() bool {
	for _, name := range []string{"launch_template.id", "launch_template.name", "launch_template.version"} {
		if b.value(name) != nil || b.state(name).Kind == document.Unknown {
			return true
		}
	}
	return false
}

// finishRemoteAccess tells whether SSH is open and to whom: EKS opens port 22
// when a key is set, to everyone unless source groups are named.
func (b *build) finishRemoteAccess() {
	const enabled, sources = "remote_access.enabled", "remote_access.source_cidrs"
	place := b.doc.Written["remote_access.key"]
	key, state := b.value("remote_access.key"), b.state("remote_access.key")
	service := &fallback{
		Owner: "service", Since: "2026-11-22",
		Evidence: "EKS API RemoteAccessConfig: SSH is off without ec2SshKey and open to the internet without sourceSecurityGroups",
	}
	switch {
	case key != nil, state.Kind == document.Unknown && madeByDeployment(state):
		b.set(enabled, true, place)
	case state.Kind == document.Unknown:
		b.doubt(enabled, state, place)
		return
	default:
		b.assume(enabled, false, service, place)
		return
	}
	groups, _ := b.value("remote_access.source_security_groups").([]any)
	if s := b.state("remote_access.source_security_groups"); len(groups) == 0 && (s.Kind == "" || s.Kind == document.Defaulted) {
		b.assume(sources, []any{"0.0.0.0/0"}, service, b.doc.Written["remote_access.source_security_groups"])
	}
}

// amiTypes maps the AMI families of eksctl and Karpenter to the EKS API's AMI
// types; other families have none there and are CUSTOM.
func amiTypeOf(family string) string {
	switch strings.ToLower(family) {
	case "amazonlinux2023", "al2023":
		return "AL2023_x86_64_STANDARD"
	case "amazonlinux2", "al2":
		return "AL2_x86_64"
	case "bottlerocket":
		return "BOTTLEROCKET_x86_64"
	case "bottlerocketfips":
		return "BOTTLEROCKET_x86_64_FIPS"
	case "windows2019", "windowsserver2019corecontainer":
		return "WINDOWS_CORE_2019_x86_64"
	case "windowsserver2019fullcontainer":
		return "WINDOWS_FULL_2019_x86_64"
	case "windows2022", "windowsserver2022corecontainer":
		return "WINDOWS_CORE_2022_x86_64"
	case "windowsserver2022fullcontainer":
		return "WINDOWS_FULL_2022_x86_64"
	case "windows2025", "windowsserver2025corecontainer":
		return "WINDOWS_CORE_2025_x86_64"
	case "windowsserver2025fullcontainer":
		return "WINDOWS_FULL_2025_x86_64"
	}
	return "CUSTOM"
}

func (b *build) finishKarpenter() {
	place := b.doc.Written["ami_family"]
	family, _ := b.value("ami_family").(string)
	if family == "" && b.state("ami_family").Kind == "" {
		for _, term := range b.body.get("amiSelectorTerms").elements(false) {
			alias, ok := stringAt(term, "alias")
			if name, _, found := strings.Cut(alias, "@"); ok && found {
				family, place = name, term.get("alias").path
				b.set("ami_family", family, place)
				break
			}
		}
	}
	switch {
	case family != "" && family != "Custom":
		b.set("ami_type", amiTypeOf(family), place)
	case family != "":
		b.set("ami_type", "CUSTOM", place)
	case b.state("ami_family").Kind == document.Unknown:
		b.doubt("ami_type", b.state("ami_family"), place)
	}
	if b.value("volumes") != nil && b.state("volumes").Kind == document.Defaulted && !strings.HasPrefix(amiTypeOf(family), "AL2") {
		b.karpenterVolumes(family)
	}
}

// karpenterVolumes corrects the default volumes for families that do not have
// one root volume: Bottlerocket has two, a custom AMI brings its own.
func (b *build) karpenterVolumes(family string) {
	state, place := b.state("volumes"), b.doc.Written["volumes"]
	f := &fallback{Owner: state.Owner, Since: state.Since, Evidence: state.Evidence}
	volume := func(device string, size int64) map[string]any {
		return map[string]any{"device": device, "encrypted": true, "size": size, "type": "gp3"}
	}
	switch amiType := amiTypeOf(family); {
	case strings.HasPrefix(amiType, "BOTTLEROCKET"):
		b.assume("volumes", []any{volume("/dev/xvda", 4), volume("/dev/xvdb", 20)}, f, place)
	case strings.HasPrefix(amiType, "WINDOWS"):
		b.assume("volumes", []any{volume("/dev/sda1", 50)}, f, place)
	default:
		forgetAttr(b.doc.Attr, "volumes")
		b.doubt("volumes", document.State{
			Kind: document.Unknown, Reason: document.AmbiguousDefault,
			Evidence: "Karpenter leaves the volumes of a custom AMI to the AMI",
		}, place)
	}
}

// finishAutoMode names the only AMI Auto Mode runs. Metadata options and
// encryption are the service's and nobody's to set, so that they stay absent.
func (b *build) finishAutoMode() {
	b.assume("ami_type", "BOTTLEROCKET_x86_64", &fallback{
		Owner: "service", Since: "2026-11-22",
		Evidence: "https://docs.aws.amazon.com/eks/latest/userguide/automode.html: Auto Mode nodes run Bottlerocket",
	}, b.body.parent())
}

// finishLaunchTemplate decides the metadata defaults where the AMI is known.
func (b *build) finishLaunchTemplate() {
	family := imageFamily(stringOf(b.doc, "image_id"), b.state("image_id"))
	if b.state("imds.tokens").Reason == document.AmbiguousDefault {
		if tokens, evidence := tokensOf(family); tokens != "" {
			b.assume("imds.tokens", tokens, &fallback{Owner: "service", Since: "2026-11-22", Evidence: evidence}, b.doc.Written["imds.tokens"])
		}
	}
	if b.state("imds.hop_limit").Reason == document.AmbiguousDefault {
		if hops, evidence := hopsOf(family); hops != 0 {
			b.assume("imds.hop_limit", hops, &fallback{Owner: "service", Since: "2026-11-22", Evidence: evidence}, b.doc.Written["imds.hop_limit"])
		}
	}
}

// imageFamily tells an AMI's family from the SSM parameter that names it; an
// AMI's ID tells nothing.
func imageFamily(image string, state document.State) string {
	texts := append([]string{image, state.Template}, state.Refs...)
	has := func(part string) bool {
		return slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(strings.ToLower(s), part) })
	}
	switch {
	case has("amazon-linux-2023"), has("al2023"):
		return "AL2023"
	case has("/bottlerocket/"):
		return "BOTTLEROCKET"
	case has("/amazon-linux-2/"), has("/amazon-linux-2-"):
		return "AL2"
	}
	return ""
}
