package jsontext

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// maxKeys bounds the table of shared keys.
const maxKeys = 1 << 14

// Keys shares the strings of object keys between calls of Decode. It is for one
// goroutine.
type Keys map[string]string

// Decode decodes the value at s as document values: integers that fit are
// int64, other numbers float64. Of a repeated key the last value counts.
func Decode(data []byte, s Span, keys Keys) (any, error) {
	if s.IsZero() {
		return nil, syntax(s.Start, "a value should be here")
	}
	if keys == nil {
		keys = Keys{}
	}
	d := decoder{data: data[:s.End], keys: keys}
	v, end, err := d.value(s.Start, 0)
	if err != nil {
		return nil, err
	}
	if end = Space(d.data, end); end != len(d.data) {
		return nil, syntax(end, "unexpected text after the value")
	}
	return v, nil
}

// String decodes the string at s; ok is false if s holds anything else.
func String(data []byte, s Span) (text string, ok bool) {
	if s.IsZero() || data[s.Start] != '"' {
		return "", false
	}
	text, err := Unquote(data[s.Start:s.End], s.Start)
	return text, err == nil
}

// Strings decodes the array of strings at s, leaving other elements out.
func Strings(data []byte, s Span) []string {
	if s.IsZero() {
		return nil
	}
	var out []string
	// Broken arrays give the strings before the break.
	_ = Elements(data, s, func(e Span) {
		if text, ok := String(data, e); ok {
			out = append(out, text)
		}
	})
	return out
}

// True reports whether s holds the literal true.
func True(data []byte, s Span) bool { return string(s.Of(data)) == "true" }

// False reports whether s holds the literal false.
func False(data []byte, s Span) bool { return string(s.Of(data)) == "false" }

// Null reports whether s is missing or holds the literal null.
func Null(data []byte, s Span) bool { return s.IsZero() || string(s.Of(data)) == "null" }

// Unquote decodes a quoted JSON string; offset is where it stands, for errors.
func Unquote(quoted []byte, offset int) (string, error) {
	if len(quoted) < 2 || quoted[0] != '"' || quoted[len(quoted)-1] != '"' {
		return "", syntax(offset, "a string should be here")
	}
	inner := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		for i, c := range inner {
			if c < 0x20 {
				return "", syntax(offset+1+i, "control character in a string")
			}
		}
		return string(inner), nil
	}
	// Escapes, surrogate pairs and invalid UTF-8 are rare: the standard decoder
	// has their rules.
	var text string
	if err := json.Unmarshal(quoted, &text); err != nil {
		return "", syntax(offset, "string has an invalid escape")
	}
	return text, nil
}

type decoder struct {
	data []byte
	keys Keys
}

func (d *decoder) value(i, depth int) (v any, end int, err error) {
	if depth > MaxDepth {
		return nil, i, syntax(i, "values are nested too deeply")
	}
	i = Space(d.data, i)
	if i >= len(d.data) {
		return nil, i, syntax(i, "the text ends where a value should be")
	}
	switch d.data[i] {
	case '{':
		return d.object(i, depth)
	case '[':
		return d.array(i, depth)
	case '"':
		if end, err = skipString(d.data, i); err != nil {
			return nil, i, err
		}
		v, err = Unquote(d.data[i:end], i)
		return v, end, err
	}
	end, err = Skip(d.data, i)
	if err != nil {
		return nil, i, err
	}
	v, err = literal(d.data[i:end], i)
	return v, end, err
}

func (d *decoder) object(i, depth int) (v any, end int, err error) {
	out := map[string]any{}
	end, err = Object(d.data, i, func(key Span, value int) (int, error) {
		name, err := d.key(key)
		if err != nil {
			return key.End, err
		}
		v, end, err := d.value(value, depth+1)
		out[name] = v
		return end, err
	})
	return out, end, err
}

func (d *decoder) array(i, depth int) (v any, end int, err error) {
	out := []any{}
	end, err = Array(d.data, i, func(element int) (int, error) {
		v, end, err := d.value(element, depth+1)
		out = append(out, v)
		return end, err
	})
	return out, end, err
}

// key decodes a key, sharing one string among all uses of it: plans repeat
// their attribute names thousands of times.
func (d *decoder) key(s Span) (string, error) {
	inner := d.data[s.Start+1 : s.End-1]
	if name, ok := d.keys[string(inner)]; ok {
		return name, nil
	}
	name, err := Unquote(d.data[s.Start:s.End], s.Start)
	if err == nil && len(name) == len(inner) && len(d.keys) < maxKeys {
		d.keys[name] = name
	}
	return name, err
}

func literal(text []byte, offset int) (any, error) {
	switch string(text) {
	case "null":
		return nil, nil
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	// The standard scanner knows the grammar of numbers; strconv alone would
	// accept "0x10", "Inf" and "+1".
	if !json.Valid(text) {
		return nil, syntax(offset, "not a JSON value")
	}
	if n, err := strconv.ParseInt(string(text), 10, 64); err == nil {
		return n, nil
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return nil, syntax(offset, "number is out of range")
	}
	return f, nil
}
