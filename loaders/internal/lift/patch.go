package lift

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// cdkPatch is the custom resource with which the CDK runs "kubectl patch".
// https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_eks.KubernetesPatch.html
const cdkPatch = "Custom::AWSCDK-EKS-KubernetesPatch"

// patches puts the patches of CDK stacks in force on the objects of the same
// stack. A patch of an object that something else makes stays what it is: only
// a part of that object is in the input.
func (l *lifter) patches(docs []*document.Document) {
	for _, d := range docs {
		if d.Kind != cdkPatch {
			continue
		}
		i := slices.IndexFunc(docs, func(o *document.Document) bool { return isTarget(d, o) })
		if i < 0 {
			continue
		}
		texts, diagnostics, _ := Read(d, document.Path{"ApplyPatchJson"})
		l.diagnostics = append(l.diagnostics, diagnostics...)
		for _, t := range texts {
			docs[i] = patched(docs[i], d, t)
		}
	}
}

// isTarget reports whether a patch is for an object of its own stack.
func isTarget(patch, o *document.Document) bool {
	if o.Parent == nil || o.Scope != patch.Scope || o.Metadata["lift"] != cdkResource && o.Metadata["lift"] != "helm" {
		return false
	}
	resource, _ := patch.Raw["ResourceName"].(string)
	kind, name, _ := strings.Cut(resource, "/")
	if name == "" || name != o.Name || !isKind(kind, o.Kind[strings.LastIndexByte(o.Kind, '/')+1:]) {
		return false
	}
	namespace, ok := patch.Raw["ResourceNamespace"].(string)
	if _, unknown := patch.RawStates["ResourceNamespace"]; !ok && !unknown {
		namespace = "default"
	}
	return o.Namespace == "" || o.Namespace == namespace
}

// shortKinds are the short names of kubectl's resource types, "kubectl
// api-resources".
var shortKinds = map[string]string{ //nolint:gochecknoglobals // a constant
	"cj": "cronjob", "cm": "configmap", "crd": "customresourcedefinition", "deploy": "deployment", "ds": "daemonset",
	"hpa": "horizontalpodautoscaler", "ing": "ingress", "limits": "limitrange", "netpol": "networkpolicy", "ns": "namespace",
	"pc": "priorityclass", "pdb": "poddisruptionbudget", "po": "pod", "pv": "persistentvolume", "pvc": "persistentvolumeclaim",
	"quota": "resourcequota", "rs": "replicaset", "sa": "serviceaccount", "sc": "storageclass", "sts": "statefulset", "svc": "service",
}

// isKind reports whether what kubectl is given ("deploy", "deployments.apps")
// names a kind.
func isKind(given, kind string) bool {
	given, _, _ = strings.Cut(strings.ToLower(given), ".")
	kind = strings.ToLower(kind)
	if long, ok := shortKinds[given]; ok {
		given = long
	}
	return given == kind || given == kind+"s" || given == kind+"es" || given == strings.TrimSuffix(kind, "y")+"ies"
}

// patched returns an object as a patch leaves it.
func patched(o, by *document.Document, t Text) *document.Document {
	out := *o
	out.RawStates = maps.Clone(o.RawStates)
	if out.RawStates == nil {
		out.RawStates = document.States{}
	}
	out.Metadata = maps.Clone(o.Metadata)
	out.Metadata["cdk:patch"] = by.Address
	p := patcher{states: out.RawStates, locator: &patchLocator{patch: t.Locator, below: o}, strategic: true}
	switch patch := t.Value.(type) {
	case map[string]any:
		p.strategic = by.Raw["PatchType"] != "merge"
		out.Raw, _ = p.merge(o.Raw, patch, nil, nil).(map[string]any)
	case []any:
		out.Raw = o.Raw
		for i := range patch {
			operation, _ := patch[i].(map[string]any)
			out.Raw, _ = p.operation(out.Raw, operation, document.Path{i}).(map[string]any)
		}
	default:
		return o
	}
	out.Raw = p.unknowns(out.Raw, t.States)
	for _, r := range t.Refs {
		if at, ok := p.locator.target(r.Path); ok {
			r.Path = at
			out.Refs = append(slices.Clip(out.Refs), r)
		}
	}
	out.SetLocator(p.locator)
	return &out
}

// A patcher merges a patch into an object. Values are copied where they change.
type patcher struct {
	states    document.States
	locator   *patchLocator
	strategic bool
}

