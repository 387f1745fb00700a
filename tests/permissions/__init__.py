"""Every address of the portal, at every level: what comes back."""
