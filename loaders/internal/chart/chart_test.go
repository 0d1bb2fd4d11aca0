package chart_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/chart"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

func open(t testing.TB, files map[string]string) *chart.Chart {
	t.Helper()
	c, err := tryOpen(files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func tryOpen(files map[string]string) (*chart.Chart, error) {
	list := []chart.File{{Name: "Chart.yaml", Label: "app/Chart.yaml", Data: []byte("apiVersion: v2\nname: app\nversion: 0.1.0\n")}}
	for name, text := range files {
		list = append(list, chart.File{Name: name, Label: "app/" + name, Data: []byte(text)})
	}
	return chart.Open(list)
}

// lines renders a chart and says for every line of a template's output which
// line of which file wrote its first character.
func lines(t testing.TB, files map[string]string, template string) []string {
	t.Helper()
	r, err := open(t, files).Render(context.Background(), chart.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Traced {
		t.Error("the marks were not trusted")
	}
	var out []string
	for _, o := range r.Outputs {
		if o.Template != "app/templates/"+template {
			continue
		}
		for n := 1; n <= o.Text.Lines(); n++ {
			line := o.Text.Line(n)
			body := strings.TrimLeft(line, " ")
			if body == "" {
				continue
			}
			at := o.Text.Offset(n, len(line)-len(body)+1)
			place, _ := o.Place(o.Text.Range(at, at+1))
			out = append(out, fmt.Sprintf("%s <- %s:%d", body, strings.TrimPrefix(place.File(), "app/templates/"), place.Start.Line))
		}
	}
	return out
}

func TestRender_EveryLineLeadsToTheTemplateThatWroteIt(t *testing.T) {
	for name, c := range map[string]struct {
		helpers, template, values string
		want                      []string
	}{
		"text": {template: "a: 1\n\nb: 2\n", want: []string{"a: 1 <- a.yaml:1", "b: 2 <- a.yaml:3"}},
		"trimmed": {
			template: "a: 1\n{{- if true }}\nb: 2\n{{- end }}\nc: {{- /* x */}} 3\n",
			want:     []string{"a: 1 <- a.yaml:1", "b: 2 <- a.yaml:3", "c: 3 <- a.yaml:5"},
		},
		"table": {
			template: "a:\n  {{- toYaml .Values.t | nindent 2 }}\nb: 1\n", values: "t: {x: 1, z: 2}\n",
			want: []string{"a: <- a.yaml:1", "x: 1 <- a.yaml:2", "z: 2 <- a.yaml:2", "b: 1 <- a.yaml:3"},
		},
		"include": {
			helpers:  "{{- define \"x\" -}}\nx: 1\ny: {{ .Values.v | quote }}\n{{- end -}}",
			template: "a:\n  {{- include \"x\" . | nindent 2 }}\nb: 1\n", values: "v: z\n",
			want: []string{"a: <- a.yaml:1", "x: 1 <- _h.tpl:2", "y: \"z\" <- _h.tpl:3", "b: 1 <- a.yaml:3"},
		},
		"include in functions that look at it": {
			helpers:  "{{ define \"x\" }}yes{{ end }}{{ define \"y\" }}a: 1\nb: 2{{ end }}",
			template: "{{ if eq (include \"x\" .) \"yes\" }}a: {{ include \"x\" . | upper | trunc 2 }}{{ end }}\n{{ $y := include \"y\" . | fromYaml }}b: {{ $y.b }}\nc: {{ include \"x\" . | sha256sum | trunc 4 }}\n",
			want:     []string{"a: YE <- a.yaml:1", "b: 2 <- a.yaml:2", "c: 8a79 <- a.yaml:3"},
		},
		"piped argument": {
			helpers:  "{{ define \"x\" }}v-{{ . }}{{ end }}",
			template: "{{ $n := .Values.v | include \"x\" }}a: {{ len $n }}\n{{ with .Values.v | include \"x\" }}b: {{ . }}{{ end }}\n", values: "v: z\n",
			want: []string{"a: 3 <- a.yaml:1", "b: v-z <- a.yaml:2"},
		},
		"template action": {
			helpers:  "{{ define \"x\" }}x: 1{{ end }}",
			template: "a: 1\n{{ template \"x\" . }}\n", want: []string{"a: 1 <- a.yaml:1", "x: 1 <- _h.tpl:1"},
		},
		"tpl": {
			helpers:  "{{ define \"x\" }}yes{{ end }}",
			template: "a: 1\n{{ tpl .Values.t . }}\n", values: "t: |\n  x: {{ include \"x\" . | upper }}\n  y: 2\n",
			want: []string{"a: 1 <- a.yaml:1", "x: YES <- a.yaml:2", "y: 2 <- a.yaml:2"},
		},
		"range": {
			template: "{{- range $i, $e := .Values.l }}\n- {{ $e }}\n{{- if gt $i 0 }}{{ break }}{{ end }}\n{{- end }}\n", values: "l: [a, b, c]\n",
			want: []string{"- a <- a.yaml:2", "- b <- a.yaml:2"},
		},
		"braces": {
			template: "a: { {{- \"x: 1\" -}} }\nb: '{{ \"{{\" }} y }}'\n", want: []string{"a: {x: 1} <- a.yaml:1", "b: '{{ y }}' <- a.yaml:2"},
		},
		"glued separator": {
			template: "a: 1\n---\n{{- \"# note\" }}\nb: 2\n", want: []string{"a: 1 <- a.yaml:1", "--- <- a.yaml:2", "# note <- a.yaml:3", "b: 2 <- a.yaml:4"},
		},
		"nothing": {
			template: "a: {{ .Values.none }}x\nb: {{ .Values.none.at }}\n", values: "none:\n  other: 1\n", want: []string{"a: map[other:1]x <- a.yaml:1", "b: <- a.yaml:2"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"templates/a.yaml": c.template, "values.yaml": c.values, "templates/_h.tpl": c.helpers}
			got := lines(t, files, "a.yaml")
			for i := range got {
				got[i] = strings.ReplaceAll(got[i], ":  <-", ": <-")
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestRender_ErrorsNameTheInnermostTemplate(t *testing.T) {
	c := open(t, map[string]string{
		"templates/_h.tpl": "{{ define \"x\" }}\n{{ .Values.a.b.c }}{{ end }}", "templates/a.yaml": "a: {{ include \"x\" . }}\n",
	})
	_, err := c.Render(context.Background(), chart.Settings{})
	e, ok := errors.AsType[*chart.Error](err)
	if !ok || e.Range.File() != "app/templates/_h.tpl" || e.Range.Start.Line != 2 || !strings.Contains(e.Message, "nil pointer") {
		t.Errorf("%v", err)
	}
}

func TestRender_StopsWhatDoesNotEnd(t *testing.T) {
	for _, text := range []string{
		"{{ range until 100000 }}{{ range until 100000 }}{{ end }}x{{ end }}",
		"{{ range until 100000 }}{{ range until 100000 }}x{{ end }}{{ end }}",
		"{{ define \"x\" }}{{ range until 10 }}{{ include \"x\" $ }}{{ end }}{{ end }}{{ include \"x\" . }}",
		"{{ $s := \"0123456789\" }}{{ range until 60 }}{{ $s = printf \"%s%s\" $s $s }}{{ end }}",
		"{{ range until 900000 }}{{ tpl \"{{ range until 900000 }}x{{ end }}\" . }}{{ end }}",
	} {
		_, err := open(t, map[string]string{"templates/a.yaml": text}).Render(context.Background(), chart.Settings{})
		if err == nil || !strings.Contains(err.Error(), "Plimsoll does not render that") && !strings.Contains(err.Error(), "nested reference") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Whatever templates are made of, the marks may never change what is rendered,
// and must be trusted for all that does not compute with its own text.
func TestRender_MarksChangeNothing(t *testing.T) {
	pieces := []string{
		"a: 1", "\n", "  ", "- x", "{{ .Values.s }}", "{{- .Values.s -}}", "{{ include \"x\" . }}", "{{ include \"x\" . | nindent 2 }}",
		"{{ include \"x\" . | upper }}", "{{ if include \"x\" . }}t{{ else }}f{{ end }}", "{{ range .Values.l }}", "{{ .Chart.Name }}", "{{ $.Values.s }}", "{{ end }}",
		"{{ with .Values.t }}", "{{ $v := include \"x\" . }}", "{{ tpl \"{{ include \\\"x\\\" . | len }}\" . }}", "{{ toYaml .Values.t | indent 4 }}",
		"{", "}", "{{- /* c */ -}}", "{{ include \"x\" . | trim | quote }}", "{{ printf \"%s-%d\" (include \"x\" .) 3 }}", "{{ .Values.none }}",
		"{{ template \"x\" . }}", "{{ include \"x\" . | default \"d\" }}", "é",
	}
	rendered := 0
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 12).Draw(t, "template"), "")
		helper := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces[:6]), 0, 4).Draw(t, "helper"), "")
		c, err := tryOpen(map[string]string{
			"templates/a.yaml": text, "templates/_h.tpl": "{{ define \"x\" }}" + helper + "{{ end }}",
			"values.yaml": "s: v\nl: [1, 2]\nt: {k: v, m: [1]}\n",
		})
		if err != nil {
			t.Fatal(err)
		}
		r, err := c.Render(context.Background(), chart.Settings{})
		if err != nil {
			return // a range without an end
		}
		rendered++
		if !r.Traced {
			t.Fatalf("marks are not trusted in %q with %q", text, helper)
		}
		for _, o := range r.Outputs {
			if strings.Contains(string(o.Text.Content), "\xf3\xb0") {
				t.Fatalf("marks are left in %q", o.Text.Content)
			}
		}
	})
	if rendered < 20 {
		t.Errorf("only %d templates could be rendered", rendered)
	}
}

func FuzzRender(f *testing.F) {
	f.Add("a: {{ .Values.a }}\n", "a: 1\n")
	f.Add("{{- range $k, $v := .Values.m }}\n{{ $k }}: {{ $v | quote }}\n{{- end }}", "m: {a: b}\n")
	f.Add("{{ define \"x\" }}{{ . }}{{ end }}{{ include \"x\" (dict \"a\" 1) | nindent 2 }}", "")
	f.Add("{{ with .Values.a }}{{ tpl . $ }}{{ else }}{{ block \"b\" . }}c{{ end }}{{ end }}", "a: '{{ .Release.Name }}'\n")
	f.Fuzz(func(t *testing.T, template, values string) {
		c, err := tryOpen(map[string]string{"templates/a.yaml": template, "values.yaml": values})
		if err != nil {
			return
		}
		r, err := c.Render(context.Background(), chart.Settings{})
		if err != nil {
			return
		}
		for i := range r.Outputs {
			o := &r.Outputs[i]
			docs, _ := yamlnode.Parse(o.Text)
			for _, d := range docs {
				if d.Root == nil {
					continue
				}
				_, tree, _ := yamlnode.Kubernetes.Value(d.Root, o.Text)
				if tree == nil {
					continue
				}
				l := o.Locator(tree)
				tree.Walk(func(path document.Path, _ document.Range) {
					r, _ := l.Locate(path)
					if r.Start.Offset < 0 || r.End.Offset > len(r.Source.Content) || r.Start.Offset > r.End.Offset {
						t.Fatalf("%s lies at %d-%d of %d bytes", path, r.Start.Offset, r.End.Offset, len(r.Source.Content))
					}
				})
			}
		}
	})
}
