from __future__ import annotations

import pytest
from OpenSSL import SSL

from crawler.quirks import Quirks
from crawler.tls import LEGACY_SERVER_CONNECT, TLSPolicy, options


def made(*, legacy: bool = False, no_ecdhe: bool = False, verified: bool = True) -> SSL.Context:
    """A new one: OpenSSL's may not be looked at this way once they were used."""
    fresh = options.__wrapped__(legacy=legacy, verified=verified, no_ecdhe=no_ecdhe)
    context: SSL.Context = fresh.getContext()
    return context


def offered(context: SSL.Context) -> set[str]:
    return set(SSL.Connection(context, None).get_cipher_list())


def test_servers_without_secure_renegotiation_are_spoken_to_only_with_the_quirk() -> None:
    assert not made().set_options(0) & LEGACY_SERVER_CONNECT
    assert made(legacy=True).set_options(0) & LEGACY_SERVER_CONNECT


def test_old_versions_and_weak_ciphers_are_offered_only_with_the_quirk() -> None:
    strict, legacy = made(), made(legacy=True)
    assert strict.set_options(0) & SSL.OP_NO_TLSv1_1
    assert not legacy.set_options(0) & SSL.OP_NO_TLSv1
    assert offered(strict) < offered(legacy) | offered(strict)
    assert "AES128-SHA" in offered(legacy)
    assert not any(name.startswith(("ADH", "AECDH")) for name in offered(legacy))


def test_elliptic_curves_are_left_out_where_a_server_answers_them_badly() -> None:
    without = made(no_ecdhe=True)
    assert without.set_options(0) & SSL.OP_NO_TLSv1_3
    old = {name for name in offered(without) if not name.startswith("TLS_")}
    assert old
    assert not any("ECDH" in name for name in old)


@pytest.mark.parametrize("verified", [True, False])
def test_a_certificate_is_asked_for_whether_or_not_it_must_be_vouched_for(verified: bool) -> None:
    mode = made(verified=verified).get_verify_mode()
    assert bool(mode & SSL.VERIFY_PEER) is verified


def test_portals_with_the_same_quirks_share_a_context_and_others_do_not() -> None:
    strict = TLSPolicy(Quirks()).creatorForNetloc(b"www.a.gov.cn", 443)
    same = TLSPolicy(Quirks(delay=9)).creatorForNetloc(b"www.b.gov.cn", 443)
    legacy = TLSPolicy(Quirks(legacy_tls=True)).creatorForNetloc(b"www.c.gov.cn", 443)
    owners = [creator._createConnection.__self__ for creator in (strict, same, legacy)]
    assert owners[0] is owners[1]
    assert owners[0] is not owners[2]
