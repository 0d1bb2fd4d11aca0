package canon

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// Exposure says who can reach a Service or Ingress.
const (
	exposedInternet   = "internet"
	exposedInternal   = "internal"
	exposedNode       = "node"
	exposedCluster    = "cluster"
	exposedController = "ingress_controller" // as its controller's Service is
)

func readNamespace(v *kubeView) []*document.Document {
	v.meta()
	return nil
}

// meta copies name, labels and annotations of the object.
func (v *kubeView) meta() {
	v.field("name", "metadata", "name")
	v.field("labels", "metadata", "labels")
	v.field("annotations", "metadata", "annotations")
}

// annotation returns an annotation's text, where it is written, and whether it
// cannot be known.
func (v *kubeView) annotation(key string) (value string, raw document.Path, state *document.State) {
	raw = document.Path{"metadata", "annotations", key}
	if s, unknown := v.doubt(raw); unknown && s.Kind == document.Unknown {
		return "", raw, &s
	}
	return strings.TrimSpace(kubeText(v.at(raw))), raw, nil
}

func readService(v *kubeView) []*document.Document {
	v.meta()
	v.field("type", "spec", "type")
	v.fallback("type", "ClusterIP", apiServer, "Kubernetes API reference, ServiceSpec.type", "spec", "type")
	v.field("selector", "spec", "selector")
	v.field("ports", "spec", "ports")
	v.field("external_ips", "spec", "externalIPs")
	v.field("external_name", "spec", "externalName")
	v.field("load_balancer_class", "spec", "loadBalancerClass")
	v.sourceRanges()
	v.serviceExposure()
	return nil
}

// sourceRanges reads who may use the load balancer: the field, or the
// annotation of older manifests (a list joined with commas).
func (v *kubeView) sourceRanges() {
	if v.field("source_ranges", "spec", "loadBalancerSourceRanges") != nil {
		return
	}
	value, raw, state := v.annotation("service.beta.kubernetes.io/load-balancer-source-ranges")
	if _, unknown := v.doubt(document.Path{"spec", "loadBalancerSourceRanges"}); unknown {
		return
	}
	switch {
	case state != nil:
		v.unknown("source_ranges", *state, raw)
	case value != "":
		ranges := []any{}
		for part := range strings.SplitSeq(value, ",") {
			ranges = append(ranges, strings.TrimSpace(part))
		}
		v.set("source_ranges", ranges, raw)
	}
}

// serviceExposure derives exposure of a Service.
func (v *kubeView) serviceExposure() {
	raw := document.Path{"spec", "type"}
	typ, _ := v.d.Attr["type"].(string)
	switch typ {
	case "LoadBalancer":
		v.balancerExposure()
	case "NodePort":
		v.set("exposure", exposedNode, raw)
	case "":
		state, _ := v.doubt(raw)
		v.unknown("exposure", state, raw)
	default:
		v.set("exposure", exposedCluster, raw)
	}
}

// balancerExposure decides a LoadBalancer Service: what is written counts; else
// the controller's default. The AWS Load Balancer Controller makes internal
// load balancers ("Scheme" in its guide on Service annotations, also on EKS Auto
// Mode), the in-tree cloud provider internet-facing ones (cloud-provider-aws).
func (v *kubeView) balancerExposure() {
	const prefix = "service.beta.kubernetes.io/aws-load-balancer-"
	scheme, at, state := v.annotation(prefix + "scheme")
	switch {
	case state != nil:
		v.unknown("exposure", *state, at)
		return
	case scheme == "internet-facing":
		v.set("exposure", exposedInternet, at)
		return
	case scheme == "internal":
		v.set("exposure", exposedInternal, at)
		return
	}
	// The in-tree provider takes anything but "false" for yes ("0.0.0.0/0" in
	// old manifests); both controllers take "false" for internet-facing.
	internal, at, state := v.annotation(prefix + "internal")
	switch {
	case state != nil:
		v.unknown("exposure", *state, at)
	case internal == "":
		v.controllerExposure(prefix)
	case internal == "false":
		v.set("exposure", exposedInternet, at)
	default:
		v.set("exposure", exposedInternal, at)
	}
}

// controllerExposure applies the default of the controller that a Service names.
func (v *kubeView) controllerExposure(prefix string) {
	typeAt := document.Path{"spec", "type"}
	classAt := document.Path{"spec", "loadBalancerClass"}
	if state, unknown := v.doubt(classAt); unknown {
		v.unknown("exposure", state, classAt)
		return
	}
	kind, kindAt, state := v.annotation(prefix + "type")
	class, _ := v.d.Attr["load_balancer_class"].(string)
	const controllerGuide = "AWS Load Balancer Controller guide, Service annotations: scheme"
	switch {
	case class == "service.k8s.aws/nlb", class == "eks.amazonaws.com/nlb":
		v.set("exposure", exposedInternal, classAt)
		v.d.States["exposure"] = kubeDefault(serviceOwn, controllerGuide)
	case class != "":
		// Another vendor's controller: its rules are not ours to know.
		v.unknown("exposure", document.State{Kind: document.Unknown, Reason: document.AmbiguousDefault}, classAt)
	case state != nil:
		v.unknown("exposure", *state, kindAt)
	case kind == "external", kind == "nlb-ip":
		v.set("exposure", exposedInternal, kindAt)
		v.d.States["exposure"] = kubeDefault(serviceOwn, controllerGuide)
	default:
		v.set("exposure", exposedInternet, typeAt)
		def := kubeDefault(serviceOwn, "cloud-provider-aws, aws-load-balancer-internal; a cluster whose default load balancer class is another decides differently")
		def.Reason = document.AmbiguousDefault
		v.d.States["exposure"] = def
	}
}

