package cfn_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/cfn"
)

// load reads a template given as text, with files beside it.
func load(t *testing.T, text string, parameters, files map[string]string) cfn.Result {
	t.Helper()
	read := func(name string) ([]byte, error) {
		if content, ok := files[name]; ok {
			return []byte(content), nil
		}
		return nil, fs.ErrNotExist
	}
	return cfn.Load(&document.Source{Name: "stack/main.yaml", Content: []byte(text)}, cfn.Options{Parameters: parameters, ReadFile: read})
}

// clean is load for a template without any mistake.
func clean(t *testing.T, text string, parameters map[string]string) []*document.Document {
	t.Helper()
	r := load(t, text, parameters, nil)
	for _, d := range r.Diagnostics {
		t.Errorf("%s", show(d))
	}
	return r.Documents
}

func show(d document.Diagnostic) string {
	return fmt.Sprintf("%s:%d:%d: %s: %s", d.Range.File(), d.Range.Start.Line, d.Range.Start.Column, d.Level, d.Message)
}

func byName(t *testing.T, docs []*document.Document, name string) *document.Document {
	t.Helper()
	for _, d := range docs {
		if d.Name == name {
			return d
		}
	}
	t.Fatalf("no document %q", name)
	return nil
}

// corpus returns the templates of the corpus.
func corpus(t *testing.T, folders ...string) []string {
	t.Helper()
	root := os.Getenv("PLIMSOLL_CORPUS")
	if root == "" {
		t.Skip("PLIMSOLL_CORPUS does not name a folder of real inputs")
	}
	var out []string
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			switch filepath.Ext(path) {
			case ".json", ".yaml", ".yml", ".template":
				if !entry.IsDir() {
					out = append(out, path)
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if len(out) == 0 {
		t.Fatalf("no files in %v", folders)
	}
	return out
}

func read(t *testing.T, name string) *document.Source {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return &document.Source{Name: filepath.ToSlash(name), Content: content}
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
