package baseline

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func result() *finding.Result {
	d := &document.Document{ID: "web.yaml#v1/Pod/shop/web"}
	return &finding.Result{Findings: []finding.Finding{
		{Rule: &finding.Rule{ID: "PLM-POD-002"}, Status: finding.Fail, Document: d, Path: document.Path{"spec"}, Fingerprint: "b"},
		{Rule: &finding.Rule{ID: "PLM-POD-001"}, Status: finding.Fail, Document: d, Fingerprint: "a"},
		{Rule: &finding.Rule{ID: "PLM-GAP-001"}, Status: finding.Fail, Fingerprint: "g"},
		{Rule: &finding.Rule{ID: "PLM-POD-003"}, Status: finding.Unknown, Document: d, Fingerprint: "c"},
		{Rule: &finding.Rule{ID: "PLM-POD-004"}, Status: finding.Suppressed, Document: d, Fingerprint: "d"},
	}}
}

func written(t *testing.T, r *finding.Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := New(r).Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWrite_ListsFailuresInOrder(t *testing.T) {
	want := `{
  "version": "1",
  "findings": [
    {
      "rule": "PLM-GAP-001",
      "resource": "",
      "path": "",
      "fingerprint": "g"
    },
    {
      "rule": "PLM-POD-001",
      "resource": "web.yaml#v1/Pod/shop/web",
      "path": "",
      "fingerprint": "a"
    },
    {
      "rule": "PLM-POD-002",
      "resource": "web.yaml#v1/Pod/shop/web",
      "path": "spec",
      "fingerprint": "b"
    }
  ]
}
`
	if diff := cmp.Diff(want, written(t, result())); diff != "" {
		t.Error(diff)
	}
	r := result()
	slices.Reverse(r.Findings)
	if diff := cmp.Diff(want, written(t, r)); diff != "" {
		t.Errorf("the order of findings matters:\n%s", diff)
	}
}

func TestWrite_NoFindingsIsAnEmptyList(t *testing.T) {
	if got := written(t, &finding.Result{}); !strings.Contains(got, `"findings": []`) {
		t.Error(got)
	}
}

func TestApply_MarksKnownFailuresAndCountsThoseThatAreGone(t *testing.T) {
	old := result()
	old.Findings = append(old.Findings[:2:2], finding.Finding{Rule: &finding.Rule{ID: "X"}, Status: finding.Fail, Fingerprint: "gone"})
	b, err := Read(strings.NewReader(written(t, old)), "known.json")
	if err != nil {
		t.Fatal(err)
	}
	r := result()
	if gone := b.Apply(r); gone != 1 {
		t.Errorf("%d entries gone, want 1", gone)
	}
	var got []finding.Status
	for _, f := range r.Findings {
		got = append(got, f.Status)
	}
	want := []finding.Status{finding.Baseline, finding.Baseline, finding.Fail, finding.Unknown, finding.Suppressed}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if r.Findings[0].Reason != "listed in known.json" || r.Findings[2].Reason != "" {
		t.Errorf("reasons %q, %q", r.Findings[0].Reason, r.Findings[2].Reason)
	}
	// A baseline written again keeps what it marked.
	if diff := cmp.Diff(written(t, result()), written(t, r)); diff != "" {
		t.Error(diff)
	}
}

func TestRead_RefusesWhatIsNoBaseline(t *testing.T) {
	for text, want := range map[string]string{
		"[]":                                    "known.json",
		`{"version":"2","findings":[]}`:         "--write-baseline",
		`{"version":"1","findings":[{}]}`:       "no fingerprint",
		`{"version":"1","finding":[]}`:          `unknown field "finding"`,
		`{"version":"1","findings":[{"rule":1}`: "known.json",
	} {
		if _, err := Read(strings.NewReader(text), "known.json"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
