"""WhatsApp, through Meta's Cloud API: the adapter that the entry point names. pywa is imported when it is opened."""

from buurtwacht_whatsapp.adapter import adapter

__all__ = ["adapter"]
