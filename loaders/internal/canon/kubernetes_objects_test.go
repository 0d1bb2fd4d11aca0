package canon

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestServiceAccount_RoleAndAutomount(t *testing.T) {
	d, _ := canonical(t, `
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop, annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/web"}}
secrets: [{name: token}]
`, nil)
	wantAttr(t, d, map[string]any{
		"name": "web", "role_arn": "arn:aws:iam::111122223333:role/web", "automount": true, "secrets[0].name": "token",
	})
	if d.States["automount"].Owner != "api_server" {
		t.Errorf("automount is %+v", d.States["automount"])
	}
	wantWritten(t, d, map[string]string{"role_arn": `metadata.annotations["eks.amazonaws.com/role-arn"]`})
	off, _ := canonical(t, "{apiVersion: v1, kind: ServiceAccount, automountServiceAccountToken: false}", document.States{
		`metadata.annotations["eks.amazonaws.com/role-arn"]`: {Kind: document.Unknown, Reason: document.AfterApply, Refs: []string{"tf:x#aws_iam_role.web"}},
	})
	wantAttr(t, off, map[string]any{"automount": false, "role_arn": absent})
	if s := off.States["role_arn"]; s.Kind != document.Unknown || len(s.Refs) != 1 {
		t.Errorf("role_arn is %+v", s)
	}
}

func TestRBAC_RolesAndBindingsHaveSnakeCaseNames(t *testing.T) {
	role, _ := canonical(t, `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: r, labels: {l: m}}
aggregationRule: {clusterRoleSelectors: [{}]}
rules:
- {apiGroups: [""], resources: [pods], verbs: [get], resourceNames: [x]}
- {nonResourceURLs: ["*"], verbs: ["*"]}
`, nil)
	wantAttr(t, role, map[string]any{
		"cluster_scoped": true, "labels.l": "m", "aggregation.clusterRoleSelectors": []any{map[string]any{}},
		"rules": []any{
			map[string]any{"api_groups": []any{""}, "resources": []any{"pods"}, "verbs": []any{"get"}, "resource_names": []any{"x"}},
			map[string]any{"non_resource_urls": []any{"*"}, "verbs": []any{"*"}},
		},
	})
	wantWritten(t, role, map[string]string{
		"rules[0].api_groups[0]":     "rules[0].apiGroups[0]",
		"rules[1].non_resource_urls": "rules[1].nonResourceURLs",
		"rules[0].verbs":             "rules[0].verbs",
		"aggregation":                "aggregationRule",
	})
	binding, _ := canonical(t, `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}
subjects:
- {kind: Group, name: devs, namespace: default}
- {kind: ServiceAccount, name: web, namespace: shop}
`, nil)
	wantAttr(t, binding, map[string]any{
		"cluster_scoped": false, "role": map[string]any{"kind": "ClusterRole", "name": "admin", "api_group": "rbac.authorization.k8s.io"},
		"subjects": []any{
			map[string]any{"kind": "Group", "name": "devs"}, map[string]any{"kind": "ServiceAccount", "name": "web", "namespace": "shop"},
		},
	})
	wantWritten(t, binding, map[string]string{"role.name": "roleRef.name", "subjects[1].name": "subjects[1].name"})
}

func TestRBAC_UnknownPartsKeepTheirPlace(t *testing.T) {
	role, _ := canonical(t, `{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, rules: [{apiGroups: [a, b], verbs: [get]}, {verbs: [list]}]}`, document.States{
		"rules[0].apiGroups":    unknownState(document.Partial),
		"rules[0].apiGroups[1]": unknownState(document.Unknown),
		"rules[1]":              unknownState(document.Unknown),
		"rules":                 unknownState(document.Partial),
	})
	for path, kind := range map[string]document.StateKind{
		"rules[0].api_groups": document.Partial, "rules[0].api_groups[1]": document.Unknown, "rules[1]": document.Unknown, "rules": document.Partial,
	} {
		if role.States[path].Kind != kind {
			t.Errorf("%s is %q, want %q", path, role.States[path].Kind, kind)
		}
	}
	wantAttr(t, role, map[string]any{"rules[0].api_groups": []any{"a", nil}, "rules[1]": nil})
	binding, _ := canonical(t, `{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, roleRef: {name: x}, subjects: [{name: a}]}`, document.States{
		"roleRef.name": unknownState(document.Unknown), "subjects": unknownState(document.Unknown),
	})
	if binding.States["role.name"].Kind != document.Unknown || binding.States["subjects"].Kind != document.Unknown {
		t.Errorf("states %v", binding.States)
	}
}

