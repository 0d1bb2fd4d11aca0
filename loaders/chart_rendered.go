package loaders

import (
	"regexp"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// leadToCharts gives the documents of rendered streams ("# Source: ...") the
// line of the chart behind them, when the chart was read too. The stream may
// have been rendered for a release of another name, with other values.
func leadToCharts(docs []*document.Document) {
	charts := map[string][]*document.Document{} // by template and kind
	key := func(d *document.Document) string { return d.Metadata["helm:template"] + "\x00" + d.Kind }
	for _, d := range docs {
		if d.Metadata["helm:chart"] != "" && d.Metadata["helm:values"] == "" {
			charts[key(d)] = append(charts[key(d)], d)
		}
	}
	if len(charts) == 0 {
		return
	}
	for _, d := range docs {
		if d.Format != helmFormat || d.Metadata["helm:chart"] != "" || d.Metadata["helm:template"] == "" {
			continue
		}
		if origin := alike(d, charts[key(d)]); origin != nil {
			d.SetLocator(renderedFrom{d.Locator(), origin})
		}
	}
}

// alike picks from the objects of a template the one that d was rendered from;
// nil if that cannot be told.
func alike(d *document.Document, candidates []*document.Document) *document.Document {
	if len(candidates) == 1 {
		return candidates[0]
	}
	var found *document.Document
	for _, c := range candidates {
		// Names mostly begin with that of the release.
		own := strings.TrimPrefix(c.Name, c.Metadata["helm:release"])
		if c.Name == d.Name || own != c.Name && own != "" && strings.HasSuffix(d.Name, own) {
			if found != nil && found.Name == d.Name {
				continue
			}
			if found != nil && c.Name != d.Name {
				return nil
			}
			found = c
		}
	}
	return found
}

// renderedFrom is the locator of a rendered object whose chart is known.
type renderedFrom struct {
	document.Locator
	chart *document.Document
}

// Trace implements document.Tracer.
func (r renderedFrom) Trace(path document.Path) []document.Trace {
	at, exact := r.chart.Locate(path)
	if at.IsZero() {
		return nil
	}
	message := "rendered from this line of the chart"
	if !exact {
		message = "rendered from this part of the chart"
	}
	return []document.Trace{{Range: at, Message: message}}
}

// kubeVersion is a version that charts can be rendered for.
var kubeVersion = regexp.MustCompile(`^v?1\.\d\d(\.\d+)?$`)

// kubeVersion is what charts are rendered for, "" for their default.
func (r *reader) kubeVersion() string { return r.opts.KubeVersion }

// clusterVersion is the Kubernetes version of the clusters in the same input,
// when all of them say the same one: charts are for those.
func clusterVersion(outcomes []outcome) string {
	version := ""
	for _, o := range outcomes {
		for _, d := range o.documents {
			var at document.Path
			switch {
			case d.Kind == "aws_eks_cluster":
				at = document.Path{"version"}
			case d.Kind == "AWS::EKS::Cluster":
				at = document.Path{"Version"}
			case d.Kind == "Custom::AWSCDK-EKS-Cluster":
				at = document.Path{"Config", "version"}
			case isEksctl(d.Kind) && strings.HasSuffix(d.Kind, "/ClusterConfig"):
				at = document.Path{"metadata", "version"}
			default:
				continue
			}
			v, _ := document.At(d.Raw, at)
			own, isText := v.(string)
			switch {
			case !isText || !kubeVersion.MatchString(own) || d.Action == document.Delete:
			case version != "" && version != own:
				return ""
			default:
				version = own
			}
		}
	}
	return version
}
