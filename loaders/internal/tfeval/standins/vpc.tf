# What matters here of the VPC module: its network, subnets and flow log.

resource "aws_vpc" "this" {
  count      = var.create ? 1 : 0
  cidr_block = var.cidr
  tags       = var.tags
}

resource "aws_subnet" "public" {
  count                   = var.create ? length(var.public_subnets) : 0
  vpc_id                  = aws_vpc.this[0].id
  cidr_block              = var.public_subnets[count.index]
  map_public_ip_on_launch = var.map_public_ip
  tags                    = merge(var.public_subnet_tags, var.tags)
}

resource "aws_subnet" "private" {
  count      = var.create ? length(var.private_subnets) : 0
  vpc_id     = aws_vpc.this[0].id
  cidr_block = var.private_subnets[count.index]
  tags       = merge(var.private_subnet_tags, var.tags)
}

resource "aws_subnet" "intra" {
  count      = var.create ? length(var.intra_subnets) : 0
  vpc_id     = aws_vpc.this[0].id
  cidr_block = var.intra_subnets[count.index]
}

resource "aws_flow_log" "this" {
  count        = var.create && var.enable_flow_log ? 1 : 0
  vpc_id       = aws_vpc.this[0].id
  traffic_type = "ALL"
}

output "vpc_id" { value = aws_vpc.this[0].id }
output "vpc_arn" { value = aws_vpc.this[0].arn }
output "vpc_cidr_block" { value = aws_vpc.this[0].cidr_block }
output "azs" { value = var.azs }
output "name" { value = var.name }
output "public_subnets" { value = aws_subnet.public[*].id }
output "private_subnets" { value = aws_subnet.private[*].id }
output "intra_subnets" { value = aws_subnet.intra[*].id }
output "public_subnets_cidr_blocks" { value = aws_subnet.public[*].cidr_block }
output "private_subnets_cidr_blocks" { value = aws_subnet.private[*].cidr_block }
