package engine

import (
	"fmt"
	"maps"
	"slices"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
)

// A SystemWorkload is an add-on that needs what others may not have: its
// findings are suppressed, with the reason. The library's own are in
// data/system_workloads.json, whose description says what the fields hold.
type SystemWorkload struct {
	// Name is the add-on's. One of the library's of the same name gives way to
	// this; without images nothing takes its place.
	Name       string   `json:"name"`
	Namespaces []string `json:"namespaces"`
	// Images are repositories without tag and digest; * stands for any text.
	Images []string `json:"images"`
	// Allows lists by rule ID what the add-on may use.
	Allows map[string][]string `json:"allows"`
	Reason string              `json:"reason"`
}

// problem says what is wrong with the entry; "" if nothing is.
func (w SystemWorkload) problem(rules []*finding.Rule) string {
	switch {
	case w.Name == "":
		return "a system workload has no name"
	case len(w.Images) == 0 && len(w.Namespaces)+len(w.Allows) == 0:
		return "" // takes the library's out
	case len(w.Images) == 0 || len(w.Namespaces) == 0 || w.Reason == "":
		return fmt.Sprintf("system workload %q needs namespaces, images and a reason", w.Name)
	}
	for _, id := range slices.Sorted(maps.Keys(w.Allows)) {
		if !slices.ContainsFunc(rules, func(r *finding.Rule) bool { return r.ID == id }) {
			return fmt.Sprintf("system workload %q allows something under %q, which is no rule's ID", w.Name, id)
		}
	}
	return ""
}

// addSystemWorkloads puts the run's own add-ons into rules' data, before the
// library's.
func (o Options) addSystemWorkloads(run map[string]any) {
	facts, _ := run["facts"].(map[string]any)
	table, _ := facts["system_workloads"].(map[string]any)
	known, ok := table["workloads"].([]any)
	if !ok || len(o.SystemWorkloads) == 0 {
		return
	}
	var all []any
	for _, w := range o.SystemWorkloads {
		known = slices.DeleteFunc(slices.Clone(known), func(other any) bool {
			entry, _ := other.(map[string]any)
			return entry["name"] == w.Name
		})
		allows := map[string]any{}
		for id, values := range w.Allows {
			allows[id] = anyList(values)
		}
		all = append(all, map[string]any{
			"name": w.Name, "reason": w.Reason, "allows": allows,
			"namespaces": anyList(w.Namespaces), "images": anyList(w.Images),
		})
	}
	table["workloads"] = append(all, known...)
}

func anyList(texts []string) []any {
	out := make([]any, len(texts))
	for i, text := range texts {
		out[i] = text
	}
	return out
}
