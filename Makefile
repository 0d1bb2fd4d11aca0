# `make` builds and tests. Everything here needs Go and git, and nothing else.

GO       ?= go
BIN      := bin
TOOLS    := $(GO) tool -modfile=tools.mod
VERSION  ?=
FUZZ     ?= FuzzLoad
FUZZTIME ?= 60s
CHARTS   ?=
HELM     ?= helm
# cmd comes last, because its scripts prove the whole.
PACKAGES := ./engine/... ./fixtures/... ./loaders/... ./policies/... ./cmd/...

.PHONY: all help build test race lint rules mutants docs fuzz bench cover charts clean demo

all: build test

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /make \1: /p' $(MAKEFILE_LIST)

build: ## build bin/plimsoll, which needs no other files to run
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o $(BIN)/plimsoll ./cmd/plimsoll

test: ## run all tests, in random order
	$(GO) test -shuffle=on $(PACKAGES)

race: ## run all tests with the race detector
	$(GO) test -race -shuffle=on $(PACKAGES)

lint: ## run the linters and check the formatting
	$(TOOLS) golangci-lint run
	$(TOOLS) golangci-lint fmt --diff

rules: build ## lint and test the bundled rules
	$(BIN)/plimsoll policy lint policies
	$(BIN)/plimsoll policy test --quiet policies

mutants: build ## change the rules one expression at a time, and see whether their tests notice
	$(BIN)/plimsoll policy test --mutate --quiet policies

docs: build ## write the rules' index and table anew, and a page per rule into bin/docs
	$(BIN)/plimsoll policy index policies
	$(BIN)/plimsoll docs --out $(BIN)/docs policies

fuzz: ## look for crashing inputs: make fuzz FUZZ=FuzzLoad FUZZTIME=60s
	$(GO) test ./loaders -run '^$$' -fuzz '^$(FUZZ)$$' -fuzztime $(FUZZTIME)

bench: ## run the benchmarks
	$(GO) test -run '^$$' -bench . -benchmem $(PACKAGES)

charts: ## compare with helm and change fields: make charts CHARTS=DIR HELM=helm
	PLIMSOLL_CHARTS=$(abspath $(CHARTS)) PLIMSOLL_HELM=$(HELM) $(GO) test ./loaders -run TestChart -v -count=1
	PLIMSOLL_CHARTS=$(abspath $(CHARTS)) $(GO) test ./engine -run TestCharts -v -count=1

cover: ## measure what the tests reach, in bin/cover.html
	mkdir -p $(BIN)
	$(GO) test -coverpkg=./... -coverprofile=$(BIN)/cover.out $(PACKAGES)
	$(GO) tool cover -html=$(BIN)/cover.out -o $(BIN)/cover.html
	$(GO) tool cover -func=$(BIN)/cover.out

clean: ## remove what make has built
	rm -rf $(BIN)

demo: build ## check a bad and a good cluster of the fixtures
	$(BIN)/plimsoll check fixtures/stack/insecure --fail-on never
	$(BIN)/plimsoll check fixtures/stack/hardened
