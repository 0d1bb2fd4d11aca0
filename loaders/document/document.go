// Package document defines what every input becomes: a tree of plain values
// with an address, knowledge about what is not known yet, and exact ranges in
// the file the user owns.
package document

// A Value is a JSON-shaped tree: nil, bool, int64, float64, string, []any or
// map[string]any. Integers that fit are int64; other numbers are float64.
type Value = any

// Action says what a deployment will do with the resource behind a document.
type Action string

// The actions. Inputs without a plan have only Present.
const (
	Present Action = "present"
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace"
	Delete  Action = "delete"
	NoOp    Action = "no-op"
	Read    Action = "read"
)

// A Document is one resource or object from one input, whatever language it
// was written in. Positions and parse trees stay on this side: Rego sees the
// values only.
type Document struct {
	// ID is unique in a run and stable between runs:
	// "deploy/web.yaml#apps/v1/Deployment/shop/web".
	ID string
	// Format is the name of the input format: "kubernetes", "helm",
	// "terraform-plan", "terraform", "cloudformation", "eksctl".
	Format string
	// Kind is the name the source gives: "apps/v1/Deployment",
	// "aws_eks_cluster", "AWS::EKS::Cluster".
	Kind string
	// Type is the canonical type ("workload", "eks_cluster"), or "".
	Type string
	// Name is metadata.name, the resource's name in its source, or the logical ID.
	Name string
	// Namespace is the effective Kubernetes namespace, or "".
	Namespace string
	// Address is how the source's own tools name the resource:
	// "module.eks.aws_eks_cluster.this[0]", "Cluster", "shop/Deployment/web".
	Address string
	// Scope groups documents whose addresses share one name space: the
	// Terraform root or CloudFormation template a reference resolves in.
	Scope string
	// Action is what the plan does with it.
	Action Action
	// Conditional marks a document that may turn out not to exist (an unknown
	// count, an undecided CloudFormation condition).
	Conditional bool
	// Presence says when a Conditional document exists; nil when that hangs on
	// nothing else in the input. Documents made of others have their Parent's.
	Presence *Presence
	// Metadata carries display facts that are not part of the resource, such as
	// a CDK construct path ("aws:cdk:path") or a chart template ("helm:template").
	Metadata map[string]string

	// Raw is the value as written. Unknown leaves are absent.
	Raw map[string]any
	// RawStates says what is unknown or partial in Raw, by raw path.
	RawStates States
	// Sensitive lists raw paths whose values must never be printed.
	Sensitive []Path

	// Attr holds the canonical attributes: known and defaulted values.
	Attr map[string]any
	// States says which canonical paths are defaulted, unknown or partial.
	States States
	// Written maps a canonical path to the raw path it was read from, for every
	// path whose spelling differs. A lookup takes the longest prefix.
	Written map[string]Path

	// Refs are edges to other documents, with the raw path that makes them.
	Refs []Ref
	// Tokens are the names other documents' Refs use for this one, for example
	// "tf:infra/plan.json#module.eks.aws_iam_role.this".
	Tokens []string
	// Parent is the document this one was lifted out of or derived from.
	Parent *Document
	// Base is where Raw lies inside the Parent's Raw, for derived documents that
	// share the parent's text. Paths in findings are reported from the root.
	Base Path
	// Origin is the call stack behind the document: the line in the chart
	// template or module first, its caller next.
	Origin []Range

	locator Locator
}

// A Presence says in which of the deployments that a source can turn out to be
// a document exists.
type Presence struct {
	// Source names what is deployed; its documents have the same deployments.
	Source string
	// In has one element for each deployment.
	In []bool
}

// A Ref is an edge from a value of one document to another document.
type Ref struct {
	// Path is the raw path of the value that refers.
	Path Path
	// To is a token of the target (Document.Tokens).
	To string
	// Attribute is the target's attribute the value takes: "arn", "id".
	Attribute string
	// Via says how the edge was found: "value", "reference", "source",
	// "inferred" or "convention", in falling order of trust.
	Via string
}

// ObjectToken begins the tokens of Kubernetes objects that stand for resources
// of the cloud (Crossplane, ACK); the ID follows. A reference to an object that
// was not read has the namespace and name in its place.
const ObjectToken = "object:"

// SetLocator gives d its positions.
func (d *Document) SetLocator(l Locator) { d.locator = l }

// Locator returns the positions behind d, nil if there are none.
func (d *Document) Locator() Locator { return d.locator }

// Locate returns the range of the value at a raw path, or of its nearest
// existing ancestor with exact=false.
func (d *Document) Locate(path Path) (r Range, exact bool) {
	if d.locator == nil {
		if d.Parent != nil {
			r, _ = d.Parent.Locate(d.Base)
		}
		return r, false
	}
	return d.locator.Locate(path)
}

// LocateKey returns the range of the key that holds the value at a raw path,
// for findings about names; it falls back like Locate.
func (d *Document) LocateKey(path Path) (r Range, exact bool) {
	if d.locator == nil {
		return d.Locate(path)
	}
	return d.locator.LocateKey(path)
}

// RawPath translates a canonical path to the raw path it was read from. Paths
// without a translation are raw paths already.
func (d *Document) RawPath(path Path) Path {
	for n := len(path); n > 0; n-- {
		if raw, ok := d.Written[path[:n].String()]; ok {
			return raw.Append(path[n:]...)
		}
	}
	return path
}

// Place returns where the value at a canonical (or raw) path is written, with
// its raw path counted from the root of the source's own document. For a value
// that is missing, that is the key (or list element) below which it would be.
func (d *Document) Place(path Path) (rooted Path, r Range, exact bool) {
	raw := d.RawPath(path)
	r, exact = d.Locate(raw)
	if !exact {
		r, _ = d.LocateKey(raw)
	}
	rooted = raw
	for p := d; p.Parent != nil && p.Base != nil; p = p.Parent {
		rooted = p.Base.Append(rooted...)
	}
	return rooted, r, exact
}

// Root returns the document from whose text d was derived by Base paths alone.
func (d *Document) Root() *Document {
	for d.Parent != nil && d.Base != nil {
		d = d.Parent
	}
	return d
}

// A Level is how bad a Diagnostic is.
type Level string

// The levels. An Error means that something was not read, and makes exit code 3.
const (
	Error   Level = "error"
	Warning Level = "warning"
	Note    Level = "note"
)

// A Diagnostic is something wrong, or not understood, in the user's input.
type Diagnostic struct {
	Range   Range
	Level   Level
	Message string
}
