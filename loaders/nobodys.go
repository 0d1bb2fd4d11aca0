package loaders

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/cfn"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/walk"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

const notKustomization = "kustomization: build it (kustomize build) and check the result"

// nobodys answers for a text that no format knows. reason is what the format
// said that looked at it most closely.
//
// A YAML file that is no YAML is an error whatever is in it: nobody can say that
// it is not what should be judged. JSON files often are not JSON on purpose
// (comments, trailing commas), so that only those count that were named
// themselves.
func nobodys(f walk.File, content []byte, reason string) outcome {
	if known := knownPart(f); known != "" {
		return outcome{passedOver: known}
	}
	if companion := cfn.Companion(f.Name, content); companion != "" {
		return outcome{passedOver: companion}
	}
	language := languageOf(f.Name)
	if language == "" {
		if reason == "" {
			reason = unclaimed(f)
		}
		return outcome{passedOver: reason}
	}
	src := &document.Source{Name: f.Name, Content: content}
	docs, diags := yamlnode.Parse(src)
	bad := slices.IndexFunc(diags, func(d document.Diagnostic) bool { return d.Level == document.Error })
	switch {
	case bad < 0:
		return outcome{passedOver: wellFormed(language, content, docs, reason)}
	case hasActions(content):
		return outcome{passedOver: "template: render it and check the result"}
	case language == "YAML", f.Explicit && !bytes.Contains(content, []byte("//")) && !bytes.Contains(content, []byte("/*")):
		return outcome{failed: true, diagnostics: diags}
	}
	return outcome{passedOver: fmt.Sprintf("JSON that cannot be read (line %d) and has no sign of a known format", diags[bad].Range.Start.Line)}
}

// languageOf names the language that a file name promises, of those whose texts
// anybody may write for purposes of his own.
func languageOf(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml":
		return "YAML"
	case ".json":
		return "JSON"
	}
	return ""
}

// hasActions reports whether a text has the marks of a template language: Go
// templates, Jinja and its like, ERB and its like.
func hasActions(content []byte) bool {
	return slices.ContainsFunc([]string{"{{", "{%", "<%"}, func(mark string) bool { return bytes.Contains(content, []byte(mark)) })
}

// wellFormed says why a text that can be read was passed over.
func wellFormed(language string, content []byte, docs []yamlnode.Doc, reason string) string {
	roots := 0
	for _, d := range docs {
		if d.Root == nil {
			continue
		}
		roots++
		if !isEmpty(d.Root.Target()) {
			if reason != "" {
				return reason
			}
			return notOurs(language)
		}
	}
	switch {
	case len(bytes.TrimSpace(content)) == 0:
		return "empty file"
	case roots == 0:
		return "nothing in it but comments"
	}
	return "empty: nothing but {}, [] or null"
}

func notOurs(language string) string {
	return language + " that is no Kubernetes object, CloudFormation template or Terraform plan"
}

func isEmpty(n *yamlnode.Node) bool {
	if n.Kind != yamlnode.Scalar {
		return len(n.Keys)+len(n.Items) == 0
	}
	return n.Plain && slices.Contains([]string{"", "~", "null", "Null", "NULL"}, n.Text)
}

// unclaimed says why no format knows a file, by its name.
func unclaimed(f walk.File) string {
	if known := knownPart(f); known != "" {
		return known
	}
	name := strings.ToLower(path.Base(f.Name))
	switch ext := path.Ext(name); {
	case ext == ".tf" || strings.HasSuffix(name, ".tf.json") || ext == ".tfvars":
		return "Terraform source: check a plan of it (terraform show -json)"
	case ext != "" && ext != name:
		return "no format has files named *" + ext
	}
	return "no format has files of this name"
}

// knownPart recognizes by their names the files of tools whose result can be
// judged, and says how to get it; "" for others.
func knownPart(f walk.File) string {
	base := strings.ToLower(path.Base(f.Name))
	switch {
	case base == "chart.lock" || strings.HasPrefix(base, "values") && exists(filepath.Dir(f.Path), "Chart.yaml"):
		return "part of a Helm chart: check the folder of the chart"
	case base == "kustomization.yaml" || base == "kustomization.yml" || base == "kustomization":
		return notKustomization
	}
	return ""
}

func exists(elem ...string) bool {
	_, err := os.Stat(filepath.Join(elem...))
	return err == nil
}

// chartOf finds the folder of the Helm chart that a file is a template of and
// that it needs for rendering. Files there without actions are plain manifests.
func chartOf(f walk.File, content []byte) (dir string, ok bool) {
	if f.Path == "" || !bytes.Contains(content, []byte("{{")) {
		return "", false
	}
	for dir := filepath.Dir(f.Path); ; dir = filepath.Dir(dir) {
		if filepath.Base(dir) == "templates" && exists(filepath.Dir(dir), "Chart.yaml") {
			return filepath.Dir(dir), true
		}
		if filepath.Dir(dir) == dir {
			return "", false
		}
	}
}

// chartTemplateAlone answers for a template whose chart does not answer for it.
// One that was named itself was meant to be judged; partials and notes make no
// objects.
func chartTemplateAlone(f walk.File, dir string) outcome {
	message := fmt.Sprintf("template of the chart %s: check the chart's folder instead", filepath.Base(dir))
	if f.Explicit && languageOf(f.Name) != "" && !strings.HasPrefix(path.Base(f.Name), "_") {
		return outcome{failed: true, diagnostics: []document.Diagnostic{fileProblem(f.Name, "is a "+message)}}
	}
	return outcome{passedOver: message}
}
