package cfn

import (
	"encoding/json"
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
	if names := t.dependsOn(r); len(names) > 0 {
		out["cfn:depends_on"] = strings.Join(names, ",")
	}
	t.ownMetadata(r, out)
	if t.packaged {
		out["cfn:packaged"] = "true"
	}
	if s := t.session.options.Stack; s != "" {
		out["cfn:stack"] = s
	}
	if s := t.session.options.DisplayName; s != "" {
		out["cfn:display_name"] = s
	}
	return out
}

// ownMetadata keeps what the CDK and the author say of a resource, and which
// asset it stands for.
func (t *tmpl) ownMetadata(r *resource, out map[string]string) {
	if r.typ == "Custom::AWSCDK-EKS-HelmChart" {
		if url := t.property(r, "ChartAssetURL"); url != nil {
			if folder, ok := t.assetFile(url); ok {
				out[ChartKey] = folder
			}
		}
	}
	if s := t.session.options.Constructs[r.id]; s != "" {
		out["aws:cdk:path"] = s
	}
	e, ok := r.body["Metadata"]
	if !ok {
		return
	}
	for _, key := range []string{"aws:cdk:path", "aws:asset:path", "aws:asset:property"} {
		if s := childText(e.node, key); s != "" {
			out[key] = s
		}
	}
	if s := t.accepted(e); s != "" {
		out[ignoreKey] = s
	}
}

// ChartKey is the key of a document's Metadata under which the folder of the
// chart stands that a Custom::AWSCDK-EKS-HelmChart installs, when it is an asset
// of the cloud assembly.
const ChartKey = "cdk:chart"

// ignoreKey is where the findings that a resource's author accepts are kept.
const ignoreKey = "plimsoll:ignore"

// accepted returns the list Metadata.plimsoll.ignore as JSON, "" if there is
// none.
func (t *tmpl) accepted(e entry) string {
	own := child(e.node, "plimsoll")
	if own == nil {
		return ""
	}
	n := child(own, "ignore")
	if n == nil {
		return ""
	}
	b := builder{t: t, doc: &document.Document{RawStates: document.States{}}, tree: document.NewTree(t.src)}
	raw, ok := b.put(b.tree.Add(-1, "", -1, -1, n.Start, n.End), t.eval(n, e.f))
	if !ok {
		t.warnAt(e.f.span(n), "what plimsoll.ignore lists is not known before deployment, so that nothing is ignored")
		return ""
	}
	text, err := json.Marshal(raw)
	if err != nil { // a value that JSON does not have; the template cannot be deployed
		return ""
	}
	return string(text)
}

// dependsOn returns what DependsOn names.
func (t *tmpl) dependsOn(r *resource) []string {
	e, ok := r.body["DependsOn"]
	if !ok {
		return nil
	}
	n := e.node.Target()
	items := n.Items
	if n.Kind == yamlnode.Scalar && n.Text != "" {
		items = []*yamlnode.Node{n}
	}
	names := make([]string, 0, len(items))
	for _, item := range items {
		if item = item.Target(); item.Kind != yamlnode.Scalar {
			continue
		}
		name := e.f.vars.substituteKey(item.Text)
		names = append(names, name)
		if t.resources[name] == nil && !t.generated && !t.macro {
			t.errorAt(e.f.span(e.node), "DependsOn: %q is not a resource of the template", name)
		}
	}
	return names
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
