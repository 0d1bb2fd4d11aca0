package schema

import (
	"slices"
	"strings"
)

// Draft is the dialect of JSON Schema that Document is written in.
const Draft = "https://json-schema.org/draft/2020-12/schema"

const baseURL = "https://github.com/plimsoll-dev/plimsoll/schema/"

// A writer turns nodes into JSON Schema; shapes become definitions.
type writer struct {
	builder *Builder
	defs    map[string]any
	// masked lets every value be Mask.
	masked bool
}

// Document returns the JSON Schema of canonical documents as rules see them: of
// one type, or of any where none is given. Values that JSON cannot hold do not
// occur in it.
func Document(types ...*Type) map[string]any {
	return document(&writer{builder: NewBuilder(), defs: map[string]any{}}, types)
}

// Printed returns the JSON Schema of documents as inspect prints them, where a
// text stands in the place of any sensitive value.
func Printed(types ...*Type) map[string]any {
	w := &writer{builder: NewBuilder(), defs: map[string]any{}, masked: true}
	out := document(w, types)
	w.defs[maskDef] = map[string]any{"const": Mask, "description": "A sensitive value."}
	out["$defs"] = w.defs
	return out
}

// Mask is what inspect prints in place of a sensitive value.
const Mask = "(sensitive)"

// maskDef is the name of its definition; types have no such name.
const maskDef = "sensitive value"

func document(w *writer, types []*Type) map[string]any {
	out := map[string]any{"$schema": Draft, "type": "object", "additionalProperties": false}
	properties := envelope()
	out["properties"] = properties
	out["required"] = []string{
		"id", "format", "kind", "type", "name", "namespace", "address", "action", "conditional",
		"attr", "unknown", "partial", "defaulted", "refs",
	}
	if len(types) == 1 {
		t := types[0]
		out["$id"], out["title"], out["description"] = baseURL+t.Name+".json", t.Name, t.Doc
		properties["type"] = map[string]any{"const": t.Name}
		properties["attr"] = w.node(w.builder.Attr(t))
	} else {
		w.anyType(out, properties, types)
	}
	if len(w.defs) > 0 {
		out["$defs"] = w.defs
	}
	return out
}

// anyType makes a schema choose its attr by its type.
func (w *writer) anyType(out, properties map[string]any, types []*Type) {
	if len(types) == 0 {
		types = All()
	}
	out["$id"], out["title"] = baseURL+"document.json", "document"
	out["description"] = "A resource or object, whatever language it was written in."
	names := make([]string, 0, len(types)+1)
	choices := make([]any, 0, len(types)+1)
	choose := func(name string, attr map[string]any) {
		names = append(names, name)
		choices = append(choices, map[string]any{
			"if":   map[string]any{"properties": map[string]any{"type": map[string]any{"const": name}}},
			"then": map[string]any{"properties": map[string]any{"attr": attr}},
		})
	}
	choose("", map[string]any{"maxProperties": 0})
	for _, t := range types {
		w.defs[t.Name] = w.node(w.builder.Attr(t))
		choose(t.Name, map[string]any{"$ref": "#/$defs/" + t.Name})
	}
	properties["type"] = map[string]any{
		"enum": names, "description": `The canonical type; "" for documents of other kinds, which have raw values only.`,
	}
	properties["attr"] = map[string]any{"type": "object"}
	out["allOf"] = choices
}

// Reasons lists why a value may not be known.
func Reasons() []string {
	return []string{
		"after_apply", "ambiguous_default", "data_source", "dynamic_reference", "import_value", "local_opaque", "macro",
		"malformed", "module_not_available", "parameter_without_value", "runtime_ref", "sensitive", "undecided_condition",
		"unevaluated_expression",
	}
}

