package tfplan

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan/jsontext"
)

// Format is the Document.Format of plans.
const Format = "terraform-plan"

// A builder makes the documents of one plan.
type builder struct {
	plan     *Plan
	resolver *resolver
	keys     jsontext.Keys
	made     map[*change]*made
}

// made is a document with what later steps need of its making.
type made struct {
	document *document.Document
	judge    *judge
	locator  *locator
}

// Documents makes the plan's documents, in the order of the text, and lists the
// problems with it. sources may be nil.
func (p *Plan) Documents(ctx context.Context, sources Sources) ([]*document.Document, []document.Diagnostic) {
	if p.refused {
		return nil, p.diagnostics
	}
	b := &builder{
		plan: p, keys: jsontext.Keys{}, made: map[*change]*made{},
		resolver: &resolver{
			plan: p, sources: sources, memo: map[memoKey]outcome{}, locals: map[string]*expression{}, known: map[string]bool{},
		},
	}
	out := make([]*document.Document, 0, len(p.changes))
	for _, c := range p.changes {
		if ctx.Err() != nil {
			break
		}
		if m := b.make(c); m != nil {
			out = append(out, m.document)
		}
	}
	for _, c := range p.changes {
		if m := b.made[c]; m != nil && ctx.Err() == nil {
			b.policies(m)
		}
	}
	return out, p.diagnostics
}

// make turns one change into a document; nil if its values are broken.
func (b *builder) make(c *change) *made {
	p := b.plan
	d := &document.Document{
		ID:      p.src.Name + "#" + c.address,
		Format:  Format,
		Kind:    c.kind,
		Name:    c.name,
		Address: c.address,
		Scope:   "tf:" + p.src.Name,
		Action:  c.action,
		// The other reasons leave values open, not whether it is deployed.
		Conditional: c.deferred && c.metadata["terraform:deferred"] == "instance_count_unknown",
		Metadata:    c.metadata,
		Raw:         map[string]any{},
		RawStates:   document.States{},
		Tokens:      []string{p.token(c)},
	}
	m := &made{document: d, locator: &locator{plan: p, change: c}}
	d.SetLocator(m.locator)
	b.made[c] = m
	if c.action == document.Delete {
		return m
	}
	if !b.values(c, d) {
		delete(b.made, c)
		return nil
	}
	m.locator.value = d.Raw
	m.judge = b.judge(c, d.Raw)
	if m.judge.source != nil {
		m.locator.block = m.judge.source
		d.Origin = m.judge.source.Origin()
	}
	b.states(m)
	b.references(m)
	b.infer(m)
	b.region(m)
	if c.deferred {
		d.RawStates[""] = document.State{Kind: document.Partial, Reason: document.AfterApply}
	}
	return m
}

func (b *builder) judge(c *change, value map[string]any) *judge {
	j := &judge{resolver: b.resolver, change: c, value: value}
	if s, ok := b.resolver.scopeOf(c); ok {
		j.scope = s
		_, j.resource = b.plan.configOf(c)
	}
	if b.resolver.sources != nil {
		path := make([]string, len(c.module))
		for i, s := range c.module {
			path[i] = s.name
		}
		j.source = b.resolver.sources.Resource(path, c.kind, c.name)
	}
	return j
}

// values decodes what the plan knows of the resource.
func (b *builder) values(c *change, d *document.Document) bool {
	p := b.plan
	if jsontext.Null(p.data, c.after) {
		return true
	}
	v, err := jsontext.Decode(p.data, c.after, b.keys)
	raw, ok := v.(map[string]any)
	if err != nil || !ok {
		problem := "they are no object"
		if err != nil {
			problem = err.Error()
		}
		p.say(document.Error, c.after, "the values of "+c.address+" cannot be read: "+problem)
		return false
	}
	d.Raw = raw
	if !c.sensitive.IsZero() {
		// A broken mask hides nothing; the values around it were readable.
		mask, _ := jsontext.Decode(p.data, c.sensitive, b.keys)
		d.Sensitive = sensitive(mask, nil, nil)
	}
	return true
}

// sensitive lists the paths at which a mask is true.
func sensitive(mask any, at document.Path, out []document.Path) []document.Path {
	switch mask := mask.(type) {
	case bool:
		if mask {
			out = append(out, slices.Clone(at))
		}
	case []any:
		for i, inner := range mask {
			out = sensitive(inner, at.Append(i), out)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(mask)) {
			out = sensitive(mask[name], at.Append(name), out)
		}
	}
	return out
}

// states merges the mask of unknown values into the document.
func (b *builder) states(m *made) {
	c := m.judge.change
	if c.inferred {
		b.inferred(m)
		return
	}
	if c.unknown.IsZero() {
		return
	}
	mask, err := jsontext.Decode(b.plan.data, c.unknown, b.keys)
	if err != nil {
		b.plan.say(document.Error, c.unknown, "the unknown values of "+c.address+" cannot be read: "+err.Error())
		return
	}
	inner, ok := mask.(map[string]any)
	if !ok {
		if mask == true { // a resource of which nothing is known
			m.document.RawStates[""] = document.State{Kind: document.Partial, Reason: document.AfterApply}
		}
		return
	}
	b.object(m, inner, m.document.Raw, nil)
}

