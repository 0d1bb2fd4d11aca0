package policy

// Targets and Facts are what the type checker takes relations and facts to be.
var (
	Targets = targets
	Facts   = facts
)
