package loaders_test

import (
	"path"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/fixtures"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

const volume = "resource \"aws_ebs_volume\" \"NAME\" {\n  encrypted = var.encrypted\n}\nvariable \"encrypted\" { default = false }\n"

func TestTerraform_ModulesThatARootCallsAreNotJudgedByThemselves(t *testing.T) {
	tree(t, map[string]string{
		"live/main.tf":       "module \"m\" {\n  source    = \"../modules/m\"\n  encrypted = true\n}\n",
		"live/other.tf":      volume,
		"modules/m/main.tf":  volume,
		"modules/m/extra.tf": "",
		"modules/n/main.tf":  volume,
	})
	for name, c := range map[string]struct{ paths, want []string }{
		"the whole tree":       {[]string{"."}, []string{"live#aws_ebs_volume.NAME", "live#module.m.aws_ebs_volume.NAME", "modules/n#aws_ebs_volume.NAME"}},
		"the module alone":     {[]string{"modules/m"}, []string{"modules/m#aws_ebs_volume.NAME"}},
		"both named":           {[]string{"live", "modules/m"}, []string{"live#aws_ebs_volume.NAME", "live#module.m.aws_ebs_volume.NAME", "modules/m#aws_ebs_volume.NAME"}},
		"one file of the root": {[]string{"live/other.tf"}, []string{"live#aws_ebs_volume.NAME", "live#module.m.aws_ebs_volume.NAME"}},
	} {
		r := read(t, loaders.Options{}, "", c.paths...)
		got := ids(r)
		slices.Sort(got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if len(r.Diagnostics) > 0 || r.Failed > 0 || r.NotRecognised > 0 {
			t.Errorf("%s: %v, %d failed, %d not recognized", name, r.Diagnostics, r.Failed, r.NotRecognised)
		}
	}
}

func TestTerraform_APlanAnswersForItsSource(t *testing.T) {
	dir := fixtures.Path(t, "load", "terraform-plan", "addresses")
	r := load(t, dir, loaders.Options{}, ".")
	for _, d := range r.Documents {
		if d.Format != "terraform-plan" && path.Dir(d.ID) != "." {
			t.Errorf("%s is of the format %s", d.ID, d.Format)
		}
		if d.Format == "terraform" {
			t.Errorf("%s was judged although a plan covers it", d.ID)
		}
	}
	if len(r.Documents) == 0 {
		t.Error("the plan was not read")
	}
}

func TestTerraform_VariablesOfTheCommandLineDecide(t *testing.T) {
	tree(t, map[string]string{"main.tf": volume, "own.tfvars": "encrypted = true\n"})
	for name, c := range map[string]struct {
		options loaders.Options
		want    any
	}{
		"nothing said":        {loaders.Options{}, false},
		"a file":              {loaders.Options{VariableFiles: []string{"own.tfvars"}}, true},
		"a value over a file": {loaders.Options{VariableFiles: []string{"own.tfvars"}, Variables: []string{"encrypted=no"}}, "no"},
	} {
		r := read(t, c.options, "", "main.tf")
		if got := r.Documents[0].Raw["encrypted"]; got != c.want {
			t.Errorf("%s: encrypted is %v, want %v", name, got, c.want)
		}
	}
	r := read(t, loaders.Options{VariableFiles: []string{"none.tfvars"}}, "", "main.tf")
	if len(messages(r, document.Error)) != 1 || r.Failed != 1 {
		t.Errorf("a missing file gives %v, %d failed", r.Diagnostics, r.Failed)
	}
}

func TestTerraform_ABrokenFileFailsTheRunAndTheOthersAreJudged(t *testing.T) {
	tree(t, map[string]string{"a_bad.tf": "resource \"x\" {\n  a = \n", "good.tf": volume})
	r := read(t, loaders.Options{}, "", ".")
	if r.Failed != 1 || len(r.Documents) != 1 {
		t.Errorf("%d failed, documents are %v", r.Failed, ids(r))
	}
	if len(r.Diagnostics) == 0 || r.Diagnostics[0].Range.Start.Line == 0 || r.Diagnostics[0].Range.File() != "a_bad.tf" {
		t.Errorf("diagnostics are %v", r.Diagnostics)
	}
}

func TestTerraform_FilesOutsideOfTheTreeAreNotRead(t *testing.T) {
	tree(t, map[string]string{
		"in/main.tf": "resource \"test_it\" \"it\" {\n  up    = file(\"../../../../../../../../etc/hostname\")\n  root  = file(\"/etc/hostname\")\n  there = fileexists(\"/etc/hostname\")\n}\n",
	})
	d := read(t, loaders.Options{}, "", "in").Documents[0]
	if len(d.Raw) != 0 || len(d.RawStates) != 3 {
		t.Errorf("values are %v, states %v", d.Raw, d.RawStates)
	}
}

func TestTerraform_ManifestsInItsTextsAreNotTakenForTheFile(t *testing.T) {
	tree(t, map[string]string{"main.tf": "resource \"test_it\" \"it\" {\n  text = <<EOT\napiVersion: v1\nkind: Pod\nEOT\n}\n"})
	r := read(t, loaders.Options{}, "", ".")
	if diff := cmp.Diff([]string{".#test_it.it"}, ids(r)); diff != "" || r.Failed > 0 {
		t.Error(diff, r.Diagnostics)
	}
}
