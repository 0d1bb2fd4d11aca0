package canon

import (
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

const (
	ingressClassType  = "ingress_class"
	ingressParamsType = "ingress_class_params"
)

// readIngressClass reads an IngressClass (networking.k8s.io/v1).
func readIngressClass(v *kubeView) []*document.Document {
	v.meta()
	v.field("controller", "spec", "controller")
	v.field("parameters", "spec", "parameters")
	value, at, state := v.annotation("ingressclass.kubernetes.io/is-default-class")
	if state != nil {
		v.unknown("default", *state, at)
	} else {
		v.set("default", value == "true", v.nearest(at))
	}
	return nil
}

// readIngressClassParams reads what the AWS Load Balancer Controller
// (elbv2.k8s.aws) and EKS Auto Mode (eks.amazonaws.com) let all Ingresses of a
// class have. Sources: the controller's guide on IngressClassParams; the Amazon
// EKS User Guide, "Create an IngressClass to configure an Application Load
// Balancer".
func readIngressClassParams(v *kubeView) []*document.Document {
	v.meta()
	v.field("scheme", "spec", "scheme")
	v.field("namespace_selector", "spec", "namespaceSelector")
	v.field("group", "spec", "group", "name")
	v.field("inbound_cidrs", "spec", "inboundCIDRs")
	v.field("ssl_policy", "spec", "sslPolicy")
	v.field("ssl_redirect_port", "spec", "sslRedirectPort")
	v.field("web_acl", "spec", "wafv2AclArn")
	v.field("ip_address_type", "spec", "ipAddressType")
	v.field("load_balancer_attributes", "spec", "loadBalancerAttributes")
	v.field("listeners", "spec", "listeners")
	v.field("subnets", "spec", "subnets")
	v.field("tags", "spec", "tags")
	if v.at(document.Path{"spec", "certificateARNs"}) != nil { // Auto Mode
		v.field("certificates", "spec", "certificateARNs")
	} else {
		v.field("certificates", "spec", "certificateArn")
	}
	return nil
}

// applyIngressClasses lets the class of an Ingress, and the parameters of that
// class, decide who can reach it: a scheme there wins over the Ingress's own
// annotation. Where the input has several classes or parameters of a name (of
// several clusters) that disagree, nothing is decided.
func applyIngressClasses(docs []*document.Document) {
	classes, params := map[string][]*document.Document{}, map[string][]*document.Document{}
	for _, d := range docs {
		switch {
		case d.Action == document.Delete:
		case d.Type == ingressClassType:
			classes[d.Name] = append(classes[d.Name], d)
			if d.Attr["default"] == true {
				classes[""] = append(classes[""], d)
			}
		case d.Type == ingressParamsType:
			group, _ := splitKind(d.Kind)
			params[group+"/"+d.Name] = append(params[group+"/"+d.Name], d)
		}
	}
	if len(classes) == 0 {
		return
	}
	for _, d := range docs {
		if d.Type != "ingress" || d.Action == document.Delete || d.States["class"].Kind == document.Unknown {
			continue
		}
		class, _ := d.Attr["class"].(string)
		if found := classes[class]; len(found) > 0 && isBalancer(found) {
			adoptScheme(d, found, params)
		}
	}
}

// isBalancer reports whether all classes are those of the controllers that make
// Application Load Balancers.
func isBalancer(classes []*document.Document) bool {
	return !slices.ContainsFunc(classes, func(c *document.Document) bool {
		return c.Attr["controller"] != "ingress.k8s.aws/alb" && c.Attr["controller"] != "eks.amazonaws.com/alb"
	})
}

// adoptScheme sets the exposure of an Ingress of Application Load Balancers.
func adoptScheme(d *document.Document, classes []*document.Document, params map[string][]*document.Document) {
	schemes := map[string]bool{}
	for _, c := range classes {
		ref, _ := c.Attr["parameters"].(map[string]any)
		if ref == nil || ref["kind"] != "IngressClassParams" {
			schemes[""] = true
			continue
		}
		group, _ := ref["apiGroup"].(string)
		name, _ := ref["name"].(string)
		found := params[group+"/"+name]
		if len(found) == 0 {
			schemes["?"] = true // not in the input
		}
		for _, p := range found {
			scheme, _ := p.Attr["scheme"].(string)
			if p.States["scheme"].Kind == document.Unknown {
				scheme = "?"
			}
			schemes[scheme] = true
		}
	}
	at, ok := d.Written["class"]
	if _, set := d.Attr["class"]; !ok || !set { // the default class
		at = document.Path{"spec"}
	}
	all := slices.Sorted(maps.Keys(schemes))
	switch {
	case len(all) == 1 && all[0] == "":
		if d.Attr["exposure"] == exposedController { // the class does not say by its name what it is
			annotated(d, at)
		}
		return
	case len(all) > 1 || all[0] == "?":
		delete(d.Attr, "exposure")
		d.States["exposure"] = document.State{Kind: document.Unknown, Reason: document.AmbiguousDefault}
	case all[0] == "internet-facing":
		d.Attr["exposure"] = exposedInternet
		delete(d.States, "exposure")
	default:
		d.Attr["exposure"] = exposedInternal
		delete(d.States, "exposure")
	}
	d.Written["exposure"] = at
}

// annotated decides an Ingress of load balancers by its own annotation.
func annotated(d *document.Document, class document.Path) {
	at := document.Path{"metadata", "annotations", "alb.ingress.kubernetes.io/scheme"}
	scheme, _ := document.At(d.Raw, at)
	if strings.TrimSpace(kubeText(scheme)) == "internet-facing" {
		d.Attr["exposure"], d.Written["exposure"] = exposedInternet, at
		return
	}
	d.Attr["exposure"], d.Written["exposure"] = exposedInternal, class
	d.States["exposure"] = kubeDefault(serviceOwn, "AWS Load Balancer Controller guide, Ingress annotations: scheme")
}
