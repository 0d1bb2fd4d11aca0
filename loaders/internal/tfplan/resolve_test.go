package tfplan_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// inModule moves a change of the root module into a module instance.
func inModule(module, change string) string {
	return strings.Replace(strings.Replace(change, `{"address":"`, `{"module_address":"`+quote(module)+`","address":"`+quote(module)+`.`, 1), `"mode"`, `"mode"`, 1)
}

func quote(s string) string { return strings.ReplaceAll(s, `"`, `\"`) }

// withCalls gives a plan module calls.
func withCalls(plan, calls string) string {
	return strings.Replace(plan, `"root_module":{"resources"`, `"root_module":{"module_calls":{`+calls+`},"resources"`, 1)
}

const role = `{"arn":true,"id":true}`

func TestResolve_FollowsModuleOutputsAndInputs(t *testing.T) {
	l := load(t, withCalls(plan(
		inModule(`module.roles["a"]`, change("aws_iam_role", "r", "create", `{"name":"a"}`, role, `{}`))+","+
			inModule(`module.roles["b"]`, change("aws_iam_role", "r", "create", `{"name":"b"}`, role, `{}`))+","+
			inModule(`module.groups["b"]`, change("aws_eks_node_group", "g", "create", `{}`, `{"node_role_arn":true,"subnet_ids":true}`, `{}`))+","+
			change("aws_eks_node_group", "literal", "create", `{}`, `{"node_role_arn":true}`, `{}`)+","+
			change("aws_eks_node_group", "all", "create", `{}`, `{"node_role_arn":true}`, `{}`),
		configured("aws_eks_node_group", "literal", `{"node_role_arn":{"references":["module.roles[\"a\"].arn","module.roles[\"a\"]","module.roles"]}}`)+","+
			configured("aws_eks_node_group", "all", `{"node_role_arn":{"references":["module.roles"]}}`)),
		`"roles":{"for_each_expression":{"constant_value":{"a":1,"b":2}},"module":{"outputs":{"arn":{"expression":{"references":["aws_iam_role.r.arn","aws_iam_role.r"]}}},"resources":[`+configured("aws_iam_role", "r", `{}`)+`]}},
"groups":{"for_each_expression":{"constant_value":{"b":1}},"expressions":{"role":{"references":["module.roles","each.key"]},"subnets":{"references":["var.subnets"]}},"module":{"resources":[`+
			configured("aws_eks_node_group", "g", `{"node_role_arn":{"references":["var.role"]},"subnet_ids":{"references":["var.subnets"]}}`)+`]}}`))
	wantEdges(t, l.doc("aws_eks_node_group.literal"), `node_role_arn -> module.roles["a"].aws_iam_role.r arn reference`)
	wantEdges(t, l.doc("aws_eks_node_group.all"),
		`node_role_arn -> module.roles["a"].aws_iam_role.r arn reference`, `node_role_arn -> module.roles["b"].aws_iam_role.r arn reference`)
	// The same key on both sides means the same instance.
	d := l.doc(`module.groups["b"].aws_eks_node_group.g`)
	wantEdges(t, d, `node_role_arn -> module.roles["b"].aws_iam_role.r arn reference`)
	wantKnowledge(t, d, map[string]string{"node_role_arn": "unknown after_apply", "subnet_ids": "absent"})
	if diff := cmp.Diff([]string{`tf:plan.json#module.roles["b"].aws_iam_role.r`}, d.RawStates["node_role_arn"].Refs); diff != "" {
		t.Error(diff)
	}
}

