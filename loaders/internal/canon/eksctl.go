package canon

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// What eksctl makes of a ClusterConfig is stated after its source, snapshot of
// 2026-08-21: pkg/apis/eksctl.io/v1alpha5/{defaults,iam,known_addons}.go and
// pkg/cfn/builder/{iam_helper,iam,nodegroup,managed_launch_template}.go.
const (
	eksctlSeen = "2026-08-21"
	eksctlKind = "eksctl.io/v1alpha5/"
)

func eksctlDefault(evidence string) *fallback {
	return &fallback{Owner: "tool", Since: eksctlSeen, Evidence: "eksctl " + evidence}
}

// eksctl derives the documents a ClusterConfig stands for.
func (p *parent) eksctl() {
	at := p.build.body
	for _, group := range p.each(at.get("managedNodeGroups"), "managedNodeGroups", eksctlKind+"ManagedNodeGroup", "name") {
		p.nodeRole(group, true)
	}
	for _, group := range p.each(at.get("nodeGroups"), "nodeGroups", eksctlKind+"NodeGroup", "name") {
		p.nodeRole(group, false)
	}
	addons := p.each(at.get("addons"), "addons", eksctlKind+"Addon", "name")
	for _, addon := range addons {
		p.addonRole(addon)
	}
	p.defaultAddons(addons)
	p.serviceAccounts(at.get("iam.serviceAccounts"))
	p.podIdentities(at.get("iam.podIdentityAssociations"))
	p.each(at.get("accessConfig.accessEntries"), "accessEntries", eksctlKind+"AccessEntry", "principalARN")
	p.each(at.get("iamIdentityMappings"), "iamIdentityMappings", eksctlKind+"IAMIdentityMapping", "arn", "account", "serviceName")
	p.fargate(at)
	p.each(at.get("identityProviders"), "identityProviders", eksctlKind+"OIDCIdentityProvider", "name")
	p.capabilities(at.get("capabilities"))
	p.oidcProvider(at)
}

// nodeRole derives the role eksctl makes for a node group that names none.
func (p *parent) nodeRole(group *build, managed bool) {
	iam := group.rooted().get("iam")
	for _, key := range []string{"instanceRoleARN", "instanceProfileARN"} {
		if c := iam.get(key); c.value != nil || c.blocked != nil {
			return
		}
	}
	role := p.role(group.doc, iam, "ec2.amazonaws.com")
	role.optional("name", iam.get("instanceRoleName"))
	role.optional("permissions_boundary", iam.get("instanceRolePermissionsBoundary"))
	role.attachments(role.attach(iam.get("attachPolicyARNs"), p.nodePolicies(group, iam, managed)))
	role.inline(iam.get("attachPolicy"), addonPolicyNames(iam))
	group.refer("role", document.Path{"iam", "instanceRoleARN"}, role.doc)
}

// nodePolicies lists the AWS-managed policies eksctl adds to a node role.
func (p *parent) nodePolicies(group *build, iam cursor, managed bool) []string {
	var out []string
	if written, _ := iam.get("attachPolicyARNs").value.([]any); len(written) == 0 {
		out = append(out, "AmazonEKSWorkerNodePolicy", "AmazonSSMManagedInstanceCore")
		if p.build.value("oidc.provider_created") != true {
			out = append(out, "AmazonEKS_CNI_Policy")
		}
		if managed {
			out = append(out, "AmazonEC2ContainerRegistryPullOnly")
		}
	}
	names, _ := group.value("addon_policies").([]any)
	has := func(name string) bool { return slices.Contains(names, any(name)) }
	if has("imageBuilder") {
		out = append(out, "AmazonEC2ContainerRegistryPowerUser")
	} else if !managed {
		out = append(out, "AmazonEC2ContainerRegistryPullOnly")
	}
	if has("cloudWatch") {
		out = append(out, "CloudWatchAgentServerPolicy")
	}
	if has("ebs") {
		out = append(out, "service-role/AmazonEBSCSIDriverPolicy")
	}
	return out
}

// addonPolicyNames lists the policies withAddonPolicies writes into the role
// itself.
func addonPolicyNames(iam cursor) []string {
	var out []string
	at := iam.get("withAddonPolicies")
	for _, key := range at.keys() {
		switch key {
		case "imageBuilder", "cloudWatch", "ebs":
			continue // AWS-managed policies
		}
		if at.get(key).value == true {
			out = append(out, key)
		}
	}
	return out
}

