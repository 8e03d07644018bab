"""Evidence (证): photos taken at the door, and signatures, sealed until the matter they belong to has ended."""
