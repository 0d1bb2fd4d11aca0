package chart

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// An Error is what Helm says of a template that cannot be rendered.
type Error struct {
	// Range is the place in the template; the file of the innermost one when
	// they include each other.
	Range document.Range
	// Message is Helm's, in one line.
	Message string
}

func (e *Error) Error() string { return e.Message }

// location is how Helm names a place: chart/templates/file.yaml:line:column,
// the column counted from 0.
var location = regexp.MustCompile(`([^\s():"<>]+):(\d+)(?::(\d+))?`)

// explain finds the place that an error is about.
func (c *Chart) explain(err error, templates map[string]origin) error {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if hasMarks(text) {
		text = strip(text)
	}
	var found *Error
	for _, m := range location.FindAllStringSubmatch(err.Error(), -1) {
		t, ok := templates[m[1]]
		if !ok {
			continue
		}
		line, _ := strconv.Atoi(m[2])   // digits
		column, _ := strconv.Atoi(m[3]) // digits or ""
		at := t.source.Offset(line, column+1)
		found = &Error{Range: t.source.Range(at, at), Message: text}
	}
	if found == nil {
		return err
	}
	return found
}
