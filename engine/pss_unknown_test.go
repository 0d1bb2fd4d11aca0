package engine_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A hole is a place in a pod whose value is not known yet.
type hole struct {
	holder any // the map or list
	key    any // the key or index in it
}

func (h hole) fill(v any) {
	switch holder := h.holder.(type) {
	case map[string]any:
		if key, ok := h.key.(string); ok {
			holder[key] = v
		}
	case []any:
		if i, ok := h.key.(int); ok {
			holder[i] = v
		}
	}
}

// holes lists the scalars of a value.
func holes(v any, at hole) []hole {
	var out []hole
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out = append(out, holes(v[key], hole{v, key})...)
		}
	case []any:
		for i := range v {
			out = append(out, holes(v[i], hole{v, i})...)
		}
	case nil:
	default:
		out = append(out, at)
	}
	return out
}

// fillings are what a hole may turn out to hold; those that do not fit are left
// out because the API server cannot read them.
func fillings() []any {
	return []any{
		true, false, int64(0), int64(1000), "", "RuntimeDefault", "Localhost", "Unconfined", "ALL", "NET_BIND_SERVICE", "NET_RAW",
		"Default", "Unmasked", "windows", "linux", "spc_t", "container_t", "net.core.somaxconn", "kernel.shm_rmid_forced",
		"runtime/default", "unconfined", "10.0.0.1",
	}
}

func TestPSS_VerdictsOnPartsOfAPodHoldForEveryWhole(t *testing.T) {
	judges := []*judge{newJudge(t, "baseline", "latest"), newJudge(t, "restricted", "latest"), newJudge(t, "restricted", "1.30")}
	decided, open := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		for range 5 {
			o := object(t)
			all := holes(o.spec, hole{})
			if len(all) == 0 {
				continue
			}
			h := rapid.SampledFrom(all).Draw(t, "hole")
			h.fill("${HOLE}")
			d := read(t, []drawn{asTemplate(o)})[0]
			for _, j := range judges {
				got, err := j.found([]*document.Document{d})
				if err != nil {
					t.Fatal(err)
				}
				n, err := j.holds(t, o, h, got[d])
				if err != nil {
					t.Fatal(err)
				}
				decided, open = decided+n, open+len(j.checks)-n
			}
		}
	})
	t.Logf("%d verdicts, %d left open", decided, open)
}

// asTemplate makes a stream of o whose holes are placeholders.
func asTemplate(o drawn) drawn {
	text, _ := json.Marshal(o.object)
	var copied fields
	if err := json.Unmarshal(text, &copied); err != nil {
		return o
	}
	meta, _ := copied["metadata"].(map[string]any)
	meta["name"] = "${APP}"
	return drawn{object: copied}
}

// holds fills the hole in every way and reports a verdict that one of them
// belies. It returns how many checks were decided.
func (j *judge) holds(t *rapid.T, o drawn, h hole, got []string) (int, error) {
	decided := map[string]bool{} // by check: failed
	for name := range j.checks {
		if !slices.Contains(got, name+" (unknown)") {
			decided[name] = slices.Contains(got, name)
		}
	}
	// They are one rule's, and a container that it found wrong in one respect it
	// does not call undecided in another.
	pair := []string{"baseline/appArmorProfile", "baseline/seLinuxOptions"}
	if slices.ContainsFunc(pair, func(c string) bool { return decided[c] }) {
		maps.DeleteFunc(decided, func(c string, failed bool) bool { return !failed && slices.Contains(pair, c) })
	}
	for _, v := range fillings() {
		h.fill(v)
		p, err := decode(o.metadata, o.spec)
		if err != nil {
			continue
		}
		violated, err := j.violated(p)
		if err != nil {
			return 0, err
		}
		for name, failed := range decided {
			if slices.Contains(violated, name) != failed {
				text, _ := json.Marshal(o.object)
				t.Fatalf("%s at %v: the rules say failed=%v of %s while %v is not known: %s", text, j.level, failed, name, h.key, strings.Join(got, ", "))
			}
		}
	}
	h.fill("${HOLE}")
	return len(decided), nil
}
