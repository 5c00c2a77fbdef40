"""What is read of papers that were uploaded: asked of a service by the worker, kept with the file, judged by people."""
