package engine

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
)

// profiles say which rules a named profile holds. Rules that name profiles of
// their own are in those and in strict only.
var profiles = map[string]func(*policy.Rule) bool{ //nolint:gochecknoglobals // a constant in all but syntax
	"default":  func(r *policy.Rule) bool { return r.Severity > finding.Info },
	"strict":   func(*policy.Rule) bool { return true },
	"baseline": func(r *policy.Rule) bool { return r.Severity >= finding.High && !r.Advisory },
	"cis-eks":  func(r *policy.Rule) bool { return len(r.Controls["cis-eks"]) > 0 },
	"aws-fsbp": func(r *policy.Rule) bool { return len(r.Controls["securityhub"]) > 0 },
	"nsa":      func(r *policy.Rule) bool { return len(r.Controls["nsa"]) > 0 },
	"pss-baseline": func(r *policy.Rule) bool {
		return slices.ContainsFunc(r.Controls["pss"], func(c string) bool { return strings.HasPrefix(c, "baseline/") })
	},
	"pss-restricted": func(r *policy.Rule) bool { return len(r.Controls["pss"]) > 0 },
}

// byControl are the profiles that select by reference, so that a rule's own
// profiles do not matter.
var byControl = []string{"cis-eks", "aws-fsbp", "nsa", "pss-baseline", "pss-restricted", "strict"} //nolint:gochecknoglobals // as above

// frameworks are the controls that a profile by reference reports on.
var frameworks = map[string]string{ //nolint:gochecknoglobals // as above
	"cis-eks": "cis-eks", "aws-fsbp": "securityhub", "nsa": "nsa", "pss-baseline": "pss", "pss-restricted": "pss",
}

var kubeVersion = regexp.MustCompile(`^(|latest|v?1\.[0-9]{1,3}(\.[0-9A-Za-z.+-]+)?)$`)

// tell adds to rules' data what they may know of the run: data.plimsoll.profile
// and data.plimsoll.kube_version (policies/lib/run.rego).
func (o Options) tell(data map[string]any) {
	if run, ok := data["plimsoll"].(map[string]any); ok {
		run["profile"] = cmp.Or(o.Profile, "default")
		run["kube_version"] = cmp.Or(o.KubeVersion, "latest")
		o.addSystemWorkloads(run)
	}
}

// hides reports whether a finding of the stronger rule may stand for one of the
// weaker: under a profile by reference only if every control that the weaker one
// violates shows in the stronger one, too.
func (o Options) hides(stronger, weaker *finding.Rule) bool {
	framework := frameworks[o.Profile]
	return !slices.ContainsFunc(weaker.Controls[framework], func(control string) bool {
		return !slices.Contains(stronger.Controls[framework], control)
	})
}

