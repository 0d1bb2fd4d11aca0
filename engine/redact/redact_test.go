package redact_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/redact"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestView_LeavesOutSensitiveValues(t *testing.T) {
	parent := &document.Document{ID: "p", Sensitive: []document.Path{{"spec", "token"}}}
	d := &document.Document{
		ID: "d", Type: "x", Parent: parent, Base: document.Path{"spec"},
		Raw: map[string]any{
			"token": "s3cret-token", "password": map[string]any{"value": "hunter22"},
			"url": "https://x?t=s3cret-token", "port": int64(80), "list": []any{"hunter22", nil},
		},
		Attr:      map[string]any{"auth": map[string]any{"token": "s3cret-token"}, "pin": int64(1234), "open": true},
		Written:   map[string]document.Path{"auth.token": {"token"}, "pin": {"password", "value"}},
		Sensitive: []document.Path{{"password", "value"}},
	}
	v := redact.New(&finding.Result{Documents: []*document.Document{d}}).View(d)
	want := map[string]any{
		"token": redact.Sensitive, "password": map[string]any{"value": redact.Sensitive},
		"url": "https://x?t=" + redact.Sensitive, "port": int64(80), "list": []any{redact.Sensitive, nil},
	}
	if diff := cmp.Diff(want, v.Raw()); diff != "" {
		t.Errorf("raw: %s", diff)
	}
	wantAttr := map[string]any{"auth": map[string]any{"token": redact.Sensitive}, "pin": redact.Sensitive, "open": true}
	if diff := cmp.Diff(wantAttr, v.Attr()); diff != "" {
		t.Errorf("attr: %s", diff)
	}
	if d.Raw["token"] != "s3cret-token" {
		t.Error("the document itself was changed")
	}
}

func masker(docs ...*document.Document) *redact.Masker {
	return redact.New(&finding.Result{Documents: docs})
}

func TestNote_HidesWhatShowsASecretByItsNameOrForm(t *testing.T) {
	m := masker()
	for text, want := range map[string]string{
		`key "password: hunter2x" is odd`:                           `key "password: ••••••" is odd`,
		`--db-password=Zt81kkQp0s7 is an argument`:                  `--db-password=•••••• is an argument`,
		`args --api-key Zt81kkQp0s7 --verbose`:                      `args --api-key •••••• --verbose`,
		`{\"password\":\"Zt81 kkQ\"}`:                               `{\"password\":\"••••••\"}`,
		`postgres://shop:s3cr3tpw@db:5432/shop`:                     `postgres://shop:••••••@db:5432/shop`,
		`id AKIAQYLPMN5HFIQR7XYA seen`:                              `id •••••• seen`,
		"-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKC\n":           `••••••`,
		`token: missing`:                                            `token: missing`,
		`http_tokens = "required"`:                                  `http_tokens = "required"`,
		`password = var.db_password`:                                `password = var.db_password`,
		`MasterUserPassword: !Ref DbPassword`:                       `MasterUserPassword: !Ref DbPassword`,
		`checksum/secret: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b`: `checksum/secret: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b`,
		`token-file: /run/secrets/token`:                            `token-file: /run/secrets/token`,
	} {
		if got := m.Note(document.Range{}, text); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

// Wherever a secret stands under a name that says so, it does not come out of
// the document, nor of any text that repeats it.
func TestView_NeverShowsANamedSecret(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[A-Z0-9][a-zA-Z0-9!%*+-]{5,30}[A-Z0-9]`).Draw(t, "secret")
		name := rapid.SampledFrom([]string{"DB_PASSWORD", "apiToken", "CLIENT_SECRET", "stripe-api-key", "credentials"}).Draw(t, "name")
		var value any
		switch rapid.IntRange(0, 6).Draw(t, "shape") {
		case 0:
			value = map[string]any{"env": []any{map[string]any{"name": name, "value": secret}}}
		case 1:
			value = []any{"run", "--" + name, secret}
		case 2:
			value = []any{"--" + name + "=" + secret}
		case 3:
			value = map[string]any{"annotations": map[string]any{"example.com/" + name: secret}}
		case 4:
			value = "[db]\nuser = shop\n" + name + " = " + secret + "\n"
		case 5:
			value = []any{"sh", "-c", "export " + name + "='" + secret + "'; run"}
		case 6:
			value = map[string]any{name: []any{"x", secret}, "last": `{"` + name + `":"` + secret + `"}`}
		}
		d := &document.Document{ID: "d", Raw: map[string]any{"spec": value}, Attr: map[string]any{"spec": value, "other": value}}
		m := masker(d)
		v := m.View(d)
		for what, shown := range map[string]any{"raw": v.Raw(), "attr": v.Attr()} {
			if strings.Contains(text(shown), secret) {
				t.Fatalf("%s shows %q: %v", what, secret, shown)
			}
		}
	})
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		var b strings.Builder
		for _, e := range v {
			b.WriteString(text(e) + "\n")
		}
		return b.String()
	case map[string]any:
		var b strings.Builder
		for k, e := range v {
			b.WriteString(k + ": " + text(e) + "\n")
		}
		return b.String()
	}
	return ""
}

func TestMessage_HidesShortSecretsOnlyAsWholeWords(t *testing.T) {
	d := &document.Document{Raw: map[string]any{"k": "abc"}, Sensitive: []document.Path{{"k"}}}
	got := masker(d).Message(&finding.Finding{Document: d, Rule: &finding.Rule{}}, `port 443 of "abc" in abcd is abc-`)
	if want := `port 443 of "••••••" in abcd is ••••••-`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMessage_FindsADecodedSecret(t *testing.T) {
	d := &document.Document{Raw: map[string]any{"k": "aHVudGVyMjItaHVudGVyMjI="}, Sensitive: []document.Path{{"k"}}}
	if got := masker(d).Message(&finding.Finding{Document: d, Rule: &finding.Rule{}}, "is hunter22-hunter22"); got != "is ••••••" {
		t.Errorf("got %q", got)
	}
}

func TestShorten_CutsTheMiddleOutOfLongWords(t *testing.T) {
	long := strings.Repeat("x", 5000)
	got := redact.Shorten("image " + long + " of web")
	if len(got) > 300 || !strings.HasPrefix(got, "image xxx") || !strings.HasSuffix(got, "xxx of web") || !strings.Contains(got, "…") {
		t.Errorf("got %d bytes: %s", len(got), got)
	}
	if got := redact.Shorten(strings.Repeat("some words ", 500)); len(got) > 1300 {
		t.Errorf("a long text keeps %d bytes", len(got))
	}
	if plain := "pods on 111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app@sha256:" + strings.Repeat("a", 64); redact.Shorten(plain) != plain {
		t.Error("an image with a digest was cut")
	}
}

// The rules and the reports must agree on what the name of a secret is.
func TestNames_AreThoseOfTheRules(t *testing.T) {
	rego, err := os.ReadFile("../../policies/lib/secrets.rego")
	if err != nil {
		t.Fatal(err)
	}
	for _, re := range redact.SharedExpressions() {
		if !strings.Contains(string(rego), "`"+re+"`") {
			t.Errorf("policies/lib/secrets.rego has no `%s`", re)
		}
	}
}
