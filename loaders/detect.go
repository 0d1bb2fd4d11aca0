package loaders

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/walk"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// read turns one file into an outcome. The error stops the run.
func (r *reader) read(ctx context.Context, f walk.File) (outcome, error) {
	if f.Skip != "" {
		return outcome{passedOver: f.Skip}, nil
	}
	if f.Err != nil {
		return unreadable(f, f.Err), nil
	}
	if r.follows(f) {
		return outcome{hidden: true}, nil
	}
	if isArchive(f.Name) {
		return r.readArchive(ctx, f)
	}
	var candidates []Format
	t, err := r.open(f, func(head []byte) bool {
		candidates = detect(f.Name, head)
		return len(candidates) > 0 || promises(f.Name)
	})
	switch {
	case errors.Is(err, errBinary) || errors.Is(err, errTooBig):
		return r.noText(f, err), nil
	case err != nil:
		return unreadable(f, err), nil
	case t.content == nil:
		return outcome{passedOver: unclaimed(f)}, nil
	}
	candidates = detect(f.Name, t.head)
	dir, isTemplateOfChart := chartOf(f, t.content)
	switch {
	case isTemplateOfChart:
		return chartTemplateAlone(f, dir), nil
	case len(candidates) == 0 && promises(f.Name) && hasEvidence(t.content):
		// What names a format may lie far behind, or be hidden by a mistake.
		candidates = fallback()
	}
	return r.load(ctx, f, t, candidates)
}

// detect returns the formats that may know a text, the surest first.
func detect(name string, head []byte) []Format {
	var sure, perhaps []Format
	for _, format := range registry {
		switch format.Detect(name, head) {
		case Yes:
			sure = append(sure, format)
		case Maybe:
			perhaps = append(perhaps, format)
		case No:
		}
	}
	return append(sure, perhaps...)
}

func fallback() []Format {
	i := slices.IndexFunc(registry, func(f Format) bool { return f.Name == kubernetesFormat })
	return registry[i : i+1]
}

// load asks the formats in turn until one knows the text.
func (r *reader) load(ctx context.Context, f walk.File, t text, candidates []Format) (outcome, error) {
	reason := ""
	for _, format := range candidates {
		a := r.access(f)
		out, err := format.Load(ctx, Input{
			Source:   &document.Source{Name: f.Name, Content: t.content},
			ReadFile: a.readFile, ReadDir: a.readDir, ReadRaw: a.readRaw, KubeVersion: r.kubeVersion, Options: r.opts,
		})
		if err != nil {
			return outcome{}, err
		}
		if out.NotMine == "" {
			out.Claimed = r.unclaim(f, out.Claimed)
			if out.Later != nil {
				return r.putOff(f, t.content, format.Name, out), nil
			}
			return judge(f, t.content, format.Name, out), nil
		}
		if reason == "" {
			reason = out.NotMine
		}
	}
	return nobodys(f, t.content, reason), nil
}

// judge decides what a load means for the file: it was read, it could not be
// read, or it turned out to be nothing that can be judged.
func judge(f walk.File, content []byte, format string, out Output) outcome {
	o := outcome{documents: out.Documents, diagnostics: out.Diagnostics, claimed: out.Claimed, before: out.Before}
	bad := slices.IndexFunc(out.Diagnostics, func(d document.Diagnostic) bool { return d.Level == document.Error })
	if bad < 0 {
		return o
	}
	o.failed = true
	switch template := isTemplate(content); {
	case template && f.Explicit:
		o.diagnostics = append(o.diagnostics, document.Diagnostic{
			Range: out.Diagnostics[bad].Range, Level: document.Note,
			Message: "this looks like a template: render it and check the result",
		})
	case template:
		return outcome{passedOver: "template: render it and check the result"}
	case !f.Explicit && !promises(f.Name) && len(out.Documents) == 0:
		d := out.Diagnostics[bad]
		return outcome{passedOver: "looks like " + format + " but cannot be read: " + d.Message}
	}
	return o
}

// unreadable answers for files that cannot be opened. One that nobody would
// take for an input, such as a private key, is none of our business.
func unreadable(f walk.File, err error) outcome {
	if !f.Explicit && !f.Folder && !promises(f.Name) {
		return outcome{passedOver: "cannot be read: " + err.Error()}
	}
	return outcome{failed: true, diagnostics: []document.Diagnostic{fileProblem(f.Name, "cannot be read: "+err.Error())}}
}

// noText answers for files that are no text. One that was named itself was
// meant to be judged, so that passing over it would hide that it was not.
func (r *reader) noText(f walk.File, err error) outcome {
	reason := err.Error()
	if errors.Is(err, errBinary) && isSavedPlan(f) {
		reason = "Terraform plan in binary form: write it as JSON (terraform show -json) and check that"
	}
	if f.Explicit {
		return unreadable(f, errors.New(reason))
	}
	return outcome{passedOver: reason}
}

// isSavedPlan reports whether a binary file is what terraform plan -out writes:
// a zip archive with an entry "tfplan".
func isSavedPlan(f walk.File) bool {
	file, err := os.Open(f.Path)
	if err != nil {
		return false
	}
	defer file.Close() //nolint:errcheck // only read
	head := make([]byte, 64)
	n, _ := file.Read(head) // fewer bytes are no plan
	return bytes.HasPrefix(head[:n], []byte("PK\x03\x04")) && bytes.Contains(head[:n], []byte("tfplan"))
}

// promises reports whether a name says that the file is of a known kind: if it
// then cannot be read, that is an error.
func promises(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml", ".json", ".template", ".tfplan", ".tf", ".tofu":
		return true
	}
	return name == stdinName || path.Base(name) == "Kustomization"
}

// hasEvidence reports whether a text has a word that every text of the formats
// known here must have. A YAML or JSON file without one is not worth parsing:
// it is somebody else's, whether it is well-formed or not.
func hasEvidence(content []byte) bool {
	has := func(words ...string) bool {
		for _, w := range words {
			if !bytes.Contains(content, []byte(w)) {
				return false
			}
		}
		return true
	}
	return has("apiVersion", "kind") || has("Resources", "::") || has("AWSTemplateFormatVersion") ||
		has("resource_changes") || has("planned_values")
}

// action is one action, statement or comment of Go templates and Jinja.
var action = regexp.MustCompile(`(?s)\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}`)

// isTemplate reports whether templating is what makes a text unreadable: it
// cannot be read as it is, but with its actions taken out. An action where YAML
// allows it (in quotes, in a block of text) proves nothing.
func isTemplate(content []byte) bool {
	return (bytes.Contains(content, []byte("{{")) || bytes.Contains(content, []byte("{%"))) &&
		!isYAML(content) && isYAML(withoutActions(content))
}

func isYAML(content []byte) bool {
	src := &document.Source{Content: content}
	docs, diags := yamlnode.Parse(src)
	for _, d := range docs {
		_, _, more := yamlnode.Kubernetes.Value(d.Root, src)
		diags = append(diags, more...)
	}
	return !hasError(diags)
}

// withoutActions drops lines that hold nothing but actions, and puts a word in
// the place of the others.
func withoutActions(content []byte) []byte {
	plain := action.ReplaceAll(content, []byte("ACTION"))
	var out bytes.Buffer
	for line := range bytes.Lines(plain) {
		if rest := bytes.ReplaceAll(line, []byte("ACTION"), nil); len(rest) == len(line) || len(bytes.TrimSpace(rest)) > 0 {
			out.Write(line)
		}
	}
	return out.Bytes()
}
