package loaders

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/scope"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

const kubernetesFormat = "kubernetes"

var _ = register(Format{
	Name: kubernetesFormat,
	Detect: func(name string, head []byte) Confidence {
		if l := look(name, head); !l.helm && !l.eksctl && !isKustomization(name, head) {
			return l.objects
		}
		return No
	},
	Load: loadObjects,
})

// loadObjects reads a stream of Kubernetes objects, which may be what helm
// template has written, or hold eksctl's configuration: every document says
// what it is.
func loadObjects(ctx context.Context, in Input) (Output, error) {
	s := stream{src: in.Source}
	yamlnode.Each(in.Source, func(docs []yamlnode.Doc, diags []document.Diagnostic) {
		s.diags = append(s.diags, diags...)
		for _, doc := range docs {
			if ctx.Err() == nil {
				s.read(doc)
			}
		}
	})
	if err := ctx.Err(); err != nil {
		return Output{}, err
	}
	if len(s.objects) == 0 && !hasError(s.diags) {
		return Output{NotMine: s.notMine()}, nil
	}
	return Output{Documents: s.documents(), Diagnostics: s.diagnostics()}, nil
}

// A stream is a text in the course of being read.
type stream struct {
	src     *document.Source
	objects []object
	others  []document.Range // starts of documents that are no objects
	tooling []string         // reasons to pass over objects that no API server takes
	diags   []document.Diagnostic
	helm    bool // some document says which chart template it is from
}

// An object is one Kubernetes object of a stream.
type object struct {
	apiVersion, kind string
	value            map[string]any
	tree             *document.Tree
	template         string // of the chart it was rendered from
}

func (s *stream) read(doc yamlnode.Doc) {
	if doc.Root == nil {
		return
	}
	value, tree, diags := yamlnode.Kubernetes.Value(doc.Root, s.src)
	s.diags = append(s.diags, diags...)
	if tree == nil {
		return
	}
	template := chartTemplate(doc.Comments(s.src))
	s.helm = s.helm || template != ""
	if !s.add(object{value: asMap(value), tree: tree, template: template}, "") && value != nil {
		s.others = append(s.others, s.src.Range(doc.Root.Start, min(doc.Root.End, doc.Root.Start+1)))
	}
}

func asMap(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// add appends an object, or the items of a list; false if it is no object.
// Items of a typed list (PodList) need not repeat what they are; kind is what
// such a list says.
func (s *stream) add(o object, listed string) bool {
	o.kind, _ = o.value["kind"].(string)
	o.apiVersion, _ = o.value["apiVersion"].(string)
	if v, k, ok := strings.Cut(listed, " "); ok && o.kind == "" && o.apiVersion == "" && o.value != nil {
		o.apiVersion, o.kind = v, k
	}
	if o.kind == "" || o.apiVersion == "" {
		return false
	}
	if reason := toolingReason(o); reason != "" {
		s.tooling = append(s.tooling, reason)
		return true
	}
	items, isList := o.value["items"].([]any)
	if item, ok := strings.CutSuffix(o.kind, "List"); ok && (isList || o.value["items"] == nil && item == "") {
		listed = ""
		if item != "" {
			listed = o.apiVersion + " " + item
		}
		for i := range items {
			at := document.Path{"items", i}
			tree, _ := o.tree.Sub(at)
			if !s.add(object{value: asMap(items[i]), tree: tree, template: o.template}, listed) {
				r, _ := o.tree.Locate(at)
				s.diags = append(s.diags, document.Diagnostic{
					Range: r, Level: document.Warning,
					Message: "this element of the list is no Kubernetes object (apiVersion and kind are missing): it was not judged",
				})
			}
		}
		return true
	}
	s.objects = append(s.objects, o)
	return true
}

// toolingReason names configuration of client programs that looks like an
// object but is never sent to an API server.
func toolingReason(o object) string {
	switch {
	case strings.HasPrefix(o.apiVersion, "kustomize.config.k8s.io/"):
		return notKustomization
	case o.apiVersion == "v1" && o.kind == "Config" && o.value["clusters"] != nil:
		return "kubeconfig"
	}
	return ""
}

func hasError(diags []document.Diagnostic) bool {
	return slices.ContainsFunc(diags, func(d document.Diagnostic) bool { return d.Level == document.Error })
}

// notMine says why a text without objects was passed over.
func (s *stream) notMine() string {
	language := "YAML"
	if text := bytes.TrimSpace(s.src.Content); len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		language = "JSON"
	}
	switch {
	case len(s.tooling) > 0:
		return s.tooling[0]
	case len(s.others) == 0:
		return "nothing in it but comments"
	}
	return notOurs(language)
}