func TestResolve_EachValueOfAResourceIsItsInstance(t *testing.T) {
	subnet := func(key string) string {
		return strings.Replace(strings.Replace(change("aws_subnet", "s", "create", `{}`, `{"id":true}`, `{}`), `aws_subnet.s"`, `aws_subnet.s[\"`+key+`\"]"`, 1), `"name":"s"`, `"name":"s","index":"`+key+`"`, 1)
	}
	association := func(key string) string {
		return strings.Replace(subnet(key), "aws_subnet.s", "aws_route_table_association.s", 1)
	}
	text := plan(subnet("a")+","+subnet("b")+","+
		strings.ReplaceAll(strings.Replace(association("b"), `"aws_subnet"`, `"aws_route_table_association"`, 1), `{"id":true}`, `{"subnet_id":true}`),
		strings.Replace(configured("aws_route_table_association", "s", `{"subnet_id":{"references":["each.value.id","each.value"]}}`), `"expressions"`,
			`"for_each_expression":{"references":["aws_subnet.s"]},"expressions"`, 1))
	wantEdges(t, load(t, text).doc(`aws_route_table_association.s["b"]`), `subnet_id -> aws_subnet.s["b"] id reference`)
}

func TestResolve_CyclesAndNonsenseEnd(t *testing.T) {
	l := load(t, withCalls(plan(
		inModule("module.a", change("x_y", "z", "create", `{}`, `{"p":true,"q":true,"r":true,"s":true}`, `{}`)), ""),
		`"a":{"expressions":{"v":{"references":["module.a.o"]}},"module":{"outputs":{"o":{"expression":{"references":["var.v"]}}},"resources":[`+
			configured("x_y", "z", `{"p":{"references":["var.v"]},"q":{"references":["nothing"]},"r":{"references":["module.none.x"]},"s":{"references":["x_y.none.id","x_y.none"]}}`)+`]}}`))
	wantKnowledge(t, l.doc("module.a.x_y.z"), map[string]string{
		"p": "unknown local_opaque", "q": "unknown local_opaque", "r": "unknown local_opaque",
		"s": "absent", // count = 0: the expression is known, so it was null
	})
}

func TestDecide_LocalValuesAreOpaqueWithoutSources(t *testing.T) {
	// Both calls have the same source, so what one of them knows the other could
	// have known.
	call := func(source string) string {
		return `{"source":"` + source + `","module":{"resources":[` + configured("aws_eks_cluster", "c", `{"version":{"references":["local.v"]},"enabled_cluster_log_types":{"references":["local.l"]}}`) + `]}}`
	}
	l := load(t, withCalls(plan(
		inModule("module.a", change("aws_eks_cluster", "c", "create", `{"version":"1.33"}`, `{"enabled_cluster_log_types":true}`, `{}`))+","+
			inModule("module.b", change("aws_eks_cluster", "c", "create", `{}`, `{"version":true,"enabled_cluster_log_types":true}`, `{}`)), ""),
		`"a":`+call("./c")+`,"b":`+call("./c")))
	wantKnowledge(t, l.doc("module.b.aws_eks_cluster.c"), map[string]string{
		"version": "unknown ambiguous_default", "enabled_cluster_log_types": "unknown local_opaque",
	})
}

func TestDecide_CallsWithoutReferencesAreAmbiguous(t *testing.T) {
	l := load(t, plan(change("aws_eks_cluster", "c", "create", `{}`, `{"version":true,"role_arn":true}`, `{}`),
		configured("aws_eks_cluster", "c", `{"version":{},"role_arn":{"constant_value":null}}`)))
	wantKnowledge(t, l.doc("aws_eks_cluster.c"), map[string]string{"version": "unknown ambiguous_default", "role_arn": "absent"})
}

func TestDecide_TagsAllFollowsTags(t *testing.T) {
	l := load(t, plan(
		change("aws_vpc", "v", "create", `{}`, `{"id":true,"tags_all":true}`, `{}`)+","+
			change("aws_kms_key", "k", "create", `{"tags":{"a":"b"},"tags_all":{"a":"b"}}`, `{"tags":{"v":true},"tags_all":{"v":true}}`, `{}`),
		configured("aws_vpc", "v", `{}`)+","+configured("aws_kms_key", "k", `{"tags":{"references":["aws_vpc.v.id","aws_vpc.v"]}}`)))
	wantKnowledge(t, l.doc("aws_vpc.v"), map[string]string{"tags_all": "absent"})
	wantKnowledge(t, l.doc("aws_kms_key.k"), map[string]string{"tags.v": "unknown after_apply", "tags_all.v": "unknown after_apply", "tags_all.a": "known"})
}

