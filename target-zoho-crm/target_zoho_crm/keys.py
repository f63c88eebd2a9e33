"""Dedupe keys in one form, so that the same thing spelled otherwise is the same text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import phonenumbers
from stdnum import get_cc_module

_SUFFIXES = re.compile(r"(MWST|TVA|IVA|TPV)$")  # of Swiss numbers, by language
_GREECE = {"EL": "GR"}
_MIN_DIGITS = 6
_OPEN = ":"


def text_of(value: Any) -> str | None:
    """A key as it stands, without blanks around it; None where there is none."""
    if value is None or isinstance(value, (bool, list, dict)):
        return None
    return str(value).strip() or None


def email_key(value: Any) -> str | None:
    """An e-mail address in small letters."""
    text = text_of(value)
    return text.casefold() if text and "@" in text else None


def country_code(value: Any, countries: Mapping[str, str]) -> str | None:
    """The two letters of a country: as they stand, or by the names of `countries`."""
    text = text_of(value)
    if text is None:
        return None
    named = {name.casefold(): code for name, code in countries.items()}
    code = named.get(text.casefold(), text).upper()
    return _GREECE.get(code, code) if re.fullmatch("[A-Z]{2}", code) else None


def tax_key(value: Any, country: str | None) -> str | None:
    """`COUNTRY:NUMBER` without punctuation; the country is empty where neither number nor record tells it.

    "DE 136,695 976" of anywhere and "136695976" of Germany are both `DE:136695976`.
    """
    text = text_of(value)
    number = re.sub(r"[^A-Z0-9]", "", _plain(text).upper()) if text else ""
    if not number:
        return None
    prefix = _GREECE.get(number[:2], number[:2])
    if prefix == country or (prefix.isalpha() and get_cc_module(prefix.lower(), "vat") is not None):
        country, number = prefix, number[2:]
    number = _SUFFIXES.sub("", number) if country == "CH" else number
    return f"{country or ''}{_OPEN}{_compact(number, country)}" if number else None


def _compact(number: str, country: str | None) -> str:
    """The number as its country's rules write it, where it is one by these."""
    module = get_cc_module(country.lower(), "vat") if country else None
    if module is None or not module.is_valid(number):
        return number
    compact = str(module.compact(number)).upper()
    return compact.removeprefix(country or "")


def same_tax_number(one: str, other: str) -> bool:
    """Whether two keys are one number: equal, and not of two countries that are known to differ."""
    (country, _, number), (other_country, _, other_number) = one.partition(_OPEN), other.partition(_OPEN)
    return number == other_number and (not country or not other_country or country == other_country)


def bare_number(key: str) -> str:
    """The number of a tax key without its country."""
    return key.partition(_OPEN)[2]


def phone_key(value: Any, country: str | None) -> str | None:
    """A phone number in its international form; its digits where it cannot be told to be one."""
    text = text_of(value)
    if text is None:
        return None
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        number = None
    digits = re.sub(r"\D", "", text)
    if len(digits) < _MIN_DIGITS:
        return None  # an extension: many have the same
    if number is not None and phonenumbers.is_possible_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return digits


def name_key(name: Any, postal_code: Any) -> str | None:
    """`POSTAL CODE/NAME` without punctuation, accents and capitals; None without both."""
    words, code = _letters(name), _letters(postal_code)
    return f"{code}/{words}" if words and code else None


def _letters(value: Any) -> str:
    text = text_of(value)
    return re.sub(r"[\W_]+", "", _plain(text).casefold()) if text else ""


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
