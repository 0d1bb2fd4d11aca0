package yamlnode

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// explain says where a YAML text breaks, and why in words of use to its
// author. The library names no column, and for most mistakes the line before
// the collection they are in; so the text is read again byte by byte to see
// how far the library gets, and line by line backwards to find the first line
// with which the mistake appears.
func explain(text []byte, start int, err error) *problem {
	at, message := diagnose(text, err)
	return &problem{start + at, "invalid YAML: " + message}
}

func diagnose(text []byte, err error) (at int, message string) {
	line, cause := splitError(err)
	read := consumed(text)
	switch {
	case isEncoding(cause):
		at = firstUnprintable(text)
		return at, encodingMessage(text[at:])
	case strings.HasPrefix(cause, "exceeded max depth"):
		return deepest(text, line), fmt.Sprintf("values nest deeper than %d levels", maxDepth)
	case cause == "could not find expected ':'":
		return firstOn(text, line, ""), `expected ":" after this key`
	case strings.HasPrefix(cause, "found unexpected "): // inside quotes
		return lastQuote(text, line), "the quoted text that begins here is not closed"
	case cause == "did not find expected ',' or ']'":
		return opening(text, line+1, "["), `this list is not closed: expected "," or "]" behind its elements`
	case cause == "did not find expected ',' or '}'":
		return opening(text, line+1, "{"), `this mapping is not closed: expected "," or "}" behind its entries`
	}
	if end := len(bytes.TrimSpace(text)); cause == noContent && read == len(text) && bytes.IndexByte([]byte(",[{"), text[max(end-1, 0)]) >= 0 {
		return end - 1, "the text ends inside a list or mapping that is not closed"
	}
	bad := firstBadLine(text, read, cause)
	return describe(text, bad, read, cause)
}

// deepest returns where brackets nest deeper than values may, or else the
// beginning of the line the library names.
func deepest(text []byte, line int) int {
	depth := 0
	for i, c := range text {
		switch c {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
		if depth > maxDepth {
			return i
		}
	}
	return firstOn(text, line, "")
}

const noContent = "did not find expected node content"

// splitError takes the library's "yaml: line 3: cause" apart; line is 1 where
// it says none.
func splitError(err error) (line int, cause string) {
	cause = strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(cause, "line "); ok {
		if number, rest, ok := strings.Cut(rest, ": "); ok {
			if n, err := strconv.Atoi(number); err == nil {
				return n, rest
			}
		}
	}
	if strings.HasPrefix(cause, "did not find expected ','") {
		return 0, cause // counted from the line before
	}
	return 1, cause
}

// byByte gives out one byte at a time.
type byByte struct {
	text []byte
	at   int
}

func (r *byByte) Read(p []byte) (int, error) {
	if r.at == len(r.text) {
		return 0, io.EOF
	}
	p[0] = r.text[r.at]
	r.at++
	return 1, nil
}

// consumed returns how far the library reads before it gives up.
func consumed(text []byte) int {
	r := &byByte{text: text}
	dec := yaml.NewDecoder(r)
	for {
		if _, err := decode(dec); err != nil {
			return r.at
		}
	}
}

// maxLookBack bounds, in bytes, what is read again to find the line of a
// mistake. The library is rarely more than two lines ahead of it.
const maxLookBack = 8 << 20

// firstBadLine returns the offset of the first line with which text shows the
// mistake, looking back from offset read.
func firstBadLine(text []byte, read int, cause string) int {
	start := lineStart(text, read)
	for budget := maxLookBack; start > 0 && budget > 0; budget -= start {
		if !shows(text[:start], cause) {
			break
		}
		start = lineStart(text, start-1)
	}
	return start
}

func shows(text []byte, cause string) bool {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for {
		_, err := decode(dec)
		if errors.Is(err, io.EOF) {
			return false
		}
		if err != nil {
			_, c := splitError(err)
			return c == cause
		}
	}
}

func lineStart(text []byte, at int) int { return bytes.LastIndexByte(text[:at], '\n') + 1 }

// firstOn returns the offset of the first of chars on a line, or of its first
// character that is no blank.
func firstOn(text []byte, line int, chars string) int {
	start := 0
	for ; line > 1 && start < len(text); line-- {
		start = min(lineEnd(text, start)+1, len(text))
	}
	return within(text, start, chars)
}

// opening returns the offset of the bracket that a message about a line means.
// For a collection on the first line, the library names the line of the
// mistake instead.
func opening(text []byte, line int, bracket string) int {
	at := firstOn(text, line, bracket)
	if !bytes.HasPrefix(text[at:], []byte(bracket)) {
		if i := bytes.LastIndex(text[:at], []byte(bracket)); i >= 0 {
			return i
		}
	}
	return at
}

func within(text []byte, start int, chars string) int {
	all := text[start:lineEnd(text, start)]
	if i := bytes.IndexAny(all, chars); chars != "" && i >= 0 {
		return start + i
	}
	return start + len(all) - len(bytes.TrimLeft(all, " \t-"))
}

// lastQuote returns the offset of the last quote on a line. For one on the
// first line, the library names the line where the text ends instead.
func lastQuote(text []byte, line int) int {
	for _, n := range [...]int{line, 1} {
		at := firstOn(text, n, "")
		if i := bytes.LastIndexAny(text[at:lineEnd(text, at)], `"'`); i >= 0 {
			return at + i
		}
	}
	return firstOn(text, line, "")
}

func isEncoding(cause string) bool {
	return strings.Contains(cause, "UTF-8") && !strings.HasPrefix(cause, "found") ||
		strings.Contains(cause, "Unicode character") && !strings.HasPrefix(cause, "found") ||
		cause == "control characters are not allowed"
}

// firstUnprintable returns the offset of the first byte that is not UTF-8 or of
// the first character that YAML does not allow (YAML 1.1, 5.1).
func firstUnprintable(text []byte) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return i
		case r == '\t' || r == '\n' || r == '\r' || r == 0x85:
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff:
			return i
		}
		i += n
	}
	return 0
}

