package canon

import (
	"fmt"
	"os"
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

func BenchmarkComplete(b *testing.B) {
	docs := manyDocs(b, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		reset(docs)
		b.StartTimer()
		Complete(docs)
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
