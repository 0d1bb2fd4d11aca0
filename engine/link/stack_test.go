package link

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// estate makes n applications in as many formats as take part in joins: ten
// documents each, and one cluster. Names, labels and namespaces repeat.
func estate(n int) []*document.Document {
	docs := make([]*document.Document, 0, 10*n+1)
	docs = append(docs, tf("infra/plan.json", "aws_eks_cluster.main", "eks_cluster", obj{"name": "main", "auto_mode": obj{"enabled": true}}))
	for i := range n {
		ns, name := fmt.Sprintf("team-%d", i/20), fmt.Sprintf("app-%d", i)
		file := fmt.Sprintf("k8s/%s/%s.yaml", ns, name)
		pods := obj{"app": name, "part-of": "shop"}
		web := deployment(file, ns, name, pods)
		web.Attr["service_account"] = name
		web.Attr["containers"] = arr{obj{"name": "app", "image": "registry.example.com/shop/" + name + ":1"}}
		docs = append(docs, web,
			account(file, ns, name, obj{"role_arn": role + name}),
			service(file, ns, name, obj{"app": name}, []string{"internet", "cluster", "node"}[i%3]),
			ingress(file, ns, name, obj{"exposure": "internet", "backends": to(name)}),
			netpolDoc(file, ns, name, obj{"pod_selector": obj{"matchLabels": obj{"app": name}}, "policy_types": arr{"Ingress"}}),
			k8s(file, "rbac.authorization.k8s.io/v1/RoleBinding", ns, name, "rbac_binding", obj{
				"cluster_scoped": false, "role": obj{"kind": "ClusterRole", "name": "view"},
				"subjects": arr{obj{"kind": "ServiceAccount", "namespace": ns, "name": name}},
			}),
			tf("infra/plan.json", "aws_iam_role."+name, "iam_role", obj{
				"name": name, "path": "/", "trust": policyOf(irsa(issuer, "StringEquals", "system:serviceaccount:"+ns+":"+name)),
			}),
			tf("infra/plan.json", "aws_iam_policy."+name, "iam_policy", obj{"name": name, "document": policyOf(statement("Allow", arr{"s3:*"}, arr{"*"}))}),
			tf("infra/plan.json", "aws_iam_role_policy_attachment."+name, "iam_policy_attachment", obj{"roles": arr{name}},
				unknown("policy", document.AfterApply, "tf:infra/plan.json#aws_iam_policy."+name)),
			tf("infra/plan.json", "aws_eks_access_entry."+name, "access_entry", obj{"cluster": "main", "principal": role + name, "kubernetes_groups": arr{"team"}}),
		)
	}
	return docs
}

func netpolDoc(file, ns, name string, attr obj) *document.Document {
	return k8s(file, "networking.k8s.io/v1/NetworkPolicy", ns, name, "network_policy", attr)
}

func TestEstateIsJoinedAcrossFormats(t *testing.T) {
	s := Build(estate(100))
	for relation, want := range map[string]int{
		SAOf: 100, RoleOf: 100, PodRoleOf: 100, TrustsSA: 100, ServicesOf: 100, IngressesOf: 100, NetpolsOf: 100,
		BindingsOf: 100, PoliciesOf: 100, AttachmentsOf: 100, ClusterOf: 700, RBACRoleOf: 0,
	} {
		if got := len(edges(s, relation)); got != want {
			t.Errorf("%s: %d edges, want %d", relation, got, want)
		}
	}
	if got := len(object(s.Facts["exposure"])); got != 100 {
		t.Errorf("%d workloads exposed, want 100", got)
	}
	for relation, byID := range s.Links {
		forward, backward := 0, 0
		for _, l := range byID {
			forward += len(l)
		}
		for _, l := range s.Backlinks[relation] {
			backward += len(l)
		}
		if forward != backward {
			t.Errorf("%s: %d edges and %d backlinks", relation, forward, backward)
		}
	}
}

func TestOrderOfDocumentsDoesNotMatter(t *testing.T) {
	docs := estate(40)
	docs = append(docs,
		deployment("a/web.yaml", "shop", "web", obj{"app": "web"}), deployment("b/web.yaml", "shop", "web", obj{"app": "web"}),
		service("a/svc.yaml", "shop", "web", obj{"app": "web"}, "internet"), service("c/svc.yaml", "shop", "web2", obj{"app": "web"}, "internet"),
		roleDoc("open", irsa(issuer, "")), daemonSet("falco", obj{"image": "falcosecurity/falco"}),
	)
	want, err := json.Marshal(Build(docs).Index())
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 0))
		shuffled := slices.Clone(docs)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		got, err := json.Marshal(Build(shuffled).Index())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s", seed, diff)
		}
	}
}

