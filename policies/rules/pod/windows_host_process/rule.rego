# METADATA
# title: Windows container runs as a process of the host
# description: >-
#   A HostProcess container has no isolation at all: it runs on the Windows node as
#   SYSTEM or as another account of the host, with its files, its network and its
#   devices.
# related_resources:
#   - description: Create a Windows HostProcess pod
#     ref: https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: PLM-POD-021
#   severity: high
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove hostProcess and run as an ordinary user of the container.
#     Kubernetes: securityContext: {windowsOptions: {hostProcess: false, runAsUserName: ContainerUser}}
#     Terraform:
#       security_context {
#         windows_options {
#           host_process     = false
#           run_as_user_name = "ContainerUser"
#         }
#       }
#   on: [workload]
#   reads:
#     - pod.securityContext.windowsOptions.hostProcess
#     - containers[*].securityContext.windowsOptions.hostProcess
#   controls:
#     pss: [baseline/windowsHostProcess]
#   aliases: [C-0202]
package plimsoll.rules.pod.windows_host_process

import data.plimsoll.lib.baseline
import data.plimsoll.lib.system

deny contains system.judge("PLM-POD-021", violation) if some violation in baseline.violations.windowsHostProcess
