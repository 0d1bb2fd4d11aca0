package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/plimsoll-dev/plimsoll/engine/redact"
	"github.com/plimsoll-dev/plimsoll/fixtures"
	"github.com/plimsoll-dev/plimsoll/loaders/schema"
)

// published compiles the schema that the program prints.
func published(t *testing.T, args ...string) *jsonschema.Schema {
	t.Helper()
	var out, stderr bytes.Buffer
	if code := run(append([]string{"plimsoll", "schema"}, args...), nil, &out, &stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	value, err := jsonschema.UnmarshalJSON(&out)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", value); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSchema_DescribesWhatInspectPrints(t *testing.T) {
	inputs := []string{fixtures.Path(t, "stack"), fixtures.Path(t, "load")}
	if corpus := os.Getenv("PLIMSOLL_CORPUS"); corpus != "" {
		inputs = append(inputs, corpus)
	} else {
		t.Log("PLIMSOLL_CORPUS is not set: only the fixtures are read")
	}
	untyped := published(t, "--printed")
	byType := map[string]*jsonschema.Schema{}
	told := map[string]bool{}
	n := 0
	for _, input := range inputs {
		var out, stderr bytes.Buffer
		if code := run([]string{"plimsoll", "inspect", input}, nil, &out, &stderr); code != 0 && code != exitInput {
			t.Fatalf("exit code %d: %s", code, &stderr)
		}
		for line := range strings.Lines(out.String()) {
			n++
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
			if err != nil {
				t.Fatal(err)
			}
			var head struct{ ID, Type string }
			if err := json.Unmarshal([]byte(line), &head); err != nil {
				t.Fatal(err)
			}
			s := untyped
			if head.Type != "" {
				if s = byType[head.Type]; s == nil {
					s = published(t, "--printed", head.Type)
					byType[head.Type] = s
				}
			}
			if err := s.Validate(value); err != nil && !told[head.Type] {
				told[head.Type] = true
				t.Errorf("%s (%s): %v", head.ID, head.Type, err)
			}
		}
	}
	if n < 200 {
		t.Errorf("only %d documents were printed", n)
	}
}

func TestSchema_KnowsWhatStandsForSensitiveValues(t *testing.T) {
	if schema.Mask != redact.Sensitive {
		t.Errorf("the schema has %q, inspect prints %q", schema.Mask, redact.Sensitive)
	}
}

func TestSchema_EveryTypeHasOne(t *testing.T) {
	for _, name := range schema.Types() {
		published(t, name)
		published(t, "--printed", name)
	}
}
