package link

import (
	"regexp"
	"strconv"
	"strings"
)

// network ties clusters, nodes and load balancers to their subnets, and those
// to the VPC and to the routes that lead out of them.
func (b *builder) network() {
	subnets := b.byNameOrID("subnet", "id", "SubnetId")
	for _, typ := range []string{"node_group", "fargate_profile", "load_balancer"} {
		for _, n := range b.by[typ] {
			b.follow(SubnetsOf, n, at("subnets"), subnets)
		}
	}
	for _, n := range b.by["eks_cluster"] {
		b.follow(SubnetsOf, n, at("network", "subnets"), subnets)
	}
	vpcs := b.byNameOrID("vpc", "id", "VpcId")
	for _, typ := range []string{"subnet", "security_group", "route_table", "internet_gateway"} {
		for _, n := range b.by[typ] {
			b.follow(VPCOf, n, at("vpc"), vpcs)
		}
	}
	tables := b.byNameOrID("route_table", "id", "RouteTableId")
	for _, n := range b.by["route_table_association"] {
		to, open := b.resolve(n, at("route_table"), tables)
		from, unclear := b.resolve(n, at("subnet"), subnets)
		for _, subnet := range from {
			for _, table := range to {
				b.add(RouteTableOf, subnet.to, table.to, weakest(subnet.via, table.via))
			}
		}
		if reason := orElse(open, unclear); reason != "" {
			b.gap(RouteTableOf, n, n, "subnet", reason)
		}
	}
	for _, n := range b.by["route"] {
		ends, reason := b.resolve(n, at("route_table"), tables)
		for _, e := range ends {
			b.add(RoutesOf, e.to, n, e.via)
		}
		if reason != "" {
			b.gap(RoutesOf, n, n, "route_table", reason)
		}
	}
}

// keys ties what is encrypted to its KMS key.
func (b *builder) keys() {
	want := b.wantKey()
	places := map[string][]place{
		"eks_cluster": {at("encryption", "key")}, "ecr_repository": {at("encryption", "key")},
	}
	for _, typ := range []string{
		"amp_workspace", "backup_vault", "cloudtrail", "ebs_volume", "efs_file_system", "log_group", "managed_secret", "s3_bucket", "storage_class",
	} {
		places[typ] = []place{at("kms_key")}
	}
	for typ, from := range places {
		for _, n := range b.by[typ] {
			for _, p := range from {
				b.follow(KMSKeyOf, n, p, want)
			}
		}
	}
	for _, typ := range []string{"launch_template", "node_group"} {
		for _, n := range b.by[typ] {
			for i := range list(n.attr("volumes")) {
				b.follow(KMSKeyOf, n, at("volumes", i, "kms_key"), want)
			}
		}
	}
}

// wantKey looks keys up by ID or ARN, or by the name of an alias.
// https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
func (b *builder) wantKey() wanted {
	byID, byAlias := index{}, index{}
	for _, n := range b.by["kms_key"] {
		for _, key := range []string{"key_id", "id", "KeyId"} {
			if id := text(n.raw(key)); id != "" {
				byID.add(id, n)
			}
		}
	}
	for _, n := range b.by["kms_alias"] {
		if name := text(n.attr("name")); name != "" {
			byAlias.add(name, n)
		}
	}
	w := wanted{types: []string{"kms_key", "kms_alias"}}
	keys := wanted{types: []string{"kms_key"}, find: func(from *node, s string) (*node, string, bool) {
		if a, ok := parseARN(s); ok && a.kind == "key" {
			s = base(a.name)
		}
		return b.one(byID[s], from)
	}}
	w.find = func(from *node, s string) (*node, string, bool) {
		name := s
		if a, ok := parseARN(s); ok && a.kind == "alias" {
			name = "alias" + a.name
		}
		alias, _, ambiguous := b.one(byAlias[name], from)
		if alias == nil || ambiguous {
			to, via, unclear := keys.find(from, s)
			return to, via, ambiguous || unclear
		}
		if ends, _ := b.resolve(alias, at("key"), keys); len(ends) == 1 {
			return ends[0].to, ends[0].via, false
		}
		return alias, ViaValue, false
	}
	return w
}

// logs ties clusters to the log group EKS writes to, whose name is fixed.
// https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
func (b *builder) logs() {
	groups := b.byNameOrID("log_group")
	for _, c := range b.by["eks_cluster"] {
		name := text(c.attr("name"))
		if name == "" || holed(name) {
			continue
		}
		if to, _, ambiguous := groups.find(c, "/aws/eks/"+name+"/cluster"); to != nil {
			b.add(LogGroupOf, c, to, ViaConvention)
		} else if ambiguous {
			b.gap(LogGroupOf, c, c, "name", reasonAmbiguous)
		}
	}
}

