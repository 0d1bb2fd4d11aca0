package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// secretFiles are inputs of every format with %[n]s where a secret stands, the
// broken ones among them. The secrets are: 1 a text of letters and digits, 2 one
// with punctuation, 3 its base64, 4 a password of a URL, 5 a number with letters.
func secretFiles() map[string]string {
	return map[string]string{
		"k8s/deploy.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata:
      annotations:
        example.com/db-password: "%[1]s"
        example.com/dsn: "postgres://shop:%[4]s@db:5432/shop"
    spec:
      hostNetwork: true
      containers:
      - name: web
        image: nginx
        env:
        - {name: API_TOKEN, value: "%[2]s"}
        - name: DB_PASSWORD
          value: "%[1]s"
        - {name: ODD, value: "%[1]s"}
        args: ["--api-key=%[5]s", "--client-secret", "%[1]s", "--url=amqp://x:%[4]s@mq"]
        command: [sh, -c, "export DB_PASSWORD=%[1]s; run"]
        securityContext: {privileged: true}
        # password: %[1]s
      - name: odd
        image: "nginx:%[1]s"
        securityContext: {privileged: true}
`,
		"k8s/config.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: app
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"data":{"password":"%[1]s"}}'
data:
  db.password: "%[1]s"
  app.properties: |
    user=shop
    password=%[5]s
    url = https://u:%[4]s@host/x
  key.pem: |
    -----BEGIN RSA PRIVATE KEY-----
    %[1]s%[5]s
    -----END RSA PRIVATE KEY-----
---
apiVersion: v1
kind: Secret
metadata: {name: db, annotations: {note: "was %[1]s"}}
stringData: {plain: "%[2]s"}
data: {coded: %[3]s}
---
apiVersion: v1
kind: Secret
type: kubernetes.io/dockerconfigjson
metadata: {name: pull}
stringData: {.dockerconfigjson: '{"auths":{"r":{"auth":"%[5]s"}}}'}
`,
		"k8s/broken.yaml": "apiVersion: v1\nkind: Secret\nstringData:\n  password: \"%[1]s\n",
		"k8s/tabs.yaml":   "apiVersion: v1\nkind: Secret\nstringData:\n\tpassword: %[5]s\n",
		"plan/plan.json": `{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{}},
 "variables":{"db_password":{"value":"%[1]s"}},
 "resource_changes":[
  {"address":"aws_eks_cluster.this","mode":"managed","type":"aws_eks_cluster","name":"this","provider_name":"registry.terraform.io/hashicorp/aws",
   "change":{"actions":["create"],"before":null,"after":{"name":"shop","token":"%[2]s","vpc_config":[{"endpoint_public_access":true,"public_access_cidrs":["0.0.0.0/0"]}]},"after_unknown":{},"before_sensitive":false,"after_sensitive":{"token":true}}},
  {"address":"kubernetes_pod_v1.x","mode":"managed","type":"kubernetes_pod_v1","name":"x","provider_name":"registry.terraform.io/hashicorp/kubernetes",
   "change":{"actions":["create"],"before":null,"after":{"metadata":[{"name":"x"}],"spec":[{"container":[{"name":"c","image":"nginx","env":[{"name":"API_TOKEN","value":"%[5]s"}],"security_context":[{"privileged":true}]}]}]},"after_unknown":{},"after_sensitive":{}}},
  {"address":"helm_release.r","mode":"managed","type":"helm_release","name":"r","provider_name":"registry.terraform.io/hashicorp/helm",
   "change":{"actions":["create"],"before":null,"after":{"name":"r","chart":"c","set":[{"name":"auth.password","value":"%[1]s"}],"values":["auth:\n  password: %[5]s\n"]},"after_unknown":{},"after_sensitive":{}}}
 ],"configuration":{"root_module":{"variables":{"db_password":{"default":"%[1]s"}}}}}
`,
		"tf/main.tf": `variable "db_password" {
  default   = "%[1]s"
  sensitive = true
}
resource "aws_eks_cluster" "this" {
  name = "shop"
  vpc_config {
    endpoint_public_access = true
    subnet_ids = ["a", "b"]
  }
}
resource "kubernetes_secret" "db" {
  metadata { name = "db" }
  data = { password = var.db_password, other = "%[5]s" }
}
resource "kubernetes_pod_v1" "p" {
  metadata { name = "p" }
  spec {
    container {
      name  = "c"
      image = "nginx"
      env {
        name  = "DB_PASSWORD"
        value = "%[2]s"
      }
      env {
        name  = "ODD"
        value = var.db_password
      }
      security_context { privileged = true }
    }
  }
}
`,
		"cfn/stack.yaml": `Parameters:
  Pin: {Type: String, NoEcho: true, Default: "%[1]s"}
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      Name: !Sub "shop-${Pin}"
      Tags: [{Key: db-password, Value: "%[5]s"}, {Key: pin, Value: !Ref Pin}]
      ResourcesVpcConfig: {SubnetIds: [a, b], EndpointPublicAccess: true}
  Db:
    Type: AWS::RDS::DBInstance
    Properties: {MasterUserPassword: "%[2]s"}
`,
		"eksctl/cluster.yaml": `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: shop, region: eu-west-1, tags: {api-token: "%[1]s"}}
managedNodeGroups:
- name: ng
  instanceType: m5.large
  ssh: {allow: true}
  preBootstrapCommands: ["export NODE_TOKEN=%[5]s", "curl https://u:%[4]s@host"]
`,
		"chart/Chart.yaml":  "apiVersion: v2\nname: c\nversion: 0.1.0\n",
		"chart/values.yaml": "db:\n  password: \"%[1]s\"\ntoken: \"%[5]s\"\nprivileged: true\n",
		"chart/templates/pod.yaml": `apiVersion: v1
kind: Pod
metadata: {name: c}
spec:
  containers:
  - name: c
    image: nginx
    env: [{name: DB_PASSWORD, value: {{ .Values.db.password | quote }}}, {name: ODD, value: {{ .Values.token | quote }}}]
    securityContext: {privileged: {{ .Values.privileged }}}
---
apiVersion: v1
kind: Secret
metadata: {name: c}
data: {token: {{ .Values.token | b64enc }}}
`,
	}
}

