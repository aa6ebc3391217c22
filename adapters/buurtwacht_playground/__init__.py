"""buurtwacht_playground."""
