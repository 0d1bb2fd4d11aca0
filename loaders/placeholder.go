package loaders

import (
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// The placeholders that envsubst and the tools like it (clusterctl, Flux) fill
// in: ${NAME}, also with an operation such as ${NAME:=value}, and for envsubst
// itself $NAME. "$$" is how such tools write a dollar sign.
var (
	braced = regexp.MustCompile(`\$?\$\{([A-Za-z_][A-Za-z0-9_]*)(?:[^A-Za-z0-9_}][^}]*)?\}`)
	either = regexp.MustCompile(`\$?\$(?:\{([A-Za-z_][A-Za-z0-9_]*)(?:[^A-Za-z0-9_}][^}]*)?\}|([A-Z_][A-Z0-9_]*))`)
)

// identifier is the form that counts in identifiers of AWS, whatever the rest of
// the stream looks like. Policy variables (${aws:username}) are not of it.
var identifier = regexp.MustCompile(`\$(?:\{([A-Z_][A-Z0-9_]*)\}|([A-Z_][A-Z0-9_]*))`)

// holes are the values of a stream that a later substitution fills in.
type holes struct {
	form *regexp.Regexp
	// only, if not nil, says of which texts that is certain.
	only func(text string) bool
}

// identifiers are the holes of an object in a stream that is no template. ARNs
// have no dollar signs; nor has any value of a resource of AWS that is nothing
// but one name (names, roles, Regions, versions).
func identifiers(o object) *holes {
	resource := isCloudResource(o.apiVersion)
	return &holes{form: identifier, only: func(text string) bool {
		if strings.HasPrefix(text, "arn:") {
			return true
		}
		at := identifier.FindStringIndex(text)
		return resource && at != nil && at[0] == 0 && at[1] == len(text)
	}}
}

// isCloudResource recognizes the objects that stand for resources of AWS: those
// of eksctl, ACK, Crossplane, Cluster API and Karpenter.
func isCloudResource(apiVersion string) bool {
	group, _, _ := strings.Cut(apiVersion, "/")
	for _, suffix := range []string{
		"eksctl.io", ".services.k8s.aws", ".aws.upbound.io", ".aws.m.upbound.io", ".aws.crossplane.io", ".cluster.x-k8s.io", "karpenter.sh", "karpenter.k8s.aws",
		"eks.amazonaws.com",
	} {
		if strings.HasSuffix(group, suffix) {
			return true
		}
	}
	return false
}

// placeholders decides whether a stream is a template of that kind; nil if it
// is none. Shell scripts, web server settings and container arguments are full
// of dollar signs that stay as they are. But apiVersion, kind and the names in
// metadata can hold none: where one of them does, the stream cannot be applied
// before it has been through a substitution, which then does not stop at the
// names. The form $NAME counts only where the names have it.
func placeholders(objects []object) *holes {
	var h *holes
	for _, o := range objects {
		for _, name := range []string{o.apiVersion, o.kind, o.metadata("name"), o.metadata("generateName"), o.metadata("namespace")} {
			if h == nil && hasHole(braced, name) {
				h = &holes{form: braced}
			}
			if !hasHole(braced, name) && hasHole(either, name) {
				return &holes{form: either}
			}
		}
	}
	return h
}

func hasHole(form *regexp.Regexp, text string) bool {
	if strings.IndexByte(text, '$') < 0 {
		return false
	}
	for _, m := range form.FindAllString(text, -1) {
		if m[1] != '$' {
			return true
		}
	}
	return false
}

// cut takes the values with placeholders out of an object and says what is
// known of them. Names of the document itself keep their text for reports.
func (h *holes) cut(object map[string]any) document.States {
	states := document.States{}
	h.walk(object, nil, states)
	if len(states) == 0 {
		return nil
	}
	return states
}

func (h *holes) walk(v any, at document.Path, states document.States) (known bool) {
	switch v := v.(type) {
	case map[string]any:
		for key, child := range v {
			if !h.walk(child, at.Append(key), states) {
				delete(v, key)
			}
		}
	case []any:
		for i, child := range v {
			if !h.walk(child, at.Append(i), states) {
				v[i] = nil
			}
		}
	case string:
		if !hasHole(h.form, v) || h.only != nil && !h.only(v) {
			return true
		}
		states[at.String()] = document.State{
			Kind: document.Unknown, Reason: document.ParameterWithoutValue, Template: h.template(v),
		}
		return false
	}
	return true
}

// template writes every placeholder as ${NAME}.
func (h *holes) template(text string) string {
	return h.form.ReplaceAllStringFunc(text, func(m string) string {
		if m[1] == '$' {
			return m[1:]
		}
		sub := h.form.FindStringSubmatch(m)
		name := sub[1]
		if name == "" {
			name = sub[len(sub)-1]
		}
		return "${" + name + "}"
	})
}
