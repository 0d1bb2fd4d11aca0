package canon

import (
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// podFields are the pod fields that an Argo workflow and its templates may set
// beside the containers (argoproj.io/v1alpha1 WorkflowSpec and Template).
func podFields() []string {
	return []string{
		"activeDeadlineSeconds", "affinity", "automountServiceAccountToken", "dnsConfig", "dnsPolicy",
		"hostAliases", "hostNetwork", "imagePullSecrets", "nodeSelector", "priorityClassName",
		"schedulerName", "securityContext", "serviceAccountName", "tolerations", "volumes",
	}
}

// readWorkflow turns every template of an Argo workflow that runs containers
// into a workload. Templates override the workflow's own pod fields, with
// templateDefaults in between.
func readWorkflow(v *kubeView) []*document.Document {
	base := document.Path{"spec"}
	if v.kind == "CronWorkflow" {
		base = document.Path{"spec", "workflowSpec"}
	}
	templates, _ := v.at(base.Append("templates")).([]any)
	var out []*document.Document
	for i := range templates {
		template := base.Append("templates", i)
		lists := workflowContainers(v, template)
		if lists == nil {
			continue // steps, DAGs and waits run no containers
		}
		child := v.derive(template.String(), workloadType)
		podView(child, podPlace{
			template: template,
			levels:   []document.Path{template, base.Append("templateDefaults"), base},
			lists:    lists,
		})
		child.finish()
		out = append(out, child.d)
	}
	return out
}

func workflowContainers(v *kubeView, template document.Path) []containerList {
	var out []containerList
	for _, name := range []string{"container", "script"} {
		if v.at(template.Append(name)) != nil {
			out = append(out, containerList{path: template.Append(name), class: "container", single: true})
		}
	}
	if v.at(template.Append("containerSet")) != nil {
		out = append(out, containerList{path: template.Append("containerSet", "containers"), class: "container"})
	}
	if out == nil {
		return nil
	}
	return append(out,
		containerList{path: template.Append("sidecars"), class: "container"},
		containerList{path: template.Append("initContainers"), class: "init"})
}
