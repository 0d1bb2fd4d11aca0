package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/schema"
)

// answers checks the path a rule gives a result, where it is written out: below
// a canonical attribute there must be what it names. Other paths are raw paths.
// The engine points at the nearest place there is, so that a misspelt path is a
// wrong line and no error of the run: only lint and tests report it.
func (r *refiner) answers(call ast.Call, at *ast.Location) {
	name, ok := strings.CutPrefix(r.names.call(call), libPrefix+"result.")
	place := map[string]int{"at": 1, "on": 2}[name]
	rule := r.rules[r.file]
	if !ok || place == 0 || len(call) <= place || rule == nil || at == nil {
		return
	}
	path := writtenPath(call[place])
	if len(path) == 0 {
		return
	}
	key, isKey := path[0].(string)
	nodes := slices.DeleteFunc(judgedNodes(rule), func(n *schema.Node) bool { return !isKey || n.Keys[key] == nil })
	if bad, keys := missing(nodes, path); bad != "" {
		r.doubts = append(r.doubts, Mistake{
			File: at.File, Line: at.Row, Message: fmt.Sprintf("path %s of a result: there is no %s%s", path, bad, hint(bad, keys)),
		})
	}
}

// writtenPath reads a text, or the format of a sprintf up to what it fills in;
// indices it fills in stand for any.
func writtenPath(t *ast.Term) document.Path {
	text, ok := constant(t)
	if call, isCall := t.Value.(ast.Call); isCall && len(call) > 1 && call[0].Value.String() == "sprintf" {
		text, ok = constant(call[1])
	}
	if !ok {
		return nil
	}
	text = strings.ReplaceAll(text, "[%d]", "[*]")
	if before, _, open := strings.Cut(text, "%"); open {
		end := strings.LastIndexAny(before, ".[")
		if end < 0 {
			return nil
		}
		text = before[:end]
	}
	path, err := document.ParsePath(text)
	if err != nil {
		return nil
	}
	return path
}
