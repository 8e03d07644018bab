"""Lost property (拾得物): found by somebody, kept at the police room, given back or handed on."""
