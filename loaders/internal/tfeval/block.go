package tfeval

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A Block is one resource or data block. Paths are raw paths of the plan's
// values; value is the planned value of the whole resource, by which elements
// of sets, which plans sort, are recognized.
type Block struct {
	definition *definition
	origin     []document.Range
}

// A place is what a body has at a path.
type place struct {
	key, value document.Range
	// depth counts the elements of the path that were found; exact is set if
	// nothing is missing.
	depth int
	exact bool
	// written is set if the argument or block is there, whatever is in it.
	written    bool
	references []string
}

// Locate returns the range of the value at path, or of its nearest ancestor in
// the source with exact=false.
func (b *Block) Locate(path document.Path, value any) (r document.Range, exact bool) {
	p := b.find(path, value)
	return p.value, p.exact
}

// LocateKey returns the range of the argument's name or the block's header.
func (b *Block) LocateKey(path document.Path, value any) (r document.Range, exact bool) {
	p := b.find(path, value)
	return p.key, p.exact
}

// References returns the names that what is written at path refers to; written
// is false if nothing is, or null.
func (b *Block) References(path document.Path, value any) (references []string, written bool) {
	p := b.find(path, value)
	return p.references, p.written
}

// Origin returns the block, then the calls of the modules around it, each with
// the literal arguments that the block takes over unchanged; nil in the root
// module.
func (b *Block) Origin() []document.Range { return slices.Clone(b.origin) }

func (b *Block) find(path document.Path, value any) place {
	whole, header := b.definition.base().ranges()
	best := place{key: header, value: whole, exact: len(path) == 0}
	if len(path) == 0 {
		return best
	}
	for _, part := range b.definition.bodies {
		if p := part.find(path, value); p.depth > best.depth {
			best = p
		}
	}
	return best
}
