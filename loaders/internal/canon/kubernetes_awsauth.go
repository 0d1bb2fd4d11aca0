package canon

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/lift"
)

// The canonical type of one entry of kube-system/aws-auth, and its raw kind
// without the list it stands in.
const (
	awsAuthType = "aws_auth_mapping"
	awsAuthKind = "aws-auth/"
)

// awsAuthList is a list in aws-auth: its key, the kind of its entries, and the
// field that names the principal ("" where an entry is the principal).
type awsAuthList struct{ key, kind, principal string }

func awsAuthLists() []awsAuthList {
	return []awsAuthList{
		{"mapRoles", "role", "rolearn"}, {"mapUsers", "user", "userarn"}, {"mapAccounts", "account", ""},
	}
}

// readAWSAuth reads the entries of the ConfigMap kube-system/aws-auth, YAML
// texts by which aws-iam-authenticator maps IAM principals to Kubernetes users
// and groups (Amazon EKS user guide, "Grant IAM users access with a ConfigMap").
// Keys whose text cannot be read are listed in the attribute malformed. A text
// that is not known yet stands for one entry of which nothing is known.
func readAWSAuth(v *kubeView) []*document.Document {
	var out []*document.Document
	var malformed []any
	lists := awsAuthLists()
	if state := v.d.RawStates["data"]; state.Kind == document.Unknown {
		return []*document.Document{v.openMapping(lists[0], document.Path{"data"}, state)}
	}
	for _, l := range lists {
		path := document.Path{"data", l.key}
		texts, problems, ok := lift.Read(v.d, path)
		if state := v.d.RawStates[path.String()]; len(texts) == 0 && state.Kind == document.Unknown {
			out = append(out, v.openMapping(l, path, state))
			continue
		}
		if !ok {
			continue
		}
		for _, p := range problems {
			if p.Level != document.Note && len(texts) == 0 {
				malformed = append(malformed, l.key)
				break
			}
		}
		for _, t := range texts {
			items, isList := t.Value.([]any)
			if !isList && t.Value != nil {
				malformed = append(malformed, l.key)
			}
			for i := range items {
				out = append(out, v.mapping(l, t, i, items[i]))
			}
		}
	}
	if malformed != nil {
		v.set("malformed", malformed, document.Path{"data"})
	}
	return out
}

// entry begins the document of an entry.
func (v *kubeView) entry(l awsAuthList, name string, base document.Path) *document.Document {
	c := v.d
	return &document.Document{
		ID: c.ID + "/" + name, Format: c.Format, Kind: awsAuthKind + l.key, Type: awsAuthType, Name: name,
		Namespace: c.Namespace, Address: c.Address, Scope: c.Scope, Action: c.Action, Conditional: c.Conditional,
		Metadata: c.Metadata, Parent: c, Base: base, Origin: c.Origin, RawStates: document.States{},
	}
}

// openMapping makes the document that stands for the entries of an unknown text.
func (v *kubeView) openMapping(l awsAuthList, path document.Path, state document.State) *document.Document {
	d := v.entry(l, l.key, path)
	d.SetLocator(document.Prefixed{Locator: v.d.Locator(), Base: path})
	d.Raw = map[string]any{}
	state.Template = ""
	for _, ref := range v.d.Refs {
		if path.HasPrefix(ref.Path) || ref.Path.HasPrefix(path) {
			ref.Path = nil
			d.Refs = append(d.Refs, ref)
		}
	}
	d.Attr, d.Written, d.States = map[string]any{"kind": l.kind}, map[string]document.Path{}, document.States{}
	names := []string{"principal"}
	if l.principal != "" {
		names = append(names, "username", "groups")
	}
	for _, name := range names {
		d.States[name], d.Written[name] = state, document.Path{}
	}
	return d
}

// mapping makes the document of one entry.
func (v *kubeView) mapping(l awsAuthList, t lift.Text, i int, item any) *document.Document {
	d := v.entry(l, indexed(l.key, i), document.Path{"data", l.key, i})
	at := document.Path{i}
	d.SetLocator(document.Prefixed{Locator: t.Locator, Base: at})
	switch item := item.(type) {
	case map[string]any:
		d.Raw = item
	case nil:
		d.Raw = map[string]any{}
	default: // an account: the entry is its own principal
		d.Raw = map[string]any{"account": kubeText(item)}
		d.SetLocator(entryLocator{t.Locator, at})
	}
	for text, state := range t.States {
		path, err := document.ParsePath(text)
		if err != nil || !path.HasPrefix(at) {
			continue
		}
		if path = path[1:]; len(path) == 0 && l.principal == "" {
			path = document.Path{"account"}
		}
		d.RawStates[path.String()] = state
	}
	for _, ref := range t.Refs {
		if ref.Path.HasPrefix(at) {
			ref.Path = ref.Path[1:]
			d.Refs = append(d.Refs, ref)
		}
	}
	m := newKubeView(d, l.kind)
	d.Attr["kind"] = l.kind
	if l.principal == "" {
		m.field("principal", "account")
	} else {
		m.field("principal", m.spelled(l.principal))
		m.field("username", m.spelled("username"))
		m.field("groups", m.spelled("groups"))
		m.fallback("groups", []any{}, serviceOwn, "aws-iam-authenticator, RoleMapping.groups", m.spelled("groups"))
	}
	m.finish()
	return d
}

// spelled returns how the entry writes a key: the authenticator reads keys
// without regard to case, as encoding/json does.
func (v *kubeView) spelled(key string) string {
	if _, ok := v.d.Raw[key]; ok {
		return key
	}
	best := key
	for written := range v.d.Raw {
		if strings.EqualFold(written, key) && (best == key || written < best) {
			best = written
		}
	}
	return best
}

// An entryLocator answers with the place of a whole entry.
type entryLocator struct {
	document.Locator
	at document.Path
}

// Locate implements document.Locator.
func (e entryLocator) Locate(document.Path) (document.Range, bool) { return e.Locator.Locate(e.at) }

// LocateKey implements document.Locator.
func (e entryLocator) LocateKey(document.Path) (document.Range, bool) { return e.Locator.Locate(e.at) }
