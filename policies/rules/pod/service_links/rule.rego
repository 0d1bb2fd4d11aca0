# METADATA
# title: Services are listed in the environment
# description: >-
#   The kubelet sets variables for every Service of the namespace: a map of the
#   neighborhood for whoever gets into the container, and hundreds of variables for
#   the program in it.
# related_resources:
#   - description: Accessing the Service, environment variables
#     ref: https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables
#   - description: EKS best practices, pod security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html
# custom:
#   id: PLM-POD-035
#   severity: low
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Turn the variables off and find Services through DNS.
#     Kubernetes: enableServiceLinks: false
#     Terraform: enable_service_links = false
#   on: [workload]
#   needs: [pod.enableServiceLinks]
#   controls:
#     eks-bpg: [pod-security]
#   profiles: [strict]
package plimsoll.rules.pod.service_links

import data.plimsoll.lib.pods
import data.plimsoll.lib.result

deny contains result.at("pod.enableServiceLinks", message) if {
	not input.attr.pod.enableServiceLinks == false
	message := sprintf("%s has every Service of its namespace in its environment", [pods.subject])
}
