package canon

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/schema"
)

// anyJSON draws a value of any JSON kind, in the shapes loaders produce.
func anyJSON(depth int) *rapid.Generator[any] {
	scalars := []*rapid.Generator[any]{
		rapid.Just(any(nil)), rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		rapid.Map(rapid.Float64(), func(f float64) any { return f }),
		rapid.Map(rapid.SampledFrom([]string{
			"", "true", "false", "-1", "x", "${hole}", "arn:aws:iam::1:role/r", "{", "{}", "[]", `{"Statement":1}`, "*", "0.0.0.0/0",
		}), func(s string) any { return s }),
	}
	if depth == 0 {
		return rapid.OneOf(scalars...)
	}
	list := rapid.Map(rapid.SliceOfN(anyJSON(depth-1), 0, 3), func(l []any) any { return l })
	keys := rapid.SampledFrom([]string{
		"name", "Name", "Key", "Value", "id", "Statement", "statement", "Action", "Principal", "Condition", "ebs", "Ebs", "metadata",
		"enabled", "types", "iam", "ssh", "kubernetes.io/cluster/c", "taints", "subnets", "private",
	})
	object := rapid.Map(rapid.MapOfN(keys, anyJSON(depth-1), 0, 4), func(m map[string]any) any { return m })
	return rapid.OneOf(append(scalars, list, object, list, object)...)
}

// tablePaths lists every raw path a table reads, with the kinds it does so for:
// steps of the path from the root of the source.
func tablePaths(t testing.TB) map[string][][]step {
	t.Helper()
	out := map[string][][]step{}
	in := newInterpreter(nil)
	for _, e := range entries() {
		kind := e.kind
		p := in.plan(kind)
		if p == nil {
			t.Fatalf("kind %s has no plan", kind)
		}
		if paths := slices.Concat(planPaths(p.attrs, p.root), codePaths(kind)); len(paths) > 0 {
			out[kind] = paths
		}
	}
	return out
}

// codePaths are raw paths that code reads beside the tables.
func codePaths(kind string) [][]step {
	var paths []string
	switch kind {
	case "eksctl.io/v1alpha5/ClusterConfig":
		for _, list := range []string{"managedNodeGroups[].", "nodeGroups[]."} {
			for _, key := range []string{
				"name", "ssh.publicKeyName", "taints", "iam.attachPolicyARNs", "iam.attachPolicy", "iam.withAddonPolicies.ebs",
				"iam.instanceRoleARN", "additionalVolumes", "additionalVolumes[].volumeEncrypted", "disablePodIMDS", "subnets", "amiFamily",
			} {
				paths = append(paths, list+key)
			}
		}
		paths = append(
			paths, "addons[].name", "addons[].wellKnownPolicies", "addons[].attachPolicyARNs", "iam.serviceAccounts[].metadata.name",
			"iam.serviceAccounts[].attachPolicy", "iam.serviceAccounts[].wellKnownPolicies", "iam.serviceAccounts[].roleOnly",
			"iam.podIdentityAssociations[].namespace", "iam.podIdentityAssociations[].permissionPolicy", "iam.withOIDC",
			"accessConfig.accessEntries[].principalARN", "iamIdentityMappings[].arn", "fargateProfiles[].name", "capabilities[].name",
			"iam.fargatePodExecutionRoleARN", "identityProviders[].name", "privateCluster.enabled", "vpc.cidr",
		)
	case "controlplane.cluster.x-k8s.io/*/AWSManagedControlPlane":
		paths = []string{
			"spec.logging.audit", "spec.addons[].name", "spec.accessEntries[].principalARN", "spec.iamAuthenticatorConfig.mapRoles[].rolearn",
			"spec.iamAuthenticatorConfig.mapUsers[].userarn",
		}
	case "Custom::AWSCDK-EKS-Cluster":
		paths = []string{"Config.logging.clusterLogging[].enabled", "Config.logging.clusterLogging[].types"}
	case "karpenter.k8s.aws/*/EC2NodeClass":
		paths = []string{"spec.amiSelectorTerms[].alias"}
	}
	return parseAll(paths)
}

func planPaths(attrs []*attrPlan, prefix []step) [][]step {
	var out [][]step
	for _, a := range attrs {
		for _, path := range slices.Concat(a.first, a.union) {
			full := slices.Concat(prefix, path)
			if len(path) > 0 && path[0].key == fromRoot {
				full = path[1:]
			}
			out = append(out, full)
			if a.typ == objectsType {
				out = append(out, planPaths(a.items, slices.Concat(full, []step{{each: true}}))...)
			}
		}
	}
	return out
}

