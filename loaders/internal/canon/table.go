package canon

import (
	_ "embed"
	"encoding/json"
	"strconv"
	"strings"
	"sync"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// compiledTables holds the tables in the form that is cheap to load: one line
// of JSON for each source of each type, with that source's paths only.
// compiledIndex says which line a raw kind needs: lines of kind, type, source,
// offset and length, parted by tabs; where a kind's documents are derived from
// those of another one, that kind follows. "go test -update" in this folder
// writes both from tables/*.yaml; TestTables_CompiledFormIsFresh fails when
// they are stale.
var (
	//go:embed compiled/tables.jsonl
	compiledTables string
	//go:embed compiled/index.tsv
	compiledIndex string
)

// A from says where an attribute stands in one source. In YAML it is a path, a
// list of paths of which the first that is written counts, or an object.
type from struct {
	// First lists paths of which the first that is written counts.
	First []string `json:"first,omitempty"`
	// Prefix is the path of the beginning of a name the service completes.
	Prefix string `json:"prefix,omitempty"`
	// Union lists paths whose elements are put together.
	Union []string `json:"union,omitempty"`
	// Values translates raw values, written as strings, to canonical ones.
	Values map[string]any `json:"values,omitempty"`
	// Const is the value every document of the source has.
	Const any `json:"const,omitempty"`
}

// UnmarshalJSON reads the three forms.
func (f *from) UnmarshalJSON(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	switch text[0] {
	case '"':
		var path string
		if err := json.Unmarshal(text, &path); err != nil {
			return err
		}
		f.First = []string{path}
		return nil
	case '[':
		return json.Unmarshal(text, &f.First)
	}
	type plain from
	return json.Unmarshal(text, (*plain)(f))
}

// A fallback is a documented default and where it is documented.
type fallback struct {
	// For limits the default to some sources; empty means all of them.
	For []string `json:"for,omitempty"`
	// When and Unless are raw paths that must or must not be written.
	When   string `json:"when,omitempty"`
	Unless string `json:"unless,omitempty"`
	Value  any    `json:"value,omitempty"`
	// Ambiguous marks that what applies cannot be told from the document.
	Ambiguous bool `json:"ambiguous,omitempty"`
	// Owner is service, provider, tool, module or api_server; Since is the day
	// the fact was last verified; Evidence is where it is stated.
	Owner    string `json:"owner,omitempty"`
	Since    string `json:"since,omitempty"`
	Evidence string `json:"evidence,omitempty"`
}

func (f *fallback) state() document.State {
	if f.Ambiguous {
		return document.State{
			Kind: document.Unknown, Reason: document.AmbiguousDefault,
			Owner: f.Owner, Since: f.Since, Evidence: f.Evidence,
		}
	}
	return document.State{Kind: document.Defaulted, Owner: f.Owner, Since: f.Since, Evidence: f.Evidence}
}

// An entry is one line of compiledIndex.
type entry struct {
	kind, typ, source string
	offset, length    int
	parent            string
}

// lookUp finds the entry of a kind without reading the others.
func lookUp(kind string) (entry, bool) {
	start := strings.Index(compiledIndex, "\n"+kind+"\t")
	if start < 0 {
		return entry{}, false
	}
	line, _, _ := strings.Cut(compiledIndex[start+1:], "\n")
	e, ok := parseEntry(line)
	return e, ok && e.kind == kind
}

func parseEntry(line string) (entry, bool) {
	f := strings.Split(line, "\t")
	if len(f) != 6 {
		return entry{}, false
	}
	offset, err1 := strconv.Atoi(f[3])
	length, err2 := strconv.Atoi(f[4])
	ok := err1 == nil && err2 == nil && offset+length <= len(compiledTables)
	return entry{kind: f[0], typ: f[1], source: f[2], offset: offset, length: length, parent: f[5]}, ok
}

// entries reads the whole index.
func entries() []entry {
	var out []entry
	for line := range strings.Lines(compiledIndex) {
		if e, ok := parseEntry(strings.TrimSuffix(line, "\n")); ok {
			out = append(out, e)
		}
	}
	return out
}

// load reads the plan of an entry. The tables are generated and a test reads
// each of them, so an unreadable one cannot be in a program that was tested.
func (e entry) load() *plan {
	var view sourceView
	if json.Unmarshal([]byte(compiledTables[e.offset:e.offset+e.length]), &view) != nil {
		return nil
	}
	return &plan{typ: e.typ, source: e.source, root: parseSteps(view.Root), attrs: planAttributes(view.Attributes, view.Refs)}
}

// A sourceView is a table as one of its sources sees it.
type sourceView struct {
	Root       string             `json:"root,omitempty"`
	Refs       bool               `json:"refs,omitempty"`
	Attributes []*sourceAttribute `json:"attributes"`
}

// A sourceAttribute is an attribute as one source sees it.
type sourceAttribute struct {
	Name          string             `json:"name"`
	Type          string             `json:"type"`
	Enum          []string           `json:"enum,omitempty"`
	EmptyIsAbsent bool               `json:"empty_is_absent,omitempty"`
	Hidden        bool               `json:"hidden,omitempty"`
	From          *from              `json:"from,omitempty"`
	Default       []*fallback        `json:"default,omitempty"`
	Items         []*sourceAttribute `json:"items,omitempty"`
}

// An interpreter holds the plans of the kinds that occur in one run.
type interpreter struct {
	mu    sync.RWMutex
	plans map[string]*plan // by raw kind; nil for kinds without a table
}

func newInterpreter(docs []*document.Document) *interpreter {
	in := &interpreter{plans: map[string]*plan{}}
	for _, d := range docs {
		in.plan(d.Kind)
	}
	return in
}

// plan returns how documents of a kind are read, nil if no table has it.
func (in *interpreter) plan(kind string) *plan {
	in.mu.RLock()
	p, ok := in.plans[kind]
	in.mu.RUnlock()
	if ok {
		return p
	}
	e, ok := lookUp(kind)
	if !ok {
		e, ok = lookUp(anyVersion(kind))
	}
	if ok {
		p = e.load()
	}
	in.mu.Lock()
	in.plans[kind] = p
	in.mu.Unlock()
	return p
}

// anyVersion writes "*" for the version of "group/version/Kind".
func anyVersion(kind string) string {
	last := strings.LastIndexByte(kind, '/')
	if last < 0 {
		return kind
	}
	first := strings.LastIndexByte(kind[:last], '/')
	if first < 0 {
		return kind
	}
	return kind[:first] + "/*" + kind[last:]
}

// A step is one move down a raw value.
type step struct {
	elem any    // the key as a path element
	key  string // "" for each
	each bool   // every element of a list, or every value of an object
}

// fromRoot stands first in a path that is counted from the document's root.
const fromRoot = "^"

// parseSteps reads "a.b[].c", "a.*.id" and `a["k.l/m"].n`. A path with a
// leading "^" is counted from the document's root and begins with the step "^".
func parseSteps(path string) []step {
	var out []step
	if rest, ok := strings.CutPrefix(path, fromRoot); ok {
		out, path = append(out, step{key: fromRoot}), rest
	}
	for path != "" {
		var part string
		switch {
		case strings.HasPrefix(path, `["`):
			end := strings.Index(path, `"]`)
			if end < 0 {
				return nil
			}
			part, path = path[2:end], path[end+2:]
			out = append(out, step{elem: part, key: part})
		case strings.HasPrefix(path, "[]"):
			path = path[2:]
			out = append(out, step{each: true})
		case path[0] == '.':
			path = path[1:]
		default:
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			part, path = path[:end], path[end:]
			out = append(out, step{elem: part, key: part, each: part == "*"})
		}
	}
	return out
}

// A plan is a table seen from one of its kinds.
type plan struct {
	typ    string
	source string // the table's short name of the source
	root   []step
	attrs  []*attrPlan
}

// isObject reports whether the source is managed objects that refer to each
// other by name.
func (p *plan) isObject() bool {
	return strings.HasPrefix(p.source, "xp") || p.source == "ack"
}

// An attrPlan is an attribute seen from one source.
type attrPlan struct {
	name     string
	segments []string
	typ      valueType
	enum     []string
	refs     bool
	noEmpty  bool
	hidden   bool
	constant any
	first    [][]step
	prefix   []step
	union    [][]step
	values   map[string]any
	defaults []*fallbackPlan
	items    []*attrPlan
}

type fallbackPlan struct {
	*fallback
	when, unless []step
}

func planAttributes(attributes []*sourceAttribute, refs bool) []*attrPlan {
	out := make([]*attrPlan, 0, len(attributes))
	for _, a := range attributes {
		p := &attrPlan{
			name: a.Name, segments: strings.Split(a.Name, "."), typ: parseType(a.Type),
			enum: a.Enum, noEmpty: a.EmptyIsAbsent, hidden: a.Hidden, refs: refs,
		}
		if f := a.From; f != nil {
			p.first, p.union, p.prefix = parseAll(f.First), parseAll(f.Union), parseSteps(f.Prefix)
			p.values, p.constant = f.Values, f.Const
		}
		for _, d := range a.Default {
			p.defaults = append(p.defaults, &fallbackPlan{
				fallback: d, when: parseSteps(d.When), unless: parseSteps(d.Unless),
			})
		}
		p.items = planAttributes(a.Items, refs)
		out = append(out, p)
	}
	return out
}

// parseAll parses paths; nil says that there are none.
func parseAll(paths []string) [][]step {
	if len(paths) == 0 {
		return nil
	}
	out := make([][]step, 0, len(paths))
	for _, p := range paths {
		out = append(out, parseSteps(p))
	}
	return out
}

// A valueType is what a canonical attribute holds.
type valueType int

const (
	anyType valueType = iota
	boolType
	intType
	stringType
	refType
	listType
	refsType
	mapType
	policyType
	jsonType
	presentType
	objectsType
)

// parseType reads the names tables use. A set is a list without repeats; a ref
// is a string that names another resource.
func parseType(name string) valueType {
	switch name {
	case "bool":
		return boolType
	case "int":
		return intType
	case "string":
		return stringType
	case "ref":
		return refType
	case "list", "set":
		return listType
	case "refs":
		return refsType
	case "map":
		return mapType
	case "policy":
		return policyType
	case "json":
		return jsonType
	case "present":
		return presentType
	case "objects":
		return objectsType
	}
	return anyType
}
