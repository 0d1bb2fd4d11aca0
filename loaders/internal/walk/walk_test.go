package walk

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// write puts files into a new folder, which becomes the working directory. A
// name that ends in a slash is a folder; "a -> b" is a symbolic link.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	fill(t, dir, files)
	t.Chdir(dir)
	return dir
}

func fill(t testing.TB, dir string, files map[string]string) {
	for name, content := range files {
		name, target, link := strings.Cut(name, " -> ")
		p := filepath.Join(dir, filepath.FromSlash(name))
		err := os.MkdirAll(filepath.Dir(p), 0o755)
		switch {
		case err != nil:
		case link:
			err = os.Symlink(target, p)
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(p, 0o755)
		default:
			err = os.WriteFile(p, []byte(content), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func names(files []File) []string {
	out := []string{}
	for _, f := range files {
		switch {
		case f.Skip != "":
			out = append(out, f.Name+" skipped: "+f.Skip)
		case f.Err != nil:
			out = append(out, f.Name+" error: "+f.Err.Error())
		default:
			out = append(out, f.Name)
		}
	}
	return out
}

func list(t *testing.T, exclude []string, paths ...string) []string {
	t.Helper()
	files, err := Files(paths, exclude)
	if err != nil {
		t.Fatal(err)
	}
	return names(files)
}

func equal(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFiles_AreListedInOrderOnce(t *testing.T) {
	write(t, map[string]string{"b.yaml": "", "a/z.yaml": "", "a/y.yaml": "", "c.yaml": "", ".hidden.yaml": ""})
	equal(t, list(t, nil, "c.yaml", ".", "a", "./a/y.yaml"), "c.yaml", ".hidden.yaml", "a/y.yaml", "a/z.yaml", "b.yaml")
}

func TestFiles_LeaveOutGitAndTerraformFolders(t *testing.T) {
	write(t, map[string]string{
		".git/config": "", "a/.git": "gitdir: elsewhere", "a/b.yaml": "", ".terraform/modules/m/x.yaml": "",
		"node_modules/x.yaml": "", ".terraform.lock.hcl": "",
	})
	equal(t, list(t, nil, "."), ".terraform.lock.hcl", "a/b.yaml", "node_modules/x.yaml")
}

func TestFiles_HonorNestedIgnoreFiles(t *testing.T) {
	write(t, map[string]string{
		".git/info/exclude": "private.yaml\n",
		".gitignore":        "*.gen.yaml\n/build/\n!keep.gen.yaml\n",
		".plimsollignore":   "!wanted.gen.yaml\nvendored/\n",
		"a.gen.yaml":        "", "keep.gen.yaml": "", "wanted.gen.yaml": "", "private.yaml": "",
		"build/x.yaml": "", "sub/build/x.yaml": "", "vendored/x.yaml": "",
		"sub/.gitignore": "local.yaml\n!deep.gen.yaml\n", "sub/local.yaml": "", "sub/deep.gen.yaml": "", "local.yaml": "",
	})
	want := []string{".gitignore", ".plimsollignore", "keep.gen.yaml", "local.yaml", "sub/.gitignore", "sub/build/x.yaml", "sub/deep.gen.yaml", "wanted.gen.yaml"}
	equal(t, list(t, nil, "."), want...)
	t.Chdir("sub")
	equal(t, list(t, nil, "."), ".gitignore", "build/x.yaml", "deep.gen.yaml")
}

func TestFiles_RulesAboveCountOnlyInsideARepository(t *testing.T) {
	write(t, map[string]string{".gitignore": "*\n", "sub/a.yaml": ""})
	equal(t, list(t, nil, "sub"), "sub/a.yaml")
}

func TestFiles_NamedThemselvesAreNeverLeftOut(t *testing.T) {
	write(t, map[string]string{".gitignore": "*.yaml\nbuild/\n", "a.yaml": "", "build/b.txt": "", "c.txt": ""})
	equal(t, list(t, []string{"a.yaml", "c.txt"}, ".", "a.yaml"), ".gitignore", "a.yaml")
	equal(t, list(t, nil, "build"), "build/b.txt")
	files, err := Files([]string{"c.txt", "build"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !files[0].Explicit || files[1].Explicit {
		t.Errorf("explicit: %v %v", files[0].Explicit, files[1].Explicit)
	}
}

func TestFiles_ExcludeGlobs(t *testing.T) {
	files := map[string]string{"a.yaml": "", "a.json": "", "sub/b.json": "", "sub/b.yaml": "", "vendor/x/c.yaml": "", "other/vendor/d.yaml": ""}
	for _, c := range []struct {
		glob string
		want []string
	}{
		{"*.json", []string{"a.yaml", "other/vendor/d.yaml", "sub/b.yaml", "vendor/x/c.yaml"}},
		{"vendor", []string{"a.json", "a.yaml", "sub/b.json", "sub/b.yaml"}},
		{"vendor/", []string{"a.json", "a.yaml", "sub/b.json", "sub/b.yaml"}},
		{"vendor/**", []string{"a.json", "a.yaml", "other/vendor/d.yaml", "sub/b.json", "sub/b.yaml"}},
		{"./sub/*.yaml", []string{"a.json", "a.yaml", "other/vendor/d.yaml", "sub/b.json", "vendor/x/c.yaml"}},
		{"**/*.{yaml,json}", []string{}},
	} {
		t.Run(c.glob, func(t *testing.T) {
			write(t, files)
			equal(t, list(t, []string{c.glob}, "."), c.want...)
		})
	}
}

func TestFiles_SymbolicLinks(t *testing.T) {
	outside := t.TempDir()
	fill(t, outside, map[string]string{"shared.yaml": "", "folder/x.yaml": ""})
	write(t, map[string]string{
		"a.yaml": "", "link.yaml -> a.yaml": "", "loop -> .": "", "sub/up -> ..": "", "dangling.yaml -> nowhere": "",
		"one.yaml -> " + filepath.Join(outside, "shared.yaml"): "", "two.yaml -> " + filepath.Join(outside, "shared.yaml"): "",
		"folder -> " + filepath.Join(outside, "folder"): "",
	})
	equal(t, list(t, nil, "."), "a.yaml", "dangling.yaml error: broken symbolic link", "folder skipped: symbolic link to a folder",
		"loop skipped: symbolic link to a folder", "one.yaml", "sub/up skipped: symbolic link to a folder")
	equal(t, list(t, nil, "folder"), "folder/x.yaml")
}

func TestFiles_MissingPath(t *testing.T) {
	write(t, map[string]string{"file": ""})
	for _, p := range []string{"nowhere", "file/below"} {
		_, err := Files([]string{p}, nil)
		var pe *PathError
		if !errors.As(err, &pe) || pe.Path != p || pe.Err == nil {
			t.Errorf("%s: %v", p, err)
		}
	}
}

func git(t *testing.T, dir string, args ...string) ([]byte, error) {
	bin, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed: nothing to compare with")
	}
	cmd := exec.Command(bin, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	return cmd.CombinedOutput()
}

// repository makes a repository with the files of pool.
func repository(t *testing.T) string {
	t.Helper()
	files := map[string]string{}
	for _, p := range pool {
		files[p] = ""
	}
	dir := write(t, files)
	if out, err := git(t, dir, "init", "-q", "."); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}

// compare puts ignore files into a repository and compares what is listed with
// what git would add, which is what its rules do not leave out.
func compare(t *testing.T, dir string, ignoreFiles map[string]string) {
	t.Helper()
	fill(t, dir, ignoreFiles)
	out, err := git(t, dir, "ls-files", "-z", "--others", "--exclude-standard")
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want := strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 })
	slices.Sort(want)
	got := list(t, nil, ".")
	slices.Sort(got)
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%q (-git +ours):\n%s", ignoreFiles, diff)
	}
}

var pool = []string{
	"a.yaml", "b.yaml", "x.json", "#a", "!b", "a b", "a ", "[x]", "é.yaml", "a/a.yaml", "a/b/a.yaml", "a/x/a/b", "a/x/y/b", "b/a/x", "b/a/b/c/x",
	"ab/x", "a-b/x.yaml", "build/x", "b/build/x", "b/build/y/z.yaml", "x/{a,b}", "x/a", "x/A", "x/7", "x/^", "x/-", `x/b\c`,
}

func TestFiles_AgreeWithGitOnKnownTraps(t *testing.T) {
	dir := repository(t)
	for _, text := range []string{
		"**/a/b", "a/**/b", "a/**", "**/x", "/a", "a/", "/a/", "*.yaml", "/*.yaml", "a/*", "a/*/", "b/**/x", "[!a]*", "[^a]*", "x/[a-c]", "x/[A-Z]",
		"x/[[:digit:]]", "x/[[:alpha:]]", "x/[]a]", "x/[a", `\#a`, "#a", `\!b`, "a\\ ", "a ", "a b", "x/{a,b}", "foo**", "a**", "**", "a**b", "b/a**/x", "**/",
		"*\n!*.yaml", "*\n!*/\n!*.yaml", "a/\n!a/a.yaml", "build\n!build/x", "/build\n", "\xef\xbb\xbfa.yaml\n", "a.yaml\r\nx.json\r\n", `x/b\\c`, `x/\a`, "x/?",
		"é.*", "?.yaml", "x/[-a]", "x/[a-]", "x/[\\^]", "x/[^]", "**/b/**/x", "***/x", "a/***/b", "!a.yaml", "a/b", "/", "//", "",
	} {
		compare(t, dir, map[string]string{".gitignore": text})
	}
}

func TestFiles_AgreeWithGitOnRandomRules(t *testing.T) {
	if testing.Short() {
		t.Skip("runs git many times")
	}
	part := rapid.SampledFrom([]string{"a", "b", "x", "*", "**", "?", "*.yaml", "[ab]", "[!a]*", "a*", "*b", "build", `\a`})
	line := rapid.Custom(func(t *rapid.T) string {
		elems := rapid.SliceOfN(part, 1, 4).Draw(t, "parts")
		return rapid.SampledFrom([]string{"", "", "!", "/", "!/"}).Draw(t, "prefix") + strings.Join(elems, "/") +
			rapid.SampledFrom([]string{"", "", "/", " "}).Draw(t, "suffix")
	})
	ignore := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(line, 1, 5).Draw(t, "lines"), "\n")
	})
	dir := repository(t)
	for seed := range 80 {
		compare(t, dir, map[string]string{".gitignore": ignore.Example(2 * seed), "a/.gitignore": ignore.Example(2*seed + 1)})
	}
}

func BenchmarkFiles(b *testing.B) {
	dir := b.TempDir()
	files := map[string]string{".gitignore": "*.log\n/build/\nnode_modules\n**/generated/*.go\n"}
	for i := range 2000 {
		files[fmt.Sprintf("dir%d/sub%d/file%d.yaml", i%20, i%7, i)] = ""
	}
	fill(b, dir, files)
	b.Chdir(dir)
	for b.Loop() {
		if _, err := Files([]string{"."}, []string{"**/*.json"}); err != nil {
			b.Fatal(err)
		}
	}
}
