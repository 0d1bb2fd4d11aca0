package cfn

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

const samPrefix = "AWS::Serverless::"

// withGlobals adds to a SAM resource what the section Globals says of all
// resources of its type: scalars of the resource itself count, objects are put
// together, and lists begin with the global elements.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
func (t *tmpl) withGlobals(r *resource, own *value) *value {
	name, ok := strings.CutPrefix(r.typ, samPrefix)
	if !ok {
		return own
	}
	for _, e := range t.globals {
		n := child(e.node, name)
		if n == nil || n.Target().Kind != yamlnode.Mapping {
			continue
		}
		if global := t.eval(n, r.f); global.kind == object {
			own = inherit(global, own)
		}
	}
	return own
}

func inherit(global, own *value) *value {
	switch {
	case global.kind == list && own.kind == list:
		out := *own
		out.items = append(append([]*value{}, global.items...), own.items...)
		if out.partial == "" {
			out.partial = global.partial
		}
		return &out
	case global.kind != object || own.kind != object:
		return own
	}
	out := *own
	out.fields = nil
	if out.partial == "" {
		out.partial = global.partial
	}
	find := own.lookup()
	for _, f := range global.fields {
		if v, ok := find(f.key); ok {
			f.value = inherit(f.value, v)
		}
		out.fields = append(out.fields, f)
	}
	find = global.lookup()
	for _, f := range own.fields {
		if _, ok := find(f.key); !ok {
			out.fields = append(out.fields, f)
		}
	}
	return &out
}
