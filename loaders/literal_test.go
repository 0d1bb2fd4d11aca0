package loaders_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// checkLiteral compares a scalar of the other formats, and of documents inside
// documents, with the text that is said to be exactly it. That may be an
// expression, which says nothing by itself; a literal must say the value.
func checkLiteral(t testing.TB, d *document.Document, p document.Path, v any, r document.Range) {
	t.Helper()
	text := strings.TrimSpace(r.Text())
	switch v.(type) {
	case map[string]any, []any, nil:
		return
	}
	literal, ok := literalOf(text, r.File())
	if !ok {
		return
	}
	literals[d.Format]++
	if got, want := fmt.Sprint(literal), fmt.Sprint(v); got != want {
		t.Errorf("%s %s (%s): %q at %s is not %q", d.ID, p, d.Format, text, place(r), want)
	}
}

// literals counts what was compared, by format.
var literals = map[string]int{}

var plainWord = regexp.MustCompile(`^(true|false|-?[0-9]+(\.[0-9]+)?)$`)

// literalOf reads the literals that JSON, YAML and HCL have in common.
func literalOf(text, file string) (any, bool) {
	switch {
	case plainWord.MatchString(text):
		src := &document.Source{Name: file, Content: []byte("[" + text + "]")}
		docs, _ := yamlnode.Parse(src)
		v, _, _ := yamlnode.Kubernetes.Value(docs[0].Root, src)
		return v.([]any)[0], true
	case strings.HasPrefix(text, `"`):
		if (strings.HasSuffix(file, ".tf") || strings.HasSuffix(file, ".tf.json")) && (strings.Contains(text, "${") || strings.Contains(text, "%{")) {
			return nil, false
		}
		src := &document.Source{Name: file, Content: []byte("[" + text + "]")}
		docs, diags := yamlnode.Parse(src)
		if len(docs) != 1 || len(diags) > 0 {
			return nil, false
		}
		v, _, _ := yamlnode.Kubernetes.Value(docs[0].Root, src)
		if list, ok := v.([]any); ok && len(list) == 1 {
			s, ok := list[0].(string)
			return s, ok
		}
	}
	return nil, false
}
