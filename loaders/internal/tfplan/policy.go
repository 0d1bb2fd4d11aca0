package tfplan

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan/jsontext"
)

// policies rebuilds the policies of a document that are unknown as text only
// because something in their aws_iam_policy_document is: the plan has the
// statements of the data source, with what is known of them.
func (b *builder) policies(m *made) {
	if m.judge == nil || m.judge.resource == nil || m.judge.change.mode() == "data" {
		return
	}
	states := m.document.RawStates
	for _, text := range states.Paths(document.Unknown) {
		path, err := document.ParsePath(text)
		if err != nil || len(path) == 0 {
			continue
		}
		source, ok := b.policySource(m, path)
		if !ok {
			continue
		}
		w := &policyWriter{builder: b, made: m, source: source, at: path}
		if policy, ok := w.policy(); ok && put(m.document.Raw, path, policy) {
			delete(states, text)
			w.finish()
		}
	}
}

// policySource returns the one policy document an unknown value is the text of.
func (b *builder) policySource(m *made, path document.Path) (*made, bool) {
	p := b.plan
	f := p.find(p.block(m.judge.resource), path, m.judge.value)
	var all outcome
	for _, e := range f.expressions {
		all.merge(b.resolver.resolve(e, m.judge.scope), "")
	}
	unknown := all.unknown()
	if all.opaque || len(unknown) != 1 || len(f.rest) > 0 {
		return nil, false
	}
	t := unknown[0]
	attribute := t.attribute.String()
	if t.change.kind != "data.aws_iam_policy_document" || (attribute != "json" && attribute != "minified_json") {
		return nil, false
	}
	source := b.made[t.change]
	return source, source != nil && source.judge != nil
}

// put stores v at a path whose parents exist.
func put(root map[string]any, path document.Path, v any) bool {
	parent, ok := document.At(root, path[:len(path)-1])
	if !ok {
		return false
	}
	switch last := path[len(path)-1].(type) {
	case string:
		m, ok := parent.(map[string]any)
		if ok {
			m[last] = v
		}
		return ok
	case int:
		l, ok := parent.([]any)
		ok = ok && last < len(l)
		if ok {
			l[last] = v
		}
		return ok
	}
	return false
}

// A policyWriter writes the data source in the shape of IAM's JSON
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
type policyWriter struct {
	builder *builder
	made    *made
	source  *made
	at      document.Path
	// first is the index of the data source's own first statement; those of its
	// source_policy_documents stand before.
	first  int
	parts  []part
	states document.States
}

// A part of the policy is written at from in the data source.
type part struct{ to, from document.Path }

func (w *policyWriter) policy() (map[string]any, bool) {
	raw := w.source.document.Raw
	statements, ok := raw["statement"].([]any)
	if !ok || len(statements) == 0 {
		return nil, false
	}
	w.states = document.States{}
	list := w.included("source_policy_documents")
	w.first = len(list)
	if w.first == 0 {
		w.parts = append(w.parts, part{w.at.Append("Statement"), document.Path{"statement"}})
	}
	for i, s := range statements {
		statement, _ := s.(map[string]any)
		list = append(list, w.statement(statement, document.Path{"statement", i}, w.at.Append("Statement", w.first+i)))
	}
	list = w.override(list, w.included("override_policy_documents"))
	policy := map[string]any{"Statement": list, "Version": "2012-10-17"}
	if version, ok := raw["version"].(string); ok {
		policy["Version"] = version
	}
	if id, ok := raw["policy_id"].(string); ok {
		policy["Id"] = id
	}
	return policy, true
}

// included reads the statements of policy texts that the data source takes in.
// A text that is not known makes the list of statements partial.
func (w *policyWriter) included(argument string) []any {
	var out []any
	state, unknown := w.source.document.RawStates[argument]
	texts, _ := w.source.document.Raw[argument].([]any)
	for _, t := range texts {
		text, ok := t.(string)
		if !ok {
			continue
		}
		data := []byte(text)
		v, err := jsontext.Decode(data, jsontext.Span{End: len(data)}, nil)
		policy, ok := v.(map[string]any)
		if err != nil || !ok {
			state, unknown = document.State{Reason: document.UnevaluatedExpression}, true
			continue
		}
		switch s := policy["Statement"].(type) {
		case []any:
			out = append(out, s...)
		case map[string]any:
			out = append(out, s)
		}
	}
	if unknown {
		state.Kind = document.Partial
		w.states[w.at.Append("Statement").String()] = state
	}
	return out
}

