package yamlnode

import (
	"sort"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// MapOffset returns a function from offsets in the decoded text of a scalar to
// offsets in the source, for texts inside texts (document.Outer.Map). It is
// nil when the two cannot be matched. An escape or a fold is one place: every
// byte it decodes to maps to its start.
func MapOffset(src *document.Source, n *Node) func(int) int {
	n = n.Target()
	if n == nil || n.Kind != Scalar {
		return nil
	}
	w := walker{b: src.Content, at: n.Body, text: n.Text, keep: true}
	ok := false
	switch n.Style {
	case Plain:
		ok = w.plain()
	case SingleQuoted:
		ok = w.quoted(false)
	case DoubleQuoted:
		ok = w.quoted(false)
		if !ok { // JSON has surrogate pairs and no folding
			w = walker{b: src.Content, at: n.Body, text: n.Text, keep: true}
			ok = w.quoted(true)
		}
	case Literal, Folded:
		ok = w.block(int(n.indent), n.Style == Folded)
	}
	if !ok {
		return nil
	}
	steps := w.steps
	return func(offset int) int {
		i := max(sort.Search(len(steps), func(i int) bool { return steps[i].inner > offset })-1, 0)
		if steps[i].fixed {
			return steps[i].outer
		}
		return steps[i].outer + max(offset-steps[i].inner, 0)
	}
}

// block walks a literal or folded scalar.
func (w *walker) block(parent int, fold bool) bool {
	bl := blockAt(w.b, w.at, parent)
	w.at = bl.body
	lead, trail := "", ""
	leadBlank := false
	breakAt := bl.header
	for w.at < len(w.b) {
		blanks := w.blanks(bl.indent)
		if n := breakLen(w.b[w.at:]); n > 0 { // an empty line
			trail += normalBreak(w.b[w.at : w.at+n])
			w.at += n
			continue
		}
		if blanks < bl.indent || w.at == len(w.b) {
			break
		}
		between := lead + trail
		blank := isBlank(w.b[w.at])
		if fold && !leadBlank && !blank && lead == "\n" {
			between = folded(lead, trail)
		}
		if !w.line(between, breakAt) {
			return false
		}
		leadBlank = blank
		breakAt = w.at
		lead, trail = "", ""
		if n := breakLen(w.b[w.at:]); n > 0 {
			lead = normalBreak(w.b[w.at : w.at+n])
			w.at += n
		}
	}
	rest := w.text[w.in:]
	if rest != "" && rest != lead && rest != lead+trail && rest != trail {
		return false
	}
	w.at = breakAt
	w.mark(true)
	return true
}

// blanks skips up to most spaces and returns how many.
func (w *walker) blanks(most int) int {
	start := w.at
	for w.at < len(w.b) && w.b[w.at] == ' ' && w.at-start < most {
		w.at++
	}
	return w.at - start
}

// line matches what stands between two lines of a block scalar and then the
// line at w.at to its end.
func (w *walker) line(between string, breakAt int) bool {
	if !strings.HasPrefix(w.text[w.in:], between) {
		return false
	}
	if between != "" {
		here := w.at
		w.at = breakAt
		w.mark(true)
		w.at = here
	}
	w.in += len(between)
	w.mark(false)
	stop := skipLine(w.b, w.at)
	line := w.b[w.at:stop]
	if !strings.HasPrefix(w.text[w.in:], string(line)) {
		return false
	}
	w.in += len(line)
	w.at = stop
	return true
}
