package link

import (
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A verdict is the answer of a test on labels that need not be fully known.
type verdict int

const (
	no verdict = iota
	maybe
	yes
)

func both(x, y verdict) verdict { return min(x, y) }

func either(x, y verdict) verdict { return max(x, y) }

func not(x verdict) verdict { return yes - x }

// labels are what is known of an object's labels.
type labels struct {
	known map[string]any
	// open: there may be more labels than known ones.
	open bool
	// unknown are keys that exist with a value that is not known.
	unknown map[string]bool
}

// labelsAt reads labels from a canonical attribute.
func labelsAt(n *node, key string) labels {
	l := labels{}
	l.known, _ = n.attr(key).(map[string]any)
	if len(n.doc.States) == 0 {
		return l
	}
	if _, open := unknownAt(n.doc, key); open {
		l.open = true
	}
	for _, p := range unknownBelow(n.doc, key) {
		if path, err := document.ParsePath(p); err == nil && len(path) > 1 {
			if k, ok := path[len(path)-1].(string); ok {
				if l.unknown == nil {
					l.unknown = map[string]bool{}
				}
				l.unknown[k] = true
			}
		}
	}
	return l
}

// complete reports whether every label is known.
func (l labels) complete() bool { return !l.open && len(l.unknown) == 0 }

// value returns a label and whether it is there.
func (l labels) value(key string) (string, verdict) {
	if v, ok := l.known[key]; ok {
		return text(v), yes
	}
	if l.open || l.unknown[key] {
		return "", maybe
	}
	return "", no
}

// in tests whether a label has one of some values.
func (l labels) in(key string, values []string) verdict {
	v, there := l.value(key)
	if there != yes {
		return there
	}
	if slices.Contains(values, v) {
		return yes
	}
	return no
}

// has tests whether a label exists.
func (l labels) has(key string) verdict {
	if l.unknown[key] {
		return yes
	}
	_, there := l.value(key)
	return there
}

// A requirement is one condition of a label selector.
type requirement struct {
	key, operator string
	values        []string
}

// A selector holds requirements that must all be met; none selects
// everything.
// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
type selector []requirement

// equality reads a map of labels that must all be equal.
func equality(v any) selector {
	m, _ := v.(map[string]any)
	s := make(selector, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		s = append(s, requirement{k, "In", []string{text(m[k])}})
	}
	return s
}

// readSelector reads a LabelSelector in API or Terraform spelling.
func readSelector(v any) selector {
	m := object(v)
	first := func(keys ...string) any {
		for _, k := range keys {
			if v, ok := m[k]; ok {
				return v
			}
		}
		return nil
	}
	s := equality(first("matchLabels", "match_labels"))
	for _, e := range list(first("matchExpressions", "match_expressions")) {
		s = append(s, requirement{text(get(e, "key")), text(get(e, "operator")), texts(get(e, "values"))})
	}
	return s
}

// matches tests labels against a selector.
func (s selector) matches(l labels) verdict {
	out := yes
	for _, r := range s {
		out = both(out, r.matches(l))
	}
	return out
}

func (r requirement) matches(l labels) verdict {
	switch r.operator {
	case "In":
		return l.in(r.key, r.values)
	case "NotIn":
		return not(l.in(r.key, r.values))
	case "Exists":
		return l.has(r.key)
	case "DoesNotExist":
		return not(l.has(r.key))
	}
	return maybe
}

// A podIndex finds workloads by namespace and by the labels of their pods.
type podIndex struct {
	labels map[*node]labels
	// groups are the workloads by "namespace", "namespace\x00key" and
	// "namespace\x00key\x00value".
	groups map[string][]*group
	// blurred are the workloads of a namespace whose labels are not all known.
	blurred map[string][]*node
}

// indexPods indexes the workloads.
func (b *builder) indexPods() {
	x := &podIndex{
		labels: make(map[*node]labels, len(b.by["workload"])),
		groups: map[string][]*group{}, blurred: map[string][]*node{},
	}
	b.pods = x
	for _, w := range b.by["workload"] {
		l := labelsAt(w, "labels")
		x.labels[w] = l
		if !l.complete() {
			x.blurred[w.doc.Namespace] = append(x.blurred[w.doc.Namespace], w)
		}
	}
	for _, w := range b.by["workload"] {
		if w.group.nodes[0] == w { // its namesakes are entered with it
			x.enter(w.doc.Namespace, w.group)
		}
	}
}

// enter adds a group once to each bucket that one of its members belongs in.
func (x *podIndex) enter(namespace string, g *group) {
	x.groups[namespace] = append(x.groups[namespace], g)
	var seen map[string]bool
	if len(g.nodes) > 1 {
		seen = map[string]bool{}
	}
	put := func(key string) {
		if !seen[key] {
			x.groups[key] = append(x.groups[key], g)
		}
		if seen != nil {
			seen[key] = true
		}
	}
	for _, w := range g.nodes {
		for k, v := range x.labels[w].known {
			put(namespace + "\x00" + k)
			put(namespace + "\x00" + k + "\x00" + text(v))
		}
	}
}

// candidates returns the smallest bucket that holds every workload a selector
// can match.
func (x *podIndex) candidates(namespace string, s selector) []*group {
	best, found := x.groups[namespace], false
	for _, r := range s {
		var l []*group
		switch r.operator {
		case "In":
			for _, v := range r.values {
				l = append(l, x.groups[namespace+"\x00"+r.key+"\x00"+v]...)
			}
		case "Exists":
			l = x.groups[namespace+"\x00"+r.key]
		default:
			continue
		}
		if !found || len(l) < len(best) {
			best, found = l, true
		}
	}
	return best
}

// trimLabel drops the source that Cilium may write before a label's key.
// https://docs.cilium.io/en/stable/security/policy/layer3/
func trimLabel(key string) string {
	for _, p := range []string{"k8s:", "any:"} {
		if rest, ok := strings.CutPrefix(key, p); ok {
			return rest
		}
	}
	return key
}
