package engine_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// How many plans are tried, and how many values in each, when not all are.
const (
	sampledPlans  = 24
	sampledValues = 3
)

const (
	adminPolicy    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	harmlessPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"arn:aws:s3:::none"}]}`
)

// allPlans lists the plans of our fixtures and, where it is there, the corpus.
func allPlans(t *testing.T) []string {
	t.Helper()
	var out []string
	roots := []string{"../policies/rules", "../fixtures", "testdata"}
	if corpus := os.Getenv("PLIMSOLL_CORPUS"); corpus != "" {
		roots = append(roots, filepath.Join(corpus, "terraform"), filepath.Join(corpus, "tfplans"))
	} else {
		t.Log("PLIMSOLL_CORPUS is not set: its plans are not tried")
	}
	for _, root := range roots {
		err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() && strings.HasSuffix(name, ".json") && !strings.HasSuffix(name, "labels.json") {
				out = append(out, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// A trial is a plan that is judged again and again with one value changed.
type trial struct {
	t      *testing.T
	engine *engine.Engine
	plan   map[string]any
	change map[string]map[string]any // by address
}

// judge returns the failures of a plan, as "<rule> <document>", with the paths.
func (x *trial) judge(content []byte) ([]*document.Document, []finding.Finding) {
	x.t.Helper()
	loaded, err := loaders.Load(context.Background(), []string{"-"}, bytes.NewReader(content), loaders.Options{})
	if err != nil {
		x.t.Fatal(err)
	}
	r, err := x.engine.Check(context.Background(), loaded)
	if err != nil {
		x.t.Fatal(err)
	}
	return loaded.Documents, slices.DeleteFunc(r.Findings, func(f finding.Finding) bool { return f.Status != finding.Fail })
}

// open reads a plan; ok is false if it is none, or has no resource changes.
func (x *trial) open(content []byte) (ok bool) {
	x.change = map[string]map[string]any{}
	if err := json.Unmarshal(content, &x.plan); err != nil {
		return false
	}
	list, _ := x.plan["resource_changes"].([]any)
	for _, c := range list {
		c, _ := c.(map[string]any)
		address, _ := c["address"].(string)
		if inner, _ := c["change"].(map[string]any); inner != nil && address != "" {
			x.change[address] = inner
		}
	}
	return len(x.change) > 0
}

// set gives an unknown value a value, and returns how to take it back.
func (x *trial) set(address string, path document.Path, value any) (undo func(), ok bool) {
	c := x.change[address]
	if c == nil {
		return nil, false
	}
	after, unknown := c["after"], c["after_unknown"]
	undo = func() { c["after"], c["after_unknown"] = after, unknown }
	newAfter, newUnknown := clone(after), clone(unknown)
	if _, was := document.At(newUnknown, path); !was {
		return nil, false // nothing in the mask: the loader inferred it
	}
	c["after"], c["after_unknown"] = put(newAfter, path, value), put(newUnknown, path, false)
	return undo, true
}

// clone copies the containers of a value.
func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = clone(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = clone(e)
		}
		return out
	}
	return v
}

// put sets the value at a path, making what is missing on the way.
func put(v any, path document.Path, value any) any {
	if len(path) == 0 {
		return value
	}
	switch e := path[0].(type) {
	case string:
		m, _ := v.(map[string]any)
		if m == nil {
			m = map[string]any{}
		}
		m[e] = put(m[e], path[1:], value)
		return m
	case int:
		l, _ := v.([]any)
		for len(l) <= e {
			l = append(l, nil)
		}
		l[e] = put(l[e], path[1:], value)
		return l
	}
	return v
}

// A guess is one value for one unknown.
type guess struct {
	address string
	path    document.Path
	value   any
	also    []guess // what has to be the same
}

func (g guess) String() string {
	text, _ := json.Marshal(g.value)
	return fmt.Sprintf("%s %s = %.120s", g.address, g.path, text)
}

// place names a kind of value: "aws_eks_cluster vpc_config[].subnet_ids".
func place(kind string, path document.Path) string {
	return kind + " " + anyIndex.ReplaceAllString(path.String(), "[]")
}

// pool has the values that plans give to places.
type pool map[string]map[string]any

// learn takes in the known values of documents. A whole block counts as well
// as what is in it.
func (p pool) learn(docs []*document.Document) {
	for _, d := range docs {
		if d.Format == "terraform-plan" && d.Parent == nil && len(d.RawStates.Paths(document.Partial)) == 0 {
			p.take(d.Kind, nil, d.Raw)
		}
	}
}

func (p pool) take(kind string, path document.Path, v any) {
	if v == nil || len(path) > 6 {
		return
	}
	if len(path) > 0 {
		if text, err := json.Marshal(v); err == nil && len(text) < 4000 {
			key := place(kind, path)
			if p[key] == nil {
				p[key] = map[string]any{}
			}
			p[key][string(text)] = v
		}
	}
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			p.take(kind, path.Append(k), e)
		}
	case []any:
		for i, e := range v {
			p.take(kind, path.Append(i), e)
		}
	}
}

var (
	cidrName   = regexp.MustCompile(`cidr`)
	policyName = regexp.MustCompile(`^(policy|assume_role_policy|inline_policy|json|access_policies)$`)
	arnName    = regexp.MustCompile(`_arns?$|^arn$|^policy_arn$`)
)

// values returns good and bad values for a place: those that other plans have
// there, and what its name asks for.
func (p pool) values(kind string, path document.Path) []any {
	known := p[place(kind, path)]
	keys := make([]string, 0, len(known))
	list, truth, number := false, false, false
	for key, v := range known {
		keys = append(keys, key)
		switch v.(type) {
		case []any:
			list = true
		case bool:
			truth = true
		case int64, float64:
			number = true
		}
	}
	slices.Sort(keys)
	var out []any
	for i, key := range keys {
		if i < 2 || i == len(keys)-1 {
			out = append(out, known[key])
		}
	}
	wrap := func(values ...string) {
		for _, v := range values {
			if list {
				out = append(out, []any{v})
			} else {
				out = append(out, v)
			}
		}
	}
	switch name := lastName(path); {
	case truth:
		out = append(out, true, false)
	case number:
		out = append(out, 0, 1, 65535)
	case cidrName.MatchString(name):
		list = list || strings.HasSuffix(name, "s") && endsInName(path)
		wrap("0.0.0.0/0", "10.0.0.0/8")
	case policyName.MatchString(name):
		wrap(adminPolicy, harmlessPolicy)
	case arnName.MatchString(name):
		wrap("arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::111122223333:role/some")
	case len(known) == 0:
		out = append(out, "", "some")
	}
	return out
}

func endsInName(path document.Path) bool {
	_, ok := path[len(path)-1].(string)
	return ok
}

func lastName(path document.Path) string {
	for _, e := range slices.Backward(path) {
		if name, ok := e.(string); ok {
			return name
		}
	}
	return ""
}

// guesses lists the values to try for every unknown of the documents.
func guesses(docs []*document.Document, p pool) []guess {
	names := referrers(docs)
	var out []guess
	for _, d := range docs {
		if d.Format != "terraform-plan" || d.Parent != nil {
			continue
		}
		for _, text := range d.RawStates.Paths(document.Unknown) {
			path, err := document.ParsePath(text)
			if err != nil || len(path) == 0 || slices.ContainsFunc(d.Refs, func(r document.Ref) bool { return path.HasPrefix(r.Path) }) {
				continue // what another resource decides is tried there
			}
			out = append(out, guessesAt(d, path, p, names)...)
		}
	}
	return out
}

// referrers finds, by token and attribute, the unknown values that are another
// resource's: they become known together with it.
func referrers(docs []*document.Document) map[string][]guess {
	out := map[string][]guess{}
	for _, d := range docs {
		for _, r := range d.Refs {
			open := 0
			for _, text := range d.RawStates.Paths(document.Unknown) {
				if path, err := document.ParsePath(text); err == nil && path.HasPrefix(r.Path) {
					open++
				}
			}
			if open == 0 {
				continue
			}
			g := guess{address: d.Address, path: r.Path}
			if d.RawStates[r.Path.String()].Kind != document.Unknown || d.Parent != nil || slices.ContainsFunc(d.Refs, func(o document.Ref) bool {
				return o.Path.String() == r.Path.String() && (o.To != r.To || o.Attribute != r.Attribute)
			}) {
				g.address = "" // more than this attribute goes into the value
			}
			key := r.To + "\x00" + r.Attribute
			out[key] = append(out[key], g)
		}
	}
	return out
}

func guessesAt(d *document.Document, path document.Path, p pool, names map[string][]guess) []guess {
	attribute := path.String()
	also := names[d.Tokens[0]+"\x00"+attribute]
	if attribute != "" && len(also) == 0 {
		also = names[d.Tokens[0]+"\x00"] // a reference to the whole resource
	}
	values := p.values(d.Kind, path)
	if len(also) > 0 {
		identity, known := identityOf(d, attribute)
		if !known {
			return nil
		}
		values = []any{identity}
	}
	out := make([]guess, 0, len(values))
	for _, v := range values {
		g := guess{address: d.Address, path: path, value: v}
		for _, other := range also {
			if other.address == "" {
				return nil
			}
			if strings.HasSuffix(lastName(other.path), "s") && endsInName(other.path) {
				other.value = []any{v}
			} else {
				other.value = v
			}
			g.also = append(g.also, other)
		}
		out = append(out, g)
	}
	return out
}

// identityOf makes up what a resource will be called.
func identityOf(d *document.Document, attribute string) (string, bool) {
	switch attribute {
	case "arn":
		if d.Kind == "aws_iam_role" || d.Kind == "aws_iam_policy" {
			return "arn:aws:iam::111122223333:" + strings.TrimPrefix(d.Kind, "aws_iam_") + "/" + nameOf(d), true
		}
		return "arn:aws:eks:eu-west-1:111122223333:" + strings.TrimPrefix(d.Kind, "aws_") + "/" + nameOf(d), true
	case "id", "name":
		return nameOf(d), true
	}
	return "", false
}

// nameOf is the name a resource is given, or that of its block.
func nameOf(d *document.Document) string {
	if name, _ := d.Raw["name"].(string); name != "" {
		return name
	}
	return d.Name
}

// kept reports whether a failure is still there, or hidden by a stronger one
// about the same document.
func kept(f *finding.Finding, now []finding.Finding) bool {
	return slices.ContainsFunc(now, func(n finding.Finding) bool {
		if (f.Document == nil) != (n.Document == nil) || f.Document != nil && f.Document.ID != n.Document.ID {
			return false
		}
		if slices.Contains(n.Rule.Supersedes, f.Rule.ID) {
			return true
		}
		a, b := anyIndex.ReplaceAllString(f.Path.String(), ""), anyIndex.ReplaceAllString(n.Path.String(), "")
		return n.Rule.ID == f.Rule.ID && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a))
	})
}

// try judges the plan with one guess and reports failures that are gone.
func (x *trial) try(name string, failures []finding.Finding, g guess) (tried bool) {
	x.t.Helper()
	undo, ok := x.set(g.address, g.path, g.value)
	if !ok {
		return false
	}
	defer undo()
	for _, also := range g.also {
		if back, ok := x.set(also.address, also.path, also.value); ok {
			defer back()
		}
	}
	content, err := json.Marshal(x.plan)
	if err != nil {
		x.t.Fatal(err)
	}
	_, now := x.judge(content)
	for i := range failures {
		if f := &failures[i]; !kept(f, now) {
			about := ""
			if f.Document != nil {
				about = f.Document.Address
			}
			x.t.Errorf("%s: %s about %s %s is gone when %s", name, f.Rule.ID, about, f.Path, g)
		}
	}
	return true
}

// Every unknown value of every plan is given good and bad values in turn: what
// failed before still fails, because no failure may rest on what is not known.
// All of them are tried under PLIMSOLL_EXHAUSTIVE=1, a fixed few otherwise.
func TestCheck_NoFailureRestsOnAnUnknownValue(t *testing.T) {
	e, err := engine.New(context.Background(), engine.Options{Profile: "strict", Bundled: policies.FS})
	if err != nil {
		t.Fatal(err)
	}
	known := pool{}
	plans := map[string][]byte{}
	var names []string
	for _, name := range allPlans(t) {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if x := (&trial{t: t}); !x.open(content) {
			continue
		}
		loaded, err := loaders.Load(context.Background(), []string{"-"}, bytes.NewReader(content), loaders.Options{})
		if err != nil {
			t.Fatal(err)
		}
		plans[name] = content
		names = append(names, name)
		known.learn(loaded.Documents)
	}
	if len(plans) < 100 {
		t.Fatalf("only %d plans", len(plans))
	}
	if os.Getenv("PLIMSOLL_EXHAUSTIVE") == "" {
		slices.SortFunc(names, func(a, b string) int { return cmp.Compare(lot(tail(a)), lot(tail(b))) })
		names = names[:min(len(names), sampledPlans)]
	}
	tried := 0
	for _, name := range names {
		tried += tryPlan(t, e, name, plans[name], known)
	}
	t.Logf("%d values tried in %d plans", tried, len(names))
	if tried < 20 {
		t.Errorf("only %d values tried", tried)
	}
}

// tryPlan tries the unknowns of one plan and returns how many values that were.
func tryPlan(t *testing.T, e *engine.Engine, name string, content []byte, known pool) (tried int) {
	t.Helper()
	x := &trial{t: t, engine: e}
	x.open(content)
	docs, failures := x.judge(content)
	if len(failures) == 0 {
		return 0
	}
	all := guesses(docs, known)
	if os.Getenv("PLIMSOLL_EXHAUSTIVE") == "" {
		slices.SortFunc(all, func(a, b guess) int { return cmp.Compare(lot(a.String()), lot(b.String())) })
		all = all[:min(len(all), sampledValues)]
	}
	for _, g := range all {
		if x.try(name, failures, g) {
			tried++
		}
	}
	return tried
}

// tail is the end of a name, which does not depend on the machine.
func tail(name string) string {
	parts := strings.Split(filepath.ToSlash(name), "/")
	return strings.Join(parts[max(0, len(parts)-4):], "/")
}

// lot is a number that is as good as random, and the same in every run.
func lot(text string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(text))
	return h.Sum32()
}
