package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"github.com/plimsoll-dev/plimsoll/engine/config"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/redact"
	"github.com/plimsoll-dev/plimsoll/engine/report"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func outputFlags() []cli.Flag {
	return []cli.Flag{
		listFlag(aboutOutput, "output", "o",
			"write the report as `FORMAT[=FILE]`: "+strings.Join(report.Formats(), ", ")+" (repeatable; default: text)"),
		switchFlag(aboutOutput, "verbose", "v", "also list suppressed findings and files that were passed over"),
		switchFlag(aboutOutput, "quiet", "q", "list failures and errors only"),
		switchFlag(aboutOutput, "color", "", "use colors even where no terminal is seen"),
		switchFlag(aboutOutput, "no-color", "", "use no colors (as does the environment variable NO_COLOR)"),
	}
}

// An output is one report to write; an empty file is standard output.
type output struct{ format, file string }

type outputs []output

// outputsOf reads the --output flags, or the configuration's outputs.
func outputsOf(c *cli.Context, f *config.File) (outputs, error) {
	values := c.StringSlice("output")
	if len(values) == 0 {
		values = f.Outputs
	}
	if len(values) == 0 {
		values = []string{"text"}
	}
	var out outputs
	screen := ""
	for _, v := range values {
		format, file, named := strings.Cut(v, "=")
		if !slices.Contains(report.Formats(), format) {
			return nil, usagef("there is no output format %q; formats are %s", format, strings.Join(report.Formats(), ", "))
		}
		if named && file == "" {
			return nil, usagef("--output %s: the name of the file is missing; write %s=FILE", v, format)
		}
		if file == "-" {
			file = ""
		}
		if other := out.to(file); other != "" {
			return nil, usagef("--output %s and --output %s both go to %s", other, v, file)
		}
		if file == "" && screen != "" {
			return nil, usagef("--output %s and --output %s both go to standard output; write %s=FILE", screen, format, format)
		}
		if file == "" {
			screen = format
		}
		out = append(out, output{format, file})
	}
	if c.Bool("color") && c.Bool("no-color") {
		return nil, usagef("--color and --no-color exclude each other")
	}
	return out, nil
}

// to returns the output that goes to a file already, "" if none does.
func (o outputs) to(file string) string {
	if file == "" || file == os.DevNull {
		return ""
	}
	for _, other := range o {
		if other.file == "" {
			continue
		}
		a, errA := filepath.Abs(other.file)
		b, errB := filepath.Abs(file)
		if errA == nil && errB == nil && a == b {
			return other.format + "=" + other.file
		}
	}
	return ""
}

// write writes all reports. Problems with the input that no text on the screen
// tells go to standard error.
func (o outputs) write(c *cli.Context, r *finding.Result) error {
	told := false
	for _, out := range o {
		options := report.Options{Version: programVersion(), Verbose: c.Bool("verbose"), Quiet: c.Bool("quiet")}
		if out.file != "" {
			err := replaceFile(out.file, func(w io.Writer) error { return report.Write(w, out.format, r, options) })
			if err != nil {
				return coded(exitUsage, err)
			}
			continue
		}
		told = told || out.format == "text"
		screen := report.Screen(c.App.Writer, os.Getenv)
		options.Width = screen.Width
		options.Color = (screen.Color || c.Bool("color")) && !c.Bool("no-color")
		err := report.Write(c.App.Writer, out.format, r, options)
		// Whoever reads us (head, a pager) may have seen enough.
		if err != nil && !errors.Is(err, syscall.EPIPE) {
			return coded(exitUsage, err)
		}
	}
	if !told {
		tell(c, redact.New(r), r)
	}
	return nil
}

// tell names the problems that made the run incomplete.
func tell(c *cli.Context, m *redact.Masker, r *finding.Result) {
	for _, d := range r.Diagnostics {
		if d.Level == document.Error {
			at := report.Location(d.Range)
			if at != "" {
				at += ": "
			}
			note(c, "%s%s", at, m.Note(d.Range, d.Message))
		}
	}
	for _, text := range report.RuleErrors(m, r) {
		note(c, "%s", text)
	}
}

// replaceFile writes a file under another name and renames it, so that nobody
// ever reads half of it. What is no regular file (a pipe, /dev/null) is written
// in place.
func replaceFile(name string, write func(io.Writer) error) (err error) {
	st, err := os.Stat(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err == nil && !st.Mode().IsRegular() {
		return writeInPlace(name, write)
	}
	mode := fs.FileMode(0o644)
	if err == nil {
		mode = st.Mode().Perm()
		// The link stays, its target is replaced.
		if name, err = filepath.EvalSymlinks(name); err != nil {
			return err
		}
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return unnamed(name, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(tmp.Name()) // what is left behind is no loss
		}
	}()
	err = errors.Join(write(tmp), tmp.Chmod(mode), tmp.Close())
	if err != nil {
		return unnamed(name, err)
	}
	return unnamed(name, os.Rename(tmp.Name(), name))
}

// unnamed names the file that was to be written in place of the one that would
// have become it.
func unnamed(name string, err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("write %s: %w", name, pe.Err)
	}
	if le, ok := errors.AsType[*os.LinkError](err); ok {
		return fmt.Errorf("write %s: %w", name, le.Err)
	}
	return err
}

func writeInPlace(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
