package canon

import (
	"maps"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// readPolicy reads an IAM policy document in any of its spellings (JSON text,
// an object, the statement blocks of aws_iam_policy_document) into one form:
// every list a list, conditions flattened. The grammar is
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
//
// A text that is unknown as a whole but has a template with holes is read as
// that template. Strings with holes keep them: what a rule asks is mostly in
// the known part.
func readPolicy(c cursor) result {
	if c.blocked != nil {
		if parsed, ok := decodeJSON(c.blocked.Template); ok {
			return policyText(parsed, c.path)
		}
		return unknownAt(*c.blocked, c.path)
	}
	switch v := c.value.(type) {
	case nil:
		return missing(c)
	case string:
		if strings.TrimSpace(v) == "" {
			return result{path: c.path}
		}
		parsed, ok := decodeJSON(v)
		if !ok {
			return unknownAt(document.State{Reason: document.UnevaluatedExpression}, c.path)
		}
		return policyText(parsed, c.path)
	case map[string]any:
		w := newPolicyWriter(c.path)
		w.document(c)
		return w.result
	}
	return unknownAt(document.State{Reason: document.UnevaluatedExpression}, c.path)
}

// policyText reads a policy out of a parsed text. The raw path of everything in
// it is the text's own.
func policyText(parsed any, path document.Path) result {
	object, ok := parsed.(map[string]any)
	if !ok {
		return unknownAt(document.State{Reason: document.UnevaluatedExpression}, path)
	}
	w := newPolicyWriter(path)
	w.document(cursor{value: object})
	w.places = nil
	return w.result
}

// A policyWriter collects a policy document and what is known of its parts.
type policyWriter struct {
	result
	statements []any
}

func newPolicyWriter(path document.Path) *policyWriter {
	return &policyWriter{result: result{path: path, inner: document.States{}, places: map[string]document.Path{}}}
}

func (w *policyWriter) document(c cursor) {
	list, blocks := c.get("Statement"), false
	if list.value == nil && list.blocked == nil {
		if lower := c.get("statement"); lower.value != nil || lower.blocked != nil {
			list, blocks = lower, true
		}
	}
	w.statements = []any{}
	w.places["statements"] = list.parent()
	switch {
	case list.blocked != nil:
		w.open("statements", *list.blocked)
	default:
		for _, e := range list.elements(false) {
			if e.blocked != nil {
				w.open("statements", *e.blocked)
				continue
			}
			w.statement(e, blocks)
		}
		if list.know.isPartial() {
			w.open("statements", *list.know.state)
		}
	}
	w.value = map[string]any{"statements": w.statements}
}

// open marks a collection as incomplete.
func (w *policyWriter) open(path string, state document.State) {
	if _, ok := w.inner[path]; !ok {
		state.Kind, state.Template = document.Partial, ""
		w.inner[path] = state
	}
}

// statementLists are the lists of a statement: their canonical names, those in
// JSON, and those in the blocks of Terraform's data source.
func statementLists() [][3]string {
	return [][3]string{
		{"actions", "Action", "actions"},
		{"not_actions", "NotAction", "not_actions"},
		{"resources", "Resource", "resources"},
		{"not_resources", "NotResource", "not_resources"},
	}
}

func (w *policyWriter) statement(c cursor, blocks bool) {
	at := "statements[" + strconv.Itoa(len(w.statements)) + "]"
	w.places[at] = c.path
	if _, ok := c.value.(map[string]any); !ok {
		w.open("statements", document.State{Reason: document.UnevaluatedExpression})
		return
	}
	out := map[string]any{}
	w.scalar(out, c.get(spelling(blocks, "sid", "Sid")), at, "sid")
	effect := c.get(spelling(blocks, "effect", "Effect"))
	w.scalar(out, effect, at, "effect")
	if blocks && effect.value == nil && effect.blocked == nil {
		// The data source's documented default.
		out["effect"] = "Allow"
	}
	for _, names := range statementLists() {
		list := c.get(spelling(blocks, names[2], names[1]))
		out[names[0]] = w.strings(list, at+"."+names[0])
	}
	for _, names := range [][3]string{
		{"principals", "Principal", "principals"}, {"not_principals", "NotPrincipal", "not_principals"},
	} {
		list := c.get(spelling(blocks, names[2], names[1]))
		path := at + "." + names[0]
		w.places[path] = list.parent()
		if blocks {
			out[names[0]] = w.principalBlocks(list, path)
		} else {
			out[names[0]] = w.principals(list, path)
		}
	}
	conditions := c.get(spelling(blocks, "condition", "Condition"))
	w.places[at+".conditions"] = conditions.parent()
	if blocks {
		out["conditions"] = w.conditionBlocks(conditions, at+".conditions")
	} else {
		out["conditions"] = w.conditions(conditions, at+".conditions")
	}
	w.statements = append(w.statements, out)
}

func spelling(blocks bool, lower, upper string) string {
	if blocks {
		return lower
	}
	return upper
}

func (w *policyWriter) scalar(out map[string]any, c cursor, at, name string) {
	path := at + "." + name
	w.places[path] = c.parent()
	if c.blocked != nil {
		if hole, ok := holed(*c.blocked); ok {
			out[name] = hole
			return
		}
		w.inner[path] = *c.blocked
		return
	}
	if text, ok := scalarText(c.value); ok && text != "" {
		out[name] = text
	}
}

// holed returns what can be said of an unknown string: its template, or a
// single hole when it is an attribute of another resource, which can be many
// things but not a wildcard.
func holed(state document.State) (string, bool) {
	t := state.Template
	soleHole := strings.HasPrefix(t, "${") && strings.Index(t, "}") == len(t)-1
	if t != "" && !soleHole {
		return t, true
	}
	switch state.Reason {
	case document.AfterApply, document.RuntimeRef:
	default:
		return "", false
	}
	if t != "" {
		return t, true
	}
	if len(state.Refs) > 0 {
		return "${" + state.Refs[0] + "}", true
	}
	return "", false
}

// strings reads a string or a list of strings.
func (w *policyWriter) strings(c cursor, path string) []any {
	out := []any{}
	w.places[path] = c.parent()
	leaves := []cursor{c}
	if _, ok := c.value.([]any); ok && c.blocked == nil {
		leaves = c.elements(false)
		if c.know.isPartial() {
			w.open(path, *c.know.state)
		}
	}
	for _, l := range leaves {
		switch {
		case l.blocked != nil:
			hole, ok := holed(*l.blocked)
			if !ok {
				w.open(path, *l.blocked)
				continue
			}
			out = append(out, hole)
		case l.value != nil:
			text, ok := scalarText(l.value)
			if !ok {
				w.open(path, document.State{Reason: document.UnevaluatedExpression})
				continue
			}
			out = append(out, text)
		default:
			continue
		}
		if len(l.path) > len(c.path) {
			w.places[path+"["+strconv.Itoa(len(out)-1)+"]"] = l.path
		}
	}
	return out
}

// principalKey spells a principal type as rules do.
func principalKey(name string) string {
	switch name {
	case "AWS", "*":
		return "aws"
	case "CanonicalUser":
		return "canonical_user"
	}
	return strings.ToLower(name)
}

// principals reads "*" or an object of lists.
func (w *policyWriter) principals(c cursor, path string) map[string]any {
	out := map[string]any{}
	switch v := c.value.(type) {
	case string:
		if c.blocked == nil && v != "" {
			out["aws"] = []any{v}
		}
	case map[string]any:
		if c.blocked != nil {
			break
		}
		for _, name := range c.keys() {
			key := principalKey(name)
			out[key] = w.strings(c.follow([]step{{elem: name, key: name}}), path+"."+key)
		}
	default:
		if c.value != nil && c.blocked == nil {
			w.open(path, document.State{Reason: document.UnevaluatedExpression})
		}
	}
	if c.blocked != nil {
		w.open(path, *c.blocked)
	}
	return out
}

// principalBlocks reads blocks of a type and identifiers.
func (w *policyWriter) principalBlocks(c cursor, path string) map[string]any {
	out := map[string]any{}
	if c.blocked != nil {
		w.open(path, *c.blocked)
		return out
	}
	for _, e := range c.elements(false) {
		name, ok := stringAt(e, "type")
		if e.blocked != nil || !ok {
			e.misfit()
			w.open(path, *e.blocked)
			continue
		}
		key := principalKey(name)
		list := w.strings(e.get("identifiers"), path+"."+key)
		if before, ok := out[key].([]any); ok {
			list = append(before, list...)
		}
		out[key] = list
	}
	return out
}

// conditions flattens {operator: {key: values}}, sorted.
func (w *policyWriter) conditions(c cursor, path string) []any {
	out := []any{}
	if c.blocked != nil {
		w.open(path, *c.blocked)
		return out
	}
	for _, operator := range c.keys() {
		keys := c.follow([]step{{elem: operator, key: operator}})
		if keys.blocked != nil {
			w.open(path, *keys.blocked)
			continue
		}
		for _, key := range keys.keys() {
			values := keys.follow([]step{{elem: key, key: key}})
			at := path + "[" + strconv.Itoa(len(out)) + "]"
			w.places[at] = values.parent()
			out = append(out, map[string]any{
				"operator": operator, "key": key, "values": w.strings(values, at+".values"),
			})
		}
	}
	return out
}

// conditionBlocks reads blocks of test, variable and values.
func (w *policyWriter) conditionBlocks(c cursor, path string) []any {
	out := []any{}
	if c.blocked != nil {
		w.open(path, *c.blocked)
		return out
	}
	for _, e := range c.elements(false) {
		if e.blocked != nil {
			w.open(path, *e.blocked)
			continue
		}
		at := path + "[" + strconv.Itoa(len(out)) + "]"
		w.places[at] = e.path
		condition := map[string]any{"values": w.strings(e.get("values"), at+".values")}
		w.scalar(condition, e.get("test"), at, "operator")
		w.scalar(condition, e.get("variable"), at, "key")
		w.places[at+".operator"], w.places[at+".key"] = e.get("test").parent(), e.get("variable").parent()
		out = append(out, condition)
	}
	return out
}

// documentWith returns a policy document of the given statements, for roles a
// tool makes by itself.
func documentWith(statements ...map[string]any) map[string]any {
	list := make([]any, 0, len(statements))
	for _, s := range statements {
		full := map[string]any{
			"actions": []any{}, "not_actions": []any{}, "resources": []any{}, "not_resources": []any{},
			"principals": map[string]any{}, "not_principals": map[string]any{}, "conditions": []any{},
		}
		maps.Copy(full, s)
		list = append(list, full)
	}
	return map[string]any{"statements": list}
}

// arns writes AWS-managed policies' names as ARNs; the partition is a hole that
// every comparison by name skips.
func arns(names ...string) []any {
	out := make([]any, 0, len(names))
	for _, n := range names {
		out = append(out, "arn:${AWS::Partition}:iam::aws:policy/"+n)
	}
	return out
}
