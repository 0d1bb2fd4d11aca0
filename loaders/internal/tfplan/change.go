package tfplan

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan/jsontext"
)

// A change is one instance of a resource or data source. Its values stay in the
// text until they are needed.
type change struct {
	address  string
	module   []step
	path     string // module as an address
	kind     string // "aws_eks_cluster", "data.aws_iam_policy_document"
	name     string
	key      string // instance key with brackets, "" if there is none
	action   document.Action
	metadata map[string]string
	deferred bool

	span      jsontext.Span // the whole element
	before    jsontext.Span
	hidden    jsontext.Span // mask of values before the change that are not to be shown
	after     jsontext.Span
	unknown   jsontext.Span // mask of values not known before apply
	sensitive jsontext.Span // mask of values not to be shown
	// inferred is set where there is no mask at all (values of planned_values):
	// a value that is written but missing is then not known.
	inferred bool
}

// configKey names the block the change comes from: "a.b|aws_eks_cluster.this".
func (c *change) configKey() string { return configPath(c.module) + "|" + c.kind + "." + c.name }

// mode returns "data" or "managed".
func (c *change) mode() string {
	if strings.HasPrefix(c.kind, "data.") {
		return "data"
	}
	return "managed"
}

// resourceType is the provider's name of the type, without "data.".
func (c *change) resourceType() string { return strings.TrimPrefix(c.kind, "data.") }

// readChanges reads the elements of resource_changes, one by one.
func (p *Plan) readChanges(list jsontext.Span) {
	// Where the list breaks off has been reported with the rest of the text.
	_ = jsontext.Elements(p.data, list, func(e jsontext.Span) {
		if c, ok := p.readChange(e); ok {
			p.add(c)
		}
	})
}

// readDeferred reads deferred_changes: resources that this plan leaves for
// the next one because too much is unknown.
func (p *Plan) readDeferred(list jsontext.Span) {
	_ = jsontext.Elements(p.data, list, func(e jsontext.Span) {
		c, ok := p.readChange(jsontext.Field(p.data, e, "resource_change"))
		if !ok {
			return
		}
		c.deferred = true
		if reason, ok := jsontext.String(p.data, jsontext.Field(p.data, e, "reason")); ok {
			c.metadata["terraform:deferred"] = reason
		}
		p.add(c)
	})
}

func (p *Plan) add(c *change) {
	p.changes = append(p.changes, c)
	key := c.configKey()
	p.byConfig[key] = append(p.byConfig[key], c)
}

// readChange reads the head of one resource change. Changes that leave nothing
// to judge are not ok: forgotten resources and deposed objects.
func (p *Plan) readChange(e jsontext.Span) (*change, bool) {
	c := &change{span: e, metadata: map[string]string{}}
	head, values := p.readHead(c, e)
	if head["deposed"] != "" || (c.name == "" && c.address == "") {
		return nil, false
	}
	p.identify(c, head)
	for _, field := range []string{"previous_address", "action_reason"} {
		if head[field] != "" {
			c.metadata["terraform:"+field] = head[field]
		}
	}
	var actions []string
	_ = jsontext.Members(p.data, values, func(m jsontext.Member) {
		switch m.Name {
		case "actions":
			actions = jsontext.Strings(p.data, m.Value)
		case "before":
			c.before = m.Value
		case "before_sensitive":
			c.hidden = m.Value
		case "after":
			c.after = m.Value
		case "after_unknown":
			c.unknown = m.Value
		case "after_sensitive":
			c.sensitive = m.Value
		case "importing":
			if id, ok := jsontext.String(p.data, jsontext.Field(p.data, m.Value, "id")); ok {
				c.metadata["terraform:import_id"] = id
			}
		}
	})
	var exists bool
	c.action, exists = action(actions)
	return c, exists
}

// readHead reads the fields beside the values; those are returned as a span.
func (p *Plan) readHead(c *change, e jsontext.Span) (head map[string]string, values jsontext.Span) {
	head = map[string]string{}
	_ = jsontext.Members(p.data, e, func(m jsontext.Member) {
		text, isString := jsontext.String(p.data, m.Value)
		switch m.Name {
		case "change":
			values = m.Value
		case "index":
			// An index that is no number and no string says nothing.
			index, _ := jsontext.Decode(p.data, m.Value, nil)
			c.key = keyText(index)
		case "address":
			c.address = text
		case "name":
			c.name = text
		default:
			if isString {
				head[m.Name] = text
			}
		}
	})
	return head, values
}

// identify fills in what the address says, or the address where it is missing.
func (p *Plan) identify(c *change, head map[string]string) {
	c.module = modulePath(head["module_address"])
	c.path = instancePath(c.module)
	c.kind = head["type"]
	if head["mode"] == "data" {
		c.kind = "data." + c.kind
	}
	base := c.kind + "." + c.name
	if c.path != "" {
		base = c.path + "." + base
	}
	if c.address == "" {
		c.address = base + c.key
	}
	if key, found := strings.CutPrefix(c.address, base); found && (key == "" || isKey(key)) {
		c.key = key
	}
}

// action reads the list of actions of a change; exists is false where
// Terraform only stops to manage the resource.
func action(actions []string) (a document.Action, exists bool) {
	if len(actions) == 2 {
		if slices.Contains(actions, "forget") { // create-then-forget: the new object is what will be
			return document.Create, true
		}
		return document.Replace, true
	}
	if len(actions) == 0 {
		return document.Present, true
	}
	switch actions[0] {
	case "create":
		return document.Create, true
	case "update":
		return document.Update, true
	case "delete":
		return document.Delete, true
	case "read":
		return document.Read, true
	case "no-op":
		return document.NoOp, true
	case "forget":
		return "", false
	}
	return document.Present, true
}

// readValues reads a module of a values representation: planned_values,
// prior_state or a state. Only resources that keep says yes to are added.
func (p *Plan) readValues(module jsontext.Span, a document.Action, keep func(*change) bool) {
	p.readModuleValues(module, a, keep, 0)
}

func (p *Plan) readModuleValues(module jsontext.Span, a document.Action, keep func(*change) bool, depth int) {
	if depth > maxModules {
		return
	}
	address, _ := jsontext.String(p.data, jsontext.Field(p.data, module, "address"))
	path := modulePath(address)
	_ = jsontext.Elements(p.data, jsontext.Field(p.data, module, "resources"), func(e jsontext.Span) {
		c := &change{span: e, action: a, metadata: map[string]string{}, module: path}
		head, _ := p.readHead(c, e)
		head["module_address"] = address
		if c.name == "" || head["deposed_key"] != "" {
			return
		}
		p.identify(c, head)
		c.after = jsontext.Field(p.data, e, "values")
		c.sensitive = jsontext.Field(p.data, e, "sensitive_values")
		if keep(c) {
			p.add(c)
		}
	})
	_ = jsontext.Elements(p.data, jsontext.Field(p.data, module, "child_modules"), func(e jsontext.Span) {
		p.readModuleValues(e, a, keep, depth+1)
	})
}
