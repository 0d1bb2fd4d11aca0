package redact

// SharedExpressions are the regular expressions that the rules have, too.
func SharedExpressions() []string { return []string{hint, secretName, aboutName, reference} }