// override puts statements in the place of those with the same Sid, or behind.
func (w *policyWriter) override(list, with []any) []any {
	sid := func(s any) string {
		m, _ := s.(map[string]any)
		text, _ := m["Sid"].(string)
		return text
	}
	for _, s := range with {
		i := slices.IndexFunc(list, func(have any) bool { return sid(s) != "" && sid(have) == sid(s) })
		if i < 0 {
			list = append(list, s)
			continue
		}
		list[i] = s
		w.forget(w.at.Append("Statement", i))
	}
	return list
}

// forget drops what was noted of a statement that another one has replaced.
func (w *policyWriter) forget(at document.Path) {
	for text := range w.states {
		if path, err := document.ParsePath(text); err == nil && path.HasPrefix(at) {
			delete(w.states, text)
		}
	}
	w.parts = slices.DeleteFunc(w.parts, func(p part) bool { return p.to.HasPrefix(at) })
}

// statement writes one statement. from is its path in the data source, to that
// in the policy.
func (w *policyWriter) statement(s map[string]any, from, to document.Path) map[string]any {
	out := map[string]any{"Effect": "Allow"}
	if effect, ok := s["effect"].(string); ok {
		out["Effect"] = effect
	}
	if sid, ok := s["sid"].(string); ok && sid != "" {
		out["Sid"] = sid
	}
	w.parts = append(w.parts, part{to, from})
	for name, key := range map[string]string{"effect": "Effect", "sid": "Sid"} {
		if _, ok := s[name].(string); ok {
			w.parts = append(w.parts, part{to.Append(key), from.Append(name)})
		}
		w.copyState(from.Append(name), to.Append(key))
	}
	if w.source.document.RawStates[from.Append("effect").String()].Kind == document.Unknown {
		delete(out, "Effect")
	}
	for name, key := range map[string]string{
		"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource",
	} {
		w.list(out, s[name], from.Append(name), to, key)
	}
	w.principals(out, s["principals"], from.Append("principals"), to.Append("Principal"))
	w.principals(out, s["not_principals"], from.Append("not_principals"), to.Append("NotPrincipal"))
	w.conditions(out, s["condition"], from.Append("condition"), to.Append("Condition"))
	return out
}

// list copies a list of strings with what is unknown in it.
func (w *policyWriter) list(out map[string]any, v any, from, to document.Path, key string) {
	to = to.Append(key)
	w.copyState(from, to)
	list, ok := v.([]any)
	if !ok || len(list) == 0 {
		return
	}
	if have, ok := out[key].([]any); ok { // two principals blocks of one type
		for i := range list {
			w.copyState(from.Append(i), to.Append(len(have)+i))
		}
		out[key] = append(have, list...)
		return
	}
	out[key] = slices.Clone(list)
	w.parts = append(w.parts, part{to, from})
	for i := range list {
		w.copyState(from.Append(i), to.Append(i))
	}
}

func (w *policyWriter) copyState(from, to document.Path) {
	if state, ok := w.source.document.RawStates[from.String()]; ok {
		w.states[to.String()] = state
	}
}

func (w *policyWriter) principals(out map[string]any, v any, from, to document.Path) {
	key, _ := to[len(to)-1].(string)
	w.copyState(from, to)
	list, _ := v.([]any)
	byType := map[string]any{}
	for i, item := range list {
		block, _ := item.(map[string]any)
		name, ok := block["type"].(string)
		if !ok {
			w.states[to.String()] = document.State{Kind: document.Partial, Reason: document.AfterApply}
			continue
		}
		identifiers, _ := block["identifiers"].([]any)
		if name == "*" && slices.Contains(identifiers, any("*")) {
			out[key] = "*"
			w.parts = append(w.parts, part{to, from.Append(i)})
			return
		}
		w.parts = append(w.parts, part{to, from.Append(i)})
		w.list(byType, block["identifiers"], from.Append(i, "identifiers"), to, name)
		if byType[name] == nil {
			byType[name] = []any{}
		}
	}
	if len(byType) > 0 {
		out[key] = byType
	}
}

