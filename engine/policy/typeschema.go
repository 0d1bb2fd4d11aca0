package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"

	"github.com/plimsoll-dev/plimsoll/engine/link"
	"github.com/plimsoll-dev/plimsoll/loaders/schema"
)

func objectOf(properties map[string]any) map[string]any {
	return map[string]any{"type": "object", "properties": properties}
}

func object(key string, value any) map[string]any { return objectOf(map[string]any{key: value}) }

func text() map[string]any { return map[string]any{"type": "string"} }

func listOf(items any) map[string]any { return map[string]any{"type": "array", "items": items} }

// anyObject is an object with any keys: the type checker's schemas have either
// known keys or any.
func anyObject() map[string]any { return map[string]any{"type": "object"} }

// document describes a document of which attr is known.
func (c *checker) document(attr *schema.Node) map[string]any {
	return objectOf(map[string]any{
		"id": text(), "format": text(), "kind": text(), "type": text(), "name": text(), "namespace": text(),
		"address": text(), "action": text(), "conditional": map[string]any{"type": "boolean"},
		"attr": c.node(attr), "raw": map[string]any{}, "unknown": anyObject(), "partial": anyObject(), "defaulted": anyObject(),
		"refs": listOf(objectOf(map[string]any{"path": text(), "to": text(), "attribute": text(), "via": text()})),
	})
}

// node writes a node as the type checker needs it. Where documents have what
// their authors wrote, only the names of keys count: any value may be there.
func (c *checker) node(n *schema.Node) map[string]any {
	if n.Shape != "" {
		name := strings.NewReplacer("/", "_", ".", "_").Replace(n.Shape)
		if c.defs[name] == nil {
			c.defs[name] = anyObject() // for those that hold themselves
			c.defs[name] = c.keys(n)
		}
		return map[string]any{"$ref": "#/definitions/" + name}
	}
	switch n.Kind {
	case "object":
		return c.keys(n)
	case "array":
		if n.Items == nil {
			return map[string]any{"type": "array"}
		}
		return listOf(c.node(n.Items))
	case "any":
		return map[string]any{}
	}
	if n.Written {
		return map[string]any{}
	}
	return map[string]any{"type": n.Kind}
}

func (c *checker) keys(n *schema.Node) map[string]any {
	if n.Other != nil || len(n.Keys) == 0 {
		return anyObject()
	}
	properties := make(map[string]any, len(n.Keys))
	for key, v := range n.Keys {
		properties[key] = c.node(v)
	}
	return objectOf(properties)
}

// stack describes input.stack.
func (c *checker) stack() map[string]any {
	byType, relation := map[string]any{}, map[string]any{}
	for _, name := range schema.Types() {
		byType[name] = listOf(text())
	}
	for _, name := range relations() {
		relation[name] = anyObject()
	}
	known := map[string]any{}
	for _, name := range facts() {
		known[name] = map[string]any{}
	}
	return objectOf(map[string]any{
		"documents": anyObject(), "by_type": objectOf(byType), "by_kind": anyObject(),
		"links": objectOf(relation), "backlinks": objectOf(relation), "facts": objectOf(known),
	})
}

// targets are the types that relations lead to; "" where that may be any.
func targets() map[string]string {
	out := map[string]string{}
	for _, name := range link.Relations() {
		out[name] = ""
	}
	maps.Copy(out, map[string]string{
		link.ClusterOf: "eks_cluster", link.RoleOf: "iam_role", link.NodeRoleOf: "iam_role", link.PodRoleOf: "iam_role",
		link.SAOf: "service_account", link.PoliciesOf: "iam_policy", link.AttachmentsOf: "iam_policy_attachment",
		link.TrustsSA: "service_account", link.OIDCOf: "oidc_provider", link.LaunchTemplateOf: "launch_template",
		link.SecurityGroupsOf: "security_group", link.RulesOf: "security_group_rule", link.NamespaceOf: "namespace",
		link.NetpolsOf: "network_policy", link.ServicesOf: "service", link.IngressesOf: "ingress",
		link.BindingsOf: "rbac_binding", link.GroupBindingsOf: "rbac_binding", link.RBACRoleOf: "rbac_role",
		link.EntryOf: "access_entry", link.PrincipalOf: "iam_role",
	})
	return out
}

func relations() []string { return link.Relations() }

// facts are the names of the facts that every stack has.
func facts() []string { return slices.Sorted(maps.Keys(link.Build(nil).Facts)) }

// explain writes an error of the type checker for the rule's author.
func (c *checker) explain(e *ast.Error) string {
	if detail, ok := e.Details.(*ast.UnificationErrDetail); ok {
		return fmt.Sprintf("compares %s with %s, which are never equal", kindOf(detail.Left), kindOf(detail.Right))
	}
	detail, ok := e.Details.(*ast.RefErrInvalidDetail)
	if !ok || detail.Pos >= len(detail.Ref) {
		return c.unchanged(e)
	}
	key, isKey := constant(detail.Ref[detail.Pos])
	if !isKey {
		return c.unchanged(e)
	}
	var keys []string
	for _, v := range detail.OneOf {
		if s, ok := v.(ast.String); ok {
			keys = append(keys, string(s))
		}
	}
	ref := c.original(detail.Ref[:detail.Pos+1].String(), e.Location.File)
	return ref + ": there is no " + key + hint(key, keys) + c.listing(ref, e.Location.File)
}

// kindOf names a type by what JSON calls it; what is in it does not matter.
func kindOf(t types.Type) string {
	switch t.(type) {
	case *types.Object:
		return "an object"
	case *types.Array:
		return "a list"
	case *types.Set:
		return "a set"
	case nil:
		return "something undefined"
	}
	return "a " + types.Sprint(t)
}

// listing names the command that lists a rule's attributes.
func (c *checker) listing(ref, file string) string {
	r := c.rules[file]
	if r == nil || !strings.HasPrefix(ref, "input.attr.") {
		return ""
	}
	if judged := judgedTypes(r); len(judged) == 1 {
		return " (plimsoll schema " + judged[0] + ")"
	}
	return ""
}

// unchanged is an error in OPA's own words.
func (c *checker) unchanged(e *ast.Error) string {
	lines := []string{e.Message}
	if e.Details != nil {
		lines = append(lines, e.Details.Lines()...)
	}
	for i := range lines {
		lines[i] = strings.Join(strings.Fields(lines[i]), " ")
	}
	return c.original(strings.Join(lines, "; "), e.Location.File)
}

// original writes references as the rule has them.
func (c *checker) original(text, file string) string {
	text = strings.ReplaceAll(text, "input."+c.inputs[file]+".", "input.")
	for _, place := range []string{"input.documents.", "input.linked."} {
		for {
			before, after, found := strings.Cut(text, place)
			if !found {
				break
			}
			end := strings.IndexAny(after, ".[ ")
			if end < 0 {
				end = len(after)
			}
			name := "stack.documents"
			if place == "input.linked." {
				name = "stack.linked"
			}
			text = before + name + `("` + after[:end] + `")` + after[end:]
		}
	}
	return text
}
