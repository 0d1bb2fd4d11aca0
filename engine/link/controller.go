package link

import (
	"path"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A controllerKind is an Ingress controller that carries the traffic itself,
// so that its own Service is the door to the Ingresses it serves.
type controllerKind struct {
	controller string // IngressClass spec.controller
	class      string // the class it serves without an IngressClass
	classFlag  string
}

// controllerKinds are such controllers by the last parts of their images.
// Sources: the command line references of kubernetes.github.io/ingress-nginx,
// docs.nginx.com/nginx-ingress-controller, doc.traefik.io/traefik,
// haproxy-ingress.github.io, haproxy.com/documentation/kubernetes-ingress and
// docs.konghq.com/kubernetes-ingress-controller (read 2026-11).
func controllerKinds() map[string]controllerKind {
	nginx := controllerKind{"k8s.io/ingress-nginx", "nginx", "ingress-class"}
	return map[string]controllerKind{
		"ingress-nginx/controller":       nginx,
		"nginx-ingress-controller":       nginx,
		"ingress-nginx-controller":       nginx,
		"nginx/nginx-ingress":            {"nginx.org/ingress-controller", "nginx", "ingress-class"},
		"traefik":                        {"traefik.io/ingress-controller", "traefik", "providers.kubernetesingress.ingressclass"},
		"haproxytech/kubernetes-ingress": {"haproxy.org/ingress-controller", "haproxy", "ingress.class"},
		"jcmoraisjr/haproxy-ingress":     {"haproxy-ingress.github.io/controller", "haproxy", "ingress-class"},
		"kong/kubernetes-ingress-controller": {
			"ingress-controllers.konghq.com/kong", "kong", "ingress-class",
		},
	}
}

// A door is the Service of an Ingress controller.
type door struct {
	service           *node
	controller, class string
	// unclassed: Ingresses that name no class are served too.
	unclassed bool
	// exposure of the Service; reason tells why it is not known.
	exposure, reason string
}

// doors lists the Services of the controllers of the stack.
func (b *builder) doors() []door {
	var out []door
	kinds := controllerKinds()
	x := &exposer{b: b}
	for _, w := range b.by["workload"] {
		d, ok := readController(w, kinds)
		if !ok {
			continue
		}
		for _, s := range b.sorted(ServicesOf, w) {
			d.service = s
			d.exposure, d.reason = x.reach(s)
			out = append(out, d)
		}
	}
	return out
}

func readController(w *node, kinds map[string]controllerKind) (d door, ok bool) {
	for _, c := range list(w.attr("containers")) {
		name := imageName(text(get(c, "image")))
		kind, found := kinds[lastParts(name, 2)]
		if !found {
			kind, found = kinds[lastParts(name, 1)]
		}
		if !found {
			continue
		}
		args := append(texts(get(c, "command")), texts(get(c, "args"))...)
		d = door{controller: kind.controller, class: kind.class}
		if v, ok := flagValue(args, kind.classFlag); ok {
			d.class = v
		}
		if v, ok := flagValue(args, "controller-class"); ok {
			d.controller = v
		}
		v, set := flagValue(args, "watch-ingress-without-class")
		d.unclassed = set && v != "false"
		return d, true
	}
	return d, false
}

// flagValue reads --name=value, -name=value or --name value; "" for a bare
// flag.
func flagValue(args []string, name string) (value string, ok bool) {
	for i, a := range args {
		key, v, has := strings.Cut(strings.TrimLeft(a, "-"), "=")
		if !strings.HasPrefix(a, "-") || key != name {
			continue
		}
		if !has && i+1 < len(args) && !strings.HasPrefix(args[i+1], "-") {
			v = args[i+1]
		}
		return v, true
	}
	return "", false
}

// ingressClasses are the IngressClass objects of the stack.
type ingressClasses struct {
	controllers map[string][]string // by class
	defaults    []string            // controllers of default classes
	any         bool
}

// classes reads the IngressClass objects.
// https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class
func (b *builder) classes() ingressClasses {
	c := ingressClasses{controllers: map[string][]string{}}
	for _, n := range b.live {
		if path.Base(n.doc.Kind) != "IngressClass" {
			continue
		}
		c.any = true
		controller := text(n.raw("spec", "controller"))
		c.controllers[n.doc.Name] = append(c.controllers[n.doc.Name], controller)
		if truth(n.raw("metadata", "annotations", "ingressclass.kubernetes.io/is-default-class")) {
			c.defaults = append(c.defaults, controller)
		}
	}
	return c
}

// inert reports whether no controller at all takes an Ingress: it names no
// class, and the classes there are have no default.
func (c ingressClasses) inert(i *node) bool {
	_, open := unknownAt(i.doc, "class")
	return !open && text(i.attr("class")) == "" && c.any && len(c.defaults) == 0
}

// serves reports whether the controller behind a door serves an Ingress; why
// is set when that cannot be told.
func (d door) serves(i *node, classes ingressClasses) (served bool, why string) {
	if st, open := unknownAt(i.doc, "class"); open {
		return false, orElse(st.Reason, document.UnevaluatedExpression)
	}
	class := text(i.attr("class"))
	controllers, declared := classes.controllers[class]
	switch {
	case class != "" && declared:
		return slices.Contains(controllers, d.controller), ""
	case class != "":
		return class == d.class, ""
	case len(classes.defaults) > 0:
		return slices.Contains(classes.defaults, d.controller), ""
	case d.unclassed:
		return true, ""
	case classes.any:
		return false, ""
	}
	return false, document.AmbiguousDefault
}
