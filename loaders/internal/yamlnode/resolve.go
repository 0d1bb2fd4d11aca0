package yamlnode

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A Dialect is the table by which a program gives plain scalars a type.
type Dialect int

// The dialects.
const (
	// Core reads YAML as the go-yaml v3 library does: "yes" and "on" are
	// strings. JSON means the same in every dialect.
	Core Dialect = iota
	// Kubernetes reads YAML as kubectl does (sigs.k8s.io/yaml over go-yaml v2):
	// YAML 1.1 booleans, also as keys, and keys of any scalar type made strings.
	Kubernetes
	// CloudFormation reads YAML 1.1 without dates, and keeps as strings what
	// other readers turn into another number than the one written: digits with
	// a leading zero (account IDs), 0x, underscores, sexagesimals. Keys are
	// always strings. Tags such as !Ref are left to the caller.
	CloudFormation
)

// number is the decimal form of go-yaml's and yaml.org/type/float.html.
var number = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)

// Scalar returns the value of a scalar node: nil, bool, int64, float64 or
// string. The error tells what the tag asked for in vain.
func (d Dialect) Scalar(n *Node) (any, error) {
	n = n.Target()
	switch {
	case n.Tag == "" && !n.Plain:
		return n.Text, nil
	case n.Tag == "":
		return d.plain(n.Text), nil
	}
	return d.tagged(n.Tag, n.Text)
}

// tagged follows go-yaml: standard tags must fit, others leave the text alone.
func (d Dialect) tagged(tag, text string) (any, error) {
	var v any = text
	fits := true
	switch tag {
	case "!!bool":
		v = d.plain(text)
		_, fits = v.(bool)
	case "!!null":
		v = d.plain(text)
		fits = v == nil
	case "!!int":
		v = d.plain(text)
		_, fits = v.(int64)
		if f, ok := v.(float64); ok { // beyond 64 bits, kept as go-yaml's uint64
			fits = f >= math.MaxInt64 && f <= math.MaxUint64 && digits([]byte(text)) == len(text)
		}
	case "!!float":
		v = d.plain(text)
		if i, ok := v.(int64); ok {
			v = float64(i)
		}
		_, fits = v.(float64)
	case "!!timestamp":
		fits = isTimestamp(text)
	case "!!binary":
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, errors.New("!!binary value contains invalid base64 data")
		}
		v = string(data)
	}
	if !fits {
		return nil, fmt.Errorf("%q is no %s", shorten(text), tag)
	}
	return v, nil
}

// plain resolves an untagged plain scalar.
func (d Dialect) plain(s string) any {
	if s == "" {
		return nil
	}
	switch c := s[0]; {
	case c == '.' || (c == '+' || c == '-') && len(s) == 5 && s[1] == '.':
		if f, ok := specialFloat(s); ok {
			return f
		}
		if c != '.' {
			return d.number(s)
		}
		return d.fraction(s)
	case c >= '0' && c <= '9' || c == '+' || c == '-':
		return d.number(s)
	case len(s) <= 5 && strings.IndexByte("yYnNtTfFoO~", c) >= 0:
		return d.word(s)
	}
	return s
}

// word resolves booleans and null.
func (d Dialect) word(s string) any {
	switch s {
	case "true", "True", "TRUE":
		return true
	case "false", "False", "FALSE":
		return false
	case "~", "null", "Null", "NULL":
		return nil
	}
	if d == Core {
		return s
	}
	switch s {
	case "yes", "Yes", "YES", "on", "On", "ON":
		return true
	case "no", "No", "NO", "off", "Off", "OFF":
		return false
	}
	if d == Kubernetes {
		switch s {
		case "y", "Y":
			return true
		case "n", "N":
			return false
		}
	}
	return s
}

func (d Dialect) number(s string) any {
	if d == CloudFormation {
		return cloudFormationNumber(s)
	}
	for i := range len(s) { // 500m, 256Mi, 10.0.0.0/16: most texts that begin so
		if c := s[i]; c > 'x' || strings.IndexByte("0123456789abcdefABCDEFxXoO_.+-", c) < 0 {
			return s
		}
	}
	if isTimestamp(s) {
		return s
	}
	plain := strings.ReplaceAll(s, "_", "")
	if i, err := strconv.ParseInt(plain, 0, 64); err == nil {
		return i
	}
	if u, err := strconv.ParseUint(plain, 0, 64); err == nil {
		return float64(u)
	}
	if number.MatchString(plain) {
		if f, err := strconv.ParseFloat(plain, 64); err == nil {
			return f
		}
	}
	return s
}

func cloudFormationNumber(s string) any {
	unsigned := strings.TrimLeft(s, "+-")
	if len(s)-len(unsigned) > 1 || !number.MatchString(s) {
		return s
	}
	if strings.IndexByte(s, '.') < 0 {
		if len(unsigned) > 1 && unsigned[0] == '0' {
			return s
		}
		if i, err := strconv.ParseInt(s, 10, 64); err == nil {
			return i
		}
		return s // 1e5 and longer numbers: an ID rather than a quantity
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		return f
	}
	return s
}

func (d Dialect) fraction(s string) any {
	if f, err := strconv.ParseFloat(s, 64); err == nil && (d != CloudFormation || number.MatchString(s)) {
		return f
	}
	return s
}

// specialFloat reads the values that JSON does not have.
func specialFloat(s string) (float64, bool) {
	switch s {
	case ".nan", ".NaN", ".NAN":
		return math.NaN(), true
	case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF":
		return math.Inf(1), true
	case "-.inf", "-.Inf", "-.INF":
		return math.Inf(-1), true
	}
	return 0, false
}

// isTimestamp reports whether go-yaml takes s for a date, which it then leaves
// a string: 2001-08-02, and not the number that stands in front.
func isTimestamp(s string) bool {
	if digits([]byte(s[:min(len(s), 5)])) != 4 || len(s) < 5 || s[4] != '-' {
		return false
	}
	for _, layout := range [...]string{
		"2006-1-2T15:4:5.999999999Z07:00", "2006-1-2t15:4:5.999999999Z07:00",
		"2006-1-2 15:4:5.999999999", "2006-1-2",
	} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}

// keyText returns the string a resolved mapping key becomes (sigs.k8s.io/yaml
// convertToJSONableObject); false when there is none.
func keyText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case int64:
		return strconv.FormatInt(v, 10), true
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		switch {
		case math.IsInf(v, 1):
			return ".inf", true
		case math.IsInf(v, -1):
			return "-.inf", true
		case math.IsNaN(v):
			return ".nan", true
		}
		return strconv.FormatFloat(v, 'g', -1, 32), true
	}
	return "", false
}
