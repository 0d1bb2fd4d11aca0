# METADATA
# title: Credentials in clear text
# description: >-
#   Texts are judged by their form (data/secret_patterns.json) and by the name they
#   stand under. Nothing here returns the text itself.
package plimsoll.lib.secrets

# form names the credential a text shows, and tells whether it is more than a
# placeholder: {"what": …, "live": …}. It is undefined for other texts. more are
# further regular expressions, placeholders those of texts that mean nothing.
form(text, more, placeholders) := {"what": what, "live": _liveness(secret, placeholders)} if {
	is_string(text)
	count(text) >= 10
	regex.match(data.plimsoll.facts.secret_patterns.any, text)
	found := [[p.what, group[count(group) - 1], group[0]] |
		some p in data.plimsoll.facts.secret_patterns.patterns
		some group in regex.find_all_string_submatch_n(p.regex, text, 1)
	]
	[what, group, all] := found[0]
	secret := _either(group, all)
} else := {"what": "a credential", "live": _liveness(text, placeholders)} if {
	is_string(text)
	some pattern in more
	regex.match(pattern, text)
}

_either(group, _) := group if group != ""

_either(group, all) := all if group == ""

# names_secret tells that what stands under the name is a credential, and not
# its file, its lifetime or its like.
names_secret(name) if {
	is_string(name)
	regex.match(_hint, name)
	regex.match(_secret_name, name)
	not regex.match(_about_name, name)
}

# What every name of a credential has in it; the cheap question first.
_hint := `(?i)pass|pwd|secret|token|key|cred`

_secret_name := `(?i:(?:^|[_.\-0-9])[a-z]*(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)s?(?:$|[_.\-0-9])|[_-]pwd$)|[a-z](?:Password|Passphrase|Secret|Token|ApiKey|AccessKey|PrivateKey)(?:$|[A-Z_.\-0-9])`

_about_name := `(?i)(?:[_.-]|[a-z])(?:file|files|filename|path|dir|directory|name|arn|url|uri|host|port|ttl|expiry|expiration|expires|lifetime|duration|timeout|interval|length|size|count|limit|header|type|alg|algorithm|issuer|audience|endpoint|namespace|ref|id|enabled|disabled|policy|regex|pattern|prefix|suffix|provider|store|backend|mode|required|rotation|version|format|class|source|mount|volume|key_name|cache|review|authentication|server|service)$`

_is_password(name) if regex.match(`(?i)pass(?:word|wd|phrase)|pwd`, name)

# literal judges a text that stands under the name of a credential: "live" for
# one that looks like it, "placeholder" for one that does not. It is undefined
# for a text that only refers to a credential or is no text at all.
literal(name, text, placeholders) := "placeholder" if {
	_is_candidate(text)
	is_placeholder(text, placeholders)
} else := "live" if {
	_is_candidate(text)
	not _names_object(name, text)
	_is_irregular(text)
} else := "placeholder" if {
	_is_candidate(text)
	not _names_object(name, text)
}

_is_candidate(text) if {
	is_string(text)
	count(text) >= 3
	not regex.match(_reference, text)
}

# Paths, ARNs, URLs, references that something resolves at run time, switches.
_reference := `^(?:[./~]|arn:|file:|\$\([A-Za-z_][A-Za-z0-9_]*\)$|[A-Za-z][A-Za-z0-9+.-]*://[^@]*$|(?:vault|awssm|awsssm|ssm|secretsmanager|gcpsm|azurekeyvault|ref\+[a-z]+|op|env):|\{\{resolve:|(?i:true|false|yes|no|on|off|none|null|enabled|disabled)$)`

# my-app-secret under SECRET is the name of a Secret; under PASSWORD it is one.
_names_object(name, text) if {
	not _is_password(name)
	regex.match(`^[a-z]+(?:[-_./](?:[a-z]+|[0-9]{1,4}))+[0-9]{0,3}$|^[a-z]{1,16}$|^[0-9.]+[a-z]{0,2}$`, text)
}

_liveness(text, placeholders) if {
	is_live(text, placeholders)
} else := false

# is_live tells that a text is no placeholder and not too regular to be a secret.
is_live(text, placeholders) if {
	not is_placeholder(text, placeholders)
	_is_irregular(text)
}

is_placeholder(text, placeholders) if {
	some pattern in placeholders
	regex.match(pattern, text)
}

# The gate is a collision entropy of two bits a character: two characters drawn
# from the text agree in one case out of four at most. It passes "hunter2" and
# stops "xxxxxxxx" and "aaabbb".
_is_irregular(text) if {
	head := substring(text, 0, 64)
	letters := {c | some c in split(head, "")}
	squares := sum([square |
		some c in letters
		n := count(split(head, c)) - 1
		square := n * n
	])
	4 * squares <= count(head) * count(head)
}

# flags finds credentials in the arguments of a program: for every one that
# carries a value, [place in the list, name, value].
flags(list) := {flag |
	is_array(list)
	some i, text in list
	is_string(text)
	regex.match(_hint, text)
	some flag in _flags(list, i, text)
}

_flags(list, i, text) := (_assigned(i, text) | _following(list, i, text)) | _in_script(i, text)

_assigned(i, text) := {[i, parts[1], parts[2]] |
	some parts in regex.find_all_string_submatch_n(`^--?([A-Za-z][A-Za-z0-9_.-]*)=(.+)$`, text, 1)
	names_secret(parts[1])
}

_following(list, i, text) := {[i + 1, parts[1], list[i + 1]] |
	some parts in regex.find_all_string_submatch_n(`^--?([A-Za-z][A-Za-z0-9_.-]*)$`, text, 1)
	names_secret(parts[1])
	is_string(list[i + 1])
	not startswith(list[i + 1], "-")
}

_in_script(i, text) := {[i, parts[1], parts[2]] |
	some parts in regex.find_all_string_submatch_n(`(?:^|[\s;&(])([A-Za-z_][A-Za-z0-9_]*)=["']?([^\s"';&|$]{3,})`, text, -1)
	names_secret(parts[1])
}