func (w *policyWriter) conditions(out map[string]any, v any, from, to document.Path) {
	w.copyState(from, to)
	list, _ := v.([]any)
	byOperator := map[string]any{}
	for i, item := range list {
		block, _ := item.(map[string]any)
		operator, ok := block["test"].(string)
		if !ok {
			w.states[to.String()] = document.State{Kind: document.Partial, Reason: document.AfterApply}
			continue
		}
		keys, ok := byOperator[operator].(map[string]any)
		if !ok {
			keys = map[string]any{}
			byOperator[operator] = keys
		}
		values, _ := block["values"].([]any)
		name, ok := block["variable"].(string)
		if !ok {
			name = hole(values, keys)
		}
		w.parts = append(w.parts, part{to.Append(operator, name), from.Append(i)})
		w.list(keys, block["values"], from.Append(i, "values"), to.Append(operator), name)
		if keys[name] == nil {
			keys[name] = []any{}
		}
	}
	if len(byOperator) > 0 {
		out["Condition"] = byOperator
	}
}

// hole names the key of a condition whose variable is not known. What it is
// compared with tells its last part: an OIDC provider's key is its URL with
// ":sub" or ":aud" (https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html).
func hole(values []any, taken map[string]any) string {
	name := "${unknown}"
	all := func(is func(string) bool) bool {
		for _, v := range values {
			text, ok := v.(string)
			if !ok || !is(text) {
				return false
			}
		}
		return len(values) > 0
	}
	switch {
	case all(func(s string) bool { return strings.HasPrefix(s, "system:serviceaccount:") }):
		name += ":sub"
	case all(func(s string) bool { return strings.HasPrefix(s, "sts.amazonaws.com") }):
		name += ":aud"
	}
	for n := 2; taken[name] != nil; n++ {
		name = "${unknown" + strconv.Itoa(n) + "}" + name[strings.IndexByte(name, '}')+1:]
	}
	return name
}

// finish gives the document the states, the places and the edges of the policy.
func (w *policyWriter) finish() {
	d := w.made.document
	maps.Copy(d.RawStates, w.states)
	w.made.locator.moved = append(w.made.locator.moved, moved{prefix: w.at, to: w.source.locator, path: w.sourcePath})
	for _, ref := range w.source.document.Refs {
		if to, _, ok := w.policyPath(ref.Path); ok {
			ref.Path = to
			w.made.addRef(ref)
		}
	}
	for _, path := range w.source.document.Sensitive {
		if to, rest, ok := w.policyPath(path); ok {
			if _, isIndex := element(rest, 0).(int); isIndex {
				to = to.Append(rest[0])
			}
			d.Sensitive = append(d.Sensitive, to)
		}
	}
}

// sourcePath translates a path below the policy to one of the data source;
// whole is false if only the front of it has a place there.
func (w *policyWriter) sourcePath(rest document.Path) (path document.Path, whole bool) {
	path = w.at.Append(rest...)
	best := part{}
	for _, p := range w.parts {
		if len(p.to) >= len(best.to) && path.HasPrefix(p.to) {
			best = p
		}
	}
	if best.to == nil {
		if i, ok := element(rest, 1).(int); ok && i < w.first {
			return document.Path{"source_policy_documents"}, false
		}
		return nil, false
	}
	rest = path[len(best.to):]
	for _, e := range rest {
		if _, isIndex := e.(int); !isIndex { // names differ between the two
			return best.from, false
		}
	}
	return best.from.Append(rest...), true
}

// policyPath translates a path of the data source to one of the policy, as far
// as it goes; rest is what is left.
func (w *policyWriter) policyPath(path document.Path) (to, rest document.Path, ok bool) {
	best := part{}
	for _, p := range w.parts {
		if len(p.from) >= len(best.from) && path.HasPrefix(p.from) {
			best = p
		}
	}
	return best.to, path[len(best.from):], best.to != nil
}
