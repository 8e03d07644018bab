"""Ground (地): stations, divisions, communities, grids, premises, and finding the community of an address."""
