package link

import (
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// clusters are two of them, in folders of their own.
func clusters() []*document.Document {
	return []*document.Document{
		tf("clusters/eu/plan.json", "aws_eks_cluster.c", "eks_cluster", obj{"name": "eu"}),
		tf("clusters/us/plan.json", "aws_eks_cluster.c", "eks_cluster", obj{"name": "us"}),
	}
}

const (
	inEurope  = "clusters/eu/plan.json#aws_eks_cluster.c"
	inAmerica = "clusters/us/plan.json#aws_eks_cluster.c"
)

func TestOfSeveralClustersTheFolderTells(t *testing.T) {
	europe := deployment("clusters/eu/apps/web.yaml", "shop", "web", obj{"app": "web"})
	america := deployment("clusters/us/web.yaml", "shop", "web", obj{"app": "web"})
	shared := deployment("base/web.yaml", "shop", "web", obj{"app": "web"})
	wantEdges(t, build(append(clusters(), europe, america, shared)...), ClusterOf,
		europe.ID+" -> "+inEurope+" (convention)",
		america.ID+" -> "+inAmerica+" (convention)",
	)
	// A third cluster that was not read may own any folder.
	foreign := tf("x/plan.json", "aws_eks_addon.a", "eks_addon", obj{"cluster": "elsewhere"})
	wantEdges(t, build(append(clusters(), europe, foreign)...), ClusterOf)
}

func TestOfSeveralClustersTheProviderTells(t *testing.T) {
	carrier := func(name string, o ...option) (*document.Document, *document.Document) {
		c := tf("apps/plan.json", "kubernetes_manifest."+name, "", nil, o...)
		return c, deployment("apps/plan.json", "shop", name, obj{"app": name}, under(c))
	}
	data := tf("apps/plan.json", "data.aws_eks_cluster.us", "", nil, action(document.Read), rawly(obj{"name": "us"}))
	direct, web := carrier("web", ref(document.Path{"provider"}, "tf:"+inEurope, "endpoint"))
	through, api := carrier("api", ref(document.Path{"provider"}, "tf:apps/plan.json#data.aws_eks_cluster.us", "endpoint"))
	context, job := carrier("job", func(d *document.Document) {
		d.Metadata = map[string]string{"kubernetes:context": "arn:aws:eks:us-east-1:111122223333:cluster/us"}
	})
	open, db := carrier("db")
	wantEdges(t, build(append(clusters(), data, direct, web, through, api, context, job, open, db)...), ClusterOf,
		web.ID+" -> "+inEurope+" (reference)",
		api.ID+" -> "+inAmerica+" (value)",
		job.ID+" -> "+inAmerica+" (convention)",
	)
}

func TestOfSeveralClustersTheDiscoveryTagTells(t *testing.T) {
	class := func(name, tag string) *document.Document {
		return k8s("nodes/class.yaml", "karpenter.k8s.aws/v1/EC2NodeClass", "", name, "node_group", obj{
			"name": name, "kind": "karpenter", "subnet_selectors": arr{obj{"tags": obj{"karpenter.sh/discovery": tag}}},
		})
	}
	known, other, every := class("a", "us"), class("b", "us-2"), class("c", "*")
	s := build(append(clusters(), known, other, every)...)
	wantEdges(t, s, ClusterOf, known.ID+" -> "+inAmerica+" (convention)")
}

func TestADeclaredClusterTakesWhatSaysNothing(t *testing.T) {
	web := deployment("base/web.yaml", "shop", "web", obj{"app": "web"})
	s := BuildWith(append(clusters(), web), Options{Name: "america", Cluster: "us"})
	wantEdges(t, s, ClusterOf, web.ID+" -> "+inAmerica+" (source)")
	wantValue(t, s.Facts["stack"], any(obj{"name": "america", "complete": false}))
	wantEdges(t, BuildWith(append(clusters(), web), Options{Cluster: "asia"}), ClusterOf)
}

func TestInACompleteStackWhatIsNotFoundIsNotThere(t *testing.T) {
	web := deployment("web.yaml", "shop", "web", obj{"app": "web"})
	docs := []*document.Document{
		web, service("web.yaml", "shop", "web", obj{"app": "web"}, "cluster"),
		ingress("web.yaml", "shop", "route", obj{"exposure": "ingress_controller", "class": "nginx", "backends": arr{obj{"service": "web", "port": int64(80)}}}),
	}
	if open := object(build(docs...).Facts["exposure_unknown"])[web.ID]; open == nil {
		t.Error("nobody knows who serves the class, and nothing says so")
	}
	if open := object(BuildWith(docs, Options{Complete: true}).Facts["exposure_unknown"])[web.ID]; open != nil {
		t.Errorf("everything was read, and still: %v", open)
	}
}
