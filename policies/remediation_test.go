package policies_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"           //nolint:depguard // an example is a part of a file, which loaders do not read
	"github.com/hashicorp/hcl/v2/hclsyntax" //nolint:depguard // as above
	"sigs.k8s.io/yaml"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// labels are the words a remediation's examples begin with, by format letter.
func labels() map[string]string {
	return map[string]string{"K": "Kubernetes", "T": "Terraform", "C": "CloudFormation", "E": "eksctl"}
}

// groups are those whose remediations have an example for each format.
func groups() []string { return []string{"POD", "ADM", "RBAC", "IMG", "RELI"} }

func TestRemediation_HasAnExampleToPasteForEveryFormat(t *testing.T) {
	library, broken, err := policy.Load(policies.FS, nil)
	if err != nil || len(broken) > 0 {
		t.Fatal(err, broken)
	}
	seen := map[string]int{}
	for _, r := range library.Rules() {
		group := strings.Split(r.ID, "-")[1]
		seen[group]++
		if !slices.Contains(groups(), group) {
			continue
		}
		t.Run(r.Slug, func(t *testing.T) {
			found := examples(r.Remediation)
			for _, letter := range r.Formats {
				checkExample(t, letter, found[labels()[letter]])
				delete(found, labels()[letter])
			}
			for label := range found {
				t.Errorf("has an example for %s, which the rule does not read", label)
			}
		})
	}
	for _, group := range groups() {
		if seen[group] == 0 {
			t.Errorf("no rules of %s", group)
		}
	}
}

var label = regexp.MustCompile(`^(Kubernetes|Terraform|CloudFormation|eksctl): ?(.*)$`)

// examples cuts a remediation: what stands behind a label or indented below it.
func examples(text string) map[string]string {
	out := map[string]string{}
	current := ""
	for line := range strings.SplitSeq(text, "\n") {
		if m := label.FindStringSubmatch(line); m != nil {
			current = m[1]
			out[current] += m[2] + "\n"
		} else if strings.HasPrefix(line, " ") && current != "" {
			out[current] += line + "\n"
		} else {
			current = ""
		}
	}
	return out
}

func checkExample(t *testing.T, letter, example string) {
	t.Helper()
	switch example = strings.TrimRight(strings.TrimPrefix(example, "\n"), "\n"); {
	case strings.TrimSpace(example) == "":
		t.Errorf("has no example for %s", labels()[letter])
	case letter == "T":
		file, diags := hclsyntax.ParseConfig([]byte(example), "example.tf", hcl.InitialPos)
		if diags.HasErrors() {
			t.Errorf("Terraform cannot read the example: %v\n%s", diags, example)
		} else if body, ok := file.Body.(*hclsyntax.Body); !ok || len(body.Attributes)+len(body.Blocks) == 0 {
			t.Errorf("the example for Terraform is empty: %q", example)
		}
	case strings.HasPrefix(example, "kubectl "):
	default:
		for document := range strings.SplitSeq(example, "\n  ---\n") {
			var v any
			if err := yaml.Unmarshal([]byte(document), &v); err != nil {
				t.Errorf("%s cannot read the example: %v\n%s", labels()[letter], err, document)
			} else if !isObjectOrList(v) {
				t.Errorf("the example for %s is no object and no list:\n%s", labels()[letter], document)
			}
		}
	}
}

func isObjectOrList(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return len(v) > 0
	case []any:
		return len(v) > 0
	}
	return false
}

func TestRemediation_BeginsWithWordsAndNotWithAnExample(t *testing.T) {
	library, _, err := policy.Load(policies.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range library.Rules() {
		if label.MatchString(firstLine(r.Rule)) {
			t.Errorf("%s: says nothing before its first example", r.Slug)
		}
	}
}

func firstLine(r *finding.Rule) string {
	first, _, _ := strings.Cut(r.Remediation, "\n")
	return first
}
