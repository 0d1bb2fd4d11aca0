// Package policy turns folders of Rego into rules: it reads their METADATA,
// decides which modules a run needs and compiles those.
package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A Rule is a rule's metadata with what is needed to run it.
type Rule struct {
	*finding.Rule
	// NeedsPaths and ReadsPaths are Needs and Reads, parsed.
	NeedsPaths, ReadsPaths []document.Path

	source *source
	file   string
}

// File returns the rule's file in the file system it was read from.
func (r *Rule) File() string { return r.file }

// Bundled reports whether the rule is part of the program.
func (r *Rule) Bundled() bool { return r.source.bundled }

// Judges reports whether the rule lists a document's canonical type or raw kind
// under "on". In a kind * stands for any text without a slash, as in
// kyverno.io/*/ClusterPolicy; alone it is any document.
func (r *Rule) Judges(typ, kind string) bool {
	return slices.ContainsFunc(r.On, func(on string) bool {
		if on == "" || on == "*" || !strings.Contains(on, "*") {
			return on == "*" || on != "" && (on == typ || on == kind)
		}
		ok, err := path.Match(on, kind)
		return ok && err == nil
	})
}

// A source is one file system of policies.
type source struct {
	fsys    fs.FS
	name    string // prefix of its files in messages
	bundled bool
	helpers []string // modules that are no rules, by file name
}

// A Library is all rules a run may choose from.
type Library struct {
	bundled *source
	rules   []*Rule
	facts   fs.FS
}

// A Dir is one folder of a user's own rules.
type Dir struct {
	Name string // as the user wrote it
	FS   fs.FS
}

// Load reads the bundled library (lib/, rules/, data/, index.json) and the
// users' folders. A rule that cannot be read is a RuleError and the others go
// on; an error means that no rule could be read at all.
func Load(bundled fs.FS, dirs []Dir) (*Library, []finding.RuleError, error) {
	l := &Library{bundled: &source{fsys: bundled, bundled: true}, facts: bundled}
	var broken []finding.RuleError
	rules, err := indexed(l.bundled)
	if errors.Is(err, errStale) {
		rules, broken, err = scan(l.bundled, "rules")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read the bundled rules: %w", err)
	}
	l.rules = rules
	for _, d := range dirs {
		s := &source{fsys: d.FS, name: strings.TrimSuffix(d.Name, "/") + "/"}
		rules, errs, err := scan(s, ".")
		if err != nil {
			return nil, nil, fmt.Errorf("read policies in %s: %w", d.Name, err)
		}
		l.rules = append(l.rules, rules...)
		broken = append(broken, errs...)
	}
	slices.SortStableFunc(l.rules, func(a, b *Rule) int { return strings.Compare(a.ID, b.ID) })
	kept := l.rules[:0]
	for i, r := range l.rules {
		if i > 0 && r.ID == kept[len(kept)-1].ID {
			broken = append(broken, finding.RuleError{
				Rule:    r.ID,
				Message: fmt.Sprintf("%s%s: the ID is taken by %s; choose another one", r.source.name, r.file, kept[len(kept)-1].file),
			})
			continue
		}
		kept = append(kept, r)
	}
	l.rules = kept
	return l, broken, nil
}

// Rules returns every rule, sorted by ID.
func (l *Library) Rules() []*Rule { return l.rules }

