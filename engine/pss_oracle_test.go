package engine_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	pss "k8s.io/pod-security-admission/policy"
	kjson "sigs.k8s.io/json"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
)

// The oracle is the library the API server's own admission plugin is made of.

// A pod is what the library judges.
type pod struct {
	meta metav1.ObjectMeta
	spec corev1.PodSpec
}

// decode reads metadata and spec as the API server does: it tells upper from
// lower case, drops unknown fields and refuses values of another type. Then it
// fills in the one default that a check sees.
func decode(metadata, spec any) (pod, error) {
	var p pod
	for _, part := range []struct{ from, to any }{{metadata, &p.meta}, {spec, &p.spec}} {
		if part.from == nil {
			continue
		}
		text, err := json.Marshal(part.from)
		if err != nil {
			return p, err
		}
		if err := kjson.UnmarshalCaseSensitivePreserveInts(text, part.to); err != nil {
			return p, err
		}
	}
	for i, v := range p.spec.Volumes {
		if v.VolumeSource == (corev1.VolumeSource{}) {
			p.spec.Volumes[i].EmptyDir = &corev1.EmptyDirVolumeSource{}
		}
	}
	return p, nil
}

// versions lists the minor versions the library has policies of its own for,
// and the next: it has to be judged like the newest.
func versions(from int) []string {
	newest := 0
	for _, c := range pss.DefaultChecks() {
		for _, v := range c.Versions {
			newest = max(newest, v.MinimumVersion.Minor())
		}
	}
	var out []string
	for minor := from; minor <= newest+1; minor++ {
		out = append(out, fmt.Sprintf("1.%d", minor))
	}
	return append(out, "latest")
}

// control is how rules name a check.
func control(c pss.Check) string { return string(c.Level) + "/" + string(c.ID) }

// An oracle gives the library's verdicts for one level and version.
type oracle struct {
	level     api.LevelVersion
	checks    map[string]pss.CheckPodFn // those in force, by control
	evaluator pss.Evaluator
}

func newOracle(t *testing.T, level, version string) oracle {
	t.Helper()
	evaluator, err := pss.NewEvaluator(pss.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	o := oracle{checks: map[string]pss.CheckPodFn{}, evaluator: evaluator, level: api.LevelVersion{Level: api.Level(level)}}
	text := version
	if text != "latest" {
		text = "v" + text
	}
	if o.level.Version, err = api.ParseVersion(text); err != nil {
		t.Fatal(err)
	}
	overridden := map[pss.CheckID]bool{}
	inForce := map[string]pss.Check{}
	for _, c := range pss.DefaultChecks() {
		if c.Level == api.LevelRestricted && level != "restricted" {
			continue
		}
		var found *pss.VersionedCheck
		for i, v := range c.Versions {
			if !o.level.Older(v.MinimumVersion) {
				found = &c.Versions[i]
			}
		}
		if found == nil {
			continue
		}
		inForce[control(c)] = c
		o.checks[control(c)] = found.CheckPod
		for _, id := range found.OverrideCheckIDs {
			overridden[id] = true
		}
	}
	for name, c := range inForce {
		if overridden[c.ID] {
			delete(o.checks, name)
		}
	}
	return o
}

// violated lists the checks that p violates, sorted. It holds the choice of
// checks above against the library's own.
func (o oracle) violated(p pod) ([]string, error) {
	var out, reasons []string
	for name, check := range o.checks {
		if r := check(&p.meta, &p.spec); !r.Allowed {
			out = append(out, name)
			reasons = append(reasons, r.ForbiddenReason+r.ForbiddenDetail)
		}
	}
	var want []string
	for _, r := range o.evaluator.EvaluatePod(o.level, &p.meta, &p.spec) {
		if !r.Allowed {
			want = append(want, r.ForbiddenReason+r.ForbiddenDetail)
		}
	}
	slices.Sort(out)
	slices.Sort(reasons)
	slices.Sort(want)
	if !slices.Equal(reasons, want) {
		return nil, fmt.Errorf("the test chose other checks than the library: %v, want %v", reasons, want)
	}
	return out, nil
}

// attribute names the check that a finding is about: the one in force that its
// rule names. PLM-POD-018 is about two, and the field tells which.
func (o oracle) attribute(f finding.Finding) (string, error) {
	var candidates []string
	for _, c := range f.Rule.Controls["pss"] {
		if o.checks[c] != nil {
			candidates = append(candidates, c)
		}
	}
	if len(candidates) > 1 {
		candidates = slices.DeleteFunc(candidates, func(c string) bool {
			_, field, _ := strings.Cut(c, "/")
			isSELinux := strings.Contains(f.Path.String(), "seLinuxOptions")
			return isSELinux != (field == "seLinuxOptions")
		})
	}
	if len(candidates) != 1 {
		return "", fmt.Errorf("%s at %s is about the checks %v of %v: want one", f.Rule.ID, f.Path, candidates, o.level)
	}
	return candidates[0], nil
}
