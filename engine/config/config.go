// Package config reads .plimsoll.yaml, the settings a repository keeps for
// every run.
package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"sigs.k8s.io/yaml"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A File is one configuration file. Its lists are added to those of the command
// line; its single values give way to them.
type File struct {
	Profile          string                    `json:"profile"`
	FailOn           string                    `json:"fail_on"`
	Rules            Rules                     `json:"rules"`
	Parameters       map[string]map[string]any `json:"parameters"`
	Severities       map[string]string         `json:"severities"`
	Exceptions       []Exception               `json:"exceptions"`
	Exclude          []string                  `json:"exclude"`
	Policies         []string                  `json:"policies"`
	Evidence         string                    `json:"evidence"`
	ExternalControls []string                  `json:"external_controls"`
	SystemWorkloads  []SystemWorkload          `json:"system_workloads"`
	AsOf             string                    `json:"as_of"`
	KubeVersion      string                    `json:"kube_version"`
	Outputs          []string                  `json:"outputs"`
	Baseline         string                    `json:"baseline"`
	TerraformRoot    string                    `json:"terraform_root"`
	// TemplateParameters are values of CloudFormation parameters.
	TemplateParameters map[string]string `json:"template_parameters"`

	// Stacks say which inputs make up one environment.
	Stacks []Stack `json:"stacks"`

	// Name is the file's name, relative to the working directory where it can be.
	Name string `json:"-"`
	// Folder is the path from the folder that globs count from to the working
	// directory, with slashes.
	Folder string `json:"-"`

	src *document.Source
}

// Rules choose rules by ID or slug.
type Rules struct {
	Enable []string `json:"enable"`
	Skip   []string `json:"skip"`
}

// An Exception is an accepted finding.
type Exception struct {
	Rule     Names  `json:"rule"`
	Path     string `json:"path"`
	Document string `json:"document"`
	Reason   string `json:"reason"`
	Expires  string `json:"expires"`
	// At is where the exception is written.
	At document.Range `json:"-"`
}

// A Stack says which inputs make up one environment: documents of different
// stacks never belong together.
type Stack struct {
	Name string `json:"name"`
	// Paths are globs of files, from the configuration file's folder.
	Paths []string `json:"paths"`
	// Cluster is the name of the EKS cluster that the stack's workloads run on; ""
	// leaves it to what the documents say.
	Cluster string `json:"cluster"`
	// Complete says that nothing of the environment stands elsewhere.
	Complete bool `json:"complete"`
}

// A SystemWorkload is an add-on that needs what others may not have, as the
// engine's type of that name says.
type SystemWorkload struct {
	Name       string              `json:"name"`
	Namespaces []string            `json:"namespaces"`
	Images     []string            `json:"images"`
	Allows     map[string][]string `json:"allows"`
	Reason     string              `json:"reason"`
}

// Names is a list that may be written as a single string.
type Names []string

// UnmarshalJSON implements json.Unmarshaler.
func (n *Names) UnmarshalJSON(text []byte) error {
	var one string
	if err := json.Unmarshal(text, &one); err == nil {
		*n = Names{one}
		return nil
	}
	var list []string
	if err := json.Unmarshal(text, &list); err != nil {
		return errors.New("rule must be a rule's ID or slug, or a list of them")
	}
	*n = list
	return nil
}

// Find looks for .plimsoll.yaml (or .yml) in dir and its parents up to the root
// of the repository; without a repository only in dir. It returns "" when there
// is none.
func Find(dir string) (string, error) {
	start, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find configuration: %w", err)
	}
	found := ""
	for at := start; ; at = filepath.Dir(at) {
		if found == "" {
			found = inFolder(at)
		}
		if _, err := os.Stat(filepath.Join(at, ".git")); err == nil {
			return found, nil
		}
		if at == filepath.Dir(at) {
			return inFolder(start), nil // no repository
		}
	}
}

func inFolder(dir string) string {
	for _, name := range []string{".plimsoll.yaml", ".plimsoll.yml"} {
		if st, err := os.Stat(filepath.Join(dir, name)); err == nil && st.Mode().IsRegular() {
			return filepath.Join(dir, name)
		}
	}
	return ""
}

