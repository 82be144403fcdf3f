# 天守: "make demo" shows the product, "make test" proves it. Both do all set-up; neither needs root
# but for the Debian packages that the tests need, which scripts/debian-packages installs when missing.
.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := $(if $(TENSHU_VENV),$(TENSHU_VENV),.venv)
BIN := $(VENV)/bin

.PHONY: help setup setup-dev demo run test lint types contracts templates unit unit-sqlite unit-postgresql bench bench-setup lock clean

help: ## この一覧
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

setup:
	@scripts/setup runtime

setup-dev: # python-ldap is built here and needs Debian's headers
	@scripts/debian-packages
	@scripts/setup dev

demo: setup ## 見本の一年を読み込み、年次報告を作り、画面を出す
	@$(BIN)/tenshu demo

run: setup ## 画面とワーカーを動かす
	@$(BIN)/tenshu serve --with-worker

test: setup-dev ## すべての検査（SQLiteとPostgreSQL、ブラウザ、型、書き方）
	@scripts/browser-tools
	@scripts/oidc-server
	@$(BIN)/python -m tenshu.ground.ui.fonts
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory unit

lint: setup-dev ## 書き方、型、階の決まり、雛形
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python scripts/file-sizes
	$(BIN)/python scripts/lint-templates
	$(BIN)/lint-imports
	TENSHU_HOME=.cache/lint-home $(BIN)/mypy src/tenshu benchmarks/house/*.py

unit: unit-sqlite unit-postgresql

unit-sqlite:
	$(BIN)/python scripts/run-tests sqlite

unit-postgresql:
	$(BIN)/python scripts/run-tests postgresql

bench: bench-setup ## 目標の数値を、比べる相手と並べて測る
	@$(BIN)/python benchmarks/run.py

bench-setup:
	@scripts/setup bench

lock: ## 部品の版とハッシュを決め直す
	@scripts/lock-requirements

clean: ## 作ったものを消す（var は残す）
	rm -rf .venv .tools .cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
