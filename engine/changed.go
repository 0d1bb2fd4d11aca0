package engine

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A comparison holds the documents as they were before the plans' changes, and
// what the resource rules need to judge to tell the two states apart.
type comparison struct {
	before, subjects, subjectsBefore []*document.Document
	changed                          map[string]bool // by ID: what plans create or change
	problems                         []document.Diagnostic
}

// compare finds what plans create or change, and what is another for it: a
// default of the account holds for resources that no plan touches.
func compare(in loaders.Result) *comparison {
	c := &comparison{changed: map[string]bool{}}
	c.before, c.problems = in.Before()
	was := make(map[string]*document.Document, len(c.before))
	for _, d := range c.before {
		was[d.ID] = d
	}
	for _, d := range in.Documents {
		old := was[d.ID]
		if changes(d) {
			c.changed[d.ID] = true
		} else if d.Action == document.Delete || old == nil || reflect.DeepEqual(d.Attr, old.Attr) {
			continue
		}
		c.subjects = append(c.subjects, d)
		if old != nil {
			c.subjectsBefore = append(c.subjectsBefore, old)
		}
	}
	return c
}

// changes reports whether a plan creates or changes what a document stands for.
func changes(d *document.Document) bool {
	switch d.Action {
	case document.Create, document.Update, document.Replace:
		return true
	default:
		return false
	}
}

// age judges the documents as they were before the change, marks the findings
// of the result and drops those that were there before in what does not
// change. The resource rules cost as much again as what changes, the stack
// rules as much again as the first judgment.
func (e *Engine) age(ctx context.Context, j judgment, c *comparison, r *finding.Result) error {
	r.Diagnostics = append(r.Diagnostics, c.problems...)
	outcome, err := j.judge(ctx, c.before, c.subjectsBefore)
	if err != nil {
		return err
	}
	r.RuleErrors = append(r.RuleErrors, outcome.Errors...)
	before := finding.Result{Findings: judgedOnce(withoutRepeats(e.finish(outcome.Findings)))}
	before.Sort()
	introduced(r.Findings, before.Findings)
	r.Findings = slices.DeleteFunc(r.Findings, func(f finding.Finding) bool {
		return (f.Document == nil || !c.changed[f.Document.ID]) && (f.Introduced == nil || !*f.Introduced)
	})
	return nil
}

// introduced marks every finding that is no pass. Findings of the two states
// are paired, those first that have most in common; what is left over is new.
// What was undecided is no excuse for a failure, but a failure that becomes
// undecided is not new.
func introduced(after, before []finding.Finding) {
	paired, used := make([]bool, len(after)), make([]bool, len(before))
	fails := func(f *finding.Finding) bool { return f.Status == finding.Fail }
	wrong := func(f *finding.Finding) bool { return f.Status != finding.Pass }
	open := func(f *finding.Finding) bool { return wrong(f) && !fails(f) }
	for _, round := range []struct{ after, before func(*finding.Finding) bool }{{fails, fails}, {open, open}, {open, wrong}} {
		for _, key := range []func(*finding.Finding) string{
			func(f *finding.Finding) string { return kindOfPlace(f) + "\x00" + valueAt(f, outermost(f.Path)) },
			func(f *finding.Finding) string { return f.Path.String() + "\x00" + valueAt(f, f.Path) },
			func(f *finding.Finding) string { return kindOfPlace(f) + "\x00" + valueAt(f, element(f.Path)) },
			func(f *finding.Finding) string { return f.Path.String() },
			kindOfPlace,
		} {
			pair(after, before, paired, used, round.after, round.before, key)
		}
	}
	for i := range after {
		if wrong(&after[i]) {
			isNew := !paired[i]
			after[i].Introduced = &isNew
		}
	}
}

// pair ties findings about the same subject and rule that have the same key.
func pair(after, before []finding.Finding, paired, used []bool, ofAfter, ofBefore func(*finding.Finding) bool, key func(*finding.Finding) string) {
	waiting := map[string][]int{}
	for i := range before {
		if f := &before[i]; !used[i] && ofBefore(f) {
			k := subjectOf(*f) + "\x00" + key(f)
			waiting[k] = append(waiting[k], i)
		}
	}
	if len(waiting) == 0 {
		return
	}
	for i := range after {
		f := &after[i]
		if paired[i] || !ofAfter(f) {
			continue
		}
		k := subjectOf(*f) + "\x00" + key(f)
		if list := waiting[k]; len(list) > 0 {
			paired[i], used[list[0]] = true, true
			waiting[k] = list[1:]
		}
	}
}

// kindOfPlace is a finding's path without indices, which inserted elements move.
func kindOfPlace(f *finding.Finding) string {
	var b strings.Builder
	for _, e := range f.Path {
		if name, ok := e.(string); ok {
			b.WriteByte(0)
			b.WriteString(name)
		}
	}
	return b.String()
}

// outermost is the first list element that a path goes through, or the path.
func outermost(p document.Path) document.Path {
	for i, e := range p {
		if _, isIndex := e.(int); isIndex {
			return p[:i+1]
		}
	}
	return p
}

// valueAt writes the value at a path of a finding's document, "" for none.
func valueAt(f *finding.Finding, path document.Path) string {
	if f.Document == nil || len(path) == 0 {
		return ""
	}
	v, ok := document.At(f.Document.Root().Raw, path)
	if !ok {
		return ""
	}
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}
