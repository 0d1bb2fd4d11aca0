package loaders

import (
	"context"
	"path"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfeval"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan"
)

var _ = register(Format{Name: tfplan.Format, Detect: detectTerraformPlan, Load: loadTerraformPlan})

func detectTerraformPlan(name string, head []byte) Confidence {
	if tfplan.Recognize(name, head) {
		return Yes
	}
	return No
}

func loadTerraformPlan(ctx context.Context, in Input) (Output, error) {
	plan := tfplan.Open(in.Source)
	out := Output{Before: plan.Before}
	sources := planSources(in, plan.Blocks())
	if sources == nil {
		out.Documents, out.Diagnostics = plan.Documents(ctx, nil)
		if root := in.Options.TerraformRoot; root != "" && in.ReadDir != nil {
			out.Diagnostics = append(out.Diagnostics, document.Diagnostic{
				Range: in.Source.Range(0, 0), Level: document.Warning,
				Message: "no Terraform configuration in " + root + ": places are given in the plan",
			})
		}
		return out, ctx.Err()
	}
	out.Documents, out.Diagnostics = plan.Documents(ctx, planConfiguration{sources})
	out.Diagnostics = append(out.Diagnostics, sources.Diagnostics()...)
	out.Claimed = sources.Files()
	return out, ctx.Err()
}

// maxParents bounds how far above a plan its configuration is looked for.
const maxParents = 8

// planSources finds the .tf files behind a plan: in the folder that the options
// name, else in the first folder, from the plan's own upwards to the working
// directory, whose configuration has at least half of the plan's root blocks.
// It is nil if there is none.
func planSources(in Input, blocks []string) *tfeval.Sources {
	if in.Options.TerraformRoot != "" {
		return tfeval.Index(in.Options.TerraformRoot, in.ReadFile, in.ReadDir)
	}
	if in.Source.Name == "-" || len(blocks) == 0 {
		return nil
	}
	dir := path.Dir(in.Source.Name)
	for range maxParents {
		if s := tfeval.Index(dir, in.ReadFile, in.ReadDir); s != nil && s.Agrees(blocks) {
			return s
		}
		if dir == "." || dir == "/" || path.Base(dir) == ".." {
			break
		}
		dir = path.Dir(dir)
	}
	return nil
}

// planConfiguration hands the configuration to package tfplan, which does not
// know HCL.
type planConfiguration struct{ *tfeval.Sources }

// Resource implements tfplan.Sources.
func (c planConfiguration) Resource(module []string, kind, name string) tfplan.Block {
	if b := c.Sources.Resource(module, kind, name); b != nil {
		return b
	}
	return nil
}
