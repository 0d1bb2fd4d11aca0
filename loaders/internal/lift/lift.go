// Package lift brings out the documents inside documents: Kubernetes objects
// that a Terraform resource, a CloudFormation custom resource or a ConfigMap
// carries, as values or as text. A lifted document looks as if it had been read
// from a manifest; its positions lead into the carrier.
package lift

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// maxDepth is how deep documents may lie inside documents. Real input has two
// levels (aws-auth in a CDK manifest, a resource set in a plan).
const maxDepth = 8

// The kinds of lifts, as Document.Metadata["lift"] names them.
const (
	terraformResource = "terraform_resource"
	terraformManifest = "kubernetes_manifest"
	kubectlManifest   = "kubectl_manifest"
	cdkResource       = "cdk_kubernetes_resource"
	awsqsResource     = "awsqs_kubernetes_resource"
	resourceSet       = "cluster_resource_set"
	configMap         = "config_map"

	compositionResource = "crossplane_composition"
	providerObject      = "crossplane_object"
)

// Documents returns docs with the documents found inside them, each behind its
// carrier. What cannot be read is reported and left out; docs themselves are
// not changed. The work is linear in the size of the carriers.
func Documents(docs []*document.Document) ([]*document.Document, []document.Diagnostic) {
	l := &lifter{sets: resourceSets(docs)}
	var out []*document.Document
	for i, d := range docs {
		before := len(l.found)
		l.lift(d, 1)
		if len(l.found) > before && out == nil {
			out = make([]*document.Document, i, len(docs)+16)
			copy(out, docs)
		}
		if out != nil {
			out = append(append(out, d), l.found[before:]...)
		}
	}
	if out == nil {
		out = docs
	}
	if slices.ContainsFunc(out, func(d *document.Document) bool { return d.Kind == cdkPatch }) {
		out = slices.Clone(out)
		l.patches(out)
	}
	return out, l.diagnostics
}

// A lifter collects what is found.
type lifter struct {
	// sets names the ConfigMaps and Secrets that a ClusterResourceSet applies.
	sets  map[string]bool
	found []*document.Document
	// ids are those given to the documents of the carrier that is open.
	ids         map[string]bool
	diagnostics []document.Diagnostic
	// told are the resource types that have been reported.
	told map[string]bool
}

// lift finds the documents in d and in those it holds.
func (l *lifter) lift(d *document.Document, depth int) {
	before := len(l.found)
	if depth > maxDepth {
		if l.carries(d) {
			l.report(document.Error, d, nil, "documents lie deeper than "+strconv.Itoa(maxDepth)+" levels inside one another; what is inside was not read")
		}
		return
	}
	l.open(d)
	children := slices.Clone(l.found[before:])
	l.found = l.found[:before]
	for _, child := range children {
		l.found = append(l.found, child)
		l.lift(child, depth+1)
	}
}

// open appends the documents directly in d.
func (l *lifter) open(d *document.Document) {
	if len(d.Raw) == 0 && len(d.RawStates) == 0 { // a deleted resource of a plan
		return
	}
	l.ids = nil
	switch {
	case strings.HasPrefix(d.Kind, "kubernetes_"):
		if d.Kind == "kubernetes_manifest" {
			l.manifest(d)
			return
		}
		l.typed(d)
	case d.Kind == "kubectl_manifest":
		l.kubectl(d)
	case d.Kind == "Custom::AWSCDK-EKS-KubernetesResource":
		l.property(d, cdkResource)
	case d.Kind == "AWSQS::Kubernetes::Resource":
		l.property(d, awsqsResource)
	case d.Kind == "Custom::AWSCDK-EKS-HelmChart":
		l.values(d, document.Path{"Values"})
	case d.Kind == "AWSQS::Kubernetes::Helm":
		l.values(d, document.Path{"ValueYaml"})
	case isComposition(d.Kind):
		l.composition(d)
	case isRemoteObject(d.Kind):
		l.value(d, document.Path{"spec", "forProvider", "manifest"}, providerObject)
	case d.Kind == "v1/ConfigMap", d.Kind == "v1/Secret":
		switch {
		case l.carries(d):
			l.resourceSet(d)
		case d.Kind == "v1/ConfigMap":
			l.configMap(d)
		}
	}
}

// carries reports whether d may hold documents.
func (l *lifter) carries(d *document.Document) bool {
	switch d.Kind {
	case "v1/ConfigMap", "v1/Secret":
		return d.Raw != nil && l.inResourceSet(d)
	case "kubectl_manifest", "Custom::AWSCDK-EKS-KubernetesResource", "AWSQS::Kubernetes::Resource":
		return true
	}
	return strings.HasPrefix(d.Kind, "kubernetes_") || isComposition(d.Kind) || isRemoteObject(d.Kind)
}

// report adds a diagnostic about a value of d, naming d as its tool does.
func (l *lifter) report(level document.Level, d *document.Document, path document.Path, message string) {
	at, _ := d.Locate(path)
	l.diagnostics = append(l.diagnostics, document.Diagnostic{
		Range: at, Level: level, Message: fmt.Sprintf("%s: %s", subject(d, path), message),
	})
}

// subject names a value in a message: the resource, and the path if there is one.
func subject(d *document.Document, path document.Path) string {
	name := d.Address
	if name == "" {
		name = d.ID
	}
	if len(path) > 0 {
		name += "." + path.String()
	}
	return name
}
