package tfplan

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// computedTable tells, for the types rules are about, which values the provider
// sets: one line per type, "type|computed|optional and computed|filled|written".
// Paths are without indices. Filled are the blocks that a plan shows as unknown
// when they are left out, written those that it shows as empty; the schema does
// not say so, real plans do. It is made from the schema of hashicorp/aws 5.100.0
// and the plan in testdata/left-out.json (schema_test.go).
//
//go:embed computed.txt
var computedTable string

// A class says who may set a value.
type class int

const (
	unlisted         class = iota // the type is not in the table
	configured                    // only the author, as far as the table says
	optionalComputed              // the author, else the provider
	computed                      // only the provider
	writtenBlock                  // a block that is only there if it is written
)

// A row is the line of one type, with a class for every path; nil for types
// outside the table.
type row map[string]class

// tableRow reads the line of a type.
func tableRow(resourceType string) row {
	rest := computedTable
	for rest != "" {
		line := rest
		if end := strings.IndexByte(rest, '\n'); end >= 0 {
			line, rest = rest[:end], rest[end+1:]
		} else {
			rest = ""
		}
		if columns, ok := strings.CutPrefix(line, resourceType+"|"); ok {
			out := row{}
			for i, names := range strings.Split(columns, "|") {
				for name := range strings.SplitSeq(names, ",") {
					out[name] = []class{computed, optionalComputed, optionalComputed, writtenBlock}[min(i, 3)]
				}
			}
			return out
		}
	}
	return nil
}

// classOf looks up the value at a raw path of a resource type.
func (p *Plan) classOf(resourceType string, path document.Path) class {
	r, ok := p.rows[resourceType]
	if !ok {
		if p.rows == nil {
			p.rows = map[string]row{}
		}
		r = tableRow(resourceType)
		p.rows[resourceType] = r
	}
	if r == nil {
		return unlisted
	}
	name := plainPath(path)
	if c, ok := r[name]; ok {
		return c
	}
	// What lies inside a value that the provider computes is computed with it.
	for i := strings.LastIndexByte(name, '.'); i > 0; i = strings.LastIndexByte(name[:i], '.') {
		if r[name[:i]] == computed {
			return computed
		}
	}
	return configured
}

// plainPath joins the names of a path without its indices.
func plainPath(path document.Path) string {
	var names []string
	for _, e := range path {
		if name, ok := e.(string); ok {
			names = append(names, name)
		}
	}
	return strings.Join(names, ".")
}

// commonComputed lists attributes that in every provider are set by the
// service only, for types outside the table. `id` and what is named *_id or
// *_arn of itself can be an argument too, so only the bare names are here.
var commonComputed = []string{ //nolint:gochecknoglobals // a constant list
	"id", "arn", "unique_id", "owner_id", "uid", "resource_version", "generation", "self_link", "create_date",
	"creation_date", "created_at", "last_modified", "status", "etag", "url", "json",
}

// isComputedOnly reports whether no author can set the value at path. An id is
// always the provider's: where its schema lets authors write one, a default
// for it does not exist.
func (p *Plan) isComputedOnly(resourceType string, path document.Path) bool {
	if len(path) == 1 && path[0] == "id" {
		return true
	}
	switch p.classOf(resourceType, path) {
	case computed:
		return true
	case unlisted:
		last, ok := path[len(path)-1].(string)
		return ok && slices.Contains(commonComputed, last)
	default:
		return false
	}
}
