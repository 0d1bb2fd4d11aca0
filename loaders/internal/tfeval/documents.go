package tfeval

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// Format is the Document.Format of configuration that is judged without a plan.
const Format = "terraform"

// A missingModule is a call of a module that is not on disk.
type missingModule struct {
	definition *definition
	calls      []string
}

// IsConfiguration reports whether a file name is that of configuration.
func IsConfiguration(name string) bool {
	_, extension := split(name)
	return extension != ""
}

// ConfigurationFiles picks the configuration files out of the names in a
// directory, in the order in which they are read.
func ConfigurationFiles(names []string) []string { return configuration(names) }

// Evaluate reads the configuration in root and computes its documents, in the
// order of the files. claimed lists the files that were read. ok is false if
// root holds no configuration.
func Evaluate(
	ctx context.Context, root string, readFile func(string) ([]byte, error), readDir func(string) ([]string, error), settings Settings,
) (docs []*document.Document, diagnostics []document.Diagnostic, claimed []string, ok bool) {
	if readFile == nil || readDir == nil {
		return nil, nil, nil, false
	}
	s := index(root, readFile, readDir, true)
	if s == nil {
		return nil, nil, nil, false
	}
	ev := newEvaluator(s, settings)
	ev.rootVariables() // its files are read, and their mistakes told, in any case
	ev.walk(ctx, ev.root, &docs)
	ev.notes()
	return docs, s.Diagnostics(), s.Files(), true
}

// walk makes the documents of a module instance and of those it calls.
func (ev *evaluator) walk(ctx context.Context, in *instance, docs *[]*document.Document) {
	for _, name := range inOrder(in.dir.resources) {
		if strings.HasPrefix(name, "ephemeral.") {
			continue
		}
		for _, it := range ev.expand(in, name, in.dir.resources[name]).items {
			if ctx.Err() != nil {
				return
			}
			*docs = append(*docs, ev.document(it))
		}
	}
	for _, name := range inOrder(in.dir.calls) {
		x := ev.expandCall(in, name, in.dir.calls[name])
		if x == nil {
			continue
		}
		for _, it := range x.items {
			ev.walk(ctx, it.child, docs)
		}
	}
}

// inOrder lists blocks by file and place.
func inOrder(index map[string]*definition) []string {
	names := slices.Sorted(maps.Keys(index))
	place := func(name string) (string, int) {
		r, _ := index[name].base().ranges()
		return r.File(), r.Start.Offset
	}
	slices.SortStableFunc(names, func(a, b string) int {
		fileA, atA := place(a)
		fileB, atB := place(b)
		if c := strings.Compare(fileA, fileB); c != 0 {
			return c
		}
		return atA - atB
	})
	return names
}

// document makes the document of one instance of a resource or data source.
func (ev *evaluator) document(it *item) *document.Document {
	kind, name := it.definition.labels[0], it.definition.labels[1]
	d := &document.Document{
		ID: ev.sources.root + "#" + it.address, Format: Format, Kind: kind, Name: name, Address: it.address,
		Scope: "tf:" + ev.sources.root, Action: document.Present, Conditional: it.open || it.module.open,
		Metadata: map[string]string{}, RawStates: document.States{}, Tokens: []string{ev.token(it.address)},
	}
	w := &rawWriter{ev: ev, doc: d}
	block := ev.content(it)
	d.Raw = w.block(block, nil)
	it.raw = d.Raw
	for _, attribute := range confidentialArguments(kind) {
		if _, ok := d.Raw[attribute]; ok {
			d.Sensitive = append(d.Sensitive, document.Path{attribute})
		}
	}
	ev.provider(it, d)
	if it.module.dir.standIn != nil {
		ev.placeInCall(it, d, w.moved)
		return d
	}
	b := &Block{definition: it.definition, origin: ev.sources.origin(it.module.path, it.definition)}
	d.Origin = b.Origin()
	d.SetLocator(blockLocator{b, d.Raw, w.moved})
	return d
}

