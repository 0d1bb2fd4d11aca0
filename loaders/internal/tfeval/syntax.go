package tfeval

import (
	"errors"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan/jsontext"
)

func startOfFile() hcl.Pos { return hcl.InitialPos }

// syntax merges the bodies of a definition: an argument of an override wins,
// and so do its nested blocks of one type over all those of the base
// (https://developer.hashicorp.com/terraform/language/files/override).
func (d *definition) syntax() *hclsyntax.Body {
	if d.merged != nil {
		return d.merged
	}
	if len(d.bodies) == 1 {
		d.merged = d.bodies[0].syntax()
		return d.merged
	}
	out := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}}
	taken := map[string]bool{}
	for _, b := range d.bodies {
		part := b.syntax()
		for name, a := range part.Attributes {
			if out.Attributes[name] == nil {
				out.Attributes[name] = a
			}
		}
		own := map[string]bool{}
		for _, inner := range part.Blocks {
			name := blockName(inner)
			if !taken[name] {
				out.Blocks = append(out.Blocks, inner)
				own[name] = true
			}
		}
		maps.Copy(taken, own)
	}
	d.merged = out
	return out
}

// blockName is the type of the blocks that a block makes.
func blockName(b *hclsyntax.Block) string {
	if isDynamic(b) {
		return b.Labels[0]
	}
	return b.Type
}

// argumentOf returns an argument's expression, nil without one.
func (d *definition) expression(name string) hclsyntax.Expression {
	if a := d.syntax().Attributes[name]; a != nil {
		return a.Expr
	}
	return nil
}

func (b *nativeBody) syntax() *hclsyntax.Body { return b.body }

func (b *jsonBody) syntax() *hclsyntax.Body {
	// Arguments of calls, variables and outputs are values; only resources, data
	// sources and providers have blocks.
	kind, _ := at(b.path, 0).(string)
	return jsonSyntax(b.value, kind == "resource" || kind == "data" || kind == "provider")
}

// jsonSyntax writes an object as the body of a block.
func jsonSyntax(m map[string]any, blocks bool) *hclsyntax.Body {
	out := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		v := m[name]
		switch {
		case name == "//" || v == nil:
		case blocks && name == "dynamic":
			jsonDynamic(out, v)
		case blocks && isJSONBlock(name, v):
			for _, inner := range jsonObjects(v) {
				out.Blocks = append(out.Blocks, &hclsyntax.Block{Type: name, Body: jsonSyntax(inner, true)})
			}
		default:
			out.Attributes[name] = &hclsyntax.Attribute{Name: name, Expr: jsonExpression(v)}
		}
	}
	return out
}

func jsonDynamic(out *hclsyntax.Body, v any) {
	for _, all := range jsonObjects(v) {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			for _, inner := range jsonObjects(all[name]) {
				body := jsonSyntax(map[string]any{"for_each": inner["for_each"]}, false)
				if text, ok := inner["iterator"].(string); ok {
					body.Attributes["iterator"] = &hclsyntax.Attribute{Name: "iterator", Expr: keyword(text)}
				}
				for _, content := range jsonObjects(inner["content"]) {
					body.Blocks = append(body.Blocks, &hclsyntax.Block{Type: "content", Body: jsonSyntax(content, true)})
				}
				out.Blocks = append(out.Blocks, &hclsyntax.Block{Type: "dynamic", Labels: []string{name}, Body: body})
			}
		}
	}
}

func keyword(name string) hclsyntax.Expression {
	return &hclsyntax.ScopeTraversalExpr{Traversal: hcl.Traversal{hcl.TraverseRoot{Name: name}}}
}

// jsonObjects returns an object, or the objects in a list.
func jsonObjects(v any) []map[string]any {
	switch v := v.(type) {
	case map[string]any:
		return []map[string]any{v}
	case []any:
		var out []map[string]any
		for _, e := range v {
			if m, ok := e.(map[string]any); ok {
				out = append(out, m)
			}
		}
		return out
	}
	return nil
}

// mapArguments are the arguments that hold maps or free objects. In JSON
// nothing else tells them from blocks, short of the provider's schema.
var mapArguments = []string{ //nolint:gochecknoglobals // a constant list
	"tags", "tags_all", "labels", "annotations", "match_labels", "node_selector", "parameters", "data", "binary_data", "string_data",
	"limits", "requests", "variables", "manifest", "object", "triggers", "keepers", "input", "triggers_replace", "field_manager",
	"computed_fields", "default_annotations", "volume_attributes", "options", "value_files", "tags_as_map", "configuration",
	"additional_tags", "common_tags", "for_each", "vars", "context", "allowed_topologies", "set", "set_list", "set_sensitive", "values",
}

func isJSONBlock(name string, v any) bool {
	if name == "selector" { // a map in services, a block in workloads
		m, _ := v.(map[string]any)
		return m["match_labels"] != nil || m["match_expressions"] != nil || jsonList(v)
	}
	if slices.Contains(mapArguments, name) {
		return false
	}
	_, single := v.(map[string]any)
	return single || jsonList(v)
}

// jsonList reports whether v is a list of objects.
func jsonList(v any) bool {
	list, ok := v.([]any)
	return ok && len(list) > 0 && len(jsonObjects(v)) == len(list)
}

// jsonExpression writes a JSON value as an expression: texts are templates
// (https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping).
func jsonExpression(v any) hclsyntax.Expression {
	switch v := v.(type) {
	case string:
		return jsonTemplate(v)
	case bool:
		return &hclsyntax.LiteralValueExpr{Val: cty.BoolVal(v)}
	case int64:
		return &hclsyntax.LiteralValueExpr{Val: cty.NumberIntVal(v)}
	case float64:
		return &hclsyntax.LiteralValueExpr{Val: cty.NumberVal(big.NewFloat(v))}
	case []any:
		out := &hclsyntax.TupleConsExpr{}
		for _, e := range v {
			out.Exprs = append(out.Exprs, jsonExpression(e))
		}
		return out
	case map[string]any:
		out := &hclsyntax.ObjectConsExpr{}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			out.Items = append(out.Items, hclsyntax.ObjectConsItem{KeyExpr: jsonTemplate(name), ValueExpr: jsonExpression(v[name])})
		}
		return out
	}
	return &hclsyntax.LiteralValueExpr{Val: cty.NullVal(cty.DynamicPseudoType)}
}

func jsonTemplate(text string) hclsyntax.Expression {
	if !strings.Contains(text, "${") && !strings.Contains(text, "%{") {
		return &hclsyntax.LiteralValueExpr{Val: cty.StringVal(text)}
	}
	e, problems := hclsyntax.ParseTemplate([]byte(text), "", startOfFile())
	if problems.HasErrors() {
		return &hclsyntax.ExprSyntaxError{Placeholder: cty.DynamicVal, ParseDiags: problems}
	}
	return e
}

// jsonPlace finds the place of an error in a JSON file, the beginning if it has
// none.
func jsonPlace(src *document.Source, err error) document.Range {
	var where *jsontext.SyntaxError
	if errors.As(err, &where) {
		return src.Range(where.Offset, where.Offset)
	}
	return src.Range(0, 0)
}
