package cfn

// The return values of Ref and Fn::GetAtt that follow from what a template
// says, from the "Return values" part of each resource's page in
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
// and, for the custom resources of the CDK, from its handlers.

// refProperties are the properties whose value Ref returns, by their keys.
var refProperties = map[string][]string{ //nolint:gochecknoglobals // a constant
	"AWS::AutoScaling::AutoScalingGroup":    {"AutoScalingGroupName"},
	"AWS::AutoScaling::LaunchConfiguration": {"LaunchConfigurationName"},
	"AWS::Backup::BackupVault":              {"BackupVaultName"},
	"AWS::CloudTrail::Trail":                {"TrailName"},
	"AWS::CloudWatch::Alarm":                {"AlarmName"},
	"AWS::CodeBuild::Project":               {"Name"},
	"AWS::Config::ConfigRule":               {"ConfigRuleName"},
	"AWS::DynamoDB::GlobalTable":            {"TableName"},
	"AWS::DynamoDB::Table":                  {"TableName"},
	"AWS::EC2::KeyPair":                     {"KeyName"},
	"AWS::ECR::Repository":                  {"RepositoryName"},
	"AWS::ECS::Cluster":                     {"ClusterName"},
	"AWS::EKS::Cluster":                     {"Name"},
	"AWS::Events::EventBus":                 {"Name"},
	"AWS::Glue::Job":                        {"Name"},
	"AWS::IAM::Group":                       {"GroupName"},
	"AWS::IAM::InstanceProfile":             {"InstanceProfileName"},
	"AWS::IAM::Role":                        {"RoleName"},
	"AWS::IAM::User":                        {"UserName"},
	"AWS::KMS::Alias":                       {"AliasName"},
	"AWS::Kinesis::Stream":                  {"Name"},
	"AWS::Lambda::Function":                 {"FunctionName"},
	"AWS::Logs::LogGroup":                   {"LogGroupName"},
	"AWS::RDS::DBCluster":                   {"DBClusterIdentifier"},
	"AWS::RDS::DBInstance":                  {"DBInstanceIdentifier"},
	"AWS::RDS::DBSubnetGroup":               {"DBSubnetGroupName"},
	"AWS::S3::Bucket":                       {"BucketName"},
	"AWS::SSM::Parameter":                   {"Name"},
	"AWS::Scheduler::Schedule":              {"Name"},
	"Custom::AWSCDK-EKS-Cluster":            {"Config", "name"},
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

// refPatterns are the ARNs that Ref returns.
var refPatterns = map[string]string{ //nolint:gochecknoglobals // a constant
	"AWS::IAM::ManagedPolicy":             policyARN,
	"AWS::IAM::OIDCProvider":              issuerARN,
	"AWS::SNS::Topic":                     topicARN,
	"AWS::StepFunctions::StateMachine":    machineARN,
	"Custom::AWSCDKOpenIdConnectProvider": issuerARN,
}

// attributePatterns are the ARNs that Fn::GetAtt returns, by type and attribute.
var attributePatterns = map[string]string{ //nolint:gochecknoglobals // a constant
	"AWS::DynamoDB::GlobalTable.Arn":       "arn:<Partition>:dynamodb:<Region>:<AccountId>:table/<TableName>",
	"AWS::DynamoDB::Table.Arn":             "arn:<Partition>:dynamodb:<Region>:<AccountId>:table/<TableName>",
	"AWS::ECR::Repository.Arn":             "arn:<Partition>:ecr:<Region>:<AccountId>:repository/<RepositoryName>",
	"AWS::ECR::Repository.RepositoryUri":   "<AccountId>.dkr.ecr.<Region>.<URLSuffix>/<RepositoryName>",
	"AWS::ECS::Cluster.Arn":                "arn:<Partition>:ecs:<Region>:<AccountId>:cluster/<ClusterName>",
	"AWS::EKS::Cluster.Arn":                "arn:<Partition>:eks:<Region>:<AccountId>:cluster/<Name>",
	"AWS::IAM::Group.Arn":                  "arn:<Partition>:iam::<AccountId>:group<path><GroupName>",
	"AWS::IAM::InstanceProfile.Arn":        "arn:<Partition>:iam::<AccountId>:instance-profile<path><InstanceProfileName>",
	"AWS::IAM::ManagedPolicy.PolicyArn":    policyARN,
	"AWS::IAM::OIDCProvider.Arn":           issuerARN,
	"AWS::IAM::Role.Arn":                   "arn:<Partition>:iam::<AccountId>:role<path><RoleName>",
	"AWS::IAM::User.Arn":                   "arn:<Partition>:iam::<AccountId>:user<path><UserName>",
	"AWS::Lambda::Function.Arn":            "arn:<Partition>:lambda:<Region>:<AccountId>:function:<FunctionName>",
	"AWS::Logs::LogGroup.Arn":              "arn:<Partition>:logs:<Region>:<AccountId>:log-group:<LogGroupName>:*",
	"AWS::S3::Bucket.Arn":                  "arn:<Partition>:s3:::<BucketName>",
	"AWS::SNS::Topic.TopicArn":             topicARN,
	"AWS::SQS::Queue.Arn":                  "arn:<Partition>:sqs:<Region>:<AccountId>:<QueueName>",
	"AWS::StepFunctions::StateMachine.Arn": machineARN,
	"Custom::AWSCDK-EKS-Cluster.Arn":       "arn:<Partition>:eks:<Region>:<AccountId>:cluster/<Config.name>",
}

// echoes are the properties that attributes repeat.
var echoes = map[string]string{ //nolint:gochecknoglobals // a constant
	"AWS::Backup::BackupVault.BackupVaultName": "BackupVaultName",
	"AWS::EC2::SecurityGroup.VpcId":            "VpcId",
	"AWS::EC2::Subnet.AvailabilityZone":        "AvailabilityZone",
	"AWS::EC2::Subnet.CidrBlock":               "CidrBlock",
	"AWS::EC2::Subnet.VpcId":                   "VpcId",
	"AWS::EC2::VPC.CidrBlock":                  "CidrBlock",
	"AWS::EKS::Nodegroup.ClusterName":          "ClusterName",
	"AWS::EKS::Nodegroup.NodegroupName":        "NodegroupName",
	"AWS::SNS::Topic.TopicName":                "TopicName",
	"AWS::SQS::Queue.QueueName":                "QueueName",
	"AWS::StepFunctions::StateMachine.Name":    "StateMachineName",
}
