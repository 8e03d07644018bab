"""A campaign (专项整治): many places, one checklist, rounds within a time, departments that join in; its checks are its children."""