func TestStorage_ParametersAreStringsOfAnyCase(t *testing.T) {
	d, _ := canonical(t, `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: gp3}
provisioner: ebs.csi.aws.com
reclaimPolicy: Retain
parameters: {Encrypted: "true", kmskeyid: arn, type: gp3}
`, nil)
	wantAttr(t, d, map[string]any{
		"provisioner": "ebs.csi.aws.com", "encrypted": true, "kms_key": "arn", "parameters.type": "gp3", "reclaim_policy": "Retain",
	})
	wantWritten(t, d, map[string]string{"encrypted": "parameters.Encrypted", "kms_key": "parameters.kmskeyid"})
	off, _ := canonical(t, `{apiVersion: storage.k8s.io/v1, kind: StorageClass, parameters: {encrypted: "false"}}`, nil)
	wantAttr(t, off, map[string]any{"encrypted": false})
	none, _ := canonical(t, `{apiVersion: storage.k8s.io/v1, kind: StorageClass, provisioner: x}`, nil)
	wantAttr(t, none, map[string]any{"encrypted": absent, "kms_key": absent})
	hidden, _ := canonical(t, `{apiVersion: storage.k8s.io/v1, kind: StorageClass, parameters: {type: gp3}}`, document.States{"parameters.encrypted": unknownState(document.Unknown)})
	if hidden.States["encrypted"].Kind != document.Unknown {
		t.Errorf("states %v", hidden.States)
	}
	pv, _ := canonical(t, `{apiVersion: v1, kind: PersistentVolume, spec: {mountOptions: [tls], csi: {driver: efs.csi.aws.com, volumeHandle: fs-1}}}`, nil)
	wantAttr(t, pv, map[string]any{"source": "csi", "csi": map[string]any{"driver": "efs.csi.aws.com", "volume_handle": "fs-1"}, "mount_options[0]": "tls"})
	wantWritten(t, pv, map[string]string{"csi.volume_handle": "spec.csi.volumeHandle"})
}

func TestSecret_ValuesNeverLeaveRaw(t *testing.T) {
	d, _ := canonical(t, `
apiVersion: v1
kind: Secret
metadata:
  name: s
  annotations:
    note: ok
    kubectl.kubernetes.io/last-applied-configuration: '{"data":{"b":"aHVudGVyMg=="}}'
data: {b: aHVudGVyMg==}
stringData: {a: hunter2}
sops: {mac: x}
`, nil)
	wantAttr(t, d, map[string]any{"type": "Opaque", "keys": []any{"a", "b"}, "annotations.note": "ok", "encrypted_with": "sops"})
	text, err := json.Marshal(d.Attr)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"hunter2", "aHVudGVyMg"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("attributes hold %q: %s", secret, text)
		}
	}
	want := []document.Path{{"metadata", "annotations", lastApplied}, {"data"}, {"stringData"}}
	if diff := cmp.Diff(want, d.Sensitive); diff != "" {
		t.Errorf("sensitive (-want +got):\n%s", diff)
	}
	hidden, _ := canonical(t, "{apiVersion: v1, kind: Secret, type: x, data: {b: c}}", document.States{
		"stringData": {Kind: document.Unknown, Reason: document.SensitiveValue}, "data.a": unknownState(document.Unknown),
	})
	wantAttr(t, hidden, map[string]any{"keys": []any{"a", "b"}, "type": "x"})
	if hidden.States["keys"].Kind != document.Partial {
		t.Errorf("keys is %q", hidden.States["keys"].Kind)
	}
}

func TestObjects_TheSmallOnes(t *testing.T) {
	ns, _ := canonical(t, "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}}", nil)
	wantAttr(t, ns, map[string]any{"name": "shop", "annotations": absent, "labels": map[string]any{"pod-security.kubernetes.io/enforce": "baseline"}})
	wantWritten(t, ns, map[string]string{`labels["pod-security.kubernetes.io/enforce"]`: `metadata.labels["pod-security.kubernetes.io/enforce"]`, "annotations": "metadata.annotations"})
	pdb, _ := canonical(t, "{apiVersion: policy/v1, kind: PodDisruptionBudget, spec: {maxUnavailable: 0%, selector: {}}}", nil)
	wantAttr(t, pdb, map[string]any{"max_unavailable": "0%", "min_available": absent, "selector": map[string]any{}})
	hook, _ := canonical(t, "{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingWebhookConfiguration, webhooks: [{name: a}]}", nil)
	wantAttr(t, hook, map[string]any{"mutating": true, "webhooks[0].name": "a"})
	cm, derived := canonical(t, "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {k: v}, binaryData: {b: AA==}}", nil)
	wantAttr(t, cm, map[string]any{"data": map[string]any{"k": "v"}, "binary_keys": []any{"b"}, "malformed": absent})
	if derived != nil {
		t.Errorf("derived %v", derived)
	}
}

const awsAuth = `apiVersion: v1
kind: ConfigMap
metadata:
  name: aws-auth
  namespace: kube-system
data:
  mapRoles: |
    # nodes
    - rolearn: arn:aws:iam::111122223333:role/nodes
      username: system:node:{{EC2PrivateDNSName}}
      groups:
        - system:nodes

    - roleARN: arn:aws:iam::111122223333:role/admin
      username: admin
      groups: [system:masters]
  mapUsers: '[{"userarn":"arn:aws:iam::111122223333:user/eve","groups":["system:masters"]}]'
  mapAccounts: |-
    - "111122223333"
    - 444455556666
`

