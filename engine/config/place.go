package config

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// The decoder converts YAML to JSON first, and its errors about fields name a
// key but no line; so the key is looked for in the text.
var (
	yamlLine     = regexp.MustCompile(`yaml: (?:unmarshal errors:\s*)?line (\d+): (.*)`)
	unknownField = regexp.MustCompile(`unknown field "([^"]*)"`)
	wrongType    = regexp.MustCompile(`cannot unmarshal (\w+) into Go (?:struct field \w+\.([\w.]+)|value) of type (\S+)`)
)

// explain turns a decoding error into one a user can act on.
func explain(src *document.Source, err error) error {
	text := err.Error()
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("%s:%s: %s", src.Name, m[1], strings.TrimSpace(m[2]))
	}
	if m := unknownField.FindStringSubmatch(text); m != nil {
		return at(src, m[1], fmt.Sprintf("unknown field %q; fields are %s; below rules: %s; below exceptions: %s; below stacks: %s",
			m[1], fields[File](), fields[Rules](), fields[Exception](), fields[Stack]()))
	}
	if m := wrongType.FindStringSubmatch(text); m != nil {
		if m[2] == "" {
			return fmt.Errorf("%s: the file must be a mapping, not a %s", src.Name, m[1])
		}
		key := m[2][strings.LastIndexByte(m[2], '.')+1:]
		return at(src, key, fmt.Sprintf("%s must be a %s, not a %s", m[2], kind(m[3]), m[1]))
	}
	if _, after, ok := strings.Cut(text, "decoding JSON: "); ok {
		text = after
	}
	return fmt.Errorf("%s: %s", src.Name, text)
}

// fields lists the keys of a type.
func fields[T any]() string {
	var out []string
	for field := range reflect.TypeFor[T]().Fields() {
		if name := field.Tag.Get("json"); name != "-" && field.IsExported() {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// kind names a Go type for people who write YAML.
func kind(goType string) string {
	switch {
	case strings.HasPrefix(goType, "[]"):
		return "list"
	case strings.HasPrefix(goType, "map["), strings.HasPrefix(goType, "config."):
		return "mapping"
	}
	return goType
}

// at is an error at the line of a key, if that key is written just once.
func at(src *document.Source, key, problem string) error {
	if r, ok := find(src, key); ok {
		return errors.New(position(r) + problem)
	}
	return errors.New(src.Name + ": " + problem)
}

func position(r document.Range) string {
	return r.File() + ":" + strconv.Itoa(r.Start.Line) + ":" + strconv.Itoa(r.Start.Column) + ": "
}

// find returns where a mapping key is written, when that is clear.
func find(src *document.Source, key string) (document.Range, bool) {
	pattern := regexp.MustCompile(`(?m)^[ \t]*(?:- +)*["']?(` + regexp.QuoteMeta(key) + `)["']?[ \t]*:(?:\s|$)`)
	all := pattern.FindAllSubmatchIndex(src.Content, 2)
	if len(all) != 1 {
		return document.Range{}, false
	}
	return src.Range(all[0][2], all[0][3]), true
}

// items returns where the elements of a top-level block list begin; none for a
// list in brackets.
func items(src *document.Source, key string) []document.Range {
	var out []document.Range
	inside, indent := false, -1
	for n := 1; n <= src.Lines(); n++ {
		line := src.Line(n)
		text := strings.TrimLeft(line, " ")
		lead := len(line) - len(text)
		switch {
		case text == "" || strings.HasPrefix(text, "#"):
		case lead == 0 && !strings.HasPrefix(text, "-"):
			inside = strings.HasPrefix(text, key+":")
		case inside && strings.HasPrefix(text, "-") && (indent < 0 || lead == indent):
			indent = lead
			start := src.Offset(n, lead+1)
			out = append(out, src.Range(start, start+len(strings.TrimRight(text, " "))))
		}
	}
	return out
}

// At puts the place of a value in the file before a problem with it; without
// one the problem is returned as it is.
func (f *File) At(value string, problem error) error {
	if f.src == nil || value == "" {
		return problem
	}
	pattern := regexp.MustCompile(`(?m)(?:^|[\s\["',:])(` + regexp.QuoteMeta(value) + `)(?:$|[\s\]"',:])`)
	for n := 1; n <= f.src.Lines(); n++ {
		line := f.src.Line(n)
		m := pattern.FindStringSubmatchIndex(line)
		if len(m) < 4 || strings.Contains(line[:m[2]], "#") {
			continue
		}
		start := f.src.Offset(n, m[2]+1)
		return fmt.Errorf("%s%w", position(f.src.Range(start, start+len(value))), problem)
	}
	return problem
}
