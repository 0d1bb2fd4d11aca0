package link

import "strings"

// hole stands for an unknown part ${...} once a text is masked; it cannot
// occur in a name or an ARN.
const hole = "\x00"

// mask replaces every ${...} by one hole, so that colons and slashes inside it
// do not count. Holes may nest, as in ${Fn::Sub:${A}}.
func mask(s string) string {
	if !holed(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if !strings.HasPrefix(s[i:], "${") {
			b.WriteByte(s[i])
			i++
			continue
		}
		depth, j := 1, i+2
		for ; j < len(s) && depth > 0; j++ {
			switch s[j] {
			case '{':
				depth++
			case '}':
				depth--
			}
		}
		b.WriteString(hole)
		i = j
	}
	return b.String()
}

// An arn is an Amazon resource name without its partition and region, which
// joins leave out: a set describes one partition, and IAM has no regions.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
type arn struct {
	service string
	account string // "" when missing or unknown
	kind    string // "role", "policy", "cluster", "oidc-provider", "instance-profile"
	// name is the rest of the resource with the path before it: "/app",
	// "/team/app". It may hold holes.
	name string
}

// parseARN reads a text that may have holes; ok is false if it is not an ARN
// or if its service or kind is unknown.
func parseARN(s string) (a arn, ok bool) {
	parts := strings.SplitN(mask(s), ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || strings.Contains(parts[2], hole) {
		return arn{}, false
	}
	kind, name, found := strings.Cut(parts[5], "/")
	if !found || strings.Contains(kind, hole) || name == "" {
		return arn{}, false
	}
	a = arn{service: parts[2], account: parts[4], kind: kind, name: "/" + name}
	if strings.Contains(a.account, hole) {
		a.account = ""
	}
	return a, true
}

// base is the last part of a name with a path.
func base(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// awsManaged returns the name of the AWS-managed policy an ARN means, holes in
// the partition allowed.
func awsManaged(s string) (name string, ok bool) {
	a, ok := parseARN(s)
	if !ok || a.service != "iam" || a.kind != "policy" || a.account != "aws" || strings.Contains(a.name, hole) {
		return "", false
	}
	return base(a.name), true
}

// keysOf are the keys under which an IAM entity or cluster is found. account
// is "" when it is not known; path is "/" unless the entity has another.
func keysOf(account, path, name, template, scope string) []string {
	if name == "" {
		if template == "" {
			return nil
		}
		return []string{"template\x00" + scope + "\x00" + join(path, template)}
	}
	full := join(path, name)
	return []string{"name\x00" + name, "path\x00*\x00" + full, "path\x00" + account + "\x00" + full}
}

func join(path, name string) string {
	return "/" + strings.TrimPrefix(strings.TrimSuffix(path, "/")+"/"+name, "/")
}

// A query is one way a text may name a document; queries are tried in turn.
type query struct{ key, via string }

// queries lists the keys to look a text up by. The text is a name or an ARN of
// the given service and kind; nothing is returned if it cannot be one, or if
// the deciding part of it is unknown.
func queries(s, service, kind, scope string) []query {
	a, isARN := parseARN(s)
	switch {
	case isARN && (a.service != service || a.kind != kind):
		return nil
	case isARN && strings.Contains(a.name, hole):
		return []query{{"template\x00" + scope + "\x00/" + resource(s), ViaSource}}
	case isARN && a.account != "":
		return []query{{"path\x00" + a.account + "\x00" + a.name, ViaValue}, {"path\x00\x00" + a.name, ViaValue}}
	case isARN:
		return []query{{"path\x00*\x00" + a.name, ViaValue}}
	case strings.HasPrefix(s, "arn:") || s == "":
		return nil
	case holed(s):
		return []query{{"template\x00" + scope + "\x00/" + s, ViaSource}}
	}
	return []query{{"name\x00" + s, ViaValue}}
}

// resource returns the part of an ARN after the first slash outside of holes,
// holes kept as written.
func resource(s string) string {
	depth := 0
	for i := range len(s) {
		switch {
		case s[i] == '{':
			depth++
		case s[i] == '}':
			depth--
		case s[i] == '/' && depth == 0:
			return s[i+1:]
		}
	}
	return s
}
