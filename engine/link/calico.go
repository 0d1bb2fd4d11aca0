package link

import (
	"errors"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// Labels that Calico gives to pods and namespaces by itself.
// https://docs.tigera.io/calico/latest/network-policy/get-started/calico-policy/calico-labels
const (
	calicoNamespace    = "projectcalico.org/namespace"
	calicoName         = "projectcalico.org/name"
	calicoOrchestrator = "projectcalico.org/orchestrator"
)

// readCalico reads a Calico NetworkPolicy or GlobalNetworkPolicy.
// https://docs.tigera.io/calico/latest/reference/resources/networkpolicy
func (p *netpol) readCalico() {
	p.open = openAt(p.node, "selector")
	p.expr = p.parse(p.node.attr("selector"), "selector")
	if p.namespace == "" {
		p.spaceExpr = p.parse(p.node.raw("spec", "namespaceSelector"), "spec.namespaceSelector")
	}
	if s := text(p.node.raw("spec", "serviceAccountSelector")); s != "" && s != "all()" {
		p.vague = true
	}
	for _, path := range []string{"spec.namespaceSelector", "spec.serviceAccountSelector"} {
		if st, open := p.node.doc.RawStates[path]; open && p.open == nil {
			p.open = &gap{p.node.id, path, orElse(st.Reason, document.UnevaluatedExpression)}
		}
	}
	p.ingress = p.direction("Ingress", func(applies bool, rules []any) direction { return calicoRules(applies, rules, false) })
	p.egress = p.direction("Egress", func(applies bool, rules []any) direction { return calicoRules(applies, rules, true) })
}

// parse reads a selector; nil selects everything.
func (p *netpol) parse(v any, path string) *expression {
	s := strings.TrimSpace(text(v))
	if s == "" || s == "all()" {
		return nil
	}
	e, err := parseExpression(s)
	if err != nil {
		p.open = &gap{p.node.id, path, reasonSelector}
		return nil
	}
	return e
}

// reasonSelector: a selector could not be parsed.
const reasonSelector = "selector_not_understood"

// calicoRules reads one direction. What no rule allows is denied; Pass leaves
// it to others.
func calicoRules(applies bool, rules []any, egress bool) direction {
	d := direction{applies: applies, deny: applies}
	if !applies {
		return d
	}
	for _, r := range rules {
		action := text(get(r, "action"))
		if action != "Allow" && action != "Pass" {
			continue
		}
		m := object(r)
		bare := len(m) == 1 || len(m) == 2 && m["metadata"] != nil
		d.all = d.all || action == "Allow" && bare
		ports := list(get(r, "destination", "ports"))
		if !egress || action != "Allow" || !dnsOnly(ports, "") {
			d.deny = false
		}
	}
	return d
}

// A lookup finds a label.
type lookup func(key string) (value string, there verdict)

// calicoPod adds Calico's own labels to those of a pod. Others it derives, from
// the namespace and the service account, are not known here.
func calicoPod(l labels, namespace string) lookup {
	return func(key string) (string, verdict) {
		switch {
		case key == calicoNamespace:
			return namespace, yes
		case key == calicoOrchestrator:
			return "k8s", yes
		case strings.HasPrefix(key, "projectcalico.org/"), strings.HasPrefix(key, "pcns."), strings.HasPrefix(key, "pcsa."):
			return "", maybe
		}
		return l.value(key)
	}
}

func calicoSpace(l labels, namespace string) lookup {
	return func(key string) (string, verdict) {
		if key == calicoName {
			return namespace, yes
		}
		return l.value(key)
	}
}

// An expression is a parsed Calico selector.
type expression struct {
	operator string // "&&", "||", "!", or one of a label
	left     *expression
	right    *expression
	key      string
	values   []string
}

// eval tests labels.
func (e *expression) eval(l lookup) verdict {
	switch e.operator {
	case "&&":
		return both(e.left.eval(l), e.right.eval(l))
	case "||":
		return either(e.left.eval(l), e.right.eval(l))
	case "!":
		return not(e.left.eval(l))
	case "all":
		return yes
	case "global":
		return no // endpoints without a namespace
	}
	value, there := l(e.key)
	switch e.operator {
	case "has":
		return there
	case "!=", "not in":
		return not(test(there, slices.Contains(e.values, value)))
	case "contains":
		return test(there, strings.Contains(value, e.values[0]))
	case "starts with":
		return test(there, strings.HasPrefix(value, e.values[0]))
	case "ends with":
		return test(there, strings.HasSuffix(value, e.values[0]))
	}
	return test(there, slices.Contains(e.values, value))
}

func test(there verdict, ok bool) verdict {
	if there == yes && !ok {
		return no
	}
	return there
}

// equalities are requirements that whatever the expression matches meets.
func (e *expression) equalities() selector {
	switch e.operator {
	case "&&":
		return append(e.left.equalities(), e.right.equalities()...)
	case "==", "in":
		return selector{{e.key, "In", e.values}}
	case "has":
		return selector{{e.key, "Exists", nil}}
	}
	return nil
}

// maxDepth bounds the nesting of a selector.
const maxDepth = 100

var errSelector = errors.New("selector is not understood")

type selectorParser struct {
	rest  string
	depth int
}

// parseExpression reads a Calico selector.
// https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#selectors
func parseExpression(s string) (*expression, error) {
	p := &selectorParser{rest: s}
	e, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.skip(); p.rest != "" {
		return nil, errSelector
	}
	return e, nil
}

func (p *selectorParser) skip() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// take consumes a token if it comes next.
func (p *selectorParser) take(token string) bool {
	p.skip()
	rest, ok := strings.CutPrefix(p.rest, token)
	if ok {
		p.rest = rest
	}
	return ok
}

func (p *selectorParser) or() (*expression, error) { return p.chain("||", p.and) }

func (p *selectorParser) and() (*expression, error) { return p.chain("&&", p.unary) }

func (p *selectorParser) chain(operator string, part func() (*expression, error)) (*expression, error) {
	e, err := part()
	for err == nil && p.take(operator) {
		var right *expression
		right, err = part()
		e = &expression{operator: operator, left: e, right: right}
	}
	return e, err
}

func (p *selectorParser) unary() (*expression, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, errSelector
	}
	defer func() { p.depth-- }()
	switch {
	case p.take("!"):
		e, err := p.unary()
		return &expression{operator: "!", left: e}, err
	case p.take("("):
		e, err := p.or()
		if err == nil && !p.take(")") {
			err = errSelector
		}
		return e, err
	case p.take("all()"):
		return &expression{operator: "all"}, nil
	case p.take("global()"):
		return &expression{operator: "global"}, nil
	}
	key := p.label()
	if key == "has" && p.take("(") {
		key = p.label()
		if key == "" || !p.take(")") {
			return nil, errSelector
		}
		return &expression{operator: "has", key: key}, nil
	}
	if key == "" {
		return nil, errSelector
	}
	return p.comparison(key)
}

