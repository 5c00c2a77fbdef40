"""The command line: `chezhe …`. Calculators start without Django; everything else is loaded on demand."""
