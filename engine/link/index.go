package link

import (
	"path"
	"slices"
)

// An index finds documents by a key that several of them may answer to.
type index map[string]*group

// A group holds the documents that answer to one key, in the order of their
// IDs.
type group struct {
	nodes []*node
	tiers map[string][]*node // built when a group has namesakes and is asked
}

// tieLimit is how many equally near namesakes a Kubernetes object may have
// before the set is taken for a collection of unrelated examples.
const tieLimit = 16

func (x index) add(key string, n *node) *group {
	g := x[key]
	if g == nil {
		g = &group{}
		x[key] = g
	}
	g.nodes = append(g.nodes, n)
	return g
}

// tiers are the circles around a document in which a namesake is looked for,
// the nearest first: the same outermost document, Terraform root or template,
// file, folder, and the folders above.
func (n *node) tiers() []string {
	if n.near != nil {
		return n.near
	}
	n.near = append(n.near, "t\x00"+n.top.ID)
	if n.scope != "" {
		n.near = append(n.near, "s\x00"+n.scope)
	}
	n.near = append(n.near, "f\x00"+n.file)
	for dir := path.Dir(n.file); ; dir = path.Dir(dir) {
		n.near = append(n.near, "d\x00"+dir)
		if dir == path.Dir(dir) {
			break
		}
	}
	return n.near
}

// anyCluster is the tier prefix under which every document of a group stands.
const anyCluster = "*"

func (g *group) sort() {
	if g.tiers != nil {
		return
	}
	g.tiers = map[string][]*node{}
	for _, n := range g.nodes {
		for _, t := range n.tiers() {
			for _, c := range [...]string{anyCluster, n.clusterKey} {
				k := c + "\x00" + t
				g.tiers[k] = append(g.tiers[k], n)
			}
		}
	}
}

// compatible reports whether two documents can be about one cluster.
func (b *builder) compatible(x, y *node) bool {
	if !x.bound || !y.bound || x.clusterKey == y.clusterKey {
		return true
	}
	return !b.many && (x.clusterKey == "" || y.clusterKey == "")
}

// nearest returns the documents of a group that a document means: those of
// its own cluster in the innermost circle that has any. told is false when
// only the folders decided.
func (b *builder) nearest(g *group, from *node) (found []*node, told bool) {
	if g == nil {
		return nil, false
	}
	if len(g.nodes) == 1 {
		if b.compatible(g.nodes[0], from) {
			return g.nodes, true
		}
		return nil, false
	}
	g.sort()
	clusters := []string{from.clusterKey}
	switch {
	case !from.bound || !g.nodes[0].bound, !b.many && from.clusterKey == "":
		clusters = []string{anyCluster}
	case !b.many:
		clusters = []string{from.clusterKey, ""}
	}
	for _, c := range clusters {
		for _, t := range from.tiers() {
			if l := g.tiers[c+"\x00"+t]; len(l) > 0 {
				return l, t[0] != 'd'
			}
		}
	}
	return nil, false
}

// one returns the document a name means; ambiguous if there are several.
func (b *builder) one(g *group, from *node) (found *node, via string, ambiguous bool) {
	l, told := b.nearest(g, from)
	switch {
	case len(l) == 0:
		return nil, "", false
	case len(l) > 1:
		return nil, "", true
	case told:
		return l[0], ViaValue, false
	}
	return l[0], ViaInferred, false
}

// mates lists the documents of a group of Kubernetes objects that go together
// with from: each must be among the nearest to the other, so that the files of
// one environment are not tied to those of the next. loose says that several
// are equally near, or that only the folders decided.
func (b *builder) mates(g *group, from *node) (found []*node, loose, ambiguous bool) {
	l, told := b.nearest(g, from)
	if len(l) > tieLimit {
		return nil, false, true
	}
	for _, n := range l {
		back, toldBack := b.nearest(from.group, n)
		if len(back) > tieLimit || !slices.Contains(back, from) {
			continue
		}
		found = append(found, n)
		loose = loose || !told || !toldBack || len(l) > 1
	}
	return found, loose, false
}

// pair links from to the members of a group that go together with it.
func (b *builder) pair(relation string, from *node, g *group, accept func(*node) bool) {
	found, loose, ambiguous := b.mates(g, from)
	if ambiguous {
		b.gap(relation, from, from, "", reasonAmbiguous)
		return
	}
	via := ViaValue
	if loose {
		via = ViaInferred
	}
	for _, n := range found {
		if accept == nil || accept(n) {
			b.add(relation, from, n, via)
		}
	}
}
