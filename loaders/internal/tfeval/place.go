package tfeval

import (
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A blockLocator finds places in the block that a document was made from.
type blockLocator struct {
	block *Block
	value map[string]any
	moved []movedPolicy
}

// Locate implements document.Locator.
func (l blockLocator) Locate(path document.Path) (document.Range, bool) {
	if b, value, inner, exact := l.follow(path); b != nil {
		r, found := b.Locate(inner, value)
		return r, found && exact
	}
	return l.block.Locate(path, l.value)
}

// LocateKey implements document.Locator.
func (l blockLocator) LocateKey(path document.Path) (document.Range, bool) {
	if b, value, inner, exact := l.follow(path); b != nil {
		r, found := b.LocateKey(inner, value)
		return r, found && exact
	}
	return l.block.LocateKey(path, l.value)
}

func (l blockLocator) follow(path document.Path) (b *Block, value map[string]any, inner document.Path, exact bool) {
	for _, m := range l.moved {
		if len(path) > len(m.prefix) && path.HasPrefix(m.prefix) {
			return m.places.find(path[len(m.prefix):])
		}
	}
	return nil, nil, nil, false
}

// A movedPolicy is a policy in a document that is written in a data source.
type movedPolicy struct {
	prefix document.Path
	places *policyPlaces
}

// policyPlaces says where the statements of a policy document are written.
type policyPlaces struct {
	it         *item
	statements []statementPlace
}

// A statementPlace is one statement block of a data source; it is nil for a
// statement that comes from a text.
type statementPlace struct {
	it    *item
	index int
}

// find translates a path in a policy to one in the data source that has it.
func (p *policyPlaces) find(path document.Path) (b *Block, value map[string]any, inner document.Path, exact bool) {
	it := p.it
	i, ok := at(path, 1).(int)
	switch {
	case len(path) == 1 && path[0] == "Statement":
		inner, exact = document.Path{"statement"}, true
	case !ok || i >= len(p.statements):
	case p.statements[i].it == nil:
		inner = document.Path{"source_policy_documents"}
	default:
		place := p.statements[i]
		it = place.it
		var rest document.Path
		rest, exact = place.inner(path[2:])
		inner = append(document.Path{"statement", place.index}, rest...)
	}
	block := &Block{definition: it.definition}
	return block, it.raw, inner, exact
}

// inner translates a path in a statement to one in its block.
func (s statementPlace) inner(path document.Path) (document.Path, bool) {
	if len(path) == 0 {
		return nil, true
	}
	name, _ := path[0].(string)
	statements := s.it.block.blocks["statement"]
	if s.index >= len(statements) {
		return nil, false
	}
	c := statements[s.index]
	lists := map[string]string{
		"Action": "actions", "NotAction": "not_actions", "Resource": "resources", "NotResource": "not_resources", "Effect": "effect", "Sid": "sid",
	}
	switch {
	case lists[name] != "":
		return append(document.Path{lists[name]}, path[1:]...), true
	case name == "Principal" || name == "NotPrincipal":
		block := map[string]string{"Principal": "principals", "NotPrincipal": "not_principals"}[name]
		kind, _ := at(path, 1).(string)
		for i, p := range c.blocks[block] {
			if text, ok := textOf(p.arguments["type"]); ok && text == kind || len(path) == 1 {
				return append(document.Path{block, i, "identifiers"}, path[min(len(path), 2):]...), len(path) > 1
			}
		}
	case name == "Condition":
		return conditionPlace(c, path)
	}
	return nil, false
}

func conditionPlace(c *contents, path document.Path) (document.Path, bool) {
	test, _ := at(path, 1).(string)
	key, _ := at(path, 2).(string)
	for i, b := range c.blocks["condition"] {
		have, _ := textOf(b.arguments["test"])
		variable, known := textOf(b.arguments["variable"])
		if !known && b.arguments["variable"].IsWhollyKnown() {
			continue
		}
		if !known {
			variable = hole(b.arguments["variable"])
		}
		switch {
		case len(path) == 1:
			return document.Path{"condition"}, true
		case have != test:
		case len(path) == 2:
			return document.Path{"condition", i}, true
		case variable == key:
			return append(document.Path{"condition", i, "values"}, path[3:]...), true
		}
	}
	return document.Path{"condition"}, false
}
