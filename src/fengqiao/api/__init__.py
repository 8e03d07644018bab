"""API (对外): OpenAPI, tokens, generic acts on any kind. It asks the registry and knows no kind."""
