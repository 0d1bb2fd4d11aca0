package canon

import (
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

const irsaPolicy = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity",
	"Principal":{"Federated":"arn:aws:iam::1:oidc-provider/oidc.eks/id"},
	"Condition":{"StringEquals":{"oidc.eks/id:sub":"system:serviceaccount:ns:sa","oidc.eks/id:aud":["sts.amazonaws.com"]}}}}`

const irsaNormal = `{"statements":[{
	"effect":"Allow","actions":["sts:AssumeRoleWithWebIdentity"],"not_actions":[],"resources":[],"not_resources":[],
	"principals":{"federated":["arn:aws:iam::1:oidc-provider/oidc.eks/id"]},"not_principals":{},
	"conditions":[
		{"operator":"StringEquals","key":"oidc.eks/id:aud","values":["sts.amazonaws.com"]},
		{"operator":"StringEquals","key":"oidc.eks/id:sub","values":["system:serviceaccount:ns:sa"]}]}]}`

func TestPolicy_TextAndObjectReadTheSame(t *testing.T) {
	text := newDoc(t, "aws_iam_role", `{"name":"r"}`)
	text.Raw["assume_role_policy"] = irsaPolicy
	object := newDoc(t, "AWS::IAM::Role", `{"RoleName":"r"}`)
	object.Raw["AssumeRolePolicyDocument"] = parseRaw(t, irsaPolicy)
	Complete([]*document.Document{text, object})
	sameJSON(t, "text", attr(t, text, "trust"), irsaNormal)
	sameJSON(t, "object", attr(t, object, "trust"), irsaNormal)
	if got := writtenAt(text, "trust"); got != "assume_role_policy" {
		t.Errorf("text is written at %s", got)
	}
	for path, want := range map[string]string{
		"trust.statements[0]":               "AssumeRolePolicyDocument.Statement",
		"trust.statements[0].actions":       "AssumeRolePolicyDocument.Statement.Action",
		"trust.statements[0].principals":    "AssumeRolePolicyDocument.Statement.Principal",
		"trust.statements[0].conditions[1]": `AssumeRolePolicyDocument.Statement.Condition.StringEquals["oidc.eks/id:sub"]`,
	} {
		if got := writtenAt(object, path); got != want {
			t.Errorf("Written[%s] = %s, want %s", path, got, want)
		}
	}
}

func TestPolicy_SpellingsAreNormalised(t *testing.T) {
	d := newDoc(t, "aws_iam_policy", `{}`)
	d.Raw["policy"] = `{"Statement":[
		{"Sid":"a","Effect":"Deny","NotAction":["iam:*"],"NotResource":"x","NotPrincipal":{"AWS":["1","2"]}},
		{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*","Condition":{"Bool":{"aws:SecureTransport":true},"NumericLessThan":{"a":5}}}]}`
	Complete([]*document.Document{d})
	sameJSON(t, "document", attr(t, d, "document"), `{"statements":[
		{"sid":"a","effect":"Deny","actions":[],"not_actions":["iam:*"],"resources":[],"not_resources":["x"],
			"principals":{},"not_principals":{"aws":["1","2"]},"conditions":[]},
		{"effect":"Allow","actions":["*"],"not_actions":[],"resources":["*"],"not_resources":[],
			"principals":{"aws":["*"]},"not_principals":{},"conditions":[
				{"operator":"Bool","key":"aws:SecureTransport","values":["true"]},
				{"operator":"NumericLessThan","key":"a","values":["5"]}]}]}`)
	if len(d.States.Paths(document.Unknown, document.Partial)) != 0 {
		t.Errorf("states %v", d.States)
	}
}

func TestPolicy_UnreadableIsUnknownAndEmptyIsAbsent(t *testing.T) {
	for text, want := range map[string]document.StateKind{
		"{": document.Unknown, `"x"`: document.Unknown, "[]": document.Unknown, " ": "",
	} {
		d := newDoc(t, "aws_iam_policy", `{}`)
		d.Raw["policy"] = text
		Complete([]*document.Document{d})
		if got := d.States["document"].Kind; got != want || attr(t, d, "document") != nil {
			t.Errorf("%q: state %q, value %v", text, got, attr(t, d, "document"))
		}
	}
}

func TestPolicy_UnknownWithTemplateKeepsHoles(t *testing.T) {
	d := newDoc(t, "AWS::IAM::ManagedPolicy", `{}`)
	d.RawStates = document.States{"PolicyDocument": {
		Kind: document.Unknown, Reason: document.RuntimeRef,
		Template: `{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:${AWS::Partition}:s3:::${B}/*"}]}`,
	}}
	Complete([]*document.Document{d})
	sameJSON(t, "resources", attr(t, d, "document.statements[0].resources"), `["arn:${AWS::Partition}:s3:::${B}/*"]`)
}

func TestPolicy_UnknownPartsOfAnObject(t *testing.T) {
	d := newDoc(t, "AWS::IAM::Role", `{"AssumeRolePolicyDocument":{"Statement":[
		{"Effect":"Allow","Action":["a",null],"Resource":[null,null,"r"],"Principal":{},"Condition":{"StringLike":{}}},null]}}`)
	p := "AssumeRolePolicyDocument.Statement"
	d.RawStates = document.States{
		p + "[0].Action[1]":                        {Kind: document.Unknown, Reason: document.ParameterWithoutValue, Template: "${P}"},
		p + "[0].Resource[0]":                      {Kind: document.Unknown, Reason: document.RuntimeRef, Refs: []string{"cfn:f#B"}},
		p + "[0].Resource[1]":                      {Kind: document.Unknown, Reason: document.RuntimeRef, Template: "arn:${P}:s3:::x"},
		p + "[0].Principal.Federated":              {Kind: document.Unknown, Reason: document.RuntimeRef, Template: "arn:${P}:iam::${A}:oidc-provider/${I}"},
		p + `[0].Condition.StringLike["${I}:sub"]`: {Kind: document.Unknown, Reason: document.ParameterWithoutValue},
		p + "[1]": {Kind: document.Unknown, Reason: document.UndecidedCondition},
	}
	Complete([]*document.Document{d})
	sameJSON(t, "trust", attr(t, d, "trust"), `{"statements":[{"effect":"Allow","actions":["a"],"not_actions":[],
		"resources":["${cfn:f#B}","arn:${P}:s3:::x","r"],"not_resources":[],
		"principals":{"federated":["arn:${P}:iam::${A}:oidc-provider/${I}"]},"not_principals":{},
		"conditions":[{"operator":"StringLike","key":"${I}:sub","values":[]}]}]}`)
	for _, path := range []string{"trust.statements", "trust.statements[0].actions", "trust.statements[0].conditions[0].values"} {
		if d.States[path].Kind != document.Partial {
			t.Errorf("%s has the state %+v", path, d.States[path])
		}
	}
	if s, ok := d.States["trust.statements[0].resources"]; ok {
		t.Errorf("a resource of the same deployment is not a wildcard, yet resources has the state %+v", s)
	}
	if got := writtenAt(d, "trust.statements[0].resources[2]"); got != p+"[0].Resource[2]" {
		t.Errorf("third resource is written at %s", got)
	}
}

func TestPolicy_UnknownRoleTrustIsReadFromItsDataSource(t *testing.T) {
	role := newDoc(t, "aws_iam_role", `{"name":"r"}`)
	role.RawStates = unknownStates("assume_role_policy")
	role.Refs = []document.Ref{{Path: document.Path{"assume_role_policy"}, To: "tok:data", Attribute: "json"}}
	data := newDoc(t, "data.aws_iam_policy_document", `{"statement":[{"actions":["sts:AssumeRoleWithWebIdentity"],
		"principals":[{"type":"Federated","identifiers":[null]}],
		"condition":[{"test":"StringEquals","variable":"x:aud","values":["sts.amazonaws.com"]},
			{"test":"StringEquals","values":["system:serviceaccount:ns:sa"]}]}]}`)
	data.Tokens = []string{"tok:data"}
	data.RawStates = document.States{
		"statement[0].principals[0].identifiers[0]": {Kind: document.Unknown, Reason: document.AfterApply, Refs: []string{"tok:oidc"}},
		"statement[0].condition[1].variable":        {Kind: document.Unknown, Reason: document.AfterApply, Template: "${issuer}:sub"},
	}
	Complete([]*document.Document{role, data})
	sameJSON(t, "trust", attr(t, role, "trust"), `{"statements":[{"effect":"Allow","actions":["sts:AssumeRoleWithWebIdentity"],
		"not_actions":[],"resources":[],"not_resources":[],
		"principals":{"federated":["${tok:oidc}"]},"not_principals":{},"conditions":[
			{"operator":"StringEquals","key":"x:aud","values":["sts.amazonaws.com"]},
			{"operator":"StringEquals","key":"${issuer}:sub","values":["system:serviceaccount:ns:sa"]}]}]}`)
	if _, ok := role.States["trust"]; ok {
		t.Error("trust is still unknown")
	}
	if got := writtenAt(role, "trust"); got != "assume_role_policy" {
		t.Errorf("written at %s", got)
	}
}

func TestPolicy_SeveralDataSourcesAreNotGuessed(t *testing.T) {
	role := newDoc(t, "aws_iam_role", `{"name":"r"}`)
	role.RawStates = unknownStates("assume_role_policy")
	role.Refs = []document.Ref{
		{Path: document.Path{"assume_role_policy"}, To: "tok:a"}, {Path: document.Path{"assume_role_policy"}, To: "tok:b"},
	}
	a := newDoc(t, "data.aws_iam_policy_document", `{"statement":[{"actions":["a"]}]}`)
	b := newDoc(t, "data.aws_iam_policy_document", `{"statement":[{"actions":["b"]}]}`)
	a.Tokens, b.Tokens = []string{"tok:a"}, []string{"tok:b"}
	Complete([]*document.Document{role, a, b})
	if role.States["trust"].Kind != document.Unknown || attr(t, role, "trust") != nil {
		t.Errorf("trust %v, state %+v", attr(t, role, "trust"), role.States["trust"])
	}
}

func TestRole_PoliciesOfEverySpelling(t *testing.T) {
	tf := newDoc(t, "aws_iam_role", `{"name":"r","managed_policy_arns":["arn:aws:iam::aws:policy/A"],
		"inline_policy":[{"name":"i","policy":"{\"Statement\":[]}"}],"max_session_duration":7200,"permissions_boundary":"arn:b"}`)
	cfn := newDoc(t, "AWS::IAM::Role", `{"RoleName":"r","ManagedPolicyArns":["arn:aws:iam::aws:policy/A"],
		"Policies":[{"PolicyName":"i","PolicyDocument":{"Statement":[]}}],"MaxSessionDuration":"7200","PermissionsBoundary":"arn:b"}`)
	Complete([]*document.Document{tf, cfn})
	want := `{"name":"r","path":"/","attached":[{"arn":"arn:aws:iam::aws:policy/A"}],
		"inline":[{"name":"i","document":{"statements":[]}}],"max_session":7200,"permissions_boundary":"arn:b"}`
	sameJSON(t, "terraform", tf.Attr, want)
	sameJSON(t, "cloudformation", cfn.Attr, want)
	if got := writtenAt(cfn, "attached[0].arn"); got != "ManagedPolicyArns[0]" {
		t.Errorf("attached policy is written at %s", got)
	}
}

func TestIAMPolicy_InlineOnesNameTheirRoles(t *testing.T) {
	for kind, text := range map[string]string{
		"aws_iam_role_policy": `{"name":"p","role":"r"}`, "AWS::IAM::Policy": `{"PolicyName":"p","Roles":["r"]}`,
		"AWS::IAM::RolePolicy": `{"PolicyName":"p","RoleName":"r"}`,
	} {
		d := done(t, kind, text)
		sameJSON(t, kind, d.Attr, `{"name":"p","inline":true,"roles":["r"]}`)
	}
	sameJSON(t, "attachment", done(t, "aws_iam_role_policy_attachment", `{"role":"r","policy_arn":"arn:p"}`).Attr, `{"roles":["r"],"policy":"arn:p"}`)
}

func TestRole_ManagedPoliciesOfAnUnknownPartitionAreKnown(t *testing.T) {
	d := newDoc(t, "AWS::IAM::Role", `{"ManagedPolicyArns":[null,null,null,"arn:aws:iam::1:policy/x"]}`)
	d.RawStates = document.States{
		"ManagedPolicyArns[0]": {Kind: document.Unknown, Reason: document.ParameterWithoutValue, Template: "arn:${AWS::Partition}:iam::aws:policy/AmazonEKSClusterPolicy"},
		"ManagedPolicyArns[1]": {Kind: document.Unknown, Reason: document.RuntimeRef, Template: "${P}", Refs: []string{"cfn:f#P"}},
		"ManagedPolicyArns[2]": {Kind: document.Unknown, Reason: document.UndecidedCondition},
	}
	Complete([]*document.Document{d})
	sameJSON(t, "attached", attr(t, d, "attached"), `[{"arn":"arn:${AWS::Partition}:iam::aws:policy/AmazonEKSClusterPolicy"},{},{"arn":"arn:aws:iam::1:policy/x"}]`)
	if s := d.States["attached[1].arn"]; s.Kind != document.Unknown || len(s.Refs) != 1 {
		t.Errorf("a policy of the same template has the state %+v", s)
	}
	if got := writtenAt(d, "attached[1].arn"); got != "ManagedPolicyArns[1]" {
		t.Errorf("written at %s", got)
	}
	if s := d.States["attached"]; s.Kind != document.Partial {
		t.Errorf("one policy may not be there, yet attached has the state %+v", s)
	}
}

func TestRefs_OnlyTheNameOfAnARNMustBeKnown(t *testing.T) {
	for template, want := range map[string]any{
		"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/admin": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/admin",
		"arn:aws:iam::1:role/${Name}":                             nil,
		"arn:aws:iam::1:role/${Name}-admin":                       nil,
		"${Role.Arn}":                                             nil,
	} {
		d := newDoc(t, "AWS::EKS::AccessEntry", `{"ClusterName":"c"}`)
		d.RawStates = document.States{"PrincipalArn": {Kind: document.Unknown, Reason: document.RuntimeRef, Template: template}}
		Complete([]*document.Document{d})
		if got := attr(t, d, "principal"); got != want {
			t.Errorf("%s: principal %v", template, got)
		}
		if s := d.States["principal"]; (s.Kind == document.Unknown) != (want == nil) || want == nil && s.Template != template {
			t.Errorf("%s: state %+v", template, s)
		}
	}
}
