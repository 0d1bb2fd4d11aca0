package link

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// facts computes everything that is more than an edge.
func (b *builder) facts() map[string]any {
	b.releases = b.readReleases()
	exposed, open := b.exposure()
	return map[string]any{
		"role_permissions": b.permissions(),
		"role_users":       b.users(),
		"exposure":         exposed,
		"exposure_unknown": open,
		"netpol_engine":    b.enforcement(),
		"namespaces":       b.namespaceFacts(),
		"runtime_agents":   b.runtimeAgents(),
		// What may yet turn out to be one.
		"runtime_agents_unknown": b.agentDoubts(),
		"policy_engines":         b.policyEngines(),
		"evidence":               b.evidence(),
		"unknown":                b.unknown(),
		"stack":                  map[string]any{"name": b.options.Name, "complete": b.options.Complete},
	}
}

// unknown lists the joins that could not be decided, by relation and document.
func (b *builder) unknown() map[string]any {
	out := make(map[string]any, len(b.gaps))
	for relation, byID := range b.gaps {
		m := make(map[string]any, len(byID))
		for id, gaps := range byID {
			m[id] = gapValues(gaps)
		}
		out[relation] = m
	}
	return out
}

// sortedEntries orders entries of a fact by what they say, without repeats.
func sortedEntries(entries []any) []any {
	key := func(e any) string {
		return strings.Join([]string{
			text(get(e, "document")), text(get(e, "path")), text(get(e, "via")),
			text(get(e, "namespace")), text(get(e, "service_account")),
		}, "\x00")
	}
	out := append([]any{}, entries...)
	slices.SortStableFunc(out, func(x, y any) int { return strings.Compare(key(x), key(y)) })
	return slices.CompactFunc(out, func(x, y any) bool { return key(x) == key(y) })
}

// namespaceFacts is the fact namespaces.
func (b *builder) namespaceFacts() map[string]any {
	workloads, docs := map[string][]*node{}, map[string][]string{}
	for _, w := range b.by["workload"] {
		workloads[w.doc.Namespace] = append(workloads[w.doc.Namespace], w)
	}
	for _, n := range b.by["namespace"] {
		docs[n.doc.Name] = append(docs[n.doc.Name], n.id)
	}
	policies := map[string][]*netpol{}
	var astray []*netpol // in a namespace whose name has a hole, which may be any
	for _, p := range b.netpols {
		if holed(p.namespace) {
			astray = append(astray, p)
		}
		if p.open != nil && p.namespace == "" {
			// Nobody knows where it acts: it may be anywhere.
			policies[everywhere] = append(policies[everywhere], p)
			continue
		}
		for _, name := range b.reachOf(p) {
			policies[name] = append(policies[name], p)
		}
	}
	out := make(map[string]any, len(b.spaceNames))
	for _, name := range b.spaceNames {
		f := spaceFact{name: name, workloads: workloads[name], policies: slices.Concat(policies[name], policies[everywhere]), astray: astray}
		v := f.value(b)
		v["document"] = nil
		if len(docs[name]) > 0 {
			v["document"] = docs[name][0]
		}
		v["documents"] = anyList(docs[name])
		out[name] = v
	}
	return out
}

// A spaceFact is what is known about one namespace.
type spaceFact struct {
	name      string
	workloads []*node
	policies  []*netpol
	astray    []*netpol
}

func (f spaceFact) value(b *builder) map[string]any {
	ids := make([]any, 0, len(f.workloads))
	for _, w := range f.workloads {
		ids = append(ids, w.id)
	}
	var policies []string
	var open []gap
	for _, p := range f.policies {
		if p.open == nil {
			policies = append(policies, p.node.id)
		}
		if f.whole(p) == maybe {
			g := gap{p.node.id, "", reasonSelector}
			if p.open != nil {
				g = *p.open
			}
			open = append(open, g)
			continue
		}
		for _, d := range []direction{p.ingress, p.egress} {
			if d.open != nil && f.whole(p) == yes {
				open = append(open, *d.open)
			}
		}
	}
	for _, p := range f.astray {
		if p.namespace != f.name {
			open = append(open, gap{p.node.id, "metadata.namespace", document.ParameterWithoutValue})
		}
	}
	slices.Sort(policies)
	policies = slices.Compact(policies)
	ingress := func(p *netpol) direction { return p.ingress }
	egress := func(p *netpol) direction { return p.egress }
	deny := func(d direction) bool { return d.deny }
	all := func(d direction) bool { return d.all }
	isolated := func(d direction) bool { return d.applies && !d.all }
	return map[string]any{
		"workloads": ids, "policies": anyList(policies),
		"default_deny_ingress": f.covered(b, ingress, deny), "default_deny_egress": f.covered(b, egress, deny),
		"isolated_ingress": f.covered(b, ingress, isolated), "isolated_egress": f.covered(b, egress, isolated),
		"allow_all_ingress": f.any(ingress, all), "allow_all_egress": f.any(egress, all),
		"unknown": gapValues(open),
	}
}

func (f spaceFact) whole(p *netpol) verdict { return p.whole(f.name) }

func (f spaceFact) any(side func(*netpol) direction, test func(direction) bool) bool {
	return slices.ContainsFunc(f.policies, func(p *netpol) bool { return f.whole(p) == yes && test(side(p)) })
}

// covered reports whether, in every cluster that has workloads in the
// namespace, some policy for all its pods passes a test.
func (f spaceFact) covered(b *builder, side func(*netpol) direction, test func(direction) bool) bool {
	clusters := map[string]*node{}
	for _, w := range f.workloads {
		clusters[w.clusterKey] = w
	}
	passes := func(w *node) bool {
		return slices.ContainsFunc(f.policies, func(p *netpol) bool {
			d := side(p)
			return d.open == nil && f.whole(p) == yes && test(d) && (w == nil || b.compatible(w, p.node))
		})
	}
	if len(clusters) == 0 {
		return passes(nil)
	}
	for _, w := range clusters {
		if !passes(w) {
			return false
		}
	}
	return true
}
