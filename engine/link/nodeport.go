package link

import "slices"

// The ports that the API server gives to Services unless told otherwise.
// https://kubernetes.io/docs/reference/networking/ports-and-protocols/
const (
	firstNodePort = 30000
	lastNodePort  = 32767
)

// nodePorts adds workloads behind a NodePort, where it is proved that nodes of
// the cluster have public addresses and that a security group of theirs lets
// the world reach the port.
func (x *exposer) nodePorts() {
	type opening struct {
		nodes    *node
		from, to int64
	}
	open := map[string][]opening{}
	for _, g := range x.b.by["node_group"] {
		if g.attr("public_ip") != true {
			continue
		}
		for _, sg := range x.b.sorted(SecurityGroupsOf, g) {
			for _, r := range x.b.worldRanges(sg) {
				if !slices.ContainsFunc(open[g.clusterKey], func(o opening) bool { return o.from <= r[0] && r[1] <= o.to }) {
					open[g.clusterKey] = append(open[g.clusterKey], opening{g, r[0], r[1]})
				}
			}
		}
	}
	if len(open) == 0 {
		return
	}
	for _, s := range x.b.by["service"] {
		if exposure, _ := x.reach(s); exposure != "node" {
			continue
		}
		ports := nodePortRanges(s)
		for _, o := range open[s.clusterKey] {
			if !slices.ContainsFunc(ports, func(p [2]int64) bool { return o.from <= p[0] && p[1] <= o.to }) {
				continue
			}
			for _, w := range x.selected[s] {
				x.chains[w.to] = append(x.chains[w.to], chain{[]string{o.nodes.id, s.id}, "service", weakest(w.via, ViaInferred)})
			}
			break // one group of public nodes is enough
		}
	}
}

// nodePortRanges lists the node ports of a Service: the written ones, or the
// whole range they are taken from.
func nodePortRanges(s *node) [][2]int64 {
	var out [][2]int64
	for _, p := range list(s.attr("ports")) {
		v := get(p, "nodePort")
		if v == nil {
			v = get(p, "node_port")
		}
		if n, ok := integer(v); ok && n > 0 {
			out = append(out, [2]int64{n, n})
			continue
		}
		out = append(out, [2]int64{firstNodePort, lastNodePort})
	}
	return out
}

// worldRanges lists the TCP port ranges a security group opens to everyone,
// by its own rules and by separate ones.
func (b *builder) worldRanges(sg *node) [][2]int64 {
	var out [][2]int64
	rules := list(sg.attr("rules"))
	for _, r := range b.targets(RulesOf, sg) {
		rules = append(slices.Clip(rules), r.doc.Attr)
	}
	for _, r := range rules {
		if text(get(r, "direction")) != "ingress" || !worldWide(r) {
			continue
		}
		switch text(get(r, "protocol")) {
		case "-1", "all":
			out = append(out, [2]int64{0, 65535})
		case "tcp", "6":
			from, okFrom := integer(get(r, "from_port"))
			to, okTo := integer(get(r, "to_port"))
			if okFrom && okTo {
				out = append(out, [2]int64{from, to})
			}
		}
	}
	return out
}

func worldWide(rule any) bool {
	return slices.Contains(texts(get(rule, "cidrs")), "0.0.0.0/0") || slices.Contains(texts(get(rule, "ipv6_cidrs")), "::/0")
}
