package canon

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// applyPolicySources reads policies that are unknown as a whole out of the
// aws_iam_policy_document data sources they refer to: those keep every known
// action and condition although their JSON is not known before apply.
func applyPolicySources(docs []*document.Document) {
	sources := map[string]*document.Document{}
	for _, d := range docs {
		if d.Kind == "data.aws_iam_policy_document" {
			for _, token := range d.Tokens {
				sources[token] = d
			}
		}
	}
	if len(sources) == 0 {
		return
	}
	for _, d := range docs {
		for _, path := range policyPaths(d.Type) {
			if s, ok := d.States[path]; ok && s.Kind == document.Unknown {
				applyPolicySource(d, path, s, sources)
			}
		}
	}
}

// policyPaths are the attributes that hold one policy document.
func policyPaths(typ string) []string {
	switch typ {
	case "iam_role":
		return []string{"trust"}
	case "iam_policy":
		return []string{"document"}
	case "kms_key", "kms_key_policy", "ecr_repository_policy", "s3_bucket_policy", "s3_bucket", "vpc_endpoint", "managed_secret":
		return []string{"policy"}
	}
	return nil
}

func applyPolicySource(d *document.Document, path string, s document.State, sources map[string]*document.Document) {
	raw := d.Written[path]
	tokens := slices.Clone(s.Refs)
	for _, r := range d.Refs {
		if r.Path.String() == raw.String() {
			tokens = append(tokens, r.To)
		}
	}
	found := onlySource(tokens, sources)
	if found == nil {
		return
	}
	c := newCursor(found)
	if c.get("source_policy_documents").elements(false) != nil || c.get("override_policy_documents").elements(false) != nil {
		return
	}
	w := newPolicyWriter(raw)
	w.document(c)
	if len(w.statements) == 0 && len(w.inner) == 0 {
		return
	}
	setIn(d.Attr, splitPath(path), w.value)
	delete(d.States, path)
	for rest, state := range w.inner {
		d.States[join(path, rest)] = state
	}
}

// onlySource returns the one data source among tokens; nil if there are
// several, because what they come to together is not plain.
func onlySource(tokens []string, sources map[string]*document.Document) *document.Document {
	var found *document.Document
	for _, token := range tokens {
		source := sources[token]
		if source != nil && found != nil && found != source {
			return nil
		}
		if source != nil {
			found = source
		}
	}
	return found
}
