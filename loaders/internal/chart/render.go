package chart

import (
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	valueutil "helm.sh/helm/v4/pkg/chart/common/util"
	v2 "helm.sh/helm/v4/pkg/chart/v2"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
	"helm.sh/helm/v4/pkg/strvals"
	"sigs.k8s.io/yaml"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// DefaultKubeVersion is the version that charts see as
// .Capabilities.KubeVersion when nobody says otherwise: the newest one that
// Amazon EKS has in standard support at the time of writing.
const DefaultKubeVersion = "v1.35.0"

// notes is the template whose text Helm shows to the user.
const notes = "NOTES.txt"

// Settings say how a chart is installed. The zero value is a release of the
// chart's own name in the namespace "default", with default values.
type Settings struct {
	Release, Namespace string
	// KubeVersion is "" or a version such as "1.34" or "v1.34.2".
	KubeVersion string
	// Values are files of values: later ones win over earlier ones, all over
	// the chart's own.
	Values []*document.Source
	// Inline are values that win over the files (of a HelmRelease).
	Inline map[string]any
	// Set are assignments as in helm --set: "a.b=c,d[0]=e". They win over all.
	Set []string
}

// A Rendering is what a chart becomes with some values.
type Rendering struct {
	// Outputs are in the order of the templates' names; templates that write
	// nothing but space, and notes, are left out.
	Outputs []Output
	// CRDs are the files of the crds folders, which are not templates, in the
	// order of Helm: subcharts' last.
	CRDs []CRD
	// Warnings are what Helm would say but go on.
	Warnings []string
	// Traced is false when the marks could not be trusted: positions are those
	// of whole templates.
	Traced bool
}

// An Output is what one template has written.
type Output struct {
	// Template is Helm's name of it: "web/charts/redis/templates/a.yaml".
	Template string
	// File is the template.
	File *document.Source
	// Text is the YAML, named like the template's file.
	Text *document.Source

	segments []segment
	chart    *Chart
	prefix   string // of the values that the template sees as .Values
	prover   *prover
}

// A CRD is a file of a crds folder.
type CRD struct {
	Template string
	File     *document.Source
}

// Release returns the name that a release of c has unless one is given.
func (s Settings) release(c *Chart) string {
	if s.Release != "" {
		return s.Release
	}
	return c.Name()
}

// Render renders a chart. The error is Helm's (*Error where it names a
// template).
func (c *Chart) Render(ctx context.Context, s Settings) (*Rendering, error) {
	r := &Rendering{}
	p, err := c.prepare(s, nil)
	if err != nil {
		return nil, err
	}
	r.Warnings = p.warnings
	marked, err := c.renderMarked(ctx, s) // first: it counts its steps
	if errors.Is(err, errEndless) {
		return nil, c.explain(err, p.templates)
	}
	plain, err := p.render(ctx)
	if err != nil {
		return nil, c.explain(err, p.templates)
	}
	r.Traced = true
	prove := newProver(c, s, plain)
	for _, name := range sortedKeys(plain) {
		text := plain[name]
		if strings.TrimSpace(text) == "" || strings.HasSuffix(name, notes) {
			continue
		}
		t := p.templates[name]
		o := Output{Template: name, File: t.source, chart: c, prefix: t.prefix, prover: prove}
		if same, found := segments(marked[name]); same == text {
			o.segments = found
		} else {
			r.Traced = false
		}
		text, o.segments = split(text, o.segments)
		o.Text = &document.Source{Name: t.source.Name, Content: []byte(text)}
		r.Outputs = append(r.Outputs, o)
	}
	for _, crd := range p.root.CRDObjects() {
		if src := c.sourceOf(crd.File); src != nil {
			r.CRDs = append(r.CRDs, CRD{Template: crd.Filename, File: src})
		}
	}
	return r, nil
}

// glued is a separator with the next document on its line.
var glued = regexp.MustCompile(`(?m)^---[ \t]*[^-.\s]`)

// split ends the line of separators that YAML would not take for any, as Helm
// does ("---# comment", where trimming has taken a line break away).
func split(text string, segs []segment) (string, []segment) {
	found := glued.FindAllStringIndex(text, -1)
	if found == nil {
		return text, segs
	}
	var b strings.Builder
	moved := append([]segment(nil), segs...)
	at := 0
	for i, f := range found {
		b.WriteString(text[at : f[0]+3])
		b.WriteByte('\n')
		at = f[0] + 3
		for j := range moved {
			if moved[j].start == segs[j].start+i && segs[j].start >= at {
				moved[j].start++
			}
		}
	}
	b.WriteString(text[at:])
	return b.String(), moved
}

// renderMarked is the second rendering.
func (c *Chart) renderMarked(ctx context.Context, s Settings) (map[string]string, error) {
	p, err := c.prepare(s, map[string]any{})
	if err != nil {
		return nil, err
	}
	p.instrument(c)
	out, err := p.render(ctx)
	if err != nil && strings.Contains(err.Error(), errEndless.Error()) {
		return nil, errEndless // Helm makes texts of errors
	}
	return out, err
}

// A prepared chart has its values and is ready to render once.
type prepared struct {
	root      *v2.Chart
	values    common.Values
	templates map[string]origin
	warnings  []string
}

type origin struct {
	source *document.Source
	prefix string
}

// prepare gives the chart its values: those of s, and above them change.
func (c *Chart) prepare(s Settings, change map[string]any) (*prepared, error) {
	root := fresh(c.root)
	given, err := s.merge()
	if err != nil {
		return nil, err
	}
	given = valueutil.CoalesceTables(change, given) // the first wins
	if given == nil {
		given = map[string]any{}
	}
	caps, err := capabilities(s.KubeVersion)
	if err != nil {
		return nil, err
	}
	p := &prepared{root: root}
	if want := root.Metadata.KubeVersion; want != "" && !chartutil.IsCompatibleRange(want, caps.KubeVersion.String()) {
		// Helm stops here. Nobody has said that this is the cluster's version.
		text := fmt.Sprintf("chart requires kubeVersion: %s which is incompatible with Kubernetes %s", want, caps.KubeVersion.Version)
		if s.KubeVersion != "" {
			return nil, errors.New(text)
		}
		p.warnings = append(p.warnings, text+"; say which version is meant with --kube-version")
	}
	if err := chartutil.ProcessDependencies(root, given); err != nil {
		return nil, err
	}
	release := common.ReleaseOptions{Name: s.release(c), Namespace: s.Namespace, Revision: 1, IsInstall: true}
	if release.Namespace == "" {
		release.Namespace = "default"
	}
	remote := c.remoteSchemas()
	if len(remote) > 0 {
		p.warnings = append(p.warnings, "the values were not checked against "+strings.Join(remote, ", ")+", which refers to other files")
	}
	p.values, err = valueutil.ToRenderValuesWithSchemaValidation(root, given, release, caps, len(remote) > 0 || change != nil)
	if err != nil {
		return nil, err
	}
	p.templates = map[string]origin{}
	c.locate(root, "", p.templates)
	return p, nil
}

// reference is a reference of a JSON schema to another file or page.
var reference = regexp.MustCompile(`"\$ref"\s*:\s*"[^#"]`)

// remoteSchemas lists the schemas that refer to others: Helm would fetch those.
func (c *Chart) remoteSchemas() []string {
	var out []string
	for _, f := range c.files {
		if path.Base(f.Name) == "values.schema.json" && reference.Match(f.Data) {
			out = append(out, c.byName[f.Name].Name)
		}
	}
	return out
}

// merge puts the values of s together as helm does: files in their order, then
// what is set.
func (s Settings) merge() (map[string]any, error) {
	out := map[string]any{}
	for _, src := range s.Values {
		var values map[string]any
		if err := yaml.Unmarshal(src.Content, &values); err != nil {
			return nil, fmt.Errorf("%s: %w", src.Name, err)
		}
		out = valueutil.CoalesceTables(values, out)
		if out == nil {
			out = map[string]any{}
		}
	}
	if len(s.Inline) > 0 {
		out = valueutil.CoalesceTables(deepCopy(s.Inline).(map[string]any), out) //nolint:forcetypeassert // a copy has the type of the original
	}
	for _, set := range s.Set {
		if err := strvals.ParseInto(set, out); err != nil {
			return nil, fmt.Errorf("--helm-set %s: %w", set, err)
		}
	}
	return out, nil
}

func deepCopy(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = deepCopy(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = deepCopy(e)
		}
		return out
	}
	return v
}

