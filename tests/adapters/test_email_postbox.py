"""Handing mail in: over a real port, with TLS from the first byte or after STARTTLS, on connections used again."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.adapters.email_kit import NOW, Office, opened

from buurtwacht import AccountSettings, Ambiguous, Channel, Misconfigured, Outgoing, Rejected, Unavailable, Unreachable
from buurtwacht.testing.provider import SECRET, Fault
from buurtwacht_email import adapter
from buurtwacht_email.stand_in import MailServer
from buurtwacht_email.stand_in.session import Login


@pytest.fixture
def office() -> Iterator[Office]:
    with asyncio.Runner() as runner:
        made = opened(runner)
        yield made
        made.run(made.channel.close())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a certificate that its owner made himself, with its key, for 127.0.0.1 and mail.example.org."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
    names = [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("mail.example.org")]
    today = datetime.now(UTC)  # TLS asks the machine's own clock
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "mail.pem"
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return file


def of_server(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


async def hand_in(server: MailServer, url: str, *, tls: ssl.SSLContext | None, trust: ssl.SSLContext | None) -> None:
    """Send Els a mail over a port of this machine; `tls` is what the server speaks from the first byte."""
    (els,) = server.person("Els")
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    port = listening.sockets[0].getsockname()[1]
    options = {**server.settings(), "smtp_url": url.format(port=port), "tls": trust}
    del options["connect"]
    channel: Channel = adapter.open(AccountSettings("email", options, secret=SECRET))
    try:
        await channel.start()
        await channel.send(Outgoing(1, (els,), "Hoi"))
    finally:
        await channel.close()
        listening.close()
        await listening.wait_closed()


def test_plain_text_on_this_machine() -> None:
    server = MailServer("email", lambda: NOW)
    asyncio.run(hand_in(server, "smtp://buurtwacht:stand-in@127.0.0.1:{port}", tls=None, trust=None))
    assert [one.text for one in server.seen] == ["Hoi"]


def test_tls_from_the_first_byte(certificate: Path) -> None:
    server = MailServer("email", lambda: NOW)
    url = "smtps://buurtwacht:stand-in@127.0.0.1:{port}"
    asyncio.run(hand_in(server, url, tls=of_server(certificate), trust=trusting(certificate)))
    assert [one.text for one in server.seen] == ["Hoi"]


def test_a_certificate_that_nobody_vouches_for_stops_the_account(certificate: Path) -> None:
    server = MailServer("email", lambda: NOW)
    url = "smtps://buurtwacht:stand-in@127.0.0.1:{port}"
    with pytest.raises(Misconfigured, match="tls_failed"):
        asyncio.run(hand_in(server, url, tls=of_server(certificate), trust=None))
    assert server.seen == []


def test_a_server_that_speaks_no_tls_is_told_no_password() -> None:
    server = MailServer("email", lambda: NOW)
    with pytest.raises(Misconfigured, match="tls_failed"):
        asyncio.run(hand_in(server, "smtps://buurtwacht:stand-in@127.0.0.1:{port}", tls=None, trust=None))
    assert server.seen == []


# --- over a connection within this process ---------------------------------------------------------------------------


def mail(office: Office, number: int = 1) -> Outgoing:
    return Outgoing(number, office.els, f"Bericht {number}")


ELSEWHERE = "smtp://buurtwacht:stand-in@mail.example.org"


def test_elsewhere_nothing_is_said_before_starttls(certificate: Path) -> None:
    with asyncio.Runner() as runner:
        office = opened(runner, smtp_url=ELSEWHERE, tls=trusting(certificate))
        office.server.tls = of_server(certificate)
        assert office.send(mail(office)).text == "Bericht 1"
        runner.run(office.channel.close())


def test_a_server_elsewhere_that_offers_no_starttls_is_told_no_password() -> None:
    with asyncio.Runner() as runner:
        office = opened(runner, smtp_url=ELSEWHERE)
        with pytest.raises(Misconfigured, match="starttls_not_offered"):
            runner.run(office.channel.start())
        assert office.server.logins == 0


def test_a_wrong_password_stops_the_account_and_is_not_repeated(office: Office) -> None:
    office.server.login = Login("buurtwacht", "anders")
    with pytest.raises(Misconfigured) as refused:
        office.run(office.channel.start())
    assert refused.value.reason == "login_refused_535_5.7.8"


def test_an_address_that_is_not_ours_to_send_from_stops_the_account(office: Office) -> None:
    office.server.sender = "iemand.anders@example.org"
    with pytest.raises(Misconfigured, match="sender_refused"):
        office.run(office.channel.send(mail(office)))


def test_one_connection_carries_one_mail_after_another(office: Office) -> None:
    office.run(office.channel.start())
    for number in range(1, 4):
        office.send(mail(office, number))
    assert office.server.connections == 1
    assert [one.text for one in office.server.seen] == ["Bericht 1", "Bericht 2", "Bericht 3"]


def test_many_mails_at_once_take_a_few_connections(office: Office) -> None:
    async def send_all() -> None:
        await asyncio.gather(*(office.channel.send(mail(office, number)) for number in range(1, 21)))

    office.run(send_all())
    assert len(office.server.seen) == 20
    assert office.server.connections <= 3


def test_a_connection_that_was_closed_while_it_waited_costs_nobody_his_mail(office: Office) -> None:
    office.send(mail(office, 1))
    office.server.hang_up()
    office.send(mail(office, 2))
    assert [one.text for one in office.server.seen] == ["Bericht 1", "Bericht 2"]
    assert office.server.connections == 2


def test_a_server_that_is_closed_took_nothing(office: Office) -> None:
    office.send(mail(office, 1))
    office.server.down = True
    for _ in range(2):  # on the connection that was open, and on a new one
        with pytest.raises(Unavailable):
            office.run(office.channel.send(mail(office, 2)))
    assert len(office.server.seen) == 1


@pytest.mark.parametrize("arrives", [True, False])
def test_silence_after_the_whole_mail_leaves_everybody_in_the_dark(office: Office, *, arrives: bool) -> None:
    office.server.faults[office.els[0].value] = Fault("ambiguous")
    office.server.ambiguous_delivers = arrives
    with pytest.raises(Ambiguous):
        office.run(office.channel.send(mail(office)))
    assert bool(office.server.seen) is arrives


def test_one_refused_mailbox_keeps_no_other_from_its_mail(office: Office) -> None:
    (jan,) = office.server.person("Jan")
    office.server.faults[jan.value] = Fault("unreachable")
    with pytest.raises(Unreachable):
        office.run(office.channel.send(Outgoing(9, (jan,), "Hoi")))
    office.server.faults[jan.value] = Fault("rejected")
    with pytest.raises(Rejected):
        office.run(office.channel.send(Outgoing(9, (jan,), "Hoi")))
    assert office.send(mail(office)).text == "Bericht 1"