// Load reads a configuration file for a run in the working directory cwd. Its
// errors begin with file:line:column where the line can be told.
func Load(name, cwd string) (*File, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("configuration %s does not exist", name)
	}
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	f, err := parse(short(name, cwd), text)
	if err != nil {
		return nil, err
	}
	if err := f.rebase(name, cwd); err != nil {
		return nil, err
	}
	return f, nil
}

// short names a file relative to the working directory where it can be.
func short(name, cwd string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	if rel, err := filepath.Rel(cwd, abs); err == nil {
		return filepath.ToSlash(rel)
	}
	return name
}

func parse(name string, text []byte) (*File, error) {
	src := &document.Source{Name: name, Content: text}
	f := &File{Name: name, src: src}
	if err := yaml.UnmarshalStrict(text, f); err != nil {
		return nil, explain(src, err)
	}
	if err := f.validate(src); err != nil {
		return nil, err
	}
	places := items(src, "exceptions")
	for i := range f.Exceptions {
		f.Exceptions[i].At = src.Range(0, 0)
		if i < len(places) {
			f.Exceptions[i].At = places[i]
		}
	}
	return f, nil
}

var date = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// IsDate reports whether s is a day of the calendar, written YYYY-MM-DD.
func IsDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil && date.MatchString(s)
}

// validate checks what the engine cannot: it knows no configuration file.
func (f *File) validate(src *document.Source) error {
	if _, ok := finding.ParseSeverity(f.FailOn); !ok && f.FailOn != "" && f.FailOn != "never" {
		return at(src, "fail_on", fmt.Sprintf("fail_on %q is none of critical, high, medium, low, info, never", f.FailOn))
	}
	if f.AsOf != "" && !IsDate(f.AsOf) {
		return at(src, "as_of", fmt.Sprintf("as_of %q is no date of the form YYYY-MM-DD", f.AsOf))
	}
	if !slices.Contains([]string{"", "advisory", "required", "off"}, f.Evidence) {
		return at(src, "evidence", fmt.Sprintf("evidence %q is none of advisory, required, off", f.Evidence))
	}
	for _, g := range f.Exclude {
		if !doublestar.ValidatePattern(g) {
			return at(src, "exclude", fmt.Sprintf("exclude %q is no glob", g))
		}
	}
	if err := f.validateStacks(src); err != nil {
		return err
	}
	return f.validateExceptions(src)
}

func (f *File) validateExceptions(src *document.Source) error {
	places := items(src, "exceptions")
	for i, e := range f.Exceptions {
		var problem string
		switch {
		case len(e.Rule) == 0:
			problem = "the exception names no rule; say rule: with an ID or slug"
		case e.Expires != "" && !IsDate(e.Expires):
			problem = fmt.Sprintf("expires %q is no date of the form YYYY-MM-DD", e.Expires)
		case !doublestar.ValidatePattern(e.Path):
			problem = fmt.Sprintf("path %q is no glob", e.Path)
		default:
			continue
		}
		if i < len(places) {
			return errors.New(position(places[i]) + problem)
		}
		return at(src, "exceptions", problem)
	}
	return nil
}

// rebase turns names that count from the file's folder into names that count
// from the working directory.
func (f *File) rebase(name, cwd string) error {
	abs, err := filepath.Abs(name)
	if err != nil {
		return fmt.Errorf("read configuration: %w", err)
	}
	dir := filepath.Dir(abs)
	for _, p := range []*string{&f.Baseline, &f.TerraformRoot} {
		*p = relative(dir, *p, cwd)
	}
	for i := range f.Policies {
		f.Policies[i] = relative(dir, f.Policies[i], cwd)
	}
	f.Folder = "."
	// A file from elsewhere (--config) has no say over where globs begin.
	if rel, err := filepath.Rel(dir, cwd); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		f.Folder = filepath.ToSlash(rel)
	}
	var exclude []string
	for _, g := range f.Exclude {
		exclude = append(exclude, from(g, f.Folder)...)
	}
	f.Exclude = exclude
	for i := range f.Stacks {
		var paths []string
		for _, g := range f.Stacks[i].Paths {
			paths = append(paths, from(path.Clean(g), f.Folder)...)
		}
		f.Stacks[i].Paths = paths
	}
	return nil
}

func relative(dir, name, cwd string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	joined := filepath.Join(dir, name)
	if rel, err := filepath.Rel(cwd, joined); err == nil {
		return rel
	}
	return joined
}
