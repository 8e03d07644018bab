"""A request about one's own data (个人信息请求): corrected, deleted, or complained of, answered in time with the reason."""
