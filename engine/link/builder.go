package link

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A node is a live document with what decides which of several namesakes is
// meant.
type node struct {
	doc *document.Document
	id  string
	// scope, file and top are where the document, or what it was lifted out of,
	// is written.
	scope, file string
	top         *document.Document
	// cluster is the eks_cluster document it belongs to, nil if none is known.
	cluster *node
	// clusterKey tells clusters apart even when they are not in the stack: the
	// cluster document's ID, or "name:" and the name. "" is unknown.
	clusterKey string
	// bound: it belongs to one cluster, unlike an IAM role.
	bound bool
	// group holds the documents that claim to be the same Kubernetes object.
	group *group
	near  []string // see tiers
}

// realm is the Terraform root, template or outermost document around a node:
// what is written there is meant to go together.
func (n *node) realm() string {
	if n.scope != "" {
		return n.scope
	}
	return n.top.ID
}

func (n *node) attr(keys ...string) any { return get(n.doc.Attr, keys...) }

func (n *node) raw(keys ...string) any { return get(n.doc.Raw, keys...) }

// A gap is a join that could not be decided.
type gap struct{ document, path, reason string }

func (g gap) value() map[string]any {
	return map[string]any{"document": g.document, "path": g.path, "reason": g.reason}
}

// Reasons of gaps beside those of document.State.
const (
	// reasonAmbiguous: several documents answer to the name and nothing tells
	// which one is meant.
	reasonAmbiguous = "ambiguous"
	// reasonNotInStack: the other side exists, but not in what was read.
	reasonNotInStack = "not_in_stack"
	// reasonClusterUnknown: the set holds several clusters and it is not known
	// which of them the document belongs to.
	reasonClusterUnknown = "cluster_unknown"
)

type builder struct {
	stack   *Stack
	options Options
	live    []*node
	by      map[string][]*node // by canonical type
	node    map[*document.Document]*node
	// tokens finds the target of a reference; data finds data sources, which
	// take no part themselves but pass references on.
	tokens map[string][]*node
	data   map[string]*document.Document
	gaps   map[string]map[string][]gap
	// many: there is more than one cluster, so that a document without a known
	// cluster belongs to none of them.
	many bool

	// foreign: some cluster is spoken of that has no document; allClusters are
	// those that have one.
	foreign     bool
	allClusters *group
	// inScope and providersIn are the clusters and OIDC providers by scope.
	inScope, providersIn map[string][]*node
	// carriers remembers the clusters that carriers of manifests name.
	carriers map[*node]end

	clusterX index
	roleX    index
	policyX  index
	profileX index
	saX      index
	grants   map[*node][]grant // role -> what its trust policy admits
	managed  map[string]managedPolicy
	releases []release
	netpols  []*netpol
	// spaces are the labels of the namespaces that have documents, spaceNames
	// the names of all that are spoken of.
	spaces     map[string]labels
	spaceNames []string
	pods       *podIndex
}

func newBuilder(docs []*document.Document) *builder {
	b := &builder{
		stack: &Stack{
			Documents: make(map[string]*document.Document, len(docs)),
			ByType:    map[string][]string{}, ByKind: map[string][]string{},
			Links: map[string]map[string][]Edge{}, Backlinks: map[string]map[string][]Edge{},
		},
		by: map[string][]*node{}, node: make(map[*document.Document]*node, len(docs)),
		tokens: make(map[string][]*node, len(docs)), data: map[string]*document.Document{},
		gaps: map[string]map[string][]gap{}, inScope: map[string][]*node{}, providersIn: map[string][]*node{}, carriers: map[*node]end{},
		clusterX: index{}, roleX: index{}, policyX: index{}, profileX: index{}, saX: index{},
		grants: map[*node][]grant{}, managed: managedPolicies(),
	}
	for _, r := range Relations() {
		b.stack.Links[r] = map[string][]Edge{}
		b.stack.Backlinks[r] = map[string][]Edge{}
	}
	sorted := slices.Clone(docs)
	slices.SortStableFunc(sorted, func(x, y *document.Document) int {
		return cmp.Or(strings.Compare(x.ID, y.ID), strings.Compare(x.Address, y.Address))
	})
	block := make([]node, len(sorted))
	b.live = make([]*node, 0, len(sorted))
	identity := index{}
	for i, d := range sorted {
		b.admit(d, &block[i], identity)
	}
	for _, typ := range slices.Concat(tied(), objects(), []string{"oidc_provider"}) {
		for _, n := range b.by[typ] {
			n.bound = true
		}
	}
	return b
}

