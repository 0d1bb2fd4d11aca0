package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/redact"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestWrite_NoFormatPrintsASecret(t *testing.T) {
	secrets := []string{"correct-horse", "tok-5f1e", "first secret", "second secret", "plan-token"}
	for _, format := range Formats() {
		for _, o := range []Options{{}, {Verbose: true, Color: true}, {Width: 40}, {Width: 400}, {Quiet: true}} {
			out := string(render(t, format, fixed(t), o))
			for _, s := range secrets {
				if strings.Contains(out, s) {
					t.Errorf("%s %+v prints %q", format, o, s)
				}
			}
		}
	}
}

// excerptOf renders one finding on a source as plain text.
func excerptOf(t *testing.T, m *redact.Masker, src *document.Source, value string, columns int, alone bool) string {
	t.Helper()
	at := strings.Index(string(src.Content), value)
	if at < 0 {
		t.Fatalf("no %q", value)
	}
	e := cut(m, src.Range(at, at+len(value)), document.Range{}, columns, alone)
	var b strings.Builder
	for _, l := range e.lines {
		fmt.Fprintf(&b, "%*d│%s\n", e.gutter, l.number, l.text)
		if l.to > l.from {
			fmt.Fprintf(&b, "%*s│%s%s\n", e.gutter, "", strings.Repeat(" ", l.from), strings.Repeat("^", l.to-l.from))
		}
	}
	return b.String()
}

// sensitive is a masker that hides pieces of a text.
func sensitive(t *testing.T, src *document.Source, pieces map[string]string) *redact.Masker {
	t.Helper()
	d := &document.Document{Raw: map[string]any{}}
	var list [][2]string
	for path, piece := range pieces {
		d.Sensitive = append(d.Sensitive, document.Path{path})
		d.Raw[path] = strings.Trim(strings.TrimLeft(piece, "|>-+\n "), `"'`)
		list = append(list, [2]string{path, "→" + piece})
	}
	d.SetLocator(locate(t, src, "", list))
	return redact.New(&finding.Result{Documents: []*document.Document{d}})
}

