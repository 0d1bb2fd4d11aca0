package link

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

type (
	obj = map[string]any
	arr = []any
)

// An option changes a hand-made document.
type option func(*document.Document)

func unknown(path, reason string, refs ...string) option {
	return func(d *document.Document) {
		d.States[path] = document.State{Kind: document.Unknown, Reason: reason, Refs: refs}
	}
}

func partial(path, reason string, refs ...string) option {
	return func(d *document.Document) {
		d.States[path] = document.State{Kind: document.Partial, Reason: reason, Refs: refs}
	}
}

func template(path, text string) option {
	return func(d *document.Document) {
		d.States[path] = document.State{Kind: document.Unknown, Reason: document.AfterApply, Template: text}
	}
}

func ref(path document.Path, to, attribute string) option {
	return func(d *document.Document) {
		d.Refs = append(d.Refs, document.Ref{Path: path, To: to, Attribute: attribute, Via: "reference"})
	}
}

func written(canonical string, raw ...any) option {
	return func(d *document.Document) { d.Written[canonical] = raw }
}

func rawly(raw obj) option { return func(d *document.Document) { d.Raw = raw } }

func action(a document.Action) option { return func(d *document.Document) { d.Action = a } }

func under(parent *document.Document) option {
	return func(d *document.Document) { d.Parent = parent }
}

// tf makes a document of a Terraform plan; the token is its own.
func tf(plan, address, typ string, attr obj, options ...option) *document.Document {
	kind, name, _ := strings.Cut(address, ".")
	if kind == "data" {
		rest, _, _ := strings.Cut(name, ".")
		kind = "data." + rest
	}
	d := &document.Document{
		ID: plan + "#" + address, Format: "terraform-plan", Kind: kind, Type: typ, Name: name, Address: address,
		Scope: "tf:" + plan, Action: document.Create, Attr: attr, Tokens: []string{"tf:" + plan + "#" + address},
		States: document.States{}, Written: map[string]document.Path{},
	}
	for _, o := range options {
		o(d)
	}
	return d
}

// cfn makes a document of a CloudFormation template.
func cfn(file, id, kind, typ string, attr obj, options ...option) *document.Document {
	d := &document.Document{
		ID: file + "#" + id, Format: "cloudformation", Kind: kind, Type: typ, Name: id, Address: id,
		Scope: "cfn:" + file, Action: document.Present, Attr: attr, Tokens: []string{"cfn:" + file + "#" + id},
		States: document.States{}, Written: map[string]document.Path{},
	}
	for _, o := range options {
		o(d)
	}
	return d
}

// k8s makes a Kubernetes object.
func k8s(file, kind, namespace, name, typ string, attr obj, options ...option) *document.Document {
	d := &document.Document{
		ID: fmt.Sprintf("%s#%s/%s/%s", file, kind, namespace, name), Format: "kubernetes", Kind: kind, Type: typ,
		Name: name, Namespace: namespace, Address: namespace + "/" + name, Action: document.Present, Attr: attr,
		States: document.States{}, Written: map[string]document.Path{},
	}
	for _, o := range options {
		o(d)
	}
	return d
}

func deployment(file, namespace, name string, labels obj, options ...option) *document.Document {
	return k8s(file, "apps/v1/Deployment", namespace, name, "workload",
		obj{"kind": "Deployment", "labels": labels, "service_account": "default"}, options...)
}

func service(file, namespace, name string, selector obj, exposure string, options ...option) *document.Document {
	return k8s(file, "v1/Service", namespace, name, "service", obj{"selector": selector, "exposure": exposure}, options...)
}

func account(file, namespace, name string, attr obj, options ...option) *document.Document {
	return k8s(file, "v1/ServiceAccount", namespace, name, "service_account", attr, options...)
}

func statement(effect string, actions, resources arr) obj {
	return obj{"effect": effect, "actions": actions, "resources": resources, "conditions": arr{}}
}

func policyOf(statements ...any) obj { return obj{"statements": statements} }

// irsa is a trust statement for tokens of service accounts.
func irsa(federated, operator string, subs ...any) obj {
	conditions := arr{obj{"operator": "StringEquals", "key": "${issuer}:aud", "values": arr{"sts.amazonaws.com"}}}
	if len(subs) > 0 {
		conditions = append(conditions, obj{"operator": operator, "key": "${issuer}:sub", "values": subs})
	}
	return obj{
		"effect": "Allow", "actions": arr{"sts:AssumeRoleWithWebIdentity"},
		"principals": obj{"federated": arr{federated}}, "conditions": conditions,
	}
}

const issuer = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AAAA"

func build(docs ...*document.Document) *Stack { return Build(docs) }

// edges writes a relation down: "from -> to (via)", sorted, without file names.
func edges(s *Stack, relation string) []string {
	var out []string
	for from, list := range s.Links[relation] {
		for _, e := range list {
			out = append(out, fmt.Sprintf("%s -> %s (%s)", from, e.To, e.Via))
		}
	}
	slices.Sort(out)
	return out
}

func wantEdges(t *testing.T, s *Stack, relation string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if diff := cmp.Diff(want, edges(s, relation)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", relation, diff)
	}
}

// gapsOf writes the undecided joins of a relation down: "from: document path reason".
func gapsOf(s *Stack, relation string) []string {
	var out []string
	for from, l := range object(get(s.Facts, "unknown", relation)) {
		for _, g := range list(l) {
			out = append(out, strings.Join([]string{
				from + ":", text(get(g, "document")), text(get(g, "path")), text(get(g, "reason")),
			}, " "))
		}
	}
	slices.Sort(out)
	return out
}

func wantGaps(t *testing.T, s *Stack, relation string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if diff := cmp.Diff(want, gapsOf(s, relation)); diff != "" {
		t.Errorf("unknown %s (-want +got):\n%s", relation, diff)
	}
}

func wantValue(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
