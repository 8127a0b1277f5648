"""Which vendors a project depends on: the table is right, and each kind of file is read for what it says, no further."""

from __future__ import annotations

import time
from collections import Counter
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_status.catalogue import choose, known_pages
from tray_status.catalogue.formats import Malformed
from tray_status.catalogue.manifests import _BY_NAME, Need, reader_of
from tray_status.catalogue.scan import SIZE_LIMIT, Reason, look_at_path, look_into, matches, read_rules, table

KINDS = {
    "pypi",
    "npm",
    "go",
    "gem",
    "crate",
    "composer",
    "maven",
    "terraform",
    "image",
    "action",
    "env",
    "key",
    "file",
}


@pytest.fixture(autouse=True)
def _our_own(tmp_path):
    choose(tmp_path / "none.csv")
    yield
    choose(tmp_path / "none.csv")


def seen(path, text, named_only=True):
    """Page id → the reasons that one file gives for it."""
    evidence = {}
    if look_at_path(path, evidence):
        look_into(path, text if isinstance(text, bytes) else text.encode(), evidence)
    rows = {
        match.entry.id: [reason.name for reason in match.reasons if reason.name or not named_only]
        for match in matches(evidence)
    }
    return {page: sorted(names, key=str) for page, names in rows.items() if names}


def test_the_table_names_pages_of_the_catalogue_in_order_and_each_thing_once():
    text = files("tray_status.catalogue").joinpath("dependencies.csv").read_text("utf-8")
    rules = read_rules(text)
    assert text.startswith("page,kind,pattern\n")
    assert "\r" not in text
    assert {rule.page for rule in rules} <= {page.id for page in known_pages()}
    assert list(rules) == sorted(rules)
    assert [each for each, times in Counter((rule.kind, rule.pattern) for rule in rules).items() if times > 1] == []
    assert {rule.kind for rule in rules} == KINDS
    assert len(rules) >= 250
    assert len({rule.page for rule in rules}) >= 80
    for rule in rules:
        assert rule.pattern == (rule.pattern.upper() if rule.kind == "env" else rule.pattern.lower()), rule
        assert not set(rule.pattern) & set("?[] "), rule
        assert rule.pattern.strip("*"), rule
        if rule.kind == "pypi":
            assert "_" not in rule.pattern, rule


