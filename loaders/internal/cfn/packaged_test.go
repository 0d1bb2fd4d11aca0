package cfn_test

import (
	"crypto/md5"
	"encoding/hex"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/cfn"
)

// listing lists the folders of files.
func listing(files map[string]string) func(string) ([]string, error) {
	return func(dir string) ([]string, error) {
		var out []string
		for name := range files {
			rest, ok := strings.CutPrefix(name, dir+"/")
			if dir == "." {
				rest, ok = name, true
			}
			first, _, _ := strings.Cut(rest, "/")
			if ok && !slices.Contains(out, first) {
				out = append(out, first)
			}
		}
		if len(out) == 0 {
			return nil, fs.ErrNotExist
		}
		return out, nil
	}
}

func md5Of(text string) string {
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

func TestLoad_PackagedPathsLeadBackToTheirFiles(t *testing.T) {
	t.Parallel()
	const child = "Resources:\n  Q: {Type: 'AWS::SQS::Queue'}\n"
	const properties = "Name: included\n"
	stack := func(url string) string {
		return "Resources:\n  S: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: " + url + "}}\n"
	}
	address := func(hash string) string {
		return "https://s3.eu-west-1.amazonaws.com/bucket/shop/" + hash + ".template"
	}
	other := address(strings.Repeat("0a", 16))
	for _, c := range []struct {
		name, main string
		files      map[string]string
		want       []string
	}{
		{"by the hash of a template", stack(address(md5Of(child))), map[string]string{"inner/child.yaml": child}, []string{"build/main.yaml#S", "inner/child.yaml#Q"}},
		{
			"by the template that was packaged", stack(other),
			map[string]string{"template.yaml": stack("./inner/child.yaml"), "inner/child.yaml": child},
			[]string{"build/main.yaml#S", "inner/child.yaml#Q"},
		},
		{
			"not by one of several that may have been packaged", stack(other),
			map[string]string{"a.yaml": stack("one.yaml"), "b.yaml": stack("two.yaml"), "one.yaml": child, "two.yaml": child},
			[]string{"build/main.yaml#S"},
		},
		{"not by a stack of another name", stack(other), map[string]string{"template.yaml": strings.Replace(stack("child.yaml"), "S:", "T:", 1), "child.yaml": child}, []string{"build/main.yaml#S"}},
		{"not its own", stack(other), map[string]string{"template.yaml": stack(other)}, []string{"build/main.yaml#S"}},
		{
			"by the hash of an included file",
			"Resources:\n  X: {Type: 'Custom::X', Properties: {'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: 's3://bucket/shop/" + md5Of(properties) + "'}}}}\n",
			map[string]string{"parts/properties.yaml": properties},
			[]string{"build/main.yaml#X included"},
		},
	} {
		c.files["build/main.yaml"] = c.main
		r := cfn.Load(&document.Source{Name: "build/main.yaml", Content: []byte(c.main)}, cfn.Options{ReadFile: from(c.files), ReadDir: listing(c.files)})
		var got []string
		for _, d := range r.Documents {
			name, _ := d.Raw["Name"].(string)
			got = append(got, strings.TrimSpace(d.ID+" "+name))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		for _, d := range r.Diagnostics {
			if d.Level != document.Note || len(r.Documents) != 1 {
				t.Errorf("%s: %s", c.name, show(d))
			}
		}
		if len(r.Documents) == 2 && !slices.Equal(r.Claimed, []string{path.Join("inner", "child.yaml")}) {
			t.Errorf("%s: claimed %v", c.name, r.Claimed)
		}
	}
}
