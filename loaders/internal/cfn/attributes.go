package cfn

// The return values of Ref and Fn::GetAtt that follow from what a template
// says, from the "Return values" part of each resource's page in
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
// and, for the custom resources of the CDK, from its handlers.

// refProperty returns the property whose value Ref returns, by its keys.
func refProperty(typ string) []string {
	switch typ {
	case "AWS::EKS::Cluster", "AWS::SSM::Parameter", "AWS::Events::EventBus", "AWS::Scheduler::Schedule",
		"AWS::Kinesis::Stream", "AWS::Glue::Job", "AWS::CodeBuild::Project":
		return []string{"Name"}
	case "Custom::AWSCDK-EKS-Cluster":
		return []string{"Config", "name"}
	case "AWS::IAM::Role":
		return []string{"RoleName"}
	case "AWS::IAM::InstanceProfile":
		return []string{"InstanceProfileName"}
	case "AWS::IAM::User":
		return []string{"UserName"}
	case "AWS::IAM::Group":
		return []string{"GroupName"}
	case "AWS::S3::Bucket":
		return []string{"BucketName"}
	case "AWS::ECR::Repository":
		return []string{"RepositoryName"}
	case "AWS::Logs::LogGroup":
		return []string{"LogGroupName"}
	case "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable":
		return []string{"TableName"}
	case "AWS::Lambda::Function":
		return []string{"FunctionName"}
	case "AWS::KMS::Alias":
		return []string{"AliasName"}
	case "AWS::ECS::Cluster":
		return []string{"ClusterName"}
	case "AWS::AutoScaling::AutoScalingGroup":
		return []string{"AutoScalingGroupName"}
	case "AWS::AutoScaling::LaunchConfiguration":
		return []string{"LaunchConfigurationName"}
	case "AWS::EC2::KeyPair":
		return []string{"KeyName"}
	case "AWS::RDS::DBInstance":
		return []string{"DBInstanceIdentifier"}
	case "AWS::RDS::DBCluster":
		return []string{"DBClusterIdentifier"}
	case "AWS::RDS::DBSubnetGroup":
		return []string{"DBSubnetGroupName"}
	case "AWS::Backup::BackupVault":
		return []string{"BackupVaultName"}
	case "AWS::Config::ConfigRule":
		return []string{"ConfigRuleName"}
	case "AWS::CloudTrail::Trail":
		return []string{"TrailName"}
	case "AWS::CloudWatch::Alarm":
		return []string{"AlarmName"}
	default:
		return nil
	}
}

// Patterns hold <Property>, <Region> and other pseudo parameters without their
// "AWS::", <path> for a Path that defaults to "/", and <issuer> for a URL
// without its scheme.
const (
	issuerARN  = "arn:<Partition>:iam::<AccountId>:oidc-provider/<issuer>"
	policyARN  = "arn:<Partition>:iam::<AccountId>:policy<path><ManagedPolicyName>"
	topicARN   = "arn:<Partition>:sns:<Region>:<AccountId>:<TopicName>"
	machineARN = "arn:<Partition>:states:<Region>:<AccountId>:stateMachine:<StateMachineName>"
)

// refPattern returns the ARN that Ref returns.
func refPattern(typ string) string {
	switch typ {
	case "AWS::IAM::OIDCProvider", "Custom::AWSCDKOpenIdConnectProvider":
		return issuerARN
	case "AWS::IAM::ManagedPolicy":
		return policyARN
	case "AWS::SNS::Topic":
		return topicARN
	case "AWS::StepFunctions::StateMachine":
		return machineARN
	default:
		return ""
	}
}

// attributePattern returns the ARN that Fn::GetAtt returns.
func attributePattern(typ, attribute string) string {
	switch typ + "." + attribute {
	case "AWS::IAM::Role.Arn":
		return "arn:<Partition>:iam::<AccountId>:role<path><RoleName>"
	case "AWS::IAM::User.Arn":
		return "arn:<Partition>:iam::<AccountId>:user<path><UserName>"
	case "AWS::IAM::Group.Arn":
		return "arn:<Partition>:iam::<AccountId>:group<path><GroupName>"
	case "AWS::IAM::InstanceProfile.Arn":
		return "arn:<Partition>:iam::<AccountId>:instance-profile<path><InstanceProfileName>"
	case "AWS::IAM::ManagedPolicy.PolicyArn":
		return policyARN
	case "AWS::IAM::OIDCProvider.Arn":
		return issuerARN
	case "AWS::EKS::Cluster.Arn":
		return "arn:<Partition>:eks:<Region>:<AccountId>:cluster/<Name>"
	case "Custom::AWSCDK-EKS-Cluster.Arn":
		return "arn:<Partition>:eks:<Region>:<AccountId>:cluster/<Config.name>"
	case "AWS::S3::Bucket.Arn":
		return "arn:<Partition>:s3:::<BucketName>"
	case "AWS::ECR::Repository.Arn":
		return "arn:<Partition>:ecr:<Region>:<AccountId>:repository/<RepositoryName>"
	case "AWS::ECR::Repository.RepositoryUri":
		return "<AccountId>.dkr.ecr.<Region>.<URLSuffix>/<RepositoryName>"
	case "AWS::Logs::LogGroup.Arn":
		return "arn:<Partition>:logs:<Region>:<AccountId>:log-group:<LogGroupName>:*"
	case "AWS::Lambda::Function.Arn":
		return "arn:<Partition>:lambda:<Region>:<AccountId>:function:<FunctionName>"
	case "AWS::DynamoDB::Table.Arn", "AWS::DynamoDB::GlobalTable.Arn":
		return "arn:<Partition>:dynamodb:<Region>:<AccountId>:table/<TableName>"
	case "AWS::SQS::Queue.Arn":
		return "arn:<Partition>:sqs:<Region>:<AccountId>:<QueueName>"
	case "AWS::SNS::Topic.TopicArn":
		return topicARN
	case "AWS::StepFunctions::StateMachine.Arn":
		return machineARN
	case "AWS::ECS::Cluster.Arn":
		return "arn:<Partition>:ecs:<Region>:<AccountId>:cluster/<ClusterName>"
	default:
		return ""
	}
}

// echoed returns the property that an attribute repeats.
func echoed(typ, attribute string) string {
	switch typ + "." + attribute {
	case "AWS::EC2::VPC.CidrBlock", "AWS::EC2::Subnet.CidrBlock", "AWS::EC2::Subnet.AvailabilityZone", "AWS::EC2::Subnet.VpcId",
		"AWS::EC2::SecurityGroup.VpcId", "AWS::EKS::Nodegroup.ClusterName", "AWS::EKS::Nodegroup.NodegroupName",
		"AWS::SQS::Queue.QueueName", "AWS::SNS::Topic.TopicName", "AWS::Backup::BackupVault.BackupVaultName":
		return attribute
	case "AWS::StepFunctions::StateMachine.Name":
		return "StateMachineName"
	default:
		return ""
	}
}
