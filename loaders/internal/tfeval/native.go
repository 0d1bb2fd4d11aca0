package tfeval

import (
	"slices"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A nativeBody is a block in HCL's own syntax.
type nativeBody struct {
	src   *document.Source
	block *hclsyntax.Block
	body  *hclsyntax.Body
}

func (b *nativeBody) rng(r hcl.Range) document.Range { return b.src.Range(r.Start.Byte, r.End.Byte) }

func (b *nativeBody) ranges() (whole, header document.Range) {
	return b.rng(b.block.Range()), b.rng(b.block.DefRange())
}

func (b *nativeBody) argument(name string) (argument, bool) {
	a, ok := b.body.Attributes[name]
	if !ok {
		return argument{}, false
	}
	out := argument{whole: b.rng(a.Range()), references: references(a.Expr, nil)}
	v, literal := constant(a.Expr)
	out.literal = literal
	if literal && !v.IsNull() && v.Type() == cty.String {
		out.text = v.AsString()
	}
	out.variable = exactVariable(a.Expr)
	return out, true
}

// exactVariable returns name if the expression is var.name and nothing else.
func exactVariable(e hclsyntax.Expression) string {
	t, ok := e.(*hclsyntax.ScopeTraversalExpr)
	if !ok || len(t.Traversal) != 2 || t.Traversal.RootName() != "var" {
		return ""
	}
	step, ok := t.Traversal[1].(hcl.TraverseAttr)
	if !ok {
		return ""
	}
	return step.Name
}

func (b *nativeBody) passedOn() []string {
	var out []string
	var walk func(body *hclsyntax.Body)
	walk = func(body *hclsyntax.Body) {
		for _, a := range body.Attributes {
			if name := exactVariable(a.Expr); name != "" && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
		for _, inner := range body.Blocks {
			walk(inner.Body)
		}
	}
	walk(b.body)
	slices.Sort(out)
	return out
}

// An iterator is the name that a dynamic block gives its elements, with the
// for_each behind it.
type iterator struct {
	name    string
	forEach hclsyntax.Expression
}

// A finder walks the blocks of one resource.
type finder struct {
	*nativeBody
	iterators []iterator
}

func (b *nativeBody) find(path document.Path, value any) place {
	whole, header := b.ranges()
	f := &finder{nativeBody: b}
	return f.inBody(b.body, path, value, place{key: header, value: whole})
}

// inBody looks path up in one body; around is the place of the block.
func (f *finder) inBody(body *hclsyntax.Body, path document.Path, value any, around place) place {
	if len(path) == 0 {
		around.exact, around.written = true, true
		around.references = f.bodyReferences(body)
		return around
	}
	name, ok := path[0].(string)
	if !ok {
		return around
	}
	inner, _ := document.At(value, document.Path{name})
	if a, ok := body.Attributes[name]; ok {
		_, null := constant(a.Expr)
		if null {
			v, _ := constant(a.Expr)
			null = v.IsNull()
		}
		p := f.inExpression(a.Expr, path[1:], inner)
		p.key = f.rng(a.NameRange)
		p.depth += around.depth + 1
		p.written = !null
		return p
	}
	blocks := nested(body, name)
	if len(blocks) == 0 {
		return around
	}
	around.depth++
	list, _ := inner.([]any)
	i, isIndex := at(path, 1).(int)
	switch {
	case len(path) == 1:
		return f.wholeList(blocks, around)
	case !isIndex:
		return f.inBlock(blocks[0], path[1:], inner, around)
	}
	block := f.choose(blocks, list, i)
	if block == nil {
		return around
	}
	around.depth++
	var element any
	if i < len(list) {
		element = list[i]
	}
	return f.inBlock(block, path[2:], element, around)
}

// nested lists the blocks called name, `dynamic` ones included.
func nested(body *hclsyntax.Body, name string) []*hclsyntax.Block {
	var out []*hclsyntax.Block
	for _, b := range body.Blocks {
		if b.Type == name || isDynamic(b) && b.Labels[0] == name {
			out = append(out, b)
		}
	}
	return out
}

func isDynamic(b *hclsyntax.Block) bool { return b.Type == "dynamic" && len(b.Labels) == 1 }

// content returns the body of the elements a block makes.
func content(b *hclsyntax.Block) *hclsyntax.Body {
	if isDynamic(b) {
		for _, inner := range b.Body.Blocks {
			if inner.Type == "content" {
				return inner.Body
			}
		}
	}
	return b.Body
}

// wholeList is the place of all blocks of one name: the first stands for them.
func (f *finder) wholeList(blocks []*hclsyntax.Block, around place) place {
	around.key, around.value = f.rng(blocks[0].DefRange()), f.rng(blocks[0].Range())
	around.exact, around.written = len(blocks) == 1, true
	around.references = nil
	for _, b := range blocks {
		if a, ok := b.Body.Attributes["for_each"]; ok && isDynamic(b) {
			around.references = append(around.references, references(a.Expr, f.iterators)...)
			continue
		}
		around.references = append(around.references, f.bodyReferences(b.Body)...)
	}
	return around
}

func (f *finder) inBlock(b *hclsyntax.Block, path document.Path, value any, around place) place {
	around.key, around.value = f.rng(b.DefRange()), f.rng(b.Range())
	around.references = nil
	if !isDynamic(b) {
		return f.inBody(b.Body, path, value, around)
	}
	inner := &finder{nativeBody: f.nativeBody, iterators: f.iterators}
	if a, ok := b.Body.Attributes["for_each"]; ok {
		name := b.Labels[0]
		if other, ok := b.Body.Attributes["iterator"]; ok {
			name = hcl.ExprAsKeyword(other.Expr)
		}
		inner.iterators = append(slices.Clone(f.iterators), iterator{name, a.Expr})
	}
	return inner.inBody(content(b), path, value, around)
}

// choose picks the block that element i of the planned list comes from: by
// place where the list keeps the order of the source, else by literal
// arguments; a dynamic block where no written one is sure to fit.
func (f *finder) choose(blocks []*hclsyntax.Block, list []any, i int) *hclsyntax.Block {
	if i < len(blocks) && (len(list) == 0 || positional(blocks, list)) {
		return blocks[i]
	}
	var sure, written, dynamic *hclsyntax.Block
	for _, b := range slices.Backward(blocks) { // the first of each kind stays
		switch {
		case i < len(list) && !agrees(content(b), list[i]):
		case isDynamic(b):
			dynamic = b
		default:
			written = b
			if literals(b.Body) > 0 {
				sure = b
			}
		}
	}
	for _, b := range []*hclsyntax.Block{sure, dynamic, written} {
		if b != nil {
			return b
		}
	}
	return nil
}

// positional reports whether the written blocks and the planned list agree one
// by one.
func positional(blocks []*hclsyntax.Block, list []any) bool {
	if len(blocks) != len(list) {
		return false
	}
	for i, b := range blocks {
		if isDynamic(b) || !agrees(b.Body, list[i]) {
			return false
		}
	}
	return true
}

// literals counts the arguments of a body that are constants.
func literals(body *hclsyntax.Body) int {
	n := 0
	for _, a := range body.Attributes {
		if _, ok := constant(a.Expr); ok {
			n++
		}
	}
	return n
}

// agrees reports whether the literal arguments of a body are those of a planned
// value.
func agrees(body *hclsyntax.Body, value any) bool {
	m, ok := value.(map[string]any)
	if !ok {
		return value == nil
	}
	for name, a := range body.Attributes {
		v, literal := constant(a.Expr)
		planned, known := m[name]
		if literal && known && planned != nil && !v.IsNull() && !sameValue(v, planned) {
			return false
		}
	}
	return true
}

// sameValue compares a constant with a planned value as far as both are
// scalars, or lists of them in any order.
func sameValue(v cty.Value, planned any) bool {
	if list, ok := planned.([]any); ok {
		if !v.CanIterateElements() || v.LengthInt() != len(list) {
			return false
		}
		for _, element := range v.AsValueSlice() {
			if !slices.ContainsFunc(list, func(p any) bool { return sameValue(element, p) }) {
				return false
			}
		}
		return true
	}
	text, ok := scalar(v)
	if !ok {
		return true
	}
	switch planned := planned.(type) {
	case string:
		return text == planned
	case bool:
		return text == strconv.FormatBool(planned)
	case int64:
		return text == strconv.FormatInt(planned, 10)
	case float64:
		return text == strconv.FormatFloat(planned, 'f', -1, 64)
	}
	return true
}

// scalar writes a primitive value as text.
func scalar(v cty.Value) (string, bool) {
	if v.IsNull() || !v.IsKnown() || !v.Type().IsPrimitiveType() {
		return "", false
	}
	switch v.Type() {
	case cty.String:
		return v.AsString(), true
	case cty.Bool:
		return strconv.FormatBool(v.True()), true
	}
	return v.AsBigFloat().Text('f', -1), true
}

func (f *finder) bodyReferences(body *hclsyntax.Body) []string {
	out := make([]string, 0, len(body.Attributes))
	for _, a := range sortedAttributes(body) {
		out = append(out, references(a.Expr, f.iterators)...)
	}
	for _, b := range body.Blocks {
		out = append(out, f.bodyReferences(b.Body)...)
	}
	return out
}

func sortedAttributes(body *hclsyntax.Body) []*hclsyntax.Attribute {
	out := make([]*hclsyntax.Attribute, 0, len(body.Attributes))
	for _, a := range body.Attributes {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b *hclsyntax.Attribute) int { return a.NameRange.Start.Byte - b.NameRange.Start.Byte })
	return out
}

func at(path document.Path, i int) any {
	if i < len(path) {
		return path[i]
	}
	return nil
}
