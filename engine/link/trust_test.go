package link

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func roleDoc(name string, statements ...any) *document.Document {
	return tf("a.json", "aws_iam_role."+name, "iam_role", obj{"name": name, "trust": policyOf(statements...)})
}

func TestTrustAdmitsServiceAccounts(t *testing.T) {
	sa := func(ns, name string) *document.Document { return account("sa.yaml", ns, name, obj{}) }
	s := build(
		roleDoc("exact", irsa(issuer, "StringEquals", "system:serviceaccount:shop:app")),
		roleDoc("like", irsa(issuer, "StringLike", "system:serviceaccount:shop:a*")),
		roleDoc("literal", irsa(issuer, "StringEquals", "system:serviceaccount:shop:*")), // no wildcard here
		roleDoc("any", irsa(issuer, "")),
		roleDoc("all", irsa(issuer, "StringLike", "system:serviceaccount:*:*")),
		roleDoc("negated", irsa(issuer, "StringNotEquals", "system:serviceaccount:shop:app")),
		roleDoc("quantified", irsa(issuer, "ForAnyValue:StringEqualsIfExists", "system:serviceaccount:shop:api")),
		roleDoc("github", irsa("arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com", "StringEquals", "repo:x/y:*")),
		roleDoc("ec2", obj{"effect": "Allow", "actions": arr{"sts:AssumeRole"}, "principals": obj{"service": arr{"ec2.amazonaws.com"}}}),
		roleDoc("wrongaction", obj{"effect": "Allow", "actions": arr{"sts:AssumeRole"}, "principals": obj{"federated": arr{issuer}}}),
		roleDoc("denied", obj{"effect": "Deny", "actions": arr{"sts:AssumeRoleWithWebIdentity"}, "principals": obj{"federated": arr{issuer}}}),
		roleDoc("pods", obj{"effect": "Allow", "actions": arr{"sts:AssumeRole", "sts:TagSession"}, "principals": obj{"service": arr{"pods.eks.amazonaws.com"}}}),
		sa("shop", "app"), sa("shop", "api"), sa("other", "app"), sa("shop-2", "app"),
	)
	const prefix = "sa.yaml#v1/ServiceAccount/"
	wantEdges(t, s, TrustsSA,
		"a.json#aws_iam_role.exact -> "+prefix+"shop/app (value)",
		"a.json#aws_iam_role.like -> "+prefix+"shop/api (value)",
		"a.json#aws_iam_role.like -> "+prefix+"shop/app (value)",
		"a.json#aws_iam_role.quantified -> "+prefix+"shop/api (value)",
	)
	users := object(s.Facts["role_users"])
	written := func(role string) []string {
		var out []string
		for _, p := range list(get(users, "a.json#aws_iam_role."+role, "pods")) {
			out = append(out, text(get(p, "via"))+" "+text(get(p, "namespace"))+":"+text(get(p, "service_account")))
		}
		return out
	}
	for role, want := range map[string][]string{
		"exact": {"trust shop:app"}, "like": {"trust shop:a*"}, "any": {"trust *:*"}, "all": {"trust *:*"},
		"negated": {"trust *:*"}, "github": nil, "ec2": nil, "wrongaction": nil, "denied": nil, "pods": {"trust :"},
	} {
		wantValue(t, written(role), want)
	}
}

func TestAnnotationCountsOnlyWithTrust(t *testing.T) {
	s := build(
		roleDoc("good", irsa(issuer, "StringEquals", "system:serviceaccount:shop:app")),
		roleDoc("open", irsa(issuer, "")),
		roleDoc("bad", irsa(issuer, "StringEquals", "system:serviceaccount:shop:somebody-else")),
		account("sa.yaml", "shop", "app", obj{"role_arn": role + "good"}),
		account("sa.yaml", "shop", "opened", obj{"role_arn": role + "open"}),
		account("sa.yaml", "shop", "refused", obj{"role_arn": role + "bad"}),
	)
	wantEdges(t, s, TrustsSA,
		"a.json#aws_iam_role.good -> sa.yaml#v1/ServiceAccount/shop/app (value)",
		"a.json#aws_iam_role.open -> sa.yaml#v1/ServiceAccount/shop/opened (value)",
	)
	users := object(s.Facts["role_users"])
	wantValue(t, get(users, "a.json#aws_iam_role.good", "pods"), any(arr{
		obj{"document": "a.json#aws_iam_role.good", "path": "trust.statements[0]", "via": "trust", "namespace": "shop", "service_account": "app"},
		obj{"document": "sa.yaml#v1/ServiceAccount/shop/app", "path": "role_arn", "via": "annotation", "namespace": "shop", "service_account": "app"},
	}))
	wantValue(t, len(list(get(users, "a.json#aws_iam_role.bad", "pods"))), 1)
}

