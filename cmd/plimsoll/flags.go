package main

import "github.com/urfave/cli/v2"

// The groups of flags in help texts.
const (
	aboutOutput = "Output"
	aboutRules  = "Rules"
	aboutInput  = "Input and settings"
)

// A list is a flag that may be repeated, shown in help texts just once.
type list struct{ *cli.StringSliceFlag }

// String implements cli.Flag.
func (f list) String() string { return plain(f.Names(), f.Usage) }

// A number is a flag whose default is a matter of the machine.
type number struct{ *cli.IntFlag }

// String implements cli.Flag.
func (f number) String() string { return plain(f.Names(), f.Usage) }

func plain(names []string, usage string) string {
	return cli.FlagStringer(&cli.StringFlag{Name: names[0], Aliases: names[1:], Usage: usage})
}

func listFlag(group, name, short, usage string) cli.Flag {
	f := &cli.StringSliceFlag{Name: name, Usage: usage, Category: group}
	if short != "" {
		f.Aliases = []string{short}
	}
	return list{f}
}

func textFlag(group, name, usage string) cli.Flag {
	return &cli.StringFlag{Name: name, Usage: usage, Category: group}
}

func switchFlag(group, name, short, usage string) cli.Flag {
	f := &cli.BoolFlag{Name: name, Usage: usage, Category: group, DisableDefaultText: true}
	if short != "" {
		f.Aliases = []string{short}
	}
	return f
}

func jobsFlag(group string) cli.Flag {
	return number{&cli.IntFlag{
		Name: "jobs", Aliases: []string{"j"}, Category: group,
		Usage: "work on `N` files and documents at a time (default: one per core)",
	}}
}
