package cfn

import (
	"math/big"
	"net/netip"
	"strconv"
	"strings"
)

// cidr evaluates Fn::Cidr: [block, count, bits]. Bits are those of a host, so
// that 8 gives /24.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
func (t *tmpl) cidr(c call) *value {
	nodes, ok := c.arguments(2, 3)
	if !ok {
		return t.misused(c, "an address block, a count and the number of subnet bits")
	}
	args := make([]*value, len(nodes))
	open := false
	for i, n := range nodes {
		args[i] = t.eval(n, c.f)
		if args[i].kind != known && args[i].kind != unknown {
			return t.misused(c, "an address block, a count and the number of subnet bits")
		}
		open = open || args[i].kind == unknown
	}
	if open || len(args) == 2 {
		// Without bits the service chooses; how is not documented.
		return holeValue(derived(c.name, args...), listShape, c.span).with(allEdges(args...))
	}
	block, err := netip.ParsePrefix(strings.TrimSpace(scalarText(args[0].scalar)))
	count, countErr := strconv.Atoi(strings.TrimSpace(scalarText(args[1].scalar)))
	bits, bitsErr := strconv.Atoi(strings.TrimSpace(scalarText(args[2].scalar)))
	if err != nil || countErr != nil || bitsErr != nil {
		return t.misused(c, "an address block, a count and the number of subnet bits")
	}
	blocks, ok := subnets(block, count, bits)
	if !ok {
		t.errorAt(c.span, "Fn::Cidr: %s does not hold %d blocks of %d subnet bits", block, count, bits)
		return failed(c.span)
	}
	out := listValue(make([]*value, len(blocks)), c.span)
	edges := allEdges(args...)
	for i, b := range blocks {
		out.items[i] = scalarValue(b, c.span).with(edges)
	}
	return out
}

func subnets(block netip.Prefix, count, bits int) ([]string, bool) {
	size := block.Addr().BitLen()
	length := size - bits
	if count < 1 || count > 256 || bits < 1 || length < block.Bits() {
		return nil, false
	}
	room := new(big.Int).Lsh(big.NewInt(1), uint(length-block.Bits())) //nolint:gosec // not negative, checked above
	if room.Cmp(big.NewInt(int64(count))) < 0 {
		return nil, false
	}
	at := new(big.Int).SetBytes(block.Masked().Addr().AsSlice())
	step := new(big.Int).Lsh(big.NewInt(1), uint(bits)) //nolint:gosec // at least 1, checked above
	out := make([]string, count)
	for i := range out {
		addr, ok := netip.AddrFromSlice(at.FillBytes(make([]byte, size/8)))
		if !ok {
			return nil, false
		}
		out[i] = netip.PrefixFrom(addr, length).String()
		at.Add(at, step)
	}
	return out, true
}
