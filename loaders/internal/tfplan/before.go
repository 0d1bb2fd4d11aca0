package tfplan

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan/jsontext"
)

// Before returns the resource of one of the plan's documents as it was before
// the change, with the document's identity and place; nil if it did not exist.
// Everything in it is known. The error says whose values cannot be read.
func (p *Plan) Before(d *document.Document) (*document.Document, error) {
	c := p.changeOf(d.Address)
	if c == nil || jsontext.Null(p.data, c.before) {
		return nil, nil //nolint:nilnil // a resource that is made has nothing before
	}
	v, err := jsontext.Decode(p.data, c.before, nil)
	if err != nil {
		return nil, fmt.Errorf("read the values of %s before the change: %w", c.address, err)
	}
	raw, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("read the values of %s before the change: they are no object", c.address)
	}
	was := *d
	was.Action = document.Present
	was.Conditional = false
	was.Raw, was.RawStates = raw, document.States{}
	mask, err := jsontext.Decode(p.data, c.hidden, nil)
	if err != nil { // a plan of an old version has no mask
		mask = nil
	}
	was.Sensitive = sensitive(mask, nil, nil)
	was.Refs = kept(d, raw)
	return &was, nil
}

// kept lists the edges of d that held before the change too: those of values
// that have not changed. Others are found by the values, which are known.
func kept(d *document.Document, before map[string]any) []document.Ref {
	return slices.DeleteFunc(slices.Clone(d.Refs), func(r document.Ref) bool {
		was, existed := document.At(before, r.Path)
		is, exists := document.At(d.Raw, r.Path)
		return !existed || !exists || !reflect.DeepEqual(was, is)
	})
}

// changeOf finds a change by its address.
func (p *Plan) changeOf(address string) *change {
	if p.byAddress == nil {
		p.byAddress = make(map[string]*change, len(p.changes))
		for _, c := range p.changes {
			p.byAddress[c.address] = c
		}
	}
	return p.byAddress[address]
}
