"""As much of an S3 client as tests need: requests signed with AWS's Signature Version 4, by the standard library."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import urllib.request
from urllib.parse import quote, urlsplit


def request(method: str, url: str, access_key: str, secret_key: str, body: bytes = b"") -> bytes:
    """Send one request, path-style and without a query; what the server answers with."""
    parts = urlsplit(url)
    now = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{now[:8]}/us-east-1/s3/aws4_request"
    digest = hashlib.sha256(body).hexdigest()
    headers = {"host": parts.netloc, "x-amz-content-sha256": digest, "x-amz-date": now}
    signed = ";".join(headers)
    lines = [method, quote(parts.path), "", *(f"{name}:{value}" for name, value in headers.items()), "", signed, digest]
    text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(chr(10).join(lines).encode()).hexdigest()}"
    key = f"AWS4{secret_key}".encode()
    for part in (*scope.split("/"), text):
        key = hmac.digest(key, part.encode(), "sha256")
    authorization = f"AWS4-HMAC-SHA256 Credential={access_key}/{scope},SignedHeaders={signed},Signature={key.hex()}"
    sent = urllib.request.Request(url, data=body, headers={**headers, "authorization": authorization}, method=method)
    with urllib.request.urlopen(sent, timeout=30) as answer:
        content: bytes = answer.read()
    return content
