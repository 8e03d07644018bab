"""Store: what every table shares: the station's wall, declared personal data, keys that can be destroyed."""
