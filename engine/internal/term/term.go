// Package term knows what a terminal shows: colors, widths and which
// characters are safe to print.
package term

import (
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	xterm "golang.org/x/term"
	"golang.org/x/text/width"
)

// PlainWidth is the line width, in columns, of output that goes to no terminal.
const PlainWidth = 100

// tabStop is how many columns a tab takes in source excerpts.
const tabStop = 4

// A Terminal is what is known of the place a text is written to.
type Terminal struct {
	// Color says whether escape sequences are understood and wanted.
	Color bool
	// Width is the line width in columns.
	Width int
}

// Detect looks at a writer and the environment: colors need a terminal that is
// not dumb, and an empty or absent NO_COLOR (https://no-color.org).
func Detect(w io.Writer, env func(string) string) Terminal {
	t := Terminal{Width: PlainWidth}
	f, ok := w.(*os.File)
	if !ok || !xterm.IsTerminal(int(f.Fd())) { //nolint:gosec // a file descriptor fits
		return t
	}
	t.Color = env("NO_COLOR") == "" && env("TERM") != "dumb"
	if columns, _, err := xterm.GetSize(int(f.Fd())); err == nil && columns > 0 { //nolint:gosec // as above
		t.Width = max(columns, 40)
	}
	return t
}

// Width returns how many columns s takes, without escape sequences: East Asian
// wide characters take two (Unicode Standard Annex 11), combining ones none.
func Width(s string) int {
	n := 0
	for _, r := range s {
		n += RuneWidth(r)
	}
	return n
}

// RuneWidth returns how many columns one character takes.
func RuneWidth(r rune) int {
	switch {
	case r == '\t':
		return tabStop
	case r < utf8.RuneSelf:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	default:
		return 1
	}
}

// Clean replaces what could change how a terminal shows the rest of the text,
// such as escape sequences and bidirectional overrides in file names or
// manifests, with visible stand-ins. Line breaks and tabs stay.
func Clean(s string) string {
	if !strings.ContainsFunc(s, unsafeRune) {
		return s
	}
	return strings.Map(CleanRune, s)
}

// CleanRune is Clean for one character.
func CleanRune(r rune) rune {
	switch {
	case !unsafeRune(r):
		return r
	case r < 0x20:
		return 0x2400 + r // the Control Pictures block follows the order of ASCII
	case r == 0x7f:
		return 0x2421
	}
	return utf8.RuneError
}

func unsafeRune(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	}
	// Embeddings, overrides and isolates: CVE-2021-42574.
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// Wrap breaks s into lines of at most columns, at spaces where there are any. A
// word that is too long stays whole: names and addresses are there to be copied,
// and so are examples, which are the lines that begin with a space.
func Wrap(s string, columns int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(s, "\n") {
		if strings.HasPrefix(paragraph, " ") {
			lines = append(lines, paragraph)
			continue
		}
		lines = append(lines, wrapParagraph(paragraph, columns)...)
	}
	return lines
}

func wrapParagraph(s string, columns int) []string {
	var lines []string
	var line strings.Builder
	used := 0
	for word := range strings.FieldsSeq(s) {
		n := Width(word)
		if used > 0 && used+1+n > columns {
			lines = append(lines, line.String())
			line.Reset()
			used = 0
		}
		if used > 0 {
			line.WriteByte(' ')
			used++
		}
		line.WriteString(word)
		used += n
	}
	return append(lines, line.String())
}