// mergeKeys are the keys by which strategic merge patches find the elements of
// lists, by the list's field, from the patchMergeKey of the API types.
// https://kubernetes.io/docs/reference/kubernetes-api/
var mergeKeys = map[string][]string{ //nolint:gochecknoglobals // a constant
	"containers": {"name"}, "initContainers": {"name"}, "ephemeralContainers": {"name"}, "env": {"name"}, "volumes": {"name"},
	"imagePullSecrets": {"name"}, "secrets": {"name"}, "volumeMounts": {"mountPath"}, "volumeDevices": {"devicePath"},
	"hostAliases": {"ip"}, "topologySpreadConstraints": {"topologyKey"}, "ports": {"containerPort", "port"},
	"ownerReferences": {"uid"}, "conditions": {"type"},
}

// merge returns the value at a path of the object after the patch; at is the
// path in the object, from the one in the patch.
func (p *patcher) merge(was any, patch map[string]any, at, from document.Path) any {
	object, ok := was.(map[string]any)
	if !ok || patch["$patch"] == "replace" {
		object = nil
		p.forget(at)
		p.locator.add(at, from)
	}
	out := make(map[string]any, len(object)+len(patch))
	maps.Copy(out, object)
	p.locator.through(at, from)
	for _, key := range slices.Sorted(maps.Keys(patch)) {
		value := patch[key]
		if strings.HasPrefix(key, "$") {
			continue
		}
		at, from := at.Append(key), from.Append(key)
		switch v := value.(type) {
		case nil:
			delete(out, key)
			p.forget(at)
			p.locator.add(at, from)
		case map[string]any:
			if v["$patch"] == "delete" {
				delete(out, key)
				p.forget(at)
				p.locator.add(at, from)
				continue
			}
			out[key] = p.merge(out[key], v, at, from)
		case []any:
			out[key] = p.list(out[key], v, at, from)
		default:
			p.forget(at)
			p.locator.add(at, from)
			out[key] = v
		}
	}
	return out
}

// list merges elements that have the list's merge key and replaces other lists.
func (p *patcher) list(was any, patch []any, at, from document.Path) any {
	items, _ := was.([]any)
	field, _ := at[len(at)-1].(string)
	key := ""
	for _, k := range mergeKeys[field] {
		if key == "" && p.strategic && len(items) > 0 && allHave(items, k) && allHave(patch, k) {
			key = k
		}
	}
	if key == "" {
		p.forget(at)
		p.locator.add(at, from)
		return patch
	}
	out := slices.Clone(items)
	p.locator.through(at, from)
	for i, e := range patch {
		element, _ := e.(map[string]any)
		n := slices.IndexFunc(out, func(o any) bool { return o.(map[string]any)[key] == element[key] })
		switch {
		case element["$patch"] == "delete":
			if n >= 0 {
				// What is behind it moves, so that the list counts as a whole.
				out = slices.Delete(out, n, n+1)
				p.forget(at)
				p.locator.add(at, from)
			}
		case n >= 0:
			out[n] = p.merge(out[n], element, at.Append(n), from.Append(i))
		default:
			p.locator.add(at.Append(len(out)), from.Append(i))
			out = append(out, e)
		}
	}
	return out
}

func allHave(items []any, key string) bool {
	return !slices.ContainsFunc(items, func(e any) bool {
		m, ok := e.(map[string]any)
		return !ok || m[key] == nil
	})
}

// operation applies one operation of a JSON patch, RFC 6902. Operations that
// only look, and those that move values, change nothing here.
func (p *patcher) operation(root any, operation map[string]any, from document.Path) any {
	pointer, _ := operation["path"].(string)
	op, _ := operation["op"].(string)
	if !strings.HasPrefix(pointer, "/") || op != "add" && op != "replace" && op != "remove" {
		return root
	}
	keys := strings.Split(pointer[1:], "/")
	for i, k := range keys {
		keys[i] = strings.ReplaceAll(strings.ReplaceAll(k, "~1", "/"), "~0", "~")
	}
	return p.set(root, keys, op, operation["value"], nil, from.Append("value"))
}

