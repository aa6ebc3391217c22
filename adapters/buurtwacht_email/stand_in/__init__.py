"""A stand-in for a mail server and the people behind its mailboxes, as strict as the real ones. For tests."""

from buurtwacht_email.stand_in.mailboxes import MailServer

__all__ = ["MailServer"]
