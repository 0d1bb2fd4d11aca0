package tfeval

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// providerCluster notes which cluster a provider's configuration leads to: what
// its host and credentials are attributes of, or the kubeconfig context. The
// helm provider has the same arguments in a block, from version 3 in an object.
// https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs
func (ev *evaluator) providerCluster(definition *definition, in *instance, d *document.Document) {
	attributes := []hclsyntax.Attributes{definition.syntax().Attributes}
	for _, block := range definition.syntax().Blocks {
		if block.Type == "kubernetes" {
			attributes = append(attributes, block.Body.Attributes)
		}
	}
	met := map[string]bool{}
	note := func(v cty.Value) {
		for _, r := range referencesIn(marksOf(v)) {
			if to := ev.token(r.address); !met[to] {
				met[to] = true
				d.Refs = append(d.Refs, document.Ref{Path: document.Path{"provider"}, To: to, Attribute: r.attribute, Via: "reference"})
			}
		}
	}
	for _, set := range attributes {
		for _, name := range []string{"host", "cluster_ca_certificate", "token", "kubernetes"} {
			if a := set[name]; a != nil {
				note(ev.value(a.Expr, in.frameOf()))
			}
		}
		if a := set["config_context"]; a != nil {
			if context, ok := textOf(ev.value(a.Expr, in.frameOf())); ok {
				d.Metadata["kubernetes:context"] = context
			}
		}
	}
}
