package canon

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// ownerTag is the beginning of the tag that makes an instance part of a cluster.
const ownerTag = "kubernetes.io/cluster/"

// finishScalingGroup keeps an auto scaling group only when it is tagged as part
// of a cluster: all others are not Kubernetes nodes, as far as the group alone
// can tell (adoptScalingGroups looks further).
func (b *build) finishScalingGroup() {
	tags, _ := b.value("tags").(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		name, ok := strings.CutPrefix(key, ownerTag)
		if !ok {
			continue
		}
		place := b.doc.Written[join("tags", document.Path{key}.String())]
		if !strings.Contains(name, "${") {
			b.set("cluster", name, place)
			return
		}
		for _, e := range b.body.get("Tags").elements(false) {
			if c := e.get("Key"); c.blocked != nil && c.blocked.Template == key {
				state := *c.blocked
				state.Template = name
				b.doubt("cluster", state, c.path)
			}
		}
		return
	}
	b.doc.Type, b.doc.Attr, b.doc.States, b.doc.Written = "", nil, nil, nil
}

// adoptScalingGroups makes node groups of the auto scaling groups whose launch
// template joins a cluster by its user data, although no tag says so.
func (in *interpreter) adoptScalingGroups(docs []*document.Document) {
	var groups []*document.Document
	for _, d := range docs {
		if d.Type == "" && (d.Kind == "aws_autoscaling_group" || d.Kind == "AWS::AutoScaling::AutoScalingGroup") && d.Action != document.Delete {
			groups = append(groups, d)
		}
	}
	if groups == nil {
		return
	}
	joining := map[string]bool{}
	for _, d := range docs {
		if d.Type == "launch_template" && joinsCluster(d) {
			for _, token := range d.Tokens {
				joining[token] = true
			}
		}
	}
	for _, d := range groups {
		if slices.ContainsFunc(d.Refs, func(r document.Ref) bool { return joining[r.To] }) {
			d.Type = "node_group"
			b := newBuild(d, in.plan(d.Kind))
			b.fill(b.plan.attrs, b.body, d.Attr, "")
		}
	}
}

// joinsCluster reports whether a launch template's user data starts a kubelet:
// by the bootstrap script of AL2, nodeadm of AL2023 or Bottlerocket's settings.
func joinsCluster(d *document.Document) bool {
	text := stringOf(d, "user_data") + d.States["user_data"].Template
	if decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text)); err == nil {
		text = string(decoded)
	}
	for _, sign := range []string{"/etc/eks/bootstrap.sh", "node.eks.aws/", "nodeadm init", "[settings.kubernetes"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}