// addonRole derives the role of an add-on that gets policies of its own.
func (p *parent) addonRole(addon *build) {
	at := addon.rooted()
	if c := at.get("serviceAccountRoleARN"); c.value != nil || c.blocked != nil {
		return
	}
	policies, wellKnown := at.get("attachPolicyARNs"), at.get("wellKnownPolicies")
	if policies.value == nil && wellKnown.value == nil && at.get("attachPolicy").value == nil {
		return
	}
	role := p.role(addon.doc, at, "")
	namespace, account := addonServiceAccount(stringOf(addon.doc, "name"))
	if account != "" {
		role.trust(irsaTrust(namespace, "StringEquals", account), "OIDC manager: trust of an add-on's service account")
	} else {
		role.doubt("trust", document.State{
			Kind: document.Unknown, Reason: document.AmbiguousDefault, Evidence: "the add-on decides which service account it uses",
		}, document.Path{})
	}
	role.permissions(policies, wellKnown, at.get("attachPolicy"), at.get("permissionsBoundary"))
	addon.refer("role", document.Path{"serviceAccountRoleARN"}, role.doc)
}

// addonServiceAccount returns the service account of the add-ons eksctl knows.
func addonServiceAccount(addon string) (namespace, name string) {
	switch addon {
	case "vpc-cni":
		return "kube-system", "aws-node"
	case "aws-ebs-csi-driver":
		return "kube-system", "ebs-csi-controller-sa"
	case "aws-efs-csi-driver":
		return "kube-system", "efs-csi-controller-sa"
	}
	return "", ""
}

// defaultAddons derives the add-ons eksctl installs when nobody lists them.
func (p *parent) defaultAddons(listed []*build) {
	off := p.build.body.get("addonsConfig.disableDefaultAddons")
	if off.value == true || off.blocked != nil || p.build.value("auto_mode.enabled") != false {
		return
	}
	for _, name := range []string{"vpc-cni", "kube-proxy", "coredns"} {
		if slices.ContainsFunc(listed, func(b *build) bool { return b.value("name") == name }) {
			continue
		}
		at := p.build.body.get("addons")
		c := p.child(p.build.doc, cursor{path: at.path, exists: at.exists}, eksctlKind+"Addon", "addons", name)
		if b := p.complete(c); b != nil {
			b.assume("name", name, eksctlDefault("KnownAddons: default add-ons are installed unless disableDefaultAddons"), document.Path{})
			b.finishAddon()
		}
	}
}

// serviceAccounts derives the accounts of iam.serviceAccounts and their roles.
func (p *parent) serviceAccounts(list cursor) {
	for _, e := range list.elements(false) {
		if _, ok := e.value.(map[string]any); !ok {
			continue
		}
		name, _ := spelled(e.get("metadata"), "name")
		namespace, written := spelled(e.get("metadata"), "namespace")
		if !written {
			namespace = "default"
		}
		account := p.account(e, namespace, name)
		if c := e.get("attachRoleARN"); c.value != nil || c.blocked != nil {
			if account != nil {
				account.optional("role_arn", c)
			}
			continue
		}
		var of *document.Document
		if account != nil {
			of = account.doc
		} else {
			of = p.child(p.build.doc, e, eksctlKind+"ServiceAccount", "serviceAccounts", namespace+"/"+name)
		}
		role := p.role(of, e, "")
		role.optional("name", e.get("roleName"))
		operator, subject := "StringEquals", name
		if pattern, ok := spelled(e, "subjectPattern"); ok {
			operator, subject = "StringLike", pattern
		}
		role.trust(irsaTrust(namespace, operator, subject), "OIDC manager: trust of iam.serviceAccounts")
		if pattern := e.get("subjectPattern"); pattern.blocked != nil {
			state := *pattern.blocked
			state.Kind = document.Partial // there is a condition, and it may hold a wildcard
			role.doubt("trust.statements[0].conditions[1].values", state, document.Path{"subjectPattern"})
		}
		role.permissions(e.get("attachPolicyARNs"), e.get("wellKnownPolicies"), e.get("attachPolicy"), e.get("permissionsBoundary"))
		if account != nil {
			account.refer("role_arn", document.Path{"attachRoleARN"}, role.doc)
		}
	}
}

