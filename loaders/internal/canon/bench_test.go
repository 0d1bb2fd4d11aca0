package canon

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// manyDocs makes documents of the kinds a stack holds most of.
func manyDocs(tb testing.TB, n int) []*document.Document {
	tb.Helper()
	texts := []struct{ kind, text string }{
		{"aws_security_group_rule", `{"type":"ingress","protocol":"tcp","from_port":443,"to_port":443,"cidr_blocks":["10.0.0.0/8"],"security_group_id":"sg-1"}`},
		{"aws_iam_role_policy_attachment", `{"role":"r","policy_arn":"arn:aws:iam::aws:policy/A"}`},
		{"aws_subnet", `{"vpc_id":"v","cidr_block":"10.0.0.0/24","availability_zone":"eu-west-1a","tags_all":{"Name":"x","kubernetes.io/role/elb":"1"}}`},
		{"AWS::IAM::Role", `{"RoleName":"r","AssumeRolePolicyDocument":` + irsaPolicy + `,"ManagedPolicyArns":["a","b"]}`},
		{"aws_eks_node_group", `{"cluster_name":"c","node_group_name":"n","node_role_arn":"arn:r","subnet_ids":["a","b"],"scaling_config":[{"min_size":1,"max_size":3}]}`},
		{"aws_eks_cluster", `{"name":"c","role_arn":"r","vpc_config":[{"subnet_ids":["a","b"],"endpoint_public_access":true,"public_access_cidrs":["10.0.0.0/8"]}]}`},
		{"aws_cloudwatch_log_group", `{"name":"/aws/eks/c/cluster","retention_in_days":30}`},
		{"aws_launch_template", `{"name":"lt","block_device_mappings":[{"ebs":[{"encrypted":"true"}]}],"metadata_options":[{"http_tokens":"required"}]}`},
		{"null_resource", `{"triggers":{"a":"b"}}`},
		{"v1/ConfigMap", `{"metadata":{"name":"c"},"data":{"a":"b"}}`},
	}
	out := make([]*document.Document, 0, n)
	raws := make([]map[string]any, len(texts))
	for i, c := range texts {
		raws[i] = parseRaw(tb, c.text)
	}
	for i := range n {
		c := texts[i%len(texts)]
		d := &document.Document{ID: fmt.Sprintf("f#%d", i), Kind: c.kind, Raw: raws[i%len(texts)], Scope: "s", Format: "terraform-plan"}
		if i%4 == 0 {
			d.RawStates = unknownStates("role_arn", "tags_all", "vpc_config[0].subnet_ids[1]")
		}
		out = append(out, d)
	}
	return out
}

func reset(docs []*document.Document) {
	for _, d := range docs {
		d.Type, d.Attr, d.States, d.Written = "", nil, nil, nil
	}
}

// managedDocs makes objects of Cluster API, Crossplane and ACK, alike in every
// folder, that refer to each other by name.
func managedDocs(tb testing.TB, n int) []*document.Document {
	tb.Helper()
	texts := []struct{ kind, name, text string }{
		{"iam.aws.upbound.io/v1beta1/Role", "nodes", `{"metadata":{"name":"nodes"},"spec":{"forProvider":{}}}`},
		{"eks.aws.upbound.io/v1beta1/Cluster", "main", `{"metadata":{"name":"main"},"spec":{"forProvider":{"roleArnRef":{"name":"nodes"}}}}`},
		{"eks.aws.upbound.io/v1beta1/NodeGroup", "ng", `{"spec":{"forProvider":{"clusterNameRef":{"name":"main"},"nodeRoleArnRef":{"name":"nodes"}}}}`},
		{"eks.services.k8s.aws/v1alpha1/Addon", "cni", `{"spec":{"name":"vpc-cni","clusterRef":{"from":{"name":"main"}}}}`},
		{"cluster.x-k8s.io/v1beta1/Cluster", "fleet", `{"spec":{"controlPlaneRef":{"kind":"AWSManagedControlPlane","name":"plane"}}}`},
		{"controlplane.cluster.x-k8s.io/v1beta2/AWSManagedControlPlane", "plane", `{"spec":{"eksClusterName":"main"}}`},
		{"cluster.x-k8s.io/v1beta1/MachinePool", "pool", `{"spec":{"clusterName":"fleet","template":{"spec":{"infrastructureRef":{"kind":"AWSManagedMachinePool","name":"pool"}}}}}`},
		{"infrastructure.cluster.x-k8s.io/v1beta2/AWSManagedMachinePool", "pool", `{"spec":{"eksNodegroupName":"ng"}}`},
	}
	raws := make([]map[string]any, len(texts))
	for i, c := range texts {
		raws[i] = parseRaw(tb, c.text)
	}
	out := make([]*document.Document, 0, n)
	for i := range n {
		c := texts[i%len(texts)]
		out = append(out, &document.Document{
			ID: fmt.Sprintf("env/%d/f.yaml#%s/%s", i/len(texts), c.kind, c.name), Kind: c.kind, Name: c.name, Namespace: "",
			Raw: raws[i%len(texts)], Format: "kubernetes",
		})
	}
	return out
}

