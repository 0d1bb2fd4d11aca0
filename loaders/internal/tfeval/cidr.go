package tfeval

import (
	"errors"
	"fmt"
	"math/big"
	"net/netip"

	"github.com/zclconf/go-cty/cty"
)

// bitsOf returns an address as a number.
func bitsOf(a netip.Addr) *big.Int { return new(big.Int).SetBytes(a.AsSlice()) }

func addrOf(n *big.Int, bits int) (netip.Addr, error) {
	if n.Sign() < 0 || n.BitLen() > bits {
		return netip.Addr{}, errors.New("an address outside of its family")
	}
	a, ok := netip.AddrFromSlice(n.FillBytes(make([]byte, bits/8)))
	if !ok {
		return netip.Addr{}, errors.New("no address")
	}
	return a, nil
}

// subnet is subnet number n of those that have more bits than prefix.
func subnet(prefix string, more, n int) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(prefix)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("prefix: %w", err)
	}
	p = p.Masked()
	length := p.Addr().BitLen()
	bits := p.Bits() + more
	if more < 0 || bits > length || n < 0 || more < 62 && n >= 1<<more {
		return netip.Prefix{}, errors.New("no such subnet")
	}
	at := new(big.Int).Lsh(big.NewInt(int64(n)), uint(length-bits)) //nolint:gosec // at most 128
	a, err := addrOf(at.Add(at, bitsOf(p.Addr())), length)
	return netip.PrefixFrom(a, bits), err
}

// subnets puts subnets of the given sizes one behind the other.
func subnets(prefix string, sizes []cty.Value) (cty.Value, error) {
	p, err := netip.ParsePrefix(prefix)
	if err != nil {
		return cty.NilVal, fmt.Errorf("prefix: %w", err)
	}
	p = p.Masked()
	length := p.Addr().BitLen()
	next := bitsOf(p.Addr())
	end := new(big.Int).Add(next, new(big.Int).Lsh(big.NewInt(1), uint(length-p.Bits()))) //nolint:gosec // at most 128
	var out []cty.Value
	for _, s := range sizes {
		more, _ := s.AsBigFloat().Int64()
		bits := p.Bits() + int(more)
		if more < 1 || bits > length {
			return cty.NilVal, errors.New("no such subnet")
		}
		size := new(big.Int).Lsh(big.NewInt(1), uint(length-bits)) //nolint:gosec // as above
		// A subnet begins at a multiple of its size.
		if rest := new(big.Int).Mod(next, size); rest.Sign() != 0 {
			next = new(big.Int).Add(next, new(big.Int).Sub(size, rest))
		}
		a, err := addrOf(next, length)
		if err != nil {
			return cty.NilVal, err
		}
		if next = new(big.Int).Add(next, size); next.Cmp(end) > 0 {
			return cty.NilVal, errors.New("the prefix is too small")
		}
		out = append(out, cty.StringVal(netip.PrefixFrom(a, bits).String()))
	}
	if len(out) == 0 {
		return cty.ListValEmpty(cty.String), nil
	}
	return cty.ListVal(out), nil
}

// host is address number n of a prefix, from its end if n is negative.
func host(prefix string, n int) (cty.Value, error) {
	p, err := netip.ParsePrefix(prefix)
	if err != nil {
		return cty.NilVal, fmt.Errorf("prefix: %w", err)
	}
	p = p.Masked()
	length := p.Addr().BitLen()
	size := new(big.Int).Lsh(big.NewInt(1), uint(length-p.Bits())) //nolint:gosec // at most 128
	at := big.NewInt(int64(n))
	if n < 0 {
		at.Add(at, size)
	}
	if at.Sign() < 0 || at.Cmp(size) >= 0 {
		return cty.NilVal, errors.New("no such host")
	}
	a, err := addrOf(at.Add(at, bitsOf(p.Addr())), length)
	return cty.StringVal(a.String()), err
}
