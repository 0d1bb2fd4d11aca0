package loaders_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// manifest is a Deployment of about 1.3 KB.
func manifest(i int) string {
	return fmt.Sprintf(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-%[1]d
  namespace: shop
  labels: {app: web, tier: "front"}
spec:
  replicas: %[1]d
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      serviceAccountName: web
      securityContext:
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      containers:
        - name: web
          image: registry.example.com/shop/web:1.%[1]d
          args: ["--port", "8080"]
          env:
            - name: MODE
              value: production
            - name: TOKEN
              valueFrom:
                secretKeyRef:
                  name: web
                  key: token
          resources:
            limits:
              cpu: 500m
              memory: 256Mi
          command:
            - /bin/sh
            - -c
            - |
              set -e
              exec /web
          volumeMounts:
            - name: data
              mountPath: /data
      volumes:
        - name: data
          emptyDir: {}
`, i)
}

// BenchmarkKubernetes reads a stream of 1,000 objects, without what happens to
// the documents afterwards. The bar is the YAML library's own parse in package
// yamlnode's benchmark.
func BenchmarkKubernetes(b *testing.B) {
	var text bytes.Buffer
	for i := range 1000 {
		text.WriteString("---\n" + manifest(i))
	}
	var load func(context.Context, loaders.Input) (loaders.Output, error)
	for _, f := range loaders.Formats() {
		if f.Name == "kubernetes" {
			load = f.Load
		}
	}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		in := loaders.Input{Source: &document.Source{Name: "a.yaml", Content: text.Bytes()}}
		if out, err := load(b.Context(), in); err != nil || len(out.Documents) != 1000 {
			b.Fatal(len(out.Documents), err)
		}
	}
}

// BenchmarkLoad reads 1,000 files from disk to the canonical documents.
func BenchmarkLoad(b *testing.B) {
	dir := b.TempDir()
	for i := range 1000 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.yaml", i)), []byte(manifest(i)), fs.FileMode(0o600)); err != nil {
			b.Fatal(err)
		}
	}
	b.Chdir(dir)
	b.ReportAllocs()
	for b.Loop() {
		if r, err := loaders.Load(b.Context(), []string{"."}, nil, loaders.Options{}); err != nil || r.Read != 1000 {
			b.Fatal(r.Read, err)
		}
	}
}
