package plimsoll.lib.image_test

import data.plimsoll.lib.image

_digest := "sha256:01038e7de14b78d702d2849c3aad72fd25903c4765af63cf16aa3398f5d5f2dd"

test_a_bare_name if {
	image.repository("nginx") == "nginx"
	not image.tag("nginx")
	not image.digest("nginx")
}

test_a_tag_after_a_port if {
	image.repository("registry.example.com:5000/shop/web:1.2") == "registry.example.com:5000/shop/web"
	image.tag("registry.example.com:5000/shop/web:1.2") == "1.2"
}

test_a_port_without_a_tag if not image.tag("registry.example.com:5000/shop/web")

test_tag_and_digest if {
	ref := sprintf("nginx:1.27@%s", [_digest])
	image.repository(ref) == "nginx"
	image.tag(ref) == "1.27"
	image.digest(ref) == _digest
}

test_a_digest_alone if {
	ref := sprintf("nginx@%s", [_digest])
	image.repository(ref) == "nginx"
	not image.tag(ref)
}