func TestInfer_TheOnlyResourceOfTheRightTypeIsMeant(t *testing.T) {
	cluster := change("aws_eks_cluster", "c", "create", `{}`, `{"role_arn":true}`, `{}`)
	text := func(roles ...string) string {
		changes := []string{inModule("module.eks", cluster)}
		for _, name := range roles {
			changes = append(changes, inModule("module.eks", change("aws_iam_role", name, "create", `{}`, role, `{}`)))
		}
		changes = append(changes, change("aws_iam_role", "elsewhere", "create", `{}`, role, `{}`))
		return withCalls(plan(strings.Join(changes, ","), ""),
			`"eks":{"module":{"resources":[`+configured("aws_eks_cluster", "c", `{"role_arn":{"references":["local.role"]}}`)+`]}}`)
	}
	wantEdges(t, load(t, text("r")).doc("module.eks.aws_eks_cluster.c"), "role_arn -> module.eks.aws_iam_role.r arn inferred")
	wantEdges(t, load(t, text("r", "s")).doc("module.eks.aws_eks_cluster.c"))
	wantEdges(t, load(t, text()).doc("module.eks.aws_eks_cluster.c"))
}

func policyPlan(t *testing.T, after, unknown string) *document.Document {
	t.Helper()
	data := strings.Replace(strings.Replace(change("aws_iam_policy_document", "p", "read", after, unknown, `{}`), `"managed"`, `"data"`, 1), `"address":"`, `"address":"data.`, 1)
	return load(t, plan(data+","+change("aws_iam_policy", "x", "create", `{}`, `{"policy":true}`, `{}`),
		configured("aws_iam_policy", "x", `{"policy":{"references":["data.aws_iam_policy_document.p.json","data.aws_iam_policy_document.p"]}}`))).doc("aws_iam_policy.x")
}

func TestPolicies_TakeTheShapeOfIAM(t *testing.T) {
	d := policyPlan(t, `{"version":"2008-10-17","policy_id":"id","statement":[
{"sid":"","effect":"Deny","not_actions":["iam:*"],"not_resources":["arn:aws:s3:::a"],"resources":null,
"principals":[{"type":"AWS","identifiers":["1"]},{"type":"AWS","identifiers":[null]},{"type":"Service","identifiers":["a","b"]}],
"condition":[{"test":"StringLike","variable":"aws:x","values":["a"]},{"test":"StringLike","variable":"aws:x","values":[null]},{"test":"Bool","values":["true"]},{"test":"Bool","values":["false"]}]},
{"actions":[null,"s3:*"],"resources":["*"],"principals":[{"type":"*","identifiers":["*"]}]},
{"actions":["a:b"],"principals":[{"identifiers":["x"]}]}]}`,
		`{"json":true,"statement":[{"principals":[{},{"identifiers":[true]},{}],"condition":[{},{"values":[true]},{"variable":true},{"variable":true}]},{"actions":[true,false],"effect":true},{"principals":[{"type":true}]}]}`)
	want := map[string]any{"Version": "2008-10-17", "Id": "id", "Statement": []any{
		map[string]any{
			"Effect": "Deny", "NotAction": []any{"iam:*"}, "NotResource": []any{"arn:aws:s3:::a"},
			"Principal": map[string]any{"AWS": []any{"1", nil}, "Service": []any{"a", "b"}},
			"Condition": map[string]any{
				"StringLike": map[string]any{"aws:x": []any{"a", nil}},
				"Bool":       map[string]any{"${unknown}": []any{"true"}, "${unknown2}": []any{"false"}},
			},
		},
		map[string]any{"Action": []any{nil, "s3:*"}, "Resource": []any{"*"}, "Principal": "*"},
		map[string]any{"Effect": "Allow", "Action": []any{"a:b"}},
	}}
	if diff := cmp.Diff(want, at(t, d, "policy")); diff != "" {
		t.Error(diff)
	}
	wantKnowledge(t, d, map[string]string{
		"policy.Statement[0].Principal.AWS[1]":              "unknown data_source",
		`policy.Statement[0].Condition.StringLike.aws:x[1]`: "unknown data_source",
		"policy.Statement[1].Action":                        "partial data_source",
		"policy.Statement[1].Action[0]":                     "unknown data_source",
		"policy.Statement[1].Effect":                        "unknown data_source",
		"policy.Statement[2].Principal":                     "partial after_apply",
	})
}

