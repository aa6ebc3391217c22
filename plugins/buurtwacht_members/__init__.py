"""buurtwacht_members."""