func (p *patcher) set(was any, keys []string, op string, value any, at, from document.Path) any {
	switch v := was.(type) {
	case map[string]any:
		key := keys[0]
		out := maps.Clone(v)
		next := at.Append(key)
		switch {
		case len(keys) > 1:
			out[key] = p.set(v[key], keys[1:], op, value, next, from)
			return out
		case op == "remove":
			delete(out, key)
		default:
			out[key] = value
		}
		p.forget(next)
		p.locator.add(next, from)
		return out
	case []any:
		n, err := strconv.Atoi(keys[0])
		if keys[0] == "-" {
			n, err = len(v), nil
		}
		if err != nil || n < 0 || n > len(v) || n == len(v) && (op != "add" || len(keys) > 1) {
			return was
		}
		out := slices.Clone(v)
		if len(keys) > 1 {
			out[n] = p.set(v[n], keys[1:], op, value, at.Append(n), from)
			return out
		}
		return p.setElement(out, n, op, value, at, from)
	default:
		return was
	}
}

// setElement changes an element of a list.
func (p *patcher) setElement(out []any, n int, op string, value any, at, from document.Path) any {
	switch op {
	case "remove":
		out = slices.Delete(out, n, n+1)
	case "add":
		out = slices.Insert(out, n, value)
	default:
		out[n] = value
	}
	if op == "replace" || n == len(out)-1 && op == "add" {
		at = at.Append(n)
	} // else what is behind it has moved, so that the list counts as a whole
	p.forget(at)
	p.locator.add(at, from)
	return out
}

// forget drops what was not known of a value that is replaced.
func (p *patcher) forget(at document.Path) {
	maps.DeleteFunc(p.states, func(text string, _ document.State) bool {
		path, err := document.ParsePath(text)
		return err == nil && len(path) > 0 && path.HasPrefix(at)
	})
}

// unknowns takes out of the object what is not known of the patch.
func (p *patcher) unknowns(raw map[string]any, states document.States) map[string]any {
	for _, text := range slices.Sorted(maps.Keys(states)) {
		path, err := document.ParsePath(text)
		if err != nil {
			continue
		}
		if at, ok := p.locator.target(path); ok {
			p.forget(at)
			p.states[at.String()] = states[text]
			p.locator.add(at, path)
			if states[text].Kind == document.Unknown {
				raw, _ = cut(raw, at).(map[string]any)
			}
		}
	}
	return raw
}

// cut returns a value with a part taken out; elements of lists become nil.
func cut(v any, path document.Path) any {
	if len(path) == 0 {
		return nil
	}
	switch key := path[0].(type) {
	case string:
		m, ok := v.(map[string]any)
		if !ok {
			return v
		}
		out := maps.Clone(m)
		if len(path) == 1 {
			delete(out, key)
		} else if inner, ok := out[key]; ok {
			out[key] = cut(inner, path[1:])
		}
		return out
	case int:
		l, ok := v.([]any)
		if !ok || key >= len(l) {
			return v
		}
		out := slices.Clone(l)
		out[key] = cut(out[key], path[1:])
		return out
	}
	return v
}

// A patchLocator leads to the patch where that has written a value, and to the
// object below otherwise.
type patchLocator struct {
	patch document.Locator
	below *document.Document
	steps []step
}

// A step says where in the patch a place of the object is from. Through an open
// one both lead on.
type step struct {
	at, from document.Path
	open     bool
}

func (l *patchLocator) add(at, from document.Path) {
	l.steps = append(l.steps, step{slices.Clone(at), slices.Clone(from), false})
}

func (l *patchLocator) through(at, from document.Path) {
	l.steps = append(l.steps, step{slices.Clone(at), slices.Clone(from), true})
}

// target returns the place in the object of a place in the patch.
func (l *patchLocator) target(path document.Path) (document.Path, bool) {
	best := -1
	var out document.Path
	for _, s := range l.steps {
		if path.HasPrefix(s.from) && len(s.from) > best {
			best, out = len(s.from), s.at.Append(path[len(s.from):]...)
		}
	}
	return out, best >= 0
}

// written returns the place in the patch that a value is from.
func (l *patchLocator) written(path document.Path) (document.Path, bool) {
	for _, s := range slices.Backward(l.steps) {
		if !s.open && path.HasPrefix(s.at) {
			return s.from.Append(path[len(s.at):]...), true
		}
	}
	return nil, false
}

// Locate implements document.Locator.
func (l *patchLocator) Locate(path document.Path) (document.Range, bool) {
	if from, ok := l.written(path); ok {
		return l.patch.Locate(from)
	}
	return l.below.Locate(path)
}

// LocateKey implements document.Locator.
func (l *patchLocator) LocateKey(path document.Path) (document.Range, bool) {
	if from, ok := l.written(path); ok {
		return l.patch.LocateKey(from)
	}
	return l.below.LocateKey(path)
}