// plant stores a value at steps of a raw document, through lists of one where a
// step goes over elements.
func plant(raw map[string]any, steps []step, value any) {
	var at any = raw
	for i, s := range steps {
		last := i == len(steps)-1
		if s.each {
			list, ok := at.([]any)
			if ok && len(list) > 0 && !last {
				at = list[0]
			}
			continue
		}
		m, ok := at.(map[string]any)
		if !ok {
			return
		}
		switch {
		case last:
			m[s.key] = value
		case i+1 < len(steps) && steps[i+1].each && i+2 == len(steps):
			m[s.key] = []any{value}
			return
		case i+1 < len(steps) && steps[i+1].each:
			if _, ok := m[s.key].([]any); !ok {
				m[s.key] = []any{map[string]any{}}
			}
		default:
			if _, ok := m[s.key].(map[string]any); !ok {
				m[s.key] = map[string]any{}
			}
		}
		at = m[s.key]
	}
}

func TestComplete_NeverPanicsOnWrongTypes(t *testing.T) {
	paths := tablePaths(t)
	described := map[string]*schema.Node{}
	for _, typ := range schema.All() {
		described[typ.Name] = schema.NewBuilder().Attr(typ)
	}
	kinds := slices.Sorted(maps.Keys(paths))
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(rt, "kind")
		d := &document.Document{ID: "f", Kind: strings.Replace(kind, "*", "v1", 1), Raw: map[string]any{}, RawStates: document.States{}}
		for range rapid.IntRange(1, 6).Draw(rt, "count") {
			steps := rapid.SampledFrom(paths[kind]).Draw(rt, "path")
			steps = steps[:rapid.IntRange(0, len(steps)).Draw(rt, "depth")]
			plant(d.Raw, steps, anyJSON(3).Draw(rt, "value"))
			if rapid.Bool().Draw(rt, "also unknown") {
				state := document.State{
					Kind:     rapid.SampledFrom([]document.StateKind{document.Unknown, document.Partial}).Draw(rt, "state"),
					Reason:   document.AfterApply,
					Template: rapid.SampledFrom([]string{"", "${a}", "x${a}", `{"Statement":[{"Action":"*"}]}`}).Draw(rt, "template"),
				}
				d.RawStates[stepsPath(steps).String()] = state
				if state.Kind == document.Unknown { // unknown leaves are absent from Raw
					plant(d.Raw, steps, nil)
				}
			}
		}
		setting := &document.Document{ID: "g", Kind: "aws_ebs_encryption_by_default", Raw: map[string]any{}}
		for _, d := range Complete([]*document.Document{d, setting}) {
			if n := described[d.Type]; n != nil {
				if bad := unfit(d.Attr, n, "attr"); bad != "" {
					rt.Fatalf("%s (%s): %s", d.ID, d.Type, bad)
				}
			}
			for path, s := range d.States {
				if p, err := document.ParsePath(path); err != nil {
					rt.Fatalf("%s has the state path %q: %v", d.ID, path, err)
				} else if v, ok := document.At(d.Attr, p); ok && s.Kind == document.Unknown && v != nil && !holdsText(v) {
					rt.Fatalf("%s: %s is unknown and yet has the value %v", d.ID, path, v)
				}
			}
		}
	})
}

// unfit says what of a value its description does not allow, "" if it fits: what
// tables promise of types must hold whatever is written.
func unfit(v any, n *schema.Node, at string) string {
	if n.Kind == "any" || n.Written && n.Kind != "object" && n.Kind != "array" {
		return ""
	}
	fits := false
	switch v := v.(type) {
	case bool:
		fits = n.Kind == "boolean"
	case int64:
		fits = n.Kind == "integer"
	case string:
		fits = n.Kind == "string" && (!n.Closed || slices.Contains(n.Enum, v))
	case []any:
		fits = n.Kind == "array"
		for i, e := range v {
			if !fits || n.Items == nil {
				break
			}
			if bad := unfit(e, n.Items, element(at, i)); bad != "" {
				return bad
			}
		}
	case map[string]any:
		for key, e := range v {
			if n.Kind != "object" {
				break
			}
			below := n.Keys[key]
			if below == nil {
				below = n.Other
			}
			if below == nil && !n.Written {
				return at + " has the key " + key + ", which is not described"
			}
			if below != nil {
				if bad := unfit(e, below, at+"."+key); bad != "" {
					return bad
				}
			}
		}
		fits = n.Kind == "object"
	}
	if fits || n.Written {
		return ""
	}
	return fmt.Sprintf("%s is %v (%T), not %s", at, v, v, n.Kind)
}

