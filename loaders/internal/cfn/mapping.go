package cfn

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// A mapping is an entry of the Mappings section: two levels of keys.
type mapping struct {
	entry  entry
	first  map[string]*second
	keys   []string // of first, in order
	opened bool
	// more: an included file that cannot be read may add keys.
	more bool
}

type second struct {
	values map[string]entry
	keys   []string
}

func (t *tmpl) addMapping(e entry) { t.mappings[e.key] = &mapping{entry: e} }

// open indexes a mapping when it is first used.
func (t *tmpl) open(m *mapping) {
	if m.opened {
		return
	}
	m.opened = true
	m.first = map[string]*second{}
	n := m.entry.node.Target()
	if n.Kind != yamlnode.Mapping {
		t.errorAt(m.entry.keySpan, "mapping %q must be an object", m.entry.key)
		m.more = true
		return
	}
	reason := t.each(n, m.entry.f, func(e entry) {
		s := &second{values: map[string]entry{}}
		if body := e.node.Target(); body.Kind == yamlnode.Mapping {
			m.more = t.each(body, e.f, func(e entry) {
				if _, ok := s.values[e.key]; !ok {
					s.keys = append(s.keys, e.key)
				}
				s.values[e.key] = e
			}) != "" || m.more
		}
		if m.first[e.key] == nil {
			m.keys = append(m.keys, e.key)
		}
		m.first[e.key] = s
	})
	m.more = m.more || reason != ""
}

// findInMap evaluates Fn::FindInMap: [map, key, key], with {DefaultValue: v} as
// the language extensions have it.
func (t *tmpl) findInMap(c call) *value {
	args, ok := c.arguments(3, 4)
	if !ok {
		return t.misused(c, "a mapping and two keys")
	}
	var fallback *value
	if len(args) == 4 {
		n := child(args[3], "DefaultValue")
		if n == nil {
			return t.misused(c, "an object with DefaultValue as its fourth argument")
		}
		fallback = t.eval(n, c.f)
	}
	keys := make([]*value, 3)
	for i := range keys {
		keys[i] = t.eval(args[i], c.f)
		if keys[i].kind != known && keys[i].kind != unknown {
			return t.misused(c, "a mapping and two keys")
		}
	}
	name, ok := keys[0].text()
	if !ok {
		return holeValue(derived(c.name, keys...), anyShape, c.span).with(allEdges(keys...))
	}
	m, ok := t.mappings[name]
	if !ok {
		if fallback == nil && !t.macro {
			t.errorAt(c.span, "Fn::FindInMap: there is no mapping %q", name)
		}
		if fallback != nil {
			return fallback.at(c.span)
		}
		return failed(c.span)
	}
	t.open(m)
	return t.lookUp(m, keys, fallback, c)
}

// lookUp returns the value for two keys. Where a key is not known, all values
// that it may choose are merged.
func (t *tmpl) lookUp(m *mapping, keys []*value, fallback *value, c call) *value {
	memo := ""
	if fallback == nil && c.f.vars == nil {
		memo = m.entry.key + "\x00" + identity(keys[1]) + "\x00" + identity(keys[2])
		if v, ok := t.found[memo]; ok {
			return v.moved(c.span)
		}
	}
	var candidates []*value
	for _, k := range candidateKeys(keys[1], m.keys) {
		s := m.first[k]
		if s == nil {
			continue
		}
		for _, k := range candidateKeys(keys[2], s.keys) {
			if e, ok := s.values[k]; ok {
				candidates = append(candidates, t.eval(e.node, e.f))
			}
		}
	}
	v := t.choose(m, keys, candidates, fallback, c)
	if memo != "" && v.kind != none {
		t.found[memo] = v
	}
	if len(candidates) == 0 {
		return v.at(c.span)
	}
	return v.moved(c.span)
}

func identity(v *value) string {
	var b strings.Builder
	writeExpression(&b, v)
	return b.String()
}

// candidateKeys returns the keys that a value may be.
func candidateKeys(v *value, keys []string) []string {
	if s, ok := v.text(); ok {
		return []string{s}
	}
	var out []string
	for _, k := range keys {
		if equalUnknown(v, scalarValue(k, span{})) != no {
			out = append(out, k)
		}
	}
	return out
}

func (t *tmpl) choose(m *mapping, keys, candidates []*value, fallback *value, c call) *value {
	decided := keys[1].kind == known && keys[2].kind == known
	if len(candidates) == 0 {
		if fallback != nil && decided && !m.more {
			return fallback
		}
		if !m.more && fallback == nil {
			t.missingKey(m, keys, c)
		}
		return failed(c.span)
	}
	if decided {
		return candidates[0]
	}
	if fallback != nil {
		candidates = append(candidates, fallback)
	}
	out := candidates[0]
	reason := derived(c.name, keys...).reason
	for _, v := range candidates[1:] {
		out = merge(c.name+"."+holeName(m.entry.key), reason, out, v, c.span)
	}
	if m.more {
		return differing(c.name, document.Macro, out, failed(c.span), c.span)
	}
	return out
}

func (t *tmpl) missingKey(m *mapping, keys []*value, c call) {
	level := document.Error
	var written [2]string
	for i, k := range keys[1:] {
		written[i] = "?"
		if s, ok := k.text(); ok && k.secret == "" {
			written[i] = s
		}
	}
	// A parameter may have a default that the mapping does not serve.
	if !literal(c.arg.Target().Items[1]) || !literal(c.arg.Target().Items[2]) {
		level = document.Warning
	}
	t.report(level, c.span, "Fn::FindInMap: mapping "+m.entry.key+" has no value for the keys "+written[0]+" and "+written[1])
}

func literal(n *yamlnode.Node) bool {
	n = n.Target()
	return n.Kind == yamlnode.Scalar && n.Tag == ""
}
