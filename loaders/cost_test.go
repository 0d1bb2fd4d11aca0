//go:build unix

package loaders_test

import (
	"fmt"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/plimsoll-dev/plimsoll/loaders"
)

// costly has texts of about a size that would take long where work grows faster
// than the text.
func costly(size int) map[string]map[string]string {
	fill := func(part func(i int) string) string {
		var b strings.Builder
		for i := 0; b.Len() < size; i++ {
			b.WriteString(part(i))
		}
		return b.String()
	}
	const object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	one := func(name, text string) map[string]string { return map[string]string{name: text} }
	nest := func(open, end string, n int) string { return strings.Repeat(open, n) + strings.Repeat(end, n) }
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 40; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 8), ", "))
	}
	out := map[string]map[string]string{
		"documents":  one("a.yaml", fill(func(i int) string { return "---\n" + strings.Replace(object, "name: a", "name: a"+strconv.Itoa(i), 1) })),
		"one name":   one("a.yaml", fill(func(int) string { return "---\n" + object })),
		"separators": one("a.yaml", object+fill(func(int) string { return "---\n" })),
		"comments":   one("a.yaml", object+fill(func(int) string { return "# Source: a/templates/b.yaml\n" })),
		"keys":       one("a.yaml", object+"data:\n"+fill(func(i int) string { return fmt.Sprintf("  k%d: v\n", i) })),
		"one key":    one("a.yaml", object+"data:\n"+fill(func(int) string { return "  k: v\n" })),
		"flow lists": one("a.yaml", object+"x: "+nest("[", "]", size/2)),
		"flow maps":  one("a.yaml", object+"x: "+nest("{a: ", "}", size/5)),
		"indentation": one("a.yaml", object+"x:\n"+func() string {
			var b strings.Builder
			for i := 1; b.Len() < size; i++ {
				b.WriteString(strings.Repeat(" ", i) + "a:\n")
			}
			return b.String()
		}()),
		"aliases":      one("a.yaml", object+bomb),
		"merge keys":   one("a.yaml", object+"b: &b {x: y}\n"+fill(func(i int) string { return fmt.Sprintf("c%d: {<<: *b}\n", i) })),
		"quotes":       one("a.yaml", object+"x: "+strings.Repeat("'", size)),
		"one line":     one("a.yaml", object+"x: "+strings.Repeat("a: ", size/3)),
		"block scalar": one("a.yaml", object+"data:\n  x: |\n"+fill(func(int) string { return "    text\n" })),
		"placeholders": one("a.yaml", strings.Replace(object, "name: a", "name: '${A}'", 1)+"data:\n"+fill(func(i int) string { return fmt.Sprintf("  k%d: ${A:=${B}\n", i) })),
		"manifests inside": one("a.yaml", object+"data:\n  a.yaml: |\n"+fill(func(i int) string {
			return fmt.Sprintf("    ---\n    {apiVersion: v1, kind: Pod, metadata: {name: p%d}}\n", i)
		})),
		"items": one("a.yaml", "apiVersion: v1\nkind: List\nitems:\n"+fill(func(i int) string {
			return fmt.Sprintf("- {apiVersion: v1, kind: Pod, metadata: {name: p%d}, spec: {containers: [{name: a}]}}\n", i)
		})),
		"lists in lists": one("a.json", strings.Repeat(`{"apiVersion":"v1","kind":"List","items":[`, size/50)+strings.Repeat("]}", size/50)),
		"containers":     one("a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n"+fill(func(i int) string { return fmt.Sprintf("  - {name: c%d, image: a, env: [{name: A, value: b}]}\n", i) })),
		"JSON":           one("a.json", `{"apiVersion":"v1","kind":"Pod","x":`+nest(`{"a":`, "}", size/6)+"}"),
		"node groups": one("a.yaml", "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: a, region: eu-west-1}\nmanagedNodeGroups:\n"+fill(func(i int) string {
			return fmt.Sprintf("- {name: g%d, instanceTypes: [m5.large], desiredCapacity: 1}\n", i)
		})),
		"mappings": one("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: aws-auth, namespace: kube-system}\ndata:\n  mapRoles: |\n"+fill(func(i int) string {
			return fmt.Sprintf("    - {rolearn: 'arn:aws:iam::111122223333:role/r%d', groups: [a]}\n", i)
		})),
		"template": one("a.yaml", "Resources:\n"+fill(func(i int) string {
			return fmt.Sprintf("  R%d: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${R%d}x'}}\n", i+1, i)
		})),
		"terraform": one("a.tf", fill(func(i int) string { return fmt.Sprintf("locals {\n  l%d = \"${local.l%d}x\"\n}\n", i+1, i) })),
	}
	out["resources"] = map[string]string{"kustomization.yaml": "resources:\n"}
	for i := range min(size/300, 1500) {
		name := fmt.Sprintf("r%d.yaml", i)
		out["resources"][name] = strings.Replace(object, "name: a", "name: a"+strconv.Itoa(i), 1) + "data: {a: b}\n"
		out["resources"]["kustomization.yaml"] += "- " + name + "\n"
	}
	chart := func(template, values string) map[string]string {
		return map[string]string{"Chart.yaml": "apiVersion: v2\nname: a\nversion: 0.1.0\n", "templates/a.yaml": template, "values.yaml": values}
	}
	out["template actions"] = chart(object+"data:\n"+fill(func(i int) string { return fmt.Sprintf("  k%d: {{ .Values.a | quote }}\n", i) }), "a: b\n")
	out["values"] = chart(object+"data: {{ .Values | toJson }}\n", fill(func(i int) string { return fmt.Sprintf("k%d: {a: b}\n", i) }))
	out["loops in loops"] = chart(object+strings.Repeat("{{ range until 1000 }}", 12)+strings.Repeat("{{ end }}", 12), "")
	return out
}

// cpu is the processor time of this process, which does not depend on what else
// the machine does.
func cpu(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// The bound is for every megabyte that is begun; an input of many tiny items (a
// node group of 15 bytes becomes two documents) is what comes nearest to it.
func TestLoad_NoShapeOfTextTakesMoreThanTwoSeconds(t *testing.T) {
	const size = 1 << 19
	if testing.Short() {
		t.Skip("it takes a minute")
	}
	for name, files := range costly(size) {
		t.Run(name, func(t *testing.T) {
			tree(t, files)
			start := cpu(t)
			read(t, loaders.Options{Jobs: 1}, "", ".")
			took := cpu(t) - start
			t.Log(took)
			if took > onePerMB {
				t.Errorf("half a megabyte takes %v", took)
			}
		})
	}
}
