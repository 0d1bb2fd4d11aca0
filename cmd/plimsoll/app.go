package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/plimsoll-dev/plimsoll/engine"
)

const homepage = "https://github.com/plimsoll-dev/plimsoll"

// The exit codes; the highest that applies wins.
const (
	exitFindings = 1
	exitUsage    = 2
	exitInput    = 3
	exitRule     = 4
	exitInternal = 70
)

// An exitError ends the program with a code; without an error there is nothing
// to say that a report has not said.
type exitError struct {
	code int
	err  error
}

// Error implements error.
func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

// Unwrap returns the error behind the code.
func (e *exitError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return &exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// coded gives an error a code, unless it is a usage error.
func coded(code int, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*engine.UsageError](err); ok {
		code = exitUsage
	}
	return &exitError{code: code, err: err}
}

// finish says what went wrong and returns the exit code.
func finish(stderr io.Writer, err error) int {
	if err == nil {
		return 0
	}
	e := &exitError{code: exitInternal, err: err}
	_ = errors.As(err, &e) // anything else is unforeseen
	if e.err != nil {
		_, _ = fmt.Fprintf(stderr, "plimsoll: %v\n", e.err)
	}
	return e.code
}

func newApp(stdin io.Reader, stdout, stderr io.Writer) *cli.App {
	app := &cli.App{
		Name:      "plimsoll",
		HelpName:  "plimsoll",
		Usage:     "policy as code for Amazon EKS, before it is deployed",
		UsageText: "plimsoll COMMAND [FLAGS] [ARGUMENTS]",
		Description: "Plimsoll reads Kubernetes manifests, rendered Helm charts, Terraform plans, CloudFormation\n" +
			"templates and eksctl files, and says where they break its rules, with file and line.\n" +
			"It needs no network, no cluster and no account.",
		HideVersion:               true,
		DisableSliceFlagSeparator: true, // globs contain commas
		Reader:                    stdin,
		Writer:                    stdout,
		ErrWriter:                 stderr,
		ExitErrHandler:            func(*cli.Context, error) {},
		OnUsageError:              onUsageError,
		Flags:                     []cli.Flag{&cli.BoolFlag{Name: "version", Usage: "print the version", DisableDefaultText: true}},
		Commands: []*cli.Command{
			checkCommand(), inspectCommand(), rulesCommand(), explainCommand(), policyCommand(), docsCommand(),
			schemaCommand(), defaultsCommand(), versionCommand(),
		},
		Action: func(c *cli.Context) error {
			switch {
			case c.Bool("version"):
				return printVersion(c)
			case c.Args().Present():
				return unknownCommand(c.App.Commands, "plimsoll", c.Args().First())
			}
			return cli.ShowAppHelp(c)
		},
	}
	prepare(app.Commands)
	return app
}

// prepare gives all commands the same manners.
func prepare(commands []*cli.Command) {
	for _, c := range commands {
		c.OnUsageError = onUsageError
		c.HideHelpCommand = true
		prepare(c.Subcommands)
	}
}

// notANumber is what the library says of --jobs many.
var notANumber = regexp.MustCompile(`^invalid value "(.*)" for flag --?([a-z-]+): parse error$`)

func onUsageError(c *cli.Context, err error, _ bool) error {
	name := "plimsoll"
	if c.Command != nil && c.Command.Name != "" {
		name = c.Command.HelpName
	}
	text := strings.Replace(err.Error(), "flag provided but not defined: -", "unknown flag --", 1)
	text = strings.Replace(text, "unknown flag ---", "unknown flag --", 1)
	if m := notANumber.FindStringSubmatch(text); m != nil {
		text = "--" + m[2] + " " + m[1] + " is no number"
	}
	return usagef("%s; %s --help lists the flags", text, name)
}

func unknownCommand(commands []*cli.Command, parent, name string) error {
	var names []string
	for _, c := range commands {
		if !c.Hidden && c.Name != "help" {
			names = append(names, c.Name)
		}
	}
	return usagef("there is no command %q; %s has %s", name, parent, strings.Join(names, ", "))
}

// arrange moves flags before positional arguments, so that people may write
// them in any order: the flag package stops at the first argument that is none.
func arrange(app *cli.App, args []string) []string {
	if len(args) < 2 {
		return args
	}
	commands, flags := app.Commands, app.Flags
	n := 1
	for n < len(args) {
		i := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(args[n]) })
		if i < 0 {
			break
		}
		commands, flags = commands[i].Subcommands, commands[i].Flags
		n++
	}
	if n == 1 || len(commands) > 0 {
		return args // no command, or one that only has subcommands
	}
	out := slices.Clone(args[:n])
	args = separate(flags, args[n:])
	var positional []string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--":
			positional = append(positional, args[i+1:]...)
			i = len(args)
		case len(arg) < 2 || arg[0] != '-': // "-" is standard input
			positional = append(positional, arg)
		default:
			arg = complete(flags, arg, args[i+1:])
			out = append(out, spellOut(flags, arg))
			if !strings.Contains(arg, "=") && takesValue(flags, strings.TrimLeft(arg, "-")) && i+1 < len(args) {
				i++
				out = append(out, args[i])
			}
		}
	}
	if len(positional) > 0 {
		out = append(append(out, "--"), positional...)
	}
	return out
}

// complete gives a bare --links the format it means, where none follows.
func complete(flags []cli.Flag, arg string, rest []string) string {
	if strings.TrimLeft(arg, "-") != linksFlag || !hasFlag(flags, linksFlag) {
		return arg
	}
	if len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		if _, err := os.Stat(rest[0]); err != nil {
			return arg // a format, or a mistake that deserves its message
		}
	}
	return arg + "=json"
}

// separate turns -j4 into -j 4 and -vq into -v -q.
func separate(flags []cli.Flag, args []string) []string {
	var out []string
	for i, arg := range args {
		if arg == "--" {
			return append(out, args[i:]...)
		}
		if len(arg) < 3 || arg[0] != '-' || arg[1] == '-' || arg[2] == '=' || hasFlag(flags, strings.TrimLeft(arg, "-")) {
			out = append(out, arg)
			continue
		}
		for rest := arg[1:]; rest != ""; rest = rest[1:] {
			if !hasFlag(flags, rest[:1]) {
				out = append(out, "-"+rest)
				break
			}
			out = append(out, "-"+rest[:1])
			if takesValue(flags, rest[:1]) && len(rest) > 1 {
				out = append(out, rest[1:])
				break
			}
		}
	}
	return out
}

// spellOut turns a flag's short name into its long one: the library refuses
// both in one command line.
func spellOut(flags []cli.Flag, arg string) string {
	name, value, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	for _, f := range flags {
		if names := f.Names(); slices.Contains(names, name) {
			arg = "--" + names[0]
			if hasValue {
				arg += "=" + value
			}
		}
	}
	return arg
}

func hasFlag(flags []cli.Flag, name string) bool {
	name, _, _ = strings.Cut(name, "=")
	return slices.ContainsFunc(flags, func(f cli.Flag) bool { return slices.Contains(f.Names(), name) })
}

func takesValue(flags []cli.Flag, name string) bool {
	for _, f := range flags {
		if d, ok := f.(cli.DocGenerationFlag); ok && slices.Contains(f.Names(), name) {
			return d.TakesValue()
		}
	}
	return false
}