func TestPolicies_MergeSourcesAndOverrides(t *testing.T) {
	d := policyPlan(t, `{"source_policy_documents":["{\"Statement\":{\"Sid\":\"S\",\"Action\":\"a:a\"}}"],
"override_policy_documents":["{\"Statement\":[{\"Sid\":\"Own\",\"Action\":\"b:b\"},{\"Sid\":\"New\",\"Action\":\"c:c\"}]}","no policy"],
"statement":[{"sid":"Own","actions":[null]}]}`, `{"json":true,"statement":[{"actions":[true]}]}`)
	want := []any{map[string]any{"Sid": "S", "Action": "a:a"}, map[string]any{"Sid": "Own", "Action": "b:b"}, map[string]any{"Sid": "New", "Action": "c:c"}}
	if diff := cmp.Diff(want, at(t, d, "policy.Statement")); diff != "" {
		t.Error(diff)
	}
	wantKnowledge(t, d, map[string]string{"policy.Statement": "partial unevaluated_expression", "policy.Statement[1].Action": "known"})
	if len(d.RawStates) != 1 {
		t.Errorf("states of the replaced statement stay: %v", d.RawStates)
	}
}

func TestPolicies_KeepWhatIsSensitive(t *testing.T) {
	data := strings.Replace(strings.Replace(change("aws_iam_policy_document", "p", "read", `{"statement":[{"actions":["a:b"],"resources":["x","secret"],"condition":[{"test":"Bool","variable":"k","values":["v"]}]}]}`,
		`{"json":true}`, `{"statement":[{"resources":[false,true],"condition":[{"values":true}]}]}`), `"managed"`, `"data"`, 1), `"address":"`, `"address":"data.`, 1)
	d := load(t, plan(data+","+change("aws_iam_policy", "x", "create", `{}`, `{"policy":true}`, `{}`),
		configured("aws_iam_policy", "x", `{"policy":{"references":["data.aws_iam_policy_document.p.json","data.aws_iam_policy_document.p"]}}`))).doc("aws_iam_policy.x")
	var got []string
	for _, p := range d.Sensitive {
		got = append(got, p.String())
	}
	if diff := cmp.Diff([]string{"policy.Statement[0].Condition.Bool.k", "policy.Statement[0].Resource[1]"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestDecide_GeneratedNamesAreUnknown(t *testing.T) {
	l := load(t, plan(change("kubernetes_secret", "s", "create", `{"metadata":[{"generate_name":"app-","namespace":"x"}]}`, `{"metadata":[{"name":true,"labels":true}]}`, `{}`)+","+
		change("aws_iam_role", "r", "create", `{}`, `{"name":true,"name_prefix":true,"path":true}`, `{}`),
		configured("kubernetes_secret", "s", `{"metadata":[{"generate_name":{"constant_value":"app-"}}]}`)+","+configured("aws_iam_role", "r", `{}`)))
	wantKnowledge(t, l.doc("kubernetes_secret.s"), map[string]string{"metadata[0].name": "unknown after_apply", "metadata[0].labels": "absent"})
	wantKnowledge(t, l.doc("aws_iam_role.r"), map[string]string{"name": "unknown after_apply", "name_prefix": "absent", "path": "absent"})
}

func TestPolicies_WithoutStatementsStayUnknown(t *testing.T) {
	d := policyPlan(t, `{}`, `{"json":true,"statement":true}`)
	wantKnowledge(t, d, map[string]string{"policy": "unknown data_source"})
}
