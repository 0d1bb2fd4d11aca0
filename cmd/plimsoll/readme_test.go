package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/engine/config"
	"github.com/plimsoll-dev/plimsoll/fixtures"
)

// fenced returns the code blocks of one language in a Markdown text.
func fenced(text, language string) []string {
	var out []string
	for {
		_, rest, ok := strings.Cut(text, "\n```"+language+"\n")
		if !ok {
			return out
		}
		block, rest, _ := strings.Cut(rest, "\n```")
		out = append(out, block+"\n")
		text = rest
	}
}

func TestReadme_CommandsRun(t *testing.T) {
	t.Chdir(fixtures.Path(t, ".."))
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, block := range fenced(string(text), "sh") {
		for line := range strings.SplitSeq(block, "\n") {
			args := strings.Fields(line)
			if len(args) == 0 || args[0] != "plimsoll" {
				continue
			}
			ran++
			var out, errs bytes.Buffer
			if code := run(args, strings.NewReader(""), &out, &errs); code != 0 || out.Len() == 0 {
				t.Errorf("%s: exit code %d, %d bytes\n%s", line, code, out.Len(), errs.String())
			}
		}
	}
	if ran < 5 {
		t.Errorf("only %d commands were found", ran)
	}
}

func TestReadme_ConfigurationIsValid(t *testing.T) {
	text, err := os.ReadFile(fixtures.Path(t, "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range fenced(string(text), "yaml") {
		if !strings.HasPrefix(block, "profile:") {
			continue
		}
		name := t.TempDir() + "/.plimsoll.yaml"
		if err := os.WriteFile(name, []byte(block), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := config.Load(name, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Exceptions) != 1 || f.Exceptions[0].Expires != "2027-03-31" {
			t.Errorf("exceptions: %+v", f.Exceptions)
		}
		return
	}
	t.Error("the README shows no configuration")
}
