# METADATA
# title: Kubernetes versions
# description: >-
#   Versions are [major, minor], which compare as they should: 1.9 is before 1.30.
package plimsoll.lib.versions

# minor reads "1.30", "v1.30" and "1.30.4"; it is undefined for other text.
minor(text) := [to_number(parts[1]), to_number(parts[2])] if {
	is_string(text)
	some parts in regex.find_all_string_submatch_n(`^v?([0-9]{1,4})\.([0-9]{1,4})(?:\.[0-9A-Za-z.+-]+)?$`, text, 1)
}

# at_least tells that a version is the given one or later; "latest" always is.
at_least(text, _) if text == "latest"

at_least(text, threshold) if minor(text) >= minor(threshold)

# calendar holds the support dates of every version in the data file, by
# version as [major, minor].
calendar[minor(text)] := dates if some text, dates in data.plimsoll.facts.eks_versions.versions

# newest is the latest version the calendar knows.
newest := max(object.keys(calendar))

# oldest_supported is the earliest version that still gets patches, paid
# extended support included, on the date of the evaluation.
oldest_supported := min([v |
	some v, dates in calendar
	dates.end_of_extended_support >= data.plimsoll.as_of
])

# text writes a version as an author would.
text(v) := sprintf("%d.%d", v)
