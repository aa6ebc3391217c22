"""buurtwacht_alerts."""
