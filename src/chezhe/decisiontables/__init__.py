"""Decision tables in the terms of DMN: values, a cell grammar, lint, and two compilers. Knows nothing of lending."""
