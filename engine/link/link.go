// Package link finds out which documents belong together, whatever language
// each of them was written in, and computes the facts that stack rules read.
//
// Every join is a look-up by a key (a token, a name, an ARN, a label pair), so
// that the work grows with the number of documents and relations and not with
// the number of pairs. A join that rests on something unknown is not made; it
// is listed in the fact "unknown".
package link

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// How an edge was found, in falling order of trust.
const (
	// ViaValue: both sides are known and equal.
	ViaValue = "value"
	// ViaReference: an expression of one side names the other.
	ViaReference = "reference"
	// ViaSource: the source itself ties the two, without a value.
	ViaSource = "source"
	// ViaInferred: there is no other candidate.
	ViaInferred = "inferred"
	// ViaConvention: a naming rule of a tool says so.
	ViaConvention = "convention"
)

// The relations. README.md says what each of them means.
const (
	ClusterOf        = "cluster_of"
	RoleOf           = "role_of"
	NodeRoleOf       = "node_role_of"
	PodRoleOf        = "pod_role_of"
	SAOf             = "sa_of"
	PoliciesOf       = "policies_of"
	AttachmentsOf    = "attachments_of"
	TrustsSA         = "trusts_sa"
	OIDCOf           = "oidc_of"
	LaunchTemplateOf = "launch_template_of"
	SecurityGroupsOf = "security_groups_of"
	RulesOf          = "rules_of"
	NamespaceOf      = "namespace_of"
	NetpolsOf        = "netpols_of"
	ServicesOf       = "services_of"
	IngressesOf      = "ingresses_of"
	BindingsOf       = "bindings_of"
	GroupBindingsOf  = "group_bindings_of"
	RBACRoleOf       = "rbac_role_of"
	EntryOf          = "entry_of"
	PrincipalOf      = "principal_of"
	LiftOf           = "lift_of"
	SubnetsOf        = "subnets_of"
	VPCOf            = "vpc_of"
	RouteTableOf     = "route_table_of"
	RoutesOf         = "routes_of"
	KMSKeyOf         = "kms_key_of"
	LogGroupOf       = "log_group_of"
	RepositoryOf     = "repository_of"
	ListenersOf      = "listeners_of"
	LoadBalancerOf   = "load_balancer_of"
	CertificateOf    = "certificate_of"
	WAFOf            = "waf_of"
)

// Relations lists the names of all relations, sorted.
func Relations() []string {
	all := []string{
		ClusterOf, RoleOf, NodeRoleOf, PodRoleOf, SAOf, PoliciesOf, AttachmentsOf, TrustsSA, OIDCOf,
		LaunchTemplateOf, SecurityGroupsOf, RulesOf, NamespaceOf, NetpolsOf, ServicesOf, IngressesOf,
		BindingsOf, GroupBindingsOf, RBACRoleOf, EntryOf, PrincipalOf, LiftOf,
		SubnetsOf, VPCOf, RouteTableOf, RoutesOf, KMSKeyOf, LogGroupOf, RepositoryOf,
		ListenersOf, LoadBalancerOf, CertificateOf, WAFOf,
	}
	slices.Sort(all)
	return all
}

// An Edge is one end of a relation: To in Stack.Links, From in
// Stack.Backlinks.
type Edge struct {
	To   string `json:"to,omitempty"`
	From string `json:"from,omitempty"`
	// Via is one of the Via constants.
	Via string `json:"via"`
}

// A Stack is all live documents of a run with their relations. Deleted
// documents and data sources are in none of its parts.
type Stack struct {
	// Documents are the live documents by ID.
	Documents map[string]*document.Document
	// ByType and ByKind list IDs, sorted, by canonical type and by raw kind.
	ByType, ByKind map[string][]string
	// Links is relation -> ID -> edges sorted by To; every relation is present.
	Links map[string]map[string][]Edge
	// Backlinks is relation -> ID -> edges sorted by From.
	Backlinks map[string]map[string][]Edge
	// Facts are JSON-shaped: map[string]any, []any, string, bool, int64, nil.
	Facts map[string]any
}

// Options say what is known of the documents as a whole.
type Options struct {
	// Name is what the user calls the environment; "" if he does not.
	Name string
	// Cluster is the name of the EKS cluster whatever does not say otherwise runs
	// on; "" leaves it to the documents.
	Cluster string
	// Complete says that nothing of the environment was left unread: what is not
	// found does not exist.
	Complete bool
}

// Build is BuildWith without options.
func Build(docs []*document.Document) *Stack { return BuildWith(docs, Options{}) }

// BuildWith relates documents to each other. The documents' canonical fields
// must be complete; they are not changed. The result does not depend on the
// order of docs. Facts share values with the documents.
func BuildWith(docs []*document.Document, o Options) *Stack {
	b := newBuilder(docs)
	b.options = o
	b.lifts()
	b.clusters()
	b.nodes()
	b.roles()
	b.policies()
	b.trust()
	b.serviceAccounts()
	b.principals()
	b.accessEntries()
	b.namespaces()
	b.rbac()
	b.services()
	b.networkPolicies()
	b.network()
	b.keys()
	b.logs()
	b.images()
	b.fronts()
	b.stack.Facts = b.facts()
	b.finish()
	return b.stack
}

// Index returns what Rego sees of a stack beside the documents themselves, as
// JSON-shaped values: by_type, by_kind, links, backlinks and facts.
func (s *Stack) Index() map[string]any {
	return map[string]any{
		"by_type":   idLists(s.ByType),
		"by_kind":   idLists(s.ByKind),
		"links":     edgeLists(s.Links, "to"),
		"backlinks": edgeLists(s.Backlinks, "from"),
		"facts":     s.Facts,
	}
}

func idLists(lists map[string][]string) map[string]any {
	out := make(map[string]any, len(lists))
	for key, ids := range lists {
		out[key] = anyList(ids)
	}
	return out
}

func edgeLists(relations map[string]map[string][]Edge, end string) map[string]any {
	out := make(map[string]any, len(relations))
	for relation, byID := range relations {
		m := make(map[string]any, len(byID))
		for id, edges := range byID {
			list := make([]any, len(edges))
			for i, e := range edges {
				list[i] = map[string]any{end: e.To + e.From, "via": e.Via}
			}
			m[id] = list
		}
		out[relation] = m
	}
	return out
}
