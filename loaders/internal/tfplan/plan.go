// Package tfplan turns the JSON form of a Terraform or OpenTofu plan into
// documents (https://developer.hashicorp.com/terraform/internals/json-format).
// The text is read in place: values are decoded when a document is made and
// positions when they are asked for.
package tfplan

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan/jsontext"
)

// A Plan is one opened plan.
type Plan struct {
	src         *document.Source
	data        []byte
	top         map[string]jsontext.Span
	diagnostics []document.Diagnostic
	refused     bool // nothing in the text can be used

	config    *module // nil if the plan has no configuration
	providers map[string]*block
	changes   []*change
	byConfig  map[string][]*change
	byAddress map[string]*change   // for Before
	keys      map[string][]string  // instance keys by module call
	kin       map[string][]*change // instances by the text that makes them
	kinds     map[string][]*change // instances by type
	rows      map[string]row
}

// Open reads the head of everything in a plan. Problems with the text are
// diagnostics of Documents.
func Open(src *document.Source) *Plan {
	p := &Plan{
		src: src, data: src.Content, top: map[string]jsontext.Span{},
		byConfig: map[string][]*change{}, providers: map[string]*block{},
	}
	if problem := notPlan(src.Content); problem != "" {
		p.refuse(src.Range(0, 0), problem)
		return p
	}
	start := len(src.Content) - len(bytes.TrimPrefix(src.Content, []byte("\xef\xbb\xbf")))
	err := jsontext.Members(p.data, jsontext.Span{Start: start, End: len(p.data)}, func(m jsontext.Member) {
		p.top[m.Name] = m.Value
	})
	p.broken(err)
	if !p.checkVersion() {
		return p
	}
	p.readConfiguration()
	p.readResources()
	p.readFlags()
	return p
}

func (p *Plan) say(level document.Level, s jsontext.Span, message string) {
	p.diagnostics = append(p.diagnostics, document.Diagnostic{
		Range: p.src.Range(s.Start, s.End), Level: level, Message: message,
	})
}

func (p *Plan) refuse(r document.Range, message string) {
	p.refused = true
	p.diagnostics = append(p.diagnostics, document.Diagnostic{Range: r, Level: document.Error, Message: message})
}

// broken reports a text that stops being JSON; what was read before it stands.
func (p *Plan) broken(err error) {
	var syntax *jsontext.SyntaxError
	if !errors.As(err, &syntax) {
		return
	}
	p.diagnostics = append(p.diagnostics, document.Diagnostic{
		Range: p.src.Range(syntax.Offset, syntax.Offset), Level: document.Error,
		Message: "plan is not complete JSON: " + syntax.Problem + "; only what stands before is judged. " +
			"Write it again with: terraform show -json tfplan > plan.json",
	})
}

// checkVersion accepts format versions 0.1 up to, not including, 2.0.
func (p *Plan) checkVersion() bool {
	s := p.top["format_version"]
	version, ok := jsontext.String(p.data, s)
	if s.IsZero() || !ok {
		return true // cut off, or from an exporter that leaves it out
	}
	major, minor, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(major)
	if err == nil && (n == 1 || n == 0 && minor != "0" && minor != "") {
		return true
	}
	p.refuse(p.src.Range(s.Start, s.End), fmt.Sprintf(
		"plan has format version %q; versions from 0.1 up to 1.x are understood. "+
			"Write it with terraform show -json of Terraform 0.12 or later, or of OpenTofu", version))
	return false
}

func (p *Plan) readConfiguration() {
	s := p.top["configuration"]
	if s.IsZero() {
		return
	}
	_ = jsontext.Members(p.data, jsontext.Field(p.data, s, "provider_config"), func(m jsontext.Member) {
		p.providers[m.Name] = parseBlock(p.data, jsontext.Field(p.data, m.Value, "expressions"), 0)
	})
	r := &reader{data: p.data[:s.End], keys: map[string]string{}}
	// The walk of the whole text has reported what is broken in it.
	_, _ = r.object(s.Start, func(name string, value int) (end int, err error) {
		if name != "root_module" {
			return jsontext.Skip(r.data, value)
		}
		p.config, end, err = r.module(value, nil, nil, 0)
		return end, err
	})
}

