package policytest

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// sidecar is the suffix of the file with wanted findings beside an input that
// cannot hold comments: "<line>: PLM-X-001" or "<line>: unknown PLM-X-001".
const sidecar = ".want"

// A testCase is one input, a file or a folder, with what is wanted of a rule.
type testCase struct{ rule, path, kind string }

// A place is one expected or found verdict.
type place struct {
	file   string
	line   int
	status finding.Status
}

func (p place) String() string { return fmt.Sprintf("%s:%d: %s", p.file, p.line, p.status) }

var (
	wantComment = regexp.MustCompile(`(?:#|//)\s*want(-unknown)?\s+([A-Z0-9-]+(?:[,\s]+[A-Z][A-Z0-9-]+)*)`)
	wantLine    = regexp.MustCompile(`^(\d+):\s*(unknown\s+)?([A-Z0-9-]+(?:[,\s]+[A-Z][A-Z0-9-]+)*)\s*(?:#.*)?$`)
)

func (c *testCase) run(ctx context.Context, e *engine.Engine, update bool) ([]string, error) {
	loaded, err := loaders.Load(ctx, []string{c.path}, strings.NewReader(""), loaders.Options{})
	if err != nil {
		return nil, err
	}
	result, err := e.Check(ctx, loaded)
	if err != nil {
		return nil, err
	}
	var problems []string
	for _, d := range result.Diagnostics {
		if d.Level == document.Error {
			problems = append(problems, fmt.Sprintf("%s:%d: %s", d.Range.File(), d.Range.Start.Line, d.Message))
		}
	}
	for _, b := range result.RuleErrors {
		problems = append(problems, fmt.Sprintf("%s: rule %s broke: %s", c.path, b.Rule, b.Message))
	}
	got := found(result)
	if update {
		if err := c.write(got); err != nil {
			return nil, err
		}
	}
	want, err := c.wanted()
	if err != nil {
		return nil, err
	}
	problems = append(problems, diff(want, got)...)
	if result.Judged[c.rule] == 0 {
		problems = append(problems, fmt.Sprintf("%s: %s judged nothing here: no document of the types it is about", c.path, c.rule))
	}
	return append(problems, c.check(want)...), nil
}

// check holds the case against what its name promises.
func (c *testCase) check(want []place) []string {
	has := func(s finding.Status) bool {
		return slices.ContainsFunc(want, func(p place) bool { return p.status == s })
	}
	switch {
	case c.kind == "fail" && !has(finding.Fail):
		return []string{c.path + ": a fail case wants at least one finding"}
	case c.kind == "pass" && len(want) > 0:
		return []string{c.path + ": a pass case wants no findings"}
	case c.kind == "unknown" && (!has(finding.Unknown) || has(finding.Fail)):
		return []string{c.path + ": an unknown case wants unknown verdicts only"}
	}
	return nil
}

// found lists the verdicts of the run, without passes.
func found(result *finding.Result) []place {
	var out []place
	for _, f := range result.Findings {
		if f.Status != finding.Pass {
			out = append(out, place{f.Range.File(), f.Range.Start.Line, f.Status})
		}
	}
	return sorted(out)
}

func sorted(list []place) []place {
	slices.SortFunc(list, func(a, b place) int {
		return cmp.Or(strings.Compare(a.file, b.file), cmp.Compare(a.line, b.line), strings.Compare(string(a.status), string(b.status)))
	})
	return slices.Compact(list)
}

func diff(want, got []place) []string {
	var out []string
	for _, p := range want {
		if !slices.Contains(got, p) {
			out = append(out, p.String()+" is wanted and was not found")
		}
	}
	for _, p := range got {
		if !slices.Contains(want, p) {
			out = append(out, p.String()+" was found and is not wanted")
		}
	}
	return out
}

// wanted collects comments and sidecars of all files of the case.
func (c *testCase) wanted() ([]place, error) {
	var out []place
	err := filepath.WalkDir(c.path, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		list, err := c.read(filepath.ToSlash(name), string(text))
		out = append(out, list...)
		return err
	})
	if err != nil {
		return nil, err
	}
	if text, err := os.ReadFile(c.path + sidecar); err == nil {
		list, err := c.read(filepath.ToSlash(c.path)+sidecar, string(text))
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return sorted(out), nil
}

func (c *testCase) read(name, text string) ([]place, error) {
	target, isSidecar := strings.CutSuffix(name, sidecar)
	var out []place
	for i, line := range strings.Split(text, "\n") {
		at, unknown, ids := i+1, "", ""
		if isSidecar {
			if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
				continue
			}
			m := wantLine.FindStringSubmatch(line)
			if m == nil {
				return nil, fmt.Errorf("%s:%d: want \"<line>: PLM-X-001\" or \"<line>: unknown PLM-X-001\"", name, i+1)
			}
			n, err := strconv.Atoi(m[1])
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
			}
			at, unknown, ids = n, m[2], m[3]
		} else if m := wantComment.FindStringSubmatch(line); m != nil {
			unknown, ids = m[1], m[2]
		}
		if !slices.Contains(strings.FieldsFunc(ids, func(r rune) bool { return r == ',' || r == ' ' }), c.rule) {
			continue
		}
		status := finding.Fail
		if unknown != "" {
			status = finding.Unknown
		}
		out = append(out, place{target, at, status})
	}
	return out, nil
}

// write puts what was found into sidecars, for the files that are JSON.
func (c *testCase) write(got []place) error {
	byFile := map[string][]string{}
	for _, p := range got {
		if filepath.Ext(p.file) != ".json" {
			continue
		}
		status := ""
		if p.status == finding.Unknown {
			status = "unknown "
		}
		byFile[p.file] = append(byFile[p.file], fmt.Sprintf("%d: %s%s", p.line, status, c.rule))
	}
	for file, lines := range byFile {
		if err := os.WriteFile(filepath.FromSlash(file)+sidecar, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			return err
		}
	}
	return nil
}
