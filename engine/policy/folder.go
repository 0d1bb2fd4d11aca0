package policy

import (
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Enclosing returns the library that a folder is, or is a part of, and the part
// of it: a rule's folder, or a group's, below rules/. Library is "" for a folder
// that stands alone; part is "." for all of a library.
func Enclosing(dir string) (library, part string) {
	if isLibrary(dir) {
		return dir, "."
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", ""
	}
	for at, up := abs, dir; filepath.Dir(at) != at; {
		at, up = filepath.Dir(at), filepath.Join(up, "..")
		if !isLibrary(at) {
			continue
		}
		rel, err := filepath.Rel(at, abs)
		if err != nil || !strings.HasPrefix(filepath.ToSlash(rel)+"/", "rules/") {
			return "", ""
		}
		return up, filepath.ToSlash(rel)
	}
	return "", ""
}

// Within reports whether a file of a library lies in a part of it.
func Within(file, part string) bool {
	return part == "." || part == "" || strings.HasPrefix(path.Clean(file), path.Clean(part)+"/")
}

func isLibrary(dir string) bool {
	for _, sub := range []string{"rules", "lib"} {
		if st, err := os.Stat(filepath.Join(dir, sub)); err != nil || !st.IsDir() {
			return false
		}
	}
	return true
}
