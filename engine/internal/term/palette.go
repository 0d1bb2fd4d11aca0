package term

import "github.com/fatih/color"

// A Palette paints text, or leaves it as it is when colors are off.
type Palette struct{ on bool }

// NewPalette returns a palette that paints only when on.
func NewPalette(on bool) Palette { return Palette{on: on} }

func (p Palette) paint(s string, attributes ...color.Attribute) string {
	if !p.on || s == "" {
		return s
	}
	c := color.New(attributes...)
	c.EnableColor() // the package's own guess looks at os.Stdout only
	return c.Sprint(s)
}

// Bold paints titles.
func (p Palette) Bold(s string) string { return p.paint(s, color.Bold) }

// Dim paints what matters less than its surroundings.
func (p Palette) Dim(s string) string { return p.paint(s, color.Faint) }

// File paints the name of a file at the head of its group.
func (p Palette) File(s string) string { return p.paint(s, color.Bold, color.Underline) }

// Gutter paints line numbers and the frame of an excerpt.
func (p Palette) Gutter(s string) string { return p.paint(s, color.FgBlue) }

// Critical paints the highest severity.
func (p Palette) Critical(s string) string { return p.paint(s, color.Bold, color.FgWhite, color.BgRed) }

// Red paints errors and high severities.
func (p Palette) Red(s string) string { return p.paint(s, color.Bold, color.FgRed) }

// Yellow paints warnings and medium severities.
func (p Palette) Yellow(s string) string { return p.paint(s, color.FgYellow) }

// Cyan paints low severities.
func (p Palette) Cyan(s string) string { return p.paint(s, color.FgCyan) }

// Green paints good news and how to mend things.
func (p Palette) Green(s string) string { return p.paint(s, color.FgGreen) }