// holdsText reports whether v is an object as its author wrote it, whose
// unknown parts are marked one by one.
func holdsText(v any) bool {
	_, ok := v.(map[string]any)
	return ok
}

// stepsPath writes steps as a raw path, with 0 for every element.
func stepsPath(steps []step) document.Path {
	var p document.Path
	for _, s := range steps {
		if s.each {
			p = append(p, 0)
			continue
		}
		p = append(p, s.key)
	}
	return p
}

// TestTables_UnknownIsNeverADefault makes each raw path of each table unknown
// in turn, alone and through its parents, and looks at the attribute it feeds.
func TestTables_UnknownIsNeverADefault(t *testing.T) {
	in := newInterpreter(nil)
	for _, e := range entries() {
		kind := e.kind
		p := in.plan(kind)
		for _, a := range p.attrs {
			if a.hidden || a.constant != nil {
				continue
			}
			for _, path := range slices.Concat(a.first, a.union) {
				full := slices.Concat(p.root, path)
				if len(path) > 0 && path[0].key == fromRoot {
					full = path[1:]
				}
				if slices.ContainsFunc(full, func(s step) bool { return s.key == "*" }) {
					continue // goes over keys there are none of
				}
				for n := 1; n <= len(full); n++ {
					if full[n-1].each {
						continue
					}
					unknownNeverDefault(t, kind, a, full[:n])
				}
			}
		}
	}
}

func unknownNeverDefault(t *testing.T, kind string, a *attrPlan, steps []step) {
	t.Helper()
	d := &document.Document{ID: "f", Kind: strings.Replace(kind, "*", "v1", 1), Raw: map[string]any{}}
	if kind == "aws_autoscaling_group" || kind == "AWS::AutoScaling::AutoScalingGroup" {
		if a.name == "tags" {
			return // without tags it is no node group
		}
		d.Raw["tag"] = []any{map[string]any{"key": "kubernetes.io/cluster/c", "value": "owned"}}
		d.Raw["Tags"] = []any{map[string]any{"Key": "kubernetes.io/cluster/c", "Value": "owned"}}
	}
	raw := stepsPath(steps)
	d.RawStates = document.States{raw.String(): {Kind: document.Unknown, Reason: document.AfterApply}}
	Complete([]*document.Document{d})
	s, ok := d.States[a.name]
	p, err := document.ParsePath(a.name)
	if err != nil {
		t.Fatal(err)
	}
	if v, has := document.At(d.Attr, p); has && s.Kind != document.Partial {
		t.Errorf("%s: %s is unknown and yet %s is %v (%+v)", kind, raw, a.name, v, s)
	}
	if !ok || s.Kind != document.Unknown && s.Kind != document.Partial {
		t.Errorf("%s: %s is unknown and yet %s has the state %+v", kind, raw, a.name, s)
	}
}

func TestComplete_ResultDoesNotDependOnOrderOrWorkers(t *testing.T) {
	make1 := func() []*document.Document {
		var docs []*document.Document
		for i := range 300 {
			for intent, sources := range parity() {
				for name, s := range sources {
					d := newDoc(t, s.kind, s.text)
					d.ID = intent + name + strings.Repeat("x", i%7)
					d.RawStates = unknownStates(s.unknown...)
					docs = append(docs, d)
				}
			}
		}
		slices.SortStableFunc(docs, func(a, b *document.Document) int { return strings.Compare(a.ID, b.ID) })
		return docs
	}
	a, b := Complete(make1()), make1()
	slices.Reverse(b)
	b = Complete(b)
	if len(a) != len(b) {
		t.Fatalf("%d and %d documents", len(a), len(b))
	}
	byID := map[string]*document.Document{}
	for _, d := range b {
		byID[d.ID] = d
	}
	for _, d := range a {
		if diff := cmp.Diff(d.Attr, byID[d.ID].Attr); diff != "" {
			t.Fatalf("%s differs:\n%s", d.ID, diff)
		}
		if diff := cmp.Diff(d.States, byID[d.ID].States); diff != "" {
			t.Fatalf("%s: states differ:\n%s", d.ID, diff)
		}
	}
}
