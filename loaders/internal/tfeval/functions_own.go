package tfeval

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"  //nolint:gosec // Terraform's md5 is no protection here
	"crypto/sha1" //nolint:gosec // as above
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

// fn describes a function of texts that gives a text.
func fn(impl func(args []string) (string, error), params ...string) function.Function {
	spec := &function.Spec{Type: function.StaticReturnType(cty.String)}
	for _, name := range params {
		spec.Params = append(spec.Params, function.Parameter{Name: name, Type: cty.String})
	}
	spec.Impl = func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		texts := make([]string, len(args))
		for i, a := range args {
			texts[i] = a.AsString()
		}
		out, err := impl(texts)
		return cty.StringVal(out), err
	}
	return function.New(spec)
}

// predicate describes a function of two texts that is true or false.
func predicate(impl func(a, b string) bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "a", Type: cty.String}, {Name: "b", Type: cty.String}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return cty.BoolVal(impl(args[0].AsString(), args[1].AsString())), nil
		},
	})
}

// anyFunction takes arguments of any type and sees them without marks, known.
func anyFunction(least int, impl func(args []cty.Value) (cty.Value, error)) function.Function {
	return function.New(&function.Spec{
		VarParam: &function.Parameter{Name: "values", Type: cty.DynamicPseudoType, AllowNull: true},
		Type: func(args []cty.Value) (cty.Type, error) {
			if len(args) < least {
				return cty.NilType, errors.New("too few arguments")
			}
			for _, a := range args {
				if !a.IsWhollyKnown() {
					return cty.DynamicPseudoType, nil
				}
			}
			v, err := impl(args)
			if err != nil {
				return cty.NilType, err
			}
			return v.Type(), nil
		},
		Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) {
			for _, a := range args {
				if !a.IsWhollyKnown() {
					return cty.UnknownVal(ty), nil
				}
			}
			return impl(args)
		},
	})
}

// textFunctions are Terraform's functions of texts that cty has not
// (https://developer.hashicorp.com/terraform/language/functions).
func textFunctions() map[string]function.Function {
	digest := func(h func() hash.Hash, encode func([]byte) string) function.Function {
		return fn(func(a []string) (string, error) {
			sum := h()
			sum.Write([]byte(a[0]))
			return encode(sum.Sum(nil)), nil
		}, "text")
	}
	b64 := base64.StdEncoding.EncodeToString
	return map[string]function.Function{
		"startswith":  predicate(strings.HasPrefix),
		"endswith":    predicate(strings.HasSuffix),
		"strcontains": predicate(strings.Contains),
		"replace":     fn(replace, "text", "search", "with"),
		"base64encode": fn(func(a []string) (string, error) {
			return b64([]byte(a[0])), nil
		}, "text"),
		"base64decode": fn(func(a []string) (string, error) {
			out, err := base64.StdEncoding.DecodeString(a[0])
			if err == nil && !utf8.Valid(out) {
				err = errors.New("no text inside")
			}
			return string(out), err
		}, "text"),
		"base64gzip":   fn(func(a []string) (string, error) { return zip(a[0]) }, "text"),
		"base64gunzip": fn(func(a []string) (string, error) { return unzip(a[0]) }, "text"),
		"urlencode":    fn(func(a []string) (string, error) { return url.QueryEscape(a[0]), nil }, "text"),
		"urldecode":    fn(func(a []string) (string, error) { return url.QueryUnescape(a[0]) }, "text"),
		"md5":          digest(md5.New, hex.EncodeToString), "sha1": digest(sha1.New, hex.EncodeToString),
		"sha256": digest(sha256.New, hex.EncodeToString), "sha512": digest(sha512.New, hex.EncodeToString),
		"base64sha256": digest(sha256.New, b64), "base64sha512": digest(sha512.New, b64),
		"dirname":  fn(func(a []string) (string, error) { return dirname(a[0]), nil }, "path"),
		"basename": fn(func(a []string) (string, error) { return a[0][strings.LastIndexByte(a[0], '/')+1:], nil }, "path"),
		"timecmp": function.New(&function.Spec{
			Params: []function.Parameter{{Name: "a", Type: cty.String}, {Name: "b", Type: cty.String}},
			Type:   function.StaticReturnType(cty.Number),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				a, errA := time.Parse(time.RFC3339, args[0].AsString())
				b, errB := time.Parse(time.RFC3339, args[1].AsString())
				return cty.NumberIntVal(int64(a.Compare(b))), errors.Join(errA, errB)
			},
		}),
	}
}

