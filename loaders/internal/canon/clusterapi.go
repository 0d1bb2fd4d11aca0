package canon

import (
	"path"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// joinClusterAPI tells the machine pools and Fargate profiles of Cluster API
// which EKS cluster they are for, and how many nodes they start with: other
// objects say so. A Cluster names the control plane, a MachinePool the Cluster,
// and the provider's own pool.
// https://cluster-api.sigs.k8s.io/developer/architecture/controllers/machine-pool
func joinClusterAPI(docs []*document.Document) {
	x := fleet{namesakes{}}
	for _, d := range docs {
		group, kind := groupKind(d.Kind)
		if strings.HasSuffix(group, "cluster.x-k8s.io") && d.Action != document.Delete {
			x.add(d.Namespace+"/"+kind+"/"+d.Name, d)
		}
	}
	if len(x.namesakes) == 0 {
		return
	}
	for _, d := range docs {
		_, kind := groupKind(d.Kind)
		switch {
		case kind == "MachinePool" && d.Type == "":
			x.pool(d)
		case d.Type == "fargate_profile" && kind == "AWSFargateProfile":
			c := newCursor(d).get("spec.clusterName")
			x.tell(d, d.Namespace, textOf(c.value), c.path)
		case d.Type == "node_group" && strings.HasPrefix(kind, "AWS") && strings.Contains(d.Kind, "cluster.x-k8s.io"):
			c := newCursor(d).get("metadata.labels").follow([]step{{elem: clusterLabel, key: clusterLabel}})
			x.tell(d, d.Namespace, textOf(c.value), c.path)
		}
	}
}

// clusterLabel names the Cluster an object of Cluster API belongs to.
const clusterLabel = "cluster.x-k8s.io/cluster-name"

// A fleet finds the objects of Cluster API by namespace, kind and name.
type fleet struct{ namesakes }

func groupKind(kind string) (group, name string) {
	group, rest, ok := strings.Cut(kind, "/")
	if !ok {
		return "", kind
	}
	_, name, _ = strings.Cut(rest, "/")
	return group, name
}

// find returns the object a reference means.
func (x fleet) find(from *document.Document, namespace, kind, name string) *document.Document {
	return x.namesakes.find(from, namespace+"/"+kind+"/"+name)
}

// namesakes finds documents by a key that several may have: the one of the same
// file, of the same folder, or the only one.
type namesakes map[string][]*document.Document

func (x namesakes) add(key string, d *document.Document) {
	file := fileOf(d)
	for _, k := range []string{key, key + "\x00f" + file, key + "\x00d" + path.Dir(file)} {
		x[k] = append(x[k], d)
	}
}

// find returns nil where the key does not tell which document is meant.
func (x namesakes) find(from *document.Document, key string) *document.Document {
	if len(x[key]) < 2 {
		return only(x[key])
	}
	file := fileOf(from)
	if near := x[key+"\x00f"+file]; len(near) > 0 {
		return only(near)
	}
	return only(x[key+"\x00d"+path.Dir(file)])
}

func only(list []*document.Document) *document.Document {
	if len(list) != 1 {
		return nil
	}
	return list[0]
}

func fileOf(d *document.Document) string {
	file, _, _ := strings.Cut(d.Root().ID, "#")
	return file
}

// pool passes on what a MachinePool says of the provider's pool.
func (x fleet) pool(d *document.Document) {
	at := newCursor(d).get("spec")
	ref := at.get("template.spec.infrastructureRef")
	name, _ := stringAt(ref, "name")
	kind, _ := stringAt(ref, "kind")
	to := x.find(d, d.Namespace, kind, name)
	if to == nil || to.Type != "node_group" {
		return
	}
	cluster, _ := stringAt(at, "clusterName")
	x.tell(to, d.Namespace, cluster, nil)
	if n, ok := at.get("replicas").value.(int64); ok && attrOf(to, "scaling.desired") == nil {
		setIn(to.Attr, splitPath("scaling.desired"), n)
	}
}

// tell sets the cluster of a document that names a Cluster.
func (x fleet) tell(d *document.Document, namespace, name string, raw document.Path) {
	if name == "" || attrOf(d, "cluster") != nil {
		return
	}
	cluster := x.find(d, namespace, "Cluster", name)
	if cluster == nil {
		return
	}
	ref := newCursor(cluster).get("spec.controlPlaneRef")
	kind, _ := stringAt(ref, "kind")
	plane, _ := stringAt(ref, "name")
	to := x.find(cluster, cluster.Namespace, kind, plane)
	if to == nil || to.Type != "eks_cluster" {
		return
	}
	d.Written["cluster"] = raw
	if eks := stringOf(to, "name"); eks != "" {
		setIn(d.Attr, []string{"cluster"}, eks)
		return
	}
	d.States["cluster"] = document.State{Kind: document.Unknown, Reason: document.RuntimeRef, Refs: to.Tokens}
}
