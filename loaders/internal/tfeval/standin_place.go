package tfeval

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// maxTrace bounds how many names a place is followed through.
const maxTrace = 24

// placeInCall gives a document of a stand-in its places: the arguments of the
// call in the user's file that decide its values.
func (ev *evaluator) placeInCall(it *item, d *document.Document, moved []movedPolicy) {
	outer := it.module
	for outer.parent.dir.standIn != nil {
		outer = outer.parent
	}
	d.Metadata["terraform:module"] = "stand-in"
	d.SetLocator(&callLocator{ev: ev, it: it, call: outer.call, block: &Block{definition: it.definition}, value: d.Raw, moved: moved})
	if outer.parent.parent != nil {
		d.Origin = ev.sources.origin(outer.parent.path, outer.call)
	}
}

// A callLocator finds the places of what a stand-in makes. Its questions come
// from several goroutines, so it must only read.
type callLocator struct {
	ev    *evaluator
	it    *item
	call  *definition // in the user's files
	block *Block
	value map[string]any
	moved []movedPolicy
}

// Locate implements document.Locator.
func (l *callLocator) Locate(path document.Path) (document.Range, bool) {
	if p, ok := l.find(path); ok {
		return p.value, p.exact && !l.composes(path, p.value)
	}
	whole, _ := l.call.base().ranges()
	return whole, len(path) == 0
}

// composes reports whether the module has made a text of the one at a place: the
// name of a log group of that of a cluster.
func (l *callLocator) composes(path document.Path, r document.Range) bool {
	value, _ := document.At(l.value, path)
	text, isText := value.(string)
	literal, err := strconv.Unquote(r.Text())
	return isText && err == nil && !strings.Contains(literal, "${") && literal != text
}

// LocateKey implements document.Locator.
func (l *callLocator) LocateKey(path document.Path) (document.Range, bool) {
	if p, ok := l.find(path); ok {
		return p.key, p.exact
	}
	_, header := l.call.base().ranges()
	return header, len(path) == 0
}

func (l *callLocator) find(path document.Path) (place, bool) {
	if len(path) == 0 {
		return place{}, false
	}
	it, block, value := l.it, l.block, l.value
	for _, m := range l.moved {
		if len(path) > len(m.prefix) && path.HasPrefix(m.prefix) {
			block, value, path, _ = m.places.find(path[len(m.prefix):])
			it = m.places.it
			break
		}
	}
	references, written := block.References(path, value)
	if !written || it.module.dir.standIn == nil {
		return place{}, false
	}
	return trace(it.module, it.frame, it.definition, references, maxTrace)
}

// trace follows names in a stand-in to the first argument in a user's file.
func trace(in *instance, f *frame, definition *definition, references []string, left int) (place, bool) {
	if left == 0 {
		return place{}, false
	}
	for _, name := range references {
		parts := strings.Split(name, ".")
		if len(parts) < 2 {
			continue
		}
		var p place
		var ok bool
		switch parts[0] {
		case "var":
			p, ok = traceInput(in, parts[1], parts[2:], left-1)
		case "local":
			p, ok = trace(in, in.frameOf(), nil, in.dir.locals[parts[1]].references, left-1)
		case "each":
			p, ok = traceEach(in, f, definition, parts, left-1)
		}
		if ok {
			return p, true
		}
	}
	return place{}, false
}

// traceEach follows each.value to the element of the argument behind for_each.
func traceEach(in *instance, f *frame, definition *definition, parts []string, left int) (place, bool) {
	if definition == nil || parts[1] != "value" {
		return place{}, false
	}
	each, ok := f.lookup("each")
	if !ok {
		return place{}, false
	}
	key, known := textOf(each.GetAttr("key"))
	a, written := definition.argument("for_each")
	if !known || !written {
		return place{}, false
	}
	rest := append([]string{key}, parts[2:]...)
	for _, name := range a.references {
		outer := strings.Split(name, ".")
		if len(outer) == 2 && outer[0] == "var" {
			if p, ok := traceInput(in, outer[1], rest, left); ok {
				return p, true
			}
		}
	}
	return place{}, false
}

// traceInput follows an input to the argument in the call, and on if that call
// stands in a stand-in itself.
func traceInput(in *instance, name string, rest []string, left int) (place, bool) {
	argument := in.dir.standIn.inputs[name].argument
	if argument == "" || in.call.expression(argument) == nil {
		return place{}, false
	}
	if in.parent.dir.standIn != nil {
		a, _ := in.call.argument(argument)
		inner := make([]string, len(a.references))
		for i, name := range a.references {
			inner[i] = strings.Join(append([]string{name}, rest...), ".")
		}
		return trace(in.parent, in.frame, in.call, inner, left)
	}
	path := document.Path{argument}
	for _, r := range rest {
		path = append(path, r)
	}
	var best place
	for _, b := range in.call.bodies {
		if p := b.find(path, nil); p.depth > best.depth {
			best = p
		}
	}
	// What is behind a merge or a variable stands where the argument does; an
	// element that is not written is nobody's.
	if best.depth == 0 || best.depth < len(path) && literalObject(in.call.expression(argument), best.depth, path) {
		return place{}, false
	}
	return best, true
}

// literalObject reports whether what stands at the end of the part of path that
// was found is an object that is written out: the next element is then known to
// be absent.
func literalObject(e hclsyntax.Expression, depth int, path document.Path) bool {
	for _, element := range path[1:depth] {
		object, ok := e.(*hclsyntax.ObjectConsExpr)
		if !ok {
			return false
		}
		e = objectItem(object, element)
	}
	_, ok := e.(*hclsyntax.ObjectConsExpr)
	return ok
}