// confidentialArguments are those that the provider's schema hides, as far as
// they are met in cluster configurations.
func confidentialArguments(kind string) []string {
	switch strings.TrimSuffix(kind, "_v1") {
	case "kubernetes_secret":
		return []string{"data", "binary_data"}
	case "aws_secretsmanager_secret_version":
		return []string{"secret_string", "secret_binary"}
	case "aws_ssm_parameter":
		return []string{"value"}
	case "aws_db_instance":
		return []string{"password"}
	case "aws_rds_cluster":
		return []string{"master_password"}
	case "helm_release":
		return []string{"set_sensitive", "repository_password"}
	}
	return nil
}

// provider notes the provider's configuration and the region it is for.
func (ev *evaluator) provider(it *item, d *document.Document) {
	resourceType := strings.TrimPrefix(d.Kind, "data.")
	key, _, _ := strings.Cut(resourceType, "_")
	if named := providerName(it.definition.expression("provider")); named != "" {
		key = named
	}
	d.Metadata["terraform:provider"] = key
	definition, in := providerOf(it.module, key)
	if !strings.HasPrefix(resourceType, "aws_") {
		if definition != nil {
			ev.providerCluster(definition, in, d)
		}
		return
	}
	if definition != nil {
		ev.defaultTags(definition, in, d)
	}
	if region, ok := d.Raw["region"].(string); ok && region != "" {
		d.Metadata["aws:region"] = region
		return
	}
	if d.RawStates["region"].Kind == document.Unknown {
		return
	}
	if region, ok := ev.regionOf(it); ok {
		d.Metadata["aws:region"] = region
	}
}

// providerName reads "aws.eu"; quotes are an old spelling of it.
func providerName(e hclsyntax.Expression) string {
	switch e := e.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return traversal(e.Traversal)
	case *hclsyntax.TemplateExpr, *hclsyntax.LiteralValueExpr:
		if v, ok := constant(e); ok && !v.IsNull() && v.Type() == cty.String {
			return v.AsString()
		}
	}
	return ""
}

// providerOf follows the providers that calls pass on to a configuration.
func providerOf(in *instance, key string) (*definition, *instance) {
	for ; in != nil; in = in.parent {
		for _, d := range in.dir.providers {
			alias := ""
			if e := d.expression("alias"); e != nil {
				alias = providerName(e)
			}
			name := strings.TrimSuffix(d.labels[0]+"."+alias, ".")
			if name == key {
				return d, in
			}
		}
		if in.call != nil {
			if object, ok := in.call.expression("providers").(*hclsyntax.ObjectConsExpr); ok {
				for _, i := range object.Items {
					if k, ok := i.KeyExpr.(*hclsyntax.ObjectConsKeyExpr); ok && providerName(k.Wrapped) == key {
						if outer := providerName(i.ValueExpr); outer != "" {
							key = outer
						}
						break
					}
				}
			}
		}
	}
	return nil, nil
}

// defaultTags adds the provider's tags as tags_all, as plans show them.
func (ev *evaluator) defaultTags(definition *definition, in *instance, d *document.Document) {
	for _, block := range definition.syntax().Blocks {
		if block.Type != "default_tags" || block.Body.Attributes["tags"] == nil || d.Raw["tags_all"] != nil {
			continue
		}
		v, _ := ev.value(block.Body.Attributes["tags"].Expr, in.frameOf()).UnmarkDeep()
		own, isMap := d.Raw["tags"].(map[string]any)
		list, ok := pairs(v)
		if !ok || !isMap {
			continue
		}
		all := maps.Clone(own)
		for _, p := range list {
			if _, taken := own[p.key.AsString()]; !taken && p.value.IsKnown() && !p.value.IsNull() && p.value.Type() == cty.String {
				all[p.key.AsString()] = p.value.AsString()
			}
		}
		d.Raw["tags_all"] = all
	}
}

// notes reports the modules that nothing is known of.
func (ev *evaluator) notes() {
	seen := map[*definition]bool{}
	for _, m := range ev.missing {
		if seen[m.definition] {
			continue
		}
		seen[m.definition] = true
		_, header := m.definition.base().ranges()
		source, _ := m.definition.argument("source")
		ev.sources.say(document.Note, header, "module "+m.calls[len(m.calls)-1]+" ("+source.text+
			") is not on disk, so what it makes was not judged: run terraform init, or check a plan (terraform show -json)")
	}
}