// diagnostics adds a Note for every document beside the objects that is none,
// and puts all in the order of the text.
func (s *stream) diagnostics() []document.Diagnostic {
	for _, r := range s.others {
		if len(s.objects) > 0 {
			s.diags = append(s.diags, document.Diagnostic{
				Range: r, Level: document.Note,
				Message: "this document is no Kubernetes object (apiVersion and kind are missing): it was not judged",
			})
		}
	}
	slices.SortStableFunc(s.diags, func(a, b document.Diagnostic) int { return a.Range.Start.Offset - b.Range.Start.Offset })
	return s.diags
}

// documents makes the documents of the stream.
func (s *stream) documents() []*document.Document {
	out := make([]*document.Document, 0, len(s.objects))
	holes := placeholders(s.objects)
	defined := definedKinds(s.objects)
	for _, o := range s.objects {
		d := &document.Document{
			Format: kubernetesFormat, Kind: o.apiVersion + "/" + o.kind, Action: document.Present,
			Name: o.name(), Raw: o.value, Sensitive: o.sensitive(),
		}
		d.SetLocator(o.tree)
		switch {
		case isEksctl(o.apiVersion):
			d.Format = eksctlFormat
		case s.helm:
			d.Format = helmFormat
			if o.template != "" {
				d.Metadata = map[string]string{"helm:template": o.template}
			}
		}
		if d.Format != eksctlFormat && o.namespaced(defined) {
			d.Namespace = o.namespace()
		}
		d.Address = o.kind + "/" + d.Name
		if d.Namespace != "" {
			d.Address = d.Namespace + "/" + d.Address
		}
		d.ID = fmt.Sprintf("%s#%s/%s/%s", s.src.Name, d.Kind, d.Namespace, d.Name)
		if holes != nil {
			d.RawStates = holes.cut(d.Raw)
		} else {
			d.RawStates = identifiers(o).cut(d.Raw)
		}
		out = append(out, d)
	}
	return out
}

func (o object) metadata(key string) string {
	switch v := asMap(o.value["metadata"])[key].(type) {
	case nil, map[string]any, []any:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v) // name: 123, which the API server refuses
	}
}

func (o object) name() string {
	if name := o.metadata("name"); name != "" {
		return name
	}
	return o.metadata("generateName")
}

func (o object) namespace() string {
	if ns := o.metadata("namespace"); ns != "" {
		return ns
	}
	return "default"
}

// namespaced asks the definitions in the same stream first.
func (o object) namespaced(defined map[string]bool) bool {
	group, _, _ := strings.Cut(o.apiVersion, "/")
	if namespaced, ok := defined[group+"/"+o.kind]; ok {
		return namespaced
	}
	return scope.Namespaced(o.apiVersion, o.kind)
}

// definedKinds tells for the custom kinds that a stream defines whether they
// have a namespace.
func definedKinds(objects []object) map[string]bool {
	out := map[string]bool{}
	for _, o := range objects {
		if o.kind != "CustomResourceDefinition" {
			continue
		}
		spec := asMap(o.value["spec"])
		group, _ := spec["group"].(string)
		kind, _ := asMap(spec["names"])["kind"].(string)
		if level, ok := spec["scope"].(string); ok && kind != "" {
			out[group+"/"+kind] = level == "Namespaced"
		}
	}
	return out
}

// sensitive lists the paths of an object whose values are secret.
func (o object) sensitive() []document.Path {
	if o.kind != "Secret" || o.apiVersion != "v1" {
		return nil
	}
	var out []document.Path
	for _, key := range []string{"data", "stringData"} {
		if _, ok := o.value[key]; ok {
			out = append(out, document.Path{key})
		}
	}
	// kubectl apply keeps a copy of the whole object there.
	const applied = "kubectl.kubernetes.io/last-applied-configuration"
	if _, ok := asMap(asMap(o.value["metadata"])["annotations"])[applied]; ok {
		out = append(out, document.Path{"metadata", "annotations", applied})
	}
	return out
}
