package tfeval

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// firstProblem returns the place and the summary of the first error.
func firstProblem(src *document.Source, problems hcl.Diagnostics) (document.Range, error) {
	first := problems.Errs()[0]
	r := src.Range(0, 0)
	var problem *hcl.Diagnostic
	if errors.As(first, &problem) && problem.Subject != nil {
		r = src.Range(problem.Subject.Start.Byte, problem.Subject.End.Byte)
		first = errors.New(strings.ToLower(problem.Summary[:1]) + problem.Summary[1:])
	}
	return r, first
}

func (s *Sources) say(level document.Level, r document.Range, message string) {
	s.diagnostics = append(s.diagnostics, document.Diagnostic{Range: r, Level: level, Message: message})
}

// broken reports a file that cannot be parsed.
func (s *Sources) broken(r document.Range, err error) {
	if s.judged {
		s.diagnostics = append(s.diagnostics, document.Diagnostic{
			Range: r, Level: document.Error,
			Message: fmt.Sprintf("Terraform file cannot be parsed, so nothing in it was judged: %v", err),
		})
		return
	}
	s.warn(r, fmt.Sprintf("cannot be parsed, so places of its resources are given in the plan: %v", err))
}

func (s *Sources) warn(r document.Range, problem string) {
	s.diagnostics = append(s.diagnostics, document.Diagnostic{Range: r, Level: document.Warning, Message: "Terraform file " + problem})
}
