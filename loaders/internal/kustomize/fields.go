package kustomize

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// auxiliaryFile is an each for entries that must be files and are no resources.
func (t *tree) auxiliaryFile(n *node) func(entry, string, string, document.Path) bool {
	return func(kind entry, text, abs string, at document.Path) bool {
		if kind == isFolder {
			t.report(document.Error, n.at(at), text+" is a folder; a file belongs here")
			return false
		}
		t.auxiliary[abs] = true
		return true
	}
}

// readConfiguration checks the files that tell kustomize how to work, and
// reports what it would need a program for.
func (t *tree) readConfiguration(n *node) {
	n.k.Configurations = t.entries(n, "configurations", n.k.Configurations, t.auxiliaryFile(n))
	n.k.Crds = t.entries(n, "crds", n.k.Crds, func(kind entry, text, abs string, at document.Path) bool {
		return t.resources[abs] || t.auxiliaryFile(n)(kind, text, abs, at)
	})
	if path, ok := n.k.OpenAPI["path"]; ok {
		switch kind, abs := t.classify(n, path); kind {
		case isRemote:
			t.remote(n, document.Path{"openapi", "path"}, path)
			delete(n.k.OpenAPI, "path")
		case isFile:
			t.auxiliary[abs] = true
		case isFolder, isMissing:
			t.missing(n, document.Path{"openapi", "path"}, path)
		}
	}
	for i, r := range n.k.Replacements {
		if r.Path == "" {
			continue
		}
		switch kind, abs := t.classify(n, r.Path); kind {
		case isRemote:
			t.remote(n, document.Path{"replacements", i, "path"}, r.Path)
			n.k.Replacements[i] = types.ReplacementField{}
		case isFile:
			t.auxiliary[abs] = true
		case isFolder, isMissing:
			t.missing(n, document.Path{"replacements", i, "path"}, r.Path)
		}
	}
	n.k.Replacements = slices.DeleteFunc(n.k.Replacements, func(r types.ReplacementField) bool {
		return r.Path == "" && r.Source == nil && r.SourceValue == nil && r.Targets == nil
	})
	t.dropCharts(n)
}

// dropCharts reports the charts that kustomize would run helm for.
func (t *tree) dropCharts(n *node) {
	for _, field := range []string{"helmCharts", "helmChartInflationGenerator"} {
		for i, c := range list(n.doc.Raw, field) {
			chart, _ := c.(map[string]any)
			name, _ := chart["name"].(string)
			if name == "" {
				name, _ = chart["chartName"].(string)
			}
			t.pruned = true
			t.report(document.Warning, n.at(document.Path{field, i}), fmt.Sprintf(
				"the Helm chart %s was not rendered: kustomize runs helm for it, which may fetch it; render it (helm template) and check the result", name))
		}
	}
	n.k.HelmCharts, n.k.HelmGlobals, n.k.HelmChartInflationGenerator = nil, nil, nil
}

// readGenerators checks the files that ConfigMaps and Secrets are made of.
func (t *tree) readGenerators(n *node) {
	for i := range n.k.ConfigMapGenerator {
		t.readGenerator(n, "configMapGenerator", i, &n.k.ConfigMapGenerator[i].GeneratorArgs)
	}
	for i := range n.k.SecretGenerator {
		t.readGenerator(n, "secretGenerator", i, &n.k.SecretGenerator[i].GeneratorArgs)
	}
}

func (t *tree) readGenerator(n *node, field string, i int, g *types.GeneratorArgs) {
	keep := func(key string, sources []string) []string {
		var kept []string
		for j, text := range sources {
			at := document.Path{field, i, key, j}
			file := text
			if _, after, ok := strings.Cut(text, "="); ok && key == "files" {
				file = after
			}
			switch kind, abs := t.classify(n, file); kind {
			case isRemote:
				t.remote(n, at, file)
			case isFile:
				t.auxiliary[abs] = true
				kept = append(kept, text)
			case isFolder, isMissing:
				// Secrets are often kept out of the repository: the object is judged
				// without the value.
				t.pruned = true
				t.report(document.Warning, n.at(at), file+": no such file; the object was judged without it")
			}
		}
		return kept
	}
	g.FileSources = keep("files", g.FileSources)
	g.EnvSources = keep("envs", g.EnvSources)
}

