package cfn

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/yamlnode"
)

// ReadParameters reads a file of parameter values, JSON or YAML, in one of the
// forms that deployment tools know:
//
//   - a list of {ParameterKey, ParameterValue} (aws cloudformation create-stack),
//   - a list of "Name=Value" (aws cloudformation deploy),
//   - an object with Parameters, beside which Tags and StackPolicy may stand
//     (CodePipeline),
//   - an object of names and values.
//
// Values that a deployed stack keeps (UsePreviousValue) are left out: they are
// not known. The error begins with the place of the mistake,
// "params.json:3:5: ".
//
// https://docs.aws.amazon.com/cli/latest/reference/cloudformation/create-stack.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/continuous-delivery-codepipeline-cfn-artifacts.html
func ReadParameters(src *document.Source) (map[string]string, error) {
	docs, diagnostics := yamlnode.Parse(src)
	for _, d := range diagnostics {
		if d.Level == document.Error {
			return nil, fmt.Errorf("%s:%d:%d: %s", src.Name, d.Range.Start.Line, d.Range.Start.Column, d.Message)
		}
	}
	if len(docs) == 0 || docs[0].Root == nil {
		return nil, fmt.Errorf("%s: the file is empty", src.Name)
	}
	r := parameterReader{src: src, values: map[string]string{}}
	root := docs[0].Root.Target()
	switch root.Kind {
	case yamlnode.Sequence:
		r.list(root)
	case yamlnode.Mapping:
		if inner := child(root, "Parameters"); inner != nil && inner.Target().Kind == yamlnode.Mapping {
			root = inner.Target()
		} else if inner != nil && inner.Target().Kind == yamlnode.Sequence {
			r.list(inner.Target())
			return r.values, r.err
		}
		for i, key := range root.Keys {
			r.set(key.Target().Text, root.Values[i])
		}
	default:
		r.fail(root, "want a list or an object of parameters")
	}
	return r.values, r.err
}

// A parameterReader keeps the first mistake.
type parameterReader struct {
	src    *document.Source
	values map[string]string
	err    error
}

func (r *parameterReader) fail(n *yamlnode.Node, problem string) {
	if r.err == nil {
		at := r.src.Range(n.Start, n.End).Start
		r.err = fmt.Errorf("%s:%d:%d: %s", r.src.Name, at.Line, at.Column, problem)
	}
}

func (r *parameterReader) list(n *yamlnode.Node) {
	for _, item := range n.Items {
		item = item.Target()
		if item.Kind == yamlnode.Scalar {
			name, value, ok := strings.Cut(item.Text, "=")
			if !ok || name == "" {
				r.fail(item, "want \"Name=Value\"")
				continue
			}
			r.values[name] = value
			continue
		}
		name, value := childText(item, "ParameterKey"), child(item, "ParameterValue")
		switch {
		case name == "":
			r.fail(item, "want an object with ParameterKey and ParameterValue")
		case value != nil:
			r.set(name, value)
		case !strings.EqualFold(childText(item, "UsePreviousValue"), "true"):
			r.fail(item, fmt.Sprintf("parameter %q has no ParameterValue", name))
		}
	}
}

// set keeps a value as the text that the service is given; lists are joined
// with commas, as for CommaDelimitedList.
func (r *parameterReader) set(name string, n *yamlnode.Node) {
	n = n.Target()
	switch n.Kind {
	case yamlnode.Scalar:
		r.values[name] = n.Text
	case yamlnode.Sequence:
		texts := make([]string, len(n.Items))
		for i, item := range n.Items {
			if item = item.Target(); item.Kind != yamlnode.Scalar {
				r.fail(item, fmt.Sprintf("parameter %q is a list of something else than texts", name))
				return
			}
			texts[i] = item.Text
		}
		r.values[name] = strings.Join(texts, ",")
	default:
		r.fail(n, fmt.Sprintf("parameter %q is an object; a parameter is a text or a list of texts", name))
	}
}

// Companion says what a text is that belongs to CloudFormation or the CDK and
// holds no resources, as the reason for passing over it; "" for others.
func Companion(name string, content []byte) string {
	base := name[strings.LastIndexByte(name, '/')+1:]
	if inAssemblyOnly(base, content) {
		return "part of a CDK cloud assembly that holds no resources"
	}
	policy := bytes.Contains(content, []byte("Update:")) && bytes.Contains(content, []byte("Statement"))
	if !policy && !bytes.Contains(content, []byte("Parameter")) || len(content) > 1<<20 {
		return ""
	}
	docs, _ := yamlnode.Parse(&document.Source{Name: name, Content: content})
	if len(docs) != 1 || docs[0].Root == nil {
		return ""
	}
	root := docs[0].Root.Target()
	switch {
	case policy && isStackPolicy(root):
		return "CloudFormation stack policy: it guards a deployed stack against updates and holds no resources"
	case isParameterFile(root):
		return "CloudFormation parameters: give them to the templates with --cfn-parameters " + name
	}
	return ""
}

// inAssemblyOnly reports whether a file tells of a cloud assembly's other files.
func inAssemblyOnly(base string, content []byte) bool {
	mark := ""
	switch {
	case strings.HasSuffix(base, ".assets.json"):
		mark = `"dockerImages"`
	case strings.HasSuffix(base, ".metadata.json"):
		mark = `"aws:cdk:`
	case base == "validation-report.json":
		mark = `"pluginReports"`
	case base == "tree.json":
		mark = `"constructInfo"`
	case base == "cdk.out":
		mark = `"version"`
	}
	return mark != "" && bytes.Contains(content, []byte(mark))
}

// isStackPolicy reports whether every statement allows or denies updates, which
// no other policy does.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
func isStackPolicy(root *yamlnode.Node) bool {
	statements := child(root, "Statement")
	if statements == nil || len(statements.Target().Items) == 0 {
		return false
	}
	for _, s := range statements.Target().Items {
		actions := child(s, "Action")
		if actions == nil {
			actions = child(s, "NotAction")
		}
		if actions == nil || childText(s, "Effect") == "" {
			return false
		}
		for _, a := range append([]*yamlnode.Node{actions}, actions.Target().Items...) {
			if a = a.Target(); a.Kind == yamlnode.Scalar && !strings.HasPrefix(a.Text, "Update:") {
				return false
			}
		}
	}
	return true
}

func isParameterFile(root *yamlnode.Node) bool {
	switch root.Kind {
	case yamlnode.Sequence:
		return len(root.Items) > 0 && childText(root.Items[0], "ParameterKey") != ""
	case yamlnode.Mapping:
		if child(root, "Parameters") == nil || child(root, "Parameters").Target().Kind != yamlnode.Mapping {
			return false
		}
		for _, key := range root.Keys {
			switch key.Target().Text {
			case "Parameters", "Tags", "StackPolicy":
			default:
				return false
			}
		}
		return len(root.Keys) > 1 || len(child(root, "Parameters").Target().Keys) > 0
	default:
		return false
	}
}
