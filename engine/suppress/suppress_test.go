package suppress

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// ranges locates paths by the text of their values.
type ranges struct {
	whole      document.Range
	value, key map[string]document.Range
}

func (l ranges) Locate(p document.Path) (document.Range, bool) {
	for n := len(p); n > 0; n-- {
		if r, ok := l.value[p[:n].String()]; ok {
			return r, n == len(p)
		}
	}
	return l.whole, len(p) == 0
}

func (l ranges) LocateKey(p document.Path) (document.Range, bool) {
	if r, ok := l.key[p.String()]; ok {
		return r, true
	}
	return l.Locate(p)
}

// A bench is a result under construction.
type bench struct {
	t      *testing.T
	src    *document.Source
	result *finding.Result
}

func newBench(t *testing.T, name, text string) *bench {
	t.Helper()
	return &bench{t: t, src: &document.Source{Name: name, Content: []byte(text)}, result: &finding.Result{Rules: rules()}}
}

func (b *bench) find(text string) document.Range {
	b.t.Helper()
	i := strings.Index(string(b.src.Content), text)
	if i < 0 {
		b.t.Fatalf("no %q", text)
	}
	return b.src.Range(i, i+len(text))
}

// document adds a document over a piece of the text, with its paths given as
// "path", "key→value".
func (b *bench) document(whole string, pieces ...string) *document.Document {
	b.t.Helper()
	l := ranges{whole: b.find(whole), value: map[string]document.Range{}, key: map[string]document.Range{}}
	for i := 0; i < len(pieces); i += 2 {
		key, value, _ := strings.Cut(pieces[i+1], "→")
		r := b.find(key + value)
		l.key[pieces[i]] = b.src.Range(r.Start.Offset, r.Start.Offset+len(key))
		l.value[pieces[i]] = b.src.Range(r.Start.Offset+len(key), r.End.Offset)
	}
	d := &document.Document{ID: b.src.Name + "#" + whole, Address: "shop/Deployment/web", Name: "web", Raw: map[string]any{}}
	d.SetLocator(l)
	b.result.Documents = append(b.result.Documents, d)
	return d
}

func (b *bench) finding(d *document.Document, id, path string) {
	b.t.Helper()
	p, err := document.ParsePath(path)
	if err != nil {
		b.t.Fatal(err)
	}
	f := finding.Finding{Rule: rule(id), Status: finding.Fail, Document: d}
	f.Path, f.Range, f.Exact = d.Place(p)
	b.result.Findings = append(b.result.Findings, f)
}

func rules() []*finding.Rule {
	return []*finding.Rule{
		{ID: "PLM-POD-001", Slug: "pod/privileged"},
		{ID: "PLM-POD-002", Slug: "pod/run_as_root"},
		{ID: "PLM-IMG-001", Slug: "image/digest"},
	}
}

