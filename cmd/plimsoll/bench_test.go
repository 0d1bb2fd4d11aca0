package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/fixtures"
)

// BenchmarkCheck_OneManifest is a cold start but for the process itself: every
// round reads the library, compiles the rules that one small manifest needs,
// and judges it. README.md beside this file has the figures of whole processes.
func BenchmarkCheck_OneManifest(b *testing.B) {
	manifest := filepath.Join(b.TempDir(), "pod.yaml")
	if err := os.WriteFile(manifest, []byte("apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  containers:\n    - name: web\n      image: nginx\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	benchmarkCheck(b, manifest)
}

// BenchmarkCheck_Stack is the same for the bundled example of nine files.
func BenchmarkCheck_Stack(b *testing.B) {
	benchmarkCheck(b, fixtures.Path(b, "stack", "insecure"))
}

func benchmarkCheck(b *testing.B, path string) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		code := run([]string{"plimsoll", "check", "--no-config", "--fail-on", "never", "--output", "json", path}, strings.NewReader(""), io.Discard, io.Discard)
		if code != 0 {
			b.Fatalf("exit code %d", code)
		}
	}
}

// coldAllocations is what one check of a small Pod was recorded to allocate;
// README.md has the time that goes with it.
const coldAllocations = 400_000

func TestCheck_ColdStartStaysWithinItsAllocations(t *testing.T) {
	manifest := filepath.Join(t.TempDir(), "pod.yaml")
	if err := os.WriteFile(manifest, []byte("apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  containers:\n    - name: web\n      image: nginx\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := testing.AllocsPerRun(1, func() {
		run([]string{"plimsoll", "check", "--no-config", "--fail-on", "never", "--output", "json", manifest}, strings.NewReader(""), io.Discard, io.Discard)
	})
	if got > 2*coldAllocations {
		t.Errorf("%.0f allocations, more than twice the recorded %d: find out why, or record anew", got, coldAllocations)
	}
}
