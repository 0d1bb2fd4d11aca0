package redact

import (
	"regexp"
	"strings"
	"sync"
)

// What the rules about plain-text secrets go by, too: policies/lib/secrets.rego
// holds the same expressions, and a test compares them.
const (
	hint       = `(?i)pass|pwd|secret|token|key|cred`
	secretName = `(?i:(?:^|[_.\-0-9])[a-z]*(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)s?(?:$|[_.\-0-9])|[_-]pwd$)|[a-z](?:Password|Passphrase|Secret|Token|ApiKey|AccessKey|PrivateKey)(?:$|[A-Z_.\-0-9])`
	aboutName  = `(?i)(?:[_.-]|[a-z])(?:file|files|filename|path|dir|directory|name|arn|url|uri|host|port|ttl|expiry|expiration|expires|lifetime|duration|timeout|interval|length|size|count|limit|header|type|alg|algorithm|issuer|audience|endpoint|namespace|ref|id|enabled|disabled|policy|regex|pattern|prefix|suffix|provider|store|backend|mode|required|rotation|version|format|class|source|mount|volume|key_name|cache|review|authentication|server|service)$`
	reference  = `^(?:[./~]|arn:|file:|\$\([A-Za-z_][A-Za-z0-9_]*\)$|[A-Za-z][A-Za-z0-9+.-]*://[^@]*$|(?:vault|awssm|awsssm|ssm|secretsmanager|gcpsm|azurekeyvault|ref\+[a-z]+|op|env):|\{\{resolve:|(?i:true|false|yes|no|on|off|none|null|enabled|disabled)$)`
)

// What is hidden beyond what the rules report: hiding too much costs little.
const (
	alsoSecret = `(?i)^(?:secret_?(?:string|binary)|auth(?:orization|_?str(?:ing)?)?|pwd|pass|credentials?)$`
	// checksum/secret is the usual annotation that restarts pods.
	checksum = `(?i)checksum|hash|digest|sha[0-9]+|fingerprint`
	// A text that stands for another one is no secret.
	stand = `^(?:\$\{[^}]*\}|\$\([^)]*\)|\{\{.*\}\}|<[^>]*>|![A-Z][A-Za-z0-9:.]*|\*[A-Za-z_]+|(?:var|local|data|module|each|random_[a-z]+|aws_[a-z0-9_]+)\.[A-Za-z0-9_.\[\]"-]+)$`
	// my-app-secret under SECRET is the name of a Secret.
	objectName = `^[a-z]+(?:[-_./](?:[a-z]+|[0-9]{1,4}))+[0-9]{0,3}$|^[0-9.]+[a-z]{0,2}$`
	password   = `(?i)pass(?:word|wd|phrase)|pwd`
	plainWord  = `^[a-z]{1,16}$`
)

// A lexicon tells names and values of secrets from others.
type lexicon struct {
	secret, also, about, check, refers, stands, object, password, word, assigned *regexp.Regexp

	mu    sync.Mutex
	known map[string]bool // names that were asked for before
}

func newLexicon() *lexicon {
	return &lexicon{
		secret: regexp.MustCompile(secretName), also: regexp.MustCompile(alsoSecret), about: regexp.MustCompile(aboutName),
		check: regexp.MustCompile(checksum), refers: regexp.MustCompile(reference), stands: regexp.MustCompile(stand),
		object: regexp.MustCompile(objectName), password: regexp.MustCompile(password), word: regexp.MustCompile(plainWord), assigned: regexp.MustCompile(assigned),
		known: map[string]bool{},
	}
}

// names reports whether what stands under a name is a secret, and not its
// file, its lifetime or its like. Of a prefixed key the name counts.
func (l *lexicon) names(name string) bool {
	if !mayNameSecret(name) || len(name) > 256 {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	is, asked := l.known[name]
	if !asked {
		last := name[strings.LastIndexByte(name, '/')+1:]
		is = (l.secret.MatchString(last) || l.also.MatchString(last)) && !l.about.MatchString(last) && !l.check.MatchString(name)
		l.known[name] = is
	}
	return is
}

// mayNameSecret is the cheap question first: what every name of a secret has
// in it.
func mayNameSecret(name string) bool {
	for i := range len(name) {
		switch name[i] | 0x20 {
		case 'p':
			if hasFold(name[i:], "pass") || hasFold(name[i:], "pwd") {
				return true
			}
		case 's':
			if hasFold(name[i:], "secret") {
				return true
			}
		case 't':
			if hasFold(name[i:], "token") {
				return true
			}
		case 'k':
			if hasFold(name[i:], "key") {
				return true
			}
		case 'c':
			if hasFold(name[i:], "cred") {
				return true
			}
		case 'a':
			if hasFold(name[i:], "auth") {
				return true
			}
		}
	}
	return false
}

func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// isSecret judges a text that stands under the name of a secret. References to
// secrets, switches and the names of objects are none. In prose, a plain word
// behind a colon is no value.
func (l *lexicon) isSecret(name, text string, prose bool) bool {
	if len(text) < 3 || l.refers.MatchString(text) || l.stands.MatchString(text) {
		return false
	}
	switch text {
	case "required", "optional", "default", "auto", "string": // http_tokens: required
		return false
	}
	if prose && l.word.MatchString(text) {
		return false
	}
	return l.password.MatchString(name) || !l.object.MatchString(text)
}
