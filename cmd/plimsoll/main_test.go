package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/plimsoll-dev/plimsoll/fixtures"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"plimsoll": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       fixtures.Updating(),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"code": code},
	})
}

// code runs a program that must end with an exit code: code 2 plimsoll check.
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N program [args...]")
	}
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit code %d, want %s", got, args[0])
	}
}

func TestGuard_TurnsAPanicIntoAReport(t *testing.T) {
	var b bytes.Buffer
	if code := guard(&b, func() int { panic("out of cheese") }); code != exitInternal {
		t.Errorf("exit code %d, want %d", code, exitInternal)
	}
	for _, want := range []string{"internal error: out of cheese", "/issues", "main_test.go"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, b.String())
		}
	}
	if code := guard(&b, func() int { return 3 }); code != 3 {
		t.Errorf("exit code %d, want 3", code)
	}
}

func TestArrange_PutsFlagsBeforePaths(t *testing.T) {
	app := newApp(strings.NewReader(""), io.Discard, io.Discard)
	for line, want := range map[string]string{
		"plimsoll check a b":                        "plimsoll check -- a b",
		"plimsoll check a --fail-on never":          "plimsoll check --fail-on never -- a",
		"plimsoll check a -v b -o json":             "plimsoll check --verbose --output json -- a b",
		"plimsoll check - --rule=A":                 "plimsoll check --rule=A -- -",
		"plimsoll check a -- -b --fail-on":          "plimsoll check -- a -b --fail-on",
		"plimsoll check a -j4 -vq":                  "plimsoll check --jobs 4 --verbose --quiet -- a",
		"plimsoll check a -ojson":                   "plimsoll check --output json -- a",
		"plimsoll check -o=json a":                  "plimsoll check --output=json -- a",
		"plimsoll check -x a":                       "plimsoll check -x -- a",
		"plimsoll policy test d --rule A":           "plimsoll policy test --rule A -- d",
		"plimsoll policy d":                         "plimsoll policy d",
		"plimsoll --version":                        "plimsoll --version",
		"plimsoll":                                  "plimsoll",
		"plimsoll check":                            "plimsoll check",
		"plimsoll check a --output":                 "plimsoll check --output -- a",
		"plimsoll inspect a --type x,y --jobs 2 b":  "plimsoll inspect --type x,y --jobs 2 -- a b",
		"plimsoll nonsense a --b":                   "plimsoll nonsense a --b",
		"plimsoll check --config c.yaml a -q --bad": "plimsoll check --config c.yaml --quiet --bad -- a",
	} {
		got := strings.Join(arrange(app, strings.Fields(line)), " ")
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", line, got, want)
		}
	}
}

func TestReplaceFile_LeavesTheOldFileWhenWritingFails(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "out.json")
	write := func(text string, err error) error {
		return replaceFile(name, func(w io.Writer) error {
			if _, err := io.WriteString(w, text); err != nil {
				return err
			}
			return err
		})
	}
	if err := write("old", nil); err != nil {
		t.Fatal(err)
	}
	if err := write("half", io.ErrShortWrite); err == nil {
		t.Error("no error")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil || string(text) != "old" || len(entries) != 1 {
		t.Errorf("%q, %v, %d files", text, err, len(entries))
	}
	if err := write("new", nil); err != nil {
		t.Fatal(err)
	}
	if text, err = os.ReadFile(name); err != nil || string(text) != "new" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestReplaceFile_KeepsLinksAndModes(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, nil, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skip("the file system has no symbolic links")
	}
	if err := replaceFile(link, func(w io.Writer) error { _, err := io.WriteString(w, "x"); return err }); err != nil {
		t.Fatal(err)
	}
	st, err := os.Lstat(target)
	if err != nil || st.Mode() != 0o640 || st.Size() != 1 {
		t.Errorf("%v, %v", st.Mode(), err)
	}
	if st, err = os.Lstat(link); err != nil || st.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", st.Mode(), err)
	}
}

func TestTune_HoldsTheCollectorBackAndRestoresIt(t *testing.T) {
	before := debug.SetGCPercent(123)
	defer debug.SetGCPercent(before)
	current := func() int {
		p := debug.SetGCPercent(100)
		debug.SetGCPercent(p)
		return p
	}
	restore := tune(func(string) string { return "" })
	if got := current(); got != -1 {
		t.Errorf("during the run: %d, want -1", got)
	}
	restore()
	if got := current(); got != 123 {
		t.Errorf("after the run: %d, want 123", got)
	}
	defer tune(func(name string) string { return map[string]string{"GOGC": "50"}[name] })()
	if got := current(); got != 123 {
		t.Errorf("with GOGC set: %d, want 123", got)
	}
}

func TestPercentFor_LeavesLargeHeapsLessRoom(t *testing.T) {
	for live, want := range map[uint64]int{0: 200, 64 << 20: 200, 256 << 20: 100, 512 << 20: 50, 4 << 30: 40} {
		if got := percentFor(live); got != want {
			t.Errorf("%d MiB: %d, want %d", live>>20, got, want)
		}
	}
}

func TestNewApp_EveryCommandIsDocumented(t *testing.T) {
	for _, c := range newApp(nil, io.Discard, io.Discard).Commands {
		if c.Usage == "" || c.UsageText == "" || c.OnUsageError == nil {
			t.Errorf("%s lacks usage, usage text or error handling", c.Name)
		}
	}
}
