package tfplan

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// expected names the arguments that can only hold an attribute of one type.
var expected = map[string]struct{ kind, attribute string }{ //nolint:gochecknoglobals // a constant table
	"role_arn":               {"aws_iam_role", "arn"},
	"node_role_arn":          {"aws_iam_role", "arn"},
	"pod_execution_role_arn": {"aws_iam_role", "arn"},
	"key_arn":                {"aws_kms_key", "arn"},
	"launch_template.id":     {"aws_launch_template", "id"},
	"cluster_name":           {"aws_eks_cluster", "name"},
	"iam_instance_profile":   {"aws_iam_instance_profile", "name"},
}

// infer adds edges for values that are hidden by a local value or a `dynamic`
// block: if exactly one resource of the type that fits is in the same module
// instance, or else in the modules it calls, that is the one.
func (b *builder) infer(m *made) {
	for _, text := range m.document.RawStates.Paths(document.Unknown) {
		state := m.document.RawStates[text]
		if len(state.Refs) > 0 || state.Reason == document.AfterApply || state.Reason == document.DataSource {
			continue
		}
		path, err := document.ParsePath(text)
		if err != nil {
			continue
		}
		name := plainPath(path)
		want, ok := expected[name]
		if !ok {
			want, ok = expected[name[strings.LastIndexByte(name, '.')+1:]]
		}
		if !ok {
			continue
		}
		if c := b.plan.only(want.kind, m.judge.change.path); c != nil {
			m.addRef(document.Ref{Path: path, To: b.plan.token(c), Attribute: want.attribute, Via: "inferred"})
		}
	}
}

// only returns the one instance of a type in a module instance, or in the
// modules below it if it has none itself; nil if there are none or several.
func (p *Plan) only(kind, module string) *change {
	var own, below []*change
	for _, c := range p.byKind(kind) {
		switch {
		case c.action == document.Delete:
		case c.path == module:
			own = append(own, c)
		case module == "" || strings.HasPrefix(c.path, module+"."):
			below = append(below, c)
		}
	}
	if len(own) == 0 {
		own = below
	}
	if len(own) != 1 {
		return nil
	}
	return own[0]
}

// byKind lists the instances of one type.
func (p *Plan) byKind(kind string) []*change {
	if p.kinds == nil {
		p.kinds = map[string][]*change{}
		for _, c := range p.changes {
			p.kinds[c.kind] = append(p.kinds[c.kind], c)
		}
	}
	return p.kinds[kind]
}
