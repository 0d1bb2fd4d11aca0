package main

import (
	"errors"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/config"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/suppress"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// ruleFlags are the flags of commands that choose rules.
func ruleFlags() []cli.Flag {
	return []cli.Flag{
		listFlag(aboutRules, "rule", "", "run only rule `ID`, slug or pattern (pod/*) of these (comma separated or repeated)"),
		listFlag(aboutRules, "skip-rule", "", "leave out rule `ID`, slug or pattern (pod/*) of these (comma separated or repeated)"),
		textFlag(aboutRules, "profile", "choose rules by profile `NAME`: "+strings.Join(engine.Profiles(), ", ")),
		listFlag(aboutRules, "policy", "", "add the rules in `DIR` (repeatable)"),
		textFlag(aboutRules, "evidence", "treat findings that something is absent as `MODE`: advisory, required or off"),
		textFlag(aboutRules, "as-of", "read version and end-of-life tables at `DATE`, YYYY-MM-DD (default: "+engine.DataDate+")"),
		textFlag(aboutRules, "kube-version", "judge pods for Kubernetes `VERSION`, such as 1.34 (default: the newest)"),
	}
}

// settings reads the configuration file that applies to a run; without one all
// its fields are empty.
func settings(c *cli.Context) (*config.File, error) {
	cwd, err := os.Getwd()
	if err != nil {
		return nil, coded(exitUsage, err)
	}
	name := c.String("config")
	if c.Bool("no-config") {
		if name != "" {
			return nil, usagef("--config and --no-config exclude each other")
		}
		return &config.File{Folder: "."}, nil
	}
	if name == "" {
		if name, err = config.Find(cwd); err != nil {
			return nil, coded(exitUsage, err)
		}
	}
	if name == "" {
		return &config.File{Folder: "."}, nil
	}
	f, err := config.Load(name, cwd)
	return f, coded(exitUsage, err)
}

// engineOptions joins flags and configuration: lists are added up (but --rule
// replaces), single values are the flag's where it is given.
func engineOptions(c *cli.Context, f *config.File) (engine.Options, error) {
	o := engine.Options{
		Bundled:          policies.FS,
		PolicyDirs:       append(c.StringSlice("policy"), f.Policies...),
		Rules:            split(c.StringSlice("rule")),
		SkipRules:        append(split(c.StringSlice("skip-rule")), f.Rules.Skip...),
		Profile:          f.Profile,
		Parameters:       f.Parameters,
		Severities:       f.Severities,
		Evidence:         f.Evidence,
		ExternalControls: f.ExternalControls,
		AsOf:             f.AsOf,
		KubeVersion:      f.KubeVersion,
		Jobs:             c.Int("jobs"),
		IncludePassed:    c.Bool("include-passed"),
		Changed:          c.Bool("changed"),
	}
	for _, s := range f.Stacks {
		o.Stacks = append(o.Stacks, engine.Stack{Name: s.Name, Paths: s.Paths, Cluster: s.Cluster, Complete: s.Complete})
	}
	for _, w := range f.SystemWorkloads {
		o.SystemWorkloads = append(o.SystemWorkloads, engine.SystemWorkload(w))
	}
	if len(o.Rules) == 0 && !c.IsSet("profile") {
		o.Rules = f.Rules.Enable
	}
	for flag, value := range map[string]*string{
		"profile": &o.Profile, "evidence": &o.Evidence, "as-of": &o.AsOf, "kube-version": &o.KubeVersion,
	} {
		if c.IsSet(flag) {
			*value = c.String(flag)
		}
	}
	if o.AsOf != "" && !config.IsDate(o.AsOf) {
		return o, usagef("--as-of %s is no date of the form YYYY-MM-DD", o.AsOf)
	}
	if o.Jobs < 0 {
		return o, usagef("--jobs %d is negative", o.Jobs)
	}
	return o, nil
}

// blame says where in the configuration a wrong name is, unless a flag has it.
func blame(c *cli.Context, f *config.File, err error) error {
	wrong, ok := errors.AsType[*engine.UsageError](err)
	if !ok {
		return err
	}
	given := slices.Concat(split(c.StringSlice("rule")), split(c.StringSlice("skip-rule")), []string{c.String("profile"), c.String("evidence")})
	if slices.Contains(given, wrong.Value) {
		return err
	}
	return f.At(wrong.Value, err)
}

// split reads lists with commas.
func split(values []string) []string {
	var out []string
	for _, v := range values {
		for name := range strings.SplitSeq(v, ",") {
			if name = strings.TrimSpace(name); name != "" {
				out = append(out, name)
			}
		}
	}
	return out
}

// threshold is the severity from which findings fail the run; ok is false when
// none do.
func threshold(c *cli.Context, f *config.File) (s finding.Severity, ok bool, err error) {
	name := f.FailOn
	if c.IsSet("fail-on") || name == "" {
		name = c.String("fail-on")
	}
	if name == "never" {
		return 0, false, nil
	}
	if s, ok = finding.ParseSeverity(name); !ok {
		return 0, false, usagef("--fail-on %s is none of critical, high, medium, low, info, never", name)
	}
	return s, true, nil
}

// exceptions turns the configuration's exceptions into suppressions.
func exceptions(f *config.File) []suppress.Exception {
	out := make([]suppress.Exception, 0, len(f.Exceptions))
	for _, e := range f.Exceptions {
		out = append(out, suppress.Exception{
			Rules: e.Rule, Path: e.Path, Document: e.Document, Reason: e.Reason, Expires: e.Expires, Folder: f.Folder, At: e.At,
		})
	}
	return out
}
