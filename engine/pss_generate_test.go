package engine_test

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

type fields = map[string]any

// A podMaker draws pods with all that the checks look at, and what they must not
// be misled by: nulls, empty and misspelled fields, fields of the wrong level,
// values of the wrong case. It never draws what the API server cannot read.
type podMaker struct{ *rapid.T }

// one draws one of the values.
func (m podMaker) one(values ...any) any { return rapid.SampledFrom(values).Draw(m.T, "value") }

// chance is true once in n times.
func (m podMaker) chance(n int) bool { return rapid.IntRange(0, n-1).Draw(m.T, "chance") == n-1 }

// maybe sets a field to what draw gives, once in n times, and seldom to null.
func (m podMaker) maybe(o fields, key string, n int, draw func() any) {
	switch {
	case !m.chance(n):
	case m.chance(8):
		o[key] = nil
	default:
		o[key] = draw()
	}
}

// set is maybe for plain values.
func (m podMaker) set(o fields, key string, n int, values ...any) {
	m.maybe(o, key, n, func() any { return m.one(values...) })
}

// list draws up to most elements.
func (m podMaker) list(most int, draw func(i int) any) any {
	out := []any{}
	for i := range rapid.IntRange(0, most).Draw(m.T, "length") {
		out = append(out, draw(i))
	}
	return out
}

// text draws an enumeration's value: mostly right, sometimes nearly.
func (m podMaker) text(values ...any) any {
	v := m.one(values...)
	s, _ := v.(string)
	switch rapid.IntRange(0, 15).Draw(m.T, "spelling") {
	case 15:
		return strings.ToLower(s)
	case 14:
		return " " + s
	case 13:
		return ""
	}
	return v
}

// misspell adds a field that the API server does not know.
func (m podMaker) misspell(o fields) fields {
	if m.chance(12) {
		for _, key := range []string{"Privileged", "hostport", "run_as_user", "runAsNonroot", "SeccompProfile", "hostpath", "HostPID", "type ", "Drop"} {
			if m.chance(3) {
				o[key] = m.one(true, false, nil, int64(0), "Unconfined", []any{"ALL"})
			}
		}
	}
	return o
}

func (m podMaker) shared(o fields, n int) {
	m.set(o, "runAsNonRoot", n, true, true, false)
	m.set(o, "runAsUser", n, int64(0), int64(1), int64(1000), int64(4294967295))
	m.set(o, "runAsGroup", n*2, int64(0), int64(1000))
	m.maybe(o, "seccompProfile", n, func() any {
		p := fields{}
		m.maybe(p, "type", 1, func() any { return m.text("RuntimeDefault", "RuntimeDefault", "Localhost", "Unconfined") })
		m.set(p, "localhostProfile", 4, "web.json")
		return m.misspell(p)
	})
	m.maybe(o, "appArmorProfile", n*2, func() any {
		p := fields{}
		m.maybe(p, "type", 1, func() any { return m.text("RuntimeDefault", "Localhost", "Unconfined") })
		return p
	})
	m.maybe(o, "seLinuxOptions", n*2, func() any {
		p := fields{}
		m.maybe(p, "type", 2, func() any {
			return m.text("container_t", "container_init_t", "container_kvm_t", "container_engine_t", "spc_t")
		})
		m.set(p, "user", 4, "system_u", "")
		m.set(p, "role", 4, "system_r", "")
		m.set(p, "level", 3, "s0:c1,c2")
		return m.misspell(p)
	})
	m.maybe(o, "windowsOptions", n*2, func() any {
		p := fields{}
		m.set(p, "hostProcess", 2, true, false)
		m.set(p, "runAsUserName", 4, "ContainerUser")
		return p
	})
}

func (m podMaker) capabilities() any {
	o := fields{}
	name := func(int) any {
		return m.text("ALL", "ALL", "NET_BIND_SERVICE", "NET_BIND_SERVICE", "CHOWN", "NET_RAW", "SYS_ADMIN", "NET_ADMIN", "CAP_CHOWN", "all", nil)
	}
	m.maybe(o, "drop", 2, func() any { return m.list(2, name) })
	m.maybe(o, "add", 3, func() any { return m.list(2, name) })
	return m.misspell(o)
}

