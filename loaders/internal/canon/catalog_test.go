package canon

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plimsoll-dev/plimsoll/fixtures"
	"github.com/plimsoll-dev/plimsoll/loaders/schema"
)

// catalogDir is where loaders/schema embeds what is made here.
const catalogDir = "../../schema"

func TestTables_CatalogIsFresh(t *testing.T) {
	shapes := readShapes()
	var out bytes.Buffer
	tables := readTables(t)
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		tab := tables[name]
		for _, a := range tab.Attributes {
			expandAttribute(t, tab, a)
		}
		line, err := json.Marshal(catalogType(t, tab, shapes))
		if err != nil {
			t.Fatal(err)
		}
		out.Write(line)
		out.WriteByte('\n')
	}
	fixtures.Golden(t, filepath.Join(catalogDir, "catalog.jsonl"), out.Bytes())
	text, err := json.Marshal(shapes)
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Golden(t, filepath.Join(catalogDir, "shapes.json"), append(text, '\n'))
}

func TestCatalog_DefaultsOfVersionedOwnersNameTheVersion(t *testing.T) {
	for _, typ := range schema.All() {
		for _, r := range typ.Defaults() {
			if (r.Owner == "api_server" || r.Owner == "tool") && r.Version == "" {
				t.Errorf("%s.%s: a default of a tool or of the API server needs the version that was looked at", r.Type, r.Attribute)
			}
		}
	}
}

func TestCatalog_HasEveryTypeThatDocumentsCanHave(t *testing.T) {
	tables := readTables(t)
	for _, typ := range Types() {
		if tables[typ] == nil {
			t.Errorf("there is no table for %s", typ)
		}
	}
	for typ := range tables {
		if !slices.Contains(Types(), typ) {
			t.Errorf("nothing makes documents of type %s", typ)
		}
	}
}

// TestCatalog_DescribesEveryAttributeThatCodeNames reads the code for the names
// it gives attributes: inputs that have them all may be lacking.
func TestCatalog_DescribesEveryAttributeThatCodeNames(t *testing.T) {
	known := map[string]bool{}
	for _, tab := range readTables(t) {
		for _, a := range tab.Attributes {
			known[a.Name] = true
			for prefix, _, found := strings.Cut(a.Name, "."); found; found = false {
				known[prefix] = true // an object that is put together
			}
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	named := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains([]string{"field", "set", "unknown", "fallback", "assume", "elements", "flag", "refer"}, method.Sel.Name) {
				return true
			}
			if lit, ok := call.Args[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				named++
				if name := strings.Trim(lit.Value, `"`); !known[name] {
					t.Errorf("%s gives documents the attribute %s, which no table describes", file, name)
				}
			}
			return true
		})
	}
	if named < 100 {
		t.Errorf("only %d names were found", named)
	}
}

// catalogType turns a table into what is published of it.
func catalogType(t *testing.T, tab *table, shapes map[string]map[string]string) schema.Type {
	t.Helper()
	out := schema.Type{Name: tab.Type, Doc: tab.Doc}
	for _, name := range slices.Sorted(maps.Keys(tab.Sources)) {
		s := tab.Sources[name]
		kinds := s.Kinds
		if name == "kubernetes" && s.Code {
			kinds = codeKinds(tab)
		}
		if kinds == nil {
			kinds = []string{}
		}
		out.Sources = append(out.Sources, schema.Source{Name: name, Kinds: kinds, Root: s.Root})
	}
	out.Attributes = catalogAttributes(t, tab, tab.Attributes, shapes)
	return out
}

