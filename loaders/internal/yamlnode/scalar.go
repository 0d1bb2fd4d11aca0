package yamlnode

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A step says that the decoded text from inner on is written from outer on,
// byte for byte, or, when fixed, that all of it up to the next step stands for
// one escape or fold at outer.
type step struct {
	inner, outer int
	fixed        bool
}

// A walker goes over a scalar as written and as decoded, side by side.
type walker struct {
	b     []byte
	at    int
	text  string
	in    int
	steps []step
	keep  bool // record steps
}

func (w *walker) mark(fixed bool) {
	if w.keep {
		w.steps = append(w.steps, step{w.in, w.at, fixed})
	}
}

// normalBreak returns the text a line break decodes to (YAML 1.1, 5.4).
func normalBreak(b []byte) string {
	if len(b) == 3 {
		return string(b) // LS and PS are kept
	}
	return "\n"
}

// fold consumes blanks and line breaks inside a flow scalar; false when the
// blanks at w.at belong to the text or the decoded text disagrees.
func (w *walker) fold() bool {
	k := w.at
	for k < len(w.b) && isBlank(w.b[k]) {
		k++
	}
	if k == len(w.b) || breakLen(w.b[k:]) == 0 {
		return false
	}
	first, rest := "", ""
	for k < len(w.b) {
		n := breakLen(w.b[k:])
		switch {
		case n > 0 && first == "":
			first = normalBreak(w.b[k : k+n])
		case n > 0:
			rest += normalBreak(w.b[k : k+n])
		case !isBlank(w.b[k]):
			n = -1
		default:
			n = 1
		}
		if n < 0 {
			break
		}
		k += n
	}
	return w.replace(folded(first, rest), k)
}

func folded(first, rest string) string {
	switch {
	case first != "\n":
		return first + rest
	case rest == "":
		return " "
	}
	return rest
}

// replace notes that the text up to w.b[to] decodes to want.
func (w *walker) replace(want string, to int) bool {
	if !strings.HasPrefix(w.text[w.in:], want) {
		return false
	}
	w.mark(true)
	w.in += len(want)
	w.at = to
	w.mark(false)
	return true
}

// plain walks a plain scalar to the end of its text.
func (w *walker) plain() bool {
	w.mark(false)
	for w.in < len(w.text) {
		if w.at >= len(w.b) {
			return false
		}
		c := w.b[w.at]
		if (isBlank(c) || breakLen(w.b[w.at:]) > 0) && w.fold() {
			continue
		}
		if c != w.text[w.in] {
			return false
		}
		w.at++
		w.in++
	}
	return true
}

// quoted walks a quoted scalar from its opening to behind its closing quote.
func (w *walker) quoted(json bool) bool {
	if w.at >= len(w.b) {
		return false
	}
	quote := w.b[w.at]
	w.at++
	w.mark(false)
	for w.at < len(w.b) {
		doubled := quote == '\'' && w.at+1 < len(w.b) && w.b[w.at+1] == '\''
		if w.b[w.at] == quote && !doubled {
			w.at++
			return w.in == len(w.text)
		}
		if !w.character(quote, json) {
			return false
		}
	}
	return false
}

// character steps over one character, escape or fold inside quotes.
func (w *walker) character(quote byte, json bool) bool {
	c := w.b[w.at]
	switch {
	case c == '\'' && quote == '\'':
		return w.replace("'", w.at+2)
	case c == '\\' && quote == '"':
		want, n := unescape(w.b[w.at:], json)
		return n > 0 && w.replace(want, w.at+n)
	case !json && (isBlank(c) || breakLen(w.b[w.at:]) > 0) && w.fold():
		return true
	case w.in < len(w.text) && c == w.text[w.in]:
		w.at++
		w.in++
		return true
	}
	return false
}

