package cfn

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// base64Mark begins the parts of an encoded text that is kept as it was before
// encoding, because a text with holes cannot be encoded.
const base64Mark = "Fn::Base64"

func opaque(parts []part) bool {
	return len(parts) > 0 && parts[0].hole != nil && parts[0].hole.name == base64Mark
}

// compact joins neighboring literals.
func compact(parts []part) []part {
	out := make([]part, 0, len(parts))
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			out = append(out, part{text: text.String()})
			text.Reset()
		}
	}
	for i, p := range parts {
		switch {
		case p.hole != nil:
			flush()
			out = append(out, p)
		case i+1 < len(parts) && parts[i+1].hole == nil || text.Len() > 0:
			text.WriteString(p.text)
		case p.text != "":
			out = append(out, p)
		}
	}
	flush()
	return out
}

// template writes parts as the package comment says.
func template(parts []part) string {
	var b strings.Builder
	for _, p := range parts {
		if p.hole == nil {
			b.WriteString(strings.ReplaceAll(p.text, "${", "${!"))
			continue
		}
		b.WriteString("${")
		b.WriteString(p.hole.name)
		b.WriteByte('}')
	}
	return b.String()
}

// holeName makes a text fit to be the name of a hole.
func holeName(s string) string {
	clean := func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		switch r {
		case '{', '}', '"', '\\', '$':
			return -1
		}
		return r
	}
	return strings.Map(clean, s)
}

const resolvePrefix = "{{resolve:"

// dynamicReferences turns {{resolve:...}} in a text into holes. A reference may
// be put together from pieces, and then have holes of its own.
func dynamicReferences(parts []part) []part {
	has := false
	for _, p := range parts {
		if p.hole == nil && strings.Contains(p.text, resolvePrefix) {
			has = true
			break
		}
	}
	if !has {
		return parts
	}
	var out, pending []part // pending is what follows an opened reference
	open := false
	for _, p := range parts {
		if p.hole != nil {
			if open {
				pending = append(pending, p)
			} else {
				out = append(out, p)
			}
			continue
		}
		rest := p.text
		for rest != "" {
			if !open {
				before, after, found := strings.Cut(rest, resolvePrefix)
				out = append(out, part{text: before})
				rest, open = after, found
				continue
			}
			inside, after, found := strings.Cut(rest, "}}")
			pending = append(pending, part{text: inside})
			rest = after
			if found {
				out = append(out, part{hole: resolveHole(pending)})
				pending, open = nil, false
			}
		}
	}
	if open { // never closed: CloudFormation takes it as it is
		out = append(out, part{text: resolvePrefix})
		out = append(out, pending...)
	}
	return compact(out)
}

func resolveHole(inside []part) *hole {
	var b strings.Builder
	b.WriteString("resolve:")
	unique := false
	for _, p := range inside {
		if p.hole != nil {
			b.WriteString(p.hole.name)
			unique = unique || p.hole.unique
			continue
		}
		b.WriteString(p.text)
	}
	name := holeName(b.String())
	return &hole{name: name, root: name, reason: document.DynamicReference, unique: unique}
}

// splitText splits parts at a delimiter. It fails when a hole might contain the
// delimiter, or a part of it, since the number of pieces is then not known.
func splitText(parts []part, delimiter string) ([][]part, bool) {
	for i, p := range parts {
		if p.hole != nil && mayOverlap(parts[:i], p.hole, parts[i+1:], delimiter) {
			return nil, false
		}
	}
	pieces := [][]part{nil}
	for _, p := range parts {
		if p.hole != nil {
			pieces[len(pieces)-1] = append(pieces[len(pieces)-1], p)
			continue
		}
		for i, text := range strings.Split(p.text, delimiter) {
			if i > 0 {
				pieces = append(pieces, nil)
			}
			if text != "" {
				pieces[len(pieces)-1] = append(pieces[len(pieces)-1], part{text: text})
			}
		}
	}
	return pieces, true
}

// mayOverlap reports whether some value of a hole lets the delimiter be found
// at a place that touches the hole, and none before it: what comes before the
// hole is then the literal beside it.
func mayOverlap(before []part, h *hole, after []part, delimiter string) bool {
	if h.class == nil {
		return true
	}
	left, right := "", ""
	if n := len(before); n > 0 {
		left = before[n-1].text
	}
	if len(after) > 0 {
		right = after[0].text
	}
	for i := range len(delimiter) {
		if !strings.HasSuffix(left, delimiter[:i]) {
			continue
		}
		for j := i + 1; j <= len(delimiter); j++ {
			end := delimiter[j:] // what the literal behind does not show, a hole beyond it may hold
			if consistsOf(delimiter[i:j], h.class) &&
				(strings.HasPrefix(right, end) || len(after) > 1 && strings.HasPrefix(end, right)) {
				return true
			}
		}
	}
	return false
}

func consistsOf(s string, class func(c byte) bool) bool {
	for i := range len(s) {
		if !class(s[i]) {
			return false
		}
	}
	return true
}

// Classes of characters, none of them empty in any value.

func wordClass(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-'
}

func digitClass(c byte) bool { return c >= '0' && c <= '9' }

func domainClass(c byte) bool { return wordClass(c) || c == '.' }

// idClass holds for physical IDs and ARNs of AWS resources.
func idClass(c byte) bool { return c > ' ' && c != ',' && c != '"' && c != ';' && c < 0x7f }

// issuerClass holds for a host and a path: IAM allows no port in the URL of an
// identity provider.
func issuerClass(c byte) bool { return idClass(c) && c != ':' }

// couldBe reports whether parts can become the text s.
func couldBe(parts []part, s string) bool {
	if len(parts) == 1 && parts[0].hole != nil {
		return parts[0].hole.couldBe(s)
	}
	for i, p := range parts {
		switch {
		case p.hole != nil:
		case i == 0:
			rest, ok := strings.CutPrefix(s, p.text)
			if !ok {
				return false
			}
			s = rest
		case i == len(parts)-1:
			return strings.HasSuffix(s, p.text)
		default:
			_, rest, ok := strings.Cut(s, p.text)
			if !ok {
				return false
			}
			s = rest
		}
	}
	return true
}

func (h *hole) couldBe(s string) bool {
	switch {
	case h.allowed != nil:
		return slices.Contains(h.allowed, s)
	case h.class != nil:
		return s != "" && consistsOf(s, h.class)
	default:
		return true
	}
}
