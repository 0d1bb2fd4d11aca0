// Package baseline keeps a list of known findings, so that a run can be about
// new ones only.
package baseline

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
)

// version changes when older programs could no longer read the file.
const version = "1"

// A Baseline is a list of known findings.
type Baseline struct {
	// Name is the file's name, for reasons and messages.
	Name    string
	entries []entry
}

// An entry is a known finding. The fingerprint alone counts; the rest is for
// people who review the file.
type entry struct {
	Rule        string `json:"rule"`
	Resource    string `json:"resource"`
	Path        string `json:"path"`
	Fingerprint string `json:"fingerprint"`
}

type file struct {
	Version  string  `json:"version"`
	Findings []entry `json:"findings"`
}

// New lists the failures of a result, and what an earlier baseline held of
// them.
func New(r *finding.Result) *Baseline {
	b := &Baseline{}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Status != finding.Fail && f.Status != finding.Baseline {
			continue
		}
		e := entry{Rule: f.Rule.ID, Path: f.Path.String(), Fingerprint: f.Fingerprint}
		if f.Document != nil {
			e.Resource = f.Document.ID
		}
		b.entries = append(b.entries, e)
	}
	slices.SortFunc(b.entries, func(x, y entry) int {
		return cmp.Or(
			strings.Compare(x.Rule, y.Rule), strings.Compare(x.Resource, y.Resource),
			strings.Compare(x.Path, y.Path), strings.Compare(x.Fingerprint, y.Fingerprint),
		)
	})
	b.entries = slices.Compact(b.entries)
	return b
}

// Read reads a baseline file.
func Read(r io.Reader, name string) (*Baseline, error) {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	var f file
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("read baseline %s: %w", name, err)
	}
	if f.Version != version {
		return nil, fmt.Errorf("read baseline %s: version %q is not %s; write it anew with --write-baseline", name, f.Version, version)
	}
	if slices.ContainsFunc(f.Findings, func(e entry) bool { return e.Fingerprint == "" }) {
		return nil, fmt.Errorf("read baseline %s: %w", name, errors.New("an entry has no fingerprint"))
	}
	return &Baseline{Name: name, entries: f.Findings}, nil
}

// Write writes the baseline, one entry to a few lines, so that changes to it can
// be reviewed.
func (b *Baseline) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	f := file{Version: version, Findings: b.entries}
	if f.Findings == nil {
		f.Findings = []entry{}
	}
	return e.Encode(f)
}

// Len returns how many findings the baseline lists.
func (b *Baseline) Len() int { return len(b.entries) }

// Apply gives known failures the status of that name and returns how many
// entries the result no longer has.
func (b *Baseline) Apply(r *finding.Result) (gone int) {
	known := make(map[string]bool, len(b.entries))
	for _, e := range b.entries {
		known[e.Fingerprint] = false
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if _, ok := known[f.Fingerprint]; !ok {
			continue
		}
		known[f.Fingerprint] = true
		if f.Status == finding.Fail {
			f.Status = finding.Baseline
			f.Reason = "listed in " + cmp.Or(b.Name, "the baseline")
		}
	}
	for _, found := range known {
		if !found {
			gone++
		}
	}
	return gone
}
