package eval

import (
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// An answer is one element of a rule's deny set, as the rule gave it.
type answer struct {
	document string // ID; "" for the document under judgement
	path     document.Path
	message  string
	severity finding.Severity // 0: the rule's
	unknown  string           // reason, when the rule itself says so
	exempt   string           // reason, when the rule itself exempts the subject
	related  []answer
}

// answers reads a deny set. Elements are objects made by plimsoll.lib.result,
// or plain strings: a message about the whole document.
func answers(r *policy.Rule, set ast.Set) ([]answer, error) {
	out := make([]answer, 0, set.Len())
	err := set.Iter(func(t *ast.Term) error {
		a, err := readAnswer(t)
		if err != nil {
			return fmt.Errorf("rule %s: %w", r.ID, err)
		}
		out = append(out, a)
		return nil
	})
	return out, err
}

func readAnswer(t *ast.Term) (answer, error) {
	if s, ok := t.Value.(ast.String); ok {
		return answer{message: string(s)}, nil
	}
	obj, ok := t.Value.(ast.Object)
	if !ok {
		return answer{}, fmt.Errorf("a result is %v: want an object of plimsoll.lib.result", t.Value)
	}
	a := answer{document: text(obj, "document"), message: text(obj, "message"), unknown: text(obj, "unknown"), exempt: text(obj, "exempt")}
	if a.message == "" {
		a.message = text(obj, "msg")
	}
	if a.message == "" {
		return answer{}, fmt.Errorf("result %v has no message", t.Value)
	}
	var err error
	if a.path, err = document.ParsePath(text(obj, "path")); err != nil {
		return answer{}, err
	}
	if s := text(obj, "severity"); s != "" {
		if a.severity, ok = finding.ParseSeverity(s); !ok {
			return answer{}, fmt.Errorf("result has severity %q", s)
		}
	}
	if related := obj.Get(ast.InternedTerm("related")); related != nil {
		arr, ok := related.Value.(*ast.Array)
		if !ok {
			return answer{}, fmt.Errorf("related is %v: want a list of places", related.Value)
		}
		for i := range arr.Len() {
			rel, err := readAnswer(arr.Elem(i))
			if err != nil {
				return answer{}, err
			}
			a.related = append(a.related, rel)
		}
	}
	return a, nil
}

func text(obj ast.Object, key string) string {
	t := obj.Get(ast.InternedTerm(key))
	if t == nil {
		return ""
	}
	s, _ := t.Value.(ast.String)
	return string(s)
}