// capabilities are Helm's own but for the version of Kubernetes, which Helm
// takes from the way it was built.
func capabilities(version string) (*common.Capabilities, error) {
	if version == "" {
		version = DefaultKubeVersion
	}
	v, err := common.ParseKubeVersion(version)
	if err != nil {
		return nil, fmt.Errorf("--kube-version %s: %w", version, err)
	}
	caps := common.DefaultCapabilities.Copy()
	caps.KubeVersion = *v
	caps.HelmVersion.Version = "v4.3.1" // what Helm says of itself without a build's flags is "v4.3"
	return caps, nil
}

// locate finds the file of every template, and where the values lie that it
// sees.
func (c *Chart) locate(ch *v2.Chart, prefix string, into map[string]origin) {
	for _, t := range ch.Templates {
		if src := c.sourceOf(t); src != nil {
			into[path.Join(ch.ChartFullPath(), t.Name)] = origin{source: src, prefix: prefix}
		}
	}
	for _, d := range ch.Dependencies() {
		c.locate(d, prefix+d.Name()+".", into)
	}
}

// sourceOf finds the file by its content, which Helm does not copy: two files
// may have the same name where a dependency has an alias.
func (c *Chart) sourceOf(f *common.File) *document.Source {
	if len(f.Data) == 0 {
		return nil
	}
	return c.sources[&f.Data[0]]
}

// instrument replaces the templates by those that write marks.
func (p *prepared) instrument(c *Chart) {
	var visit func(ch *v2.Chart)
	visit = func(ch *v2.Chart) {
		for i, t := range ch.Templates {
			if src := c.sourceOf(t); src != nil {
				ch.Templates[i] = &common.File{Name: t.Name, Data: []byte(c.sites.instrument(src))}
			}
		}
		for _, d := range ch.Dependencies() {
			visit(d)
		}
	}
	visit(p.root)
}

// only leaves nothing of the other templates but what they define.
func (p *prepared) only(c *Chart, template string) {
	var visit func(ch *v2.Chart)
	visit = func(ch *v2.Chart) {
		for i, t := range ch.Templates {
			name := path.Join(ch.ChartFullPath(), t.Name)
			if src := c.sourceOf(t); src != nil && name != template && !strings.HasPrefix(path.Base(name), "_") {
				ch.Templates[i] = &common.File{Name: t.Name, Data: []byte(c.sites.definitions(src))}
			}
		}
		for _, d := range ch.Dependencies() {
			visit(d)
		}
	}
	visit(p.root)
}

func (p *prepared) render(ctx context.Context) (map[string]string, error) {
	e := engine.Engine{CustomTemplateFuncs: functions()}
	return e.RenderWithContext(ctx, p.root, p.values)
}
