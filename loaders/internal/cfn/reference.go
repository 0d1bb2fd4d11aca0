package cfn

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// ref evaluates Ref.
func (t *tmpl) ref(c call) *value {
	name, ok := t.name(c.arg, c.f)
	if !ok {
		return t.misused(c, "the name of a parameter or a resource")
	}
	return t.reference(name, c)
}

// name evaluates an argument that must be a name. AWS::LanguageExtensions lets
// functions stand there.
func (t *tmpl) name(n *yamlnode.Node, f frame) (string, bool) {
	if n = n.Target(); n.Kind == yamlnode.Scalar && n.Tag == "" {
		return f.vars.substituteKey(n.Text), n.Text != "" // "On" is a name here, not true
	}
	return t.eval(n, f).isText()
}

// reference returns what a name stands for, the innermost meaning first.
func (t *tmpl) reference(name string, c call) *value {
	if v, ok := c.f.vars.lookup(name); ok {
		return v.moved(c.span)
	}
	if v, ok := t.pseudo(name); ok {
		return v.at(c.span)
	}
	if p, ok := t.params[name]; ok {
		return t.parameterValue(p).moved(c.span)
	}
	if r, ok := t.resources[name]; ok {
		return t.refResource(r, c.span)
	}
	return t.unresolved(name, name, "Ref", c)
}

// unresolved is a name that is nowhere in the template.
func (t *tmpl) unresolved(name, holeText, how string, c call) *value {
	if !t.generated && !t.macro {
		t.errorAt(c.span, "%s: %q is neither a parameter nor a resource of the template", how, name)
	}
	h := &hole{name: holeName(holeText), reason: document.UnevaluatedExpression, root: holeName(name)}
	switch {
	case t.macro:
		h.reason = document.Macro
	case t.generated:
		h.reason = document.RuntimeRef
	}
	return holeValue(h, textShape, c.span)
}

// pseudo returns the value of a pseudo parameter.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
func (t *tmpl) pseudo(name string) (*value, bool) {
	if !strings.HasPrefix(name, "AWS::") {
		return nil, false
	}
	v, ok := t.pseudos[name]
	if !ok {
		v = t.readPseudo(name)
		t.pseudos[name] = v
	}
	return v, v != nil
}

// readPseudo is pseudo the first time; nil for a name that is none.
func (t *tmpl) readPseudo(name string) *value {
	h := &hole{name: name, root: name, reason: document.ParameterWithoutValue, pseudo: true}
	switch name {
	case "AWS::NoValue":
		return &value{kind: none}
	case "AWS::Region", "AWS::Partition", "AWS::StackName":
		h.class = wordClass
	case "AWS::AccountId":
		h.class = digitClass
	case "AWS::URLSuffix":
		h.class = domainClass
	case "AWS::StackId":
		h.class = idClass
	case "AWS::NotificationARNs":
		return holeValue(h, listShape, span{})
	default:
		return nil
	}
	if s, ok := t.pseudoSetting(name); ok {
		return scalarValue(s, span{})
	}
	return holeValue(h, textShape, span{})
}

// pseudoSetting returns what the user said of a pseudo parameter. Partition and
// domain follow from the region.
func (t *tmpl) pseudoSetting(name string) (string, bool) {
	settings := t.session.options.Parameters
	if s, ok := settings[name]; ok {
		return s, true
	}
	region, ok := settings["AWS::Region"]
	if !ok || name != "AWS::Partition" && name != "AWS::URLSuffix" {
		return "", false
	}
	partition, suffix := "aws", "amazonaws.com"
	switch {
	case strings.HasPrefix(region, "cn-"):
		partition, suffix = "aws-cn", "amazonaws.com.cn"
	case strings.HasPrefix(region, "us-gov-"):
		partition = "aws-us-gov"
	case strings.HasPrefix(region, "us-iso"), strings.HasPrefix(region, "eu-iso"), strings.HasPrefix(region, "eusc-"):
		return "", false
	}
	if name == "AWS::Partition" {
		return partition, true
	}
	return suffix, true
}

// getAtt evaluates Fn::GetAtt: "Logical.Attribute" or [Logical, Attribute].
func (t *tmpl) getAtt(c call) *value {
	arg := c.arg.Target()
	if arg.Kind == yamlnode.Sequence {
		if len(arg.Items) < 2 {
			return t.misused(c, "a resource and the name of an attribute")
		}
		id, ok := t.name(arg.Items[0], c.f)
		if !ok {
			return t.misused(c, "the logical ID of a resource first")
		}
		names := make([]string, 0, len(arg.Items)-1)
		for _, item := range arg.Items[1:] {
			v := t.eval(item, c.f)
			s, ok := v.text()
			if !ok {
				// The attribute is a Ref to a parameter that is not known.
				return t.unknownAttribute(id, v, c)
			}
			names = append(names, s)
		}
		return t.attribute(id, strings.Join(names, "."), c)
	}
	s, ok := t.name(arg, c.f)
	id, attribute, found := strings.Cut(s, ".")
	if !ok || !found || id == "" || attribute == "" {
		return t.misused(c, "a resource and the name of an attribute")
	}
	return t.attribute(id, attribute, c)
}

