"""Pulumi's signatures: the key and the values that mark special objects within property values.

As in `go/common/resource/sig/sig.go` and the SDKs' `rpc` modules. The sentinels for unknown values are in `unknown`.
"""

from __future__ import annotations

#: The member of an object that says what it stands for.
SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"
OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e"