// readResources reads what will exist. resource_changes decides; the values
// sections serve where it is missing, and for data sources already read.
func (p *Plan) readResources() {
	root := func(values jsontext.Span) jsontext.Span { return jsontext.Field(p.data, values, "root_module") }
	prior := root(jsontext.Field(p.data, p.top["prior_state"], "values"))
	every := func(*change) bool { return true }
	if changes := p.top["resource_changes"]; !jsontext.Null(p.data, changes) {
		p.readChanges(changes)
	} else if state, isState := p.top["values"]; isState {
		p.readValues(root(state), document.Present, every)
		p.say(document.Warning, p.top["terraform_version"],
			"this is a Terraform state, not a plan: it shows what exists, not what will. "+
				"For a plan run: terraform plan -out tfplan && terraform show -json tfplan > plan.json")
	} else {
		p.readValues(root(p.top["planned_values"]), document.NoOp, func(c *change) bool {
			c.inferred = true
			return true
		})
		if len(p.changes) == 0 && !prior.IsZero() {
			p.readValues(prior, document.NoOp, every)
			p.say(document.Note, p.top["prior_state"], "this is a refresh-only plan: what exists is judged, not what the configuration would make")
		}
	}
	p.readDeferred(p.top["deferred_changes"])
	have := map[string]bool{}
	for _, c := range p.changes {
		have[c.address] = true
	}
	p.readValues(prior, document.Read, func(c *change) bool { return c.mode() == "data" && !have[c.address] })
}

// readFlags reports what makes a plan say less than all.
func (p *Plan) readFlags() {
	errored, complete := p.top["errored"], p.top["complete"]
	switch {
	case jsontext.True(p.data, errored):
		p.say(document.Error, errored, "the plan ended in an error, so resources are missing from it and nothing can be called passed. "+
			"Make terraform plan succeed, then write the plan again with terraform show -json")
	case jsontext.False(p.data, complete):
		p.say(document.Warning, complete, "the plan is partial (-target, or deferred changes): what it leaves out is not judged. "+
			"Run terraform plan without -target for a whole one")
	}
	if _, isState := p.top["values"]; !isState && p.config == nil && len(p.changes) > 0 {
		p.say(document.Note, jsontext.Span{}, "the plan has no configuration section: arguments left out cannot always be told from values not known yet, and references between resources are missing")
	}
	_ = jsontext.Elements(p.data, p.top["checks"], func(e jsontext.Span) {
		if status, _ := jsontext.String(p.data, jsontext.Field(p.data, e, "status")); status == "fail" || status == "error" {
			name, _ := jsontext.String(p.data, p.at(e, document.Path{"address", "to_display"}))
			problem, _ := jsontext.String(p.data, p.at(e, document.Path{"instances", 0, "problems", 0, "message"}))
			p.say(document.Note, e, strings.TrimSuffix(name+" does not hold in this plan: "+problem, ": "))
		}
	})
}

// Blocks names the resources and module calls of the root module as addresses
// without keys, to tell whether a directory is the plan's.
func (p *Plan) Blocks() []string {
	if p.config == nil {
		return nil
	}
	return slices.Clone(p.config.names)
}

// instanceKeys lists the keys of the instances of a module call that have
// resources; the key of the last step of call is not read.
func (p *Plan) instanceKeys(call []step) []string {
	if p.keys == nil {
		p.keys = map[string][]string{}
		for _, c := range p.changes {
			for i, s := range c.module {
				call := instancePath(c.module[:i]) + "|" + s.name
				if !slices.Contains(p.keys[call], s.key) {
					p.keys[call] = append(p.keys[call], s.key)
				}
			}
		}
	}
	last := len(call) - 1
	return p.keys[instancePath(call[:last])+"|"+call[last].name]
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
