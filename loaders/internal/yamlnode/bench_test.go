package yamlnode

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// manifests returns n Deployments of about 1.3 KB.
func manifests(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, `---
# Source: shop/templates/web-%[1]d.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-%[1]d
  namespace: shop
  labels: {app: web, tier: "front"}
  annotations:
    checksum/config: 5f1c9f4f1e0d9a8c
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
	return b.Bytes()
}

func plan(n int) []byte {
	var b strings.Builder
	b.WriteString(`{"format_version":"1.2","resource_changes":[`)
	for i := range n {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, `{"address":"aws_s3_bucket.b[%d]","type":"aws_s3_bucket","change":{"actions":["create"],`+
			`"before":null,"after":{"bucket":"b-%d","tags":{"team":"x"},"policy":"{\"Version\":\"2012-10-17\"}","versioning":[{"enabled":true,"mfa":false}]},`+
			`"after_unknown":{"arn":true,"id":true}}}`, i, i)
	}
	b.WriteString("]}\n")
	return []byte(b.String())
}

// The library takes about 465 allocations for such a document, and 650 are
// recorded for all of the way to the value.
func TestEach_AllocationsStayInBudget(t *testing.T) {
	content := manifests(20)
	n := testing.AllocsPerRun(5, func() {
		src := &document.Source{Content: content}
		Each(src, func(docs []Doc, _ []document.Diagnostic) {
			for _, d := range docs {
				Kubernetes.Value(d.Root, src)
			}
		})
	})
	if n > 20*2*650 {
		t.Errorf("%.0f allocations a document, 650 recorded", n/20)
	}
}

func BenchmarkYAML(b *testing.B) {
	content := manifests(1000)
	b.Run("library", func(b *testing.B) {
		b.SetBytes(int64(len(content)))
		b.ReportAllocs()
		for b.Loop() {
			dec := yaml.NewDecoder(bytes.NewReader(content))
			for {
				var n yaml.Node
				if err := dec.Decode(&n); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("parse", func(b *testing.B) {
		b.SetBytes(int64(len(content)))
		b.ReportAllocs()
		for b.Loop() {
			Parse(&document.Source{Content: content})
		}
	})
	b.Run("value", func(b *testing.B) {
		b.SetBytes(int64(len(content)))
		b.ReportAllocs()
		for b.Loop() {
			src := &document.Source{Content: content}
			Each(src, func(docs []Doc, _ []document.Diagnostic) {
				for _, d := range docs {
					Kubernetes.Value(d.Root, src)
				}
			})
		}
	})
}

func BenchmarkJSON(b *testing.B) {
	content := plan(20_000)
	b.Run("parse", func(b *testing.B) {
		b.SetBytes(int64(len(content)))
		b.ReportAllocs()
		for b.Loop() {
			Parse(&document.Source{Content: content})
		}
	})
	b.Run("value", func(b *testing.B) {
		b.SetBytes(int64(len(content)))
		b.ReportAllocs()
		for b.Loop() {
			src := &document.Source{Content: content}
			docs, _ := Parse(src)
			Core.Value(docs[0].Root, src)
		}
	})
}
