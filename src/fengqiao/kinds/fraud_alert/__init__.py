"""Telecom-fraud alerts (反诈预警劝阻): race the swindler to the victim's door (反电信网络诈骗法 art. 34)."""