// envelope describes what documents have beside attr.
func envelope() map[string]any {
	text := func(doc string) map[string]any { return map[string]any{"type": "string", "description": doc} }
	texts := map[string]any{"type": "array", "items": map[string]any{"type": "string"}}
	reason := map[string]any{"enum": Reasons()}
	return map[string]any{
		"id":        text("Unique in a run, stable between runs."),
		"format":    text("The format of the input: kubernetes, helm, terraform-plan, terraform, cloudformation, eksctl."),
		"kind":      text("The kind as the source calls it: apps/v1/Deployment, aws_eks_cluster, AWS::EKS::Cluster."),
		"name":      text("The name in the source: metadata.name, the resource's label, the logical ID."),
		"namespace": text("The namespace it ends up in; empty outside of Kubernetes and for cluster-wide objects."),
		"address":   text("How the source's own tools name it."),
		"action": map[string]any{
			"enum":        []string{"present", "create", "update", "replace", "delete", "no-op", "read"},
			"description": "What a plan does with it; present where there is no plan.",
		},
		"conditional": map[string]any{"type": "boolean", "description": "It may turn out not to be deployed."},
		"parent":      text("The document it was lifted out of; for readers of inspect, not for rules."),
		"location": map[string]any{
			"description": "Where it is written; for readers of inspect, not for rules.",
			"anyOf": []any{map[string]any{"type": "null"}, map[string]any{
				"type": "object", "additionalProperties": false, "required": []string{"file", "line", "column"},
				"properties": map[string]any{
					"file": text(""), "line": map[string]any{"type": "integer"}, "column": map[string]any{"type": "integer"},
				},
			}},
		},
		"raw": map[string]any{"description": "The values as written; unknown ones are absent, sensitive ones are masked when printed."},
		"unknown": map[string]any{
			"type": "object", "description": "What is not known before deployment, by path.",
			"additionalProperties": map[string]any{
				"type": "object", "additionalProperties": false, "required": []string{"reason"},
				"properties": map[string]any{
					"reason": reason, "refs": texts, "template": text("The text with holes: ${...}."),
				},
			},
		},
		"partial": map[string]any{
			"type": "object", "description": "Collections of which only some elements are known, by path.",
			"additionalProperties": reason,
		},
		"defaulted": map[string]any{
			"type": "object", "description": "Values nobody wrote, by path: whose default it is.",
			"additionalProperties": map[string]any{"enum": []string{"service", "provider", "tool", "module", "api_server", "kubernetes_provider"}},
		},
		"refs": map[string]any{
			"type": "array", "description": "References to other documents.",
			"items": map[string]any{
				"type": "object", "additionalProperties": false, "required": []string{"path", "to", "attribute", "via"},
				"properties": map[string]any{
					"path": text("The raw path of the value that refers."), "to": text("A token of the target."),
					"attribute": text("The target's attribute."),
					"via":       map[string]any{"enum": []string{"value", "reference", "source", "inferred", "convention"}},
				},
			},
		},
	}
}

func (w *writer) node(n *Node) map[string]any {
	if n.Shape != "" {
		if _, ok := w.defs[n.Shape]; !ok {
			w.defs[n.Shape] = true // its own fields may hold it
			w.defs[n.Shape] = w.plain(w.builder.made[n.Shape])
		}
		out := map[string]any{"$ref": "#/$defs/" + pointer(n.Shape)}
		if n.Doc != "" {
			out["description"] = n.Doc
		}
		return w.orMask(n, out)
	}
	return w.orMask(n, w.plain(n))
}

// orMask lets a value of another type than text be masked.
func (w *writer) orMask(n *Node, plain map[string]any) map[string]any {
	if !w.masked || n.Written || n.Kind == "any" || n.Kind == "string" && !n.Closed {
		return plain
	}
	return map[string]any{"anyOf": []any{plain, map[string]any{"$ref": "#/$defs/" + strings.ReplaceAll(maskDef, " ", "%20")}}}
}

// pointer escapes a name for a JSON pointer.
func pointer(name string) string {
	var out []byte
	for i := range len(name) {
		switch name[i] {
		case '/':
			out = append(out, "~1"...)
		case '~':
			out = append(out, "~0"...)
		default:
			out = append(out, name[i])
		}
	}
	return string(out)
}

func (w *writer) plain(n *Node) map[string]any {
	out := map[string]any{}
	if n.Doc != "" {
		out["description"] = n.Doc
	}
	kind := n.Kind
	switch {
	case n.Written && kind != "any":
		// What an author wrote is of the right type as a rule only: the keyword says
		// what to expect and refuses nothing.
		out["x-plimsoll-type"] = kind
	case kind != "any":
		out["type"] = kind
	}
	switch kind {
	case "object":
		w.object(out, n)
	case "array":
		if n.Items != nil {
			out["items"] = w.node(n.Items)
		}
	}
	if n.Enum != nil {
		w.enum(out, n)
	}
	return out
}

func (w *writer) object(out map[string]any, n *Node) {
	if len(n.Keys) > 0 {
		properties := map[string]any{}
		for key, v := range n.Keys {
			properties[key] = w.node(v)
		}
		out["properties"] = properties
	}
	switch {
	case n.Written:
	case n.Other != nil:
		out["additionalProperties"] = w.node(n.Other)
	default:
		out["additionalProperties"] = false
	}
}

// enum lists known values; where there may be others, they are examples.
func (w *writer) enum(out map[string]any, n *Node) {
	if n.Closed && !n.Written {
		out["enum"] = slices.Clone(n.Enum)
		return
	}
	out["examples"] = slices.Clone(n.Enum)
}
