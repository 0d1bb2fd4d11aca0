package canon

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTables_EveryRowIsWellFormed(t *testing.T) {
	kinds := map[string]string{}
	for typ, tab := range readTables(t) {
		if tab.Doc == "" {
			t.Errorf("%s has no doc", typ)
		}
		lintSources(t, tab, kinds)
		lintAttributes(t, tab, typ, tab.Attributes)
	}
	for kind, typ := range kinds {
		if h := kubernetesHandler(kind); h != nil {
			t.Errorf("%s: kind %s is also read by kubernetesHandler", typ, kind)
		}
	}
}

// lintSources checks the languages of a table; kinds collects whose each kind is.
func lintSources(t *testing.T, tab *table, kinds map[string]string) {
	t.Helper()
	kindForm := regexp.MustCompile(`^(aws_[a-z0-9_]+|helm_release|(AWS|AWSQS|Custom)::[A-Za-z0-9:-]+|[a-z0-9.-]+/(\*|v[0-9a-z]+)/[A-Z][A-Za-z0-9]+)$`)
	for name, s := range tab.Sources {
		if (len(s.Kinds) == 0) != s.Code {
			t.Errorf("%s: source %s needs kinds unless code reads it; then the code says which", tab.Type, name)
		}
		if s.Like != "" && (tab.Sources[s.Like] == nil || tab.Sources[s.Like].Like != "") {
			t.Errorf("%s: source %s is like %q, which is no source of its own", tab.Type, name, s.Like)
		}
		if !slices.Contains([]string{"", "camel", "lower"}, s.Case) || s.Case != "" && s.Like == "" {
			t.Errorf("%s: source %s has the case %q", tab.Type, name, s.Case)
		}
		for _, kind := range s.Kinds {
			if other, ok := kinds[kind]; ok {
				t.Errorf("%s and %s both claim the kind %s", other, tab.Type, kind)
			}
			kinds[kind] = tab.Type
			if !kindForm.MatchString(kind) {
				t.Errorf("%s: kind %q is not spelled like one", tab.Type, kind)
			}
		}
	}
}

func lintAttributes(t *testing.T, tab *table, where string, attributes []*attribute) {
	t.Helper()
	nameForm := regexp.MustCompile(`^[a-z][a-zA-Z0-9_]*(\.(\*|[a-zA-Z][a-zA-Z0-9_]*))*$`)
	seen := map[string]bool{}
	for _, a := range attributes {
		at := where + "." + a.Name
		if seen[a.Name] {
			t.Errorf("%s stands there twice", at)
		}
		seen[a.Name] = true
		for other := range seen {
			if strings.HasPrefix(a.Name, other+".") || strings.HasPrefix(other, a.Name+".") {
				t.Errorf("%s and %s.%s cannot both be", at, where, other)
			}
		}
		if !nameForm.MatchString(a.Name) {
			t.Errorf("%s: name is not spelled like one", at)
		}
		if a.Type != "any" && parseType(a.Type) == anyType {
			t.Errorf("%s: type %q is none", at, a.Type)
		}
		if (a.Type == "objects") != (a.Items != nil) && a.Type == "objects" && a.From != nil {
			t.Errorf("%s: objects need items", at)
		}
		if a.Closed && (a.Enum == nil || a.Written || len(a.From) > 0) {
			t.Errorf("%s: only what code decides can be closed", at)
		}
		lintFrom(t, tab, at, a)
		lintDefaults(t, tab, at, a)
		lintAttributes(t, tab, at+"[]", a.Items)
	}
}

func lintFrom(t *testing.T, tab *table, at string, a *attribute) {
	t.Helper()
	for name, f := range a.From {
		s := tab.Sources[name]
		if s == nil {
			t.Errorf("%s: no source is called %q", at, name)
			continue
		}
		ways := 0
		for _, has := range []bool{f.First != nil, f.Union != nil, f.Const != nil} {
			if has {
				ways++
			}
		}
		if ways != 1 {
			t.Errorf("%s: %s needs one of a path, a union and a const", at, name)
		}
		if s.Code {
			continue // for readers, with names such as {pod} in it
		}
		for _, path := range slices.Concat(f.First, f.Union) {
			lintPath(t, at, path, s.Root)
		}
		if f.Union != nil && !slices.Contains([]string{"list", "set", "refs", "objects"}, a.Type) {
			t.Errorf("%s: a union of %s", at, a.Type)
		}
	}
}

func lintPath(t *testing.T, at, path, root string) {
	t.Helper()
	if path != "" && path != "-" && parseSteps(path) == nil {
		t.Errorf("%s: path %q cannot be read", at, path)
	}
	if root != "" && strings.HasPrefix(path, root+".") {
		t.Errorf("%s: path %q repeats its source's root", at, path)
	}
}

func lintDefaults(t *testing.T, tab *table, at string, a *attribute) {
	t.Helper()
	owners := []string{"service", "provider", "tool", "module", "api_server"}
	for _, d := range a.Default {
		if d.Evidence == "" || !slices.Contains(owners, d.Owner) {
			t.Errorf("%s: a default needs an owner and evidence, has %q and %q", at, d.Owner, d.Evidence)
		}
		if _, err := time.Parse(time.DateOnly, d.Since); err != nil {
			t.Errorf("%s: a default needs the day it was verified: %v", at, err)
		}
		if d.Ambiguous == (d.Value != nil) && !d.Code {
			t.Errorf("%s: a default is either a value or ambiguous", at)
		}
		if d.Case != "" && !d.Code {
			t.Errorf("%s: a default that the table applies has when and unless, not case", at)
		}
		for _, name := range d.For {
			if tab.Sources[name] == nil {
				t.Errorf("%s: no source is called %q", at, name)
			}
		}
		inWords := d.Code && d.Value == nil && d.Case != ""
		if !fitsType(a.Type, d.Value) && !d.Ambiguous && !inWords {
			t.Errorf("%s: default %v is no %s", at, d.Value, a.Type)
		}
		if text, ok := d.Value.(string); ok && a.Enum != nil && !slices.Contains(a.Enum, text) {
			t.Errorf("%s: default %q is not among %q", at, text, a.Enum)
		}
	}
}

func fitsType(typ string, v any) bool {
	switch plainCopy(v).(type) {
	case bool:
		return typ == "bool" || typ == "present"
	case int64:
		return typ == "int"
	case string:
		return typ == "string" || typ == "ref"
	case []any:
		return slices.Contains([]string{"list", "set", "refs", "objects"}, typ)
	case map[string]any:
		return typ == "map"
	}
	return false
}

func TestParseSteps_ReadsEveryNotation(t *testing.T) {
	key := func(k string) step { return step{elem: k, key: k} }
	each := step{each: true}
	for path, want := range map[string][]step{
		"":                      nil,
		"a.b":                   {key("a"), key("b")},
		"a[].b":                 {key("a"), each, key("b")},
		"a.*.id":                {key("a"), {elem: "*", key: "*", each: true}, key("id")},
		`^m.a["k.l/m"]`:         {{key: fromRoot}, key("m"), key("a"), key("k.l/m")},
		`a["k`:                  nil,
		"block_device_mappings": {key("block_device_mappings")},
	} {
		if got := parseSteps(path); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", path, got, want)
		}
	}
}
