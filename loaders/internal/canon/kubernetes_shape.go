package canon

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A shape is what the API server accepts at one place of an object. Values that
// no rule looks into have none.
type shape struct {
	list   bool   // a list, else an object
	each   shaped // of a list's elements
	fields shaped // of an object's fields
}

// shaped are the shapes below a place, by field; those of a list's elements are
// under "".
type shaped map[string]shape

func listOf(elements shape) shape { return shape{list: true, each: shaped{"": elements}} }

func objectOf(fields shaped) shape { return shape{fields: fields} }

// anyList and anyObject are places of which only the kind matters.
func anyList() shape   { return shape{list: true} }
func anyObject() shape { return shape{} }

// podSpecShape is of PodSpec and Container (Kubernetes API reference), as far as
// rules read them.
func podSpecShape() shape {
	context := objectOf(shaped{
		"capabilities":   objectOf(shaped{"add": anyList(), "drop": anyList()}),
		"seccompProfile": anyObject(), "seLinuxOptions": anyObject(), "windowsOptions": anyObject(), "appArmorProfile": anyObject(),
	})
	probe := objectOf(shaped{"exec": objectOf(shaped{"command": anyList()}), "httpGet": anyObject(), "tcpSocket": anyObject()})
	containers := listOf(objectOf(shaped{
		"securityContext": context, "env": listOf(anyObject()), "envFrom": listOf(anyObject()), "command": anyList(), "args": anyList(),
		"ports": listOf(anyObject()), "volumeMounts": listOf(anyObject()),
		"resources":     objectOf(shaped{"limits": anyObject(), "requests": anyObject()}),
		"livenessProbe": probe, "readinessProbe": probe, "startupProbe": probe,
		"lifecycle": objectOf(shaped{"preStop": anyObject(), "postStart": anyObject()}),
	}))
	return objectOf(shaped{
		"containers": containers, "initContainers": containers, "ephemeralContainers": containers,
		"securityContext": objectOf(shaped{
			"sysctls": listOf(anyObject()), "supplementalGroups": anyList(), "seccompProfile": anyObject(), "windowsOptions": anyObject(),
		}),
		"volumes": listOf(anyObject()), "tolerations": listOf(anyObject()), "imagePullSecrets": listOf(anyObject()),
		"nodeSelector": anyObject(), "affinity": anyObject(), "hostAliases": listOf(anyObject()),
		"topologySpreadConstraints": listOf(anyObject()),
	})
}

// kindShapes are the shapes of the kinds that are no workloads, by canonical
// type (Kubernetes API reference).
func kindShapes() map[string]shaped {
	peers := listOf(objectOf(shaped{"from": listOf(anyObject()), "to": listOf(anyObject()), "ports": listOf(anyObject())}))
	return map[string]shaped{
		"service": {"spec": objectOf(shaped{"ports": listOf(anyObject()), "selector": anyObject(), "externalIPs": anyList(), "loadBalancerSourceRanges": anyList()})},
		"ingress": {"spec": objectOf(shaped{
			"rules": listOf(objectOf(shaped{"http": objectOf(shaped{"paths": listOf(anyObject())})})), "tls": listOf(anyObject()),
		})},
		networkPolicyType: {"spec": objectOf(shaped{"podSelector": anyObject(), "policyTypes": anyList(), "ingress": peers, "egress": peers})},
		"rbac_role": {"rules": listOf(objectOf(shaped{
			"apiGroups": anyList(), "resources": anyList(), "verbs": anyList(), "resourceNames": anyList(), "nonResourceURLs": anyList(),
		}))},
		"rbac_binding":          {"roleRef": anyObject(), "subjects": listOf(anyObject())},
		"storage_class":         {"parameters": anyObject()},
		"config_map":            {"data": anyObject(), "binaryData": anyObject()},
		"secret":                {"data": anyObject(), "stringData": anyObject()},
		"pod_disruption_budget": {"spec": objectOf(shaped{"selector": anyObject()})},
		"webhook_configuration": {"webhooks": listOf(anyObject())},
	}
}

