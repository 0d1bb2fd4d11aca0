package cfn

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
)

// cfnJSON evaluates the Value of the CDK's Custom::AWSCDKCfnJson: its handler
// parses a JSON text and returns the object. The CDK uses it where a key of an
// object is not known, as in the trust conditions of roles for service
// accounts.
func (t *tmpl) cfnJSON(r *resource, c call) *value {
	text := t.property(r, "Value")
	if text == nil || text.kind != known && text.kind != unknown {
		return nil
	}
	parts, ok := text.textParts(true)
	if !ok {
		return nil
	}
	v, err := decodeParts(parts, c.span)
	if err != nil {
		t.warnAt(c.span, "the JSON text of %q cannot be parsed, since parts of it are not known", r.id)
		return nil
	}
	return v.with(text.edges)
}

// Holes travel through the JSON decoder between two characters that no text
// has any business to hold.
const (
	holeOpen  = '\uFDD0'
	holeClose = '\uFDD1'
)

// decodeParts parses a JSON text with holes. A hole inside a string makes a
// text with a hole, a hole in place of a value an unknown value.
func decodeParts(parts []part, at span) (*value, error) {
	var b strings.Builder
	var holes []*hole
	inString := false
	for _, p := range parts {
		if p.hole == nil {
			if strings.ContainsRune(p.text, holeOpen) || strings.ContainsRune(p.text, holeClose) {
				return nil, errors.New("noncharacter in the text")
			}
			inString = scanString(p.text, inString)
			b.WriteString(p.text)
			continue
		}
		mark := string(holeOpen) + strconv.Itoa(len(holes)) + string(holeClose)
		holes = append(holes, p.hole)
		if !inString {
			mark = `"` + string(holeOpen) + mark + `"` // twice: not inside a string
		}
		b.WriteString(mark)
	}
	dec := json.NewDecoder(strings.NewReader(b.String()))
	dec.UseNumber()
	d := holeDecoder{dec: dec, holes: holes, at: at}
	v, err := d.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("text behind the value")
	}
	return v, nil
}

// scanString reports whether a JSON text ends inside a string.
func scanString(text string, inside bool) bool {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			inside = !inside
		case text[i] == '\\' && inside:
			i++
		}
	}
	return inside
}

type holeDecoder struct {
	dec   *json.Decoder
	holes []*hole
	at    span
}

func (d *holeDecoder) value(depth int) (*value, error) {
	if depth > maxDepth {
		return nil, errors.New("nested too deeply")
	}
	token, err := d.dec.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '[' {
			return d.list(depth)
		}
		return d.object(depth)
	case string:
		return d.text(token), nil
	case json.Number:
		if n, ok := numberOf(token.String()); ok {
			return scalarValue(n, d.at), nil
		}
		return nil, errors.New("number out of range")
	default:
		return scalarValue(token, d.at), nil
	}
}

func (d *holeDecoder) list(depth int) (*value, error) {
	out := listValue(nil, d.at)
	for d.dec.More() {
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		out.items = append(out.items, v)
	}
	_, err := d.dec.Token()
	return out, err
}

func (d *holeDecoder) object(depth int) (*value, error) {
	b := objectBuilder{value: &value{kind: object, span: d.at}}
	for d.dec.More() {
		token, err := d.dec.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string)
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if k := d.text(key); k.kind == unknown {
			key = template(k.parts)
		}
		b.set(key, d.at, v)
	}
	_, err := d.dec.Token()
	return b.value, err
}

// text puts the holes back into a string.
func (d *holeDecoder) text(s string) *value {
	shape := textShape
	if rest, ok := strings.CutPrefix(s, string(holeOpen)+string(holeOpen)); ok {
		s, shape = string(holeOpen)+rest, anyShape
	}
	var parts []part
	for {
		before, after, found := strings.Cut(s, string(holeOpen))
		parts = append(parts, part{text: before})
		if !found {
			break
		}
		index, rest, _ := strings.Cut(after, string(holeClose))
		n, err := strconv.Atoi(index)
		if err != nil || n >= len(d.holes) {
			return failed(d.at)
		}
		parts = append(parts, part{hole: d.holes[n]})
		s = rest
	}
	v := textValue(parts, d.at)
	if v.kind == unknown && shape == anyShape {
		w := *v
		w.shape = shape
		v = &w
	}
	return v
}