// object merges the mask of an object or map into its value.
func (b *builder) object(m *made, mask, value map[string]any, at document.Path) {
	for _, name := range slices.Sorted(maps.Keys(mask)) {
		path := at.Append(name)
		switch inner := mask[name].(type) {
		case bool:
			if inner {
				delete(value, name)
				b.leaf(m, path)
			}
		case map[string]any:
			below, ok := value[name].(map[string]any)
			if !ok {
				below = map[string]any{}
				if hasTrue(inner) {
					value[name] = below
				}
			}
			b.object(m, inner, below, path)
		case []any:
			below, _ := value[name].([]any)
			if merged := b.list(m, inner, below, path); merged != nil {
				value[name] = merged
			}
		}
	}
}

// list merges the mask of a list into its value. Unknown elements are nil and
// make the list partial.
func (b *builder) list(m *made, mask, value []any, at document.Path) []any {
	for i, inner := range mask {
		if i >= len(value) {
			if !hasTrue(inner) {
				continue
			}
			value = append(value, make([]any, i+1-len(value))...)
		}
		path := at.Append(i)
		switch inner := inner.(type) {
		case bool:
			if !inner {
				continue
			}
			value[i] = nil
			state, ok := m.judge.decide(path)
			if !ok {
				state = document.State{Kind: document.Unknown, Reason: document.UnevaluatedExpression}
			}
			m.document.RawStates[path.String()] = state
			state.Kind = document.Partial
			m.document.RawStates[at.String()] = state
		case map[string]any:
			below, ok := value[i].(map[string]any)
			if !ok {
				below = map[string]any{}
				if hasTrue(inner) {
					value[i] = below
				}
			}
			b.object(m, inner, below, path)
		case []any:
			below, _ := value[i].([]any)
			if merged := b.list(m, inner, below, path); merged != nil {
				value[i] = merged
			}
		}
	}
	return value
}

// leaf records an unknown value, unless it was only left out.
func (b *builder) leaf(m *made, path document.Path) {
	if state, ok := m.judge.decide(path); ok {
		m.document.RawStates[path.String()] = state
	}
}

// inferred finds the unknown values where there is no mask: arguments that are
// written and not null, but missing in the values.
func (b *builder) inferred(m *made) {
	if m.judge.resource == nil {
		return
	}
	b.missing(m, b.plan.block(m.judge.resource), m.document.Raw, nil)
}

func (b *builder) missing(m *made, written *block, value map[string]any, at document.Path) {
	for _, a := range written.arguments {
		path := at.Append(a.name)
		planned, known := value[a.name]
		switch {
		case !known:
			b.leaf(m, path)
		case a.single:
			if inner, ok := planned.(map[string]any); ok {
				b.missing(m, a.blocks[0], inner, path)
			}
		default:
			list, _ := planned.([]any)
			for i := range list {
				candidates, _ := b.plan.match(a.blocks, list, i)
				inner, ok := list[i].(map[string]any)
				if ok && len(candidates) == 1 {
					b.missing(m, candidates[0], inner, path.Append(i))
				}
			}
		}
	}
}

// region notes the provider configuration and, where it is known, the region.
// A region argument of the resource itself (provider 6) wins.
func (b *builder) region(m *made) {
	d, j := m.document, m.judge
	if j.resource == nil || j.resource.provider == "" {
		return
	}
	key := j.resource.provider
	d.Metadata["terraform:provider"] = key
	if region, ok := d.Raw["region"].(string); ok && region != "" && strings.HasPrefix(j.change.resourceType(), "aws_") {
		d.Metadata["aws:region"] = region
		return
	}
	configuration := b.plan.providers[key]
	if configuration == nil { // a module that inherits its provider
		_, key, _ = strings.Cut(key, ":")
		configuration = b.plan.providers[key]
	}
	if configuration == nil {
		return
	}
	if !strings.HasPrefix(j.change.resourceType(), "aws_") && !strings.Contains(key, ":") {
		b.providerCluster(m, configuration)
	}
	if a := configuration.argument("region"); a != nil && a.value != nil {
		if region := b.plan.rootValue(a.value, strings.Contains(key, ":")); region != "" {
			d.Metadata["aws:region"] = region
		}
	}
}

// rootValue evaluates a constant, or a reference to a variable of the root
// module, to its text.
func (p *Plan) rootValue(e *expression, inModule bool) string {
	if text, ok := jsontext.String(p.data, e.constant); ok {
		return text
	}
	if len(e.references) != 1 || inModule {
		return ""
	}
	name, ok := strings.CutPrefix(e.references[0], "var.")
	if !ok {
		return ""
	}
	variable := jsontext.Field(p.data, p.top["variables"], name)
	text, _ := jsontext.String(p.data, jsontext.Field(p.data, variable, "value"))
	return text
}

// providerCluster notes which cluster the configuration of a provider for
// objects in a cluster leads to: what its host and credentials are attributes
// of, or the kubeconfig context.
func (b *builder) providerCluster(m *made, configuration *block) {
	blocks := []*block{configuration}
	if a := configuration.argument("kubernetes"); a != nil {
		blocks = append(blocks, a.blocks...)
	}
	for _, c := range blocks {
		for _, name := range []string{"host", "cluster_ca_certificate", "token"} {
			a := c.argument(name)
			if a == nil || a.value == nil {
				continue
			}
			for _, t := range b.resolver.resolve(a.value, scope{module: b.plan.config}).targets {
				m.addRef(document.Ref{Path: document.Path{"provider"}, To: b.plan.token(t.change), Attribute: t.attribute.String(), Via: t.via})
			}
		}
		if a := c.argument("config_context"); a != nil && a.value != nil {
			if kubeContext := b.plan.rootValue(a.value, false); kubeContext != "" {
				m.document.Metadata["kubernetes:context"] = kubeContext
			}
		}
	}
}
