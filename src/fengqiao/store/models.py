from fengqiao.store.vault import Key

__all__ = ["Key"]
