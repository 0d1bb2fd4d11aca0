package tfeval_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfeval"
)

// callOf gives what a call of the EKS module with some arguments says about
// its endpoints and encryption.
func callOf(t *testing.T, arguments string) string {
	t.Helper()
	docs, diagnostics := evaluate(t, memory{"main.tf": "module \"eks\" {\n  source = \"terraform-aws-modules/eks/aws\"\n" + arguments + "\n}\n"}, tfeval.Settings{})
	d := docs["module.eks.aws_eks_cluster.this[0]"]
	if d == nil {
		return fmt.Sprintf("none, %d notes", len(diagnostics))
	}
	at := func(path ...any) any {
		v, _ := document.At(d.Raw, path)
		return v
	}
	return fmt.Sprint(
		"public ", at("vpc_config", 0, "endpoint_public_access"), ", private ", at("vpc_config", 0, "endpoint_private_access"),
		", encrypted ", at("encryption_config", 0, "resources"), ", mode ", at("access_config", 0, "authentication_mode"),
	)
}

func TestStandIn_DefaultsAreThoseOfTheMajorVersion(t *testing.T) {
	const (
		v18 = "public true, private false, encrypted <nil>, mode <nil>"
		v19 = "public false, private true, encrypted [secrets], mode <nil>"
		v20 = "public false, private true, encrypted [secrets], mode API_AND_CONFIG_MAP"
	)
	for arguments, want := range map[string]string{
		`version = "18.31.2"`:              v18,
		`version = "~> 19.0"`:              v19,
		`version = "~> 20.11"`:             v20,
		`version = ">= 20.0, < 21.0"`:      v20,
		`version = "~> 21.0"`:              v20,
		`manage_aws_auth_configmap = true`: v19,
		`cluster_name = "x"`:               v20,
		``:                                 v20,
		`version = "17.24.0"`:              "none, 1 notes",
		"version = \"20.1\"\ncluster_endpoint_public_access = true":                                                 "public true, private true, encrypted [secrets], mode API_AND_CONFIG_MAP",
		"version = \"20.1\"\ncluster_endpoint_private_access = null":                                                "public false, private <nil>, encrypted [secrets], mode API_AND_CONFIG_MAP",
		"version = \"21.1\"\nendpoint_private_access = null":                                                        v20,
		"version = \"21.1\"\nencryption_config = null":                                                              "public false, private true, encrypted <nil>, mode API_AND_CONFIG_MAP",
		"version = \"20.1\"\ncluster_encryption_config = {}":                                                        "public false, private true, encrypted <nil>, mode API_AND_CONFIG_MAP",
		"version = \"18.1\"\ncluster_encryption_config = [{ resources = [\"secrets\"], provider_key_arn = \"k\" }]": "public true, private false, encrypted [secrets], mode <nil>",
	} {
		if got := callOf(t, arguments); got != want {
			t.Errorf("%q: %s, want %s", arguments, got, want)
		}
	}
}

func TestStandIn_ValuesAreAtTheArgumentThatDecidesThem(t *testing.T) {
	text := `module "eks" {
  source                 = "git::https://github.com/terraform-aws-modules/terraform-aws-eks.git?ref=v21.19.0"
  endpoint_public_access = true
  eks_managed_node_groups = {
    blue = { metadata_options = { http_tokens = "optional" } }
    plain = {}
  }
}`
	docs, _ := evaluate(t, memory{"main.tf": text}, tfeval.Settings{})
	node := `module.eks.module.eks_managed_node_group["%s"].aws_launch_template.this[0]`
	for _, c := range []struct {
		address string
		path    document.Path
		want    string
		exact   bool
	}{
		{"module.eks.aws_eks_cluster.this[0]", document.Path{"vpc_config", 0, "endpoint_public_access"}, "true", true},
		{"module.eks.aws_eks_cluster.this[0]", document.Path{"vpc_config", 0, "endpoint_private_access"}, text, false},
		{fmt.Sprintf(node, "blue"), document.Path{"metadata_options", 0, "http_tokens"}, `"optional"`, true},
		{fmt.Sprintf(node, "plain"), document.Path{"metadata_options", 0, "http_tokens"}, text, false},
	} {
		d := docs[c.address]
		if d == nil {
			t.Fatalf("no %s", c.address)
		}
		r, exact := d.Locate(c.path)
		if diff := cmp.Diff(c.want, r.Text()); diff != "" || exact != c.exact {
			t.Errorf("%s %s is at %q (%v)", c.address, c.path, r.Text(), exact)
		}
	}
}

func TestStandIn_TablesAndResourcesUseTheSameInputs(t *testing.T) {
	entries, err := os.ReadDir("standins")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), ".yaml")
		if !ok {
			continue
		}
		data, err := os.ReadFile("standins/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		var table struct {
			Read    string         `yaml:"read"`
			Sources []string       `yaml:"sources"`
			Inputs  map[string]any `yaml:"inputs"`
		}
		if err := yaml.Unmarshal(data, &table); err != nil {
			t.Errorf("%s: %v", entry.Name(), err)
		}
		if table.Read == "" || len(table.Sources) == 0 {
			t.Errorf("%s says not what it is about, or when it was read", entry.Name())
		}
		text, err := os.ReadFile("standins/" + name + ".tf")
		if err != nil {
			t.Fatal(err)
		}
		used := map[string]bool{"major": true}
		for _, m := range regexp.MustCompile(`var\.(\w+)`).FindAllStringSubmatch(string(text), -1) {
			if used[m[1]] = true; table.Inputs[m[1]] == nil && m[1] != "major" {
				t.Errorf("%s.tf uses var.%s, which the table does not have", name, m[1])
			}
		}
		for input := range table.Inputs {
			if !used[input] {
				t.Errorf("%s.yaml has %s, which nothing uses", name, input)
			}
		}
	}
}