func (t *tmpl) unknownAttribute(id string, v *value, c call) *value {
	h := derived("Fn::GetAtt", scalarValue(id, c.span), v)
	out := holeValue(h, anyShape, c.span)
	if _, ok := t.resources[id]; ok {
		out.edges = []edge{{token: t.token + id}}
	}
	return out
}

func (t *tmpl) attribute(id, attribute string, c call) *value {
	if r, ok := t.resources[id]; ok {
		return t.getAttribute(r, attribute, c)
	}
	return t.unresolved(id, id+"."+attribute, "Fn::GetAtt", c)
}

// sub evaluates Fn::Sub: a text, or [text, {Variable: value}].
func (t *tmpl) sub(c call) *value {
	arg := c.arg.Target()
	var variables *value
	if arg.Kind == yamlnode.Sequence {
		if len(arg.Items) != 2 && len(arg.Items) != 1 {
			return t.misused(c, "a text and an object of variables")
		}
		if len(arg.Items) == 2 {
			if variables = t.eval(arg.Items[1], c.f); variables.kind != object {
				return t.misused(c, "an object of variables as its second argument")
			}
		}
		arg = arg.Items[0].Target()
	}
	if arg.Kind != yamlnode.Scalar || arg.Tag != "" && arg.Tag[0] == '!' && !strings.HasPrefix(arg.Tag, "!!") {
		// Packaging tools put a function here that they resolve themselves.
		v := t.eval(arg, c.f)
		if v.kind == unknown {
			return holeValue(derived("Fn::Sub", v), textShape, c.span).with(v.edges)
		}
		s, ok := v.isText()
		if !ok {
			return t.misused(c, "a text")
		}
		return t.substitute(s, variables, c)
	}
	return t.substitute(arg.Text, variables, c)
}

// substitute replaces the ${...} of a text.
func (t *tmpl) substitute(s string, variables *value, c call) *value {
	var pieces []*value
	for {
		before, after, found := strings.Cut(s, "${")
		end := strings.IndexByte(after, '}')
		if !found || end < 0 {
			pieces = append(pieces, scalarValue(s, c.span))
			break
		}
		pieces = append(pieces, scalarValue(before, c.span))
		name := after[:end]
		s = after[end+1:]
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			pieces = append(pieces, scalarValue("${"+literal+"}", c.span))
			continue
		}
		if strings.Contains(name, "${") || strings.TrimSpace(name) == "" {
			t.errorAt(c.span, "Fn::Sub: ${%s} names nothing; write ${!%s} for the text itself", name, name)
			pieces = append(pieces, failed(c.span))
			continue
		}
		pieces = append(pieces, t.variable(strings.TrimSpace(name), variables, c))
	}
	out, bad := concat(pieces, "", c)
	if bad {
		t.errorAt(c.span, "Fn::Sub: a variable is a list or an object, and cannot stand in a text")
	}
	return out
}

func (t *tmpl) variable(name string, variables *value, c call) *value {
	if variables != nil {
		if v, ok := variables.field(name); ok {
			return v
		}
	}
	if _, ok := c.f.vars.lookup(name); ok {
		return t.reference(name, c)
	}
	if id, attribute, ok := strings.Cut(name, "."); ok {
		return t.attribute(id, attribute, c)
	}
	v := t.reference(name, c)
	if v.kind == none {
		return scalarValue("", c.span)
	}
	return v
}

// concat joins values into a text. Secrets show only in texts that are wholly
// known; beside a hole they are holes themselves. bad is true when a value
// cannot stand in a text.
func concat(values []*value, separator string, c call) (out *value, bad bool) {
	masked := slices.ContainsFunc(values, func(v *value) bool { return v.kind != known })
	parts, bad := concatParts(values, separator, c, masked)
	out = textValue(parts, c.span)
	if secretOf(values...) != "" {
		switch {
		case out.kind == known:
			w := *out
			w.secret = derived(c.name, values...).name
			out = &w
		case !masked: // the name of a dynamic reference holds the secret
			parts, _ = concatParts(values, separator, c, true)
			out = textValue(parts, c.span)
		}
	}
	return out.with(allEdges(values...)), bad
}

func concatParts(values []*value, separator string, c call, masked bool) (parts []part, bad bool) {
	first := true // so far every value was optional, and its separator with it
	for _, v := range values {
		piece, ok := v.textParts(masked)
		switch {
		case !ok || v.kind == unknown && v.shape == listShape:
			bad = true
			piece = []part{{hole: derived(c.name, v)}}
		case v.optional:
			// Whether the separator beside it is there depends on it as well.
			parts = append(parts, part{hole: derived(c.name, scalarValue(separator, c.span), v)})
			continue
		}
		if !first {
			parts = append(parts, part{text: separator})
		}
		first = false
		parts = append(parts, piece...)
	}
	return parts, bad
}
