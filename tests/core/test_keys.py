"""What is made from the one key of an installation."""

from __future__ import annotations

from buurtwacht.records.keys import Keyring, new_key


def test_each_account_has_a_secret_of_its_own_that_stays_and_goes_with_the_key() -> None:
    key = new_key()
    mail = Keyring([key]).of_account("email")
    assert len(mail) == 32
    assert mail == Keyring([key, new_key()]).of_account("email"), "also at the next start, and while it is rekeyed"
    assert mail != Keyring([key]).of_account("north")
    assert mail != Keyring([new_key()]).of_account("email")
