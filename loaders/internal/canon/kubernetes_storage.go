package canon

import (
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// readStorageClass reads a StorageClass. The EBS driver reads the keys of its
// parameters without regard to case; all values are strings.
func readStorageClass(v *kubeView) []*document.Document {
	v.meta()
	v.field("provisioner", "provisioner")
	v.field("parameters", "parameters")
	v.field("reclaim_policy", "reclaimPolicy")
	v.field("volume_binding_mode", "volumeBindingMode")
	v.field("allow_volume_expansion", "allowVolumeExpansion")
	v.field("mount_options", "mountOptions")
	parameters := kubeObject(v.d.Raw, "parameters")
	for name, key := range map[string]string{"encrypted": "encrypted", "kms_key": "kmsKeyId"} {
		for _, written := range slices.Sorted(maps.Keys(parameters)) {
			if strings.EqualFold(written, key) {
				key = written
				break
			}
		}
		value := v.field(name, "parameters", key)
		if name == "encrypted" && value != nil {
			// As strconv.ParseBool, which the driver uses.
			switch kubeText(value) {
			case "1", "t", "T", "TRUE", "true", "True":
				v.d.Attr[name] = true
			case "0", "f", "F", "FALSE", "false", "False":
				v.d.Attr[name] = false
			}
		}
	}
	return nil
}

// readPersistentVolume reads a PersistentVolume; source is the name of the
// volume plugin's field, such as "csi" or "hostPath".
func readPersistentVolume(v *kubeView) []*document.Document {
	v.meta()
	v.field("capacity", "spec", "capacity")
	v.field("access_modes", "spec", "accessModes")
	v.field("mount_options", "spec", "mountOptions")
	v.field("reclaim_policy", "spec", "persistentVolumeReclaimPolicy")
	v.field("storage_class", "spec", "storageClassName")
	v.field("host_path", "spec", "hostPath")
	for _, name := range persistentSources() {
		raw := document.Path{"spec", name}
		if v.at(raw) != nil {
			v.set("source", name, raw)
		}
	}
	csi := map[string]any{}
	for _, n := range (renames{{"driver", "driver"}, {"volume_handle", "volumeHandle"}, {"volume_attributes", "volumeAttributes"}}) {
		raw := document.Path{"spec", "csi", n[1]}
		put(csi, n[0], v.at(raw))
		v.d.Written["csi."+n[0]] = raw
		v.pair(document.Path{"csi", n[0]}, raw)
	}
	if len(csi) > 0 {
		v.d.Attr["csi"] = csi
	}
	return nil
}

// persistentSources are the fields of PersistentVolumeSource (Kubernetes API
// reference).
func persistentSources() []string {
	return []string{
		"awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc", "flexVolume", "flocker",
		"gcePersistentDisk", "glusterfs", "hostPath", "iscsi", "local", "nfs", "photonPersistentDisk",
		"portworxVolume", "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume",
	}
}

func readConfigMap(v *kubeView) []*document.Document {
	v.meta()
	v.field("data", "data")
	v.field("immutable", "immutable")
	if binary := kubeObject(v.d.Raw, "binaryData"); binary != nil {
		v.set("binary_keys", sortedKeys(binary), document.Path{"binaryData"})
	}
	if v.d.Name == "aws-auth" && v.d.Namespace == "kube-system" {
		return readAWSAuth(v)
	}
	return nil
}

// readSecret reads which keys a Secret has and never their values; the values
// stay in Raw and are marked there.
func readSecret(v *kubeView) []*document.Document {
	v.meta()
	v.quietAnnotations()
	v.field("type", "type")
	v.fallback("type", "Opaque", apiServer, "Kubernetes API reference, Secret.type", "type")
	v.field("immutable", "immutable")
	at := document.Path{}
	for _, key := range []string{"data", "stringData"} {
		raw := document.Path{key}
		if !slices.ContainsFunc(v.d.Sensitive, func(p document.Path) bool { return raw.HasPrefix(p) }) {
			v.d.Sensitive = append(v.d.Sensitive, raw)
		}
		if v.at(raw) != nil {
			at = raw
		}
		if state, unknown := v.doubt(raw); unknown {
			v.d.States["keys"] = document.State{Kind: document.Partial, Reason: state.Reason, Refs: state.Refs}
		}
	}
	hidden := map[string]any{}
	for _, d := range v.doubts {
		if len(d.path) == 2 && (d.path[0] == "data" || d.path[0] == "stringData") {
			if key, ok := d.path[1].(string); ok {
				hidden[key] = nil // the key is known even if its value is not
			}
		}
	}
	v.set("keys", sortedKeys(kubeObject(v.d.Raw, "data"), kubeObject(v.d.Raw, "stringData"), hidden), at)
	if v.d.Raw["sops"] != nil {
		v.set("encrypted_with", "sops", document.Path{"sops"})
	}
	return nil
}

// lastApplied is where kubectl keeps a copy of the whole object, values and all.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// quietAnnotations takes kubectl's copy of a Secret out of its annotations.
func (v *kubeView) quietAnnotations() {
	annotations, _ := v.d.Attr["annotations"].(map[string]any)
	if _, ok := annotations[lastApplied]; !ok {
		return
	}
	quiet := maps.Clone(annotations)
	delete(quiet, lastApplied)
	v.d.Attr["annotations"] = quiet
	v.d.Sensitive = append(v.d.Sensitive, document.Path{"metadata", "annotations", lastApplied})
}
