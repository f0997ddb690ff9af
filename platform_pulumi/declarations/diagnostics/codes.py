"""Every kind of mistake in one table: a code that never changes its meaning, and a fixed summary without names.

P20xx the file and its shape, P203x references, P204x output contracts, P205x wiring, P206x constraints as written,
P207x templates, P208x what this version does not do, P209x scaling; P30xx limits that are broken; P40xx boundaries.
Elsewhere: P2900 misuse of the command line, P2910 simulated faults.
"""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    """A kind of mistake."""

    code: str
    summary: str


UNREADABLE = Code("P2001", "file cannot be read")
NOT_UTF8 = Code("P2002", "file is not UTF-8")
TOO_LARGE = Code("P2003", "file too large")
EMPTY = Code("P2004", "file is empty")
SYNTAX = Code("P2005", "YAML syntax error")
SEVERAL_DOCUMENTS = Code("P2006", "several YAML documents")
WRONG_ROOT = Code("P2007", "not a platform file")
DUPLICATE_KEY = Code("P2008", "duplicate key")
KEY_NOT_TEXT = Code("P2009", "key is not text")
TOO_DEEP = Code("P2010", "nested too deeply")
TOO_MANY_NODES = Code("P2011", "too many values")
TAG = Code("P2012", "YAML tag")
MERGE_KEY = Code("P2013", "merge key")
UNKNOWN_PROPERTY = Code("P2014", "unknown property")
UNKNOWN_KEY = Code("P2015", "unknown key")
MISSING = Code("P2016", "missing value")
WRONG_VALUE = Code("P2017", "wrong value")
NEEDS_QUOTES = Code("P2018", "text without quotes")
UNKNOWN_TYPE = Code("P2019", "unknown capability type")
UNKNOWN_PROVIDER = Code("P2020", "unknown provider")
DUPLICATE_NAME = Code("P2021", "one name twice")
WRONG_NAME = Code("P2022", "not a name")
RESERVED_NAME = Code("P2023", "reserved name")
UNKNOWN_DEPENDENCY = Code("P2024", "unknown dependency")
DEPENDENCY_CYCLE = Code("P2025", "dependency cycle")
DEPENDENCY_BELOW = Code("P2026", "dependency on a lower tier")
FILES_DISAGREE = Code("P2027", "files disagree")
ROUTING = Code("P2028", "provider routing")
UNSUPPORTED_TYPE = Code("P2029", "type not served by the provider")

MALFORMED_REFERENCE = Code("P2030", "malformed reference")
UNKNOWN_OUTPUT = Code("P2031", "unknown output")
UNKNOWN_CAPABILITY = Code("P2032", "unknown capability")
OWN_OUTPUT = Code("P2033", "reference to itself")
OTHER_TIER = Code("P2034", "reference to a capability of another tier")
NOT_ABOVE = Code("P2035", "reference to a tier that is not above")
UNSET_VARIABLE = Code("P2036", "environment variable not set")
UNSET_APP_VALUE = Code("P2037", "application value not set")
UNREADABLE_SECRET = Code("P2038", "secret file cannot be read")
NO_BROKER = Code("P2039", "no credential broker")
REFERENCE_NOT_ALLOWED = Code("P2040", "reference not allowed here")
SECRET_NOT_ALLOWED = Code("P2041", "secret not allowed here")

OUTPUT_SOURCE = Code("P2042", "output contract: unknown source")
OUTPUT_TYPE = Code("P2043", "output contract: wrong type")
OUTPUT_NAME = Code("P2044", "output contract: name")

AMBIGUOUS_NEED = Code("P2050", "ambiguous wiring")
UNKNOWN_NEED = Code("P2051", "unknown capability in wiring")
UNMET_NEED = Code("P2052", "nothing to wire to")
CIDR_DIFFERS = Code("P2053", "network ranges differ")

BAD_CONSTRAINT = Code("P2060", "constraint cannot be checked")
UNMATCHED_CONSTRAINT = Code("P2061", "constraint matches nothing")
OWN_CONSTRAINT = Code("P2062", "constraint on an unknown property")

TEMPLATE = Code("P2070", "template")
TEMPLATE_PARAMETER = Code("P2071", "template parameter")

NOT_AVAILABLE = Code("P2080", "not available in this version")

NOT_SCALABLE = Code("P2090", "not scalable")
REPLICAS = Code("P2091", "number of replicas")

VIOLATED = Code("P3001", "constraint violated")
LOOSENED = Code("P3002", "constraint loosened")
QUOTA = Code("P3003", "namespace quota exceeded")

TIER_BOUNDARY = Code("P4001", "tier boundary violated")