// No command prints a secret, whatever format it stands in and whatever is
// wrong around it.
func TestCommands_PrintNoSecret(t *testing.T) {
	commands := [][]string{
		{"check", "--profile", "strict", "--fail-on", "never", "-v", "--include-passed"},
		{"check", "--profile", "strict", "-o", "json", "-v", "--include-passed"},
		{"check", "--profile", "strict", "-o", "sarif"},
		{"check", "--rule", "pod/privileged", "-o", "text", "--color"},
		{"check", "--write-baseline", "known.json"},
		{"inspect"},
		{"inspect", "--links", "json"},
		{"inspect", "--links", "dot"},
		{"inspect", "--links", "mermaid"},
		{"explain", "PLM-POD-032"},
	}
	const seed = 7
	secrets := []string{
		rapid.StringMatching(`[A-Z][a-z0-9]{6}[A-Z][a-z0-9]{8}`).Example(seed),
		rapid.StringMatching(`[A-Z][a-z]{4}[0-9][!+*-][a-z]{6}[0-9]`).Example(seed),
		"", // the second one's other form
		rapid.StringMatching(`[a-z]{3}[0-9]{3}[a-z]{5}`).Example(seed),
		rapid.StringMatching(`[0-9]{4}[A-Z]{3}[0-9]{4}[a-z]{3}`).Example(seed),
	}
	coded := rapid.StringMatching(`[A-Z][a-z0-9]{14}`).Example(seed + 100)
	secrets[2] = base64.StdEncoding.EncodeToString([]byte(coded))
	dir := t.TempDir()
	for name, text := range secretFiles() {
		args := make([]any, len(secrets))
		for i, s := range secrets {
			args[i] = s
		}
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		text = strings.TrimSuffix(fmt.Sprintf(text+"%[1]s%[2]s%[3]s%[4]s%[5]s", args...), strings.Join(secrets, ""))
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	for _, c := range commands {
		var out bytes.Buffer
		run(append([]string{"plimsoll"}, c...), strings.NewReader(""), &out, &out)
		if out.Len() < 200 && c[0] != "check" {
			t.Errorf("%v printed next to nothing: %s", c, &out)
		}
		for i, s := range append(secrets, coded) {
			for line := range strings.Lines(out.String()) {
				if at := strings.Index(line, s); at >= 0 {
					t.Errorf("%v prints secret %d (%s): …%s…", c, i+1, s, line[max(0, at-120):min(len(line), at+40)])
				}
			}
		}
	}
	if known, err := os.ReadFile("known.json"); err != nil || len(known) == 0 {
		t.Errorf("no baseline: %v", err)
	}
}
