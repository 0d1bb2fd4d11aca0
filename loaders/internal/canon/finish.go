package canon

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// finisher returns the code that completes a type after its table was read,
// nil if the table says it all.
func finisher(typ string) func(*build) {
	switch typ {
	case "eks_cluster":
		return (*build).finishCluster
	case "node_group":
		return (*build).finishNodeGroup
	case "launch_template":
		return (*build).finishLaunchTemplate
	case "eks_addon":
		return (*build).finishAddon
	case "iam_role":
		return (*build).finishRole
	case "aws_auth_mapping":
		return (*build).finishMapping
	case "security_group":
		return (*build).finishSecurityGroup
	case "security_group_rule":
		return (*build).finishSecurityGroupRule
	case "guardduty_detector":
		return (*build).finishDetector
	case "guardduty_feature":
		return (*build).finishFeature
	case "helm_release":
		return (*build).finishRelease
	case "load_balancer":
		return (*build).finishLoadBalancer
	}
	return nil
}

// logTypes are the control-plane logs there are.
func logTypes() []string {
	return []string{"api", "audit", "authenticator", "controllerManager", "scheduler"}
}

func (b *build) finishCluster() {
	b.finishVersion()
	b.finishLogTypes()
	b.finishEncryption()
	if b.plan.source == "eksctl" && b.value("auto_mode.enabled") == true &&
		b.value("auto_mode.node_pools") == nil && b.state("auto_mode.node_pools").Kind == "" {
		b.assume("auto_mode.node_pools", []any{"general-purpose", "system"}, &fallback{
			Owner: "tool", Since: "2026-08-21", Evidence: "eksctl SetClusterConfigDefaults: AutoModeKnownNodePools",
		}, b.body.get("autoModeConfig").parent())
	}
	if strings.HasPrefix(b.plan.source, "capa") && b.value("name") == nil && b.state("name").Kind == "" && b.doc.Name != "" {
		b.assume("name", b.doc.Namespace+"_"+strings.ReplaceAll(b.doc.Name, ".", "_"), &fallback{
			Owner: "tool", Since: "2026-08-21", Evidence: "CAPA AWSManagedControlPlane default: GenerateEKSName of namespace and name",
		}, b.body.parent())
	}
	if c := b.body.get("network.vpc.ipv6"); strings.HasPrefix(b.plan.source, "capa") && c.value != nil {
		b.set("network.ip_family", "ipv6", c.path)
	}
	b.finishNetworks()
	b.finishExposure()
}

// finishNetworks opens the public endpoint of an IPv6 cluster to that family
// too: it is what the API does where nobody names networks.
func (b *build) finishNetworks() {
	const name = "endpoint.public_cidrs"
	if b.value("network.ip_family") == "ipv6" && b.state(name).Kind == document.Defaulted {
		b.assume(name, []any{"0.0.0.0/0", "::/0"}, &fallback{
			Owner: "service", Since: "2026-11-22",
			Evidence: "EKS API VpcConfigRequest.publicAccessCidrs: dual-stack IPv6 clusters answer to ::/0 too",
		}, b.doc.Written[name])
	}
}

var versionForm = regexp.MustCompile(`^v?(\d+\.\d\d+)(\.\d+)?$`)

// finishVersion sets version_malformed where YAML read 1.30 as a number and so
// lost a digit, and drops what Cluster API adds to a version (v1.33.2).
func (b *build) finishVersion() {
	version, ok := b.value("version").(string)
	if !ok {
		return
	}
	place := b.doc.Written["version"]
	if raw, _ := document.At(b.doc.Raw, place); raw != nil {
		if _, isText := raw.(string); !isText {
			b.set("version_malformed", true, place)
			return
		}
	}
	if m := versionForm.FindStringSubmatch(version); m != nil && strings.HasPrefix(b.plan.source, "capa") {
		b.set("version", m[1], place)
	}
}

// finishLogTypes reads the spellings of logging a path cannot: lists of
// {enabled, types} in the EKS API, a boolean for each type in Cluster API, and
// eksctl's words for all of them.
func (b *build) finishLogTypes() {
	const name = "logging.types"
	switch b.plan.source {
	case "cdk", "xp_classic", "ack":
		b.logSetups(name, b.body.get("logging.clusterLogging"))
	case "capa", "capa_template":
		var on []any
		at := b.body.get("logging")
		for _, typ := range logTypes() {
			key := typ
			if key == "api" {
				key = "apiServer"
			}
			c := at.get(key)
			if c.blocked != nil {
				b.doubt(name, document.State{Kind: document.Partial, Reason: c.blocked.Reason}, at.path)
			} else if c.value == true {
				on = append(on, typ)
			}
		}
		if on != nil {
			state := b.state(name)
			b.set(name, on, at.path)
			if state.Kind == document.Partial {
				b.doubt(name, state, at.path)
			}
		}
	case "eksctl":
		list, _ := b.value(name).([]any)
		if slices.Contains(list, any("*")) || slices.Contains(list, any("all")) {
			all := make([]any, 0, len(logTypes()))
			for _, typ := range logTypes() {
				all = append(all, typ)
			}
			b.set(name, all, b.doc.Written[name])
		}
	}
}