// Profiles lists the names of the profiles, sorted.
func Profiles() []string {
	names := make([]string, 0, len(profiles))
	for name := range profiles {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// choose applies profile, rule lists, evidence and external controls, and sets
// overridden severities on copies of the rules.
func choose(rules []*policy.Rule, o Options) ([]*policy.Rule, error) {
	if err := checkNames(rules, o); err != nil {
		return nil, err
	}
	profile := cmp.Or(o.Profile, "default")
	var out []*policy.Rule
	for _, r := range rules {
		switch {
		case names(o.SkipRules, r):
			continue
		case len(o.Rules) > 0:
			if !names(o.Rules, r) {
				continue
			}
		case !inProfile(profile, r),
			r.Advisory && (o.Evidence == "off" || names(o.ExternalControls, r) || slices.Contains(o.ExternalControls, r.Category)):
			continue
		}
		r, err := adjusted(r, o)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func inProfile(profile string, r *policy.Rule) bool {
	if len(r.Profiles) > 0 && !slices.Contains(byControl, profile) {
		return slices.Contains(r.Profiles, profile)
	}
	return profiles[profile](r) || slices.Contains(r.Profiles, profile)
}

// adjusted returns r with the severity and evidence the options ask for.
func adjusted(r *policy.Rule, o Options) (*policy.Rule, error) {
	name, ok := o.Severities[r.ID]
	if !ok {
		name, ok = o.Severities[r.Slug]
	}
	required := r.Advisory && o.Evidence == "required"
	if !ok && !required {
		return r, nil
	}
	meta := *r.Rule
	if ok {
		if meta.Severity, ok = finding.ParseSeverity(name); !ok {
			return nil, &UsageError{Problem: fmt.Sprintf("severity %q for %s is none of critical, high, medium, low, info", name, r.ID), Value: name}
		}
	}
	meta.Advisory = r.Advisory && !required
	out := *r
	out.Rule = &meta
	return &out, nil
}

// names reports whether a list has a rule's ID or slug, or a pattern of either:
// "PLM-POD-*", "pod/*".
func names(list []string, r *policy.Rule) bool {
	return slices.ContainsFunc(list, func(s string) bool {
		if !isPattern(s) {
			return strings.EqualFold(s, r.ID) || s == r.Slug
		}
		id, _ := path.Match(strings.ToUpper(s), r.ID)
		slug, _ := path.Match(s, r.Slug)
		return id || slug
	})
}

func isPattern(name string) bool { return strings.ContainsAny(name, "*?[") }

// checkNames refuses names that no rule or profile has.
func checkNames(rules []*policy.Rule, o Options) error {
	if o.Profile != "" && profiles[o.Profile] == nil {
		return &UsageError{Problem: fmt.Sprintf("there is no profile %q; profiles are %s", o.Profile, strings.Join(Profiles(), ", ")), Value: o.Profile}
	}
	if !slices.Contains([]string{"", "advisory", "required", "off"}, o.Evidence) {
		return &UsageError{Problem: fmt.Sprintf("evidence %q is none of advisory, required, off", o.Evidence), Value: o.Evidence}
	}
	wanted := slices.Concat(o.Rules, o.SkipRules)
	for _, name := range o.ExternalControls {
		if !slices.ContainsFunc(rules, func(r *policy.Rule) bool { return r.Category == name }) {
			wanted = append(wanted, name)
		}
	}
	single := slices.Concat(slices.Collect(maps.Keys(o.Parameters)), slices.Collect(maps.Keys(o.Severities)))
	slices.Sort(single)
	if i := slices.IndexFunc(single, isPattern); i >= 0 {
		return &UsageError{Problem: fmt.Sprintf("%q is a pattern; parameters and severities are set for single rules, by ID or slug", single[i]), Value: single[i]}
	}
	wanted = append(wanted, single...)
	slices.Sort(wanted)
	for _, name := range wanted {
		if _, err := path.Match(name, ""); err != nil {
			return &UsageError{Problem: fmt.Sprintf("%q is no pattern of rule IDs or slugs: a bracket is not closed", name), Value: name}
		}
		switch found := slices.ContainsFunc(rules, func(r *policy.Rule) bool { return names([]string{name}, r) }); {
		case found:
		case isPattern(name):
			return &UsageError{Problem: fmt.Sprintf("no rule's ID or slug matches %q; plimsoll rules lists them", name), Value: name}
		default:
			return &UsageError{Problem: fmt.Sprintf("there is no rule %q%s; plimsoll rules lists them", name, nearest(name, rules)), Value: name}
		}
	}
	return nil
}

// nearest suggests the rules whose ID or slug differs least from name.
func nearest(name string, rules []*policy.Rule) string {
	best, list := 4, []string(nil)
	for _, r := range rules {
		for _, candidate := range []string{r.ID, r.Slug} {
			n := distance(strings.ToLower(name), strings.ToLower(candidate))
			if n < best {
				best, list = n, nil
			}
			if n == best && len(list) < 3 {
				list = append(list, candidate)
			}
		}
	}
	if len(list) == 0 {
		return ""
	}
	return " (did you mean " + strings.Join(list, " or ") + "?)"
}

// distance is the number of single-character edits between two names.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
