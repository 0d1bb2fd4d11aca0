package engine

import "github.com/plimsoll-dev/plimsoll/engine/finding"

// JudgedOnce is judgedOnce, for its test.
func JudgedOnce(found []finding.Finding) []finding.Finding { return judgedOnce(found) }
