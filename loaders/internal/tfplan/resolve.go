package tfplan

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan/jsontext"
)

// maxResolve bounds how many names one reference is followed through.
const maxResolve = 64

// A scope is where an expression stands: a module instance and the block whose
// count or for_each is behind count.* and each.*.
type scope struct {
	module  *module
	path    []step // one for every element of module.path
	key     string // instance key of the block, with brackets
	forEach *expression
}

// A target is a resource instance that an expression refers to.
type target struct {
	change    *change
	attribute document.Path
	unknown   bool // the attribute, or something in it, is not known yet
	via       string
}

// An outcome is what all references of an expression come to.
type outcome struct {
	targets []target
	// opaque is set where a reference cannot be followed: a local value without
	// its source.
	opaque bool
}

// unknown lists the targets that are not known before apply.
func (o *outcome) unknown() []target {
	var out []target
	for _, t := range o.targets {
		if t.unknown {
			out = append(out, t)
		}
	}
	return out
}

func (o *outcome) merge(other outcome, via string) {
	o.opaque = o.opaque || other.opaque
	for _, t := range other.targets {
		if via != "" {
			t.via = via
		}
		if !slices.ContainsFunc(o.targets, func(have target) bool {
			return have.change == t.change && have.attribute.String() == t.attribute.String()
		}) {
			o.targets = append(o.targets, t)
		}
	}
}

type memoKey struct {
	expression *expression
	path, key  string
}

// A resolver follows references through variables, outputs, locals and
// for_each. It remembers what it has followed.
type resolver struct {
	plan    *Plan
	sources Sources
	memo    map[memoKey]outcome
	locals  map[string]*expression
	known   map[string]bool // does a sibling know the value, by text and path
	depth   int
}

// scopeOf returns the scope of the expressions of a change.
func (r *resolver) scopeOf(c *change) (scope, bool) {
	m, res := r.plan.configOf(c)
	if m == nil || res == nil {
		return scope{}, false
	}
	return scope{module: m, path: c.module, key: c.key, forEach: res.forEach}, true
}

// outer returns the scope of the arguments of the call that made s.
func (s scope) outer() (*call, scope, bool) {
	if s.module.parent == nil || len(s.path) == 0 {
		return nil, scope{}, false
	}
	c := s.module.call
	return c, scope{
		module: s.module.parent, path: s.path[:len(s.path)-1],
		key: s.path[len(s.path)-1].key, forEach: c.forEach,
	}, true
}

func (r *resolver) resolve(e *expression, s scope) outcome {
	var out outcome
	if e == nil || len(e.references) == 0 {
		return out
	}
	byKey := slices.ContainsFunc(e.references, func(ref string) bool {
		return strings.HasPrefix(ref, "each.") || ref == "count.index"
	})
	key := memoKey{e, instancePath(s.path), ""}
	if byKey {
		key.key = s.key
	}
	if known, ok := r.memo[key]; ok {
		return known
	}
	if r.depth > maxResolve {
		return outcome{opaque: true}
	}
	r.depth++
	// A cycle (which Terraform refuses, but a text may hold) ends here.
	r.memo[key] = outcome{opaque: true}
	for _, ref := range e.references {
		list := tokens(ref)
		if len(list) < 2 {
			out.opaque = true
			continue
		}
		out.merge(r.reference(list, s, byKey), "")
	}
	r.depth--
	r.memo[key] = out
	return out
}

// reference follows one name. byKey says that the same expression uses the key
// of its block, so that an instance reference without a literal key means the
// instance of that key.
func (r *resolver) reference(list []string, s scope, byKey bool) outcome {
	switch list[0] {
	case "var":
		c, outer, ok := s.outer()
		if !ok {
			return outcome{}
		}
		if a := c.arguments.argument(list[1]); a != nil {
			return r.resolve(a.value, outer)
		}
		return outcome{}
	case "local":
		return r.local(list[1], s)
	case "module":
		return r.output(list, s, byKey)
	case "each":
		if list[1] == "key" {
			return outcome{}
		}
		return r.eachValue(list[2:], s)
	case "count", "path", "terraform", "self":
		return outcome{}
	case "ephemeral":
		return outcome{opaque: true}
	case "data":
		if len(list) < 3 {
			return outcome{opaque: true}
		}
		return r.instances("data."+list[1]+"."+list[2], list[3:], s, byKey)
	}
	return r.instances(list[0]+"."+list[1], list[2:], s, byKey)
}

// local follows a local value, which only the source can tell.
func (r *resolver) local(name string, s scope) outcome {
	if r.sources == nil {
		return outcome{opaque: true}
	}
	key := strings.Join(s.module.path, ".") + "|" + name
	e, ok := r.locals[key]
	if !ok {
		if references, found := r.sources.Local(s.module.path, name); found {
			e = &expression{references: longest(references)}
		}
		r.locals[key] = e
	}
	if e == nil {
		return outcome{opaque: true}
	}
	var out outcome
	out.merge(r.resolve(e, s), "source")
	return out
}

