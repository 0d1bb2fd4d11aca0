package loaders

// Options are the loaders' settings; the zero value is the default.
type Options struct {
	// Jobs bounds how many files are read side by side; 0 means one per core.
	Jobs int
	// Exclude lists doublestar globs of files to leave out.
	Exclude []string
	// TerraformRoot is the folder of the .tf files behind plans; "" looks beside
	// each plan and in its parents.
	TerraformRoot string
	// Parameters are CloudFormation parameter values by name.
	Parameters map[string]string
}