func encodingMessage(b []byte) string {
	if r, n := utf8.DecodeRune(b); n > 1 || r != utf8.RuneError {
		return fmt.Sprintf("the character %U is not allowed in YAML: write it as an escape in double quotes", r)
	}
	return "this is not UTF-8 text: save the file in UTF-8"
}

// describe returns the place of a mistake on the line at offset bad, and a
// message.
func describe(text []byte, bad, read int, cause string) (at int, message string) {
	at = within(text, bad, "")
	switch cause {
	case "did not find expected key", "did not find expected '-' indicator":
		what := "a key"
		if cause != "did not find expected key" {
			what = `"- "`
		}
		return at, "expected " + what + " here: this line may be indented differently from those it belongs to, " +
			"or a value before it lacks quotes"
	case "mapping values are not allowed in this context":
		if i := bytes.LastIndexByte(text[bad:min(read, lineEnd(text, bad))], ':'); i >= 0 {
			at = bad + i
		}
		return at, `":" is not allowed here: put quotes around a value that contains ": ", or correct the indentation`
	case "block sequence entries are not allowed in this context":
		return within(text, bad, "-"), `"- " is not allowed here: a list starts on a line of its own`
	case "found character that cannot start any token":
		return cannotStart(text, bad, read)
	case noContent:
		return at, "expected a value here"
	case "found unknown escape character":
		if i := bytes.LastIndexByte(text[bad:read], '\\'); i >= 0 {
			at = bad + i
		}
		return at, `this escape does not exist: write "\\" for a backslash, or use single quotes`
	}
	if name, ok := strings.CutPrefix(cause, "unknown anchor '"); ok {
		name = strings.TrimSuffix(name, "' referenced")
		if i := bytes.Index(text[bad:lineEnd(text, bad)], []byte("*"+name)); i >= 0 {
			at = bad + i
		}
		return at, fmt.Sprintf("the alias *%s refers to an anchor that is not defined before it", shorten(name))
	}
	return at, cause
}

// cannotStart finds the character that the library stumbled over: it looks at
// most four characters ahead.
func cannotStart(text []byte, bad, read int) (at int, message string) {
	at = within(text, bad, "")
	if tab := bytes.IndexByte(text[bad:lineEnd(text, bad)], '\t'); tab >= 0 && bad+tab <= at {
		return bad + tab, "a tab cannot indent YAML: use spaces"
	}
	window := max(bad, read-4)
	if i := bytes.IndexAny(text[window:read], "@`%\t"); i >= 0 {
		at = window + i
	}
	r, _ := utf8.DecodeRune(text[at:])
	return at, fmt.Sprintf("%q cannot start a value: put quotes around the value", r)
}