func rule(id string) *finding.Rule {
	for _, r := range rules() {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// apply returns findings as "rule line status (reason)" and diagnostics as
// "line: message".
func (b *bench) apply(o Options) (findings, warnings []string) {
	b.t.Helper()
	if o.Rules == nil {
		o.Rules = rules()
	}
	n := len(b.result.Findings)
	Apply(b.result, o)
	if len(b.result.Findings) != n {
		b.t.Fatalf("%d findings became %d", n, len(b.result.Findings))
	}
	for _, f := range b.result.Findings {
		s := f.Rule.ID + " " + string(f.Status)
		if f.Reason != "" {
			s += " " + f.SuppressedBy + ": " + f.Reason
		}
		findings = append(findings, s)
	}
	for _, d := range b.result.Diagnostics {
		if d.Level != document.Warning {
			b.t.Errorf("level %s", d.Level)
		}
		warnings = append(warnings, d.Range.File()+":"+d.Range.Text()+": "+d.Message)
	}
	return findings, warnings
}

func check(t *testing.T, what string, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

const web = `# plimsoll:ignore PLM-IMG-001 -- images are pinned by the mirror
---
# the shop
kind: Deployment
spec:
  image: nginx # plimsoll:ignore image/digest,plm-pod-001 -- twice is fine
  # plimsoll:ignore PLM-POD-001 -- needs the host
  # a further comment
  privileged: true
  add:
  - SYS_ADMIN
---
kind: Pod
image: busybox
`

func TestApply_CommentCoversItsLineTheLineBelowAndTheDocumentThatBegins(t *testing.T) {
	b := newBench(t, "web.yaml", web)
	deployment := b.document(strings.Split(web, "---\n")[1][len("# the shop\n"):],
		"image", "image: →nginx", "privileged", "privileged: →true", "add", "add:\n  →- SYS_ADMIN")
	pod := b.document("kind: Pod\nimage: busybox\n", "image", "image: →busybox")
	b.finding(deployment, "PLM-IMG-001", "add")
	b.finding(deployment, "PLM-POD-001", "privileged")
	b.finding(deployment, "PLM-POD-001", "image")
	b.finding(deployment, "PLM-POD-002", "privileged")
	b.finding(pod, "PLM-IMG-001", "image")
	b.finding(pod, "PLM-POD-001", "image")
	got, warnings := b.apply(Options{})
	check(t, "findings", []string{
		"PLM-POD-001 suppressed comment: twice is fine (comment, web.yaml:6)",
		"PLM-POD-001 suppressed comment: needs the host (comment, web.yaml:7)",
		"PLM-POD-002 fail",
		"PLM-IMG-001 suppressed comment: images are pinned by the mirror (comment, web.yaml:1)",
		"PLM-IMG-001 fail",
		"PLM-POD-001 fail",
	}, got)
	check(t, "warnings", []string{
		"web.yaml:plimsoll:ignore image/digest,plm-pod-001 -- twice is fine: the suppression of PLM-IMG-001 matches no finding; " +
			"remove it, or move it to the finding's line, the line above, or above the whole document",
	}, warnings)
}

func TestApply_CommentOnAKeysLineCoversTheValueBelow(t *testing.T) {
	text := "kind: Pod\nadd: # plimsoll:ignore PLM-POD-001 -- a driver needs it\n- SYS_ADMIN\n"
	b := newBench(t, "pod.yaml", text)
	b.finding(b.document(text, "add", "add:→ # plimsoll:ignore PLM-POD-001 -- a driver needs it\n- SYS_ADMIN"), "PLM-POD-001", "add")
	got, warnings := b.apply(Options{})
	check(t, "findings", []string{"PLM-POD-001 suppressed comment: a driver needs it (comment, pod.yaml:2)"}, got)
	check(t, "warnings", nil, warnings)
}

func TestApply_CommentAboveAResourceCoversWhatCameOutOfIt(t *testing.T) {
	text := "// plimsoll:ignore PLM-POD-001 -- tested elsewhere\nresource \"x\" \"y\" {\n  a = 1\n}\n"
	b := newBench(t, "main.tf", text)
	d := b.document("resource \"x\" \"y\" {\n  a = 1\n}", "a", "a = →1")
	child := &document.Document{ID: "child", Parent: d, Base: document.Path{"a"}}
	b.result.Documents = append(b.result.Documents, child)
	b.finding(child, "PLM-POD-001", "z")
	got, _ := b.apply(Options{})
	check(t, "findings", []string{"PLM-POD-001 suppressed comment: tested elsewhere (comment, main.tf:1)"}, got)
}

func TestApply_CommentAboveADocumentsKeyCoversIt(t *testing.T) {
	text := "Resources:\n  # plimsoll:ignore PLM-POD-001 -- lab\n  Cluster:\n    Type: AWS::EKS::Cluster\n    Properties:\n      Name: x\n"
	b := newBench(t, "t.yaml", text)
	d := b.document("Type: AWS::EKS::Cluster\n    Properties:\n      Name: x\n", "", "Cluster:\n    →Type: AWS::EKS::Cluster")
	b.finding(d, "PLM-POD-001", "Version")
	got, warnings := b.apply(Options{})
	check(t, "findings", []string{"PLM-POD-001 suppressed comment: lab (comment, t.yaml:2)"}, got)
	check(t, "warnings", nil, warnings)
}

func TestApply_BadCommentsAreReportedAndNotInForce(t *testing.T) {
	form := "; write # plimsoll:ignore RULE -- reason"
	for comment, want := range map[string]string{
		"plimsoll:ignore PLM-POD-001":              "the suppression has no reason and is not in force" + form,
		"plimsoll:ignore PLM-POD-001 --":           "the suppression has no reason and is not in force" + form,
		"plimsoll:ignore -- because":               "the suppression names no rule" + form,
		"plimsoll:ignore-next-line PLM -- because": "there is no directive plimsoll:ignore-next-line" + form,
		"plimsoll:ignore PLM-NO-1 -- because":      `the suppression names "PLM-NO-1", which is no rule; plimsoll rules lists the rules`,
	} {
		t.Run(comment, func(t *testing.T) {
			text := "a: 1 # " + comment + "\n"
			b := newBench(t, "a.yaml", text)
			b.finding(b.document(text, "a", "a: →1"), "PLM-POD-001", "a")
			got, warnings := b.apply(Options{})
			check(t, "findings", []string{"PLM-POD-001 fail"}, got)
			check(t, "warnings", []string{"a.yaml:" + comment + ": " + want}, warnings)
		})
	}
}

func TestDirectives_KnowEveryCommentStyle(t *testing.T) {
	for text, want := range map[string]int{
		"# plimsoll:ignore A -- r":                    1,
		"a: b # plimsoll:ignore A -- r":               1,
		"a: b # other # plimsoll:ignore A -- r":       1,
		"## plimsoll:ignore A — r":                    1,
		"// plimsoll:ignore A -- r":                   1,
		"/* plimsoll:ignore A -- r */":                1,
		" * plimsoll:ignore A -- r":                   1,
		"{{/* plimsoll:ignore A -- r */}}":            1,
		"{{- /* plimsoll:ignore A -- r */ -}}":        1,
		"x = 1 /* plimsoll:ignore A -- r */":          1,
		"url: http://plimsoll:ignore A -- r":          0,
		"a: b#plimsoll:ignore A -- r":                 0,
		`"plimsoll:ignore": [{"rule": "A"}]`:          0,
		"plimsoll:ignore A -- r":                      0,
		`{"a": "// plimsoll:ignore A -- r"}`:          0,
		"# see plimsoll:ignore in the manual -- well": 0,
	} {
		got := directives(&document.Source{Name: "x", Content: []byte(text)})
		if len(got) != want {
			t.Errorf("%s: %d directives, want %d", text, len(got), want)
			continue
		}
		if want == 1 && (got[0].reason != "r" || len(got[0].rules) != 1 || got[0].rules[0] != "A") {
			t.Errorf("%s: %+v", text, got[0])
		}
	}
}

func TestApply_Annotations(t *testing.T) {
	text := "kind: Pod\nannotations:\n  by-id: why\n  by-slug: also\n  empty: x\n"
	b := newBench(t, "pod.yaml", text)
	d := b.document(text, `metadata.annotations["plimsoll.dev/ignore.image.digest"]`, "by-slug: →also")
	d.Raw = map[string]any{"metadata": map[string]any{"annotations": map[string]any{
		"plimsoll.dev/ignore.plm-pod-001":  "accepted by the platform team",
		"plimsoll.dev/ignore.image.digest": "pinned elsewhere",
		"plimsoll.dev/ignore.PLM-POD-002":  " ",
		"plimsoll.dev/ignore.nothing":      "x",
		"other/key":                        "x",
	}}}
	b.finding(d, "PLM-POD-001", "kind")
	b.finding(d, "PLM-POD-002", "kind")
	got, warnings := b.apply(Options{})
	check(t, "findings", []string{
		"PLM-POD-001 suppressed annotation: accepted by the platform team (annotation, pod.yaml:1)",
		"PLM-POD-002 fail",
	}, got)
	check(t, "warnings", []string{
		"pod.yaml:" + text + `: the suppression names "nothing", which is no rule; plimsoll rules lists the rules`,
		"pod.yaml:" + text + ": the suppression of PLM-POD-002 has no reason and is not in force; give one",
		"pod.yaml:by-slug: : the suppression of PLM-IMG-001 matches no finding; remove it",
	}, warnings)
}

func TestApply_CloudFormationMetadata(t *testing.T) {
	text := "Cluster:\n  Type: AWS::EKS::Cluster\n"
	b := newBench(t, "t.yaml", text)
	d := b.document(text)
	d.Metadata = map[string]string{metadataKey: `[{"rule":"pod/privileged","reason":"lab"},{"rule":"PLM-POD-002"}]`}
	broken := b.document("Type: AWS::EKS::Cluster\n")
	broken.Metadata = map[string]string{metadataKey: `{"rule":1}`}
	b.finding(d, "PLM-POD-001", "x")
	b.finding(d, "PLM-POD-002", "x")
	got, warnings := b.apply(Options{})
	check(t, "findings", []string{"PLM-POD-001 suppressed metadata: lab (metadata, t.yaml:1)", "PLM-POD-002 fail"}, got)
	check(t, "warnings", []string{
		"t.yaml:" + text + ": the suppression of PLM-POD-002 has no reason and is not in force; give one",
		"t.yaml:Type: AWS::EKS::Cluster\n: Metadata.plimsoll.ignore of shop/Deployment/web is not a list of objects with rule and reason",
	}, warnings)
}

func TestApply_Exceptions(t *testing.T) {
	config := (&document.Source{Name: ".plimsoll.yaml", Content: []byte("exceptions")}).Range(0, 10)
	for _, c := range []struct {
		name      string
		exception Exception
		status    finding.Status
		warning   string
	}{
		{"by rule", Exception{Rules: []string{"PLM-POD-001"}, Reason: "r"}, finding.Suppressed, ""},
		{"by pattern", Exception{Rules: []string{"pod/*"}, Reason: "r"}, finding.Suppressed, ""},
		{"by path", Exception{Rules: []string{"PLM-POD-001"}, Path: "deploy/**/*.yaml", Folder: "deploy/eu", Reason: "r"}, finding.Suppressed, ""},
		{"other path", Exception{Rules: []string{"PLM-POD-001"}, Path: "test/**", Reason: "r"}, finding.Fail, ""},
		{"by address", Exception{Rules: []string{"PLM-POD-001"}, Document: "shop/*/web", Reason: "r"}, finding.Suppressed, ""},
		{"other address", Exception{Rules: []string{"PLM-POD-001"}, Document: "kube-system/*", Reason: "r"}, finding.Fail, ""},
		{"last day", Exception{Rules: []string{"PLM-POD-001"}, Reason: "r", Expires: "2026-11-22"}, finding.Suppressed, ""},
		{
			"expired",
			Exception{Rules: []string{"PLM-POD-001"}, Reason: "r", Expires: "2026-11-21"},
			finding.Fail,
			"the exception for PLM-POD-001 expired on 2026-11-21; settle the findings or renew it",
		},
		{
			"no reason",
			Exception{Rules: []string{"PLM-POD-001"}},
			finding.Fail,
			"the exception for PLM-POD-001 has no reason and is not in force; give one",
		},
		{
			"unused",
			Exception{Rules: []string{"PLM-POD-002"}, Document: "web", Reason: "r"},
			finding.Fail,
			"the suppression of PLM-POD-002 matches no finding; remove the exception",
		},
		{
			"no rule",
			Exception{Rules: []string{"PLM-X"}, Reason: "r"},
			finding.Fail,
			`the exception names "PLM-X", which is no rule; plimsoll rules lists the rules`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, "web.yaml", "a: 1\n")
			b.finding(b.document("a: 1\n", "a", "a: →1"), "PLM-POD-001", "a")
			c.exception.At = config
			_, warnings := b.apply(Options{Exceptions: []Exception{c.exception}, AsOf: "2026-11-22"})
			if got := b.result.Findings[0].Status; got != c.status {
				t.Errorf("status %s, want %s", got, c.status)
			}
			var want []string
			if c.warning != "" {
				want = []string{".plimsoll.yaml:exceptions: " + c.warning}
			}
			check(t, "warnings", want, warnings)
		})
	}
}

func TestApply_RulesLeftOutOfTheRunAreNoIdleSuppressions(t *testing.T) {
	text := "a: 1 # plimsoll:ignore PLM-POD-002 -- r\n"
	b := newBench(t, "a.yaml", text)
	b.document(text)
	b.result.Rules = rules()[:1]
	_, warnings := b.apply(Options{})
	check(t, "warnings", nil, warnings)
}

func TestApply_PassesStayPasses(t *testing.T) {
	text := "a: 1 # plimsoll:ignore PLM-POD-001 -- r\n"
	b := newBench(t, "a.yaml", text)
	b.finding(b.document(text, "a", "a: →1"), "PLM-POD-001", "a")
	b.result.Findings[0].Status = finding.Pass
	got, _ := b.apply(Options{})
	check(t, "findings", []string{"PLM-POD-001 pass"}, got)
}

func TestLike_TakesBracketsAsTheyAre(t *testing.T) {
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{"module.eks.aws_eks_cluster.this[0]", "module.eks.aws_eks_cluster.this[0]", true},
		{"module.*.this[?]", "module.eks.aws_eks_cluster.this[0]", true},
		{"*", "", true},
		{"a*a", "a", false},
		{"*b*", "abc", true},
		{"a*c*e", "abcde", true},
		{"a*c*e", "abcdef", false},
	} {
		if got := like(c.pattern, c.s); got != c.want {
			t.Errorf("like(%q, %q) = %t", c.pattern, c.s, got)
		}
	}
}

func TestLike_AgreesWithTheSlowDefinition(t *testing.T) {
	var slow func(p, s string) bool
	slow = func(p, s string) bool {
		switch {
		case p == "":
			return s == ""
		case p[0] == '*':
			return slow(p[1:], s) || s != "" && slow(p, s[1:])
		case s == "":
			return false
		}
		return (p[0] == '?' || p[0] == s[0]) && slow(p[1:], s[1:])
	}
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.StringMatching(`[ab?*]{0,8}`).Draw(t, "pattern")
		s := rapid.StringMatching(`[ab]{0,10}`).Draw(t, "text")
		if got, want := like(p, s), slow(p, s); got != want {
			t.Fatalf("like(%q, %q) = %t, want %t", p, s, got, want)
		}
	})
}