//nolint:gochecknoglobals // a table that is read only, built on first use
var shapes = sync.OnceValue(func() map[string]shape {
	out := map[string]shape{}
	metadata := objectOf(shaped{"labels": anyObject(), "annotations": anyObject(), "ownerReferences": listOf(anyObject())})
	byType := kindShapes()
	for key, kind := range kubeKinds() {
		fields := shaped{"metadata": metadata}
		group, _, _ := cutLast(key)
		if known, ok := byType[kind.typ]; ok && isBuiltIn(group) {
			maps.Copy(fields, known)
		}
		out[key] = objectOf(fields)
	}
	pod := podSpecShape()
	for key, templates := range podTemplates() {
		if len(templates) != 1 || slices.Contains(templates[0], any(document.Wildcard)) {
			continue
		}
		s := objectOf(shaped{"metadata": metadata, "spec": pod})
		for _, e := range slices.Backward(templates[0]) {
			if name, ok := e.(string); ok {
				s = objectOf(shaped{name: s})
			}
		}
		if len(templates[0]) > 0 {
			s.fields["metadata"] = metadata
		}
		out[key] = s
	}
	return out
})

// isBuiltIn reports whether Kubernetes itself defines the kinds of an API group.
func isBuiltIn(group string) bool {
	switch group {
	case "", "apps", "batch", "extensions", "policy", "networking.k8s.io", "rbac.authorization.k8s.io", "storage.k8s.io", "admissionregistration.k8s.io":
		return true
	}
	return false
}

// Misshapen tells of raw documents that the API server would refuse because a
// list stands for an object or the like. It takes such values out of the
// documents and marks them as unknown: rules would see nothing there, and silence
// about them would not mean that they are well.
func Misshapen(docs []*document.Document) []document.Diagnostic {
	var out []document.Diagnostic
	for _, d := range docs {
		if d.Raw == nil || d.Base != nil || d.Action == document.Delete {
			continue
		}
		group, name := splitKind(d.Kind)
		s, ok := shapes()[group+"/"+name]
		if !ok {
			continue
		}
		c := shapeCheck{d: d}
		c.check(d.Raw, s)
		out = append(out, c.found...)
	}
	return out
}

type shapeCheck struct {
	d     *document.Document
	path  document.Path
	found []document.Diagnostic
}

func (c *shapeCheck) check(v any, s shape) {
	switch v := v.(type) {
	case nil: // as good as absent
		return
	case map[string]any:
		if s.list {
			break
		}
		for _, name := range slices.Sorted(maps.Keys(s.fields)) {
			c.below(name, v[name], s.fields[name])
		}
		return
	case []any:
		if !s.list {
			break
		}
		if each, ok := s.each[""]; ok {
			for i, e := range v {
				c.below(i, e, each)
			}
		}
		return
	}
	want := "an object"
	if s.list {
		want = "a list"
	}
	at := slices.Clone(c.path)
	r, _ := c.d.Locate(at)
	c.found = append(c.found, document.Diagnostic{
		Range: r, Level: document.Error,
		Message: fmt.Sprintf("%s cannot be judged: %s must be %s, not %s", c.d.Address, at, want, kindOf(v)),
	})
	c.takeOut(at)
}

func (c *shapeCheck) below(e, v any, s shape) {
	if v == nil {
		return
	}
	c.path = append(c.path, e)
	c.check(v, s)
	c.path = c.path[:len(c.path)-1]
}

// takeOut leaves an unknown value at path: none in an object, null in a list.
func (c *shapeCheck) takeOut(path document.Path) {
	if c.d.RawStates == nil {
		c.d.RawStates = document.States{}
	}
	c.d.RawStates[path.String()] = document.State{Kind: document.Unknown, Reason: document.Malformed}
	var parent any = c.d.Raw
	for i, e := range path {
		last := i == len(path)-1
		switch e := e.(type) {
		case string:
			object, _ := parent.(map[string]any)
			if last {
				delete(object, e)
				return
			}
			parent = object[e]
		case int:
			list, _ := parent.([]any)
			if last {
				list[e] = nil
				return
			}
			parent = list[e]
		}
	}
}

// kindOf names the kind of a value as people who write YAML call it.
func kindOf(v any) string {
	switch v.(type) {
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case string:
		return "a text"
	case bool:
		return "true or false"
	}
	return "a number"
}
