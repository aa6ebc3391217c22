"""buurtwacht_telegram."""
