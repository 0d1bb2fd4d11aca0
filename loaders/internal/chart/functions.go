package chart

import (
	"errors"
	"fmt"
	"strings"
	"text/template"
	"time"
)

// limit bounds what one call of a function that counts may make.
const limit = 1 << 20

// maxSteps bounds how often loops and definitions are run through in one
// rendering: some seconds. maxWritten bounds what actions write.
const (
	maxSteps   = 2_000_000
	maxWritten = 256 << 20
)

var errEndless = errors.New("takes more than two million steps or writes more than 256 MiB: Plimsoll does not render that")

var errTooMuch = errors.New("asks for more than a million elements: Plimsoll does not render that")

// functions are those that differ from Helm's: the ones that instrumented
// templates call, and those whose results are another every time. They are
// replaced by fixed results, so that the same chart gives the same report.
func functions() template.FuncMap {
	random := func(alphabet string) func(int) (string, error) {
		return func(n int) (string, error) {
			if n < 0 || n > limit {
				return "", errTooMuch
			}
			return strings.Repeat(alphabet, n/len(alphabet)+1)[:n], nil
		}
	}
	steps, written := 0, 0
	f := template.FuncMap{
		stepFunc: func() (string, error) {
			if steps++; steps > maxSteps {
				return "", errEndless
			}
			return "", nil
		},
		wrapFunc: func(site int, v any) (string, error) {
			text := printed(v)
			if written += len(text); written > maxWritten {
				return "", errEndless
			}
			return wrap(site, text), nil
		},
		stripFunc: stripAny,
		bareFunc:  bare,

		"randAlphaNum": random("x0"), "randAlpha": random("x"), "randAscii": random("x"), "randNumeric": random("1"),
		"randBytes": func(n int) (string, error) {
			if n < 0 || n > limit {
				return "", errTooMuch
			}
			return strings.Repeat("QUFB", (n+2)/3), nil
		},
		"randInt":    func(low, _ int) int { return low },
		"shuffle":    func(s string) string { return s },
		"uuidv4":     func() string { return "00000000-0000-4000-8000-000000000000" },
		"now":        func() time.Time { return time.Unix(0, 0).UTC() },
		"ago":        func(any) string { return "0s" },
		"bcrypt":     func(string) string { return "$2a$10$" + strings.Repeat("x", 53) },
		"htpasswd":   func(user, _ string) string { return user + ":$2a$10$" + strings.Repeat("x", 53) },
		"encryptAES": func(_, text string) (string, error) { return strings.Repeat("QUFB", len(text)/3+8), nil },
	}
	certificates(f)
	counters(f)
	joiners(f)
	return f
}

// A certificate has the fields that sprig's has.
type certificate struct{ Cert, Key string }

// certificates replaces the functions that make keys, which take a second each
// and give another result every time. No rule reads keys.
func certificates(f template.FuncMap) {
	made := certificate{
		Cert: "-----BEGIN CERTIFICATE-----\nbWFkZSBhdCBpbnN0YWxsYXRpb24=\n-----END CERTIFICATE-----\n",
		Key:  "-----BEGIN PRIVATE KEY-----\nbWFkZSBhdCBpbnN0YWxsYXRpb24=\n-----END PRIVATE KEY-----\n", // the words "made at installation"
	}
	fixed := func(...any) (certificate, error) { return made, nil }
	for _, name := range []string{"genCA", "genCAWithKey", "genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey"} {
		f[name] = fixed
	}
	f["genPrivateKey"] = func(string) string { return made.Key }
}

// counters bounds the functions that can make much of little.
func counters(f template.FuncMap) {
	f["until"] = func(n int) ([]int, error) { return steps(0, n, sign(n)) }
	f["untilStep"] = steps
	f["seq"] = sequence
	f["repeat"] = func(n int, text string) (string, error) {
		if n > 0 && len(text) > limit*16/n {
			return "", errTooMuch
		}
		return strings.Repeat(text, max(n, 0)), nil
	}
}

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}

// sequence is sprig's seq: end; start and end; start, step and end.
func sequence(params ...int) (string, error) {
	start, step, stop := 1, 0, 0
	switch len(params) {
	case 1:
		stop = params[0]
	case 2:
		start, stop = params[0], params[1]
	case 3:
		start, step, stop = params[0], params[1], params[2]
	default:
		return "", nil
	}
	unit := 1
	if stop < start {
		unit = -1
	}
	switch {
	case len(params) < 3:
		step = unit
	case unit < 0 && step > 0:
		return "", nil
	}
	numbers, err := steps(start, stop+unit, step)
	return strings.Trim(fmt.Sprint(numbers), "[]"), err
}

// steps counts like sprig's untilStep.
func steps(start, stop, step int) ([]int, error) {
	out := []int{}
	if stop < start && step >= 0 || stop > start && step <= 0 || step == 0 {
		return out, nil
	}
	if (stop-start)/step > limit {
		return nil, errTooMuch
	}
	for i := start; step > 0 && i < stop || step < 0 && i > stop; i += step {
		out = append(out, i)
	}
	return out, nil
}

// printed is what a template writes for a value.
func printed(v any) string {
	switch v := v.(type) {
	case nil:
		return "<no value>"
	case string:
		return v
	}
	return fmt.Sprint(v)
}

// stripAny strips a text and leaves other values alone.
func stripAny(v any) any {
	if text, ok := v.(string); ok {
		return strip(text)
	}
	return v
}

// joiners bounds the functions that loops make long texts with.
func joiners(f template.FuncMap) {
	bounded := func(text string) (string, error) {
		if len(text) > limit*16 {
			return "", errTooMuch
		}
		return text, nil
	}
	f["printf"] = func(format string, a ...any) (string, error) { return bounded(fmt.Sprintf(format, a...)) }
	f["print"] = func(a ...any) (string, error) { return bounded(fmt.Sprint(a...)) }
	f["println"] = func(a ...any) (string, error) { return bounded(fmt.Sprintln(a...)) }
}
