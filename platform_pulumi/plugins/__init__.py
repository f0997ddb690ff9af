"""Our own provider servers, in a process of their own: the simulator of any package, `mock`, and `platform` (Password)."""
