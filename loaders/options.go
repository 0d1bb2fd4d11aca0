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
	// Variables are Terraform variables as "name=value", VariableFiles the names of
	// .tfvars files; both are for the root modules that are judged without a plan.
	Variables, VariableFiles []string
	// Parameters are CloudFormation parameter values by name.
	Parameters map[string]string
	// KubeVersion is the version of Kubernetes that charts are rendered for; ""
	// means that of the chart package.
	KubeVersion string
	// HelmValues are files of values for every chart, later ones over earlier
	// ones; HelmSet are assignments ("a.b=c") over those.
	HelmValues []ValuesFile
	HelmSet    []string
}

// A ValuesFile is a file of values for Helm charts.
type ValuesFile struct {
	Name    string
	Content []byte
}
