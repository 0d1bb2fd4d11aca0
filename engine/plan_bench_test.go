package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// planSize is the size of the plan that is read, in bytes.
const planSize = 100 << 20

// writePlan writes a plan of about the given size. As in real ones, more than
// half of it is configuration, and most resources are rules, routes and
// attachments around a few clusters and node groups.
func writePlan(name string, size int) (err error) {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() {
		if e := file.Close(); err == nil {
			err = e
		}
	}()
	w := bufio.NewWriter(file)
	variables := strings.Repeat(`"an_input":{"default":{"a":[1,2,3],"b":"text that takes room"},"description":"What this input is for, in a sentence or two, as the modules of the registry have them."},`, 80)
	const resource = `{"address":"module.c%[1]d.%[2]s.%[3]s","module_address":"module.c%[1]d","mode":"managed","type":"%[2]s","name":"%[3]s","provider_name":"registry.terraform.io/hashicorp/aws",` +
		`"change":{"actions":["create"],"before":null,"after":%[4]s,"after_unknown":%[5]s,"before_sensitive":false,"after_sensitive":{}}}`
	calls := []string{}
	written := 0
	fmt.Fprint(w, `{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[`)
	for n := 0; written < size; n++ {
		if n > 0 {
			fmt.Fprint(w, ",")
		}
		add := func(kind, name, after, unknown string) {
			if name != "this" {
				fmt.Fprint(w, ",")
			}
			k, _ := fmt.Fprintf(w, resource, n, kind, name, after, unknown)
			written += k
		}
		add("aws_eks_cluster", "this", fmt.Sprintf(`{"name":"c%d","version":"1.34","enabled_cluster_log_types":["api","audit"],"tags":{"team":"platform"},"vpc_config":[{"endpoint_private_access":true,"endpoint_public_access":%t,"subnet_ids":[null,null]}]}`, n, n%2 == 0),
			`{"arn":true,"id":true,"role_arn":true,"vpc_config":[{"public_access_cidrs":true,"subnet_ids":[true,true],"vpc_id":true}]}`)
		add("aws_iam_role", "nodes", fmt.Sprintf(`{"name":"nodes-%d","assume_role_policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"}}]}"}`, n), `{"arn":true,"id":true}`)
		for i := range 3 {
			add("aws_eks_node_group", fmt.Sprintf("g%d", i), fmt.Sprintf(`{"node_group_name":"g%d","cluster_name":"c%d","instance_types":["m7g.large"],"scaling_config":[{"desired_size":2,"max_size":4,"min_size":1}]}`, i, n),
				`{"arn":true,"id":true,"node_role_arn":true,"subnet_ids":true,"ami_type":true,"launch_template":[]}`)
			add("aws_iam_role_policy_attachment", fmt.Sprintf("p%d", i), fmt.Sprintf(`{"role":"nodes-%d","policy_arn":"arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"}`, n), `{"id":true}`)
		}
		for i := range 6 {
			add("aws_security_group_rule", fmt.Sprintf("r%d", i), fmt.Sprintf(`{"cidr_blocks":["10.%d.0.0/16"],"description":"rule","from_port":%d,"to_port":%d,"protocol":"tcp","type":"ingress","self":false,"prefix_list_ids":null}`, i, 1000+i, 1000+i),
				`{"id":true,"security_group_id":true,"source_security_group_id":true,"security_group_rule_id":true}`)
			add("aws_route", fmt.Sprintf("t%d", i), `{"destination_cidr_block":"0.0.0.0/0","timeouts":null}`, `{"id":true,"route_table_id":true,"nat_gateway_id":true,"state":true}`)
		}
		call := fmt.Sprintf(`"c%d":{"source":"./cluster","expressions":{"name":{"constant_value":"c%[1]d"}},"module":{"resources":[`+
			`{"address":"aws_eks_cluster.this","mode":"managed","type":"aws_eks_cluster","name":"this","provider_config_key":"aws","expressions":{"name":{"references":["var.name"]},"vpc_config":[{"subnet_ids":{"references":["var.subnets"]}}]}},`+
			`{"address":"aws_iam_role.nodes","mode":"managed","type":"aws_iam_role","name":"nodes","provider_config_key":"aws","expressions":{"name":{"references":["var.name"]}}}],"variables":{%s"name":{}}}}`, n, variables)
		calls = append(calls, call)
		written += len(call)
	}
	fmt.Fprintf(w, `],"configuration":{"root_module":{"module_calls":{%s}}},"complete":true,"errored":false}`, strings.Join(calls, ","))
	return w.Flush()
}

// BenchmarkPlan reads and judges a plan of 100 MB. Peak is the largest the heap
// has been (runtime.MemStats.HeapSys), which includes what waits to be
// collected; kept is what the documents and the text hold.
func BenchmarkPlan(b *testing.B) {
	name := filepath.Join(b.TempDir(), "plan.json")
	if err := writePlan(name, planSize); err != nil {
		b.Fatal(err)
	}
	e, err := engine.New(b.Context(), engine.Options{Bundled: policies.FS})
	if err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil {
		b.Fatal(err)
	}
	megabytes := float64(info.Size()) / (1 << 20)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var loaded loaders.Result
	b.ResetTimer()
	for b.Loop() {
		if loaded, err = loaders.Load(context.Background(), []string{name}, nil, loaders.Options{}); err != nil {
			b.Fatal(err)
		}
		r, err := e.Check(context.Background(), loaded)
		if err != nil || len(r.Diagnostics) > 0 {
			b.Fatal(err, r.Diagnostics)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/megabytes*10, "s/10MB")
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapSys)/(1<<20), "MB-peak")
	b.ReportMetric(float64(after.HeapSys)/(1<<20)/megabytes, "MB-peak/MB")
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20)/megabytes, "MB-kept/MB")
	b.ReportMetric(float64(len(loaded.Documents)), "docs")
}
