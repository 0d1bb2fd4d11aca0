// Command plimsoll checks Amazon EKS infrastructure code and manifests against
// a library of rules before anything is deployed.
package main

import (
	"fmt"
	"io"
	"log" //nolint:depguard // to silence what libraries write
	"os"
	"runtime/debug"
)

func main() {
	log.SetOutput(io.Discard) // libraries' own; slog goes the same way
	os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr))
}

// run is the program: arguments and streams in, exit code out.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	defer tune(os.Getenv)()
	return guard(stderr, func() int {
		app := newApp(stdin, stdout, stderr)
		return finish(stderr, app.Run(arrange(app, args)))
	})
}

// guard turns a panic, which is always a mistake of the program, into a short
// report.
func guard(stderr io.Writer, f func() int) (code int) {
	defer func() {
		if p := recover(); p != nil {
			_, _ = fmt.Fprintf(stderr, "plimsoll: internal error: %v\n\nThis is a mistake in Plimsoll %s. Please report it with the lines below at\n%s/issues\n\n%s",
				p, programVersion(), homepage, debug.Stack())
			code = exitInternal
		}
	}()
	return f()
}