func (m podMaker) handler() any {
	o := fields{}
	for _, kind := range []string{"httpGet", "tcpSocket"} {
		m.maybe(o, kind, 2, func() any {
			h := fields{"port": int64(8080)}
			m.set(h, "host", 3, "", "127.0.0.1", "example.com")
			return h
		})
	}
	m.set(o, "exec", 6, fields{"command": []any{"true"}})
	return o
}

func (m podMaker) container(i int) any {
	o := fields{"name": string(rune('a' + i)), "image": "registry.example.com/web:1.4.2"}
	m.maybe(o, "securityContext", 2, func() any {
		s := fields{}
		m.set(s, "privileged", 6, true, false)
		m.set(s, "allowPrivilegeEscalation", 2, false, false, true)
		m.maybe(s, "capabilities", 2, m.capabilities)
		m.maybe(s, "procMount", 8, func() any { return m.text("Default", "Unmasked") })
		m.set(s, "readOnlyRootFilesystem", 4, true)
		m.shared(s, 3)
		return m.misspell(s)
	})
	m.maybe(o, "ports", 4, func() any {
		return m.list(2, func(int) any {
			p := fields{"containerPort": int64(8080)}
			m.set(p, "hostPort", 2, int64(0), int64(8080))
			return m.misspell(p)
		})
	})
	for _, probe := range []string{"livenessProbe", "readinessProbe", "startupProbe"} {
		m.maybe(o, probe, 10, m.handler)
	}
	m.maybe(o, "lifecycle", 10, func() any {
		l := fields{}
		m.maybe(l, "postStart", 2, m.handler)
		m.maybe(l, "preStop", 2, m.handler)
		return l
	})
	return m.misspell(o)
}

func (m podMaker) volume(i int) any {
	o := fields{"name": string(rune('v' + i%3))}
	for range rapid.IntRange(0, 2).Draw(m.T, "sources") {
		source, _ := m.one("emptyDir", "configMap", "secret", "projected", "csi", "downwardAPI", "ephemeral", "image",
			"persistentVolumeClaim", "hostPath", "hostPath", "nfs", "iscsi", "gitRepo", "awsElasticBlockStore",
			"gcePersistentDisk", "glusterfs", "rbd", "flexVolume", "cinder", "cephfs", "flocker", "fc", "azureFile",
			"vsphereVolume", "quobyte", "azureDisk", "portworxVolume", "photonPersistentDisk", "scaleIO", "storageos",
			"HostPath", "emptydir").(string)
		o[source] = m.one(fields{}, fields{}, nil)
	}
	return o
}

func (m podMaker) podContext() any {
	o := fields{}
	m.shared(o, 2)
	m.set(o, "fsGroup", 6, int64(0), int64(1000))
	m.maybe(o, "sysctls", 6, func() any {
		return m.list(2, func(int) any {
			s := fields{"value": "1"}
			m.maybe(s, "name", 1, func() any {
				return m.text("kernel.shm_rmid_forced", "net.ipv4.tcp_syncookies", "net.ipv4.ip_local_reserved_ports",
					"net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_rmem", "net.ipv4.tcp_notsent_lowat", "net.core.somaxconn")
			})
			return s
		})
	})
	return m.misspell(o)
}

func (m podMaker) spec() fields {
	o := fields{}
	for _, name := range []string{"hostNetwork", "hostPID", "hostIPC"} {
		m.set(o, name, 10, true, false)
	}
	m.set(o, "hostUsers", 4, false, false, true)
	m.maybe(o, "os", 5, func() any {
		n := fields{}
		m.maybe(n, "name", 1, func() any { return m.text("windows", "windows", "linux", "Windows") })
		return n
	})
	m.set(o, "nodeSelector", 8, fields{"kubernetes.io/os": "windows"}, fields{})
	m.maybe(o, "securityContext", 2, m.podContext)
	m.maybe(o, "volumes", 3, func() any { return m.list(2, m.volume) })
	m.maybe(o, "containers", 1, func() any { return m.list(2, m.container) })
	m.maybe(o, "initContainers", 4, func() any { return m.list(1, m.container) })
	m.maybe(o, "ephemeralContainers", 8, func() any { return m.list(1, m.container) })
	return m.misspell(o)
}

