package cfn

import (
	"path"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// readTransforms takes in the Transform section: names, or objects with a Name.
// Functions work on sections in the order they are written; of all transforms
// only AWS::Include shows its result in the text.
func (t *tmpl) readTransforms(n *yamlnode.Node, f frame) {
	n = n.Target()
	switch n.Kind {
	case yamlnode.Sequence:
		for _, item := range n.Items {
			t.readTransforms(item, f)
		}
	case yamlnode.Mapping:
		name := childText(n, "Name")
		if name != "AWS::Include" {
			t.noteTransform(name, f.span(n))
			return
		}
		root, inner, ok := t.include(n, f, f.span(n))
		if !ok || root.Kind != yamlnode.Mapping {
			t.macro = true
			return
		}
		t.each(root, inner, t.readSection)
	case yamlnode.Scalar:
		t.noteTransform(n.Text, f.span(n))
	}
}

// noteTransform says what a transform of the whole template means for us.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html
func (t *tmpl) noteTransform(name string, at span) {
	switch {
	case strings.HasPrefix(name, "AWS::Serverless"), strings.HasPrefix(name, "AWS::SecretsManager"):
		t.generated = true // adds roles and functions; what is written stays
	case name == "AWS::LanguageExtensions", name == "AWS::CodeDeployBlueGreen", name == "AWS::CodeStar", name == "":
	default:
		t.macro = true
		t.warnAt(at, "macro %s may change anything in the template; what it does is not known", name)
	}
}

// transform evaluates Fn::Transform where it is all there is.
func (t *tmpl) transform(c call) *value {
	if childText(c.arg, "Name") == "AWS::Include" {
		if root, inner, ok := t.include(c.arg, c.f, c.span); ok {
			return t.eval(root, inner)
		}
	}
	return macroValue(c.span)
}

// transformAmong handles Fn::Transform beside other keys: an included file adds
// its keys, a macro may change all of them.
func (t *tmpl) transformAmong(arg *yamlnode.Node, f frame, yield, guess func(e entry)) (partial string) {
	arg = arg.Target()
	if arg.Kind == yamlnode.Sequence {
		for _, item := range arg.Items {
			if reason := t.transformAmong(item, f, yield, guess); reason != "" {
				partial = reason
			}
		}
		return partial
	}
	if childText(arg, "Name") == "AWS::Include" {
		if root, inner, ok := t.include(arg, f, f.span(arg)); ok && root.Kind == yamlnode.Mapping {
			return t.eachOrGuess(root, inner, yield, guess)
		}
	}
	return document.Macro
}

// include reads the file that AWS::Include names, if it is one beside the
// template. The service itself reads from S3 only; packaging tools replace a
// local name by the address of the upload.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html
func (t *tmpl) include(n *yamlnode.Node, f frame, at span) (root *yamlnode.Node, inner frame, ok bool) {
	parameters := child(n, "Parameters")
	if parameters == nil || child(parameters, "Location") == nil {
		t.errorAt(at, "AWS::Include needs a Location in its Parameters")
		return nil, f, false
	}
	location, ok := t.eval(child(parameters, "Location"), f).isText()
	if !ok {
		return nil, f, false
	}
	name, ok := t.localFile(location)
	if !ok {
		name, ok = t.upload(location, func(*yamlnode.Node) string { return "" })
	}
	if !ok {
		return nil, f, false
	}
	if f.files.has(name) {
		t.errorAt(at, "%s includes itself", name)
		return nil, f, false
	}
	file := t.session.parse(name)
	if file.src == nil {
		t.errorAt(at, "the included file %s cannot be read; what it adds is not checked", name)
		return nil, f, false
	}
	t.session.claim(name)
	if file.root == nil {
		return nil, f, false
	}
	f.files = &included{name: name, by: f.files}
	if f.fixed == nil {
		f.fixed = &at
	}
	return file.root, f, true
}

// included is the chain of files that an evaluation goes on in.
type included struct {
	name string
	by   *included
}

func (i *included) has(name string) bool {
	for ; i != nil; i = i.by {
		if i.name == name {
			return true
		}
	}
	return false
}

// localFile returns the name of a file that a template names by a path.
func (t *tmpl) localFile(location string) (string, bool) {
	if t.session.options.ReadFile == nil || location == "" || strings.Contains(location, "://") ||
		strings.HasPrefix(location, "/") || strings.Contains(location, `\`) || strings.Contains(location, "${") {
		return "", false
	}
	return path.Join(path.Dir(t.src.Name), location), true
}