func TestAWSAuth_EveryEntryIsADocumentAtItsOwnLine(t *testing.T) {
	cm, derived := canonical(t, awsAuth, nil)
	wantAttr(t, cm, map[string]any{"malformed": absent})
	if len(derived) != 5 {
		t.Fatalf("%d entries, want 5", len(derived))
	}
	for i, want := range []map[string]any{
		{"kind": "role", "principal": "arn:aws:iam::111122223333:role/nodes", "username": "system:node:{{EC2PrivateDNSName}}", "groups": []any{"system:nodes"}},
		{"kind": "role", "principal": "arn:aws:iam::111122223333:role/admin", "username": "admin", "groups": []any{"system:masters"}},
		{"kind": "user", "principal": "arn:aws:iam::111122223333:user/eve", "groups": []any{"system:masters"}},
		{"kind": "account", "principal": "111122223333"},
		{"kind": "account", "principal": "444455556666"},
	} {
		wantAttr(t, derived[i], want)
		if derived[i].Type != "aws_auth_mapping" || derived[i].Parent != cm {
			t.Errorf("%s: type %q", derived[i].ID, derived[i].Type)
		}
	}
	for _, c := range []struct {
		entry int
		path  document.Path
		line  int
		text  string
	}{
		{0, document.Path{"groups", 0}, 12, "system:nodes"},
		{0, document.Path{"username"}, 10, "system:node:{{EC2PrivateDNSName}}"},
		{1, document.Path{"groups", 0}, 16, "system:masters"},
		{1, document.Path{"principal"}, 14, "arn:aws:iam::111122223333:role/admin"},
		{2, document.Path{"groups", 0}, 17, `"system:masters"`},
		{4, document.Path{"principal"}, 20, "444455556666"},
	} {
		_, r, _ := derived[c.entry].Place(c.path)
		if r.Start.Line != c.line || r.Text() != c.text {
			t.Errorf("entry %d, %s: line %d, %q; want line %d, %q", c.entry, c.path, r.Start.Line, r.Text(), c.line, c.text)
		}
	}
	if r, _ := derived[1].Locate(nil); r.Start.Line != 14 {
		t.Errorf("the second entry starts at line %d, want 14", r.Start.Line)
	}
}

func TestAWSAuth_TemplatesLeavePrincipalsUnknown(t *testing.T) {
	state := document.State{
		Kind: document.Unknown, Reason: document.RuntimeRef, Refs: []string{"cfn:t.json#NodeRole", "cfn:t.json#AdminRole"},
		Template: `[{"rolearn":"${NodeRole.Arn}","username":"system:node:{{EC2PrivateDNSName}}","groups":["system:nodes"]},` +
			`{"rolearn":"arn:${AWS::Partition}:iam::1:role/${AdminRole}","username":"${!literal}","groups":["system:masters"]}]`,
	}
	_, derived := canonical(t, awsAuth, document.States{"data.mapRoles": state})
	if len(derived) != 5 {
		t.Fatalf("%d entries, want 5", len(derived))
	}
	wantAttr(t, derived[0], map[string]any{"principal": absent, "groups": []any{"system:nodes"}})
	if diff := cmp.Diff(document.State{Kind: document.Unknown, Reason: document.RuntimeRef, Refs: []string{"cfn:t.json#NodeRole"}}, derived[0].States["principal"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]document.Ref{{Path: document.Path{"rolearn"}, To: "cfn:t.json#NodeRole", Attribute: "Arn", Via: "reference"}}, derived[0].Refs); diff != "" {
		t.Error(diff)
	}
	wantAttr(t, derived[1], map[string]any{"principal": absent, "username": "${literal}", "groups": []any{"system:masters"}})
	if s := derived[1].States["principal"]; s.Template != "arn:${AWS::Partition}:iam::1:role/${AdminRole}" || len(s.Refs) != 1 {
		t.Errorf("principal is %+v", s)
	}
}

func TestAWSAuth_WhatCannotBeReadIsMarked(t *testing.T) {
	for text, want := range map[string]any{
		"mapRoles: '{'":                               []any{"mapRoles"},
		"mapRoles: 'a: b'":                            []any{"mapRoles"},
		"mapRoles: '- [', mapUsers: text":             []any{"mapRoles", "mapUsers"},
		"mapRoles: ''":                                absent,
		"mapUsers: '[]'":                              absent,
		"mapUsers: '[null, {userarn: x}]'":            absent,
		"mapAccounts: '[123, [x], {account: \"1\"}]'": absent,
	} {
		d, _ := canonical(t, "{apiVersion: v1, kind: ConfigMap, metadata: {name: aws-auth, namespace: kube-system}, data: {"+text+"}}", nil)
		wantAttr(t, d, map[string]any{"malformed": want})
	}
}
