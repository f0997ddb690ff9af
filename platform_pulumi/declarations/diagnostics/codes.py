"""Table of problem codes: each never changes its meaning, and has a fixed summary of what is wrong.

A summary is a sentence without names and without a period.

P20xx the file and its shape, P203x references, P204x output contracts, P205x wiring, P206x constraints as written,
P207x templates, P208x what this version does not do, P209x scaling, P210x lists; P30xx limits that are broken; P40xx
boundaries.
Elsewhere: P2900 misuse of the command line, P2910 simulated faults.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from platform_pulumi.errors import Position, Problem


class Code(NamedTuple):
    """Kind of a problem: its code and its summary."""

    code: str
    summary: str

    def problem(
        self,
        detail: str,
        position: Position | None = None,
        *,
        length: int = 1,
        also: Iterable[Position] = (),
        warning: bool = False,
    ) -> Problem:
        """Build a problem of this kind."""
        return Problem(self.code, self.summary, detail, position, max(length, 1), tuple(also), warning)


UNREADABLE = Code("P2001", "File cannot be read")
NOT_UTF8 = Code("P2002", "File is not UTF-8")
TOO_LARGE = Code("P2003", "File is too large")
EMPTY = Code("P2004", "File is empty")
SYNTAX = Code("P2005", "YAML syntax is wrong")
SEVERAL_DOCUMENTS = Code("P2006", "File holds several YAML documents")
WRONG_ROOT = Code("P2007", "File is not a platform file")
DUPLICATE_KEY = Code("P2008", "Key is written twice")
KEY_NOT_TEXT = Code("P2009", "Key is not text")
TOO_DEEP = Code("P2010", "Values are nested too deeply")
TOO_MANY_NODES = Code("P2011", "File holds too many values")
TAG = Code("P2012", "YAML tags are not supported")
MERGE_KEY = Code("P2013", "Merge keys are not supported")
UNKNOWN_PROPERTY = Code("P2014", "Unknown property")
UNKNOWN_KEY = Code("P2015", "Unknown key")
MISSING = Code("P2016", "Missing value")
WRONG_VALUE = Code("P2017", "Wrong value")
NEEDS_QUOTES = Code("P2018", "Text needs quotes")
UNKNOWN_TYPE = Code("P2019", "Unknown capability type")
UNKNOWN_PROVIDER = Code("P2020", "Unknown provider")
DUPLICATE_NAME = Code("P2021", "Name is used twice")
WRONG_NAME = Code("P2022", "Name is not valid")
RESERVED_NAME = Code("P2023", "Name is reserved")
UNKNOWN_DEPENDENCY = Code("P2024", "Unknown dependency")
DEPENDENCY_CYCLE = Code("P2025", "Dependencies form a cycle")
DEPENDENCY_BELOW = Code("P2026", "Dependency is in a lower tier")
FILES_DISAGREE = Code("P2027", "Files disagree")
ROUTING = Code("P2028", "Capability type needs exactly one provider")
UNSUPPORTED_TYPE = Code("P2029", "Provider does not serve this type")

MALFORMED_REFERENCE = Code("P2030", "Malformed reference")
UNKNOWN_OUTPUT = Code("P2031", "Unknown output")
UNKNOWN_CAPABILITY = Code("P2032", "Unknown capability")
OWN_OUTPUT = Code("P2033", "Capability references itself")
OTHER_TIER = Code("P2034", "Reference reaches into another tier")
NOT_ABOVE = Code("P2035", "Reference is to a tier that is not above")
UNSET_VARIABLE = Code("P2036", "Environment variable is not set")
UNSET_APP_VALUE = Code("P2037", "Application value is not set")
UNREADABLE_SECRET = Code("P2038", "Secret file cannot be read")
NO_BROKER = Code("P2039", "No credential broker is configured")
REFERENCE_NOT_ALLOWED = Code("P2040", "Reference is not allowed here")
SECRET_NOT_ALLOWED = Code("P2041", "Secret is not allowed here")

OUTPUT_SOURCE = Code("P2042", "Unknown source of an output")
OUTPUT_TYPE = Code("P2043", "Output has another type")
OUTPUT_NAME = Code("P2044", "Output is declared twice")
NOT_TAKEN = Code("P2045", "Only an output of a certain type fits")

UNUSED_APP_VALUE = Code("P2046", "Application value is used nowhere")

AMBIGUOUS_NEED = Code("P2050", "Several capabilities fit")
UNKNOWN_NEED = Code("P2051", "Unknown capability to use")
UNMET_NEED = Code("P2052", "Needed capability is missing")
CIDR_DIFFERS = Code("P2053", "Network ranges differ")

BAD_CONSTRAINT = Code("P2060", "Constraint cannot be checked")
UNMATCHED_CONSTRAINT = Code("P2061", "Constraint matches nothing")
OWN_CONSTRAINT = Code("P2062", "Constraint is on an unknown property")

TEMPLATE = Code("P2070", "Template is used wrongly")
TEMPLATE_PARAMETER = Code("P2071", "Template parameter is wrong")

NOT_AVAILABLE = Code("P2080", "Not available in this version")
NO_EFFECT = Code("P2081", "Setting has no effect")

NOT_SCALABLE = Code("P2090", "Capability cannot be scaled")
REPLICAS = Code("P2091", "Number of replicas is out of range")

DUPLICATE_ENTRY = Code("P2100", "Entry is given twice")
CLAIMED_TWICE = Code("P2101", "Two capabilities need what only one can have")

VIOLATED = Code("P3001", "Constraint is violated")
LOOSENED = Code("P3002", "Constraint is loosened")
QUOTA = Code("P3003", "Namespace quota is exceeded")

TIER_BOUNDARY = Code("P4001", "Tier boundary is violated")
