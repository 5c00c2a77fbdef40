"""One module per command, each with `run(argv: list[str]) -> int`. A file here is a command; nothing else registers it."""
