"""fengqiao (枫桥): runs a community police station by the Fengqiao experience."""