// registryHost is the host of a private ECR registry: account and Region.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
var registryHost = regexp.MustCompile(`^(\d{12})\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws)/`)

// images ties workloads to the ECR repositories their images are in.
func (b *builder) images() {
	if len(b.by["ecr_repository"]) == 0 {
		return
	}
	repositories := b.byNameOrID("ecr_repository")
	byName := repositories.find
	repositories.find = func(from *node, image string) (*node, string, bool) {
		host := registryHost.FindString(image)
		if host == "" {
			return nil, "", false
		}
		return byName(from, repositoryName(image[len(host):]))
	}
	for _, w := range b.by["workload"] {
		for i := range list(w.attr("containers")) {
			// An image of another registry says so itself, and is no gap.
			ends, reason := b.resolve(w, at("containers", i, "image"), repositories)
			for _, e := range ends {
				b.add(RepositoryOf, w, e.to, e.via)
			}
			if reason == reasonAmbiguous {
				b.gap(RepositoryOf, w, w, "containers["+strconv.Itoa(i)+"].image", reason)
			}
		}
	}
}

// repositoryName leaves tag and digest out.
func repositoryName(s string) string {
	s, _, _ = strings.Cut(s, "@")
	if i := strings.LastIndexByte(s, ':'); i > strings.LastIndexByte(s, '/') {
		s = s[:i]
	}
	return s
}

// The annotations by which the load balancer controller is told what to use.
// https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
const (
	albPrefix = "alb.ingress.kubernetes.io/"
	nlbPrefix = "service.beta.kubernetes.io/aws-load-balancer-"
)

// fronts ties load balancers, and the Services and Ingresses that become some,
// to listeners, certificates and web ACLs.
func (b *builder) fronts() {
	balancers := b.byNameOrID("load_balancer", "arn", "id")
	certificates := b.byKind("arn", "aws_acm_certificate", "AWS::CertificateManager::Certificate")
	acls := b.byKind("arn", "aws_wafv2_web_acl", "AWS::WAFv2::WebACL")
	for _, n := range b.by["lb_listener"] {
		ends, _ := b.resolve(n, at("load_balancer"), balancers)
		for _, e := range ends {
			b.add(ListenersOf, e.to, n, e.via)
		}
		b.follow(CertificateOf, n, at("certificate"), certificates)
	}
	groups := b.byNameOrID("security_group", "id", "GroupId")
	for _, n := range b.by["load_balancer"] {
		b.follow(SecurityGroupsOf, n, at("security_groups"), groups)
	}
	for _, n := range b.by["waf_association"] {
		from, _ := b.resolve(n, at("resource"), balancers)
		to, _ := b.resolve(n, at("web_acl"), acls)
		for _, f := range from {
			for _, t := range to {
				b.add(WAFOf, f.to, t.to, weakest(f.via, t.via))
			}
		}
	}
	for _, n := range b.by["ingress"] {
		b.annotated(CertificateOf, n, albPrefix+"certificate-arn", certificates)
		b.annotated(WAFOf, n, albPrefix+"wafv2-acl-arn", acls)
		b.annotated(LoadBalancerOf, n, albPrefix+"load-balancer-name", balancers)
	}
	for _, n := range b.by["service"] {
		b.annotated(CertificateOf, n, nlbPrefix+"ssl-cert", certificates)
		b.annotated(LoadBalancerOf, n, nlbPrefix+"name", balancers)
	}
}

// annotated follows what an annotation names; several are written with commas.
func (b *builder) annotated(relation string, n *node, key string, w wanted) {
	p := at("annotations", key)
	if value := text(n.attr("annotations", key)); strings.Contains(value, ",") {
		for s := range strings.SplitSeq(value, ",") {
			if to, via, _ := w.find(n, strings.TrimSpace(s)); to != nil {
				b.add(relation, n, to, via)
			}
		}
		return
	}
	b.follow(relation, n, p, w)
}

// byKind indexes documents without a canonical type by an attribute that an
// existing resource shows.
func (b *builder) byKind(id string, kinds ...string) wanted {
	x := index{}
	for _, kind := range kinds {
		for _, documentID := range b.stack.ByKind[kind] {
			n := b.node[b.stack.Documents[documentID]]
			if value := text(n.raw(id)); value != "" {
				x.add(value, n)
			}
		}
	}
	return wanted{types: kinds, find: func(from *node, s string) (*node, string, bool) { return b.one(x[s], from) }}
}
