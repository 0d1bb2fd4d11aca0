package loaders

import (
	"path"
	"strings"
)

const helmFormat = "helm"

// The output of helm template: Kubernetes objects that say which chart template
// they are from.
var _ = register(Format{
	Name: helmFormat,
	Detect: func(name string, head []byte) Confidence {
		if l := look(name, head); l.helm && !l.eksctl {
			return l.objects
		}
		return No
	},
	Load: loadObjects,
})

// chartTemplate returns the chart template that the comments before an object
// name, "" if none. Helm writes "# Source: chart/templates/file.yaml", for
// subcharts "chart/charts/sub/templates/file.yaml", for CRDs "crds/file.yaml".
func chartTemplate(comments []string) string {
	for _, c := range comments {
		if name, ok := strings.CutPrefix(c, "Source: "); ok && isChartPath(name) {
			return name
		}
	}
	return ""
}

// isChartPath tells a chart's file from other things that comments call source.
func isChartPath(name string) bool {
	if name == "" || strings.ContainsAny(name, " \t") || strings.Contains(name, "://") || path.IsAbs(name) {
		return false
	}
	return strings.Contains(name, "/templates/") || strings.HasPrefix(name, "crds/") || strings.Contains(name, "/crds/")
}