// label reads a label's key.
func (p *selectorParser) label() string {
	p.skip()
	i := strings.IndexFunc(p.rest, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-", r)
	})
	if i < 0 {
		i = len(p.rest)
	}
	key := p.rest[:i]
	p.rest = p.rest[i:]
	return key
}

func (p *selectorParser) comparison(key string) (*expression, error) {
	for _, operator := range []string{"==", "!=", "contains", "starts with", "ends with"} {
		if p.take(operator) {
			v, err := p.quoted()
			return &expression{operator: operator, key: key, values: []string{v}}, err
		}
	}
	for _, operator := range []string{"not in", "in"} {
		if p.take(operator) {
			values, err := p.set()
			return &expression{operator: operator, key: key, values: values}, err
		}
	}
	return nil, errSelector
}

func (p *selectorParser) set() ([]string, error) {
	if !p.take("{") {
		return nil, errSelector
	}
	var out []string
	for !p.take("}") {
		v, err := p.quoted()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
		p.take(",")
	}
	return out, nil
}

func (p *selectorParser) quoted() (string, error) {
	p.skip()
	if p.rest == "" || p.rest[0] != '\'' && p.rest[0] != '"' {
		return "", errSelector
	}
	value, rest, found := strings.Cut(p.rest[1:], p.rest[:1])
	if !found {
		return "", errSelector
	}
	p.rest = rest
	return value, nil
}
