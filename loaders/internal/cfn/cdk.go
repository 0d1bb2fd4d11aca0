package cfn

import (
	"regexp"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// metadata returns what is said of a resource beside its properties.
func (t *tmpl) metadata(r *resource) map[string]string {
	out := map[string]string{}
	for _, kept := range [...]struct{ key, name string }{
		{"DeletionPolicy", "cfn:deletion_policy"},
		{"UpdateReplacePolicy", "cfn:update_replace_policy"},
		{"Condition", "cfn:condition"},
	} {
		if e, ok := r.body[kept.key]; ok {
			if s, ok := t.eval(e.node, e.f).isText(); ok {
				out[kept.name] = s
			}
		}
	}
	if e, ok := r.body["DependsOn"]; ok {
		if s := dependsOn(e.node.Target(), e.f); s != "" {
			out["cfn:depends_on"] = s
		}
	}
	if e, ok := r.body["Metadata"]; ok {
		for _, key := range []string{"aws:cdk:path", "aws:asset:path", "aws:asset:property"} {
			if s := childText(e.node, key); s != "" {
				out[key] = s
			}
		}
	}
	return out
}

func dependsOn(n *yamlnode.Node, f frame) string {
	if n.Kind == yamlnode.Scalar {
		return f.vars.substituteKey(n.Text)
	}
	names := make([]string, 0, len(n.Items))
	for _, item := range n.Items {
		if item = item.Target(); item.Kind == yamlnode.Scalar {
			names = append(names, f.vars.substituteKey(item.Text))
		}
	}
	return strings.Join(names, ",")
}

// Resources that the CDK adds to make its own constructs work, and that no user
// writes or can change: providers of custom resources and their handlers. The
// names are those of aws-cdk-lib 2; eight hexadecimal digits are the hash that
// ends the logical ID of a construct.
const (
	// providerNames are the resources of the nested stacks aws-eks makes.
	providerNames = `^(NodeProxyAgentLayer|AwsCliLayer|Handler|(OnEvent|IsComplete)Handler(ServiceRole(DefaultPolicy)?)?` +
		`|Providerframework(onEvent|isComplete|onTimeout)(ServiceRole(DefaultPolicy)?|LogGroup)?` +
		`|Providerwaiterstatemachine(Role(DefaultPolicy)?|LogGroup)?)[0-9A-F]{8}$`
	// plumbingNames are found among the user's own resources.
	plumbingNames = `(CustomResourceProvider(Role|Handler)|KubectlReadyBarrier|KubectlHandlerRole(DefaultPolicy)?` +
		`|KubectlProvider(Handler|AwsCliLayer|framework(onEvent|isComplete|onTimeout))(ServiceRole(DefaultPolicy)?)?)[0-9A-F]{8}$` +
		`|^awscdkawseks(ClusterResource|Kubectl)ProviderNestedStack` +
		`|^LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a|^AWS679f53fac002430cb0da5b7982bd2287` +
		`|^BucketNotificationsHandler050a0587b7544547bf325f094a3db834`
	// creatorNames are the role that creates a Custom::AWSCDK-EKS-Cluster.
	creatorNames = `CreationRole(DefaultPolicy)?[0-9A-F]{8}$`
	// plumbingPaths are construct paths, where the CDK writes them.
	plumbingPaths = `/@aws-cdk--aws-eks\.(ClusterResource|Kubectl)Provider|CustomResourceProvider/(Role|Handler)$|/CDKMetadata/` +
		`|/KubectlProvider/(Handler|AwsCliLayer|Provider)/`
)

// isFramework reports whether a template is one of the nested stacks that the
// CDK makes for its providers: every resource has one of their names.
func (t *tmpl) isFramework() bool {
	names := t.session.pattern(providerNames)
	framework := false
	for _, r := range t.order {
		if r.typ == "AWS::CDK::Metadata" {
			continue
		}
		if !names.MatchString(r.id) {
			return false
		}
		framework = framework || strings.HasPrefix(r.id, "Providerframework")
	}
	return framework
}

func (t *tmpl) isPlumbing(r *resource, d *document.Document) bool {
	if path := d.Metadata["aws:cdk:path"]; path != "" && t.session.pattern(plumbingPaths).MatchString(path) {
		return true
	}
	if r.typ == "AWS::CDK::Metadata" {
		return true
	}
	named := t.session.pattern(plumbingNames).MatchString(r.id)
	if !named && (!t.createsCluster() || !t.session.pattern(creatorNames).MatchString(r.id)) {
		return false
	}
	switch r.typ {
	case "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::Lambda::Function", "AWS::Lambda::LayerVersion", "AWS::CloudFormation::Stack":
		return true
	case "AWS::SSM::Parameter":
		return d.Raw["Value"] == "aws:cdk:eks:kubectl-ready"
	default:
		return false
	}
}

// createsCluster reports whether a cluster of the first CDK module is there,
// which its handler creates in a role of its own.
func (t *tmpl) createsCluster() bool {
	return slices.ContainsFunc(t.order, func(r *resource) bool { return r.typ == "Custom::AWSCDK-EKS-Cluster" })
}

// pattern compiles an expression once a run.
func (s *session) pattern(expression string) *regexp.Regexp {
	if re, ok := s.patterns[expression]; ok {
		return re
	}
	re := regexp.MustCompile(expression)
	if s.patterns == nil {
		s.patterns = map[string]*regexp.Regexp{}
	}
	s.patterns[expression] = re
	return re
}
