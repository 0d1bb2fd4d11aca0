package link_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/engine/link"
	"github.com/plimsoll-dev/plimsoll/fixtures/environment"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// put writes files below a folder.
func put(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A found stack has the edges of one run, in words.
type found struct {
	// edges are by relation: "node_group workers -> eks_cluster harbour" -> via.
	edges map[string]map[string]string
	// crossing are edges between the folders of two environments.
	crossing []string
}

// environmentFolder finds the folder of an environment in a document's ID.
var environmentFolder = regexp.MustCompile(`(?:^|/)(own|decoy)[/#]`)

func read(t *testing.T, dir string, env *environment.Environment) found {
	t.Helper()
	loaded, err := loaders.Load(context.Background(), []string{dir}, strings.NewReader(""), loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range loaded.Diagnostics {
		if d.Level != document.Note {
			t.Errorf("%s:%d: %s", d.Range.File(), d.Range.Start.Line, d.Message)
		}
	}
	reader := environment.NewReader(env, loaded.Documents)
	stack := link.Build(loaded.Documents)
	out := found{edges: map[string]map[string]string{}}
	folder := func(d *document.Document) string {
		for d.Parent != nil {
			d = d.Parent
		}
		return environmentFolder.FindStringSubmatch(d.ID)[1]
	}
	for relation, byID := range stack.Links {
		out.edges[relation] = map[string]string{}
		for from, edges := range byID {
			for _, e := range edges {
				a, b := stack.Documents[from], stack.Documents[e.To]
				if folder(a) != folder(b) {
					out.crossing = append(out.crossing, fmt.Sprintf("%s: %s -> %s (%s)", relation, from, e.To, e.Via))
				}
				if folder(a) == "own" {
					out.edges[relation][name(reader, a)+" -> "+name(reader, b)] = e.Via
				}
			}
		}
	}
	return out
}

// name tells documents of an environment by subject, objects by namespace.
func name(r *environment.Reader, d *document.Document) string {
	if s := r.Subject(d); s != "" {
		return s
	}
	return strings.TrimPrefix(d.Type+" "+d.Namespace+"/"+d.Name, " ")
}

// An edge is what a specification says: the language must know it wherever both
// ends are named, or, for what has an ID only, stand in the same text.
type edge struct {
	relation, fromType, from, toType, to string
	byID                                 bool
}

func (e edge) String() string {
	return strings.TrimSpace(e.fromType+" "+e.from) + " -> " + strings.TrimSpace(e.toType+" "+e.to)
}

// specified lists the edges of an environment.
func specified(env *environment.Environment) []edge {
	cluster, group := env.Cluster.Name, env.Network.Group
	logs := "/aws/eks/" + cluster + "/cluster"
	out := []edge{
		{"role_of", "eks_cluster", cluster, "iam_role", env.Cluster.Role, false},
		{"log_group_of", "eks_cluster", cluster, "log_group", logs, false},
		{"kms_key_of", "eks_cluster", cluster, "kms_key", env.Key.Description, true},
		{"kms_key_of", "log_group", logs, "kms_key", env.Key.Description, true},
		{"kms_key_of", "ecr_repository", env.Repository.Name, "kms_key", env.Key.Description, true},
		{"kms_key_of", "launch_template", "batch", "kms_key", env.Key.Description, true},
		{"launch_template_of", "node_group", "batch", "launch_template", "batch", true},
		{"security_groups_of", "eks_cluster", cluster, "security_group", group, true},
		{"rules_of", "security_group", group, "security_group_rule", "ingress [10.0.0.0/24]", true},
		{"vpc_of", "security_group", group, "vpc", "", true},
		{"cluster_of", "fargate_profile", "jobs", "eks_cluster", cluster, false},
		{"role_of", "fargate_profile", "jobs", "iam_role", "harbour-fargate", false},
		{"cluster_of", "pod_identity_association", "docks crane", "eks_cluster", cluster, false},
		{"role_of", "pod_identity_association", "docks crane", "iam_role", "harbour-crane", false},
		{"role_of", "eks_addon", "vpc-cni", "iam_role", "harbour-cni", false},
		{"oidc_of", "iam_role", "harbour-cni", "oidc_provider", "", false},
		{"routes_of", "route_table", "", "route", "", true},
		{"route_table_of", "subnet", env.Network.Subnets[0].CIDR, "route_table", "", true},
	}
	for _, g := range env.Groups {
		out = append(out, edge{"cluster_of", "node_group", g.Name, "eks_cluster", cluster, false},
			edge{"role_of", "node_group", g.Name, "iam_role", g.Role, false})
	}
	for _, a := range env.Addons {
		out = append(out, edge{"cluster_of", "eks_addon", a.Name, "eks_cluster", cluster, false})
	}
	for _, a := range env.Entries {
		out = append(out, edge{"cluster_of", "access_entry", a.Principal, "eks_cluster", cluster, false},
			edge{"principal_of", "access_entry", a.Principal, "iam_role", a.Principal, false})
	}
	for _, s := range env.Network.Subnets {
		out = append(out, edge{"subnets_of", "eks_cluster", cluster, "subnet", s.CIDR, true},
			edge{"subnets_of", "node_group", "workers", "subnet", s.CIDR, true},
			edge{"subnets_of", "fargate_profile", "jobs", "subnet", s.CIDR, true}, edge{"vpc_of", "subnet", s.CIDR, "vpc", "", true})
	}
	return out
}

// together reports whether both ends of an edge stand in one text. Cluster API
// and eksctl name resources of other kinds, but refer to none.
func together(env *environment.Environment, l environment.Language, e edge) bool {
	has := func(typ, name string) bool {
		for _, s := range env.Network.Subnets {
			if name == s.CIDR {
				name = s.ID
			}
		}
		switch typ {
		case "vpc", "route_table", "route":
			name = map[string]string{"vpc": "vpc", "route_table": "public", "route": "default"}[typ]
		case "security_group_rule":
			name = "ingress 10.0.0.0/24"
		case "oidc_provider":
			name = "oidc"
		}
		return l.Has(env, typ, name)
	}
	return has(e.fromType, e.from) == has(e.toType, e.to)
}

// decoy is an environment with the same names, but for the cluster's.
func decoy() map[string]string {
	other := environment.Base()
	other.Cluster.Name, other.References = "harbour-2", true
	return environment.Languages()[0].Files(other)
}

func TestLinks_EveryRelationInEveryLanguage(t *testing.T) {
	for _, language := range environment.Languages() {
		for _, refers := range []bool{false, true} {
			if refers && !language.Refers {
				continue
			}
			t.Run(fmt.Sprintf("%s, references %v", language.Name, refers), func(t *testing.T) {
				env := environment.Base()
				env.References = refers
				dir := t.TempDir()
				put(t, filepath.Join(dir, "own"), language.Files(env))
				put(t, filepath.Join(dir, "decoy"), decoy())
				got := read(t, dir, env)
				slices.Sort(got.crossing)
				for _, e := range got.crossing {
					t.Errorf("two environments meet: %s", e)
				}
				for _, e := range specified(env) {
					if e.byID && (!refers || !together(env, language, e)) {
						continue
					}
					via, ok := got.edges[e.relation][e.String()]
					if !ok {
						t.Errorf("%s lacks %s; it has %v", e.relation, e, slices.Sorted(maps.Keys(got.edges[e.relation])))
					} else if !slices.Contains([]string{link.ViaValue, link.ViaReference, link.ViaSource, link.ViaInferred, link.ViaConvention}, via) {
						t.Errorf("%s %s: via %q", e.relation, e, via)
					}
				}
			})
		}
	}
}

func TestLinks_ObjectsAndTheirRolesInEveryPairOfLanguages(t *testing.T) {
	want := map[string][]string{
		"sa_of":         {"workload docks/crane -> service_account docks/crane", "workload decoy/crane -> service_account decoy/crane"},
		"namespace_of":  {"workload docks/crane -> namespace /docks", "service_account decoy/reader -> namespace /decoy"},
		"services_of":   {"workload docks/crane -> service docks/crane", "workload decoy/crane -> service decoy/crane"},
		"ingresses_of":  {"service docks/crane -> ingress docks/crane", "service decoy/crane -> ingress decoy/crane"},
		"netpols_of":    {"workload docks/crane -> network_policy docks/deny", "workload decoy/crane -> network_policy decoy/deny"},
		"bindings_of":   {"service_account docks/crane -> rbac_binding docks/crane", "service_account decoy/crane -> rbac_binding decoy/crane"},
		"rbac_role_of":  {"rbac_binding docks/crane -> rbac_role docks/crane", "rbac_binding decoy/crane -> rbac_role decoy/crane"},
		"role_of":       {"service_account docks/reader -> iam_role harbour-docks"},
		"pod_role_of":   {},
		"repository_of": {"workload docks/crane -> ecr_repository harbour/crane", "workload decoy/crane -> ecr_repository harbour/crane"},
		"trusts_sa":     {"iam_role harbour-docks -> service_account docks/reader"},
		"cluster_of":    {"workload docks/crane -> eks_cluster harbour"},
	}
	for _, language := range environment.Languages() {
		for _, carrier := range environment.Carriers(environment.Apps()) {
			t.Run(language.Name+" and "+carrier.Name, func(t *testing.T) {
				env := environment.Base()
				env.Roles = append(env.Roles, environment.Role{Name: "harbour-docks", Trust: "irsa", Subject: "docks:reader"},
					environment.Role{Name: "harbour-docks-2", Trust: "irsa", Subject: "docks:reader-2"})
				dir := t.TempDir()
				files := language.Files(env)
				files[carrier.File] = carrier.Text
				put(t, filepath.Join(dir, "own"), files)
				got := read(t, dir, env)
				for relation, edges := range want {
					for _, e := range edges {
						if _, ok := got.edges[relation][e]; !ok {
							t.Errorf("%s lacks %s; it has %v", relation, e, slices.Sorted(maps.Keys(got.edges[relation])))
						}
					}
				}
				for relation, edges := range got.edges {
					for e := range edges {
						from, to, _ := strings.Cut(e, " -> ")
						if strings.Contains(from, " docks/") && strings.Contains(to, " decoy/") || strings.Contains(from, " decoy/") && strings.Contains(to, " docks/") {
							t.Errorf("%s crosses namespaces: %s", relation, e)
						}
					}
				}
				for _, e := range []string{"service_account decoy/reader -> iam_role harbour-docks", "service_account docks/reader -> iam_role harbour-docks-2"} {
					if via, ok := got.edges["role_of"][e]; ok {
						t.Errorf("role_of has the decoy %s (%s)", e, via)
					}
				}
			})
		}
	}
}
