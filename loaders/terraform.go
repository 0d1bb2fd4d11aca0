package loaders

import (
	"context"
	"path"

	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfeval"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/walk"
)

// Terraform and OpenTofu configuration without a plan. A folder is one input:
// the first of its files answers for all of them (see leaders).
// https://developer.hashicorp.com/terraform/language/files
var _ = register(Format{Name: tfeval.Format, Detect: detectTerraform, Load: loadTerraform})

func detectTerraform(name string, head []byte) Confidence {
	if tfeval.IsConfiguration(path.Base(name)) && !tfplan.Recognize(name, head) {
		return Yes
	}
	return No
}

func loadTerraform(ctx context.Context, in Input) (Output, error) {
	docs, diagnostics, claimed, ok := tfeval.Evaluate(ctx, path.Dir(in.Source.Name), in.ReadFile, in.ReadDir, tfeval.Settings{
		Variables: in.Options.Variables, VariableFiles: in.Options.VariableFiles,
	})
	if !ok {
		return Output{NotMine: "Terraform configuration in a folder that cannot be read"}, ctx.Err()
	}
	return Output{Documents: docs, Diagnostics: diagnostics, Claimed: claimed}, ctx.Err()
}

// leaders names, for every folder with Terraform configuration, the file that
// answers for it.
func leaders(files []walk.File) map[string]string {
	out := map[string]string{}
	for _, f := range files {
		if dir := path.Dir(f.Name); tfeval.IsConfiguration(path.Base(f.Name)) && f.Skip == "" && f.Err == nil && out[dir] == "" {
			out[dir] = f.Name
		}
	}
	return out
}

// follows reports whether another file of the same folder answers for f.
func (r *reader) follows(f walk.File) bool {
	leader := r.leaders[path.Dir(f.Name)]
	return leader != "" && leader != f.Name && tfeval.IsConfiguration(path.Base(f.Name)) && f.Skip == "" && f.Err == nil
}

// unclaim keeps modules apart that were named as inputs of their own.
func (r *reader) unclaim(f walk.File, claimed []string) []string {
	if len(r.given) < 2 {
		return claimed
	}
	var out []string
	for _, name := range claimed {
		if dir := path.Dir(name); dir == path.Dir(f.Name) || !r.given[dir] {
			out = append(out, name)
		}
	}
	return out
}
