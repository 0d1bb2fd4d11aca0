package policytest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/plimsoll-dev/plimsoll/engine"
)

// settings is the suffix of the file beside a case that gives the rule's
// parameters other values than their defaults: a YAML object.
const settings = ".parameters"

// isCase reports whether an entry of a cases folder is an input, not something
// beside one.
func isCase(name string) bool {
	return !strings.HasSuffix(name, sidecar) && !strings.HasSuffix(name, settings)
}

// parameters reads the values for the case; nil if it takes the defaults.
func (c *testCase) parameters() (map[string]any, error) {
	text, err := os.ReadFile(c.path + settings)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // no values is a valid answer
	}
	if err != nil {
		return nil, err
	}
	var values map[string]any
	if err := yaml.Unmarshal(text, &values); err != nil {
		return nil, fmt.Errorf("%s: want an object of parameters: %w", filepath.ToSlash(c.path)+settings, err)
	}
	return values, nil
}

// engine returns what judges the case: common, or one of its own when the case
// has parameters.
func (c *testCase) engine(ctx context.Context, common *engine.Engine, o engine.Options) (*engine.Engine, error) {
	values, err := c.parameters()
	if err != nil || values == nil {
		return common, err
	}
	o.Parameters = map[string]map[string]any{c.rule: values}
	return engine.New(ctx, o)
}
