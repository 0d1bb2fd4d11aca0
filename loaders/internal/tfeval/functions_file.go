package tfeval

import (
	"crypto/md5"  //nolint:gosec // Terraform's filemd5 is no protection here
	"crypto/sha1" //nolint:gosec // as above
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/netip"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"go.yaml.in/yaml/v3"
)

// read reads a file that the configuration names. Names are relative to the
// working directory; the loaders' own bounds decide what may be read.
func (ev *evaluator) read(name string) ([]byte, error) {
	name = path.Clean(name)
	data, err := ev.sources.readFile(name)
	if err != nil && !path.IsAbs(name) && ev.sources.root != "." {
		// Terraform runs in the root directory: a name without path.module is
		// relative to that.
		data, err = ev.sources.readFile(path.Join(ev.sources.root, name))
	}
	if err == nil && len(data) > maxText {
		return nil, errLimit
	}
	return data, err
}

func (ev *evaluator) fileFunctions() map[string]function.Function {
	file := func(encode func([]byte) string) function.Function {
		return fn(func(a []string) (string, error) {
			data, err := ev.read(a[0])
			if err != nil {
				return "", err
			}
			return encode(data), nil
		}, "path")
	}
	b64 := base64.StdEncoding.EncodeToString
	return map[string]function.Function{
		"file":       file(func(b []byte) string { return string(b) }),
		"filebase64": file(b64),
		"filemd5":    file(func(b []byte) string { s := md5.Sum(b); return hex.EncodeToString(s[:]) }),  //nolint:gosec // as above
		"filesha1":   file(func(b []byte) string { s := sha1.Sum(b); return hex.EncodeToString(s[:]) }), //nolint:gosec // as above
		"filesha256": file(func(b []byte) string { s := sha256.Sum256(b); return hex.EncodeToString(s[:]) }),
		"filesha512": file(func(b []byte) string { s := sha512.Sum512(b); return hex.EncodeToString(s[:]) }),
		"filebase64sha256": file(func(b []byte) string {
			s := sha256.Sum256(b)
			return b64(s[:])
		}),
		"filebase64sha512": file(func(b []byte) string {
			s := sha512.Sum512(b)
			return b64(s[:])
		}),
		"abspath":    fn(func(a []string) (string, error) { return path.Clean(a[0]), nil }, "path"),
		"pathexpand": fn(func(a []string) (string, error) { return a[0], nil }, "path"),
		"fileexists": function.New(&function.Spec{
			Params: []function.Parameter{{Name: "path", Type: cty.String}},
			Type:   function.StaticReturnType(cty.Bool),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				_, err := ev.read(args[0].AsString())
				if err != nil && !errors.Is(err, fs.ErrNotExist) {
					return cty.UnknownVal(cty.Bool), nil
				}
				return cty.BoolVal(err == nil), nil
			},
		}),
		"fileset": function.New(&function.Spec{
			Params: []function.Parameter{{Name: "path", Type: cty.String}, {Name: "pattern", Type: cty.String}},
			Type:   function.StaticReturnType(cty.Set(cty.String)),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				return ev.fileset(args[0].AsString(), args[1].AsString())
			},
		}),
	}
}

// fileset lists the files below dir that match a pattern.
func (ev *evaluator) fileset(dir, pattern string) (cty.Value, error) {
	if !doublestar.ValidatePattern(pattern) {
		return cty.NilVal, errors.New("no pattern")
	}
	if dir = path.Clean(dir); ev.sources.root != "." && !path.IsAbs(dir) && !strings.HasPrefix(dir+"/", ev.sources.root+"/") {
		if _, err := ev.sources.readDir(dir); err != nil {
			dir = path.Join(ev.sources.root, dir)
		}
	}
	var out []cty.Value
	var walk func(rel string, depth int)
	walk = func(rel string, depth int) {
		names, err := ev.sources.readDir(path.Join(dir, rel))
		if err != nil {
			if ok, _ := doublestar.Match(pattern, rel); ok && rel != "" {
				out = append(out, cty.StringVal(rel))
			}
			return
		}
		if depth > 12 || len(out) > maxItems {
			return
		}
		for _, name := range slices.Sorted(slices.Values(names)) {
			if name != ".git" && name != ".terraform" {
				walk(path.Join(rel, name), depth+1)
			}
		}
	}
	walk("", 0)
	if len(out) == 0 {
		return cty.SetValEmpty(cty.String), nil
	}
	return cty.SetVal(out), nil
}

// cidrFunctions compute addresses.
func cidrFunctions() map[string]function.Function {
	number := func(v cty.Value) int {
		n, _ := v.AsBigFloat().Int64()
		return int(n)
	}
	text := function.Parameter{Name: "prefix", Type: cty.String}
	count := function.Parameter{Name: "number", Type: cty.Number}
	return map[string]function.Function{
		"cidrsubnet": function.New(&function.Spec{
			Params: []function.Parameter{text, count, count}, Type: function.StaticReturnType(cty.String),
			Impl: func(a []cty.Value, _ cty.Type) (cty.Value, error) {
				p, err := subnet(a[0].AsString(), number(a[1]), number(a[2]))
				return cty.StringVal(p.String()), err
			},
		}),
		"cidrsubnets": function.New(&function.Spec{
			Params: []function.Parameter{text}, VarParam: &count, Type: function.StaticReturnType(cty.List(cty.String)),
			Impl: func(a []cty.Value, _ cty.Type) (cty.Value, error) { return subnets(a[0].AsString(), a[1:]) },
		}),
		"cidrhost": function.New(&function.Spec{
			Params: []function.Parameter{text, count}, Type: function.StaticReturnType(cty.String),
			Impl: func(a []cty.Value, _ cty.Type) (cty.Value, error) { return host(a[0].AsString(), number(a[1])) },
		}),
		"cidrnetmask": fn(func(a []string) (string, error) {
			p, err := netip.ParsePrefix(a[0])
			if err != nil || !p.Addr().Is4() {
				return "", errors.New("no IPv4 prefix")
			}
			mask := ^uint32(0) << (32 - p.Bits())
			return netip.AddrFrom4([4]byte{byte(mask >> 24), byte(mask >> 16), byte(mask >> 8), byte(mask)}).String(), nil
		}, "prefix"),
	}
}

func yamlFunctions() map[string]function.Function {
	return map[string]function.Function{
		"yamldecode": anyFunction(1, func(a []cty.Value) (cty.Value, error) {
			if a[0].IsNull() || a[0].Type() != cty.String {
				return cty.NilVal, errors.New("no text")
			}
			var out any
			if err := yaml.Unmarshal([]byte(a[0].AsString()), &out); err != nil {
				return cty.NilVal, err
			}
			return fromPlain(out, 0)
		}),
		"yamlencode": anyFunction(1, func(a []cty.Value) (cty.Value, error) {
			v, err := toPlain(a[0])
			if err != nil {
				return cty.NilVal, err
			}
			out, err := yaml.Marshal(v)
			return cty.StringVal(string(out)), err
		}),
	}
}
