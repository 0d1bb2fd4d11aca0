package cfn

import (
	"crypto/md5"
	"encoding/hex"
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// "aws cloudformation package" and "sam package" upload what a template names
// by a local path, and put the address of the upload in its place. Its last
// part is the MD5 of what was uploaded, for templates with ".template" behind
// it: https://s3.amazonaws.com/bucket/prefix/9fceb02d0ae598e95dc970b74767f193.template.
// A template is uploaded in the words of the tool, so that its hash is that of
// the local file only if that had been packaged already; the template that was
// packaged still has the path.
// https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html
const uploadNames = `^([0-9a-f]{32})(\.template)?$`

// Bounds of a search. Nobody keeps more templates beside each other.
const (
	maxEntries     = 5_000
	maxFolders     = 8
	maxTemplate    = 2 << 20
	foldersUpwards = 2
)

// upload finds the file in the tree behind an address that ends with a hash.
// same tells whether a template is the one that was packaged, by what it says
// at the same place, and returns the path that stands there.
func (t *tmpl) upload(address string, same func(root *yamlnode.Node) string) (string, bool) {
	m := t.session.pattern(uploadNames).FindStringSubmatch(path.Base(address))
	if m == nil || t.session.options.ReadDir == nil {
		return "", false
	}
	l := t.session.look(path.Dir(t.src.Name))
	if names := l.hashes[m[1]]; len(names) > 0 {
		return names[0], names[0] != t.src.Name
	}
	var found []string
	for _, name := range l.templates {
		if name == t.src.Name {
			continue
		}
		f := t.session.quietly(name)
		if f == nil {
			continue
		}
		local := same(f)
		if local == "" || strings.Contains(local, "://") || path.IsAbs(local) {
			continue
		}
		local = path.Join(path.Dir(name), local)
		if _, err := t.session.options.ReadFile(local); err == nil && local != t.src.Name && !slices.Contains(found, local) {
			found = append(found, local)
		}
	}
	if len(found) != 1 {
		return "", false // of several templates with such a stack nobody knows which was packaged
	}
	return found[0], true
}

// stackPath returns the local path of the template of a stack in another
// template, "" if there is no stack of this logical ID.
func stackPath(r *resource, key string) func(root *yamlnode.Node) string {
	return func(root *yamlnode.Node) string {
		n := root
		for _, k := range []string{"Resources", r.id} {
			if n = child(n, k); n == nil {
				return ""
			}
		}
		properties := child(n, "Properties")
		if childText(n, "Type") != r.typ || properties == nil {
			return ""
		}
		return childText(properties, key)
	}
}

// An uploads is what lies around a template.
type uploads struct {
	hashes    map[string][]string // names by MD5
	templates []string
}

// look reads the files in the folder of a template, in those below it and in
// those around it, once.
func (s *session) look(dir string) *uploads {
	if found, ok := s.uploads[dir]; ok {
		return found
	}
	w := uploadWalk{session: s, left: maxEntries, seen: map[string]bool{}, found: &uploads{hashes: map[string][]string{}}}
	at := dir
	for range foldersUpwards + 1 {
		w.folder(at, 0)
		next := path.Join(at, "..")
		if next == at {
			break
		}
		at = next
	}
	if s.uploads == nil {
		s.uploads = map[string]*uploads{}
	}
	s.uploads[dir] = w.found
	return w.found
}

type uploadWalk struct {
	session *session
	left    int
	seen    map[string]bool
	found   *uploads
}

func (w *uploadWalk) folder(dir string, depth int) {
	if w.seen[dir] || depth > maxFolders {
		return
	}
	w.seen[dir] = true
	entries, err := w.session.options.ReadDir(dir)
	if err != nil {
		return // a file, or outside of what may be read
	}
	slices.Sort(entries)
	for _, e := range entries {
		if w.left--; w.left < 0 {
			return
		}
		name := path.Join(dir, e)
		switch path.Ext(e) {
		case ".yaml", ".yml", ".json", ".template":
			w.file(name)
		default:
			if e != "node_modules" && !strings.HasPrefix(e, ".git") && !strings.HasPrefix(e, ".terraform") {
				w.folder(name, depth+1)
			}
		}
	}
}

func (w *uploadWalk) file(name string) {
	content, err := w.session.options.ReadFile(name)
	if err != nil || len(content) > maxTemplate {
		return
	}
	sum := md5.Sum(content)
	hash := hex.EncodeToString(sum[:])
	w.found.hashes[hash] = append(w.found.hashes[hash], name)
	if Detect(content, true) == IsTemplate {
		w.found.templates = append(w.found.templates, name)
	}
}

// quietly parses a file without a word about its mistakes; nil if it cannot be
// read.
func (s *session) quietly(name string) *yamlnode.Node {
	content, err := s.options.ReadFile(name)
	if err != nil {
		return nil
	}
	docs, _ := yamlnode.Parse(&document.Source{Name: name, Content: content})
	if len(docs) == 0 || docs[0].Root == nil {
		return nil
	}
	return docs[0].Root.Target()
}
