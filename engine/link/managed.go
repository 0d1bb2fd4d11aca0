package link

// A managedPolicy says how far an AWS-managed policy reaches, as far as rules
// about roles of pods and nodes ask. Statements of these policies change often
// and are not repeated here.
type managedPolicy struct {
	// admin: everything is allowed, or everything but identity management.
	admin bool
	// iam: identities and permissions can be changed at will.
	iam bool
	// wild are the whole services allowed on all resources without condition.
	wild []string
	// use is what the policy is made for on EKS, "" if nothing.
	use string
}

// managedAsOf is the day on which the policies below were last compared with
// the AWS Managed Policy Reference, in the versions of that day.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
const managedAsOf = "2026-03-07"

// managedPolicies are the AWS-managed policies by name.
func managedPolicies() map[string]managedPolicy {
	return map[string]managedPolicy{
		"AdministratorAccess":      {admin: true, iam: true, wild: []string{"*"}},
		"PowerUserAccess":          {admin: true, wild: []string{"*"}},
		"IAMFullAccess":            {iam: true, wild: []string{"iam:*"}},
		"AmazonEC2FullAccess":      {wild: []string{"autoscaling:*", "cloudwatch:*", "ec2:*", "elasticloadbalancing:*"}},
		"AmazonS3FullAccess":       {wild: []string{"s3:*", "s3-object-lambda:*"}},
		"AmazonDynamoDBFullAccess": {wild: []string{"dax:*", "dynamodb:*"}},
		"AmazonRDSFullAccess":      {wild: []string{"rds:*"}},
		"AmazonRoute53FullAccess":  {wild: []string{"route53:*", "route53domains:*"}},
		"AmazonSNSFullAccess":      {wild: []string{"sns:*"}},
		"AmazonSQSFullAccess":      {wild: []string{"sqs:*"}},
		"AWSLambda_FullAccess":     {wild: []string{"lambda:*"}},
		"CloudWatchFullAccess":     {wild: []string{"cloudwatch:*", "logs:*", "sns:*"}},
		"ElasticLoadBalancingFullAccess": {
			wild: []string{"elasticloadbalancing:*"},
		},
		"SecretsManagerReadWrite": {wild: []string{"secretsmanager:*"}},
		"SystemAdministrator": {wild: []string{
			"autoscaling:*", "cloudwatch:*", "codedeploy:*", "codepipeline:*", "config:*", "ds:*",
			"elasticloadbalancing:*", "events:*", "logs:*", "route53:*", "route53domains:*", "s3:*", "ses:*", "sns:*",
			"sqs:*", "trustedadvisor:*",
		}},

		"AmazonEC2ContainerRegistryFullAccess": {wild: []string{"ecr:*"}, use: "registry"},
		"AmazonEC2ContainerRegistryPowerUser":  {use: "registry-write"},
		"AmazonEC2ContainerRegistryReadOnly":   {use: "registry-read"},
		"AmazonEC2ContainerRegistryPullOnly":   {use: "registry-read"},

		"AmazonEKSClusterPolicy":                 {use: "cluster"},
		"AmazonEKSServicePolicy":                 {use: "cluster"},
		"AmazonEKSVPCResourceController":         {use: "cluster"},
		"AmazonEKSLocalOutpostClusterPolicy":     {use: "cluster"},
		"AmazonEKSBlockStoragePolicy":            {use: "cluster"},
		"AmazonEKSComputePolicy":                 {use: "cluster"},
		"AmazonEKSLoadBalancingPolicy":           {use: "cluster"},
		"AmazonEKSNetworkingPolicy":              {use: "cluster"},
		"AmazonEKSWorkerNodePolicy":              {use: "node"},
		"AmazonEKSWorkerNodeMinimalPolicy":       {use: "node"},
		"AmazonEKS_CNI_Policy":                   {use: "cni"},
		"AmazonEKSFargatePodExecutionRolePolicy": {use: "fargate"},
		"AmazonEBSCSIDriverPolicy":               {use: "csi"},
		"AmazonEFSCSIDriverPolicy":               {use: "csi"},
		"AmazonSSMManagedInstanceCore":           {use: "ssm"},
		"AmazonEC2RoleforSSM":                    {use: "ssm"},
		"CloudWatchAgentServerPolicy":            {use: "telemetry"},
		"AWSXRayDaemonWriteAccess":               {use: "telemetry"},
	}
}

// managedEntry is one element of role_permissions[].managed. known says
// whether the policy is in the table; the flags are false when it is not.
func (b *builder) managedEntry(arn, name, id, path string) map[string]any {
	p, known := b.managed[name]
	return map[string]any{
		"arn": arn, "name": name, "document": id, "path": path,
		"known": known, "as_of": managedAsOf,
		"admin": p.admin, "iam": p.iam, "wild": anyList(p.wild), "use": p.use,
	}
}
