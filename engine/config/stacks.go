package config

import (
	"errors"
	"fmt"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// validateStacks checks the stacks section.
func (f *File) validateStacks(src *document.Source) error {
	places := items(src, "stacks")
	met := map[string]bool{}
	for i, s := range f.Stacks {
		problem := s.problem()
		if problem == "" && met[s.Name] {
			problem = fmt.Sprintf("there are two stacks called %q", s.Name)
		}
		met[s.Name] = true
		switch {
		case problem == "":
		case i < len(places):
			return errors.New(position(places[i]) + problem)
		default:
			return at(src, "stacks", problem)
		}
	}
	return nil
}

// problem is what is wrong with a stack by itself.
func (s Stack) problem() string {
	switch {
	case s.Name == "":
		return "the stack has no name; say name: with one"
	case len(s.Paths) == 0:
		return fmt.Sprintf("stack %q has no paths; say paths: with globs of its files", s.Name)
	}
	for _, g := range s.Paths {
		if !doublestar.ValidatePattern(g) {
			return fmt.Sprintf("stack %q: path %q is no glob", s.Name, g)
		}
	}
	return ""
}
