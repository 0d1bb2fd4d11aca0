package plimsoll.lib.hostpaths_test

import data.plimsoll.lib.hostpaths

test_paths_are_made_short if {
	hostpaths.clean("/") == "/"
	hostpaths.clean("/var/lib/") == "/var/lib"
	hostpaths.clean("//a/./b//c") == "/a/b/c"
}

test_paths_of_windows_have_slashes if {
	hostpaths.clean(`C:\var\lib\kubelet\pods\`) == "C:/var/lib/kubelet/pods"
	hostpaths.clean(`c:\a\..\b`) == "c:/b"
	hostpaths.clean("C:/k//x/") == "C:/k/x"
	hostpaths.clean(`/a\b`) == `/a\b`
}

test_parents_are_followed if {
	hostpaths.clean("/var/../etc") == "/etc"
	hostpaths.clean("/a/b/../../../c") == "/c"
	hostpaths.clean("/a/b/c/../../d") == "/a/d"
	hostpaths.clean("/../../etc/..") == "/"
}

test_what_is_no_path_has_no_form if {
	not hostpaths.clean("")
	not hostpaths.clean(null)
	not hostpaths.clean(7)
}

_mounting(mounts) := {"attr": {"containers": [null, {"volumeMounts": mounts}]}}

test_one_writable_mount_makes_a_volume_writable if {
	hostpaths.is_read_only("a") with input as _mounting([{"name": "a", "readOnly": true}, {"name": "b"}])
	not hostpaths.is_read_only("a") with input as _mounting([{"name": "a", "readOnly": true}, {"name": "a"}])
}
