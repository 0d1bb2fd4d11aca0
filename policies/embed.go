// Package policies holds the bundled rule library: the Rego sources, the dated
// facts they read and the index that is generated from their METADATA.
package policies

import "embed"

// FS is the library as the engine reads it: lib/*.rego, rules/<group>/<rule>/,
// data/*.json and index.json.
//
//go:embed lib/*.rego rules/*/*/*.rego data/*.json index.json
var FS embed.FS
