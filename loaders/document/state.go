package document

import "sort"

// A StateKind says what is known of a value.
type StateKind string

// The kinds. A path without a State is known.
const (
	// Defaulted: nobody wrote the value, the documented default applies.
	Defaulted StateKind = "defaulted"
	// Unknown: the value cannot be decided before deployment.
	Unknown StateKind = "unknown"
	// Partial: some elements of the collection are known and some are not.
	Partial StateKind = "partial"
)

// Reasons for Unknown and Partial: a closed list.
const (
	AfterApply            = "after_apply"
	ParameterWithoutValue = "parameter_without_value"
	RuntimeRef            = "runtime_ref"
	DataSource            = "data_source"
	ImportValue           = "import_value"
	DynamicReference      = "dynamic_reference"
	UnevaluatedExpression = "unevaluated_expression"
	ModuleNotAvailable    = "module_not_available"
	LocalOpaque           = "local_opaque"
	Macro                 = "macro"
	SensitiveValue        = "sensitive"
	AmbiguousDefault      = "ambiguous_default"
	UndecidedCondition    = "undecided_condition"
	Malformed             = "malformed"
)

// A State tells what is known of one path.
type State struct {
	Kind StateKind
	// Reason is one of the constants above, for Unknown and Partial.
	Reason string
	// Refs are tokens of the documents the value depends on.
	Refs []string
	// Template is the text with holes ("arn:${Partition}:iam::…:role/app") when
	// part of an unknown string is known.
	Template string
	// Owner, Since and Evidence tell whose default a Defaulted value is
	// ("service", "provider", "tool", "module", "api_server"), when that was
	// last verified (YYYY-MM-DD) and where it is stated.
	Owner, Since, Evidence string
}

// States maps written-out paths to what is known of them.
type States map[string]State

// Paths returns the paths whose state is one of kinds, sorted.
func (s States) Paths(kinds ...StateKind) []string {
	var out []string
	for p, st := range s {
		for _, k := range kinds {
			if st.Kind == k {
				out = append(out, p)
			}
		}
	}
	sort.Strings(out)
	return out
}
