package tfeval

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A reference marks a value that comes from an attribute of a resource.
type reference struct {
	address   string // of the instance, from the root module
	attribute string
	data      bool
}

// A cause marks an unknown value with why nobody knows it: one of the reasons
// of package document.
type cause string

// confidential marks what must never be printed.
type confidential struct{}

// A spelled marks an unknown text of which parts are known. Only a value that
// is exactly this text may carry it; see derived.
type spelled struct {
	text string // with holes, "${aws_iam_role.app.arn}"
	// value is what jsonencode or yamlencode was given, NilVal for other texts.
	value cty.Value
	// policy says where the statements are written, for policy documents.
	policy *policyPlaces
}

// unknown is a value nobody knows, for a reason.
func unknown(reason string, marks ...cty.ValueMarks) cty.Value {
	v := cty.DynamicVal
	for _, m := range marks {
		v = v.WithMarks(lasting(m))
	}
	if reason != "" && len(causes(marksOf(v))) == 0 {
		v = v.Mark(cause(reason))
	}
	return v
}

// marksOf returns all marks in a value.
func marksOf(v cty.Value) cty.ValueMarks {
	if v == cty.NilVal {
		return nil
	}
	_, marks := v.UnmarkDeep()
	return marks
}

// lasting drops the marks that hold for one exact value only.
func lasting(marks cty.ValueMarks) cty.ValueMarks {
	out := cty.ValueMarks{}
	for m := range marks {
		if _, exact := m.(*spelled); !exact {
			out[m] = struct{}{}
		}
	}
	return out
}

// derived takes off everywhere the marks that do not hold for what a value was
// made into.
func derived(v cty.Value) cty.Value {
	plain, paths := v.UnmarkDeepWithPaths()
	if len(paths) == 0 {
		return v
	}
	for i := range paths {
		paths[i].Marks = lasting(paths[i].Marks)
	}
	return plain.MarkWithPaths(paths)
}

// withoutReferences takes the references off, for values that get a nearer one.
func withoutReferences(v cty.Value) cty.Value {
	plain, paths := v.UnmarkDeepWithPaths()
	for i := range paths {
		kept := cty.ValueMarks{}
		for m := range paths[i].Marks {
			if _, is := m.(reference); !is {
				kept[m] = struct{}{}
			}
		}
		paths[i].Marks = kept
	}
	if len(paths) == 0 {
		return v
	}
	return plain.MarkWithPaths(paths)
}

// references lists what marks refer to, in a fixed order.
func referencesIn(marks cty.ValueMarks) []reference {
	var out []reference
	for m := range marks {
		if r, ok := m.(reference); ok {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b reference) int {
		if c := strings.Compare(a.address, b.address); c != 0 {
			return c
		}
		return strings.Compare(a.attribute, b.attribute)
	})
	return out
}

func causes(marks cty.ValueMarks) []string {
	var out []string
	for m := range marks {
		if c, ok := m.(cause); ok {
			out = append(out, string(c))
		}
	}
	slices.Sort(out)
	return out
}

func isConfidential(marks cty.ValueMarks) bool {
	_, yes := marks[confidential{}]
	return yes
}

// spelling returns the text of an unknown value as far as it is known.
func spelling(v cty.Value) *spelled {
	_, marks := v.Unmark()
	for m := range marks {
		if s, ok := m.(*spelled); ok {
			return s
		}
	}
	return nil
}

// spell makes the unknown text of which parts are known.
func spell(text string, value cty.Value, marks ...cty.ValueMarks) cty.Value {
	v := cty.UnknownVal(cty.String)
	for _, m := range marks {
		v = v.WithMarks(lasting(m))
	}
	return v.Mark(&spelled{text: text, value: value})
}

// hole names an unknown value inside a text.
func hole(v cty.Value) string {
	if s := spelling(v); s != nil {
		return s.text
	}
	marks := marksOf(v)
	name := "unknown"
	if refs := referencesIn(marks); len(refs) > 0 {
		name = strings.Trim(refs[0].address+"."+refs[0].attribute, ".")
	} else if why := causes(marks); len(why) > 0 {
		name = why[0]
	}
	return "${" + strings.NewReplacer(`"`, "'", "{", "(", "}", ")", "\n", " ", `\`, "/").Replace(name) + "}"
}

// stateOf says why a value is unknown.
func (ev *evaluator) stateOf(v cty.Value, inherited cty.ValueMarks) document.State {
	_, own := v.Unmark()
	all := cty.ValueMarks{}
	for m := range own {
		all[m] = struct{}{}
	}
	for m := range inherited {
		all[m] = struct{}{}
	}
	s := document.State{Kind: document.Unknown}
	refs := referencesIn(all)
	onlyData := len(refs) > 0
	for _, r := range refs {
		onlyData = onlyData && r.data
		if token := ev.token(r.address); !slices.Contains(s.Refs, token) {
			s.Refs = append(s.Refs, token)
		}
	}
	why := causes(all)
	switch {
	case len(refs) > 0 && !onlyData:
		s.Reason = document.AfterApply
	case onlyData:
		s.Reason = document.DataSource
	case len(why) > 0:
		s.Reason = why[0]
	default:
		s.Reason = document.UnevaluatedExpression
	}
	if exact := spelling(v); exact != nil && strings.Trim(exact.text, " \n") != "" && !isOneHole(exact.text) {
		s.Template = exact.text
	}
	return s
}

// isOneHole reports whether nothing of a text is known.
func isOneHole(text string) bool {
	return strings.HasPrefix(text, "${") && strings.IndexByte(text, '}') == len(text)-1
}

func (ev *evaluator) token(address string) string {
	return fmt.Sprintf("tf:%s#%s", ev.sources.root, address)
}
