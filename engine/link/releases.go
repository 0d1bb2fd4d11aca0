package link

import (
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A release is a Helm chart that some resource installs.
type release struct {
	node  *node
	chart string // the chart's name without repository and version
	path  string // where the chart is named, a raw path
	// values are what is known of the values, the later ones first.
	values []map[string]any
	// open tells why values may be missing.
	open string
}

// value reads one value by its keys; nil if nobody sets it.
func (r release) value(keys ...string) any {
	for _, v := range r.values {
		if x := get(v, keys...); x != nil {
			return x
		}
	}
	return nil
}

// valuesLimit bounds a text of values that is parsed here.
const valuesLimit = 1 << 20

// readReleases lists the Helm releases of the stack.
func (b *builder) readReleases() []release {
	var out []release
	for _, n := range b.live {
		r, ok := readRelease(n)
		if !ok {
			continue
		}
		r.node, r.chart = n, chartName(r.chart)
		for _, p := range n.doc.RawStates.Paths(document.Unknown, document.Partial) {
			if strings.Contains(strings.ToLower(p), "values") {
				r.open = orElse(n.doc.RawStates[p].Reason, document.UnevaluatedExpression)
			}
		}
		out = append(out, r)
	}
	return out
}

func readRelease(n *node) (r release, ok bool) {
	group, kind := apiGroup(n.doc.Kind)
	switch {
	case n.doc.Kind == "helm_release":
		return terraformRelease(n), true
	case n.doc.Kind == "Custom::AWSCDK-EKS-HelmChart", n.doc.Kind == "AWSQS::Kubernetes::Helm":
		r.chart, r.path = text(n.raw("Chart")), "Chart"
		r.addValues(n.raw("Values"), n.raw("ValueYaml"))
		return r, true
	case group == "argoproj.io" && kind == "Application":
		source, at := n.raw("spec", "source"), "spec.source.chart"
		if sources, many := n.raw("spec", "sources").([]any); many && len(sources) > 0 {
			source, at = sources[0], "spec.sources[0].chart"
		}
		r.chart, r.path = text(get(source, "chart")), at
		r.addValues(get(source, "helm", "valuesObject"), get(source, "helm", "values"))
		return r, r.chart != ""
	case group == "helm.toolkit.fluxcd.io" && kind == "HelmRelease":
		r.chart, r.path = text(n.raw("spec", "chart", "spec", "chart")), "spec.chart.spec.chart"
		r.addValues(n.raw("spec", "values"))
		return r, r.chart != ""
	}
	return r, false
}

// terraformRelease reads helm_release of either major version: set is a list of
// blocks or of objects and outranks values, of which the last outranks.
// https://registry.terraform.io/providers/hashicorp/helm/latest/docs/resources/release
func terraformRelease(n *node) release {
	r := release{chart: text(n.raw("chart")), path: "chart"}
	sets := map[string]any{}
	for _, s := range list(n.raw("set")) {
		assign(sets, strings.Split(text(get(s, "name")), "."), get(s, "value"))
	}
	r.values = append(r.values, sets)
	for _, v := range slices.Backward(list(n.raw("values"))) {
		r.addValues(v)
	}
	return r
}

func assign(m map[string]any, keys []string, v any) {
	for _, k := range keys[:len(keys)-1] {
		next, ok := m[k].(map[string]any)
		if !ok {
			next = map[string]any{}
			m[k] = next
		}
		m = next
	}
	m[keys[len(keys)-1]] = v
}

// addValues adds values written as an object or as YAML text. A text that does
// not parse has been reported by its loader.
func (r *release) addValues(values ...any) {
	for _, v := range values {
		if s, ok := v.(string); ok && len(s) <= valuesLimit {
			var m map[string]any
			if yaml.Unmarshal([]byte(s), &m) == nil {
				v = m
			}
		}
		if m, ok := v.(map[string]any); ok && len(m) > 0 {
			r.values = append(r.values, m)
		}
	}
}

// chartName strips what may stand around the name of a chart: a repository
// alias, a URL, an archive's version and ending.
func chartName(s string) string {
	s = path.Base(strings.TrimSuffix(strings.TrimSuffix(s, ".tgz"), "/"))
	for i := 1; i < len(s); i++ {
		if s[i-1] == '-' && s[i] >= '0' && s[i] <= '9' && strings.Contains(s[i:], ".") {
			return s[:i-1]
		}
	}
	return s
}
