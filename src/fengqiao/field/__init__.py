"""Field (手机): the phone's door: the slice of a beat it needs, and the visits it hands in."""
