package loaders

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"unicode/utf16"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/walk"
)

// maxSize bounds a text. Ranges count in 32 bits, and nothing that is judged
// comes near.
const maxSize = 512 << 20

var (
	errTooBig = errors.New("larger than 512 MiB")
	errBinary = errors.New("binary file")
)

// A reader reads the files of one run.
type reader struct {
	stdin io.Reader
	opts  Options
	cwd   string
	// leaders has the file that answers for each folder of Terraform
	// configuration, given the folders that were named.
	leaders map[string]string
	given   map[string]bool
}

func newReader(stdin io.Reader, opts Options) (*reader, error) {
	cwd, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("find the working directory: %w", err)
	}
	return &reader{stdin: stdin, opts: opts, cwd: cwd}, nil
}

// A text is a file that has been read as far as it is needed.
type text struct {
	content []byte
	head    []byte
}

// open reads a file. When wanted says no to the beginning, the rest is left
// unread.
func (r *reader) open(f walk.File, wanted func(head []byte) bool) (text, error) {
	if f.Name == stdinName {
		if r.stdin == nil {
			return text{}, errors.New("there is no standard input")
		}
		return readText(r.stdin, 0, wanted)
	}
	file, err := os.Open(f.Path)
	if err != nil {
		return text{}, cause(err)
	}
	defer file.Close() //nolint:errcheck // only read
	info, err := file.Stat()
	if err != nil {
		return text{}, cause(err)
	}
	if info.Size() > maxSize {
		return text{}, errTooBig
	}
	t, err := readText(file, int(info.Size()), wanted)
	return t, cause(err)
}

// readText reads a text of about the given size.
func readText(in io.Reader, size int, wanted func([]byte) bool) (text, error) {
	buffer := bytes.NewBuffer(make([]byte, 0, max(size+bytes.MinRead, bytes.MinRead)))
	n, err := io.CopyN(buffer, in, headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return text{}, err
	}
	head, err := decode(buffer.Bytes())
	if err != nil {
		return text{}, err
	}
	content := head
	head = head[:min(len(head), headSize)]
	if n < headSize {
		return text{content: content, head: head}, nil
	}
	if !wanted(head) {
		return text{head: head}, nil
	}
	if n, err = io.Copy(buffer, io.LimitReader(in, maxSize)); err != nil {
		return text{}, err
	}
	if n == maxSize {
		return text{}, errTooBig
	}
	content, err = decode(buffer.Bytes())
	return text{content: content, head: head}, err
}

// cause takes operation and path off a file system error, for messages that
// begin with the path.
func cause(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}

// decode returns b as UTF-8 without a byte order mark. Windows tools write
// UTF-16 (PowerShell's > redirection of a plan); a text without a mark is taken
// for it when it begins with an ASCII character and a zero byte. Other zero
// bytes mean that the file is no text.
func decode(b []byte) ([]byte, error) {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(b, []byte("\xff\xfe\x00\x00")) {
		return nil, errBinary // UTF-32, which nothing writes
	}
	if order, b := byteOrder(b); order != nil {
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = order.Uint16(b[2*i:])
		}
		return []byte(string(utf16.Decode(units))), nil
	}
	if bytes.IndexByte(b[:min(len(b), headSize)], 0) >= 0 {
		return nil, errBinary
	}
	return b, nil
}

// byteOrder recognizes UTF-16; nil for other texts. The mark is cut off.
func byteOrder(b []byte) (binary.ByteOrder, []byte) {
	switch {
	case len(b) < 4:
	case b[0] == 0xff && b[1] == 0xfe:
		return binary.LittleEndian, b[2:]
	case b[0] == 0xfe && b[1] == 0xff:
		return binary.BigEndian, b[2:]
	case isASCII(b[0]) && b[1] == 0 && isASCII(b[2]) && b[3] == 0:
		return binary.LittleEndian, b
	case b[0] == 0 && isASCII(b[1]) && b[2] == 0 && isASCII(b[3]):
		return binary.BigEndian, b
	}
	return nil, b
}

func isASCII(c byte) bool { return c == '\t' || c == '\n' || c == '\r' || c >= ' ' && c < 0x7f }

// access is how a text reaches the files it refers to: below the working
// directory, the argument it was found by and the Terraform root, and nowhere
// else, so that a template cannot bring /etc/passwd into a report.
type access struct {
	cwd   string
	roots []string
}

func (r *reader) access(f walk.File) access {
	a := access{cwd: r.cwd, roots: []string{r.cwd}}
	if f.Root != "" {
		a.roots = append(a.roots, f.Root)
	}
	if root := r.opts.TerraformRoot; root != "" {
		if !filepath.IsAbs(root) {
			root = filepath.Join(r.cwd, root)
		}
		a.roots = append(a.roots, root)
	}
	return a
}

// within calls f with the first root that name lies in and the rest of name.
func (a access) within(name string, f func(root *os.Root, rel string) error) error {
	abs := filepath.FromSlash(name)
	if !filepath.IsAbs(abs) {
		abs = filepath.Join(a.cwd, abs)
	}
	for _, dir := range a.roots {
		rel, err := filepath.Rel(dir, abs)
		if err != nil || !filepath.IsLocal(rel) {
			continue
		}
		return cause(inRoot(dir, rel, f))
	}
	return fs.ErrPermission
}

func inRoot(dir, rel string, f func(root *os.Root, rel string) error) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // only read
	return f(root, rel)
}

// readFile reads a text.
func (a access) readFile(name string) ([]byte, error) {
	content, err := a.readRaw(name)
	if err != nil {
		return nil, err
	}
	return decode(content)
}

func (a access) readRaw(name string) (content []byte, err error) {
	err = a.within(name, func(root *os.Root, rel string) error {
		info, err := root.Stat(rel)
		if err != nil {
			return err
		}
		if info.Size() > maxSize {
			return errTooBig
		}
		if !info.Mode().IsRegular() {
			return errors.New("not a regular file")
		}
		content, err = root.ReadFile(rel)
		return err
	})
	return content, err
}

func (a access) readDir(name string) (names []string, err error) {
	err = a.within(name, func(root *os.Root, rel string) error {
		entries, err := fs.ReadDir(root.FS(), filepath.ToSlash(rel))
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return err
	})
	return names, err
}

// fileProblem is a Diagnostic about a file as a whole, which has no lines since
// nothing of it was read.
func fileProblem(name, message string) document.Diagnostic {
	src := &document.Source{Name: name}
	return document.Diagnostic{Range: document.Range{Source: src}, Level: document.Error, Message: message}
}