// scan reads all modules below root and their METADATA.
func scan(s *source, root string) ([]*Rule, []finding.RuleError, error) {
	var rules []*Rule
	var broken []finding.RuleError
	err := fs.WalkDir(s.fsys, root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != root && (d.Name() == "cases" || strings.HasPrefix(d.Name(), ".")) {
			return fs.SkipDir
		}
		if d.IsDir() || path.Ext(name) != ".rego" || strings.HasSuffix(name, "_test.rego") {
			return nil
		}
		rule, err := readRule(s, name)
		switch {
		case err != nil:
			broken = append(broken, finding.RuleError{Rule: name, Message: err.Error()})
		case rule == nil:
			s.helpers = append(s.helpers, name)
		default:
			rules = append(rules, rule)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) && s.bundled {
		err = nil
	}
	return rules, broken, err
}

// readRule parses one module with its annotations; nil means a helper.
func readRule(s *source, name string) (*Rule, error) {
	text, err := fs.ReadFile(s.fsys, name)
	if err != nil {
		return nil, err
	}
	module, err := ast.ParseModuleWithOpts(s.name+name, string(text), ast.ParserOptions{
		RegoVersion: ast.RegoV1, ProcessAnnotation: true,
	})
	if err != nil {
		return nil, plain(err)
	}
	meta, err := describe(module)
	if err != nil {
		return nil, fmt.Errorf("%s%s: %w", s.name, name, err)
	}
	if meta == nil {
		if !s.bundled && slices.ContainsFunc(module.Rules, func(r *ast.Rule) bool { return r.Head.Name == "deny" }) {
			return nil, fmt.Errorf("%s%s: package has a deny rule but no METADATA with custom.id above it", s.name, name)
		}
		return nil, nil //nolint:nilnil // a helper is a valid answer
	}
	return newRule(meta, s, name)
}

func newRule(meta *finding.Rule, s *source, file string) (*Rule, error) {
	r := &Rule{Rule: meta, source: s, file: file}
	for _, list := range []struct {
		texts []string
		paths *[]document.Path
	}{{meta.Needs, &r.NeedsPaths}, {meta.Reads, &r.ReadsPaths}} {
		for _, text := range list.texts {
			p, err := document.ParsePath(text)
			if err != nil {
				return nil, fmt.Errorf("%s%s: %w", s.name, file, err)
			}
			*list.paths = append(*list.paths, p)
		}
	}
	return r, nil
}

// The index keeps what METADATA says, so that a run need not parse the
// annotations of rules it will not use: that is most of a cold start.
type index struct {
	Hash  string       `json:"hash"`
	Rules []indexEntry `json:"rules"`
}

type indexEntry struct {
	File string        `json:"file"`
	Rule *finding.Rule `json:"rule"`
}

var errStale = errors.New("the rule index is missing or older than the rules")

// indexed reads the rules from the index if it is fresh.
func indexed(s *source) ([]*Rule, error) {
	text, err := fs.ReadFile(s.fsys, "index.json")
	if err != nil {
		return nil, errStale
	}
	var x index
	if err := json.Unmarshal(text, &x); err != nil {
		return nil, errStale
	}
	hash, err := hashRules(s.fsys)
	if err != nil || hash != x.Hash {
		return nil, errStale
	}
	rules := make([]*Rule, 0, len(x.Rules))
	for _, e := range x.Rules {
		r, err := newRule(e.Rule, s, e.File)
		if err != nil {
			return nil, err
		}
		rules = append(rules, r)
	}
	return rules, nil
}

// Index returns the text of index.json for a library of rules.
func Index(fsys fs.FS) ([]byte, error) {
	rules, broken, err := scan(&source{fsys: fsys, bundled: true}, "rules")
	if err != nil {
		return nil, err
	}
	if len(broken) > 0 {
		return nil, fmt.Errorf("%s: %s", broken[0].Rule, broken[0].Message)
	}
	hash, err := hashRules(fsys)
	if err != nil {
		return nil, err
	}
	x := index{Hash: hash}
	for _, r := range rules {
		x.Rules = append(x.Rules, indexEntry{File: r.file, Rule: r.Rule})
	}
	out, err := json.MarshalIndent(x, "", " ")
	return append(out, '\n'), err
}

// hashRules fingerprints every rule file: enough to see that the index is
// stale, not meant against an attacker.
func hashRules(fsys fs.FS) (string, error) {
	h := fnv.New64a()
	files, err := fs.Glob(fsys, "rules/*/*/rule.rego")
	if err != nil {
		return "", err
	}
	for _, f := range files {
		text, err := fs.ReadFile(fsys, f)
		if err != nil {
			return "", err
		}
		_, _ = h.Write([]byte(f))
		_, _ = h.Write(text)
	}
	return fmt.Sprintf("%016x", h.Sum64()), nil
}

// plain shortens OPA's error lists to one line an error.
func plain(err error) error {
	var list ast.Errors
	if !errors.As(err, &list) {
		return err
	}
	var lines []string
	for _, e := range list {
		at := ""
		if e.Location != nil {
			at = fmt.Sprintf("%s:%d:%d: ", e.Location.File, e.Location.Row, e.Location.Col)
		}
		lines = append(lines, at+e.Message)
	}
	return errors.New(strings.Join(lines, "; "))
}
