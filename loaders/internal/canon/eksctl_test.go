package canon

import (
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// eksctlDocs completes a ClusterConfig and returns all documents.
func eksctlDocs(t *testing.T, text string) []*document.Document {
	t.Helper()
	d := newDoc(t, "eksctl.io/v1alpha5/ClusterConfig", text)
	d.ID, d.Format, d.Address = "f", "eksctl", "ClusterConfig/c"
	return Complete([]*document.Document{d})
}

const eksctlConfig = `
metadata: {name: c, region: eu-west-1}
iam:
  withOIDC: true
  serviceAccounts:
    - metadata: {name: reader, namespace: app}
      attachPolicyARNs: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
      wellKnownPolicies: {ebsCSIController: true, autoScaler: true}
      attachPolicy: {Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}
    - metadata: {name: given}
      attachRoleARN: arn:aws:iam::1:role/given
    - metadata: {name: only, namespace: app}
      roleOnly: true
      roleName: only-role
  podIdentityAssociations:
    - namespace: app
      serviceAccountName: pod
      createServiceAccount: true
      permissionPolicyARNs: ["arn:p"]
    - {namespace: app, serviceAccountName: other, roleARN: "arn:r"}
accessConfig:
  accessEntries:
    - principalARN: arn:aws:iam::1:role/a
      accessPolicies:
        - policyARN: arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy
          accessScope: {type: cluster}
iamIdentityMappings:
  - {arn: "arn:aws:iam::1:role/m", groups: ["system:masters"]}
  - {account: "123456789012"}
addons:
  - name: vpc-cni
    attachPolicyARNs: ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"]
    configurationValues: |-
      enableNetworkPolicy: "true"
fargateProfiles:
  - name: fp
    selectors: [{namespace: default, labels: {a: b}}]
managedNodeGroups:
  - name: m
    iam:
      withAddonPolicies: {autoScaler: true, imageBuilder: true}
nodeGroups:
  - name: self
    privateNetworking: true
    disablePodIMDS: true
    amiFamily: AmazonLinux2
    volumeEncrypted: true
    ssh: {publicKeyName: k}
    taints: {a: "b:NoSchedule"}
    iam: {instanceRoleARN: "arn:given"}
`

func TestEksctl_DerivesEveryDocument(t *testing.T) {
	docs := eksctlDocs(t, eksctlConfig)
	var got []string
	for _, d := range docs[1:] {
		got = append(got, d.Type+" "+d.ID)
	}
	want := []string{
		"access_entry f/accessEntries/arn:aws:iam::1:role/a",
		"eks_addon f/addons/coredns",
		"eks_addon f/addons/kube-proxy",
		"eks_addon f/addons/vpc-cni",
		"iam_role f/addons/vpc-cni/role",
		"fargate_profile f/fargateProfiles/fp",
		"aws_auth_mapping f/iamIdentityMappings/123456789012",
		"aws_auth_mapping f/iamIdentityMappings/arn:aws:iam::1:role/m",
		"node_group f/managedNodeGroups/m",
		"iam_role f/managedNodeGroups/m/role",
		"node_group f/nodeGroups/self",
		"oidc_provider f/oidcProvider",
		"pod_identity_association f/podIdentityAssociations/app/other",
		"pod_identity_association f/podIdentityAssociations/app/pod",
		"iam_role f/podIdentityAssociations/app/pod/role",
		"iam_role f/serviceAccounts/app/only/role",
		"service_account f/serviceAccounts/app/pod",
		"service_account f/serviceAccounts/app/reader",
		"iam_role f/serviceAccounts/app/reader/role",
		"service_account f/serviceAccounts/default/given",
	}
	if !slices.Equal(got, want) {
		t.Errorf("derived:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, d := range docs[1:] {
		if d.Parent != docs[0] || d.Base == nil || d.Format != "eksctl" || d.Scope != docs[0].Scope || len(d.Tokens) != 1 {
			t.Errorf("%s: parent %v, base %v, format %q, tokens %q", d.ID, d.Parent != nil, d.Base, d.Format, d.Tokens)
		}
		if v, ok := document.At(docs[0].Raw, d.Base); !ok {
			t.Errorf("%s: base %s is not in the text (%v)", d.ID, d.Base, v)
		}
	}
}

func TestEksctl_ManagedGroup(t *testing.T) {
	docs := eksctlDocs(t, eksctlConfig)
	group := find(t, docs, "f/managedNodeGroups/m")
	sameJSON(t, "group", group.Attr, `{"kind":"managed","name":"m","cluster":"c","ami_family":"AmazonLinux2023",
		"ami_type":"AL2023_x86_64_STANDARD","capacity_type":"ON_DEMAND","disk_size":80,"force_update":false,
		"remote_access":{"enabled":false,"source_security_groups":[]},
		"imds":{"endpoint":"enabled","tokens":"required","hop_limit":2},
		"volumes":[{"encrypted":false,"size":80,"type":"gp3"}],"public_ip":true,"private_networking":false,
		"repair":{"enabled":false},"update":{"max_unavailable":1},"addon_policies":["autoScaler","imageBuilder"]}`)
	for _, path := range []string{"imds.tokens", "imds.hop_limit", "volumes[0].encrypted", "public_ip", "ami_type"} {
		if group.States[path].Kind != document.Defaulted {
			t.Errorf("%s has the state %+v", path, group.States[path])
		}
	}
	role := find(t, docs, "f/managedNodeGroups/m/role")
	sameJSON(t, "attached", attr(t, role, "attached"), `[
		{"arn":"arn:${AWS::Partition}:iam::aws:policy/AmazonEKSWorkerNodePolicy"},
		{"arn":"arn:${AWS::Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"},
		{"arn":"arn:${AWS::Partition}:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"},
		{"arn":"arn:${AWS::Partition}:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser"}]`)
	sameJSON(t, "inline", attr(t, role, "inline"), `[{"name":"autoScaler"}]`)
	if s := role.States["inline[0].document"]; s.Kind != document.Unknown {
		t.Errorf("the tool's own policy has the state %+v", s)
	}
	if s := group.States["role"]; s.Kind != document.Unknown || !slices.Equal(s.Refs, role.Tokens) {
		t.Errorf("role has the state %+v, want a reference to %q", s, role.Tokens)
	}
	if len(group.Refs) != 1 || group.Refs[0].To != role.Tokens[0] || group.Refs[0].Path.String() != writtenAt(group, "role") {
		t.Errorf("refs %+v, role written at %s", group.Refs, writtenAt(group, "role"))
	}
	if got := role.Base.String(); got != "managedNodeGroups[0].iam" {
		t.Errorf("the role's base is %s", got)
	}
}

func TestEksctl_SelfManagedGroup(t *testing.T) {
	group := find(t, eksctlDocs(t, eksctlConfig), "f/nodeGroups/self")
	sameJSON(t, "group", group.Attr, `{"kind":"self_managed","name":"self","cluster":"c","role":"arn:given",
		"ami_family":"AmazonLinux2","ami_type":"AL2_x86_64","disk_size":80,
		"remote_access":{"enabled":true,"key":"k","source_security_groups":[],"source_cidrs":["192.168.0.0/16"]},
		"imds":{"endpoint":"enabled","tokens":"required","hop_limit":1},
		"volumes":[{"encrypted":true,"size":80,"type":"gp3"}],"public_ip":false,"private_networking":true,
		"taints":[{"key":"a","value":"b","effect":"NO_SCHEDULE"}],"addon_policies":[]}`)
	if got := writtenAt(group, "imds.hop_limit"); got != "disablePodIMDS" {
		t.Errorf("hop limit is written at %s", got)
	}
	path, err := document.ParsePath("volumes[0].encrypted")
	if err != nil {
		t.Fatal(err)
	}
	if rooted, _, _ := group.Place(path); rooted.String() != "nodeGroups[0].volumeEncrypted" {
		t.Errorf("encryption is reported at %s", rooted)
	}
}

func TestEksctl_ServiceAccountRole(t *testing.T) {
	docs := eksctlDocs(t, eksctlConfig)
	role := find(t, docs, "f/serviceAccounts/app/reader/role")
	sameJSON(t, "attached", attr(t, role, "attached"), `[{"arn":"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"},
		{"arn":"arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"}]`)
	if got := writtenAt(role, "attached[0].arn"); got != "attachPolicyARNs[0]" {
		t.Errorf("policy is written at %s", got)
	}
	if role.States["attached[1]"].Kind != document.Defaulted {
		t.Errorf("the tool's policy has the state %+v", role.States["attached[1]"])
	}
	sameJSON(t, "inline", attr(t, role, "inline[0].document.statements[0].actions"), `["s3:*"]`)
	if got := writtenAt(role, "inline[0].document.statements[0].actions"); got != "attachPolicy.Statement[0].Action" {
		t.Errorf("action is written at %s", got)
	}
	sameJSON(t, "conditions", attr(t, role, "trust.statements[0].conditions"), `[
		{"operator":"StringEquals","key":"${OIDCProvider}:aud","values":["sts.amazonaws.com"]},
		{"operator":"StringEquals","key":"${OIDCProvider}:sub","values":["system:serviceaccount:app:reader"]}]`)
	account := find(t, docs, "f/serviceAccounts/app/reader")
	if account.Namespace != "app" || account.Name != "reader" || !slices.Equal(account.States["role_arn"].Refs, role.Tokens) {
		t.Errorf("account %q in %q, role %+v", account.Name, account.Namespace, account.States["role_arn"])
	}
	given := find(t, docs, "f/serviceAccounts/default/given")
	if attr(t, given, "role_arn") != "arn:aws:iam::1:role/given" || writtenAt(given, "role_arn") != "attachRoleARN" || given.Namespace != "default" {
		t.Errorf("given: %s", dump(given.Attr))
	}
	only := find(t, docs, "f/serviceAccounts/app/only/role")
	if attr(t, only, "name") != "only-role" {
		t.Errorf("role %s", dump(only.Attr))
	}
}

func TestEksctl_AddonsAndTheirRoles(t *testing.T) {
	docs := eksctlDocs(t, eksctlConfig)
	cni := find(t, docs, "f/addons/vpc-cni")
	if attr(t, cni, "features.network_policy") != true || writtenAt(cni, "features.network_policy") != "configurationValues" {
		t.Errorf("add-on %s", dump(cni.Attr))
	}
	role := find(t, docs, "f/addons/vpc-cni/role")
	sameJSON(t, "subject", attr(t, role, "trust.statements[0].conditions[1].values"), `["system:serviceaccount:kube-system:aws-node"]`)
	if s := cni.States["role"]; !slices.Equal(s.Refs, role.Tokens) {
		t.Errorf("role has the state %+v", s)
	}
	proxy := find(t, docs, "f/addons/kube-proxy")
	if attr(t, proxy, "name") != "kube-proxy" || proxy.States["name"].Kind != document.Defaulted || attr(t, proxy, "version") != nil {
		t.Errorf("default add-on %s, %+v", dump(proxy.Attr), proxy.States["name"])
	}
	for _, text := range []string{
		`{metadata: {name: c}, addonsConfig: {disableDefaultAddons: true}}`, `{metadata: {name: c}, autoModeConfig: {enabled: true}}`,
	} {
		if docs := eksctlDocs(t, text); len(docs) != 1 {
			t.Errorf("%s derives %d documents", text, len(docs)-1)
		}
	}
}

func TestEksctl_MappingsEntriesAndAssociations(t *testing.T) {
	docs := eksctlDocs(t, eksctlConfig)
	sameJSON(t, "role mapping", find(t, docs, "f/iamIdentityMappings/arn:aws:iam::1:role/m").Attr,
		`{"kind":"role","principal":"arn:aws:iam::1:role/m","groups":["system:masters"],"cluster":"c"}`)
	sameJSON(t, "account mapping", find(t, docs, "f/iamIdentityMappings/123456789012").Attr,
		`{"kind":"account","principal":"123456789012","groups":[],"cluster":"c"}`)
	sameJSON(t, "entry", find(t, docs, "f/accessEntries/arn:aws:iam::1:role/a").Attr, `{"cluster":"c","principal":"arn:aws:iam::1:role/a",
		"type":"STANDARD","kubernetes_groups":[],"policies":[{"policy":"arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy","scope":{"type":"cluster"}}]}`)
	sameJSON(t, "association", find(t, docs, "f/podIdentityAssociations/app/other").Attr,
		`{"cluster":"c","namespace":"app","service_account":"other","role":"arn:r","disable_session_tags":false}`)
	role := find(t, docs, "f/podIdentityAssociations/app/pod/role")
	sameJSON(t, "trust", attr(t, role, "trust.statements[0].principals"), `{"service":["pods.eks.amazonaws.com"]}`)
	sameJSON(t, "provider", find(t, docs, "f/oidcProvider").Attr, `{"cluster":"c","client_ids":["sts.amazonaws.com"]}`)
	sameJSON(t, "fargate", find(t, docs, "f/fargateProfiles/fp").Attr,
		`{"name":"fp","cluster":"c","selectors":[{"namespace":"default","labels":{"a":"b"}}]}`)
}

func TestEksctl_RepeatedNamesGetDistinctIDs(t *testing.T) {
	docs := eksctlDocs(t, `{metadata: {name: c}, managedNodeGroups: [{name: a}, {name: a}, {}], addonsConfig: {disableDefaultAddons: true}}`)
	seen := map[string]bool{}
	for _, d := range docs {
		if seen[d.ID] {
			t.Errorf("ID %q repeats", d.ID)
		}
		seen[d.ID] = true
	}
	if !seen["f/managedNodeGroups/a~2"] || !seen["f/managedNodeGroups/2"] {
		t.Errorf("IDs %v", seen)
	}
}

func TestEksctl_PublicAddressesFollowTheSubnets(t *testing.T) {
	const vpc = `vpc: {subnets: {private: {a: {id: subnet-1}}, public: {b: {id: subnet-2}}}}`
	for group, want := range map[string]any{
		`{name: g}`: true, `{name: g, privateNetworking: true}`: false, `{name: g, subnets: [subnet-1]}`: false,
		`{name: g, subnets: [a]}`: false, `{name: g, subnets: [subnet-2]}`: true, `{name: g, subnets: [subnet-9]}`: nil,
	} {
		docs := eksctlDocs(t, "{metadata: {name: c}, "+vpc+", managedNodeGroups: ["+group+"]}")
		if got := attr(t, find(t, docs, "f/managedNodeGroups/g"), "public_ip"); got != want {
			t.Errorf("%s: public_ip %v, want %v", group, got, want)
		}
	}
	private := eksctlDocs(t, `{metadata: {name: c}, privateCluster: {enabled: true}, managedNodeGroups: [{name: g}]}`)
	if got := attr(t, find(t, private, "f/managedNodeGroups/g"), "public_ip"); got != false {
		t.Errorf("fully private cluster: public_ip %v", got)
	}
}

func TestEksctl_LocatesDerivedDocumentsInTheText(t *testing.T) {
	text := []byte("metadata: {name: c}\nmanagedNodeGroups:\n  - name: m\n    disableIMDSv1: false\n")
	source := &document.Source{Name: "c.yaml", Content: text}
	tree := document.NewTree(source)
	root := tree.Add(-1, "", -1, -1, 0, len(text))
	list := tree.Add(root, "managedNodeGroups", 20, 37, 41, len(text))
	group := tree.Add(list, "", -1, -1, 43, len(text))
	tree.Add(group, "disableIMDSv1", 55, 68, 70, 75)
	d := newDoc(t, "eksctl.io/v1alpha5/ClusterConfig", string(text))
	d.ID = "f"
	d.SetLocator(tree)
	m := find(t, Complete([]*document.Document{d}), "f/managedNodeGroups/m")
	rooted, r, exact := m.Place(document.Path{"imds", "tokens"})
	if !exact || r.Text() != "false" || r.Start.Line != 4 || rooted.String() != "managedNodeGroups[0].disableIMDSv1" {
		t.Errorf("placed at %s %q line %d exact=%v", rooted, r.Text(), r.Start.Line, exact)
	}
}

func TestClusterAPI_DerivesWhatAControlPlaneLists(t *testing.T) {
	d := newDoc(t, "controlplane.cluster.x-k8s.io/v1beta2/AWSManagedControlPlane", `{"spec":{"eksClusterName":"c",
		"addons":[{"name":"vpc-cni","version":"v1"}],"iamAuthenticatorConfig":{
			"mapRoles":[{"rolearn":"arn:r","username":"u","groups":["system:masters"]}],"mapUsers":[{"userarn":"arn:u","groups":[]}]}}}`)
	d.ID = "f"
	docs := Complete([]*document.Document{d})
	sameJSON(t, "role", find(t, docs, "f/mapRoles/arn:r").Attr, `{"kind":"role","principal":"arn:r","username":"u","groups":["system:masters"],"cluster":"c"}`)
	sameJSON(t, "user", find(t, docs, "f/mapUsers/arn:u").Attr, `{"kind":"user","principal":"arn:u","groups":[],"cluster":"c"}`)
	addon := find(t, docs, "f/addons/vpc-cni")
	if attr(t, addon, "version") != "v1" || attr(t, addon, "cluster") != "c" || addon.Base.String() != "spec.addons[0]" {
		t.Errorf("add-on %s at %s", dump(addon.Attr), addon.Base)
	}
}

func TestEksctl_PlaceholdersStayInTheTrustOfServiceAccounts(t *testing.T) {
	d := newDoc(t, "eksctl.io/v1alpha5/ClusterConfig", `
metadata: {name: c, region: eu-west-1}
iam:
  serviceAccounts:
    - metadata: {namespace: app}
      attachPolicyARNs: [null]
    - metadata: {name: web, namespace: app}
`)
	d.ID, d.Format, d.Address = "f", "eksctl", "ClusterConfig/c"
	hole := func(text string) document.State {
		return document.State{Kind: document.Unknown, Reason: document.ParameterWithoutValue, Template: text}
	}
	d.RawStates = document.States{
		"iam.serviceAccounts[0].metadata.name":       hole("${NAME}"),
		"iam.serviceAccounts[0].attachPolicyARNs[0]": hole("${POLICY}"),
		"iam.serviceAccounts[1].subjectPattern":      hole("${PATTERN}"),
	}
	var subjects []string
	var roles []*document.Document
	for _, d := range Complete([]*document.Document{d}) {
		if d.Type == "iam_role" {
			roles = append(roles, d)
			trust, _ := document.At(d.Attr, document.Path{"trust", "statements", 0, "conditions", 1, "values", 0})
			subjects = append(subjects, textOf(trust))
		}
	}
	want := []string{"system:serviceaccount:app:${NAME}", "system:serviceaccount:app:${PATTERN}"}
	if !slices.Equal(subjects, want) {
		t.Fatalf("subjects %q, want %q", subjects, want)
	}
	if st := roles[0].States["attached"]; st.Kind != document.Partial || writtenAt(roles[0], "attached") != "attachPolicyARNs" {
		t.Errorf("attached is %+v, written at %q", st, writtenAt(roles[0], "attached"))
	}
	const values = "trust.statements[0].conditions[1].values"
	if st := roles[1].States[values]; st.Kind != document.Partial || writtenAt(roles[1], values) != "subjectPattern" {
		t.Errorf("the pattern may hold a wildcard, and is %+v, written at %q", st, writtenAt(roles[1], values))
	}
	if st, open := roles[0].States[values]; open {
		t.Errorf("a name holds no wildcard, and is %+v", st)
	}
}
