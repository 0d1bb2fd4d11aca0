package link

import (
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A maker writes a resource in one language, and a reference to another one.
type maker struct {
	name string
	make func(name, typ, kind string, attr obj, options ...option) *document.Document
	id   func(name, kind string) string
	to   func(name, kind string) string
}

func makers() []maker {
	kinds := map[string]string{
		"aws_acm_certificate": "AWS::CertificateManager::Certificate", "aws_wafv2_web_acl": "AWS::WAFv2::WebACL",
	}
	cfnKind := func(kind string) string {
		if k := kinds[kind]; k != "" {
			return k
		}
		return kind
	}
	return []maker{
		{
			"Terraform", func(name, typ, kind string, attr obj, o ...option) *document.Document {
				return tf("a.json", kind+"."+name, typ, attr, o...)
			},
			func(name, kind string) string { return "a.json#" + kind + "." + name },
			func(name, kind string) string { return "tf:a.json#" + kind + "." + name },
		},
		{
			"CloudFormation", func(name, typ, kind string, attr obj, o ...option) *document.Document {
				return cfn("t.yaml", name, cfnKind(kind), typ, attr, o...)
			},
			func(name, _ string) string { return "t.yaml#" + name },
			func(name, _ string) string { return "cfn:t.yaml#" + name },
		},
	}
}

func TestFrontsAndKeysByReference(t *testing.T) {
	for _, m := range makers() {
		t.Run(m.name, func(t *testing.T) {
			refer := func(path, name, kind string) []option {
				return []option{unknown(path, document.AfterApply), ref(document.Path{path}, m.to(name, kind), "arn")}
			}
			lb := m.make("Door", "load_balancer", "aws_lb", obj{"name": "door"})
			listener := m.make("Https", "lb_listener", "aws_lb_listener", obj{}, append(refer("load_balancer", "Door", "aws_lb"), refer("certificate", "Cert", "aws_acm_certificate")...)...)
			cert := m.make("Cert", "", "aws_acm_certificate", nil)
			other := m.make("OtherCert", "", "aws_acm_certificate", nil)
			acl := m.make("Acl", "", "aws_wafv2_web_acl", nil)
			guard := m.make("Guard", "waf_association", "aws_wafv2_web_acl_association", obj{}, append(refer("resource", "Door", "aws_lb"), refer("web_acl", "Acl", "aws_wafv2_web_acl")...)...)
			key := m.make("Key", "kms_key", "aws_kms_key", obj{})
			alias := m.make("Alias", "kms_alias", "aws_kms_alias", obj{"name": "alias/volumes"}, refer("key", "Key", "aws_kms_key")...)
			volume := m.make("Disk", "ebs_volume", "aws_ebs_volume", obj{"kms_key": "alias/volumes"})
			class := k8s("k.yaml", "storage.k8s.io/v1/StorageClass", "", "fast", "storage_class", obj{
				"kms_key": "arn:aws:kms:eu-west-1:111122223333:alias/volumes",
			})
			decoyClass := k8s("k.yaml", "storage.k8s.io/v1/StorageClass", "", "slow", "storage_class", obj{"kms_key": "alias/volumes-2"})
			route := ingress("k.yaml", "shop", "route", obj{"annotations": obj{albPrefix + "load-balancer-name": "door"}})
			decoyRoute := ingress("k.yaml", "shop", "decoy", obj{"annotations": obj{albPrefix + "load-balancer-name": "door-2"}})
			s := build(lb, listener, cert, other, acl, guard, key, alias, volume, class, decoyClass, route, decoyRoute)
			wantEdges(t, s, ListenersOf, lb.ID+" -> "+listener.ID+" (reference)")
			wantEdges(t, s, CertificateOf, listener.ID+" -> "+cert.ID+" (reference)")
			wantEdges(t, s, WAFOf, lb.ID+" -> "+acl.ID+" (reference)")
			wantEdges(t, s, KMSKeyOf, volume.ID+" -> "+key.ID+" (reference)", class.ID+" -> "+key.ID+" (reference)")
			wantEdges(t, s, LoadBalancerOf, route.ID+" -> "+lb.ID+" (value)")
		})
	}
}

func TestFrontsByARN(t *testing.T) {
	const cert = "arn:aws:acm:eu-west-1:111122223333:certificate/0b4f6f5e"
	const acl = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/door/1"
	s := build(
		tf("a.json", "aws_acm_certificate.known", "", nil, rawly(obj{"arn": cert})),
		tf("a.json", "aws_acm_certificate.decoy", "", nil, rawly(obj{"arn": cert + "f"})),
		tf("a.json", "aws_wafv2_web_acl.known", "", nil, rawly(obj{"arn": acl})),
		ingress("k.yaml", "shop", "route", obj{"annotations": obj{
			albPrefix + "certificate-arn": cert + ", " + cert + "0", albPrefix + "wafv2-acl-arn": acl,
		}}),
		service("k.yaml", "shop", "door", obj{}, "internet", func(d *document.Document) { d.Attr["annotations"] = obj{nlbPrefix + "ssl-cert": cert} }),
	)
	wantEdges(t, s, CertificateOf,
		"k.yaml#networking.k8s.io/v1/Ingress/shop/route -> a.json#aws_acm_certificate.known (value)",
		"k.yaml#v1/Service/shop/door -> a.json#aws_acm_certificate.known (value)",
	)
	wantEdges(t, s, WAFOf, "k.yaml#networking.k8s.io/v1/Ingress/shop/route -> a.json#aws_wafv2_web_acl.known (value)")
}

func TestImagesBelongToRepositories(t *testing.T) {
	images := func(name string, images ...string) *document.Document {
		var containers arr
		for _, i := range images {
			containers = append(containers, obj{"name": "c", "image": i})
		}
		d := deployment("k.yaml", "shop", name, obj{"app": name})
		d.Attr["containers"] = containers
		return d
	}
	const host = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/"
	s := build(
		tf("a.json", "aws_ecr_repository.web", "ecr_repository", obj{"name": "team/web"}),
		tf("a.json", "aws_ecr_repository.other", "ecr_repository", obj{"name": "web"}),
		images("tagged", host+"team/web:1.2"), images("digest", host+"team/web@sha256:00"), images("plain", host+"web"),
		images("elsewhere", "docker.io/team/web:1.2", "ghcr.io/web"), images("decoy", host+"team/web-2:1"),
	)
	at := func(name string) string { return "k.yaml#apps/v1/Deployment/shop/" + name }
	wantEdges(t, s, RepositoryOf,
		at("tagged")+" -> a.json#aws_ecr_repository.web (value)", at("digest")+" -> a.json#aws_ecr_repository.web (value)",
		at("plain")+" -> a.json#aws_ecr_repository.other (value)",
	)
}