func TestTrustOfAnotherClusterIsNoTrust(t *testing.T) {
	roleOf := func(name, provider string) *document.Document {
		return tf("a.json", "aws_iam_role."+name, "iam_role", obj{
			"name": name, "trust": policyOf(irsa("${tf:a.json#"+provider+"}", "StringEquals", "system:serviceaccount:shop:app")),
		})
	}
	carrier := cfn("t.json", "M", "Custom::AWSCDK-EKS-KubernetesResource", "", nil, rawly(obj{"ClusterName": "blue"}))
	s := build(
		tf("a.json", "aws_eks_cluster.blue", "eks_cluster", obj{"name": "blue"}),
		tf("a.json", "aws_eks_cluster.green", "eks_cluster", obj{"name": "green"}),
		tf("a.json", "aws_iam_openid_connect_provider.blue", "oidc_provider", obj{}, unknown("url", document.AfterApply, "tf:a.json#aws_eks_cluster.blue")),
		tf("a.json", "aws_iam_openid_connect_provider.green", "oidc_provider", obj{}, unknown("url", document.AfterApply, "tf:a.json#aws_eks_cluster.green")),
		roleOf("blue", "aws_iam_openid_connect_provider.blue"),
		roleOf("green", "aws_iam_openid_connect_provider.green"),
		carrier, account("t.json", "shop", "app", obj{"role_arn": role + "green"}, under(carrier)),
		account("loose.yaml", "shop", "app", obj{}),
	)
	wantEdges(t, s, OIDCOf,
		"a.json#aws_iam_role.blue -> a.json#aws_iam_openid_connect_provider.blue (reference)",
		"a.json#aws_iam_role.green -> a.json#aws_iam_openid_connect_provider.green (reference)",
	)
	wantEdges(t, s, TrustsSA, "a.json#aws_iam_role.blue -> t.json#v1/ServiceAccount/shop/app (value)")
	wantGaps(t, s, TrustsSA,
		"a.json#aws_iam_role.blue: loose.yaml#v1/ServiceAccount/shop/app  cluster_unknown",
		"a.json#aws_iam_role.green: loose.yaml#v1/ServiceAccount/shop/app  cluster_unknown",
	)
}

func TestProviderByARNAndThroughPolicyData(t *testing.T) {
	statement := irsa("arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AAAA", "StringEquals", "system:serviceaccount:shop:app")
	provider := obj{"url": "https://oidc.eks.eu-west-1.amazonaws.com/id/AAAA"}
	decoy := obj{"url": "https://oidc.eks.eu-west-1.amazonaws.com/id/AAAAB"}
	s := build(
		tf("a.json", "aws_iam_openid_connect_provider.p", "oidc_provider", provider),
		tf("a.json", "aws_iam_openid_connect_provider.q", "oidc_provider", decoy),
		tf("a.json", "aws_iam_role.arn", "iam_role", obj{"name": "arn", "trust": policyOf(statement)}),
		tf("a.json", "data.aws_iam_policy_document.d", "", nil, action(document.Read),
			ref(document.Path{"statement"}, "tf:a.json#aws_iam_openid_connect_provider.q", "arn")),
		tf("a.json", "aws_iam_role.data", "iam_role", obj{"name": "data"}, unknown("trust", document.AfterApply),
			written("trust", "assume_role_policy"), ref(document.Path{"assume_role_policy"}, "tf:a.json#data.aws_iam_policy_document.d", "json")),
	)
	wantEdges(t, s, OIDCOf,
		"a.json#aws_iam_role.arn -> a.json#aws_iam_openid_connect_provider.p (value)",
		"a.json#aws_iam_role.data -> a.json#aws_iam_openid_connect_provider.q (reference)",
	)
	wantGaps(t, s, TrustsSA, "a.json#aws_iam_role.data: a.json#aws_iam_role.data trust after_apply")
}

func TestUnknownSubjectIsReported(t *testing.T) {
	s := build(
		roleDoc("r", irsa(issuer, "StringEquals", "system:serviceaccount:${ns}:app")),
		account("sa.yaml", "shop", "app", obj{}),
	)
	wantEdges(t, s, TrustsSA)
	wantGaps(t, s, TrustsSA, "a.json#aws_iam_role.r: a.json#aws_iam_role.r trust.statements[0].conditions[1].values unevaluated_expression")
}

func TestGlobAgreesWithARegularExpression(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringOfN(rapid.RuneFrom([]rune("ab*?:")), 0, 8, -1).Draw(t, "pattern")
		s := rapid.StringOfN(rapid.RuneFrom([]rune("ab:")), 0, 10, -1).Draw(t, "text")
		quoted := regexp.QuoteMeta(pattern)
		quoted = strings.ReplaceAll(strings.ReplaceAll(quoted, `\*`, ".*"), `\?`, ".")
		if want := regexp.MustCompile("^" + quoted + "$").MatchString(s); glob(pattern, s) != want {
			t.Fatalf("glob(%q, %q) = %v", pattern, s, !want)
		}
	})
}

func TestUnknownProviderIsTheOnlyOneOfItsRoot(t *testing.T) {
	web := irsa("x", "StringEquals", "system:serviceaccount:shop:app")
	web["principals"] = obj{"federated": arr{}}
	open := partial("trust.statements[0].principals.federated", document.DataSource)
	docs := func(providers ...string) *Stack {
		out := []*document.Document{
			tf("a.json", "aws_iam_role.pod", "iam_role", obj{"trust": policyOf(web)}, open),
			tf("a.json", "aws_iam_role.known", "iam_role", obj{"trust": policyOf(irsa(issuer, "StringEquals", "system:serviceaccount:shop:app"))}),
			tf("a.json", "aws_iam_role.mixed", "iam_role", obj{"trust": policyOf(web, irsa(issuer, "StringEquals", "system:serviceaccount:shop:app"))}, open),
			tf("a.json", "aws_iam_role.opaque", "iam_role", obj{}, unknown("trust", document.LocalOpaque)),
			tf("a.json", "aws_iam_role.ec2", "iam_role", obj{"trust": policyOf(statement("Allow", arr{"sts:AssumeRole"}, nil))}, unknown("trust.statements[0].principals.service[0]", document.DataSource)),
		}
		for _, p := range providers {
			out = append(out, tf("a.json", "aws_iam_openid_connect_provider."+p, "oidc_provider", obj{}))
		}
		return Build(out)
	}
	wantEdges(t, docs("one"), OIDCOf, "a.json#aws_iam_role.pod -> a.json#aws_iam_openid_connect_provider.one (inferred)")
	wantEdges(t, docs("one", "two"), OIDCOf)
}
