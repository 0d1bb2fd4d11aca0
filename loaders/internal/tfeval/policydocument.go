package tfeval

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// computed adds the attributes of data sources that follow from their
// arguments.
func (ev *evaluator) computed(it *item, block *contents, out map[string]cty.Value) {
	switch it.definition.kind() {
	case "data.aws_iam_policy_document":
	case "data.aws_partition", "data.aws_region":
		ev.whereabouts(it, block, out)
		return
	default:
		return
	}
	policy, places := ev.policy(it, block)
	for _, name := range []string{"json", "minified_json"} {
		out[name] = ev.policyText(policy, places, it, name)
	}
}

// policyText is the policy as text. A text of which parts are unknown keeps its
// object.
func (ev *evaluator) policyText(policy cty.Value, places *policyPlaces, it *item, attribute string) cty.Value {
	self := cty.NewValueMarks(it.reference(attribute))
	plain, _ := policy.UnmarkDeep()
	if !plain.IsWhollyKnown() {
		text := ev.encode("jsonencode", policy)
		spelling(text).policy = places
		return text.WithMarks(self)
	}
	text, err := ev.functions["jsonencode"].Call([]cty.Value{plain})
	if err != nil {
		return unknown("", self)
	}
	return text.WithMarks(self)
}

// policy writes the statements of an aws_iam_policy_document in the shape of
// IAM's JSON
// (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document).
// What takes an unknown policy in is unknown as a list of statements.
func (ev *evaluator) policy(it *item, c *contents) (cty.Value, *policyPlaces) {
	w := &statementList{ev: ev, marks: cty.ValueMarks{}}
	w.include(c, "source_json")
	w.include(c, "source_policy_documents")
	for i, s := range c.blocks["statement"] {
		w.put(ev.statement(s), statementPlace{it, i})
	}
	if marks, open := c.open["statement"]; open {
		w.unknown(marks)
	}
	w.include(c, "override_json")
	w.include(c, "override_policy_documents")
	out := map[string]cty.Value{"Version": cty.StringVal("2012-10-17")}
	if v, ok := c.arguments["version"]; ok {
		out["Version"] = v
	}
	if v, ok := c.arguments["policy_id"]; ok {
		out["Id"] = v
	}
	if w.open {
		// One element stands for those nobody knows: the list is partly known.
		w.list = append(w.list, unknown("", w.marks))
	}
	out["Statement"] = cty.TupleVal(w.list)
	return cty.ObjectVal(out), &policyPlaces{it: it, statements: w.places}
}

// A statementList collects the statements of a policy.
type statementList struct {
	ev     *evaluator
	list   []cty.Value
	places []statementPlace
	open   bool
	marks  cty.ValueMarks
}

func (w *statementList) unknown(marks cty.ValueMarks) {
	w.open = true
	for m := range lasting(marks) {
		w.marks[m] = struct{}{}
	}
}

// put adds a statement, in the place of the one with the same Sid if there is
// one.
func (w *statementList) put(s cty.Value, place statementPlace) {
	id := sidOf(s)
	i := slices.IndexFunc(w.list, func(have cty.Value) bool { return id != "" && sidOf(have) == id })
	if i < 0 {
		w.list, w.places = append(w.list, s), append(w.places, place)
		return
	}
	w.list[i], w.places[i] = s, place
}

// include takes in the policies that an argument holds.
func (w *statementList) include(c *contents, argument string) {
	v, written := c.arguments[argument]
	if !written {
		return
	}
	if !w.texts(v) {
		w.unknown(marksOf(v))
	}
}

// texts takes in one policy text or a list of them; false if one of them is not
// known.
func (w *statementList) texts(v cty.Value) bool {
	plain, marks := v.Unmark()
	if s := spelling(v); s != nil && s.value != cty.NilVal {
		return w.policy(s.value, s.policy)
	}
	switch {
	case !plain.IsKnown():
		return false
	case plain.IsNull():
		return true
	case plain.Type() == cty.String:
		if strings.TrimSpace(plain.AsString()) == "" {
			return true
		}
		policy, err := w.ev.functions["jsondecode"].Call([]cty.Value{plain})
		return err == nil && w.policy(policy, nil)
	}
	list, ok := pairs(plain)
	for _, p := range list {
		ok = w.texts(p.value.WithMarks(marks)) && ok
	}
	return ok
}

func (w *statementList) policy(policy cty.Value, places *policyPlaces) bool {
	list, ok := statementsOf(policy)
	for i, s := range list {
		place := statementPlace{}
		if places != nil && i < len(places.statements) {
			place = places.statements[i]
		}
		w.put(s, place)
	}
	return ok
}

func statementsOf(policy cty.Value) ([]cty.Value, bool) {
	plain, _ := policy.Unmark()
	if !plain.IsKnown() || plain.IsNull() || !plain.Type().IsObjectType() || !plain.Type().HasAttribute("Statement") {
		return nil, false
	}
	list, _ := plain.GetAttr("Statement").Unmark()
	if !list.IsKnown() || list.IsNull() {
		return nil, false
	}
	if list.Type().IsObjectType() {
		return []cty.Value{list}, true
	}
	items, ok := pairs(list)
	out := make([]cty.Value, len(items))
	for i, p := range items {
		out[i] = p.value
	}
	return out, ok
}