// unescape decodes the escape at the start of b (YAML 1.2 section 5.7, RFC
// 8259 section 7) and returns its length in the source, 0 if it is none.
func unescape(b []byte, json bool) (text string, n int) {
	if len(b) < 2 {
		return "", 0
	}
	if i := strings.IndexByte("0abt\tnvfre \"'/\\N_LP", b[1]); i >= 0 {
		return [...]string{
			"\x00", "\a", "\b", "\t", "\t", "\n", "\v", "\f", "\r", "\x1b", " ", `"`, "'", "/", `\`,
			"\u0085", "\u00a0", "\u2028", "\u2029",
		}[i], 2
	}
	if breakLen(b[1:]) > 0 && !json {
		return joined(b)
	}
	return hexEscape(b)
}

// joined reads a backslash at the end of a line: the break and the next line's
// indentation are no part of the text, but empty lines between them are.
func joined(b []byte) (text string, n int) {
	var textSb176 strings.Builder
	for n = 1 + breakLen(b[1:]); n < len(b); {
		k := breakLen(b[n:])
		if k == 0 && !isBlank(b[n]) {
			break
		}
		if k > 0 {
			textSb176.WriteString(normalBreak(b[n : n+k]))
		}
		n += max(k, 1)
	}
	text += textSb176.String()
	return text, n
}

func hexEscape(b []byte) (text string, n int) {
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[b[1]]
	r, ok := hexRune(b, 2, digits)
	if !ok {
		return "", 0
	}
	n = 2 + digits
	if r >= 0xD800 && r < 0xDC00 && len(b) > n+1 && b[n] == '\\' && b[n+1] == 'u' {
		if low, ok := hexRune(b, n+2, 4); ok && low >= 0xDC00 && low < 0xE000 {
			return string((r-0xD800)<<10 + (low - 0xDC00) + 0x10000), n + 6
		}
	}
	if !utf8.ValidRune(r) {
		r = utf8.RuneError
	}
	return string(r), n
}

func hexRune(b []byte, at, digits int) (rune, bool) {
	if digits == 0 || len(b) < at+digits {
		return 0, false
	}
	v, err := strconv.ParseUint(string(b[at:at+digits]), 16, 32)
	return rune(v), err == nil //nolint:gosec // at most 32 bits; checked by ValidRune
}

// plainEnd returns where the plain scalar at offset at ends.
func plainEnd(b []byte, at int, text string) int {
	if len(b)-at >= len(text) && string(b[at:at+len(text)]) == text {
		return at + len(text)
	}
	w := walker{b: b, at: at, text: text}
	w.plain()
	return w.at
}

// quotedEnd returns the offset behind the closing quote.
func quotedEnd(b []byte, at int) int {
	quote := b[at]
	for i := at + 1; i < len(b); i++ {
		n := bytes.IndexByte(b[i:], quote)
		if n < 0 {
			break
		}
		if quote == '"' {
			if esc := bytes.IndexByte(b[i:i+n], '\\'); esc >= 0 {
				i += esc + 1
				continue
			}
		}
		i += n
		if quote == '\'' && i+1 < len(b) && b[i+1] == '\'' {
			i++
			continue
		}
		return i + 1
	}
	return len(b)
}

// A block is the layout of a literal or folded scalar.
type block struct {
	header int // end of the line with the indicator
	body   int // start of the line after it
	indent int // blanks to take off every line
	end    int // end of the last line with text, without its break
	keep   bool
}

// blockAt reads the layout of the block scalar whose indicator is at offset at
// inside a block with the given indentation (YAML 1.1, 9.3 to 9.5 as the node
// library reads them).
func blockAt(b []byte, at, parent int) block {
	bl := block{header: skipLine(b, at)}
	bl.end = bl.header
	bl.body = bl.header + breakLen(b[bl.header:])
	marks, _, _ := bytes.Cut(b[at+1:bl.header], []byte{'#'})
	bl.keep = bytes.IndexByte(marks, '+') >= 0
	if i := bytes.IndexAny(marks, "123456789"); i >= 0 {
		bl.indent = max(parent, 0) + int(marks[i]-'0')
	} else {
		bl.indent = max(detectIndent(b, bl.body), parent+1, 1)
	}
	for k := bl.body; k < len(b); {
		blanks := k
		for blanks < len(b) && b[blanks] == ' ' && blanks-k < bl.indent {
			blanks++
		}
		n := breakLen(b[blanks:])
		if n == 0 && (blanks-k < bl.indent || blanks == len(b)) {
			break
		}
		stop := skipLine(b, blanks)
		if n == 0 || bl.keep {
			bl.end = stop
		}
		k = stop + max(breakLen(b[stop:]), 1)
	}
	return bl
}

func skipLine(b []byte, at int) int {
	for at < len(b) && breakLen(b[at:]) == 0 {
		at++
	}
	return at
}

// detectIndent returns the indentation of the first line with text, or the
// widest of the empty lines before it.
func detectIndent(b []byte, at int) int {
	widest := 0
	for at < len(b) {
		n := 0
		for at+n < len(b) && b[at+n] == ' ' {
			n++
		}
		widest = max(widest, n)
		k := breakLen(b[at+n:])
		if k == 0 {
			break
		}
		at += n + k
	}
	return widest
}
