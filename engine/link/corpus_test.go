package link

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// corpus loads a part of the corpus.
func corpus(t *testing.T, part string) []*document.Document {
	t.Helper()
	root := os.Getenv("PLIMSOLL_CORPUS")
	if root == "" {
		t.Skip("PLIMSOLL_CORPUS is not set")
	}
	t.Chdir(root)
	result, err := loaders.Load(context.Background(), []string{part}, nil, loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Documents) == 0 {
		t.Fatalf("%s holds no documents", part)
	}
	return result.Documents
}

func TestCorpusIsClosedAndStable(t *testing.T) {
	docs := corpus(t, ".")
	s := Build(docs)
	for relation, byID := range s.Links {
		for from, l := range byID {
			for _, e := range l {
				if s.Documents[from] == nil || s.Documents[e.To] == nil {
					t.Errorf("%s: %s -> %s leads out of the stack", relation, from, e.To)
				}
				if rank(e.Via) < 0 {
					t.Errorf("%s: %s -> %s is known by %q", relation, from, e.To, e.Via)
				}
			}
		}
	}
	want, err := json.Marshal(s.Index())
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
	got, err := json.Marshal(Build(docs).Index())
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(got) {
		t.Error("the order of documents shows")
	}
}

// TestCorpusAgreesOnSelection compares with labels that others gave: folders
// named success hold workloads that a policy selects, folders named failed hold
// none.
func TestCorpusAgreesOnSelection(t *testing.T) {
	for _, rule := range []string{"dangling-networkpolicy", "ensure_network_policy_configured_in_labels"} {
		root := os.Getenv("PLIMSOLL_CORPUS")
		if root == "" {
			t.Skip("PLIMSOLL_CORPUS is not set")
		}
		cases, err := os.ReadDir(filepath.Join(root, "kubescape", rule))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			t.Run(rule+"/"+c.Name(), func(t *testing.T) {
				s := Build(corpus(t, "kubescape/"+rule+"/"+c.Name()))
				if len(s.ByType["workload"]) == 0 {
					t.Skip("no workloads")
				}
				selected := len(edges(s, NetpolsOf)) > 0
				if want := strings.HasPrefix(c.Name(), "success"); selected != want {
					t.Errorf("selected: %v, want %v", selected, want)
				}
			})
		}
	}
}

func TestCorpusCDKServiceAccount(t *testing.T) {
	s := Build(corpus(t, "cdk/v1-alb-addon-rbac.template.json"))
	accounts := s.ByType["service_account"]
	if len(accounts) != 1 {
		t.Fatalf("service accounts: %v", accounts)
	}
	roles := s.Links[RoleOf][accounts[0]]
	if len(roles) != 1 || roles[0].Via != ViaReference {
		t.Fatalf("roles of %s: %v", accounts[0], roles)
	}
	if !slices.Contains(s.Links[TrustsSA][roles[0].To], Edge{To: accounts[0], Via: ViaValue}) {
		t.Errorf("the role trusts %v", s.Links[TrustsSA][roles[0].To])
	}
	if len(s.Links[OIDCOf][roles[0].To]) != 1 || len(s.Links[ClusterOf][accounts[0]]) != 1 {
		t.Errorf("provider %v, cluster %v", s.Links[OIDCOf][roles[0].To], s.Links[ClusterOf][accounts[0]])
	}
	wantValue(t, get(s.Facts, "netpol_engine", "enforced"), any(true))
}

func TestCorpusModuleNodeGroups(t *testing.T) {
	s := Build(corpus(t, "terraform/public-eks-eks-managed-node-group"))
	groups := s.ByType["node_group"]
	if len(groups) != 2 {
		t.Fatalf("node groups: %v", groups)
	}
	clusters := map[string]bool{}
	for _, g := range groups {
		for _, relation := range []string{ClusterOf, RoleOf, LaunchTemplateOf} {
			if len(s.Links[relation][g]) != 1 {
				t.Errorf("%s of %s: %v", relation, g, s.Links[relation][g])
			}
		}
		for _, e := range s.Links[ClusterOf][g] {
			clusters[e.To] = true
		}
		for _, e := range s.Links[RoleOf][g] {
			if n := len(list(permissionsOf(s, e.To)["managed"])); n != 3 {
				t.Errorf("%s has %d managed policies, want 3", e.To, n)
			}
		}
	}
	if len(clusters) != 2 {
		t.Errorf("two groups of two clusters are in %v", clusters)
	}
}
