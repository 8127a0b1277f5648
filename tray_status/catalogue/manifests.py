"""What a project's files say of what it depends on: names of packages, images, providers and variables.

Pure, and nothing is run. Each kind of file has a reader here, found by the file's path; files with secrets have none.
Kinds of names: pypi, npm, go, gem, crate, composer, maven, terraform, image, action, env (names of variables only),
and key (`app.json:addons`: that such a file has such a key).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from .formats import json_object, table_in, toml_table


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """Something that a project depends on, by the kind of its name."""

    kind: str
    name: str


Reader = Callable[[str], Iterable[Need]]


def reader_of(path: str) -> Reader | None:
    """What reads the file at a path with `/` between; None where it is not to be opened at all."""
    lower = path.lower()
    name = lower.rpartition("/")[2]
    if _is_secret(name):
        return None
    if exact := _BY_NAME.get(name):
        return exact
    fits = (reader for pattern, reader in _BY_PATTERN if fnmatchcase(lower if "/" in pattern else name, pattern))
    return next(fits, None)


_EXAMPLES = (".example", ".sample", ".template", ".dist")
_KEYS = ("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519")


def _is_secret(name: str) -> bool:
    """Whether such a file may hold secrets: it is never opened, whatever else its name says."""
    if name.endswith((".pem", ".key", ".p12", ".pfx", ".tfvars", ".tfstate", ".env")) or name.startswith(_KEYS):
        return True
    return name.startswith(".env") and not name.endswith(_EXAMPLES)


# --- Python -----------------------------------------------------------------------------------------------------

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:[\[<>=!~;@,(#]|\s|$)")


def _python(requirements: Iterable[object]) -> Iterator[Need]:
    for each in requirements:
        if isinstance(each, str) and (found := _REQUIREMENT.match(each)):
            yield Need("pypi", re.sub(r"[-_.]+", "-", found[1]).lower())


def _requirements(text: str) -> Iterator[Need]:
    return _python(line for line in text.splitlines() if not line.lstrip().startswith(("-", "#")))


def _pyproject(text: str) -> Iterator[Need]:
    data = toml_table(text)
    project, tool = table_in(data, "project"), table_in(data, "tool")
    lists = [
        project.get("dependencies"),
        table_in(data, "build-system").get("requires"),
        table_in(tool, "uv").get("dev-dependencies"),
        *table_in(project, "optional-dependencies").values(),
        *table_in(data, "dependency-groups").values(),
        *table_in(tool, "pdm", "dev-dependencies").values(),
    ]
    for each in lists:
        yield from _python(each if isinstance(each, list) else ())
    poetry = table_in(tool, "poetry")
    groups = [table_in(group, "dependencies") for group in table_in(poetry, "group").values()]
    for table in (table_in(poetry, "dependencies"), table_in(poetry, "dev-dependencies"), *groups):
        yield from _python(each for each in table if each.lower() != "python")


def _setup_cfg(text: str) -> Iterator[Need]:
    section = key = ""
    for line in text.splitlines():
        value = line
        if line.startswith("["):
            section, key = line.strip().strip("[]"), ""
            continue
        if line[:1].strip():
            key, _, value = line.partition("=")
        listed = section == "options" and key.strip() in ("install_requires", "setup_requires", "tests_require")
        if listed or (section == "options.extras_require" and key):
            yield from _requirements(value)


def _pipfile(text: str) -> Iterator[Need]:
    data = toml_table(text)
    return _python([*table_in(data, "packages"), *table_in(data, "dev-packages")])


# --- other languages --------------------------------------------------------------------------------------------

_NPM_LISTS = (
    "dependencies", "devDependencies", "peerDependencies", "optionalDependencies",
    "bundledDependencies", "bundleDependencies",
)  # fmt: skip
_GO = re.compile(r"^[ \t]*(?:require[ \t]+)?([\w-]+(?:\.[\w-]+)+(?:/[\w.~-]+)*)[ \t]+v\d", re.MULTILINE)
_GEM = re.compile(
    r"""^[ \t]*(?:gem|\w+\.add(?:_runtime|_development)?_dependency)[ (]+["']([\w.-]+)["']""", re.MULTILINE
)
_POM = re.compile(r"<groupId>\s*([\w.-]+)\s*</groupId>\s*<artifactId>\s*([\w.-]+)\s*</artifactId>")
_GRADLE = re.compile(r"""["']([\w-]+(?:\.[\w-]+)+):([\w.-]+)(?::[^"'\n]{0,200})?["']""")


def _package_json(text: str) -> Iterator[Need]:
    data = json_object(text)
    for each in _NPM_LISTS:
        listed = data.get(each)
        names = listed if isinstance(listed, dict | list) else ()
        yield from (Need("npm", name.lower()) for name in names if isinstance(name, str))


def _composer(text: str) -> Iterator[Need]:
    data = json_object(text)
    return (Need("composer", name.lower()) for key in ("require", "require-dev") for name in table_in(data, key))


def _go_mod(text: str) -> Iterator[Need]:
    return (Need("go", found[1].lower()) for found in _GO.finditer(text))


def _gemfile(text: str) -> Iterator[Need]:
    return (Need("gem", found[1].lower()) for found in _GEM.finditer(text))


def _cargo(text: str) -> Iterator[Need]:
    data = toml_table(text)
    tables = [data, table_in(data, "workspace"), *table_in(data, "target").values()]
    for table in tables:
        for key in ("dependencies", "dev-dependencies", "build-dependencies"):
            for name, told in table_in(table, key).items():
                renamed = told.get("package") if isinstance(told, dict) else None
                yield Need("crate", (renamed if isinstance(renamed, str) else name).lower())


def _maven(text: str) -> Iterator[Need]:
    return (Need("maven", f"{found[1]}:{found[2]}".lower()) for found in _POM.finditer(text))


def _gradle(text: str) -> Iterator[Need]:
    return (Need("maven", f"{found[1]}:{found[2]}".lower()) for found in _GRADLE.finditer(text))


# --- infrastructure and CI --------------------------------------------------------------------------------------

_FROM = re.compile(r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)(?:[ \t]+AS[ \t]+(\S+))?", re.MULTILINE | re.IGNORECASE)
_IMAGE = re.compile(r"""^[ \t]*(?:-[ \t]+)?image:[ \t]*["']?([^\s"'#]+)""", re.MULTILINE)
_USES = re.compile(r"""^[ \t]*(?:-[ \t]+)?uses:[ \t]*["']?([\w.-]+/[\w./-]+)@""", re.MULTILINE)
_SOURCE = re.compile(r'^[ \t]*source[ \t]*=[ \t]*"(?:[\w.-]+\.[\w-]+/)?[\w-]+/([\w-]+)"', re.MULTILINE)
_BLOCK = re.compile(r'^[ \t]*(provider|backend|resource|data)[ \t]+"([\w-]+)"', re.MULTILINE)
_SERVERLESS = re.compile(r"^provider:[ \t]*(?:\n(?:[ \t][^\n]*\n){0,20}?[ \t]+name:[ \t]*)?[\"']?(\w+)", re.MULTILINE)
_VARIABLE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*\Z")


def _image(reference: str) -> Iterator[Need]:
    """An image with its registry, without tag; none where a variable decides."""
    path = reference.partition("@")[0]
    head, slash, last = path.rpartition("/")
    path = f"{head}{slash}{last.partition(':')[0]}".lower()
    if not path or "$" in path or path == "scratch":
        return
    host = path.partition("/")[0]
    if "/" not in path:
        path = f"docker.io/library/{path}"
    elif "." not in host and ":" not in host and host != "localhost":
        path = f"docker.io/{path}"
    yield Need("image", path)


def _dockerfile(text: str) -> Iterator[Need]:
    stages: set[str] = set()
    for found in _FROM.finditer(text):
        if found[1].lower() not in stages:
            yield from _image(found[1])
        if found[2]:
            stages.add(found[2].lower())


def _images(text: str) -> Iterator[Need]:
    for found in _IMAGE.finditer(text):
        yield from _image(found[1])


def _workflow(text: str) -> Iterator[Need]:
    yield from (Need("action", found[1].lower()) for found in _USES.finditer(text))
    yield from _images(text)


def _terraform(text: str) -> Iterator[Need]:
    for found in _BLOCK.finditer(text):
        name = found[2].partition("_")[0] if found[1] in ("resource", "data") else found[2]
        yield Need("terraform", name.lower())
    yield from (Need("terraform", found[1].lower()) for found in _SOURCE.finditer(text))


def _app_json(text: str) -> Iterator[Need]:
    return (Need("key", f"app.json:{key.lower()}") for key in json_object(text))


def _serverless(text: str) -> Iterator[Need]:
    return (Need("key", f"serverless:{found[1].lower()}") for found in _SERVERLESS.finditer(text))


def _variables(text: str) -> Iterator[Need]:
    """The names left of `=`; what stands right of it is dropped unseen, over several lines too where it is quoted."""
    quote = ""
    for line in text.split("\n"):
        if quote:
            quote = "" if quote in line else quote
            continue
        name, equals, value = line.partition("=")
        begun = value.lstrip()[:1]
        if equals and begun and begun in "\"'`" and begun not in value.lstrip()[1:]:
            quote = begun
        if equals and (found := _VARIABLE.match(name)):
            yield Need("env", found[1].upper())


# --- which file is read how ---------------------------------------------------------------------------------------

_BY_NAME: Mapping[str, Reader] = {
    "pyproject.toml": _pyproject,
    "setup.cfg": _setup_cfg,
    "pipfile": _pipfile,
    "package.json": _package_json,
    "composer.json": _composer,
    "go.mod": _go_mod,
    "gemfile": _gemfile,
    "gems.rb": _gemfile,
    "cargo.toml": _cargo,
    "pom.xml": _maven,
    "build.gradle": _gradle,
    "build.gradle.kts": _gradle,
    "libs.versions.toml": _gradle,
    "dockerfile": _dockerfile,
    "containerfile": _dockerfile,
    ".gitlab-ci.yml": _images,
    "bitbucket-pipelines.yml": _images,
    "app.json": _app_json,
    "serverless.yml": _serverless,
    "serverless.yaml": _serverless,
}

_BY_PATTERN: tuple[tuple[str, Reader], ...] = (
    ("*requirements*.txt", _requirements),
    ("*requirements/*.txt", _requirements),
    ("*.gemspec", _gemfile),
    ("dockerfile.*", _dockerfile),
    ("*.dockerfile", _dockerfile),
    ("docker-compose*.yml", _images),
    ("docker-compose*.yaml", _images),
    ("compose*.yml", _images),
    ("compose*.yaml", _images),
    ("*.circleci/config.yml", _images),
    ("*.github/workflows/*.yml", _workflow),
    ("*.github/workflows/*.yaml", _workflow),
    ("*.tf", _terraform),
    *((f"*env{ending}", _variables) for ending in _EXAMPLES),
    *((f".env*{ending}", _variables) for ending in _EXAMPLES),
)
