package canon

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// nameTargets follows what documents say of each other. A managed object that
// names another one refers to it from then on. And what is not known only
// because it is an attribute of another document is completed: the ARN of a
// role whose name is known is known but for partition and account, as in
// CloudFormation, and a cluster is named where it is referred to.
func nameTargets(docs []*document.Document) {
	x := targets{byName: map[string][]*document.Document{}, byToken: map[string]*document.Document{}}
	for _, d := range docs {
		if d.Action == document.Delete {
			continue
		}
		for _, t := range d.Tokens {
			if strings.HasPrefix(t, document.ObjectToken) {
				name := objectToken(d.Namespace, d.Name)
				x.byName[name] = append(x.byName[name], d)
			}
			if d.Type == "iam_role" || d.Type == "eks_cluster" {
				x.byToken[t] = d
			}
		}
	}
	if len(x.byToken) == 0 && len(x.byName) == 0 {
		return
	}
	for _, d := range docs {
		for _, path := range d.States.Paths(document.Unknown) {
			x.follow(d, path)
			if !strings.ContainsRune(path, '[') {
				x.complete(d, path)
			}
		}
	}
}

// targets finds managed objects by name, and roles and clusters by token.
type targets struct {
	byName  map[string][]*document.Document
	byToken map[string]*document.Document
}

// wantedTypes are the canonical types an attribute refers to, by the last part
// of its path; nil where it may be any.
func wantedTypes(path string) []string {
	switch last := path[strings.LastIndexByte(path, '.')+1:]; last {
	case "cluster":
		return []string{"eks_cluster"}
	case "role", "roles", "principal", "node_role", "target_role":
		return []string{"iam_role"}
	case "policy", "policies", "permissions_boundary":
		return []string{"iam_policy"}
	case "subnet", "subnets":
		return []string{"subnet"}
	case "vpc":
		return []string{"vpc"}
	case "key", "kms_key":
		return []string{"kms_key"}
	case "group", "security_groups", "source_groups", "source_security_groups", "extra_security_groups":
		return []string{"security_group"}
	case "route_table":
		return []string{"route_table"}
	}
	return nil
}

// follow turns the names of objects into references to their documents.
func (x targets) follow(d *document.Document, path string) {
	state := d.States[path]
	for i, token := range state.Refs {
		all := x.byName[token]
		if types := wantedTypes(path); types != nil {
			all = slices.DeleteFunc(slices.Clone(all), func(t *document.Document) bool { return !slices.Contains(types, t.Type) })
		}
		to := nearestOf(d, all)
		if to == nil {
			continue
		}
		if i == 0 {
			state.Refs = slices.Clone(state.Refs)
		}
		state.Refs[i] = document.ObjectToken + to.ID
		d.Refs = append(d.Refs, document.Ref{Path: d.Written[path], To: state.Refs[i], Via: "reference"})
	}
	d.States[path] = state
}

// complete gives the attribute of another document that is known.
func (x targets) complete(d *document.Document, path string) {
	raw, state := d.Written[path], d.States[path]
	if len(raw) == 0 || state.Reason != document.AfterApply && state.Reason != document.RuntimeRef {
		return
	}
	value := ""
	for _, r := range d.Refs {
		if !slices.Equal(r.Path, raw) || !strings.HasPrefix(r.To, document.ObjectToken) && r.Attribute != "arn" {
			continue
		}
		to := x.byToken[r.To]
		if to == nil || value != "" {
			return
		}
		switch {
		case to.Type == "iam_role" && path != "cluster":
			value = roleARN(to)
		case to.Type == "eks_cluster" && path == "cluster":
			value = stringOf(to, "name")
		}
		if value == "" {
			return
		}
	}
	if value != "" {
		setIn(d.Attr, splitPath(path), value)
		delete(d.States, path)
	}
}

// roleARN is a role's ARN with holes for what no document says; "" if its name
// is not known.
func roleARN(role *document.Document) string {
	name, path := stringOf(role, "name"), stringOf(role, "path")
	if name == "" || role.States["path"].Kind == document.Unknown {
		return ""
	}
	if path == "" {
		path = "/"
	}
	return "arn:${AWS::Partition}:iam::${AWS::AccountId}:role" + path + name
}
