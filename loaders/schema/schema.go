// Package schema describes canonical documents: which attributes each type has,
// what every source calls them, and which defaults are documented. The catalog
// behind it is generated from the mapping tables that read documents, so that
// the two cannot differ.
package schema

import (
	_ "embed"
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
)

// catalog holds a line of JSON for each type, sorted by name; shapes holds the
// objects of the Kubernetes API that documents carry as written. Both are
// written by "go test ./loaders/internal/canon -run Tables -update".
var (
	//go:embed catalog.jsonl
	catalog string
	//go:embed shapes.json
	shapes []byte
)

// A Type is a canonical type.
type Type struct {
	Name       string      `json:"name"`
	Doc        string      `json:"doc"`
	Sources    []Source    `json:"sources"`
	Attributes []Attribute `json:"attributes"`
}

// A Source is one language that documents of a type are written in.
type Source struct {
	// Name is the short name that Attribute.From and Default.Sources use: "tf".
	Name string `json:"name"`
	// Kinds are the raw kinds that yield the type; "*" stands for any API version.
	Kinds []string `json:"kinds"`
	// Root is the raw path all paths of the source are counted from.
	Root string `json:"root,omitempty"`
}

// An Attribute is one canonical attribute.
type Attribute struct {
	// Name is a path without indices ("endpoint.public_access"); "*" stands for
	// any key.
	Name string `json:"name"`
	// Type is bool, int, string, list (of strings), set (the same without
	// repeats), map (of strings), ref (the name of another resource), refs,
	// policy, json, any, present (a bool: whether it is written) or objects.
	Type string `json:"type"`
	Doc  string `json:"doc,omitempty"`
	// Enum lists the known values. Closed says that there are no others.
	Enum   []string `json:"enum,omitempty"`
	Closed bool     `json:"closed,omitempty"`
	// Written says that the value is as its author wrote it, wrong types and
	// unknown keys included.
	Written bool `json:"written,omitempty"`
	// Shape names the object of the Kubernetes API it is, or "[]" and the name
	// for a list of those.
	Shape string `json:"shape,omitempty"`
	// From says where the attribute stands in each source, by its short name.
	From map[string]string `json:"from,omitempty"`
	// Defaults apply where nobody wrote a value; the first that fits counts.
	Defaults []Default `json:"defaults,omitempty"`
	// Items are the attributes of every element, for objects.
	Items []Attribute `json:"items,omitempty"`
}

// A Default is a documented default.
type Default struct {
	// Sources are the short names of the languages it holds in; none means all.
	Sources []string `json:"sources,omitempty"`
	// Case says in words when it applies, "" for always.
	Case string `json:"case,omitempty"`
	// Value is nil where the document cannot tell what applies (Ambiguous). An
	// ambiguous default with a value is the likeliest one.
	Value     any  `json:"value,omitempty"`
	Ambiguous bool `json:"ambiguous,omitempty"`
	// Owner is service, provider, tool, module or api_server.
	Owner string `json:"owner"`
	// Version is that of the tool or API that was looked at, where it has one.
	Version string `json:"version,omitempty"`
	// Since is the day of that (YYYY-MM-DD), Evidence where it is stated.
	Since    string `json:"since"`
	Evidence string `json:"evidence"`
}

// Types returns the names of the canonical types, sorted.
func Types() []string {
	var out []string
	for line := range strings.Lines(catalog) {
		out = append(out, nameOf(line))
	}
	return out
}

// nameOf reads the name without the rest of a catalog line.
func nameOf(line string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(line, `{"name":"`), `"`)
	return name
}

// Lookup returns a type by name, nil if there is none of that name.
func Lookup(name string) *Type {
	for line := range strings.Lines(catalog) {
		if nameOf(line) != name {
			continue
		}
		t := &Type{}
		if json.Unmarshal([]byte(line), t) != nil {
			return nil // generated, and a test reads every line
		}
		return t
	}
	return nil
}

// All returns every type, sorted by name.
func All() []*Type {
	names := Types()
	out := make([]*Type, len(names))
	for i, name := range names {
		out[i] = Lookup(name)
	}
	return out
}

// TypeOf returns the canonical type of a raw kind, "" if it has none. Where one
// kind yields several types, that is the first of them by name.
func TypeOf(kind string) string {
	for _, t := range All() {
		for _, s := range t.Sources {
			for _, k := range s.Kinds {
				if k == kind || sameKind(k, kind) {
					return t.Name
				}
			}
		}
	}
	return ""
}

// sameKind compares kinds of which either may have "*" for its version.
func sameKind(a, b string) bool {
	ok, err := path.Match(a, b)
	other, err2 := path.Match(b, a)
	return err == nil && ok || err2 == nil && other
}

// A Row is one default with the attribute it is for.
type Row struct {
	Type      string `json:"type"`
	Attribute string `json:"attribute"`
	Default
}

// Defaults lists the defaults of a type in the order of its attributes;
// elements of lists are written "volumes[].encrypted".
func (t *Type) Defaults() []Row {
	var out []Row
	var walk func(prefix string, list []Attribute)
	walk = func(prefix string, list []Attribute) {
		for _, a := range list {
			for _, d := range a.Defaults {
				if d.Sources == nil {
					d.Sources = t.unlisted(a)
				}
				out = append(out, Row{t.Name, prefix + a.Name, d})
			}
			walk(prefix+a.Name+"[].", a.Items)
		}
	}
	walk("", t.Attributes)
	return out
}

// unlisted are the sources that no other default of an attribute names: those a
// default without sources is left with.
func (t *Type) unlisted(a Attribute) []string {
	var out []string
	for _, s := range t.Sources {
		taken := slices.ContainsFunc(a.Defaults, func(d Default) bool {
			return d.Case == "" && slices.Contains(d.Sources, s.Name)
		})
		if !taken {
			out = append(out, s.Name)
		}
	}
	return out
}

// readShapes returns the fields of every Kubernetes object, by its name: the
// shape of each, "" for a plain value.
func readShapes() map[string]map[string]string {
	var out map[string]map[string]string
	if json.Unmarshal(shapes, &out) != nil {
		return nil // generated, and a test reads it
	}
	return out
}

// Language writes a source's short name as people call it.
func Language(source string) string {
	if name, ok := languages()[source]; ok {
		return name
	}
	base, _, _ := strings.Cut(source, "_")
	if name, ok := languages()[base]; ok {
		return name
	}
	return source
}

// Languages names sources as people call them, once each and in order.
func Languages(sources []string) []string {
	seen := map[string]bool{}
	for _, s := range sources {
		seen[Language(s)] = true
	}
	return sortedKeys(seen)
}

func languages() map[string]string {
	return map[string]string{
		"tf": "Terraform", "cfn": "CloudFormation", "cdk": "CDK custom resource", "eksctl": "eksctl",
		"eksctl_self": "eksctl (self-managed)", "ack": "ACK", "xp": "Crossplane", "xp_classic": "Crossplane (classic)",
		"capa": "Cluster API", "karpenter": "Karpenter", "auto": "EKS Auto Mode", "kubernetes": "Kubernetes",
		"tf_asg": "Terraform (Auto Scaling)", "cfn_asg": "CloudFormation (Auto Scaling)",
		"awsqs": "CloudFormation (AWSQS)",
	}
}

// sortedKeys returns the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
