package main

import (
	"errors"
	"maps"
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
		listFlag(aboutInput, "parameter", "", "give a CloudFormation parameter a value, `NAME=VALUE` (repeatable)"),
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
	}
	if c.IsSet("terraform-root") {
		options.TerraformRoot = c.String("terraform-root")
	}
	maps.Copy(options.Parameters, f.TemplateParameters)
	for _, p := range c.StringSlice("parameter") {
		name, value, ok := strings.Cut(p, "=")
		if !ok || name == "" {
			return loaders.Result{}, usagef("--parameter %s: write NAME=VALUE", p)
		}
		options.Parameters[name] = value
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
