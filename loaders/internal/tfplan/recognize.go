package tfplan

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan/jsontext"
)

var zipMagic = []byte("PK\x03\x04") //nolint:gochecknoglobals // a constant

// Recognize reports whether a text is a plan, or one of the things people take
// for one, from its name and its first bytes.
func Recognize(name string, head []byte) bool {
	if bytes.HasPrefix(head, zipMagic) {
		return isBinaryPlan(head) || planName(name)
	}
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	keys, first, err := headKeys(head)
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return keys[name] })
	}
	if keys["format_version"] {
		return has("planned_values", "resource_changes", "terraform_version", "prior_state", "configuration", "values", "output_changes", "resource_drift")
	}
	if isEncrypted(keys) || isLog(head, keys) {
		return true
	}
	// The head may be cut off inside a long section that stands before
	// format_version (a formatter has sorted the keys): the sections' own shape
	// tells.
	if err == nil {
		return false
	}
	return keys["resource_changes"] && has("planned_values", "configuration", "prior_state") ||
		keys["configuration"] && (first == "provider_config" || first == "root_module") ||
		keys["planned_values"] && (first == "root_module" || first == "outputs")
}

// headKeys lists the top-level keys of a head, and the first key inside the
// last of their values.
func headKeys(head []byte) (keys map[string]bool, first string, err error) {
	keys = map[string]bool{}
	err = jsontext.Members(head, jsontext.Span{End: len(head)}, func(m jsontext.Member) {
		keys[m.Name] = true
		first = ""
		if head[m.Value.Start] == '{' {
			_ = jsontext.Members(head, m.Value, func(inner jsontext.Member) {
				if first == "" {
					first = inner.Name
				}
			})
		}
	})
	return keys, first, err
}

// isBinaryPlan reports whether a zip archive begins with an entry of a plan
// file; the first local file header has the name at offset 30 (APPNOTE 4.3.7).
func isBinaryPlan(head []byte) bool {
	if len(head) < 30 {
		return false
	}
	size := int(head[26]) | int(head[27])<<8
	name := string(head[30:min(30+size, len(head))])
	return name == "tfplan" || name == "tfstate" || name == "tfstate-prev" || strings.HasPrefix(name, "tfconfig/")
}

func planName(name string) bool {
	base := strings.ToLower(path.Base(name))
	return strings.HasSuffix(base, "tfplan") || strings.HasSuffix(base, ".plan") || strings.HasPrefix(base, "tfplan.") ||
		base == "plan" || base == "plan.out" || base == "plan.bin"
}

// isEncrypted recognizes OpenTofu's encrypted plan and state files.
func isEncrypted(keys map[string]bool) bool {
	return keys["encrypted_data"] && keys["encryption_version"]
}

// isLog recognizes the messages of terraform plan -json, one object a line.
func isLog(head []byte, keys map[string]bool) bool {
	if !keys["@module"] || !keys["@level"] {
		return false
	}
	line, _, _ := bytes.Cut(head, []byte("\n"))
	module, _ := jsontext.String(line, jsontext.Field(line, jsontext.Span{End: len(line)}, "@module"))
	return module == "terraform.ui" || module == "tofu.ui"
}

// notPlan says what a recognized text is instead of a plan, and what to run;
// "" if it may be one.
func notPlan(content []byte) string {
	if bytes.HasPrefix(content, zipMagic) {
		return "this is Terraform's binary plan file, not its JSON form. Run: terraform show -json tfplan > plan.json, and check plan.json"
	}
	text := bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	keys, _, _ := headKeys(text[:min(len(text), 4096)])
	switch {
	case isEncrypted(keys):
		return "this file is encrypted by OpenTofu. Run: tofu show -json tfplan > plan.json, and check plan.json"
	case isLog(text, keys):
		return "these are the messages of terraform plan -json, not a plan. Run: terraform plan -out tfplan && terraform show -json tfplan > plan.json, and check plan.json"
	}
	return ""
}
