package canon

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// applyAccountDefaults lets the documents that set an account's defaults for
// EBS encryption and instance metadata decide what others leave open.
func applyAccountDefaults(docs []*document.Document) {
	var settings []*document.Document
	for _, d := range docs {
		if (d.Type == "account_ebs_encryption" || d.Type == "account_imds_defaults") && d.Action != document.Delete {
			settings = append(settings, d)
		}
	}
	if settings == nil {
		return
	}
	bySetting := map[settingKey][]*document.Document{}
	for _, s := range settings {
		key := settingKey{s.Type, s.Scope}
		bySetting[key] = append(bySetting[key], s)
		bySetting[settingKey{s.Type, ""}] = append(bySetting[settingKey{s.Type, ""}], s)
	}
	for _, d := range docs {
		switch d.Type {
		case "ebs_volume", "launch_template", "node_group", "storage_class":
			if s := decisive(bySetting, "account_ebs_encryption", d); s != nil {
				encrypt(d, s)
			}
		}
		if d.Type == "launch_template" {
			if s := decisive(bySetting, "account_imds_defaults", d); s != nil {
				requireTokens(d, s)
			}
		}
	}
}

type settingKey struct{ typ, scope string }

// decisive returns the setting that holds for d: one of the same Terraform root
// and Region, or for other formats, which do not say whose account they are
// for, one that all roots of the run agree on. Regions nobody knows count as
// equal.
func decisive(settings map[settingKey][]*document.Document, typ string, d *document.Document) *document.Document {
	scope := ""
	if strings.HasPrefix(d.Format, "terraform") {
		scope = d.Scope
	}
	var found *document.Document
	for _, s := range settings[settingKey{typ, scope}] {
		a, b := regionOf(s), regionOf(d)
		if a != "" && b != "" && a != b {
			continue
		}
		if found != nil && scope == "" && !sameSetting(found, s) {
			return nil
		}
		if found == nil || a != "" && a == b {
			found = s
		}
	}
	return found
}

func sameSetting(a, b *document.Document) bool {
	for _, name := range []string{"enabled", "tokens", "hop_limit"} {
		if attrOf(a, name) != attrOf(b, name) || a.States[name].Kind != b.States[name].Kind {
			return false
		}
	}
	return true
}

// regionOf returns the Region a document is for, "" if that is not known: what
// the loader found out, the argument of provider 6, or eksctl's metadata.
func regionOf(d *document.Document) string {
	root := d.Root()
	if region := root.Metadata["aws:region"]; region != "" {
		return region
	}
	c := newCursor(root)
	if region := textOf(c.get("region").value); region != "" {
		return region
	}
	return textOf(c.get("metadata.region").value)
}

// encrypt applies an account's EBS default to volumes nobody decided about.
func encrypt(d, setting *document.Document) {
	decide := func(path string, into map[string]any) {
		state, ok := d.States[path]
		if !ok || state.Kind != document.Defaulted || state.Owner != "service" {
			return
		}
		if s := setting.States["enabled"]; s.Kind == document.Unknown {
			delete(into, "encrypted")
			d.States[path] = document.State{Kind: document.Unknown, Reason: s.Reason, Refs: setting.Tokens}
			return
		}
		if attrOf(setting, "enabled") != true {
			return
		}
		into["encrypted"] = true
		d.States[path] = accountState(setting)
	}
	switch d.Type {
	case "ebs_volume":
		decide("encrypted", d.Attr)
		return
	case "storage_class":
		encryptClass(d, setting)
		return
	}
	volumes, _ := attrOf(d, "volumes").([]any)
	for i, v := range volumes {
		if volume, ok := v.(map[string]any); ok {
			decide(element("volumes", i)+".encrypted", volume)
		}
	}
}

// encryptClass does the same for the volumes of a StorageClass that says
// nothing of encryption.
func encryptClass(d, setting *document.Document) {
	switch attrOf(d, "provisioner") {
	case "ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com", "kubernetes.io/aws-ebs":
	default:
		return
	}
	if _, open := d.States["encrypted"]; open || attrOf(d, "encrypted") != nil || d.States["parameters"].Kind != "" {
		return
	}
	if d.States == nil {
		d.States = document.States{}
	}
	if s := setting.States["enabled"]; s.Kind == document.Unknown {
		d.States["encrypted"] = document.State{Kind: document.Unknown, Reason: s.Reason, Refs: setting.Tokens}
	} else if attrOf(setting, "enabled") == true {
		d.Attr["encrypted"] = true
		d.States["encrypted"] = accountState(setting)
	}
}

// requireTokens applies an account's metadata defaults, which outrank the
// AMI's, to what nobody wrote.
func requireTokens(d, setting *document.Document) {
	for path, name := range map[string]string{"imds.tokens": "tokens", "imds.hop_limit": "hop_limit"} {
		state, ok := d.States[path]
		open := state.Reason == document.AmbiguousDefault || state.Kind == document.Defaulted && state.Owner == "service"
		if !ok || !open {
			continue
		}
		if s := setting.States[name]; s.Kind == document.Unknown {
			forgetAttr(d.Attr, path)
			d.States[path] = document.State{Kind: document.Unknown, Reason: s.Reason, Refs: setting.Tokens}
			continue
		}
		value := attrOf(setting, name)
		if value == nil || value == "no-preference" || value == int64(-1) {
			continue
		}
		setIn(d.Attr, splitPath(path), value)
		d.States[path] = accountState(setting)
	}
}

func accountState(setting *document.Document) document.State {
	return document.State{
		Kind: document.Defaulted, Owner: "service", Refs: setting.Tokens,
		Evidence: "the account's default, set by " + setting.Address,
	}
}
