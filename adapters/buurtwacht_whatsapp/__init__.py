"""buurtwacht_whatsapp."""