func readIngress(v *kubeView) []*document.Document {
	v.meta()
	v.field("rules", "spec", "rules")
	v.field("tls", "spec", "tls")
	v.field("default_backend", "spec", "defaultBackend")
	if v.at(document.Path{"spec", "backend"}) != nil { // extensions/v1beta1
		v.field("default_backend", "spec", "backend")
	}
	class, _ := v.field("class", "spec", "ingressClassName").(string)
	if class == "" {
		value, at, state := v.annotation("kubernetes.io/ingress.class")
		switch {
		case state != nil:
			v.unknown("class", *state, at)
		case value != "":
			class = value
			v.set("class", value, at)
		}
	}
	v.ingressBackends()
	v.ingressExposure(class)
	return nil
}

// ingressExposure: an ALB is internal unless its scheme says otherwise (AWS
// Load Balancer Controller guide, Ingress annotations); other classes are
// reached through the Service of their controller.
func (v *kubeView) ingressExposure(class string) {
	const prefix = "alb.ingress.kubernetes.io/"
	scheme, at, state := v.annotation(prefix + "scheme")
	classAt := v.nearest(document.Path{"spec", "ingressClassName"})
	if written, ok := v.d.Written["class"]; ok {
		classAt = written
	}
	balancer := class == "alb" || strings.HasSuffix(class, "-alb")
	for key := range kubeObject(v.d.Raw["metadata"], "annotations") {
		balancer = balancer || strings.HasPrefix(key, prefix)
	}
	classState, doubtful := v.doubt(document.Path{"spec", "ingressClassName"})
	switch {
	case !balancer && class != "":
		v.set("exposure", exposedController, classAt)
	case state != nil:
		v.unknown("exposure", *state, at)
	case !balancer && doubtful:
		v.unknown("exposure", classState, classAt)
	case !balancer:
		v.set("exposure", exposedController, classAt)
	case scheme == "internet-facing":
		v.set("exposure", exposedInternet, at)
	case scheme == "internal":
		v.set("exposure", exposedInternal, at)
	default:
		v.set("exposure", exposedInternal, v.nearest(at))
		v.d.States["exposure"] = kubeDefault(serviceOwn, "AWS Load Balancer Controller guide, Ingress annotations: scheme")
	}
}

// ingressBackends flattens rules[].http.paths[].backend and the default one.
func (v *kubeView) ingressBackends() {
	var out []any
	add := func(at document.Path, host, path any) {
		backend, _ := v.at(at).(map[string]any)
		if backend == nil {
			return
		}
		entry := map[string]any{}
		put(entry, "host", host)
		put(entry, "path", path)
		service := kubeObject(backend, "service") // networking.k8s.io/v1
		put(entry, "service", service["name"])
		for _, name := range []string{"number", "name"} {
			put(entry, "port", kubeObject(service, "port")[name])
		}
		put(entry, "service", backend["serviceName"]) // v1beta1
		put(entry, "port", backend["servicePort"])
		name := indexed("backends", len(out))
		v.d.Written[name] = at
		v.pair(document.Path{"backends", len(out), "service"}, at.Append("service", "name"))
		v.pair(document.Path{"backends", len(out), "port"}, at.Append("service", "port"))
		out = append(out, entry)
	}
	for i, rule := range kubeList(v.d.Raw["spec"], "rules") {
		r, _ := rule.(map[string]any)
		for j, path := range kubeList(r["http"], "paths") {
			p, _ := path.(map[string]any)
			add(document.Path{"spec", "rules", i, "http", "paths", j, "backend"}, r["host"], p["path"])
		}
	}
	if at, ok := v.d.Written["default_backend"]; ok {
		if _, is := v.d.Attr["default_backend"]; is {
			add(at, nil, nil)
		}
	}
	if out != nil {
		v.d.Attr["backends"] = out
	}
	v.d.Written["backends"] = v.nearest(document.Path{"spec", "rules"})
}

// put stores a value unless it is absent or one is there already.
func put(m map[string]any, key string, value any) {
	if _, taken := m[key]; !taken && value != nil {
		m[key] = value
	}
}

func readGateway(v *kubeView) []*document.Document {
	v.meta()
	v.field("class", "spec", "gatewayClassName")
	v.field("listeners", "spec", "listeners")
	v.field("addresses", "spec", "addresses")
	return nil
}

// readGatewayRoute reads the five kinds of routes: parents, hostnames, and the
// services that traffic goes to.
func readGatewayRoute(v *kubeView) []*document.Document {
	v.meta()
	v.field("parents", "spec", "parentRefs")
	v.field("hostnames", "spec", "hostnames")
	v.field("rules", "spec", "rules")
	var out []any
	for i, rule := range kubeList(v.d.Raw["spec"], "rules") {
		for j, ref := range kubeList(rule, "backendRefs") {
			r, _ := ref.(map[string]any)
			entry := map[string]any{}
			if kind := r["kind"]; kind == nil || kind == "Service" {
				put(entry, "service", r["name"])
			}
			put(entry, "namespace", r["namespace"])
			put(entry, "port", r["port"])
			v.d.Written[indexed("backends", len(out))] = document.Path{"spec", "rules", i, "backendRefs", j}
			out = append(out, entry)
		}
	}
	if out != nil {
		v.d.Attr["backends"] = out
	}
	return nil
}
