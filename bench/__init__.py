"""The measurements: `./run bench [NAME …]`. Each module has `run()`; it prints its figures and returns them."""
