"""The panels, one file each: `catalogue.py` names them."""