// readPlugins checks generators, transformers and validators: the plugins that
// are built in run, programs and containers do not.
func (t *tree) readPlugins(n *node, above []string) {
	for _, f := range []struct {
		field string
		list  *[]string
	}{{"generators", &n.k.Generators}, {"transformers", &n.k.Transformers}, {"validators", &n.k.Validators}} {
		var kept []string
		for i, text := range *f.list {
			if t.keepPlugin(n, document.Path{f.field, i}, text, above) {
				kept = append(kept, text)
			}
		}
		*f.list = kept
	}
}

func (t *tree) keepPlugin(n *node, at document.Path, text string, above []string) bool {
	if strings.Contains(text, "\n") || strings.Contains(text, "kind:") {
		return t.keepConfig(n, at, []byte(text))
	}
	switch kind, abs := t.classify(n, text); kind {
	case isRemote:
		t.remote(n, at, text)
	case isMissing:
		t.missing(n, at, text)
	case isFile:
		t.auxiliary[abs] = true
		content, _ := t.readFile(abs)
		return t.keepConfig(n, at, content)
	case isFolder:
		c := t.folder(n, abs, at, above)
		if c == nil {
			return false
		}
		for f := range c.files {
			t.auxiliary[f] = true
			content, _ := t.readFile(f)
			if f != c.file && !t.keepConfig(n, at, content) {
				return false
			}
		}
		return true
	}
	return false
}

// keepConfig decides whether the plugins that a text configures may run.
func (t *tree) keepConfig(n *node, at document.Path, content []byte) bool {
	src := &document.Source{Name: n.src.Name, Content: content}
	docs, _ := yamlnode.Parse(src)
	for _, d := range docs {
		value, _, _ := yamlnode.Kubernetes.Value(d.Root, src)
		config, _ := value.(map[string]any)
		if config == nil {
			continue
		}
		kind, _ := config["kind"].(string)
		if config["apiVersion"] != "builtin" || strings.HasPrefix(kind, "HelmChart") || isFunction(config) {
			t.pruned = true
			t.report(document.Warning, n.at(at), fmt.Sprintf(
				"the plugin %s was not run, as it is a program: the objects were judged without what it does", kind))
			return false
		}
		if refersAbroad(config) {
			t.pruned = true
			t.report(document.Warning, n.at(at), kind+" refers to a file that is not in the tree and was not fetched: the objects were judged without what it does")
			return false
		}
	}
	return true
}

// isFunction reports whether a plugin says which program to run.
// https://kubectl.docs.kubernetes.io/guides/extending_kustomize/
func isFunction(config map[string]any) bool {
	metadata, _ := config["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	for _, key := range []string{"config.kubernetes.io/function", "config.k8s.io/function"} {
		if _, ok := annotations[key]; ok {
			return true
		}
	}
	return false
}

// refersAbroad looks for addresses where the built-in plugins read files.
func refersAbroad(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for _, child := range v {
			if refersAbroad(child) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, refersAbroad)
	case string:
		_, file, _ := strings.Cut(v, "=")
		return isURL(v) || isURL(file)
	}
	return false
}

// rewrite writes the kustomizations down as the build is to read them: without
// what was left out, in the fields that are not deprecated, and asking for the
// origin of everything.
func (t *tree) rewrite() (map[string][]byte, error) {
	written := make(map[string][]byte, len(t.nodes))
	for _, n := range t.nodes {
		k := n.k
		k.BuildMetadata = append(slices.DeleteFunc(slices.Clone(k.BuildMetadata), func(s string) bool {
			return s == types.OriginAnnotations || s == types.TransformerAnnotations
		}), types.OriginAnnotations)
		content, err := yaml.Marshal(k)
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", n.src.Name, err)
		}
		written[n.file] = content
	}
	return written, nil
}
