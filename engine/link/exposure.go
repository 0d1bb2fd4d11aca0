package link

import (
	"cmp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A chain is one way from the internet to a workload: the documents on it,
// the outermost first.
type chain struct {
	ids       []string
	kind, via string
}

func (c chain) value() map[string]any {
	return map[string]any{"chain": anyList(c.ids), "kind": c.kind, "via": c.via}
}

// An exposer computes the facts exposure and exposure_unknown.
type exposer struct {
	b *builder
	// selected are the workloads of each Service, fronted the Services of each
	// Ingress: the relations read backwards.
	selected map[*node][]end
	fronted  map[*node][]end
	chains   map[*node][]chain
	open     map[*node][]gap
}

// exposure computes which workloads can be reached from the internet.
func (b *builder) exposure() (exposed, unknown map[string]any) {
	x := &exposer{
		b: b, selected: b.backwards(ServicesOf), fronted: b.backwards(IngressesOf),
		chains: map[*node][]chain{}, open: map[*node][]gap{},
	}
	for _, s := range b.by["service"] {
		x.service(s)
	}
	doors, classes := b.doors(), b.classes()
	for _, i := range b.by["ingress"] {
		x.ingress(i, doors, classes)
	}
	x.gateways()
	x.blurred()
	x.nodePorts()
	exposed, unknown = map[string]any{}, map[string]any{}
	for w, l := range x.chains {
		slices.SortFunc(l, func(p, q chain) int {
			return cmp.Or(slices.Compare(p.ids, q.ids), strings.Compare(p.kind, q.kind), cmp.Compare(rank(p.via), rank(q.via)))
		})
		l = slices.CompactFunc(l, func(p, q chain) bool { return slices.Equal(p.ids, q.ids) && p.kind == q.kind })
		out := make([]any, len(l))
		for i, c := range l {
			out[i] = c.value()
		}
		exposed[w.id] = out
	}
	for w, l := range x.open {
		if b.options.Complete { // what was not found is not there
			l = slices.DeleteFunc(l, func(g gap) bool { return g.reason == reasonNotInStack })
		}
		if len(l) > 0 {
			unknown[w.id] = gapValues(l)
		}
	}
	return exposed, unknown
}

// backwards reads a relation from its targets.
func (b *builder) backwards(relation string) map[*node][]end {
	out := map[*node][]end{}
	for _, n := range b.live {
		seen := map[string]bool{}
		for _, e := range b.stack.Links[relation][n.id] {
			if !seen[e.To] {
				seen[e.To] = true
				to := b.node[b.stack.Documents[e.To]]
				out[to] = append(out[to], end{n, e.Via})
			}
		}
	}
	return out
}

// reach says how far an object can be reached: its exposure and, if that is
// not known, why.
func (x *exposer) reach(n *node) (exposure, reason string) {
	if st, open := unknownAt(n.doc, "exposure"); open {
		return "", orElse(st.Reason, document.AmbiguousDefault)
	}
	return text(n.attr("exposure")), ""
}

const internet = "internet"

func (x *exposer) service(s *node) {
	exposure, reason := x.reach(s)
	for _, w := range x.selected[s] {
		switch {
		case exposure == internet:
			x.chains[w.to] = append(x.chains[w.to], chain{[]string{s.id}, "service", weakest(w.via, assumed(s))})
		case reason != "":
			x.open[w.to] = append(x.open[w.to], gap{s.id, "exposure", reason})
		}
	}
}

// byController is the exposure of an Ingress that is as public as the Service
// of its controller.
const byController = "ingress_controller"

// ingress follows an Ingress that is on the internet itself, or through a
// controller that is.
func (x *exposer) ingress(i *node, doors []door, classes ingressClasses) {
	exposure, reason := x.reach(i)
	switch {
	case exposure == internet:
		x.behind(i, nil, "")
		return
	case reason != "":
		x.doubt(i, gap{i.id, "exposure", reason})
	}
	if exposure != byController {
		return
	}
	decided := classes.inert(i)
	for _, d := range doors {
		if near, _ := x.b.nearest(d.service.group, i); !slices.Contains(near, d.service) {
			continue
		}
		served, why := d.serves(i, classes)
		switch {
		case served && d.exposure == internet:
			x.behind(i, d.service, ViaConvention)
		case served && d.reason != "":
			x.doubt(i, gap{d.service.id, "exposure", d.reason})
		case why != "":
			x.doubt(i, gap{i.id, "class", why})
		}
		decided = decided || served || why != ""
	}
	if !decided {
		x.doubt(i, gap{i.id, "class", reasonNotInStack})
	}
}

// behind adds chains through an Ingress and, before it, a controller's Service.
func (x *exposer) behind(i, door *node, via string) {
	for _, s := range x.fronted[i] {
		for _, w := range x.selected[s.to] {
			ids := []string{i.id, s.to.id}
			if door != nil {
				ids = append([]string{door.id}, ids...)
			}
			x.chains[w.to] = append(x.chains[w.to], chain{ids, "ingress", weakest(s.via, w.via, via)})
		}
	}
}

func (x *exposer) doubt(i *node, g gap) {
	for _, s := range x.fronted[i] {
		for _, w := range x.selected[s.to] {
			x.open[w.to] = append(x.open[w.to], g)
		}
	}
}

// assumed is how an exposure is known that rests on the default of whichever
// load balancer controller the cluster has.
func assumed(n *node) string {
	if n.doc.States["exposure"].Reason == document.AmbiguousDefault {
		return ViaConvention
	}
	return ViaValue
}

// weakest returns the least trusted evidence of a chain.
func weakest(vias ...string) string {
	out := ViaValue
	for _, v := range vias {
		if v != "" && rank(v) > rank(out) {
			out = v
		}
	}
	return out
}

// blurred notes workloads that a Service on the internet may select: their
// labels or its selector are not known.
func (x *exposer) blurred() {
	public := map[string]*node{}
	for _, s := range x.b.by["service"] {
		exposure, _ := x.reach(s)
		if exposure != internet {
			continue
		}
		if public[s.doc.Namespace] == nil {
			public[s.doc.Namespace] = s
		}
		st, open := unknownAt(s.doc, "selector")
		if !open {
			continue
		}
		g := gap{s.id, "selector", orElse(st.Reason, document.UnevaluatedExpression)}
		for _, group := range x.b.pods.groups[s.doc.Namespace] {
			for _, w := range group.nodes {
				// One Service is enough to doubt; more would cost a product.
				if l := x.open[w]; len(l) == 0 || l[len(l)-1].path != "selector" {
					x.open[w] = append(l, g)
				}
			}
		}
	}
	for namespace, workloads := range x.b.pods.blurred {
		if public[namespace] == nil {
			continue
		}
		for _, w := range workloads {
			x.open[w] = append(x.open[w], gap{w.id, "labels", document.UnevaluatedExpression})
		}
	}
}

func gapValues(l []gap) []any {
	slices.SortFunc(l, func(p, q gap) int {
		return slices.Compare([]string{p.document, p.path, p.reason}, []string{q.document, q.path, q.reason})
	})
	out := make([]any, 0, len(l))
	for _, g := range slices.Compact(l) {
		out = append(out, g.value())
	}
	return out
}

// imageName returns the repository of an image, lower case, without registry
// host, tag and digest: "falcosecurity/falco".
func imageName(image string) string {
	image, _, _ = strings.Cut(strings.ToLower(image), "@")
	host, rest, found := strings.Cut(image, "/")
	if found && (strings.ContainsAny(host, ".:") || host == "localhost") {
		image = rest
	}
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		image = image[:i]
	}
	return image
}

// lastParts returns the last n parts of a repository, or "" if it has fewer.
func lastParts(repository string, n int) string {
	i := len(repository)
	for range n {
		i = strings.LastIndexByte(repository[:max(i, 0)], '/')
		if i < 0 {
			break
		}
	}
	if strings.Count(repository, "/") < n-1 {
		return ""
	}
	return repository[i+1:]
}
