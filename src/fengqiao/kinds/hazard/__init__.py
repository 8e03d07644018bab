"""Hazards (隐患): one finding at one place, told, put right, looked at again by somebody else (消防法 art. 53)."""