// account derives a Kubernetes service account, nil where roleOnly keeps eksctl
// from making one.
func (p *parent) account(e cursor, namespace, name string) *build {
	if e.get("roleOnly").value == true {
		return nil
	}
	c := p.child(p.build.doc, e, eksctlKind+"ServiceAccount", "serviceAccounts", namespace+"/"+name)
	c.Type, c.Name, c.Namespace = "service_account", name, namespace
	c.Address = namespace + "/ServiceAccount/" + name
	b := newBuild(c, &plan{typ: c.Type, source: "eksctl"})
	b.optional("name", b.root.get("metadata.name"))
	for _, key := range []string{"labels", "annotations"} {
		if m, ok := b.root.get("metadata." + key).value.(map[string]any); ok {
			b.set(key, m, document.Path{"metadata", key})
		}
	}
	b.assume("automount", true, &fallback{
		Owner: "api_server", Since: "2026-11-22",
		Evidence: "Kubernetes API reference, ServiceAccount.automountServiceAccountToken",
	}, document.Path{})
	p.out = append(p.out, c)
	return b
}

// podIdentities derives the associations of iam.podIdentityAssociations, their
// roles, and the accounts eksctl makes for them.
func (p *parent) podIdentities(list cursor) {
	for _, e := range list.elements(false) {
		if _, ok := e.value.(map[string]any); !ok {
			continue
		}
		namespace, _ := spelled(e, "namespace")
		name, _ := spelled(e, "serviceAccountName")
		association := p.complete(p.child(p.build.doc, e, eksctlKind+"PodIdentityAssociation",
			"podIdentityAssociations", namespace+"/"+name))
		if association == nil {
			continue
		}
		if e.get("createServiceAccount").value == true {
			account := p.account(e, namespace, name)
			account.optional("name", account.root.get("serviceAccountName"))
		}
		if c := e.get("roleARN"); c.value != nil || c.blocked != nil {
			continue
		}
		role := p.role(association.doc, e, "")
		role.optional("name", e.get("roleName"))
		role.trust(map[string]any{
			"effect": "Allow", "actions": []any{"sts:AssumeRole", "sts:TagSession"},
			"principals": map[string]any{"service": []any{"pods.eks.amazonaws.com"}},
		}, "MakeAssumeRolePolicyDocumentForPodIdentity")
		role.permissions(e.get("permissionPolicyARNs"), e.get("wellKnownPolicies"), e.get("permissionPolicy"),
			e.get("permissionsBoundaryARN"))
		association.refer("role", document.Path{"roleARN"}, role.doc)
	}
}

// fargate derives the profiles; their role may stand for all of them in iam.
func (p *parent) fargate(at cursor) {
	shared := at.get("iam.fargatePodExecutionRoleARN")
	for _, profile := range p.each(at.get("fargateProfiles"), "fargateProfiles", eksctlKind+"FargateProfile", "name") {
		if profile.value("role") != nil || profile.state("role").Kind != "" {
			continue
		}
		if arn, ok := shared.value.(string); ok && shared.blocked == nil {
			profile.set("role", arn, document.Path{"podExecutionRoleARN"})
		}
	}
}

// capabilities derives the capabilities and the roles eksctl makes for them.
func (p *parent) capabilities(list cursor) {
	for _, capability := range p.each(list, "capabilities", eksctlKind+"Capability", "name") {
		at := capability.rooted()
		if c := at.get("roleArn"); c.value != nil || c.blocked != nil {
			continue
		}
		role := p.role(capability.doc, at, "capabilities.eks.amazonaws.com")
		role.permissions(at.get("attachPolicyARNs"), cursor{}, at.get("attachPolicy"), at.get("permissionsBoundary"))
		capability.refer("role", document.Path{"roleArn"}, role.doc)
	}
}

// oidcProvider derives the provider iam.withOIDC makes.
func (p *parent) oidcProvider(at cursor) {
	switch on := at.get("iam.withOIDC"); {
	case on.blocked != nil, on.value != true && !strings.EqualFold(textOf(on.value), "true"):
		return
	default:
		iam := at.get("iam")
		b := p.complete(p.child(p.build.doc, cursor{value: map[string]any{}, path: iam.path, exists: iam.exists},
			eksctlKind+"OIDCProvider", "oidcProvider", ""))
		if b != nil {
			b.doubt("url", document.State{Kind: document.Unknown, Reason: document.AfterApply, Refs: p.build.doc.Tokens}, document.Path{"withOIDC"})
			b.doc.Written["client_ids"] = document.Path{"withOIDC"}
		}
	}
}

func textOf(v any) string {
	text, _ := scalarText(v)
	return text
}
