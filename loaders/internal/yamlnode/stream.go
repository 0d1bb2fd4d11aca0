package yamlnode

import (
	"bytes"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// maxSecondTry bounds the texts that are read as YAML when they turn out not
// to be JSON: a broken plan of many megabytes is not worth a second reading.
const maxSecondTry = 4 << 20

// Parse reads every document of a YAML or JSON text. A document that cannot be
// read gives one Error; those before and after it are returned.
func Parse(src *document.Source) (docs []Doc, diags []document.Diagnostic) {
	a := &arena{}
	for start := 0; start < len(src.Content); {
		end := partEnd(src.Content, start)
		found, problems := readPart(a, src, start, end)
		docs = append(docs, found...)
		diags = append(diags, problems...)
		start = end
	}
	return docs, diags
}

// Each is Parse for texts of many documents: f gets them one by one, with the
// diagnostics of that part of the text, and must not keep the nodes.
func Each(src *document.Source, f func(docs []Doc, diags []document.Diagnostic)) {
	a := &arena{}
	for start := 0; start < len(src.Content); {
		end := partEnd(src.Content, start)
		f(readPart(a, src, start, end))
		a.reset()
		start = end
	}
}

// partEnd returns where the document that starts at offset start ends: at the
// next "---" line or behind the next "..." line. Both end a document wherever
// they stand (YAML 1.2, 9.1.2: c-forbidden), so that a broken document cannot
// take its neighbors along. Directives belong to the "---" after them.
func partEnd(b []byte, start int) int {
	begun := isMarker(b, start, "---")
	for at := lineEnd(b, start) + 1; at < len(b); at = lineEnd(b, at) + 1 {
		switch {
		case (b[at] == '-' || b[at] == 0xEF) && isMarker(b, at, "---"):
			if begun || hasContent(b[start:at]) {
				return at
			}
			begun = true
		case b[at] == '.' && isMarker(b, at, "..."):
			return min(lineEnd(b, at)+1, len(b))
		}
	}
	return len(b)
}

// isMarker reports whether a line begins with a marker. Files that were put
// together carry the byte order mark of each before its own first line.
func isMarker(b []byte, at int, marker string) bool {
	for bytes.HasPrefix(b[at:], []byte("\ufeff")) {
		at += 3
	}
	if !bytes.HasPrefix(b[at:], []byte(marker)) {
		return false
	}
	return at+3 == len(b) || isBlank(b[at+3]) || b[at+3] == '\n' || b[at+3] == '\r'
}

// hasContent reports whether text holds more than comments, directives and
// empty lines.
func hasContent(text []byte) bool {
	for line := range bytes.Lines(text) {
		if line = trimBlank(line); len(line) > 0 && line[0] != '#' && line[0] != '%' {
			return true
		}
	}
	return false
}

// readPart reads the text of one document, as JSON if it can be.
func readPart(a *arena, src *document.Source, start, end int) ([]Doc, []document.Diagnostic) {
	b := src.Content
	for bytes.HasPrefix(b[start:end], []byte("\ufeff")) {
		start += 3
	}
	if bytes.HasPrefix(b[start:end], []byte("\xff\xfe")) || bytes.HasPrefix(b[start:end], []byte("\xfe\xff")) {
		p := problem{start, "this is UTF-16 text: save the file in UTF-8"}
		return nil, p.diagnostics(src)
	}
	at := start
	if isMarker(b[:end], at, "---") {
		at += 3
	}
	at = skipSpace(b[:end], at)
	if at == end {
		if bytes.HasPrefix(b[start:end], []byte("---")) {
			return []Doc{{Start: start, End: end}}, nil
		}
		return nil, nil
	}
	if b[at] != '{' && b[at] != '[' {
		docs, p := readYAML(a, b, start, end)
		return docs, p.diagnostics(src)
	}
	return readFlow(a, src, start, at, end)
}

// readFlow reads a document that begins with a bracket at offset at: as JSON,
// or else as YAML.
func readFlow(a *arena, src *document.Source, start, at, end int) ([]Doc, []document.Diagnostic) {
	b := src.Content
	docs, bad := readJSON(a, b, start, at, end)
	if bad == nil {
		return docs, nil
	}
	if end-start > maxSecondTry {
		return docs, bad.diagnostics(src)
	}
	flow, p := readYAML(a, b, start, end)
	isJSON := strings.HasSuffix(src.Name, ".json")
	switch {
	case p == nil && !isJSON:
		return flow, nil
	case p == nil:
		return flow, []document.Diagnostic{{
			Range: src.Range(bad.offset, bad.offset), Level: document.Warning,
			Message: bad.message + " (read as YAML)",
		}}
	case isJSON || looksLikeJSON(b[at:end]):
		return docs, bad.diagnostics(src)
	}
	return flow, p.diagnostics(src)
}

// looksLikeJSON tells {"a" and [{ from {a: and {{ .Values }}.
func looksLikeJSON(text []byte) bool {
	text = trimBlank(text[1:])
	return len(text) > 0 && (text[0] == '"' || text[0] == '}')
}

// diagnostics turns a problem into the Error it is for the user; none for nil.
func (p *problem) diagnostics(src *document.Source) []document.Diagnostic {
	if p == nil {
		return nil
	}
	return []document.Diagnostic{{
		Range: src.Range(p.offset, p.offset), Level: document.Error, Message: p.message,
	}}
}
