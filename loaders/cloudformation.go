package loaders

import (
	"context"

	"github.com/plimsoll-dev/plimsoll/loaders/internal/cfn"
)

var _ = register(Format{Name: cfn.Format, Detect: detectCloudFormation, Load: loadCloudFormation})

// headSize is how much of a text detection sees.
const headSize = 64 << 10

func detectCloudFormation(_ string, head []byte) Confidence {
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
	options := cfn.Options{Parameters: in.Options.Parameters, ReadFile: in.ReadFile}
	if in.Source.Name == "-" {
		options.ReadFile = nil // nothing lies beside standard input
	}
	r := cfn.Load(in.Source, options)
	return Output{
		Documents: r.Documents, Claimed: r.Claimed, Diagnostics: r.Diagnostics, NotMine: r.NotMine,
	}, ctx.Err()
}