// replace is a plain replacement, or one by a regular expression in slashes.
func replace(a []string) (string, error) {
	if s := a[1]; len(s) > 1 && s[0] == '/' && s[len(s)-1] == '/' {
		re, err := regexp.Compile(s[1 : len(s)-1])
		if err != nil {
			return "", errors.New("no regular expression")
		}
		return re.ReplaceAllString(a[0], a[2]), nil
	}
	if len(a[1]) == 0 && len(a[0])*len(a[2]) > maxText || strings.Count(a[0], a[1])*len(a[2]) > maxText {
		return "", errLimit
	}
	return strings.ReplaceAll(a[0], a[1], a[2]), nil
}

func dirname(p string) string {
	i := strings.LastIndexByte(p, '/')
	switch {
	case i < 0:
		return "."
	case i == 0:
		return "/"
	}
	return p[:i]
}

func zip(text string) (string, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		return "", err
	}
	err := w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes()), err
}

func unzip(text string) (string, error) {
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", err
	}
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	out, err := io.ReadAll(io.LimitReader(r, maxText))
	return string(out), err
}

// valueFunctions are those of collections that cty has not.
func valueFunctions() map[string]function.Function {
	return map[string]function.Function{
		"alltrue":   anyFunction(1, func(a []cty.Value) (cty.Value, error) { return truth(a[0], true) }),
		"anytrue":   anyFunction(1, func(a []cty.Value) (cty.Value, error) { return truth(a[0], false) }),
		"sum":       anyFunction(1, sum),
		"index":     anyFunction(2, indexOf),
		"transpose": anyFunction(1, transpose),
		"matchkeys": anyFunction(3, matchKeys),
		"type": anyFunction(1, func(a []cty.Value) (cty.Value, error) {
			return cty.StringVal(a[0].Type().FriendlyName()), nil
		}),
		"one":      oneFunction(),
		"lookup":   lookupFunction(),
		"coalesce": coalesceFunction(),
	}
}

func elements(v cty.Value) []cty.Value {
	if v.IsNull() || !v.CanIterateElements() {
		return nil
	}
	return v.AsValueSlice()
}

func truth(v cty.Value, all bool) (cty.Value, error) {
	for _, e := range elements(v) {
		b, err := convert.Convert(e, cty.Bool)
		if err != nil {
			return cty.NilVal, err
		}
		if yes := !b.IsNull() && b.True(); yes != all {
			return cty.BoolVal(!all), nil
		}
	}
	return cty.BoolVal(all), nil
}

func sum(args []cty.Value) (cty.Value, error) {
	out := cty.Zero
	for _, e := range elements(args[0]) {
		n, err := convert.Convert(e, cty.Number)
		if err != nil || n.IsNull() {
			return cty.NilVal, errors.New("an element that is no number")
		}
		out = out.Add(n)
	}
	return out, nil
}

func indexOf(args []cty.Value) (cty.Value, error) {
	for i, e := range elements(args[0]) {
		if e.RawEquals(args[1]) || same(asText(e), asText(args[1])) {
			return cty.NumberIntVal(int64(i)), nil
		}
	}
	return cty.NilVal, errors.New("not found")
}

func asText(v cty.Value) cty.Value {
	if out, err := convert.Convert(v, cty.String); err == nil {
		return out
	}
	return v
}

func transpose(args []cty.Value) (cty.Value, error) {
	list, ok := pairs(args[0])
	if !ok {
		return cty.NilVal, errors.New("no map")
	}
	out := map[string][]cty.Value{}
	for _, p := range list {
		for _, e := range elements(p.value) {
			name := asText(e)
			if name.IsNull() || name.Type() != cty.String {
				return cty.NilVal, errors.New("a value that is no text")
			}
			out[name.AsString()] = append(out[name.AsString()], asText(p.key))
		}
	}
	lists := map[string]cty.Value{}
	for name, l := range out {
		lists[name] = cty.ListVal(l)
	}
	if len(lists) == 0 {
		return cty.MapValEmpty(cty.List(cty.String)), nil
	}
	return cty.MapVal(lists), nil
}

