package cfn

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestScratch(t *testing.T) {
	f := os.Getenv("CFN")
	if f == "" {
		t.Skip()
	}
	data, err := os.ReadFile(f)
	if err != nil {
		t.Fatal(err)
	}
	src := &document.Source{Name: f, Content: data}
	r := Load(src, Options{ReadFile: os.ReadFile})
	fmt.Println("detect", Detect(data, true), "docs", len(r.Documents), r.NotMine, r.Claimed)
	for _, d := range r.Diagnostics {
		fmt.Printf("DIAG %s:%d:%d %s %s\n", d.Range.File(), d.Range.Start.Line, d.Range.Start.Column, d.Level, d.Message)
	}
	if os.Getenv("Q") != "" {
		return
	}
	for _, d := range r.Documents {
		fmt.Println("==", d.ID, d.Kind, d.Conditional, d.Metadata, d.Tokens)
		b, _ := json.Marshal(d.Raw)
		fmt.Println("  RAW", string(b))
		for _, p := range d.RawStates.Paths(document.Unknown, document.Partial) {
			s := d.RawStates[p]
			fmt.Println("   ", p, s.Kind, s.Reason, s.Refs, s.Template)
		}
		for _, r := range d.Refs {
			fmt.Println("   ->", r.Path, r.To, r.Attribute)
		}
		if len(d.Sensitive) > 0 {
			fmt.Println("   SENSITIVE", d.Sensitive)
		}
	}
}
