package tfeval

import (
	"errors"
	"fmt"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// fromPlain turns a decoded YAML or JSON value into a value of HCL.
func fromPlain(v any, depth int) (cty.Value, error) {
	if depth > maxDepth {
		return cty.NilVal, errLimit
	}
	switch v := v.(type) {
	case nil:
		return cty.NullVal(cty.DynamicPseudoType), nil
	case bool:
		return cty.BoolVal(v), nil
	case string:
		return cty.StringVal(v), nil
	case int:
		return cty.NumberIntVal(int64(v)), nil
	case int64:
		return cty.NumberIntVal(v), nil
	case uint64:
		return cty.NumberUIntVal(v), nil
	case float64:
		return safeFloat(v)
	case time.Time:
		return cty.StringVal(v.Format(time.RFC3339)), nil
	case []any:
		out := make([]cty.Value, len(v))
		for i, e := range v {
			inner, err := fromPlain(e, depth+1)
			if err != nil {
				return inner, err
			}
			out[i] = inner
		}
		return cty.TupleVal(out), nil
	case map[string]any:
		out := make(map[string]cty.Value, len(v))
		for k, e := range v {
			inner, err := fromPlain(e, depth+1)
			if err != nil {
				return inner, err
			}
			out[k] = inner
		}
		return cty.ObjectVal(out), nil
	}
	return cty.NilVal, fmt.Errorf("a value of the kind %T", v)
}

func safeFloat(f float64) (cty.Value, error) {
	if f != f || f > 1e300 || f < -1e300 {
		return cty.NilVal, errors.New("no number")
	}
	return cty.NumberFloatVal(f), nil
}

// toPlain is the other way; v is known and without marks.
func toPlain(v cty.Value) (any, error) {
	if v.IsNull() {
		return nil, nil //nolint:nilnil // null is a value
	}
	switch ty := v.Type(); {
	case ty == cty.String:
		return v.AsString(), nil
	case ty == cty.Bool:
		return v.True(), nil
	case ty == cty.Number:
		return number(v), nil
	case ty.IsObjectType() || ty.IsMapType():
		out := map[string]any{}
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			inner, err := toPlain(e)
			if err != nil {
				return nil, err
			}
			out[k.AsString()] = inner
		}
		return out, nil
	case v.CanIterateElements():
		out := make([]any, 0, v.LengthInt())
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			inner, err := toPlain(e)
			if err != nil {
				return nil, err
			}
			out = append(out, inner)
		}
		return out, nil
	}
	return nil, fmt.Errorf("a value of the kind %s", v.Type().FriendlyName())
}

// number gives int64 where that loses nothing.
func number(v cty.Value) any {
	n := v.AsBigFloat()
	if i, accuracy := n.Int64(); n.IsInt() && accuracy == 0 {
		return i
	}
	f, _ := n.Float64()
	return f
}