func (m podMaker) metadata() fields {
	o := fields{"name": "web"}
	m.maybe(o, "annotations", 4, func() any {
		a := fields{}
		for _, key := range []string{
			"container.apparmor.security.beta.kubernetes.io/a", "container.apparmor.security.beta.kubernetes.io/gone",
			"container.seccomp.security.alpha.kubernetes.io/a", "seccomp.security.alpha.kubernetes.io/pod", "example.com/other",
		} {
			m.maybe(a, key, 3, func() any {
				return m.text("runtime/default", "docker/default", "localhost/web", "unconfined", "Unconfined")
			})
		}
		return a
	})
	return o
}

// A drawn object with the parts that the library judges.
type drawn struct {
	object         fields
	metadata, spec any
}

// object draws a Pod, or something that makes pods.
func object(t *rapid.T) drawn {
	m := podMaker{t}
	meta, podSpec := m.metadata(), m.spec()
	pods := fields{"metadata": meta, "spec": podSpec}
	name := fields{"name": "web", "namespace": "shop"}
	out := drawn{metadata: meta, spec: podSpec}
	switch m.one("Pod", "Deployment", "CronJob", "PodTemplate") {
	case "Deployment":
		out.object = fields{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": name, "spec": fields{"template": pods}}
	case "CronJob":
		job := fields{"spec": fields{"template": pods}}
		out.object = fields{"apiVersion": "batch/v1", "kind": "CronJob", "metadata": name, "spec": fields{"jobTemplate": job}}
	case "PodTemplate":
		out.object = fields{"apiVersion": "v1", "kind": "PodTemplate", "metadata": name, "template": pods}
	default:
		pods["apiVersion"], pods["kind"] = "v1", "Pod"
		out.object = pods
	}
	return out
}

// read takes objects through the loaders, as one stream.
func read(t *rapid.T, objects []drawn) []*document.Document {
	var text strings.Builder
	for _, o := range objects {
		one, err := json.Marshal(o.object)
		if err != nil {
			t.Fatal(err)
		}
		text.WriteString("---\n" + string(one) + "\n")
	}
	docs := stream(t, text.String())
	if len(workloads(slices.Clone(docs))) != len(objects) {
		t.Fatalf("%d objects became %d documents", len(objects), len(docs))
	}
	return docs
}

// stream takes a text through the loaders, as from standard input.
func stream(t fatal, text string) []*document.Document {
	loaded, err := loaders.Load(context.Background(), []string{"-"}, strings.NewReader(text), loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return loaded.Documents
}

// compare judges one level and version on all pods.
func compare(t *rapid.T, j *judge, docs []*document.Document, pods []pod, objects []drawn) {
	got, err := j.found(docs)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range pods {
		want, err := j.violated(p)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got[docs[i]]); diff != "" {
			text, _ := json.Marshal(objects[i].object)
			t.Fatalf("%s at %v: library (-) and rules (+) differ: %s", text, j.level, diff)
		}
	}
}

// Each draw is judged in one version, so that every version sees some two
// thousand pods; in all of them where PLIMSOLL_EXHAUSTIVE is set.
func TestPSS_RulesAgreeWithTheLibraryOnGeneratedPods(t *testing.T) {
	all := versions(29)
	judges := map[string][]*judge{}
	for _, version := range all {
		judges[version] = []*judge{newJudge(t, "baseline", version), newJudge(t, "restricted", version)}
	}
	exhaustive := os.Getenv("PLIMSOLL_EXHAUSTIVE") != ""
	enough, count := 20_000, 0
	if testing.Short() {
		enough = 1000
	}
	for count < enough && !t.Failed() {
		rapid.Check(t, func(t *rapid.T) {
			objects := rapid.SliceOfN(rapid.Custom(object), 1, 400).Draw(t, "objects")
			chosen := all
			if !exhaustive {
				chosen = []string{rapid.SampledFrom(all).Draw(t, "version")}
			}
			pods := make([]pod, len(objects))
			for i, o := range objects {
				var err error
				if pods[i], err = decode(o.metadata, o.spec); err != nil {
					t.Fatalf("the API server could not read %v: %v", o.object, err)
				}
			}
			docs := read(t, objects)
			for _, version := range chosen {
				for _, j := range judges[version] {
					compare(t, j, docs, pods, objects)
				}
			}
			count += len(objects)
		})
	}
	t.Logf("%d pods", count)
}
