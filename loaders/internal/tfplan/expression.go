package tfplan

import (
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan/jsontext"
)

// An expression is what the plan says of one argument: a constant, or the
// names it refers to. Neither means a call without references, such as
// jsonencode of constants, timestamp() or uuid().
type expression struct {
	constant   jsontext.Span
	references []string
}

func (e *expression) isNull(data []byte) bool {
	return !e.constant.IsZero() && jsontext.Null(data, e.constant)
}

// A block holds the arguments and nested blocks of one configuration block in
// the order of the text. Blocks written with `dynamic` are not there at all.
type block struct{ arguments []argument }

// An argument has either an expression or blocks.
type argument struct {
	name   string
	value  *expression
	blocks []*block
	single bool // the block is no list element: it adds no index to paths
}

func (b *block) argument(name string) *argument {
	if b == nil {
		return nil
	}
	for i := range b.arguments {
		if b.arguments[i].name == name {
			return &b.arguments[i]
		}
	}
	return nil
}

func parseExpression(data []byte, s jsontext.Span) *expression {
	e := &expression{}
	_ = jsontext.Members(data, s, func(m jsontext.Member) {
		switch m.Name {
		case "constant_value":
			e.constant = m.Value
		case "references":
			e.references = longest(jsontext.Strings(data, m.Value))
		}
	})
	return e
}

// longest leaves out the references that are the front of another one:
// Terraform lists a.b.id, then a.b, for the same use.
func longest(references []string) []string {
	var out []string
	for i, r := range references {
		front := false
		for j, other := range references {
			if i != j && strings.HasPrefix(other, r) && (len(other) > len(r) && strings.ContainsRune(".[", rune(other[len(r)])) || other == r && j < i) {
				front = true
				break
			}
		}
		if !front {
			out = append(out, r)
		}
	}
	return out
}

// parseBlock reads the expressions object of a block. A broken text gives what
// stands before the break.
func parseBlock(data []byte, s jsontext.Span, depth int) *block {
	b := &block{}
	if s.IsZero() || data[s.Start] != '{' || depth > jsontext.MaxDepth {
		return b
	}
	_ = jsontext.Members(data, s, func(m jsontext.Member) {
		a := argument{name: m.Name}
		switch data[m.Value.Start] {
		case '{':
			if isExpression(data, m.Value) {
				a.value = parseExpression(data, m.Value)
				break
			}
			a.single = true
			a.blocks = []*block{parseBlock(data, m.Value, depth+1)}
		case '[':
			_ = jsontext.Elements(data, m.Value, func(e jsontext.Span) {
				a.blocks = append(a.blocks, parseBlock(data, e, depth+1))
			})
		default:
			return
		}
		b.arguments = append(b.arguments, a)
	})
	return b
}

// isExpression tells an expression object from a single nested block, which
// may have arguments of the same names.
func isExpression(data []byte, s jsontext.Span) bool {
	is := true
	_ = jsontext.Members(data, s, func(m jsontext.Member) {
		switch m.Name {
		case "constant_value":
		case "references":
			is = is && data[m.Value.Start] == '['
		default:
			is = false
		}
	})
	return is
}

// found says what the configuration has at a raw path.
type found struct {
	// expressions lie behind the value; more than one if the blocks of a list
	// cannot be told apart.
	expressions []*expression
	// rest is the part of the path inside the expressions' value.
	rest document.Path
	// dynamic is set where the block around the path is in the plan but not
	// among the written ones.
	dynamic bool
}

// find looks up a raw path below b; value is the planned value of b, which
// tells blocks of one list apart.
func (p *Plan) find(b *block, path document.Path, value any) found {
	if len(path) == 0 {
		return found{expressions: b.all()}
	}
	name, ok := path[0].(string)
	if !ok {
		return found{}
	}
	a := b.argument(name)
	inner, _ := document.At(value, document.Path{name})
	if a == nil {
		_, isIndex := element(path, 1).(int)
		return found{dynamic: isIndex && len(path) > 2}
	}
	if a.value != nil {
		return found{expressions: []*expression{a.value}, rest: path[1:]}
	}
	if a.single {
		return p.find(a.blocks[0], path[1:], inner)
	}
	i, isIndex := element(path, 1).(int)
	if !isIndex {
		return found{expressions: (&block{arguments: []argument{*a}}).all(), rest: path[1:]}
	}
	list, _ := inner.([]any)
	candidates, dynamic := p.match(a.blocks, list, i)
	out := found{dynamic: dynamic}
	for _, c := range candidates {
		var v any
		if i < len(list) {
			v = list[i]
		}
		f := p.find(c, path[2:], v)
		out.expressions = append(out.expressions, f.expressions...)
		out.rest = f.rest
		out.dynamic = out.dynamic || f.dynamic
	}
	return out
}

func element(path document.Path, i int) any {
	if i < len(path) {
		return path[i]
	}
	return nil
}

// all collects every expression in b.
func (b *block) all() []*expression {
	var out []*expression
	if b == nil {
		return nil
	}
	for _, a := range b.arguments {
		if a.value != nil {
			out = append(out, a.value)
		}
		for _, inner := range a.blocks {
			out = append(out, inner.all()...)
		}
	}
	return out
}

// match returns the blocks that element i of list may come from. Lists keep the
// order of the source, sets are sorted, and the plan does not say which is
// which; `dynamic` adds elements that no block is there for (dynamic=true).
func (p *Plan) match(blocks []*block, list []any, i int) (candidates []*block, dynamic bool) {
	if i < len(blocks) && p.positional(blocks, list) {
		return blocks[i : i+1], false
	}
	if i < len(list) {
		for _, b := range blocks {
			if p.agrees(b, list[i]) {
				candidates = append(candidates, b)
			}
		}
	}
	return candidates, len(list) > len(blocks) || len(candidates) == 0
}

func (p *Plan) positional(blocks []*block, list []any) bool {
	if len(blocks) != len(list) {
		return false
	}
	for i, b := range blocks {
		if !p.agrees(b, list[i]) {
			return false
		}
	}
	return true
}

// agrees reports whether the constants of b are those of a planned value.
func (p *Plan) agrees(b *block, value any) bool {
	m, ok := value.(map[string]any)
	if !ok {
		return value == nil
	}
	for _, a := range b.arguments {
		if a.value == nil || a.value.constant.IsZero() || jsontext.Null(p.data, a.value.constant) {
			continue
		}
		planned, ok := m[a.name]
		if !ok || planned == nil {
			continue
		}
		constant, err := jsontext.Decode(p.data, a.value.constant, nil)
		if err == nil && !same(constant, planned) {
			return false
		}
	}
	return true
}

// same compares a written constant with the planned value, which the provider's
// schema may have converted ("2" to 2) or sorted.
func same(constant, planned any) bool {
	switch constant := constant.(type) {
	case []any:
		list, ok := planned.([]any)
		if !ok || len(list) != len(constant) {
			return !ok
		}
		count := map[string]int{}
		for i := range list {
			count[scalar(constant[i])]++
			count[scalar(list[i])]--
		}
		for _, n := range count {
			if n != 0 {
				return false
			}
		}
		return true
	case map[string]any:
		return true
	}
	switch planned.(type) {
	case []any, map[string]any:
		return true
	}
	return scalar(constant) == scalar(planned)
}

// scalar writes a leaf as text; everything else is alike.
func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return ""
}
