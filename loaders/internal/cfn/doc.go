// Package cfn reads AWS CloudFormation templates, YAML or JSON, written by hand
// or synthesized by the CDK, and returns one document per resource with its
// intrinsic functions evaluated.
//
// # Values
//
// Every value is known, unknown, a text with holes, or AWS::NoValue (which
// removes its property). Document.Raw holds what is known. An unknown leaf is
// absent from objects and nil in lists, and Document.RawStates says why:
//
//   - Unknown, with the reason, the tokens of the resources it depends on and,
//     for texts, a Template;
//   - Partial at a list of which not even the number of elements is certain, or
//     at an object or document to which a macro or an undecided loop may add.
//
// An unknown leaf never becomes a string in Raw. Only keys of an object that
// was decoded from a text with holes (Custom::AWSCDKCfnJson) keep their holes.
//
// # Templates
//
// A Template is the text with a hole for every part that is not known:
//
//	arn:${AWS::Partition}:iam::aws:policy/AmazonEKSClusterPolicy
//
// A hole begins with "${" and ends with the next "}"; its name never contains
// "}", a quotation mark, a backslash or a control character, so that JSON text
// with holes inside its strings stays JSON text. A literal "${" of the text is
// written "${!". The names are
//
//   - ${LogicalId} for Ref and ${LogicalId.Attribute} for Fn::GetAtt,
//   - ${AWS::Region} and so on for pseudo parameters,
//   - ${ParameterName} for a parameter without a value, and for the value of a
//     NoEcho parameter inside a longer text that has other holes,
//   - ${resolve:service:reference} for a dynamic reference, and for a parameter
//     of an SSM type,
//   - ${Fn::ImportValue.ExportName},
//   - ${Fn::Name.Origin.Hash} for the result of a function over unknown values;
//     Origin is the first hole it came from, and equal names mean equal values.
//
// A Template that begins with ${Fn::Base64} is the text before encoding.
//
// # Documents
//
// A resource whose condition does not hold has no document; one whose condition
// is undecided is Conditional, and its properties are evaluated as they are when
// it exists. A nested stack whose template is a file beside this one (a local
// TemplateURL, or an asset of the CDK) is evaluated with the parameters it is
// given; the second stack of the same file has IDs and tokens that begin with
// "<file>@<LogicalId>#". Metadata holds "aws:cdk:path", "cfn:condition",
// "cfn:deletion_policy", "cfn:update_replace_policy", "cfn:depends_on" (joined
// with commas), and "origin" = "cdk_framework" for what the CDK adds for itself.
//
// Metadata also has "plimsoll:ignore", the list under Metadata.plimsoll.ignore
// as JSON; "cfn:stack" and "cfn:display_name", the stack's names in a cloud
// assembly; "cfn:packaged" on the resources of a nested stack that was found by
// the hash of its upload; and "cdk:chart", the folder of a chart that is an asset of one.
//
// LoadAssembly reads a CDK cloud assembly from its manifest.json. A template of
// an assembly that is read by itself finds the manifest beside it, and with it
// its account, region, names and parameters. A TemplateURL that names an upload
// is looked for by the asset's hash, then by the end of its path; a stack whose
// template is nowhere is a Note. Properties under Globals are part of SAM's
// resources and lie where they are written there.
//
// Patches (Custom::AWSCDK-EKS-KubernetesPatch) are put in force by package lift
// where the stack makes the object they are for. Of an object that something
// else makes only the patch is in the input: it is a document of the canonical
// type kubernetes_patch, and not judged as if it were the object.
//
// A conditional document has a Presence: its conditions are formulas over the
// parameters and other values that are not known, and the deployments of a
// template, nested stacks included, are all ways to fill these in that agree
// with AllowedValues and with the Rules section. Where there are too many of
// them, conditional documents are taken to be independent.
//
// Numbers keep the type they are written in. A parameter of type String is
// always a text, as in "true"; one of type Number is a number when that loses
// nothing. Functions that cannot be evaluated are diagnostics, and their values
// unknown.
//
// # References
//
// Every Ref, Fn::GetAtt and Fn::Sub of a resource is a document.Ref with the
// path of the value that uses it. An output with a known export name adds the
// token "cfn-export:<name>" to the resource it exports, and Fn::ImportValue of
// a known name refers to that token.
//
// # Positions
//
// Keys and values are where they are written. What an intrinsic function
// returns has the range of the function; a branch of Fn::If keeps the ranges of
// what is inside it. What comes from elsewhere (a parameter's default, a
// mapping, an included file) has the range of the function that fetched it.
//
// Facts about functions, parameters and return values of Ref and Fn::GetAtt are
// from the AWS CloudFormation Template Reference.
package cfn
