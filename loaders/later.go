package loaders

import (
	"context"
	"fmt"
	"slices"

	"github.com/plimsoll-dev/plimsoll/loaders/internal/walk"
)

// putOff is the outcome of a file whose work is done later, if at all.
func (r *reader) putOff(f walk.File, content []byte, format string, out Output) outcome {
	return outcome{claimed: out.Claimed, later: func() outcome {
		rest := out.Later()
		rest.Claimed = r.unclaim(f, rest.Claimed)
		return judge(f, content, format, rest)
	}}
}

// workLater does the work that was put off, for the files that no other one
// answers for. A file that then fails gives up its claims, which makes others
// answer for themselves, so that it goes on until nothing is left.
func workLater(ctx context.Context, files []walk.File, outcomes []outcome) error {
	for open := true; open; {
		open = false
		settled := slices.Clone(outcomes)
		settleClaims(files, settled)
		for i := range outcomes {
			if outcomes[i].later == nil || settled[i].hidden {
				continue
			}
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("load %s: %w", files[i].Name, err)
			}
			outcomes[i] = outcomes[i].later()
			open = true
		}
	}
	return nil
}
