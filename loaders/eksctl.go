package loaders

import "strings"

const eksctlFormat = "eksctl"

// eksctl's cluster configuration.
// https://docs.aws.amazon.com/eks/latest/eksctl/creating-and-managing-clusters.html
var _ = register(Format{
	Name: eksctlFormat,
	Detect: func(name string, head []byte) Confidence {
		if l := look(name, head); l.eksctl {
			return l.objects
		}
		return No
	},
	Load: loadObjects,
})

func isEksctl(apiVersion string) bool { return strings.HasPrefix(apiVersion, "eksctl.io/") }