func (b *build) logSetups(name string, at cursor) {
	if at.blocked != nil {
		forgetAttr(b.doc.Attr, name)
		b.doubt(name, *at.blocked, at.path)
		return
	}
	if at.value == nil {
		return
	}
	types := &attrPlan{typ: listType, enum: logTypes()}
	var on []any
	var open *document.State
	for _, e := range at.elements(false) {
		enabled := e.get("enabled")
		if enabled.blocked != nil {
			open = enabled.blocked
			continue
		}
		if enabled.value != true && enabled.value != "true" {
			continue
		}
		r := convert(types, e.get("types"))
		if r.state != nil {
			open = r.state
		}
		list, _ := r.value.([]any)
		on = append(on, list...)
	}
	b.set(name, append([]any{}, on...), at.path)
	if open != nil {
		b.doubt(name, document.State{Kind: document.Partial, Reason: open.Reason, Refs: open.Refs}, at.path)
	}
}

// forgetAttr removes an attribute and the objects it leaves empty.
func forgetAttr(attr map[string]any, path string) {
	head, rest, nested := strings.Cut(path, ".")
	if !nested {
		delete(attr, head)
		return
	}
	if next, ok := attr[head].(map[string]any); ok {
		forgetAttr(next, rest)
		if len(next) == 0 {
			delete(attr, head)
		}
	}
}

// finishEncryption works out secrets_cmk: secrets are among the encrypted
// resources and there is a key. A key that is an attribute of a resource of the
// same deployment is a key.
func (b *build) finishEncryption() {
	const name = "encryption.secrets_cmk"
	key, keyState := b.value("encryption.key"), b.state("encryption.key")
	place := b.doc.Written["encryption.key"]
	if b.plan.source == "eksctl" && (key != nil || keyState.Kind == document.Unknown) {
		b.set("encryption.resources", []any{"secrets"}, place)
	}
	resources, _ := b.value("encryption.resources").([]any)
	state := b.state("encryption.resources")
	// Terraform's key_arn is required: where its block is, there is a key.
	required := b.plan.source == "tf"
	hasKey := key != nil || keyState.Kind == document.Unknown && (required || madeByDeployment(keyState))
	switch {
	case state.Kind == document.Unknown, state.Kind == document.Partial && !slices.Contains(resources, any("secrets")):
		b.doubt(name, document.State{Kind: document.Unknown, Reason: state.Reason, Refs: state.Refs}, b.doc.Written["encryption.resources"])
	case slices.Contains(resources, any("secrets")) && hasKey:
		b.set(name, true, place)
	case slices.Contains(resources, any("secrets")) && keyState.Kind == document.Unknown:
		b.doubt(name, keyState, place)
	case state.Kind == document.Defaulted:
		b.assume(name, false, &fallback{
			Owner: "service", Since: "2026-11-22",
			Evidence: "EKS API CreateCluster.encryptionConfig is optional: without it there is no customer-managed key",
		}, b.doc.Written["encryption.resources"])
	default:
		b.set(name, false, b.doc.Written["encryption.resources"])
	}
}

// madeByDeployment reports whether an unknown is an attribute of another
// resource: not known yet, but certain to be there.
func madeByDeployment(s document.State) bool {
	switch s.Reason {
	case document.AfterApply, document.RuntimeRef:
		return true
	case document.ImportValue, document.DataSource, document.DynamicReference:
		return true
	}
	return s.Template != "" && !strings.HasPrefix(s.Template, "${")
}

// finishExposure sums up the endpoint: private, public_restricted (some
// networks), public_open (everyone).
func (b *build) finishExposure() {
	const name = "exposure"
	place := b.doc.Written["endpoint.public_access"]
	if s := b.state("endpoint.public_access"); s.Kind == document.Unknown {
		b.doubt(name, s, place)
		return
	}
	if b.value("endpoint.public_access") == false {
		b.set(name, "private", place)
		return
	}
	place = b.doc.Written["endpoint.public_cidrs"]
	cidrs, _ := b.value("endpoint.public_cidrs").([]any)
	for _, c := range cidrs {
		if text, _ := c.(string); strings.HasSuffix(text, "/0") {
			b.set(name, "public_open", place)
			b.widest(cidrs, place)
			return
		}
	}
	if s := b.state("endpoint.public_cidrs"); s.Kind == document.Unknown || s.Kind == document.Partial {
		b.doubt(name, document.State{Kind: document.Unknown, Reason: s.Reason, Refs: s.Refs}, place)
		return
	}
	b.set(name, "public_restricted", place)
	b.widest(cidrs, place)
}

// widest notes how short the shortest prefix is that the endpoint answers to.
func (b *build) widest(cidrs []any, place document.Path) {
	widest := -1
	for _, c := range cidrs {
		text, _ := c.(string)
		prefix, err := netip.ParsePrefix(text)
		if err == nil && (widest < 0 || prefix.Bits() < widest) {
			widest = prefix.Bits()
		}
	}
	if widest >= 0 {
		b.set("widest_public_prefix", int64(widest), place)
	}
}