func sidOf(s cty.Value) string {
	plain, _ := s.Unmark()
	if !plain.IsKnown() || plain.IsNull() || !plain.Type().IsObjectType() || !plain.Type().HasAttribute("Sid") {
		return ""
	}
	sid, _ := plain.GetAttr("Sid").Unmark()
	if !sid.IsKnown() || sid.IsNull() || sid.Type() != cty.String {
		return ""
	}
	return sid.AsString()
}

func (ev *evaluator) statement(c *contents) cty.Value {
	out := map[string]cty.Value{"Effect": cty.StringVal("Allow")}
	for name, key := range map[string]string{
		"effect": "Effect", "sid": "Sid", "actions": "Action", "not_actions": "NotAction", "resources": "Resource",
		"not_resources": "NotResource",
	} {
		v, ok := c.arguments[name]
		if plain, _ := v.Unmark(); ok && !(plain.IsKnown() && plain.IsNull()) && !isEmptyList(plain) {
			out[key] = v
		}
	}
	for name, key := range map[string]string{"principals": "Principal", "not_principals": "NotPrincipal"} {
		if v, ok := ev.principals(c, name); ok {
			out[key] = v
		}
	}
	if v, ok := ev.conditions(c); ok {
		out["Condition"] = v
	}
	return cty.ObjectVal(out)
}

func isEmptyList(v cty.Value) bool {
	return v.IsKnown() && !v.IsNull() && v.CanIterateElements() && v.LengthInt() == 0
}

// principals writes {"AWS": [...]}, or "*" for everybody.
func (ev *evaluator) principals(c *contents, name string) (cty.Value, bool) {
	if marks, open := c.open[name]; open {
		return unknown("", marks), true
	}
	byType := map[string]cty.Value{}
	for _, p := range c.blocks[name] {
		kind, known := textOf(p.arguments["type"])
		if !known {
			return unknown("", marksOfAll(p)), true
		}
		identifiers := p.arguments["identifiers"]
		if identifiers == cty.NilVal {
			identifiers = cty.EmptyTupleVal
		}
		if kind == "*" && holds(identifiers, "*") {
			return cty.StringVal("*"), true
		}
		byType[kind] = appendList(byType[kind], identifiers)
	}
	return cty.ObjectVal(byType), len(byType) > 0
}

func (ev *evaluator) conditions(c *contents) (cty.Value, bool) {
	if marks, open := c.open["condition"]; open {
		return unknown("", marks), true
	}
	byTest := map[string]map[string]cty.Value{}
	for _, b := range c.blocks["condition"] {
		test, known := textOf(b.arguments["test"])
		if !known {
			return unknown("", marksOfAll(b)), true
		}
		variable := b.arguments["variable"]
		if variable == cty.NilVal {
			continue
		}
		key, known := textOf(variable)
		if !known {
			key = hole(variable)
		}
		if byTest[test] == nil {
			byTest[test] = map[string]cty.Value{}
		}
		values := b.arguments["values"]
		if values == cty.NilVal {
			values = cty.EmptyTupleVal
		}
		byTest[test][key] = appendList(byTest[test][key], values)
	}
	out := map[string]cty.Value{}
	for test, keys := range byTest {
		out[test] = cty.ObjectVal(keys)
	}
	return cty.ObjectVal(out), len(out) > 0
}

func marksOfAll(c *contents) cty.ValueMarks {
	out := cty.ValueMarks{}
	for _, v := range c.arguments {
		for m := range lasting(marksOf(v)) {
			out[m] = struct{}{}
		}
	}
	return out
}

// textOf returns a known text.
func textOf(v cty.Value) (string, bool) {
	if v == cty.NilVal {
		return "", false
	}
	plain, _ := v.Unmark()
	text, err := convert.Convert(plain, cty.String)
	if err != nil || !text.IsKnown() || text.IsNull() {
		return "", false
	}
	return text.AsString(), true
}

func holds(v cty.Value, text string) bool {
	plain, _ := v.Unmark()
	list, _ := pairs(plain)
	return slices.ContainsFunc(list, func(p pair) bool {
		s, ok := textOf(p.value)
		return ok && s == text
	})
}

// appendList joins two lists; one that is unknown makes both so.
func appendList(a, b cty.Value) cty.Value {
	if a == cty.NilVal {
		return b
	}
	plainA, marksA := a.Unmark()
	plainB, marksB := b.Unmark()
	listA, okA := pairs(plainA)
	listB, okB := pairs(plainB)
	if !okA || !okB {
		return unknown("", marksOf(a), marksOf(b))
	}
	out := make([]cty.Value, 0, len(listA)+len(listB))
	for _, p := range listA {
		out = append(out, p.value.WithMarks(lasting(marksA)))
	}
	for _, p := range listB {
		out = append(out, p.value.WithMarks(lasting(marksB)))
	}
	return cty.TupleVal(out)
}
