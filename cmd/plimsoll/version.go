package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"

	"github.com/plimsoll-dev/plimsoll/engine"
)

// version is set by release builds (-ldflags "-X main.version=1.2.3").
var version string

func versionCommand() *cli.Command {
	return &cli.Command{Name: "version", Usage: "print the version", UsageText: "plimsoll version", Action: printVersion}
}

func printVersion(c *cli.Context) error {
	_, err := fmt.Fprintf(c.App.Writer, "plimsoll %s (%s, %s/%s, data of %s)\n",
		programVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH, engine.DataDate)
	return coded(exitUsage, err)
}

// programVersion is the release's number, or that of the module go install has
// fetched, or "dev".
func programVersion() string {
	module := ""
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "(devel)" {
		module = info.Main.Version
	}
	return cmp.Or(version, module, "dev")
}
