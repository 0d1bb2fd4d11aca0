package canon

import (
	"slices"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestIngress_ClassAndItsParametersDecideTheExposure(t *testing.T) {
	const (
		ingress = "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: a}, spec: {ingressClassName: public}}\n"
		plain   = "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: a}, spec: {rules: []}}\n"
		scheme  = "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, annotations: {alb.ingress.kubernetes.io/scheme: internet-facing}}, spec: {ingressClassName: public}}\n"
		class   = "---\n{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: public}, spec: {controller: ingress.k8s.aws/alb}}\n"
		auto    = "---\n{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: public, annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}}," +
			" spec: {controller: eks.amazonaws.com/alb, parameters: {apiGroup: eks.amazonaws.com, kind: IngressClassParams, name: p}}}\n"
		nginx    = "---\n{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: public}, spec: {controller: k8s.io/ingress-nginx}}\n"
		internet = "---\n{apiVersion: eks.amazonaws.com/v1, kind: IngressClassParams, metadata: {name: p}, spec: {scheme: internet-facing}}\n"
		internal = "---\n{apiVersion: eks.amazonaws.com/v1, kind: IngressClassParams, metadata: {name: p}, spec: {scheme: internal}}\n"
		open     = "---\n{apiVersion: eks.amazonaws.com/v1, kind: IngressClassParams, metadata: {name: p}, spec: {group: {name: g}}}\n"
		foreign  = "---\n{apiVersion: elbv2.k8s.aws/v1beta1, kind: IngressClassParams, metadata: {name: p}, spec: {scheme: internet-facing}}\n"
		byClass  = "spec.ingressClassName"
		byScheme = `metadata.annotations["alb.ingress.kubernetes.io/scheme"]`
	)
	for _, c := range []struct {
		name, text, want string
		kind             document.StateKind
		at               string
	}{
		{"no class in the input", ingress, exposedController, "", byClass},
		{"a class by another name", ingress + class, exposedInternal, document.Defaulted, byClass},
		{"its own scheme", scheme + class, exposedInternet, "", byScheme},
		{"parameters", ingress + auto + internet, exposedInternet, "", byClass},
		{"parameters over the scheme", scheme + auto + internal, exposedInternal, "", byClass},
		{"parameters without a scheme", scheme + auto + open, exposedInternet, "", byScheme},
		{"the default class", plain + auto + internet, exposedInternet, "", "spec"},
		{"parameters elsewhere", ingress + auto, "", document.Unknown, byClass},
		{"parameters of another group", ingress + auto + foreign, "", document.Unknown, byClass},
		{"two clusters", ingress + auto + internet + internal, "", document.Unknown, byClass},
		{"another controller", scheme + nginx, exposedInternet, "", byScheme},
	} {
		docs := Complete(manifests(t, "input.yaml", c.text))
		d := docs[slices.IndexFunc(docs, func(d *document.Document) bool { return d.Type == "ingress" })]
		if got, _ := d.Attr["exposure"].(string); got != c.want || d.States["exposure"].Kind != c.kind {
			t.Errorf("%s: exposure %q (%q), want %q (%q)", c.name, got, d.States["exposure"].Kind, c.want, c.kind)
		}
		wantWritten(t, d, map[string]string{"exposure": c.at})
	}
}

func TestIngressClassParams_AreReadForBothControllers(t *testing.T) {
	for _, text := range []string{
		"{apiVersion: eks.amazonaws.com/v1, kind: IngressClassParams, metadata: {name: p}, spec: {certificateARNs: [arn:a], group: {name: g}, scheme: internal, sslPolicy: s}}",
		"{apiVersion: elbv2.k8s.aws/v1beta1, kind: IngressClassParams, metadata: {name: p}, spec: {certificateArn: [arn:a], group: {name: g}, scheme: internal, sslPolicy: s}}",
	} {
		d, _ := canonical(t, text, nil)
		for name, want := range map[string]any{"scheme": "internal", "group": "g", "ssl_policy": "s"} {
			if d.Attr[name] != want {
				t.Errorf("%s: %s is %v", text, name, d.Attr[name])
			}
		}
		if got, _ := d.Attr["certificates"].([]any); d.Type != ingressParamsType || len(got) != 1 {
			t.Errorf("%s: type %q, certificates %v", text, d.Type, got)
		}
	}
}