def test_every_rule_finds_its_page():
    for rule in table().rules:
        assert rule.page in table().pages(Need(rule.kind, rule.pattern.replace("*", "x"))), rule


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        (
            "requirements-dev.txt",
            "# openai\n-r base.txt\nStripe==1.0 # pay\nsentry_sdk[flask]>=1 ; python_version > '3'\ngit+https://x/twilio\nhttps://e.example/boto3\nflask\n",
            {"stripe": ["stripe"], "sentry": ["sentry-sdk"]},
        ),
        ("requirements/prod.txt", "boto3\r\n", {"aws": ["boto3"]}),
        ("requirements.txt", "boto3\r\n".encode("utf-16"), {"aws": ["boto3"]}),
        (
            "sub/pyproject.toml",
            "[build-system]\nrequires=['algoliasearch']\n[project]\ndependencies=['openai>=1', 7]\n[project.optional-dependencies]\na=['anthropic']\n"
            "[dependency-groups]\ndev=['posthog', {include-group='x'}]\n[tool.poetry.dependencies]\npython='^3'\nstripe='*'\n"
            "[tool.poetry.group.dev.dependencies]\ntwilio='*'\n[tool.uv]\ndev-dependencies=['mixpanel']\n",
            {"algolia": ["algoliasearch"], "openai": ["openai"], "claude": ["anthropic"], "posthog": ["posthog"], "stripe": ["stripe"], "twilio": ["twilio"], "mixpanel": ["mixpanel"]},
        ),
        ("pyproject.toml", "project = 3\ndependency-groups = []\n[tool]\npoetry = 'x'\n", {}),
        (
            "setup.cfg",
            "[metadata]\nname = stripe\n[options]\npackages = twilio\ninstall_requires =\n    openai>=1\n    # boto3\n[options.extras_require]\nx = slack-sdk\n  sendgrid\n[other]\ny = pusher\n",
            {"openai": ["openai"], "slack": ["slack-sdk"], "twilio": ["sendgrid"]},
        ),
        ("Pipfile", "[packages]\nstripe = '*'\n[dev-packages]\nsnowflake-connector-python = '*'\n", {"stripe": ["stripe"], "snowflake": ["snowflake-connector-python"]}),
        (
            "web/package.json",
            '{"name": "twilio", "dependencies": {"@sentry/node": "1"}, "devDependencies": {"@aws-sdk/client-s3": "3"}, "peerDependencies": {"stripe": "*"},'
            ' "optionalDependencies": {"openai": 1}, "bundledDependencies": ["pusher", 2], "scripts": {"slack": "x"}}',
            {"sentry": ["@sentry/node"], "aws": ["@aws-sdk/client-s3"], "stripe": ["stripe"], "openai": ["openai"], "pusher": ["pusher"]},
        ),
        ("package.json", '{"dependencies": "stripe", "devDependencies": null}', {}),
        (
            "go.mod",
            "module github.com/stripe/stripe-go/mine\n\ngo 1.22\n\nrequire (\n\tgithub.com/Datadog/datadog-go v4.0.0+incompatible // indirect\n\tcloud.google.com/go/storage v1.0.0\n)\nrequire github.com/slack-go/slack v0.1.0\n",
            {"datadog": ["github.com/datadog/datadog-go"], "google-cloud": ["cloud.google.com/go/storage"], "slack": ["github.com/slack-go/slack"]},
        ),
        ("Gemfile", "source 'https://rubygems.org'\ngem 'stripe', '~> 1'\n  gem(\"newrelic_rpm\")\n# gem 'twilio-ruby'\n", {"stripe": ["stripe"], "new-relic": ["newrelic_rpm"]}),
        ("mine.gemspec", "  spec.add_dependency \"octokit\", \"1\"\n  s.add_development_dependency('coveralls')\n", {"github": ["octokit"], "coveralls": ["coveralls"]}),
        ("composer.json", '{"require": {"php": "8", "Stripe/stripe-php": "*"}, "require-dev": {"sentry/sentry": "*"}}', {"stripe": ["stripe/stripe-php"], "sentry": ["sentry/sentry"]}),
        (
            "Cargo.toml",
            "[dependencies]\nsentry = '1'\ns3 = { package = 'aws-sdk-s3', version = '1' }\n[target.'cfg(unix)'.dependencies]\nserenity = '1'\n[workspace.dependencies]\nasync-stripe = '1'\n",
            {"sentry": ["sentry"], "aws": ["aws-sdk-s3"], "discord": ["serenity"], "stripe": ["async-stripe"]},
        ),
        ("pom.xml", "<dependency>\n <groupId>com.stripe</groupId>\n <artifactId>stripe-java</artifactId></dependency>", {"stripe": ["com.stripe:stripe-java"]}),
        ("app/build.gradle.kts", 'implementation("io.sentry:sentry:7.0")\nimplementation "com.google.firebase:firebase-auth"', {"sentry": ["io.sentry:sentry"], "firebase": ["com.google.firebase:firebase-auth"]}),
        (
            "docker-compose.prod.yml",
            "services:\n  a:\n    image: postgres:16\n  b:\n    image: \"ghcr.io/acme/x:1\"  # c\n  c:\n    image: ${REGISTRY}/y\n  d:\n    image: 123.dkr.ecr.eu-west-1.amazonaws.com/z@sha256:1\n  e:\n    image: localhost:5000/q\n    # image: quay.io/no\n",
            {"docker": ["postgres"], "github": ["ghcr.io/acme/x"], "aws": ["123.dkr.ecr.eu-west-1.amazonaws.com/z"]},
        ),
        (
            "build/Dockerfile",
            "FROM --platform=linux/amd64 python:3.12 AS base\nFROM base as two\nfrom quay.io/a/b:1\nFROM scratch\nFROM $X\nRUN echo FROM gcr.io/a/b\n",
            {"docker": ["python"], "quay-io": ["quay.io/a/b"]},
        ),
        (
            "infra/main.tf",
            'terraform {\n  backend "gcs" {}\n  required_providers {\n    datadog = {\n      source = "DataDog/datadog"\n    }\n    x = { \n      source = "registry.terraform.io/cloudflare/cloudflare"\n } } }\n'
            'resource "aws_s3_bucket" "github_backup" {}\nprovider "fastly" {}\nmodule "m" { \n source = "terraform-aws-modules/vpc/sendgrid"\n}\n',
            {"aws": ["aws"], "cloudflare": ["cloudflare"], "datadog": ["datadog"], "fastly": ["fastly"], "google-cloud": ["gcs"]},
        ),
        (
            ".env.example",
            "# TWILIO_SID=\nexport STRIPE_SECRET_KEY=sk_live_SENTRY_DSN=\nNEXT_PUBLIC_SUPABASE_URL = https://x\nKEY=\"one\nOPENAI_API_KEY=two\nthree\"\nOPENAI_ORG\nDATABASE_URL=x\n",
            {"stripe": ["STRIPE_SECRET_KEY"], "supabase": ["NEXT_PUBLIC_SUPABASE_URL"]},
        ),
        ("conf/.env.local.sample", "SENTRY_DSN=x", {"sentry": ["SENTRY_DSN"]}),
        (".github/workflows/ci.yml", "    - uses: codecov/codecov-action@v4\n    - uses: ./local\n    container:\n      image: mcr.microsoft.com/x/y:1\n", {"codecov": ["codecov/codecov-action"], "azure": ["mcr.microsoft.com/x/y"]}),
        ("app.json", '{"addons": ["heroku-postgresql"]}', {"heroku": ["addons"]}),
        ("app.json", '{"expo": {"name": "x"}}', {"expo": ["expo"]}),
        ("serverless.yml", "service: x\nprovider:\n  # here\n  runtime: y\n  name: aws\n", {"aws": ["aws"]}),
        ("serverless.yml", "provider: google\n", {"google-cloud": ["google"]}),
    ],
)  # fmt: skip
def test_what_each_kind_of_file_says(path, text, found):
    reasons = seen(path, text)
    assert reasons == found


