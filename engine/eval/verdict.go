package eval

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/engine/policy"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A doubt is one unknown path that a rule declares to rest on.
type doubt struct {
	path    document.Path
	state   document.State
	needed  bool          // under needs: denials below binding cannot stand
	read    bool          // under reads: another value might make the rule deny
	binding document.Path // the list elements the declared wildcards stand for
}

// doubts lists the unknown paths of d that matter to r, in path order.
func doubts(r *policy.Rule, d *document.Document) []doubt {
	if len(d.States) == 0 && (len(d.RawStates) == 0 || d.Type != "") {
		return nil
	}
	states := d.States
	if d.Type == "" {
		states = d.RawStates
	}
	var out []doubt
	for _, text := range states.Paths(document.Unknown, document.Partial) {
		p, err := document.ParsePath(text)
		if err != nil {
			continue
		}
		needs, needed := matter(p, r.NeedsPaths)
		reads, read := matter(p, r.ReadsPaths)
		if needed || read {
			binding := reads
			if needed {
				binding = needs
			}
			out = append(out, doubt{path: p, state: states[text], needed: needed, read: read, binding: binding})
		}
	}
	return out
}

// matter returns the list elements that the first declared path which overlaps
// p binds.
func matter(p document.Path, declared []document.Path) (binding document.Path, ok bool) {
	for _, decl := range declared {
		if n, ok := overlap(p, decl); ok {
			return p[:n], true
		}
	}
	return nil, false
}

// overlap reports whether one of p and decl leads to or through the other, and
// how many elements of p the wildcards of decl bind.
func overlap(p, decl document.Path) (bound int, ok bool) {
	for i := range min(len(p), len(decl)) {
		if w, isIndex := decl[i].(int); isIndex && w == document.Wildcard {
			if _, isIndex := p[i].(int); !isIndex {
				return 0, false
			}
			bound = i + 1
			continue
		}
		if p[i] != decl[i] {
			return 0, false
		}
	}
	return bound, true
}

// unsettled returns the doubt that keeps an answer from standing, if any.
func unsettled(path document.Path, ds []doubt) (doubt, bool) {
	for _, x := range ds {
		if x.needed && path.HasPrefix(x.binding) || x.state.Kind == document.Unknown && path.HasPrefix(x.path) {
			return x, true
		}
	}
	return doubt{}, false
}

// open groups the doubts about which the rule said nothing by the list element
// they are in, so that each element makes one unknown verdict.
func open(ds []doubt, settled []document.Path) [][]doubt {
	var groups [][]doubt
	index := map[string]int{}
	for _, x := range ds {
		// What the known elements of a list already provide, further elements
		// cannot take away; only a rule that reads the elements can still deny.
		if x.state.Kind == document.Partial && !x.read {
			continue
		}
		if slices.ContainsFunc(settled, func(p document.Path) bool { return p.HasPrefix(x.binding) }) {
			continue
		}
		key := x.binding.String()
		i, ok := index[key]
		if !ok {
			i = len(groups)
			index[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], x)
	}
	return groups
}

// refs turns unknown paths into references below input for partial evaluation.
// They stop at the first list: OPA does not see that a reference with a variable
// for an index may lead to an unknown element, only that it leads into an unknown
// list.
func refs(ds []doubt, canonical bool) []ast.Ref {
	root := "attr"
	if !canonical {
		root = "raw"
	}
	out := make([]ast.Ref, 0, len(ds))
	for _, x := range ds {
		ref := ast.Ref{ast.InputRootDocument, ast.StringTerm(root)}
		for _, e := range x.path {
			key, isKey := e.(string)
			if !isKey {
				break
			}
			ref = append(ref, ast.StringTerm(key))
		}
		out = append(out, ref)
	}
	return out
}

// reasons says in words why a value is not known.
var reasons = map[string]string{ //nolint:gochecknoglobals // a constant in all but syntax
	document.AfterApply:            "known only after apply",
	document.ParameterWithoutValue: "a parameter or variable without a value",
	document.RuntimeRef:            "an attribute that exists only after deployment",
	document.DataSource:            "read from a data source",
	document.ImportValue:           "imported from another stack",
	document.DynamicReference:      "a dynamic reference to a secret or parameter store",
	document.UnevaluatedExpression: "an expression that cannot be evaluated here",
	document.ModuleNotAvailable:    "set by a module that is not here",
	document.LocalOpaque:           "a local value that the plan does not show",
	document.Macro:                 "made by a macro or transform",
	document.SensitiveValue:        "a sensitive value that is withheld",
	document.AmbiguousDefault:      "left to a default that depends on what is not in the input",
	document.UndecidedCondition:    "subject to a condition that is not decided yet",
	document.Malformed:             "not what the API server accepts there",
}

// Explain says in one clause why a state is what it is.
func Explain(st document.State) string {
	why, ok := reasons[st.Reason]
	if !ok {
		why = strings.ReplaceAll(st.Reason, "_", " ")
	}
	if len(st.Refs) > 0 {
		names := make([]string, 0, len(st.Refs))
		for _, r := range st.Refs {
			if _, name, found := strings.Cut(r, "#"); found {
				r = name
			}
			names = append(names, r)
		}
		why += " (" + strings.Join(slices.Compact(names), ", ") + ")"
	}
	return why
}

// doubtful is the finding for a group of doubts.
func doubtful(d *document.Document, group []doubt) answer {
	x := group[0]
	what := d.RawPath(x.path).String()
	if what == "" {
		what = x.path.String()
	}
	return answer{
		path:    x.path,
		message: fmt.Sprintf("%s cannot be judged: %s is %s", subject(d), what, Explain(x.state)),
		unknown: Explain(x.state),
	}
}

// subject names a document for a sentence.
func subject(d *document.Document) string {
	return cmp.Or(d.Address, d.Name, d.ID)
}