func TestComplete_FollowsReferencesInTheirOwnFolder(t *testing.T) {
	for _, d := range Complete(managedDocs(t, 80)) {
		if d.Type != "node_group" || d.Kind != "eks.aws.upbound.io/v1beta1/NodeGroup" {
			continue
		}
		folder, _, _ := strings.Cut(d.ID, "#")
		if len(d.Refs) != 2 {
			t.Errorf("%s: %d references", d.ID, len(d.Refs))
		}
		for _, r := range d.Refs {
			if !strings.HasPrefix(r.To, document.ObjectToken+folder+"#") {
				t.Errorf("%s refers to %s", d.ID, r.To)
			}
		}
		if attrOf(d, "cluster") != "main" || attrOf(d, "role") != "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/nodes" {
			t.Errorf("%s: cluster %v, role %v", d.ID, attrOf(d, "cluster"), attrOf(d, "role"))
		}
	}
}

func TestComplete_WorkGrowsWithTheDocuments(t *testing.T) {
	for name, documents := range map[string]func(testing.TB, int) []*document.Document{"resources": manyDocs, "managed objects": managedDocs} {
		cost := func(n int) float64 {
			both := testing.AllocsPerRun(1, func() { Complete(documents(t, n)) })
			return both - testing.AllocsPerRun(1, func() { documents(t, n) })
		}
		few, many := cost(1000), cost(10_000)
		if many > 1.1*10*few {
			t.Errorf("%s: 1,000 documents: %.0f allocations, 10,000: %.0f (%.1f times)", name, few, many, many/few)
		}
	}
}

func BenchmarkComplete(b *testing.B) {
	for name, documents := range map[string]func(testing.TB, int) []*document.Document{"resources": manyDocs, "managed": managedDocs} {
		for _, n := range []int{1000, 10_000, 50_000} {
			b.Run(fmt.Sprintf("%s/documents=%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					b.StopTimer()
					docs := documents(b, n)
					b.StartTimer()
					Complete(docs)
				}
			})
		}
	}
}

func BenchmarkTables(b *testing.B) {
	b.Run("compiled", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, e := range entries() {
				e.load()
			}
		}
	})
	b.Run("one", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			e, _ := lookUp("aws_eks_cluster")
			e.load()
		}
	})
	b.Run("yaml", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			text, err := os.ReadFile("tables/eks_cluster.yaml")
			if err != nil {
				b.Fatal(err)
			}
			if err := yaml.Unmarshal(text, &table{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestComplete_AllocationsStayInBudget holds twice the count measured when it
// was written: about 57 for an average document of manyDocs.
func TestComplete_AllocationsStayInBudget(t *testing.T) {
	docs := manyDocs(t, 1000)
	got := testing.AllocsPerRun(3, func() {
		reset(docs)
		Complete(docs)
	})
	if perDocument := got / float64(len(docs)); perDocument > 114 {
		t.Errorf("%.0f allocations a document", perDocument)
	}
}
