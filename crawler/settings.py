"""Every setting with its unit and its reason."""
