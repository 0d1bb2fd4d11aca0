package link

import (
	"encoding/json"
	"fmt"
	"strings"
)

// services ties workloads to the Services that select their pods, and Services
// to the Ingresses that route to them.
func (b *builder) services() {
	b.indexPods()
	selecting := map[string]bool{}
	for _, s := range b.by["service"] {
		if st, open := unknownAt(s.doc, "selector"); open {
			b.gap(ServicesOf, s, s, "selector", st.Reason)
			selecting[s.doc.Namespace] = true
			continue
		}
		if sel := equality(s.attr("selector")); len(sel) > 0 {
			selecting[s.doc.Namespace] = true
			b.selectPods(ServicesOf, s, s.doc.Namespace, sel)
		}
	}
	b.blur(ServicesOf, selecting)
	x := index{}
	for _, s := range b.by["service"] {
		x.add(s.doc.Namespace+"/"+s.doc.Name, s)
	}
	for _, i := range b.by["ingress"] {
		for _, name := range b.backends(i) {
			found, loose, _ := b.mates(x[i.doc.Namespace+"/"+name], i)
			for _, s := range found {
				via := ViaValue
				if loose {
					via = ViaInferred
				}
				b.add(IngressesOf, s, i, via)
			}
		}
		for _, key := range []string{"backends", "rules"} {
			if paths := unknownBelow(i.doc, key); len(paths) > 0 {
				b.gap(IngressesOf, i, i, paths[0], i.doc.States[paths[0]].Reason)
				break
			}
		}
	}
}

// selectPods links the workloads of a namespace that a selector matches.
func (b *builder) selectPods(relation string, by *node, namespace string, s selector) {
	for _, g := range b.pods.candidates(namespace, s) {
		b.pick(relation, by, g, func(w *node) bool { return s.matches(b.pods.labels[w]) == yes })
	}
}

// pick links those workloads of a group to the selecting object that go
// together with it and match.
func (b *builder) pick(relation string, by *node, g *group, match func(*node) bool) {
	found, loose, ambiguous := b.mates(g, by)
	if ambiguous {
		if match(g.nodes[0]) {
			b.gap(relation, g.nodes[0], by, "", reasonAmbiguous)
		}
		return
	}
	via := ViaValue
	if loose {
		via = ViaInferred
	}
	for _, w := range found {
		if match(w) {
			b.add(relation, w, by, via)
		}
	}
}

// blur notes, for workloads whose labels are not all known, that something in
// their namespace may select them. It asks once per workload, not per pair.
func (b *builder) blur(relation string, selecting map[string]bool) {
	for namespace, workloads := range b.pods.blurred {
		if !selecting[namespace] && !selecting[everywhere] {
			continue
		}
		for _, w := range workloads {
			path, reason := "labels", ""
			if paths := unknownBelow(w.doc, "labels"); len(paths) > 0 {
				path, reason = paths[0], w.doc.States[paths[0]].Reason
			} else if st, open := unknownAt(w.doc, "labels"); open {
				reason = st.Reason
			}
			b.gap(relation, w, w, path, reason)
		}
	}
}

// backends lists the Services an Ingress routes to, without repeats.
func (b *builder) backends(i *node) []string {
	var out []string
	seen := map[string]bool{}
	put := func(name string) {
		if name != "" && !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	for _, e := range list(i.attr("backends")) {
		name := text(get(e, "service"))
		if name != "" && strings.Contains(fmt.Sprint(get(e, "port")), "use-annotation") {
			for _, s := range actionServices(i, name) {
				put(s)
			}
			continue
		}
		put(name)
	}
	return out
}

// actionServices reads the Services behind an action of the AWS Load Balancer
// Controller.
// https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#actions
func actionServices(i *node, action string) []string {
	written := text(i.attr("annotations", "alb.ingress.kubernetes.io/actions."+action))
	type target struct {
		ServiceName string `json:"serviceName"`
	}
	var a struct {
		ForwardConfig struct {
			TargetGroups []target `json:"targetGroups"`
		} `json:"forwardConfig"`
		TargetGroups []target `json:"targetGroups"`
	}
	if json.Unmarshal([]byte(written), &a) != nil {
		return nil
	}
	var out []string
	for _, t := range append(a.ForwardConfig.TargetGroups, a.TargetGroups...) {
		out = append(out, t.ServiceName)
	}
	return out
}
