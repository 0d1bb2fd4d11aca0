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

test_full_names if {
	image.full("nginx:1") == "docker.io/library/nginx"
	image.full("shop/web") == "docker.io/shop/web"
	image.full("index.docker.io/shop/web:1") == "docker.io/shop/web"
	image.full("localhost/web:1") == "localhost/web"
	image.full("registry:5000/web@sha256:00") == "registry:5000/web"
}

test_a_star_does_not_reach_beyond_a_slash if {
	image.within("1.dkr.ecr.eu-west-1.amazonaws.com/web", "*.dkr.ecr.*.amazonaws.com")
	not image.within("evil.example/1.dkr.ecr.eu-west-1.amazonaws.com/web", "*.dkr.ecr.*.amazonaws.com")
	not image.within("registry.k8s.io.evil.example/web", "registry.k8s.io")
}

test_ecr_names if {
	image.ecr_name("123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1") == "shop/web"
	not image.ecr_name("public.ecr.aws/shop/web")
}

test_moving_tags if {
	image.moves("nginx")
	image.moves("nginx:stable")
	not image.moves("nginx:1.27")
	not image.moves("nginx:stable@sha256:00")
}

test_injected_names if {
	image.is_injected("auto", {"annotations": {"inject.istio.io/templates": "gateway"}})
	image.is_injected("auto", {"labels": {"sidecar.istio.io/inject": "true"}})
	not image.is_injected("nginx", {"labels": {"sidecar.istio.io/inject": "true"}})
	not image.is_injected("auto", {"labels": {"app": "web"}})
	not image.is_injected("auto", {"env": {"sidecar.istio.io/inject": "true"}})
}

test_what_is_no_text_is_no_reference if {
	not image.digest(5)
	not image.tag(5)
	not image.full(5)
	not image.ecr_name(5)
}
