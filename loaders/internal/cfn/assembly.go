package cfn

import (
	"bytes"
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// manifestName is the file that makes a folder a CDK cloud assembly.
const manifestName = "manifest.json"

// maxAssemblies bounds how deep assemblies nest; the CDK makes one level per
// stage.
const maxAssemblies = 20

// IsAssembly reports whether the beginning of a text is that of the manifest of
// a CDK cloud assembly.
// https://docs.aws.amazon.com/cdk/api/v2/docs/cloud-assembly-schema-readme.html
func IsAssembly(name string, head []byte) bool {
	return path.Base(name) == manifestName && bytes.Contains(head, []byte(`"artifacts"`)) &&
		(bytes.Contains(head, []byte(`"aws:cloudformation:stack"`)) || bytes.Contains(head, []byte(`"cdk:`)))
}

// LoadAssembly reads every stack of the cloud assembly whose manifest is src,
// and of the assemblies inside it. Templates are claimed.
func LoadAssembly(src *document.Source, options Options) Result {
	docs, diagnostics := yamlnode.Parse(src)
	if len(docs) == 0 || docs[0].Root == nil {
		return Result{Diagnostics: diagnostics}
	}
	a := assembly{options: options, src: src, result: Result{Diagnostics: diagnostics}}
	a.read(docs[0].Root, 0)
	return a.result
}

// An assembly collects what the stacks of a manifest hold.
type assembly struct {
	options Options
	src     *document.Source
	result  Result
}

func (a *assembly) read(root *yamlnode.Node, depth int) {
	for _, n := range artifacts(root) {
		switch childText(n, "type") {
		case "aws:cloudformation:stack":
			a.stack(n)
		case "cdk:cloud-assembly":
			a.nested(n, depth)
		}
	}
}

// artifacts lists what a manifest says it has.
func artifacts(root *yamlnode.Node) []*yamlnode.Node {
	n := child(root, "artifacts")
	if n == nil || n.Target().Kind != yamlnode.Mapping {
		return nil
	}
	return n.Target().Values
}

func (a *assembly) report(n *yamlnode.Node, message string) {
	n = n.Target()
	a.result.Diagnostics = append(a.result.Diagnostics, document.Diagnostic{
		Range: a.src.Range(n.Start, n.End).Outermost(), Level: document.Error, Message: message,
	})
}

// open reads a file that the manifest names.
func (a *assembly) open(n *yamlnode.Node, file, what string) *document.Source {
	if file == "" || path.IsAbs(file) || strings.Contains(file, "\\") || a.options.ReadFile == nil {
		return nil
	}
	name := path.Join(path.Dir(a.src.Name), file)
	content, err := a.options.ReadFile(name)
	if err != nil {
		a.report(n, what+" "+name+" cannot be read; synthesize the assembly again (cdk synth)")
		return nil
	}
	a.result.Claimed = append(a.result.Claimed, name)
	return &document.Source{Name: name, Content: content}
}

func (a *assembly) stack(n *yamlnode.Node) {
	properties := child(n, "properties")
	if properties == nil {
		return
	}
	src := a.open(n, childText(properties, "templateFile"), "the template")
	if src == nil {
		return
	}
	r := loadTemplate(src, inAssembly(a.options, n, path.Dir(a.src.Name)))
	a.result.Documents = append(a.result.Documents, r.Documents...)
	a.result.Claimed = append(a.result.Claimed, r.Claimed...)
	a.result.Diagnostics = append(a.result.Diagnostics, r.Diagnostics...)
}

// nested reads the assembly of a stage.
func (a *assembly) nested(n *yamlnode.Node, depth int) {
	properties := child(n, "properties")
	if properties == nil || depth >= maxAssemblies {
		return
	}
	src := a.open(n, path.Join(childText(properties, "directoryName"), manifestName), "the manifest")
	if src == nil {
		return
	}
	docs, diagnostics := yamlnode.Parse(src)
	a.result.Diagnostics = append(a.result.Diagnostics, diagnostics...)
	if len(docs) == 0 || docs[0].Root == nil {
		return
	}
	inner := assembly{options: a.options, src: src}
	inner.read(docs[0].Root, depth+1)
	a.result.Documents = append(a.result.Documents, inner.result.Documents...)
	a.result.Claimed = append(a.result.Claimed, inner.result.Claimed...)
	a.result.Diagnostics = append(a.result.Diagnostics, inner.result.Diagnostics...)
}

// inAssembly adds what a manifest says of a stack: where it is deployed, its
// names and the values of its parameters. What the user says goes before.
func inAssembly(o Options, artifact *yamlnode.Node, folder string) Options {
	given := o.Parameters
	o.Parameters = map[string]string{}
	account, region, ok := strings.Cut(strings.TrimPrefix(childText(artifact, "environment"), "aws://"), "/")
	if ok && account != "unknown-account" {
		o.Parameters["AWS::AccountId"] = account
	}
	if ok && region != "unknown-region" {
		o.Parameters["AWS::Region"] = region
	}
	if properties := child(artifact, "properties"); properties != nil {
		if o.Stack = childText(properties, "stackName"); o.Stack != "" {
			o.Parameters["AWS::StackName"] = o.Stack
		}
		if n := child(properties, "parameters"); n != nil && n.Target().Kind == yamlnode.Mapping {
			for _, key := range n.Target().Keys {
				name := key.Target().Text
				if v := child(n, name); v.Target().Kind == yamlnode.Scalar && !isNull(v.Target()) {
					o.Parameters[name] = v.Target().Text
				}
			}
		}
	}
	o.Constructs = constructs(artifact, folder, o.ReadFile)
	o.DisplayName = cmp.Or(childText(artifact, "displayName"), o.Stack)
	maps.Copy(o.Parameters, given)
	return o
}

// constructs reads which construct a resource is of: in the manifest, or in a
// file of its own that newer versions of the CDK write. An ID that two stacks
// of the artifact have, one nested in the other, tells nothing.
func constructs(artifact *yamlnode.Node, folder string, read func(string) ([]byte, error)) map[string]string {
	n := child(artifact, "metadata")
	if file := childText(artifact, "additionalMetadataFile"); file != "" && read != nil && !path.IsAbs(file) {
		content, err := read(path.Join(folder, file))
		docs, _ := yamlnode.Parse(&document.Source{Name: file, Content: content})
		if err == nil && len(docs) > 0 && docs[0].Root != nil {
			n = docs[0].Root
		}
	}
	if n == nil || n.Target().Kind != yamlnode.Mapping {
		return nil
	}
	out := map[string]string{}
	for i, key := range n.Target().Keys {
		for _, entry := range n.Target().Values[i].Target().Items {
			if childText(entry, "type") != "aws:cdk:logicalId" {
				continue
			}
			id, construct := childText(entry, "data"), strings.TrimPrefix(key.Target().Text, "/")
			if other, ok := out[id]; ok && other != construct {
				construct = ""
			}
			out[id] = construct
		}
	}
	return out
}

// beside looks for the manifest that names a template, when it is given by
// itself. What is wrong with the manifest is not the template's business.
func beside(src *document.Source, o Options) Options {
	if o.ReadFile == nil || !strings.HasSuffix(src.Name, ".template.json") {
		return o
	}
	name := path.Join(path.Dir(src.Name), manifestName)
	content, err := o.ReadFile(name)
	if err != nil || !IsAssembly(name, content) {
		return o
	}
	docs, _ := yamlnode.Parse(&document.Source{Name: name, Content: content})
	if len(docs) == 0 || docs[0].Root == nil {
		return o
	}
	file := path.Base(src.Name)
	list := artifacts(docs[0].Root)
	i := slices.IndexFunc(list, func(n *yamlnode.Node) bool {
		p := child(n, "properties")
		return p != nil && childText(p, "templateFile") == file
	})
	if i < 0 {
		return o
	}
	return inAssembly(o, list[i], path.Dir(name))
}

// assetFile finds the file or folder behind a URL that ends with the name of an
// asset: the CDK lists them by hash in "<stack>.assets.json".
func (t *tmpl) assetFile(url *value) (string, bool) {
	text := url.ending()
	i := strings.LastIndexByte(text, '/')
	root := t.src.Name
	if len(t.parents) > 0 { // the assets of nested stacks are listed with the outermost's
		root = t.parents[0]
	}
	stack, ok := strings.CutSuffix(root, ".template.json")
	if i < 0 || !ok || t.session.options.ReadFile == nil {
		return "", false
	}
	hash := text[i+1:]
	hash = strings.TrimSuffix(hash, path.Ext(hash))
	n := t.session.parse(stack + ".assets.json").root
	for _, key := range []string{"files", hash, "source", "path"} {
		if n == nil || n.Target().Kind != yamlnode.Mapping {
			return "", false
		}
		n = child(n, key)
	}
	if n == nil || n.Target().Kind != yamlnode.Scalar {
		return "", false
	}
	return t.localFile(n.Target().Text)
}