// finishAddon works out features from the configuration.
func (b *build) finishAddon() {
	const name = "features.network_policy"
	if s := b.state("name"); s.Kind == document.Unknown {
		b.doubt(name, s, b.doc.Written["name"])
		return
	}
	if b.value("name") != "vpc-cni" {
		return
	}
	place := b.doc.Written["configuration"]
	if s := b.state("configuration"); s.Kind == document.Unknown {
		b.doubt(name, s, place)
		return
	}
	configuration, _ := b.value("configuration").(map[string]any)
	b.finishAddonSettings(configuration, place)
	switch v := configuration["enableNetworkPolicy"].(type) {
	case bool:
		b.set(name, v, place)
	case string:
		if on, err := strconv.ParseBool(strings.ToLower(v)); err == nil {
			b.set(name, on, place)
			return
		}
		b.doubt(name, document.State{Kind: document.Unknown, Reason: document.UnevaluatedExpression, Template: v}, place)
	default:
		b.assume(name, false, &fallback{
			Owner: "service", Since: "2026-11-22",
			Evidence: "VPC CNI add-on configuration schema: enableNetworkPolicy is false by default",
		}, place)
	}
}

// finishAddonSettings reads the VPC CNI's settings that stand in its environment.
// https://github.com/aws/amazon-vpc-cni-k8s#cni-configuration-variables
func (b *build) finishAddonSettings(configuration map[string]any, place document.Path) {
	env, _ := configuration["env"].(map[string]any)
	for name, key := range map[string]string{
		"features.prefix_delegation": "ENABLE_PREFIX_DELEGATION", "features.external_snat": "AWS_VPC_K8S_CNI_EXTERNALSNAT",
	} {
		text, written := scalarText(env[key])
		on, err := strconv.ParseBool(strings.ToLower(text))
		switch {
		case written && err == nil:
			b.set(name, on, place)
		case written:
			b.doubt(name, document.State{Kind: document.Unknown, Reason: document.UnevaluatedExpression, Template: text}, place)
		default:
			b.assume(name, false, &fallback{Owner: "service", Since: "2026-11-22", Evidence: "amazon-vpc-cni-k8s: " + key + " is false by default"}, place)
		}
	}
}

// finishMapping tells an eksctl identity mapping's kind from its ARN.
func (b *build) finishMapping() {
	if b.value("kind") != nil {
		return
	}
	place := b.doc.Written["principal"]
	arn, _ := b.value("principal").(string)
	switch {
	case b.body.get("account").value != nil:
		b.set("kind", "account", b.body.get("account").path)
	case strings.Contains(arn, ":user/"), strings.HasSuffix(arn, ":root"):
		b.set("kind", "user", place)
	case b.body.get("serviceName").value != nil, strings.Contains(arn, ":role/"), strings.Contains(arn, ":assumed-role/"):
		b.set("kind", "role", place)
	default:
		b.doubt("kind", document.State{Kind: document.Unknown, Reason: document.UnevaluatedExpression}, place)
	}
}

// finishLoadBalancer reads CloudFormation's list of attributes by key.
func (b *build) finishLoadBalancer() {
	if b.plan.source != "cfn" {
		return
	}
	settings, _ := b.value("settings").(map[string]any)
	state := b.state("settings")
	for name, key := range map[string]string{
		"access_logs":          "access_logs.s3.enabled",
		"drop_invalid_headers": "routing.http.drop_invalid_header_fields.enabled",
		"deletion_protection":  "deletion_protection.enabled",
	} {
		place := b.doc.Written[join("settings", document.Path{key}.String())]
		switch v, written := settings[key].(string); {
		case written:
			b.set(name, strings.EqualFold(v, "true"), place)
		case b.state(join("settings", document.Path{key}.String())).Kind == document.Unknown:
			forgetAttr(b.doc.Attr, name)
			b.doubt(name, b.state(join("settings", document.Path{key}.String())), place)
		case state.Kind == document.Unknown, state.Kind == document.Partial && len(settings) == 0:
			forgetAttr(b.doc.Attr, name)
			b.doubt(name, document.State{Kind: document.Unknown, Reason: state.Reason, Refs: state.Refs}, b.doc.Written["settings"])
		}
	}
}

// finishRole reads ACK's inline policies: an object of policies by name.
func (b *build) finishRole() {
	at := b.body.get("inlinePolicies")
	if b.plan.source != "ack" || at.value == nil {
		return
	}
	out := []any{}
	for _, name := range at.keys() {
		place := element("inline", len(out)) + ".document"
		c := at.follow([]step{{elem: name, key: name}})
		entry := map[string]any{"name": name}
		r := readPolicy(c)
		b.doc.Written[place] = c.path
		for rest, path := range r.places {
			b.doc.Written[join(place, rest)] = path
		}
		for rest, state := range r.inner {
			b.doc.States[join(place, rest)] = state
		}
		if r.state != nil {
			b.doc.States[place] = *r.state
		} else {
			entry["document"] = r.value
		}
		out = append(out, entry)
	}
	b.set("inline", out, at.path)
}