func TestIndexIsJSONShaped(t *testing.T) {
	index := Build(estate(3)).Index()
	wantValue(t, slices.Sorted(maps.Keys(index)), []string{"backlinks", "by_kind", "by_type", "facts", "links"})
	for _, r := range Relations() {
		if _, ok := get(index, "links", r).(map[string]any); !ok {
			t.Errorf("links of %s are missing", r)
		}
	}
	wantValue(t, get(index, "links", SAOf, "k8s/team-0/app-0.yaml#apps/v1/Deployment/team-0/app-0"),
		any(arr{obj{"to": "k8s/team-0/app-0.yaml#v1/ServiceAccount/team-0/app-0", "via": "value"}}))
	wantValue(t, get(index, "backlinks", SAOf, "k8s/team-0/app-0.yaml#v1/ServiceAccount/team-0/app-0"),
		any(arr{obj{"from": "k8s/team-0/app-0.yaml#apps/v1/Deployment/team-0/app-0", "via": "value"}}))
	var check func(path string, v any)
	check = func(path string, v any) {
		switch v := v.(type) {
		case nil, bool, string, int64, float64:
		case []any:
			for i, e := range v {
				check(fmt.Sprintf("%s[%d]", path, i), e)
			}
		case map[string]any:
			for k, e := range v {
				check(path+"."+k, e)
			}
		default:
			t.Errorf("%s is a %T", path, v)
		}
	}
	check("", any(index))
}

func TestEmptyStack(t *testing.T) {
	s := Build(nil)
	wantValue(t, s.Facts["evidence"], any(obj{"has_kubernetes": false, "has_cluster": false, "clusters": arr{}}))
	wantValue(t, len(s.Links), len(Relations()))
}

