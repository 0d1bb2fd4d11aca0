package tfeval

import (
	"embed"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// standInFiles describe registry modules that need not be on disk to be
// understood: for each a table of its inputs (<name>.yaml), dated, with the
// name and the default that every major version gives them, and what matters
// here of the resources it makes of them (<name>.tf). Input names and defaults
// are those of the modules' variables.tf at the tags the tables name.
//
//go:embed standins
var standInFiles embed.FS

// A standIn says how the variables of a stand-in are called in a version of the
// module.
type standIn struct {
	inputs map[string]input
}

type input struct {
	argument string // "" where the version has no such input
	fallback cty.Value
	nullable bool
}

// A standInTable is the YAML beside a stand-in.
type standInTable struct {
	// Sources are the registry names the table is about, as regular expressions.
	Sources []string `yaml:"sources"`
	Read    string   `yaml:"read"`
	Latest  int      `yaml:"latest"`
	Oldest  int      `yaml:"oldest"`
	// NullableUntil is the last version that passes null on; later ones take the
	// default, save for inputs that are nullable themselves.
	NullableUntil int `yaml:"nullable_until"`
	// Tells maps arguments to the versions that have them: [from, to].
	Tells  map[string][2]int `yaml:"tells"`
	Inputs map[string]struct {
		// Names and Defaults are by the version from which they hold.
		Names    map[int]string `yaml:"names"`
		Defaults map[int]any    `yaml:"defaults"`
		Nullable bool           `yaml:"nullable"`
	} `yaml:"inputs"`
}

// standInFor returns what stands in for a registry module that is not on disk;
// nil if the module is not known here.
func (s *Sources) standInFor(caller *directory, call *definition) *directory {
	if call == nil {
		return nil
	}
	source, _ := call.argument("source")
	if name, ok := strings.CutPrefix(source.text, "standin:"); ok && caller.standIn != nil {
		major := path.Base(caller.path)
		n, _ := strconv.Atoi(major)
		return s.standIn(name, n)
	}
	entries, err := standInFiles.ReadDir("standins")
	if err != nil || source.text == "" {
		return nil
	}
	address := registryName(source.text)
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), ".yaml")
		if !ok {
			continue
		}
		table := readTable(name)
		for _, pattern := range table.Sources {
			if ok, err := regexp.MatchString("^(?:"+pattern+")$", address); err == nil && ok {
				if major := table.major(call, source.text); major > 0 {
					return s.standIn(name, major)
				}
				return nil
			}
		}
	}
	return nil
}

// registryName writes the sources that name the same module in one way: with
// the registry's host, or the repository it is published from.
func registryName(source string) string {
	source, _, _ = strings.Cut(source, "?")
	source = strings.TrimPrefix(source, "registry.terraform.io/")
	source = strings.TrimPrefix(source, "registry.opentofu.org/")
	if m := gitSource.FindStringSubmatch(source); m != nil {
		return m[1] + "/" + m[3] + "/" + m[2] + m[4]
	}
	return source
}

// gitSource matches github.com/terraform-aws-modules/terraform-aws-eks in its
// spellings.
var gitSource = regexp.MustCompile(`^(?:git::)?(?:https://|ssh://git@|git@)?github\.com[/:]([\w-]+)/terraform-(\w+)-([\w-]+?)(?:\.git)?(//.*)?$`) //nolint:gochecknoglobals // a constant

func readTable(name string) standInTable {
	var out standInTable
	if data, err := standInFiles.ReadFile("standins/" + name + ".yaml"); err == nil {
		// Tests read every table; a broken one knows no sources.
		_ = yaml.Unmarshal(data, &out)
	}
	return out
}

var versionNumber = regexp.MustCompile(`(~>|>=|<=|!=|>|<|=)?\s*v?(\d+)(?:\.(\d+))?`) //nolint:gochecknoglobals // a constant

// major decides which version of the module a call means: by its constraint,
// else by the arguments that only some versions have, else the latest one; 0 if
// the table does not reach there.
func (t standInTable) major(call *definition, source string) int {
	low, high := t.Oldest, t.Latest
	constraint := ""
	if v, ok := call.argument("version"); ok {
		constraint = v.text
	} else if _, ref, ok := strings.Cut(source, "?ref="); ok {
		constraint = ref
	}
	for part := range strings.SplitSeq(constraint, ",") {
		m := versionNumber.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil {
			continue
		}
		n, _ := strconv.Atoi(m[2])
		switch m[1] {
		case ">=", ">":
			low = max(low, n)
		case "<":
			if m[3] == "" || m[3] == "0" {
				n--
			}
			high = min(high, n)
		case "<=":
			high = min(high, n)
		case "~>":
			low = max(low, n)
			if m[3] != "" {
				high = min(high, n)
			}
		case "!=":
		default:
			if n < t.Oldest || n > t.Latest {
				return 0
			}
			low, high = n, n
		}
	}
	for argument, between := range t.Tells {
		if call.expression(argument) != nil && between[0] <= high && between[1] >= low {
			low, high = max(low, between[0]), min(high, between[1])
		}
	}
	if low > high {
		return 0
	}
	return high
}

// standIn reads one version of a stand-in, once.
func (s *Sources) standIn(name string, major int) *directory {
	key := name + "/" + strconv.Itoa(major)
	if d, ok := s.standIns[key]; ok {
		return d
	}
	if s.standIns == nil {
		s.standIns = map[string]*directory{}
	}
	s.standIns[key] = nil
	content, err := standInFiles.ReadFile("standins/" + name + ".tf")
	if err != nil {
		return nil
	}
	src := &document.Source{Name: "standins/" + name + ".tf", Content: content}
	file, problems := hclsyntax.ParseConfig(content, src.Name, startOfFile())
	native, ok := file.Body.(*hclsyntax.Body)
	if problems.HasErrors() || !ok {
		return nil
	}
	d := newDirectory("standin/" + key)
	for _, block := range native.Blocks {
		d.add(src, block)
	}
	d.standIn = readTable(name).at(major)
	s.standIns[key] = d
	return d
}

// at picks what holds in one major version.
func (t standInTable) at(major int) *standIn {
	out := &standIn{inputs: map[string]input{"major": {fallback: cty.NumberIntVal(int64(major))}}}
	for name, in := range t.Inputs {
		one := input{argument: name, nullable: in.Nullable || major <= t.NullableUntil, fallback: cty.NullVal(cty.DynamicPseudoType)}
		if in.Names != nil {
			one.argument = since(in.Names, major, "")
		}
		if one.argument == "-" {
			one.argument = ""
		}
		if v, err := fromPlain(since(in.Defaults, major, nil), 0); err == nil {
			one.fallback = v
		}
		if plain := one.fallback; plain.IsNull() {
			one.nullable = true
		}
		out.inputs[name] = one
	}
	return out
}

// since returns the entry with the highest version that is not above major.
func since[T any](by map[int]T, major int, without T) T {
	best, out := -1, without
	for from, v := range by {
		if from <= major && from > best {
			best, out = from, v
		}
	}
	return out
}
