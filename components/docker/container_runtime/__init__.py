"""`container_runtime` on Docker: containers behind one gateway."""
