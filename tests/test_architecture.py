"""The shape of the tree: what loads what, what files hold, and that names agree across layers."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor_desk.desk import reads
from advisor_desk.desk.commands import WRITES
from advisor_desk.domain.commands import COMMANDS
from advisor_desk.domain.records import KINDS, personal_fields

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("advisor_desk", "ui", "tests", "build_scripts")
SOURCES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
MODULES = [path for path in SOURCES if path.name != "__init__.py"]
INITS = [path for path in SOURCES if path.name == "__init__.py"]

_IMPORT_ALL = """
import importlib, json, pkgutil, sys
for name in sys.argv[1:]:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(getattr(package, "__path__", []), name + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
print(json.dumps(sorted({module.partition(".")[0] for module in sys.modules})))
"""


def loaded_by_importing(*names: str) -> set[str]:
    """The top-level packages a fresh interpreter holds after importing these and all below them."""
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT_ALL, *names], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_core_loads_no_qt() -> None:
    loaded = loaded_by_importing("advisor_desk")
    assert {"sqlalchemy", "requests", "fastapi"} <= loaded  # the walk went everywhere
    assert not loaded & {"PySide6", "shiboken6", "ui"}


@pytest.mark.parametrize("name", ["ui.main", "ui"])
def test_the_screen_loads_neither_database_layer_nor_network_client(name: str) -> None:
    loaded = loaded_by_importing(name)
    assert "PySide6" in loaded
    assert not loaded & {"sqlalchemy", "alembic", "requests", "urllib3", "pydantic", "fastapi", "keyring", "authlib"}


def test_the_rules_load_nothing_but_the_standard_library_and_typing_extensions() -> None:
    loaded = loaded_by_importing("advisor_desk.domain")
    ours = {"advisor_desk", "typing_extensions"}
    # Where the standard library keeps how it was built, on some systems: reading time zones looks there.
    loaded = {name for name in loaded if not name.startswith("_sysconfigdata")}
    at_start = set(json.loads(_fresh("import json, sys; print(json.dumps([m for m in sys.modules]))")))
    foreign = loaded - ours - set(sys.stdlib_module_names) - {name.partition(".")[0] for name in at_start}
    assert not foreign


def _fresh(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True).stdout


@pytest.mark.parametrize("path", INITS, ids=relative)
def test_a_package_marker_is_empty(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == ""


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_opens_with_one_sentence(path: Path) -> None:
    words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert words, "no docstring"
    first, _, rest = words.partition("\n")
    assert first.endswith("."), first
    assert not rest or rest.startswith("\n"), "the first sentence is one line; more follows after an empty line"


@pytest.mark.parametrize("path", [path for path in MODULES if path.is_relative_to(ROOT / "advisor_desk")], ids=relative)
def test_nothing_in_the_core_keeps_state_in_a_global_statement(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Global)]


def logged(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls that write to a log."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            on = node.func.value
            if node.func.attr in LEVELS and "log" in ast.unparse(on).lower().rpartition(".")[2]:
                yield node


TELLING = KINDS["customer"].personal | KINDS["vehicle"].personal | KINDS["contact_event"].personal
"""Fields whose name alone says what a variable holds."""
LEVELS = {"debug", "info", "warning", "error", "critical", "exception", "log"}


def mentions(call: ast.Call) -> set[str]:
    """The attributes, keys and telling names that arguments are made of; the type of a value tells nothing of it."""
    edge: list[ast.AST] = list(call.args[1:])
    parts: list[ast.AST] = []
    while edge:
        part = edge.pop()
        if not (isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in {"type", "len"}):
            parts.append(part)
            edge += ast.iter_child_nodes(part)
    return (
        {part.id for part in parts if isinstance(part, ast.Name) and part.id in TELLING}
        | {part.attr for part in parts if isinstance(part, ast.Attribute)}
        | {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    )


@pytest.mark.parametrize("package", ["advisor_desk", "ui"])
def test_no_log_line_is_made_of_a_field_that_holds_personal_data(package: str) -> None:
    written = 0
    for path in (path for path in MODULES if path.is_relative_to(ROOT / package)):
        for call in logged(ast.parse(path.read_text(encoding="utf-8"))):
            written += 1
            assert not mentions(call) & personal_fields(), f"{relative(path)}:{call.lineno}"
            assert not isinstance(call.args[0], ast.JoinedStr), f"{relative(path)}:{call.lineno} hides what it logs"
    assert written or package == "ui"


def test_a_log_line_with_a_customers_name_would_be_found() -> None:
    (call,) = logged(ast.parse('_log.info("told %s", customer["name"])'))
    assert mentions(call) & personal_fields()


# Written apart so that this file does not hold what it looks for.
MACHINE_PATHS = ["/" + name + "/" for name in ("work", "tmp", "root", "home", "Users")]
REGISTRIES = ["pypi" + ".org", "python" + "hosted", "npm" + "js.", "registry" + "."]
FOREIGN = re.compile(
    "|".join([*(rf"(?<![\w.}}])({re.escape(word)})" for word in MACHINE_PATHS), *map(re.escape, REGISTRIES)])
)
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".in",
    ".json",
    ".yml",
    ".yaml",
    ".cfg",
    ".ini",
    ".svg",
    ".spec",
    ".ts",
    ".desktop",
}


def shipped_texts() -> Iterator[Path]:
    for folder in (*PACKAGES, "resources", ".ci"):
        yield from (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    yield from (path for path in ROOT.iterdir() if path.is_file())


def test_no_file_names_a_machine_path_or_a_package_registry() -> None:
    found = []
    for path in shipped_texts():
        if path.suffix in TEXT or path.suffix == "":
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{relative(path)}: {match[0]}" for match in FOREIGN.finditer(text)]
    assert not found


def test_the_search_for_machine_paths_finds_one() -> None:
    assert FOREIGN.search('open("' + "/" + 'tmp/x")')
    assert FOREIGN.search("index https://" + "pypi" + ".org/simple")


OF_OUR_OWN = {
    "store.set_rule", "store.set_hours", "store.set_holidays", "import.apply", "part.receive_order", "part.set_bin",
    "job.start", "job.finish", "part.backorder", "part.install", "part.cancel", "customer.add", "vehicle.add",
    "vehicle.edit", "lead.take", "lead.answer", "survey.send", "survey.record", "deal.open", "deal.document",
    "deal.stage", "deal.deliver", "we_owe.add", "we_owe.link", "loaner.extend",
}  # fmt: skip
"""Commands the trade's notes do not list, without which a record could not reach a state they name."""
BY_AN_ADVISOR = {
    "contact.log", "ro.open", "ro.move_stage", "ro.repromise", "ro.set_tag", "ro.set_spot", "ro.hold", "job.authorise",
    "job.decline", "part.set_eta", "part.order", "part.receive", "undo", "ro.close", "ro.void", "visit.book",
    "visit.confirm", "visit.arrive", "visit.no_show", "visit.move", "visit.cancel", "contact.text", "contact.email",
    "job.add", "job.recommend", "job.send", "job.assign", "part.request", "part.quote", "part.pull", "part.return",
    "part.claim", "part.tell", "customer.edit", "customer.set_consent", "customer.adopt", "loaner.out", "loaner.back",
    "promise.make", "promise.keep", "promise.move", "promise.cancel", "promise.offer", "promise.accept",
    "promise.decline", "employee.deactivate", "employee.away",
    *OF_OUR_OWN,
}  # fmt: skip
READS = {
    "read.board",
    "read.repair_order",
    "read.drive",
    "read.counter",
    "read.customer",
    "read.promises",
    "read.raises",
    "read.report",
    "read.attention",
    "read.outbox",
}
OF_THE_SERVICE = {
    "attention.resolve",
    "reconcile.tick",
    "sync.now",
    "sign_in",
    "sign_out",
    "help",
    "read.link",
    "read.search",
    "read.history",
    "read.reconcile",
    "import.preview",
}


def test_the_commands_an_advisor_can_give_are_declared_under_the_trades_names() -> None:
    assert COMMANDS.keys() >= BY_AN_ADVISOR | READS
    assert COMMANDS.keys() == BY_AN_ADVISOR | READS | OF_THE_SERVICE


def test_every_writing_command_has_its_handler_and_every_read_too() -> None:
    writing = {name for name, command in COMMANDS.items() if command.writes}
    assert writing == WRITES.keys() | {"attention.resolve"}
    assert {name for name in COMMANDS if name.startswith("read.")} == reads.HANDLERS.keys() | {
        "read.link",
        "read.history",
        "read.report",
    }


def test_every_command_says_itself_and_its_arguments_in_words() -> None:
    for command in COMMANDS.values():
        assert command.words, command.name
        assert all(arg.words for arg in command.args.values()), command.name
