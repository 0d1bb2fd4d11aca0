package config

import (
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// from turns a glob into globs that mean the same to a run inside folder: what
// is left of it below folder, and the glob itself for names with "../".
func from(glob, folder string) []string {
	if folder == "." || path.IsAbs(glob) {
		return []string{glob}
	}
	segments := strings.Split(folder, "/")
	out := below(strings.Split(glob, "/"), segments)
	return append(out, strings.Repeat("../", len(segments))+glob)
}

// below returns what is left of a glob once its first segments have matched a
// folder's.
func below(glob, folder []string) []string {
	switch {
	case len(folder) == 0 && len(glob) > 0:
		return []string{strings.Join(glob, "/")}
	case len(glob) == 0:
		return []string{"**"} // the glob names the folder itself, or one above it
	case glob[0] == "**":
		return unique(append(below(glob[1:], folder), below(glob, folder[1:])...))
	}
	if ok, err := doublestar.Match(glob[0], folder[0]); err != nil || !ok {
		return nil
	}
	return below(glob[1:], folder[1:])
}

func unique(list []string) []string {
	seen := map[string]bool{}
	out := list[:0]
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
