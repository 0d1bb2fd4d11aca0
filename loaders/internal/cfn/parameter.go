package cfn

import (
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// A parameter is an entry of the Parameters section.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
type parameter struct {
	name  string
	typ   string
	entry entry
	value *value
}

const ssmValuePrefix = "AWS::SSM::Parameter::Value<"

func (t *tmpl) addParameter(e entry) {
	if e.node.Target().Kind != yamlnode.Mapping {
		t.errorAt(e.keySpan, "parameter %q must be an object with a Type", e.key)
	}
	typ := childText(e.node, "Type")
	if typ == "" {
		typ = "String"
	}
	t.params[e.key] = &parameter{name: e.key, typ: typ, entry: e}
}

func (p *parameter) noEcho() bool {
	n := child(p.entry.node, "NoEcho")
	return n != nil && n.Target().Kind == yamlnode.Scalar && strings.EqualFold(scalarText(scalarOf(n.Target())), "true")
}

func (p *parameter) isList() bool {
	inner := strings.TrimSuffix(strings.TrimPrefix(p.typ, ssmValuePrefix), ">")
	return strings.HasPrefix(inner, "List<") || inner == "CommaDelimitedList"
}

// parameterValue returns the value of a parameter: what the user or the parent
// stack says, else the default, else the only allowed value.
func (t *tmpl) parameterValue(p *parameter) *value {
	if p.value != nil {
		return p.value
	}
	p.value = t.readParameter(p)
	if p.noEcho() && p.value.kind != unknown {
		p.value = p.value.hidden(holeName(p.name))
	}
	return p.value
}

// hidden marks a value, and everything in it, as a secret.
func (v *value) hidden(name string) *value {
	w := *v
	w.secret = name
	if v.items != nil {
		w.items = make([]*value, len(v.items))
		for i, e := range v.items {
			w.items[i] = e.hidden(name + "." + strconv.Itoa(i))
		}
	}
	return &w
}

func (t *tmpl) readParameter(p *parameter) *value {
	given, source := t.given(p)
	shape := textShape
	if p.isList() {
		shape = listShape
	}
	if strings.HasPrefix(p.typ, ssmValuePrefix) {
		// The value is the name of a parameter in the Parameter Store.
		h := &hole{name: holeName(p.name), root: holeName(p.name), reason: document.DynamicReference}
		if given != nil {
			if s, ok := given.text(); ok && !p.noEcho() {
				h.name = "resolve:ssm:" + holeName(s)
			}
		}
		return holeValue(h, shape, span{})
	}
	if given == nil {
		return t.withoutValue(p, shape)
	}
	text, ok := given.text()
	switch given.kind {
	case unknown:
		return t.boundUnknown(p, given)
	case list: // in place of the text that CloudFormation would split
		pieces := make([]string, len(given.items))
		for i, e := range given.items {
			if pieces[i], ok = e.text(); !ok {
				return t.boundUnknown(p, given)
			}
		}
		text, ok = strings.Join(pieces, ","), true
	case known, object, none:
	}
	if !ok {
		t.errorAt(p.entry.keySpan, "the default of parameter %q must be a text", p.name)
		return failed(span{})
	}
	v := p.typed(text, source).with(given.edges)
	if given.secret != "" {
		v = v.hidden(given.secret)
	}
	return v
}

// withoutValue is a parameter that nobody gives a value: unknown, unless only
// one is allowed.
func (t *tmpl) withoutValue(p *parameter, s shape) *value {
	h := &hole{
		name: holeName(p.name), root: holeName(p.name), reason: document.ParameterWithoutValue, class: p.class(),
	}
	if s == textShape { // of a list, they are what is allowed for each element
		h.allowed = t.allowedValues(p)
	}
	if len(h.allowed) == 1 {
		return p.typed(h.allowed[0], nil)
	}
	return holeValue(h, s, span{})
}

// class returns the characters that values of a parameter type consist of.
func (p *parameter) class() func(c byte) bool {
	if strings.HasPrefix(p.typ, "AWS::EC2::") || strings.HasPrefix(p.typ, "AWS::Route53::") {
		return idClass
	}
	return nil
}

// given returns the value that is set for a parameter, nil if there is none, and
// the node of the default when that is where it is from.
func (t *tmpl) given(p *parameter) (*value, *yamlnode.Node) {
	if t.bound != nil {
		if v, ok := t.bound[p.name]; ok {
			return v, nil
		}
		if v, ok := t.bound[anyParameter]; ok {
			return v, nil
		}
	} else if s, ok := t.session.options.Parameters[p.name]; ok {
		return scalarValue(s, span{}), nil
	}
	n := child(p.entry.node, "Default")
	if n == nil {
		return nil, nil
	}
	n = n.Target()
	// Functions do not work here: the default is what is written.
	v := t.eval(n, frame{})
	if v.kind == known && v.scalar == nil && n.Kind == yamlnode.Scalar {
		v = scalarValue("", v.span)
	}
	return v, n
}

// typed turns the text of a value into what Ref returns. A number stays what it
// was written as, since a text such as "1.30" would lose its zero.
func (p *parameter) typed(text string, source *yamlnode.Node) *value {
	if p.isList() {
		out := listValue(nil, span{})
		for piece := range strings.SplitSeq(text, ",") {
			piece = strings.TrimSpace(piece)
			v := any(piece)
			if p.typ == "List<Number>" {
				v = numberText(piece)
			}
			out.items = append(out.items, scalarValue(v, span{}))
		}
		return out
	}
	if p.typ != "Number" {
		return scalarValue(text, span{})
	}
	if source != nil && source.Plain {
		if n, ok := numberOf(source.Text); ok {
			return scalarValue(n, span{})
		}
	}
	return scalarValue(numberText(text), span{})
}

func numberText(s string) any {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && strconv.FormatInt(n, 10) == s {
		return n
	}
	return s
}

// boundUnknown is a parameter for which a parent stack gives something that is
// not known yet.
func (t *tmpl) boundUnknown(p *parameter, given *value) *value {
	parts, ok := given.textParts(true)
	if !p.isList() || given.kind == list {
		if given.kind == list || !ok {
			return holeValue(derived("Parameter", given), textShape, span{}).with(allEdges(given))
		}
		return given.moved(span{})
	}
	pieces, ok := splitText(parts, ",")
	if !ok { // a hole may hold several elements
		h := derived("Parameter", given)
		return holeValue(h, listShape, span{}).with(given.edges)
	}
	out := listValue(make([]*value, len(pieces)), span{})
	for i, piece := range pieces {
		out.items[i] = textValue(piece, span{}).with(given.edges)
	}
	return out
}

func (t *tmpl) allowedValues(p *parameter) []string {
	n := child(p.entry.node, "AllowedValues")
	if n == nil {
		return nil
	}
	var out []string
	for _, item := range n.Target().Items {
		s, ok := t.eval(item, frame{}).text()
		if !ok {
			return nil
		}
		out = append(out, s)
	}
	return out
}