// output follows module.name.output through the output's expression in every
// instance of the call that is meant.
func (r *resolver) output(list []string, s scope, byKey bool) outcome {
	c := s.module.calls[list[1]]
	if c == nil {
		return outcome{opaque: true}
	}
	key, rest := keyOf(list[2:])
	var out outcome
	for _, instance := range r.moduleKeys(c, s, key, byKey) {
		inner := scope{module: c.module, path: append(slices.Clone(s.path), step{list[1], instance})}
		if len(rest) > 0 {
			out.merge(r.resolve(c.module.outputs[rest[0]], inner), "")
			continue
		}
		for _, name := range sortedKeys(c.module.outputs) {
			out.merge(r.resolve(c.module.outputs[name], inner), "")
		}
	}
	return out
}

// moduleKeys lists the instance keys of a call that a reference means, as far
// as the plan has resources in them.
func (r *resolver) moduleKeys(c *call, s scope, key string, byKey bool) []string {
	if key != "" || (c.count == nil && c.forEach == nil) {
		return []string{key}
	}
	all := r.plan.instanceKeys(append(slices.Clone(s.path), step{name: c.name}))
	if byKey && slices.Contains(all, s.key) {
		return []string{s.key}
	}
	return all
}

// eachValue follows each.value: the for_each expression of the block. Where
// that is one resource, each.value is its instance of the same key.
func (r *resolver) eachValue(rest []string, s scope) outcome {
	if s.forEach == nil {
		return outcome{}
	}
	all := r.resolve(s.forEach, scope{module: s.module, path: s.path})
	var out outcome
	out.opaque = all.opaque
	for _, t := range all.targets {
		if len(t.attribute) == 0 && len(s.forEach.references) == 1 {
			if t.change.key != s.key {
				continue
			}
			t.attribute = attributePath(rest)
			t.unknown = r.plan.isUnknown(t.change, t.attribute)
		}
		out.merge(outcome{targets: []target{t}}, "")
	}
	return out
}

// instances lists the instances of a resource or data source that a reference
// means. A block without instances (count = 0) gives none.
func (r *resolver) instances(block string, list []string, s scope, byKey bool) outcome {
	key, rest := keyOf(list)
	attribute := attributePath(rest)
	configKey := configPath(s.path) + "|" + block
	path := instancePath(s.path)
	var all []*change
	for _, c := range r.plan.byConfig[configKey] {
		if c.path == path && c.action != document.Delete {
			all = append(all, c)
		}
	}
	pick := func(key string) []*change {
		i := slices.IndexFunc(all, func(c *change) bool { return c.key == key })
		if i < 0 {
			return nil
		}
		return all[i : i+1]
	}
	switch {
	case key != "":
		all = pick(key)
	case byKey && s.key != "" && len(pick(s.key)) > 0:
		all = pick(s.key)
	}
	var out outcome
	for _, c := range all {
		out.targets = append(out.targets, target{
			change: c, attribute: attribute, unknown: r.plan.isUnknown(c, attribute), via: "reference",
		})
	}
	return out
}

// isUnknown reports whether the attribute of c, or any part of it, is not known
// before apply.
func (p *Plan) isUnknown(c *change, attribute document.Path) bool {
	if c.inferred {
		after := c.after
		for _, e := range attribute {
			name, ok := e.(string)
			if !ok {
				break
			}
			if after = jsontext.Field(p.data, after, name); after.IsZero() {
				return true
			}
		}
		return false
	}
	mask := c.unknown
	for _, e := range attribute {
		if jsontext.True(p.data, mask) {
			return true
		}
		switch e := e.(type) {
		case string:
			mask = jsontext.Field(p.data, mask, e)
		case int:
			mask = p.elementAt(mask, e)
		}
	}
	return p.anyTrue(mask)
}

func (p *Plan) elementAt(list jsontext.Span, i int) jsontext.Span {
	var out jsontext.Span
	if list.IsZero() || p.data[list.Start] != '[' {
		return out
	}
	_ = jsontext.Elements(p.data, list, func(e jsontext.Span) {
		if i == 0 {
			out = e
		}
		i--
	})
	return out
}

// anyTrue reports whether the literal true stands anywhere in a mask.
func (p *Plan) anyTrue(mask jsontext.Span) bool {
	if mask.IsZero() {
		return false
	}
	switch p.data[mask.Start] {
	case 't':
		return true
	case '{', '[':
		v, err := jsontext.Decode(p.data, mask, nil)
		return err == nil && hasTrue(v)
	}
	return false
}

func hasTrue(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case []any:
		return slices.ContainsFunc(v, hasTrue)
	case map[string]any:
		for _, inner := range v {
			if hasTrue(inner) {
				return true
			}
		}
	}
	return false
}
