package suppress

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// An Exception is a suppression in the configuration. All conditions that are
// given must hold.
type Exception struct {
	// Rules are IDs, slugs or patterns of these ("pod/*"); * stands for any run of
	// characters.
	Rules []string
	// Path is a doublestar glob of file names, "" for all.
	Path string
	// Document is a pattern of addresses, names or IDs, "" for all; * stands for
	// any run of characters, ? for one.
	Document string
	// Reason is required.
	Reason string
	// Expires is the last day (YYYY-MM-DD) the exception is in force, "" for ever.
	Expires string
	// Folder is the path from the configuration's folder to the working
	// directory: globs count from the former, file names from the latter.
	Folder string
	// At is where the exception is written.
	At document.Range
}

func (a *applier) exceptions(o Options) {
	for _, e := range o.Exceptions {
		if e.Expires != "" && o.AsOf > e.Expires {
			a.warn(e.At, fmt.Sprintf("the exception for %s expired on %s; settle the findings or renew it", strings.Join(e.Rules, ", "), e.Expires))
			continue
		}
		if strings.TrimSpace(e.Reason) == "" {
			a.warn(e.At, fmt.Sprintf("the exception for %s has no reason and is not in force; give one", strings.Join(e.Rules, ", ")))
			continue
		}
		a.addException(e, o.Rules)
	}
}

func (a *applier) addException(e Exception, rules []*finding.Rule) {
	// Whether an exception is of use can be told only where the run covers what
	// it is for: a run on a few files must not complain about the others.
	idle := ""
	if e.Path == "" && e.Document == "" || slices.ContainsFunc(a.roots(), e.concerns) {
		idle = "remove the exception"
	}
	for _, name := range e.Rules {
		known := false
		for _, r := range rules {
			if !like(strings.ToLower(name), strings.ToLower(r.ID)) && !like(strings.ToLower(name), strings.ToLower(r.Slug)) {
				continue
			}
			known = true
			s := &suppression{
				rule: r, by: Config, reason: strings.TrimSpace(e.Reason), at: e.At,
				covers: e.matches,
			}
			// A pattern need not match findings of every rule it stands for.
			if !strings.ContainsAny(name, "*?") {
				s.idle = idle
			}
			a.found = append(a.found, s)
		}
		if !known {
			a.warn(e.At, fmt.Sprintf("the exception names %q, which is no rule; plimsoll rules lists the rules", name))
		}
	}
}

func (e *Exception) matches(f *finding.Finding) bool {
	inPath := e.Path == "" || e.inPath(f.Range) || f.Document != nil && e.inPath(whole(f.Document))
	if !inPath {
		return false
	}
	if e.Document == "" {
		return true
	}
	return slices.ContainsFunc(owners(f.Document), e.names)
}

func (e *Exception) concerns(d *document.Document) bool {
	return (e.Path == "" || e.inPath(whole(d))) && (e.Document == "" || e.names(d))
}

func (e *Exception) names(d *document.Document) bool {
	return like(e.Document, d.Address) || like(e.Document, d.Name) || like(e.Document, d.ID)
}

func (e *Exception) inPath(r document.Range) bool {
	file := r.Outermost().File()
	if file == "" {
		return false
	}
	if !path.IsAbs(file) {
		file = path.Join(e.Folder, file)
	}
	ok, err := doublestar.Match(e.Path, file)
	return err == nil && ok
}

func whole(d *document.Document) document.Range {
	r, _ := d.Locate(nil)
	return r
}

// like matches a pattern in which * stands for any run of characters and ? for
// one. Brackets are plain: addresses are full of them.
func like(pattern, s string) bool {
	for {
		star := strings.IndexByte(pattern, '*')
		if star < 0 {
			return len(pattern) == len(s) && prefixed(pattern, s)
		}
		head := pattern[:star]
		if len(s) < len(head) || !prefixed(head, s) {
			return false
		}
		s, pattern = s[len(head):], strings.TrimLeft(pattern[star:], "*")
		if pattern == "" {
			return true
		}
		next, _, more := strings.Cut(pattern, "*")
		if !more {
			return len(s) >= len(next) && prefixed(next, s[len(s)-len(next):])
		}
		for len(s) >= len(next) && !prefixed(next, s) {
			s = s[1:]
		}
		if len(s) < len(next) {
			return false
		}
	}
}

// prefixed reports whether s, which is at least as long, begins like head.
func prefixed(head, s string) bool {
	for i := range len(head) {
		if head[i] != '?' && head[i] != s[i] {
			return false
		}
	}
	return true
}
