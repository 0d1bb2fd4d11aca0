package cfn

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// maxStacks bounds how deep stacks may nest and how many files one template
// may pull in.
const maxStacks = 100

// anyParameter stands for the parameters that a stack may give beside those it
// is known to give.
const anyParameter = ""

// isStack reports whether a resource is a stack with a template of its own.
func isStack(r *resource) bool { return r.typ == "AWS::CloudFormation::Stack" || r.typ == application }

// application is SAM's name for a nested stack.
const application = "AWS::Serverless::Application"

// stack returns the template of a nested stack when it is a file beside this
// one: a local path, which packaging tools upload, or an asset of the CDK. It
// is evaluated with the parameters that the stack gives.
func (t *tmpl) stack(r *resource) *tmpl {
	if r.stackLooked {
		return r.stack
	}
	r.stackLooked = true
	name, ok := t.stackFile(r)
	if !ok {
		t.noteElsewhere(r)
	}
	if !ok || name == t.src.Name || slices.Contains(t.parents, name) || len(t.session.nested) >= maxStacks {
		return nil
	}
	f := t.session.parse(name)
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
	s.exists = t.existence(r)
	s.packaged = t.packaged || r.packaged
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
	key := "TemplateURL"
	if r.typ == application {
		key = "Location"
	}
	url := t.property(r, key)
	if url == nil {
		return "", false
	}
	if name, ok := t.assetFile(url); ok {
		return name, true
	}
	if s, ok := url.isText(); ok {
		if name, ok := t.localFile(strings.TrimPrefix(s, "./")); ok {
			return name, true
		}
	}
	if name, ok := t.uploaded(url); ok {
		return name, true
	}
	name, ok := t.upload(url.ending(), stackPath(r, key))
	r.packaged = ok
	return name, ok
}

// uploaded finds the file behind the URL of an upload. Projects whose templates
// are in a bucket keep its paths, so that the end of the URL names a file beside
// this template or in a folder around it:
// https://${Bucket}.s3.amazonaws.com/${Prefix}templates/vpc.yaml.
func (t *tmpl) uploaded(url *value) (string, bool) {
	text := url.ending()
	if _, behind, found := strings.Cut(text, "://"); found {
		_, text, _ = strings.Cut(behind, "/") // without the host
	}
	text = strings.Trim(text, "/")
	switch path.Ext(text) {
	case ".yaml", ".yml", ".json", ".template":
	default:
		return "", false
	}
	for _, tail := range []string{text, path.Base(text)} {
		for _, up := range []string{"", "..", "../.."} {
			name, ok := t.localFile(path.Join(up, tail))
			if ok && name != t.src.Name && t.session.isTemplate(name) {
				return name, true
			}
		}
	}
	return "", false
}

// isTemplate reports whether a name is that of a template that can be read.
func (s *session) isTemplate(name string) bool {
	if content, err := s.options.ReadFile(name); err != nil || Detect(content, true) != IsTemplate {
		return false
	}
	root := s.parse(name).root
	return root != nil && child(root, "Resources") != nil
}

// noteElsewhere says that what a stack holds is not among the files. The stacks
// of the CDK's own providers hold nothing of the user's.
func (t *tmpl) noteElsewhere(r *resource) {
	if r.exists == no || t.session.pattern(plumbingNames).MatchString(r.id) {
		return
	}
	t.report(document.Note, r.entry.keySpan, fmt.Sprintf(
		"the template of stack %q is not among the files, so that its resources are not checked; "+
			"of a packaged template, check the one that was packaged", r.id))
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
