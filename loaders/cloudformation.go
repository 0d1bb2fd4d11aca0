package loaders

import (
	"context"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/cfn"
)

var _ = register(Format{Name: cfn.Format, Detect: detectCloudFormation, Load: loadCloudFormation})

// headSize is how much of a text detection sees.
const headSize = 64 << 10

func detectCloudFormation(name string, head []byte) Confidence {
	if cfn.IsAssembly(name, head) {
		return Yes
	}
	switch cfn.Detect(head, len(head) < headSize) {
	case cfn.IsTemplate:
		return Yes
	case cfn.MaybeTemplate:
		return Maybe
	default:
		return No
	}
}

func loadCloudFormation(ctx context.Context, in Input) (Output, error) {
	options := cfn.Options{Parameters: in.Options.Parameters, ReadFile: in.ReadFile, ReadDir: in.ReadDir}
	if in.Source.Name == "-" {
		options.ReadFile, options.ReadDir = nil, nil // nothing lies beside standard input
	}
	read := cfn.Load
	if cfn.IsAssembly(in.Source.Name, in.Source.Content) {
		read = cfn.LoadAssembly
	}
	r := read(in.Source, options)
	out := Output{Documents: r.Documents, Claimed: r.Claimed, Diagnostics: r.Diagnostics, NotMine: r.NotMine}
	if err := assetCharts(ctx, in, &out); err != nil {
		return Output{}, err
	}
	return out, ctx.Err()
}

// ReadParameters reads a file of CloudFormation parameter values in any of the
// forms that deployment tools know (see cfn.ReadParameters), for
// Options.Parameters.
func ReadParameters(name string, content []byte) (map[string]string, error) {
	text, err := decode(content)
	if err != nil {
		return nil, err
	}
	return cfn.ReadParameters(&document.Source{Name: name, Content: text})
}
