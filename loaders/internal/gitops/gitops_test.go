package gitops_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/internal/gitops"
)

func TestSameRepository_KnowsAllSpellingsOfAnAddress(t *testing.T) {
	remotes := gitops.Remotes([]byte("[core]\n\turl = no\n[remote \"origin\"]\n\turl = git@github.com:Example/shop.git\n\tfetch = +refs\n[branch \"main\"]\n\turl = no\n"))
	if diff := cmp.Diff([]string{"git@github.com:Example/shop.git"}, remotes); diff != "" {
		t.Errorf("remotes (-want +got):\n%s", diff)
	}
	for address, want := range map[string]bool{
		"https://github.com/example/shop":        true,
		"https://github.com/example/shop.git/":   true,
		"https://token@github.com/example/shop":  true,
		"ssh://git@github.com/example/shop.git":  true,
		"git@github.com:example/shop":            true,
		"":                                       true,
		"https://github.com/example/shop-2":      false,
		"https://gitlab.com/example/shop":        false,
		"https://charts.example.com":             false,
		"oci://registry.example.com/charts/shop": false,
	} {
		if got := gitops.SameRepository(address, remotes); got != want {
			t.Errorf("%q: %t", address, got)
		}
	}
}
