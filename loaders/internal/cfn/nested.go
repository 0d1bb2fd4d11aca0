package cfn

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// maxStacks bounds how deep stacks may nest and how many files one template
// may pull in.
const maxStacks = 100

// anyParameter stands for the parameters that a stack may give beside those it
// is known to give.
const anyParameter = ""

// stack returns the template of a nested stack when it is a file beside this
// one: a local path, which packaging tools upload, or an asset of the CDK. It
// is evaluated with the parameters that the stack gives.
func (t *tmpl) stack(r *resource) *tmpl {
	if r.stackLooked {
		return r.stack
	}
	r.stackLooked = true
	name, ok := t.stackFile(r)
	if !ok || name == t.src.Name || slices.Contains(t.parents, name) || len(t.session.nested) >= maxStacks {
		return nil
	}
	f := t.session.open(name)
	if f.src == nil {
		t.warnAt(r.entry.keySpan, "the template %s of stack %q cannot be read; its resources are not checked", name, r.id)
		return nil
	}
	if f.root == nil || f.root.Kind != yamlnode.Mapping {
		return nil
	}
	s := newTemplate(t.session, f.src)
	s.parents = append(append([]string{}, t.parents...), t.src.Name)
	s.bound = t.stackParameters(r)
	s.conditional = t.conditional || r.exists == maybe || r.guessed
	if slices.Contains(t.session.claimed, name) {
		// Two stacks of one file are different resources.
		s.id = name + "@" + r.id + "#"
		s.token = "cfn:" + s.id
	}
	t.session.claim(name)
	s.read(f.root)
	r.stack = s
	t.session.nested = append(t.session.nested, s)
	return s
}

func (t *tmpl) stackFile(r *resource) (string, bool) {
	t.settle(r)
	if r.exists == no {
		return "", false
	}
	if e, ok := r.body["Metadata"]; ok && childText(e.node, "aws:asset:property") == "TemplateURL" {
		if name, ok := t.localFile(childText(e.node, "aws:asset:path")); ok {
			return name, true
		}
	}
	url := t.property(r, "TemplateURL")
	if url == nil {
		return "", false
	}
	s, ok := url.isText()
	if !ok {
		return "", false
	}
	return t.localFile(strings.TrimPrefix(s, "./"))
}

// stackParameters evaluates what a stack gives to its template.
func (t *tmpl) stackParameters(r *resource) map[string]*value {
	out := map[string]*value{}
	v := t.property(r, "Parameters")
	if v == nil {
		return out
	}
	if v.kind != object || v.partial != "" {
		// Nothing is certain then, not even that a default counts.
		out[anyParameter] = failed(span{})
	}
	for _, f := range v.fields {
		if f.value.kind != none {
			out[f.key] = f.value
		}
	}
	return out
}

// stackOutput evaluates Fn::GetAtt of Outputs.X of a nested stack.
func (t *tmpl) stackOutput(r *resource, name string, c call) *value {
	s := t.stack(r)
	if s == nil {
		return nil
	}
	for _, o := range s.outputs {
		if o.key != name {
			continue
		}
		n := child(o.node, "Value")
		if n == nil {
			return nil
		}
		return s.eval(n, o.f).moved(c.span)
	}
	if !s.generated && !s.macro {
		t.errorAt(c.span, "Fn::GetAtt: the template of stack %q has no output %q", r.id, name)
	}
	return nil
}

// findExports notes the names under which outputs export resources.
func (t *tmpl) findExports() {
	for _, o := range t.outputs {
		export := child(o.node, "Export")
		if export == nil || child(export, "Name") == nil || child(o.node, "Value") == nil {
			continue
		}
		name, ok := t.eval(child(export, "Name"), o.f).isText()
		if !ok {
			continue
		}
		v := t.eval(child(o.node, "Value"), o.f)
		if len(v.edges) != 1 {
			continue // built from several resources: not one that could be linked
		}
		id, ok := strings.CutPrefix(v.edges[0].token, t.token)
		if !ok {
			continue
		}
		if r := t.resources[id]; r != nil {
			r.exports = append(r.exports, name)
		}
	}
}
