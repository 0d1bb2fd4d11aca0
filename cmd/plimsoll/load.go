package main

import (
	"errors"
	"maps"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/plimsoll-dev/plimsoll/engine/config"
	"github.com/plimsoll-dev/plimsoll/loaders"
)

// inputFlags are the flags of commands that read files.
func inputFlags() []cli.Flag {
	return []cli.Flag{
		listFlag(aboutInput, "exclude", "", "leave out files that match `GLOB` (repeatable)"),
		textFlag(aboutInput, "terraform-root", "`DIR` of the .tf files behind plans (default: beside the plan)"),
		listFlag(aboutInput, "var", "", "give a Terraform variable a value, `NAME=VALUE`, where no plan is read (repeatable)"),
		listFlag(aboutInput, "var-file", "", "read Terraform variables from `FILE`, where no plan is read (repeatable)"),
		listFlag(aboutInput, "parameter", "", "give a CloudFormation parameter a value, `NAME=VALUE` (repeatable)"),
		listFlag(aboutInput, "cfn-parameters", "", "read CloudFormation parameters from `FILE`, in any form AWS tools know (repeatable)"),
		listFlag(aboutInput, "helm-values", "", "render Helm charts with the values in `FILE` (repeatable)"),
		listFlag(aboutInput, "helm-set", "", "render Helm charts with a value, `KEY=VALUE` (repeatable)"),
		jobsFlag(aboutInput),
		textFlag(aboutInput, "config", "read the settings in `FILE` (default: .plimsoll.yaml here or above, in the repository)"),
		switchFlag(aboutInput, "no-config", "", "read no settings file"),
	}
}

// load reads the files a command was given; the working directory without any.
func load(c *cli.Context, f *config.File) (loaders.Result, error) {
	options := loaders.Options{
		Jobs:          c.Int("jobs"),
		Exclude:       append(c.StringSlice("exclude"), f.Exclude...),
		TerraformRoot: f.TerraformRoot,
		Parameters:    map[string]string{},
		Variables:     c.StringSlice("var"),
		VariableFiles: c.StringSlice("var-file"),
	}
	for _, v := range options.Variables {
		if name, _, ok := strings.Cut(v, "="); !ok || name == "" {
			return loaders.Result{}, usagef("--var %s: write NAME=VALUE", nameOf(v))
		}
	}
	if c.IsSet("terraform-root") {
		options.TerraformRoot = c.String("terraform-root")
	}
	maps.Copy(options.Parameters, f.TemplateParameters)
	for _, name := range c.StringSlice("cfn-parameters") {
		values, err := parameterFile(name)
		if err != nil {
			return loaders.Result{}, err
		}
		maps.Copy(options.Parameters, values)
	}
	for _, p := range c.StringSlice("parameter") {
		name, value, ok := strings.Cut(p, "=")
		if !ok || name == "" {
			return loaders.Result{}, usagef("--parameter %s: write NAME=VALUE", nameOf(p))
		}
		options.Parameters[name] = value
	}
	if err := chartOptions(c, f, &options); err != nil {
		return loaders.Result{}, err
	}
	paths := c.Args().Slice()
	if len(paths) == 0 {
		paths = []string{"."}
	}
	in, err := loaders.Load(c.Context, paths, c.App.Reader, options)
	if _, ok := errors.AsType[*loaders.PathError](err); ok {
		return in, coded(exitUsage, err)
	}
	return in, coded(exitInput, err)
}

// nameOf leaves the value, which may be a secret, out of NAME=VALUE.
func nameOf(pair string) string {
	if name, _, ok := strings.Cut(pair, "="); ok {
		return name + "=…"
	}
	return pair
}

// parameterFile reads one --cfn-parameters.
func parameterFile(name string) (map[string]string, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, usagef("--cfn-parameters: %w", err)
	}
	values, err := loaders.ReadParameters(name, content)
	if err != nil {
		return nil, usagef("--cfn-parameters: %w", err)
	}
	return values, nil
}

// chartOptions reads the flags about Helm charts.
func chartOptions(c *cli.Context, f *config.File, o *loaders.Options) error {
	if o.KubeVersion = f.KubeVersion; c.IsSet("kube-version") {
		o.KubeVersion = c.String("kube-version")
	}
	o.HelmSet = c.StringSlice("helm-set")
	for _, set := range o.HelmSet {
		if key, _, ok := strings.Cut(set, "="); !ok || key == "" {
			return usagef("--helm-set %s: write KEY=VALUE", nameOf(set))
		}
	}
	for _, name := range c.StringSlice("helm-values") {
		content, err := os.ReadFile(name)
		if err != nil {
			return usagef("--helm-values: %w", err)
		}
		o.HelmValues = append(o.HelmValues, loaders.ValuesFile{Name: name, Content: content})
	}
	return nil
}