func matchKeys(args []cty.Value) (cty.Value, error) {
	values, keys, wanted := elements(args[0]), elements(args[1]), elements(args[2])
	if len(values) != len(keys) {
		return cty.NilVal, errors.New("lists of different lengths")
	}
	var out []cty.Value
	for i, k := range keys {
		for _, w := range wanted {
			if same(asText(k), asText(w)) {
				out = append(out, values[i])
				break
			}
		}
	}
	return cty.TupleVal(out), nil
}

// oneFunction is one(): the only element, or null.
func oneFunction() function.Function {
	pick := func(v cty.Value) (cty.Value, error) {
		plain, marks := v.Unmark()
		if !plain.IsKnown() {
			return cty.DynamicVal.WithMarks(marks), nil
		}
		list := elements(plain)
		switch {
		case len(list) > 1:
			return cty.NilVal, errors.New("more than one element")
		case len(list) == 1:
			return list[0].WithMarks(marks), nil
		}
		return cty.NullVal(cty.DynamicPseudoType), nil
	}
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType, AllowMarked: true, AllowUnknown: true, AllowDynamicType: true}},
		Type: func(args []cty.Value) (cty.Type, error) {
			v, err := pick(args[0])
			if err != nil {
				return cty.NilType, err
			}
			return v.Type(), nil
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return pick(args[0]) },
	})
}

// coalesceFunction is coalesce(): unlike cty's it passes over empty texts, and
// leaves the types alone.
func coalesceFunction() function.Function {
	pick := func(args []cty.Value) (cty.Value, error) {
		for _, a := range args {
			plain, marks := a.Unmark()
			switch {
			case !plain.IsKnown():
				return cty.DynamicVal.WithMarks(marks), nil
			case plain.IsNull() || plain.Type() == cty.String && plain.AsString() == "":
			default:
				return a, nil
			}
		}
		return cty.NilVal, errors.New("all values are null or empty")
	}
	return function.New(&function.Spec{
		VarParam: &function.Parameter{
			Name: "values", Type: cty.DynamicPseudoType, AllowMarked: true, AllowUnknown: true, AllowDynamicType: true, AllowNull: true,
		},
		Type: func(args []cty.Value) (cty.Type, error) {
			v, err := pick(args)
			if err != nil {
				return cty.NilType, err
			}
			return v.Type(), nil
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return pick(args) },
	})
}

// lookupFunction is lookup(): unlike cty's it takes objects without a default
// and defaults of any type.
func lookupFunction() function.Function {
	find := func(args []cty.Value) (cty.Value, error) {
		m, marks := args[0].Unmark()
		k, keyMarks := args[1].Unmark()
		if !m.IsKnown() || !k.IsKnown() {
			return cty.DynamicVal.WithMarks(marks, keyMarks), nil
		}
		if m.IsNull() || k.IsNull() {
			return cty.NilVal, errors.New("null")
		}
		name := k.AsString()
		switch ty := m.Type(); {
		case ty.IsObjectType() && ty.HasAttribute(name):
			return m.GetAttr(name).WithMarks(marks, keyMarks), nil
		case ty.IsMapType() && m.HasIndex(k).True():
			return m.Index(k).WithMarks(marks, keyMarks), nil
		case !ty.IsObjectType() && !ty.IsMapType():
			return cty.NilVal, errors.New("no map")
		case len(args) > 2:
			return args[2].WithMarks(marks, keyMarks), nil
		}
		return cty.NilVal, errors.New("no such key")
	}
	param := function.Parameter{Name: "map", Type: cty.DynamicPseudoType, AllowMarked: true, AllowUnknown: true, AllowDynamicType: true}
	key := param
	key.Name, key.Type = "key", cty.String
	rest := param
	rest.Name, rest.AllowNull = "default", true
	return function.New(&function.Spec{
		Params: []function.Parameter{param, key}, VarParam: &rest,
		Type: func(args []cty.Value) (cty.Type, error) {
			v, err := find(args)
			if err != nil {
				return cty.NilType, err
			}
			return v.Type(), nil
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return find(args) },
	})
}
