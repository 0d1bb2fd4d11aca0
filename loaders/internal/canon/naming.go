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
	x := targets{byName: namesakes{}, byToken: map[string]*document.Document{}}
	for _, d := range docs {
		if d.Action == document.Delete {
			continue
		}
		for _, t := range d.Tokens {
			if strings.HasPrefix(t, document.ObjectToken) {
				name := objectToken(d.Namespace, d.Name)
				x.byName.add(name, d)
				x.byName.add(d.Type+" "+name, d)
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
	byName  namesakes // by token, and by type and token
	byToken map[string]*document.Document
}

// wantedType is the canonical type an attribute refers to, by the last part of
// its path; "" where it may be any.
func wantedType(path string) string {
	switch path[strings.LastIndexByte(path, '.')+1:] {
	case "cluster":
		return "eks_cluster"
	case "role", "roles", "principal", "node_role", "target_role":
		return "iam_role"
	case "policy", "policies", "permissions_boundary":
		return "iam_policy"
	case "subnet", "subnets":
		return "subnet"
	case "vpc":
		return "vpc"
	case "key", "kms_key":
		return "kms_key"
	case "group", "security_groups", "source_groups", "source_security_groups", "extra_security_groups":
		return "security_group"
	case "route_table":
		return "route_table"
	}
	return ""
}

// follow turns the names of objects into references to their documents.
func (x targets) follow(d *document.Document, path string) {
	state := d.States[path]
	for i, token := range state.Refs {
		key := token
		if typ := wantedType(path); typ != "" {
			key = typ + " " + token
		}
		to := x.byName.find(d, key)
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
	if d.Base != nil {
		return // the tool makes the role with the document, and gives them to each other
	}
	if len(raw) == 0 || state.Reason != document.AfterApply && state.Reason != document.RuntimeRef {
		return
	}
	var found []string
	for _, r := range d.Refs {
		if slices.Equal(r.Path, raw) && (strings.HasPrefix(r.To, document.ObjectToken) || r.Attribute == "arn") {
			found = append(found, called(x.byToken[r.To], path))
		}
	}
	if len(found) == 1 && found[0] != "" {
		setIn(d.Attr, splitPath(path), found[0])
		delete(d.States, path)
	}
}

// called is what an attribute that refers to a document holds; "" if that is
// not known.
func called(to *document.Document, path string) string {
	switch {
	case to == nil:
	case to.Type == "iam_role" && path != "cluster":
		return roleARN(to)
	case to.Type == "eks_cluster" && path == "cluster":
		return stringOf(to, "name")
	}
	return ""
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
