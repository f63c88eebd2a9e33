"""Names are split by the rules of OroCRM's own Zendesk integration, and joined again."""

import pytest

from target_oro_crm import names

PARTS = ("namePrefix", "firstName", "middleName", "lastName", "nameSuffix")


@pytest.mark.parametrize(
    ("full", "expected"),
    [
        ("", ()),
        ("   ", ()),
        ("Cher", ("", "Cher", "", "Cher", "")),
        ("  Jerry   Coleman ", ("", "Jerry", "", "Coleman", "")),
        ("Jerry Lee Coleman", ("", "Jerry", "Lee", "Coleman", "")),
        ("Jerry Lee van Coleman", ("", "Jerry", "Lee", "van Coleman", "")),
        # The fifth part keeps the rest, so a suffix behind it is none.
        ("Jerry Lee van der Coleman Jr", ("", "Jerry", "Lee", "van der Coleman Jr", "")),
        ("Jerry Lee van der Coleman", ("", "Jerry", "Lee", "van der Coleman", "")),
        # Prefix and suffix are taken only while more than two parts remain.
        ("Mr Coleman", ("", "Mr", "", "Coleman", "")),
        ("Jerry Jr", ("", "Jerry", "", "Jr", "")),
        ("Mr Jerry Coleman", ("Mr", "Jerry", "", "Coleman", "")),
        ("Mr Jerry Jr", ("Mr", "Jerry", "", "Jr", "")),
        ("Jerry Coleman III", ("", "Jerry", "", "Coleman", "III")),
        ("Prof Jerry Lee Coleman MBA", ("Prof", "Jerry", "Lee", "Coleman", "MBA")),
        # One trailing dot makes no difference, and is stored as written; letter case does.
        ("Dr. Jerry Coleman Ph.D.", ("Dr.", "Jerry", "", "Coleman", "Ph.D.")),
        ("Dr.. Jerry Coleman", ("", "Dr..", "Jerry", "Coleman", "")),
        ("mr Jerry Coleman", ("", "mr", "Jerry", "Coleman", "")),
        ("Jerry Coleman JR", ("", "Jerry", "Coleman", "JR", "")),
    ],
)
def test_a_full_name_in_its_parts(full: str, expected: tuple[str, ...]) -> None:
    found = names.split(full)
    assert tuple(found.get(part, "") for part in PARTS) == (expected or ("",) * 5)
    assert "" not in found.values()


@pytest.mark.parametrize("word", sorted(names.PREFIXES))
def test_every_prefix(word: str) -> None:
    for written in (word, f"{word}."):
        assert names.split(f"{written} Ann Lee")["namePrefix"] == written


@pytest.mark.parametrize("word", sorted(names.SUFFIXES))
def test_every_suffix(word: str) -> None:
    for written in (word, f"{word}."):
        assert names.split(f"Ann Lee {written}")["nameSuffix"] == written


def test_the_lists_are_the_documented_ones() -> None:
    assert len(names.PREFIXES) == 10
    assert len(names.SUFFIXES) == 29


def test_a_name_joined_again_is_what_is_compared() -> None:
    assert names.stored("  Dr.  Ann   Lee ") == "Dr. Ann Lee"
    assert names.stored("Cher") == "Cher Cher"
    assert names.stored(None) is None
    assert names.joined({"firstName": None, "lastName": " "}) is None
