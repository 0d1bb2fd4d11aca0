package loaders

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/gitops"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// variable is one of Flux's variables: ${NAME}, with an operation or without;
// "$${" is how to write "${".
// https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
var variable = regexp.MustCompile(`\$?\$\{(#?)([_A-Za-z][_A-Za-z0-9]*)([^}]*)\}`)

// substituteDisabled is the label or annotation that keeps Flux from filling in
// an object.
const substituteDisabled = "kustomize.toolkit.fluxcd.io/substitute"

// A substituter fills in the variables of objects that have been built.
type substituter struct {
	*gitops.Substitution
	states document.States
}

// substitute fills in the variables of an object and returns what stays
// unknown. Flux does so in the object's text, so that what is written as a plain
// scalar becomes what the result reads as.
func substitute(s *gitops.Substitution, object map[string]any) document.States {
	metadata := asMap(object["metadata"])
	for _, key := range []string{"labels", "annotations"} {
		if asMap(metadata[key])[substituteDisabled] == "disabled" {
			return nil
		}
	}
	f := substituter{s, document.States{}}
	f.walk(object, nil)
	if len(f.states) == 0 {
		return nil
	}
	return f.states
}

// walk fills in v and returns what takes its place; known is false when that is
// not known.
func (s *substituter) walk(v any, at document.Path) (filled any, known bool) {
	switch v := v.(type) {
	case map[string]any:
		for key, e := range v {
			if filled, known := s.walk(e, at.Append(key)); known {
				v[key] = filled
			} else {
				delete(v, key)
			}
		}
	case []any:
		for i, e := range v {
			if v[i], known = s.walk(e, at.Append(i)); !known {
				v[i] = nil
			}
		}
	case string:
		return s.text(v, at)
	}
	return v, true
}

func (s *substituter) text(v string, at document.Path) (filled any, known bool) {
	if !strings.Contains(v, "${") {
		return v, true
	}
	known = true
	result := variable.ReplaceAllStringFunc(v, func(m string) string {
		if m[1] == '$' {
			return m[1:]
		}
		sub := variable.FindStringSubmatch(m)
		value, ok := s.value(sub[1], sub[2], sub[3])
		if !ok {
			known = false
			return "${" + sub[2] + "}"
		}
		return value
	})
	if !known {
		s.states[at.String()] = document.State{Kind: document.Unknown, Reason: document.ParameterWithoutValue, Template: result}
		return nil, false
	}
	return retyped(v, result), true
}

// retyped reads a text again if it was written as a plain scalar, which after
// the substitution may be a number.
func retyped(before, after string) any {
	written, err := yaml.Marshal(before)
	if err != nil || strings.ContainsAny(string(written[:1]), "'\"|>") || strings.ContainsRune(after, '\n') {
		return after
	}
	src := &document.Source{Content: []byte("- " + after)}
	docs, diags := yamlnode.Parse(src)
	if len(docs) != 1 || len(diags) > 0 {
		return after
	}
	value, _, more := yamlnode.Kubernetes.Value(docs[0].Root, src)
	list, _ := value.([]any)
	if len(list) != 1 || len(more) > 0 {
		return after
	}
	return list[0]
}

// value is what a variable with an operation becomes; false when that is not
// known here.
func (s *substituter) value(count, name, operation string) (string, bool) {
	v, set := s.Variables[name]
	if !set && s.Open {
		return "", false
	}
	switch {
	case count != "":
		return strconv.Itoa(len(v)), operation == ""
	case operation == "":
		return v, true
	}
	for _, prefix := range []string{":-", ":=", "-", "="} {
		if word, ok := strings.CutPrefix(operation, prefix); ok {
			if v == "" {
				return word, !strings.Contains(word, "$")
			}
			return v, true
		}
	}
	switch operation {
	case "^^":
		return strings.ToUpper(v), true
	case ",,":
		return strings.ToLower(v), true
	}
	return "", false
}

// adorn sets the labels and annotations that a deployment gives every object.
func adorn(object, labels, annotations map[string]any) {
	for field, pairs := range map[string]map[string]any{"labels": labels, "annotations": annotations} {
		if len(pairs) == 0 {
			continue
		}
		metadata := asMap(object["metadata"])
		if metadata == nil {
			metadata = map[string]any{}
			object["metadata"] = metadata
		}
		all := asMap(metadata[field])
		if all == nil {
			all = map[string]any{}
			metadata[field] = all
		}
		for key, v := range pairs {
			all[key] = fmt.Sprint(v)
		}
	}
}