// admit enters one document, if it is live. Loaders make IDs unique; of two
// documents with one ID only the first could be spoken of.
func (b *builder) admit(d *document.Document, n *node, identity index) {
	if isData(d) {
		for _, t := range d.Tokens {
			b.data[t] = d
		}
		return
	}
	if deleted(d) || b.stack.Documents[d.ID] != nil {
		return
	}
	n.doc, n.id, n.top = d, d.ID, d
	for p := d; p != nil; p = p.Parent {
		n.top = p
		n.scope = cmp.Or(n.scope, p.Scope)
	}
	n.file, _, _ = strings.Cut(n.top.ID, "#")
	b.live = append(b.live, n)
	b.node[d] = n
	b.stack.Documents[d.ID] = d
	b.stack.ByKind[d.Kind] = append(b.stack.ByKind[d.Kind], d.ID)
	if d.Type != "" {
		b.by[d.Type] = append(b.by[d.Type], n)
		b.stack.ByType[d.Type] = append(b.stack.ByType[d.Type], d.ID)
	}
	for _, t := range d.Tokens {
		b.tokens[t] = append(b.tokens[t], n)
	}
	n.group = identity.add(strings.Join([]string{d.Type, path.Base(d.Kind), d.Namespace, d.Name}, "\x00"), n)
}

func isData(d *document.Document) bool {
	return d.Action == document.Read || strings.HasPrefix(d.Kind, "data.")
}

// deleted reports whether the document, or what it was lifted out of, goes
// away.
func deleted(d *document.Document) bool {
	for ; d != nil; d = d.Parent {
		if d.Action == document.Delete {
			return true
		}
	}
	return false
}

func (b *builder) add(relation string, from, to *node, via string) {
	if from == to || from == nil || to == nil {
		return
	}
	links := b.stack.Links[relation]
	links[from.id] = append(links[from.id], Edge{To: to.id, Via: via})
}

func (b *builder) gap(relation string, from, at *node, place, reason string) {
	m := b.gaps[relation]
	if m == nil {
		m = map[string][]gap{}
		b.gaps[relation] = m
	}
	g := gap{document: at.id, path: place, reason: cmp.Or(reason, document.UnevaluatedExpression)}
	if !slices.Contains(m[from.id], g) {
		m[from.id] = append(m[from.id], g)
	}
}

// targets returns the documents a relation leads to from n, so far.
func (b *builder) targets(relation string, n *node) []*node {
	edges := b.stack.Links[relation][n.id]
	if len(edges) == 0 {
		return nil
	}
	out := make([]*node, 0, len(edges))
	seen := make(map[string]bool, len(edges))
	for _, e := range edges {
		if !seen[e.To] {
			seen[e.To] = true
			out = append(out, b.node[b.stack.Documents[e.To]])
		}
	}
	return out
}

// lifts relates documents to what they were lifted out of or derived from.
func (b *builder) lifts() {
	for _, n := range b.live {
		if p := n.doc.Parent; p != nil {
			b.add(LiftOf, n, b.node[p], ViaSource)
		}
	}
}

// rank orders evidence, the most trusted first.
func rank(via string) int {
	return slices.Index([]string{ViaValue, ViaReference, ViaSource, ViaInferred, ViaConvention}, via)
}

// finish sorts the edges, keeps the best evidence for each pair and writes
// the backlinks.
func (b *builder) finish() {
	for relation, byID := range b.stack.Links {
		b.unique(byID)
		back := b.stack.Backlinks[relation]
		for _, n := range b.live {
			for _, e := range byID[n.id] {
				back[e.To] = append(back[e.To], Edge{From: n.id, Via: e.Via})
			}
		}
	}
}

func (b *builder) unique(byID map[string][]Edge) {
	for id, edges := range byID {
		if len(edges) < 2 {
			continue
		}
		slices.SortFunc(edges, func(x, y Edge) int {
			return cmp.Or(strings.Compare(x.To, y.To), cmp.Compare(rank(x.Via), rank(y.Via)))
		})
		byID[id] = slices.CompactFunc(edges, func(x, y Edge) bool { return x.To == y.To })
	}
}
