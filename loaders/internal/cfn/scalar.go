package cfn

import (
	"math"

	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// scalarOf returns the value of a scalar node. What its tag asks for in vain,
// and numbers that JSON does not have, stay texts.
func scalarOf(n *yamlnode.Node) any {
	v, err := yamlnode.CloudFormation.Scalar(n)
	if err != nil {
		return n.Text
	}
	if f, ok := v.(float64); ok && (math.IsInf(f, 0) || math.IsNaN(f)) {
		return n.Text
	}
	return v
}

// isNull reports whether a node is null, as "Properties:" is with nothing
// behind it.
func isNull(n *yamlnode.Node) bool {
	return n.Kind == yamlnode.Scalar && (n.Tag == "" || n.Tag == "!!null") && scalarOf(n) == nil
}

// numberOf reads a text as a number.
func numberOf(text string) (any, bool) {
	v := scalarOf(&yamlnode.Node{Kind: yamlnode.Scalar, Plain: true, Text: text})
	switch v.(type) {
	case int64, float64:
		return v, true
	default:
		return nil, false
	}
}