// TestSelectionAgreesWithEveryPair compares the hashed selection with the
// definition, pair by pair.
func TestSelectionAgreesWithEveryPair(t *testing.T) {
	keys, values := []string{"a", "b", "c"}, []string{"1", "2"}
	drawLabels := func(t *rapid.T, name string) obj {
		out := obj{}
		for _, k := range keys {
			if v := rapid.SampledFrom(append([]string{""}, values...)).Draw(t, name+k); v != "" {
				out[k] = v
			}
		}
		return out
	}
	rapid.Check(t, func(t *rapid.T) {
		var docs []*document.Document
		var workloads, policies []*document.Document
		for i := range rapid.IntRange(1, 6).Draw(t, "workloads") {
			ns := rapid.SampledFrom([]string{"x", "y"}).Draw(t, "namespace")
			workloads = append(workloads, deployment("k.yaml", ns, fmt.Sprint("w", i), drawLabels(t, "label")))
		}
		for i := range rapid.IntRange(1, 6).Draw(t, "policies") {
			ns := rapid.SampledFrom([]string{"x", "y"}).Draw(t, "namespace")
			selector := obj{"matchLabels": drawLabels(t, "match")}
			if rapid.Bool().Draw(t, "expression") {
				selector["matchExpressions"] = arr{obj{
					"key":      rapid.SampledFrom(keys).Draw(t, "key"),
					"operator": rapid.SampledFrom([]string{"In", "NotIn", "Exists", "DoesNotExist"}).Draw(t, "operator"),
					"values":   arr{rapid.SampledFrom(values).Draw(t, "value")},
				}}
			}
			policies = append(policies, policy(ns, fmt.Sprint("p", i), obj{"pod_selector": selector}))
		}
		docs = append(append(docs, workloads...), policies...)
		var want []string
		for _, w := range workloads {
			for _, p := range policies {
				if w.Namespace == p.Namespace && selects(p.Attr["pod_selector"].(obj), w.Attr["labels"].(obj)) {
					want = append(want, fmt.Sprintf("%s -> %s (value)", w.ID, p.ID))
				}
			}
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, edges(Build(docs), NetpolsOf)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

// selects is the definition of a label selector, written down once more.
func selects(selector, labels obj) bool {
	for k, v := range selector["matchLabels"].(obj) {
		if labels[k] != v {
			return false
		}
	}
	for _, e := range list(selector["matchExpressions"]) {
		m := e.(obj)
		v, has := labels[m["key"].(string)]
		in := has && slices.Contains(m["values"].(arr), v)
		switch m["operator"] {
		case "In":
			if !in {
				return false
			}
		case "NotIn":
			if in {
				return false
			}
		case "Exists":
			if !has {
				return false
			}
		case "DoesNotExist":
			if has {
				return false
			}
		}
	}
	return true
}

// unlike makes n pairs of one Deployment and one Service that all have the same
// name, each pair in a file of its own: a folder of examples.
func unlike(n int) []*document.Document {
	docs := make([]*document.Document, 0, 2*n)
	for i := range n {
		file := fmt.Sprintf("examples/%d.yaml", i)
		docs = append(docs, deployment(file, "default", "web", obj{"app": "web"}), service(file, "default", "web", obj{"app": "web"}, "internet"))
	}
	return docs
}

func TestExamplesInOneFolderAreNotMixed(t *testing.T) {
	s := Build(unlike(200))
	if got := len(edges(s, ServicesOf)); got != 200 {
		t.Errorf("%d edges, want one a file", got)
	}
}

// crowd makes namespaces with policies of their own, and ten workloads each:
// 1,000 of them are 10,000 workloads.
func crowd(n int) []*document.Document {
	docs := make([]*document.Document, 0, 16*n)
	for i := range n {
		ns := fmt.Sprint("ns", i)
		docs = append(docs, k8s("k.yaml", "v1/Namespace", "", ns, "namespace", obj{"labels": obj{"team": fmt.Sprint(i % 7)}}),
			netpolDoc("k.yaml", ns, "deny", obj{"pod_selector": obj{}, "policy_types": arr{"Ingress", "Egress"}}),
			netpolDoc("k.yaml", ns, "web", obj{"pod_selector": obj{"matchLabels": obj{"app": "w1"}}, "policy_types": arr{"Ingress"}}),
			account("k.yaml", ns, "runner", obj{}))
		for j := range 10 {
			w := deployment("k.yaml", ns, fmt.Sprint("w", j), obj{"app": fmt.Sprint("w", j), "tier": "all"})
			w.Attr["service_account"] = "runner"
			w.Attr["containers"] = arr{obj{"name": "c", "image": fmt.Sprintf("111122223333.dkr.ecr.eu-west-1.amazonaws.com/r%d:1", i)}}
			docs = append(docs, w)
		}
		docs = append(docs, service("k.yaml", ns, "w1", obj{"app": "w1"}, "cluster"), tf("a.json", fmt.Sprint("aws_ecr_repository.r", i), "ecr_repository", obj{"name": fmt.Sprint("r", i)}))
	}
	return docs
}

// fleet makes clusters in folders of their own, alike but for the folder.
func fleet(n int) []*document.Document {
	docs := make([]*document.Document, 0, 12*n)
	for i := range n {
		dir := fmt.Sprintf("clusters/%d/", i)
		own := func(kind, typ string, attr obj, o ...option) *document.Document {
			return tf(dir+"plan.json", kind+".x", typ, attr, o...)
		}
		refer := func(path, kind string) []option {
			return []option{unknown(path, document.AfterApply), ref(document.Path{path}, "tf:"+dir+"plan.json#"+kind+".x", "id")}
		}
		docs = append(docs,
			own("aws_eks_cluster", "eks_cluster", obj{"name": "main", "role": "cluster"}), own("aws_iam_role", "iam_role", obj{"name": "cluster"}),
			own("aws_eks_node_group", "node_group", obj{"name": "ng", "cluster": "main", "role": "cluster"}, refer("subnets", "aws_subnet")...),
			own("aws_subnet", "subnet", obj{}, refer("vpc", "aws_vpc")...), own("aws_vpc", "vpc", obj{}), own("aws_route_table", "route_table", obj{}),
			own("aws_route_table_association", "route_table_association", obj{}, append(refer("subnet", "aws_subnet"), refer("route_table", "aws_route_table")...)...),
			own("aws_lb", "load_balancer", obj{"name": "door"}, refer("security_groups", "aws_security_group")...), own("aws_security_group", "security_group", obj{"name": "sg"}),
			own("aws_cloudwatch_log_group", "log_group", obj{"name": "/aws/eks/main/cluster", "kms_key": "alias/logs"}), own("aws_kms_alias", "kms_alias", obj{"name": "alias/logs"}),
			deployment(dir+"web.yaml", "default", "web", obj{"app": "web"}),
		)
	}
	return docs
}

// growth measures how much more ten times the documents cost, in allocations:
// unlike time they are the same on every machine. BenchmarkBuild tells the time.
func growth(t *testing.T, documents func(int) []*document.Document, n int) {
	t.Helper()
	small, large := documents(n), documents(10*n)
	few := testing.AllocsPerRun(1, func() { Build(small) })
	many := testing.AllocsPerRun(1, func() { Build(large) })
	if many > 1.1*10*few {
		t.Errorf("%d documents: %.0f allocations, %d documents: %.0f (%.1f times)", len(small), few, len(large), many, many/few)
	}
}

func TestWorkGrowsWithTheDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("builds stacks of 10,000 documents")
	}
	for name, c := range map[string]struct {
		documents func(int) []*document.Document
		n         int
	}{"estate": {estate, 100}, "examples": {unlike, 500}, "namespaces": {crowd, 100}, "clusters": {fleet, 100}} {
		t.Run(name, func(t *testing.T) { growth(t, c.documents, c.n) })
	}
}

func TestFleet_IsNotMixed(t *testing.T) {
	s := Build(fleet(50))
	for relation, want := range map[string]int{ClusterOf: 100, SubnetsOf: 50, RouteTableOf: 50, LogGroupOf: 50, SecurityGroupsOf: 50, KMSKeyOf: 50, RoleOf: 100} {
		if got := len(edges(s, relation)); got != want {
			t.Errorf("%s: %d edges, want %d", relation, got, want)
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	for _, c := range []struct {
		name      string
		documents func(int) []*document.Document
		each      int
	}{{"estate", estate, 10}, {"namespaces", crowd, 16}, {"clusters", fleet, 12}} {
		for _, n := range []int{1000, 10_000, 50_000} {
			docs := c.documents(n / c.each)
			b.Run(fmt.Sprintf("%s/documents=%d", c.name, len(docs)), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					Build(docs)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(docs)), "ns/document")
			})
		}
	}
}
