package redact

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// Sensitive stands for a value that is left out of a document.
const Sensitive = "(sensitive)"

// A View is one document without its secrets.
type View struct {
	m     *Masker
	d     *document.Document
	paths []document.Path // raw paths in d
	words []string        // what is at these paths
}

// View returns d's values as they may be shown.
func (m *Masker) View(d *document.Document) *View {
	v := &View{m: m, d: d, paths: d.Sensitive}
	// What is sensitive in a document is so in those derived from parts of it.
	var base document.Path
	for p := d; p.Parent != nil && p.Base != nil; p = p.Parent {
		base = p.Base.Append(base...)
		for _, s := range p.Parent.Sensitive {
			switch {
			case s.HasPrefix(base):
				v.paths = append(slices.Clip(v.paths), s[len(base):])
			case base.HasPrefix(s):
				v.paths = append(slices.Clip(v.paths), document.Path{})
			}
		}
	}
	for _, p := range v.paths {
		if value, ok := document.At(d.Raw, p); ok {
			v.words = texts(value, v.words, false)
		}
	}
	v.words = longestFirst(v.words)
	return v
}

// Raw copies Raw without what is secret.
func (v *View) Raw() any { return v.of(v.d.Raw, func(p document.Path) document.Path { return p }) }

// Attr copies Attr without what is secret or read from a secret place.
func (v *View) Attr() any { return v.of(v.d.Attr, v.d.RawPath) }

// Text hides secrets in a text about the document.
func (v *View) Text(s string) string {
	for _, w := range v.words {
		s = replace(s, w, Sensitive)
	}
	for d := v.d; d != nil; d = d.Parent {
		for _, w := range v.m.words[d] {
			s = replace(s, w, Sensitive)
		}
	}
	return cover(s, merge(append(v.m.everywhere.find(s), v.m.spansIn(s, false)...)), Sensitive)
}

func (v *View) of(object map[string]any, raw func(document.Path) document.Path) any {
	if object == nil {
		return map[string]any{}
	}
	named := map[string]bool{}
	w := walker{words: v.m.lexicon, found: func(p document.Path, _ string, whole bool) {
		if whole {
			named[p.String()] = true
		}
	}}
	w.walk(object)
	return v.copy(object, nil, func(at document.Path) bool {
		if len(named) > 0 && named[at.String()] {
			return true
		}
		if len(v.paths) == 0 || v.d.Type == "secret" && len(at) > 0 && at[0] == "keys" {
			return false // which keys a Secret has is no secret
		}
		place := raw(at)
		return slices.ContainsFunc(v.paths, func(p document.Path) bool {
			return place.HasPrefix(p) && (len(at) > 0 || len(p) == 0)
		})
	})
}

func (v *View) copy(value any, at document.Path, secret func(document.Path) bool) any {
	if secret(at) {
		return Sensitive
	}
	switch value := value.(type) {
	case string:
		return v.Text(value)
	case []any:
		out := make([]any, len(value))
		for i, e := range value {
			out[i] = v.copy(e, at.Append(i), secret)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(value))
		for k, e := range value {
			out[k] = v.copy(e, at.Append(k), secret)
		}
		return out
	}
	return value
}