func TestExcerpt_HidesSecretsAndKeepsThePlace(t *testing.T) {
	for _, c := range []struct {
		name, text, value string
		secrets           map[string]string
		columns           int
		want              string
	}{
		{
			name: "yaml", text: "a: 1\npassword: hunter2 # old\nport: 80\n", value: "80",
			secrets: map[string]string{"password": "hunter2"}, columns: 60,
			want: "1│a: 1\n2│password: •••••• # old\n3│port: 80\n │      ^^\n",
		},
		{
			name: "quotes stay", text: `{"p": "hunter2", "port": 80}`, value: "80",
			secrets: map[string]string{"p": `"hunter2"`}, columns: 60,
			want: "1│{\"p\": \"••••••\", \"port\": 80}\n │                        ^^\n",
		},
		{
			name: "block scalar", text: "k: |-\n  line one\n\n  line two\nport: 80\n", value: "80",
			secrets: map[string]string{"k": "|-\n  line one\n\n  line two"}, columns: 60,
			want: "4│  ••••••\n5│port: 80\n │      ^^\n",
		},
		{
			name: "header of a block scalar", text: "port: 80\nk: |-\n  line one\n", value: "80",
			secrets: map[string]string{"k": "|-\n  line one"}, columns: 60,
			want: "1│port: 80\n │      ^^\n2│k: |-\n",
		},
		{
			name: "the secret itself", text: "k: hunter2\n", value: "hunter2",
			secrets: map[string]string{"k": "hunter2"}, columns: 60,
			want: "1│k: ••••••\n │   ^^^^^^\n",
		},
		{
			name: "repeated elsewhere", text: "k: s3cretvalue\nlast: '{\"k\":\"s3cretvalue\"}'\n", value: "last",
			secrets: map[string]string{"k": "s3cretvalue"}, columns: 60,
			want: "1│k: ••••••\n2│last: '{\"k\":\"••••••\"}'\n │^^^^\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := &document.Source{Name: "a.yaml", Content: []byte(c.text)}
			got := excerptOf(t, sensitive(t, src, c.secrets), src, c.value, c.columns, false)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestExcerpt_MarksColumnsOfTheScreen(t *testing.T) {
	for _, c := range []struct{ name, text, value, want string }{
		{"wide", "日本: größe # e\n", "größe", "1│日本: größe # e\n │      ^^^^^\n"},
		{"tab", "\ta: 12\n", "12", "1│    a: 12\n │       ^^\n"},
		{"carriage return", "a: 12\r\nb: 3\r\n", "12", "1│a: 12\n │   ^^\n2│b: 3\n"},
		{"escape sequence", "a: \x1b[31m12\n", "12", "1│a: ␛[31m12\n │        ^^\n"},
		{"no value", "a:\nb: 1\n", "a:\nb", "1│a:\n │^^\n2│b: 1\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := &document.Source{Name: "a.yaml", Content: []byte(c.text)}
			got := excerptOf(t, redact.New(&finding.Result{}), src, c.value, 60, false)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestExcerpt_CutsLongLines(t *testing.T) {
	src := &document.Source{Name: "a.json", Content: []byte(`{"pad":"` + strings.Repeat("x", 200) + `","open":true,"next":"` + strings.Repeat("y", 200) + `"}`)}
	at := strings.Index(string(src.Content), "true")
	e := cut(redact.New(&finding.Result{}), src.Range(at, at+4), src.Range(at-7, at-1), 50, true)
	want := []excerptLine{{number: 1, text: `…"open":true…`, from: 8, to: 12}}
	if diff := cmp.Diff(want, e.lines, cmp.AllowUnexported(excerptLine{})); diff != "" {
		t.Error(diff)
	}
}

// Whatever is secret, wherever an excerpt is taken and however narrow it is,
// no part of a secret of useful length comes out.
func TestExcerpt_NeverShowsASecret(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[A-Z0-9]{8,40}`).Draw(t, "secret")
		var b strings.Builder
		for range rapid.IntRange(1, 12).Draw(t, "pieces") {
			b.WriteString(rapid.SampledFrom([]string{secret, "key: ", "\n", "  ", "日本 ", `"`, "\t", "a long stretch of other text ", secret + secret}).Draw(t, "piece"))
		}
		text := b.String() + "\n" + secret + " end"
		src := &document.Source{Name: "a.yaml", Content: []byte(text)}
		d := &document.Document{Sensitive: []document.Path{{"k"}}, Raw: map[string]any{"k": secret}}
		at := strings.LastIndex(text, secret)
		d.SetLocator(places{whole: src.Range(0, len(text)), value: map[string]document.Range{"k": src.Range(at, at+len(secret))}})
		m := redact.New(&finding.Result{Documents: []*document.Document{d}})
		from := rapid.IntRange(0, len(text)-1).Draw(t, "from")
		to := rapid.IntRange(from, len(text)).Draw(t, "to")
		columns := rapid.IntRange(20, 120).Draw(t, "columns")
		for _, l := range cut(m, src.Range(from, to), document.Range{}, columns, false).lines {
			if strings.ContainsAny(l.text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") {
				t.Fatalf("line %q shows part of %q", l.text, secret)
			}
		}
	})
}

// A document that passes a rule about secrets holds none.
func TestExcerpt_WhatPassesHidesNothing(t *testing.T) {
	src := &document.Source{Name: "web.yaml", Content: []byte("kind: Pod\nname: storefront-service\n")}
	for status, want := range map[finding.Status]string{finding.Pass: "…storefront-service", finding.Fail: "…••••••"} {
		d := &document.Document{Raw: map[string]any{"kind": "Pod", "name": "storefront-service"}}
		d.SetLocator(locate(t, src, "", [][2]string{{"name", "→storefront-service"}}))
		at, _ := d.Locate(document.Path{"name"})
		m := redact.New(&finding.Result{Findings: []finding.Finding{
			{Rule: &finding.Rule{Secret: true}, Status: status, Document: d, Range: at, Path: document.Path{"name"}},
		}})
		if got := excerptOf(t, m, src, "storefront-service", 80, true); !strings.Contains(got, want) {
			t.Errorf("%s: %q does not show %q", status, got, want)
		}
	}
}
