package loaders

import (
	"bytes"
	"context"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/kustomize"
)

const kustomizeFormat = "kustomize"

// A kustomization is built; a base that an overlay uses is judged as a part of
// the overlay.
var _ = register(Format{
	Name: kustomizeFormat,
	Detect: func(name string, head []byte) Confidence {
		if isKustomization(name, head) {
			return Yes
		}
		return No
	},
	Load: loadKustomization,
})

// isKustomization tells kustomize's own files from objects that are kept under
// their name, such as Flux's Kustomization. Neither apiVersion nor kind is
// required.
// https://kubectl.docs.kubernetes.io/references/kustomize/glossary/#kustomization
func isKustomization(name string, head []byte) bool {
	if !slices.Contains(kustomize.Names(), path.Base(name)) {
		return false
	}
	for line := range bytes.Lines(head) {
		key, value := marginKey(bytes.TrimRight(line, " \t\r\n"))
		if key == "apiVersion" && line[0] != ' ' { // not that of a patch written in place
			return strings.HasPrefix(value, "kustomize.config.k8s.io/")
		}
	}
	return true
}

func loadKustomization(ctx context.Context, in Input) (Output, error) {
	if err := ctx.Err(); err != nil {
		return Output{}, err
	}
	if len(bytes.TrimSpace(in.Source.Content)) == 0 {
		return Output{NotMine: "nothing in it"}, nil
	}
	plan := kustomize.Read(in.Source, kustomize.Files{ReadFile: in.ReadFile, ReadDir: in.ReadDir})
	return Output{Claimed: plan.Claimed(), Later: func() Output { return buildKustomization(in.Source, plan) }}, nil
}

// buildKustomization makes documents of what a kustomization builds.
func buildKustomization(src *document.Source, plan *kustomize.Plan) Output {
	return documentsOf(src, plan.Build(), nil)
}

// documentsOf makes documents of what was built; change, if not nil, is applied
// to every object before and returns what of it is not known.
func documentsOf(src *document.Source, result kustomize.Result, change func(object map[string]any) document.States) Output {
	s := stream{src: src}
	var kept []kustomize.Object
	var states []document.States
	for _, o := range result.Objects {
		before := len(s.objects)
		var open document.States
		if change != nil {
			o.Value = asMap(deepCopy(o.Value)) // its locator goes by what was built
			open = change(o.Value)
		}
		s.add(object{value: o.Value, tree: o.Tree}, "")
		if len(s.objects) > before {
			kept, states = append(kept, o), append(states, open)
		}
	}
	docs := s.documents()
	for i, d := range docs {
		if d.Format == kubernetesFormat {
			d.Format = kustomizeFormat
		}
		d.Metadata = map[string]string{"kustomize:root": src.Name}
		d.Origin = kept[i].Origin
		d.SetLocator(kept[i].Locator)
		d.Sensitive = eachValue(d)
		if d.RawStates == nil {
			d.RawStates = states[i]
		} else {
			maps.Copy(d.RawStates, states[i])
		}
	}
	return Output{Documents: docs, Diagnostics: sorted(result.Diagnostics), Claimed: result.Claimed}
}

func deepCopy(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, e := range v {
			out[key] = deepCopy(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = deepCopy(e)
		}
		return out
	}
	return v
}

// eachValue names the sensitive values one by one: those of a generated Secret
// lie in as many places.
func eachValue(d *document.Document) []document.Path {
	out := slices.Clip(d.Sensitive)
	for _, p := range d.Sensitive {
		value, _ := document.At(d.Raw, p)
		for _, key := range slices.Sorted(maps.Keys(asMap(value))) {
			out = append(out, p.Append(key))
		}
	}
	return out
}

// sorted puts diagnostics, which may be about several files, in order.
func sorted(diags []document.Diagnostic) []document.Diagnostic {
	slices.SortStableFunc(diags, func(a, b document.Diagnostic) int {
		if c := strings.Compare(a.Range.File(), b.Range.File()); c != 0 {
			return c
		}
		return a.Range.Start.Offset - b.Range.Start.Offset
	})
	return diags
}