@pytest.mark.parametrize(
    ("path", "pages"),
    [
        (".github/workflows/ci.yaml", {"github"}), (".gitlab-ci.yml", {"gitlab"}), (".circleci/config.yml", {"circleci"}),
        ("azure-pipelines.yml", {"azure-devops"}), (".travis.yml", {"travis-ci"}), ("bitbucket-pipelines.yml", {"bitbucket"}),
        ("vercel.json", {"vercel"}), ("netlify.toml", {"netlify"}), ("fly.toml", {"fly-io"}), ("render.yaml", {"render"}),
        ("Procfile", {"heroku"}), ("wrangler.toml", {"cloudflare"}), ("firebase.json", {"firebase"}), ("amplify.yml", {"aws"}),
        ("a/b/c/d/supabase/config.toml", {"supabase"}), ("package.json", {"npm"}), ("x/pyproject.toml", {"python"}),
        ("requirements.txt", {"python"}), ("requirements/a.txt", {"python"}), ("Gemfile", {"rubygems"}), ("go.mod", set()), ("config.toml", set()),
        ("workflows/ci.yml", set()), ("Dockerfile", set()), ("composer.json", {"packagist"}), ("Cargo.toml", {"crates-io"}),
    ],
)  # fmt: skip
def test_some_files_tell_by_being_there(path, pages):
    evidence = {}
    look_at_path(path, evidence)
    assert set(evidence) == pages
    assert all(reasons == {Reason(path)} for reasons in evidence.values())


@pytest.mark.parametrize(
    "name",
    [
        ".env", ".env.local", ".env.production", ".ENV", "prod.env", "server.pem", "id_rsa", "id_ed25519.pub", "x.key", "terraform.tfvars",
        "terraform.tfstate", ".npmrc", ".pypirc", ".netrc", "credentials.json", "requirements.key", "Dockerfile.env", "secrets.yml", "package-lock.json", "README.md",
    ],
)  # fmt: skip
def test_files_with_secrets_and_all_others_have_no_reader(name):
    assert reader_of(name) is None
    assert reader_of(f"a/b/{name}") is None


@pytest.mark.parametrize(
    ("path", "data", "says"),
    [
        ("package.json", b"{", "it is not valid JSON: Expecting property name enclosed in double quotes in line 1"),
        ("package.json", b"[]", "it is JSON, but no object"),
        ("package.json", b'{"a":' * 100_000, "it is nested too deeply"),
        ("package.json", b"\xff\xfe\x00", "it is not a text file"),
        ("package.json", b"\x80", "it is not a text file in UTF-8"),
        ("go.mod", b"\x00" * 100, "it is not a text file"),
        ("go.mod", b"x" * (SIZE_LIMIT + 1), "it is larger than 1 MB"),
        ("pyproject.toml", b"a = " + b"[" * 100_000, "it is nested too deeply"),
        ("pyproject.toml", b"[" + b"a." * 400_000 + b"a]", "it is nested too deeply"),
        ("pyproject.toml", b"x = ", "it is not valid TOML"),
    ],
)
def test_a_malformed_file_says_why_and_tells_nothing(path, data, says):
    evidence = {}
    with pytest.raises(Malformed) as wrong:
        look_into(path, data, evidence)
    assert str(wrong.value).startswith(says)
    assert evidence == {}


@pytest.mark.parametrize("unit", ["\n", " ", "a", "a.", "a-", '"', '"a:', "gem ", "FROM --a ", "FROM ", "uses: a/", " image: ", "<groupId>", "<groupId> a", "provider:\n ", 'source = "a/', "require ", "a=\"", "[a]\n", "=a\n", "a =", "/"])  # fmt: skip
def test_no_text_costs_more_than_its_length(unit):
    text = (unit * (SIZE_LIMIT // len(unit))).encode()
    for path in (
        *_BY_NAME,
        "requirements.txt",
        "a.gemspec",
        "main.tf",
        ".env.example",
        "compose.yml",
        ".github/workflows/a.yml",
    ):
        began = time.process_time()
        try:
            look_into(path, text, {})
        except Malformed:
            continue
        finally:
            assert time.process_time() - began < 3, path


@given(st.sampled_from([*_BY_NAME, "requirements.txt", "a.gemspec", "main.tf", ".env.example", "compose.yml", ".github/workflows/a.yml"]), st.one_of(st.binary(), st.text().map(lambda text: text.encode())))  # fmt: skip
def test_any_bytes_are_names_or_malformed(path, data):
    try:
        look_into(path, data, evidence := {})
    except Malformed:
        return
    assert all(isinstance(each, Reason) for reasons in evidence.values() for each in reasons)


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text()),
        lambda inner: st.one_of(
            st.lists(inner),
            st.dictionaries(st.sampled_from(["dependencies", "require", "devDependencies", "x"]), inner),
        ),
    )
)
def test_json_of_any_shape_is_names_or_malformed(data):
    import json

    for path in ("package.json", "composer.json", "app.json"):
        try:
            look_into(path, json.dumps(data).encode(), {})
        except Malformed:
            continue
