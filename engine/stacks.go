package engine

import (
	"context"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/plimsoll-dev/plimsoll/engine/eval"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/link"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A Stack says which inputs make up one environment.
type Stack struct {
	// Name is what the user calls it.
	Name string
	// Paths are globs of file names as documents have them.
	Paths []string
	// Cluster is the name of the EKS cluster its workloads run on, or "".
	Cluster string
	// Complete says that nothing of the environment stands elsewhere: what is not
	// found is missing, and a gap is a finding like any other.
	Complete bool
}

// A Part is the documents of one environment.
type Part struct {
	Documents []*document.Document
	Options   link.Options
}

// Parts divides documents into the environments they belong to, in the order of
// the stacks; what no stack names comes last. A document may belong to several.
func Parts(docs []*document.Document, stacks []Stack) []Part {
	if len(stacks) == 0 {
		return []Part{{Documents: docs}}
	}
	parts := make([]Part, len(stacks)+1)
	for i, s := range stacks {
		parts[i].Options = link.Options{Name: s.Name, Cluster: s.Cluster, Complete: s.Complete}
	}
	byFile := map[string][]int{}
	for _, d := range docs {
		for _, i := range stacksOf(d, stacks, byFile) {
			parts[i].Documents = append(parts[i].Documents, d)
		}
	}
	return slices.DeleteFunc(parts, func(p Part) bool { return len(p.Documents) == 0 })
}

// stacksOf lists the stacks a document belongs to: by the file or root it was
// read as a part of, else by the file it is written in.
func stacksOf(d *document.Document, stacks []Stack, byFile map[string][]int) []int {
	top := d
	for top.Parent != nil {
		top = top.Parent
	}
	root, _, _ := strings.Cut(top.ID, "#")
	found := named(root, stacks, byFile)
	if len(found) == 0 {
		r, _ := top.Locate(nil)
		if file := r.File(); file != "" && file != root {
			found = named(file, stacks, byFile)
		}
	}
	if len(found) == 0 {
		return []int{len(stacks)}
	}
	return found
}

func named(file string, stacks []Stack, byFile map[string][]int) []int {
	if found, ok := byFile[file]; ok {
		return found
	}
	var found []int
	for i, s := range stacks {
		if slices.ContainsFunc(s.Paths, func(g string) bool { return covers(g, file) }) {
			found = append(found, i)
		}
	}
	byFile[file] = found
	return found
}

// covers reports whether a glob names a file, or a folder it is in.
func covers(glob, file string) bool {
	if ok, err := doublestar.Match(glob, file); err == nil && ok {
		return true
	}
	ok, err := doublestar.Match(strings.TrimSuffix(glob, "/")+"/**", file)
	return err == nil && ok
}

// stacks judges each environment by itself.
func stacks(ctx context.Context, e *eval.Evaluator, docs []*document.Document, of []Stack) (eval.Outcome, error) {
	out := eval.Outcome{Judged: map[string]int{}}
	for _, p := range Parts(docs, of) {
		one, err := worlds(ctx, e, p.Documents, p.Options)
		if err != nil {
			return out, err
		}
		if p.Options.Complete {
			settle(one.Findings)
		}
		out.Findings = append(out.Findings, one.Findings...)
		out.Errors = append(out.Errors, one.Errors...)
		for id, n := range one.Judged {
			out.Judged[id] += n
		}
	}
	if len(of) > 0 {
		out.Findings = sharedOnce(out.Findings)
	}
	return out, nil
}

// settle makes the gaps of a complete environment findings like others: what
// was not found is not there.
func settle(found []finding.Finding) {
	certain := map[*finding.Rule]*finding.Rule{}
	for i := range found {
		r := found[i].Rule
		if !r.Advisory {
			continue
		}
		if certain[r] == nil {
			own := *r
			own.Advisory = false
			certain[r] = &own
		}
		found[i].Rule = certain[r]
	}
}

// sharedOnce keeps, of what is said of a document that several environments
// share, each finding once, and no pass where another environment has a
// problem.
func sharedOnce(found []finding.Finding) []finding.Finding {
	problem, met := map[string]bool{}, map[string]bool{}
	for _, f := range found {
		if f.Status != finding.Pass {
			problem[subjectOf(f)] = true
		}
	}
	return slices.DeleteFunc(found, func(f finding.Finding) bool {
		key := keyOf(f) + "\x00" + string(f.Status) + "\x00" + f.Message
		if f.Document == nil || f.Status == finding.Pass && !problem[subjectOf(f)] && !met[key] || f.Status != finding.Pass && !met[key] {
			met[key] = true
			return false
		}
		return true
	})
}
