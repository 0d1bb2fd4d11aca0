package canon

import (
	"math"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// convert turns the value at a leaf into the attribute's type.
func convert(p *attrPlan, c cursor) result {
	if p.typ == policyType {
		return readPolicy(c)
	}
	if c.blocked != nil {
		return convertTemplate(p, c)
	}
	switch p.typ {
	case listType, refsType:
		if c.value == nil {
			return missing(c)
		}
		return gather(p, c, c.elements(false))
	case mapType:
		return convertMap(p, c)
	case objectsType:
		return convertObjects(p, c)
	case jsonType:
		return convertJSON(p, c)
	case presentType:
		return convertPresent(p, c)
	case anyType:
		if c.value == nil {
			return missing(c)
		}
		return result{value: c.value, path: c.path, inner: c.know.below()}
	default:
		return convertScalar(p, c)
	}
}

// convertScalar reads one scalar; a list of one stands for its element.
func convertScalar(p *attrPlan, c cursor) result {
	if list, ok := c.value.([]any); ok && len(list) < 2 {
		if len(list) == 0 {
			return result{path: c.path}
		}
		if c = c.at(0); c.blocked != nil {
			return convertTemplate(p, c)
		}
	}
	if c.value == nil {
		return missing(c)
	}
	v, ok := p.scalar(c.value)
	if !ok {
		return unknownAt(document.State{Reason: document.UnevaluatedExpression}, c.path)
	}
	return result{value: v, path: c.path} // nil: an empty string, which nobody means
}

// arnWithHoles returns an unknown ARN whose name is known: which resource of an
// account it is does not depend on partition, account or region, and those are
// all that its holes hide. CloudFormation writes most ARNs like that.
func arnWithHoles(c cursor) (string, bool) {
	if c.blocked == nil || !strings.HasPrefix(c.blocked.Template, "arn:") {
		return "", false
	}
	last := strings.LastIndexByte(c.blocked.Template, '}')
	return c.blocked.Template, strings.HasPrefix(c.blocked.Template[last+1:], ":")
}

// convertTemplate is convert for an unknown: a text with holes may still be
// readable JSON, and an ARN may say enough.
func convertTemplate(p *attrPlan, c cursor) result {
	if arn, ok := arnWithHoles(c); ok && p.typ == refType {
		return result{value: arn, path: c.path}
	}
	if p.typ == jsonType && c.blocked.Template != "" {
		if v, ok := parseText(c.blocked.Template); ok {
			state := *c.blocked
			state.Kind = document.Partial
			return result{value: v, state: &state, path: c.path}
		}
	}
	return unknownAt(*c.blocked, c.path)
}

func convertObjects(p *attrPlan, c cursor) result {
	if c.value == nil {
		return missing(c)
	}
	return gather(p, c, c.elements(false))
}

// convertMap reads an object of scalars, or a list of Key and Value pairs.
func convertMap(p *attrPlan, c cursor) result {
	switch v := c.value.(type) {
	case map[string]any:
		r := result{path: c.path}
		out := make(map[string]any, len(v))
		for _, k := range c.keys() {
			r.entry(p, out, k, c.follow([]step{{elem: k, key: k}}))
		}
		r.value = out
		if c.know.isPartial() && r.state == nil {
			r.state = c.know.state
		}
		return r
	case []any:
		return convertPairs(p, c)
	case nil:
		return missing(c)
	}
	return unknownAt(document.State{Reason: document.UnevaluatedExpression}, c.path)
}

func convertPairs(p *attrPlan, c cursor) result {
	r := result{path: c.path}
	out := map[string]any{}
	for _, e := range c.elements(false) {
		if e.blocked != nil {
			r.leaveOut(e)
			continue
		}
		key, keyOK := stringAt(e, "Key", "key", "Name", "name", "TagKey")
		if c := e.get("Key"); !keyOK && c.blocked != nil {
			key, keyOK = holed(document.State{Template: c.blocked.Template})
		}
		if !keyOK {
			e.misfit()
			r.leaveOut(e)
			continue
		}
		value := e.get("Value")
		if value.value == nil && value.know == nil {
			if lower := e.get("value"); lower.value != nil || lower.know != nil {
				value = lower
			}
		}
		r.entry(p, out, key, value)
		if r.places == nil {
			r.places = map[string]document.Path{}
		}
		r.places[document.Path{key}.String()] = value.parent()
	}
	if c.know.isPartial() && r.state == nil {
		r.state = c.know.state
	}
	r.value = out
	return r
}

// entry stores one value of a map.
func (r *result) entry(p *attrPlan, out map[string]any, key string, c cursor) {
	if c.blocked == nil && c.value == nil {
		if c.blocked = c.know.any(); c.blocked == nil {
			return
		}
	}
	if c.blocked == nil {
		if p.typ == mapType {
			if s, ok := scalarText(c.value); ok {
				out[key] = s
				return
			}
		}
		c.misfit()
	}
	if r.inner == nil {
		r.inner = document.States{}
	}
	state := *c.blocked
	state.Kind = document.Unknown
	r.inner[document.Path{key}.String()] = state
	r.leaveOut(c)
}

func stringAt(c cursor, keys ...string) (string, bool) {
	for _, k := range keys {
		if s, ok := scalarText(c.get(k).value); ok && s != "" {
			return s, true
		}
	}
	return "", false
}

// convertJSON reads JSON or YAML in a string, or the value itself.
func convertJSON(_ *attrPlan, c cursor) result {
	switch v := c.value.(type) {
	case nil:
		return missing(c)
	case string:
		if strings.TrimSpace(v) == "" {
			return result{path: c.path}
		}
		parsed, ok := parseText(v)
		if !ok {
			return unknownAt(document.State{Reason: document.UnevaluatedExpression}, c.path)
		}
		return result{value: parsed, path: c.path}
	}
	return result{value: c.value, path: c.path, inner: c.know.below()}
}

// convertPresent says whether a block is written.
func convertPresent(_ *attrPlan, c cursor) result {
	switch v := c.value.(type) {
	case nil:
		return missing(c)
	case []any:
		if len(v) == 0 {
			return result{path: c.path}
		}
	case map[string]any:
		if len(v) == 0 && c.know.any() == nil {
			return result{path: c.path}
		}
	case string:
		if v == "" {
			return result{path: c.path}
		}
	}
	return result{value: true, path: c.path}
}

// below lists the states under k by relative path, nil if there are none.
func (k *knowledge) below() document.States {
	if k == nil {
		return nil
	}
	var out document.States
	var walk func(k *knowledge, path document.Path)
	walk = func(k *knowledge, path document.Path) {
		if k.state != nil {
			if out == nil {
				out = document.States{}
			}
			out[path.String()] = *k.state
		}
		for name, c := range k.keys {
			walk(c, path.Append(name))
		}
		for i, c := range k.items {
			walk(c, path.Append(i))
		}
	}
	walk(k, nil)
	return out
}

// scalar converts one raw scalar to the attribute's type. A nil value means
// that the author wrote nothing (an empty string); ok is false for values that
// are not of the type.
func (p *attrPlan) scalar(v any) (out any, ok bool) {
	text, isScalar := scalarText(v)
	if !isScalar {
		return nil, false
	}
	if mapped, found := p.values[text]; found {
		return plainCopy(mapped), true
	}
	if text == "" {
		return nil, true
	}
	switch p.typ { //nolint:exhaustive // the other types hold texts
	case boolType:
		b, err := strconv.ParseBool(strings.ToLower(text))
		return b, err == nil
	case intType:
		return wholeNumber(v, text)
	}
	for _, e := range p.enum {
		if strings.EqualFold(e, text) {
			return e, true
		}
	}
	return text, true
}

func wholeNumber(v any, text string) (any, bool) {
	if f, isFloat := v.(float64); isFloat {
		if f != math.Trunc(f) || math.Abs(f) > 1<<53 {
			return nil, false
		}
		return int64(f), true
	}
	// Karpenter writes sizes as quantities ("100Gi"), the canonical unit is GiB.
	n, err := strconv.ParseInt(strings.TrimSuffix(text, "Gi"), 10, 64)
	return n, err == nil
}

// scalarText writes a scalar as the string an author would have written.
func scalarText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case int:
		return strconv.Itoa(v), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	}
	return "", false
}
