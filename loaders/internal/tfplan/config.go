package tfplan

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan/jsontext"
)

// maxModules bounds how deeply modules may be nested; Terraform users stay
// below ten.
const maxModules = 100

// A module is one module of the configuration section. It stands for a call,
// not for its instances.
type module struct {
	path      []string
	parent    *module
	call      *call // nil for the root
	resources map[string]*resource
	calls     map[string]*call
	outputs   map[string]*expression
	names     []string // of resources and calls, as addresses, in the order of the text
}

// kin names the sources of a module and of those around it: modules of one kin
// are the same text called more than once.
func (m *module) kin() string {
	if m.parent == nil {
		return ""
	}
	return m.parent.kin() + "|" + m.call.source
}

// A call is one module block.
type call struct {
	name, source   string
	arguments      *block
	count, forEach *expression
	module         *module
}

// A resource is one resource or data block of the configuration.
type resource struct {
	provider       string // key into provider_config
	count, forEach *expression
	expressions    jsontext.Span
	body           *block // parsed from expressions at the first use
}

// A reader walks the configuration section once; the expressions of resources
// are only marked, because most of them are never asked for.
type reader struct {
	data []byte
	keys map[string]string
}

func (r *reader) name(key jsontext.Span) string {
	// A key that does not decode cannot be one of those looked for.
	name, _ := jsontext.Unquote(key.Of(r.data), key.Start)
	if shared, ok := r.keys[name]; ok {
		return shared
	}
	r.keys[name] = name
	return name
}

// object walks an object by key; a value of another kind is passed over.
func (r *reader) object(at int, f func(name string, value int) (int, error)) (int, error) {
	if at >= len(r.data) || r.data[at] != '{' {
		return jsontext.Skip(r.data, at)
	}
	return jsontext.Object(r.data, at, func(key jsontext.Span, value int) (int, error) {
		return f(r.name(key), value)
	})
}

func (r *reader) module(at int, path []string, parent *module, depth int) (*module, int, error) {
	m := &module{
		path: path, parent: parent, resources: map[string]*resource{}, calls: map[string]*call{},
		outputs: map[string]*expression{},
	}
	if depth > maxModules {
		end, err := jsontext.Skip(r.data, at)
		return m, end, err
	}
	end, err := r.object(at, func(name string, value int) (int, error) {
		switch name {
		case "resources":
			return r.resources(value, m)
		case "module_calls":
			return r.object(value, func(name string, value int) (int, error) {
				c, end, err := r.call(value, name, m, depth)
				m.calls[name] = c
				m.names = append(m.names, "module."+name)
				return end, err
			})
		case "outputs":
			return r.object(value, func(name string, value int) (int, error) {
				end, err := jsontext.Skip(r.data, value)
				if e := jsontext.Field(r.data, jsontext.Span{Start: value, End: end}, "expression"); !e.IsZero() {
					m.outputs[name] = parseExpression(r.data, e)
				}
				return end, err
			})
		}
		return jsontext.Skip(r.data, value)
	})
	return m, end, err
}

func (r *reader) call(at int, name string, parent *module, depth int) (*call, int, error) {
	c := &call{name: name}
	path := append(slices.Clone(parent.path), name)
	end, err := r.object(at, func(name string, value int) (end int, err error) {
		if name == "module" {
			c.module, end, err = r.module(value, path, parent, depth+1)
			return end, err
		}
		end, err = jsontext.Skip(r.data, value)
		s := jsontext.Span{Start: value, End: end}
		switch name {
		case "source":
			c.source, _ = jsontext.String(r.data, s)
		case "expressions":
			c.arguments = parseBlock(r.data, s, 0)
		case "count_expression":
			c.count = parseExpression(r.data, s)
		case "for_each_expression":
			c.forEach = parseExpression(r.data, s)
		}
		return end, err
	})
	if c.module == nil {
		c.module = &module{path: path, parent: parent}
	}
	c.module.call = c
	return c, end, err
}

func (r *reader) resources(at int, m *module) (int, error) {
	if at >= len(r.data) || r.data[at] != '[' {
		return jsontext.Skip(r.data, at)
	}
	return jsontext.Array(r.data, at, func(element int) (int, error) {
		res := &resource{}
		var kind, name string
		end, err := r.object(element, func(field string, value int) (int, error) {
			end, err := jsontext.Skip(r.data, value)
			s := jsontext.Span{Start: value, End: end}
			switch field {
			case "mode":
				if text, _ := jsontext.String(r.data, s); text == "data" {
					kind = "data." + kind
				}
			case "type":
				text, _ := jsontext.String(r.data, s)
				kind += text
			case "name":
				name, _ = jsontext.String(r.data, s)
			case "provider_config_key":
				res.provider, _ = jsontext.String(r.data, s)
			case "expressions":
				res.expressions = s
			case "count_expression":
				res.count = parseExpression(r.data, s)
			case "for_each_expression":
				res.forEach = parseExpression(r.data, s)
			}
			return end, err
		})
		if name != "" {
			m.resources[kind+"."+name] = res
			m.names = append(m.names, kind+"."+name)
		}
		return end, err
	})
}

// block returns the parsed expressions of the resource.
func (p *Plan) block(r *resource) *block {
	if r.body == nil {
		r.body = parseBlock(p.data, r.expressions, 0)
	}
	return r.body
}

// moduleAt returns the configuration of a module by its path without keys, nil
// if the plan has none.
func (p *Plan) moduleAt(path string) *module {
	m := p.config
	for name := range strings.SplitSeq(path, ".") {
		if m == nil || path == "" {
			return m
		}
		c := m.calls[name]
		if c == nil {
			return nil
		}
		m = c.module
	}
	return m
}

// configOf returns the block a change comes from and the module it stands in;
// nil where the plan does not say.
func (p *Plan) configOf(c *change) (*module, *resource) {
	m := p.moduleAt(configPath(c.module))
	if m == nil {
		return nil, nil
	}
	return m, m.resources[c.kind+"."+c.name]
}
