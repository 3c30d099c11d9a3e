"""Look at rulesets: check, prove, draw, compare. Reads rulesets and runs the real decide and evolve."""

__all__: list[str] = []
