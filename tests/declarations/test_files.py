"""Files as the disk holds them: encodings, sizes, shapes that would break a naive reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from platform_pulumi.declarations.documents import Limits
from platform_pulumi.errors import InputError
from platform_pulumi.model.platform import Platform
from tests.declarations.conftest import described, service
from tests.declarations.platforms import container, platform
from tests.declarations.providers import DEFINITIONS
from tests.reading import load_files


def read(*paths: Path, limits: Limits | None = None) -> Platform:
    return load_files(paths, definitions=DEFINITIONS, environment={}, limits=limits)


def refusal(*paths: Path, limits: Limits | None = None) -> str:
    with pytest.raises(InputError) as caught:
        read(*paths, limits=limits)
    return described(caught.value.problems)


@pytest.mark.parametrize(
    ("content", "place", "code"),
    [
        (b"", "1:1", "P2004"),
        (b"# nothing\n", "1:1", "P2004"),
        (b"\xef\xbb\xbf", "1:1", "P2004"),
        (b"hello", "1:1", "P2007"),
        (b"- a\n", "1:1", "P2007"),
        (b"{}", "1:1", "P2007"),
        (b'platform:\n  org: "a\xc3\xa9\xff"\n', "2:11", "P2002"),
        (b"platform:\r\n  org: \xe9", "2:8", "P2002"),
        (b"\xff\xfep\x00l\x00", "1:1", "P2002"),
        (b"platform:\n  org: a\x00b\n", "2:9", "P2005"),
        ('platform:\n  org: "\u00e9\u0007"\n'.encode(), "2:10", "P2005"),
        (b"platform:\n\torg: a\n", "2:1", "P2005"),
        (b"platform: *gone\n", "1:11", "P2005"),
        (b"platform: {org: a", "2:1", "P2005"),
        (b'platform: "', "1:12", "P2005"),
        (b"platform: {}\n---\nplatform: {}\n", "2:1", "P2006"),
    ],
)
def test_what_is_no_declaration(tmp_path: Path, content: bytes, place: str, code: str) -> None:
    file = tmp_path / "platform.yaml"
    file.write_bytes(content)
    text = refusal(file)
    assert text.startswith(f"{place} ")
    assert f"[{code}]" in text


def test_missing_files_and_directories_are_told_with_the_rest(tmp_path: Path) -> None:
    good = tmp_path / "good.yaml"
    good.write_text(platform(container("imag: a")), encoding="utf-8")
    text = refusal(tmp_path / "missing.yaml", tmp_path, good, good)
    assert "missing.yaml: no such file or directory" in text
    assert "is a directory" in text
    assert "no property `imag`" in text
    assert "given twice" in text


def test_a_byte_order_mark_and_windows_lines_move_no_column(tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + platform(container("imag: a")).replace("\n", "\r\n").encode())
    column = file.read_text(encoding="utf-8-sig").splitlines()[9].index("imag") + 1
    assert f"\n10:{column} ~4 [P2014]" in refusal(file)


def told_place(text: str) -> str:
    return text.split(" ", 1)[0]


def test_columns_count_characters_not_bytes(tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    file.write_text(
        platform(container('image: a, command: ["\u00e9\U0001f680"], env: {A: "\u00e9${nope}"}')), encoding="utf-8"
    )
    line = file.read_text(encoding="utf-8").splitlines()[9]
    assert told_place(refusal(file)) == f"10:{line.index('${nope}') + 1}"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("platform: " + "[" * 200 + "]" * 200, "P2010"),
        ("platform: " + "[" * 100_000, "P2010"),
        ("- " * 100_000, "P2010"),
        ("? " * 100_000, "P2010"),
        ("-   " * 100_000, "P2010"),
        ("- ? " * 50_000, "P2010"),
        ("{a: " * 100_000, "P2010"),
        ("platform: &a\n  org: *a\n", "P2010"),
        ("platform:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 60)), "P2010"),
        (
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(8)),
            "P2011",
        ),
    ],
)
def test_bombs_are_refused_quickly(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "platform.yaml"
    file.write_text(text, encoding="utf-8")
    assert f"[{code}]" in refusal(file)


def test_caps_are_per_file_and_configurable(tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    file.write_text(platform(container()), encoding="utf-8")
    assert read(file).tiers
    assert "[P2003]" in refusal(file, limits=Limits(bytes=20))
    assert "[P2011]" in refusal(file, limits=Limits(nodes=5))
    assert "[P2010]" in refusal(file, limits=Limits(depth=3))
    file.write_bytes(b"#" * 1_000_001)
    assert "1,000,000 bytes" in refusal(file)


def test_aliases_within_the_caps_are_read(tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    file.write_text(platform(container('image: &image "a:1", env: {IMAGE: *image}')), encoding="utf-8")
    assert service(read(file)).env == {"IMAGE": "a:1"}


def test_one_broken_file_does_not_hide_the_mistakes_of_another_nor_invent_any(tmp_path: Path) -> None:
    broken, other = tmp_path / "broken.yaml", tmp_path / "other.yaml"
    broken.write_text("platform: [", encoding="utf-8")
    other.write_text(platform(container("image: a", more="          dependsOn: [db]\n")), encoding="utf-8")
    text = refusal(broken, other)
    assert "[P2005]" in text
    assert "P2024" not in text  # the broken file may declare db


def test_a_thousand_mistakes_are_cut_short(tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    entries = "".join(f"        - {{name: n{n}, type: nothing}}\n" for n in range(1000))
    file.write_text(platform(f"\n    application:\n      capabilities:\n{entries}"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(file)
    assert len(caught.value.problems) == 500
    assert "1000 problems, the first 500 are shown" in caught.value.detail