// codeKinds are the kinds of a type that no table reads.
func codeKinds(tab *table) []string {
	var out []string
	for kind, typ := range kubernetesTypes() {
		if typ == tab.Type {
			out = append(out, kind)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func catalogAttributes(t *testing.T, tab *table, list []*attribute, shapes map[string]map[string]string) []schema.Attribute {
	t.Helper()
	var out []schema.Attribute
	for _, a := range list {
		if a.Hidden {
			continue
		}
		if name := strings.TrimPrefix(a.Shape, "[]"); name != "" && shapes[name] == nil {
			t.Errorf("%s.%s: there is no shape %s", tab.Type, a.Name, name)
		}
		c := schema.Attribute{
			Name: a.Name, Type: a.Type, Doc: strings.TrimSpace(a.Doc), Enum: a.Enum, Written: a.Written, Shape: a.Shape,
			Closed: a.Closed,
			Items:  catalogAttributes(t, tab, a.Items, shapes),
		}
		for name, f := range a.From {
			if c.From == nil {
				c.From = map[string]string{}
			}
			c.From[name] = f.words()
		}
		for _, d := range a.Default {
			c.Defaults = append(c.Defaults, d.published())
		}
		out = append(out, c)
	}
	return out
}

// words writes a place for readers.
func (f *from) words() string {
	switch {
	case f.Const != nil:
		text, _ := scalarText(f.Const)
		return "always " + text
	case f.Union != nil:
		return strings.Join(f.Union, " and ")
	case len(f.First) == 1 && f.First[0] == "":
		return "the element itself"
	}
	text := strings.Join(f.First, ", else ")
	if f.Prefix != "" {
		text += ", else " + f.Prefix + " completed by the service"
	}
	return text
}

func (d *tableDefault) published() schema.Default {
	out := schema.Default{
		Sources: d.For, Case: d.Case, Value: d.Value, Ambiguous: d.Ambiguous,
		Owner: d.Owner, Version: d.Version, Since: d.Since, Evidence: d.Evidence,
	}
	if out.Version == "" {
		out.Version = lookedAt(d.Evidence)
	}
	var cases []string
	if d.When != "" {
		cases = append(cases, d.When+" is written")
	}
	if d.Unless != "" {
		cases = append(cases, d.Unless+" is not written")
	}
	if len(cases) > 0 {
		out.Case = strings.Join(cases, " and ")
	}
	return out
}

// lookedAt returns the versions of the tools that evidence is about: those whose
// sources were read on the day the row names.
func lookedAt(evidence string) string {
	var out []string
	for _, v := range []struct{ word, version string }{
		{"AWS provider 5.100.0", "AWS provider 5.100.0"},
		{"eksctl", "eksctl 0.230.0"},
		{"Karpenter", "Karpenter 1.14.0"},
		{"CAPA", "Cluster API Provider AWS 2.10.0"},
		{"CDK", "AWS CDK 2.276.0"},
		{"Kubernetes API reference", "Kubernetes 1.34"},
	} {
		if strings.Contains(evidence, v.word) {
			out = append(out, v.version)
		}
	}
	return strings.Join(out, ", ")
}

// readShapes lists the fields of the objects of the Kubernetes API that tables
// name, and of all objects in those.
func readShapes() map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, root := range []any{
		corev1.PodSpec{},
		corev1.ServicePort{},
		corev1.ObjectReference{},
		corev1.LocalObjectReference{},
		corev1.HostPathVolumeSource{},
		appsv1.DeploymentStrategy{},
		networkingv1.IngressRule{},
		networkingv1.IngressTLS{},
		networkingv1.IngressClassParametersReference{},
		rbacv1.AggregationRule{},
		metav1.LabelSelector{},
		admissionregistrationv1.MutatingWebhook{},
	} {
		shapeOf(reflect.TypeOf(root), out)
	}
	// DaemonSets and StatefulSets name their strategy's fields otherwise.
	out["apps/v1.DeploymentStrategy"]["rollingUpdate"] = "apps/v1.RollingUpdate"
	out["apps/v1.RollingUpdate"] = map[string]string{"maxSurge": "", "maxUnavailable": "", "partition": ""}
	delete(out, "apps/v1.RollingUpdateDeployment")
	return out
}

// shapeOf returns the shape of a Go type of the API, "" for plain values, and
// adds the fields of every object.
func shapeOf(typ reflect.Type, out map[string]map[string]string) string {
	switch typ.Kind() {
	case reflect.Pointer:
		return shapeOf(typ.Elem(), out)
	case reflect.Slice:
		if inner := shapeOf(typ.Elem(), out); inner != "" {
			return "[]" + inner
		}
		return ""
	case reflect.Map:
		if inner := shapeOf(typ.Elem(), out); inner != "" {
			return "{}" + inner
		}
		return ""
	case reflect.Struct:
	default:
		return ""
	}
	if _, plain := reflect.TypeAssert[json.Marshaler](reflect.New(typ)); plain {
		return "" // times, quantities, numbers or strings
	}
	parts := strings.Split(typ.PkgPath(), "/")
	name := strings.Join(parts[max(0, len(parts)-2):], "/") + "." + typ.Name()
	name = strings.TrimPrefix(name, "core/")
	if out[name] != nil {
		return name
	}
	fields := map[string]string{}
	out[name] = fields
	shapeFields(typ, fields, out)
	return name
}

func shapeFields(typ reflect.Type, fields map[string]string, out map[string]map[string]string) {
	for f := range typ.Fields() {
		key, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case key == "" && strings.Contains(options, "inline"), key == "" && f.Anonymous:
			shapeFields(f.Type, fields, out)
		case key != "" && key != "-":
			fields[key] = shapeOf(f.Type, out)
		}
	}
}
